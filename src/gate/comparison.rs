//! Two runs side by side: what the candidate breaks that the baseline did not,
//! what it mends, and where it behaves otherwise without breaking anything.
//! Findings are matched by identity. What differs already between two runs
//! against the baseline is noise, and no matter of the candidate. Pure.

mod rules;

use std::collections::BTreeSet;

use serde::Serialize;

use super::Decision;
use super::account::Account;
use super::shapes;
use crate::contract::Level;

pub use rules::{NewFinding, RuleChange, Verdict};

/// What two runs differ in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The rules of which there is something to say, in the order of the
    /// contract.
    pub rules: Vec<RuleChange>,
    /// Where the contract is silent and the answers differ, by rule and
    /// question.
    pub open: Vec<OpenChange>,
    /// The shapes of answers that one side alone has.
    pub shapes: Difference,
    /// What differs between two runs against the baseline; `None` where it was
    /// run once.
    pub noise: Option<Noise>,
    /// Why one side could not be judged as a whole.
    pub unjudged: Vec<String>,
}

/// An open question that is answered otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenChange {
    /// The rule.
    pub rule: String,
    /// What was asked.
    pub question: String,
    /// What the baseline answers; `None` where it was not seen.
    pub was: Option<String>,
    /// What the candidate answers.
    pub is: Option<String>,
}

/// What one side alone has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The candidate alone.
    pub new: Vec<String>,
    /// The baseline alone.
    pub gone: Vec<String>,
}

/// What two runs against the baseline differ in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Noise {
    /// The identities of findings that one of them alone has.
    pub findings: Vec<String>,
    /// The rules and questions that they answer otherwise.
    pub open: Vec<String>,
    /// The shapes that one of them alone has.
    pub shapes: Vec<String>,
}

impl Noise {
    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.open.is_empty() && self.shapes.is_empty()
    }
}

impl Comparison {
    /// Compares the candidate with one run against the baseline, or with two.
    pub fn of(baseline: &Account, again: Option<&Account>, candidate: &Account) -> Self {
        let runs = [Some(baseline), again];
        let baselines: Vec<&Account> = runs.into_iter().flatten().collect();
        let noise = again.map(|again| noise(baseline, again));
        Self {
            rules: rules::changes(&baselines, candidate),
            open: open(baseline, again, candidate),
            shapes: shapes_of(&baselines, candidate),
            noise,
            unjudged: unjudged(&baselines, candidate),
        }
    }

    /// Whether the candidate behaves otherwise where no rule says how.
    pub const fn has_drift(&self) -> bool {
        !self.open.is_empty() || !self.shapes.new.is_empty() || !self.shapes.gone.is_empty()
    }

    /// How many rules came to that.
    pub fn count(&self, verdict: Verdict) -> usize {
        let alike = self.rules.iter().filter(|rule| rule.verdict == verdict);
        alike.count()
    }

    /// Whether the candidate breaks a rule in a way that counts and that the
    /// baseline did not.
    pub fn has_new_breach(&self, strict: bool) -> bool {
        let least = if strict { Level::Should } else { Level::Must };
        let mut new = self.rules.iter().flat_map(|rule| &rule.new);
        new.any(|found| !found.waived && found.level >= least)
    }

    /// What it comes to.
    ///
    /// | seen, first row that fits                                | decision |
    /// |----------------------------------------------------------|----------|
    /// | a new finding of a must rule that no waiver covers       | violates |
    /// | one of a should rule, and `strict`                       | violates |
    /// | other answers or shapes, and `fail_on_drift`             | violates |
    /// | a side that could not be judged as a whole               | unjudged |
    /// | anything else                                            | conforms |
    pub fn decision(&self, strict: bool, fail_on_drift: bool) -> Decision {
        if self.has_new_breach(strict) || fail_on_drift && self.has_drift() {
            return Decision::Violates;
        }
        if self.unjudged.is_empty() {
            Decision::Conforms
        } else {
            Decision::Unjudged
        }
    }
}

fn open(baseline: &Account, again: Option<&Account>, candidate: &Account) -> Vec<OpenChange> {
    let questions: BTreeSet<_> = baseline.open.keys().chain(candidate.open.keys()).collect();
    let alike = have_alike_cases(baseline, candidate);
    let changes = questions.into_iter().filter_map(|question| {
        let was = baseline.open.get(question);
        let is = candidate.open.get(question);
        let is_noise = again.is_some_and(|again| again.open.get(question) != was);
        let differs = match (was, is) {
            _ if alike => was != is,
            // Fewer answers, or none, may come of other questions.
            (Some(was), Some(is)) => is.split(", ").any(|one| was.split(", ").all(|o| o != one)),
            _ => false,
        };
        (differs && !is_noise).then(|| OpenChange {
            rule: question.0.clone(),
            question: question.1.clone(),
            was: was.cloned(),
            is: is.cloned(),
        })
    });
    changes.collect()
}

fn shapes_of(baselines: &[&Account], candidate: &Account) -> Difference {
    // A report of before shapes were told says nothing of them.
    let mut sides = baselines.iter().chain([&candidate]);
    if sides.any(|side| side.shapes.is_empty()) {
        return Difference::default();
    }
    let now = &candidate.shapes;
    let known = |shape: &&String| baselines.iter().any(|one| one.shapes.contains(*shape));
    let stable = |shape: &&String| baselines.iter().all(|one| one.shapes.contains(*shape));
    let before = baselines.iter().flat_map(|one| &one.shapes);
    let gone: BTreeSet<&String> = before
        .filter(stable)
        .filter(|shape| !now.contains(*shape))
        .collect();
    let new = now.iter().filter(|shape| !known(shape));
    let (new, gone): (Vec<_>, Vec<_>) = (new.collect(), gone.into_iter().collect());
    if baselines.iter().all(|one| have_alike_cases(one, candidate)) {
        return Difference {
            new: new.into_iter().cloned().collect(),
            gone: gone.into_iter().cloned().collect(),
        };
    }
    let before = baselines.iter().flat_map(|one| &one.shapes);
    Difference {
        new: shapes::unknown(
            before.map(|s| s.as_str()),
            new.into_iter().map(|s| s.as_str()),
        ),
        gone: Vec::new(),
    }
}

/// Whether both were asked the same. Otherwise what is missing says nothing.
fn have_alike_cases(one: &Account, other: &Account) -> bool {
    (&one.seed, one.cases) == (&other.seed, other.cases)
        && one.properties.keys().eq(other.properties.keys())
}

fn noise(one: &Account, other: &Account) -> Noise {
    let either = one.findings.keys().chain(other.findings.keys());
    let both = |identity: &str| {
        one.findings.contains_key(identity) && other.findings.contains_key(identity)
    };
    let findings: BTreeSet<&String> = either.filter(|identity| !both(identity)).collect();
    let questions: BTreeSet<_> = one.open.keys().chain(other.open.keys()).collect();
    let differs = |question: &(String, String)| one.open.get(question) != other.open.get(question);
    let open = questions.into_iter().filter(|question| differs(question));
    Noise {
        findings: findings.into_iter().cloned().collect(),
        open: open
            .map(|(rule, question)| format!("{rule} {question}"))
            .collect(),
        shapes: one
            .shapes
            .symmetric_difference(&other.shapes)
            .cloned()
            .collect(),
    }
}

/// Why a side could not be judged as a whole, each reason once.
fn unjudged(baselines: &[&Account], candidate: &Account) -> Vec<String> {
    let mut properties = candidate.properties.keys();
    let both = |id: &String| candidate.judged(id) && baselines.iter().all(|one| one.judged(id));
    let mut reasons: Vec<String> = Vec::new();
    if !properties.any(both) {
        reasons.push("no property was judged on both sides".to_owned());
    }
    let baselines = baselines.iter().map(|one| ("baseline", *one));
    for (name, account) in baselines.chain([("candidate", candidate)]) {
        let whole = account
            .unjudged
            .iter()
            .map(|reason| format!("the {name}: {reason}"));
        let properties = account.properties.iter();
        let properties = properties
            .filter(|(_, one)| one.inconclusive)
            .map(|(id, one)| {
                let reason = one.reason.as_deref().unwrap_or("no reason was told");
                format!("the {name} could not judge `{id}`: {reason}")
            });
        for reason in whole.chain(properties) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{account, samples};
    use crate::runner::Report;

    fn of(change: impl FnOnce(&mut Report)) -> Account {
        let mut report = samples::every_outcome();
        // What could not be judged has a test of its own.
        report.unjudged.clear();
        report.properties.pop();
        report.outlines = vec!["a".into(), "b".into()];
        change(&mut report);
        account::of(&samples::document(&report))
    }

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let one = of(|_| ());
        let comparison = Comparison::of(&one, Some(&one), &one);
        assert!(!comparison.has_drift(), "{comparison:?}");
        assert_eq!(comparison.count(Verdict::StillFailing), 4);
        assert_eq!(comparison.rules.len(), 4, "{comparison:?}");
        assert!(comparison.noise.as_ref().is_some_and(Noise::is_empty));
        assert_eq!(comparison.decision(true, true), Decision::Conforms);
    }

    #[test]
    fn answers_and_shapes_are_compared_and_noise_is_no_drift() {
        let one = of(|_| ());
        let other = of(|report| {
            report.open[0].answer = "404".into();
            report.outlines = vec!["a".into(), "c".into()];
        });
        let comparison = Comparison::of(&one, None, &other);
        assert_eq!(comparison.open[0].was.as_deref(), Some("200"));
        assert_eq!(comparison.open[0].is.as_deref(), Some("404"));
        assert_eq!(comparison.shapes.new, ["c"]);
        assert_eq!(comparison.shapes.gone, ["b"]);
        assert_eq!(comparison.decision(true, false), Decision::Conforms);
        assert_eq!(comparison.decision(false, true), Decision::Violates);
        let noisy = Comparison::of(&one, Some(&other), &other);
        assert!(!noisy.has_drift(), "{noisy:?}");
        let noise = noisy.noise.expect("measured");
        assert_eq!(noise.open, ["EFF-5 remove of an id that does not exist"]);
        assert_eq!(noise.shapes, ["b", "c"]);
        // Of other cases, what is missing says nothing.
        let less = of(|report| {
            report.seed = crate::runner::Seed::new(1);
            report.open.clear();
            report.outlines = vec!["a".into()];
        });
        assert!(!Comparison::of(&one, None, &less).has_drift());
        let more = of(|report| {
            report.seed = crate::runner::Seed::new(1);
            report.open[0].answer = "200, 404".into();
            report.outlines = vec!["c".into()];
        });
        let comparison = Comparison::of(&one, None, &more);
        assert_eq!((comparison.open.len(), comparison.shapes.new.len()), (1, 1));
        assert!(comparison.shapes.gone.is_empty(), "{comparison:?}");
        // A report of before there were shapes.
        let old = of(|report| report.outlines.clear());
        assert!(!Comparison::of(&old, None, &one).has_drift());
    }

    #[test]
    fn a_side_that_could_not_be_judged_makes_it_inconclusive() {
        let one = of(|_| ());
        let other = of(|report| {
            report.unjudged.push("the run was interrupted".to_owned());
            report.properties[0].outcome = crate::runner::Outcome::Inconclusive("busy".to_owned());
        });
        let comparison = Comparison::of(&one, Some(&one), &other);
        assert_eq!(
            comparison.unjudged,
            [
                "the candidate: the run was interrupted",
                "the candidate could not judge `answer/success`: busy"
            ]
        );
        assert_eq!(comparison.decision(false, false), Decision::Unjudged);
        let elsewhere = of(|report| report.properties.clear());
        let comparison = Comparison::of(&one, None, &elsewhere);
        assert_eq!(
            comparison.unjudged,
            ["no property was judged on both sides"]
        );
    }
}
