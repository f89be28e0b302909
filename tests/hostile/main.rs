//! Hostile and broken targets: a front before the reference server does one
//! thing that no client wants, from the start, after the login or from the
//! middle of the run on, and the binary is run against it as a child. Whatever
//! it does, the child has to end in bounded time, memory and disk, with the
//! right exit code, with no secret and no control character shown, and with
//! nothing left on the server that its journal does not know.
//!
//! `cargo test` runs a sample of about a minute. All of it, which takes about
//! forty minutes, is run by
//!
//! ```text
//! ICWS_HOSTILE=all cargo test --test hostile
//! ```
//!
//! and some of it by a part of its name, such as `cargo test --test hostile
//! reads/`. What was seen is written as a table to `target/tmp/hostile.md`.
//! Rows that are not right yet stand in `known.txt`, and fail when they are.

mod behaviours;
#[path = "../binary/mod.rs"]
mod binary;
mod certificates;
mod child;
mod front;
mod known;
mod leaks;
mod marks;
mod outcome;
mod server;
mod table;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use behaviours::Behaviour;
use front::act::Moment;
use known::name;
use libtest_mimic::{Arguments, Failed, Trial};
use outcome::Outcome;

/// The variable that asks for all of it.
const VARIABLE: &str = "ICWS_HOSTILE";

/// Of how many rows one is in the sample.
const SAMPLE: usize = 90;

/// How many children run at once.
const AT_ONCE: usize = 2;

/// What was seen, by the names of the rows.
type Seen = Arc<Mutex<Vec<(String, Outcome)>>>;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(arguments.test_threads.unwrap_or(AT_ONCE).min(AT_ONCE));
    let whole = std::env::var(VARIABLE).is_ok_and(|value| value == "all");
    let whole = whole || arguments.filter.is_some() || arguments.list;
    let seen = Seen::default();
    let rows = behaviours::all().into_iter().flat_map(|behaviour| {
        let moments = behaviour.moments.iter();
        moments.map(move |moment| (behaviour.clone(), *moment))
    });
    let rows: Vec<_> = rows.collect();
    let stale = stale_names(&rows);
    let rows = rows.into_iter().enumerate();
    let rows = rows.filter(|(place, _)| whole || place.is_multiple_of(SAMPLE));
    let trials = rows.map(|(_, (behaviour, moment))| trial(behaviour, moment, &seen));
    let conclusion = libtest_mimic::run(&arguments, trials.chain([stale]).collect());
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    if !seen.is_empty() {
        println!("the table: {}", table::path().display());
    }
    conclusion.exit_code()
}

/// A row that is known and not there would hide that it is gone.
fn stale_names(rows: &[(Behaviour, Moment)]) -> Trial {
    let names = rows
        .iter()
        .map(|(behaviour, moment)| name(&behaviour.name, *moment));
    let names: BTreeSet<_> = names.collect();
    Trial::test("known rows are rows", move || {
        let stale = known::all().map(|row| row.name);
        let stale: Vec<_> = stale.filter(|name| !names.contains(*name)).collect();
        if stale.is_empty() {
            Ok(())
        } else {
            Err(format!("not there: {stale:?}").into())
        }
    })
}

fn trial(behaviour: Behaviour, moment: Moment, seen: &Seen) -> Trial {
    let seen = Arc::clone(seen);
    let name = name(&behaviour.name, moment);
    Trial::test(name.clone(), move || {
        let outcome = outcome::of(&behaviour, moment)?;
        let wrong = outcome.wrong.join("\n");
        let told = format!("{wrong}\nlast line: {}", outcome.line);
        let known = known::all().find(|row| row.name == name);
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push((name, outcome));
        // After each row, so that a run that is stopped has shown something.
        table::write(&mut seen)?;
        drop(seen);
        match (known, wrong.is_empty()) {
            (None, true) | (Some(_), false) => Ok(()),
            (Some(known), true) if known.at_times => Ok(()),
            (None, false) => Err(Failed::from(told)),
            (Some(known), true) => {
                let seen = known.seen;
                Err(format!("this holds now, and has to go from `known.txt`: {seen}").into())
            }
        }
    })
}
