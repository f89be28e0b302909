//! The JSON reports of the shards of one run, put together to what the whole
//! run would have reported.

mod baseline;
mod ruling;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use ruling::rule_over;

pub use baseline::apply_baseline;

use super::document::{Document, Ended, First, Found, Open, Property, Rule};
use crate::contract::Level;
use crate::gate::{LastLine, Scope};
use crate::runner::case_reasons::{CaseReason, CaseReasons};
use crate::runner::explained::{Explainable, explain_all, of_form};
use crate::runner::outcome::{RuleStatus, Untried};
use crate::runner::shard::ELSEWHERE;
use crate::runner::shortfall::{CaseCounts, OfCause, shortfall};
use crate::runner::{SHRUNK_PER_RULE, SHRUNK_PER_RUN, Shard};

/// Why reports do not make a whole.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MergeError {
    /// None was named.
    #[error("no report to merge: name the JSON reports of all shards of one run")]
    Nothing,
    /// A report of a whole run.
    #[error(
        "`{0}` is of a whole run: accepted are reports of runs with `--shard K/N`, one for each K"
    )]
    Whole(String),
    /// A text where the shard stands that names none.
    #[error("`{0}`: `shard`: {1}")]
    NoShard(String, String),
    /// A shard is there twice.
    #[error("`{0}` and `{1}` are both of shard {2}: name each shard once")]
    Twice(String, String, Shard),
    /// The reports differ in what all shards of one run have in common.
    #[error(
        "`{0}` and `{1}` are of different runs: their {2} differ; all shards of one run have the \
         same seed, target, properties and options"
    )]
    Different(String, String, &'static str),
}

/// What became of the shards of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The report of the whole.
    pub document: Document,
    /// How many shards were there.
    pub shards: usize,
    /// What people read last.
    pub line: LastLine,
}

/// Merges the reports, each with the name that messages call it by.
///
/// # Errors
/// Where they are not the shards of one run. A shard that is missing is no
/// error: then the whole cannot conform, and says so.
pub fn merge(reports: Vec<(String, Document)>) -> Result<Merged, MergeError> {
    let mut parts: BTreeMap<usize, (String, Document)> = BTreeMap::new();
    let mut of = 1;
    for (name, document) in reports {
        let shard = shard_of(&name, &document)?;
        if let Some((other, known)) = parts.values().next() {
            if let Some(what) = difference(known, &document) {
                return Err(MergeError::Different(other.clone(), name, what));
            }
            if of != shard.of() {
                let what = "numbers of shards";
                return Err(MergeError::Different(other.clone(), name, what));
            }
        }
        of = shard.of();
        if let Some((other, _)) = parts.get(&shard.number()) {
            return Err(MergeError::Twice(other.clone(), name, shard));
        }
        parts.insert(shard.number(), (name, document));
    }
    let missing: Vec<_> = (1..=of)
        .filter(|number| !parts.contains_key(number))
        .collect();
    let parts: Vec<Document> = parts.into_values().map(|(_, document)| document).collect();
    let Some(first) = parts.first() else {
        return Err(MergeError::Nothing);
    };
    let shards = parts.len();
    let mut shrunk = BTreeMap::new();
    let mut properties: Vec<_> = (0..first.properties.len())
        .map(|place| {
            let parts = parts.iter().map(|part| &part.properties[place]);
            property(parts, &mut shrunk)
        })
        .collect();
    explain(&mut properties);
    let checked = checked(&parts);
    for property in &mut properties {
        weigh(property, &checked);
    }
    let mut document = Document {
        shard: None,
        everything: None,
        requests: parts.iter().map(|part| part.requests).sum(),
        cases: parts.iter().map(|part| part.cases).sum(),
        // They may have run beside each other.
        elapsed_ms: parts.iter().map(|part| part.elapsed_ms).max().unwrap_or(0),
        rules: rules(&parts, &properties),
        open: open(&parts),
        shapes: shapes(&parts),
        baseline: None,
        drift: None,
        failures: Vec::new(),
        stale_waivers: Vec::new(),
        unjudged: union(parts.iter().map(|part| &part.unjudged)),
        notes: union(parts.iter().map(|part| &part.notes)),
        properties,
        ..first.clone()
    };
    if !missing.is_empty() {
        let missing: Vec<_> = missing
            .iter()
            .map(|number| format!("{number}/{of}"))
            .collect();
        let missing = missing.join(", ");
        document
            .unjudged
            .push(format!("shards are missing: {missing}"));
    }
    if parts
        .iter()
        .any(|part| part.target.base_url != first.target.base_url)
    {
        let note = "the shards reached the target at different addresses";
        document.notes.push(note.to_owned());
    }
    document.baseline = baseline::known_before(&parts, &document);
    // What every shard says of a waiver, the whole does.
    let mut stale = parts[0].stale_waivers.clone();
    stale.retain(|told| parts.iter().all(|part| part.stale_waivers.contains(told)));
    if document.strict && document.unjudged.is_empty() {
        document.failures = stale
    } else {
        document.notes.extend(stale)
    }
    // Where one of them says nothing of it, it is of before that was told.
    let everything = parts.iter().all(|part| part.everything != Some(false));
    document.scope = if everything {
        Scope::Whole
    } else {
        Scope::Part
    };
    let line = rule_over(&mut document);
    Ok(Merged {
        document,
        shards,
        line,
    })
}

fn shard_of(name: &str, document: &Document) -> Result<Shard, MergeError> {
    let Some(text) = &document.shard else {
        return Err(MergeError::Whole(name.to_owned()));
    };
    text.parse()
        .map_err(|error| MergeError::NoShard(name.to_owned(), format!("{error}")))
}

/// What two reports differ in, although the shards of one run do not.
fn difference(one: &Document, other: &Document) -> Option<&'static str> {
    let ids = |document: &Document| -> Vec<String> {
        let properties = document.properties.iter();
        properties.map(|property| property.id.clone()).collect()
    };
    let baseline = |document: &Document| {
        let against = document.baseline.as_ref();
        against.map(|against| (against.seed.clone(), against.version.clone()))
    };
    let rules = |document: &Document| -> Vec<String> {
        document.rules.iter().map(|rule| rule.id.clone()).collect()
    };
    [
        ("seeds", one.seed != other.seed),
        ("target names", one.target.name != other.target.name),
        (
            "versions",
            one.tool != other.tool || rules(one) != rules(other),
        ),
        (
            "features of the target",
            one.target.features != other.target.features,
        ),
        ("selected properties", ids(one) != ids(other)),
        ("numbers of cases (`--cases`)", one.budget != other.budget),
        (
            "selections (`--only`, `--skip`)",
            one.everything != other.everything,
        ),
        ("gates (`--strict`)", one.strict != other.strict),
        ("baselines", baseline(one) != baseline(other)),
    ]
    .into_iter()
    .find_map(|(what, differs)| differs.then_some(what))
}

/// What the whole run would have found. It makes only some findings of a rule
/// smaller, and so may a shard do with more of them: of those, what they were
/// before is told. `shrunk` counts by rule through the whole run.
fn findings<'a>(
    parts: impl Iterator<Item = &'a Property>,
    shrunk: &mut BTreeMap<String, usize>,
) -> Vec<Found> {
    // Firsts of one case are of one shard, in their order already.
    let mut all: Vec<&First> = parts.flat_map(|part| &part.firsts).collect();
    all.sort_by_key(|first| first.cases_to_find);
    let mut firsts: Vec<(&First, usize)> = Vec::new();
    for first in all {
        let alike = |known: &First| (&known.rule, &known.cause) == (&first.rule, &first.cause);
        match firsts.iter_mut().find(|(known, _)| alike(known)) {
            Some((_, seen)) => *seen += first.seen,
            None => firsts.push((first, first.seen)),
        }
    }
    let mut here: BTreeMap<&str, usize> = BTreeMap::new();
    let mut findings: Vec<Found> = Vec::new();
    for (first, seen) in firsts {
        let here = here.entry(&first.rule).or_default();
        let reducing = *here < SHRUNK_PER_RULE && {
            let count = shrunk.entry(first.rule.clone()).or_default();
            *count += 1;
            *count <= SHRUNK_PER_RUN
        };
        *here += 1;
        let unreduced = first.unreduced.as_ref().filter(|_| !reducing);
        let found = unreduced.unwrap_or(&first.shown);
        match findings
            .iter_mut()
            .find(|known| known.identity == found.identity)
        {
            Some(known) => known.seen += seen,
            None => findings.push(Found {
                seen,
                ..found.clone()
            }),
        }
    }
    findings
}

/// Says of each finding whether another explains it, as they count now.
pub(super) fn explain(properties: &mut [Property]) {
    let told = |property: &Property| -> Vec<Explainable> {
        let findings = property.findings.iter();
        let told = findings.map(|found| Explainable {
            property: property.id.clone(),
            kind: found.kind,
            level: found.level,
            cause: found.cause.clone(),
            beside: found.beside.clone(),
            identity: found.identity.clone(),
            counts: !found.waived && !found.known,
            of_form: of_form(&found.rule),
            is_aimed_at: property.rules.contains(&found.rule),
        });
        told.collect()
    };
    let all: Vec<Explainable> = properties.iter().flat_map(told).collect();
    let mut explained = explain_all(&all).into_iter();
    for found in properties.iter_mut().flat_map(|one| &mut one.findings) {
        found.explained_by = explained.next().flatten();
    }
}

/// One property of all shards.
fn property<'a>(
    parts: impl Iterator<Item = &'a Property> + Clone,
    shrunk: &mut BTreeMap<String, usize>,
) -> Property {
    let findings = findings(parts.clone(), shrunk);
    let ended = |outcome: Ended| parts.clone().find(|part| part.outcome == outcome);
    let here = |part: &&Property| part.reason.as_deref() != Some(ELSEWHERE);
    let inapplicable = parts
        .clone()
        .filter(|part| part.outcome == Ended::Inapplicable);
    let held = ended(Ended::Held).or(ended(Ended::Refuted));
    let (outcome, reason) = if !findings.is_empty() {
        (Ended::Refuted, None)
    } else if let Some(part) = ended(Ended::Inconclusive) {
        (Ended::Inconclusive, part.reason.clone())
    } else if held.is_some() {
        (Ended::Held, None)
    } else {
        let nearest = inapplicable
            .clone()
            .find(here)
            .or(inapplicable.clone().next());
        let reason = nearest.and_then(|part| part.reason.clone());
        (Ended::Inapplicable, reason)
    };
    let first = parts.clone().next();
    Property {
        id: first.map(|part| part.id.clone()).unwrap_or_default(),
        outcome,
        cases: parts.clone().map(|part| part.cases).sum(),
        requests: parts.clone().map(|part| part.requests).sum(),
        rules: first.map(|part| part.rules.clone()).unwrap_or_default(),
        reason,
        unjudged: reasons(parts.clone().flat_map(|part| &part.unjudged)),
        not_offered: reasons(parts.clone().flat_map(|part| &part.not_offered)),
        shortfall: None,
        causes: causes(parts),
        findings,
        firsts: Vec::new(),
    }
}

/// The reasons of all shards, each once.
fn reasons<'a>(reasons: impl Iterator<Item = &'a CaseReason>) -> Vec<CaseReason> {
    reasons.cloned().collect::<CaseReasons>().list()
}

/// How many cases of each cause all shards judged.
fn causes<'a>(parts: impl Iterator<Item = &'a Property>) -> BTreeMap<String, OfCause> {
    let mut causes: BTreeMap<String, OfCause> = BTreeMap::new();
    for (cause, of) in parts.flat_map(|part| &part.causes) {
        let whole = causes.entry(cause.clone()).or_default();
        whole.judged += of.judged;
        whole.unjudged += of.unjudged;
    }
    causes
}

/// The must and should rules that any shard put to the test.
fn checked(parts: &[Document]) -> BTreeSet<String> {
    let rules = parts.iter().flat_map(|part| &part.rules);
    let checked = rules.filter(|rule| rule.checks > 0 || rule.level == Level::Open);
    checked.map(|rule| rule.id.clone()).collect()
}

/// Says whether enough of a property was judged, and drops what only shards tell.
fn weigh(property: &mut Property, checked: &BTreeSet<String>) {
    let causes = std::mem::take(&mut property.causes);
    if !matches!(property.outcome, Ended::Held | Ended::Refuted) {
        return;
    }
    let unchecked = property
        .rules
        .iter()
        .filter(|rule| !checked.contains(*rule));
    let unchecked: Vec<&str> = unchecked.map(String::as_str).collect();
    let counts = CaseCounts {
        cases: property.cases,
        not_offered: &property.not_offered.iter().cloned().collect(),
        unjudged: &property.unjudged.iter().cloned().collect(),
        causes: &causes,
    };
    property.shortfall = shortfall(counts, &unchecked);
    if let (Ended::Held, Some(reason)) = (property.outcome, &property.shortfall) {
        property.outcome = Ended::Inconclusive;
        property.reason = Some(reason.clone());
    }
}

/// Every rule, by what the merged properties show and all shards checked.
fn rules(parts: &[Document], properties: &[Property]) -> Vec<Rule> {
    let Some(first) = parts.first() else {
        return Vec::new();
    };
    let findings: Vec<&Found> = properties.iter().flat_map(|one| &one.findings).collect();
    let merged = first.rules.iter().enumerate().map(|(place, rule)| {
        let all = parts.iter().map(|part| &part.rules[place]);
        let checks = all.clone().map(|rule| rule.checks).sum();
        let broken = findings.iter().filter(|found| found.rule == rule.id);
        let status = match (rule.level, broken.map(|found| found.level).max()) {
            (_, Some(Level::Must)) => RuleStatus::Violated,
            (_, Some(_)) => RuleStatus::Warned,
            (Level::Open, None) => RuleStatus::Open,
            (_, None) if checks > 0 => RuleStatus::Held,
            (_, None) => RuleStatus::NotTested,
        };
        let untested = matches!(status, RuleStatus::NotTested | RuleStatus::Open) && checks == 0;
        Rule {
            id: rule.id.clone(),
            level: rule.level,
            status,
            checks,
            reason: untested.then(|| why_not(&rule.id, all.clone(), properties)),
            partly: match status {
                RuleStatus::Held => tried_nowhere(all),
                _ => Vec::new(),
            },
        }
    });
    merged.collect()
}

/// The clauses of a held rule that no shard could try.
fn tried_nowhere<'a>(shards: impl Iterator<Item = &'a Rule> + Clone) -> Vec<Untried> {
    // One that did not hold the rule says nothing of its clauses.
    let mut held = shards.filter(|rule| rule.status == RuleStatus::Held);
    let first = held.next();
    let mut untried = first.map_or_else(Vec::new, |rule| rule.partly.clone());
    for rule in held {
        untried.retain(|one| rule.partly.contains(one));
    }
    untried
}

/// Why no shard tested a rule: as the merged properties say, else as a shard
/// that had cases for it.
fn why_not<'a>(
    rule: &str,
    shards: impl Iterator<Item = &'a Rule>,
    properties: &[Property],
) -> String {
    let aimed = properties
        .iter()
        .filter(|one| one.rules.iter().any(|known| known == rule));
    let reasons: BTreeSet<&str> = aimed.filter_map(|one| one.reason.as_deref()).collect();
    let of_shards: Vec<&str> = shards.filter_map(|rule| rule.reason.as_deref()).collect();
    let nearest = of_shards.iter().find(|reason| **reason != ELSEWHERE);
    let reason = reasons.first().or(nearest).or(of_shards.first());
    reason
        .copied()
        .unwrap_or("nothing sent could show it")
        .to_owned()
}

/// Open behaviour, each answer of a question once.
fn open(parts: &[Document]) -> Vec<Open> {
    let mut answers: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for open in parts.iter().flat_map(|part| &part.open) {
        let question = (open.rule.as_str(), open.question.as_str());
        answers.entry(question).or_default().insert(&open.answer);
    }
    let joined = answers.into_iter().map(|((rule, question), answers)| Open {
        rule: rule.to_owned(),
        question: question.to_owned(),
        answer: match answers.len() {
            1 => answers.into_iter().collect(),
            _ => {
                let each: BTreeSet<&str> =
                    answers.iter().flat_map(|text| text.split(", ")).collect();
                each.into_iter().collect::<Vec<_>>().join(", ")
            }
        },
    });
    joined.collect()
}

/// The shapes of all answers, sorted.
fn shapes(parts: &[Document]) -> Vec<String> {
    let all: BTreeSet<&String> = parts.iter().flat_map(|part| &part.shapes).collect();
    all.into_iter().cloned().collect()
}

/// What any shard says, once.
fn union<'a>(lists: impl Iterator<Item = &'a Vec<String>>) -> Vec<String> {
    let mut union: Vec<String> = Vec::new();
    for text in lists.flatten() {
        if !union.contains(text) {
            union.push(text.clone());
        }
    }
    union
}
