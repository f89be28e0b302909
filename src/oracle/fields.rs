//! What one object of `add` or `modify` may say (FLD): folders against types
//! and mailboxes, given what is stored.

use super::effect::{AddedObject, Effect, ModifiedObject, Wanted};
use super::expectation::{AnswerKind, Expectation};
use super::known::{Known, Stored};
use crate::contract::enums::is_inbound;
use crate::contract::rules;

const BAD: &[AnswerKind] = &[AnswerKind::BadRequest];
const INVALID_FOLDER: &[AnswerKind] = &[AnswerKind::InvalidFolder];

/// Adds what the fields of every object deserve. What a server may store in
/// another form is noted in the effect.
pub(super) fn examine(effect: &mut Effect, known: &Known<'_>, expectation: &mut Expectation) {
    for object in &effect.added {
        examine_added(object, known, expectation);
    }
    for object in &effect.modified {
        examine_modified(object, effect, known, expectation);
    }
    // Where folder names ignore case, the one that exists may be stored.
    let added = effect.added.iter_mut().map(|object| &mut object.wanted);
    let modified = effect.modified.iter_mut().map(|object| &mut object.wanted);
    for wanted in added.chain(modified) {
        if let Some(folder) = wanted.get_mut("inboundFolder")
            && matches!(&folder, Wanted::Text(name) if is_another_case(name, known))
        {
            *folder = Wanted::Unsure;
        }
    }
}

/// Whether some mailbox has a folder of that name in another case.
fn is_another_case(name: &str, known: &Known<'_>) -> bool {
    let folders = || known.mailboxes.iter().flat_map(|(_, folders)| folders);
    let near = |other: &String| other != name && other.to_lowercase() == name.to_lowercase();
    folders().any(near) && !folders().any(|other| other == name)
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
    if let Wanted::Text(address) = wanted("emailAddress")
        && !address.is_empty()
        && !is_plain_address(&address, known.domain)
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

/// Whether an address is of the form of those that the target has accepted: that
/// of others is open (FLD-9).
fn is_plain_address(address: &str, domain: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    address.split_once('@').is_some_and(|(local, of)| {
        of == domain
            && (1..=PLAIN_LOCAL_MAX).contains(&local.len())
            && local.chars().all(plain)
            && !local.starts_with('-')
            && !local.ends_with('-')
    })
}

/// So long, in bytes, is the part of a plain address before its domain at most.
const PLAIN_LOCAL_MAX: usize = 32;

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

/// How a folder fits the type and the mailbox of its object.
enum Fit {
    Fits,
    /// The mailbox does not receive.
    Outbound,
    /// The mailbox does not have it.
    Missing,
    /// The mailbox has it but for case: not clearly another.
    Nearly,
    /// The mailbox is not known, or not which it is.
    UnknownMailbox,
    /// Whether the mailbox receives, nobody can say.
    UnknownType,
}

fn fit(mailbox_type: &After<u16>, folder: &str, moniker: &After<String>, known: &Known<'_>) -> Fit {
    match mailbox_type {
        After::Value(number) if !is_inbound(*number) => return Fit::Outbound,
        After::Value(_) => {}
        _ => return Fit::UnknownType,
    }
    let folders = match moniker {
        After::Value(moniker) => known.folders(moniker),
        _ => None,
    };
    let Some(folders) = folders else {
        return Fit::UnknownMailbox;
    };
    let near = |other: &String| other.to_lowercase() == folder.to_lowercase();
    if folders.iter().any(|other| other == folder) {
        Fit::Fits
    } else if folders.iter().any(near) {
        Fit::Nearly
    } else {
        Fit::Missing
    }
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
    // An empty one is FLD-9's.
    if folder.is_empty() {
        return;
    }
    match fit(mailbox_type, folder, moniker, known) {
        Fit::Fits => {}
        Fit::Outbound => {
            let what = format!("an outbound mailbox {how} with a folder");
            expectation.folder_breach(rules::FLD_1, what, folder);
        }
        Fit::Missing => {
            let what = format!("a folder {how} that the mailbox lacks");
            expectation.folder_breach(rules::FLD_2, what, folder);
        }
        Fit::Nearly => {
            let what = format!("a folder {how} in another case");
            expectation.maybe(rules::FLD_2, what, INVALID_FOLDER);
        }
        Fit::UnknownMailbox => {
            let what = format!("a folder {how} that may not exist");
            expectation.maybe(rules::FLD_9, what, BAD);
        }
        Fit::UnknownType => {
            let what = format!("a folder {how} to a mailbox of unsure type");
            expectation.maybe(rules::FLD_9, what, BAD);
        }
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
        examine_unknown(object, effect, known, expectation);
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

/// An object whose content is not known: certain is only what the request says
/// by itself.
fn examine_unknown(
    object: &ModifiedObject,
    effect: &Effect,
    known: &Known<'_>,
    expectation: &mut Expectation,
) {
    let wanted = |name: &str| object.wanted.get(name).cloned().unwrap_or_default();
    let given = |name: &str| match wanted(name) {
        Wanted::Absent => After::Unsure,
        said => text_after(&said, None),
    };
    let type_after = type_after(&wanted("mailboxType"), None);
    let (folder, moniker) = (given("inboundFolder"), given("mailboxMoniker"));
    // What does not exist has no content that could matter: that is EFF-4's.
    let is_it = |id: &str| id.to_lowercase() == object.id.to_lowercase();
    let stored = known.workgroup.stored();
    let may_exist = !known.workgroup.is_complete()
        || stored.iter().any(|stored| is_it(&stored.id))
        || effect
            .added
            .iter()
            .any(|added| added.id.as_deref().is_some_and(is_it));
    let may_clash = match &folder {
        After::Nothing => false,
        After::Value(folder) => match fit(&type_after, folder, &moniker, known) {
            Fit::UnknownType => true,
            Fit::UnknownMailbox => moniker == After::Unsure,
            _ => {
                examine_folder(
                    &type_after,
                    &After::Value(folder.clone()),
                    &moniker,
                    known,
                    "modified",
                    expectation,
                );
                false
            }
        },
        After::Unsure => {
            let outbound = matches!(type_after, After::Value(number) if !is_inbound(number));
            if may_exist && !outbound && matches!(moniker, After::Value(_)) {
                let what = "a change of mailboxMoniker under a folder that is not known";
                expectation.maybe(rules::FLD_4, what, INVALID_FOLDER);
            }
            outbound
        }
    };
    if may_exist && may_clash {
        let what = "a modified object whose state is not known";
        expectation.maybe(rules::FLD_7, what, BAD);
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
    match fit(type_after, folder, moniker_after, known) {
        Fit::Missing => expectation.folder_breach(
            rules::FLD_4,
            "a change to a mailboxMoniker that lacks the current folder",
            folder,
        ),
        Fit::Nearly => {
            let what = "a change to a mailboxMoniker that has the folder in another case";
            expectation.maybe(rules::FLD_4, what, INVALID_FOLDER);
        }
        Fit::UnknownMailbox => {
            let what = "a change to a mailboxMoniker that may lack the folder";
            expectation.maybe(rules::FLD_9, what, BAD);
        }
        Fit::Fits | Fit::Outbound | Fit::UnknownType => {}
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
