//! One stored case, sent again: is what it showed still there? Only an answer
//! that was judged says that it is gone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::batch::with_grounds;
use super::calls;
use super::fire::{Fired, Look};
use super::limits::Limits;
use super::minimal::minimal;
use super::outcome::{Finding, TargetReport};
use super::preflight::begin;
use super::property::{Need, Property};
use super::restore::restore;
use super::run::RunError;
use super::stage::Stage;
use super::tally::{Tally, redacted};
use crate::client::Redacted;
use crate::contract::rules::{EFF_1, ISE_1, SUP_4};
use crate::contract::{Level, RuleId};
use crate::generate::case::Prelude;
use crate::generate::session::{Asker, Life};
use crate::generate::{Case, WorkgroupChoice};
use crate::judge::FindingKind;
use crate::target::Profile;

/// What is to be sent again.
#[derive(Clone, Debug)]
pub struct Again {
    /// The target.
    pub profile: Profile,
    /// The folder of the journal.
    pub journal: Option<PathBuf>,
    /// The case.
    pub case: Case,
    /// The rule that it was seen to break.
    pub rule: RuleId,
    /// Its property, where this version still has it.
    pub property: Option<Property>,
    /// The scratch workgroup on which it was seen; another one where the
    /// target has it not.
    pub workgroup: String,
    /// The mailboxes that the case speaks of, with their folders.
    pub mailboxes: BTreeMap<String, Vec<String>>,
    /// How often.
    pub times: u32,
    /// Cancelled when the user wants an end.
    pub stop: CancellationToken,
}

/// One sending, and what came of it.
#[derive(Clone, Debug)]
pub struct Try {
    /// The statuses of the answers, each once.
    pub statuses: Vec<u16>,
    /// What it says of what was to be seen.
    pub says: Says,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

/// What one sending says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// The answers were judged, and nothing as binding was broken.
    Clean,
    /// The rule is broken.
    Same,
    /// The rule is not broken, but another one that is as binding.
    Otherwise,
    /// It could not be judged.
    Unclear(Redacted),
}

/// What all sendings say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every sending was clean.
    Fixed,
    /// Every sending showed it.
    Fails,
    /// Some sendings did.
    Flaky,
    /// None showed it, but not all could be judged.
    CannotJudge,
}

/// Everything that sending it again found out.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The target.
    pub target: TargetReport,
    /// Every sending.
    pub tries: Vec<Try>,
    /// What they say together.
    pub verdict: Verdict,
    /// All requests sent, sessions and checks included.
    pub requests: u64,
    /// What the user should know beside.
    pub notes: Vec<Redacted>,
}

impl Verdict {
    /// Anything that fails outweighs what is unclear, and that what is clean.
    pub fn of(tries: &[Try]) -> Self {
        let failing = |one: &&Try| matches!(one.says, Says::Same | Says::Otherwise);
        let failed = tries.iter().filter(failing).count();
        let clean = tries.iter().all(|one| one.says == Says::Clean);
        match failed {
            0 if clean && !tries.is_empty() => Self::Fixed,
            0 => Self::CannotJudge,
            all if all == tries.len() => Self::Fails,
            _ => Self::Flaky,
        }
    }
}

/// Sends the case again, telling each sending as it is judged.
///
/// # Errors
/// Where nothing could be sent at all. What could not be judged is no error.
pub async fn replay(again: Again, tell: &mut dyn FnMut(&Try)) -> Result<Replayed, RunError> {
    let ready = begin(&again.profile, again.journal.as_deref())?;
    let ready = ready.prepare(&again.profile, &again.stop, None).await?;
    let (stage, mut notes, mut requests) = (ready.stage, ready.notes, ready.requests);
    let mut tries = Vec::new();
    let limits = Limits::new(Instant::now(), None, again.stop.clone());
    let mut broken = Vec::new();
    if calls::is_of_calls(again.rule) {
        let features = again.profile.offers.features;
        let calls = calls::ask(&stage, features, &mut Tally::default()).await;
        requests += calls.requests;
        broken.extend(calls.found.iter().map(|found| found.rule));
    }
    let mut play = Play {
        broken,
        again: &again,
        stage: &stage,
        limits: &limits,
        accepts: ready.accepted,
        fixtures: ready.fixture_problems.into_iter().next(),
    };
    let unmet = play.unmet();
    let mut case = again.case.clone();
    for _ in 0..again.times {
        let one = match &unmet {
            Some(reason) => Try::unclear(stage.client.secrets().redact(reason)),
            None if again.stop.is_cancelled() => Try::unclear("it was interrupted".into()),
            None => play.once(&case, &mut requests).await,
        };
        tell(&one);
        tries.push(one);
        if unmet.is_some() || !limits.may_go_on() {
            break;
        }
        // Leftovers of this sending must not stand in the way of the next.
        case = case.renamed(1);
    }
    let restored = restore(&stage, &limits, &mut notes).await;
    requests += restored.requests + stage.lag.requests();
    notes.extend(restored.not_in_order.iter().cloned());
    let secrets = stage.client.secrets();
    Ok(Replayed {
        target: TargetReport {
            name: again.profile.name.clone(),
            base_url: stage.base_url.clone(),
            feature_version: stage.feature_version,
            accept_invalid: again.profile.tls.accept_invalid,
        },
        verdict: if tries.len() == again.times as usize && restored.not_in_order.is_none() {
            Verdict::of(&tries)
        } else {
            interrupted(&tries)
        },
        tries,
        requests,
        notes: redacted(secrets, &notes),
    })
}

/// The verdict where not all sendings were made, or the target is not in order
/// again: none of them was clean enough for all.
fn interrupted(tries: &[Try]) -> Verdict {
    match Verdict::of(tries) {
        Verdict::Fixed => Verdict::CannotJudge,
        other => other,
    }
}

impl Try {
    fn unclear(reason: Redacted) -> Self {
        Self {
            statuses: Vec::new(),
            says: Says::Unclear(reason),
            findings: Vec::new(),
        }
    }
}

/// A case on a target.
struct Play<'a> {
    /// The rules that calls around the case broke.
    broken: Vec<RuleId>,
    again: &'a Again,
    stage: &'a Stage,
    limits: &'a Limits,
    /// An update was accepted.
    accepts: bool,
    /// What is wrong with the profile's fixtures.
    fixtures: Option<String>,
}

impl Play<'_> {
    /// Why the case cannot be played on this target as it was, if it cannot.
    fn unmet(&self) -> Option<String> {
        let stage = self.stage;
        let of_property = self.again.property.iter().flat_map(|p| p.needs);
        // What else a property needs, its cases show.
        let of_property = of_property.filter(|need| **need == Need::ReadBack);
        let needs = needs_of(&self.again.case);
        if let Some(need) = needs
            .iter()
            .chain(of_property)
            .find(|need| stage.lacks(**need, &self.again.profile))
        {
            return Some(need.reason().to_owned());
        }
        for (moniker, folders) in &self.again.mailboxes {
            let known = stage.fixtures.mailboxes.iter();
            let known = known.filter(|(known, _)| known == moniker);
            let same = |known: &Vec<String>| {
                known.len() == folders.len() && folders.iter().all(|folder| known.contains(folder))
            };
            if !known.map(|(_, folders)| folders).any(same) {
                return Some(format!(
                    "the case speaks of the mailbox `{moniker}` with the folders {folders:?}, and \
                     the profile knows none such (mailboxes)"
                ));
            }
        }
        let absent = self
            .again
            .case
            .steps
            .iter()
            .find_map(|step| match &step.workgroup {
                WorkgroupChoice::Absent(id) if stage.may_exist(id) => Some(id),
                _ => None,
            })?;
        Some(format!(
            "the case speaks of `{absent}` as a workgroup that does not exist, and here it does \
             (workgroups.scratch)"
        ))
    }

    async fn once(&mut self, case: &Case, requests: &mut u64) -> Try {
        let stage = self.stage;
        let place = stage
            .workgroups
            .iter()
            .position(|id| *id == self.again.workgroup);
        let (fired, workgroup) = with_grounds(
            stage,
            place.unwrap_or_default(),
            case.witness.is_some(),
            async |ground, witnesses| {
                ground.known = None;
                let fired = stage.fire(case, ground, witnesses, Look::AtOnce).await;
                (fired, ground.workgroup.clone())
            },
        )
        .await;
        *requests += fired.requests;
        self.limits.heed(fired.trouble.as_ref());
        self.accepts |= fired.accepted;
        let findings = fired.findings.iter();
        let findings: Vec<_> = findings
            .map(|(step, finding)| self.finding(case, &fired, *step, finding, &workgroup))
            .collect();
        Try {
            statuses: statuses(&fired),
            says: self.says(&fired, &findings),
            findings,
        }
    }

    /// What one sending says: a finding counts whatever went wrong beside it,
    /// and everything that went wrong counts against "clean".
    fn says(&self, fired: &Fired, findings: &[Finding]) -> Says {
        let rule = self.again.rule;
        let level = rule.level().max(Level::Should);
        let unclear = |reason: &str| Says::Unclear(self.stage.client.secrets().redact(reason));
        if let Some((workgroup, change)) = &fired.foreign {
            let mut kinds = fired.findings.iter().map(|(_, finding)| finding.kind);
            // What else is stored may be theirs.
            if kinds.all(|kind| kind == FindingKind::State) {
                return unclear(&format!("somebody else changed `{workgroup}`: {change}"));
            }
        }
        let is_late = rule == EFF_1 && self.stage.lag.late().is_some();
        let client = &self.stage.client;
        let is_around = rule == ISE_1 && (client.surplus().is_some() || !client.pages().is_empty());
        let is_misread = rule == SUP_4 && self.stage.misread.get().is_some();
        let is_of_calls = is_misread || self.broken.contains(&rule);
        if is_late
            || is_around
            || is_of_calls
            || findings.iter().any(|finding| finding.rule == rule)
        {
            return Says::Same;
        }
        if findings.iter().any(|finding| finding.level >= level) {
            return Says::Otherwise;
        }
        if let Some(trouble) = &fired.trouble {
            return unclear(trouble.reason());
        }
        if let Some(problem) = &self.fixtures {
            return unclear(problem);
        }
        if !self.accepts {
            return unclear("no update was accepted: the target's own logic was not reached");
        }
        // Without read-back, what is stored cannot be seen.
        if !self.stage.read_back && !fired.checked.contains(&rule) {
            return unclear(Need::ReadBack.reason());
        }
        Says::Clean
    }

    fn finding(
        &self,
        case: &Case,
        fired: &Fired,
        step: usize,
        finding: &crate::judge::Finding,
        workgroup: &str,
    ) -> Finding {
        let secrets = self.stage.client.secrets();
        Finding {
            property: self.again.property.map_or("(of another version)", |p| p.id),
            rule: finding.rule,
            level: finding.level,
            kind: finding.kind,
            cause: secrets.redact_whole(&finding.cause),
            message: secrets.redact(&finding.message),
            expected: redacted(secrets, &finding.expected),
            actual: secrets.quote(&finding.actual),
            confirmed: 1,
            seen: 1,
            cases_to_find: 1,
            requests_to_find: fired.requests,
            beside: redacted(secrets, &finding.beside),
            waived: false,
            known: false,
            explained_by: None,
            minimal: minimal(case, step, fired.sent.get(step), secrets),
            case: case.clone(),
            workgroup: workgroup.to_owned(),
        }
    }
}

/// What a target must offer for that case.
fn needs_of(case: &Case) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut needed = |condition: bool, need: Need| {
        if condition {
            needs.push(need);
        }
    };
    needed(case.witness.is_some(), Need::SecondWorkgroup);
    for step in &case.steps {
        let state = &step.session;
        let beside = step.prelude.and_then(Prelude::asker);
        let askers = beside.into_iter().chain([state.asker]);
        let restricted = askers.into_iter().any(|asker| asker == Asker::Restricted);
        needed(restricted, Need::RestrictedUser);
        needed(state.needs_another(), Need::AnotherSession);
        let expires = matches!(step.prelude, Some(Prelude::AnotherSessionExpires(_)));
        needed(expires, Need::ExpireOneSession);
        needed(state.life == Life::Expired, Need::ExpireSession);
        needed(step.prelude == Some(Prelude::FailNext), Need::FailNext);
        let removes = step.prelude == Some(Prelude::RemoveResource);
        needed(removes, Need::RemoveResource);
    }
    needs
}

/// The statuses of the answers, from their outlines.
fn statuses(fired: &Fired) -> Vec<u16> {
    let outlines = fired.outlines.iter();
    let status = |outline: &String| {
        let outline: Value = serde_json::from_str(outline).ok()?;
        u16::try_from(outline["status"].as_u64()?).ok()
    };
    let mut statuses: Vec<_> = outlines.filter_map(status).collect();
    statuses.dedup();
    statuses
}
