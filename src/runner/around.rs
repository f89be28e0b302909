//! What a run finds out around its cases, each told once: that read-backs come
//! late, that the target does not decode a workgroup's id, that it sends what no
//! request asked for, and what is wrong with the updates that clear away.

use serde_json::Value;

use super::lag::Late;
use super::minimal::minimal;
use super::outcome::{Finding, Minimal, Outcome, PropertyReport};
use super::property::{Property, Share};
use super::stage::Stage;
use crate::client::Surplus;
use crate::contract::representation::MonitoredMailbox;
use crate::contract::rules::{EFF_1, ISE_1, REP_1};
use crate::contract::{RuleId, wire};
use crate::generate::mailbox::{Names, Shape};
use crate::generate::update::adding;
use crate::generate::{Body, Case, Step};
use crate::judge::{self, FindingKind};

/// What waivers and baselines call a read-back that comes late.
const LATE: &str = "a read-back that comes late";

/// What they call an id that is not decoded.
const UNDECODED: &str = "a workgroup's id that is percent-encoded";

/// What they call more than one answer to a request.
const SURPLUS: &str = "more than the answer";

/// The tag of the mailbox in the case that shows it.
const TAG: u16 = 0xfffa;

/// An update whose workgroup's id the target did not decode.
#[derive(Clone, Debug, PartialEq)]
pub struct Undecoded {
    /// The workgroup.
    pub workgroup: String,
    /// What was sent.
    pub body: Value,
}

/// What was found, without what every finding has.
#[derive(Clone, Debug)]
pub struct Found {
    pub(super) rule: RuleId,
    pub(super) kind: FindingKind,
    pub(super) cause: String,
    pub(super) message: String,
    pub(super) expected: &'static str,
    pub(super) actual: String,
    pub(super) body: Value,
    /// What is stored before it.
    pub(super) scene: Vec<MonitoredMailbox>,
    pub(super) workgroup: String,
    /// How many times it was seen, of three.
    pub(super) confirmed: u8,
    /// Method and path of the call that showed it, where that is no update.
    pub(super) call: Option<(&'static str, &'static str)>,
}

impl Found {
    /// What is wrong with the update that cleared away what cases had left there.
    pub(super) fn of_clearing(finding: judge::Finding, case: &Case, workgroup: &str) -> Self {
        let body = case.steps.first().map(|step| match &step.body {
            Body::Json(body) => body.clone(),
            Body::Bytes(_) => Value::Null,
        });
        Self {
            rule: finding.rule,
            kind: finding.kind,
            cause: finding.cause,
            message: finding.message,
            expected: "what was accepted, and nothing else",
            actual: finding.actual,
            body: body.unwrap_or_default(),
            scene: case.scene.clone(),
            workgroup: workgroup.to_owned(),
            confirmed: 1,
            call: None,
        }
    }
}

/// Tells what was found around the cases: each by the property that is there for its
/// rule; where the plan has none, by the first that is aimed at it, or the first of
/// all.
pub(super) fn tell_around(
    properties: &[Property],
    reports: &mut [PropertyReport],
    stage: &Stage,
    calls: Vec<Found>,
) {
    let late = stage.lag.late().map(|late| late_one(late, stage));
    let undecoded = stage.undecoded.as_ref().map(undecoded_one);
    let surplus = stage.client.surplus();
    let surplus = surplus.map(|surplus| surplus_one(surplus, stage));
    let around = late.into_iter().chain(undecoded).chain(surplus);
    for found in around.chain(calls) {
        let rule = found.rule;
        let is_there_for_it =
            |one: &Property| one.share == Share::Around && one.rules.contains(&rule);
        let place = properties.iter().position(is_there_for_it);
        tell(reports, place, found, stage);
    }
}

fn tell(reports: &mut [PropertyReport], place: Option<usize>, found: Found, stage: &Stage) {
    let is_judged = |report: &PropertyReport| !matches!(report.outcome, Outcome::Inapplicable(_));
    let rule = found.rule;
    let is_aimed = |report: &PropertyReport| report.rules.contains(&rule) && is_judged(report);
    let place = place
        .or_else(|| reports.iter().position(is_aimed))
        .or_else(|| reports.iter().position(is_judged));
    let Some(report) = place.and_then(|place| reports.get_mut(place)) else {
        return;
    };
    let finding = finding(report.id, found, stage);
    report.add(finding);
}

fn late_one(late: Late, stage: &Stage) -> Found {
    let after = late.longest.as_millis();
    let from = match &late.cache {
        Some(cache) => format!(
            ", and answers came from a cache, although they were asked for with `Cache-Control: no-cache` ({cache})"
        ),
        None => String::new(),
    };
    Found {
        rule: EFF_1,
        kind: FindingKind::State,
        cause: LATE.to_owned(),
        message: format!(
            "after a 200, a read-back does not show the update yet: it was there {after} ms later{from}; everything else was looked at when that time was over"
        ),
        expected: "a read-back that shows what was accepted",
        actual: format!(
            "a read-back of `{}` that shows it up to {after} ms later",
            late.workgroup
        ),
        body: plain_body(stage),
        workgroup: late.workgroup,
        scene: Vec::new(),
        confirmed: 3,
        call: None,
    }
}

fn undecoded_one(undecoded: &Undecoded) -> Found {
    Found {
        rule: REP_1,
        kind: FindingKind::State,
        cause: UNDECODED.to_owned(),
        message: "an update of a workgroup whose id has to be percent-encoded is refused, and so is the read-back of a plain id with one letter encoded: the server does not decode the id in the path".to_owned(),
        expected: "200 with a subObjectSet",
        actual: "404".to_owned(),
        body: undecoded.body.clone(),
        workgroup: undecoded.workgroup.clone(),
        scene: Vec::new(),
        confirmed: 3,
        call: None,
    }
}

fn surplus_one(surplus: Surplus, stage: &Stage) -> Found {
    let (answers, all) = (surplus.answers, stage.client.requests_sent());
    Found {
        rule: ISE_1,
        kind: FindingKind::Answer,
        cause: SURPLUS.to_owned(),
        message: format!(
            "something comes that no request asked for, with {answers} of {all} answers"
        ),
        expected: "one answer to each request, and nothing behind it",
        actual: surplus.first,
        body: plain_body(stage),
        workgroup: stage.workgroups.first().cloned().unwrap_or_default(),
        scene: Vec::new(),
        confirmed: 3,
        call: None,
    }
}

/// A plain update, for what no request of its own shows.
pub(super) fn plain_body(stage: &Stage) -> Value {
    adding(&[Shape::plain(&stage.fixtures).named(&Names::new(TAG), 0)])
}

/// The finding that a property tells.
pub(super) fn finding(property: &'static str, found: Found, stage: &Stage) -> Finding {
    let secrets = stage.client.secrets();
    let path = wire::update_path("SESSION", &found.workgroup).replace("SESSION", "{sessionId}");
    let case = Case::one(Step::send(found.body.clone())).with_scene(found.scene);
    Finding {
        property,
        rule: found.rule,
        level: found.rule.level(),
        kind: found.kind,
        cause: secrets.redact(&found.cause),
        message: secrets.redact(&found.message),
        expected: vec![secrets.redact(found.expected)],
        actual: secrets.quote(&found.actual),
        confirmed: found.confirmed,
        seen: 1,
        cases_to_find: 1,
        requests_to_find: 1,
        beside: Vec::new(),
        waived: false,
        known: false,
        explained_by: None,
        minimal: match &found.call {
            Some((method, path)) => Minimal {
                method,
                path: secrets.redact(path),
                headers: Vec::new(),
                body: secrets.redact(""),
                before: Vec::new(),
            },
            None => Minimal {
                method: "POST",
                path: secrets.redact(&path),
                headers: Vec::new(),
                body: secrets.redact(&found.body.to_string()),
                before: minimal(&case, 0, None, secrets).before,
            },
        },
        case,
        workgroup: found.workgroup,
    }
}
