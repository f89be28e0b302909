//! Real gateways in front of the plain reference server, as Debian packages
//! them: a conforming server stays one behind each of them.
//!
//! ```text
//! cargo test --test gateways
//! cargo test --test gateways -- nginx/tls --nocapture
//! ```
//!
//! One trial for each row of [`setups::SETUPS`]. A trial whose program is not
//! installed is ignored and says so; `apt-get install -y nginx-light haproxy
//! apache2 lighttpd` brings all four. None of them needs to be running: each
//! trial starts its own, on a free loopback port, with a configuration in a
//! temporary folder, and stops it.
//!
//! Right is, behind every gateway: the binary ends with 0, finds nothing, judges
//! every case, and leaves the server as it was. What is not so yet stands in
//! [`known::FAILING`].

#[path = "../binary/mod.rs"]
mod binary;
mod certificate;
mod gateway;
mod held;
mod judged;
mod known;
#[path = "../serving/mod.rs"]
mod serving;
mod setups;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use setups::{SETUPS, Setup};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = SETUPS.iter().map(|setup| {
        let run = move || trial(setup);
        Trial::ignorable_test(setup.trial(), run)
            .with_ignored_flag(arguments.list && setup.program.installed().is_none())
    });
    let tables = Trial::test("every-known-failure-is-of-a-setup", known::all_named);
    libtest_mimic::run(&arguments, trials.chain([tables]).collect()).exit_code()
}

/// What the run behind one gateway comes to, against what is known of it.
fn trial(setup: &Setup) -> Result<Completion, Failed> {
    if setup.program.installed().is_none() {
        let package = setup.program.package();
        return Ok(Completion::ignored_with(format!(
            "not installed: apt-get install {package}"
        )));
    }
    let outcome = judged::behind(setup);
    match (known::of(setup), outcome) {
        (None, outcome) => outcome
            .map(|()| Completion::Completed)
            .map_err(Failed::from),
        (Some(failing), Err(_)) => Ok(Completion::ignored_with(format!(
            "fails as known: {}",
            failing.why
        ))),
        (Some(failing), Ok(())) if failing.at_times => Ok(Completion::Completed),
        (Some(_), Ok(())) => Err("it holds now: take its row out of `known::FAILING`".into()),
    }
}
