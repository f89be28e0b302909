//! The summary for programs.

use serde::Serialize;

use super::summary::Summary;

/// The version of the format.
const SCHEMA: &str = "icws-conformance/selfcheck/1";

impl Summary {
    /// The summary as a JSON document that ends with a line feed. Only what is
    /// under `time` differs between two checks of the same.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Document<'a> {
            schema: &'static str,
            #[serde(flatten)]
            summary: &'a Summary,
        }
        let document = Document {
            schema: SCHEMA,
            summary: self,
        };
        let json = serde_json::to_string_pretty(&document);
        format!("{}\n", json.expect("text, numbers and lists are JSON"))
    }
}
