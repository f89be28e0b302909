//! What came of sending one case again, for people.

use crate::contract::RuleId;
use crate::gate::Decision;
use crate::gate::last_line::replay::ReplayLine;
use crate::runner::Finding;
use crate::runner::replay::{Again, Replayed, Says, Try};

use super::paint::{Paint, Tone};
use super::printable::printable;
use super::refutation::{counted, seen_again};
use super::replay_file::ReplayFile;
use super::terminal::Verbosity;

/// What is replayed, and where: what is shown before anything is sent.
pub fn opening(file: &ReplayFile, again: &Again, embedded: bool) -> String {
    let profile = &again.profile;
    let kind = if embedded { " (embedded)" } else { "" };
    let mut text = format!(
        "replay   {}\nfound    on {} at {}, seed {}\nsent to  {}{kind} at {}, {}\n",
        printable(&file.identity()),
        printable(&file.target.name),
        printable(&file.target.base_url),
        printable(&file.seed),
        printable(&profile.name),
        profile.base_url.as_str().trim_end_matches('/'),
        counted(again.times.into(), "time"),
    );
    if file.target.name != profile.name {
        text.push_str(&format!(
            "note: the finding is of `{}`, this target is `{}`\n",
            printable(&file.target.name),
            printable(&profile.name)
        ));
    }
    text.push('\n');
    text
}

/// One sending as one line.
pub fn line(number: usize, one: &Try, rule: RuleId, paint: Paint) -> String {
    let statuses: Vec<_> = one.statuses.iter().map(ToString::to_string).collect();
    let answered = if statuses.is_empty() {
        String::new()
    } else {
        format!("answered {}", statuses.join(", "))
    };
    let (tone, word, mut says) = match &one.says {
        Says::Clean => (Tone::Good, "clean", answered),
        Says::Same => (Tone::Bad, "fails", format!("{answered}; {rule} is broken")),
        Says::Otherwise => (
            Tone::Bad,
            "fails",
            format!("{answered}; {rule} is not broken"),
        ),
        Says::Unclear(reason) => (Tone::Doubtful, "unclear", printable(reason.as_ref())),
    };
    let others = others(std::slice::from_ref(one), rule);
    if !others.is_empty() {
        let rules = others
            .iter()
            .map(|other| format!("{} ({})", other.rule, other.level));
        let rules: Vec<_> = rules.collect();
        says.push_str(&format!("; something else seen: {}", rules.join(", ")));
    }
    let says = says.trim_start_matches("; ");
    let word = paint.paint(tone, &format!("{word:<7}"));
    format!("{number:>3}  {word}  {says}\n")
}

/// Everything that follows the last sending.
pub fn ending(
    replayed: &Replayed,
    rule: RuleId,
    line: &ReplayLine,
    verbosity: Verbosity,
    paint: Paint,
) -> String {
    let tries = &replayed.tries;
    let mut parts = Vec::new();
    let mut all = tries.iter().flat_map(|one| &one.findings);
    if let Some(finding) = all.find(|finding| finding.rule == rule) {
        parts.push(seen_again(finding, verbosity, paint));
    }
    for finding in others(tries, rule) {
        let label = paint.paint(Tone::Doubtful, "something else seen");
        parts.push(format!(
            "{label}\n{}",
            seen_again(finding, verbosity, paint)
        ));
    }
    let mut text = String::new();
    if replayed.target.accept_invalid {
        text.push_str("note: the target's certificate was not verified (tls.accept_invalid)\n");
    }
    for note in &replayed.notes {
        text.push_str(&format!("note: {}\n", printable(note.as_ref())));
    }
    parts.push(text);
    parts.push(last_line(line, paint));
    parts.retain(|part| !part.is_empty());
    format!("\n{}", parts.join("\n"))
}

/// The last line, its verdict in the colour of what it says.
pub fn last_line(line: &ReplayLine, paint: Paint) -> String {
    let tone = match line.decision {
        Decision::Conforms => Tone::Good,
        Decision::Violates => Tone::Bad,
        Decision::Unjudged => Tone::Doubtful,
    };
    format!(
        "{}{}\n",
        paint.paint(tone, line.word),
        printable(&line.rest)
    )
}

/// The first finding of each other rule.
fn others(tries: &[Try], rule: RuleId) -> Vec<&Finding> {
    let mut others: Vec<&Finding> = Vec::new();
    for finding in tries.iter().flat_map(|one| &one.findings) {
        if finding.rule != rule && others.iter().all(|known| known.rule != finding.rule) {
            others.push(finding);
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules;
    use crate::report::samples;
    use crate::runner::outcome::TargetReport;
    use crate::runner::replay::Verdict;

    fn one(says: Says) -> Try {
        let findings = match says {
            Says::Same => vec![samples::violation(), samples::warning()],
            Says::Otherwise => vec![samples::warning()],
            Says::Clean | Says::Unclear(_) => Vec::new(),
        };
        Try {
            statuses: vec![401],
            says,
            findings,
        }
    }

    fn ended(tries: Vec<Try>) -> String {
        let replayed = Replayed {
            target: TargetReport {
                accept_invalid: false,
                ..samples::conforming().target
            },
            verdict: Verdict::of(&tries),
            tries,
            requests: 1,
            notes: vec!["a note".into()],
        };
        let line = ReplayLine::of(replayed.verdict, &replayed.tries, rules::SES_2);
        ending(
            &replayed,
            rules::SES_2,
            &line,
            Verbosity::Normal,
            Paint::default(),
        )
    }

    #[test]
    fn the_verdict_says_what_it_rests_on() {
        let unclear = || Says::Unclear("no session".into());
        for (says, expected) in [
            (
                vec![Says::Clean, Says::Clean],
                "\nFIXED: SES-2 shows in none of 2, ",
            ),
            (
                vec![Says::Same, Says::Same],
                "\nFAILS: SES-2 shows in 2 of 2, ",
            ),
            (
                vec![Says::Same, Says::Clean],
                "\nFLAKY: SES-2 shows in 1 of 2, ",
            ),
            (
                vec![Says::Same, unclear()],
                "\nFLAKY: SES-2 shows in 1 of 2, ",
            ),
            (vec![Says::Clean, unclear()], "\nCANNOT JUDGE: no session, "),
            (
                vec![Says::Otherwise, Says::Otherwise],
                "\nFAILS: SES-2 no longer shows, but something else in 2 of 2, ",
            ),
            (Vec::new(), "\nCANNOT JUDGE: it was interrupted, "),
        ] {
            let text = ended(says.into_iter().map(one).collect());
            assert!(text.contains(expected), "{expected}: {text}");
            assert!(text.contains(", exit code ") && text.contains("note: a note\n"));
        }
    }

    #[test]
    fn what_fails_is_shown_as_in_a_run_and_what_else_is_seen_too() {
        let text = ended(vec![one(Says::Same), one(Says::Same)]);
        assert_eq!(text.matches("SES-2 (must): ").count(), 1, "{text}");
        assert!(
            text.contains("\n  legal      401 with an error body\n"),
            "{text}"
        );
        assert!(
            text.contains("\nsomething else seen\nERR-2 (should): "),
            "{text}"
        );
    }

    #[test]
    fn each_sending_is_one_line() {
        let shown = |says| line(2, &one(says), rules::SES_2, Paint::default());
        assert_eq!(shown(Says::Clean), "  2  clean    answered 401\n");
        assert_eq!(
            shown(Says::Same),
            "  2  fails    answered 401; SES-2 is broken; something else seen: ERR-2 (should)\n"
        );
        assert_eq!(
            shown(Says::Unclear("no session".into())),
            "  2  unclear  no session\n"
        );
    }
}
