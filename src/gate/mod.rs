//! From what a run found out to a decision: findings, waivers and what was
//! accepted before in, an exit code's meaning out. Pure.

pub mod account;
pub mod baseline;
pub mod comparison;
mod decision;
mod ruling;
mod shapes;
pub mod snapshots;
mod waivers;

pub use baseline::apply_baseline;
pub use decision::{Decision, decide};
pub use ruling::Named;
pub use waivers::{Idle, apply_waivers};
