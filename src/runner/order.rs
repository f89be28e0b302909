//! In which order the cases of a run come, and which of them make a batch. It follows
//! from how many there are of each property, and from nothing that happens.

use std::collections::BTreeSet;
use std::ops::Range;

use super::property::{Property, Share};
use crate::contract::RuleId;

/// How many further cases of a property are fired on one workgroup, one
/// after the other: what one reads back, the next starts from.
const BATCH: usize = 8;

/// How many cases of the opening, or first cases of properties, make a batch.
const FIRST_BATCH: usize = 8;

/// Which cases of each property come in the first rounds.
const EARLY_ROUNDS: [Range<usize>; 3] = [0..1, 1..3, 3..7];

/// Some cases that are fired one after the other on one workgroup.
pub(super) struct Batch {
    /// Its place in the whole run, whatever the shard.
    pub(super) number: usize,
    pub(super) cases: Vec<Place>,
    pub(super) ground: usize,
}

/// Where a case stands: its property, and its index there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) property: usize,
    pub(super) index: usize,
}

/// In which order the properties of a run begin, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    /// Those whose cases all come before any other's.
    opening: Vec<usize>,
    /// The first cases of the others: always the one next whose rules nothing
    /// before was aimed at are the most, so that a run says early what there is
    /// to say.
    firsts: Vec<usize>,
    /// The same in the order of the report.
    others: Vec<usize>,
}

impl Order {
    pub(super) fn of(properties: &[Property], planned: &[usize]) -> Self {
        let asked = (0..properties.len()).filter(|number| planned[*number] > 0);
        let (opening, others): (Vec<usize>, Vec<usize>) =
            asked.partition(|number| properties[*number].share == Share::Opening);
        let rules = |number: &usize| properties[*number].rules.iter().copied();
        let mut aimed_at: BTreeSet<RuleId> = opening.iter().flat_map(rules).collect();
        let (mut left, mut firsts) = (others.clone(), Vec::new());
        while !left.is_empty() {
            let new = |number: &usize| {
                rules(number)
                    .filter(|rule| !aimed_at.contains(rule))
                    .count()
            };
            let most = left.iter().map(new).max();
            let next = left.iter().position(|number| Some(new(number)) == most);
            let next = left.remove(next.unwrap_or_default());
            aimed_at.extend(rules(&next));
            firsts.push(next);
        }
        Self {
            opening,
            firsts,
            others,
        }
    }
}

/// Every batch of a run of that many cases of each property: first the opening,
/// then in rounds the first case of every other property, the next two of each, the
/// next four, and so on, so that a run that ends early has seen something of
/// everything. A case is played on the same workgroup wherever it is fired.
pub(super) fn batches(
    planned: &[usize],
    order: &Order,
    grounds: usize,
) -> impl Iterator<Item = Batch> {
    let place = |property| move |index| Place { property, index };
    let opening = order
        .opening
        .iter()
        .flat_map(|property| (0..planned[*property]).map(place(*property)));
    let firsts = order.firsts.clone();
    let early = EARLY_ROUNDS.into_iter().flat_map(move |round| {
        let of_round = firsts.clone().into_iter().flat_map(move |property| {
            let end = planned[property].min(round.end);
            (round.start.min(end)..end).map(place(property))
        });
        in_batches(of_round.collect())
    });
    let others = order.others.clone();
    let opening = in_batches(opening.collect());
    let most = others.iter().map(|property| planned[*property]).max();
    let [.., last] = EARLY_ROUNDS;
    let rounds = (last.end..most.unwrap_or_default()).step_by(BATCH);
    let later = rounds.flat_map(move |first| {
        let of_round = others.clone().into_iter().map(move |property| {
            let of_it = first..planned[property].min(first + BATCH);
            of_it.map(place(property)).collect::<Vec<_>>()
        });
        of_round.filter(|cases| !cases.is_empty())
    });
    let all = opening.into_iter().chain(early).chain(later).enumerate();
    all.map(move |(number, cases)| Batch {
        number,
        cases,
        ground: number % grounds,
    })
}

/// Cases of several properties in batches.
fn in_batches(places: Vec<Place>) -> Vec<Vec<Place>> {
    places.chunks(FIRST_BATCH).map(<[Place]>::to_vec).collect()
}

/// Which of that many strategies a case is drawn from: each in its turn, the
/// first one first, and then far from those before, so that the first cases of
/// a property are of many kinds.
pub(super) fn stratum(index: usize, strata: usize) -> usize {
    // The golden section leaves the largest gaps between neighbours.
    let wanted = (strata as f64 * 0.618).round() as usize;
    let stride = (wanted.max(1)..).find(|stride| coprime(*stride, strata));
    index * stride.unwrap_or(1) % strata
}

const fn coprime(mut one: usize, mut other: usize) -> bool {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules::{OK_1, OK_2, OK_3, OK_5, REP_1};

    #[test]
    fn every_case_is_in_one_batch_and_every_property_begins_early() {
        let planned = [3, 0, 10, 1];
        let order = Order {
            opening: vec![3],
            firsts: vec![2, 0],
            others: vec![0, 2],
        };
        let mut fired = vec![Vec::new(); planned.len()];
        let all: Vec<Batch> = batches(&planned, &order, 2).collect();
        let places: Vec<Place> = all.iter().flat_map(|batch| batch.cases.clone()).collect();
        for place in &places {
            fired[place.property].push(place.index);
        }
        for (fired, planned) in fired.iter().zip(planned) {
            assert_eq!(*fired, (0..planned).collect::<Vec<_>>());
        }
        let began: Vec<_> = places.iter().take(3).map(|place| place.property).collect();
        assert_eq!(began, [3, 2, 0]);
        let numbers = all.iter().map(|batch| batch.number);
        assert!(numbers.eq(0..all.len()));
    }

    #[test]
    fn what_is_aimed_at_new_rules_begins_first() {
        const fn property(share: Share, rules: &'static [RuleId]) -> Property {
            Property {
                id: "family/words",
                says: "",
                rules,
                needs: &[],
                share,
                strata: |_| Vec::new(),
            }
        }
        let properties = [
            property(Share::Strata, &[OK_1]),
            property(Share::Strata, &[OK_1, REP_1]),
            property(Share::Strata, &[REP_1]),
            property(Share::Opening, &[OK_1]),
            property(Share::Strata, &[OK_2, OK_3]),
            property(Share::Strata, &[OK_5]),
        ];
        let order = Order::of(&properties, &[1, 1, 1, 1, 1, 0]);
        assert_eq!(order.opening, [3]);
        assert_eq!(order.firsts, [4, 1, 0, 2]);
        assert_eq!(order.others, [0, 1, 2, 4]);
    }

    #[test]
    fn every_stratum_has_its_turn_and_the_first_is_first() {
        for strata in 1..200 {
            let mut turns: Vec<_> = (0..strata).map(|index| stratum(index, strata)).collect();
            assert_eq!(turns[0], 0);
            turns.sort_unstable();
            assert!(turns.into_iter().eq(0..strata), "{strata}");
        }
        assert_eq!([1, 2, 3].map(|index| stratum(index, 100)), [63, 26, 89]);
    }
}
