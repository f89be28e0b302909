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
use super::sessions::{Caller, Denial};
use super::switches::Switches;
use super::{Fault, Variant, lapses, store};

/// Answers a workgroup: its id, and its mailboxes where they are selected.
pub(super) fn workgroup(
    server: &Server,
    call: &Call<'_>,
    session: Option<String>,
    workgroup: Option<&str>,
) -> Result<Answer, Answer> {
    let caller = match server.recognise(call.headers, session.clone()) {
        Ok(caller) => caller,
        Err(denial) => {
            lapses::look(server, session.as_deref());
            let open = server.switches.has(Fault::ReadBackOpen);
            let owner = session.filter(|_| open);
            let owner = owner.and_then(|id| server.sessions().owner(&id));
            let anyone = Caller {
                user: 0,
                session_id: String::new(),
            };
            let any =
                denial == Denial::UnknownSession && server.switches.has(Fault::ReadBackAnySession);
            let owner = owner.or_else(|| Some(anyone).filter(|_| any));
            owner.ok_or_else(|| server.denied(denial))?
        }
    };
    let store = server.store();
    let id = workgroup
        .and_then(|id| store.find(&server.switches, id))
        .ok_or_else(Answer::no_such_workgroup)?;
    let mut held = store.workgroup(&id).ok_or_else(Answer::no_such_workgroup)?;
    if server.switches.varies(Variant::RestrictedReadsNothing)
        && !server.user(caller.user).may_modify
    {
        let message = "The user has no right to see workgroups.";
        return Err(Answer::error(StatusCode::FORBIDDEN, message));
    }
    let stale = stale(server, &caller.session_id, &id, held);
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
    let mut body = json!(body);
    if server.switches.has(Fault::ReadBackTypeText) {
        let mailboxes = body["monitoredMailboxes"].as_array_mut();
        for mailbox in mailboxes.into_iter().flatten() {
            mailbox["mailboxType"] = mailbox["mailboxType"].to_string().into();
        }
    }
    if server.switches.has(Fault::ReadBackFlagText) {
        let mailboxes = body["monitoredMailboxes"].as_array_mut();
        for mailbox in mailboxes.into_iter().flatten() {
            let flag = &mut mailbox["canReceiveEncryptedEmail"];
            *flag = flag.to_string().into();
        }
    }
    Ok(Answer::json(StatusCode::OK, body))
}

/// What a faulty server shows for what it holds.
fn stale(
    server: &Server,
    session_id: &str,
    workgroup: &str,
    held: &store::Workgroup,
) -> Option<store::Workgroup> {
    let mut memory = server.memory();
    if server.switches.has(Fault::ReadBackStaleOnce) {
        memory.before.remove(workgroup)
    } else if server.switches.has(Fault::ReadBackStale) {
        memory.before.get(workgroup).cloned()
    } else if server.switches.has(Fault::ReadBackBySession) {
        let own = (session_id.to_owned(), workgroup.to_owned());
        let view = memory.views.entry(own);
        Some(view.or_insert_with(|| held.clone()).clone())
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
        can_receive_encrypted_email: Field::Value(server.switches.has(Fault::DefaultsEncrypted)),
        ..MonitoredMailbox::default()
    };
    let mut body = json!(defaults);
    if server.switches.has(Fault::DefaultsEncryptedText) {
        body["canReceiveEncryptedEmail"] = "no".into();
    }
    Ok(Answer::json(StatusCode::OK, body))
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
