//! Everything derives from one printed seed: each case from a hash of the run's
//! seed, its property and its index, so that adding a property, a case or a
//! thread changes no other case.

use std::fmt;
use std::str::FromStr;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use thiserror::Error;

/// The seed of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

/// A text that is no seed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "`{0}` is no seed: accepted are up to 16 hexadecimal digits, such as `1f` or `00c0ffee00c0ffee`"
)]
pub struct NoSeed(String);

impl Seed {
    /// A seed that nobody chose.
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// The seed of that number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The seed that many after this one; the first follows the last.
    #[must_use]
    pub const fn after(self, by: u64) -> Self {
        Self(self.0.wrapping_add(by))
    }

    /// The runner that draws case `index` of a property. Every setting is
    /// stated here: proptest's defaults read the environment.
    pub fn runner(self, property: &str, index: usize) -> TestRunner {
        let mut bytes = [0; 32];
        for (part, chunk) in bytes.chunks_exact_mut(8).enumerate() {
            chunk.copy_from_slice(&self.hash(property, index, part).to_le_bytes());
        }
        let config = Config {
            cases: 1,
            failure_persistence: None,
            source_file: None,
            ..Config::with_source_file("")
        };
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    /// What decides in which form case `index` of a property is sent.
    pub fn form(self, property: &str, index: usize) -> u64 {
        self.hash(property, index, 4)
    }

    /// FNV-1a over the parts, finished as in splitmix64.
    fn hash(self, property: &str, index: usize, part: usize) -> u64 {
        let index = index.to_le_bytes();
        let part = part.to_le_bytes();
        let seed = self.0.to_le_bytes();
        let bytes = seed
            .iter()
            .chain(property.as_bytes())
            .chain(&index)
            .chain(&part);
        let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^ (hash >> 31)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

impl FromStr for Seed {
    type Err = NoSeed;

    fn from_str(text: &str) -> Result<Self, NoSeed> {
        let digits = !text.is_empty()
            && text.len() <= 16
            && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(text, 16)
            .ok()
            .filter(|_| digits)
            .map(Self)
            .ok_or_else(|| NoSeed(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;

    #[test]
    fn a_seed_reads_back_as_printed() {
        assert_eq!("00000000000000ff".parse(), Ok(Seed::new(255)));
        assert_eq!(Seed::new(255).to_string(), "00000000000000ff");
        for wrong in ["", "xyz", "+1", "00000000000000000"] {
            assert!(wrong.parse::<Seed>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn seeds_follow_each_other_without_an_end() {
        assert_eq!(Seed::new(7).after(2), Seed::new(9));
        assert_eq!(Seed::new(u64::MAX).after(1), Seed::new(0));
    }

    #[test]
    fn the_same_place_draws_the_same_and_another_draws_another() {
        let draw = |seed: u64, property: &str, index: usize| {
            any::<u64>()
                .new_tree(&mut Seed::new(seed).runner(property, index))
                .expect("a number")
                .current()
        };
        assert_eq!(draw(1, "a/b", 3), draw(1, "a/b", 3));
        assert_ne!(draw(1, "a/b", 3), draw(1, "a/b", 4));
        assert_ne!(draw(1, "a/b", 3), draw(1, "a/c", 3));
        assert_ne!(draw(1, "a/b", 3), draw(2, "a/b", 3));
    }
}
