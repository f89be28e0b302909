//! Whom the harness is tried on: one row for each fault, each variant, and
//! each combination of variants, in the order of their tables.

use std::collections::BTreeSet;

use proptest::sample::subsequence;
use proptest::strategy::{Strategy, ValueTree};

use super::combination::combinations;
use crate::contract::{Level, RuleId};
use crate::reference::{FAULTS, Fault, Settings, VARIANTS, Variant};
use crate::runner::Seed;

/// A server that the harness is tried on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The name of the fault or variant; combinations are numbered.
    pub name: String,
    /// What the server does otherwise.
    pub kind: Kind,
}

/// What a server does otherwise than the plain one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It has that fault.
    Fault(Fault),
    /// It has that legal oddity.
    Variant(Variant),
    /// It has those legal oddities together.
    Combination(BTreeSet<Variant>),
}

impl Subject {
    /// Every subject; the combinations are those that the seed draws.
    pub fn all(seed: Seed) -> Vec<Self> {
        let faults = FAULTS.iter().map(|row| Self {
            name: row.name.to_owned(),
            kind: Kind::Fault(row.fault),
        });
        let variants = VARIANTS.iter().map(|row| Self {
            name: row.name.to_owned(),
            kind: Kind::Variant(row.variant),
        });
        let combinations = combinations(seed).into_iter().enumerate();
        let combinations = combinations.map(|(index, variants)| Self {
            name: format!("combination-{:02}", index + 1),
            kind: Kind::Combination(variants),
        });
        faults.chain(variants).chain(combinations).collect()
    }

    /// That many of the subjects, drawn by the seed and left in their order;
    /// all of them where there are no more.
    pub fn sample(all: Vec<Self>, number: usize, seed: Seed) -> Vec<Self> {
        if number >= all.len() {
            return all;
        }
        let mut runner = seed.runner("selfcheck/sample", 0);
        let drawn = subsequence(all, number).new_tree(&mut runner);
        drawn.expect("nothing is rejected").current()
    }

    /// The server's settings.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        match &self.kind {
            Kind::Fault(fault) => _ = settings.faults.insert(*fault),
            Kind::Variant(variant) => _ = settings.variants.insert(*variant),
            Kind::Combination(variants) => settings.variants.clone_from(variants),
        }
        settings
    }

    /// What the server does, in words: the sentence of its row, or the names
    /// of the variants.
    pub fn says(&self) -> String {
        match &self.kind {
            Kind::Fault(fault) => fault.row().says.to_owned(),
            Kind::Variant(variant) => variant.row().says.to_owned(),
            Kind::Combination(variants) => {
                let names: Vec<_> = variants.iter().map(|variant| variant.row().name).collect();
                names.join(" + ")
            }
        }
    }

    /// The rules that it breaks; none for what is legal.
    pub fn rules(&self) -> &'static [RuleId] {
        match self.kind {
            Kind::Fault(fault) => fault.row().rules,
            Kind::Variant(_) | Kind::Combination(_) => &[],
        }
    }

    /// How binding what it breaks is; `None` for what is legal.
    pub fn level(&self) -> Option<Level> {
        match self.kind {
            Kind::Fault(fault) => Some(fault.row().level()),
            Kind::Variant(_) | Kind::Combination(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_both_tables_is_a_subject_of_its_own_name() {
        let all = Subject::all(Seed::new(1));
        let names: BTreeSet<_> = all.iter().map(|subject| &subject.name).collect();
        assert_eq!(names.len(), all.len());
        for name in FAULTS.iter().map(|row| row.name) {
            assert!(names.contains(&name.to_owned()), "{name}");
        }
        assert_eq!(all.len(), FAULTS.len() + VARIANTS.len() + 20);
    }

    #[test]
    fn a_subject_is_what_its_server_does() {
        let all = Subject::all(Seed::new(1));
        for subject in &all {
            let settings = subject.settings();
            let faults = usize::from(matches!(subject.kind, Kind::Fault(_)));
            assert_eq!(settings.faults.len(), faults, "{}", subject.name);
            assert_eq!(settings.variants.is_empty(), faults == 1);
            assert_eq!(subject.level().is_some(), faults == 1);
        }
    }

    #[test]
    fn a_sample_keeps_the_order_and_follows_the_seed() {
        let all = Subject::all(Seed::new(1));
        let sample = |number, seed| Subject::sample(all.clone(), number, Seed::new(seed));
        let some = sample(9, 1);
        assert_eq!(some.len(), 9);
        let place = |subject: &Subject| all.iter().position(|other| other == subject);
        assert!(some.is_sorted_by_key(place));
        assert_eq!(some, sample(9, 1));
        assert_ne!(some, sample(9, 2));
        assert_eq!(sample(usize::MAX, 1), all);
    }
}
