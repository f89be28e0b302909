//! The state read back, against what the answer promised (EFF, FLD-5 to
//! FLD-7, FLD-10, SES-13, ACC-2, ISE-3).

mod differences;
mod matching;
mod value;

use std::collections::BTreeSet;

use super::finding::{FindingKind, Verdict};
use super::{Circumstances, Seen};
use crate::contract::enums::is_inbound;
use crate::contract::rules::{self, RuleId};
use crate::oracle::{Expectation, Stored};
use differences::Differences;
use value::equal;

pub use matching::{Matching, match_added};

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
            let differences = Differences::between(effect, before, after);
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
                effect.ambiguous || Differences::between(effect, before, after).found.is_empty()
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
