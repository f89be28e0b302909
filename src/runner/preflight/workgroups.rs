//! The scratch workgroups before the first case: put in order after an earlier
//! run, read, and written down before anything in them is changed.

use futures_util::{StreamExt, stream};
use tokio::sync::Mutex;

use super::{Ready, Touched};
use crate::client::Secret;
use crate::generate::Reader;
use crate::generate::mailbox::Names;
use crate::generate::update::adding;
use crate::oracle::Stored;
use crate::runner::bring_back::{Restored, Unrestored};
use crate::runner::cleanup::put_all_in_order;
use crate::runner::marker;
use crate::runner::read_back::ReadBack;
use crate::runner::stage::Stage;
use crate::runner::trouble::Trouble;
use crate::target::Profile;

/// The most mailboxes that a scratch workgroup may hold before the run.
const MOST_MAILBOXES: usize = 2_000;

impl Ready {
    /// Every scratch workgroup exists, can be read, is in order, and holds nothing
    /// unless that is allowed.
    pub(super) async fn examine_workgroups(&mut self, profile: &Profile) -> Result<(), String> {
        self.put_in_order().await?;
        if !self.stage.read_back {
            return self.begin_journal();
        }
        let mut occupied = Vec::new();
        let stage = &self.stage;
        let read = stage.grounds.iter().map(|ground| async {
            let (ground, mut requests) = (ground.lock().await, 0);
            let read = stage.read(&ground.workgroup, &mut requests).await;
            (ground, read, requests)
        });
        let read = stream::iter(read).buffered(stage.at_once);
        let read: Vec<_> = read.collect().await;
        let mut unreadable = Vec::new();
        let mut unread = Vec::new();
        for (mut ground, read, requests) in read {
            self.requests += requests;
            let workgroup = ground.workgroup.clone();
            if let Err(Trouble::Unreadable(problem)) = read {
                unreadable.push(problem);
                continue;
            }
            let stored = match read {
                Ok(stored) => stored,
                Err(trouble) => {
                    unread.push((workgroup, trouble));
                    continue;
                }
            };
            let left = stage.leases.left_behind(&workgroup);
            if let Some(address) = marker_of_another(stage, &stored) {
                return Err(taken(&workgroup, address));
            }
            if stored.len() > MOST_MAILBOXES {
                return Err(format!(
                    "scratch workgroup `{workgroup}` holds {} mailboxes: more than {MOST_MAILBOXES}, which would be read back after every update; name one that is empty (workgroups.scratch)",
                    stored.len()
                ));
            }
            let others = stored.iter().filter(|object| {
                let left = left.as_ref();
                !left.is_some_and(|left| left.claims(object))
            });
            let others: Vec<&Stored> = others.collect();
            if !others.is_empty() && !profile.workgroups.allow_occupied {
                occupied.push(occupation(&workgroup, &others));
                continue;
            }
            ground.initial = Some(stored);
        }
        self.judge_unread(unread).await?;
        if let Some(problem) = unreadable.first()
            && unreadable.len() == self.stage.grounds.len()
        {
            if !self.refuses_in_json().await? {
                self.stage.read_back = false;
                self.notes.push(format!(
                    "nothing that is stored was looked at: {problem}; a wrong update is refused without JSON as well, so that the server's answers are broken, and not only its read-back"
                ));
                return self.begin_journal();
            }
            return Err(format!(
                "the profile says that the target offers read-back, but no scratch workgroup can be read, so that nothing was changed: {problem}; set `offers.read_back` to false, or mend the read-back"
            ));
        }
        let unused = |problem| format!("{problem}: the workgroup is not used");
        self.fixture_problems
            .extend(unreadable.into_iter().map(unused));
        self.go_without(occupied)?;
        self.absent_are_absent(profile).await?;
        self.make_way();
        self.begin_journal()?;
        self.mark().await
    }

    /// Does what earlier runs left to be done.
    async fn put_in_order(&mut self) -> Result<(), String> {
        if !self.stage.leases.are_in_order() && self.stage.read_back {
            let (stage, requests) = (&self.stage, &mut self.requests);
            refuse_taken(stage, &stage.workgroups, requests).await?;
        }
        let (stage, requests) = (&self.stage, &mut self.requests);
        let done = put_all_in_order(stage, &stage.workgroups, requests).await;
        for (workgroup, done) in done {
            self.notes.push(match done {
                Ok(Restored { is_unseen: true, .. }) => format!(
                    "what an earlier run sent to `{workgroup}` was removed; nobody could look whether anything is left (offers.read_back)"
                ),
                Ok(_) => format!(
                    "`{workgroup}` was put in order after an earlier run that did not come to its end"
                ),
                Err(Unrestored::Unanswered(problem)) => {
                    let problem =
                        format!("what an earlier run left could not be put in order: {problem}");
                    return Err(unusable(&workgroup, &problem));
                }
                // It can be judged all the same, and that is what shows why.
                Err(Unrestored::Otherwise(problem)) => format!(
                    "`{workgroup}` could not be put in order after an earlier run: {problem}"
                ),
            });
        }
        Ok(())
    }

    /// Goes on without what is occupied, if anything is left.
    fn go_without(&mut self, occupied: Vec<String>) -> Result<(), String> {
        let stage = &mut self.stage;
        let (mut left, mut out) = (Vec::new(), Vec::new());
        for mut ground in stage.grounds.drain(..) {
            if ground.get_mut().initial.is_some() {
                left.push(ground)
            } else {
                out.push(ground.into_inner().workgroup)
            }
        }
        if left.is_empty() {
            return Err(format!(
                "no scratch workgroup can be used: {}; empty one, name another (workgroups.scratch), or allow it with `--allow-occupied`",
                occupied.join("; ")
            ));
        }
        // The empty ones come first: what happens to the only object of a workgroup
        // is seen in no other.
        left.sort_by_cached_key(|ground| {
            let ground = ground.try_lock();
            ground.is_ok_and(|ground| ground.initial.as_ref().is_some_and(|all| !all.is_empty()))
        });
        stage.grounds = left;
        stage.workgroups.retain(|id| !out.contains(id));
        stage.left_out = out;
        self.notes.extend(occupied.iter().map(|occupied| {
            format!("{occupied}; it is not used, unless that is allowed with `--allow-occupied`")
        }));
        Ok(())
    }

    /// Cases must not meet objects of their own names that an earlier run of the
    /// same seed left and that cannot be removed.
    fn make_way(&mut self) {
        let grounds = self.stage.grounds.iter_mut().map(Mutex::get_mut);
        let stored = grounds.flat_map(|ground| ground.initial.iter().flatten());
        let named = stored.filter(|object| {
            Names::are_in(&object.id) || object.text("emailAddress").is_some_and(Names::are_in)
        });
        // Another number after each such run, and the same for the same state.
        self.stage.renaming = u16::try_from(named.count()).unwrap_or(u16::MAX);
    }

    fn begin_journal(&mut self) -> Result<(), String> {
        let stage = &mut self.stage;
        for ground in &mut stage.grounds {
            let ground = ground.get_mut();
            let lists = stage.lists.known(&ground.workgroup);
            let secrets = stage.client.secrets();
            let begun = match &ground.initial {
                Some(held) => stage.leases.begin(&ground.workgroup, held, lists, secrets),
                None => stage.leases.begin_unseen(&ground.workgroup, secrets),
            };
            begun.map_err(|error| {
                format!(
                    "the journal of `{}` could not be written, so that nothing was changed: {error}",
                    ground.workgroup
                )
            })?;
        }
        Ok(())
    }

    /// Shows runs of other machines that the workgroups are taken. A target that
    /// does not store what it should is not marked: the cases will tell.
    async fn mark(&mut self) -> Result<(), String> {
        let stage = &mut self.stage;
        if !stage.leases.are_kept() || stage.grounds.len() < 2 {
            return Ok(());
        }
        let Some(workgroup) = stage.workgroups.iter().max().cloned() else {
            return Ok(());
        };
        let marker = marker::new(&stage.fixtures);
        let address = marker.email_address.value().cloned().unwrap_or_default();
        let claimed = stage.leases.claim_mark(&workgroup, address.clone());
        claimed.map_err(|error| format!("the journal could not be written: {error}"))?;
        // No secret, but another one every time: reports say the same twice.
        let name = address.split('@').next().unwrap_or_default();
        let name = Secret::new(name.to_owned(), "{lease}");
        stage.client.secrets().learn(&name);
        self.touched = Touched::Marker;
        let body = adding(&[marker]);
        let asked = stage.update(&workgroup, &body, &mut self.requests).await;
        let asked = asked.map_err(Trouble::into_reason)?;
        if asked.answer().is_some_and(|answer| answer.status == 403) {
            self.touched = Touched::Nothing;
            self.users_are_not_swapped().await?;
            self.touched = Touched::Marker;
        }
        let stage = &self.stage;
        let is_accepted = asked.answer().is_some_and(|answer| answer.status == 200);
        let is_there = |read: &ReadBack| {
            !is_accepted || marker::among(&read.stored).any(|stored| stored == address)
        };
        let requests = &mut self.requests;
        let read = stage.read_until(Reader::Same, &workgroup, requests, is_there);
        let stored = read.await.map_err(Trouble::into_reason)?.stored;
        if let Some(other) = marker_of_another(stage, &stored) {
            let own = stored.iter().filter(|object| {
                let found = object.text("emailAddress");
                found == Some(address.as_str())
            });
            let own: Vec<String> = own.map(|object| object.id.clone()).collect();
            // Whichever run sees the other gives way, be it both.
            let removed = stage.remove(&workgroup, &own, &mut self.requests).await;
            if removed.is_ok() {
                self.touched = Touched::Nothing;
            }
            return Err(taken(&workgroup, other));
        }
        if marker::among(&stored).any(|stored| stored == address) {
            let mut grounds = self.stage.grounds.iter_mut().map(Mutex::get_mut);
            let ground = grounds.find(|ground| ground.workgroup == workgroup);
            if let Some(ground) = ground {
                ground.initial = Some(stored);
            }
        }
        Ok(())
    }
}

pub(super) fn unusable(workgroup: &str, problem: &str) -> String {
    format!("scratch workgroup `{workgroup}` cannot be used: {problem}")
}

/// Says so where a run on another machine has the workgroups: what it does there
/// is not to be put in order. Which of them it marked depends on which it uses.
pub(in crate::runner) async fn refuse_taken(
    stage: &Stage,
    workgroups: &[String],
    requests: &mut u64,
) -> Result<(), String> {
    for workgroup in workgroups {
        // What cannot be read is told where it matters.
        let Ok(stored) = stage.read_whole(workgroup, requests).await else {
            continue;
        };
        if let Some(address) = marker_of_another(stage, &stored.stored) {
            return Err(taken(workgroup, address));
        }
    }
    Ok(())
}

/// The address of a marker that this machine did not put there.
fn marker_of_another<'a>(stage: &Stage, stored: &'a [Stored]) -> Option<&'a str> {
    let is_own = |address: &str| stage.leases.have_claimed(address);
    marker::among(stored).find(|address| !is_own(address))
}

/// What is said of a workgroup in which another run put its marker.
fn taken(workgroup: &str, address: &str) -> String {
    format!(
        "scratch workgroup `{workgroup}` is in use by a run on another machine, or one was killed there: its mailbox `{address}` says so; wait for its end, run `icws-conformance cleanup` on that machine, or remove the mailbox by hand"
    )
}

/// What is said of a workgroup that holds something.
fn occupation(workgroup: &str, stored: &[&Stored]) -> String {
    let count = match stored.len() {
        1 => "a mailbox".to_owned(),
        count => format!("{count} mailboxes"),
    };
    let is_ours = |object: &&&Stored| object.text("emailAddress").is_some_and(Names::is_ours);
    let ours = match stored.iter().filter(is_ours).count() {
        0 => "",
        _ => ", some of them from a run of which this machine has no journal",
    };
    format!("scratch workgroup `{workgroup}` holds {count} already{ours}")
}
