//! The table of last lines: what people read when all is over, and what decides
//! for them whether they read on. `run`, `merge` and `cargo test` end with
//! [`Grounds::line`], `compare` and `replay` with lines of their own below.
//!
//! | first row that fits                                    | the line says, after the target's name |
//! |--------------------------------------------------------|----------------------------------------|
//! | a breach counts                                        | does not conform (rules violated; what went unjudged behind it) |
//! | a waiver is stale or the target drifted, and that fails | gate closed, but for no breach (which) |
//! | something could not be judged                          | could not be judged (why)              |
//! | a finding is known or waived                           | gate open (known, waived, what is new) |
//! | a part was tested                                      | no breach in this part (properties, rules not tested) |
//! | anything else                                          | conforms (warnings, rules not tested)  |
//!
//! So "conforms" never stands beside a rule that is violated, nor behind a part,
//! and what is no breach never blames the server. Where nothing named the target,
//! every line begins with that.

pub mod comparison;
pub mod replay;

use std::fmt;

use super::decision::Decision;
use super::ruling::{Asked, Named, Scope};

/// The most characters of a reason; the reports have it whole.
const REASON_MAX: usize = 200;

/// What the last line of a run rests on.
#[derive(Clone, Debug)]
pub struct Grounds<'a> {
    /// The name of the target.
    pub target: &'a str,
    /// What was asked.
    pub asked: Asked,
    /// How many must rules findings break that count.
    pub violated: usize,
    /// How many should rules they break.
    pub warned: usize,
    /// How many findings of should rules count.
    pub warnings: usize,
    /// How many findings an earlier run had already, waived ones aside.
    pub known: usize,
    /// How many findings a waiver covers.
    pub waived: usize,
    /// How many waivers are stale, where that fails the gate.
    pub stale: usize,
    /// Whether the target drifted, where that fails the gate.
    pub drifted: bool,
    /// Why the run as a whole could not be judged.
    pub unjudged: Vec<&'a str>,
    /// Why properties could not be, one reason each.
    pub inconclusive: Vec<&'a str>,
    /// How many properties were selected.
    pub properties: usize,
    /// How many rules were not tested.
    pub not_tested: usize,
    /// What it took.
    pub spent: Spent<'a>,
}

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub struct Spent<'a> {
    /// The cases fired.
    pub cases: usize,
    /// The requests sent.
    pub requests: u64,
    /// The time, in milliseconds.
    pub elapsed_ms: u64,
    /// The seed, with which it can be repeated.
    pub seed: &'a str,
}

/// The row of the table that a line is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A breach counts.
    DoesNotConform,
    /// A waiver is stale, or the target drifted.
    GateClosed,
    /// Not all that had to be could be judged.
    NotJudged,
    /// What was found is known or waived.
    GateOpen,
    /// Nothing was found in a part.
    Part,
    /// Nothing was found.
    Conforms,
}

/// A last line, in the pieces that a report may show in a colour or apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastLine {
    /// The row of the table.
    pub row: Row,
    /// What it speaks of: the target, and whether anything named it.
    pub subject: String,
    /// What is said of it.
    pub sentence: &'static str,
    /// What that rests on, in parentheses, with a space before; or nothing.
    pub because: String,
    /// What it took, and the exit code.
    pub tail: String,
}

impl LastLine {
    /// The line without what it took.
    pub fn head(&self) -> String {
        format!("{}{}{}", self.subject, self.sentence, self.because)
    }
}

impl fmt::Display for LastLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.head(), self.tail)
    }
}

impl Grounds<'_> {
    /// The last line of a run that came to that decision.
    pub fn line(&self, decision: Decision) -> LastLine {
        let row = self.row(decision);
        let (between, sentence) = match row {
            Row::DoesNotConform => (" ", "does not conform"),
            Row::GateClosed => (": ", "gate closed, but for no breach"),
            Row::NotJudged => (" ", "could not be judged"),
            Row::GateOpen => (": ", "gate open"),
            Row::Part => (": ", "no breach in this part"),
            Row::Conforms => (" ", "conforms"),
        };
        let parts = match row {
            Row::DoesNotConform => [self.broken(), self.behind()].concat(),
            Row::GateClosed => [self.closed(), self.behind()].concat(),
            Row::NotJudged => self.why(),
            Row::GateOpen => self.open(),
            Row::Part | Row::Conforms => vec![[self.warnings(), self.scope()].concat().join(", ")],
        };
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let because = if parts.is_empty() {
            String::new()
        } else {
            format!(" ({})", parts.join("; "))
        };
        let unnamed = match self.asked.named {
            Named::Nothing => "no target was named; the embedded ",
            Named::Flag | Named::Variable => "",
        };
        LastLine {
            row,
            subject: format!("{unnamed}{}{between}", one_line(self.target)),
            sentence,
            because,
            tail: self.spent.tail(decision.exit_code()),
        }
    }

    fn row(&self, decision: Decision) -> Row {
        let breach = self.violated > 0 || self.asked.strict && self.warned > 0;
        match decision {
            Decision::Violates if breach => Row::DoesNotConform,
            Decision::Violates => Row::GateClosed,
            Decision::Unjudged => Row::NotJudged,
            Decision::Conforms if self.known + self.waived > 0 => Row::GateOpen,
            Decision::Conforms if self.asked.scope == Scope::Part => Row::Part,
            Decision::Conforms => Row::Conforms,
        }
    }

    /// The rules that are broken.
    fn broken(&self) -> Vec<String> {
        let strict = if self.asked.strict { " (strict)" } else { "" };
        let mut parts = Vec::new();
        if self.violated > 0 {
            parts.push(format!("{} violated", counted(self.violated, "rule")));
        }
        if self.warned > 0 {
            parts.push(format!("{} warned{strict}", counted(self.warned, "rule")));
        }
        vec![parts.join(", ")]
    }

    /// What closes the gate beside breaches.
    fn closed(&self) -> Vec<String> {
        let mut parts = Vec::new();
        match self.stale {
            0 => {}
            1 => parts.push("1 waiver is stale".to_owned()),
            more => parts.push(format!("{more} waivers are stale")),
        }
        if self.drifted {
            parts.push("it drifted from its snapshots".to_owned());
        }
        parts
    }

    /// What could not be judged behind what decides already.
    fn behind(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(reason) = self.unjudged.first() {
            parts.push(format!("not all could be judged: {}", cut(reason)));
        } else if !self.inconclusive.is_empty() {
            let number = counted(self.inconclusive.len(), "property");
            parts.push(format!("{number} could not be judged"));
        }
        parts
    }

    /// Why nobody can say what the target does.
    fn why(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(reason) = self.unjudged.first() {
            parts.push(cut(reason));
            if self.unjudged.len() > 1 {
                parts.push(counted(self.unjudged.len() - 1, "more reason"));
            }
        }
        let of_properties = self.inconclusive.iter();
        let others = of_properties.filter(|reason| !self.unjudged.contains(reason));
        let others: Vec<_> = others.collect();
        match others.first() {
            Some(reason) if parts.is_empty() => {
                let number = counted(others.len(), "property");
                parts.push(format!("{number}: {}", cut(reason)));
            }
            Some(_) => {
                let number = counted(others.len(), "property");
                parts.push(format!("{number} could not be judged"));
            }
            None => {}
        }
        parts
    }

    /// What was found and does not count, and what else there is.
    fn open(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if self.known > 0 {
            parts.push(counted(self.known, "known finding"));
        }
        match (self.waived, self.known) {
            (0, _) => {}
            (waived, 0) => parts.push(counted(waived, "waived finding")),
            (waived, _) => parts.push(format!("{waived} waived")),
        }
        parts.push(match self.warnings {
            0 => "none new".to_owned(),
            warnings => counted(warnings, "new warning"),
        });
        let here = match self.asked.scope {
            Scope::Whole => "",
            Scope::Part => "in this part: ",
        };
        let parts = parts.join(", ");
        vec![format!("{here}{parts}"), self.scope().join(", ")]
    }

    fn warnings(&self) -> Vec<String> {
        let warnings = (self.warnings > 0).then(|| counted(self.warnings, "warning"));
        warnings.into_iter().collect()
    }

    /// How much was not tested, or was, of a part.
    fn scope(&self) -> Vec<String> {
        let part = self.asked.scope == Scope::Part;
        let properties = part.then(|| counted(self.properties, "property"));
        let rules = counted(self.not_tested, "rule");
        let rules = (self.not_tested > 0).then(|| format!("{rules} not tested"));
        properties.into_iter().chain(rules).collect()
    }
}

impl Spent<'_> {
    /// What stands behind the colon of a last line.
    pub fn tail(&self, exit_code: u8) -> String {
        format!(
            "{}, {}, {:.1} s, seed {}, exit code {exit_code}",
            counted(self.cases, "case"),
            counted(
                usize::try_from(self.requests).unwrap_or(usize::MAX),
                "request"
            ),
            self.elapsed_ms as f64 / 1000.0,
            one_line(self.seed),
        )
    }
}

/// The number with its noun.
fn counted(number: usize, noun: &str) -> String {
    let (stem, ending) = match noun.strip_suffix('y') {
        Some(stem) if number != 1 => (stem, "ies"),
        None if number != 1 => (noun, "s"),
        _ => (noun, ""),
    };
    format!("{number} {stem}{ending}")
}

/// As much of a reason as a line can bear.
fn cut(reason: &str) -> String {
    let line = one_line(reason);
    match line.char_indices().nth(REASON_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The text without a line feed: the last line is one.
fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests;
