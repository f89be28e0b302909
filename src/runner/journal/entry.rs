//! One workgroup's entry as text: a line of JSON about the workgroup, and one
//! for each thing that was noted later.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::generate::mailbox::Names;
use crate::oracle::Stored;
use crate::runner::list_history::OfWorkgroup;
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
    /// Nobody could look at what it held: the target offers no read-back.
    pub is_unseen: bool,
    /// What was seen of the list in its read-backs.
    pub lists: OfWorkgroup,
    /// How late its read-backs are known to be, in milliseconds.
    pub late_ms: u64,
    /// What may be there where nobody can look.
    pub unseen: Unseen,
}

/// The ids of what may be there where nobody can look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unseen {
    /// Sent, and not answered yet.
    pub(super) sent: BTreeSet<String>,
    /// Sent or listed, and accepted.
    pub(super) stored: BTreeSet<String>,
}

impl Unseen {
    /// All of them.
    pub fn ids(&self) -> Vec<String> {
        self.sent.union(&self.stored).cloned().collect()
    }

    /// Whether nothing is left there.
    pub fn is_empty(&self) -> bool {
        self.sent.is_empty() && self.stored.is_empty()
    }

    fn note(&mut self, line: &Note) {
        self.sent.extend(line.sent.iter().cloned());
        self.stored.extend(line.stored.iter().cloned());
        for id in line.refused.iter().chain(&line.removed).chain(&line.stored) {
            self.sent.remove(id);
        }
        for id in &line.removed {
            self.stored.remove(id);
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    schema: String,
    target: String,
    workgroup: String,
    /// As a read-back shows them.
    held: Vec<Value>,
    #[serde(default, skip_serializing_if = "is_false")]
    unseen: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    without_list: bool,
}

/// One line behind the first: what was noted while the workgroup was used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Note {
    /// An address that is about to be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) claim: Option<String>,
    /// Ids that are about to be sent, where nobody can look.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sent: Vec<String>,
    /// Those of an accepted update, and those that its answer lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) stored: Vec<String>,
    /// Those of a refused update.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) refused: Vec<String>,
    /// Those that an accepted update removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) removed: Vec<String>,
    /// An update is about to be sent for the first time.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) updated: bool,
    /// A read-back after an accepted update showed an object of the run.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) listed: bool,
    /// Later ones no longer show what was accepted.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) hidden: bool,
    /// Read-backs are so late, in milliseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) late_ms: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Note {
    /// The same without ids in which there is a secret.
    pub(super) fn without(&self, is_secret: &dyn Fn(&str) -> bool) -> Self {
        let shown = |ids: &[String]| -> Vec<String> {
            let shown = ids.iter().filter(|id| !is_secret(id));
            shown.cloned().collect()
        };
        Self {
            sent: shown(&self.sent),
            stored: shown(&self.stored),
            refused: shown(&self.refused),
            removed: shown(&self.removed),
            ..self.clone()
        }
    }

    /// The note as a line of the file.
    pub(super) fn line(&self) -> String {
        line(self)
    }

    /// The line that claims an address.
    pub(super) fn claim(address: &str) -> Self {
        Self {
            claim: Some(address.to_owned()),
            ..Self::default()
        }
    }
}

impl Entry {
    /// An entry of a workgroup that is about to be changed for the first time.
    pub(super) fn new(target: &str, workgroup: &str, held: &[Stored]) -> Self {
        Self {
            target: target.to_owned(),
            workgroup: workgroup.to_owned(),
            held: held.to_vec(),
            claimed: BTreeSet::new(),
            is_unseen: false,
            lists: OfWorkgroup::default(),
            late_ms: 0,
            unseen: Unseen::default(),
        }
    }

    /// Takes in what a line of the file says.
    pub(super) fn note(&mut self, note: &Note) {
        self.unseen.note(note);
        self.claimed.extend(note.claim.iter().cloned());
        self.lists.is_updated |= note.updated;
        self.lists.is_shown = note.listed || self.lists.is_shown && !note.hidden;
        self.late_ms = self.late_ms.max(note.late_ms);
    }

    /// The whole entry as the text of a file, without secrets.
    pub(super) fn text(&self, is_secret: &dyn Fn(&str) -> bool) -> String {
        let mut text = self.head(is_secret);
        let claimed = self.claimed.iter().filter(|address| !is_secret(address));
        let claims = claimed.map(|address| Note::claim(address));
        text.extend(claims.map(|claim| claim.line()));
        let rest = Note {
            sent: self.unseen.sent.iter().cloned().collect(),
            stored: self.unseen.stored.iter().cloned().collect(),
            updated: self.lists.is_updated,
            listed: self.lists.is_shown,
            late_ms: self.late_ms,
            ..Note::default()
        };
        if rest != Note::default() {
            text.push_str(&rest.without(is_secret).line());
        }
        text
    }

    /// Whether an object can only come from the run: it was not there before, and
    /// has a name or an address that the run gave.
    pub fn claims(&self, object: &Stored) -> bool {
        let address = object.text("emailAddress").unwrap_or_default();
        // A marker has the name of no case: it is of the run that claimed it.
        let is_named =
            (Names::are_in(&object.id) || Names::are_in(address)) && !marker::is_marker(object);
        let is_listed =
            self.unseen.sent.contains(&object.id) || self.unseen.stored.contains(&object.id);
        let is_given = is_named || is_listed || self.claimed.contains(address);
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
            unseen: self.is_unseen,
            without_list: self.lists.without_before,
        })
    }

    /// The entry in that text, or what is wrong with it. A last line that breaks
    /// off says nothing: what it claims was never sent.
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
        let held = read_back::mailboxes(&head.held)?;
        let mut entry = Self::new(&head.target, &head.workgroup, &held);
        entry.is_unseen = head.unseen;
        entry.lists.without_before = head.without_list;
        for (number, line) in lines.enumerate().filter(|(_, line)| line.ends_with('\n')) {
            let note: Note = serde_json::from_str(line)
                .map_err(|error| format!("its line {}: {error}", number + 2))?;
            entry.note(&note);
        }
        Ok(entry)
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
        let held = [object("a", "bob@corp.example"), object("m00aa-1", "x")];
        let mut entry = Entry::new("http://h:1", "Sales\n\"é\"", &held);
        entry.claimed.insert("odd \u{0}".to_owned());
        entry
    }

    #[test]
    fn an_entry_reads_back_as_it_was_written() {
        let entry = entry();
        let mut text = entry.head(&|_| false);
        text.push_str(&Note::claim("odd \u{0}").line());
        assert_eq!(text, entry.text(&|_| false));
        assert_eq!(Entry::parse(&text), Ok(entry.clone()));
        // Killed in the middle of a claim.
        text.push_str("{\"claim\":\"hal");
        assert_eq!(Entry::parse(&text), Ok(entry));
    }

    #[test]
    fn what_was_noted_reads_back_in_one_line_or_in_many() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let mut entry = Entry::new("http://h:1", "Sales", &[]);
        (entry.is_unseen, entry.lists.without_before) = (true, true);
        let mut text = entry.head(&|_| false);
        for note in [
            Note {
                sent: ids(&["a", "b", "c", "d"]),
                updated: true,
                ..Note::default()
            },
            Note {
                stored: ids(&["a", "7"]),
                listed: true,
                ..Note::default()
            },
            Note {
                refused: ids(&["a", "b"]),
                late_ms: 200,
                ..Note::default()
            },
            Note {
                removed: ids(&["7", "c"]),
                ..Note::default()
            },
        ] {
            text.push_str(&note.line());
            entry.note(&note);
        }
        assert_eq!(entry.unseen.ids(), ["a", "d"]);
        assert!(entry.claims(&object("d", "spoilt")));
        assert_eq!(Entry::parse(&text), Ok(entry.clone()));
        assert_eq!(Entry::parse(&entry.text(&|_| false)), Ok(entry));
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
