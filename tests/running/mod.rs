//! Runs inside this process, against embedded reference servers.

use icws_conformance::embedded::Embedded;
use icws_conformance::reference::Settings;
use icws_conformance::runner::{Plan, Property, Report, Seed, run};
use icws_conformance::target::Profile;

/// The seed of every run of these tests.
pub(crate) const SEED: Seed = Seed::new(0x5eed);

/// A server with those settings.
pub(crate) fn server(settings: Settings) -> Embedded {
    Embedded::start(settings).expect("a free port")
}

/// The run of those properties that nobody changed.
pub(crate) fn plan(profile: &Profile, properties: Vec<Property>) -> Plan {
    Plan {
        seed: SEED,
        ..Plan::new(profile.clone(), properties)
    }
}

/// What a run finds out.
pub(crate) fn report(plan: Plan) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let report = runtime.block_on(run(plan, &mut |_| ()));
    report.expect("a target that can be judged")
}
