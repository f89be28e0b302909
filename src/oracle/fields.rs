//! What one object of `add` or `modify` may say (FLD): folders against types
//! and mailboxes, given what is stored.

use super::effect::{AddedObject, Effect, ModifiedObject, Wanted};
use super::expectation::{AnswerKind, Expectation};
use super::known::{Known, Stored};
use crate::contract::enums::is_inbound;
use crate::contract::rules;

const BAD: &[AnswerKind] = &[AnswerKind::BadRequest];

/// Adds what the fields of every object deserve.
pub(super) fn examine(effect: &Effect, known: &Known<'_>, expectation: &mut Expectation) {
    for object in &effect.added {
        examine_added(object, known, expectation);
    }
    for object in &effect.modified {
        examine_modified(object, effect, known, expectation);
    }
}

/// A property after the update: what the request says, or else what is stored.
#[derive(Clone, Debug, PartialEq)]
enum After<T> {
    /// Nobody can say.
    Unsure,
    /// None.
    Nothing,
    /// This.
    Value(T),
}

fn text_after(wanted: &Wanted, stored: Option<&str>) -> After<String> {
    match wanted {
        Wanted::Text(text) => After::Value(text.clone()),
        Wanted::Null => After::Nothing,
        Wanted::Absent => stored.map_or(After::Nothing, |text| After::Value(text.to_owned())),
        _ => After::Unsure,
    }
}

fn type_after(wanted: &Wanted, stored: Option<u16>) -> After<u16> {
    match wanted {
        Wanted::Number(number) => After::Value(*number),
        Wanted::Absent => stored.map_or(After::Unsure, After::Value),
        _ => After::Unsure,
    }
}

fn examine_strings(
    wanted: impl Fn(&str) -> Wanted,
    known: &Known<'_>,
    list: &str,
    expectation: &mut Expectation,
) {
    for name in ["emailAddress", "mailboxMoniker", "inboundFolder"] {
        if wanted(name) == Wanted::Text(String::new()) {
            expectation.maybe(rules::FLD_9, format!("an empty {name} in {list}"), BAD);
        }
    }
    if let Wanted::Text(address) = wanted("emailAddress")
        && !address.is_empty()
        && !is_plain_address(&address)
    {
        expectation.maybe(rules::FLD_9, format!("an odd emailAddress in {list}"), BAD);
    }
    if let Wanted::Text(moniker) = wanted("mailboxMoniker")
        && !moniker.is_empty()
        && known.folders(&moniker).is_none()
    {
        expectation.maybe(
            rules::FLD_9,
            format!("an unknown mailboxMoniker in {list}"),
            BAD,
        );
    }
}

/// An address that every mail system takes: the form of others is open (FLD-9).
fn is_plain_address(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else {
        return false;
    };
    let plain = |text: &str, more: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
            && !text.starts_with(['.', '-'])
            && !text.ends_with(['.', '-'])
            && !text.contains("..")
    };
    local.len() <= 64
        && address.len() <= 254
        && plain(local, ".-_+")
        && plain(domain, ".-")
        && domain.contains('.')
        && domain.split('.').all(|label| label.len() <= 63)
}

fn examine_added(object: &AddedObject, known: &Known<'_>, expectation: &mut Expectation) {
    let wanted = |name: &str| object.wanted.get(name).cloned().unwrap_or_default();
    examine_strings(wanted, known, "add", expectation);
    let mailbox_type = wanted("mailboxType");
    if mailbox_type == Wanted::Absent {
        expectation.maybe(rules::FLD_9, "no mailboxType in add", BAD);
    }
    let type_after = type_after(&mailbox_type, None);
    let folder = text_after(&wanted("inboundFolder"), None);
    let moniker = text_after(&wanted("mailboxMoniker"), None);
    if let After::Value(mailbox_type) = type_after
        && is_inbound(mailbox_type)
    {
        let what = match wanted("inboundFolder") {
            Wanted::Absent => "an inbound mailbox without inboundFolder",
            Wanted::Null => "an inbound mailbox with inboundFolder null",
            _ => "an inbound mailbox with an existing folder",
        };
        expectation.feature(rules::FLD_3, what, true);
    }
    examine_folder(&type_after, &folder, &moniker, known, "added", expectation);
}

/// FLD-1 and FLD-2 for a folder that the request itself gives.
fn examine_folder(
    mailbox_type: &After<u16>,
    folder: &After<String>,
    moniker: &After<String>,
    known: &Known<'_>,
    how: &str,
    expectation: &mut Expectation,
) {
    let After::Value(folder) = folder else { return };
    if folder.is_empty() {
        return;
    }
    match mailbox_type {
        After::Value(number) if !is_inbound(*number) => {
            let what = format!("an outbound mailbox {how} with a folder");
            expectation.folder_breach(rules::FLD_1, what, folder);
            return;
        }
        After::Value(_) => {}
        // Inbound or outbound, nobody can say.
        _ => {
            expectation.maybe(
                rules::FLD_9,
                format!("a folder {how} to a mailbox of unsure type"),
                BAD,
            );
            return;
        }
    }
    match folder_of(moniker, folder, known) {
        FolderIs::There => {}
        FolderIs::Missing => {
            let what = format!("a folder {how} that the mailbox lacks");
            expectation.folder_breach(rules::FLD_2, what, folder);
        }
        FolderIs::Open => {
            expectation.maybe(
                rules::FLD_9,
                format!("a folder {how} that may not exist"),
                BAD,
            );
        }
    }
}

enum FolderIs {
    There,
    Missing,
    Open,
}

/// Whether a mailbox has a folder. An unknown moniker leaves it open, and so
/// does a name that differs from a folder's only in case or outer space.
fn folder_of(moniker: &After<String>, folder: &str, known: &Known<'_>) -> FolderIs {
    let After::Value(moniker) = moniker else {
        return FolderIs::Open;
    };
    let Some(folders) = known.folders(moniker) else {
        return FolderIs::Open;
    };
    let near = |other: &String| other.trim().to_lowercase() == folder.trim().to_lowercase();
    if folders.iter().any(|other| other == folder) {
        FolderIs::There
    } else if folders.iter().any(near) {
        FolderIs::Open
    } else {
        FolderIs::Missing
    }
}

fn examine_modified(
    object: &ModifiedObject,
    effect: &Effect,
    known: &Known<'_>,
    expectation: &mut Expectation,
) {
    let wanted = |name: &str| object.wanted.get(name).cloned().unwrap_or_default();
    examine_strings(wanted, known, "modify", expectation);
    for name in ["emailAddress", "mailboxMoniker"] {
        if wanted(name) == Wanted::Absent {
            expectation.maybe(
                rules::REP_8,
                format!("a modified object without {name}"),
                BAD,
            );
        }
    }
    let stored = known
        .workgroup
        .stored()
        .iter()
        .find(|stored| stored.id == object.id);
    let Some(stored) = stored.filter(|_| !effect.unsure.contains(&object.id)) else {
        // Against an object of unknown content only FLD-1 can be certain.
        if let (Wanted::Number(number), Wanted::Text(folder)) =
            (wanted("mailboxType"), wanted("inboundFolder"))
            && !is_inbound(number)
            && !folder.is_empty()
        {
            expectation.folder_breach(
                rules::FLD_1,
                "an outbound mailbox modified with a folder",
                &folder,
            );
        } else if !matches!(wanted("inboundFolder"), Wanted::Absent | Wanted::Null)
            || wanted("mailboxMoniker") != Wanted::Absent
            || wanted("mailboxType") != Wanted::Absent
        {
            expectation.maybe(
                rules::FLD_7,
                "a modified object whose state is not known",
                BAD,
            );
        }
        return;
    };
    let type_after = type_after(&wanted("mailboxType"), stored.mailbox_type());
    let moniker_after = text_after(&wanted("mailboxMoniker"), stored.text("mailboxMoniker"));
    if wanted("inboundFolder") == Wanted::Absent {
        examine_kept_folder(
            object,
            stored,
            &type_after,
            &moniker_after,
            known,
            expectation,
        );
    } else {
        let folder = text_after(&wanted("inboundFolder"), None);
        examine_folder(
            &type_after,
            &folder,
            &moniker_after,
            known,
            "modified",
            expectation,
        );
    }
    if is_repetition(object, stored) {
        expectation.feature(rules::EFF_9, "a modify that changes nothing", true);
    }
}

/// FLD-4 and FLD-7: the folder is not mentioned and stays as it is stored.
fn examine_kept_folder(
    object: &ModifiedObject,
    stored: &Stored,
    type_after: &After<u16>,
    moniker_after: &After<String>,
    known: &Known<'_>,
    expectation: &mut Expectation,
) {
    let Some(folder) = stored
        .text("inboundFolder")
        .filter(|folder| !folder.is_empty())
    else {
        return;
    };
    match type_after {
        After::Value(number) if is_inbound(*number) => {}
        After::Value(_) => {
            if stored.mailbox_type().is_some_and(is_inbound) {
                expectation.maybe(
                    rules::FLD_7,
                    "a change to outbound that leaves the folder unmentioned",
                    BAD,
                );
            }
            return;
        }
        _ => {
            expectation.maybe(rules::FLD_7, "a change of unsure type", BAD);
            return;
        }
    }
    let moniker_changes = match (
        &object.wanted.get("mailboxMoniker"),
        stored.text("mailboxMoniker"),
    ) {
        (None | Some(Wanted::Absent), _) => false,
        (Some(Wanted::Text(new)), Some(old)) => new != old,
        _ => true,
    };
    if !moniker_changes {
        return;
    }
    match folder_of(moniker_after, folder, known) {
        FolderIs::There => {}
        FolderIs::Missing => expectation.folder_breach(
            rules::FLD_4,
            "a change to a mailboxMoniker that lacks the current folder",
            folder,
        ),
        FolderIs::Open => {
            expectation.maybe(
                rules::FLD_9,
                "a change to a mailboxMoniker that may lack the folder",
                BAD,
            );
        }
    }
}

/// EFF-9: every property that the object gives is stored so already.
fn is_repetition(object: &ModifiedObject, stored: &Stored) -> bool {
    object.wanted.iter().all(|(name, wanted)| match wanted {
        Wanted::Absent => true,
        Wanted::Null => match stored.values.get(name) {
            None => true,
            Some(value) => *name == "canReceiveEncryptedEmail" && value == false,
        },
        Wanted::Text(text) => stored.text(name) == Some(text),
        Wanted::Flag(flag) => stored.values.get(name).is_some_and(|value| value == flag),
        Wanted::Number(number) => stored.values.get(name).is_some_and(|value| value == number),
        Wanted::Unsure => false,
    })
}
