//! `run`: from an order to an exit code.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::SystemTime;

use tokio_util::sync::CancellationToken;

use super::arguments::RunArguments;
use super::github::{self, GitHub};
use super::meaning::{Order, coloured};
use super::output::{Input, Output, hold, pending, write};
use super::runtime::interruptible;
use super::snapshots::{Opened, not_compared};
use super::{Environment, Failure, complain};
use crate::contract::Level;
use crate::contract::rules::RULES;
use crate::gate::{LastLine, Ruling, apply_baseline, apply_waivers};
use crate::printable::printable;
use crate::report::document::Document;
use crate::report::json::{document, of_shard};
use crate::report::{Paint, Progress, ReplayFiles, Summary, Verbosity, last_line, replay_file};
use crate::runner::explained::explain;
use crate::runner::outcome::{RuleReport, RuleStatus, TargetReport};
use crate::runner::run::RunError;
use crate::runner::standing::{Closing, Standing};
use crate::runner::{Event, Outcome, Plan, PropertyReport, Report, Shard, run as start};
use crate::suites;
use crate::target::Date;

/// What the report says that stands in its place until the run has ended.
const INTERRUPTED: &str = "the run was interrupted before it ended";

/// Tests a target, shows what was found out, and returns the exit code.
pub(super) fn run(typed: RunArguments, environment: Environment<'_>) -> Result<u8, Failure> {
    let order = Order::new(typed, environment, &suites::all()).map_err(Failure::usage)?;
    // A report that cannot be written is found before anything is sent.
    let outputs = pending(&order.reports, &inputs(&order))?;
    let snapshots = order.snapshots.as_ref();
    let snapshots = snapshots.map(|wish| wish.open(environment)).transpose()?;
    let mut screen = Screen::new(&order, environment);
    let github = GitHub::of(environment);
    screen.show(&github.before());
    let stop = CancellationToken::new();
    let outcome = test(&order, &mut screen, &stop, &outputs)?;
    let (document, code) = match outcome {
        Ok(mut report) => {
            // Whatever else is to be said follows from that.
            let is_told = |reason: &String| reason.contains("interrupted");
            if stop.is_cancelled() && !report.unjudged.iter().any(is_told) {
                let reason = "the run was interrupted".to_owned();
                report.unjudged.insert(0, reason);
            }
            stand(&order, &mut report, snapshots);
            conclude(&order, report, &mut screen)
        }
        Err(RunError::Target(reason)) => {
            complain(&reason);
            let (document, line) = unjudged(&order, &reason);
            screen.show(&last_line(&line, screen.paint));
            let code = document.exit_code;
            (document, code)
        }
        Err(error) => {
            screen.show(&github.resumed());
            return Err(Failure::usage(error));
        }
    };
    write(outputs, &document);
    screen.show(&github.after(&document));
    github::summarise(&document, environment);
    Ok(code)
}

/// What the run reads.
fn inputs(order: &Order) -> Vec<Input<'_>> {
    let baseline = order.baseline_path.as_deref().map(|path| Input {
        what: "the baseline",
        path,
        may_be_renewed: true,
    });
    let profile = order.target.profile_path().map(|path| Input {
        what: "the profile",
        path,
        may_be_renewed: false,
    });
    baseline.into_iter().chain(profile).collect()
}

/// Where people look.
struct Screen {
    out: Box<dyn Write>,
    paint: Paint,
    live: bool,
}

impl Screen {
    fn new(order: &Order, environment: Environment<'_>) -> Self {
        let (out, coloured): (Box<dyn Write>, bool) = if order.output_is_taken() {
            let out = io::stderr();
            let coloured = coloured(order.color, &out, environment);
            (Box::new(out), coloured)
        } else {
            let out = io::stdout();
            let coloured = coloured(order.color, &out, environment);
            (Box::new(out), coloured)
        };
        Self {
            out,
            paint: Paint::new(coloured),
            live: io::stderr().is_terminal(),
        }
    }

    /// Whoever closed the stream has seen enough; the exit code still counts.
    fn show(&mut self, text: &str) {
        _ = self.out.write_all(text.as_bytes());
        _ = self.out.flush();
    }
}

/// Runs the order. The outer error is a matter of this machine.
fn test(
    order: &Order,
    screen: &mut Screen,
    stop: &CancellationToken,
    outputs: &[Output],
) -> Result<Result<Report, RunError>, Failure> {
    let runtime = interruptible(stop)?;
    let plan = Plan {
        journal: order.journal.clone(),
        seed: order.seed,
        cases: order.cases,
        shard: order.shard,
        max_time: order.max_time,
        goal: order.goal.clone(),
        stop: stop.clone(),
        ..Plan::new(order.profile.clone(), order.properties.clone())
    };
    let shown = order.verbosity > Verbosity::Quiet;
    if shown {
        screen.show(&opening(order));
    }
    let live = screen.live && shown;
    let mut nowhere = io::sink();
    let out: &mut dyn Write = if shown { &mut screen.out } else { &mut nowhere };
    let mut progress = Progress::new(&order.properties, out, live, screen.paint);
    let mut tell = |event: Event<'_>| {
        // Whatever ends this process from here on, an old report is not read
        // as the one of this run.
        if let Event::Begins = event {
            let spared = order.baseline_path.as_deref();
            hold(outputs, &unjudged(order, INTERRUPTED).0, spared);
        }
        // As for the screen: a closed stream is no reason to stop.
        _ = progress.tell(&event);
    };
    let outcome = runtime.block_on(start(plan, &mut tell));
    progress.end();
    Ok(outcome)
}

fn opening(order: &Order) -> String {
    let profile = &order.profile;
    let kind = if order.target.is_embedded() {
        " (embedded)"
    } else {
        ""
    };
    format!(
        "{} {} tests {}{kind} at {}: {} properties, seed {}\n\n",
        super::NAME,
        env!("CARGO_PKG_VERSION"),
        printable(&profile.name),
        profile.base_url.as_str().trim_end_matches('/'),
        order.properties.len(),
        order.seed,
    )
}

/// Holds the report against what was accepted before: waivers, the baseline,
/// snapshots.
fn stand(order: &Order, report: &mut Report, snapshots: Option<Opened>) {
    // What is a part of every run draws nothing and holds all the same.
    let untested = |property: &PropertyReport| {
        let is_idle = property.cases == 0 && property.outcome == Outcome::Held;
        matches!(property.outcome, Outcome::Inapplicable(_)) || is_idle
    };
    if order.shard == Shard::WHOLE && report.properties.iter().all(untested) {
        report.unjudged.push(
            "nothing was tested: every property needs what the target does not offer".to_owned(),
        );
    }
    let today = Date::of(SystemTime::now());
    let idle = apply_waivers(report, &order.profile.waivers, today);
    report.notes.extend(idle.expired);
    // A run that was cut short may just not have come to it.
    if order.shard != Shard::WHOLE {
        report.standing.stale_waivers = idle.stale;
    } else if order.strict && order.is_whole() && report.unjudged.is_empty() {
        let stale = idle.stale.into_iter().map(Closing::StaleWaiver);
        report.standing.closing.extend(stale);
    } else if order.everything {
        report.notes.extend(idle.stale);
    }
    if let Some(baseline) = &order.baseline {
        let partly = order.shard != Shard::WHOLE;
        let notes = apply_baseline(report, baseline, partly, order.target.named());
        report.notes.extend(notes);
    }
    explain(&mut report.properties);
    let Some(snapshots) = snapshots else { return };
    if let Some(reason) = not_compared(order.is_whole(), report) {
        report.notes.push(reason.to_owned());
        return;
    }
    let (drift, notes) = snapshots.settle(report, order.cases);
    report.notes.extend(notes);
    let fails = order.snapshots.as_ref().is_some_and(|wish| wish.fail);
    if fails && !drift.is_empty() {
        let failure = "the target no longer behaves as the accepted snapshots say, which breaks \
                       no rule (--fail-on-drift)";
        let drift = Closing::Drift(failure.to_owned());
        report.standing.closing.push(drift);
    }
    report.standing.drift = Some(drift);
}

/// Everything after that but the reports: decision, replay files.
fn conclude(order: &Order, mut report: Report, screen: &mut Screen) -> (Document, u8) {
    let folder = Path::new(replay_file::FOLDER);
    let access = order.target.access();
    let replays = replay_file::write_all(&report, folder, access.clone());
    let replays = replays.unwrap_or_else(|problem| {
        report.notes.push(format!("no replay files: {problem}"));
        ReplayFiles::none(access)
    });
    let ruling = Ruling::of(&report, order.asked());
    let summary = Summary {
        report: &report,
        ruling: &ruling,
        replays: &replays,
        verbosity: order.verbosity,
        paint: screen.paint,
    };
    let gap = match order.verbosity {
        Verbosity::Quiet => "",
        Verbosity::Normal | Verbosity::Verbose => "\n",
    };
    screen.show(&format!("{gap}{}", summary.render()));
    let document = document(&report, &ruling, &replays);
    let document = of_order(document, &report, &replays, order);
    (document, ruling.exit_code)
}

/// The report with what only the order knows.
fn of_order(document: Document, report: &Report, replays: &ReplayFiles, order: &Order) -> Document {
    let document = Document {
        budget: Some(order.cases),
        ..document
    };
    if order.shard == Shard::WHOLE {
        return document;
    }
    Document {
        shard: Some(order.shard.to_string()),
        everything: Some(order.everything),
        ..of_shard(document, report, replays)
    }
}

/// What there is to report of a target that could not be judged at all: an old
/// report left in place would say something else.
fn unjudged(order: &Order, reason: &str) -> (Document, LastLine) {
    let (report, replays) = (untested(order, reason), ReplayFiles::default());
    let ruling = Ruling::of(&report, order.asked());
    let document = document(&report, &ruling, &replays);
    (of_order(document, &report, &replays, order), ruling.line)
}

/// A run in which nothing was tested.
fn untested(order: &Order, reason: &str) -> Report {
    let profile = &order.profile;
    let properties = order.properties.iter().map(|property| {
        let outcome = Outcome::Inconclusive(reason.to_owned());
        PropertyReport::without_cases(property.id, property.rules, outcome)
    });
    let rules = RULES.iter().map(|rule| RuleReport {
        id: rule.id,
        status: match rule.level {
            Level::Open => RuleStatus::Open,
            Level::Should | Level::Must => RuleStatus::NotTested,
        },
        checks: 0,
        reason: (rule.level != Level::Open).then(|| reason.to_owned()),
        partly: Vec::new(),
    });
    Report {
        seed: order.seed,
        target: TargetReport {
            name: profile.name.clone(),
            base_url: profile.base_url.to_string(),
            feature_version: None,
            accept_invalid: profile.tls.accept_invalid,
        },
        requests: 0,
        cases: 0,
        first_breach: None,
        elapsed_ms: 0,
        properties: properties.collect(),
        rules: rules.collect(),
        open: Vec::new(),
        outlines: Vec::new(),
        unjudged: vec![reason.to_owned()],
        notes: Vec::new(),
        standing: Standing::default(),
    }
}
