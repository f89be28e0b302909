//! Whether the profile's mailboxes are as it says, and who gives ids. What the target steadily
//! refuses, whichever way it is asked, is a matter of the profile: it is left
//! out of the fixtures and told. What it refuses one way only is a matter of
//! the target (FLD-3), which the properties will find.

use std::collections::BTreeSet;

use super::Ready;
use crate::client::Exchange;
use crate::contract::representation::{Field, MonitoredMailbox};
use crate::generate::Reader;
use crate::generate::mailbox::{Names, Shape};
use crate::generate::update::{adding, modifying};
use crate::judge::AnswerBody;
use crate::judge::error_body::ErrorReading;
use crate::oracle::{IdRegime, Stored};
use crate::runner::fire::listed_ids;
use crate::runner::read_back::ReadBack;
use crate::runner::trouble::Trouble;

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
            addresses: Vec::new(),
            listed: Vec::new(),
            first: None,
        };
        let all = trial.all();
        let exchange = trial.add(&all).await?;
        let mut mistaken = Vec::new();
        // Anything but a refusal of its content says nothing about the profile.
        match exchange.answer().map(|answer| answer.status) {
            Some(400) => {
                let monikers = trial.refused_monikers().await?;
                let folders = trial.refused_folders(&monikers.refused).await?;
                mistaken.extend(monikers.mistaken);
                mistaken.extend(trial.without_any_folder(&folders).await?);
                mistaken.extend(trial.ready.leave_out(&monikers.refused, &folders));
            }
            Some(403) => trial.ready.users_are_not_swapped().await?,
            _ => {}
        }
        if mistaken.is_empty() {
            mistaken = trial.unknown_monikers().await?;
        }
        if !mistaken.is_empty() {
            return Err(mistaken.join("; "));
        }
        if trial.first.is_none() {
            let plain = Shape::plain(&trial.ready.stage.fixtures);
            trial.accepts(&plain).await?;
        }
        let stored = trial.stored().await?;
        trial.recognise_ids(stored.as_deref());
        trial.clean(stored).await;
        Ok(())
    }

    /// Leaves out what the target refuses, and answers which of the folders are
    /// mistakes of the profile for sure: the target takes another of the same
    /// mailbox.
    fn leave_out(&mut self, monikers: &[String], folders: &[(String, String)]) -> Vec<String> {
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
        let of_folder = |(moniker, folder): &(String, String)| {
            format!(
                "the target says that the mailbox `{moniker}` has no folder `{folder}`, which the profile declares: correct its `folders`"
            )
        };
        let has_another = |(moniker, _): &&(String, String)| {
            let mut mailboxes = self.stage.fixtures.mailboxes.iter();
            mailboxes.any(|(known, left)| known == moniker && !left.is_empty())
        };
        let mistaken: Vec<String> = folders.iter().filter(has_another).map(of_folder).collect();
        self.fixture_problems
            .extend(of_monikers.chain(folders.iter().map(of_folder)));
        mistaken
    }
}

/// The updates that find it out.
pub(super) struct Trial<'a> {
    pub(super) ready: &'a mut Ready,
    names: Names,
    /// The ids of what was accepted, those that it came with.
    added: Vec<String>,
    /// The addresses of what was accepted.
    addresses: Vec<String>,
    /// The ids that the answers list.
    listed: Vec<String>,
    /// The first object that was accepted, and its id in the answer.
    first: Option<(MonitoredMailbox, Option<String>)>,
}

impl Trial<'_> {
    pub(super) fn shape(&self, moniker: &str, mailbox_type: u16, folder: Option<&str>) -> Shape {
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
        let Some(ground) = self.ready.stage.grounds.last() else {
            return Err("the profile has no scratch workgroup".to_owned());
        };
        let workgroup = ground.lock().await.workgroup.clone();
        let requests = &mut self.ready.requests;
        let exchange = self.ready.stage.update(&workgroup, body, requests).await;
        exchange.map_err(Trouble::into_reason)
    }

    /// Adds these in one update.
    async fn add(&mut self, mailboxes: &[MonitoredMailbox]) -> Result<Exchange, String> {
        let exchange = self.ask(&adding(mailboxes)).await?;
        if exchange.answer().is_some_and(|answer| answer.status == 200) {
            let ids = mailboxes.iter().filter_map(MonitoredMailbox::id);
            self.added.extend(ids.map(str::to_owned));
            let addresses = mailboxes.iter().map(|one| one.email_address.value());
            self.addresses.extend(addresses.flatten().cloned());
            self.ready.accepted = true;
            let listed = listed_ids(&exchange);
            if let (None, Some(first)) = (&self.first, mailboxes.first()) {
                self.first = Some((first.clone(), listed.first().cloned()));
            }
            self.listed.extend(listed);
        }
        Ok(exchange)
    }

    /// An object under a number that no other has.
    fn object(&self, shape: &Shape) -> MonitoredMailbox {
        shape.named(&self.names, 1000 + self.added.len())
    }

    pub(super) async fn accepts(&mut self, shape: &Shape) -> Result<Exchange, String> {
        self.add(&[self.object(shape)]).await
    }

    /// The folders that the target says are not there in every way of asking,
    /// where it knows others.
    async fn refused_folders(
        &mut self,
        monikers: &[String],
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
        Ok(if places > 1 && refused.len() == places {
            Vec::new()
        } else {
            refused
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

    /// What the workgroup holds now; `None` where that is not offered.
    async fn stored(&mut self) -> Result<Option<Vec<Stored>>, String> {
        let stage = &self.ready.stage;
        let Some(ground) = stage.grounds.last().filter(|_| stage.read_back) else {
            return Ok(None);
        };
        let workgroup = ground.lock().await.workgroup.clone();
        let is_there = |read: &ReadBack| {
            let is_it = |address: &&String, object: &Stored| {
                object.text("emailAddress") == Some(address.as_str())
            };
            let mut addresses = self.addresses.iter();
            addresses.all(|address| read.stored.iter().any(|object| is_it(&address, object)))
        };
        let requests = &mut self.ready.requests;
        let read = stage.read_until(Reader::Same, &workgroup, requests, is_there);
        let read = read.await.map_err(Trouble::into_reason)?;
        Ok(Some(read.stored))
    }

    /// Who gives ids (EFF-7): whether the first object kept the one it came
    /// with.
    fn recognise_ids(&mut self, stored: Option<&[Stored]>) {
        let Some((object, listed)) = &self.first else {
            return;
        };
        let address = object.email_address.value().map(String::as_str);
        let is_it = |stored: &&Stored| stored.text("emailAddress") == address;
        let actual = match stored {
            Some(stored) => stored.iter().find(is_it).map(|stored| &stored.id),
            None => listed.as_ref(),
        };
        self.ready.stage.ids = match actual {
            None => IdRegime::Unknown,
            Some(actual) if Some(actual.as_str()) == object.id() => IdRegime::Client,
            Some(_) => IdRegime::Server,
        };
    }

    /// Removes what was added, under whatever ids it has. What stays all the
    /// same is removed at the end of the run.
    async fn clean(self, stored: Option<Vec<Stored>>) {
        let ours = |object: &Stored| object.text("emailAddress").is_some_and(Names::is_ours);
        let ids: Vec<_> = match stored {
            Some(stored) => {
                let added = stored.into_iter().filter(ours);
                added.map(|object| object.id).collect()
            }
            None => {
                let ids = self.added.into_iter().chain(self.listed);
                BTreeSet::from_iter(ids).into_iter().collect()
            }
        };
        let stage = &self.ready.stage;
        if let Some(ground) = stage.grounds.last().filter(|_| !ids.is_empty()) {
            let workgroup = ground.lock().await.workgroup.clone();
            _ = stage
                .remove(&workgroup, &ids, &mut self.ready.requests)
                .await;
        }
    }
}

/// Whether the answer is a 400 with an error that says so.
pub(super) fn says(exchange: &Exchange, what: impl Fn(ErrorReading<'_>) -> bool) -> bool {
    exchange.answer().is_some_and(|answer| {
        answer.status == 400 && ErrorReading::of(&AnswerBody::read(answer)).is_some_and(what)
    })
}
