//! Why cases of a property were not judged, counted by reason.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many different reasons of one property are kept.
const MOST_REASONS: usize = 20;

/// The reason under which all further reasons are counted.
const FURTHER: &str = "further reasons";

/// Reasons why cases were not judged, each with the number of its cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseReasons(BTreeMap<String, usize>);

/// One reason why cases were not judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseReason {
    /// The reason, in words.
    pub reason: String,
    /// How many cases it kept from being judged.
    pub cases: usize,
}

impl CaseReasons {
    /// No reasons.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Counts one more case that was not judged for that reason.
    pub fn count(&mut self, reason: &str) {
        self.add(reason, 1);
    }

    /// Counts that many more cases that were not judged for that reason.
    pub fn add(&mut self, reason: &str, cases: usize) {
        if cases == 0 {
            return;
        }
        let full = self.0.len() >= MOST_REASONS && !self.0.contains_key(reason);
        let reason = if full { FURTHER } else { reason };
        *self.0.entry(reason.to_owned()).or_default() += cases;
    }

    /// The number of all cases that were not judged.
    pub fn cases(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether every case was judged.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The reason of the most cases, the first in alphabetical order among equals.
    pub fn commonest(&self) -> Option<&str> {
        let most = self.0.values().max()?;
        let mut reasons = self.0.iter();
        let found = reasons.find(|(_, cases)| *cases == most);
        found.map(|(reason, _)| reason.as_str())
    }

    /// The reasons in alphabetical order, as reports have them.
    pub fn list(&self) -> Vec<CaseReason> {
        let reasons = self.0.iter().map(|(reason, cases)| CaseReason {
            reason: reason.clone(),
            cases: *cases,
        });
        reasons.collect()
    }

    /// The same reasons with each text changed, such as cleaned of secrets.
    #[must_use]
    pub fn reworded(&self, change: impl Fn(&str) -> String) -> Self {
        let mut reworded = Self::new();
        for (reason, cases) in &self.0 {
            reworded.add(&change(reason), *cases);
        }
        reworded
    }
}

impl FromIterator<CaseReason> for CaseReasons {
    fn from_iter<I: IntoIterator<Item = CaseReason>>(reasons: I) -> Self {
        let mut counted = Self::new();
        for CaseReason { reason, cases } in reasons {
            counted.add(&reason, cases);
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_and_few() {
        let mut reasons = CaseReasons::new();
        assert!(reasons.is_empty() && reasons.commonest().is_none());
        for number in 0..100 {
            reasons.count(&format!("reason {number:02}"));
        }
        reasons.add("reason 07", 1);
        assert_eq!(reasons.cases(), 101);
        assert_eq!(reasons.list().len(), MOST_REASONS + 1);
        assert_eq!(reasons.commonest(), Some(FURTHER));
    }
}
