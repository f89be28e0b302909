//! The JSON report as data, which is both written and read. Its names are
//! promises: they may be extended, never changed.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::contract::Level;
use crate::gate::last_line::Spent;
use crate::gate::{Decision, Gate, Named, Scope};
use crate::judge::FindingKind;
use crate::runner::case_reasons::CaseReason;
use crate::runner::outcome::{RuleStatus, Untried};
use crate::runner::shortfall::OfCause;
use crate::runner::standing::{Against, Drift};

use super::reading::{FileError, Kind};

/// The version of the format.
pub const SCHEMA: &str = "icws-conformance/report/1";

const REPORT: Kind = Kind {
    name: "report",
    schema: SCHEMA,
    another: "accepted: a JSON report, as `run --report json=PATH` writes it",
    found: "name the JSON reports that `run --report json=PATH` wrote",
    bytes_max: 256 * 1024 * 1024,
};

/// The report at that path.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(path: &Path) -> Result<Document, FileError> {
    REPORT.read(path, |_| Ok(()))
}

/// The JSON report of a run of `icws-conformance`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "icws-conformance report")]
pub struct Document {
    /// The version of the format.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// What it comes to.
    pub decision: Decision,
    /// What the process exited with.
    pub exit_code: u8,
    /// The last line as it was printed.
    #[serde(default)]
    pub line: String,
    /// How much was to be tested.
    #[serde(default)]
    pub scope: Scope,
    /// Whether a pipeline may go on.
    #[serde(default)]
    pub gate: Gate,
    /// What wrote it.
    pub tool: Tool,
    /// The seed of the run.
    pub seed: String,
    /// Which part of the run it is of, such as `1/3`; not there for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// Whether every property was selected; told of a shard, whose whole may be one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everything: Option<bool>,
    /// How many cases a property draws, where that was asked for or merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<usize>,
    /// Whether warnings fail the gate.
    #[serde(default)]
    pub strict: bool,
    /// The target.
    pub target: Target,
    /// All requests sent.
    pub requests: u64,
    /// All cases fired.
    pub cases: usize,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// Every selected property.
    pub properties: Vec<Property>,
    /// Every rule.
    pub rules: Vec<Rule>,
    /// Open behaviour.
    pub open: Vec<Open>,
    /// The shapes of the endpoint's answers, each once, sorted: JSON texts.
    #[serde(default)]
    pub shapes: Vec<String>,
    /// How the findings stand to those of an earlier run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Against>,
    /// Where the run differs from the accepted snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Vec<Drift>>,
    /// What fails the gate beside findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<String>,
    /// What a shard says of waivers that covered nothing in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale_waivers: Vec<String>,
    /// Why the run as a whole cannot say "conforms".
    pub unjudged: Vec<String>,
    /// What the user should know beside.
    pub notes: Vec<String>,
}

impl Document {
    /// Whether that finding fails the gate: it is neither waived nor known, and
    /// binding enough.
    pub fn fails(&self, found: &Found) -> bool {
        let least = if self.strict {
            Level::Should
        } else {
            Level::Must
        };
        found.counts() && found.level >= least
    }

    /// The last line without what it took, which reports show beside it.
    pub fn headline(&self) -> &str {
        let tail = self.spent().tail(self.exit_code);
        let head = self.line.strip_suffix(&tail);
        let head = head.and_then(|head| head.strip_suffix(": "));
        head.unwrap_or(&self.line)
    }

    /// What it took.
    pub(super) fn spent(&self) -> Spent<'_> {
        Spent {
            cases: self.cases,
            requests: self.requests,
            elapsed_ms: self.elapsed_ms,
            seed: &self.seed,
        }
    }

    /// Every finding, in the order of the properties.
    pub fn findings(&self) -> impl Iterator<Item = &Found> + Clone {
        let properties = self.properties.iter();
        properties.flat_map(|property| &property.findings)
    }
}

impl Property {
    /// Whether it was to be judged and could not, or too little of it was.
    pub fn is_inconclusive(&self) -> bool {
        self.outcome == Ended::Inconclusive || self.shortfall.is_some()
    }

    /// The part of its id before the slash.
    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or(&self.id)
    }
}

impl Ended {
    /// The word in the JSON report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Refuted => "refuted",
            Self::Inapplicable => "inapplicable",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// What wrote a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its version.
    pub version: String,
    /// The fingerprint of the contract that it tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
}

/// The target of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// The profile's name.
    pub name: String,
    /// Its base URL.
    pub base_url: String,
    /// What named it.
    #[serde(default)]
    pub named: Named,
    /// The versions of its features, as far as they were asked for.
    pub features: BTreeMap<String, u32>,
    /// Whether its certificate was not verified.
    pub accept_invalid: bool,
}

/// How a property ended, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ended {
    /// No case refuted it.
    Held,
    /// Some case did.
    Refuted,
    /// The target does not offer what it needs.
    Inapplicable,
    /// It could not be judged.
    Inconclusive,
}

/// One property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Property {
    /// Its id.
    pub id: String,
    /// How it ended.
    pub outcome: Ended,
    /// The cases fired.
    pub cases: usize,
    /// The requests sent for them.
    pub requests: u64,
    /// The rules it is aimed at.
    pub rules: Vec<String>,
    /// Why it was not tested or judged.
    pub reason: Option<String>,
    /// Why cases were not judged that should have been; they decide.
    #[serde(default)]
    pub unjudged: Vec<CaseReason>,
    /// Why there was nothing to judge of some cases; they decide nothing.
    #[serde(default)]
    pub not_offered: Vec<CaseReason>,
    /// Why too few of its cases were judged, whatever was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<String>,
    /// How many cases of each cause were judged, and how many were not; in the
    /// report of a shard only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub causes: BTreeMap<String, OfCause>,
    /// What was found.
    pub findings: Vec<Found>,
    /// What the findings were made of; in the report of a shard only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub firsts: Vec<First>,
}

/// The first case of one cause, for the merging of shards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct First {
    /// The rule as the case was drawn.
    pub rule: String,
    /// The cause as the case was drawn.
    pub cause: String,
    /// How many cases of the property were sent up to it.
    pub cases_to_find: usize,
    /// How many cases showed it.
    pub seen: usize,
    /// The finding.
    pub shown: Found,
    /// What it was before it was made smaller, where that was tried.
    pub unreduced: Option<Found>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    /// Property, rule and cause.
    pub identity: String,
    /// The rule.
    pub rule: String,
    /// How binding the rule is here.
    pub level: Level,
    /// What the request did, as a stable name.
    pub cause: String,
    /// One sentence.
    pub message: String,
    /// Every legal answer.
    pub expected: Vec<String>,
    /// The answer seen.
    pub actual: String,
    /// How often sending it again showed it.
    pub confirmed: String,
    /// How many cases showed it.
    pub seen: usize,
    /// How many cases of the property were sent up to the first that showed it.
    pub cases_to_find: usize,
    /// The requests up to then.
    pub requests_to_find: u64,
    /// What else the request has that the target may have refused it for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// Whether a waiver covers it.
    pub waived: bool,
    /// Whether the baseline has it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub known: bool,
    /// How it came about; not there in reports of before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FindingKind>,
    /// The identity of the finding that explains it, where one that counts does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explained_by: Option<String>,
    /// The request that shows it.
    pub minimal: Minimal,
    /// The command that repeats it.
    pub replay: Option<String>,
    /// The script that repeats it.
    pub curl: String,
}

impl Found {
    /// Whether it counts: it is not waived, was not known, and nothing that counts
    /// explains it.
    pub const fn counts(&self) -> bool {
        !self.waived && !self.known && self.explained_by.is_none()
    }
}

const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// The request that shows a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Minimal {
    /// The method.
    pub method: String,
    /// The path, encoded.
    pub path: String,
    /// The headers in order. One that was sent twice is one member, joined by
    /// a comma as in RFC 9110 section 5.3, since JSON knows no repeated keys.
    #[schemars(with = "BTreeMap<String, String>")]
    pub headers: Map<String, Value>,
    /// The body as text.
    pub body: String,
    /// What has to be there or happen first.
    pub before: Vec<String>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// Its level.
    pub level: Level,
    /// What became of it.
    pub status: RuleStatus,
    /// How many exchanges could have shown it broken.
    pub checks: u64,
    /// Why it was not tested.
    pub reason: Option<String>,
    /// What of it could not be tried, although it was held.
    #[serde(default)]
    pub partly: Vec<Untried>,
}

/// What the target does where the contract is silent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Open {
    /// The rule.
    pub rule: String,
    /// What was asked.
    pub question: String,
    /// What the target did; several answers are joined by commas.
    pub answer: String,
}
