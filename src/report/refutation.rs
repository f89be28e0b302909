//! One request that shows something broken, for a reader who has to mend it.

use serde_json::Value;

use crate::contract::Level;
use crate::contract::wire;
use crate::runner::Finding;
use crate::runner::outcome::{Minimal, TargetReport};

use super::curl::curl;
use super::findings::{Block, Shown};
use super::paint::{Paint, Tone};
use super::printable::{printable, printable_lines};
use super::replay_file::ReplayFiles;
use super::terminal::Verbosity;

/// Where the texts start behind their labels.
const COLUMN: usize = 13;
/// The most lines of a body that are shown pretty.
const PRETTY_LINES_MAX: usize = 40;
/// The most characters of a body that are shown, unless everything is wanted.
const BODY_MAX: usize = 2_000;
/// The most further findings of a rule that are listed, unless everything is
/// wanted: a fault of every answer shows everywhere.
const ALSO_MAX: usize = 6;
/// Headers that every request has and that explain nothing.
const USUAL: [&str; 5] = [
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "user-agent",
];

/// The block as lines that end with a line feed: each rule with what shows it
/// broken, then the request once.
pub(super) fn refutation(
    block: &Block<'_>,
    target: &TargetReport,
    replays: &ReplayFiles,
    verbosity: Verbosity,
    paint: Paint,
) -> String {
    let mut lines = Lines {
        text: String::new(),
        paint,
    };
    for shown in &block.shown {
        rule(&mut lines, shown, replays, verbosity);
    }
    if let Some(first) = block.shown.first() {
        request(&mut lines, &first.finding.minimal, verbosity);
        let script = replays.script(first.finding);
        let script = script.filter(|_| verbosity < Verbosity::Verbose);
        let whole = || curl(target, &replays.access, first.finding);
        lines.labelled("curl", &script.unwrap_or_else(whole));
    }
    lines.text
}

/// One finding with its request, without what a run knows beside.
pub(super) fn seen_again(finding: &Finding, verbosity: Verbosity, paint: Paint) -> String {
    let mut lines = Lines {
        text: String::new(),
        paint,
    };
    breach(&mut lines, finding);
    request(&mut lines, &finding.minimal, verbosity);
    lines.text
}

fn rule(lines: &mut Lines, shown: &Shown<'_>, replays: &ReplayFiles, verbosity: Verbosity) {
    let finding = shown.finding;
    breach(lines, finding);
    lines.labelled("confirmed", &confirmed(finding));
    if let Some(command) = replays.command(finding) {
        lines.labelled("replay", &printable(&command));
    }
    let also = shown.also.iter();
    let also = also.map(|other| printable(&format!("{} · {}", other.property, other.cause)));
    let listed = match verbosity {
        Verbosity::Verbose => usize::MAX,
        Verbosity::Quiet | Verbosity::Normal => ALSO_MAX,
    };
    for other in also.take(listed) {
        lines.labelled("also", &other);
    }
    let left = shown.also.len().saturating_sub(listed);
    if left > 0 {
        let left = counted(left as u64, "more finding");
        lines.labelled("also", &format!("{left} (-v shows them)"));
    }
}

/// The rule, what was answered, and what would have been legal.
fn breach(lines: &mut Lines, finding: &Finding) {
    let tone = match finding.level {
        Level::Must => Tone::Bad,
        Level::Should | Level::Open => Tone::Doubtful,
    };
    let id = lines.paint.paint(tone, finding.rule.as_str());
    let sentence = lines.paint.paint(Tone::Strong, finding.rule.rule().says);
    lines.line(&format!("{id} ({}): {sentence}", finding.level));
    lines.labelled("finding", &printable(finding.message.as_ref()));
    lines.labelled("answered", &printable(finding.actual.as_ref()));
    let legal = finding.expected.iter();
    let legal: Vec<_> = legal.map(|legal| printable(legal.as_ref())).collect();
    lines.labelled("legal", &legal.join("\nor "));
    lines.labelled("property", finding.property);
    lines.labelled("cause", &printable(finding.cause.as_ref()));
}

fn confirmed(finding: &Finding) -> String {
    format!(
        "{} of 3; seen in {}; first after {} and {}",
        finding.confirmed,
        counted(finding.seen as u64, "case"),
        counted(finding.cases_to_find as u64, "case"),
        counted(finding.requests_to_find, "request"),
    )
}

/// A number with its noun.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let (stem, ending) = match noun.strip_suffix('y') {
        Some(stem) if number != 1 => (stem, "ies"),
        None if number != 1 => (noun, "s"),
        _ => (noun, ""),
    };
    format!("{number} {stem}{ending}")
}

fn request(lines: &mut Lines, minimal: &Minimal, verbosity: Verbosity) {
    for before in &minimal.before {
        lines.labelled("before", &printable(before.as_ref()));
    }
    let everything = verbosity == Verbosity::Verbose;
    let path = printable(minimal.path.as_ref());
    let mut sent = format!("{} {path}", minimal.method);
    for (name, value) in &minimal.headers {
        let (name, value) = (printable(name), printable(value.as_ref()));
        let is_usual = USUAL.contains(&name.to_ascii_lowercase().as_str())
            || name.eq_ignore_ascii_case("accept") && value == wire::VENDOR_MEDIA_TYPE;
        if everything || !is_usual {
            sent.push_str(&format!("\n{name}: {value}"));
        }
    }
    let body = body(minimal.body.as_ref(), everything);
    if !body.is_empty() {
        sent.push_str(&format!("\n\n{body}"));
    }
    lines.labelled("sent", &sent);
}

/// A body as it is read best: pretty where it is short JSON.
fn body(text: &str, everything: bool) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(text)
        && let compact = json.to_string()
        && compact == text
        && let Ok(pretty) = serde_json::to_string_pretty(&json)
        && (everything || pretty.lines().count() <= PRETTY_LINES_MAX)
        && (everything || pretty.len() <= BODY_MAX)
    {
        return pretty;
    }
    match text.char_indices().nth(BODY_MAX) {
        Some((end, _)) if !everything => {
            let length = counted(text.len() as u64, "byte");
            format!("{}… ({length} in all; -v shows them)", &text[..end])
        }
        _ => text.to_owned(),
    }
}

struct Lines {
    text: String,
    paint: Paint,
}

impl Lines {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A text behind its label, further lines below its first.
    fn labelled(&mut self, label: &str, text: &str) {
        let text = printable_lines(text);
        let label = format!("  {label:<width$}", width = COLUMN - 2);
        let mut before = self.paint.paint(Tone::Faint, &label);
        for line in text.split('\n') {
            let line = format!("{before}{line}");
            self.line(line.trim_end());
            before = " ".repeat(COLUMN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{findings, samples};

    fn shown(report: &crate::runner::Report, place: usize, verbosity: Verbosity) -> String {
        let blocks = findings::blocks(report);
        let files = ReplayFiles::default();
        let paint = Paint::default();
        refutation(&blocks[place], &report.target, &files, verbosity, paint)
    }

    #[test]
    fn a_block_has_each_rule_and_the_request_once() {
        let report = samples::every_outcome();
        let text = shown(&report, 0, Verbosity::Normal);
        let (text, curl) = text.split_once("  curl").expect("a command");
        assert_eq!(
            text,
            "SES-2 (must): a request without the CSRF header is answered 401\n\
             \x20 finding    a request without the CSRF header was accepted\n\
             \x20 answered   200 with a subObjectSet\n\
             \x20 legal      401 with an error body\n\
             \x20 property   session/missing-token\n\
             \x20 cause      no token\n\
             \x20 confirmed  3 of 3; seen in 12 cases; first after 1 case and 2 requests\n\
             \x20 also       session/combined · no token, unknown workgroup\n\
             SES-10 (must): every 401 carries WWW-Authenticate with the scheme ICWS, \
             realm=\"ICWS\" and a location\n\
             \x20 finding    the 401 names no location\n\
             \x20 answered   200 with a subObjectSet\n\
             \x20 legal      401 with an error body\n\
             \x20 property   session/missing-token\n\
             \x20 cause      no token\n\
             \x20 confirmed  3 of 3; seen in 12 cases; first after 1 case and 2 requests\n\
             \x20 sent       POST /icws/4711/configuration/workgroups/Sales%20(EMEA)/\
             monitored-mailboxes\n\
             \x20            Cookie: icws_4711=<cookie of the privileged session>\n\
             \x20            Content-Type: application/vnd.inin.icws+JSON; charset=utf-8\n\
             \n\
             \x20            {\n\
             \x20              \"remove\": [\n\
             \x20                \"a\"\n\
             \x20              ]\n\
             \x20            }\n"
        );
        assert_eq!(curl.matches("ask -X POST ").count(), 1);
    }

    #[test]
    fn a_rule_that_is_broken_everywhere_is_not_shown_everywhere() {
        let mut report = samples::every_outcome();
        let many = vec![samples::violation(); ALSO_MAX + 3];
        report.properties[3].findings.extend(many);
        let text = shown(&report, 0, Verbosity::Normal);
        assert_eq!(text.matches("\n  also ").count(), ALSO_MAX + 1, "{text}");
        assert!(text.contains("\n  also       4 more findings (-v shows them)\n"));
        let text = shown(&report, 0, Verbosity::Verbose);
        assert_eq!(text.matches("\n  also ").count(), ALSO_MAX + 4, "{text}");
    }

    #[test]
    fn what_the_target_says_cannot_colour_the_terminal() {
        let text = shown(&samples::every_outcome(), 1, Verbosity::Verbose);
        assert!(text.contains("\\u{1b}[31m"), "{text}");
        assert!(
            text.contains("  before     a mailbox `a` is stored"),
            "{text}"
        );
        assert!(
            text.contains("\n             or no answer at all"),
            "{text}"
        );
        assert!(text.contains("Accept: application"), "{text}");
    }

    #[test]
    fn bodies_are_pretty_where_that_is_true_and_short() {
        assert_eq!(body("[1]", false), "[\n  1\n]");
        // Written otherwise than the printer would: the bytes are the point.
        for text in ["[1 ]", "{\"a\":1,\"a\":2}", "\"\\u0041\"", "[1"] {
            assert_eq!(body(text, true), text);
        }
        let long = format!("\"{}\"", "é".repeat(BODY_MAX));
        assert!(body(&long, false).ends_with("… (4002 bytes in all; -v shows them)"));
        assert_eq!(body(&long, true), long);
    }

    #[test]
    fn nouns_follow_their_numbers() {
        let all = [(1, "case"), (2, "case"), (1, "property"), (0, "property")];
        let all = all.map(|(number, noun)| counted(number, noun));
        assert_eq!(all, ["1 case", "2 cases", "1 property", "0 properties"]);
    }
}
