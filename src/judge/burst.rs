//! Concurrent updates of one workgroup against every order in which they could
//! have been applied (EFF-10).

use std::cell::Cell;

use super::finding::{FindingKind, Verdict};
use super::linearizable::{Explanation, Interval, explain};
use super::page::Page;
use super::state::{equal_values, first_change};
use super::{AnswerBody, Circumstances, Seen, answer, state, status, success};
use crate::client::exchange::Answer;
use crate::contract::rules;
use crate::oracle::{Expectation, IdRegime, Stored};

/// How many steps of the search are tried: as many as six updates and a read-back can
/// need, which is every beginning of every order. Larger bursts should not meet.
const BOUND: usize = 3_000;

/// One answered update of a burst.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The answer.
    pub answer: &'a Answer,
    /// When it was sent and when its answer was there.
    pub interval: Interval,
}

/// What became of a burst.
#[derive(Clone, Debug)]
pub struct BurstVerdict {
    /// What each answer breaks by itself, in the order of the updates.
    pub answers: Vec<Verdict>,
    /// What they break together.
    pub together: Verdict,
    /// Why their order could not be judged, if it could not.
    pub undecided: Option<Undecided>,
}

/// Why the order of a burst could not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// What the target does is its own to choose, and leaves nothing to judge.
    Open(&'static str),
    /// Anything else.
    Otherwise(&'static str),
}

/// Judges a burst: `before` was read back before the first update was sent,
/// `after` once the last was answered; `expected` says what an update deserves
/// where the workgroup holds that.
pub fn judge_burst(
    updates: &[Answered<'_>],
    (before, after): (&[Stored], &[Stored]),
    expected: &dyn Fn(usize, &[Stored]) -> Expectation,
    circumstances: &Circumstances<'_>,
) -> BurstVerdict {
    let mut verdict = BurstVerdict {
        answers: Vec::new(),
        together: Verdict::new("concurrent updates".to_owned(), 200),
        undecided: None,
    };
    let of_before = |number: usize| expected(number, before);
    for (number, update) in updates.iter().enumerate() {
        let alone = judge_alone(&of_before(number), update.answer, circumstances);
        verdict.answers.push(alone);
    }
    state::examine_invariants(before, after, circumstances, &mut verdict.together);
    verdict.together.checked = vec![rules::EFF_8];
    if !updates
        .iter()
        .all(|update| is_documented(update.answer.status))
    {
        verdict.undecided = Some(Undecided::Otherwise(
            "an update of the burst was answered otherwise than alone",
        ));
        return verdict;
    }
    let mut intervals: Vec<Interval> = updates.iter().map(|update| update.interval).collect();
    // The read-back is the last operation.
    let end = intervals.iter().map(|interval| interval.returned).max();
    let end = end.unwrap_or_default();
    intervals.push(Interval {
        called: end + std::time::Duration::from_nanos(1),
        returned: end + std::time::Duration::from_nanos(2),
    });
    let ambiguous = Cell::new(false);
    let step = |stored: &Vec<Stored>, number: usize| -> Option<Vec<Stored>> {
        let Some(update) = updates.get(number) else {
            return is_read_as(stored, before, after).then(|| stored.clone());
        };
        let expectation = expected(number, stored);
        let status = update.answer.status;
        let legal = expectation
            .legal()
            .iter()
            .any(|kind| kind.status() == status);
        match (legal, status, &expectation.effect) {
            (false, ..) => None,
            (true, 200, Some(effect)) => {
                let unsure = effect.ambiguous || !effect.unsure.is_empty();
                ambiguous.set(ambiguous.get() || unsure);
                Some(effect.apply(stored))
            }
            (true, ..) => Some(stored.clone()),
        }
    };
    verdict.together.check(rules::EFF_10);
    match explain(&intervals, before.to_vec(), step, BOUND) {
        Explanation::Found => {}
        Explanation::None if reuses_ids(updates.len(), &of_before, circumstances) => {
            verdict.undecided = Some(Undecided::Open(
                "the server gives ids, perhaps those of removed objects",
            ));
        }
        Explanation::None if ambiguous.get() => {
            verdict.undecided = Some(Undecided::Open(
                "what concurrent updates do to one id is open (EFF-7)",
            ));
        }
        Explanation::Unknown => {
            verdict.undecided = Some(Undecided::Otherwise(
                "too many orders of the concurrent updates to try",
            ));
        }
        Explanation::None => {
            let in_order = (0..updates.len())
                .try_fold(before.to_vec(), |stored, number| step(&stored, number));
            let instead = match in_order {
                Some(stored) => first_change(&stored, after),
                None => first_change(before, after),
            };
            refute_order(updates, &instead, &mut verdict.together);
        }
    }
    verdict
}

/// EFF-10: `instead` says how what was left differs from the order of sending.
fn refute_order(updates: &[Answered<'_>], instead: &str, verdict: &mut Verdict) {
    let statuses = updates.iter();
    let statuses: Vec<String> = statuses
        .map(|update| update.answer.status.to_string())
        .collect();
    verdict.refute(
        rules::EFF_10,
        FindingKind::State,
        "no one-after-another order explains what concurrent updates were answered and left",
        "answers and a state that some order explains",
        format!(
            "{} updates at once, answered {}; compared with the order of sending: {instead}",
            updates.len(),
            statuses.join(", "),
        ),
    );
}

/// What an answer of a burst says by itself, whatever the others did.
fn judge_alone(
    expectation: &Expectation,
    answer: &Answer,
    circumstances: &Circumstances<'_>,
) -> Verdict {
    let mut alone =
        Verdict::new(expectation.cause(), answer.status).objecting(expectation.objection());
    let body = AnswerBody::read(answer);
    alone = alone.about_page(Page::of(answer, &body));
    answer::examine(expectation, answer, &body, circumstances, &mut alone);
    // No order makes another status right: it is a matter of its own.
    if !is_documented(answer.status) {
        status::examine(expectation, answer, &body, circumstances, &mut alone);
    }
    if answer.status == 200 {
        // What was read back holds the other updates' objects as well.
        success::examine(expectation, &body, Seen::NOTHING, &mut alone);
    }
    // Which answers came depends on how the updates met: what is counted must
    // not, so that a run can be repeated.
    alone.checked.clear();
    alone
}

/// Whether an update in order may be answered so, alone or among others.
const fn is_documented(status: u16) -> bool {
    matches!(status, 200 | 400 | 404)
}

/// Whether an id may mean a removed object first and an added one then: where
/// the server gives the ids.
fn reuses_ids(
    updates: usize,
    of_before: &dyn Fn(usize) -> Expectation,
    circumstances: &Circumstances<'_>,
) -> bool {
    let effects = || (0..updates).filter_map(|number| of_before(number).effect);
    circumstances.ids != IdRegime::Client
        && effects().any(|effect| !effect.added.is_empty())
        && effects().any(|effect| !effect.removed.is_empty())
}

/// Whether a read-back shows what the model holds. Objects that were there
/// before have their ids; those that were added are found by their address,
/// for the server may have given them ids of its own (EFF-7).
fn is_read_as(model: &[Stored], before: &[Stored], after: &[Stored]) -> bool {
    model.len() == after.len()
        && model.iter().all(|object| {
            let old = before.iter().any(|known| known.id == object.id);
            after.iter().any(|read| {
                let meant = if old {
                    read.id == object.id
                } else {
                    read.text("emailAddress") == object.text("emailAddress")
                };
                meant && equal_values(object, read)
            })
        })
}
