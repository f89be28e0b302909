//! What does not count hides nothing: of two faults of one server, one waived,
//! known or only a warning, the other is found as it is alone, and decides.
//!
//! `ICWS_PAIRS=200 cargo test --test proof pairs` tries that many drawn pairs.

use std::collections::BTreeSet;

use icws_conformance::contract::rules::ISE_4;
use icws_conformance::contract::{Level, RuleId};
use icws_conformance::gate::{Decision, decide};
use icws_conformance::reference::{Fault, Settings};
use icws_conformance::runner::explained::explain;
use icws_conformance::runner::{Property, Report};
use icws_conformance::selfcheck::PROOFS;
use icws_conformance::suites;

use crate::running;

/// How many pairs are tried where nobody asks for more.
const PAIRS: usize = 6;

/// How many of a hundred pairs may be of faults of which one keeps the other from
/// showing at all, whatever is waived.
const MOST_MASKED: usize = 10;

type Proof = (RuleId, Fault);

#[test]
fn what_does_not_count_hides_no_other_fault() {
    let pairs = std::env::var("ICWS_PAIRS").ok();
    let pairs = pairs.map_or(PAIRS, |text| text.parse().expect("a number of pairs"));
    let (mut hidden, mut masked) = (Vec::new(), 0);
    for (number, (first, second)) in drawn().take(pairs).enumerate() {
        let name = format!("{} behind {}", second.1.row().name, first.1.row().name);
        let alone = report(&[first], &[first.0, second.0]);
        let mut both = report(&[first, second], &[first.0, second.0]);
        let known: BTreeSet<String> = identities(&alone).collect();
        for property in &mut both.properties {
            for finding in &mut property.findings {
                let does_not_count = known.contains(&finding.identity());
                // In turn as a waiver and as a baseline would mark it.
                finding.waived = does_not_count && number % 2 == 0;
                finding.known = does_not_count && number % 2 == 1;
            }
        }
        explain(&mut both.properties);
        let all = both.properties.iter().flat_map(|one| &one.findings);
        let new: Vec<_> = all
            .filter(|finding| !finding.waived && !finding.known)
            .collect();
        let second_found = new.iter().any(|finding| finding.rule == second.0);
        if !second_found {
            masked += 1;
        } else if decide(&both, second.0.level() < Level::Must) != Decision::Violates {
            hidden.push(name);
        }
    }
    assert!(hidden.is_empty(), "hidden: {hidden:#?}");
    assert!(
        masked * 100 <= pairs * MOST_MASKED + 100,
        "{masked} of {pairs} second faults did not show at all"
    );
}

/// Pairs of faults of different rules, spread over all of them.
fn drawn() -> impl Iterator<Item = (Proof, Proof)> {
    let all = PROOFS.len();
    (0..).filter_map(move |number: usize| {
        let first = PROOFS[number * 37 % all];
        let second = PROOFS[(number * 53 + number / all + 11) % all];
        let hangs = [first, second].iter().any(|(rule, _)| *rule == ISE_4);
        (first.0 != second.0 && !hangs).then_some((first, second))
    })
}

fn identities(report: &Report) -> impl Iterator<Item = String> {
    let findings = report.properties.iter().flat_map(|one| &one.findings);
    findings.map(icws_conformance::runner::Finding::identity)
}

/// What a run of the properties that are aimed at these rules finds.
fn report(faults: &[Proof], rules: &[RuleId]) -> Report {
    let server = running::server(Settings {
        faults: faults.iter().map(|(_, fault)| *fault).collect(),
        ..Settings::default()
    });
    let aimed = |property: &Property| rules.iter().any(|rule| property.rules.contains(rule));
    let properties = suites::all().into_iter().filter(aimed).collect();
    running::report(running::plan(server.profile(), properties))
}
