//! The stage on which cases are played: the target with its sessions,
//! workgroups and hooks, and what is known of it.

use std::sync::{Arc, OnceLock};

use tokio::sync::{Mutex, RwLock};

mod hooks;
mod looks;
mod updates;

pub use updates::room_of_update;

use super::around::Undecoded;
use super::ground::Ground;
use super::journal::Leases;
use super::lag::Lag;
use super::list_history::ListHistory;
use super::property::Need;
use super::sessions::Sessions;
use super::trouble::Trouble;
use crate::client::{Asked, Client, ConnectError, Reading, Request, Session, Spelling};
use crate::generate::session::Asker;
use crate::generate::{Fixtures, HeaderSpelling};
use crate::judge::Circumstances;
use crate::judge::calls::CallFinding;
use crate::oracle::IdRegime;
use crate::target::{Hooks, Profile};

/// How many times the usual bytes an answer may have that is needed to leave the
/// target as it was.
const ROOM: usize = 16;

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
    /// What is wrong with the form of the first read-back that is wrong (SUP-4).
    pub misread: OnceLock<CallFinding>,
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
}
