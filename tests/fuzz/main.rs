//! A fuzz run: the binary against a reference server whose answers are mutated
//! or random on their way.
//!
//! ```text
//! cargo test --test fuzz                                   some seconds
//! ICWS_FUZZ_RUNS=2000 cargo test --test fuzz               some minutes
//! ICWS_FUZZ_SEED=1f cargo test --test fuzz                 that one run again
//! ```
//!
//! | variable         | what it says                                          |
//! |------------------|-------------------------------------------------------|
//! | `ICWS_FUZZ_RUNS` | how many runs, otherwise [`RUNS`]; 1 with a seed      |
//! | `ICWS_FUZZ_SEED` | the seed of the first run, in hexadecimal; each run   |
//! |                  | has the next one                                      |
//!
//! Everything of a run is drawn from its seed: what is done to answers, to which
//! ones and from when on ([`scene`]), and what is asked. One trial for each
//! [`scene::Way`]. A run fails where the binary panics, does not end in time,
//! shows a secret, uses too much memory, leaves no report, or says that a target
//! conforms of which too much went unjudged; its seed is printed.

#[path = "../binary/mod.rs"]
mod binary;
mod calls;
mod clean;
mod damage;
mod front;
mod leaks;
mod process;
mod run;
mod scene;
mod trees;

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use run::Came;
use scene::Way;

/// How many runs there are unless asked for more.
const RUNS: u64 = 32;

/// The seed of the first run, unless another is asked for.
const SEED: u64 = 0x1c35_0000;

/// So many failed runs of one trial are enough to look into.
const ENOUGH: usize = 10;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match seeds() {
        Ok(seeds) => {
            let trials = Way::ALL.map(|way| {
                let seeds = seeds.clone().filter(move |seed| Way::of(*seed) == way);
                Trial::test(way.name(), move || trial(way, seeds))
            });
            libtest_mimic::run(&arguments, trials.into()).exit_code()
        }
        Err(mistake) => {
            eprintln!("error: {mistake}");
            ExitCode::from(2)
        }
    }
}

/// The seeds of all runs.
fn seeds() -> Result<std::ops::Range<u64>, String> {
    let number = |name: &str, radix: u32| match env::var(name) {
        Ok(text) => u64::from_str_radix(&text, radix)
            .map(Some)
            .map_err(|_| format!("{name}: `{text}`; accepted: a number to the base of {radix}")),
        Err(_) => Ok(None),
    };
    let first = number("ICWS_FUZZ_SEED", 16)?;
    let runs = number("ICWS_FUZZ_RUNS", 10)?;
    let runs = runs.unwrap_or(if first.is_some() { 1 } else { RUNS });
    let first = first.unwrap_or(SEED);
    Ok(first..first + runs)
}

/// Runs one after the other, and tells what they came to.
fn trial(way: Way, seeds: impl Iterator<Item = u64>) -> Result<(), Failed> {
    let (mut ends, mut failed) = (BTreeMap::new(), Vec::new());
    for seed in seeds {
        match run::run(seed) {
            Ok(came) => *ends.entry(came).or_insert(0) += 1,
            Err(complaint) => failed.push(format!("ICWS_FUZZ_SEED={seed:x}: {complaint}")),
        }
        if failed.len() == ENOUGH {
            break;
        }
    }
    let told = ends.iter().map(|(came, runs)| match came {
        Came::To(code) => format!("{runs} with {code}"),
        Came::ToNothing => format!("{runs} with 0, nothing changed"),
    });
    let told: Vec<String> = told.collect();
    eprintln!("{}: runs that ended {}", way.name(), told.join("; "));
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("{} runs failed:\n{}", failed.len(), failed.join("\n")).into())
    }
}
