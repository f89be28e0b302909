//! What the oracle is told: the request as it will be sent, and what is known
//! of the target's sessions and stored objects.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::enums::MAILBOX_TYPES;
use crate::contract::representation::MONITORED_MAILBOX;
use crate::contract::{Framing, Writing};

/// A request as sent, in the parts that the contract speaks of. Borrowed, and
/// without `Debug`: it holds credentials.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The session id in the path, decoded.
    pub session_id: &'a str,
    /// The value of every CSRF header, in order.
    pub tokens: &'a [&'a str],
    /// Every cookie of every Cookie header, as name and value, in order.
    pub cookies: &'a [(&'a str, &'a str)],
    /// The header names are spelt in another way than the one known to work.
    pub unusual_spelling: bool,
    /// The workgroup id in the path, decoded; `None` where it is no text.
    pub workgroup_id: Option<&'a str>,
    /// How that id is written.
    pub writing: Writing,
    /// The value of Content-Type, where there is one.
    pub content_type: Option<&'a str>,
    /// The value of Accept, where there is one.
    pub accept: Option<&'a str>,
    /// How it is framed.
    pub framing: Framing,
    /// The body.
    pub body: &'a [u8],
}

/// Whether a session can still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionLife {
    /// Between its 201 and its end.
    Live,
    /// Its client ended it.
    Ended,
    /// The target was made to let it expire.
    Expired,
}

/// A session that the target issued. Borrowed, and without `Debug`: it holds
/// credentials.
#[derive(Clone, Copy)]
pub struct KnownSession<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its CSRF token.
    pub token: &'a str,
    /// The value of its cookie.
    pub cookie: &'a str,
    /// Whether it can still be used.
    pub life: SessionLife,
    /// Whether its user may modify the workgroup.
    pub may_modify: bool,
    /// The language that it was opened in, where that is not the usual one.
    pub language: Option<&'a str>,
}

/// Who gives ids to added objects; recognised, not configured (EFF-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IdRegime {
    /// Not known: what depends on it is open.
    #[default]
    Unknown,
    /// An added object keeps the id it came with.
    Client,
    /// The server gives ids of its own.
    Server,
}

/// One stored mailbox, as read back: what is null or left out is not there.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Stored {
    /// Its id.
    pub id: String,
    /// Its other properties by documented name, without those that are null.
    pub values: BTreeMap<&'static str, Value>,
}

impl Stored {
    /// The properties beside the configurationId, which read-back compares.
    pub fn properties() -> impl Iterator<Item = &'static str> {
        MONITORED_MAILBOX
            .properties
            .iter()
            .map(|property| property.name)
            .filter(|name| *name != "configurationId")
    }

    /// The value of a text property.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str)
    }

    /// The mailboxType, where it is one of the documented.
    pub fn mailbox_type(&self) -> Option<u16> {
        let number = self.values.get("mailboxType").and_then(Value::as_f64)?;
        MAILBOX_TYPES
            .iter()
            .map(|value| value.number)
            .find(|known| f64::from(*known) == number)
    }
}

/// What is known of the addressed workgroup.
#[derive(Clone, Copy, Debug)]
pub enum WorkgroupState<'a> {
    /// It exists and holds exactly these.
    Holds(&'a [Stored]),
    /// It exists; these are there, and perhaps others, but none with an id that
    /// a request adds.
    HoldsAtLeast(&'a [Stored]),
    /// It does not exist.
    Absent,
    /// It does not exist, but one whose id differs only in case does (WG-3).
    AbsentButForCase,
}

impl<'a> WorkgroupState<'a> {
    /// The objects known to be stored.
    pub fn stored(&self) -> &'a [Stored] {
        match self {
            Self::Holds(stored) | Self::HoldsAtLeast(stored) => stored,
            Self::Absent | Self::AbsentButForCase => &[],
        }
    }

    /// Whether nothing else is stored.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::Holds(_) | Self::Absent)
    }
}

/// What is known of the target when the request is sent.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Every session that it issued to us.
    pub sessions: &'a [KnownSession<'a>],
    /// The addressed workgroup.
    pub workgroup: WorkgroupState<'a>,
    /// The monikers that the target knows, with their folders.
    pub mailboxes: &'a [(String, Vec<String>)],
    /// The domain of addresses that the target has accepted: of others the form
    /// may be the reason of a refusal (FLD-9).
    pub domain: &'a str,
    /// Who gives ids.
    pub ids: IdRegime,
    /// The resource is declared removed (GONE-1).
    pub removed: bool,
    /// A failure of the next update is provoked (ISE-2).
    pub fails_next: bool,
}

impl Known<'_> {
    /// The folders of a moniker, where the target is known to know it.
    pub fn folders(&self, moniker: &str) -> Option<&[String]> {
        self.mailboxes
            .iter()
            .find(|(known, _)| known == moniker)
            .map(|(_, folders)| folders.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_stored_type_is_one_of_the_documented_however_it_is_written() {
        for (value, known) in [
            (json!(2), Some(2)),
            (json!(1.0), Some(1)),
            (json!(3), None),
            (json!("1"), None),
        ] {
            let mut stored = Stored::default();
            stored.values.insert("mailboxType", value);
            assert_eq!(stored.mailbox_type(), known);
        }
    }
}
