//! A comparison of two runs: for people, for programs and for documents. The
//! order is that of the contract, so that two comparisons can be compared.

use serde::Serialize;

use super::printable::{clean_json, printable, printable_lines};
use super::refutation::counted;
use crate::contract::rules::RULES;
use crate::gate::account::Account;
use crate::gate::comparison::{Comparison, OpenChange, RuleChange, Verdict};
use crate::gate::last_line::comparison;
use crate::gate::{Decision, Gate};

/// The version of the JSON format.
pub const SCHEMA: &str = "icws-conformance/comparison/1";

/// A comparison, to be rendered.
#[derive(Clone, Debug)]
pub struct Compared<'a> {
    /// The run that was accepted.
    pub baseline: &'a Account,
    /// The run that is to be judged by it.
    pub candidate: &'a Account,
    /// What they differ in.
    pub comparison: &'a Comparison,
    /// What that comes to.
    pub decision: Decision,
    /// Whether new warnings fail as well.
    pub strict: bool,
    /// What is to be said beside.
    pub notes: &'a [String],
}

impl Compared<'_> {
    /// For people: lines that end with a line feed, the decision last.
    pub fn text(&self) -> String {
        let mut text = format!(
            "baseline   {}\ncandidate  {}\n\n",
            side(self.baseline),
            side(self.candidate)
        );
        for change in self.by_verdict() {
            text.push_str(&rule(change));
        }
        let comparison = self.comparison;
        if !comparison.open.is_empty() {
            text.push_str("\nwhere the contract is silent, the answers differ\n");
            for open in &comparison.open {
                let (rule, line) = (&open.rule, printable(&answers(open)));
                text.push_str(&format!("  {rule:<7} {line}\n"));
            }
        }
        let shapes = &comparison.shapes;
        if comparison.has_drift() && shapes.new.len() + shapes.gone.len() > 0 {
            text.push_str("\nshapes of answers\n");
            for (word, list) in [("new", &shapes.new), ("gone", &shapes.gone)] {
                for shape in list {
                    text.push_str(&format!("  {word:<5}{}\n", printable(shape)));
                }
            }
        }
        let noise = self.noise();
        if !noise.is_empty() {
            text.push_str("\nnoise: two runs against the baseline differ in this already\n");
            for line in noise {
                text.push_str(&format!("  {}\n", printable(&line)));
            }
        }
        text.push('\n');
        for note in self.notes {
            text.push_str(&format!("note: {}\n", printable(note)));
        }
        for reason in &comparison.unjudged {
            text.push_str(&format!("could not judge: {}\n", printable(reason)));
        }
        text.push_str(&format!("{}\n", printable(&self.ending())));
        text
    }

    /// For documents.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "| side | run |\n| --- | --- |\n| baseline | {} |\n| candidate | {} |\n",
            cell(&side(self.baseline)),
            cell(&side(self.candidate))
        );
        let comparison = self.comparison;
        if !comparison.rules.is_empty() {
            text.push_str(
                "\n| rule | level | verdict | new | gone |\n| --- | --- | --- | --- | --- |\n",
            );
            for change in self.by_verdict() {
                let new: Vec<_> = change.new.iter().map(|new| new.identity.clone()).collect();
                let verdict = match &change.reason {
                    Some(reason) => format!("{}: {reason}", verdict(change)),
                    None => verdict(change),
                };
                text.push_str(&format!(
                    "| {} | {} | {} | {} | {} |\n",
                    cell(&change.rule),
                    change.level,
                    cell(&verdict),
                    cell(&new.join("; ")),
                    cell(&change.gone.join("; "))
                ));
            }
        }
        if !comparison.open.is_empty() {
            text.push_str("\n| rule | question | was | is |\n| --- | --- | --- | --- |\n");
            for open in &comparison.open {
                text.push_str(&format!(
                    "| {} | {} | {} | {} |\n",
                    cell(&open.rule),
                    cell(&open.question),
                    cell(seen(open.was.as_deref())),
                    cell(seen(open.is.as_deref()))
                ));
            }
        }
        let lines = [
            ("new shape", &comparison.shapes.new),
            ("gone shape", &comparison.shapes.gone),
            ("noise", &self.noise()),
            ("note", &self.notes.to_vec()),
            ("could not judge", &comparison.unjudged),
        ];
        for (word, list) in lines {
            if list.is_empty() {
                continue;
            }
            text.push('\n');
            for line in list {
                text.push_str(&format!("- {word}: {}\n", cell(line)));
            }
        }
        text.push_str(&format!("\n{}\n", cell(&self.ending())));
        text
    }

    /// For programs.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Side<'a> {
            target: &'a str,
            base_url: &'a str,
            version: &'a str,
            seed: &'a str,
        }
        #[derive(Serialize)]
        struct Document<'a> {
            schema: &'static str,
            decision: Decision,
            exit_code: u8,
            line: String,
            gate: Gate,
            baseline: Side<'a>,
            candidate: Side<'a>,
            #[serde(flatten)]
            comparison: &'a Comparison,
            notes: &'a [String],
        }
        const fn side(account: &Account) -> Side<'_> {
            Side {
                target: account.target.as_str(),
                base_url: account.base_url.as_str(),
                version: account.version.as_str(),
                seed: account.seed.as_str(),
            }
        }
        let document = Document {
            schema: SCHEMA,
            decision: self.decision,
            exit_code: self.decision.exit_code(),
            line: self.ending(),
            gate: Gate::of(self.decision),
            baseline: side(self.baseline),
            candidate: side(self.candidate),
            comparison: self.comparison,
            notes: self.notes,
        };
        let json = clean_json(&document).expect("strings and lists are JSON");
        let json = String::from_utf8_lossy(&json);
        format!("{json}\n")
    }

    /// The rules, by verdict, then in the order of the contract.
    fn by_verdict(&self) -> impl Iterator<Item = &RuleChange> {
        let rules = &self.comparison.rules;
        let of = move |verdict| rules.iter().filter(move |rule| rule.verdict == verdict);
        Verdict::ALL.into_iter().flat_map(of)
    }

    fn noise(&self) -> Vec<String> {
        let Some(noise) = &self.comparison.noise else {
            return Vec::new();
        };
        let lists = [&noise.findings, &noise.open, &noise.shapes];
        lists.into_iter().flatten().cloned().collect()
    }

    fn ending(&self) -> String {
        let (baseline, candidate) = (self.baseline, self.candidate);
        comparison::line(
            baseline,
            candidate,
            self.comparison,
            self.decision,
            self.strict,
        )
    }
}

fn side(account: &Account) -> String {
    format!(
        "{} at {}, version {}, seed {}",
        printable(&account.target),
        printable(&account.base_url),
        printable(&account.version),
        printable(&account.seed)
    )
}

fn verdict(change: &RuleChange) -> String {
    let word = change.verdict.as_str();
    match change.verdict {
        Verdict::StillFailing if !change.new.is_empty() => {
            let new = counted(change.new.len() as u64, "new finding");
            format!("{word}, {new}")
        }
        _ => word.to_owned(),
    }
}

/// A rule with its findings, as lines.
fn rule(change: &RuleChange) -> String {
    let row = RULES.iter().find(|row| row.id.as_str() == change.rule);
    let says = row.map_or("a rule that this version does not know", |row| row.says);
    let (id, level) = (printable(&change.rule), change.level);
    let mut text = format!("{}: {id} ({level}): {says}\n", verdict(change));
    for new in &change.new {
        let waived = if new.waived { " (waived)" } else { "" };
        text.push_str(&format!("  new   {}{waived}\n", printable(&new.identity)));
    }
    for gone in &change.gone {
        text.push_str(&format!("  gone  {}\n", printable(gone)));
    }
    if let Some(reason) = &change.reason {
        text.push_str(&format!("  {}\n", printable(reason)));
    }
    text
}

fn answers(open: &OpenChange) -> String {
    let (was, is) = (seen(open.was.as_deref()), seen(open.is.as_deref()));
    format!("{}: {was} -> {is}", open.question)
}

fn seen(answer: Option<&str>) -> &str {
    answer.unwrap_or("not seen")
}

/// A bar ends a cell, a line feed a row, and underscores and stars pair up.
fn cell(text: &str) -> String {
    let text = printable_lines(text).replace('\n', " ");
    let marks = ['|', '_', '*', '`', '<'];
    text.chars().fold(String::new(), |mut cell, letter| {
        if marks.contains(&letter) {
            cell.push('\\');
        }
        cell.push(letter);
        cell
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{account, samples};
    use crate::runner::Report;

    fn of(report: &Report) -> Account {
        account::of(&samples::document(report))
    }

    /// Each rendering of a baseline that conforms and a candidate of every
    /// outcome.
    fn rendered() -> [String; 3] {
        let baseline = of(&samples::conforming());
        let mut report = samples::every_outcome();
        let mut new = samples::violation();
        new.property = report.properties[0].id;
        report.properties[0].findings.push(new);
        report.open[0].answer = "404 | gone".into();
        let candidate = of(&report);
        let comparison = Comparison::of(&baseline, Some(&baseline), &candidate);
        let decision = comparison.decision(false, false);
        let compared = Compared {
            baseline: &baseline,
            candidate: &candidate,
            comparison: &comparison,
            decision,
            strict: false,
            notes: &["a note".to_owned()],
        };
        [compared.text(), compared.markdown(), compared.json()]
    }

    #[test]
    fn people_read_the_decision_last_and_what_fails_first() {
        let [text, ..] = rendered();
        assert!(
            text.starts_with("baseline   staging at http://127.0.0.1:8018, version "),
            "{text}"
        );
        assert!(text.contains("\nnew failure: SES-2 (must): a request without"));
        assert!(text.contains("\n  new   answer/success · SES-2 · no token\n"));
        assert!(text.contains("\ninconclusive: ERR-2 (should): "), "{text}");
        assert!(text.contains("\n  the baseline did not judge `body/not-json`\n"));
        assert!(
            text.contains("\n  EFF-5   remove of an id that does not exist: 200 -> 404 | gone\n")
        );
        assert!(text.contains("\nnote: a note\n"), "{text}");
        assert!(text.ends_with("exit code 1\n"), "{text}");
    }

    #[test]
    fn programs_and_documents_read_the_same() {
        let [_, markdown, json] = rendered();
        assert!(markdown.contains("| 404 \\| gone |\n"), "{markdown}");
        assert!(
            markdown.contains("| SES-2 | must | new failure | "),
            "{markdown}"
        );
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["schema"], SCHEMA);
        assert_eq!(json["rules"][0]["verdict"], "new_failure");
        assert_eq!(json["open"][0]["was"], "200");
        assert_eq!(json["noise"]["open"], serde_json::json!([]));
        assert_eq!(json["decision"], "violates");
    }
}
