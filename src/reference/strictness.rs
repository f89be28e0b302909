//! What a server refuses although it should not, or need not: the faults and
//! variants that object to a request that conforms.

use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::contract::representation::{
    BULK_UPDATE, BulkUpdate, CONFIGURATION_ID, Field, MONITORED_MAILBOX, MonitoredMailbox,
    Representation, TEXT_BYTES_DOCUMENTED, ValidationError,
};

use super::answers::{Answer, Failure};
use super::decode::listed;
use super::switches::Switches;
use super::{Fault, Variant};

/// Objects to what stands in a body before its shape is checked.
pub(super) fn of_json(switches: &Switches, body: &Map<String, Value>) -> Result<(), Answer> {
    let null =
        |object: &Map<String, Value>, name: &str| object.get(name).is_some_and(Value::is_null);
    let refuse = |fault: Fault, breach: bool, what: &str| {
        if breach && switches.has(fault) {
            return Err(Answer::malformed(&format!("`{what}` is not accepted here")));
        }
        Ok(())
    };
    let null_list = null(body, "add") || null(body, "modify");
    refuse(Fault::NullListsRefused, null_list, "null")?;
    refuse(Fault::NullRemoveRefused, null(body, "remove"), "null")?;
    refuse(Fault::TypeUrnRefused, body.contains_key("__type"), "__type")?;
    refuse_unknown(switches, &BULK_UPDATE, body)?;
    refuse_foreign(switches, &BULK_UPDATE, body)?;
    for mailbox in mailboxes(body) {
        refuse(
            Fault::NullFolderRefused,
            null(mailbox, "inboundFolder"),
            "null",
        )?;
        let encrypted = null(mailbox, "canReceiveEncryptedEmail");
        refuse(Fault::NullEncryptedRefused, encrypted, "null")?;
        refuse(
            Fault::NestedTypeUrnRefused,
            mailbox.contains_key("__type"),
            "__type",
        )?;
        refuse_unknown(switches, &MONITORED_MAILBOX, mailbox)?;
        refuse_foreign(switches, &MONITORED_MAILBOX, mailbox)?;
        if let Some(Value::Object(id)) = mailbox.get("configurationId") {
            refuse(
                Fault::NullDisplayNameRefused,
                null(id, "displayName"),
                "null",
            )?;
            refuse(
                Fault::NestedTypeUrnRefused,
                id.contains_key("__type"),
                "__type",
            )?;
            refuse_unknown(switches, &CONFIGURATION_ID, id)?;
            refuse_foreign(switches, &CONFIGURATION_ID, id)?;
        }
    }
    Ok(())
}

fn mailboxes(body: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    ["add", "modify"]
        .into_iter()
        .filter_map(|name| body.get(name)?.as_array())
        .flatten()
        .filter_map(Value::as_object)
}

/// A `__type` is known wherever a type is documented.
fn refuse_unknown(
    switches: &Switches,
    representation: &Representation,
    object: &Map<String, Value>,
) -> Result<(), Answer> {
    if !switches.varies(Variant::UnknownPropertiesRefused) {
        return Ok(());
    }
    let mut names = object.keys();
    let unknown = names.find(|name| *name != "__type" && representation.property(name).is_none());
    match unknown {
        Some(name) => Err(Answer::malformed(&format!("`{name}` is no property"))),
        None => Ok(()),
    }
}

/// A `__type` that names another type.
fn refuse_foreign(
    switches: &Switches,
    representation: &Representation,
    object: &Map<String, Value>,
) -> Result<(), Answer> {
    let named = object.get("__type");
    let right = named.is_none_or(|named| named.as_str() == representation.urn);
    if right || !switches.varies(Variant::ForeignTypeRefused) {
        Ok(())
    } else {
        Err(Answer::malformed("`__type` names another type"))
    }
}

/// Objects to what an update asks for.
pub(super) fn of_update(switches: &Switches, update: &BulkUpdate) -> Result<(), Answer> {
    if switches.is_plain() {
        return Ok(());
    }
    let has = |fault| switches.has(fault);
    let (added, modified) = (listed(&update.add), listed(&update.modify));
    let removed = update.remove.value().map_or(&[][..], Vec::as_slice);
    let without_lists =
        update.add.is_absent() && update.modify.is_absent() && update.remove.is_absent();
    let nothing = added.is_empty() && modified.is_empty() && removed.is_empty();
    if has(Fault::EmptyUpdateRefused) && without_lists
        || has(Fault::EmptyListsRefused) && nothing && !without_lists
    {
        return Err(Answer::malformed("the update does nothing"));
    }
    if has(Fault::EmptyUpdate204) && nothing {
        return Err(Answer::empty(StatusCode::NO_CONTENT));
    }
    if has(Fault::TwoListsRefused) && !added.is_empty() && !removed.is_empty() {
        return Err(Answer::malformed("the update has two lists"));
    }
    if has(Fault::LongRemoveRefused) && removed.len() > 100 {
        return Err(invalid(switches, 10, "remove", &removed.len().to_string()));
    }
    if has(Fault::ManyAddsRefused) && added.len() > 20 {
        return Err(invalid(switches, 10, "add", &added.len().to_string()));
    }
    if has(Fault::Remove501) && !removed.is_empty() {
        return Err(Answer::error(
            StatusCode::NOT_IMPLEMENTED,
            "Not implemented.",
        ));
    }
    if has(Fault::Removal403) && !removed.is_empty() {
        return Err(Answer::error(
            StatusCode::FORBIDDEN,
            "The right to remove is missing.",
        ));
    }
    let modified_ids = modified.iter().filter_map(MonitoredMailbox::id);
    if switches.varies(Variant::TwiceInModifyRefused)
        && let Some(id) = twice(modified_ids)
    {
        return Err(invalid(switches, 1, "modify.configurationId.id", id));
    }
    if switches.varies(Variant::TwiceInRemoveRefused)
        && let Some(id) = twice(removed.iter().map(String::as_str))
    {
        return Err(invalid(switches, 1, "remove", id));
    }
    let named: Vec<_> = [added, modified]
        .map(|list| {
            list.iter()
                .filter_map(MonitoredMailbox::id)
                .collect::<Vec<_>>()
        })
        .into();
    let ids = removed.iter().map(String::as_str);
    if switches.varies(Variant::OverlapRefused) {
        let lists = [named[0].clone(), named[1].clone(), ids.clone().collect()];
        if let Some(id) = overlap(&lists, switches.varies(Variant::IdsIgnoreCase)) {
            return Err(invalid(switches, 1, "configurationId.id", &id));
        }
    }
    let mut all = named.concat().into_iter().chain(ids);
    if switches.varies(Variant::EmptyIdRefused) && all.any(str::is_empty) {
        return Err(invalid(switches, 6, "configurationId.id", ""));
    }
    let mut addresses = added
        .iter()
        .chain(modified)
        .filter_map(|m| m.email_address.value());
    if let Some(odd) = addresses.find(|address| is_refused(switches, address)) {
        return Err(invalid(switches, 7, "emailAddress", odd));
    }
    let texts = added.iter().chain(modified).flat_map(|mailbox| {
        [
            &mailbox.email_address,
            &mailbox.mailbox_moniker,
            &mailbox.inbound_folder,
        ]
    });
    let long = |text: &Field<String>| {
        text.value()
            .is_some_and(|text| text.len() > TEXT_BYTES_DOCUMENTED)
    };
    let ids = named
        .concat()
        .into_iter()
        .chain(removed.iter().map(String::as_str));
    if switches.varies(Variant::LongTextRefused)
        && (texts.clone().any(long) || ids.clone().any(|id| id.len() > TEXT_BYTES_DOCUMENTED))
    {
        // FLD-11 knows no other refusal.
        return Err(Answer::invalid(&[ValidationError {
            validation_error_type: 6,
            property_name: "emailAddress".to_owned(),
            property_value: String::new(),
        }]));
    }
    let empty = |text: &Field<String>| text.value().is_some_and(String::is_empty);
    if switches.varies(Variant::EmptyTextRefused) && texts.into_iter().any(empty) {
        return Err(invalid(switches, 6, "emailAddress", ""));
    }
    Ok(())
}

/// Objects to an internal failure where none is.
pub(super) fn unknown_remove(switches: &Switches) -> Result<(), Answer> {
    if switches.has(Fault::RemoveUnknown500) {
        return Err(Answer::failure(Failure::Internal));
    }
    if switches.varies(Variant::UnknownRemove404) {
        return Err(Answer::error(
            StatusCode::NOT_FOUND,
            "An id in remove does not exist.",
        ));
    }
    if switches.varies(Variant::UnknownRemove400) {
        return Err(invalid(switches, 2, "remove", ""));
    }
    Ok(())
}

fn is_refused(switches: &Switches, address: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._%+-@".contains(c);
    let formed = address.matches('@').count() == 1 && address.chars().all(plain);
    let dotted = matches!(address.split_once('@'), Some((_, domain)) if domain.contains('.') && !domain.contains('@'));
    switches.varies(Variant::EmailFormChecked) && !formed
        || switches.varies(Variant::EmailDomainChecked) && !dotted
        || switches.varies(Variant::EmailLengthChecked) && address.chars().count() > 64
}

/// An id that stands in two of the lists.
fn overlap(lists: &[Vec<&str>], ignore_case: bool) -> Option<String> {
    let mut seen = HashSet::new();
    for list in lists {
        let spelled = |id: &&str| {
            if ignore_case {
                id.to_lowercase()
            } else {
                (*id).to_owned()
            }
        };
        let own: HashSet<_> = list.iter().map(spelled).collect();
        if let Some(id) = own.intersection(&seen).next() {
            return Some(id.clone());
        }
        seen.extend(own);
    }
    None
}

fn twice<'a>(ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = HashSet::new();
    ids.into_iter().find(|id| !seen.insert(*id))
}

fn invalid(switches: &Switches, validation_error_type: u16, name: &str, value: &str) -> Answer {
    if switches.varies(Variant::OpenRefusalsMalformed) {
        return Answer::malformed(&format!("`{name}` is not accepted"));
    }
    Answer::invalid(&[ValidationError {
        validation_error_type,
        property_name: name.to_owned(),
        property_value: value.to_owned(),
    }])
}
