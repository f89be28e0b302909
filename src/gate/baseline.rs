//! Baselines: what an earlier run found no longer fails the gate; only what is
//! new does. Findings are matched by identity, never by count.

use super::Named;
use super::account::Account;
use crate::contract::RuleId;
use crate::runner::outcome::{Outcome, Report};
use crate::runner::standing::Against;

/// How many properties a note lists.
const LISTED: usize = 8;

/// Marks every finding that stands in the baseline as known, and returns what
/// is to be said beside. A part of a run cannot tell what is gone.
pub fn apply_baseline(
    report: &mut Report,
    baseline: &Account,
    partly: bool,
    named: Named,
) -> Vec<String> {
    for property in &mut report.properties {
        for finding in property.every_finding() {
            finding.known = knows(
                baseline,
                &finding.identity(),
                finding.explained_by.as_deref(),
            );
        }
    }
    let judged = |outcome: &Outcome| matches!(outcome, Outcome::Held | Outcome::Refuted);
    let properties = report.properties.iter();
    let properties = properties.map(|one| (one.id, judged(&one.outcome), one.cases));
    let findings = report.properties.iter().flat_map(|one| &one.findings);
    let identities: Vec<_> = findings
        .map(|finding| (finding.identity(), finding.known))
        .collect();
    let (against, mut notes) = against(baseline, properties, &identities, partly);
    notes.extend(another_target(
        baseline,
        &report.target.name,
        &report.target.base_url,
        named,
    ));
    report.standing.baseline = Some(against);
    notes
}

/// Whether a finding was known, which another may explain: a baseline of before
/// such findings were told has the other one alone.
pub fn knows(baseline: &Account, identity: &str, explained_by: Option<&str>) -> bool {
    let by = explained_by.filter(|_| !baseline.tells_explained);
    baseline.knows(identity) || by.is_some_and(|by| baseline.knows(by))
}

/// How findings stand to a baseline, each told with whether it was known, and what
/// is to be said beside. Each
/// property is told with whether it was judged, and with its cases.
pub fn against<'a>(
    baseline: &Account,
    properties: impl Iterator<Item = (&'a str, bool, usize)> + Clone,
    identities: &[(String, bool)],
    partly: bool,
) -> (Against, Vec<String>) {
    let known = identities.iter().filter(|(_, known)| *known).count();
    // A property of fewer cases may just not have come to the one that showed it.
    let again = |id: &str| {
        let before = baseline.properties.get(id).map_or(0, |one| one.cases);
        properties
            .clone()
            .any(|(one, judged, cases)| one == id && judged && cases >= before)
    };
    let missing = baseline.findings.iter();
    let missing =
        missing.filter(|(identity, _)| identities.iter().all(|(found, _)| found != *identity));
    let (mut gone, mut not_judged) = (Vec::new(), Vec::new());
    for (identity, told) in missing {
        if !partly && again(&told.property) {
            gone.push(identity.clone())
        } else {
            not_judged.push(identity.clone())
        }
    }
    let mut notes = Vec::new();
    let unknown: Vec<_> = properties
        .filter(|(id, judged, _)| *judged && !baseline.judged(id))
        .map(|(id, ..)| format!("`{id}`"))
        .collect();
    if !unknown.is_empty() {
        notes.push(format!(
            "the baseline did not judge {}: whatever is found there is new",
            listed(&unknown)
        ));
    }
    let unknown: Vec<_> = baseline
        .unknown_rules()
        .iter()
        .map(RuleId::to_string)
        .collect();
    if !unknown.is_empty() {
        notes.push(format!(
            "version {} wrote the baseline without the rules {}: what breaks one of them is new",
            baseline.version,
            listed(&unknown)
        ));
    }
    if baseline.contract.is_none() {
        notes.push(format!(
            "the baseline does not say which contract it is of: version {} wrote it",
            baseline.version
        ));
    }
    let against = Against {
        seed: baseline.seed.clone(),
        version: baseline.version.clone(),
        new: identities.len() - known,
        known,
        gone,
        not_judged,
    };
    (against, notes)
}

/// What is to be said where the baseline is of another target.
pub fn another_target(
    baseline: &Account,
    target: &str,
    base_url: &str,
    named: Named,
) -> Option<String> {
    let is_nobodys = |named| named == Named::Nothing;
    let what = if baseline.target != target {
        format!(
            "another target, `{}` at {}",
            baseline.target, baseline.base_url
        )
    } else if is_nobodys(baseline.named) && !is_nobodys(named) {
        "a run for which no target was named: of an embedded reference server".to_owned()
    } else if host(&baseline.base_url) != host(base_url) {
        format!("a target at another address, {}", baseline.base_url)
    } else {
        return None;
    };
    Some(format!(
        "the baseline is of {what}: what it knows was found there"
    ))
}

/// The host in an address; its port may change from run to run.
fn host(base_url: &str) -> Option<String> {
    let url = url::Url::parse(base_url).ok()?;
    url.host_str().map(str::to_owned)
}

fn listed(names: &[String]) -> String {
    let shown = names[..names.len().min(LISTED)].join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more properties"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Decision, decide};
    use crate::report::{account, samples};

    fn of(report: &Report) -> Account {
        account::of(&samples::document(report))
    }

    #[test]
    fn what_the_baseline_has_is_known_and_only_the_rest_counts() {
        let mut report = samples::every_outcome();
        report.unjudged.clear();
        let last = report.properties.len() - 1;
        report.properties.remove(last);
        let baseline = of(&report);
        let notes = apply_baseline(&mut report, &baseline, false, Named::Flag);
        assert_eq!(notes, Vec::<String>::new());
        let against = report.standing.baseline.clone().expect("a baseline");
        // One of them is waived, and is known only for as long as it is.
        assert_eq!((against.new, against.known), (1, 4));
        assert_eq!(decide(&report, true), Decision::Conforms);
        let mut new = samples::violation();
        new.cause = "another".into();
        report.properties[0].findings.push(new);
        apply_baseline(&mut report, &baseline, false, Named::Flag);
        assert_eq!(report.standing.baseline.as_ref().expect("one").new, 2);
        assert_eq!(decide(&report, false), Decision::Violates);
    }

    #[test]
    fn what_is_gone_is_told_where_it_was_judged_again_as_thoroughly() {
        let baseline = of(&samples::every_outcome());
        let cleared = |cases: usize, outcome: Outcome, partly: bool| {
            let mut report = samples::every_outcome();
            report.properties[3].findings.clear();
            report.properties[3].outcome = outcome;
            report.properties[3].cases = cases;
            apply_baseline(&mut report, &baseline, partly, Named::Flag);
            let against = report.standing.baseline.expect("a baseline");
            (against.gone.len(), against.not_judged.len())
        };
        assert_eq!(cleared(48, Outcome::Held, false), (2, 0));
        assert_eq!(cleared(47, Outcome::Held, false), (0, 2));
        assert_eq!(cleared(48, Outcome::Held, true), (0, 2));
        let inconclusive = Outcome::Inconclusive("busy".to_owned());
        assert_eq!(cleared(48, inconclusive, false), (0, 2));
    }

    #[test]
    fn what_the_baseline_did_not_judge_is_said() {
        let mut before = samples::every_outcome();
        before.properties.truncate(2);
        before.target.name = "elsewhere".to_owned();
        let mut baseline = of(&before);
        baseline.contract = None;
        let mut report = samples::every_outcome();
        let notes = apply_baseline(&mut report, &baseline, false, Named::Flag).join("\n");
        assert!(
            notes.starts_with(
                "the baseline did not judge `session/combined`, `session/missing-token`, \
                 `body/not-json`: "
            ),
            "{notes}"
        );
        assert!(notes.contains("does not say which contract"), "{notes}");
        assert!(
            notes.contains("another target, `elsewhere` at http"),
            "{notes}"
        );
        let said = |change: fn(&mut Account), named| {
            let mut baseline = of(&samples::every_outcome());
            change(&mut baseline);
            another_target(&baseline, "staging", "http://127.0.0.1:9", named).unwrap_or_default()
        };
        assert_eq!(said(|_| (), Named::Flag), "");
        let embedded = |baseline: &mut Account| baseline.named = Named::Nothing;
        assert!(said(embedded, Named::Flag).contains("no target was named"));
        assert_eq!(said(embedded, Named::Nothing), "");
        let moved = |baseline: &mut Account| baseline.base_url = "http://10.0.0.1".to_owned();
        assert!(said(moved, Named::Flag).contains("another address, http://10.0.0.1:"));
    }

    #[test]
    fn what_cannot_be_compared_is_told_apart() {
        let good = of(&samples::every_outcome());
        assert_eq!(good.unfit(), None);
        let mut shard = good.clone();
        shard.shard = Some("1/3".to_owned());
        let error = shard.unfit().expect("a shard").to_string();
        assert!(error.starts_with("is of shard 1/3"), "{error}");
        let mut nothing = good;
        nothing.properties.clear();
        let error = nothing.unfit().expect("nothing").to_string();
        assert!(error.starts_with("judged nothing"), "{error}");
    }
}
