//! What GitHub shows on the page of a run: the decision and the rules that it
//! rests on, as Markdown. The findings themselves are for the other reports.

use super::document::Document;
use super::finding_text::says;
use super::printable::excerpt_of_lines;

/// The most characters of a text.
const TEXT_MAX: usize = 200;
/// The most reasons that are shown.
const REASONS_MAX: usize = 20;

/// The summary as Markdown that ends with a line feed.
pub fn step_summary(document: &Document) -> String {
    let mut text = format!(
        "### {}\n\n{}\n\n",
        code(document.headline()),
        code(&document.spent().tail(document.exit_code))
    );
    for reason in document.unjudged.iter().take(REASONS_MAX) {
        text.push_str(&format!("- could not judge: {}\n", code(reason)));
    }
    if !document.unjudged.is_empty() {
        text.push('\n');
    }
    let mut rows = String::new();
    for rule in &document.rules {
        let findings = document.findings();
        let counting = findings.filter(|found| found.rule == rule.id && found.counts());
        let number = counting.count();
        if number > 0 {
            let (id, level) = (code(&rule.id), rule.level);
            let says = says(&rule.id).replace('|', "\\|").replace('_', "\\_");
            rows.push_str(&format!("| {id} | {level} | {number} | {says} |\n"));
        }
    }
    if !rows.is_empty() {
        text.push_str("| rule | level | findings | what it says |\n| --- | --- | --- | --- |\n");
        text.push_str(&rows);
        text.push('\n');
    }
    text
}

/// The text on one line, in which nothing is Markdown.
fn code(text: &str) -> String {
    let text = excerpt_of_lines(text, TEXT_MAX);
    format!("`{}`", text.replace('\n', " ").replace(['`', '|'], "'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn the_decision_and_the_broken_rules_are_there() {
        let text = step_summary(&samples::document(&samples::every_outcome()));
        for line in [
            "### `staging does not conform (2 rules violated, 1 rule warned; not all could be judged",
            "`567 cases, 1234 requests, 4.3 s, seed 0000000000c0ffee, exit code 1`\n",
            "- could not judge: `no update was accepted`\n",
            "| `SES-2` | must | 2 | a request without",
            "| `ERR-2` | should | 1 | ",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(!text.contains("ERR-4"), "{text}");
        assert_eq!(code("a`|\nb"), "`a'' b`");
    }
}
