//! One run: from a plan to a report.

use std::time::Duration;

use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::event::Event;
use super::outcome::Report;
use super::property::Property;
use super::seed::Seed;
use crate::client::ClientError;
use crate::target::Profile;

/// The number of cases of a property that draws freely, unless asked for more.
pub const DEFAULT_CASES: usize = 48;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The target.
    pub profile: Profile,
    /// The properties, in the order of the report.
    pub properties: Vec<Property>,
    /// Where every case derives from.
    pub seed: Seed,
    /// The cases of a property that draws freely; [`DEFAULT_CASES`] unless
    /// the user asked for another number.
    pub cases: usize,
    /// The time after which no further case is started.
    pub max_time: Option<Duration>,
    /// Cancelled when the user wants an end: nothing more is started, and the
    /// target is left in order.
    pub stop: CancellationToken,
}

/// Why there is nothing to report.
#[derive(Debug, Error)]
pub enum RunError {
    /// The profile's origin or certificates cannot be used: a matter of usage.
    #[error("failed to prepare the client: {0}")]
    Client(#[from] ClientError),
    /// The target cannot be judged at all: not reached, no session, broken
    /// fixtures. The text is one clear message.
    #[error("{0}")]
    Target(String),
}

/// Runs the plan, telling what happens as it happens.
///
/// # Errors
/// Where nothing could be judged at all. A target that vanishes in mid-run is
/// no error: the report says so.
pub async fn run(plan: Plan, tell: &mut dyn FnMut(Event<'_>)) -> Result<Report, RunError> {
    let _ = (&plan, tell);
    Err(RunError::Target("not yet".to_owned()))
}
