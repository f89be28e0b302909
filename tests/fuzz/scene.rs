//! What happens in one run, drawn from its seed.

use std::collections::BTreeSet;

use icws_conformance::suites;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::calls::Call;

/// What is done to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Some of its bytes are changed, doubled or left out.
    Bytes,
    /// Its status or its headers are.
    Head,
    /// Parts of its JSON are.
    Tree,
    /// Something else comes in its place.
    Noise,
    /// What the client sent, secrets included, stands in it.
    Echo,
    /// It comes late, in pieces, or only in part.
    Time,
}

impl Way {
    pub(crate) const ALL: [Self; 6] = [
        Self::Bytes,
        Self::Head,
        Self::Tree,
        Self::Noise,
        Self::Echo,
        Self::Time,
    ];

    /// That of the run with that seed.
    pub(crate) fn of(seed: u64) -> Self {
        Self::ALL[(seed % Self::ALL.len() as u64) as usize]
    }

    /// The name of its trial.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Head => "head",
            Self::Tree => "tree",
            Self::Noise => "noise",
            Self::Echo => "echo",
            Self::Time => "time",
        }
    }
}

/// Everything that is drawn before a run begins.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    /// The seed of the run.
    pub(crate) seed: u64,
    /// What is done to answers.
    pub(crate) way: Way,
    /// The number of the first answer that it is done to.
    pub(crate) from: u64,
    /// To one answer in so many.
    pub(crate) one_in: u64,
    /// To answers to this call alone.
    pub(crate) only_to: Option<Call>,
    /// The properties that are run.
    pub(crate) properties: BTreeSet<&'static str>,
    /// How many cases those that draw freely have.
    pub(crate) cases: u32,
    /// How many requests may be under way at once.
    pub(crate) concurrency: u32,
}

impl Scene {
    /// That of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let only_to = match random.random_range(0..10) {
            0..4 => None,
            4..7 => Some(Call::Update),
            _ => Call::ALL.choose(&mut random).copied(),
        };
        // What is not about cases is mostly asked at the beginning.
        let latest = match only_to {
            None | Some(Call::Update | Call::ReadBack) => 60,
            Some(_) => 10,
        };
        let from = match random.random_range(0..5) {
            0 => 0,
            _ => random.random_range(1..latest),
        };
        let all = suites::all();
        let properties = random.random_range(1..=3);
        Self {
            seed,
            way: Way::of(seed),
            from,
            one_in: *[1, 1, 2, 10, 40].choose(&mut random).expect("a choice"),
            only_to,
            properties: (0..properties)
                .filter_map(|_| all.choose(&mut random))
                .map(|property| property.id)
                .collect(),
            cases: random.random_range(1..=4),
            concurrency: *[1, 2, 16].choose(&mut random).expect("a choice"),
        }
    }

    /// How the answer of that number to that call is to be changed, if it is.
    pub(crate) fn changes(&self, number: u64, call: Call) -> Option<StdRng> {
        let mut random =
            StdRng::seed_from_u64(self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let hit = number >= self.from
            && self.only_to.is_none_or(|only| only == call)
            && random.random_range(0..self.one_in) == 0;
        hit.then_some(random)
    }

    /// Whether from some answer on no update is answered any more.
    pub(crate) fn ends_updates(&self) -> bool {
        self.way == Way::Noise
            && self.one_in == 1
            && self.only_to.is_none_or(|only| only == Call::Update)
    }
}
