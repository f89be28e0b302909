//! Snapshots: the open behaviour and the shapes of answers of a whole run as
//! texts that are accepted once, in files as insta keeps them. What differs
//! from them later is drift: no violation, but worth a look. Pure.
//!
//! What a run comes to ask depends a little on its seed. The snapshot says
//! which it is of, and only a run of the same is compared line by line. Of any
//! other run, a question or a shape that did not come up says nothing, and no
//! more does a list of other elements that are all known.

use std::collections::{BTreeMap, BTreeSet};

use super::shapes;
use similar::{ChangeTag, TextDiff};

use crate::runner::Report;
use crate::runner::standing::Drift;

/// How many lines that differ are kept of one snapshot.
const LINES_MAX: usize = 200;

/// What is kept of a run, one file each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What it does where the contract is silent.
    Open,
    /// The shapes of its answers.
    Outlines,
}

impl Kept {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Open, Self::Outlines];

    /// The name of the snapshot.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Outlines => "outlines",
        }
    }

    /// The content of the snapshot that the run makes.
    pub fn content(self, report: &Report) -> String {
        let mut text = String::new();
        match self {
            Self::Open => {
                for open in &report.open {
                    let (rule, question) = (open.rule, &open.question);
                    text.push_str(&format!("{rule} {question}: {}\n", open.answer));
                }
            }
            Self::Outlines => {
                for outline in &report.outlines {
                    text.push_str(&format!("{outline}\n"));
                }
            }
        }
        text
    }

    /// What of a run's content can be held against an accepted one of other
    /// cases: the accepted one, with what the run shows to be otherwise.
    pub fn held_against(self, accepted: &str, content: &str) -> String {
        let lines: Vec<String> = match self {
            Self::Open => {
                let now: BTreeMap<&str, &str> = content.lines().filter_map(answered).collect();
                let held = accepted.lines().map(|line| {
                    let Some((question, before)) = answered(line) else {
                        return line.to_owned();
                    };
                    let before: BTreeSet<&str> = before.split(", ").collect();
                    match now.get(question) {
                        Some(now) if now.split(", ").any(|one| !before.contains(one)) => {
                            format!("{question}: {now}")
                        }
                        _ => line.to_owned(),
                    }
                });
                held.collect()
            }
            Self::Outlines => {
                let new = shapes::unknown(accepted.lines(), content.lines());
                let all = accepted.lines().map(str::to_owned).chain(new);
                all.collect::<BTreeSet<String>>().into_iter().collect()
            }
        };
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

/// A line of the open behaviour: the question, and its answers.
fn answered(line: &str) -> Option<(&str, &str)> {
    line.rsplit_once(": ")
}

/// A snapshot as it stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Which run it is of, where that is known.
    pub description: Option<String>,
    /// What was accepted.
    pub content: String,
}

impl Snapshot {
    /// What the run makes, to be compared, and accepted.
    pub fn of(kept: Kept, report: &Report, cases: usize) -> Self {
        Self {
            description: Some(described(&report.seed.to_string(), cases)),
            content: kept.content(report),
        }
    }

    /// Reads a file as insta writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.replace("\r\n", "\n");
        let body = text.strip_prefix("---\n")?;
        let (header, content) = body.split_once("\n---\n")?;
        let description = header.lines().find_map(|line| {
            let value = line.strip_prefix("description:")?.trim();
            Some(value.trim_matches(['"', '\'']).to_owned())
        });
        Some(Self {
            description,
            content: content.to_owned(),
        })
    }

    /// The file as insta reads it.
    pub fn file(&self) -> String {
        let description = self.description.iter();
        let description: String = description
            .map(|text| format!("description: {text}\n"))
            .collect();
        let content = self.content.trim_end();
        format!("---\nsource: icws-conformance\n{description}---\n{content}\n")
    }
}

/// Which run a snapshot is of.
pub fn described(seed: &str, cases: usize) -> String {
    format!("seed {seed} with {cases} cases a property")
}

/// Where the run's snapshot differs from the accepted one, if it does.
pub fn drift(kept: Kept, accepted: Option<&Snapshot>, now: &Snapshot) -> Option<Drift> {
    let Some(before) = accepted else {
        return Some(told(kept, false, "", &now.content));
    };
    let held;
    let content = if before.description.is_some() && before.description == now.description {
        &now.content
    } else {
        held = kept.held_against(&before.content, &now.content);
        &held
    };
    let drift = told(kept, true, &before.content, content);
    (!drift.added.is_empty() || !drift.removed.is_empty()).then_some(drift)
}

fn told(kept: Kept, accepted: bool, before: &str, now: &str) -> Drift {
    // A last line without a line feed would differ from one with it.
    let ended = |text: &str| match text.trim_end() {
        "" => String::new(),
        text => format!("{text}\n"),
    };
    let (before, now) = (ended(before), ended(now));
    let diff = TextDiff::from_lines(&before, &now);
    let mut drift = Drift {
        snapshot: kept.name().to_owned(),
        accepted,
        added: Vec::new(),
        removed: Vec::new(),
        left_out: 0,
    };
    for change in diff.iter_all_changes() {
        let line = change.value().trim_end_matches('\n').to_owned();
        match change.tag() {
            ChangeTag::Equal => {}
            _ if drift.added.len() + drift.removed.len() == LINES_MAX => drift.left_out += 1,
            ChangeTag::Delete => drift.removed.push(line),
            ChangeTag::Insert => drift.added.push(line),
        }
    }
    drift
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(description: &str, content: &str) -> Snapshot {
        Snapshot {
            description: Some(description.to_owned()),
            content: content.to_owned(),
        }
    }

    const OPEN: &str = "EFF-5 one: 200\nEFF-7 two: 200, 400\n";

    #[test]
    fn a_file_reads_back_as_it_was_written_and_as_insta_writes_it() {
        let one = snapshot("seed 1 with 2 cases a property", OPEN);
        assert_eq!(Snapshot::parse(&one.file()), Some(one));
        let text = "---\r\nsource: tests/a.rs\r\ndescription: \"x\"\r\n---\r\na\r\n---\r\nb\r\n";
        assert_eq!(Snapshot::parse(text), Some(snapshot("x", "a\n---\nb\n")));
        let unknown = Snapshot::parse("---\nsource: a\n---\n").expect("a snapshot");
        assert_eq!(unknown.description, None);
        assert_eq!(Snapshot::parse("a\n"), None);
    }

    #[test]
    fn a_run_of_the_same_seed_is_compared_line_by_line() {
        let before = snapshot("1", OPEN);
        assert_eq!(drift(Kept::Open, Some(&before), &before), None);
        let now = snapshot("1", "EFF-7 two: 200\nEFF-9 three: 200\n");
        let drift = drift(Kept::Open, Some(&before), &now).expect("a drift");
        assert_eq!(drift.removed, ["EFF-5 one: 200", "EFF-7 two: 200, 400"]);
        assert_eq!(drift.added, ["EFF-7 two: 200", "EFF-9 three: 200"]);
        assert!(drift.accepted);
    }

    #[test]
    fn of_another_run_only_what_it_shows_to_be_otherwise_is_drift() {
        let before = snapshot("1", OPEN);
        // Not asked, asked less, and asked for the first time.
        let now = snapshot("2", "EFF-7 two: 200\nEFF-9 three: 200\n");
        assert_eq!(drift(Kept::Open, Some(&before), &now), None);
        let now = snapshot("2", "EFF-5 one: 404\n");
        let drifted = drift(Kept::Open, Some(&before), &now).expect("a drift");
        assert_eq!(drifted.removed, ["EFF-5 one: 200"]);
        assert_eq!(drifted.added, ["EFF-5 one: 404"]);
        let shapes = snapshot("1", "a\nb\n");
        let now = snapshot("2", "b\nc\n");
        let drifted = drift(Kept::Outlines, Some(&shapes), &now).expect("a drift");
        assert_eq!(
            (drifted.removed.len(), &*drifted.added),
            (0, &["c".to_owned()][..])
        );
        // Nobody knows which run it is of.
        let unknown = Snapshot {
            description: None,
            ..shapes
        };
        let fewer = Snapshot {
            description: None,
            content: "a\n".to_owned(),
        };
        assert_eq!(drift(Kept::Outlines, Some(&unknown), &fewer), None);
    }

    #[test]
    fn without_an_accepted_one_all_is_new_and_much_is_left_out() {
        let lines = (0..LINES_MAX + 7).map(|number| format!("{number:04}\n"));
        let now = snapshot("1", &lines.collect::<String>());
        let drift = drift(Kept::Outlines, None, &now).expect("a drift");
        assert!(!drift.accepted && drift.removed.is_empty());
        assert_eq!((drift.added.len(), drift.left_out), (LINES_MAX, 7));
    }
}
