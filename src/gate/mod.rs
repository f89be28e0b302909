//! From what a run found out to a decision: findings and waivers in, an exit
//! code's meaning out. Pure.

mod decision;
mod waivers;

pub use decision::{Decision, decide};
pub(crate) use waivers::STALE;
pub use waivers::apply_waivers;
