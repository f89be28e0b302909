//! `rules`: the contract as the harness tests it, and what proves that it does.

use serde::Serialize;

use super::arguments::Format;
use crate::contract::Rule;
use crate::contract::rules::RULES;
use crate::runner::Property;
use crate::selfcheck::proofs::proofs;
use crate::suites;

/// The version of the JSON format.
const SCHEMA: &str = "icws-conformance/rules/1";

/// Every rule with its level, its sentence, its sources and the properties
/// that are aimed at it.
pub(super) fn render(format: Format) -> String {
    let rows = rows(&suites::all());
    match format {
        Format::Text => text(&rows),
        Format::Json => json(rows),
        Format::Markdown => markdown(&rows),
    }
}

#[derive(Debug, Serialize)]
struct Row {
    id: &'static str,
    level: &'static str,
    says: &'static str,
    sources: Vec<&'static str>,
    properties: Vec<&'static str>,
    /// Faults of the reference server that prove it: one of the properties finds
    /// each.
    proven_by: Vec<&'static str>,
}

fn rows(properties: &[Property]) -> Vec<Row> {
    let row = |rule: &Rule| Row {
        id: rule.id.as_str(),
        level: rule.level.as_str(),
        says: rule.says,
        sources: rule.sources.iter().map(|source| source.as_str()).collect(),
        properties: properties
            .iter()
            .filter(|property| property.rules.contains(&rule.id))
            .map(|property| property.id)
            .collect(),
        proven_by: proofs(rule.id).map(|fault| fault.row().name).collect(),
    };
    RULES.iter().map(row).collect()
}

fn text(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let sources = row.sources.join(", ");
        text.push_str(&format!(
            "{:<7} {:<7} {:<10} {}\n",
            row.id, row.level, sources, row.says
        ));
        for property in &row.properties {
            text.push_str(&format!("{:27}{property}\n", ""));
        }
        if !row.proven_by.is_empty() {
            let faults = row.proven_by.join(", ");
            text.push_str(&format!("{:27}proven by {faults}\n", ""));
        }
    }
    text
}

fn json(rows: Vec<Row>) -> String {
    #[derive(Serialize)]
    struct Document {
        schema: &'static str,
        rules: Vec<Row>,
    }
    let document = Document {
        schema: SCHEMA,
        rules: rows,
    };
    let json = serde_json::to_string_pretty(&document).expect("strings and lists are JSON");
    format!("{json}\n")
}

fn markdown(rows: &[Row]) -> String {
    let mut text = "| id | level | rule | source | properties | proven by |\n\
                    | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for row in rows {
        let code = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            names.join(", ")
        };
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            row.id,
            row.level,
            cell(row.says),
            row.sources.join(", "),
            code(&row.properties),
            code(&row.proven_by),
        ));
    }
    text
}

/// A bar ends a cell, and underscores pair up to emphasis.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules::{SES_2, SES_10};
    use crate::runner::property::Share;

    fn sample() -> Vec<Row> {
        rows(&[Property {
            id: "session/missing-token",
            says: "",
            rules: &[SES_2, SES_10],
            needs: &[],
            share: Share::Budget,
            strata: |_| Vec::new(),
        }])
    }

    #[test]
    fn each_format_has_every_rule_with_its_properties() {
        let formats = [text(&sample()), json(sample()), markdown(&sample())];
        for text in formats {
            for rule in RULES {
                assert!(text.contains(rule.id.as_str()), "{}", rule.id);
            }
            assert_eq!(text.matches("session/missing-token").count(), 2);
        }
    }

    #[test]
    fn markdown_has_one_row_a_rule() {
        assert_eq!(markdown(&sample()).lines().count(), RULES.len() + 2);
        assert!(markdown(&sample()).contains("| must | a request without the CSRF header"));
        assert_eq!(cell("a|b __type"), "a\\|b \\_\\_type");
    }

    #[test]
    fn json_says_what_it_is() {
        let json: serde_json::Value = serde_json::from_str(&json(sample())).expect("JSON");
        assert_eq!(json["schema"], SCHEMA);
        assert_eq!(json["rules"][1]["properties"][0], "session/missing-token");
        assert_eq!(
            json["rules"][4]["sources"],
            serde_json::json!(["doc", "seen"])
        );
    }
}
