//! The state read back, against what the answer promised (EFF, FLD-5 to
//! FLD-7, FLD-10, SES-13, ACC-2, ISE-3).

use std::collections::BTreeSet;

use serde_json::Value;

use super::finding::{FindingKind, Verdict};
use super::shape::{integer, type_name};
use super::{Circumstances, Seen};
use crate::contract::enums::is_inbound;
use crate::contract::rules::{self, RuleId};
use crate::oracle::{AddedObject, Effect, Expectation, ModifiedObject, Stored, Wanted};

/// Adds what the read-back breaks.
pub(super) fn examine(
    expectation: &Expectation,
    status: u16,
    seen: Seen<'_>,
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    let (Some(before), Some(after)) = (seen.before, seen.after) else {
        return;
    };
    examine_invariants(before, after, circumstances, verdict);
    match (status, &expectation.effect) {
        (200, Some(effect)) if expectation.may_accept() => {
            if effect.ambiguous {
                return;
            }
            let mut differences = Differences::default();
            compare(effect, before, after, &mut differences);
            for rule in differences.checked.iter() {
                verdict.check(*rule);
            }
            for difference in differences.found {
                verdict.refute_as(
                    difference.rule,
                    difference.rule.level(),
                    FindingKind::State,
                    difference.message,
                    vec![difference.expected],
                    difference.actual,
                );
            }
        }
        // Accepted though it must not be: the status is the finding.
        (200..300, _) => {}
        (500, effect) => {
            verdict.check(rules::ISE_3);
            let absent = same(before, after);
            let whole = effect.as_ref().is_some_and(|effect| {
                let mut differences = Differences::default();
                compare(effect, before, after, &mut differences);
                effect.ambiguous || differences.found.is_empty()
            });
            if !absent && !whole {
                verdict.refute(
                    rules::ISE_3,
                    FindingKind::State,
                    "an update answered 500 was applied in part",
                    "the update whole or absent",
                    first_change(before, after),
                );
            }
        }
        _ => {
            let rule = unchanged_rule(expectation, status);
            verdict.check(rule);
            if !same(before, after) {
                verdict.refute(
                    rule,
                    FindingKind::State,
                    format!("an update answered {status} changed the workgroup"),
                    "the workgroup as it was",
                    first_change(before, after),
                );
            }
        }
    }
}

/// Which rule says that a refused request changes nothing.
fn unchanged_rule(expectation: &Expectation, status: u16) -> RuleId {
    if !expectation.is_authenticated() {
        rules::SES_13
    } else {
        match status {
            403 => rules::ACC_2,
            410 => rules::GONE_1,
            _ => rules::EFF_3,
        }
    }
}

/// Whether two read-backs hold the same objects, in any order.
pub fn same(before: &[Stored], after: &[Stored]) -> bool {
    before.len() == after.len() && before.iter().all(|object| after.contains(object))
}

/// Whether two objects agree in everything but their ids.
pub(super) fn equal_values(one: &Stored, other: &Stored) -> bool {
    Stored::properties().all(|name| equal(one.values.get(name), other.values.get(name)))
}

/// The first difference between two read-backs, in words.
pub fn first_change(before: &[Stored], after: &[Stored]) -> String {
    for object in after {
        match before.iter().find(|known| known.id == object.id) {
            None => return format!("`{}` appeared", object.id),
            Some(known) if known != object => {
                let name = Stored::properties()
                    .find(|name| known.values.get(name) != object.values.get(name))
                    .unwrap_or("configurationId");
                return format!("`{}` has another {name}", object.id);
            }
            Some(_) => {}
        }
    }
    before
        .iter()
        .find(|known| !after.iter().any(|object| object.id == known.id))
        .map_or_else(
            || "an object stands twice".to_owned(),
            |known| format!("`{}` disappeared", known.id),
        )
}

/// EFF-8 and FLD-7, for what this exchange changed.
pub(super) fn examine_invariants(
    before: &[Stored],
    after: &[Stored],
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    verdict.check(rules::EFF_8);
    let mut ids = BTreeSet::new();
    for object in after {
        let twice_before = before.iter().filter(|known| known.id == object.id).count() > 1;
        if !ids.insert(&object.id) && !twice_before {
            verdict.refute(
                rules::EFF_8,
                FindingKind::State,
                "two stored objects have one id",
                "ids that are unique within the workgroup",
                format!("`{}` twice", object.id),
            );
        }
    }
    for object in after.iter().filter(|object| !before.contains(object)) {
        let Some(mailbox_type) = object.mailbox_type() else {
            continue;
        };
        verdict.check(rules::FLD_7);
        let Some(folder) = object
            .text("inboundFolder")
            .filter(|folder| !folder.is_empty())
        else {
            continue;
        };
        let folders = object.text("mailboxMoniker").and_then(|moniker| {
            circumstances
                .mailboxes
                .iter()
                .find(|(known, _)| known == moniker)
        });
        let lacks = folders.is_some_and(|(_, folders)| {
            !folders
                .iter()
                .any(|known| known.trim().to_lowercase() == folder.trim().to_lowercase())
        });
        if !is_inbound(mailbox_type) {
            verdict.refute(
                rules::FLD_7,
                FindingKind::State,
                "an outbound mailbox is stored with a folder",
                "no inboundFolder",
                format!("`{}` with inboundFolder `{folder}`", object.id),
            );
        } else if lacks {
            verdict.refute(
                rules::FLD_7,
                FindingKind::State,
                "an inbound mailbox is stored with a folder that its mailbox lacks",
                "a folder of its mailbox, or none",
                format!("`{}` with inboundFolder `{folder}`", object.id),
            );
        }
    }
}

/// Which stored objects the added ones became.
#[derive(Clone, Debug)]
pub struct Matching<'a> {
    /// For each added object, what it became.
    pub found: Vec<Option<&'a Stored>>,
    /// Objects that appeared and belong to none.
    pub unexplained: Vec<&'a Stored>,
}

/// Finds the added objects by content: by their address, which a test makes
/// unique, else by the id they came with, else the only one left (EFF-7).
pub fn match_added<'a>(effect: &Effect, before: &[Stored], after: &'a [Stored]) -> Matching<'a> {
    let mut new: Vec<&Stored> = after
        .iter()
        .filter(|object| !before.iter().any(|known| known.id == object.id))
        .collect();
    let mut found: Vec<Option<&Stored>> = vec![None; effect.added.len()];
    let mut take = |place: &mut Option<&'a Stored>, is_it: &dyn Fn(&Stored) -> bool| {
        if place.is_none()
            && let Some(at) = new.iter().position(|object| is_it(object))
        {
            *place = Some(new.remove(at));
        }
    };
    for (object, place) in effect.added.iter().zip(&mut found) {
        if let Some(Wanted::Text(address)) = object.wanted.get("emailAddress") {
            take(place, &|stored| {
                stored.text("emailAddress") == Some(address)
                    && object.id.as_deref().is_none_or(|id| stored.id == id)
            });
            take(place, &|stored| {
                stored.text("emailAddress") == Some(address)
            });
        }
    }
    for (object, place) in effect.added.iter().zip(&mut found) {
        take(place, &|stored| {
            Some(stored.id.as_str()) == object.id.as_deref()
        });
    }
    let missing = found.iter().filter(|place| place.is_none()).count();
    if missing == 1 && new.len() == 1 {
        let only = new.remove(0);
        if let Some(place) = found.iter_mut().find(|place| place.is_none()) {
            *place = Some(only);
        }
    }
    Matching {
        found,
        unexplained: new,
    }
}

/// One thing that is not as the answer promised.
#[derive(Clone, Debug)]
struct Difference {
    rule: RuleId,
    message: String,
    expected: String,
    actual: String,
}

#[derive(Clone, Debug, Default)]
struct Differences {
    found: Vec<Difference>,
    checked: Vec<RuleId>,
}

impl Differences {
    fn add(
        &mut self,
        rule: RuleId,
        message: &str,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) {
        self.found.push(Difference {
            rule,
            message: message.to_owned(),
            expected: expected.into(),
            actual: actual.into(),
        });
    }
}

/// Everything in which `after` is not `before` with the effect applied.
fn compare(effect: &Effect, before: &[Stored], after: &[Stored], differences: &mut Differences) {
    differences.checked.extend([rules::EFF_1, rules::EFF_2]);
    let matching = match_added(effect, before, after);
    for (object, found) in effect.added.iter().zip(&matching.found) {
        if object
            .id
            .as_ref()
            .is_some_and(|id| effect.unsure.contains(id))
        {
            continue;
        }
        match found {
            Some(stored) => compare_added(object, stored, differences),
            None => differences.add(
                rules::EFF_1,
                "an added object is not there",
                format!("an object like {}", describe_added(object)),
                "none was read back",
            ),
        }
    }
    for stored in &matching.unexplained {
        if !effect.unsure.contains(&stored.id) && effect.unsure.is_empty() {
            differences.add(
                rules::EFF_2,
                "an object appeared that nobody added",
                "only the added objects",
                format!("`{}` as well", stored.id),
            );
        }
    }
    for object in &effect.modified {
        if effect.unsure.contains(&object.id) {
            continue;
        }
        let old = before.iter().find(|stored| stored.id == object.id);
        let new = after.iter().find(|stored| stored.id == object.id);
        match (old, new) {
            (Some(old), Some(new)) => compare_modified(object, old, new, differences),
            (Some(_), None) => differences.add(
                rules::EFF_1,
                "a modified object is gone",
                format!("`{}` with the new values", object.id),
                "none was read back",
            ),
            // Accepted though it does not exist: the status is the finding.
            (None, _) => {}
        }
    }
    for id in &effect.removed {
        let was = before.iter().any(|stored| stored.id == *id);
        if was && !effect.unsure.contains(id) && after.iter().any(|stored| stored.id == *id) {
            differences.add(
                rules::EFF_1,
                "a removed object is still there",
                format!("no `{id}`"),
                "it was read back",
            );
        }
    }
    for old in before {
        let touched = effect.unsure.contains(&old.id)
            || effect.modified.iter().any(|object| object.id == old.id)
            || effect.removed.contains(&old.id)
            || before.iter().filter(|other| other.id == old.id).count() > 1;
        if touched {
            continue;
        }
        match after.iter().find(|stored| stored.id == old.id) {
            None => differences.add(
                rules::EFF_2,
                "an object that the update does not name is gone",
                format!("`{}` as it was", old.id),
                "it was not read back",
            ),
            Some(new) => {
                for name in Stored::properties() {
                    if !equal(old.values.get(name), new.values.get(name)) {
                        differences.add(
                            rules::EFF_2,
                            "an object that the update does not name has changed",
                            format!("`{}` with {name} {}", old.id, shown(old.values.get(name))),
                            shown(new.values.get(name)),
                        );
                    }
                }
            }
        }
    }
}

fn describe_added(object: &AddedObject) -> String {
    match object.wanted.get("emailAddress") {
        Some(Wanted::Text(address)) => format!("the one with emailAddress `{address}`"),
        _ => object
            .id
            .as_ref()
            .map_or("the added one".to_owned(), |id| format!("`{id}`")),
    }
}

fn compare_added(object: &AddedObject, stored: &Stored, differences: &mut Differences) {
    for (name, wanted) in &object.wanted {
        let read = stored.values.get(name);
        match (wanted, *name) {
            (Wanted::Absent, "canReceiveEncryptedEmail") => {
                differences.checked.push(rules::FLD_6);
                compare_default(rules::FLD_6, "left out", read, differences);
            }
            (Wanted::Absent, "inboundFolder") => {
                if let Some(value) = read.filter(|value| **value != "") {
                    differences.add(
                        rules::EFF_1,
                        "an added object has a folder that nobody gave",
                        "no inboundFolder",
                        shown(Some(value)),
                    );
                }
            }
            (Wanted::Absent, _) => {}
            _ => compare_given(name, wanted, None, read, differences),
        }
    }
}

fn compare_modified(
    object: &ModifiedObject,
    old: &Stored,
    new: &Stored,
    differences: &mut Differences,
) {
    for (name, wanted) in &object.wanted {
        let read = new.values.get(name);
        if *wanted == Wanted::Absent {
            let folder_may_go = *name == "inboundFolder"
                && read.is_none()
                && matches!(object.wanted.get("mailboxType"), Some(Wanted::Number(number)) if !is_inbound(*number));
            if !folder_may_go && !equal(old.values.get(name), read) {
                differences.add(
                    rules::EFF_2,
                    "a property that the modify left out has changed",
                    format!("{name} {}", shown(old.values.get(name))),
                    shown(read),
                );
            }
        } else {
            compare_given(name, wanted, old.values.get(name), read, differences);
        }
    }
}

/// FLD-5 and FLD-6: the default of canReceiveEncryptedEmail.
fn compare_default(rule: RuleId, how: &str, read: Option<&Value>, differences: &mut Differences) {
    if read != Some(&Value::Bool(false)) {
        differences.add(
            rule,
            &format!("canReceiveEncryptedEmail that was {how} does not read back as false"),
            "canReceiveEncryptedEmail false",
            shown(read),
        );
    }
}

/// A property that the request gives.
fn compare_given(
    name: &str,
    wanted: &Wanted,
    old: Option<&Value>,
    read: Option<&Value>,
    differences: &mut Differences,
) {
    let differs = |differences: &mut Differences, rule: RuleId, expected: String| {
        let message = match rule {
            rules::FLD_10 => format!("{name} does not read back exactly"),
            _ => format!("{name} does not read back as given"),
        };
        differences.add(rule, &message, expected, shown(read));
    };
    match wanted {
        Wanted::Absent | Wanted::Unsure => {}
        Wanted::Null if name == "canReceiveEncryptedEmail" => {
            differences.checked.push(rules::FLD_5);
            compare_default(rules::FLD_5, "null", read, differences);
        }
        // No text is not null: a server writes null or leaves it out.
        Wanted::Null => {
            if read.is_some() {
                differs(differences, rules::EFF_1, format!("{name} null"));
            }
        }
        Wanted::Flag(flag) => {
            if read != Some(&Value::Bool(*flag)) {
                differs(differences, rules::EFF_1, format!("{name} {flag}"));
            }
        }
        Wanted::Number(number) => {
            if read.and_then(integer) != Some(u64::from(*number)) {
                differs(differences, rules::EFF_1, format!("{name} {number}"));
            }
        }
        // Whether nothing at all and no text are one is open (FLD-9).
        Wanted::Text(text) if text.is_empty() => {
            if let Some(kept) = read.filter(|value| **value != "") {
                let message = format!("{name} does not read back as given");
                differences.add(
                    rules::EFF_1,
                    &message,
                    format!("{name} empty"),
                    shown(Some(kept)),
                );
            }
        }
        Wanted::Text(text) => {
            differences.checked.push(rules::FLD_10);
            let stored = read.and_then(Value::as_str);
            if stored != Some(text) {
                let distorted = stored.is_some_and(|stored| {
                    Some(stored) != old.and_then(Value::as_str) && is_distortion(text, stored)
                });
                let rule = if distorted {
                    rules::FLD_10
                } else {
                    rules::EFF_1
                };
                differs(
                    differences,
                    rule,
                    format!("{name} {}", Value::from(text.as_str())),
                );
            }
        }
    }
}

/// Whether what was read could be what was given, spoilt on the way: cut,
/// trimmed, folded, re-encoded. Then FLD-10 speaks; another text altogether is
/// EFF-1's.
fn is_distortion(given: &str, read: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    let (given_plain, read_plain) = (plain(given), plain(read));
    let odd = given.len() > 64
        || !given.is_ascii()
        || given.trim() != given
        || given
            .chars()
            .any(|c| c.is_control() || "\"\\<>&".contains(c));
    odd || given.to_lowercase() == read.to_lowercase()
        || (!read_plain.is_empty() && given_plain.starts_with(&read_plain))
        || (!given_plain.is_empty() && read_plain.starts_with(&given_plain))
}

/// Equality of read-back values; 1 and 1.0 are one number.
fn equal(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) if text.len() > 100 => {
            let start: String = text.chars().take(60).collect();
            format!(
                "{} ({} characters)",
                Value::from(format!("{start}…")),
                text.chars().count()
            )
        }
        Some(value @ Value::String(_)) => value.to_string(),
        Some(value) => type_name(value),
    }
}
