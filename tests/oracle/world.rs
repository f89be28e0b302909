//! What is known in every row: the sessions, the mailboxes and what is stored.

use icws_conformance::contract::Writing;
use icws_conformance::oracle::known::SessionLife;
use icws_conformance::oracle::{Asked, Known, KnownSession, Stored, WorkgroupState};
use serde_json::json;

use crate::row::Row;

/// What a request says about who sends it.
#[derive(Clone, Copy)]
pub(crate) struct Credentials {
    pub(crate) session_id: &'static str,
    pub(crate) tokens: &'static [&'static str],
    pub(crate) cookies: &'static [(&'static str, &'static str)],
    pub(crate) unusual_spelling: bool,
}

const fn of(
    session_id: &'static str,
    tokens: &'static [&'static str],
    cookies: &'static [(&'static str, &'static str)],
) -> Credentials {
    Credentials {
        session_id,
        tokens,
        cookies,
        unusual_spelling: false,
    }
}

/// A live session of a user who may modify, used as it should be.
pub(crate) const LIVE: Credentials = of("1001", &["tok-A/one="], &[("icws_1001", "GUID-a")]);
/// A live session of a user who may not.
pub(crate) const RESTRICTED: Credentials = of("1003", &["tok-C"], &[("icws_1003", "GUID-c")]);
/// A session that its client ended.
pub(crate) const ENDED: Credentials = of("1004", &["tok-D"], &[("icws_1004", "GUID-d")]);
/// A session that has expired.
pub(crate) const EXPIRED: Credentials = of("1005", &["tok-E"], &[("icws_1005", "GUID-e")]);
/// The live session without its token.
pub(crate) const NO_TOKEN: Credentials = of("1001", &[], &[("icws_1001", "GUID-a")]);

/// Every session: id, token, cookie, life, and whether its user may modify.
const SESSIONS: &[(&str, &str, &str, SessionLife, bool)] = &[
    ("1001", "tok-A/one=", "GUID-a", SessionLife::Live, true),
    ("1002", "tok-B", "GUID-b", SessionLife::Live, true),
    ("1003", "tok-C", "GUID-c", SessionLife::Live, false),
    ("1004", "tok-D", "GUID-d", SessionLife::Ended, true),
    ("1005", "tok-E", "GUID-e", SessionLife::Expired, true),
    ("1006", "tok-F", "\"GUID-f\"", SessionLife::Live, true),
];

/// Which workgroup is addressed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Workgroup {
    /// One that holds exactly [`STORED`].
    Holds,
    /// One that holds [`STORED`], and perhaps more.
    HoldsAtLeast,
    /// One that does not exist.
    Absent,
    /// One that does not exist, but for the case of its id.
    AbsentButForCase,
}

/// Every stored object: id, moniker, mailboxType, inboundFolder. The address
/// is `{id}@t.test`, canReceiveEncryptedEmail is false.
const STORED: &[(&str, &str, u16, Option<&str>)] = &[
    ("in", "EX:one", 0, Some("Inbox")),
    ("both", "EX:one", 2, Some("Escalations")),
    ("out", "EX:one", 1, None),
    ("bare", "EX:none", 0, None),
    ("foreign", "EX:unknown", 0, Some("Inbox")),
    ("Case", "EX:one", 1, None),
];

/// Beside [`STORED`] there are outbound `m0` to `m29`, for long lists.
const MANY: usize = 30;

/// Every moniker that the target knows, with its folders.
const MAILBOXES: &[(&str, &[&str])] = &[
    ("EX:one", &["Inbox", "Escalations"]),
    ("EX:two", &["Inbox"]),
    ("EX:none", &[]),
];

/// All of it in the oracle's own types.
pub(crate) struct World {
    sessions: Vec<KnownSession<'static>>,
    stored: Vec<Stored>,
    mailboxes: Vec<(String, Vec<String>)>,
}

impl World {
    pub(crate) fn new() -> Self {
        let sessions = SESSIONS
            .iter()
            .map(|&(id, token, cookie, life, may_modify)| KnownSession {
                id,
                token,
                cookie,
                life,
                may_modify,
                language: None,
            })
            .collect();
        let mut stored: Vec<Stored> = STORED
            .iter()
            .map(|(id, moniker, mailbox_type, folder)| object(id, moniker, *mailbox_type, *folder))
            .collect();
        stored.extend((0..MANY).map(|number| object(&format!("m{number}"), "EX:one", 1, None)));
        let mailboxes = MAILBOXES
            .iter()
            .map(|(moniker, folders)| {
                let folders = folders.iter().map(|folder| (*folder).to_owned());
                ((*moniker).to_owned(), folders.collect())
            })
            .collect();
        Self {
            sessions,
            stored,
            mailboxes,
        }
    }

    /// Hands the request of a row, and what is known, to the oracle.
    pub(crate) fn with<T>(&self, row: &Row, ask: impl FnOnce(&Asked<'_>, &Known<'_>) -> T) -> T {
        let asked = Asked {
            session_id: row.credentials.session_id,
            tokens: row.credentials.tokens,
            cookies: row.credentials.cookies,
            unusual_spelling: row.credentials.unusual_spelling,
            workgroup_id: row.workgroup_id,
            writing: Writing::Usual,
            content_type: row.label,
            accept: row.accept,
            framing: row.framing,
            body: row.body,
        };
        let known = Known {
            sessions: &self.sessions,
            workgroup: match row.workgroup {
                Workgroup::Holds => WorkgroupState::Holds(&self.stored),
                Workgroup::HoldsAtLeast => WorkgroupState::HoldsAtLeast(&self.stored),
                Workgroup::Absent => WorkgroupState::Absent,
                Workgroup::AbsentButForCase => WorkgroupState::AbsentButForCase,
            },
            mailboxes: &self.mailboxes,
            domain: "t.test",
            ids: row.ids,
            removed: row.removed,
            fails_next: row.fails_next,
        };
        ask(&asked, &known)
    }
}

fn object(id: &str, moniker: &str, mailbox_type: u16, folder: Option<&str>) -> Stored {
    let mut stored = Stored {
        id: id.to_owned(),
        ..Stored::default()
    };
    stored.values.extend([
        ("canReceiveEncryptedEmail", json!(false)),
        ("emailAddress", json!(format!("{id}@t.test"))),
        ("mailboxMoniker", json!(moniker)),
        ("mailboxType", json!(mailbox_type)),
    ]);
    if let Some(folder) = folder {
        stored.values.insert("inboundFolder", json!(folder));
    }
    stored
}
