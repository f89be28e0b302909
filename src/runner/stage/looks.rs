//! Looks at what a workgroup holds.

use super::{ROOM, Stage};
use crate::client::session::session_request;
use crate::client::{Header, Method, Patience};
use crate::contract::wire;
use crate::generate::session::Asker;
use crate::generate::{Case, HeaderSpelling, Reader};
use crate::judge::{AnswerBody, calls};
use crate::oracle::Stored;
use crate::runner::foreign::is_foreign;
use crate::runner::read_back::{self, ReadBack};
use crate::runner::trouble::Trouble;

/// The most mailboxes in a look behind a case: no case of ours leaves so many, and
/// several workgroups are looked at at once.
const MAILBOXES_MAX: usize = 4_000;

impl Stage {
    /// Reads a workgroup back with the live session that asks.
    pub async fn read(&self, workgroup: &str, requests: &mut u64) -> Result<Vec<Stored>, Trouble> {
        self.read_by(Reader::Same, workgroup, requests).await
    }

    /// The same where it matters that it succeeds, however long the answer is:
    /// to leave the target as it was.
    pub async fn read_whole(
        &self,
        workgroup: &str,
        requests: &mut u64,
    ) -> Result<ReadBack, Trouble> {
        match self.look_by(Reader::Same, workgroup, requests).await {
            Err(Trouble::Passing(_)) => {
                // One at a time: they would decide how much memory a run takes.
                let _whole = self.whole.lock().await;
                self.read_in(Reader::Same, ROOM, workgroup, requests).await
            }
            read => read,
        }
    }

    /// Reads a workgroup back with a live session. A session that was lost is
    /// opened again once.
    pub async fn read_by(
        &self,
        reader: Reader,
        workgroup: &str,
        requests: &mut u64,
    ) -> Result<Vec<Stored>, Trouble> {
        let read = self.look_by(reader, workgroup, requests).await;
        read.map(|read| read.stored)
    }

    /// The same, with what else the read-back shows.
    pub async fn look_by(
        &self,
        reader: Reader,
        workgroup: &str,
        requests: &mut u64,
    ) -> Result<ReadBack, Trouble> {
        self.read_in(reader, 1, workgroup, requests).await
    }

    /// Notes what a read-back shows of the list.
    fn looked(&self, workgroup: &str, read: &ReadBack) {
        let has_own = || {
            let mut stored = read.stored.iter();
            stored.any(|object| self.is_own(workgroup, object))
        };
        if self.lists.looked(workgroup, read.is_listed, has_own) {
            // A later clean-up finds that out anew.
            _ = self.leases.listed(workgroup);
        }
    }

    /// Whether an object can only come from this run, or from an earlier one that
    /// left it.
    pub fn is_own(&self, workgroup: &str, object: &Stored) -> bool {
        let claimed = self.leases.claims(workgroup, object);
        // Without a journal nobody else uses the target.
        claimed.unwrap_or_else(|| !is_foreign(object, &Case::default()))
    }

    async fn read_in(
        &self,
        reader: Reader,
        room: usize,
        workgroup: &str,
        requests: &mut u64,
    ) -> Result<ReadBack, Trouble> {
        self.await_look(workgroup).await;
        for last in [false, true] {
            let session = match reader {
                Reader::Same => self.live(Asker::Privileged).await?,
                Reader::Another => self.live(Asker::Second).await?,
            };
            let path = wire::read_back_path(&session.id, workgroup);
            let mut request = session_request(&session, Method::Get, path);
            let fresh = Header::plain("Cache-Control", "no-cache");
            request.headers.push(fresh);
            request.room = room;
            self.spell(&mut request, HeaderSpelling::AsUsual);
            let asked = self
                .client
                .send_patiently(&session.origin, &request, Patience::Question)
                .await;
            *requests += asked.sent;
            let problem = match &asked.exchange.outcome {
                Ok(answer) if answer.status == 200 => {
                    self.lag.saw(answer);
                    let read = match read_back::too_much(&answer.body) {
                        Some(problem) => Err(problem.to_owned()),
                        None => {
                            let body = AnswerBody::read(answer);
                            if let Some(found) = calls::read_back(&body) {
                                // The first tells it.
                                _ = self.misread.set(found);
                            }
                            read_back::read(&body)
                        }
                    };
                    match read {
                        Ok(read) if room == 1 && read.stored.len() > MAILBOXES_MAX => {
                            return Err(Trouble::Passing(format!(
                                "the read-back of `{workgroup}` has {} mailboxes: more than {MAILBOXES_MAX}",
                                read.stored.len()
                            )));
                        }
                        Ok(read) => {
                            self.looked(workgroup, &read);
                            return Ok(read);
                        }
                        Err(problem) => {
                            return Err(Trouble::Unreadable(format!(
                                "the read-back of `{workgroup}` failed: {problem}"
                            )));
                        }
                    }
                }
                Ok(answer) if answer.status == 401 && !last => {
                    self.sessions.lose(&session).await;
                    continue;
                }
                Ok(answer) => format!("answered {}", answer.status),
                Err(fault) => fault.to_string(),
            };
            let problem = format!("the read-back of `{workgroup}` failed: {problem}");
            return Err(self.trouble_of(asked, problem).await);
        }
        unreachable!("the last turn returns")
    }
}
