//! What a run shows while it runs: a line for each family as it ends and, on a
//! terminal, a bar for what is under way.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::runner::{Event, Property, PropertyReport};

use super::paint::{Paint, Tone};
use super::refutation::counted;

/// Shows the events of one run.
pub struct Progress<'a> {
    out: &'a mut dyn Write,
    paint: Paint,
    bar: ProgressBar,
    families: Vec<Family>,
    /// How many of the families are shown.
    shown: usize,
    cases: usize,
    findings: usize,
    /// What is under way.
    doing: String,
}

/// A family with what its properties have come to.
struct Family {
    name: &'static str,
    properties: usize,
    outcomes: BTreeMap<&'static str, usize>,
    finished: usize,
    cases: usize,
}

/// The outcomes in the order of their columns; the last two only where there
/// are any.
const COLUMNS: [(&str, Tone, bool); 4] = [
    ("held", Tone::Good, true),
    ("refuted", Tone::Bad, true),
    ("inapplicable", Tone::Faint, false),
    ("inconclusive", Tone::Doubtful, false),
];

impl<'a> Progress<'a> {
    /// Progress for a run of those properties. Lines go to `out`; a bar is
    /// shown on standard error where `live`.
    pub fn new(properties: &[Property], out: &'a mut dyn Write, live: bool, paint: Paint) -> Self {
        let mut families: Vec<Family> = Vec::new();
        for property in properties {
            let name = property.family();
            match families.iter_mut().find(|family| family.name == name) {
                Some(family) => family.properties += 1,
                None => families.push(Family::new(name)),
            }
        }
        let target = if live {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template("{spinner} {pos}/{len} properties judged  {msg}")
            .expect("the template is well formed");
        let bar = ProgressBar::with_draw_target(Some(properties.len() as u64), target);
        bar.set_style(style);
        if live {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self {
            out,
            paint,
            bar,
            families,
            shown: 0,
            cases: 0,
            findings: 0,
            doing: String::new(),
        }
    }

    /// Takes in what happened.
    ///
    /// # Errors
    /// Where a line cannot be written.
    pub fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Begins => {}
            Event::Ready { properties } => self.bar.set_length(*properties as u64),
            Event::Started { id, .. } => self.doing = (*id).to_owned(),
            Event::Fired { cases } => {
                self.cases += cases;
                self.refresh();
            }
            Event::Shrinking { id } => {
                self.doing = format!("shrinking a case of {id}");
                self.refresh();
            }
            Event::Finished(property) => self.finished(property)?,
            Event::Done(_) => {
                self.bar.finish_and_clear();
                self.show(|_| true)?;
            }
        }
        Ok(())
    }

    /// Takes the bar away, whatever became of the run.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }

    fn refresh(&self) {
        let cases = counted(self.cases as u64, "case");
        let findings = counted(self.findings as u64, "finding");
        let message = format!("{cases}, {findings}  {}", self.doing);
        self.bar.set_message(message);
    }

    fn finished(&mut self, property: &PropertyReport) -> io::Result<()> {
        self.findings += property.findings.len();
        self.bar.inc(1);
        let (name, _) = property.id.split_once('/').unwrap_or((property.id, ""));
        if let Some(family) = self.families.iter_mut().find(|family| family.name == name) {
            family.finished += 1;
            family.cases += property.cases;
            *family
                .outcomes
                .entry(property.outcome.as_str())
                .or_default() += 1;
        }
        self.show(|family| family.finished >= family.properties)
    }

    /// Shows the families that are `done`, in the order of the suites, so that
    /// the lines of two runs compare.
    fn show(&mut self, done: impl Fn(&Family) -> bool) -> io::Result<()> {
        let names = self.families.iter().map(|family| family.name.len());
        let width = names.max().unwrap_or_default();
        while let Some(family) = self.families.get(self.shown).filter(|family| done(family)) {
            let line = family.line(width, self.paint);
            self.bar.suspend(|| writeln!(self.out, "{line}"))?;
            self.shown += 1;
        }
        Ok(())
    }
}

impl Family {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            properties: 1,
            outcomes: BTreeMap::new(),
            finished: 0,
            cases: 0,
        }
    }

    fn line(&self, width: usize, paint: Paint) -> String {
        let properties = match self.properties {
            1 => "property  ",
            _ => "properties",
        };
        let mut line = format!("{:width$}  {:>3} {properties}", self.name, self.properties);
        for (outcome, tone, always) in COLUMNS {
            let number = self.outcomes.get(outcome).copied().unwrap_or_default();
            if number > 0 {
                line.push_str(&format!("   {} {number:<3}", paint.paint(tone, outcome)));
            } else if always {
                line.push_str(&format!("   {outcome} {number:<3}"));
            }
        }
        let missing = self.properties.saturating_sub(self.finished);
        if missing > 0 {
            line.push_str(&format!("   not run {missing:<3}"));
        }
        format!("{line}   {}", counted(self.cases as u64, "case"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use crate::runner::property::Share;

    fn properties(report: &crate::runner::Report) -> Vec<Property> {
        let declared = report.properties.iter().map(|property| Property {
            id: property.id,
            says: "",
            rules: property.rules,
            needs: &[],
            share: Share::Budget,
            strata: |_| Vec::new(),
        });
        declared.collect()
    }

    #[test]
    fn a_family_is_shown_when_it_and_those_before_it_have_ended() {
        let mut report = samples::every_outcome();
        let mut out = Vec::new();
        let properties = properties(&report);
        let mut progress = Progress::new(&properties, &mut out, false, Paint::default());
        // The last first: the order of the lines is that of the suites.
        report.properties.reverse();
        for property in &report.properties {
            progress.tell(&Event::Finished(property)).expect("written");
        }
        progress.end();
        assert_eq!(
            String::from_utf8_lossy(&out),
            "answer     1 property     held 1     refuted 0     48 cases\n\
             session    3 properties   held 0     refuted 2     inapplicable 1     144 cases\n\
             body       2 properties   held 0     refuted 1     inconclusive 1     96 cases\n"
        );
    }

    #[test]
    fn a_run_that_ends_early_still_shows_every_family() {
        let report = samples::every_outcome();
        let mut out = Vec::new();
        let properties = properties(&report);
        let mut progress = Progress::new(&properties, &mut out, false, Paint::default());
        progress.tell(&Event::Done(&report)).expect("written");
        progress.end();
        let text = String::from_utf8_lossy(&out).into_owned();
        assert_eq!(text.lines().count(), 3);
        assert!(text.contains("body       2 properties   held 0     refuted 0     not run 2 "));
    }
}
