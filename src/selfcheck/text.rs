//! The summary for people.

use super::blame::Shortfall;
use super::spread::Spread;
use super::summary::Summary;

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
        let verdict = if self.passed { "passed" } else { "failed" };
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
        let part = if self.is_part {
            format!(" ({} of {} servers)", subjects.all(), self.of)
        } else {
            String::new()
        };
        format!(
            "faults {}, variants {}, combinations of variants {}{part}\n\
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
            (
                "requests of the run to the first finding",
                &self.requests_to_find,
            ),
            ("cases of the run to the first finding", &self.cases_to_find),
            (
                "requests of the property that caught it",
                &self.requests_of_property,
            ),
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

#[cfg(test)]
mod tests {
    use crate::selfcheck::samples;

    #[test]
    fn every_list_says_who_and_why() {
        let text = samples::summary().text();
        for part in [
            "faults 4, variants 2, combinations of variants 0 (6 of 100 servers)\n48 cases ",
            "  must      1 of 3      33.3 %\n",
            "  should    0 of 1       0.0 %\n",
            "\nmissed: 1\n  missing-token-400 [must SES-2]: a missing CSRF token is answered 400\n",
            "\nfound only by another rule: 1\n  empty-token-accepted [must SES-3 SES-13]: ",
            "\n      session/missing-token · SES-2 · no token [must]\n",
            "\n  1 of 2 seeds: stack-trace [should ERR-2]: ",
            "\nfalse alarms: 1\n  chunked: session/missing-token · SES-2 · no token [must], seed ",
            "\nnot judged: 1\n  version-7, seed 0000000000000001: no session\n",
            "  requests of the run to the first finding     12    12     12  (missing-token-403)\n",
            "\nfailed after 61.0 s; slowest: missing-token-403 1.2 s, ",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
