//! `cleanup`: what earlier runs left to be done.

use std::fmt::Write as _;

use tokio_util::sync::CancellationToken;

use super::arguments::CleanupArguments;
use super::runtime::interruptible;
use super::target::Choice;
use super::{Environment, Failure, complain, exit, journal, print};
use crate::printable::printable;
use crate::runner::cleanup::{Cleaned, cleanup as start};
use crate::runner::journal::{Owed, owed_elsewhere};
use crate::runner::restore::Restored;
use crate::runner::run::RunError;
use crate::target::Profile;

/// Puts the scratch workgroups in order, says what was done, and returns the
/// exit code.
pub(super) fn cleanup(
    typed: CleanupArguments,
    environment: Environment<'_>,
) -> Result<u8, Failure> {
    let chosen = Choice::of(typed.target.profile, typed.target.target, environment);
    let chosen = chosen.map_err(Failure::usage)?;
    if chosen.is_embedded() {
        return Err(Failure::usage(
            "cleanup: which target? name it with `--profile FILE`, or with `--target URL` where it \
             is a reference server; or with ICWS_PROFILE or ICWS_TARGET_URL",
        ));
    }
    let target = chosen.open(environment).map_err(Failure::usage)?;
    let folder = journal::kept(typed.journal, environment).map_err(Failure::usage)?;
    let Some(folder) = folder else {
        print(told(target.profile(), &[], &[]).as_bytes())?;
        return Ok(exit::CONFORMS);
    };
    // What is owed to others is told, for it may be what was meant.
    let others = owed_elsewhere(&folder, target.profile().base_url.as_str());
    let stop = CancellationToken::new();
    let cleaning = async {
        // What is half done is in the journal all the same.
        tokio::select! {
            cleaned = start(target.profile(), &folder) => cleaned,
            () = stop.cancelled() => Err(RunError::Target("the clean-up was interrupted".to_owned())),
        }
    };
    match interruptible(&stop)?.block_on(cleaning) {
        Ok(cleaned) => {
            print(told(target.profile(), &cleaned, &others).as_bytes())?;
            let done = cleaned.iter().all(|one| one.outcome.is_ok());
            Ok(if done { exit::CONFORMS } else { exit::UNJUDGED })
        }
        Err(RunError::Target(reason)) => {
            complain(&reason);
            Ok(exit::UNJUDGED)
        }
        Err(error) => Err(Failure::usage(error)),
    }
}

/// A line for each workgroup, or one for all, and one for each other target whose
/// workgroups are not in order.
fn told(profile: &Profile, cleaned: &[Cleaned], others: &[Owed]) -> String {
    let mut text = String::new();
    if cleaned.is_empty() {
        let address = profile.base_url.as_str().trim_end_matches('/');
        text.push_str(&format!(
            "nothing to clean up: no run left anything to be done at {address}\n"
        ));
    }
    for Cleaned { workgroup, outcome } in cleaned {
        let line = match outcome {
            Ok(restored) => format!("`{workgroup}` {}", done(restored)),
            Err(problem) => format!("`{workgroup}` is not in order: {problem}"),
        };
        _ = writeln!(text, "{}", printable(&line));
    }
    for Owed { target, workgroups } in others {
        let ids: Vec<_> = workgroups.iter().map(|id| format!("`{id}`")).collect();
        let line = format!(
            "note: at {target} something is left to be done in {}: clean up with the profile of \
             that target",
            ids.join(", ")
        );
        _ = writeln!(text, "{}", printable(&line));
    }
    text
}

fn done(restored: &Restored) -> String {
    let Restored {
        removed,
        brought_back,
        left_alone,
        is_unseen,
    } = restored;
    if *is_unseen {
        return format!(
            "has nothing any more of what was sent and listed, as far as the answers tell: {removed} removed; nobody could look, for the profile offers no read-back (offers.read_back)"
        );
    }
    let mut text = "holds what it held before".to_owned();
    for (count, what) in [
        (removed, "removed"),
        (brought_back, "brought back"),
        (left_alone, "of somebody else left alone"),
    ] {
        if *count > 0 {
            _ = write!(text, ", {count} {what}");
        }
    }
    text
}
