//! What stands on a scratch workgroup before a case, what the case is known to
//! have made there, and its removal afterwards.

use std::collections::BTreeSet;

use super::ask::SENT_TWICE;
use super::unseen::listed_ids;
use super::{Firing, described};
use crate::client::Exchange;
use crate::contract::representation::MonitoredMailbox;
use crate::generate::Step;
use crate::generate::mailbox::Names;
use crate::generate::update::adding;
use crate::judge::state::match_added;
use crate::judge::{Finding, FindingKind, Seen, judge};
use crate::oracle::{Expectation, Stored, Wanted};
use crate::runner::ground::Ground;
use crate::runner::surroundings::is_plain;
use crate::runner::trouble::Trouble;

/// How many ids are removed at once that could not be removed before.
const PART: usize = 40;

/// Whether these objects are there already.
pub(in crate::runner) fn stands(scene: &[MonitoredMailbox], ground: &Ground) -> bool {
    let known = ground.known.as_deref().unwrap_or_default();
    let is_there = |object: &MonitoredMailbox| {
        let address = object.email_address.value().map(String::as_str);
        let mut known = known.iter();
        known.any(|other| {
            Some(other.id.as_str()) == object.id() && other.text("emailAddress") == address
        })
    };
    scene.iter().all(is_there)
}

impl Firing<'_> {
    /// Stores the scene, and looks at the workgroup where that is offered.
    pub(super) async fn set_scene(
        &mut self,
        scene: &[MonitoredMailbox],
        ground: &mut Ground,
    ) -> Result<(), Trouble> {
        if scene.is_empty() {
            if self.stage.read_back && ground.known.is_none() {
                ground.known = Some(self.look(&ground.workgroup).await?);
            }
            return Ok(());
        }
        if self.shares && stands(scene, ground) {
            self.made.extend(
                scene
                    .iter()
                    .filter_map(|object| object.id().map(str::to_owned)),
            );
            return Ok(());
        }
        if !self.stage.read_back {
            let stored = self.store_unseen(scene, ground).await;
            if stored.is_err() {
                self.clean(ground).await;
            }
            return stored;
        }
        let before = ground.known.take();
        let exchange = self
            .stage
            .update(&ground.workgroup, &adding(scene), &mut self.fired.requests)
            .await?;
        self.listed.extend(listed_ids(&exchange));
        let mut complete = exchange.answer().is_some_and(|answer| answer.status == 200);
        let is_there = |stored: &[Stored]| {
            let is_stored = |object: &MonitoredMailbox| {
                let address = object.email_address.value().map(String::as_str);
                let mut stored = stored.iter();
                stored.any(|stored| stored.text("emailAddress") == address)
            };
            !complete || scene.iter().all(is_stored)
        };
        let stored = self.look_until(&ground.workgroup, is_there).await?;
        for object in scene {
            let address = object.email_address.value().map(String::as_str);
            let found = stored
                .iter()
                .find(|stored| stored.text("emailAddress") == address);
            match (found, object.id()) {
                (Some(found), given) => {
                    self.made.insert(found.id.clone());
                    if let Some(given) = given.filter(|given| *given != found.id) {
                        self.ids.insert(given.to_owned(), found.id.clone());
                    }
                }
                (None, _) => complete = false,
            }
        }
        ground.known = Some(stored);
        if complete {
            return Ok(());
        }
        if exchange.twice {
            self.clean(ground).await;
            return Err(Trouble::Passing(SENT_TWICE.to_owned()));
        }
        let before = before.as_deref();
        let is_legal = self
            .judge_setting_up(scene, &exchange, before, ground)
            .await;
        self.clean(ground).await;
        if is_legal {
            return Err(Trouble::NotOffered(format!(
                "the target refuses objects that the case needs, as it may: {}",
                described(&exchange)
            )));
        }
        self.fired.is_sceneless = true;
        Err(Trouble::Unjudged(format!(
            "the objects that the case needs could not be stored: {}",
            described(&exchange)
        )))
    }

    /// Judges the answer to the update that should have stored the scene: it was
    /// given, whatever the same update is answered the next time. Answers whether it is
    /// a refusal that the documentation allows and does not ask for.
    async fn judge_setting_up(
        &mut self,
        scene: &[MonitoredMailbox],
        exchange: &Exchange,
        before: Option<&[Stored]>,
        ground: &Ground,
    ) -> bool {
        let step = Step::send(adding(scene));
        let Ok(asking) = self.asking(&step, ground).await else {
            return false;
        };
        let is_refused = exchange.answer().is_some_and(|answer| answer.status == 400);
        // What a refusal left is what there was before it.
        let after = ground.known.as_deref().filter(|_| is_refused);
        let expectation = self.expectation(&step, &asking, before.or(after), ground);
        let circumstances = self.stage.circumstances(false, false);
        let outcome = exchange.outcome.as_ref();
        let verdict = judge(&expectation, outcome, Seen::NOTHING, &circumstances);
        self.note_answer(&expectation, exchange);
        self.fired.of_scene = verdict.findings;
        self.fired.sent = vec![exchange.request.clone()];
        is_refused && !expectation.must_accept() && self.fired.of_scene.is_empty()
    }

    /// Where the server gives ids, later steps mean the objects by those.
    pub(super) fn learn_ids(
        &mut self,
        expectation: &Expectation,
        before: &[Stored],
        after: &[Stored],
    ) {
        let Some(effect) = &expectation.effect else {
            return;
        };
        let found = match_added(effect, before, after).found;
        for (object, stored) in effect.added.iter().zip(found) {
            // What came without an id is meant by the one of its address.
            let by_address = || match object.wanted.get("emailAddress") {
                Some(Wanted::Text(address)) => Names::id_of(address).map(str::to_owned),
                _ => None,
            };
            if let (Some(given), Some(stored)) = (object.id.clone().or_else(by_address), stored)
                && given != stored.id
            {
                self.ids.insert(given, stored.id.clone());
            }
        }
    }

    /// Leaves what the case made to those after it, where nothing is wrong with it;
    /// else removes it.
    pub(super) async fn leave(&mut self, ground: &mut Ground, is_judged: bool) {
        let is_in_order = is_judged && self.fired.findings.is_empty() && ground.known.is_some();
        if self.shares && is_in_order && self.made.iter().all(|id| is_plain(id)) {
            ground.leftover.append(&mut self.made);
            self.listed.clear();
        } else {
            self.clean(ground).await;
        }
    }

    /// Removes what the case made, and what others left. What stays all the same is
    /// seen by whoever looks next.
    pub(super) async fn clean(&mut self, ground: &mut Ground) {
        let is_own = |id: &String| self.made.contains(id);
        let (own, left): (Vec<String>, Vec<String>) = match &ground.known {
            Some(_) => ground.added(&self.made).into_iter().partition(is_own),
            None if self.stage.read_back => {
                let is_old = |id: &&String| {
                    let initial = ground.initial.iter().flatten();
                    initial.into_iter().any(|object| object.id == **id)
                };
                let left = self.listed.iter().chain(&ground.leftover);
                let new = left.filter(|id| !is_old(id));
                (Vec::new(), new.cloned().collect())
            }
            None => (self.made.union(&self.listed).cloned().collect(), Vec::new()),
        };
        // What earlier cases could not remove goes in small parts.
        let parts = Some(&own[..]).into_iter().filter(|own| !own.is_empty());
        let unseen = self.listed_and_unseen(ground);
        for part in parts.chain(left.chunks(PART)).chain(unseen.chunks(PART)) {
            let requests = &mut self.fired.requests;
            let removed = self.stage.remove(&ground.workgroup, part, requests).await;
            self.fired.unanswered += usize::from(removed.is_err());
            if self.stage.read_back {
                ground.known = None;
            } else if removed.is_ok() {
                ground.known = Some(Vec::new());
            }
            if removed.is_err() {
                return;
            }
        }
        self.listed.clear();
        ground.leftover.clear();
    }

    /// What answers listed and no read-back shows, where something is wrong with what
    /// is stored: it may be there all the same.
    fn listed_and_unseen(&self, ground: &Ground) -> Vec<String> {
        let is_of_state = |(_, finding): &(usize, Finding)| finding.kind == FindingKind::State;
        let Some(known) = &ground.known else {
            return Vec::new();
        };
        if !self.stage.read_back || !self.fired.findings.iter().any(is_of_state) {
            return Vec::new();
        }
        let seen = known.iter().chain(ground.initial.iter().flatten());
        let seen: BTreeSet<&String> = seen.map(|object| &object.id).collect();
        let unseen = self.listed.iter().filter(|id| !seen.contains(id));
        unseen.cloned().collect()
    }
}
