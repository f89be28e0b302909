//! The stage on which cases are played: the target with its sessions,
//! workgroups and hooks, and what is known of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Mutex, RwLock};

use super::around::Undecoded;
use super::fire::listed_ids;
use super::ground::Ground;
use super::journal::Leases;
use super::lag::Lag;
use super::list_history::ListHistory;
use super::property::Need;
use super::read_back::{self, ReadBack};
use super::sessions::Sessions;
use super::trouble::Trouble;
use crate::client::hooks::{self, Fill, HookError};
use crate::client::session::session_request;
use crate::client::{
    Asked, Client, ConnectError, Exchange, Fault, Header, Method, Patience, Reading, Request,
    Session, Spelling, State,
};
use crate::contract::wire;
use crate::generate::case::DOCUMENTED_CONTENT_TYPE;
use crate::generate::session::Asker;
use crate::generate::update::removing;
use crate::generate::{Fixtures, HeaderSpelling, Reader};
use crate::judge::{AnswerBody, Circumstances};
use crate::oracle::{IdRegime, Stored};
use crate::target::{Hooks, Profile};

/// How many times the usual bytes an answer may have that is needed to leave the
/// target as it was.
const ROOM: usize = 16;

/// After how long the hook that brings the resource back is run again where it
/// failed.
const RESTORED_AGAIN: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(500),
];

/// For how many bytes of an update's body its answer may have the usual bytes once
/// more: it lists what the body names.
const BYTES_OF_ROOM: usize = 16 << 10;

/// How many times the usual bytes the answer to an update may have.
pub fn room_of_update(body: &[u8]) -> usize {
    (1 + body.len() / BYTES_OF_ROOM).min(ROOM)
}

/// So few ids in `remove` are no reason to refuse them.
const FEW: usize = 8;

/// The target, as far as a run knows it.
#[derive(Debug)]
pub struct Stage {
    /// The only way to talk to it.
    pub client: Client,
    /// Its sessions.
    pub sessions: Sessions,
    /// Its mailboxes and absent workgroups.
    pub fixtures: Fixtures,
    /// Its hooks.
    pub hooks: Hooks,
    /// Its base URL, for hooks.
    pub base_url: String,
    /// Whether it offers read-back.
    pub read_back: bool,
    /// The version of its feature `configuration`.
    pub feature_version: Option<u32>,
    /// Who gives ids, as recognised.
    pub ids: IdRegime,
    /// The spelling of header names that works.
    pub spelling: HeaderSpelling,
    /// How many requests may be under way at once.
    pub at_once: usize,
    /// The ids of its scratch workgroups.
    pub workgroups: Vec<String>,
    /// Its scratch workgroups.
    pub grounds: Vec<Mutex<Ground>>,
    /// Scratch workgroups of the profile that are not used: they exist all the
    /// same.
    pub left_out: Vec<String>,
    /// The leases of the scratch workgroups.
    pub leases: Leases,
    /// What was seen of the lists in their read-backs.
    pub lists: ListHistory,
    /// How late their read-backs are.
    pub lag: Lag,
    /// An update whose workgroup's id the target did not decode, where it does not.
    pub undecoded: Option<Undecoded>,
    /// By how many the names of all cases are moved on, where an earlier run left
    /// objects of its names that cannot be removed.
    pub renaming: u16,
    /// Held by a case with large bodies.
    pub large: Mutex<()>,
    /// Held by whoever reads an answer that may be longer than usual.
    pub whole: Mutex<()>,
    /// Held for writing by a case that changes how the target answers others.
    pub exclusive: RwLock<()>,
    /// The workgroups whose resource was declared removed, and is to be brought back
    /// before anything else is sent.
    pub removed: Mutex<Vec<String>>,
}

impl Stage {
    /// What the judge needs to know beside an exchange.
    pub fn circumstances(&self, removed: bool, fails_next: bool) -> Circumstances<'_> {
        Circumstances {
            feature_version: self.feature_version,
            removed,
            fails_next,
            mailboxes: &self.fixtures.mailboxes,
            ids: self.ids,
        }
    }

    /// Whether the target does not offer it, as far as the profile and the
    /// checks at the start tell.
    pub fn lacks(&self, need: Need, profile: &Profile) -> bool {
        need.is_ruled_out_by(profile)
            || match need {
                Need::AnotherSession => {
                    self.sessions.one_per_user && !self.sessions.has_restricted()
                }
                Need::FreshSession => self.sessions.refuses_second,
                Need::LosableFolder => self.fixtures.folder_losing_moves().is_empty(),
                Need::ReadBack => !self.read_back,
                Need::SecondWorkgroup => self.workgroups.len() < 2,
                _ => false,
            }
    }

    /// Whether an id that should not exist is one of the profile's own.
    pub fn may_exist(&self, id: &str) -> bool {
        let id = id.to_lowercase();
        let mut existing = self.workgroups.iter().chain(&self.left_out);
        existing.any(|known| known.to_lowercase() == id)
    }

    /// A live session of a user.
    pub async fn live(&self, asker: Asker) -> Result<Arc<Session>, Trouble> {
        match self.sessions.live(asker).await {
            Ok(session) => Ok(session),
            Err(error) => Err(self.no_session(error).await),
        }
    }

    /// What the user should know of a target, after a run.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let lost = self.sessions.lost();
        if lost > 0 {
            notes.push(format!(
                "the target dropped a live session {lost} times; it was opened again"
            ));
        }
        if !self.read_back {
            notes.push(
                "without read-back nobody can see whether anything was left of what was added (offers.read_back)".to_owned(),
            );
        }
        notes.extend(self.client.notes());
        notes
    }

    /// What it means that there is no session.
    pub async fn no_session(&self, error: ConnectError) -> Trouble {
        match error {
            ConnectError::Gone(gone) => Trouble::Gone(gone),
            ConnectError::NoMore(_) => Trouble::NotOffered(error.to_string()),
            ConnectError::RefusesAll(_) => match self.client.is_gone().await {
                Some(gone) => Trouble::Gone(gone),
                None => Trouble::Gone(self.client.end(&error.to_string())),
            },
            _ => {
                self.trouble(format!("no session could be opened: {error}"))
                    .await
            }
        }
    }

    /// Tells a target that is gone from one that is only odd.
    pub async fn trouble(&self, what: String) -> Trouble {
        match self.client.is_gone().await {
            Some(gone) => Trouble::Gone(gone),
            None => Trouble::Passing(what),
        }
    }

    /// What it means that a request around a case was not answered as it should be.
    async fn trouble_of(&self, asked: Asked, what: String) -> Trouble {
        match asked.reading {
            Reading::Gone(gone) => Trouble::Gone(gone),
            Reading::Passing(_) | Reading::TakenAway(_) => Trouble::Passing(what),
            Reading::Own => self.trouble(what).await,
        }
    }
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
                        None => read_back::read(&AnswerBody::read(answer)),
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
            self.lists.updated(workgroup);
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

    /// Writes the header names of a request in a spelling.
    pub fn spell(&self, request: &mut Request, spelling: HeaderSpelling) {
        let spelling = match spelling {
            HeaderSpelling::AsUsual => self.spelling,
            other => other,
        };
        if spelling == HeaderSpelling::AsUsual {
            return;
        }
        request.spelling = Spelling::Exact;
        for header in &mut request.headers {
            header.name = match spelling {
                HeaderSpelling::Lower => header.name.to_lowercase(),
                HeaderSpelling::Upper => header.name.to_uppercase(),
                HeaderSpelling::AsUsual | HeaderSpelling::Documented => continue,
            };
        }
    }

    /// Runs a hook; a missing one is a matter of the property's needs.
    pub async fn hook(
        &self,
        hook: Option<&crate::target::Hook>,
        session: Option<&Session>,
        workgroup: &str,
    ) -> Result<(), Trouble> {
        let Some(hook) = hook else {
            return Err(Trouble::NotOffered(
                "the profile has no such hook".to_owned(),
            ));
        };
        let hooks = &self.hooks;
        let key = match Some(hook) {
            hook if hook == hooks.expire_session.as_ref() => "expire_session",
            hook if hook == hooks.fail_next.as_ref() => "fail_next",
            hook if hook == hooks.remove_resource.as_ref() => "remove_resource",
            _ => "restore_resource",
        };
        let hook = match hook.clone() {
            crate::target::Hook::Request { method, url, json } => {
                hooks::Hook::Request { method, url, json }
            }
            crate::target::Hook::Command { words } => hooks::Hook::Command { words },
        };
        let fill = Fill {
            base_url: self.base_url.clone(),
            session_id: Some(
                session
                    .map(|session| session.id.clone())
                    .unwrap_or_default(),
            ),
            workgroup_id: Some(workgroup.to_owned()),
        };
        match hooks::run(&self.client, &hook, &fill).await {
            Ok(()) => Ok(()),
            Err(HookError::Gone(gone)) => Err(Trouble::Gone(gone)),
            Err(error @ HookError::Transport(_)) => Err(self
                .trouble(format!("the hook `hooks.{key}` failed: {error}"))
                .await),
            Err(error @ HookError::Status(408 | 429 | 502..=504)) => Err(Trouble::Passing(
                format!("the hook `hooks.{key}` failed: {error}"),
            )),
            Err(error) => Err(Trouble::Unjudged(format!(
                "the hook `hooks.{key}` failed: {error}"
            ))),
        }
    }

    /// Brings the resource of a workgroup back, again where that fails. It stays
    /// owed until it is done.
    pub async fn bring_resource_back(&self, workgroup: &str) -> Result<(), Trouble> {
        let restore = self.hooks.restore_resource.as_ref();
        let mut done = self.hook(restore, None, workgroup).await;
        for pause in RESTORED_AGAIN {
            match &done {
                Err(Trouble::Passing(_) | Trouble::Unjudged(_)) => {}
                _ => break,
            }
            tokio::time::sleep(pause).await;
            done = self.hook(restore, None, workgroup).await;
        }
        let mut removed = self.removed.lock().await;
        removed.retain(|known| known != workgroup);
        if done.is_err() {
            removed.push(workgroup.to_owned());
        }
        done
    }

    /// Brings back what could not be brought back before.
    pub async fn bring_all_back(&self) -> Result<(), Trouble> {
        let owed = self.removed.lock().await.clone();
        for workgroup in owed {
            let done = self.bring_resource_back(&workgroup).await;
            done.map_err(|trouble| match trouble {
                gone @ Trouble::Gone(_) => gone,
                other => Trouble::Unjudged(format!(
                    "the resource of `{workgroup}` is still declared removed: {}",
                    other.into_reason()
                )),
            })?;
        }
        Ok(())
    }
}
