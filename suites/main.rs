//! The entry of `cargo test`: every property as a trial against the target that
//! the environment names.
//!
//! | variable          | what it says                                        |
//! |-------------------|-----------------------------------------------------|
//! | `ICWS_PROFILE`    | the target's profile                                |
//! | `ICWS_TARGET_URL` | the address of a server with the built-in fixtures; |
//! |                   | an error together with a profile                    |
//! | `ICWS_SEED`       | the seed, otherwise [`SEED`]                        |
//! | `ICWS_CASES`      | how many cases a property draws                     |
//! | `ICWS_STRICT`     | 1: a breach of a should rule fails its trial as well |
//! | `ICWS_SNAPSHOTS`  | 1: one trial more runs everything at once and holds |
//! |                   | it against `snapshots/NAME/`, NAME as in the profile |
//!
//! Without a target each trial starts a reference server of its own. Trials may
//! run in a process each, as nextest does it, so that they share nothing but
//! the lock on a target that is not theirs alone.

use std::fs::File;
use std::num::NonZeroU32;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::SystemTime;
use std::{env, io};

use icws_conformance::cli::target::{Choice, Chosen};
use icws_conformance::cli::{exit, journal};
use icws_conformance::gate::snapshots::{Kept, Snapshot};
use icws_conformance::gate::{Asked, Decision, Ruling, Scope, apply_waivers};
use icws_conformance::report::{Paint, ReplayFiles, Summary, Verbosity};
use icws_conformance::runner::run::DEFAULT_CASES;
use icws_conformance::runner::{Outcome, Plan, Property, Report, Seed, run};
use icws_conformance::suites;
use icws_conformance::target::{Date, Profile};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// The seed that nobody chose: one for every process of a test run.
const SEED: Seed = Seed::new(0x1c35);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match Orders::of_environment() {
        Ok(orders) => {
            if !arguments.list {
                eprintln!("{}", orders.tested());
                if let Err(reason) = orders.reach() {
                    eprintln!("error: {reason}");
                    return ExitCode::from(exit::UNJUDGED);
                }
            }
            let trials = suites::all().into_iter();
            let trials = trials.map(|property| trial(property, &orders, &arguments));
            let snapshots = orders.snapshots.then(|| snapshots(&orders));
            libtest_mimic::run(&arguments, trials.chain(snapshots).collect()).exit_code()
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
    target: Chosen,
    profile: Profile,
    seed: Seed,
    cases: usize,
    strict: bool,
    snapshots: bool,
}

impl Orders {
    fn of_environment() -> Result<Self, String> {
        let target = Choice::of(None, None, &variable).map_err(|error| error.to_string())?;
        let opened = target.open(&variable).map_err(|error| error.to_string())?;
        let cases = parsed::<NonZeroU32>("ICWS_CASES", "a whole number from 1 up")?;
        Ok(Self {
            profile: opened.profile().clone(),
            target,
            seed: parsed("ICWS_SEED", "up to 16 hexadecimal digits")?.unwrap_or(SEED),
            cases: cases.map_or(DEFAULT_CASES, |cases| cases.get() as usize),
            strict: flag("ICWS_STRICT")?,
            snapshots: flag("ICWS_SNAPSHOTS")?,
        })
    }
}

impl Orders {
    /// What is tested, so that it is never in doubt.
    fn tested(&self) -> String {
        let variable = match self.target.choice {
            Choice::Embedded => {
                return "no target was named (ICWS_PROFILE, ICWS_TARGET_URL): each property tests \
                        an embedded reference server"
                    .to_owned();
            }
            Choice::Profile(_) => "ICWS_PROFILE",
            Choice::Url(_) => "ICWS_TARGET_URL",
        };
        let (name, address) = (&self.profile.name, self.profile.base_url.as_str());
        let address = address.trim_end_matches('/');
        format!("the properties test {name} at {address} ({variable})")
    }

    /// Whether the target can be tested at all: told once, and not by every trial.
    fn reach(&self) -> Result<(), String> {
        // There each trial has a process of its own, which tells it anyway.
        let is_alone = variable("NEXTEST").is_some();
        if self.target.is_embedded() || is_alone {
            return Ok(());
        }
        let reached = reported(Vec::new(), self).map(|_| ());
        reached.map_err(|failed| failed.message().unwrap_or_default().to_owned())
    }

    /// What is asked of the run of one property.
    fn asked(&self) -> Asked {
        Asked {
            strict: self.strict,
            scope: Scope::Part,
            named: self.target.named,
        }
    }
}

/// An environment variable; an empty one counts as not set.
fn variable(name: &str) -> Option<String> {
    let value = env::var_os(name).filter(|value| !value.is_empty());
    value.map(|value| value.to_string_lossy().into_owned())
}

fn flag(name: &str) -> Result<bool, String> {
    match variable(name).as_deref() {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(other) => Err(format!("{name}: `{other}`; accepted: 0 or 1")),
    }
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
    let mut report = reported(vec![property], orders)?;
    // Whether a waiver is stale, only a run of all properties can say.
    apply_waivers(
        &mut report,
        &orders.profile.waivers,
        Date::of(SystemTime::now()),
    );
    let ruling = Ruling::of(&report, orders.asked());
    match (ruling.decision, &report.properties[0].outcome) {
        (Decision::Conforms, Outcome::Inapplicable(reason)) => Ok(Completion::ignored_with(reason)),
        (Decision::Conforms, Outcome::Refuted) => {
            eprintln!("{}", rendered(&report, &ruling));
            Ok(Completion::Completed)
        }
        (Decision::Conforms, _) => Ok(Completion::Completed),
        (_, outcome) => {
            let reason = outcome.reason().unwrap_or_default();
            let text = rendered(&report, &ruling);
            Err(format!("{reason}\n{text}").trim_start().into())
        }
    }
}

/// Everything at once, held against the accepted snapshots of the profile.
fn snapshots(orders: &Orders) -> Trial {
    let orders = orders.clone();
    let name = &orders.profile.name;
    Trial::test(format!("snapshots/{name}"), move || {
        let report = reported(suites::all(), &orders)?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
        let folder = folder.join(&orders.profile.name);
        for kept in Kept::ALL {
            let now = Snapshot::of(kept, &report, orders.cases);
            let accepted = std::fs::read_to_string(folder.join(format!("{}.snap", kept.name())));
            let accepted = accepted.ok().and_then(|text| Snapshot::parse(&text));
            let description = now.description.clone().unwrap_or_default();
            // Of other cases, only what they show to be otherwise is handed on.
            let content = match accepted {
                Some(before) if before.description != now.description => {
                    kept.held_against(&before.content, &now.content)
                }
                _ => now.content,
            };
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(&folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.set_description(description);
            let compare = || settings.bind(|| insta::assert_snapshot!(kept.name(), content));
            // insta has printed what differs.
            let compared = panic::catch_unwind(AssertUnwindSafe(compare));
            compared.map_err(|_| format!("{}.snap differs", kept.name()))?;
        }
        Ok(())
    })
}

/// What a run of those properties finds out.
fn reported(properties: Vec<Property>, orders: &Orders) -> Result<Report, Failed> {
    // Trials would change the scratch workgroups under each other.
    let _alone = if orders.target.is_embedded() {
        None
    } else {
        Some(lock(&orders.profile)?)
    };
    let target = orders.target.open(&variable)?;
    let plan = Plan {
        journal: journal::of(&target, None, &variable),
        seed: orders.seed,
        cases: orders.cases,
        ..Plan::new(target.profile().clone(), properties)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(run(plan, &mut |_| ()))?)
}

/// A lock on the target across threads and processes, until it is dropped.
fn lock(profile: &Profile) -> io::Result<File> {
    let url = profile.base_url.as_str();
    let name = url.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let file = File::create(env::temp_dir().join(format!("icws-conformance-{name}.lock")))?;
    file.lock()?;
    Ok(file)
}

fn rendered(report: &Report, ruling: &Ruling) -> String {
    let summary = Summary {
        report,
        ruling,
        replays: &ReplayFiles::default(),
        verbosity: Verbosity::Quiet,
        paint: Paint::default(),
    };
    summary.render()
}
