//! A property-based conformance harness for one documented endpoint of ICWS:
//! the bulk update of a workgroup's monitored mailboxes.

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
