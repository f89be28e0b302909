//! What is said when a profile or an override is wrong.

use std::fmt;

/// A mistake in a profile or in an override: one line that names the place,
/// what is wrong there and what would be accepted. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct ProfileError {
    /// The file or the environment variable that is wrong.
    pub origin: Origin,
    /// The line in the file, from 1, where there is one to point at.
    pub line: Option<usize>,
    /// The full path of the key, such as `limits.concurrency`.
    pub key: Option<String>,
    /// What is wrong there.
    pub problem: String,
    /// What would be accepted, or what to do.
    pub remedy: String,
}

/// What holds a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A profile file, by the name it was given by.
    File(String),
    /// An environment variable that overrides the profile, by its name.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) => write!(out, "profile `{name}`"),
            Self::Variable(name) => write!(out, "environment variable `{name}`"),
        }
    }
}

impl ProfileError {
    /// A mistake of the file as a whole.
    pub(super) fn of_file(
        file_name: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            origin: Origin::File(file_name.to_owned()),
            line: None,
            key: None,
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    fn sentence(&self) -> String {
        let mut text = self.origin.to_string();
        if let Some(line) = self.line {
            text.push_str(&format!(", line {line}"));
        }
        if let Some(key) = &self.key {
            text.push_str(&format!(", `{key}`"));
        }
        text.push_str(&format!(": {}; {}", self.problem, self.remedy));
        one_line(&text)
    }
}

/// A mistake before the file's name and, mostly, the line are known.
#[derive(Debug)]
pub(super) struct Mistake {
    /// The full path of the key; empty for the document as a whole.
    pub(super) key: String,
    line: Option<usize>,
    problem: String,
    remedy: String,
}

impl Mistake {
    /// A mistake whose remedy is to write what the key accepts.
    pub(super) fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        let key = key.into();
        let remedy = format!("accepted: {}", super::keys::accepted(&key));
        Self::with_remedy(key, problem, remedy)
    }

    /// A mistake with a remedy of its own.
    pub(super) fn with_remedy(
        key: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            key: key.into(),
            line: None,
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// The same mistake with its line, if it has none yet.
    pub(super) fn at_line(self, line: Option<usize>) -> Self {
        Self {
            line: self.line.or(line),
            ..self
        }
    }

    /// The error that names the file.
    pub(super) fn in_file(self, file_name: &str) -> ProfileError {
        ProfileError {
            origin: Origin::File(file_name.to_owned()),
            line: self.line,
            key: Some(self.key).filter(|key| !key.is_empty()),
            problem: self.problem,
            remedy: self.remedy,
        }
    }
}

/// Keys and values are quoted in errors, and TOML lets both hold line breaks.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_with_place_problem_and_remedy() {
        let error = Mistake::with_remedy("limits.a\nb", "unknown key", "accepted: `timeout_ms`")
            .at_line(Some(12))
            .in_file("p.toml");
        assert_eq!(
            error.to_string(),
            "profile `p.toml`, line 12, `limits.a\\nb`: unknown key; accepted: `timeout_ms`"
        );
    }
}
