//! All outcomes as one table, failing ones first.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::outcome::Outcome;

/// Where the table is written.
pub(crate) fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile.md")
}

/// Writes the table.
pub(crate) fn write(outcomes: &mut [(String, Outcome)]) -> io::Result<()> {
    outcomes.sort_by(|(one, first), (other, second)| {
        let key = |outcome: &Outcome| outcome.wrong.is_empty();
        (key(first), one).cmp(&(key(second), other))
    });
    let wrong = outcomes
        .iter()
        .filter(|(_, outcome)| !outcome.wrong.is_empty());
    let (wrong, all) = (wrong.count(), outcomes.len());
    let mut text = format!("{all} runs, {wrong} of them not right.\n\n");
    text.push_str("| behaviour | exit | must + should | rules | left, after cleanup | MB | written KB | s | requests, met | last line | wrong |\n");
    text.push_str("|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (name, outcome) in outcomes.iter() {
        let code = outcome
            .code
            .map_or_else(|| "killed".to_owned(), |code| code.to_string());
        let Outcome {
            findings,
            left,
            requests,
            ..
        } = outcome;
        _ = writeln!(
            text,
            "| {name} | {code} | {} + {} | {} | {}, {} | {} | {} | {:.1} | {}, {} | {} | {} |",
            findings.0,
            findings.1,
            outcome.rules.join(" "),
            left.0,
            left.1,
            outcome.peak_kib / 1024,
            outcome.written / 1000,
            outcome.took.as_secs_f64(),
            requests.0,
            requests.1,
            cell(&outcome.line),
            cell(&outcome.wrong.join("; ")),
        );
    }
    fs::write(path(), text)
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    let clean = |letter: char| if letter.is_control() { '?' } else { letter };
    let text: String = text.chars().take(400).map(clean).collect();
    text.replace('|', "\\|")
}
