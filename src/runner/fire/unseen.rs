//! What is believed to be stored where the target offers no read-back: what was
//! accepted is there, under the ids that the answer lists. Where that does not
//! say enough, later steps of the case cannot be judged.

use super::{Firing, described};
use crate::client::Exchange;
use crate::contract::representation::MonitoredMailbox;
use crate::generate::update::{adding, as_json};
use crate::judge::AnswerBody;
use crate::oracle::{Effect, IdRegime, Stored};
use crate::runner::ground::Ground;
use crate::runner::trouble::Trouble;

impl Firing<'_> {
    /// Stores the scene. Where the target gives ids, one object at a time: which
    /// id is whose only an answer to one tells.
    pub(super) async fn store_unseen(
        &mut self,
        scene: &[MonitoredMailbox],
        ground: &mut Ground,
    ) -> Result<(), Trouble> {
        let keeps_ids = self.stage.ids == IdRegime::Client;
        let at_once = if keeps_ids { scene.len() } else { 1 };
        let mut known = ground.known.take().unwrap_or_default();
        for objects in scene.chunks(at_once) {
            let body = adding(objects);
            let exchange = self
                .stage
                .update(&ground.workgroup, &body, &mut self.fired.requests)
                .await?;
            let listed = listed_ids(&exchange);
            self.listed.extend(listed.iter().cloned());
            for object in objects {
                let given = object.id().unwrap_or_default();
                let kept = listed.iter().any(|id| id == given);
                let id = match &listed[..] {
                    _ if kept => given,
                    [only] if objects.len() == 1 => only,
                    // Which id is whose only a look would tell.
                    _ if exchange.answer().is_some_and(|answer| answer.status == 200) => {
                        return Err(Trouble::NotOffered(
                            "the target gives ids of its own, and without read-back nobody can see which is whose (offers.read_back)".to_owned(),
                        ));
                    }
                    _ => {
                        return Err(Trouble::Unjudged(format!(
                            "the objects that the case needs could not be stored: {}",
                            described(&exchange)
                        )));
                    }
                };
                self.now_means(given, id);
                known.push(Stored {
                    id: id.to_owned(),
                    ..as_stored(object)
                });
            }
        }
        ground.known = Some(known);
        Ok(())
    }

    /// Believes an accepted update.
    pub(super) fn believe(&mut self, effect: &Effect, exchange: &Exchange, ground: &mut Ground) {
        let before = ground.known.take().unwrap_or_default();
        let mut effect = effect.clone();
        let is_old = |id: &&String| {
            let modified = effect.modified.iter().any(|object| object.id == **id);
            modified || effect.removed.contains(id)
        };
        let listed = listed_ids(exchange);
        let new: Vec<&String> = listed.iter().filter(|id| !is_old(id)).collect();
        let is_listed = |id: &Option<String>| id.as_ref().is_some_and(|id| listed.contains(id));
        match (&mut effect.added[..], &new[..]) {
            ([only], [id]) => {
                if let Some(given) = only.id.replace((*id).clone()) {
                    self.now_means(&given, id);
                }
            }
            (added, _) if added.iter().all(|object| is_listed(&object.id)) => {}
            _ => effect.ambiguous = true,
        }
        self.made
            .extend(effect.added.iter().filter_map(|object| object.id.clone()));
        if effect.ambiguous || !effect.unsure.is_empty() {
            self.lost_sight = true;
        } else {
            ground.known = Some(effect.apply(&before));
        }
    }

    fn now_means(&mut self, given: &str, actual: &str) {
        self.made.insert(actual.to_owned());
        if given != actual {
            self.ids.insert(given.to_owned(), actual.to_owned());
        }
    }
}

/// The most ids of a list that are kept, and the longest: no update of ours makes
/// more.
const LISTED_MAX: usize = 20_000;
const ID_BYTES_MAX: usize = 16 * 1024;

/// The ids that a 200 lists.
pub(crate) fn listed_ids(exchange: &Exchange) -> Vec<String> {
    let Some(answer) = exchange.answer().filter(|answer| answer.status == 200) else {
        return Vec::new();
    };
    let body = AnswerBody::read(answer);
    let entries = body.object().and_then(|body| body.get("subObjects"));
    let entries = entries.and_then(|entries| entries.as_array());
    let ids = entries.into_iter().flatten().filter_map(|entry| {
        let id = entry.get("id")?.as_str()?;
        (id.len() <= ID_BYTES_MAX).then(|| id.to_owned())
    });
    ids.take(LISTED_MAX).collect()
}

/// A scene's object as it is believed to be stored.
fn as_stored(mailbox: &MonitoredMailbox) -> Stored {
    let value = as_json(mailbox);
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
