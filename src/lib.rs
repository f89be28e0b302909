//! A property-based conformance harness for one documented endpoint of ICWS (the REST
//! API of a contact centre platform): the bulk update of a workgroup's monitored
//! mailboxes, with the sessions, rights and read-backs around it.
//!
//! The program `icws-conformance` and `cargo test` are two ways to the same engine;
//! this crate is the third. A run takes a [`target::Profile`], which says where the
//! target is and what of it may be changed, and properties, which say what to ask. It
//! gives a [`runner::Report`], and [`gate::decide`] says what that means for a release.
//!
//! ```
//! use icws_conformance::embedded::Embedded;
//! use icws_conformance::gate::{Decision, decide};
//! use icws_conformance::reference::Settings;
//! use icws_conformance::runner::{Plan, run};
//! use icws_conformance::suites;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A server to try it with; for another target,
//! // `target::load(path)` reads a profile.
//! let server = Embedded::start(Settings::default())?;
//! let mut properties = suites::all();
//! properties.retain(|property| property.id.starts_with("session/missing"));
//!
//! let plan = Plan::new(server.profile().clone(), properties);
//! let runtime = tokio::runtime::Runtime::new()?;
//! let report = runtime.block_on(run(plan, &mut |_event| ()))?;
//!
//! assert_eq!(decide(&report, false), Decision::Conforms);
//! # Ok(())
//! # }
//! ```
//!
//! # The parts
//!
//! Data flows down, and so do imports:
//!
//! | part | what it is |
//! | --- | --- |
//! | [`contract`] | what the documentation says, as data: rules, names, numbers, shapes |
//! | [`generate`] | cases: who asks, of whom, what, and how |
//! | [`oracle`] | which answers to a case are legal, and by which rules |
//! | [`client`] | sends requests, and reads answers within bounds |
//! | [`judge`] | compares an answer and what is stored with what is legal |
//! | [`runner`] | prepares, sends, judges, shrinks, and leaves the target as it was |
//! | [`gate`] | waivers, baselines, snapshots, the decision |
//! | [`report`] | terminal, JSON, JUnit, HTML, replay files |
//! | [`suites`] | the properties, by family |
//! | [`mod@reference`] | a server of the contract, with faults and legal variants; it knows none of the parts above but `contract` |
//! | [`embedded`] | that server as a target inside this process |
//! | [`target`] | the profile of a target |
//! | [`selfcheck`] | the harness tried on everything that the reference server can be |
//! | [`cli`] | the command line |
//!
//! # Limits
//!
//! A run changes the monitored mailboxes of the scratch workgroups that the profile
//! names, and puts them back. Without [`runner::Plan::journal`] a run that is killed
//! leaves them as they are then. It needs a Tokio runtime with time and I/O, and is not
//! to be dropped half-way: cancel [`runner::Plan::stop`] instead, and await the report.

pub mod cli;
pub mod client;
pub mod contract;
pub mod embedded;
pub mod gate;
pub mod generate;
pub mod judge;
pub mod oracle;
pub mod printable;
pub mod reference;
pub mod report;
pub mod runner;
pub mod selfcheck;
#[path = "../suites/mod.rs"]
pub mod suites;
pub mod target;
