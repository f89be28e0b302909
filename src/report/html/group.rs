//! Findings by the rule that they break, as the page shows them.

use std::cmp::Reverse;

use crate::contract::Level;
use crate::report::document::{Document, Found};
use crate::report::finding_text::{SENTENCE_MAX, request, says, script};
use crate::report::printable::{excerpt, printable};

/// The most further findings of a rule that are shown whole.
const WHOLE_MAX: usize = 10;
/// The most that are named beside.
const NAMED_MAX: usize = 100;

/// One rule that is broken.
pub(super) struct Group {
    pub(super) rule: String,
    pub(super) level: &'static str,
    pub(super) tone: &'static str,
    pub(super) says: &'static str,
    /// The finding with the smallest request.
    pub(super) first: Shown,
    /// Others, as far as there is room.
    pub(super) whole: Vec<Shown>,
    /// The identities of the rest, as far as there is room.
    pub(super) named: Vec<String>,
    /// How many the rest are.
    pub(super) left: usize,
}

/// One finding, in printable texts of bounded length.
pub(super) struct Shown {
    pub(super) rule: String,
    pub(super) level: &'static str,
    pub(super) property: String,
    pub(super) cause: String,
    pub(super) message: String,
    pub(super) expected: Vec<String>,
    pub(super) actual: String,
    pub(super) confirmed: String,
    pub(super) before: Vec<String>,
    pub(super) request: String,
    pub(super) replay: Option<String>,
    pub(super) curl: String,
}

/// Every finding that counts; what fails the gate comes first.
pub(super) fn groups(document: &Document) -> Vec<Group> {
    let mut by_rule: Vec<(&str, Vec<&Found>)> = Vec::new();
    for found in document.findings().filter(|found| found.counts()) {
        match by_rule.iter_mut().find(|(rule, _)| *rule == found.rule) {
            Some((_, alike)) => alike.push(found),
            None => by_rule.push((&found.rule, vec![found])),
        }
    }
    let fails = |alike: &[&Found]| alike.iter().any(|found| document.fails(found));
    let most = |alike: &[&Found]| alike.iter().map(|found| found.level).max();
    by_rule.sort_by_key(|(_, alike)| Reverse((fails(alike), most(alike))));
    let groups = by_rule.into_iter();
    groups
        .filter_map(|(_, alike)| Group::of(document, alike))
        .collect()
}

impl Group {
    /// The group of findings of one rule; `None` of none.
    fn of(document: &Document, mut alike: Vec<&Found>) -> Option<Self> {
        // A finding that fails the gate explains the group better than the
        // smallest warning does.
        alike.sort_by_key(|found| (Reverse(document.fails(found)), Reverse(found.level)));
        let top = alike.first()?.level;
        let size = |found: &Found| {
            let before = found.minimal.before.iter().map(String::len);
            found.minimal.body.len() + before.sum::<usize>()
        };
        let rivals = alike.iter().take_while(|found| found.level == top);
        let smallest = rivals.enumerate().min_by_key(|(_, found)| size(found));
        let first = alike.remove(smallest.map_or(0, |(place, _)| place));
        let rest = alike.iter().skip(WHOLE_MAX);
        Some(Self {
            rule: excerpt(&first.rule, SENTENCE_MAX),
            level: first.level.as_str(),
            tone: match first.level {
                Level::Must => "bad",
                Level::Should | Level::Open => "doubtful",
            },
            says: says(&first.rule),
            first: Shown::of(first),
            whole: alike
                .iter()
                .take(WHOLE_MAX)
                .map(|found| Shown::of(found))
                .collect(),
            named: rest
                .clone()
                .take(NAMED_MAX)
                .map(|found| excerpt(&found.identity, SENTENCE_MAX))
                .collect(),
            left: rest.count(),
        })
    }
}

impl Shown {
    pub(super) fn of(found: &Found) -> Self {
        let short = |text: &str| excerpt(text, SENTENCE_MAX);
        let property = found.identity.split(" · ").next().unwrap_or_default();
        let times = match found.seen {
            1 => "1 case".to_owned(),
            seen => format!("{seen} cases"),
        };
        Self {
            rule: short(&found.rule),
            level: found.level.as_str(),
            property: short(property),
            cause: short(&found.cause),
            message: short(&found.message),
            expected: found.expected.iter().map(|legal| short(legal)).collect(),
            actual: short(&found.actual),
            confirmed: format!("{}; seen in {times}", short(&found.confirmed)),
            before: found
                .minimal
                .before
                .iter()
                .map(|text| short(text))
                .collect(),
            request: request(&found.minimal),
            replay: found.replay.as_deref().map(printable),
            curl: script(&found.curl),
        }
    }
}
