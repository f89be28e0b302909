//! Whether the profile's mailboxes are as it says. What the target steadily
//! refuses, whichever way it is asked, is a matter of the profile: it is left
//! out of the fixtures and told. What it refuses one way only is a matter of
//! the target (FLD-3), which the properties will find.

use std::collections::BTreeSet;

use super::Ready;
use crate::client::Exchange;
use crate::contract::representation::{Field, MonitoredMailbox};
use crate::generate::mailbox::{Names, Shape};
use crate::generate::update::{adding, modifying};
use crate::judge::AnswerBody;
use crate::judge::error_body::ErrorReading;
use crate::runner::stage::Trouble;

/// The tag of the objects that are added here.
const TAG: u16 = 0xfffe;

impl Ready {
    /// Adds a mailbox of every moniker and with every folder, in one update
    /// where all is well; else one by one.
    pub(super) async fn examine_mailboxes(&mut self) -> Result<(), String> {
        let mut trial = Trial {
            ready: self,
            names: Names::new(TAG),
            added: Vec::new(),
        };
        let all = trial.all();
        if !trial.accepts_all(&all).await? {
            let monikers = trial.refused_monikers().await?;
            let folders = trial.refused_folders(&monikers).await?;
            trial.ready.leave_out(&monikers, &folders);
        }
        trial.clean().await
    }

    fn leave_out(&mut self, monikers: &BTreeSet<String>, folders: &[(String, String)]) {
        let mailboxes = &mut self.stage.fixtures.mailboxes;
        mailboxes.retain(|(moniker, _)| !monikers.contains(moniker));
        for (moniker, known) in mailboxes {
            known.retain(|folder| {
                let refused = |(of, name): &(String, String)| of == moniker && name == folder;
                !folders.iter().any(refused)
            });
        }
        let of_monikers = monikers.iter().map(|moniker| {
            format!(
                "the target says that it does not know the moniker `{moniker}`, which the profile declares: correct `mailboxes`"
            )
        });
        let of_folders = folders.iter().map(|(moniker, folder)| {
            format!(
                "the target says that the mailbox `{moniker}` has no folder `{folder}`, which the profile declares: correct its `folders`"
            )
        });
        self.fixture_problems.extend(of_monikers.chain(of_folders));
    }
}

/// The updates that find it out.
struct Trial<'a> {
    ready: &'a mut Ready,
    names: Names,
    /// The ids of what was accepted.
    added: Vec<String>,
}

impl Trial<'_> {
    fn shape(&self, moniker: &str, mailbox_type: u16, folder: Option<&str>) -> Shape {
        Shape {
            moniker: moniker.to_owned(),
            mailbox_type,
            folder: folder.map_or(Field::Absent, |folder| Field::Value(folder.to_owned())),
            ..Shape::plain(&self.ready.stage.fixtures)
        }
    }

    /// An outbound mailbox of each moniker, an inbound one for each folder.
    fn all(&self) -> Vec<MonitoredMailbox> {
        let mut shapes = Vec::new();
        for (moniker, folders) in &self.ready.stage.fixtures.mailboxes {
            shapes.push(self.shape(moniker, 1, None));
            shapes.extend(
                folders
                    .iter()
                    .map(|folder| self.shape(moniker, 0, Some(folder))),
            );
        }
        let named = shapes.iter().enumerate();
        named
            .map(|(number, shape)| shape.named(&self.names, number))
            .collect()
    }

    async fn ask(&mut self, body: &serde_json::Value) -> Result<Exchange, String> {
        let Some(ground) = self.ready.stage.grounds.first() else {
            return Err("the profile has no scratch workgroup".to_owned());
        };
        let workgroup = ground.lock().await.workgroup.clone();
        let requests = &mut self.ready.requests;
        let exchange = self.ready.stage.update(&workgroup, body, requests).await;
        exchange.map_err(Trouble::reason)
    }

    /// What stays all the same is removed at the end of the run.
    async fn remove(&mut self, ids: &[String]) {
        if let Some(ground) = self.ready.stage.grounds.first() {
            let workgroup = ground.lock().await.workgroup.clone();
            let requests = &mut self.ready.requests;
            _ = self.ready.stage.remove(&workgroup, ids, requests).await;
        }
    }

    async fn accepts_all(&mut self, mailboxes: &[MonitoredMailbox]) -> Result<bool, String> {
        let exchange = self.ask(&adding(mailboxes)).await?;
        let answer = exchange.answer();
        let accepted = answer.is_some_and(|answer| answer.status == 200);
        if accepted {
            let ids = mailboxes.iter().filter_map(MonitoredMailbox::id);
            self.added.extend(ids.map(str::to_owned));
        }
        // Anything but a refusal of its content says nothing about the profile.
        Ok(accepted || answer.is_none_or(|answer| answer.status != 400))
    }

    /// An object under a number that no other has.
    fn object(&self, shape: &Shape) -> MonitoredMailbox {
        shape.named(&self.names, 1000 + self.added.len())
    }

    async fn accepts(&mut self, shape: &Shape) -> Result<Exchange, String> {
        let object = self.object(shape);
        let exchange = self.ask(&adding(std::slice::from_ref(&object))).await?;
        if exchange.answer().is_some_and(|answer| answer.status == 200) {
            self.added.extend(object.id().map(str::to_owned));
        }
        Ok(exchange)
    }

    /// The monikers that the target says it does not know, where it knows others.
    async fn refused_monikers(&mut self) -> Result<BTreeSet<String>, String> {
        let mailboxes = self.ready.stage.fixtures.mailboxes.clone();
        let mut refused = BTreeSet::new();
        for (moniker, _) in &mailboxes {
            let mut all = true;
            for mailbox_type in [1, 0] {
                let exchange = self
                    .accepts(&self.shape(moniker, mailbox_type, None))
                    .await?;
                all &= says(&exchange, |error| error.names("mailboxMoniker"));
            }
            if all {
                refused.insert(moniker.clone());
            }
        }
        Ok(match refused.len() == mailboxes.len() {
            true => BTreeSet::new(),
            false => refused,
        })
    }

    /// The folders that the target says are not there in every way of asking,
    /// where it knows others.
    async fn refused_folders(
        &mut self,
        monikers: &BTreeSet<String>,
    ) -> Result<Vec<(String, String)>, String> {
        let mailboxes = self.ready.stage.fixtures.mailboxes.clone();
        let (mut refused, mut places) = (Vec::new(), 0);
        for (moniker, folders) in mailboxes {
            if monikers.contains(&moniker) {
                continue;
            }
            for folder in folders {
                places += 1;
                if self.refuses(&moniker, &folder).await? {
                    refused.push((moniker.clone(), folder));
                }
            }
        }
        Ok(match places > 1 && refused.len() == places {
            true => Vec::new(),
            false => refused,
        })
    }

    async fn refuses(&mut self, moniker: &str, folder: &str) -> Result<bool, String> {
        for mailbox_type in [0, 2] {
            let shape = self.shape(moniker, mailbox_type, Some(folder));
            let exchange = self.accepts(&shape).await?;
            if !says(&exchange, |error| !error.invalid_folders().is_empty()) {
                return Ok(false);
            }
        }
        let without = self.shape(moniker, 0, None);
        let stored = self.object(&without);
        self.accepts(&without).await?;
        let changed = MonitoredMailbox {
            inbound_folder: Field::Value(folder.to_owned()),
            ..stored
        };
        // Where the server gives ids this one is unknown, and told as that.
        let exchange = self.ask(&modifying(&[changed])).await?;
        Ok(exchange.answer().is_some_and(|answer| answer.status != 200))
    }

    /// Removes what was added, under whatever ids it has.
    async fn clean(mut self) -> Result<(), String> {
        let stage = &self.ready.stage;
        if let Some(ground) = stage.grounds.first().filter(|_| stage.read_back) {
            let workgroup = ground.lock().await.workgroup.clone();
            let read = stage.read(&workgroup, &mut self.ready.requests).await;
            let ours = |address: &str| Names::is_ours(address);
            self.added = read
                .map_err(Trouble::reason)?
                .iter()
                .filter(|object| object.text("emailAddress").is_some_and(ours))
                .map(|object| object.id.clone())
                .collect();
        }
        let ids = std::mem::take(&mut self.added);
        if !ids.is_empty() {
            self.remove(&ids).await;
        }
        Ok(())
    }
}

/// Whether the answer is a 400 with an error that says so.
fn says(exchange: &Exchange, what: impl Fn(ErrorReading<'_>) -> bool) -> bool {
    exchange.answer().is_some_and(|answer| {
        answer.status == 400 && ErrorReading::of(&AnswerBody::read(answer)).is_some_and(what)
    })
}
