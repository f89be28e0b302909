//! The summary for documents. What differs from time to time is left out, so
//! that a document is stale only where a number is.

use super::summary::Summary;

impl Summary {
    /// The summary as two tables of Markdown.
    pub fn markdown(&self) -> String {
        let count = |number: usize| number.to_string();
        let share = |share: super::summary::Share| {
            format!("{} of {} ({})", share.caught, share.of, share.percent())
        };
        let subjects = self.subjects;
        let mut text = "| what | how many |\n| --- | ---: |\n".to_owned();
        if self.is_part {
            text.push_str(&format!(
                "| a part of all servers | {} of {} |\n",
                subjects.all(),
                self.of
            ));
        }
        for (what, number) in [
            (
                "must faults caught by a rule that they break",
                share(self.must),
            ),
            (
                "should faults caught by a rule that they break",
                share(self.should),
            ),
            ("faults missed", count(self.missed.len())),
            (
                "faults found only by another rule",
                count(self.elsewhere.len()),
            ),
            (
                "faults caught under some seeds only",
                count(self.sometimes.len()),
            ),
            ("legal variants", count(subjects.variants)),
            ("combinations of variants", count(subjects.combinations)),
            ("false alarms on them", count(self.false_alarms.len())),
            (
                "runs that could not be judged",
                count(self.not_judged.len()),
            ),
            ("seeds", count(self.seeds.len())),
        ] {
            text.push_str(&format!("| {what} | {number} |\n"));
        }
        text.push_str("\n| of a fault | median | 90 % | worst | |\n");
        text.push_str("| --- | ---: | ---: | ---: | --- |\n");
        for (title, spread) in self.spreads() {
            let numbers = spread.map_or(" - | - | - | |".to_owned(), |spread| {
                format!(
                    " {} | {} | {} | `{}` |",
                    spread.median, spread.percentile_90, spread.worst, spread.worst_of
                )
            });
            text.push_str(&format!("| {title} |{numbers}\n"));
        }
        text.push_str(&format!(
            "\nMeasured on catalogue `{}`.\n",
            self.fingerprint
        ));
        text
    }
}

#[cfg(test)]
mod tests {
    use crate::selfcheck::samples;

    #[test]
    fn tables_are_complete_and_without_times() {
        let text = samples::summary().markdown();
        for part in [
            "| must faults caught by a rule that they break | 1 of 3 (33.3 %) |\n",
            "| false alarms on them | 1 |\n",
            "| requests of the run to the first finding | 12 | 12 | 12 | `missing-token-403` |\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        let cells = |line: &str| line.matches('|').count();
        for line in text.lines().filter(|line| line.starts_with('|')) {
            assert!([3, 6].contains(&cells(line)), "{line}");
        }
        assert!(!text.contains("61"), "{text}");
    }
}
