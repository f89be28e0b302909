//! Reading a replay file back.

use std::path::Path;

use serde_json::Value;

use super::{CONTRACT, ReplayFile, SCHEMA};
use crate::contract::RuleId;
use crate::report::reading::{FileError, Kind, Problem, wrong_at};

const REPLAY_FILE: Kind = Kind {
    name: "replay file",
    schema: SCHEMA,
    another: "accepted: a file as a run writes it for each finding",
    found: "name one of the files that a run wrote, such as those in `icws-conformance-replay/`",
    bytes_max: 16 * 1024 * 1024,
};

/// The replay file at that path.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(path: &Path) -> Result<ReplayFile, FileError> {
    REPLAY_FILE.read(path, check)
}

/// What no type can say: that it is about this contract, a rule of it, and
/// something that can be sent.
fn check(value: &Value) -> Result<(), Problem> {
    match value.get("contract").map(Value::as_str) {
        Some(Some(CONTRACT)) => {}
        Some(Some(other)) => {
            return Err((
                format!("its `contract` is `{other}`; this version judges by `{CONTRACT}`"),
                "replay it with a version that knows that contract".to_owned(),
            ));
        }
        Some(None) => return Err(wrong_at("contract", "expected a text")),
        None => return Err(wrong_at("", "missing field `contract`")),
    }
    if let Some(rule) = value.get("rule").and_then(Value::as_str)
        && RuleId::parse(rule).is_none()
    {
        let problem = format!("there is no rule `{rule}`; `icws-conformance rules` lists them");
        return Err(wrong_at("rule", &problem));
    }
    // Every part of a case may be left out, but then there is nothing to send.
    let steps = value.pointer("/case/steps").and_then(Value::as_array);
    if value.get("case").is_some_and(Value::is_object) && steps.is_none_or(Vec::is_empty) {
        return Err(wrong_at(
            "case.steps",
            "expected a list with one request at least",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::access::Access;
    use crate::report::{replay_file, samples};
    use std::fs::{self, File};

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
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.json");
        fs::write(&path, written()).expect("a file");
        let replay = read(&path).expect("a replay");
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
        assert!(of(folder.path()).contains("is a folder; name one of the files"));
        assert!(of(&folder.path().join("none")).contains("no such file; name one"));
        let large = folder.path().join("large");
        let file = File::create(&large).expect("a file");
        file.set_len(REPLAY_FILE.bytes_max + 1)
            .expect("a large file");
        assert!(of(&large).contains("larger than 16 MiB"));
    }
}
