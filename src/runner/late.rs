//! The one finding of a run whose read-backs come late.

use super::lag::Late;
use super::outcome::{Finding, First, Minimal, Outcome, PropertyReport};
use super::stage::Stage;
use crate::contract::rules::{EFF_1, Level};
use crate::contract::wire;
use crate::generate::mailbox::{Names, Shape};
use crate::generate::update::adding;
use crate::generate::{Case, Step};

/// What waivers and baselines call it.
const CAUSE: &str = "a read-back that comes late";

/// The tag of the mailbox in the case that shows it.
const TAG: u16 = 0xfffa;

/// Tells read-backs that came late as one breach of EFF-1, by the first property
/// that is aimed at it; where none was selected, by the first of all.
pub(super) fn tell_late(reports: &mut [PropertyReport], stage: &Stage) {
    let Some(late) = stage.lag.late() else {
        return;
    };
    let is_judged = |report: &PropertyReport| !matches!(report.outcome, Outcome::Inapplicable(_));
    let aimed = |report: &PropertyReport| report.rules.contains(&EFF_1) && is_judged(report);
    let place = reports
        .iter()
        .position(aimed)
        .or_else(|| reports.iter().position(is_judged));
    let Some(report) = place.and_then(|place| reports.get_mut(place)) else {
        return;
    };
    let finding = finding(report.id, &late, stage);
    if report.outcome == Outcome::Held {
        report.outcome = Outcome::Refuted;
    }
    report.firsts.push(First {
        rule: finding.rule,
        cause: finding.cause.clone(),
        cases_to_find: finding.cases_to_find,
        seen: finding.seen,
        unreduced: None,
        shown: finding.clone(),
    });
    report.findings.push(finding);
}

fn finding(property: &'static str, late: &Late, stage: &Stage) -> Finding {
    let secrets = stage.client.secrets();
    let mailbox = Shape::plain(&stage.fixtures).named(&Names::new(TAG), 0);
    let body = adding(&[mailbox]);
    let path = wire::update_path("SESSION", &late.workgroup).replace("SESSION", "{sessionId}");
    let after = late.longest.as_millis();
    let from = match &late.cache {
        Some(cache) => format!(
            ", and answers came from a cache, although they were asked for with `Cache-Control: no-cache` ({cache})"
        ),
        None => String::new(),
    };
    Finding {
        property,
        rule: EFF_1,
        level: Level::Must,
        cause: secrets.redact(CAUSE),
        message: secrets.redact(&format!(
            "after a 200, a read-back does not show the update yet: it was there {after} ms later{from}; everything else was looked at when that time was over"
        )),
        expected: vec![secrets.redact("a read-back that shows what was accepted")],
        actual: secrets.redact(&format!(
            "a read-back of `{}` that shows it up to {after} ms later",
            late.workgroup
        )),
        confirmed: 3,
        seen: 1,
        cases_to_find: 1,
        requests_to_find: 1,
        beside: Vec::new(),
        waived: false,
        known: false,
        minimal: Minimal {
            method: "POST",
            path: secrets.redact(&path),
            headers: Vec::new(),
            body: secrets.redact(&body.to_string()),
            before: Vec::new(),
        },
        case: Case::one(Step::send(body)),
        workgroup: late.workgroup.clone(),
    }
}
