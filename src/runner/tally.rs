//! What became of each rule, and what the target does where the contract is
//! silent: counted over all cases of a run.

use std::collections::{BTreeMap, BTreeSet};

use super::fire::Fired;
use super::outcome::{OpenAnswer, Outcome, PropertyReport, RuleReport, RuleStatus, Untried};
use super::property::Need;
use crate::client::{Redacted, Secrets};
use crate::contract::RuleId;
use crate::contract::clauses::Clause;
use crate::contract::rules::{
    ACC_2, EFF_1, EFF_2, EFF_3, EFF_8, EFF_10, FLD_5, FLD_6, FLD_7, FLD_10, ISE_3, Level, RULES,
    SES_13, SUP_4, SUP_5, SUP_6, SUP_7, WG_2,
};
use crate::judge::Pages;

/// What only read-back shows.
const ABOUT_WHAT_IS_STORED: [RuleId; 16] = [
    SES_13, ACC_2, WG_2, FLD_5, FLD_6, FLD_7, FLD_10, EFF_1, EFF_2, EFF_3, EFF_8, EFF_10, SUP_4,
    SUP_5, SUP_7, ISE_3,
];

/// Why the list of features was not judged.
const NO_FEATURES: &str = "the target offers no list of features (offers.features)";

/// The most outlines that are kept, and the most bytes of them.
const OUTLINES_MAX: usize = 1_000;
const OUTLINE_BYTES_MAX: usize = 1024 * 1024;

/// The most questions that are kept, and the most answers to each.
const QUESTIONS_MAX: usize = 1_000;
const ANSWERS_MAX: usize = 20;

/// The counts of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    checks: BTreeMap<RuleId, u64>,
    open: BTreeMap<(RuleId, String), BTreeSet<String>>,
    outlines: BTreeSet<String>,
    outline_bytes: usize,
    /// How many outlines that were not kept yet came when there was no more room.
    outlines_left: usize,
    foreign: BTreeMap<String, String>,
    pages: Pages,
    /// The target offers no list of features.
    lacks_features: bool,
}

impl Tally {
    /// Nothing is counted yet; `features` where the target offers a list of them.
    pub fn of(features: bool) -> Self {
        Self {
            lacks_features: !features,
            ..Self::default()
        }
    }

    /// Counts one case.
    pub fn count(&mut self, fired: &Fired) {
        self.pages.count(fired.answered, &fired.pages);
        for outline in &fired.outlines {
            self.keep(outline);
        }
        if let Some((workgroup, change)) = &fired.foreign {
            self.foreign
                .entry(workgroup.clone())
                .or_insert_with(|| change.clone());
        }
        for rule in &fired.checked {
            *self.checks.entry(*rule).or_default() += 1;
        }
        for seen in &fired.observations {
            *self.checks.entry(seen.rule).or_default() += 1;
            let question = (seen.rule, seen.question.clone());
            if self.open.len() < QUESTIONS_MAX || self.open.contains_key(&question) {
                let answers = self.open.entry(question).or_default();
                if answers.len() < ANSWERS_MAX {
                    answers.insert(seen.answer.clone());
                }
            }
        }
    }

    /// Counts that a rule was put to the test around the cases.
    pub fn check(&mut self, rule: RuleId) {
        *self.checks.entry(rule).or_default() += 1;
    }

    /// Cases are counted in the order of their places, so that the same are kept
    /// at any concurrency.
    fn keep(&mut self, outline: &String) {
        if self.outlines.contains(outline) {
            return;
        }
        let bytes = self.outline_bytes + outline.len();
        if self.outlines.len() < OUTLINES_MAX && bytes <= OUTLINE_BYTES_MAX {
            self.outlines.insert(outline.clone());
            self.outline_bytes = bytes;
        } else {
            self.outlines_left += 1;
        }
    }

    /// What was left out for want of room, in words.
    pub fn left_out(&self) -> Option<String> {
        (self.outlines_left > 0).then(|| {
            format!(
                "the target's answers have more than {} shapes: those of {} more were not kept, and are in no snapshot",
                self.outlines.len(),
                self.outlines_left
            )
        })
    }

    /// Every rule's outcome, by what the selected properties came to, where the
    /// target lacks what it does not offer; of as many cases as a run draws, or of
    /// few.
    pub fn rules(
        &self,
        reports: &[PropertyReport],
        lacks: &dyn Fn(Need) -> bool,
        few: bool,
    ) -> Vec<RuleReport> {
        let offers = (!lacks(Need::ReadBack), !self.lacks_features);
        RULES
            .iter()
            .map(|rule| {
                let untried = untried(rule.id, lacks);
                let all = Clause::of(rule.id).count();
                let checks = self.checks.get(&rule.id).copied();
                // Where no clause could be tried, no check could have shown it broken.
                let is_tried = all == 0 || untried.len() < all;
                let checks = checks.filter(|_| is_tried).unwrap_or_default();
                let worst = reports
                    .iter()
                    .flat_map(|report| &report.findings)
                    .filter(|finding| finding.rule == rule.id)
                    .map(|finding| finding.level)
                    .max();
                let status = match (rule.level, worst) {
                    (_, Some(Level::Must)) => RuleStatus::Violated,
                    (_, Some(_)) => RuleStatus::Warned,
                    (Level::Open, None) => RuleStatus::Open,
                    (_, None) if checks > 0 => RuleStatus::Held,
                    (_, None) => RuleStatus::NotTested,
                };
                let untested =
                    status == RuleStatus::NotTested || (status == RuleStatus::Open && checks == 0);
                let reason = untested.then(|| match untried.first() {
                    Some(first) if !is_tried => first.reason.clone(),
                    _ => why_not(rule.id, reports, offers, few),
                });
                RuleReport {
                    id: rule.id,
                    status,
                    checks,
                    reason,
                    partly: match status {
                        RuleStatus::Held => untried,
                        _ => Vec::new(),
                    },
                }
            })
            .collect()
    }

    /// The pages among the answers.
    pub const fn pages(&self) -> &Pages {
        &self.pages
    }

    /// Whether any case put that rule to the test.
    pub fn has_checked(&self, rule: RuleId) -> bool {
        self.checks.contains_key(&rule)
    }

    /// Whether somebody else changed a scratch workgroup during the run.
    pub fn is_disturbed(&self) -> bool {
        !self.foreign.is_empty()
    }

    /// The scratch workgroups that somebody else changed, in words.
    pub fn disturbances(&self) -> impl Iterator<Item = String> {
        self.foreign.iter().map(|(workgroup, change)| {
            format!(
                "somebody else changed the scratch workgroup `{workgroup}` during the run ({change}, which no update of ours explains): give the harness workgroups of its own (workgroups.scratch)"
            )
        })
    }

    /// The outlines of all answers of the endpoint, sorted.
    pub fn outlines(&self, secrets: &Secrets) -> Vec<Redacted> {
        self.outlines
            .iter()
            .map(|outline| secrets.redact_whole(outline))
            .collect()
    }

    /// Open behaviour, by rule and question.
    pub fn open(&self, secrets: &Secrets) -> Vec<OpenAnswer> {
        self.open
            .iter()
            .map(|((rule, question), answers)| {
                let mut answers: Vec<&str> = answers.iter().map(String::as_str).collect();
                if answers.len() == ANSWERS_MAX {
                    answers.push("perhaps others");
                }
                OpenAnswer {
                    rule: *rule,
                    question: secrets.redact(question),
                    answer: secrets.redact(&answers.join(", ")),
                }
            })
            .collect()
    }
}

/// The clauses of a rule that could not be tried.
fn untried(rule: RuleId, lacks: &dyn Fn(Need) -> bool) -> Vec<Untried> {
    let untried = Clause::of(rule).filter_map(|clause| {
        let mut needs = clause.needs.iter().map(|offer| Need::from(*offer));
        let missing = needs.find(|need| lacks(*need))?;
        Some(Untried {
            clause: clause.says.to_owned(),
            reason: missing.reason().to_owned(),
        })
    });
    untried.collect()
}

fn why_not(
    rule: RuleId,
    reports: &[PropertyReport],
    (read_back, features): (bool, bool),
    few: bool,
) -> String {
    if rule == SUP_6 && !features {
        return NO_FEATURES.to_owned();
    }
    if !read_back && ABOUT_WHAT_IS_STORED.contains(&rule) {
        return Need::ReadBack.reason().to_owned();
    }
    let aimed: Vec<&PropertyReport> = reports
        .iter()
        .filter(|report| report.rules.contains(&rule))
        .collect();
    let reasons: BTreeSet<&str> = aimed
        .iter()
        .filter_map(|report| report.outcome.reason())
        .collect();
    if let Some(reason) = reasons.first() {
        return (*reason).to_owned();
    }
    if aimed
        .iter()
        .any(|report| report.outcome == Outcome::Refuted)
    {
        return "every case that could have shown it showed something else".to_owned();
    }
    match (aimed.is_empty(), few) {
        (true, _) => "no property that is aimed at it was selected".to_owned(),
        (false, true) => "none of the few cases drawn asks for it (--cases)".to_owned(),
        (false, false) => "the target gave no answer that it speaks of".to_owned(),
    }
}

/// Text that the target had a part in, fit to be shown.
pub fn redacted(secrets: &Secrets, texts: &[String]) -> Vec<Redacted> {
    texts.iter().map(|text| secrets.redact(text)).collect()
}
