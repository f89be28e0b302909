//! Draws, fires, judges, shrinks; leases workgroups; keeps budgets and the
//! order. It emits [`Event`]s and returns a [`Report`](outcome::Report); it
//! never prints.

pub mod event;
pub mod outcome;
pub mod property;
pub mod run;
pub mod seed;

pub use event::Event;
pub use outcome::{Finding, Outcome, PropertyReport, Report};
pub use property::{Need, Property};
pub use run::{Plan, run};
pub use seed::Seed;
