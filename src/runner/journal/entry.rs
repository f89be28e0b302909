//! One workgroup's entry as text: a line of JSON about the workgroup, and one
//! for each claim that was added later.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::generate::mailbox::Names;
use crate::oracle::Stored;
use crate::runner::{marker, read_back};

/// The version of the format.
const SCHEMA: &str = "icws-conformance/journal/1";

/// The member of what stands in the place of a text that is not written down.
const HIDDEN: &str = "hidden";

fn hidden() -> Value {
    serde_json::json!({ HIDDEN: true })
}

/// Whether that stands in the place of a text that was not written down.
pub(in crate::runner) fn is_hidden(value: &Value) -> bool {
    *value == hidden()
}

/// What is known of a workgroup that a run has begun to change.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Scheme, host and port of the target.
    pub target: String,
    /// The workgroup.
    pub workgroup: String,
    /// The mailboxes that it held.
    pub held: Vec<Stored>,
    /// Addresses that were sent and do not say themselves whose they are.
    pub claimed: BTreeSet<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    schema: String,
    target: String,
    workgroup: String,
    /// As a read-back shows them.
    held: Vec<Value>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claim {
    claim: String,
}

impl Entry {
    /// Whether an object can only come from the run: it was not there before, and
    /// has a name or an address that the run gave.
    pub fn claims(&self, object: &Stored) -> bool {
        let address = object.text("emailAddress").unwrap_or_default();
        // A marker has the name of no case: it is of the run that claimed it.
        let is_named =
            (Names::are_in(&object.id) || Names::are_in(address)) && !marker::is_marker(object);
        let is_given = is_named || self.claimed.contains(address);
        is_given && !self.held.iter().any(|held| held.id == object.id)
    }

    /// The first line of the file. No text in which there is a secret is written
    /// down: that of a property is only told to have been there ([`HIDDEN`]), and a
    /// mailbox with such an id is left out. Nobody can say later whether the first was
    /// changed, and the second is somebody else's.
    pub(super) fn head(&self, is_secret: &dyn Fn(&str) -> bool) -> String {
        let held = self.held.iter().filter(|object| !is_secret(&object.id));
        let held = held.map(|object| {
            let mut shown = serde_json::json!({ "configurationId": { "id": object.id } });
            for (name, value) in &object.values {
                let hides = value.as_str().is_some_and(is_secret);
                shown[*name] = if hides { hidden() } else { value.clone() };
            }
            shown
        });
        line(&Head {
            schema: SCHEMA.to_owned(),
            target: self.target.clone(),
            workgroup: self.workgroup.clone(),
            held: held.collect(),
        })
    }

    /// The line that claims an address.
    pub(super) fn claim(address: &str) -> String {
        line(&Claim {
            claim: address.to_owned(),
        })
    }

    /// The entry in that text, or what is wrong with it. A last line that breaks
    /// off claims nothing: its address was never sent.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.split_inclusive('\n');
        let first = lines.next().ok_or("it is empty")?;
        if !first.ends_with('\n') {
            return Err("it is cut short".to_owned());
        }
        let head: Value =
            serde_json::from_str(first).map_err(|error| format!("its first line: {error}"))?;
        match head["schema"].as_str() {
            Some(SCHEMA) => {}
            Some(other) => {
                return Err(format!(
                    "its `schema` is `{other}`; this version reads `{SCHEMA}`"
                ));
            }
            None => return Err("it has no `schema`".to_owned()),
        }
        let head: Head =
            serde_json::from_value(head).map_err(|error| format!("its first line: {error}"))?;
        let mut claimed = BTreeSet::new();
        for (number, line) in lines.enumerate().filter(|(_, line)| line.ends_with('\n')) {
            let claim: Claim = serde_json::from_str(line)
                .map_err(|error| format!("its line {}: {error}", number + 2))?;
            claimed.insert(claim.claim);
        }
        Ok(Self {
            target: head.target,
            workgroup: head.workgroup,
            held: read_back::mailboxes(&head.held)?,
            claimed,
        })
    }
}

fn line(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("strings and lists are always JSON");
    format!("{json}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(id: &str, address: &str) -> Stored {
        Stored {
            id: id.to_owned(),
            values: [("emailAddress", json!(address)), ("mailboxType", json!(1))].into(),
        }
    }

    fn entry() -> Entry {
        Entry {
            target: "http://h:1".to_owned(),
            workgroup: "Sales\n\"é\"".to_owned(),
            held: vec![object("a", "bob@corp.example"), object("m00aa-1", "x")],
            claimed: ["odd \u{0}".to_owned()].into(),
        }
    }

    #[test]
    fn an_entry_reads_back_as_it_was_written() {
        let entry = entry();
        let mut text = entry.head(&|_| false);
        text.push_str(&Entry::claim("odd \u{0}"));
        assert_eq!(Entry::parse(&text), Ok(entry.clone()));
        // Killed in the middle of a claim.
        text.push_str("{\"claim\":\"hal");
        assert_eq!(Entry::parse(&text), Ok(entry));
    }

    #[test]
    fn no_secret_is_written_down() {
        let mut entry = entry();
        entry.held.push(object("of s3cr3t-1", "c@corp.example"));
        entry.held[0]
            .values
            .insert("inboundFolder", json!("In s3cr3t-1"));
        let text = entry.head(&|text| text.contains("s3cr3t"));
        assert!(!text.contains("s3cr3t"), "{text}");
        let read = Entry::parse(&text).expect("an entry");
        assert_eq!(read.held.len(), 2);
        assert!(is_hidden(&read.held[0].values["inboundFolder"]));
        assert_eq!(read.held[0].text("emailAddress"), Some("bob@corp.example"));
        // And not the next time either.
        assert_eq!(read.head(&|_| false), text);
    }

    #[test]
    fn what_is_no_entry_is_told() {
        let head = entry().head(&|_| false);
        for (text, problem) in [
            ("", "it is empty"),
            (&head[..head.len() - 9], "it is cut short"),
            ("{}\n", "it has no `schema`"),
            ("{\"schema\":\"x/2\"}\n", "its `schema` is `x/2`"),
            ("null null\n", "its first line: "),
            (&format!("{head}x\n"), "its line 2: "),
        ] {
            let error = Entry::parse(text).expect_err(text);
            assert!(error.starts_with(problem), "{error}");
        }
    }

    #[test]
    fn only_what_the_run_gave_and_was_not_there_is_claimed() {
        for (object, claimed) in [
            (object("7", "m00ab-2@acme.test"), true),
            (object("m00ab-2", "spoilt"), true),
            (object("7", "odd \u{0}"), true),
            (object("7", "icws-lease-mfffd-00c0ffee@acme.test"), false),
            (object("7", "bob@corp.example"), false),
            (object("7", "spoilt"), false),
            (object("m00aa-1", "m00aa-1@acme.test"), false),
        ] {
            assert_eq!(entry().claims(&object), claimed, "{object:?}");
        }
    }
}
