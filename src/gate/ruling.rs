//! What a run comes to, in the words of who reads its report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What named the target of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Named {
    /// An option of the command line.
    #[default]
    #[serde(rename = "flag")]
    Flag,
    /// An environment variable.
    #[serde(rename = "variable")]
    Variable,
    /// Nothing did: a reference server inside the process was tested.
    #[serde(rename = "none")]
    Nothing,
}
