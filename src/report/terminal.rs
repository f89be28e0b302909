//! The report for people: what was refuted, what became of the rules, and the
//! decision last, where a terminal still shows it.

use crate::gate::Ruling;
use crate::runner::case_reasons::CaseReason;
use crate::runner::outcome::RuleStatus;
use crate::runner::standing::Closing;
use crate::runner::{Outcome, PropertyReport, Report};

use super::findings::{blocks, findings};
use super::paint::{Paint, Tone};
use super::printable::printable;
use super::refutation::{counted, refutation};
use super::replay_file::ReplayFiles;
use super::standing;

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Refutations and the decision.
    Quiet,
    /// Also progress, the rules and what was not tested.
    #[default]
    Normal,
    /// Also every property, the open behaviour and whole requests.
    Verbose,
}

/// The end of a run, to be rendered.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    /// What was found out.
    pub report: &'a Report,
    /// What that comes to.
    pub ruling: &'a Ruling,
    /// Where the findings can be repeated from.
    pub replays: &'a ReplayFiles,
    /// How much is shown.
    pub verbosity: Verbosity,
    /// Whether there are colours.
    pub paint: Paint,
}

impl Summary<'_> {
    /// Everything that follows the progress, as lines that end with a line
    /// feed.
    pub fn render(&self) -> String {
        let report = self.report;
        let mut parts = Vec::new();
        for block in blocks(report) {
            parts.push(refutation(
                &block,
                &report.target,
                self.replays,
                self.verbosity,
                self.paint,
            ));
        }
        if self.verbosity > Verbosity::Quiet {
            parts.push(self.properties());
            parts.push(self.rules());
            parts.push(self.open());
            parts.push(standing::drift(
                report.standing.drift.as_deref().unwrap_or_default(),
                self.paint,
            ));
            parts.push(self.notes());
        }
        parts.push(self.ending());
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }

    /// The properties that were not judged, and all of them where everything
    /// is wanted.
    fn properties(&self) -> String {
        let mut text = String::new();
        for property in &self.report.properties {
            let tone = match &property.outcome {
                Outcome::Held => Tone::Good,
                Outcome::Refuted => Tone::Bad,
                Outcome::Inapplicable(_) => Tone::Faint,
                Outcome::Inconclusive(_) => Tone::Doubtful,
            };
            let wanted = self.verbosity == Verbosity::Verbose || property.inconclusive().is_some();
            if !wanted {
                continue;
            }
            let outcome = self.paint.paint(tone, property.outcome.as_str());
            let (id, cases) = (property.id, counted(property.cases as u64, "case"));
            text.push_str(
                &match (property.outcome.reason(), property.inconclusive()) {
                    (Some(reason), _) => format!("{id}  {outcome}: {}\n", printable(reason)),
                    (None, Some(short)) => {
                        let doubtful = self.paint.paint(Tone::Doubtful, "inconclusive");
                        format!("{id}  {outcome}, and {doubtful}: {}\n", printable(short))
                    }
                    (None, None) => format!("{id}  {outcome}  {cases}\n"),
                },
            );
            if self.verbosity == Verbosity::Verbose {
                text.push_str(&self.left_out(property));
            }
        }
        for finding in findings(self.report).filter(|finding| !finding.counts()) {
            let word = match &finding.explained_by {
                _ if finding.waived => "waived",
                _ if finding.known => "known",
                _ => "explained",
            };
            let by = finding
                .explained_by
                .as_ref()
                .filter(|_| word == "explained");
            let by = by.map(|by| format!(" (by {by})")).unwrap_or_default();
            let word = self.paint.paint(Tone::Faint, word);
            let identity = printable(&format!("{}{by}", finding.identity()));
            text.push_str(&format!("{word}  {identity}\n"));
        }
        let standing = &self.report.standing;
        let new = findings(self.report).filter(|finding| !finding.known);
        if standing.baseline.is_some() {
            for finding in new.filter(|finding| !finding.waived) {
                let word = self.paint.paint(Tone::Bad, "new");
                text.push_str(&format!("{word}  {}\n", printable(&finding.identity())));
            }
        }
        text
    }

    /// Why cases of that property were not judged.
    fn left_out(&self, property: &PropertyReport) -> String {
        let mut text = String::new();
        for (word, reasons) in [
            ("unjudged", &property.unjudged),
            ("not offered", &property.not_offered),
        ] {
            let word = self.paint.paint(Tone::Faint, word);
            for CaseReason { reason, cases } in reasons.list() {
                let cases = counted(cases as u64, "case");
                text.push_str(&format!("  {word}  {cases}: {}\n", printable(&reason)));
            }
        }
        text
    }

    fn rules(&self) -> String {
        let rules = &self.report.rules;
        let of = |status| rules.iter().filter(move |rule| rule.status == status);
        let names = |status| {
            let ids: Vec<_> = of(status).map(|rule| rule.id.as_str()).collect();
            match ids.len() {
                0 => "0".to_owned(),
                number => format!("{number} ({})", ids.join(", ")),
            }
        };
        let mut text = format!(
            "rules   held {}   violated {}   warned {}   not tested {}   open {}\n",
            of(RuleStatus::Held).count(),
            names(RuleStatus::Violated),
            names(RuleStatus::Warned),
            of(RuleStatus::NotTested).count(),
            of(RuleStatus::Open).count(),
        );
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for rule in of(RuleStatus::NotTested) {
            let reason = rule.reason.as_deref();
            let reason = reason.unwrap_or("nothing sent could show it");
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, ids)) => ids.push(rule.id.as_str()),
                None => reasons.push((reason, vec![rule.id.as_str()])),
            }
        }
        let label = self.paint.paint(Tone::Faint, "held in part");
        for rule in of(RuleStatus::Held) {
            for untried in &rule.partly {
                let why = printable(&format!("{} ({})", untried.clause, untried.reason));
                text.push_str(&format!("{label}: {}: not that {why}\n", rule.id));
            }
        }
        let label = self.paint.paint(Tone::Faint, "not tested");
        for (reason, ids) in reasons {
            text.push_str(&format!(
                "{label}: {}: {}\n",
                ids.join(", "),
                printable(reason)
            ));
        }
        text
    }

    fn open(&self) -> String {
        if self.verbosity < Verbosity::Verbose || self.report.open.is_empty() {
            return String::new();
        }
        let mut text = "where the contract is silent, the target answers\n".to_owned();
        for open in &self.report.open {
            let (question, answer) = (open.question.as_ref(), open.answer.as_ref());
            let line = printable(&format!("{question}: {answer}"));
            text.push_str(&format!("  {:<7} {line}\n", open.rule.as_str()));
        }
        text
    }

    fn notes(&self) -> String {
        let mut text = String::new();
        if self.report.target.accept_invalid {
            text.push_str("note: the target's certificate was not verified (tls.accept_invalid)\n");
        }
        for note in &self.report.notes {
            text.push_str(&format!("note: {}\n", printable(note)));
        }
        text
    }

    fn ending(&self) -> String {
        let report = self.report;
        let standing = &report.standing;
        let verbose = self.verbosity == Verbosity::Verbose;
        let mut text = standing::baseline(standing.baseline.as_ref(), verbose);
        let closing = standing.closing.iter().map(Closing::says);
        text.push_str(&standing::failures(closing, self.paint));
        for reason in &report.unjudged {
            let label = self.paint.paint(Tone::Doubtful, "could not judge");
            text.push_str(&format!("{label}: {}\n", printable(reason)));
        }
        text.push_str(&standing::last_line(&self.ruling.line, self.paint));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Asked;
    use crate::report::samples;
    use crate::runner::standing::Against;

    fn rendered(report: &Report, verbosity: Verbosity) -> String {
        let summary = Summary {
            report,
            ruling: &Ruling::of(report, Asked::default()),
            replays: &ReplayFiles::default(),
            verbosity,
            paint: Paint::default(),
        };
        summary.render()
    }

    #[test]
    fn a_report_with_every_outcome() {
        let report = samples::every_outcome();
        let text = rendered(&report, Verbosity::Verbose);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../snapshots/report");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("terminal", text));
    }

    #[test]
    fn quiet_shows_refutations_and_the_decision() {
        let report = samples::every_outcome();
        let text = rendered(&report, Verbosity::Quiet);
        assert!(text.starts_with("SES-2 (must): "), "{text}");
        assert!(
            !text.contains("\nrules ") && !text.contains("note: "),
            "{text}"
        );
        let last = text.lines().last().expect("a line");
        assert_eq!(
            last,
            "staging does not conform (2 rules violated, 1 rule warned; not all could be judged: \
             no update was accepted): 567 cases, 1234 requests, 4.3 s, seed 0000000000c0ffee, exit \
             code 1"
        );
    }

    #[test]
    fn known_findings_take_a_line_and_new_ones_are_named() {
        let mut report = samples::every_outcome();
        for finding in &mut report.properties[3].findings {
            finding.known = true;
        }
        report.standing.baseline = Some(Against {
            seed: "1".to_owned(),
            version: "0.1.0".to_owned(),
            new: 3,
            known: 2,
            gone: Vec::new(),
            not_judged: Vec::new(),
        });
        report.standing.closing = vec![Closing::StaleWaiver("a waiver is stale".to_owned())];
        let text = rendered(&report, Verbosity::Normal);
        assert!(!text.contains("SES-10 (must)"), "{text}");
        for line in [
            "known  session/missing-token · SES-2 · no token",
            "new  session/combined · SES-2 · no token, unknown workgroup",
            "waived  body/not-json · ERR-4 · invalid UTF-8",
            "baseline (version 0.1.0, seed 1): 3 new, 2 known, 0 gone",
            "fails: a waiver is stale",
        ] {
            assert!(text.lines().any(|known| known == line), "{line}: {text}");
        }
        let last = text.lines().last().expect("a line");
        assert!(
            last.contains("does not conform (1 rule violated, 1 rule warned; not all"),
            "{last}"
        );
    }

    #[test]
    fn what_was_not_verified_is_said() {
        let mut report = samples::conforming();
        report.target.accept_invalid = true;
        let text = rendered(&report, Verbosity::Normal);
        assert!(text.contains("certificate was not verified"), "{text}");
        assert!(
            text.contains("not tested: SES-4: the profile has no hook"),
            "{text}"
        );
    }
}
