//! The cases of one batch, fired one after the other. Behind refusals that must
//! have changed nothing the workgroup is looked at once for several of them;
//! where that shows a change, they are fired again, each with a look of its
//! own.

use super::batch::Place;
use super::fire::{Fired, Look, Owed};
use super::foreign::Ours;
use super::ground::{Ground, Witnesses};
use super::stage::Stage;
use super::trouble::Trouble;
use crate::generate::update::adding;
use crate::generate::{Case, Step};
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

/// The shots of one batch.
pub(super) struct Volley<'a> {
    stage: &'a Stage,
    shots: Vec<Shot>,
    /// Those of them behind which nobody has looked yet.
    owing: Vec<usize>,
}

impl<'a> Volley<'a> {
    /// None yet.
    pub(super) const fn new(stage: &'a Stage) -> Self {
        Self {
            stage,
            shots: Vec::new(),
            owing: Vec::new(),
        }
    }

    /// Why the last shot could not be judged, if it could not.
    pub(super) fn trouble(&self) -> Option<&Trouble> {
        self.shots.last()?.fired.trouble.as_ref()
    }

    /// Fires the next case.
    pub(super) async fn fire(
        &mut self,
        place: Place,
        mut case: Case,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
    ) {
        // What is stored next would hide what the refusals left.
        if !case.scene.is_empty() || case.steps.len() > 1 || !witnesses.is_empty() {
            self.settle(ground).await;
        }
        let seen = if self.owing.is_empty() {
            None
        } else {
            ground.known.clone()
        };
        let mut fired = self.stage.fire(&case, ground, witnesses, Look::Later).await;
        if fired.may_pass() {
            let shot = Shot { place, case, fired };
            Shot { case, fired, .. } = shot.again(self.stage, ground, witnesses).await;
        }
        if fired.is_sceneless {
            (case, fired) = self.judge_scene(case, fired, ground).await;
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
        let scene = Case::one(step).renamed(AGAIN);
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

    /// Every shot, once all is looked behind.
    pub(super) async fn end(mut self, ground: &mut Ground) -> Vec<Shot> {
        self.settle(ground).await;
        self.shots
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
