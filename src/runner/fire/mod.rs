//! One case, played on the stage: the scene is set, the steps are sent, each
//! is judged against what was known just before it, and what the case made is
//! removed again.

mod apart;
mod ask;
mod burst;
mod cast;
mod conclude;
mod excuse;
mod owed;
mod profile_keys;
mod scene;
mod unseen;

use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::{OwnedMutexGuard, RwLockReadGuard};

use super::around::Found;
use super::ground::{Ground, Witnesses};
use super::read_back::ReadBack;
use super::stage::Stage;
use super::trouble::Trouble;
use crate::client::{Exchange, Request, Session};
use crate::contract::rules;
use crate::generate::session::{Asker, Language, Life, SessionState};
use crate::generate::{Case, Prelude, Step, WorkgroupChoice};
use crate::judge::answer::summary;
use crate::judge::status::examine_uniformity;
use crate::judge::{AnswerBody, Finding, FindingKind, Observation, PageSeen, Seen, Verdict, judge};
use crate::oracle::{Expectation, Stored};

pub(super) use owed::{Look, Owed};
pub(super) use scene::stands;
pub(super) use unseen::listed_ids;

/// Cases with more bytes in their bodies are played one at a time.
const LARGE: usize = 1 << 16;

/// What came of one case.
#[derive(Clone, Debug, Default)]
pub struct Fired {
    /// What was found, with the step that showed it.
    pub findings: Vec<(usize, Finding)>,
    /// Open behaviour seen.
    pub observations: Vec<Observation>,
    /// Rules that were put to the test.
    pub checked: Vec<crate::contract::RuleId>,
    /// Every request sent for it, its own sessions included.
    pub requests: u64,
    /// How many requests around the steps were not answered.
    pub unanswered: usize,
    /// What the last request that was to be sent did, as the oracle names it.
    pub cause: String,
    /// How many answers of the endpoint were judged.
    pub answered: u64,
    /// The pages among them.
    pub pages: Vec<PageSeen>,
    /// Why it could not be judged, if it could not.
    pub trouble: Option<Trouble>,
    /// What somebody else did meanwhile: the workgroup, and the first change.
    pub foreign: Option<(String, String)>,
    /// The outlines of the answers.
    pub outlines: BTreeSet<String>,
    /// An update was accepted.
    pub accepted: bool,
    /// An update was refused.
    pub rejected: bool,
    /// The requests of the steps, as sent; kept only where something was found.
    pub sent: Vec<Request>,
    /// The refusals behind which nobody has looked yet: the caller has to.
    pub owed: Vec<Owed>,
    /// Something changed, and which of several steps did it was not seen: the
    /// case is to be played again with a look after every step.
    pub is_unclear: bool,
    /// The target asks for the plain form of its request, as it may.
    pub asks_for_plain_form: bool,
    /// What one of several steps stored was taken from its answer, and not looked at.
    pub is_believed: bool,
    /// What the case needs was not stored: the update that stores it is to be
    /// judged in its place.
    pub is_sceneless: bool,
    /// What the answer to that update broke.
    pub of_scene: Vec<Finding>,
    /// What is wrong with the update that cleared away behind it.
    pub of_clearing: Vec<Found>,
}

impl Fired {
    /// Whether nothing was found and what kept the case from being judged may
    /// pass.
    pub fn may_pass(&self) -> bool {
        self.findings.is_empty() && matches!(self.trouble, Some(Trouble::Passing(_)))
    }
}

/// How far on the names of a case are that is played again because read-backs are
/// late.
const LATE: u16 = 1 << 12;

impl Fired {
    /// Whether it shows something that an update before it may have done, where
    /// read-backs are late.
    fn may_be_late(&self) -> bool {
        let mut findings = self.findings.iter();
        self.is_sceneless
            || self.is_unclear
            || findings
                .any(|(_, found)| found.kind == FindingKind::State || found.rule == rules::EFF_10)
    }
}

impl Stage {
    /// Plays a case. The caller holds the grounds; there are witnesses where the
    /// case watches other workgroups. Where read-backs are late, what it shows of
    /// the state must show a second time.
    pub async fn fire(
        &self,
        case: &Case,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
        look: Look,
    ) -> Fired {
        let mut fired = self.fire_once(case, ground, witnesses, look).await;
        if fired.may_be_late() && self.is_late(&ground.workgroup).await {
            for ground in
                std::iter::once(&mut *ground).chain(witnesses.iter_mut().map(|it| &mut **it))
            {
                ground.known = None;
            }
            let again = case.renamed(LATE);
            let mut second = self.fire_once(&again, ground, witnesses, look).await;
            second.requests += fired.requests;
            second.unanswered += fired.unanswered;
            fired = second;
        }
        fired
    }

    /// Judges the update that cleared away what cases left, the one step of `case`, by
    /// what was there before it and what is there now.
    pub(super) async fn judge_clearing(
        &self,
        case: &Case,
        exchange: &Exchange,
        before: &[Stored],
        ground: &Ground,
    ) -> Vec<Found> {
        let mut firing = Firing::new(self, case, Look::AtOnce);
        let Some(step) = case.steps.first() else {
            return Vec::new();
        };
        if let Ok(asking) = firing.asking(step, ground).await {
            let expectation = firing.expectation(step, &asking, Some(before), ground);
            let after = ground.known.as_deref().unwrap_or_default();
            let ours = firing.ours(&ground.workgroup, before, after, Some(&expectation));
            let seen = Seen {
                before: Some(&ours.before),
                after: Some(&ours.after),
            };
            let circumstances = self.circumstances(false, false);
            let outcome = exchange.outcome.as_ref();
            firing.take(0, judge(&expectation, outcome, seen, &circumstances));
        }
        firing.end_extra_sessions().await;
        let found = firing.fired.findings.into_iter();
        let found = found.map(|(_, found)| Found::of_clearing(found, case, &ground.workgroup));
        found.collect()
    }

    /// Whether read-backs are known to be late, or turn out to be.
    pub(super) async fn is_late(&self, workgroup: &str) -> bool {
        // A failure that another case provoked would be met here.
        let _among = self.exclusive.read().await;
        self.lag.late().is_some() || self.turns_out_late(workgroup).await
    }

    async fn fire_once(
        &self,
        case: &Case,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
        look: Look,
    ) -> Fired {
        let renamed;
        let case = match self.renaming {
            0 => case,
            by => {
                renamed = case.renamed(by);
                &renamed
            }
        };
        let changes_the_target = case.changes_the_target();
        // What a session leaves on the connection that it used last is seen where
        // nobody else uses that in between.
        let wants_quiet = case.states().any(|state| state.life == Life::Ended);
        // A few large bodies at once would decide how much memory a run takes.
        let _large = if case.body_bytes() > LARGE {
            Some(self.large.lock().await)
        } else {
            None
        };
        // One of both is held, so that nobody sees a target that another case has
        // changed.
        let (mut _alone, mut among) = (None, None);
        if changes_the_target || wants_quiet {
            _alone = Some(self.exclusive.write().await);
        } else {
            among = Some(self.exclusive.read().await);
        }
        let mut firing = Firing::new(self, case, look);
        firing.among = among;
        let trouble = firing.play(case, ground, witnesses).await.err();
        firing.end_extra_sessions().await;
        firing.fired.trouble = trouble;
        firing.fired.is_unclear |= firing.fired.is_believed && !firing.fired.findings.is_empty();
        if firing.fired.findings.is_empty() && firing.fired.owed.is_empty() {
            firing.fired.sent = Vec::new();
        }
        firing.fired
    }
}

struct Firing<'a> {
    stage: &'a Stage,
    case: &'a Case,
    /// Held while other cases may be under way.
    among: Option<RwLockReadGuard<'a, ()>>,
    fired: Fired,
    /// Sessions that were opened for this case and are still open.
    extra: Vec<Session>,
    /// Sessions that ended or expired during this case: later steps mean the
    /// same ones, so that what is over is also used again.
    over: Vec<(Asker, Life, Session)>,
    /// Sessions that were opened for this case and that its steps share.
    fresh: Vec<(Asker, Language, Session)>,
    /// The case lost the session that all share: it uses its own from then on.
    apart: bool,
    /// Held where the target counts sessions, while any of them are open.
    turn: Option<OwnedMutexGuard<()>>,
    /// The ids that the server gave, by the ids that the case gives.
    ids: BTreeMap<String, String>,
    /// The ids of objects that came into being during the case.
    made: BTreeSet<String>,
    /// The ids that answers listed: what there is to remove where the workgroup
    /// cannot be looked at.
    listed: BTreeSet<String>,
    /// Without read-back, nobody can say any more what is stored.
    lost_sight: bool,
    /// The workgroups that the latest request was about.
    addressed: Vec<String>,
    /// A refusal that must have changed nothing need not be looked behind at
    /// once.
    may_owe: bool,
    /// What the case makes may stay for those after it.
    shares: bool,
}

impl<'a> Firing<'a> {
    fn new(stage: &'a Stage, case: &'a Case, look: Look) -> Self {
        Self {
            stage,
            case,
            among: None,
            fired: Fired::default(),
            extra: Vec::new(),
            over: Vec::new(),
            fresh: Vec::new(),
            apart: false,
            turn: None,
            ids: BTreeMap::new(),
            made: BTreeSet::new(),
            listed: BTreeSet::new(),
            lost_sight: false,
            addressed: Vec::new(),
            may_owe: look != Look::AtOnce && stage.read_back && !case.changes_the_target(),
            shares: look == Look::Shared && stage.may_share(case),
        }
    }
}

impl Firing<'_> {
    async fn play(
        &mut self,
        case: &Case,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
    ) -> Result<(), Trouble> {
        self.stage.bring_all_back().await?;
        self.set_scene(&case.scene, ground).await?;
        // The scene of the witnesses stands in the first of them.
        let mut scene = case.witness.as_deref();
        for witness in witnesses.iter_mut() {
            self.set_scene(scene.take().unwrap_or_default(), witness)
                .await?;
        }
        let elsewhere = case.witness.iter().any(|scene| !scene.is_empty());
        if elsewhere && self.has_changed(ground).await? {
            self.clean(ground).await;
            let reason = "what was stored in another workgroup has changed this one";
            return Err(Trouble::Unjudged(reason.to_owned()));
        }
        if case.at_once && case.steps.len() > 1 {
            let played = self.explained_burst(case, ground).await;
            self.leave(ground, played.is_ok()).await;
            return played;
        }
        let mut played = self.one_after_the_other(case, ground, witnesses).await;
        if !case.scene.is_empty() && !self.shares || case.steps.len() > 1 {
            played = played.and(self.settle(ground).await);
        }
        self.leave(ground, played.is_ok()).await;
        for witness in witnesses {
            self.clean(witness).await;
        }
        played
    }

    async fn one_after_the_other(
        &mut self,
        case: &Case,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
    ) -> Result<(), Trouble> {
        let mut statuses: Vec<(SessionState, String, String, u16)> = Vec::new();
        let mut played = Ok(());
        for (number, step) in case.steps.iter().enumerate() {
            if self.lost_sight {
                let reason = "what is stored by then is not known without read-back";
                played = Err(Trouble::NotOffered(reason.to_owned()));
                break;
            }
            match self.step(number, step, ground, witnesses).await {
                Ok((expectation, status)) => {
                    // What is wrong with the form of an answer says nothing of its
                    // status.
                    let mut found = self.fired.findings.iter();
                    let blamed = found.any(|(step, finding)| {
                        *step == number && finding.kind != FindingKind::Answer
                    });
                    if !expectation.is_authenticated() && !expectation.open_path && !blamed {
                        let what = format!("{} of {}", expectation.does, name_of(&step.workgroup));
                        statuses.push((step.session, expectation.cause(), what, status));
                    }
                }
                Err(trouble) => {
                    played = Err(trouble);
                    break;
                }
            }
        }
        self.compare_statuses(&statuses);
        played
    }

    /// SES-12, over the steps of one session state.
    fn compare_statuses(&mut self, statuses: &[(SessionState, String, String, u16)]) {
        if let Some((state, cause, ..)) = statuses.first() {
            let answers: Vec<(String, u16)> = statuses
                .iter()
                .filter(|(other, ..)| other == state)
                .map(|(_, _, what, status)| (what.clone(), *status))
                .collect();
            if answers.len() > 1 {
                let last = self.fired.sent.len().saturating_sub(1);
                self.take(last, examine_uniformity(cause, &answers));
            }
        }
    }

    /// Reads a workgroup back, as the case wants it read.
    async fn look(&mut self, workgroup: &str) -> Result<Vec<Stored>, Trouble> {
        self.look_until(workgroup, |_| true).await
    }

    /// The same, and again for as long as something is missing that may be late.
    async fn look_until(
        &mut self,
        workgroup: &str,
        is_there: impl Fn(&[Stored]) -> bool,
    ) -> Result<Vec<Stored>, Trouble> {
        let requests = &mut self.fired.requests;
        let is_there = |read: &ReadBack| is_there(&read.stored);
        let read = self
            .stage
            .read_until(self.case.reader, workgroup, requests, is_there)
            .await?;
        Ok(read.stored)
    }

    /// Counts an answer of the endpoint, or that there is none, and notes whether it
    /// is a page.
    fn note_answer(&mut self, expectation: &Expectation, exchange: &Exchange) {
        self.fired.answered += 1;
        let page = PageSeen::of(expectation, exchange.outcome.as_ref());
        self.fired.pages.extend(page);
    }

    fn take(&mut self, step: usize, verdict: Verdict) {
        self.fired.checked.extend(verdict.checked);
        self.fired.observations.extend(verdict.observations);
        self.fired
            .findings
            .extend(verdict.findings.into_iter().map(|finding| (step, finding)));
    }

    /// Sends one step and judges it.
    async fn step(
        &mut self,
        number: usize,
        step: &Step,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
    ) -> Result<(Expectation, u16), Trouble> {
        let result = match self.prelude(step, ground).await {
            Ok(()) => self.ask(number, step, ground, witnesses).await,
            Err(trouble @ Trouble::NotOffered(_)) => return Err(trouble),
            Err(trouble @ Trouble::Unjudged(_))
                if step.prelude == Some(Prelude::RemoveResource) =>
            {
                let workgroup = &ground.workgroup;
                self.stage.bring_resource_back_if_removed(workgroup).await;
                return Err(trouble);
            }
            // What was not answered may have been done all the same.
            Err(trouble) => Err(trouble),
        };
        let is_met = |(_, status): &(Expectation, u16)| matches!(status, 500 | 503);
        if step.prelude == Some(Prelude::FailNext) && !result.as_ref().is_ok_and(is_met) {
            self.meet(ground).await;
        }
        if step.prelude == Some(Prelude::RemoveResource) {
            self.stage.bring_resource_back(&ground.workgroup).await?;
        }
        result
    }
}

fn name_of(workgroup: &WorkgroupChoice) -> &'static str {
    match workgroup {
        WorkgroupChoice::Leased => "an existing workgroup",
        WorkgroupChoice::Absent(_) | WorkgroupChoice::Near(_) => "a workgroup that does not exist",
        WorkgroupChoice::LeasedInOtherCase => "a workgroup in another case",
        WorkgroupChoice::Another | WorkgroupChoice::Scratch(_) => "another workgroup",
    }
}

fn described(exchange: &Exchange) -> String {
    match &exchange.outcome {
        Ok(answer) => summary(answer, &AnswerBody::read(answer)),
        Err(fault) => fault.to_string(),
    }
}
