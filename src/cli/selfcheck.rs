//! `selfcheck`: from what was typed to the score.

use std::io::IsTerminal;
use std::num::NonZero;
use std::thread::available_parallelism;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::{Format, SelfcheckArguments};
use super::suggestion::suggestion;
use super::{Failure, exit};
use crate::runner::Seed;
use crate::runner::run::DEFAULT_CASES;
use crate::selfcheck::{Check, Subject, Summary, check, fingerprint};
use crate::suites;

/// A run and its server wait for each other half of the time.
const JOBS_PER_CORE: usize = 2;

/// Tries the default properties on every subject, prints the score, and
/// returns the exit code.
pub(super) fn selfcheck(typed: &SelfcheckArguments) -> Result<u8, Failure> {
    let seed: Seed = typed
        .seed
        .parse()
        .map_err(|error| Failure::usage(format!("--seed: {error}")))?;
    let all = Subject::all(seed);
    let everything = all.len();
    let mut subjects = selected(all, &typed.only)?;
    if let Some(number) = typed.sample {
        subjects = Subject::sample(subjects, number as usize, seed);
    }
    let ordered = Check {
        properties: suites::all(),
        subjects,
        seeds: (0..typed.seeds.into()).map(|by| seed.after(by)).collect(),
        cases: typed.cases.map_or(DEFAULT_CASES, |cases| cases as usize),
        jobs: JOBS_PER_CORE * available_parallelism().map_or(1, NonZero::get),
    };
    let bar = progress(ordered.runs());
    let began = Instant::now();
    let rows = check(&ordered, &mut |subject, _| {
        bar.inc(1);
        bar.set_message(subject.name.clone());
    });
    bar.finish_and_clear();
    let rows =
        rows.map_err(|error| Failure::usage(format!("failed to start a server: {error}")))?;
    let fingerprint = fingerprint(&ordered.properties);
    let (cases, elapsed) = (ordered.cases, began.elapsed());
    let summary = Summary::new(&rows, everything, fingerprint, cases, elapsed);
    let text = match typed.format {
        Format::Text => summary.text(),
        Format::Json => summary.json(),
        Format::Markdown => summary.markdown(),
    };
    super::print(text.as_bytes())?;
    Ok(if summary.passed {
        exit::CONFORMS
    } else {
        exit::VIOLATES
    })
}

fn selected(all: Vec<Subject>, only: &[String]) -> Result<Vec<Subject>, Failure> {
    let starts = |subject: &Subject, prefix: &String| subject.name.starts_with(prefix.as_str());
    for prefix in only {
        if prefix.trim().is_empty() {
            let problem = "--only: an empty text is the start of every name; accepted: the start \
                           of some, as `serve --help` lists them";
            return Err(Failure::usage(problem));
        }
        if !all.iter().any(|subject| starts(subject, prefix)) {
            let names: Vec<_> = all.iter().map(|subject| subject.name.as_str()).collect();
            let remedy = suggestion(prefix, &names);
            return Err(Failure::usage(format!(
                "--only: the name of no fault or variant starts with `{prefix}`; {remedy}"
            )));
        }
    }
    let is_meant =
        |subject: &Subject| only.is_empty() || only.iter().any(|prefix| starts(subject, prefix));
    Ok(all.into_iter().filter(is_meant).collect())
}

/// A bar on standard error, where that is a terminal.
fn progress(runs: usize) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template("{spinner} {pos}/{len} runs  {eta} left  {msg}")
        .expect("the template is well formed");
    ProgressBar::with_draw_target(Some(runs as u64), target).with_style(style)
}
