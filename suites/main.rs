//! The entry of `cargo test`: every property as a trial against the target that
//! the environment names.
//!
//! | variable          | what it says                                        |
//! |-------------------|-----------------------------------------------------|
//! | `ICWS_PROFILE`    | the target's profile                                |
//! | `ICWS_TARGET_URL` | the target's address; without a profile, that of a  |
//! |                   | server with the built-in fixtures                   |
//! | `ICWS_SEED`       | the seed, otherwise [`SEED`]                        |
//! | `ICWS_CASES`      | how many cases a property draws                     |
//! | `ICWS_STRICT`     | 1: a breach of a should rule fails its trial as well |
//!
//! Without a target each trial starts a reference server of its own. Trials may
//! run in a process each, as nextest does it, so that they share nothing but
//! the lock on a target that is not theirs alone.

use std::fs::File;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::SystemTime;
use std::{env, io};

use icws_conformance::cli::{exit, journal, target::Choice};
use icws_conformance::gate::{Decision, apply_waivers, decide};
use icws_conformance::report::{Paint, ReplayFiles, Summary, Verbosity};
use icws_conformance::runner::run::DEFAULT_CASES;
use icws_conformance::runner::{Outcome, Plan, Property, Report, Seed, Shard, run};
use icws_conformance::suites;
use icws_conformance::target::{Date, Profile};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// The seed that nobody chose: one for every process of a test run.
const SEED: Seed = Seed::new(0x1c35);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match Orders::of_environment() {
        Ok(orders) => {
            let trials = suites::all().into_iter();
            let trials = trials.map(|property| trial(property, &orders, &arguments));
            libtest_mimic::run(&arguments, trials.collect()).exit_code()
        }
        Err(mistake) => {
            eprintln!("error: {mistake}");
            ExitCode::from(exit::USAGE)
        }
    }
}

/// What the environment says, checked before anything is sent.
#[derive(Clone, Debug)]
struct Orders {
    target: Choice,
    profile: Profile,
    seed: Seed,
    cases: usize,
    strict: bool,
}

impl Orders {
    fn of_environment() -> Result<Self, String> {
        let target = Choice::of_environment(&variable);
        let opened = target.open(&variable).map_err(|error| error.to_string())?;
        let cases = parsed::<NonZeroU32>("ICWS_CASES", "a whole number from 1 up")?;
        let strict = match variable("ICWS_STRICT").as_deref() {
            None | Some("0") => false,
            Some("1") => true,
            Some(other) => return Err(format!("ICWS_STRICT: `{other}`; accepted: 0 or 1")),
        };
        Ok(Self {
            profile: opened.profile().clone(),
            target,
            seed: parsed("ICWS_SEED", "up to 16 hexadecimal digits")?.unwrap_or(SEED),
            cases: cases.map_or(DEFAULT_CASES, |cases| cases.get() as usize),
            strict,
        })
    }
}

/// An environment variable; an empty one counts as not set.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn parsed<T: FromStr>(name: &str, accepted: &str) -> Result<Option<T>, String> {
    let parse = |text: String| {
        let wrong = |_| format!("{name}: `{text}`; accepted: {accepted}");
        text.parse().map_err(wrong)
    };
    variable(name).map(parse).transpose()
}

/// The property as a trial. What the profile rules out is listed as ignored,
/// for nextest; run all the same, it tells the reason.
fn trial(property: Property, orders: &Orders, arguments: &Arguments) -> Trial {
    let profile = &orders.profile;
    let missing = property
        .needs
        .iter()
        .find(|need| need.is_ruled_out_by(profile));
    let missing = missing.map(|need| need.reason());
    let listed = arguments.list || arguments.ignored || arguments.include_ignored;
    let orders = orders.clone();
    let judge = move || match missing {
        Some(reason) => Ok(Completion::ignored_with(reason)),
        None => judged(property, &orders),
    };
    Trial::ignorable_test(property.id, judge).with_ignored_flag(listed && missing.is_some())
}

/// Runs the property alone.
fn judged(property: Property, orders: &Orders) -> Result<Completion, Failed> {
    // Trials would change the scratch workgroups under each other.
    let _alone = match orders.target {
        Choice::Embedded => None,
        Choice::Profile(_) | Choice::Url(_) => Some(lock(&orders.profile)?),
    };
    let target = orders.target.open(&variable)?;
    let plan = Plan {
        profile: target.profile().clone(),
        journal: journal::of(&target, None, &variable),
        properties: vec![property],
        seed: orders.seed,
        cases: orders.cases,
        shard: Shard::WHOLE,
        max_time: None,
        goal: None,
        stop: Default::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut report = runtime.block_on(run(plan, &mut |_| ()))?;
    // Whether a waiver is stale, only a run of all properties can say.
    apply_waivers(
        &mut report,
        &orders.profile.waivers,
        Date::of(SystemTime::now()),
    );
    let decision = decide(&report, orders.strict);
    match (decision, &report.properties[0].outcome) {
        (Decision::Conforms, Outcome::Inapplicable(reason)) => Ok(Completion::ignored_with(reason)),
        (Decision::Conforms, Outcome::Refuted) => {
            eprintln!("{}", rendered(&report, decision, orders.strict));
            Ok(Completion::Completed)
        }
        (Decision::Conforms, _) => Ok(Completion::Completed),
        (_, outcome) => {
            let reason = outcome.reason().unwrap_or_default();
            let text = rendered(&report, decision, orders.strict);
            Err(format!("{reason}\n{text}").trim_start().into())
        }
    }
}

/// A lock on the target across threads and processes, until it is dropped.
fn lock(profile: &Profile) -> io::Result<File> {
    let url = profile.base_url.as_str();
    let name = url.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let file = File::create(env::temp_dir().join(format!("icws-conformance-{name}.lock")))?;
    file.lock()?;
    Ok(file)
}

fn rendered(report: &Report, decision: Decision, strict: bool) -> String {
    let summary = Summary {
        report,
        decision,
        exit_code: exit::of(decision),
        strict,
        replays: &ReplayFiles::default(),
        verbosity: Verbosity::Quiet,
        paint: Paint::default(),
    };
    summary.render()
}
