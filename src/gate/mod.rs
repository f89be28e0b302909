//! From what a run found out to a decision: findings, waivers and what was
//! accepted before in, an exit code's meaning out. Pure.

pub mod account;
pub mod baseline;
pub mod comparison;
mod decision;
pub mod last_line;
mod ruling;
mod shapes;
pub mod snapshots;
mod waivers;

pub use baseline::apply_baseline;
pub use decision::{Decision, decide};
pub use last_line::LastLine;
pub use ruling::{Asked, Gate, Named, Ruling, Scope};
pub use waivers::{Idle, apply_waivers};
