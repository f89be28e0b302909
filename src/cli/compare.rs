//! `compare`: two reports, or two targets that are run side by side.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio_util::sync::CancellationToken;

use super::arguments::{CompareArguments, Format};
use super::github::GitHub;
use super::meaning::UsageError;
use super::runtime::interruptible;
use super::selection::selected;
use super::target::Chosen;
use super::{Environment, Failure, baseline, duration, exit, journal};
use crate::gate::account::Account;
use crate::gate::comparison::Comparison;
use crate::gate::{Asked, Ruling, apply_waivers};
use crate::report::comparison::Compared;
use crate::report::{ReplayFiles, account, json};
use crate::runner::run::{DEFAULT_CASES, RunError};
use crate::runner::{Plan, Property, Report, Seed, run};
use crate::suites;
use crate::target::{Date, Profile};

/// The two sides, and what is to be said of them.
struct Sides {
    baseline: Account,
    /// The baseline once more, where it was run.
    again: Option<Account>,
    candidate: Account,
    notes: Vec<String>,
}

/// Compares, shows what differs, and returns the exit code.
pub(super) fn compare(
    typed: &CompareArguments,
    environment: Environment<'_>,
) -> Result<u8, Failure> {
    let is_profile = |path: &Path| path.extension().is_some_and(|end| end == "toml");
    let (one, other) = (&typed.baseline, &typed.candidate);
    let sides = match (is_profile(one), is_profile(other)) {
        (true, true) => of_profiles(typed, environment)?,
        (false, false) => of_reports(typed)?,
        _ => {
            let (one, other) = (one.display(), other.display());
            return Err(Failure::usage(format!(
                "`{one}` and `{other}` are of two kinds; accepted: two JSON reports, or two \
                 profiles (`.toml`)"
            )));
        }
    };
    let comparison = Comparison::of(&sides.baseline, sides.again.as_ref(), &sides.candidate);
    let decision = comparison.decision(typed.strict, typed.fail_on_drift);
    let compared = Compared {
        baseline: &sides.baseline,
        candidate: &sides.candidate,
        comparison: &comparison,
        decision,
        strict: typed.strict,
        notes: &sides.notes,
    };
    let text = match typed.format {
        Format::Text => compared.text(),
        Format::Json => compared.json(),
        Format::Markdown => compared.markdown(),
    };
    // JSON is for programs, and no line of the documents can be a command.
    let text = match typed.format {
        Format::Text => {
            let github = GitHub::of(environment);
            github.before() + &text + &github.resumed()
        }
        Format::Json | Format::Markdown => text,
    };
    super::print(text.as_bytes())?;
    Ok(decision.exit_code())
}

/// Two reports of runs that are over.
fn of_reports(typed: &CompareArguments) -> Result<Sides, Failure> {
    let options = [
        ("--seed", typed.scope.seed.is_some()),
        ("--cases", typed.scope.cases.is_some()),
        ("--only", !typed.scope.only.is_empty()),
        ("--skip", !typed.scope.skip.is_empty()),
        ("--max-time", typed.scope.max_time.is_some()),
    ];
    if let Some((option, _)) = options.iter().find(|(_, is_set)| *is_set) {
        return Err(Failure::usage(format!(
            "{option}: the runs of two reports are over; accepted with two profiles only"
        )));
    }
    let baseline = baseline::side(&typed.baseline).map_err(Failure::usage)?;
    let candidate = baseline::side(&typed.candidate).map_err(Failure::usage)?;
    let notes = differences(&baseline, &candidate);
    Ok(Sides {
        baseline,
        again: None,
        candidate,
        notes,
    })
}

/// What two reports differ in that makes a comparison of them less sure.
fn differences(baseline: &Account, candidate: &Account) -> Vec<String> {
    let mut notes = vec![
        "no noise was measured: what a target does only now and then may show as a difference; \
         two profiles are run side by side, the baseline twice"
            .to_owned(),
    ];
    if baseline.seed != candidate.seed {
        notes.push(
            "the reports are of different seeds: open answers and shapes that were not seen \
             count for nothing, for they may just not have been asked for"
                .to_owned(),
        );
    }
    if !baseline.properties.keys().eq(candidate.properties.keys()) {
        notes.push(
            "the reports are of different properties: what only one of them ran is not compared"
                .to_owned(),
        );
    }
    if baseline.cases != candidate.cases {
        let cases = |account: &Account| match account.cases {
            Some(cases) => cases.to_string(),
            None => "unknown".to_owned(),
        };
        notes.push(format!(
            "the reports are of different numbers of cases ({} and {}): what needs many may show \
             on one side alone",
            cases(baseline),
            cases(candidate)
        ));
    }
    for (name, account) in [("baseline", baseline), ("candidate", candidate)] {
        if account.contract.is_none() {
            notes.push(format!(
                "the {name} does not say which contract it is of: version {} wrote it",
                account.version
            ));
        }
        if account.shapes.is_empty() {
            notes.push(format!(
                "the {name} tells no shapes of answers: none are compared"
            ));
        }
    }
    notes
}

/// Two targets, each run as it is now.
fn of_profiles(typed: &CompareArguments, environment: Environment<'_>) -> Result<Sides, Failure> {
    let wish = Wish::new(typed, environment).map_err(Failure::usage)?;
    let open = |path: &Path| Chosen::of_option(path).open(environment);
    let baseline = open(&typed.baseline).map_err(Failure::usage)?;
    let candidate = open(&typed.candidate).map_err(Failure::usage)?;
    let (baseline, candidate) = (baseline.profile(), candidate.profile());
    let mut notes = Vec::new();
    let alone = baseline.base_url == candidate.base_url;
    if alone {
        let note = "both are at one address: they were run one after the other";
        notes.push(note.to_owned());
    }
    let stop = CancellationToken::new();
    let runtime = interruptible(&stop)?;
    let (first, second, third) = runtime.block_on(async {
        // At the same time, so that both go through the same weather; the
        // second run against the baseline shows how much of it is noise.
        let twice = async {
            let first = wish.run(baseline, &stop).await;
            let second = if first.is_ok() {
                Some(wish.run(baseline, &stop).await)
            } else {
                None
            };
            (first, second)
        };
        let once = wish.run(candidate, &stop);
        if alone {
            let (first, second) = twice.await;
            (first, second, once.await)
        } else {
            let ((first, second), third) = tokio::join!(twice, once);
            (first, second, third)
        }
    });
    let told = |name: &str, outcome| outcome_of(name, outcome);
    let baseline = told("baseline", first)?;
    let candidate = told("candidate", third)?;
    let again = second.map(|again| told("baseline, run again", again));
    Ok(Sides {
        baseline,
        again: again.transpose()?,
        candidate,
        notes,
    })
}

/// What both sides are run with.
struct Wish {
    properties: Vec<Property>,
    seed: Seed,
    cases: usize,
    max_time: Option<std::time::Duration>,
    journal: PathBuf,
}

impl Wish {
    fn new(typed: &CompareArguments, environment: Environment<'_>) -> Result<Self, UsageError> {
        let seed = typed.scope.seed.as_deref().map(str::parse).transpose()?;
        let max_time = typed
            .scope
            .max_time
            .as_deref()
            .map(duration::parse)
            .transpose()?;
        Ok(Self {
            properties: selected(&suites::all(), &typed.scope.only, &typed.scope.skip)?,
            seed: seed.unwrap_or_else(Seed::random),
            cases: typed
                .scope
                .cases
                .map_or(DEFAULT_CASES, |cases| cases as usize),
            max_time,
            journal: journal::folder(environment),
        })
    }

    /// Runs everything against one of the targets.
    async fn run(&self, profile: &Profile, stop: &CancellationToken) -> Result<Report, RunError> {
        let plan = Plan {
            journal: Some(self.journal.clone()),
            seed: self.seed,
            cases: self.cases,
            max_time: self.max_time,
            stop: stop.clone(),
            ..Plan::new(profile.clone(), self.properties.clone())
        };
        let mut report = run(plan, &mut |_| ()).await?;
        let today = Date::of(SystemTime::now());
        let idle = apply_waivers(&mut report, &profile.waivers, today);
        report.notes.extend(idle.expired);
        Ok(report)
    }
}

/// What a run says, where it says anything.
fn outcome_of(name: &str, outcome: Result<Report, RunError>) -> Result<Account, Failure> {
    match outcome {
        Ok(report) => {
            let ruling = Ruling::of(&report, Asked::default());
            let document = json::document(&report, &ruling, &ReplayFiles::default());
            Ok(account::of(&document))
        }
        Err(RunError::Target(reason)) => Err(Failure {
            code: exit::UNJUDGED,
            message: format!("{name}: {reason}"),
        }),
        Err(error) => Err(Failure::usage(format!("{name}: {error}"))),
    }
}
