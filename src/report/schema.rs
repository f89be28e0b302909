//! The JSON Schema of the JSON report, derived from the types that write it.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::document::Document;

/// The schema of [`Document`] in the dialect of draft 2020-12, as pretty JSON
/// that ends with a line feed. Members that it does not name are allowed: a
/// later version may have them.
pub fn of_report() -> Vec<u8> {
    let schema = schema_of::<Document>();
    let mut text =
        serde_json::to_vec_pretty(&schema).expect("strings, numbers and lists are always JSON");
    text.push(b'\n');
    text
}

fn schema_of<T: JsonSchema>() -> Schema {
    // What is written, so that members that are always there are required.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let generator = settings.with_transform(Words).into_generator();
    generator.into_root_schema_for::<T>()
}

/// Turns a choice of constants, each with its description, into an `enum` with
/// one description: the form that most programs know to make use of.
#[derive(Clone, Debug)]
struct Words;

impl Transform for Words {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let choices = schema.get("oneOf").and_then(Value::as_array);
        let words: Option<Vec<(String, String)>> = choices.and_then(|choices| {
            let word = |choice: &Value| {
                let text = |key| choice.get(key).and_then(Value::as_str).map(str::to_owned);
                Some((text("const")?, text("description").unwrap_or_default()))
            };
            choices.iter().map(word).collect()
        });
        let Some(words) = words else { return };
        schema.remove("oneOf");
        let names: Vec<_> = words.iter().map(|(name, _)| name).collect();
        schema.insert("type".to_owned(), json!("string"));
        schema.insert("enum".to_owned(), json!(names));
        let mut description = match schema.get("description").and_then(Value::as_str) {
            Some(description) => description.to_owned(),
            None => String::new(),
        };
        for (name, says) in &words {
            description.push_str(&format!("\n- `{name}`: {says}"));
        }
        schema.insert("description".to_owned(), description.trim().into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::SCHEMA;

    fn schema() -> Value {
        serde_json::from_slice(&of_report()).expect("JSON")
    }

    #[test]
    fn it_says_what_it_is_of_and_what_the_words_are() {
        let schema = schema();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert_eq!(schema["properties"]["schema"]["const"], SCHEMA);
        for (name, words) in [
            ("Decision", json!(["conforms", "violates", "unjudged"])),
            (
                "Ended",
                json!(["held", "refuted", "inapplicable", "inconclusive"]),
            ),
            (
                "RuleStatus",
                json!(["held", "violated", "warned", "not_tested", "open"]),
            ),
            ("Level", json!(["open", "should", "must"])),
        ] {
            assert_eq!(schema["$defs"][name]["enum"], words, "{name}");
        }
    }

    #[test]
    fn every_member_is_described_and_what_is_always_there_is_required() {
        let schema = schema();
        let defined = schema["$defs"].as_object().expect("definitions");
        for (name, one) in defined.iter().chain([(&"Document".to_owned(), &schema)]) {
            assert!(one["description"].is_string(), "{name}");
            let members = one["properties"].as_object();
            for (member, of) in members.into_iter().flatten() {
                assert!(of["description"].is_string(), "{name}.{member}");
                let said = of["description"].as_str().expect("a text");
                assert!(!said.contains("[`"), "{name}.{member}: {said}");
            }
        }
        let required = schema["required"].as_array().expect("a list");
        for member in ["schema", "decision", "strict", "unjudged", "notes"] {
            assert!(required.contains(&member.into()), "{member}");
        }
        for member in ["shard", "budget"] {
            assert!(!required.contains(&member.into()), "{member}");
        }
    }
}
