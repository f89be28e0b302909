//! A number that every run has one of, shown by three of them.

use serde::Serialize;

/// The middle, the upper end and the worst of many numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// Half of them are no larger.
    pub median: u64,
    /// Nine of ten are no larger.
    pub percentile_90: u64,
    /// None is larger.
    pub worst: u64,
    /// Whose the worst is; the first where several share it.
    pub worst_of: String,
}

impl Spread {
    /// The spread of named numbers; `None` where there are none.
    pub fn of<'a>(numbers: impl IntoIterator<Item = (&'a str, u64)>) -> Option<Self> {
        let mut numbers: Vec<(&str, u64)> = numbers.into_iter().collect();
        // Stable: of those that share the worst, the first stays the first.
        numbers.sort_by_key(|(_, number)| *number);
        let (_, worst) = *numbers.last()?;
        let first = numbers.iter().find(|(_, number)| *number == worst)?;
        Some(Self {
            median: ranked(&numbers, 50),
            percentile_90: ranked(&numbers, 90),
            worst,
            worst_of: first.0.to_owned(),
        })
    }
}

/// By nearest rank: the smallest number that so many percent do not exceed.
fn ranked(sorted: &[(&str, u64)], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted[rank - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[u64]) -> Option<(u64, u64, u64)> {
        let spread = Spread::of(numbers.iter().map(|number| ("x", *number)))?;
        Some((spread.median, spread.percentile_90, spread.worst))
    }

    #[test]
    fn ranks_are_numbers_that_occur() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[3]), Some((3, 3, 3)));
        assert_eq!(of(&[4, 1]), Some((1, 4, 4)));
        assert_eq!(of(&[10, 2, 9, 4, 5, 6, 7, 8, 3, 1]), Some((5, 9, 10)));
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!(of(&hundred), Some((50, 90, 100)));
        let more: Vec<u64> = (1..=101).collect();
        assert_eq!(of(&more), Some((51, 91, 101)));
    }

    #[test]
    fn the_first_of_the_worst_is_named() {
        let spread = Spread::of([("a", 1), ("b", 5), ("c", 5)]).expect("some");
        assert_eq!(spread.worst_of, "b");
    }
}
