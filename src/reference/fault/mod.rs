//! What the server can be told to do wrong: one row per fault, with every
//! rule that it breaks.
//!
//! A fault is asked for at the one place where it matters, by
//! `switches.has(Fault::…)`. Rules that only lean on a broken one (a read-back
//! that fails because an update was wrongly refused) are not listed.

#[macro_use]
mod hidden;
#[macro_use]
mod further;
#[macro_use]
mod finer;
mod table;

use crate::contract::{Level, RuleId};

pub use table::{FAULTS, Fault};

/// One row of [`FAULTS`].
#[derive(Clone, Copy, Debug)]
pub struct FaultRow {
    /// The switch.
    pub fault: Fault,
    /// The stable name, in kebab case.
    pub name: &'static str,
    /// One sentence about the server that has it.
    pub says: &'static str,
    /// Every rule that it breaks.
    pub rules: &'static [RuleId],
    /// How binding the breach is, where it is less than the most binding of
    /// the rules: of a special rule and a general one the special one alone
    /// speaks, and some values of a must rule are a should.
    pub less: Option<Level>,
}

impl FaultRow {
    /// How binding what it breaks is.
    pub fn level(&self) -> Level {
        let most = self.rules.iter().map(|rule| rule.level()).max();
        self.less.or(most).unwrap_or(Level::Open)
    }
}

impl Fault {
    /// The fault's row.
    pub fn row(self) -> &'static FaultRow {
        // The enum and the table are made from the same rows, in the same order.
        &FAULTS[self as usize]
    }

    /// The fault of that name, or `None` where there is none.
    pub fn parse(name: &str) -> Option<Self> {
        FAULTS
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules::RULES;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let names: BTreeSet<_> = FAULTS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), FAULTS.len());
        for row in FAULTS {
            let kebab = |c: char| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit();
            assert!(row.name.chars().all(kebab), "{}", row.name);
            assert_eq!(row.fault.row().name, row.name);
            assert_eq!(Fault::parse(row.name), Some(row.fault));
        }
    }

    #[test]
    fn every_binding_rule_is_broken_by_two_faults() {
        for rule in RULES.iter().filter(|rule| rule.level != Level::Open) {
            let breaking = FAULTS.iter().filter(|row| row.rules.contains(&rule.id));
            assert!(breaking.count() >= 2, "{}", rule.id);
        }
    }

    #[test]
    fn a_level_is_stated_only_where_it_is_less_than_that_of_a_rule() {
        for row in FAULTS.iter().filter(|row| row.less.is_some()) {
            assert_eq!(row.level(), Level::Should, "{}", row.name);
            let most = row.rules.iter().map(|rule| rule.level()).max();
            assert_eq!(most, Some(Level::Must), "{}", row.name);
        }
    }

    #[test]
    fn every_fault_breaks_a_binding_rule() {
        for row in FAULTS {
            let binding = |rule: &&RuleId| rule.level() != Level::Open;
            assert!(row.rules.iter().any(|rule| binding(&rule)), "{}", row.name);
        }
    }
}
