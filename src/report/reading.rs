//! Reading back the JSON files that a run wrote: one clear message for each way
//! in which a file can be none.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use thiserror::Error;

/// Why a file cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{kind} `{path}`: {problem}; {remedy}")]
pub struct FileError {
    /// What it should be.
    pub kind: &'static str,
    /// The file.
    pub path: String,
    /// What is wrong, and where.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

/// What is wrong, and what to do about it.
pub(super) type Problem = (String, String);

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// What people call it.
    pub(super) name: &'static str,
    /// The version of its format that is read.
    pub(super) schema: &'static str,
    /// What to do where a file is none, or was damaged.
    pub(super) another: &'static str,
    /// Where such files are found.
    pub(super) found: &'static str,
    /// The most bytes that are read.
    pub(super) bytes_max: u64,
}

impl Kind {
    /// The value in that file, once `check` found nothing wrong with its JSON.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        path: &Path,
        check: fn(&Value) -> Result<(), Problem>,
    ) -> Result<T, FileError> {
        let bytes = self.bytes(path);
        let value = bytes.and_then(|bytes| self.parse(&bytes, check));
        value.map_err(|(problem, remedy)| FileError {
            kind: self.name,
            path: path.display().to_string(),
            problem,
            remedy,
        })
    }

    fn bytes(&self, path: &Path) -> Result<Vec<u8>, Problem> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => ("no such file".to_owned(), self.found.to_owned()),
            _ => (
                format!("failed to read the file: {error}"),
                "accepted: a readable file".to_owned(),
            ),
        };
        if path.is_dir() {
            return Err(("is a folder".to_owned(), self.found.to_owned()));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        // One byte more tells a file that is too large from one that just
        // fits, also where nobody can say its size before.
        file.take(self.bytes_max + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > self.bytes_max {
            let problem = format!("larger than {} MiB", self.bytes_max / 1024 / 1024);
            return Err((problem, self.another.to_owned()));
        }
        Ok(bytes)
    }

    fn parse<T: DeserializeOwned>(
        &self,
        bytes: &[u8],
        check: fn(&Value) -> Result<(), Problem>,
    ) -> Result<T, Problem> {
        let value: Value =
            serde_json::from_slice(bytes).map_err(|error| self.no_json(bytes, &error))?;
        self.check_schema(&value)?;
        check(&value)?;
        serde_path_to_error::deserialize(&value).map_err(|error| {
            let path = error.path().to_string();
            wrong_at(&path, &error.into_inner().to_string())
        })
    }

    fn no_json(&self, bytes: &[u8], error: &serde_json::Error) -> Problem {
        if bytes.trim_ascii().is_empty() {
            return ("the file is empty".to_owned(), self.another.to_owned());
        }
        let place = format!("line {}, column {}", error.line(), error.column());
        match error.classify() {
            Category::Eof => (
                format!("cut short: the JSON breaks off at {place}"),
                "copy it again, or let a run write it anew".to_owned(),
            ),
            _ => {
                // The parser's own text ends with the place.
                let text = error.to_string();
                let text = text.split(" at line ").next().unwrap_or(&text);
                (
                    format!("no JSON at {place}: {text}"),
                    self.another.to_owned(),
                )
            }
        }
    }

    fn check_schema(&self, value: &Value) -> Result<(), Problem> {
        let (name, expected) = (self.name, self.schema);
        let Some(schema) = value.get("schema").and_then(Value::as_str) else {
            let problem = format!("no {name}: it has no `schema`");
            return Err((problem, self.another.to_owned()));
        };
        let family = |schema: &str| schema.rsplit_once('/').map(|(of, _)| of.to_owned());
        if family(schema) != family(expected) {
            let problem = format!("no {name}: its `schema` is `{schema}`, not `{expected}`");
            return Err((problem, self.another.to_owned()));
        }
        if schema == expected {
            return Ok(());
        }
        let writer = value.pointer("/tool/version").and_then(Value::as_str);
        let writer = writer.map_or("the version that wrote it".to_owned(), |version| {
            format!("version {version}, which wrote it")
        });
        let problem = format!("its `schema` is `{schema}`; this version reads `{expected}`");
        Err((problem, format!("use {writer}")))
    }
}

/// Something wrong with a key.
pub(super) fn wrong_at(path: &str, error: &str) -> Problem {
    let problem = match path {
        "" | "." => error.to_owned(),
        path => format!("`{path}`: {error}"),
    };
    (
        problem,
        "let a run write it anew, or mend the key by hand".to_owned(),
    )
}
