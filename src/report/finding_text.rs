//! A finding of a [`Document`](super::document::Document) as plain text of
//! bounded length, for reports that have no room of their own for its parts.

use crate::contract::RuleId;

use super::document::{Found, Minimal};
use super::printable::{excerpt, excerpt_of_lines, printable, printable_lines};

/// The most characters of a message, an answer or a legal answer.
pub(super) const SENTENCE_MAX: usize = 1_000;
/// The most characters of a header's value.
const HEADER_MAX: usize = 500;
/// The most characters of a body.
const BODY_MAX: usize = 4_000;
/// The longest script that is shown: one that is cut would do something else.
const SCRIPT_BYTES_MAX: usize = 16 * 1024;

/// What the rule of that id says; nothing for one that there is not.
pub(super) fn says(rule: &str) -> &'static str {
    RuleId::parse(rule).map_or("", |id| id.rule().says)
}

/// Rule, level, what was found, what was seen and what is legal, the request,
/// and the commands that repeat it: lines that end with a line feed.
pub(super) fn finding_text(found: &Found) -> String {
    let mut text = format!("{} ({})", printable(&found.rule), found.level);
    match says(&found.rule) {
        "" => text.push('\n'),
        says => text.push_str(&format!(": {says}\n")),
    }
    let mut line = |label: &str, said: &str| {
        text.push_str(&format!("{label}: {said}\n"));
    };
    line("finding", &excerpt(&found.message, SENTENCE_MAX));
    for (place, legal) in found.expected.iter().enumerate() {
        let label = if place == 0 { "legal" } else { "   or" };
        line(label, &excerpt(legal, SENTENCE_MAX));
    }
    line("answered", &excerpt(&found.actual, SENTENCE_MAX));
    line("cause", &excerpt(&found.cause, SENTENCE_MAX));
    let times = match found.seen {
        1 => "1 case".to_owned(),
        seen => format!("{seen} cases"),
    };
    let confirmed = printable(&found.confirmed);
    line("confirmed", &format!("{confirmed}; seen in {times}"));
    if found.waived {
        line("waived", "a waiver of the profile covers it");
    }
    if let Some(by) = &found.explained_by {
        line("explained", &format!("by {by}"));
    }
    if found.known {
        line("known", "it stands in the baseline");
    }
    for before in &found.minimal.before {
        line("before", &excerpt(before, SENTENCE_MAX));
    }
    line("sent", &request(&found.minimal));
    if let Some(command) = &found.replay {
        line("replay", &printable(command));
    }
    line("curl", &script(&found.curl));
    text
}

/// The request as lines: the first, the headers, and after an empty one the
/// body.
pub(super) fn request(minimal: &Minimal) -> String {
    let path = excerpt(&minimal.path, SENTENCE_MAX);
    let mut text = format!("{} {path}", printable(&minimal.method));
    for (name, value) in &minimal.headers {
        let value = value.as_str().unwrap_or_default();
        let value = excerpt(value, HEADER_MAX);
        text.push_str(&format!("\n{}: {value}", printable(name)));
    }
    if !minimal.body.is_empty() {
        text.push_str(&format!(
            "\n\n{}",
            excerpt_of_lines(&minimal.body, BODY_MAX)
        ));
    }
    text
}

/// The script, or where to find it.
pub(super) fn script(curl: &str) -> String {
    match curl.len() {
        0..=SCRIPT_BYTES_MAX => printable_lines(curl),
        length => format!("a script of {length} bytes, which the JSON report holds"),
    }
}
