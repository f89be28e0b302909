//! How a run stands to what was accepted before, for people: a few lines.

use super::paint::{Paint, Tone};
use super::printable::printable;
use super::refutation::counted;
use crate::gate::LastLine;
use crate::gate::last_line::Row;
use crate::runner::standing::{Against, Drift};

/// How many lines of one snapshot are shown.
const LINES_MAX: usize = 20;

/// What became of the findings of the baseline; what is gone in a line each,
/// where everything is wanted.
pub(super) fn baseline(against: Option<&Against>, everything: bool) -> String {
    let Some(against) = against else {
        return String::new();
    };
    let mut text = format!(
        "baseline (version {}, seed {}): {} new, {} known, {} gone",
        printable(&against.version),
        printable(&against.seed),
        against.new,
        against.known,
        against.gone.len()
    );
    if !against.not_judged.is_empty() {
        text.push_str(&format!(", {} not judged again", against.not_judged.len()));
    }
    text.push('\n');
    if everything {
        for (word, identities) in [
            ("gone", &against.gone),
            ("not judged again", &against.not_judged),
        ] {
            for identity in identities {
                text.push_str(&format!("{word}  {}\n", printable(identity)));
            }
        }
    }
    text
}

/// What closes the gate beside findings.
pub(super) fn failures<'a>(failures: impl Iterator<Item = &'a str>, paint: Paint) -> String {
    let label = paint.paint(Tone::Bad, "fails");
    let lines = failures.map(|failure| format!("{label}: {}\n", printable(failure)));
    lines.collect()
}

/// The last line, its sentence in the colour of what it says.
pub fn last_line(line: &LastLine, paint: Paint) -> String {
    let tone = match line.row {
        Row::DoesNotConform | Row::GateClosed => Tone::Bad,
        Row::NotJudged | Row::GateOpen => Tone::Doubtful,
        Row::Part | Row::Conforms => Tone::Good,
    };
    format!(
        "{}{}{}: {}\n",
        printable(&line.subject),
        paint.paint(tone, line.sentence),
        printable(&line.because),
        printable(&line.tail)
    )
}

/// Where a run differs from the accepted snapshots.
pub(super) fn drift(drift: &[Drift], paint: Paint) -> String {
    let mut text = String::new();
    for one in drift {
        let differs = if one.accepted {
            "drift from"
        } else {
            "no accepted"
        };
        text.push_str(&format!("{differs} {}.snap\n", printable(&one.snapshot)));
        let removed = one.removed.iter().map(|line| (Tone::Bad, '-', line));
        let added = one.added.iter().map(|line| (Tone::Good, '+', line));
        for (tone, sign, line) in removed.chain(added).take(LINES_MAX) {
            let line = paint.paint(tone, &format!("{sign} {}", printable(line)));
            text.push_str(&format!("  {line}\n"));
        }
        let lines = one.removed.len() + one.added.len();
        let left = lines.saturating_sub(LINES_MAX) + one.left_out;
        if left > 0 {
            text.push_str(&format!("  {}\n", counted(left as u64, "more line")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baseline_is_a_line_and_what_is_gone_one_each_where_it_is_wanted() {
        let mut against = Against {
            seed: "1".to_owned(),
            version: "0.1.0".to_owned(),
            new: 1,
            known: 2,
            gone: vec!["a · B-1 · c".to_owned()],
            not_judged: Vec::new(),
        };
        assert_eq!(baseline(None, true), "");
        assert_eq!(
            baseline(Some(&against), false),
            "baseline (version 0.1.0, seed 1): 1 new, 2 known, 1 gone\n"
        );
        against.not_judged = vec!["d · E-1 · f".to_owned()];
        assert_eq!(
            baseline(Some(&against), true),
            "baseline (version 0.1.0, seed 1): 1 new, 2 known, 1 gone, 1 not judged again\n\
             gone  a · B-1 · c\nnot judged again  d · E-1 · f\n"
        );
    }

    #[test]
    fn drift_is_shown_line_by_line_up_to_a_bound() {
        let one = Drift {
            snapshot: "open".to_owned(),
            accepted: true,
            added: vec!["x: 200".to_owned(); LINES_MAX],
            removed: vec!["x: \u{1b}404".to_owned()],
            left_out: 3,
        };
        let text = drift(&[one], Paint::default());
        assert!(
            text.starts_with("drift from open.snap\n  - x: \\u{1b}404\n  + x: 200\n"),
            "{text}"
        );
        assert_eq!(text.lines().count(), LINES_MAX + 2);
        assert!(text.ends_with("\n  4 more lines\n"), "{text}");
    }
}
