//! GitHub Actions: what is told to it where a run is a step of it.

use std::fs::OpenOptions;
use std::io::Write;

use super::{Environment, complain};
use crate::report::document::Document;
use crate::report::{annotations, step_summary};
use crate::runner::Seed;

/// What is said around the output for people where GitHub Actions reads it, and
/// nothing where it does not.
#[derive(Debug, Default)]
pub(super) struct GitHub {
    /// Ends the time in which no line is a command.
    token: Option<String>,
}

impl GitHub {
    /// As the environment says.
    pub(super) fn of(environment: Environment<'_>) -> Self {
        let is_there = environment("GITHUB_ACTIONS").as_deref() == Some("true");
        Self {
            // Not the seed of the run, which is shown.
            token: is_there.then(|| format!("icws-conformance-{}", Seed::random())),
        }
    }

    /// What comes before the first line that may quote the target.
    pub(super) fn before(&self) -> String {
        let token = self.token.as_deref();
        token.map(annotations::stopped).unwrap_or_default()
    }

    /// What comes after the last one.
    pub(super) fn resumed(&self) -> String {
        let token = self.token.as_deref();
        token.map(annotations::resumed).unwrap_or_default()
    }

    /// That, and the annotations.
    pub(super) fn after(&self, document: &Document) -> String {
        match self.token {
            Some(_) => self.resumed() + &annotations::annotations(document),
            None => String::new(),
        }
    }
}

/// Appends a summary to the file that GitHub Actions names, where it names one.
/// The file is of other steps too, so it is never replaced.
pub(super) fn summarise(document: &Document, environment: Environment<'_>) {
    let named = environment("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    let Some(path) = named else { return };
    let text = step_summary::step_summary(document);
    let file = OpenOptions::new().append(true).create(true).open(&path);
    if let Err(error) = file.and_then(|mut file| file.write_all(text.as_bytes())) {
        complain(&format!("failed to append to `{path}`: {error}"));
    }
}
