//! The body of a 200 (OK).

use std::collections::BTreeMap;

use serde_json::Value;

use super::Seen;
use super::answer::AnswerBody;
use super::configuration_error::license_problems;
use super::finding::{FindingKind, Verdict};
use super::shape::{problems, type_name};
use super::state::{Matching, match_added};
use crate::contract::representation::UPDATE_OPERATION_RESULT;
use crate::contract::rules;
use crate::oracle::{Effect, Expectation};

/// Adds what a 200 breaks by its body.
pub(super) fn examine(
    expectation: &Expectation,
    body: &AnswerBody,
    seen: Seen<'_>,
    verdict: &mut Verdict,
) {
    verdict.check(rules::OK_1);
    let Some(members) = body.object() else {
        verdict.refute(
            rules::OK_1,
            FindingKind::Answer,
            "a 200 has no subObjectSet",
            "a JSON object with `subObjects`",
            format!("200 with {}", body.describe()),
        );
        return;
    };
    verdict.check(rules::OK_2);
    // Accepted though it must not be: then the status alone is the finding.
    let effect = expectation
        .effect
        .as_ref()
        .filter(|_| expectation.may_accept());
    let touches =
        effect.is_some_and(|effect| !effect.added.is_empty() || !effect.modified.is_empty());
    let expected = "`subObjects`, a list; null only when nothing was added or modified";
    let mut refute = |actual: String| {
        verdict.refute(
            rules::OK_2,
            FindingKind::Answer,
            "a 200 does not list what it touched",
            expected,
            actual,
        );
    };
    let entries: &[Value] = match members.get("subObjects") {
        Some(Value::Array(entries)) => entries,
        Some(Value::Null) if !touches => &[],
        Some(Value::Null) => {
            // With an open effect (an id in two lists) nothing may be left.
            if effect.is_some_and(|effect| effect.unsure.is_empty() && !effect.ambiguous) {
                refute("subObjects that is null".to_owned());
            }
            return;
        }
        Some(other) => {
            refute(format!("subObjects that is {}", type_name(other)));
            return;
        }
        None => {
            refute("no subObjects".to_owned());
            return;
        }
    };
    for entry in entries {
        examine_entry(entry, verdict);
    }
    // Entries that are not whole are told already.
    let whole = entries
        .iter()
        .all(|entry| entry.get("id").is_some_and(Value::is_string));
    if let Some(effect) = effect.filter(|effect| whole && !effect.ambiguous) {
        examine_ids(effect, entries, seen, verdict);
    }
}

/// OK-4 and OK-5.
fn examine_entry(entry: &Value, verdict: &mut Verdict) {
    verdict.check(rules::OK_4);
    let mut plain = entry.clone();
    let licenses = plain
        .as_object_mut()
        .and_then(|members| members.remove("licenseProblems"));
    for problem in problems(&plain, &UPDATE_OPERATION_RESULT) {
        verdict.refute(
            rules::OK_4,
            FindingKind::Answer,
            "an entry of subObjects is not whole",
            "a string `id`, and a `uri` that is a URI reference or not there",
            problem,
        );
    }
    let expected =
        "a list of licenseErrors whose licenseErrorType is 1, 2 or 3, or no licenseProblems";
    verdict.check(rules::OK_5);
    let mut refute = |actual: String| {
        let message = "licenseProblems is not well formed";
        verdict.refute(rules::OK_5, FindingKind::Answer, message, expected, actual);
    };
    match licenses {
        None => {}
        Some(Value::Array(items)) => {
            for problem in items.iter().flat_map(license_problems) {
                refute(problem);
            }
        }
        Some(other) => refute(format!("licenseProblems that is {}", type_name(&other))),
    }
}

/// OK-3: which ids are listed.
fn examine_ids(effect: &Effect, entries: &[Value], seen: Seen<'_>, verdict: &mut Verdict) {
    verdict.check(rules::OK_3);
    let mut listed: Listed<'_> = BTreeMap::new();
    for id in entries
        .iter()
        .filter_map(|entry| entry.get("id").and_then(Value::as_str))
    {
        *listed.entry(id).or_default() += 1;
    }
    examine_modified(effect, &listed, verdict);
    if !effect.unsure.is_empty() {
        return;
    }
    let question = "whether ids named in remove are listed";
    for id in &effect.removed {
        let is_listed = listed.contains_key(id.as_str());
        verdict.observe(rules::EFF_7, question, yes_or_no(is_listed));
    }
    examine_added(effect, &listed, seen, verdict);
}

/// How often each id is listed.
type Listed<'a> = BTreeMap<&'a str, usize>;

/// No id is listed twice without need, and each modified one is.
fn examine_modified(effect: &Effect, listed: &Listed<'_>, verdict: &mut Verdict) {
    for (id, times) in listed {
        // One id in several lists may be listed for each.
        let modified_only = !effect.removed.iter().any(|removed| removed == id)
            && !effect
                .added
                .iter()
                .any(|object| object.id.as_deref() == Some(*id))
            && effect.modified.iter().any(|object| object.id == *id);
        if *times > 1 && (modified_only || !effect.unsure.contains(*id)) {
            refute(
                verdict,
                "an id is listed more than once",
                format!("`{id}` {times} times"),
            );
        }
    }
    for object in &effect.modified {
        if !effect.unsure.contains(&object.id) && !listed.contains_key(object.id.as_str()) {
            refute(
                verdict,
                "a modified object is not listed",
                format!("no `{}`", object.id),
            );
        }
    }
}

/// Each added object is listed, by the id that it really has where that can be told,
/// and nothing else.
fn examine_added(effect: &Effect, listed: &Listed<'_>, seen: Seen<'_>, verdict: &mut Verdict) {
    // The ids that the added objects really have, where that can be told.
    let matching = seen
        .before
        .zip(seen.after)
        .map(|(before, after)| match_added(effect, before, after));
    let actual_ids: Option<Vec<&str>> = match &matching {
        Some(Matching { found, .. }) if found.iter().all(Option::is_some) => Some(
            found
                .iter()
                .flatten()
                .map(|stored| stored.id.as_str())
                .collect(),
        ),
        _ => None,
    };
    let question = "whether an added object keeps the id that it came with";
    for (object, actual) in effect.added.iter().zip(actual_ids.iter().flatten()) {
        if let Some(given) = &object.id {
            verdict.observe(rules::EFF_7, question, yes_or_no(given == actual));
        }
    }
    let other: Vec<&str> = listed
        .keys()
        .copied()
        .filter(|id| {
            !effect.modified.iter().any(|object| object.id == **id)
                && !effect.removed.iter().any(|removed| removed == id)
        })
        .collect();
    match actual_ids {
        Some(ids) => {
            for id in &ids {
                if !listed.contains_key(id) {
                    refute(
                        verdict,
                        "an added object is not listed",
                        format!("no `{id}`"),
                    );
                }
            }
            for id in other.iter().filter(|id| !ids.contains(id)) {
                refute(
                    verdict,
                    "an object is listed that was not touched",
                    format!("`{id}`"),
                );
            }
        }
        None => {
            // An id that was removed may have been given again.
            let removed = listed.keys().filter(|id| {
                let is_it = |removed: &String| removed == *id;
                effect.removed.iter().any(is_it)
            });
            let most = other.len() + removed.count();
            if !(other.len()..=most).contains(&effect.added.len()) {
                refute(
                    verdict,
                    "the list does not hold one id for each added object",
                    format!(
                        "{} ids for {} added objects",
                        other.len(),
                        effect.added.len()
                    ),
                );
            }
        }
    }
}

fn refute(verdict: &mut Verdict, message: &str, actual: String) {
    verdict.refute(
        rules::OK_3,
        FindingKind::Answer,
        message,
        "the id of every object added or modified, each once, and no other but removed ones",
        actual,
    );
}

const fn yes_or_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}
