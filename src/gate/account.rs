//! What one run said, reduced to what runs are compared by.

use std::collections::{BTreeMap, BTreeSet};

use super::Named;
use crate::contract::rules::RULES;
use crate::contract::{Level, Rule, RuleId};
use crate::runner::outcome::RuleStatus;

/// What one run said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The name of its target.
    pub target: String,
    /// The target's address.
    pub base_url: String,
    /// What named it.
    pub named: Named,
    /// Its seed.
    pub seed: String,
    /// How many cases a property drew, where that is known.
    pub cases: Option<usize>,
    /// The version that ran it.
    pub version: String,
    /// The fingerprint of the contract, where it is known.
    pub contract: Option<String>,
    /// The shard it is, of a run that is not whole.
    pub shard: Option<String>,
    /// What became of each property, by its id.
    pub properties: BTreeMap<String, Judged>,
    /// Every rule, in the order of the contract.
    pub rules: Vec<Checked>,
    /// Whether it tells findings that others explain; runs of before left them out.
    pub tells_explained: bool,
    /// Every finding, by its identity.
    pub findings: BTreeMap<String, Told>,
    /// The answers where the contract is silent, by rule and question.
    pub open: BTreeMap<(String, String), String>,
    /// The shapes of the answers; none of a run of before they were told.
    pub shapes: BTreeSet<String>,
    /// Why it could not be judged as a whole.
    pub unjudged: Vec<String>,
}

/// What became of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Whether it was: it held, or was refuted.
    pub judged: bool,
    /// Whether it was to be judged, and could not.
    pub inconclusive: bool,
    /// How many cases were fired.
    pub cases: usize,
    /// Why it was not judged.
    pub reason: Option<String>,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its id.
    pub id: String,
    /// Its level.
    pub level: Level,
    /// What became of it.
    pub status: RuleStatus,
    /// Why it was not tested.
    pub reason: Option<String>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The property it refutes.
    pub property: String,
    /// The rule it breaks.
    pub rule: String,
    /// How binding the rule is here.
    pub level: Level,
    /// Whether a waiver covers it.
    pub waived: bool,
}

impl Account {
    /// Whether a finding of that identity stands in it. One that was waived does
    /// so for as long as it is waived: a baseline does not outlive an expiry.
    pub fn knows(&self, identity: &str) -> bool {
        self.findings.get(identity).is_some_and(|told| !told.waived)
    }

    /// Whether any property was judged.
    pub fn judged_anything(&self) -> bool {
        self.properties.values().any(|property| property.judged)
    }

    /// Whether that property was judged.
    pub fn judged(&self, property: &str) -> bool {
        self.properties.get(property).is_some_and(|one| one.judged)
    }

    /// The rules of this version that it did not know, where other rules bound it.
    pub fn unknown_rules(&self) -> Vec<RuleId> {
        let is_known = |rule: &&Rule| {
            let mut known = self.rules.iter();
            known.any(|known| known.id == rule.id.as_str())
        };
        let unknown = RULES.iter().filter(|rule| !is_known(rule));
        unknown.map(|rule| rule.id).collect()
    }

    /// Why a run cannot be compared with others at all.
    pub fn unfit(&self) -> Option<Unfit> {
        if let Some(shard) = &self.shard {
            return Some(Unfit::Shard(shard.clone()));
        }
        (!self.judged_anything()).then_some(Unfit::Nothing)
    }
}

/// Why a run cannot be compared with others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is a part of one.
    #[error(
        "is of shard {0}; accepted: the report of a whole run, or what `merge` makes of all shards"
    )]
    Shard(String),
    /// It says nothing.
    #[error(
        "judged nothing: no property held or was refuted; accepted: the report of a run that reached its target"
    )]
    Nothing,
}
