//! What a request is not to blame for: sessions that were lost around it, a target
//! that started anew or has only one answer any more.

use super::Firing;
use super::ask::SENT_TWICE;
use crate::client::{Exchange, Session, State};
use crate::generate::session::Life;
use crate::generate::{Prelude, Step};
use crate::judge::{AnswerBody, Finding, FindingKind};
use crate::oracle::{Expectation, Stored};
use crate::runner::ground::Ground;
use crate::runner::trouble::Trouble;

/// So many plain requests are answered in a session before it can be lost to
/// another.
const PLAIN_REQUESTS: u32 = 2;

impl Firing<'_> {
    /// Opens another session in place of one that the target lost: one that nobody
    /// else uses, so that nobody else can lose it. A request is not to blame for that
    /// where the new one is over before it is used, though plain requests are
    /// answered in it.
    pub(super) async fn replace(
        &mut self,
        lost: &Session,
        step: &Step,
        ground: &mut Ground,
    ) -> Result<(), Trouble> {
        let sessions = &self.stage.sessions;
        sessions.lose(lost).await;
        self.fresh.retain(|(.., session)| session.id != lost.id);
        if step.session.life == Life::Live {
            self.apart = !sessions.one_per_user && !sessions.refuses_second;
            let live = self.live(step.session.asker).await?;
            for _ in 0..PLAIN_REQUESTS {
                self.fired.requests += 1;
                if sessions.state(&live).await == State::Over {
                    sessions.lose(&live).await;
                    self.fresh.retain(|(.., session)| session.id != live.id);
                    return Err(Trouble::Passing(
                        "the target loses sessions before they are used".to_owned(),
                    ));
                }
            }
        }
        if let Some(before) = ground.known.clone().filter(|_| self.stage.read_back) {
            let after = self.look(&ground.workgroup).await?;
            self.refuse_anew(&before, &after)?;
        }
        // A failure that was not met yet is still to come.
        match step.prelude {
            Some(Prelude::FailNext) => Ok(()),
            _ => self.prelude(step, ground).await,
        }
    }

    /// Says so where nothing is left of what was stored, now that the sessions are
    /// gone as well.
    fn refuse_anew(&self, before: &[Stored], after: &[Stored]) -> Result<(), Trouble> {
        let is_left = |object: &Stored| after.iter().any(|now| now.id == object.id);
        if before.is_empty() || before.iter().any(is_left) {
            Ok(())
        } else {
            Err(Trouble::Gone(self.stage.client.end(
                "the target started anew: its sessions and what was stored are gone",
            )))
        }
    }

    /// Takes back what was found in the state where a session was lost before it
    /// was looked at: the target may have lost more. `found` says how many findings
    /// and lost sessions there were before.
    pub(super) fn excuse_the_lost(
        &mut self,
        found: (usize, u64),
        before: Option<&[Stored]>,
        ground: &Ground,
    ) -> Result<(), Trouble> {
        let (findings, lost) = found;
        let is_of_state = |(_, finding): &(usize, Finding)| finding.kind == FindingKind::State;
        if self.stage.sessions.lost() == lost
            || !self.fired.findings[findings..].iter().any(is_of_state)
        {
            return Ok(());
        }
        if let (Some(before), Some(after)) = (before, &ground.known) {
            self.refuse_anew(before, after)?;
        }
        self.fired.findings.truncate(findings);
        Err(Trouble::Passing(
            "a session was lost before anybody looked".to_owned(),
        ))
    }

    /// Takes back what was found about an update that may have been done twice; what
    /// is wrong with the form of its answer stands.
    pub(super) fn excuse_the_repeated(
        &mut self,
        found: usize,
        expectation: &Expectation,
        exchange: &Exchange,
    ) -> Result<(), Trouble> {
        let is_of_answer = |(_, finding): &(usize, Finding)| finding.kind == FindingKind::Answer;
        let new = &self.fired.findings[found..];
        if !exchange.twice || !expectation.may_accept() || new.iter().all(is_of_answer) {
            return Ok(());
        }
        self.fired.findings.truncate(found);
        Err(Trouble::Passing(SENT_TWICE.to_owned()))
    }

    /// Takes back what was found where the target has only one answer any more.
    pub(super) async fn excuse_the_gone(
        &mut self,
        found: usize,
        exchange: &Exchange,
    ) -> Result<(), Trouble> {
        let is_good = |status: u16| (200..300).contains(&status) || status == 500;
        let is_odd = exchange.answer().is_some_and(|answer| {
            !is_good(answer.status) || AnswerBody::read(answer).object().is_none()
        });
        if !is_odd || self.fired.findings.len() == found {
            return Ok(());
        }
        self.fired.requests += 1;
        match self.stage.client.is_gone().await {
            Some(gone) => {
                self.fired.findings.truncate(found);
                Err(Trouble::Gone(gone))
            }
            None => Ok(()),
        }
    }
}
