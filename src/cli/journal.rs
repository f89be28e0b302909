//! Where the journal is kept: what a run leaves to be done must be found by the
//! next one, wherever that is started.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::target::Target;
use super::{Environment, NAME};

/// The variable that names the folder.
const VARIABLE: &str = "ICWS_JOURNAL";

/// The folder that was typed, or that the environment names, or one of the
/// user's state. None for the embedded server, which ends with its run.
pub fn of(
    target: &Target,
    typed: Option<PathBuf>,
    environment: Environment<'_>,
) -> Option<PathBuf> {
    (!target.is_embedded()).then(|| typed.unwrap_or_else(|| folder(environment)))
}

/// The folder where none was typed.
pub(super) fn folder(environment: Environment<'_>) -> PathBuf {
    let named = environment(VARIABLE).filter(|value| !value.is_empty());
    named.map_or_else(of_user, PathBuf::from)
}

/// A system without such folders has one for what is temporary.
fn of_user() -> PathBuf {
    let state = etcetera::choose_base_strategy().ok();
    let state = state.map(|strategy| strategy.state_dir().unwrap_or_else(|| strategy.data_dir()));
    state.unwrap_or_else(std::env::temp_dir).join(NAME)
}
