//! What a child process left behind.

use std::process::{Command, Output};

/// What a child left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code.
    pub(crate) code: Option<i32>,
    /// Its standard output.
    pub(crate) out: String,
    /// Its standard error.
    pub(crate) err: String,
}

/// Runs a child to its end.
pub(crate) fn ended(command: &mut Command) -> Ended {
    Ended::of(&command.output().expect("the binary starts"))
}

impl Ended {
    /// What that child left behind.
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// The one line that says what is wrong, of a child that ended with that
    /// exit code.
    pub(crate) fn complaint(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:#?}");
        let line = self.err.strip_prefix("error: ").unwrap_or_default();
        let line = line.strip_suffix('\n').unwrap_or_default();
        assert!(!line.is_empty() && !line.contains('\n'), "{self:#?}");
        assert!(self.out.lines().all(|shown| shown != line), "{self:#?}");
        line
    }
}
