//! What the profile says and the target shows otherwise, where the answers tell
//! that it is the profile that is mistaken: told with the key, before the first
//! case.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Ready;
use super::workgroups::unusable;
use crate::client::session::session_request;
use crate::client::{Header, Method, Patience};
use crate::contract::wire;
use crate::generate::HeaderSpelling;
use crate::generate::case::DOCUMENTED_CONTENT_TYPE;
use crate::generate::mailbox::{Names, Shape};
use crate::generate::session::Asker;
use crate::generate::update::adding;
use crate::runner::around::Undecoded;
use crate::runner::fire::listed_ids;
use crate::runner::trouble::Trouble;
use crate::target::Profile;

/// How many of the ids that should not exist are looked at.
const ABSENT_MAX: usize = 3;

/// The tag of the mailbox that is sent to an id that is not decoded.
const TAG: u16 = 0xfff9;

impl Ready {
    /// The ids that the profile says do not exist are not those of workgroups.
    pub(super) async fn absent_are_absent(&mut self, profile: &Profile) -> Result<(), String> {
        for id in profile.workgroups.absent.iter().take(ABSENT_MAX) {
            if self.read_status(&wire::segment(id)).await? != Some(200) {
                continue;
            }
            let drawn = format!("none-{:08x}", rand::random::<u32>());
            if self.read_status(&drawn).await? == Some(404) {
                return Err(format!(
                    "there is a workgroup `{id}`: its read-back is answered 200, and that of an id drawn at random 404; correct `workgroups.absent`"
                ));
            }
        }
        Ok(())
    }

    /// Says so where the users are the other way round: who may modify may not, and
    /// who may not may.
    pub(super) async fn users_are_not_swapped(&mut self) -> Result<(), String> {
        if !self.stage.sessions.has_restricted() {
            return Ok(());
        }
        let privileged = self.empty_update(Asker::Privileged).await?;
        if privileged == Some(403) && self.empty_update(Asker::Restricted).await? == Some(200) {
            return Err(
                "the user of `users.privileged` may not modify the scratch workgroups (403), and that of `users.restricted` may (200): exchange the two in the profile"
                    .to_owned(),
            );
        }
        Ok(())
    }

    /// Says why scratch workgroups could not be read back.
    pub(super) async fn judge_unread(
        &mut self,
        unread: Vec<(String, Trouble)>,
    ) -> Result<(), String> {
        let mut missing = Vec::new();
        for (workgroup, trouble) in unread {
            match self.read_status(&wire::segment(&workgroup)).await? {
                Some(404) => missing.push(workgroup),
                status => {
                    if status == Some(403) {
                        self.users_are_not_swapped().await?;
                    }
                    return Err(unusable(&workgroup, trouble.reason()));
                }
            }
        }
        self.not_found(&missing).await
    }

    /// Scratch workgroups that are answered 404 are a mistake of the profile, or
    /// the read-back that it promises is not there. Where only ids are that have to
    /// be percent-encoded, the server may not decode them: then those serve no case,
    /// and one update of one of them says so (REP-1).
    async fn not_found(&mut self, missing: &[String]) -> Result<(), String> {
        let Some(first) = missing.first() else {
            return Ok(());
        };
        let stage = &self.stage;
        let is_plain = |id: &String| wire::segment(id) == *id;
        let mut readable = stage.workgroups.iter().filter(|id| !missing.contains(id));
        let plain = readable.find(|&id| is_plain(id)).cloned();
        if missing.len() == stage.workgroups.len()
            && self.empty_update_of(first).await? == Some(200)
        {
            return Err(format!(
                "the profile says that the target offers read-back, but the read-back of every scratch workgroup is answered 404, and an update of `{first}` 200: set `offers.read_back` to false"
            ));
        }
        let mistaken = missing.iter().find(|id| is_plain(id));
        if let (None, Some(plain)) = (mistaken, plain)
            && self.read_status(&with_a_letter_encoded(&plain)).await? == Some(404)
        {
            return self.does_not_decode(first).await;
        }
        let id = mistaken.unwrap_or(first);
        Err(format!(
            "scratch workgroup `{id}` cannot be used: its read-back is answered 404, so that there is none; correct `workgroups.scratch`"
        ))
    }

    async fn does_not_decode(&mut self, workgroup: &str) -> Result<(), String> {
        let mailbox = Shape::plain(&self.stage.fixtures).named(&Names::new(TAG), 0);
        let body = adding(&[mailbox]);
        let sent = self
            .stage
            .update(workgroup, &body, &mut self.requests)
            .await
            .map_err(Trouble::into_reason)?;
        let status = sent.answer().map_or(0, |answer| answer.status);
        if status == 200 {
            let ids = listed_ids(&sent);
            let removed = self.stage.remove(workgroup, &ids, &mut self.requests);
            removed.await.map_err(Trouble::into_reason)?;
        }
        if status == 404 {
            self.stage.undecoded = Some(Undecoded {
                workgroup: workgroup.to_owned(),
                body,
            });
        }
        self.notes.push(format!(
            "the target does not decode a workgroup's id that is percent-encoded: `{workgroup}` is answered 404, and so is a plain id with a letter encoded; such ids are not used"
        ));
        Ok(())
    }

    /// The status of the read-back of a workgroup whose id is written so.
    async fn read_status(&mut self, segment: &str) -> Result<Option<u16>, String> {
        let stage = &self.stage;
        let session = stage.live(Asker::Privileged).await;
        let session = session.map_err(Trouble::into_reason)?;
        let path = wire::read_back_path(&session.id, "WORKGROUP");
        let path = path.replacen("/WORKGROUP?", &format!("/{segment}?"), 1);
        let mut request = session_request(&session, Method::Get, path);
        stage.spell(&mut request, HeaderSpelling::AsUsual);
        let patience = Patience::Question;
        let sent = stage
            .client
            .send_patiently(&session.origin, &request, patience);
        let asked = sent.await;
        self.requests += asked.sent;
        Ok(asked.exchange.answer().map(|answer| answer.status))
    }

    /// The status of an update with nothing to do, by that user.
    async fn empty_update(&mut self, asker: Asker) -> Result<Option<u16>, String> {
        let Some(workgroup) = self.stage.workgroups.first().cloned() else {
            return Ok(None);
        };
        let stage = &self.stage;
        let session = stage.live(asker).await;
        let session = session.map_err(Trouble::into_reason)?;
        let path = wire::update_path(&session.id, &workgroup);
        let mut request = session_request(&session, Method::Post, path);
        let label = Header::plain("Content-Type", DOCUMENTED_CONTENT_TYPE);
        request.headers.push(label);
        request.body = bytes::Bytes::from_static(b"{}");
        stage.spell(&mut request, HeaderSpelling::AsUsual);
        let sent = stage
            .client
            .send_patiently(&session.origin, &request, Patience::Update);
        let asked = sent.await;
        self.requests += asked.sent;
        Ok(asked.exchange.answer().map(|answer| answer.status))
    }

    async fn empty_update_of(&mut self, workgroup: &str) -> Result<Option<u16>, String> {
        let nothing = serde_json::json!({});
        let sent = self
            .stage
            .update(workgroup, &nothing, &mut self.requests)
            .await
            .map_err(Trouble::into_reason)?;
        Ok(sent.answer().map(|answer| answer.status))
    }
}

/// The id with its first letter percent-encoded, though it need not be.
fn with_a_letter_encoded(id: &str) -> String {
    let letter = id.char_indices().find(|(_, c)| c.is_ascii_alphabetic());
    match letter {
        Some((at, letter)) => format!("{}%{:02X}{}", &id[..at], letter as u32, &id[at + 1..]),
        None => utf8_percent_encode(id, NON_ALPHANUMERIC).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_is_encoded() {
        assert_eq!(with_a_letter_encoded("Sales"), "%53ales");
        assert_eq!(with_a_letter_encoded("7a"), "7%61");
    }
}
