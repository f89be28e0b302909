//! Updates around the cases: those that set scenes, and those that leave the target
//! as it was.

use bytes::Bytes;

use super::{ROOM, Stage};
use crate::client::session::session_request;
use crate::client::{Exchange, Fault, Header, Method, Patience, Reading, Request, Session, State};
use crate::contract::wire;
use crate::generate::HeaderSpelling;
use crate::generate::case::DOCUMENTED_CONTENT_TYPE;
use crate::generate::session::Asker;
use crate::generate::update::removing;
use crate::runner::fire::listed_ids;
use crate::runner::trouble::Trouble;

/// For how many bytes of an update's body its answer may have the usual bytes once
/// more: it lists what the body names.
const BYTES_OF_ROOM: usize = 16 << 10;

/// How many times the usual bytes the answer to an update may have.
pub fn room_of_update(body: &[u8]) -> usize {
    (1 + body.len() / BYTES_OF_ROOM).min(ROOM)
}

/// Whether an accepted body may have stored an object, or changed one: each that is
/// added has an address.
fn may_store(body: &[u8]) -> bool {
    str::from_utf8(body).is_ok_and(|text| text.contains("emailAddress"))
}

/// So few ids in `remove` are no reason to refuse them.
const FEW: usize = 8;

impl Stage {
    /// An update by a live session, as the documentation writes it. Used to
    /// set scenes and to clean up; cases build their own requests.
    pub async fn update(
        &self,
        workgroup: &str,
        body: &serde_json::Value,
        requests: &mut u64,
    ) -> Result<Exchange, Trouble> {
        let label = DOCUMENTED_CONTENT_TYPE;
        self.update_as(label, workgroup, body, requests).await
    }

    /// An update that leaves the target as it was: one that is refused for its media
    /// type goes again with the other documented one.
    pub async fn clear(
        &self,
        workgroup: &str,
        body: &serde_json::Value,
        requests: &mut u64,
    ) -> Result<Exchange, Trouble> {
        let exchange = self.update(workgroup, body, requests).await?;
        let is_refused = exchange.answer().is_some_and(|answer| answer.status == 415);
        if !is_refused {
            return Ok(exchange);
        }
        let label = wire::PLAIN_MEDIA_TYPE;
        self.update_as(label, workgroup, body, requests).await
    }

    async fn update_as(
        &self,
        label: &str,
        workgroup: &str,
        body: &serde_json::Value,
        requests: &mut u64,
    ) -> Result<Exchange, Trouble> {
        let mut retried = false;
        loop {
            let session = self.live(Asker::Privileged).await?;
            let path = wire::update_path(&session.id, workgroup);
            let mut request = session_request(&session, Method::Post, path);
            request.headers.push(Header::plain("Content-Type", label));
            request.body = body.to_string().into_bytes().into();
            request.room = room_of_update(&request.body);
            self.claim(workgroup, &request.body)?;
            self.spell(&mut request, HeaderSpelling::AsUsual);
            let plain = async || self.plain_update().await;
            let asked = self
                .client
                .send_beside(&session.origin, &request, Patience::Update, plain)
                .await;
            *requests += asked.sent;
            self.answered(workgroup, &request.body, &asked.exchange);
            match asked.reading {
                Reading::Own => {}
                Reading::Passing(why) | Reading::TakenAway(why) => {
                    return Err(Trouble::Passing(why));
                }
                Reading::Gone(gone) => return Err(Trouble::Gone(gone)),
            }
            let exchange = asked.exchange;
            let refused = exchange.answer().is_some_and(|answer| answer.status == 401);
            if refused && !retried && self.sessions.state(&session).await == State::Over {
                *requests += 1;
                self.sessions.lose(&session).await;
                retried = true;
                continue;
            }
            return Ok(exchange);
        }
    }

    /// An update with nothing to do, by that session: whatever it is answered.
    pub async fn idle_update(&self, session: &Session, workgroup: &str) {
        let request = self.idle(session, workgroup);
        let asking = &self.client;
        asking
            .send_patiently(&session.origin, &request, Patience::Provoked)
            .await;
    }

    /// An update with nothing to do, as a plain request beside others; `None` while
    /// there is no session for it.
    pub async fn plain_update(&self) -> Option<Request> {
        let session = self.sessions.shared(Asker::Privileged).await?;
        Some(self.idle(&session, self.workgroups.first()?))
    }

    fn idle(&self, session: &Session, workgroup: &str) -> Request {
        let path = wire::update_path(&session.id, workgroup);
        let mut request = session_request(session, Method::Post, path);
        let label = Header::plain("Content-Type", DOCUMENTED_CONTENT_TYPE);
        request.headers.push(label);
        request.body = Bytes::from_static(b"{}");
        self.spell(&mut request, HeaderSpelling::AsUsual);
        request
    }

    /// Notes what came of an update.
    pub fn answered(&self, workgroup: &str, body: &[u8], exchange: &Exchange) {
        let Some(answer) = exchange.answer() else {
            return;
        };
        if answer.status == 200 {
            self.lists.updated(workgroup, may_store(body));
        }
        if !self.leases.is_unseen(workgroup) {
            return;
        }
        // What cannot be written is cleared away by what was written before.
        _ = match answer.status {
            200 => {
                let listed = listed_ids(exchange);
                self.leases.answered(workgroup, body, Some(&listed))
            }
            400..500 => self.leases.answered(workgroup, body, None),
            _ => Ok(()),
        };
    }

    /// Notes in the journal what a body may store, before it is sent.
    pub fn claim(&self, workgroup: &str, body: &[u8]) -> Result<(), Trouble> {
        self.lag.sent(workgroup);
        let claimed = self.leases.claim(workgroup, body);
        claimed.map_err(|error| {
            Trouble::Unjudged(format!(
                "nothing was sent, because the journal could not be written: {error}"
            ))
        })
    }

    /// Removes what has those ids, by the documented update: all at once, or,
    /// where that is refused, in ever smaller parts. Where nobody can look which of
    /// them are there, one that is not may be why (EFF-5), down to the last.
    pub async fn remove(
        &self,
        workgroup: &str,
        ids: &[String],
        requests: &mut u64,
    ) -> Result<(), Trouble> {
        let few = if self.read_back { FEW } else { 1 };
        let mut parts: Vec<&[String]> = vec![ids];
        while let Some(part) = parts.pop() {
            let exchange = self.clear(workgroup, &removing(part), requests).await?;
            match &exchange.outcome {
                Ok(answer) if answer.status != 200 && part.len() > few => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
                // What was not read was done all the same.
                Ok(_) | Err(Fault::TooLarge { .. }) => {}
                Err(fault) => return Err(Trouble::Passing(fault.to_string())),
            }
        }
        Ok(())
    }
}
