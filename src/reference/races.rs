//! Faults that show only when updates of one workgroup run at once: what is
//! read before a wait, and what is written in two steps.

use std::time::Duration;

use super::Fault;
use super::server::Server;
use super::store::{Changes, Workgroup};
use super::switches::Switches;

/// What a server reads that then waits before it checks or writes.
pub(super) async fn early_copy(server: &Server, workgroup: &str) -> Option<Workgroup> {
    const EARLY: [Fault; 3] = [Fault::LostUpdate, Fault::AddRaces, Fault::RemoveRace500];
    if !EARLY.iter().any(|fault| server.switches.has(*fault)) {
        return None;
    }
    let copy = server.store().workgroup(workgroup).cloned();
    tokio::time::sleep(Duration::from_millis(5)).await;
    copy
}

/// Whether something that an update removes was there early, and is no more.
pub(super) fn is_lost(early: &Workgroup, held: &Workgroup, removed: &[String]) -> bool {
    let lost = |id: &String| early.mailboxes.contains_key(id) && !held.mailboxes.contains_key(id);
    removed.iter().any(lost)
}

/// What is written at once, and what later.
pub(super) fn halves(
    switches: &Switches,
    held: &Workgroup,
    changes: Changes,
) -> (Changes, Option<Changes>) {
    if switches.has(Fault::ModifyTears) {
        (first_half(held, &changes), Some(changes))
    } else if switches.has(Fault::RemovalsAhead) {
        let (first, rest) = changes.into_iter().partition(|(_, after)| after.is_none());
        (first, Some(rest))
    } else {
        (changes, None)
    }
}

/// What is written first of changes to objects that are held: their addresses.
fn first_half(held: &Workgroup, changes: &Changes) -> Changes {
    let modified = changes.iter().filter_map(|(id, after)| {
        let mut half = held.mailboxes.get(id)?.clone();
        half.email_address
            .clone_from(&after.as_ref()?.email_address);
        Some((id.clone(), Some(half)))
    });
    modified.collect()
}

/// Writes the second half after a wait; addresses were written before, where
/// objects are written in two steps.
pub(super) async fn write_second_half(server: &Server, workgroup: &str, mut changes: Changes) {
    tokio::time::sleep(Duration::from_millis(5)).await;
    let mut store = server.store();
    let (Some(held), _) = store.parts(workgroup) else {
        return;
    };
    for (id, after) in &mut changes {
        if server.switches.has(Fault::ModifyTears)
            && let (Some(after), Some(now)) = (after, held.mailboxes.get(id))
        {
            after.email_address.clone_from(&now.email_address);
        }
    }
    held.commit(changes);
}

/// The ids that the workgroup's latest update lists.
pub(super) async fn crossed(server: &Server, workgroup: &str, ids: Vec<String>) -> Vec<String> {
    if !server.switches.has(Fault::ListsCross) {
        return ids;
    }
    let key = workgroup.to_owned();
    server.memory().listed.insert(key, ids.clone());
    tokio::time::sleep(Duration::from_millis(5)).await;
    server
        .memory()
        .listed
        .get(workgroup)
        .cloned()
        .unwrap_or(ids)
}
