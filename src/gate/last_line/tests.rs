//! Every row of the table, and what outweighs what.

use super::*;

fn grounds() -> Grounds<'static> {
    Grounds {
        target: "staging",
        asked: Asked::default(),
        violated: 0,
        warned: 0,
        warnings: 0,
        known: 0,
        waived: 0,
        stale: 0,
        drifted: false,
        unjudged: Vec::new(),
        inconclusive: Vec::new(),
        properties: 3,
        not_tested: 0,
        spent: Spent {
            cases: 2955,
            requests: 1,
            elapsed_ms: 1040,
            seed: "976d",
        },
    }
}

/// The head of the line of grounds that differ so, and its tail's exit code.
fn said(decision: Decision, change: impl FnOnce(&mut Grounds<'static>)) -> String {
    let mut grounds = grounds();
    change(&mut grounds);
    let line = grounds.line(decision);
    let tail = format!(
        "2955 cases, 1 request, 1.0 s, seed 976d, exit code {}",
        decision.exit_code()
    );
    assert_eq!(line.to_string(), format!("{}: {tail}", line.head()));
    line.head()
}

const PART: Asked = Asked {
    strict: false,
    scope: Scope::Part,
    named: Named::Flag,
};

#[test]
fn a_breach_says_which_rules_and_what_went_unjudged_behind_it() {
    let said = |change: fn(&mut Grounds<'static>)| said(Decision::Violates, change);
    assert_eq!(
        said(|on| (on.violated, on.warned, on.warnings) = (2, 1, 4)),
        "staging does not conform (2 rules violated, 1 rule warned)"
    );
    assert_eq!(
        said(|on| {
            (on.violated, on.known, on.waived, on.stale) = (1, 3, 2, 1);
            on.asked = PART;
            on.inconclusive = vec!["busy", "busy"];
        }),
        "staging does not conform (1 rule violated; 2 properties could not be judged)"
    );
    assert_eq!(
        said(|on| {
            on.violated = 1;
            on.unjudged = vec!["the run was interrupted"];
            on.inconclusive = vec!["the run was interrupted: 0 of 9 cases fired"];
        }),
        "staging does not conform (1 rule violated; not all could be judged: the run was \
         interrupted)"
    );
    assert_eq!(
        said(|on| {
            on.asked.strict = true;
            (on.warned, on.warnings) = (1, 2);
        }),
        "staging does not conform (1 rule warned (strict))"
    );
}

#[test]
fn a_stale_waiver_or_drift_closes_the_gate_and_blames_no_server() {
    let said = |change: fn(&mut Grounds<'static>)| said(Decision::Violates, change);
    assert_eq!(
        said(|on| on.stale = 1),
        "staging: gate closed, but for no breach (1 waiver is stale)"
    );
    assert_eq!(
        said(|on| {
            (on.stale, on.drifted, on.warnings, on.warned) = (2, true, 1, 1);
            on.inconclusive = vec!["busy"];
        }),
        "staging: gate closed, but for no breach (2 waivers are stale; it drifted from its \
         snapshots; 1 property could not be judged)"
    );
}

#[test]
fn what_could_not_be_judged_says_why() {
    let said = |change: fn(&mut Grounds<'static>)| said(Decision::Unjudged, change);
    assert_eq!(
        said(|on| {
            on.unjudged = vec!["no update was\naccepted", "shards are missing: 2/3"];
            on.inconclusive = vec!["busy"];
            (on.known, on.waived) = (1, 1);
        }),
        "staging could not be judged (no update was accepted; 1 more reason; 1 property could not \
         be judged)"
    );
    assert_eq!(
        said(|on| {
            on.asked = PART;
            on.inconclusive = vec!["3 of 9 cases could not be judged: busy"];
        }),
        "staging could not be judged (1 property: 3 of 9 cases could not be judged: busy)"
    );
    let long = said(|on| on.unjudged = vec![Box::leak("ü".repeat(5_000).into_boxed_str())]);
    assert!(
        long.chars().count() < 300 && long.ends_with("ü…)"),
        "{long}"
    );
}

#[test]
fn what_is_known_or_waived_leaves_the_gate_open_and_is_counted() {
    let said = |change: fn(&mut Grounds<'static>)| said(Decision::Conforms, change);
    assert_eq!(
        said(|on| (on.known, on.waived) = (2, 1)),
        "staging: gate open (2 known findings, 1 waived, none new)"
    );
    assert_eq!(
        said(|on| (on.waived, on.warnings, on.not_tested) = (1, 3, 2)),
        "staging: gate open (1 waived finding, 3 new warnings; 2 rules not tested)"
    );
    assert_eq!(
        said(|on| {
            (on.known, on.not_tested) = (1, 40);
            on.asked = PART;
        }),
        "staging: gate open (in this part: 1 known finding, none new; 3 properties, 40 rules not \
         tested)"
    );
}

#[test]
fn a_part_never_conforms_and_the_whole_says_what_it_did_not_test() {
    let said = |change: fn(&mut Grounds<'static>)| said(Decision::Conforms, change);
    assert_eq!(
        said(|on| {
            on.asked = PART;
            (on.not_tested, on.warnings) = (42, 1);
        }),
        "staging: no breach in this part (1 warning, 3 properties, 42 rules not tested)"
    );
    assert_eq!(said(|_| ()), "staging conforms");
    assert_eq!(
        said(|on| (on.warnings, on.not_tested) = (2, 1)),
        "staging conforms (2 warnings, 1 rule not tested)"
    );
}

#[test]
fn every_line_says_where_no_target_was_named() {
    for decision in [Decision::Conforms, Decision::Violates, Decision::Unjudged] {
        let line = said(decision, |on| on.asked.named = Named::Nothing);
        let start = "no target was named; the embedded staging";
        assert!(line.starts_with(start), "{line}");
        let line = said(decision, |on| on.asked.named = Named::Variable);
        assert!(line.starts_with("staging"), "{line}");
    }
}
