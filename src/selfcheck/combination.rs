//! Combinations of variants: oddities that are legal alone are legal together,
//! unless they decide the same point.

use std::collections::BTreeSet;

use proptest::strategy::{Just, Strategy, ValueTree};

use crate::reference::{VARIANTS, Variant};
use crate::runner::Seed;

/// How many variants each combination has; at the end, as many as go together.
const SIZES: [usize; 20] = [
    2,
    2,
    2,
    2,
    2,
    2,
    2,
    2,
    2,
    2,
    4,
    4,
    4,
    8,
    8,
    8,
    usize::MAX,
    usize::MAX,
    usize::MAX,
    usize::MAX,
];

/// Left out: they wait, so that with them combinations only take time.
const SLOW: [Variant; 3] = [Variant::Hesitates, Variant::Jitters, Variant::GatewayLike];

/// Variants that decide the same point: a server has one of each row at most.
const EXCLUSIVE: &[&[Variant]] = &[
    &[Variant::UnknownSession404, Variant::UnknownSession400],
    &[Variant::ChallengeBeside, Variant::ChallengeTwice],
    &[Variant::BodyFirst, Variant::RightsFirst],
    &[
        Variant::OtherMediaTypesAccepted,
        Variant::OtherMediaTypes406,
        Variant::OtherMediaTypes400,
    ],
    &[Variant::ScalarsConverted, Variant::TypeNames],
    &[Variant::UnknownRemove400, Variant::UnknownRemove404],
    &[Variant::AddModifyRemove, Variant::ModifyAddRemove],
    &[Variant::UriKept, Variant::UrisLeftOut],
    &[Variant::EmptyListNull, Variant::EmptyListAbsent],
    &[Variant::ReadBackReversed, Variant::ReadBackShuffled],
];

/// The combinations that this seed draws, each in the order of the table.
pub(super) fn combinations(seed: Seed) -> Vec<BTreeSet<Variant>> {
    let all = VARIANTS.iter().map(|row| row.variant);
    let all: Vec<Variant> = all.filter(|variant| !SLOW.contains(variant)).collect();
    let drawn = |(index, size): (usize, &usize)| {
        let mut runner = seed.runner("selfcheck/combination", index);
        let shuffled = Just(all.clone()).prop_shuffle().new_tree(&mut runner);
        let shuffled = shuffled.expect("nothing is rejected").current();
        let mut chosen = BTreeSet::new();
        for variant in shuffled {
            if chosen.len() < *size && goes_with(variant, &chosen) {
                chosen.insert(variant);
            }
        }
        chosen
    };
    SIZES.iter().enumerate().map(drawn).collect()
}

fn goes_with(variant: Variant, chosen: &BTreeSet<Variant>) -> bool {
    EXCLUSIVE
        .iter()
        .filter(|row| row.contains(&variant))
        .all(|row| !row.iter().any(|other| chosen.contains(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_combination_decides_a_point_twice_and_some_are_as_large_as_can_be() {
        let combinations = combinations(Seed::new(7));
        assert_eq!(combinations.len(), SIZES.len());
        for chosen in &combinations {
            for row in EXCLUSIVE {
                let both = row.iter().filter(|variant| chosen.contains(variant));
                assert!(both.count() <= 1, "{chosen:?}");
            }
        }
        let twice: usize = EXCLUSIVE.iter().map(|row| row.len() - 1).sum();
        let largest = combinations.last().expect("some");
        assert_eq!(largest.len(), VARIANTS.len() - SLOW.len() - twice);
        assert_eq!(combinations[0].len(), 2);
    }

    #[test]
    fn a_seed_draws_the_same_again_and_another_draws_others() {
        assert_eq!(combinations(Seed::new(1)), combinations(Seed::new(1)));
        assert_ne!(combinations(Seed::new(1)), combinations(Seed::new(2)));
    }
}
