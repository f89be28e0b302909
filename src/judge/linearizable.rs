//! Whether some one-after-another order explains a history of concurrent
//! operations: the algorithm of Wing and Gong with Lowe's improvements. It
//! walks the calls and returns in the order of time, takes one pending
//! operation after the other as the next one, and goes back when a return is
//! met that no order allows; what it has been through once (the same set of
//! operations taken, the same state) it does not go through again.

use std::collections::HashMap;
use std::time::Duration;

/// When an operation was called and when it returned, on one clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// When it was called.
    pub called: Duration,
    /// When it returned.
    pub returned: Duration,
}

/// What the search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explanation {
    /// Some order explains everything.
    Found,
    /// None does.
    None,
    /// The bound was hit before either was known.
    Unknown,
}

/// More operations than a set of bits holds are not searched.
const MOST_OPERATIONS: usize = 64;

/// Looks for an order of the operations that does not contradict their
/// intervals, begins at `start`, and in which `step` allows each: it answers
/// the state after an operation that is taken as the next one, or `None` where
/// what was seen of it is impossible there. At most `bound` steps are tried.
pub fn explain<S: Clone + PartialEq>(
    intervals: &[Interval],
    start: S,
    mut step: impl FnMut(&S, usize) -> Option<S>,
    bound: usize,
) -> Explanation {
    if intervals.len() > MOST_OPERATIONS {
        return Explanation::Unknown;
    }
    let mut pending = Pending::new(intervals);
    let mut seen: HashMap<u64, Vec<S>> = HashMap::new();
    let mut taken: Vec<(usize, S)> = Vec::new();
    let (mut set, mut state) = (0_u64, start);
    let mut steps = 0;
    let mut at = pending.first();
    while let Some(event) = at {
        let back = match pending.events[event] {
            Event::Call(operation) => {
                if steps == bound {
                    return Explanation::Unknown;
                }
                steps += 1;
                let with = set | 1 << operation;
                let next = step(&state, operation).filter(|next| {
                    let states = seen.entry(with).or_default();
                    let new = !states.contains(next);
                    if new {
                        states.push(next.clone());
                    }
                    new
                });
                match next {
                    Some(next) => {
                        taken.push((operation, std::mem::replace(&mut state, next)));
                        set = with;
                        pending.take(operation);
                        at = pending.first();
                    }
                    None => at = pending.next[event],
                }
                continue;
            }
            Event::Return => taken.pop(),
        };
        let Some((operation, before)) = back else {
            return Explanation::None;
        };
        state = before;
        set &= !(1 << operation);
        pending.put_back(operation);
        at = pending.next[pending.calls[operation]];
    }
    Explanation::Found
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Call(usize),
    Return,
}

/// The calls and returns that are not explained yet: a list in the order of
/// time, from which an operation is taken out and put back in one step each.
#[derive(Debug)]
struct Pending {
    events: Vec<Event>,
    next: Vec<Option<usize>>,
    previous: Vec<Option<usize>>,
    first: Option<usize>,
    /// Where the call and the return of each operation stand.
    calls: Vec<usize>,
    returns: Vec<usize>,
}

impl Pending {
    fn new(intervals: &[Interval]) -> Self {
        // What happens at one moment counts as concurrent: calls come first.
        let mut order: Vec<(Duration, bool, usize)> = intervals
            .iter()
            .enumerate()
            .flat_map(|(number, interval)| {
                [
                    (interval.called, false, number),
                    (interval.returned, true, number),
                ]
            })
            .collect();
        order.sort_unstable();
        let length = order.len();
        let mut pending = Self {
            events: Vec::with_capacity(length),
            next: (1..=length).map(|at| (at < length).then_some(at)).collect(),
            previous: (0..length).map(|at| at.checked_sub(1)).collect(),
            first: (length > 0).then_some(0),
            calls: vec![0; intervals.len()],
            returns: vec![0; intervals.len()],
        };
        for (at, (_, is_return, operation)) in order.into_iter().enumerate() {
            if is_return {
                pending.returns[operation] = at;
                pending.events.push(Event::Return);
            } else {
                pending.calls[operation] = at;
                pending.events.push(Event::Call(operation));
            }
        }
        pending
    }

    const fn first(&self) -> Option<usize> {
        self.first
    }

    fn take(&mut self, operation: usize) {
        self.unlink(self.calls[operation]);
        self.unlink(self.returns[operation]);
    }

    /// Undoes the latest [`Self::take`] that was not undone.
    fn put_back(&mut self, operation: usize) {
        self.link(self.returns[operation]);
        self.link(self.calls[operation]);
    }

    fn unlink(&mut self, at: usize) {
        match self.previous[at] {
            Some(previous) => self.next[previous] = self.next[at],
            None => self.first = self.next[at],
        }
        if let Some(next) = self.next[at] {
            self.previous[next] = self.previous[at];
        }
    }

    /// An unlinked event still knows its neighbours.
    fn link(&mut self, at: usize) {
        match self.previous[at] {
            Some(previous) => self.next[previous] = Some(at),
            None => self.first = Some(at),
        }
        if let Some(next) = self.next[at] {
            self.previous[next] = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An operation of a register.
    #[derive(Clone, Copy, Debug)]
    enum Operation {
        Write(u8),
        Read(u8),
    }
    use Operation::{Read, Write};

    fn interval(called: u64, returned: u64) -> Interval {
        Interval {
            called: Duration::from_nanos(called),
            returned: Duration::from_nanos(returned),
        }
    }

    fn apply(state: u8, operation: Operation) -> Option<u8> {
        match operation {
            Write(value) => Some(value),
            Read(value) => (value == state).then_some(state),
        }
    }

    fn searched(history: &[(u64, u64, Operation)]) -> Explanation {
        let intervals: Vec<_> = history
            .iter()
            .map(|(called, returned, _)| interval(*called, *returned))
            .collect();
        explain(
            &intervals,
            0,
            |state, number| apply(*state, history[number].2),
            10_000,
        )
    }

    /// Every order, one after the other.
    fn tried(history: &[(u64, u64, Operation)]) -> Explanation {
        fn go(history: &[(u64, u64, Operation)], taken: &mut Vec<usize>, state: u8) -> bool {
            taken.len() == history.len()
                || (0..history.len()).any(|number| {
                    let (called, _, operation) = history[number];
                    let open = !taken.contains(&number)
                        && (0..history.len()).all(|other| {
                            taken.contains(&other) || other == number || history[other].1 >= called
                        });
                    open && apply(state, operation).is_some_and(|state| {
                        taken.push(number);
                        let found = go(history, taken, state);
                        taken.pop();
                        found
                    })
                })
        }
        if go(history, &mut Vec::new(), 0) {
            Explanation::Found
        } else {
            Explanation::None
        }
    }

    #[test]
    fn the_textbook_histories() {
        use Explanation::{Found, None};
        for (history, expected) in [
            (&[][..], Found),
            (&[(0, 9, Write(1)), (2, 3, Read(0)), (4, 5, Read(1))], Found),
            (&[(0, 9, Write(1)), (2, 3, Read(1)), (4, 5, Read(0))], None),
            (&[(0, 1, Write(1)), (2, 3, Read(0))], None),
            (
                &[(0, 2, Write(1)), (1, 3, Write(2)), (4, 5, Read(1))],
                Found,
            ),
            (&[(0, 1, Write(1)), (2, 3, Write(2)), (4, 5, Read(1))], None),
        ] {
            assert_eq!(searched(history), expected, "{history:?}");
        }
    }

    #[test]
    fn a_bound_that_is_hit_refutes_nothing() {
        let intervals = [interval(0, 1), interval(2, 3)];
        let never = |_: &u8, _| None;
        assert_eq!(explain(&intervals, 0, never, 1), Explanation::None);
        assert_eq!(explain(&intervals, 0, never, 0), Explanation::Unknown);
        let many = [interval(0, 1); 65];
        assert_eq!(explain(&many, 0, never, 100), Explanation::Unknown);
    }

    proptest! {
        #[test]
        fn it_agrees_with_trying_every_order(
            history in proptest::collection::vec(
                (0_u64..12, 0_u64..12, any::<bool>(), 0_u8..3).prop_map(
                    |(called, took, writes, value)| {
                        let operation = if writes { Write(value) } else { Read(value) };
                        (called, called + took, operation)
                    },
                ),
                0..7,
            )
        ) {
            prop_assert_eq!(searched(&history), tried(&history));
        }
    }
}
