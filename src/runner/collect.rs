//! What the cases of one property come to: findings of one identity together,
//! the first of each shrunk.

use std::collections::BTreeMap;

use super::batch::with_grounds;
use super::case_reasons::CaseReasons;
use super::event::Event;
use super::fire::Fired;
use super::minimal::minimal;
use super::outcome::{self, Finding, Outcome, PropertyReport};
use super::property::{Need, Property};
use super::shortfall::OfCause;
use super::shrink::{Budget, Effort, Shrunk, shrink};
use super::stage::Stage;
use super::tally::redacted;
use super::trouble::Trouble;
use crate::client::Secrets;
use crate::contract::RuleId;
use crate::contract::rules::ISE_1;
use crate::generate::Case;
use crate::judge::{Page, Pages};

/// How many findings of one rule are shrunk for one property: further causes
/// are shown as they were drawn.
pub(crate) const SHRUNK_PER_RULE: usize = 2;

/// Why a property has no case, where its own needs do not say it.
const NO_CASE: &str = "the profile's mailboxes and workgroups allow no such case: it takes two \
                       mailboxes with folders that the other lacks, and one without (mailboxes)";

/// What the whole run went through, as far as it bears on one property.
#[derive(Clone, Debug)]
pub(super) struct Circumstances<'a> {
    /// Why the run ended before its time, if it did.
    pub(super) early: Option<String>,
    /// Somebody else changed a scratch workgroup.
    pub(super) disturbed: bool,
    /// How many cases were not answered because a connection was dropped.
    pub(super) dropped: usize,
    /// The pages among the answers, where a property tells of them.
    pub(super) pages: Option<&'a Pages>,
}

impl Circumstances<'_> {
    /// Whether a finding is about a page that came whatever was asked, and not
    /// about this request: it did not repeat each time, or there is no other answer.
    fn is_of_page(&self, first: &outcome::First, page: Page) -> bool {
        let is_passing = page.is_foreign && first.shown.confirmed < 3;
        self.pages.is_some() && is_passing || self.is_only_one(page)
    }

    /// Whether there is no other answer any more.
    fn is_only_one(&self, page: Page) -> bool {
        self.pages.is_some_and(|pages| pages.is_only_one(page))
    }

    /// Whether a finding is left out, for it may have another reason than the
    /// target: it did not repeat, and somebody else was about, or connections
    /// were hardly ever dropped.
    fn excuse(&self, first: &outcome::First, is_dropped: bool) -> bool {
        let stray = is_dropped && self.dropped < STRAY_DROPS;
        self.disturbed && first.shown.confirmed < 3 || stray && first.shown.confirmed == 1
    }
}

/// From so many dropped connections on, it is the target that drops them.
const STRAY_DROPS: usize = 2;

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
    unjudged: CaseReasons,
    not_offered: CaseReasons,
    /// How many cases of each cause were judged and how many went unjudged.
    causes: BTreeMap<String, OfCause>,
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
            unjudged: CaseReasons::new(),
            not_offered: CaseReasons::new(),
            causes: BTreeMap::new(),
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
    /// in the order of their indexes, but for those that were sent again.
    pub(super) fn add(&mut self, index: usize, ground: usize, case: Option<Case>, fired: Fired) {
        self.cases += 1;
        self.requests += fired.requests;
        self.accepted |= fired.accepted;
        self.rejected |= fired.rejected;
        let of_cause = self.causes.entry(fired.cause.clone()).or_default();
        match &fired.trouble {
            // What was seen before the trouble is judged.
            _ if !fired.findings.is_empty() => of_cause.judged += 1,
            None => of_cause.judged += 1,
            Some(trouble) if trouble.ends_the_run() => {}
            Some(Trouble::NotOffered(reason)) => self.not_offered.count(reason),
            Some(trouble) => {
                of_cause.unjudged += 1;
                self.unjudged.count(trouble.reason());
            }
        }
        let Some(case) = case else {
            return;
        };
        // These were counted, and would be kept with each of the findings.
        let mut fired = fired;
        (fired.outlines, fired.observations, fired.checked) = Default::default();
        for (step, finding) in fired.findings.clone() {
            let requests = self.requests;
            let identity = (finding.rule, finding.cause.clone());
            let known = self.found.get(&identity);
            let seen = known.map_or(0, |first| first.seen) + 1;
            // One that was sent again at the end comes late.
            match self
                .found
                .get_mut(&identity)
                .filter(|first| first.index <= index)
            {
                Some(first) => first.seen = seen,
                None => {
                    let first = First {
                        index,
                        ground,
                        case: case.clone(),
                        fired: fired.clone(),
                        step,
                        finding,
                        requests,
                        seen,
                    };
                    self.found.insert(identity, first);
                }
            }
        }
    }

    /// Shrinks what was found, and says how the property ended.
    pub(super) async fn conclude(
        mut self,
        stage: &Stage,
        budget: &Budget<'_>,
        circumstances: &Circumstances<'_>,
        notes: &mut Vec<String>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> PropertyReport {
        let secrets = stage.client.secrets();
        let shown = |reason: &str| secrets.redact(reason).to_string();
        let (id, rules) = (self.property.id, self.property.rules);
        let mut report = PropertyReport {
            cases: self.cases,
            requests: self.requests,
            unjudged: self.unjudged.reworded(shown),
            not_offered: self.not_offered.reworded(shown),
            causes: self
                .causes
                .iter()
                .map(|(cause, of)| (shown(cause), *of))
                .collect(),
            ..PropertyReport::without_cases(id, rules, Outcome::Held)
        };
        if let Some(reason) = self.inapplicable {
            report.outcome = Outcome::Inapplicable(reason.to_owned());
            return report;
        }
        if self.property.share.is_of_every_run() {
            return report;
        }
        if self.planned == 0 {
            report.outcome = Outcome::Inapplicable(NO_CASE.to_owned());
            return report;
        }
        let mut found: Vec<First> = std::mem::take(&mut self.found).into_values().collect();
        found.sort_by_key(|first| (first.index, std::cmp::Reverse(first.finding.level)));
        let mut shrunk_here: BTreeMap<RuleId, usize> = BTreeMap::new();
        for first in found {
            let here = shrunk_here.entry(first.finding.rule).or_default();
            let page = first.finding.page;
            let effort = match page.filter(|page| circumstances.is_only_one(*page)) {
                // Its case is told once, whatever else met it.
                Some(page) if budget.is_first_of(page) => Effort::Confirm,
                Some(_) => Effort::Nothing,
                None if *here < SHRUNK_PER_RULE && budget.is_worth_it(first.finding.rule) => {
                    Effort::Reduce
                }
                None => Effort::Confirm,
            };
            *here += 1;
            if effort == Effort::Reduce {
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
                effort,
                &mut report.requests,
            )
            .await;
            if let Some(page) = page.filter(|page| circumstances.is_of_page(&first, *page)) {
                report.pages.push((page, first.shown));
                continue;
            }
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
        report.outcome = self.outcome(&report, circumstances, secrets);
        report
    }

    /// How the property ended.
    fn outcome(
        &self,
        report: &PropertyReport,
        circumstances: &Circumstances<'_>,
        secrets: &Secrets,
    ) -> Outcome {
        if !report.findings.is_empty() {
            return Outcome::Refuted;
        }
        if self.cases < self.planned {
            let early = circumstances.early.as_deref();
            let reason = secrets.redact(early.unwrap_or("its cases could not be drawn"));
            return Outcome::Inconclusive(format!(
                "{reason}: {} of {} cases fired",
                self.cases, self.planned
            ));
        }
        if self.cases == report.not_offered.cases() {
            let reason = report.not_offered.commonest().unwrap_or_default();
            return Outcome::Inapplicable(reason.to_owned());
        }
        Outcome::Held
    }
}

/// Shrinks the first case of one finding.
async fn conclude_one(
    stage: &Stage,
    budget: &Budget<'_>,
    property: &Property,
    first: First,
    effort: Effort,
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
            let as_drawn = drawn.clone();
            let shrunk = shrink(stage, drawn, ground, witnesses, effort, budget);
            // What was found stands, whether or not there is time to shrink it.
            let shrunk = budget.limits.within(shrunk).await.unwrap_or(as_drawn);
            (shrunk, ground.workgroup.clone())
        },
    )
    .await;
    *requests += shrunk.requests;
    budget.limits.heed(shrunk.ended_by.as_ref());
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
            kind: finding.kind,
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
            explained_by: None,
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
