//! What the options of `run` mean: checked as a whole before anything happens.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use super::arguments::{ColorChoice, RunArguments};
use super::baseline;
use super::duration::{self, NoDuration};
use super::selection::{NoSelection, selected};
use super::snapshots::Snapshots;
use super::target::{Choice, PROFILE, Target, TargetError};
use super::{Environment, journal};
use crate::contract::rules::RULES;
use crate::contract::{Level, RuleId};
use crate::gate::account::Account;
use crate::gate::{Asked, Scope};
use crate::report::{Format, Verbosity};
use crate::runner::run::DEFAULT_CASES;
use crate::runner::seed::NoSeed;
use crate::runner::shard::NoShard;
use crate::runner::{Goal, Property, Seed, Shard};
use crate::target::{Profile, TARGET_URL};

/// A run that can begin.
#[derive(Debug)]
pub(super) struct Order {
    /// The target, which lives as long as this.
    pub(super) target: Target,
    /// Its profile, with the limits of the command line.
    pub(super) profile: Profile,
    /// Where its journal is kept; none for the embedded server.
    pub(super) journal: Option<PathBuf>,
    pub(super) properties: Vec<Property>,
    pub(super) seed: Seed,
    pub(super) cases: usize,
    pub(super) shard: Shard,
    pub(super) max_time: Option<Duration>,
    /// What ends the run, where one breach is enough.
    pub(super) goal: Option<Goal>,
    pub(super) strict: bool,
    /// The reports that are wanted.
    pub(super) reports: Vec<Wanted>,
    /// Whether every property was selected.
    pub(super) everything: bool,
    /// What an earlier run said, whose findings are known.
    pub(super) baseline: Option<Account>,
    /// Where it stands.
    pub(super) baseline_path: Option<PathBuf>,
    /// What is to be done with snapshots.
    pub(super) snapshots: Option<Snapshots>,
    pub(super) color: ColorChoice,
    pub(super) verbosity: Verbosity,
}

/// A report that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) format: Format,
    pub(super) sink: Sink,
}

/// Where a report goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sink {
    StandardOutput,
    File(PathBuf),
}

/// What is wrong with the options of `run`.
#[derive(Debug, Error)]
pub(super) enum UsageError {
    #[error("--seed: {0}")]
    Seed(#[from] NoSeed),
    #[error("--shard: {0}")]
    Shard(#[from] NoShard),
    #[error(
        "--shard: without `--seed` every part would be of another run; give all parts one seed"
    )]
    ShardOfNoSeed,
    #[error("--max-time: {0}")]
    Duration(#[from] NoDuration),
    #[error(transparent)]
    Selection(#[from] NoSelection),
    #[error("--report: `{0}` is not of the form FORMAT=PATH, such as `json=report.json`")]
    NoReport(String),
    #[error("--report: unknown format `{0}`; accepted: {accepted}", accepted = accepted())]
    UnknownFormat(String),
    #[error("--report: `{0}` names no file; accepted: a path, or `-` for standard output")]
    NoPath(String),
    #[error("--report: only one report can go to standard output")]
    OutputTwice,
    #[error(
        "--require-target: nothing names a target, so that a reference server inside this process \
         would be tested; name it with `--profile FILE` or `{PROFILE}`, or with `--target URL` or \
         `{TARGET_URL}` where it is a reference server"
    )]
    NoTarget,
    #[error("--baseline: {0}")]
    Baseline(String),
    #[error(transparent)]
    Target(Box<TargetError>),
}

impl From<TargetError> for UsageError {
    fn from(error: TargetError) -> Self {
        Self::Target(Box::new(error))
    }
}

impl Order {
    /// What was typed, in the given environment, of these properties.
    pub(super) fn new(
        typed: RunArguments,
        environment: Environment<'_>,
        all: &[Property],
    ) -> Result<Self, UsageError> {
        let seed = match &typed.scope.seed {
            Some(text) => text.parse()?,
            None => Seed::random(),
        };
        let shard = match &typed.shard {
            Some(text) => text.parse()?,
            None => Shard::WHOLE,
        };
        // Parts of different runs do not make a whole.
        if shard != Shard::WHOLE && typed.scope.seed.is_none() {
            return Err(UsageError::ShardOfNoSeed);
        }
        let max_time = typed
            .scope
            .max_time
            .as_deref()
            .map(duration::parse)
            .transpose()?;
        let properties = selected(all, &typed.scope.only, &typed.scope.skip)?;
        let reports = wanted(&typed.report)?;
        let baseline = typed.baseline.as_deref().map(baseline::load).transpose();
        let baseline = baseline.map_err(UsageError::Baseline)?;
        let snapshots = typed.snapshots.map(|folder| Snapshots {
            folder,
            update: typed.update_snapshots,
            fail: typed.fail_on_drift,
        });
        let chosen = Choice::of(typed.target.profile, typed.target.target, environment)?;
        if typed.require_target && chosen.is_embedded() {
            return Err(UsageError::NoTarget);
        }
        let target = chosen.open(environment)?;
        let mut profile = target.profile().clone();
        if let Some(concurrency) = typed.concurrency {
            profile.limits.concurrency = usize::from(concurrency);
        }
        if let Some(rate) = typed.rate {
            profile.limits.requests_per_second = rate;
        }
        profile.workgroups.allow_occupied |= typed.scratch.allow_occupied;
        let journal = journal::of(&target, typed.scratch.journal, environment);
        let goal = typed
            .fail_fast
            .then(|| goal(&profile, baseline.as_ref(), typed.strict));
        let verbosity = match (typed.quiet, typed.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        Ok(Self {
            everything: properties.len() == all.len(),
            target,
            profile,
            journal,
            properties,
            seed,
            cases: typed
                .scope
                .cases
                .map_or(DEFAULT_CASES, |cases| cases as usize),
            shard,
            max_time,
            goal,
            strict: typed.strict,
            reports,
            baseline,
            baseline_path: typed.baseline,
            snapshots,
            color: typed.color,
            verbosity,
        })
    }

    /// Whether all of it was asked for: every property, in one part, to the end.
    pub(super) fn is_whole(&self) -> bool {
        self.everything && self.shard == Shard::WHOLE && self.goal.is_none()
    }

    /// What is asked, as far as the report of the run does not say it.
    pub(super) fn asked(&self) -> Asked {
        let whole = self.everything && self.shard == Shard::WHOLE;
        Asked {
            strict: self.strict,
            scope: if whole { Scope::Whole } else { Scope::Part },
            named: self.target.named(),
        }
    }

    /// Whether the terminal report has to leave standard output to another.
    pub(super) fn output_is_taken(&self) -> bool {
        output_is_taken(&self.reports)
    }
}

/// Whether text for that stream is coloured.
pub(super) fn coloured(
    choice: ColorChoice,
    stream: &impl IsTerminal,
    environment: Environment<'_>,
) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = environment("NO_COLOR").is_some_and(|value| !value.is_empty());
            stream.is_terminal() && !refused
        }
    }
}

/// Any breach that fails the gate, but for rules that have a waiver or known
/// findings: whether they cover a breach is known at the end only.
fn goal(profile: &Profile, baseline: Option<&Account>, strict: bool) -> Goal {
    let rules = RULES.iter().map(|rule| rule.id);
    let waived = |rule: &RuleId| profile.waivers.iter().any(|waiver| waiver.rule == *rule);
    let known = |rule: &RuleId| {
        let findings = baseline.map(|baseline| baseline.findings.values());
        let findings = findings.into_iter().flatten();
        findings.into_iter().any(|told| told.rule == rule.as_str())
    };
    Goal {
        rules: rules.filter(|rule| !waived(rule) && !known(rule)).collect(),
        level: if strict { Level::Should } else { Level::Must },
    }
}

/// The reports that were asked for.
pub(super) fn wanted(typed: &[String]) -> Result<Vec<Wanted>, UsageError> {
    let mut reports = Vec::new();
    for text in typed {
        let (format, path) = text
            .split_once('=')
            .ok_or_else(|| UsageError::NoReport(text.clone()))?;
        let format =
            Format::parse(format).ok_or_else(|| UsageError::UnknownFormat(format.to_owned()))?;
        let sink = match path {
            "" => return Err(UsageError::NoPath(text.clone())),
            "-" if output_is_taken(&reports) => return Err(UsageError::OutputTwice),
            "-" => Sink::StandardOutput,
            path => Sink::File(path.into()),
        };
        reports.push(Wanted { format, sink });
    }
    Ok(reports)
}

/// Whether one of the reports goes to standard output.
pub(super) fn output_is_taken(reports: &[Wanted]) -> bool {
    let mut sinks = reports.iter().map(|report| &report.sink);
    sinks.any(|sink| *sink == Sink::StandardOutput)
}

/// The formats by name.
fn accepted() -> String {
    let names = Format::ALL.map(|format| format!("`{}`", format.as_str()));
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::property::Share;

    const fn property(id: &'static str) -> Property {
        Property {
            id,
            says: "",
            rules: &[],
            needs: &[],
            share: Share::Budget,
            strata: |_| Vec::new(),
        }
    }

    const ALL: [Property; 3] = [
        property("session/missing-token"),
        property("session/missing-cookie"),
        property("workgroup/absent"),
    ];

    fn order(words: &[&str]) -> Result<Order, String> {
        use clap::Parser;
        let words = std::iter::once("x").chain(words.iter().copied());
        let typed = crate::cli::arguments::Arguments::parse_from(words).run;
        Order::new(typed, &|_| None, &ALL).map_err(|error| error.to_string())
    }

    #[test]
    fn mistakes_are_one_line_that_names_the_option() {
        for (words, expected) in [
            (
                &["--report", "report.json"][..],
                "--report: `report.json` is not of the form FORMAT=PATH, such as \
                 `json=report.json`",
            ),
            (
                &["--report", "xml=r.xml"],
                "--report: unknown format `xml`; accepted: `json`, `junit`, `html`",
            ),
            (
                &["--report", "json="],
                "--report: `json=` names no file; accepted: a path, or `-` for standard output",
            ),
            (
                &["--report", "json=-", "--report", "html=-"],
                "--report: only one report can go to standard output",
            ),
        ] {
            assert_eq!(order(words).expect_err("a mistake"), expected);
        }
        let error = order(&["--shard", "1/3"]).expect_err("no seed");
        assert!(error.starts_with("--shard: without `--seed`"), "{error}");
        for words in [&["--seed", "1", "--shard", "4/3"][..], &["--shard", "4/3"]] {
            let error = order(words).expect_err("a mistake");
            assert!(error.starts_with("--shard: `4/3` is no shard"), "{error}");
        }
        let error = order(&["--require-target"]).expect_err("no target");
        assert!(
            error.starts_with("--require-target: nothing names"),
            "{error}"
        );
        for (option, value) in [("--seed", "x"), ("--max-time", "soon")] {
            let error = order(&[option, value]).expect_err("a mistake");
            assert!(
                error.starts_with(&format!("{option}: `{value}` is no ")),
                "{error}"
            );
        }
    }

    #[test]
    fn limits_of_the_command_line_win() {
        let order = order(&["--concurrency", "2", "--rate", "9"]).expect("an order");
        let limits = &order.profile.limits;
        assert_eq!((limits.concurrency, limits.requests_per_second), (2, 9));
    }

    #[test]
    fn colours_follow_the_wish_then_the_variable_then_the_stream() {
        let file = tempfile::tempfile().expect("a file");
        let none = |_: &str| None;
        assert!(coloured(ColorChoice::Always, &file, &none));
        assert!(!coloured(ColorChoice::Auto, &file, &none));
        assert!(!coloured(ColorChoice::Never, &file, &none));
    }
}
