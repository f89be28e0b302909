//! What a server remembers from one update to the next: the stuff that faults
//! of the second time, of caches and of leaks are made of. A plain server
//! never writes here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

use axum::http::StatusCode;
use serde_json::Value;

use crate::contract::representation::MonitoredMailbox;

use super::store::{Changes, Mailbox, Workgroup};

/// Everything that is remembered.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// How many updates were asked for.
    pub(super) updates: u64,
    /// How many answers were given.
    pub(super) answered: u64,
    /// The answers to bodies, by workgroup and body.
    pub(super) answers: HashMap<(String, Vec<u8>), (StatusCode, Value)>,
    /// The answers to bodies of late, by workgroup and body.
    pub(super) recent: HashMap<(String, Vec<u8>), (Instant, Value)>,
    /// The body of each workgroup's last update.
    pub(super) last_body: HashMap<String, Vec<u8>>,
    /// The ids that each workgroup's last update listed.
    pub(super) listed: HashMap<String, Vec<String>>,
    /// What refused updates have left over, by workgroup.
    pub(super) pending: HashMap<String, Changes>,
    /// What was removed, by workgroup and id.
    pub(super) removed: HashMap<String, BTreeMap<String, Mailbox>>,
    /// The last object that was added anywhere.
    pub(super) last_added: Option<MonitoredMailbox>,
    /// Sessions or workgroups that were met once.
    pub(super) met: BTreeSet<String>,
    /// The user who logged in last.
    pub(super) last_login: Option<usize>,
    /// Updates under way, by session or workgroup.
    pub(super) busy: HashMap<String, u32>,
    /// Updates in a row that were answered 400, by session.
    pub(super) refused: HashMap<String, u32>,
    /// Workgroups whose next update fails.
    pub(super) poisoned: BTreeSet<String>,
    /// Workgroups with their objects as they were first met.
    pub(super) first: HashMap<String, Workgroup>,
    /// Workgroups as each session has read them, by session and workgroup.
    pub(super) views: HashMap<(String, String), Workgroup>,
    /// Workgroups as they were before their last update.
    pub(super) before: HashMap<String, Workgroup>,
}
