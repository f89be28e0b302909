//! The last line of `compare`.
//!
//! | first row that fits                            | the line says          |
//! |------------------------------------------------|------------------------|
//! | a new finding counts                           | breaks what … did not  |
//! | other answers or shapes, and that fails        | gate closed, but for no breach |
//! | a side could not be judged                     | could not be compared (why) |
//! | anything else                                  | nothing that counts is new |

use super::{counted, cut, one_line};
use crate::gate::account::Account;
use crate::gate::comparison::{Comparison, Verdict};
use crate::gate::decision::Decision;

/// The last line of a comparison that came to that decision.
pub fn line(
    baseline: &Account,
    candidate: &Account,
    comparison: &Comparison,
    decision: Decision,
    strict: bool,
) -> String {
    let (before, now) = (one_line(&baseline.target), one_line(&candidate.target));
    let shapes = comparison.shapes.new.len() + comparison.shapes.gone.len();
    let drift = format!(
        "{} and {} differ",
        counted(comparison.open.len(), "open answer"),
        counted(shapes, "shape")
    );
    let head = match decision {
        Decision::Violates if comparison.has_new_breach(strict) => {
            format!("{now} breaks what {before} did not")
        }
        Decision::Violates => format!("{now}: gate closed, but for no breach ({drift})"),
        Decision::Unjudged => {
            let mut reasons = comparison.unjudged.iter();
            let reason = reasons
                .next()
                .map_or_else(String::new, |reason| cut(reason));
            let more = match reasons.count() {
                0 => String::new(),
                more => format!("; {}", counted(more, "more reason")),
            };
            format!("{now} could not be compared ({reason}{more})")
        }
        Decision::Conforms => format!("{now}: nothing that counts is new"),
    };
    let count = |verdict| comparison.count(verdict);
    let new = comparison.rules.iter().map(|rule| rule.new.len());
    format!(
        "{head}: {} in {}, {} fixed, {} still failing, {} inconclusive; {drift}; exit code {}",
        counted(new.sum(), "new finding"),
        counted(count(Verdict::NewFailure), "new failure"),
        count(Verdict::Fixed),
        count(Verdict::StillFailing),
        count(Verdict::Inconclusive),
        decision.exit_code()
    )
}
