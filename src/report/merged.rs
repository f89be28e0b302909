//! What the merged shards of a run come to, for people: a few lines.

use crate::contract::Level;
use crate::runner::outcome::RuleStatus;

use super::document::Found;
use super::merge::Merged;
use super::paint::{Paint, Tone};
use super::printable::printable;
use super::refutation::counted;
use super::standing;

/// The lines, the decision last.
pub fn shown(merged: &Merged, paint: Paint) -> String {
    let document = &merged.document;
    let target = &document.target;
    let mut text = format!(
        "{} of {} at {}, seed {}\n\n",
        counted(merged.shards as u64, "shard"),
        printable(&target.name),
        printable(&target.base_url),
        printable(&document.seed)
    );
    let findings: Vec<&Found> = document
        .properties
        .iter()
        .flat_map(|property| &property.findings)
        .collect();
    for found in &findings {
        let explained = found.explained_by.is_some();
        let (tone, level) = match (found.waived, found.known, found.level) {
            (true, _, _) => (Tone::Faint, "waived"),
            (_, true, _) => (Tone::Faint, "known"),
            _ if explained => (Tone::Faint, "explained"),
            (_, _, Level::Must) => (Tone::Bad, Level::Must.as_str()),
            (_, _, level) => (Tone::Doubtful, level.as_str()),
        };
        let level = paint.paint(tone, &format!("{level:<6}"));
        let seen = counted(found.seen as u64, "case");
        let identity = printable(&found.identity);
        text.push_str(&format!("{level}  {identity}  (seen in {seen})\n"));
    }
    if !findings.is_empty() {
        text.push('\n');
    }
    let rules = |status| {
        document
            .rules
            .iter()
            .filter(move |rule| rule.status == status)
    };
    text.push_str(&format!(
        "rules   held {}   violated {}   warned {}   not tested {}   open {}\n",
        rules(RuleStatus::Held).count(),
        rules(RuleStatus::Violated).count(),
        rules(RuleStatus::Warned).count(),
        rules(RuleStatus::NotTested).count(),
        rules(RuleStatus::Open).count(),
    ));
    for note in &document.notes {
        text.push_str(&format!("note: {}\n", printable(note)));
    }
    text.push_str(&standing::baseline(document.baseline.as_ref(), false));
    text.push_str(&standing::failures(
        document.failures.iter().map(String::as_str),
        paint,
    ));
    for reason in &document.unjudged {
        let label = paint.paint(Tone::Doubtful, "could not judge");
        text.push_str(&format!("{label}: {}\n", printable(reason)));
    }
    text.push_str(&standing::last_line(&merged.line, paint));
    text
}
