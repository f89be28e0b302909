//! Reading: a workgroup with its monitored mailboxes, and the defaults of a
//! monitored mailbox.

use axum::http::StatusCode;
use percent_encoding::percent_decode_str;
use rand::seq::SliceRandom;
use serde_json::json;

use crate::contract::representation::{ConfigurationId, Field, MonitoredMailbox, Workgroup};
use crate::contract::wire;

use super::answers::Answer;
use super::effect::mailbox_uri;
use super::router::Call;
use super::server::Server;
use super::switches::Switches;
use super::{Fault, Variant, store};

/// Answers a workgroup: its id, and its mailboxes where they are selected.
pub(super) fn workgroup(
    server: &Server,
    call: &Call<'_>,
    session: Option<String>,
    workgroup: Option<&str>,
) -> Result<Answer, Answer> {
    let caller = server.admit(call.headers, session)?;
    let store = server.store();
    let id = workgroup
        .and_then(|id| store.find(&server.switches, id))
        .ok_or_else(Answer::no_such_workgroup)?;
    let mut held = store.workgroup(&id).ok_or_else(Answer::no_such_workgroup)?;
    let stale = stale(server, &id);
    if let Some(stale) = &stale {
        held = stale;
    }
    let base = wire::update_path(&caller.session_id, &id);
    let monitored_mailboxes = if selects_mailboxes(call.query) {
        let shown = held.mailboxes.values().map(|mailbox| {
            let shown = mailbox.shown(mailbox_uri(&base, &mailbox.id));
            written(&server.switches, shown)
        });
        list(&server.switches, shown.collect())
    } else {
        Field::Absent
    };
    let path = wire::read_back_path(&caller.session_id, &id);
    let uri = path.split('?').next().unwrap_or_default().to_owned();
    let body = Workgroup {
        configuration_id: ConfigurationId {
            display_name: Field::Value(id.clone()),
            id,
            uri: Field::Value(uri),
        },
        monitored_mailboxes,
    };
    Ok(Answer::json(StatusCode::OK, json!(body)))
}

/// What a faulty server shows for what it holds.
fn stale(server: &Server, workgroup: &str) -> Option<store::Workgroup> {
    let mut memory = server.memory();
    if server.switches.has(Fault::ReadBackStaleOnce) {
        memory.before.remove(workgroup)
    } else if server.switches.has(Fault::ReadBackStale) {
        memory.before.get(workgroup).cloned()
    } else {
        None
    }
}

/// Answers the defaults of a monitored mailbox.
pub(super) fn defaults(
    server: &Server,
    call: &Call<'_>,
    session: Option<String>,
) -> Result<Answer, Answer> {
    server.admit(call.headers, session)?;
    let defaults = MonitoredMailbox {
        mailbox_type: Field::Value(0),
        can_receive_encrypted_email: Field::Value(false),
        ..MonitoredMailbox::default()
    };
    Ok(Answer::json(StatusCode::OK, json!(defaults)))
}

/// Whether `select` names the mailboxes or everything.
fn selects_mailboxes(query: Option<&str>) -> bool {
    query
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(name, _)| *name == "select")
        .any(|(_, value)| {
            let names = percent_decode_str(value).decode_utf8_lossy().into_owned();
            names.split(',').any(|name| {
                let name = name.trim();
                name == "*" || name.eq_ignore_ascii_case("monitoredMailboxes")
            })
        })
}

/// The list of a workgroup's mailboxes, in the server's own manner.
fn list(switches: &Switches, mut shown: Vec<MonitoredMailbox>) -> Field<Vec<MonitoredMailbox>> {
    if switches.varies(Variant::ReadBackReversed) {
        shown.reverse();
    }
    if switches.varies(Variant::ReadBackShuffled) {
        shown.shuffle(&mut rand::rng());
    }
    if switches.has(Fault::ReadBackCut20) {
        shown.truncate(20);
    }
    match shown.is_empty() {
        true if switches.varies(Variant::EmptyListNull) => Field::Null,
        true if switches.varies(Variant::EmptyListAbsent) => Field::Absent,
        _ => Field::Value(shown),
    }
}

/// A mailbox in the server's own manner: nulls are left out.
fn written(switches: &Switches, mut mailbox: MonitoredMailbox) -> MonitoredMailbox {
    if let Field::Value(id) = &mut mailbox.configuration_id
        && switches.varies(Variant::UrisLeftOut)
    {
        id.uri = Field::Absent;
    }
    if switches.varies(Variant::NullsWritten) {
        return mailbox;
    }
    leave_out_null(&mut mailbox.inbound_folder);
    leave_out_null(&mut mailbox.can_receive_encrypted_email);
    if let Field::Value(id) = &mut mailbox.configuration_id {
        leave_out_null(&mut id.display_name);
    }
    mailbox
}

fn leave_out_null<T>(field: &mut Field<T>) {
    if matches!(field, Field::Null) {
        *field = Field::Absent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn select_names_the_mailboxes_or_everything() {
        for query in [
            "select=*",
            "select=monitoredMailboxes",
            "a=b&select=x%2CmonitoredMailboxes",
        ] {
            assert!(selects_mailboxes(Some(query)), "{query}");
        }
        for query in ["", "select=", "select=configurationId", "selected=*"] {
            assert!(!selects_mailboxes(Some(query)), "{query}");
        }
    }
}
