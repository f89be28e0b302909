//! How a run stands to what was accepted before it: plain values, filled in by
//! the gate, which reports show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a run stands to what was accepted before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What closes the gate beside findings.
    pub closing: Vec<Closing>,
    /// What a part of a run says of waivers that covered nothing in it: the whole
    /// says so where every part does.
    pub stale_waivers: Vec<String>,
    /// How its findings stand to those of an earlier run.
    pub baseline: Option<Against>,
    /// Where it differs from the accepted snapshots; `None` where they were
    /// not compared.
    pub drift: Option<Vec<Drift>>,
}

/// What closes the gate although no rule is newly broken, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closing {
    /// A waiver covers nothing, and that was to fail.
    StaleWaiver(String),
    /// The target differs from its snapshots, and that was to fail.
    Drift(String),
}

impl Closing {
    /// Whether it is about a waiver.
    pub const fn is_stale(&self) -> bool {
        matches!(self, Self::StaleWaiver(_))
    }

    /// Whether it is about snapshots.
    pub const fn is_drift(&self) -> bool {
        matches!(self, Self::Drift(_))
    }

    /// What is said of it.
    pub fn says(&self) -> &str {
        match self {
            Self::StaleWaiver(says) | Self::Drift(says) => says,
        }
    }
}

/// How the findings of a run stand to those of an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Against {
    /// The seed of the earlier run.
    pub seed: String,
    /// The version that ran it.
    pub version: String,
    /// How many findings it did not have.
    pub new: usize,
    /// How many it had as well.
    pub known: usize,
    /// The identities of those that are no longer there, although their
    /// properties were judged again.
    pub gone: Vec<String>,
    /// The identities of those whose properties were not judged again as
    /// thoroughly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_judged: Vec<String>,
}

/// Where a run differs from one accepted snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Drift {
    /// The name of the snapshot: `open` or `outlines`.
    pub snapshot: String,
    /// Whether there is an accepted one at all.
    pub accepted: bool,
    /// The lines that it does not have.
    pub added: Vec<String>,
    /// The lines that it has, and the run has not.
    pub removed: Vec<String>,
    /// How many further lines differ.
    #[serde(default, skip_serializing_if = "is_none")]
    pub left_out: usize,
}

const fn is_none(number: &usize) -> bool {
    *number == 0
}
