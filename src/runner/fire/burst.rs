//! A case whose steps are sent at once (EFF-10).

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::ask::{Asking, SENT_TWICE};
use super::{Firing, described};
use crate::client::{Exchange, Patience, Reading, Request, State};
use crate::contract::rules;
use crate::generate::{Case, Step};
use crate::judge::burst::{Answered, Undecided, judge_burst};
use crate::judge::linearizable::Interval;
use crate::judge::{Finding, Seen, judge};
use crate::oracle::Stored;
use crate::runner::foreign::Ours;
use crate::runner::ground::Ground;
use crate::runner::trouble::Trouble;

/// Nobody else is under way: what is busy is busy with the burst.
const PATIENCE: Patience = Patience::Update;

impl Firing<'_> {
    /// Sends every step at once and judges them together. The scene is set.
    pub(super) async fn burst(&mut self, case: &Case, ground: &mut Ground) -> Result<(), Trouble> {
        let Some(before) = ground.known.clone().filter(|_| self.stage.read_back) else {
            return Err(Trouble::NotOffered(
                "what concurrent updates leave is not seen without read-back".to_owned(),
            ));
        };
        let mut askings = Vec::new();
        for step in &case.steps {
            let asking = self.asking(step, ground).await?;
            let request = self.request(step, &asking);
            askings.push((step, asking, request));
        }
        let stage = self.stage;
        // Alone, so that they meet each other. All of them, whatever the run's
        // concurrency: it counts cases, and the same seed gives the same report
        // at any.
        self.among = None;
        let alone = stage.exclusive.write().await;
        let all = askings.iter().map(|(_, asking, request)| {
            let origin = &asking.cast.own.session.origin;
            stage.client.send(origin, request)
        });
        let mut sent: Vec<Exchange> = join_all(all).await;
        let mut requests = sent.len() as u64;
        // A target may take fewer at once than a burst has: what it was too busy for
        // comes when the others are through.
        for (exchange, (_, asking, request)) in sent.iter_mut().zip(&askings) {
            let is_busy = |answer| PATIENCE.is_busy(answer);
            if exchange.answer().is_some_and(is_busy) {
                let origin = &asking.cast.own.session.origin;
                let plain = async || stage.plain_update().await;
                let asking = stage.client.send_beside(origin, request, PATIENCE, plain);
                let asked = asking.await;
                requests += asked.sent;
                match asked.reading {
                    Reading::Own => *exchange = asked.exchange,
                    Reading::Gone(gone) => return Err(Trouble::Gone(gone)),
                    Reading::Passing(why) | Reading::TakenAway(why) => {
                        return Err(Trouble::Passing(why));
                    }
                }
            }
        }
        drop(alone);
        self.among = Some(stage.exclusive.read().await);
        ground.known = None;
        self.fired.requests += requests;
        let after = self.look(&ground.workgroup).await?;
        ground.known = Some(after.clone());
        let Ours { before, after, .. } = self.ours(&ground.workgroup, &before, &after, None);
        self.note_made(&before, &after);
        let (mut answered, mut unanswered) = (Vec::new(), Vec::new());
        for (exchange, (_, asking, request)) in sent.iter().zip(&askings) {
            self.fired.sent.push(request.clone());
            self.stage
                .answered(&asking.workgroup, &request.body, exchange);
            let session = &asking.cast.own.session;
            match exchange.answer() {
                Some(answer) => {
                    if answer.status == 401 {
                        self.fired.requests += 1;
                        if self.stage.sessions.state(session).await == State::Over {
                            self.stage.sessions.lose(session).await;
                            return Err(Trouble::Passing("the session was lost".to_owned()));
                        }
                    }
                    self.fired.accepted |= answer.status == 200;
                    self.fired.rejected |= (400..500).contains(&answer.status);
                    answered.push(Answered {
                        answer,
                        interval: Interval {
                            called: exchange.started,
                            returned: exchange.started + exchange.took,
                        },
                    });
                }
                None => {
                    let what = format!("an update of a burst: {}", described(exchange));
                    if exchange.interrupted {
                        return Err(Trouble::Passing(what));
                    }
                    unanswered.push((answered.len() + unanswered.len(), what));
                }
            }
        }
        if !unanswered.is_empty() {
            let seen = (&*ground, before.as_slice());
            return self
                .judge_unanswered(&askings, &sent, &unanswered, seen)
                .await;
        }
        let expected = |number: usize, stored: &[Stored]| {
            let (step, asking, _) = &askings[number];
            self.expectation(step, asking, Some(stored), ground)
        };
        let circumstances = self.stage.circumstances(false, false);
        let verdict = judge_burst(&answered, (&before, &after), &expected, &circumstances);
        let judged = verdict.answers.iter().chain([&verdict.together]);
        let is_sound = judged.map(|one| &one.findings).all(Vec::is_empty);
        if !is_sound && sent.iter().any(|exchange| exchange.twice) {
            return Err(Trouble::Passing(SENT_TWICE.to_owned()));
        }
        for (exchange, (step, asking, _)) in sent.iter().zip(&askings) {
            let expectation = self.expectation(step, asking, Some(&before), ground);
            self.note_answer(&expectation, exchange);
        }
        for (number, alone) in verdict.answers.into_iter().enumerate() {
            self.take(number, alone);
        }
        let last = case.steps.len().saturating_sub(1);
        self.take(last, verdict.together);
        match verdict.undecided {
            Some(Undecided::Open(reason)) => Err(Trouble::NotOffered(reason.to_owned())),
            Some(Undecided::Otherwise(reason)) => Err(Trouble::Unjudged(reason.to_owned())),
            None => Ok(()),
        }
    }

    /// What was not answered, while others are: each of `unanswered` by its number.
    async fn judge_unanswered(
        &mut self,
        askings: &[(&Step, Asking, Request)],
        sent: &[Exchange],
        unanswered: &[(usize, String)],
        ground: (&Ground, &[Stored]),
    ) -> Result<(), Trouble> {
        let (ground, before) = ground;
        let circumstances = self.stage.circumstances(false, false);
        for (number, what) in unanswered {
            match self.stage.trouble(what.clone()).await {
                Trouble::Passing(_) => {}
                trouble => return Err(trouble),
            }
            let (step, asking, _) = &askings[*number];
            let expectation = self.expectation(step, asking, Some(before), ground);
            let outcome = sent[*number].outcome.as_ref();
            let verdict = judge(&expectation, outcome, Seen::NOTHING, &circumstances);
            let is_judged = !verdict.findings.is_empty();
            self.take(*number, verdict);
            if !is_judged {
                return Err(Trouble::Passing(what.clone()));
            }
        }
        Ok(())
    }

    /// A burst that no order explains shows something about concurrency only
    /// where the same updates are in order one after the other.
    pub(super) async fn explained_burst(
        &mut self,
        case: &Case,
        ground: &mut Ground,
    ) -> Result<(), Trouble> {
        let played = self.burst(case, ground).await;
        let unexplained = |found: &(usize, Finding)| found.1.rule == rules::EFF_10;
        if !self.fired.findings.iter().any(unexplained) {
            return played;
        }
        self.clean(ground).await;
        let alone = Case {
            at_once: false,
            ..case.renamed(1 << 14)
        };
        let of_burst = std::mem::take(&mut self.fired);
        self.set_scene(&alone.scene, ground).await?;
        let in_order = self.one_after_the_other(&alone, ground, &mut []).await;
        let of_order = std::mem::replace(&mut self.fired, of_burst);
        self.fired.requests += of_order.requests;
        if of_order.findings.is_empty() && in_order.is_ok() {
            return played;
        }
        self.fired.findings.retain(|found| !unexplained(found));
        in_order?;
        Err(Trouble::Unjudged(
            "the updates of the burst are not in order one after the other either".to_owned(),
        ))
    }

    /// Notes what appeared, so that it is removed again.
    pub(super) fn note_made(&mut self, before: &[Stored], after: &[Stored]) {
        let known: BTreeSet<&String> = before.iter().map(|stored| &stored.id).collect();
        let new = after.iter().filter(|stored| !known.contains(&stored.id));
        self.made.extend(new.map(|stored| stored.id.clone()));
    }
}
