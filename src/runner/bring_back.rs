//! How a workgroup comes to hold again what it held. Bounded: what the target
//! refuses to do is not asked of it for ever, and two looks must agree that it was
//! done.

use std::time::Duration;

use tokio::time::sleep;

use super::ground::Restoration;
use super::read_back::ReadBack;
use super::stage::Stage;
use super::trouble::Trouble;
use crate::client::Exchange;
use crate::generate::Reader;
use crate::generate::mailbox::{Names, Shape};
use crate::generate::update::{adding, removing};
use crate::oracle::Stored;

/// How long is waited between the two looks that must agree, where read-backs may
/// be late.
pub(super) const LATE_PAUSE: Duration = Duration::from_millis(250);

/// How many objects are removed at once.
const PART: usize = 200;

/// So few ids in `remove` are no reason to refuse them.
const FEW: usize = 8;

/// How often it is tried.
const TRIES: usize = 2;

/// After how many refusals in a row, and nothing else, no more is asked for.
const REFUSALS_MAX: usize = 12;

/// How long is waited before what was not answered is asked again.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// The tag of the mailbox that shows whether a read-back has a list at all.
const TAG: u16 = 0xfffc;

/// What restoring a workgroup came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// How many objects of the run were there.
    pub removed: usize,
    /// How many objects were brought back, or made as they were.
    pub brought_back: usize,
    /// How many objects are there that are somebody else's.
    pub left_alone: usize,
    /// Nobody could look: the target offers no read-back.
    pub is_unseen: bool,
}

/// Why a workgroup does not hold what it held before.
#[derive(Debug)]
pub(super) enum Unrestored {
    /// The target did not answer.
    Unanswered(String),
    /// It did.
    Otherwise(String),
}

impl Unrestored {
    /// In words.
    pub(super) fn reason(self) -> String {
        match self {
            Self::Unanswered(reason) | Self::Otherwise(reason) => reason,
        }
    }

    fn of(trouble: Trouble) -> Self {
        Self::Unanswered(trouble.into_reason())
    }
}

/// What a workgroup should come to hold.
pub(super) struct Wanted<'a> {
    /// The workgroup.
    pub(super) workgroup: &'a str,
    /// What it held.
    pub(super) held: &'a [Stored],
    /// Whether an object that it did not hold may be removed.
    pub(super) may_go: &'a dyn Fn(&Stored) -> bool,
    /// How long is waited between the two looks that must agree.
    pub(super) pause: Duration,
}

impl Wanted<'_> {
    fn restoration(&self, now: &ReadBack) -> Option<Restoration> {
        Restoration::of(self.held, &now.stored, self.may_go)
    }
}

/// Makes a workgroup hold what it held: what is gone or has changed comes back,
/// and of what is new, what may go is removed.
pub(super) async fn bring_back(
    stage: &Stage,
    wanted: &Wanted<'_>,
    requests: &mut u64,
) -> Result<Restored, Unrestored> {
    let workgroup = wanted.workgroup;
    let mut restored = Restored::default();
    let (mut tries, mut agrees, mut is_proven) = (0, false, false);
    let mut now = look(stage, workgroup, requests).await?;
    loop {
        let lists = stage.lists.known(workgroup);
        if !lists.is_believed(now.is_listed) {
            if is_proven || !now.is_listed && !lists.without_before {
                // A later clean-up asks for the proof again.
                _ = stage.leases.hidden(workgroup);
                return Err(unseen(&now));
            }
            (is_proven, agrees) = (true, false);
            prove_list(stage, workgroup, requests).await?;
            now = look(stage, workgroup, requests).await?;
            continue;
        }
        let Some(restoration) = wanted.restoration(&now) else {
            if agrees {
                restored.left_alone = now.stored.len().saturating_sub(wanted.held.len());
                return Ok(restored);
            }
            agrees = true;
            let settling = stage.lag.settling().unwrap_or_default();
            sleep(wanted.pause.max(settling)).await;
            now = look(stage, workgroup, requests).await?;
            continue;
        };
        agrees = false;
        let lost = restoration.lost();
        if tries == TRIES {
            return Err(not_done(restoration.remove.len(), lost));
        }
        if tries == 0 {
            (restored.removed, restored.brought_back) = (restoration.remove.len(), lost);
        }
        tries += 1;
        match carry_out(stage, workgroup, &restoration, requests).await {
            Err(Unrestored::Unanswered(_)) if tries < TRIES => sleep(PAUSES[1]).await,
            done => done?,
        }
        let is_changed = |read: &ReadBack| {
            let left = wanted.restoration(read);
            left.is_none_or(|left| left.is_less_than(&restoration))
        };
        now = match stage
            .read_until(Reader::Same, workgroup, requests, is_changed)
            .await
        {
            Ok(read) => read,
            Err(_) => look(stage, workgroup, requests).await?,
        };
    }
}

fn unseen(now: &ReadBack) -> Unrestored {
    let why = if now.is_listed {
        "its read-backs do not show what the target accepts"
    } else {
        "its read-back no longer has the list of mailboxes"
    };
    Unrestored::Otherwise(format!("{why}, so that nobody can see what it holds"))
}

fn not_done(left: usize, lost: usize) -> Unrestored {
    Unrestored::Otherwise(format!(
        "the target answers, but does not do it: {left} of the run still there, {lost} not as it was"
    ))
}

/// Reads a workgroup back, and again where that was not answered as it should be.
async fn look(stage: &Stage, workgroup: &str, requests: &mut u64) -> Result<ReadBack, Unrestored> {
    for pause in PAUSES {
        match stage.read_whole(workgroup, requests).await {
            Ok(read) => return Ok(read),
            Err(Trouble::Gone(reason)) => return Err(Unrestored::Unanswered(reason)),
            Err(_) => sleep(pause).await,
        }
    }
    let read = stage.read_whole(workgroup, requests).await;
    read.map_err(Unrestored::of)
}

/// Sends the updates of a restoration.
async fn carry_out(
    stage: &Stage,
    workgroup: &str,
    restoration: &Restoration,
    requests: &mut u64,
) -> Result<(), Unrestored> {
    let all = &restoration.remove;
    let mut refusals = Refusals::default();
    for (number, part) in all.chunks(PART).enumerate() {
        // Where the first many are still there, the others would be as well.
        if number == 1 {
            let is_gone = |read: &ReadBack| {
                let stored = |id: &String| read.stored.iter().any(|object| object.id == *id);
                !all[..PART].iter().all(stored)
            };
            let read = stage
                .read_until(Reader::Same, workgroup, requests, is_gone)
                .await;
            if read.is_ok_and(|read| !is_gone(&read)) {
                return Err(not_done(all.len(), restoration.lost()));
            }
        }
        remove(stage, workgroup, part, &mut refusals, requests).await?;
    }
    let Some(update) = &restoration.update else {
        return Ok(());
    };
    let exchange = stage.clear(workgroup, update, requests).await;
    match exchange.map_err(Unrestored::of)?.outcome {
        Ok(_) => Ok(()),
        Err(fault) => Err(Unrestored::Unanswered(fault.to_string())),
    }
}

/// The removals that were refused.
#[derive(Debug, Default)]
struct Refusals {
    in_a_row: usize,
    is_accepted: bool,
}

/// Removes what has those ids: all at once, or, where that is refused, in ever
/// smaller parts.
async fn remove(
    stage: &Stage,
    workgroup: &str,
    ids: &[String],
    refusals: &mut Refusals,
    requests: &mut u64,
) -> Result<(), Unrestored> {
    let mut parts: Vec<&[String]> = vec![ids];
    while let Some(part) = parts.pop() {
        let exchange = stage.clear(workgroup, &removing(part), requests).await;
        let exchange = exchange.map_err(Unrestored::of)?;
        let Some(status) = status_of(&exchange)? else {
            continue;
        };
        if status == 200 {
            refusals.is_accepted = true;
            continue;
        }
        refusals.in_a_row += 1;
        if !refusals.is_accepted && refusals.in_a_row >= REFUSALS_MAX {
            return Err(Unrestored::Otherwise(format!(
                "the target refuses to remove what the run left: it answers {status}"
            )));
        }
        if part.len() > FEW {
            let (first, second) = part.split_at(part.len() / 2);
            parts.extend([second, first]);
        }
    }
    Ok(())
}

/// The status of an answer; none where it was too long to be read, which says
/// nothing of what was done.
fn status_of(exchange: &Exchange) -> Result<Option<u16>, Unrestored> {
    use crate::client::Fault;
    match &exchange.outcome {
        Ok(answer) => Ok(Some(answer.status)),
        Err(Fault::TooLarge { .. }) => Ok(None),
        Err(fault) => Err(Unrestored::Unanswered(fault.to_string())),
    }
}

/// Removes what has those ids where nobody can look: down to one by one, for one
/// that is not there may be why others are refused (EFF-5).
pub(super) async fn remove_unseen(
    stage: &Stage,
    workgroup: &str,
    ids: &[String],
    requests: &mut u64,
) -> Result<Restored, Unrestored> {
    let mut parts: Vec<&[String]> = ids.chunks(PART).collect();
    while let Some(part) = parts.pop() {
        let body = removing(part);
        let exchange = stage.clear(workgroup, &body, requests).await;
        let exchange = exchange.map_err(Unrestored::of)?;
        match status_of(&exchange)? {
            None | Some(200) => {}
            Some(400..500) if part.len() > 1 => {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
            }
            Some(400 | 404) => {
                // It is not there.
                let body = body.to_string();
                _ = stage.leases.answered(workgroup, body.as_bytes(), Some(&[]));
            }
            Some(status) => {
                return Err(Unrestored::Otherwise(format!(
                    "the target refuses to remove what was sent: it answers {status}"
                )));
            }
        }
    }
    Ok(Restored {
        removed: ids.len(),
        is_unseen: true,
        ..Restored::default()
    })
}

/// Finds out whether read-backs show what is stored, where none has since the last
/// update: a mailbox is added, is to be seen, and is removed again.
async fn prove_list(stage: &Stage, workgroup: &str, requests: &mut u64) -> Result<(), Unrestored> {
    let probe = Shape::plain(&stage.fixtures).named(&Names::new(TAG), 0);
    let added = stage
        .update(workgroup, &adding(std::slice::from_ref(&probe)), requests)
        .await
        .map_err(Unrestored::of)?;
    let mut ids = super::fire::listed_ids(&added);
    ids.extend(probe.id().map(str::to_owned));
    let is_there = |read: &ReadBack, id: &String| read.stored.iter().any(|other| other.id == *id);
    let is_shown = |read: &ReadBack| ids.iter().any(|id| is_there(read, id));
    let read = stage
        .read_until(Reader::Same, workgroup, requests, is_shown)
        .await;
    if let Ok(read) = &read
        && is_shown(read)
    {
        ids.retain(|id| is_there(read, id));
    }
    let removed = stage.remove(workgroup, &ids, requests).await;
    removed.map_err(Unrestored::of)?;
    read.map(|_| ()).map_err(Unrestored::of)
}
