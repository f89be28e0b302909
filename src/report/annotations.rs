//! Annotations for GitHub Actions: one workflow command on a line of its own
//! for each thing that a reviewer should see beside the change.
//!
//! What the decision rests on is an error, all else a warning. GitHub shows ten
//! annotations of a step, so the most binding ones come first, and the last
//! line says how many are left out.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::document::{Document, Found};
use super::printable::excerpt;
use super::refutation::counted;
use crate::gate::Decision;

/// How many GitHub shows of one step.
const SHOWN_MAX: usize = 10;
/// The most characters of a text in one.
const TEXT_MAX: usize = 400;

struct Annotation {
    decides: bool,
    title: String,
    message: String,
}

/// The annotations as lines, each of which ends with a line feed, the last line
/// of the run last.
pub fn annotations(document: &Document) -> String {
    let mut all = of_findings(document);
    all.extend(of_failures(document));
    all.extend(of_unjudged(document));
    // The sort is stable: findings by level stay in front of what was not judged.
    all.sort_by_key(|annotation| !annotation.decides);
    let left = match all.len() {
        0..=SHOWN_MAX => 0,
        length => length + 1 - SHOWN_MAX,
    };
    let rest = all.split_off(all.len() - left);
    if let Some(first) = rest.first() {
        all.push(Annotation {
            decides: first.decides,
            title: "more".to_owned(),
            message: format!("and {left} more, which the output and the reports show"),
        });
    }
    let commands: String = all.iter().map(Annotation::command).collect();
    commands + &last_line(document)
}

/// The last line as a notice, of which GitHub shows ten beside the others.
fn last_line(document: &Document) -> String {
    let line = escaped(&short(&document.line));
    if line.is_empty() {
        line
    } else {
        format!("::notice title=icws-conformance::{line}\n")
    }
}

/// The line after which GitHub takes no line for a command, so that what a
/// target says cannot be one, until [`resumed`] with the same token. Nobody may
/// be able to guess it.
pub fn stopped(token: &str) -> String {
    format!("::stop-commands::{token}\n")
}

/// The line after which lines are commands again.
pub fn resumed(token: &str) -> String {
    format!("::{token}::\n")
}

fn of_findings(document: &Document) -> Vec<Annotation> {
    // Every rule once comes before any a second time: ten times the same one
    // would hide the others.
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    let counting = document.findings().filter(|found| found.counts());
    let mut counting: Vec<(usize, &Found)> = counting
        .map(|found| {
            let times = times.entry(&found.rule).or_default();
            *times += 1;
            (*times, found)
        })
        .collect();
    counting.sort_by_key(|(times, found)| (Reverse(found.level), *times));
    let annotation = |(_, found): &(usize, &Found)| {
        let legal: Vec<_> = found.expected.iter().map(|legal| short(legal)).collect();
        let mut message = format!(
            "{}\nanswered: {}\nlegal: {}",
            short(&found.message),
            short(&found.actual),
            legal.join(", or ")
        );
        if let Some(command) = &found.replay {
            message.push_str(&format!("\nrepeat it: {}", short(command)));
        }
        Annotation {
            decides: document.fails(found),
            title: short(&found.identity),
            message,
        }
    };
    counting.iter().map(annotation).collect()
}

/// What fails the gate beside findings.
fn of_failures(document: &Document) -> Vec<Annotation> {
    let failures = document.failures.iter().map(|failure| Annotation {
        decides: true,
        title: "the gate fails".to_owned(),
        message: short(failure),
    });
    failures.collect()
}

/// Why the run cannot be judged, and which properties could not, each reason
/// once.
fn of_unjudged(document: &Document) -> Vec<Annotation> {
    let decides = document.decision == Decision::Unjudged;
    let annotation = |title: String, reason: &str| Annotation {
        decides,
        title,
        message: short(reason),
    };
    let whole = document.unjudged.iter();
    let mut all: Vec<_> = whole
        .map(|reason| annotation("could not judge".to_owned(), reason))
        .collect();
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for property in &document.properties {
        let short = property.shortfall.as_deref();
        let reason = property.reason.as_deref().or(short).unwrap_or_default();
        let known = document.unjudged.iter().any(|known| known == reason);
        if !property.is_inconclusive() || known {
            continue;
        }
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, ids)) => ids.push(&property.id),
            None => reasons.push((reason, vec![&property.id])),
        }
    }
    all.extend(reasons.into_iter().map(|(reason, ids)| {
        let what = match ids[..] {
            [id] => id.to_owned(),
            _ => counted(ids.len() as u64, "property"),
        };
        annotation(format!("could not judge {}", short(&what)), reason)
    }));
    all
}

fn short(text: &str) -> String {
    excerpt(text, TEXT_MAX)
}

impl Annotation {
    fn command(&self) -> String {
        let kind = if self.decides { "error" } else { "warning" };
        format!(
            "::{kind} title={}::{}\n",
            escaped(&self.title).replace(':', "%3A").replace(',', "%2C"),
            escaped(&self.message)
        )
    }
}

/// The text with what would end the command.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn sample() -> Document {
        samples::document(&samples::every_outcome())
    }

    #[test]
    fn what_decides_is_an_error_and_the_rest_a_warning() {
        let shown = annotations(&sample());
        let lines: Vec<_> = shown.lines().collect();
        let starts = [
            "::error title=session/combined · SES-2 · no token%2C unknown workgroup::a request",
            "::error title=session/missing-token · SES-10 · no token::the 401 names no location",
            "::error title=session/missing-token · SES-2 · no token::a request without the CSRF \
             header was accepted%0Aanswered: 200 with a subObjectSet%0Alegal: 401 with an",
            "::warning title=body/not-json · ERR-2 · invalid UTF-8::the message shows",
            "::warning title=could not judge::no update was accepted",
            "::warning title=could not judge body/valid::every case was answered 503",
            "::notice title=icws-conformance::staging does not conform (2 rules violated, 1 rule",
        ];
        assert_eq!(lines.len(), starts.len(), "{shown}");
        for (line, start) in lines.iter().zip(starts) {
            assert!(line.starts_with(start), "{line}");
        }
        let mut unjudged = sample();
        unjudged.decision = Decision::Unjudged;
        for property in &mut unjudged.properties {
            property.findings.clear();
        }
        let shown = annotations(&unjudged);
        assert_eq!(shown.matches("::error title=could not judge").count(), 2);
        assert_eq!(shown.lines().count(), 3, "{shown}");
    }

    #[test]
    fn a_conforming_run_says_its_last_line_alone() {
        let shown = annotations(&samples::document(&samples::conforming()));
        let line =
            "::notice title=icws-conformance::staging conforms (1 rule not tested): 567 cases";
        assert!(shown.starts_with(line), "{shown}");
        assert_eq!(shown.lines().count(), 1, "{shown}");
    }

    #[test]
    fn as_many_as_are_shown_and_how_many_are_not() {
        let mut document = sample();
        let property = &mut document.properties[3];
        property.findings = vec![property.findings[0].clone(); 20];
        let shown = annotations(&document);
        assert_eq!(shown.lines().count(), SHOWN_MAX + 1, "{shown}");
        let last = shown.lines().nth(SHOWN_MAX - 1).expect("a line");
        assert!(
            last.starts_with("::error title=more::and 15 more"),
            "{last}"
        );
    }

    #[test]
    fn no_text_ends_its_command_or_begins_another() {
        let mut document = sample();
        let found = &mut document.properties[2].findings[0];
        found.identity = "a:b,c%\n::stop-commands::x".to_owned();
        found.message = "100%\r\n::set-output name=x::y".to_owned();
        let shown = annotations(&document);
        let first = shown.lines().next().expect("a line");
        assert!(
            first.starts_with(
                "::error title=a%3Ab%2Cc%25\\n%3A%3Astop-commands%3A%3Ax::100%25\\r\\n::set-output"
            ),
            "{first}"
        );
        assert_eq!(shown.lines().count(), 7);
    }
}
