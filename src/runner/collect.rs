//! What the cases of one property come to: findings of one identity together,
//! the first of each shrunk.

use std::collections::BTreeMap;

use super::batch::with_grounds;
use super::event::Event;
use super::fire::Fired;
use super::minimal::minimal;
use super::outcome::{self, Finding, Outcome, PropertyReport};
use super::property::{Need, Property};
use super::shrink::{Budget, Shrunk, shrink};
use super::stage::{Stage, Trouble};
use super::tally::redacted;
use crate::client::Redacted;
use crate::contract::RuleId;
use crate::contract::rules::ISE_1;
use crate::generate::Case;

/// How many findings of one rule are shrunk for one property: further causes
/// are shown as they were drawn.
pub(crate) const SHRUNK_PER_RULE: usize = 2;

/// What the whole run went through, as far as it bears on one property.
#[derive(Clone, Debug)]
pub(super) struct Circumstances {
    /// Why the run ended before its time, if it did.
    pub(super) early: Option<String>,
    /// Somebody else changed a scratch workgroup.
    pub(super) disturbed: bool,
    /// How many cases were not answered because a connection was dropped.
    pub(super) dropped: usize,
}

impl Circumstances {
    /// Whether a finding is left out, for it may have another reason than the
    /// target: it did not repeat, and somebody else was about, or connections
    /// were hardly ever dropped.
    fn excuse(&self, first: &outcome::First, is_dropped: bool) -> bool {
        let stray = is_dropped && self.dropped < STRAY_DROPS;
        self.disturbed && first.shown.confirmed < 3 || stray && first.shown.confirmed == 1
    }
}

/// From so many dropped connections on, it is the target that drops them.
const STRAY_DROPS: usize = 3;

/// Whether a finding is that a connection was dropped instead of an answer.
fn is_dropped(finding: &crate::judge::Finding) -> bool {
    finding.rule == ISE_1 && finding.status == 0
}

/// The first case that showed a finding.
struct First {
    index: usize,
    ground: usize,
    case: Case,
    fired: Fired,
    step: usize,
    finding: crate::judge::Finding,
    requests: u64,
    seen: usize,
}

/// The cases of one property, as they come in.
pub(super) struct Collected {
    /// The property.
    pub(super) property: Property,
    /// Why it is not asked.
    pub(super) inapplicable: Option<&'static str>,
    /// How many cases it was to fire.
    pub(super) planned: usize,
    /// An update was accepted.
    pub(super) accepted: bool,
    /// An update was refused.
    pub(super) rejected: bool,
    cases: usize,
    requests: u64,
    troubles: Vec<String>,
    found: BTreeMap<(RuleId, String), First>,
}

impl Collected {
    /// Nothing yet.
    pub(super) const fn new(property: Property) -> Self {
        Self {
            property,
            inapplicable: None,
            planned: 0,
            accepted: false,
            rejected: false,
            cases: 0,
            requests: 0,
            troubles: Vec::new(),
            found: BTreeMap::new(),
        }
    }

    /// How many of its cases were not answered because a connection was dropped.
    pub(super) fn dropped(&self) -> usize {
        let dropped = self
            .found
            .values()
            .filter(|first| is_dropped(&first.finding));
        dropped.map(|first| first.seen).sum()
    }

    /// Takes in the next case, itself only where something was found; they come
    /// in the order of their indexes.
    pub(super) fn add(&mut self, index: usize, ground: usize, case: Option<Case>, fired: Fired) {
        self.cases += 1;
        self.requests += fired.requests;
        self.accepted |= fired.accepted;
        self.rejected |= fired.rejected;
        if let Some(trouble @ (Trouble::Inconclusive(_) | Trouble::Unreadable(_))) = &fired.trouble
        {
            self.troubles.push(trouble.clone().reason());
        }
        let Some(case) = case else {
            return;
        };
        // These were counted, and would be kept with each of the findings.
        let mut fired = fired;
        (fired.outlines, fired.observations, fired.checked) = Default::default();
        for (step, finding) in fired.findings.clone() {
            let requests = self.requests;
            self.found
                .entry((finding.rule, finding.cause.clone()))
                .and_modify(|first| first.seen += 1)
                .or_insert_with(|| First {
                    index,
                    ground,
                    case: case.clone(),
                    fired: fired.clone(),
                    step,
                    finding,
                    requests,
                    seen: 1,
                });
        }
    }

    /// Shrinks what was found, and says how the property ended.
    pub(super) async fn conclude(
        self,
        stage: &Stage,
        budget: &Budget<'_>,
        circumstances: &Circumstances,
        notes: &mut Vec<String>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> PropertyReport {
        let secrets = stage.client.secrets();
        let shown = |reason: &str| secrets.redact(reason).to_string();
        let mut report = PropertyReport {
            id: self.property.id,
            rules: self.property.rules,
            outcome: Outcome::Held,
            cases: self.cases,
            requests: self.requests,
            findings: Vec::new(),
            firsts: Vec::new(),
        };
        if let Some(reason) = self.inapplicable {
            report.outcome = Outcome::Inapplicable(reason.to_owned());
            return report;
        }
        if self.planned == 0 {
            report.outcome =
                Outcome::Inapplicable("the profile's fixtures allow no such case".to_owned());
            return report;
        }
        let mut found: Vec<First> = self.found.into_values().collect();
        found.sort_by_key(|first| (first.index, std::cmp::Reverse(first.finding.level)));
        let mut shrunk_here: BTreeMap<RuleId, usize> = BTreeMap::new();
        for first in found {
            let here = shrunk_here.entry(first.finding.rule).or_default();
            let reducing = *here < SHRUNK_PER_RULE && budget.is_worth_it(first.finding.rule);
            *here += 1;
            if reducing {
                tell(Event::Shrinking {
                    id: self.property.id,
                });
            }
            let dropped = is_dropped(&first.finding);
            let first = conclude_one(
                stage,
                budget,
                &self.property,
                first,
                reducing,
                &mut report.requests,
            )
            .await;
            if circumstances.excuse(&first, dropped) {
                if dropped {
                    notes.push(format!(
                        "{}: a connection was dropped instead of an answer; asked again, the target answered",
                        self.property.id
                    ));
                }
                continue;
            }
            let finding = first.shown.clone();
            report.firsts.push(first);
            match report
                .findings
                .iter_mut()
                .find(|known| known.identity() == finding.identity())
            {
                Some(known) => known.seen += finding.seen,
                None => report.findings.push(finding),
            }
        }
        drop_explained(&mut report.findings);
        report.outcome = if !report.findings.is_empty() {
            Outcome::Refuted
        } else if self.cases < self.planned {
            let reason = shown(
                circumstances
                    .early
                    .as_deref()
                    .unwrap_or("its cases could not be drawn"),
            );
            Outcome::Inconclusive(format!(
                "{reason}: {} of {} cases fired",
                self.cases, self.planned
            ))
        } else if self.troubles.len() == self.cases {
            Outcome::Inconclusive(shown(&self.troubles[0]))
        } else {
            if let Some(reason) = self.troubles.first() {
                notes.push(format!(
                    "{}: {} of {} cases could not be judged: {reason}",
                    self.property.id,
                    self.troubles.len(),
                    self.cases
                ));
            }
            Outcome::Held
        };
        report
    }
}

fn drop_explained(findings: &mut Vec<Finding>) {
    let alone: Vec<Redacted> = findings
        .iter()
        .map(|finding| finding.cause.clone())
        .collect();
    findings.retain(|finding| !is_explained(finding.cause.as_ref(), &alone));
}

/// A case that is wrong in several ways shows nothing new where one of them
/// alone is a finding: whether one of these causes is a part of `cause`.
pub(crate) fn is_explained(cause: &str, alone: &[impl AsRef<str>]) -> bool {
    let mut parts = cause.split(" + ").peekable();
    let first = parts.next();
    parts.peek().is_some()
        && first
            .into_iter()
            .chain(parts)
            .any(|part| alone.iter().any(|known| known.as_ref() == part))
}

/// Shrinks the first case of one finding.
async fn conclude_one(
    stage: &Stage,
    budget: &Budget<'_>,
    property: &Property,
    first: First,
    reducing: bool,
    requests: &mut u64,
) -> outcome::First {
    let secrets = stage.client.secrets();
    let rule = first.finding.rule;
    let cause = secrets.redact_whole(&first.finding.cause);
    let (index, seen, requests_to_find) = (first.index, first.seen, first.requests);
    let needs_witness = property.needs.contains(&Need::SecondWorkgroup);
    let (shrunk, workgroup) = with_grounds(
        stage,
        first.ground,
        needs_witness,
        async |ground, witnesses| {
            ground.known = None;
            let drawn = Shrunk::drawn(first.case, first.fired, (first.step, first.finding));
            let shrunk = shrink(stage, drawn, ground, witnesses, reducing, budget).await;
            (shrunk, ground.workgroup.clone())
        },
    )
    .await;
    *requests += shrunk.requests;
    if let Some(reason) = &shrunk.gone {
        budget.limits.gone(reason.clone());
    }
    let confirmed = shrunk.confirmed;
    let told = |shrunk: Shrunk| {
        let Shrunk {
            case,
            fired,
            step,
            finding,
            ..
        } = shrunk;
        Finding {
            property: property.id,
            rule: finding.rule,
            level: finding.level,
            cause: secrets.redact_whole(&finding.cause),
            message: secrets.redact(&finding.message),
            expected: redacted(secrets, &finding.expected),
            actual: secrets.quote(&finding.actual),
            confirmed,
            seen,
            cases_to_find: index + 1,
            requests_to_find,
            beside: redacted(secrets, &finding.beside),
            waived: false,
            known: false,
            minimal: minimal(&case, step, fired.sent.get(step), secrets),
            case,
            workgroup: workgroup.clone(),
        }
    };
    let mut shrunk = shrunk;
    let unreduced = shrunk.unreduced.take();
    outcome::First {
        rule,
        cause,
        cases_to_find: index + 1,
        seen,
        unreduced: unreduced.map(|unreduced| told(*unreduced)),
        shown: told(shrunk),
    }
}
