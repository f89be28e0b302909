//! The binary as a child process.

use std::path::Path;
use std::process::Command;

/// The binary, called in that folder, with none of the variables that it
/// reads.
pub(crate) fn icws(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_icws-conformance"));
    command.current_dir(folder).args(arguments);
    let overrides = icws_conformance::target::OVERRIDES;
    let overrides = overrides.iter().map(|(name, _)| *name);
    let others = [
        "ICWS_PROFILE",
        icws_conformance::target::TARGET_URL,
        "ICWS_PASSWORD",
        "ICWS_RESTRICTED_PASSWORD",
        "NO_COLOR",
        "GITHUB_ACTIONS",
        "GITHUB_STEP_SUMMARY",
    ];
    for name in overrides.chain(others) {
        command.env_remove(name);
    }
    // The user's own journal is none of the tests'.
    command.env("ICWS_JOURNAL", folder.join("journal"));
    command
}
