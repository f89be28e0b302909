//! The ids that a success lists: of every object added or modified, each
//! once. Everything else here is a fault or a variant.

use std::collections::{BTreeSet, HashSet};

use crate::contract::wire;

use super::apply::Outcome;
use super::server::Server;
use super::store::Workgroup;
use super::{Fault, Variant};

/// Lists an update's ids, before it is taken in.
pub(super) fn listing(
    server: &Server,
    workgroup: &str,
    outcome: &Outcome,
    removed: &[String],
    held: &Workgroup,
) -> Vec<String> {
    let has = |fault| server.switches.has(fault);
    let varies = |variant| server.switches.varies(variant);
    let mut ids = Vec::new();
    let unlisted = has(Fault::AddedUnlisted)
        || has(Fault::UnlistedBesideRemove) && !removed.is_empty()
        || has(Fault::AddedUnlistedBesideModify) && !outcome.modified.is_empty();
    if !unlisted {
        ids.extend_from_slice(&outcome.added);
    }
    if has(Fault::ListedTwiceBesideModify) && !outcome.modified.is_empty() {
        ids.extend_from_slice(&outcome.added);
    }
    if !has(Fault::ModifiedUnlisted) || outcome.added.is_empty() {
        ids.extend_from_slice(&outcome.modified);
    }
    if has(Fault::EleventhModifyTwice) {
        ids.extend(outcome.modified.get(10).cloned());
    }
    if has(Fault::RepeatedListedTwice) {
        ids.extend_from_slice(&outcome.repeated);
    }
    if has(Fault::LastUnlisted) && ids.len() > 1 {
        ids.pop();
    }
    if has(Fault::ListedTwice) {
        ids.extend(ids.clone());
    }
    if has(Fault::StrangerListed) {
        ids.push("no-such-mailbox".to_owned());
    }
    if has(Fault::AllListed) {
        let others = held.mailboxes.keys().filter(|id| !ids.contains(id));
        let others: Vec<_> = others.cloned().collect();
        ids.extend(others);
    }
    if has(Fault::ListedStale) {
        let key = workgroup.to_owned();
        let before = server.memory().listed.insert(key, ids.clone());
        ids.extend(before.into_iter().flatten());
    }
    if varies(Variant::RemovedListed) || varies(Variant::RemovedListedFirst) {
        let others = removed.iter().filter(|id| !ids.contains(id));
        let others: Vec<_> = others.cloned().collect();
        if varies(Variant::RemovedListedFirst) {
            ids.splice(0..0, others);
        } else {
            ids.extend(others);
        }
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
    }
    if varies(Variant::RemovedListedKnown) {
        let known = removed
            .iter()
            .filter(|id| held.mailboxes.contains_key(*id) && !ids.contains(id));
        let known: BTreeSet<_> = known.cloned().collect();
        ids.extend(known);
    }
    if varies(Variant::ListedReversed) {
        ids.reverse();
    }
    if varies(Variant::ListedSorted) {
        ids.sort_unstable();
    }
    for (fault, most) in [(Fault::ListedCutAt10, 10), (Fault::ListedCutAt50, 50)] {
        if has(fault) {
            ids.truncate(most);
        }
    }
    if has(Fault::ListedByEmail) {
        ids = ids.into_iter().map(|id| by_email(outcome, id)).collect();
    }
    for (fault, respell) in SPELLINGS {
        if has(*fault) {
            ids = ids.iter().map(|id| respell(id)).collect();
        }
    }
    ids
}

fn by_email(outcome: &Outcome, id: String) -> String {
    let added = outcome.added.contains(&id);
    match outcome.changes.get(&id) {
        Some(Some(mailbox)) if added => mailbox.email_address.clone(),
        _ => id,
    }
}

/// What becomes of an id.
type Respell = fn(&str) -> String;

const SPELLINGS: &[(Fault, Respell)] = &[
    (Fault::ListedLowerCased, str::to_lowercase),
    (Fault::ListedEncoded, wire::segment),
    (Fault::ListedHtml, |id| super::distortion::html_escaped(id)),
    (Fault::ListedTrimmed, |id| id.trim().to_owned()),
    (Fault::ListedShort, |id| id.chars().take(32).collect()),
];
