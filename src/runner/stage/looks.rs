//! Looks at what a workgroup holds.

use super::{ROOM, Stage};
use crate::client::session::session_request;
use crate::client::{Header, Method, Patience};
use crate::contract::wire;
use crate::generate::session::Asker;
use crate::generate::{HeaderSpelling, Reader};
use crate::judge::{AnswerBody, calls};
use crate::oracle::Stored;
use crate::runner::read_back::{self, ReadBack};
use crate::runner::trouble::Trouble;

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
                        Ok(read) => {
                            if self.lists.looked(workgroup, read.is_listed) {
                                // A later clean-up finds that out anew.
                                _ = self.leases.listed(workgroup);
                            }
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
