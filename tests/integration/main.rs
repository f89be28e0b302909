//! The harness as its users meet it: the program as a child process, and whole
//! runs against embedded servers. One binary for all of it, so that the tests
//! are linked once and run beside each other.

mod baseline;
#[path = "../binary/mod.rs"]
mod binary;
#[cfg(target_os = "linux")]
mod bounds;
mod cli;
mod compare;
mod drift;
#[path = "../ended/mod.rs"]
mod ended;
mod evil;
mod first_hour;
mod gate;
#[path = "../hosting/mod.rs"]
mod hosting;
mod junit;
mod merge;
mod neighbour;
mod replay;
mod reports;
mod restoring;
#[path = "../running/mod.rs"]
mod running;
mod scripts;
mod secrets;
mod selfcheck;
#[path = "../serving/mod.rs"]
mod serving;
#[path = "../snapshot/mod.rs"]
mod snapshot;
mod snapshots;
mod target_errors;
mod traces;
