//! One part of a run's cases, so that several machines can share a run: the
//! shards of one seed draw together exactly what one run draws.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The `number`th of `of` parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    of: usize,
}

/// A text that names no shard.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no shard; accepted: K/N, such as `1/3`, with K from 1 to N and N up to {MOST}")]
pub struct NoShard(String);

/// Why a property of which a part has no case is not asked there.
pub(crate) const ELSEWHERE: &str = "its cases are in other shards";

/// More parts than a run has batches of cases are of no use to anyone.
const MOST: usize = 1000;

impl Shard {
    /// The whole run.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Which part it is, from 1 on.
    pub const fn number(self) -> usize {
        self.number
    }

    /// How many parts there are.
    pub const fn of(self) -> usize {
        self.of
    }

    /// Whether the batch of that number, counted from 0 through the whole run,
    /// is of this part.
    pub const fn holds(self, batch: usize) -> bool {
        batch % self.of == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let wrong = || NoShard(text.to_owned());
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let parse = |part: &str| part.parse().map_err(|_| wrong());
        let (number, of) = (parse(number)?, parse(of)?);
        if (1..=of).contains(&number) && of <= MOST {
            Ok(Self { number, of })
        } else {
            Err(wrong())
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_batch_is_in_exactly_one_part() {
        for of in 1..8 {
            for batch in 0..50 {
                let holding = (1..=of).filter(|number| {
                    let shard: Shard = format!("{number}/{of}").parse().expect("a shard");
                    shard.holds(batch)
                });
                assert_eq!(holding.count(), 1, "{batch} of {of}");
            }
        }
        assert!((0..9).all(|batch| Shard::WHOLE.holds(batch)));
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        for text in [
            "", "1", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "1/1001", "a/b",
        ] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!(
            "2/3".parse::<Shard>().map(|shard| shard.to_string()),
            Ok("2/3".to_owned())
        );
    }
}
