//! Draws, fires, judges, shrinks; leases workgroups; keeps budgets, the journal
//! and the order. It emits [`Event`]s and returns a [`Report`]; it
//! never prints.

pub mod around;
mod batch;
mod bring_back;
mod calls;
pub mod case_reasons;
pub mod cleanup;
mod collect;
pub mod credentials;
pub mod event;
pub mod explained;
pub mod fire;
mod foreign;
mod front;
pub mod ground;
pub mod journal;
pub mod lag;
mod limits;
pub mod list_history;
mod marker;
mod minimal;
mod order;
pub mod outcome;
pub mod preflight;
pub mod property;
pub mod read_back;
pub mod replay;
pub mod restore;
pub mod run;
pub mod seed;
pub mod sessions;
pub mod shard;
pub mod shortfall;
pub mod shrink;
mod spent;
pub mod stage;
pub mod standing;
mod surroundings;
pub mod tally;
pub mod trouble;
mod volley;

pub(crate) use collect::SHRUNK_PER_RULE;
pub use event::Event;
pub use outcome::{Effort, Finding, Outcome, PropertyReport, Report};
pub use property::{Need, Property};
pub use run::{Goal, Plan, run};
pub use seed::Seed;
pub use shard::Shard;
pub(crate) use shrink::SHRUNK_PER_RUN;
