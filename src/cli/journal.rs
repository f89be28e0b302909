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

/// The folder that was typed, or that the environment names, or one of the
/// user's state, where it has to be there already: none where the last is not.
///
/// # Errors
/// Where somebody named a folder that is not there: a journal that nobody kept
/// would say that nothing is to be done.
pub(super) fn kept(
    typed: Option<PathBuf>,
    environment: Environment<'_>,
) -> Result<Option<PathBuf>, String> {
    let named = environment(VARIABLE).filter(|value| !value.is_empty());
    let (option, folder) = match (typed, named) {
        (Some(folder), _) => ("--journal", folder),
        (None, Some(folder)) => (VARIABLE, folder.into()),
        (None, None) => {
            let folder = of_user();
            return Ok(folder.is_dir().then_some(folder));
        }
    };
    if folder.is_dir() {
        return Ok(Some(folder));
    }
    let problem = if folder.exists() {
        "not a folder"
    } else {
        "no such folder"
    };
    Err(format!(
        "{option}: `{}`: {problem}; accepted: the folder in which the runs kept their journal",
        folder.display()
    ))
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
