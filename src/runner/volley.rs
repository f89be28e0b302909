//! The cases of one batch, fired one after the other. Behind refusals that must
//! have changed nothing the workgroup is looked at once for several of them;
//! where that shows a change, they are fired again, each with a look of its
//! own.

use std::collections::BTreeSet;

use super::fire::{Fired, Look, Owed};
use super::foreign::Ours;
use super::ground::{Ground, Witnesses};
use super::order::Place;
use super::read_back::ReadBack;
use super::stage::Stage;
use super::surroundings::{LEFTOVER_MAX, company, has_to_store, shows_the_same};
use super::trouble::Trouble;
use crate::client::Exchange;
use crate::contract::representation::MonitoredMailbox;
use crate::generate::update::{adding, removing};
use crate::generate::{Case, Reader, Step};
use crate::judge::state::same;
use crate::judge::{FindingKind, Seen, judge_state};
use crate::oracle::Stored;

/// How far on the names of a case are that is fired again: the first firing may
/// have left something behind.
const AGAIN: u16 = 1 << 13;

/// A case that was fired, and what came of it.
#[derive(Debug)]
pub(super) struct Shot {
    /// Where it stands.
    pub(super) place: Place,
    /// The case.
    pub(super) case: Case,
    /// What came of it.
    pub(super) fired: Fired,
}

impl Shot {
    /// Fires the case once more, where what kept it from being judged may have
    /// passed.
    pub(super) async fn again(
        self,
        stage: &Stage,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
    ) -> Self {
        ground.known = None;
        let case = self.case.renamed(AGAIN);
        let mut fired = stage.fire(&case, ground, witnesses, Look::AtOnce).await;
        fired.requests += self.fired.requests;
        fired.unanswered += self.fired.unanswered;
        Self {
            place: self.place,
            case,
            fired,
        }
    }
}

/// How far on those of a case are that is fired again with the workgroup to itself.
const ALONE: u16 = 4 << 13;

/// How far on those of a case are that is fired again beside what stood there.
const IN_COMPANY: u16 = 3 << 13;

/// How far on those of a scene are that is judged itself.
const OF_SCENE: u16 = 5 << 13;

/// The shots of one batch.
pub(super) struct Volley<'a> {
    stage: &'a Stage,
    /// When is looked and cleared away.
    look: Look,
    /// What several of the cases need, until the first of them has it stored.
    scenes: Vec<MonitoredMailbox>,
    shots: Vec<Shot>,
    /// Those of them behind which nobody has looked yet.
    owing: Vec<usize>,
}

impl<'a> Volley<'a> {
    /// None yet, of cases that look and clear away so, several of which need that.
    pub(super) const fn new(stage: &'a Stage, look: Look, scenes: Vec<MonitoredMailbox>) -> Self {
        Self {
            stage,
            look,
            scenes,
            shots: Vec::new(),
            owing: Vec::new(),
        }
    }

    /// Why the last shot could not be judged, if it could not.
    pub(super) fn trouble(&self) -> Option<&Trouble> {
        self.shots.last()?.fired.trouble.as_ref()
    }

    /// Fires the next case; in the plain form, where there is one and the target asks
    /// for it.
    pub(super) async fn fire(
        &mut self,
        place: Place,
        (mut case, plain): (Case, Option<Case>),
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
    ) {
        let shares = self.look == Look::Shared && self.stage.may_share(&case);
        if !shares || ground.leftover.len() >= LEFTOVER_MAX {
            self.clear_away(ground).await;
        }
        let mut given = case.clone();
        // What is stored next would hide what the refusals left.
        let stores = has_to_store(&case, ground);
        if stores || case.steps.len() > 1 || !witnesses.is_empty() {
            self.settle(ground).await;
        }
        // Who has to look in any case looks behind the storing of all.
        let is_its_time = stores || ground.known.is_none();
        if shares && is_its_time && case.scene.iter().all(|object| self.scenes.contains(object)) {
            case.scene = std::mem::take(&mut self.scenes);
        }
        let seen = if self.owing.is_empty() {
            None
        } else {
            ground.known.clone()
        };
        let company = if shares {
            company(ground, &case.scene)
        } else {
            Vec::new()
        };
        let mut fired = self.stage.fire(&case, ground, witnesses, self.look).await;
        if let (true, Some(plain)) = (fired.asks_for_plain_form, plain) {
            let requests = fired.requests;
            given = plain.clone();
            case = plain.with_scene(case.scene);
            fired = self.stage.fire(&case, ground, witnesses, self.look).await;
            fired.requests += requests;
        }
        if fired.may_pass() {
            let shot = Shot { place, case, fired };
            Shot { case, fired, .. } = shot.again(self.stage, ground, witnesses).await;
        }
        if fired.is_sceneless {
            (case, fired) = self.judge_scene(case, fired, ground).await;
        }
        let has_more = case.scene.len() > given.scene.len();
        let may_be_of_others = match &fired.trouble {
            Some(trouble) => has_more && !trouble.ends_the_run(),
            None => (has_more || !company.is_empty()) && !fired.findings.is_empty(),
        };
        if may_be_of_others && !fired.is_unclear && self.owing.is_empty() {
            let beside = (case, company);
            (case, fired) = self.tell_apart(given, beside, fired, ground).await;
        }
        let number = self.shots.len();
        self.shots.push(Shot { place, case, fired });
        let fired = &self.shots[number].fired;
        let is_of_state = fired
            .findings
            .iter()
            .any(|(_, finding)| finding.kind == FindingKind::State);
        let unclear = fired.is_unclear || is_of_state && !self.owing.is_empty();
        if !fired.owed.is_empty() {
            self.owing.push(number);
        } else if unclear {
            self.again(ground, witnesses, Some(number)).await;
        } else if let (Some(seen), None) = (seen, &fired.trouble) {
            // It looked, and saw nothing but its own doing.
            self.clear(&seen);
        }
    }

    /// Judges the update that should have set the scene of a case. Where nothing is
    /// wrong with it the next time, the answer that was given is what there is to
    /// tell; where nothing was wrong with that either, the case cannot be judged.
    async fn judge_scene(
        &self,
        case: Case,
        mut fired: Fired,
        ground: &mut Ground,
    ) -> (Case, Fired) {
        let step = Step::send(adding(&case.scene));
        let scene = Case::one(step).renamed(OF_SCENE);
        let mut judged = self.stage.fire(&scene, ground, &mut [], Look::AtOnce).await;
        if judged.findings.is_empty() {
            fired.requests += judged.requests;
            if fired.of_scene.is_empty() {
                return (case, fired);
            }
            let found = std::mem::take(&mut fired.of_scene);
            fired.findings = found.into_iter().map(|finding| (0, finding)).collect();
            fired.trouble = None;
            return (scene, fired);
        }
        judged.requests += fired.requests;
        (scene, judged)
    }

    /// Plays a case again that found something beside what others left or need: first
    /// with the workgroup to itself, then, where that shows nothing, with all of it as
    /// its own.
    async fn tell_apart(
        &self,
        given: Case,
        (case, company): (Case, Vec<MonitoredMailbox>),
        found: Fired,
        ground: &mut Ground,
    ) -> (Case, Fired) {
        let mut requests = found.requests;
        ground.known = None;
        let alone = given.renamed(ALONE);
        let mut fired = self.stage.fire(&alone, ground, &mut [], Look::AtOnce).await;
        requests += fired.requests;
        if found.findings.is_empty() || shows_the_same(&found, &fired) {
            fired.requests = requests;
            return (alone, fired);
        }
        ground.known = None;
        let mut beside = case.clone();
        beside.scene.extend(company);
        let beside = beside.renamed(IN_COMPANY);
        let mut fired = self
            .stage
            .fire(&beside, ground, &mut [], Look::AtOnce)
            .await;
        requests += fired.requests;
        if shows_the_same(&found, &fired) {
            fired.requests = requests;
            return (beside, fired);
        }
        // What was seen once is not unseen.
        (case, Fired { requests, ..found })
    }

    /// Every shot, once all is looked behind and cleared away.
    pub(super) async fn end(mut self, ground: &mut Ground) -> Vec<Shot> {
        self.settle(ground).await;
        self.clear_away(ground).await;
        self.shots
    }

    /// Removes what the cases so far left, once all is looked behind. The update that
    /// does it is judged like any other.
    async fn clear_away(&mut self, ground: &mut Ground) {
        if ground.leftover.is_empty() {
            return;
        }
        self.settle(ground).await;
        let ids = ground.added(&BTreeSet::new());
        let held = company(ground, &[]);
        let before = ground.known.take().unwrap_or_default();
        ground.leftover.clear();
        let (stage, workgroup) = (self.stage, &ground.workgroup);
        let body = removing(&ids);
        let mut requests = 0;
        let cleared = stage.clear(workgroup, &body, &mut requests).await;
        let is_accepted = |exchange: &Exchange| {
            let answer = exchange.answer();
            answer.is_some_and(|answer| answer.status == 200)
        };
        let cleared = match cleared {
            Ok(exchange) if is_accepted(&exchange) => Ok(Some(exchange)),
            // All at once may be what is refused.
            Ok(_) => {
                let removed = stage.remove(workgroup, &ids, &mut requests).await;
                removed.map(|()| None)
            }
            Err(trouble) => Err(trouble),
        };
        let is_gone = |read: &ReadBack| {
            let mut stored = read.stored.iter();
            !stored.any(|object| ids.contains(&object.id))
        };
        let read = stage.read_until(Reader::Same, workgroup, &mut requests, is_gone);
        let read = read.await.ok();
        let stays = read.as_ref().is_some_and(|read| !is_gone(read));
        ground.known = read.map(|read| read.stored);
        let Some(last) = self.shots.last_mut() else {
            return;
        };
        last.fired.requests += requests;
        last.fired.unanswered += usize::from(cleared.is_err());
        if let (true, Ok(Some(exchange))) = (stays, cleared) {
            let case = Case::one(Step::send(body)).with_scene(held);
            let found = stage.judge_clearing(&case, &exchange, &before, ground);
            last.fired.of_clearing.extend(found.await);
        }
    }

    /// Looks behind the refusals that nobody has looked behind yet.
    async fn settle(&mut self, ground: &mut Ground) {
        let Some(first) = self.owing.first() else {
            return;
        };
        let mut requests = 0;
        let before = ground.known.take();
        let reader = self.shots[*first].case.reader;
        let after = self
            .stage
            .read_by(reader, &ground.workgroup, &mut requests)
            .await;
        let last = self.owing.len() - 1;
        self.shots[self.owing[last]].fired.requests += requests;
        let (Some(before), Ok(after)) = (before, after) else {
            return self.again(ground, &mut [], None).await;
        };
        ground.known = Some(after.clone());
        let shot = &mut self.shots[*first];
        let ours = Ours::of(&before, &after, None, &shot.case);
        if let Some(change) = ours.foreign {
            let foreign = (ground.workgroup.clone(), change);
            shot.fired.foreign.get_or_insert(foreign);
        }
        if same(&ours.before, &ours.after) {
            return self.clear(&before);
        }
        let owed: Vec<(usize, Vec<Owed>)> = self
            .owing
            .iter()
            .map(|number| (*number, self.shots[*number].fired.owed.clone()))
            .collect();
        let is_late = self.stage.is_late(&ground.workgroup).await;
        self.again(ground, &mut [], None).await;
        if is_late {
            // What is not there a second time may be of an update before.
            return;
        }
        let is_shown = owed.iter().any(|(number, _)| {
            let findings = &self.shots[*number].fired.findings;
            let mut kinds = findings.iter().map(|(_, finding)| finding.kind);
            kinds.any(|kind| kind == FindingKind::State)
        });
        if !is_shown {
            self.blame(&owed, &ours.before, &ours.after);
        }
    }

    /// Nothing has changed: what was owed is settled.
    fn clear(&mut self, seen: &[Stored]) {
        let circumstances = self.stage.circumstances(false, false);
        for number in std::mem::take(&mut self.owing) {
            let fired = &mut self.shots[number].fired;
            for owed in std::mem::take(&mut fired.owed) {
                let verdict = owed.verdict(seen, &circumstances);
                fired.checked.extend(verdict.checked);
            }
        }
    }

    /// Fires again what may have changed something, and `also`: with a look
    /// after every step.
    async fn again(
        &mut self,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
        also: Option<usize>,
    ) {
        for number in std::mem::take(&mut self.owing).into_iter().chain(also) {
            ground.known = None;
            let shot = &mut self.shots[number];
            let case = shot.case.renamed(AGAIN);
            let witnesses = if also == Some(number) {
                &mut *witnesses
            } else {
                &mut []
            };
            let mut fired = self
                .stage
                .fire(&case, ground, witnesses, Look::AtOnce)
                .await;
            fired.requests += shot.fired.requests;
            fired.unanswered += shot.fired.unanswered;
            // What was seen the first time is not unseen.
            if fired.findings.is_empty() && !shot.fired.findings.is_empty() {
                shot.fired.requests = fired.requests;
            } else {
                (shot.case, shot.fired) = (case, fired);
            }
        }
    }

    /// Something has changed that did not change a second time: the refusal that
    /// names it is the likeliest to have done it.
    fn blame(&mut self, owed: &[(usize, Vec<Owed>)], before: &[Stored], after: &[Stored]) {
        let is_new = |object: &&Stored| !before.contains(object);
        let changed: Vec<&Stored> = after.iter().filter(is_new).collect();
        let is_named = |(_, owed): &&(usize, Vec<Owed>)| {
            let effects = owed
                .iter()
                .filter_map(|owed| owed.expectation.effect.as_ref());
            let mut added = effects.flat_map(|effect| &effect.added);
            added.any(|added| {
                let id = added.id.as_ref();
                changed.iter().any(|object| Some(&object.id) == id)
            })
        };
        let Some((number, owed)) = owed.iter().find(is_named).or(owed.first()) else {
            return;
        };
        let shot = &mut self.shots[*number];
        let circumstances = self.stage.circumstances(false, false);
        let seen = Seen {
            before: Some(before),
            after: Some(after),
        };
        for owed in owed {
            let verdict = judge_state(&owed.expectation, owed.status, seen, &circumstances);
            let found = verdict.findings.into_iter().map(|finding| (0, finding));
            shot.fired.findings.extend(found);
        }
    }
}
