//! Reading: a workgroup with its monitored mailboxes, and the defaults of a
//! monitored mailbox.

use axum::http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::contract::representation::{ConfigurationId, Field, MonitoredMailbox, Workgroup};
use crate::contract::wire;

use super::answers::Answer;
use super::router::Call;
use super::server::Server;
use super::update::mailbox_uri;

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
        .and_then(|id| store.find(id))
        .ok_or_else(Answer::no_such_workgroup)?;
    let held = store.workgroup(&id).ok_or_else(Answer::no_such_workgroup)?;
    let monitored_mailboxes = if selects_mailboxes(call.query) {
        let shown = held.mailboxes.values().map(|mailbox| {
            let uri = mailbox_uri(&caller.session_id, &id, &mailbox.id);
            without_nulls(mailbox.shown(uri))
        });
        Field::Value(shown.collect())
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

/// Leaves out what is null.
fn without_nulls(mut mailbox: MonitoredMailbox) -> MonitoredMailbox {
    fn absent<T>(field: &mut Field<T>) {
        if matches!(field, Field::Null) {
            *field = Field::Absent;
        }
    }
    absent(&mut mailbox.inbound_folder);
    absent(&mut mailbox.can_receive_encrypted_email);
    if let Field::Value(id) = &mut mailbox.configuration_id {
        absent(&mut id.display_name);
    }
    mailbox
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
