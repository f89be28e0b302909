//! After the answer: the workgroups are looked at again, and what was seen is
//! judged.

use super::unseen::listed_ids;
use super::{Firing, Owed, described};
use crate::client::Exchange;
use crate::contract::rules;
use crate::generate::{Connection, Prelude, Reader, Step, WorkgroupChoice};
use crate::judge::state::{first_change, same};
use crate::judge::{Finding, FindingKind, Seen, Verdict, judge, judge_state};
use crate::oracle::{Expectation, Stored};
use crate::runner::foreign::Ours;
use crate::runner::ground::{Ground, Witnesses};
use crate::runner::trouble::Trouble;

impl Firing<'_> {
    /// Looks at the workgroups again, and judges.
    pub(super) async fn conclude(
        &mut self,
        number: usize,
        step: &Step,
        expectation: &Expectation,
        exchange: &Exchange,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
    ) -> Result<(), Trouble> {
        self.note_answer(expectation, exchange);
        let status = exchange.answer().map_or(0, |answer| answer.status);
        let removed = step.is_of_the_removed();
        let fails_next = step.prelude == Some(Prelude::FailNext);
        let circumstances = self.stage.circumstances(removed, fails_next);
        let addressed = step.workgroup == WorkgroupChoice::Leased;
        let must_refuse = !expectation.may_accept() && !expectation.may_fail;
        let refused = (400..500).contains(&status);
        if self.may_owe && must_refuse && refused && witnesses.is_empty() {
            self.owe(number, step, expectation, exchange);
            return Ok(());
        }
        if addressed {
            self.listed.extend(listed_ids(exchange));
        }
        let is_one_of_many = number + 1 < self.case.steps.len();
        if is_one_of_many && addressed && status == 200 && witnesses.is_empty() {
            let believed = self.believed(expectation, exchange, ground);
            if let Some((after, verdict)) = believed {
                self.take(number, verdict);
                ground.known = Some(after);
                self.fired.is_believed = true;
                return Ok(());
            }
        }
        let before = ground.known.take();
        let mut trouble = None;
        let accepted = (addressed && status == 200).then_some(expectation);
        // What was accepted and shows nothing at all may be late.
        let is_there = |after: &[Stored]| {
            let (Some(before), Some(expectation)) = (&before, accepted) else {
                return true;
            };
            let seen = Seen {
                before: Some(before),
                after: Some(after),
            };
            !same(before, after)
                || judge_state(expectation, status, seen, &circumstances)
                    .findings
                    .is_empty()
        };
        let after = if self.stage.read_back {
            match self.look_until(&ground.workgroup, is_there).await {
                Ok(stored) => Some(stored),
                Err(reason) => {
                    trouble = Some(reason);
                    None
                }
            }
        } else {
            None
        };
        let ours = match (&before, &after) {
            (Some(before), Some(after)) => {
                Some(self.ours(&ground.workgroup, before, after, accepted))
            }
            _ => None,
        };
        let judged = ours.as_ref().filter(|_| addressed);
        let seen = Seen {
            before: judged.map(|ours| ours.before.as_slice()),
            after: judged.map(|ours| ours.after.as_slice()),
        };
        let mut verdict = judge(expectation, exchange.outcome.as_ref(), seen, &circumstances);
        self.name_keys(step, &mut verdict);
        let is_of_state = |finding: &Finding| finding.kind == FindingKind::State;
        let mut unchanged = !verdict.findings.iter().any(is_of_state);
        self.take(number, verdict);
        let open = step.workgroup == WorkgroupChoice::LeasedInOtherCase;
        if let Some(ours) = ours.as_ref().filter(|_| !addressed && !open) {
            self.watch(number, expectation, exchange, &ours.before, &ours.after);
            unchanged &= same(&ours.before, &ours.after);
        }
        if let Some(ours) = &ours {
            self.settled(unchanged, &ours.before);
            self.learn_ids(expectation, &ours.before, &ours.after);
            self.note_made(&ours.before, &ours.after);
        }
        if after.is_some() {
            ground.known = after;
        } else if !self.stage.read_back {
            ground.known = before;
            if let (200, true, Some(effect)) = (status, addressed, &expectation.effect) {
                self.believe(effect, exchange, ground);
            }
        }
        let watched = witnesses.iter_mut().filter(|_| self.stage.read_back);
        for witness in watched {
            let before = witness.known.take();
            let after = self.look(&witness.workgroup).await?;
            if let Some(before) = &before {
                let ours = self.ours(&witness.workgroup, before, &after, None);
                self.watch(number, expectation, exchange, &ours.before, &ours.after);
            }
            witness.known = Some(after);
        }
        match trouble {
            Some(trouble) if status == 500 && fails_next => {
                self.blame_silence(number);
                Err(trouble)
            }
            Some(trouble) => Err(trouble),
            None if fails_next && !matches!(status, 500 | 503) => Err(Trouble::Unjudged(format!(
                "the hook provoked no 500 but a {status} (hooks.fail_next)"
            ))),
            None => Ok(()),
        }
    }

    /// What is stored behind an accepted update of a sequence whose end is looked at,
    /// where its answer is in order and leaves nothing open.
    fn believed(
        &mut self,
        expectation: &Expectation,
        exchange: &Exchange,
        ground: &Ground,
    ) -> Option<(Vec<Stored>, Verdict)> {
        // Other cases look behind each of their updates.
        let is_plain = self.case.reader == Reader::Same && self.case.connection == Connection::Kept;
        let effect = expectation.effect.as_ref()?;
        if !self.shares || !is_plain || !expectation.must_accept() || !effect.is_certain() {
            return None;
        }
        let after = effect.apply(ground.known.as_ref()?);
        let circumstances = self.stage.circumstances(false, false);
        let outcome = exchange.outcome.as_ref();
        let verdict = judge(expectation, outcome, Seen::NOTHING, &circumstances);
        let added = effect.added.iter();
        self.made
            .extend(added.filter_map(|object| object.id.clone()));
        verdict.findings.is_empty().then_some((after, verdict))
    }

    /// Judges a refusal by its answer alone: that nothing changed is looked at later,
    /// for many at once.
    fn owe(&mut self, number: usize, step: &Step, expectation: &Expectation, exchange: &Exchange) {
        let fails_next = step.prelude == Some(Prelude::FailNext);
        let removed = step.is_of_the_removed();
        let circumstances = self.stage.circumstances(removed, fails_next);
        let outcome = exchange.outcome.as_ref();
        let mut verdict = judge(expectation, outcome, Seen::NOTHING, &circumstances);
        self.name_keys(step, &mut verdict);
        self.take(number, verdict);
        self.fired.owed.push(Owed {
            expectation: expectation.clone(),
            status: exchange.answer().map_or(0, |answer| answer.status),
            addressed: step.workgroup == WorkgroupChoice::Leased,
        });
    }

    /// ISE-3: after a provoked failure the target still answers.
    fn blame_silence(&mut self, number: usize) {
        let mut verdict = Verdict::new("after a failure".to_owned(), 500);
        verdict.refute(
            rules::ISE_3,
            FindingKind::State,
            "after a 500 the server no longer answers",
            "an ordinary answer to the next request",
            "a failed read-back",
        );
        self.take(number, verdict);
    }

    /// What this case did between two read-backs; what somebody else did is
    /// noted.
    pub(super) fn ours(
        &mut self,
        workgroup: &str,
        before: &[Stored],
        after: &[Stored],
        expectation: Option<&Expectation>,
    ) -> Ours {
        let ours = Ours::of(before, after, expectation, self.case);
        if let Some(change) = &ours.foreign {
            self.fired
                .foreign
                .get_or_insert_with(|| (workgroup.to_owned(), change.clone()));
        }
        ours
    }

    /// WG-2: a workgroup that the request does not address stays as it was.
    pub(super) fn watch(
        &mut self,
        number: usize,
        expectation: &Expectation,
        exchange: &Exchange,
        before: &[Stored],
        after: &[Stored],
    ) {
        let mut verdict = Verdict::new(
            expectation.cause(),
            exchange.answer().map_or(0, |answer| answer.status),
        )
        .objecting(expectation.objection());
        verdict.check(rules::WG_2);
        if !same(before, after) {
            verdict.refute(
                rules::WG_2,
                FindingKind::State,
                "an update changed a workgroup that it does not address",
                "the other workgroup as it was",
                format!(
                    "{} (the update was answered {})",
                    first_change(before, after),
                    described(exchange)
                ),
            );
        }
        self.take(number, verdict);
    }
}
