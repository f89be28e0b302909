//! What a run leaves, and how it finds out, where the target makes that hard:
//! read-backs that come late, that say nothing or too much, removals that are
//! refused, and a profile that is mistaken.

mod bounds;
mod killed;
mod late;
mod layers;
mod mistakes;
mod unreadable;

use icws_conformance::embedded::profile_of;
use icws_conformance::reference::{Fixtures, Settings};
use icws_conformance::report::findings::findings;
use icws_conformance::runner::run::RunError;
use icws_conformance::runner::{Plan, Report, run};
use icws_conformance::suites;
use icws_conformance::target::Profile;

/// A server with its control surface.
fn settings() -> Settings {
    Settings {
        control: true,
        ..Settings::default()
    }
}

/// The profile of the server that listens there.
fn profile_at(address: std::net::SocketAddr) -> Profile {
    let url = format!("http://{address}").parse().expect("a URL");
    profile_of(&Fixtures::default(), url)
}

/// A plan of the properties whose id begins so.
fn plan(profile: &Profile, prefixes: &[&str]) -> Plan {
    let mut properties = suites::all();
    let is_wanted = |id: &str| prefixes.iter().any(|prefix| id.starts_with(prefix));
    properties.retain(|property| is_wanted(property.id));
    let mut plan = crate::running::plan(profile, properties);
    plan.cases = 2;
    plan
}

/// What a run comes to.
fn ran(plan: Plan) -> Result<Report, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(run(plan, &mut |_| ()))
}

/// Why a run could not begin.
fn refused(plan: Plan) -> String {
    ran(plan).expect_err("a mistake").to_string()
}

/// The identities of what was found.
fn identities(report: &Report) -> Vec<String> {
    findings(report).map(|finding| finding.identity()).collect()
}
