//! The summary for people.

use super::spread::Spread;
use super::summary::{Shortfall, Summary};

impl Summary {
    /// The summary for people; every line ends with a line feed. Only the last
    /// part, on time, differs between two checks of the same.
    pub fn text(&self) -> String {
        let mut text = self.opening();
        text.push_str("\ncaught by a rule that the fault breaks, under every seed\n");
        for (level, share) in [("must", self.must), ("should", self.should)] {
            let percent = share.percent();
            text.push_str(&format!(
                "  {level:<6} {:>4} of {:<4} {percent:>8}\n",
                share.caught, share.of
            ));
        }
        self.shortfalls(&mut text);
        text.push_str("\nfaults                                     median  90 %  worst\n");
        for (title, spread) in self.spreads() {
            text.push_str(&format!("  {title:<40} {}\n", numbers(spread)));
        }
        let verdict = match self.passed {
            true => "passed",
            false => "failed",
        };
        let seconds = |ms: u64| format!("{}.{} s", ms / 1000, ms % 1000 / 100);
        let slowest = self.time.slowest.iter();
        let slowest = slowest.map(|(name, ms)| format!("{name} {}", seconds(*ms)));
        text.push_str(&format!(
            "\n{verdict} after {}; slowest: {}\n",
            seconds(self.time.elapsed_ms),
            slowest.collect::<Vec<_>>().join(", ")
        ));
        text
    }

    /// What was run against what.
    fn opening(&self) -> String {
        let subjects = self.subjects;
        let part = match self.is_part {
            true => " (a part of them)",
            false => "",
        };
        format!(
            "{} faults, {} variants, {} combinations of variants{part}\n\
             {} cases for a property that draws freely; seed {}\n",
            subjects.faults,
            subjects.variants,
            subjects.combinations,
            self.cases,
            self.seeds.join(", "),
        )
    }

    /// Every list that ought to be empty.
    fn shortfalls(&self, text: &mut String) {
        let named = |short: &Shortfall| {
            let rules = short.rules.join(" ");
            format!("{} [{} {rules}]: {}", short.name, short.level, short.says)
        };
        list(text, "missed", self.missed.iter().map(named));
        let elsewhere = self.elsewhere.iter().map(|short| {
            let instead = short.instead.join("\n      ");
            format!("{}\n      {instead}", named(short))
        });
        list(text, "found only by another rule", elsewhere);
        let sometimes = self.sometimes.iter().map(|short| {
            let rate = format!("{} of {} seeds", short.caught, short.of);
            format!("{rate}: {}", named(short))
        });
        list(text, "caught under some seeds only", sometimes);
        let alarms = self.false_alarms.iter().map(|alarm| {
            let seeds = alarm.seeds.join(", ");
            format!(
                "{}: {} [{}], seed {seeds}\n      {}",
                alarm.name, alarm.identity, alarm.level, alarm.says
            )
        });
        list(text, "false alarms", alarms);
        let not_judged = self
            .not_judged
            .iter()
            .map(|run| format!("{}, seed {}: {}", run.name, run.seed, run.reason));
        list(text, "not judged", not_judged);
    }

    /// Every spread with its title.
    pub(super) fn spreads(&self) -> [(&'static str, Option<&Spread>); 5] {
        [
            ("requests of the run to the first finding", &self.requests_to_find),
            ("cases of the run to the first finding", &self.cases_to_find),
            ("requests of the property that caught it", &self.requests_of_property),
            ("minimal case: JSON values of the body", &self.nodes),
            ("minimal case: operations", &self.operations),
        ]
        .map(|(title, spread)| (title, spread.as_ref()))
    }
}

fn numbers(spread: Option<&Spread>) -> String {
    spread.map_or("     -     -      -".to_owned(), |spread| {
        format!(
            "{:>6} {:>5} {:>6}  ({})",
            spread.median, spread.percentile_90, spread.worst, spread.worst_of
        )
    })
}

fn list(text: &mut String, title: &str, entries: impl Iterator<Item = String>) {
    let entries: Vec<String> = entries.collect();
    text.push_str(&format!("\n{title}: {}\n", entries.len()));
    for entry in entries {
        text.push_str(&format!("  {entry}\n"));
    }
}
