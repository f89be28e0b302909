//! Whether the target knows the profile's monikers. How it treats one that it does
//! not know is its own affair (FLD-9); one that is declared with folders, and that
//! is treated as one drawn at random is, while another declared one is not, is
//! mistaken.
//!
//! | the moniker             | with a folder of it | with another | with none |
//! |-------------------------|---------------------|--------------|-----------|
//! | known                   | 200                 | 400          | 200       |
//! | unknown, to one server  | 200                 | 200          | 200       |
//! | unknown, to another     | 400                 | 400          | 400       |

use super::mailboxes::{Trial, says};
use crate::client::Exchange;

/// How many monikers are asked for with a folder that none has.
const ASKED_MAX: usize = 6;

/// What became of the monikers.
#[derive(Debug, Default)]
pub(super) struct Monikers {
    /// Those that the target says that it does not know, and that no case may use.
    pub(super) refused: Vec<String>,
    /// What is wrong with the profile for sure.
    pub(super) mistaken: Vec<String>,
}

/// The statuses with a folder of it, with another one, and with none.
type Treatment = [Option<u16>; 3];

impl Trial<'_> {
    /// The monikers that the target does not take in any form, while it takes
    /// others.
    pub(super) async fn refused_monikers(&mut self) -> Result<Monikers, String> {
        let mailboxes = self.ready.stage.fixtures.mailboxes.clone();
        let (mut refused, mut named) = (Vec::new(), Vec::new());
        for (moniker, folders) in &mailboxes {
            let (mut all, mut is_named) = (true, true);
            for mailbox_type in [1, 0] {
                let shape = self.shape(moniker, mailbox_type, None);
                let exchange = self.accepts(&shape).await?;
                all &= status_of(&exchange) == Some(400);
                is_named &= says(&exchange, |error| error.names("mailboxMoniker"));
            }
            if all {
                refused.push((moniker.clone(), folders.clone()));
            }
            if all && is_named {
                named.push(moniker.clone());
            }
        }
        let mut monikers = Monikers::default();
        if refused.is_empty() || refused.len() == mailboxes.len() {
            return Ok(monikers);
        }
        let drawn = drawn();
        let shape = self.shape(&drawn, 1, None);
        let random = self.accepts(&shape).await?;
        for (moniker, folders) in refused {
            if !folders.is_empty() && status_of(&random) == Some(400) {
                monikers.mistaken.push(mistake(&moniker, &drawn));
            }
            if named.contains(&moniker) {
                monikers.refused.push(moniker);
            }
        }
        Ok(monikers)
    }

    /// The monikers of which the target takes folders that they do not have, while
    /// it refuses those of others.
    pub(super) async fn unknown_monikers(&mut self) -> Result<Vec<String>, String> {
        let mailboxes = self.ready.stage.fixtures.mailboxes.clone();
        let with_folders = mailboxes.iter().filter(|(_, folders)| !folders.is_empty());
        let with_folders: Vec<_> = with_folders.take(ASKED_MAX).collect();
        if with_folders.len() < 2 {
            return Ok(Vec::new());
        }
        let other = drawn();
        let (mut taken, mut is_refused) = (Vec::new(), false);
        for (moniker, folders) in with_folders {
            let shape = self.shape(moniker, 0, Some(&other));
            let exchange = self.accepts(&shape).await?;
            match status_of(&exchange) {
                Some(200) => taken.push((moniker, &folders[0])),
                Some(400) => is_refused = true,
                _ => {}
            }
        }
        if !is_refused || taken.is_empty() {
            return Ok(Vec::new());
        }
        let drawn = drawn();
        let random = self.treatment(&drawn, &taken[0].1.clone(), &other).await?;
        let mut mistaken = Vec::new();
        for (moniker, folder) in taken {
            if self.treatment(moniker, folder, &other).await? == random {
                mistaken.push(mistake(moniker, &drawn));
            }
        }
        Ok(mistaken)
    }

    /// The monikers of whose declared folders the target takes none, and which it
    /// treats as one drawn at random.
    pub(super) async fn without_any_folder(
        &mut self,
        refused: &[(String, String)],
    ) -> Result<Vec<String>, String> {
        let mailboxes = self.ready.stage.fixtures.mailboxes.clone();
        let is_refused = |moniker: &String, folder: &String| {
            let mut refused = refused.iter();
            refused.any(|(of, name)| of == moniker && name == folder)
        };
        let (other, drawn) = (drawn(), drawn());
        let mut mistaken = Vec::new();
        for (moniker, folders) in &mailboxes {
            let all = folders.iter().all(|folder| is_refused(moniker, folder));
            let (true, Some(folder)) = (all, folders.first()) else {
                continue;
            };
            let random = self.treatment(&drawn, folder, &other).await?;
            if self.treatment(moniker, folder, &other).await? == random {
                mistaken.push(mistake(moniker, &drawn));
            }
        }
        Ok(mistaken)
    }

    async fn treatment(
        &mut self,
        moniker: &str,
        folder: &str,
        other: &str,
    ) -> Result<Treatment, String> {
        let mut treatment = [None; 3];
        for (status, folder) in treatment.iter_mut().zip([Some(folder), Some(other), None]) {
            let shape = self.shape(moniker, 0, folder);
            let exchange = self.accepts(&shape).await?;
            *status = status_of(&exchange);
        }
        Ok(treatment)
    }
}

/// What no target has.
fn drawn() -> String {
    format!("none-{:08x}", rand::random::<u32>())
}

fn status_of(exchange: &Exchange) -> Option<u16> {
    exchange.answer().map(|answer| answer.status)
}

fn mistake(moniker: &str, drawn: &str) -> String {
    format!(
        "the target treats the moniker `{moniker}`, which the profile declares with folders, as it does `{drawn}`, which was drawn at random, and other declared ones otherwise: correct `mailboxes`"
    )
}
