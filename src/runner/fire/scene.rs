//! What stands on a scratch workgroup before a case, what the case is known to
//! have made there, and its removal afterwards.

use super::{Firing, described};
use crate::contract::representation::MonitoredMailbox;
use crate::generate::mailbox::Names;
use crate::generate::update::adding;
use crate::judge::state::match_added;
use crate::oracle::{Expectation, Stored, Wanted};
use crate::runner::ground::Ground;
use crate::runner::stage::Trouble;

/// How many ids are removed at once that could not be removed before.
const PART: usize = 40;

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
        let before = ground.known.take();
        let exchange = self
            .stage
            .update(&ground.workgroup, &adding(scene), &mut self.fired.requests)
            .await?;
        let accepted = exchange.answer().is_some_and(|answer| answer.status == 200);
        if self.stage.read_back {
            let stored = self.look(&ground.workgroup).await?;
            let mut complete = true;
            for object in scene {
                let found = stored.iter().find(|stored| {
                    stored.text("emailAddress") == object.email_address.value().map(String::as_str)
                });
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
            if !complete || !accepted {
                self.clean(ground).await;
                return Err(Trouble::Inconclusive(format!(
                    "the objects that the case needs could not be stored: {}",
                    described(&exchange)
                )));
            }
        } else if accepted {
            let mut known = before.unwrap_or_default();
            for object in scene {
                if let Some(id) = object.id() {
                    self.made.insert(id.to_owned());
                    known.push(as_stored(object));
                }
            }
            ground.known = Some(known);
        } else {
            return Err(Trouble::Inconclusive(format!(
                "the objects that the case needs could not be stored: {}",
                described(&exchange)
            )));
        }
        Ok(())
    }

    /// Where the server gives ids, later steps mean the objects by those.
    pub(super) fn learn_ids(
        &mut self,
        expectation: &Expectation,
        before: &[Stored],
        after: &[Stored],
    ) {
        let Some(effect) = expectation
            .effect
            .as_ref()
            .filter(|effect| !effect.ambiguous)
        else {
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

    /// Removes what the case made. What stays all the same is seen by whoever
    /// looks next.
    pub(super) async fn clean(&mut self, ground: &mut Ground) {
        let is_own = |id: &String| self.made.contains(id);
        let (own, left): (Vec<String>, Vec<String>) = match &ground.known {
            Some(_) => ground.added(&self.made).into_iter().partition(is_own),
            None if self.stage.read_back => (Vec::new(), Vec::new()),
            None => (self.made.iter().cloned().collect(), Vec::new()),
        };
        // What earlier cases could not remove goes in small parts.
        let parts = Some(&own[..]).into_iter().filter(|own| !own.is_empty());
        for part in parts.chain(left.chunks(PART)) {
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
    }
}

/// A scene's object as it is believed to be stored.
fn as_stored(mailbox: &MonitoredMailbox) -> Stored {
    let value = crate::generate::update::as_json(mailbox);
    let values = Stored::properties()
        .filter_map(|name| {
            Some((
                name,
                value.get(name).filter(|value| !value.is_null())?.clone(),
            ))
        })
        .collect();
    Stored {
        id: mailbox.id().unwrap_or_default().to_owned(),
        values,
    }
}
