//! Reading a replay file back: one clear message for each way in which it can
//! be none.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::Error as _;
use serde_json::Value;
use serde_json::error::Category;
use thiserror::Error;

use super::{CONTRACT, ReplayFile, SCHEMA};

/// The most bytes of a file that are read.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Why a file cannot be replayed.
#[derive(Debug, Error)]
#[error("replay file `{path}`: {problem}; {remedy}")]
pub struct ReplayFileError {
    /// The file.
    pub path: String,
    /// What is wrong, and where.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

/// What is wrong, and what to do about it.
type Problem = (String, String);

/// What to do where a file is none of ours, or was damaged.
const ANOTHER: &str = "accepted: a file as a run writes it for each finding";

/// The replay file at that path.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(path: &Path) -> Result<ReplayFile, ReplayFileError> {
    let named = |(problem, remedy)| ReplayFileError {
        path: path.display().to_string(),
        problem,
        remedy,
    };
    bytes(path).and_then(|bytes| parse(&bytes)).map_err(named)
}

fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => (
            "no such file".to_owned(),
            "name one that a run wrote, such as those in `icws-conformance-replay/`".to_owned(),
        ),
        _ => (
            format!("failed to read the file: {error}"),
            "accepted: a readable file".to_owned(),
        ),
    };
    if path.is_dir() {
        let remedy = "name one of the files in it; each holds one finding";
        return Err(("is a folder".to_owned(), remedy.to_owned()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    // One byte more tells a file that is too large from one that just fits,
    // also where nobody can say its size before.
    file.take(BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > BYTES_MAX {
        let problem = format!("larger than {} MiB", BYTES_MAX / 1024 / 1024);
        return Err((problem, ANOTHER.to_owned()));
    }
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Result<ReplayFile, Problem> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| no_json(bytes, &error))?;
    check(&value)?;
    let replay: ReplayFile = serde_path_to_error::deserialize(&value).map_err(|error| {
        let (path, inner) = (error.path().to_string(), error.into_inner());
        wrong_at(&path, &inner)
    })?;
    replay.check().map_err(|error| wrong_at("", &error))?;
    Ok(replay)
}

fn no_json(bytes: &[u8], error: &serde_json::Error) -> Problem {
    if bytes.trim_ascii().is_empty() {
        return ("the file is empty".to_owned(), ANOTHER.to_owned());
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
            (format!("no JSON at {place}: {text}"), ANOTHER.to_owned())
        }
    }
}

/// Whether the file is of this format and about this contract.
fn check(value: &Value) -> Result<(), Problem> {
    let Some(schema) = value.get("schema").and_then(Value::as_str) else {
        let problem = "no replay file: it has no `schema`".to_owned();
        return Err((problem, ANOTHER.to_owned()));
    };
    let (family, _) = SCHEMA.rsplit_once('/').unwrap_or((SCHEMA, ""));
    if schema.rsplit_once('/').is_none_or(|(of, _)| of != family) {
        let problem = format!("no replay file: its `schema` is `{schema}`, not `{SCHEMA}`");
        return Err((problem, ANOTHER.to_owned()));
    }
    if schema != SCHEMA {
        let writer = value.pointer("/tool/version").and_then(Value::as_str);
        let writer = writer.map_or("the version that wrote it".to_owned(), |version| {
            format!("version {version}, which wrote it")
        });
        let problem = format!("its `schema` is `{schema}`; this version reads `{SCHEMA}`");
        return Err((problem, format!("replay it with {writer}")));
    }
    let contract = value.get("contract").and_then(Value::as_str);
    match contract {
        Some(CONTRACT) => Ok(()),
        Some(other) => Err((
            format!("its `contract` is `{other}`; this version judges by `{CONTRACT}`"),
            "replay it with a version that knows that contract".to_owned(),
        )),
        None => Err(wrong_at("", &serde_json::Error::missing_field("contract"))),
    }
}

fn wrong_at(path: &str, error: &serde_json::Error) -> Problem {
    let problem = match path {
        "" | "." => error.to_string(),
        path => format!("`{path}`: {error}"),
    };
    (
        problem,
        "let a run write it anew, or mend the key by hand".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::access::Access;
    use crate::report::{replay_file, samples};
    use std::fs;

    /// A file that a run wrote.
    fn written() -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let report = samples::every_outcome();
        let access = Access::default();
        let files = replay_file::write_all(&report, folder.path(), access).expect("written");
        let path = &files.paths[&samples::violation().identity()];
        fs::read_to_string(path).expect("a file")
    }

    fn problem(text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.json");
        fs::write(&path, text).expect("a file");
        let error = read(&path).expect_err("a bad file").to_string();
        assert!(
            error.starts_with("replay file `") && error.contains("r.json`: "),
            "{error}"
        );
        assert!(!error.contains('\n'), "{error}");
        error
    }

    #[test]
    fn what_was_written_reads_back() {
        let replay = parse(written().as_bytes()).expect("a replay");
        let finding = samples::violation();
        assert_eq!(replay.case, finding.case);
        assert_eq!(replay.rule(), finding.rule);
        assert_eq!(replay.identity(), finding.identity());
    }

    #[test]
    fn damage_is_told_by_its_place() {
        let good = written();
        let with = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            good.replace(from, to)
        };
        for (text, expected) in [
            (String::new(), "the file is empty"),
            (
                good[..good.len() / 2].to_owned(),
                "cut short: the JSON breaks off at line ",
            ),
            (good.replacen('{', "{x", 1), "no JSON at line 1, column 2"),
            ("[]".to_owned(), "it has no `schema`"),
            (
                "{\"schema\": \"icws-conformance/report/1\"}".to_owned(),
                "no replay file: ",
            ),
            (
                with("replay/1", "replay/2"),
                "this version reads `icws-conformance/replay/1`",
            ),
            (with(CONTRACT, "other/1"), "its `contract` is `other/1`"),
            (
                with("\"contract\"", "\"contrakt\""),
                "missing field `contract`",
            ),
            (with("\"cause\"", "\"because\""), "missing field `cause`"),
            (with("\"steps\"", "\"stepz\""), "`case.steps`"),
            (
                with("\"absent\"", "\"nowhere\""),
                "`case.steps[0].session.token`: unknown variant",
            ),
            (
                with("\"SES-2\"", "\"SES-99\""),
                "`rule`: there is no rule `SES-99`",
            ),
            (with("\"SES-2\"", "2"), "`rule`: invalid type: integer `2`"),
        ] {
            let problem = problem(&text);
            assert!(problem.contains(expected), "{expected}: {problem}");
        }
    }

    #[test]
    fn what_is_no_file_is_said_to_be_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |path: &Path| read(path).expect_err("no file").to_string();
        assert!(of(folder.path()).contains("is a folder; name one of the files in it"));
        assert!(of(&folder.path().join("none")).contains("no such file; name one"));
        let large = folder.path().join("large");
        let file = File::create(&large).expect("a file");
        file.set_len(BYTES_MAX + 1).expect("a large file");
        assert!(of(&large).contains("larger than 16 MiB"));
    }
}
