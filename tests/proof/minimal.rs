//! The smallest request that shows a fault, as a person would write it: for
//! these faults it is known, and a run has to come down to it.

use icws_conformance::contract::rules::*;
use icws_conformance::reference::Fault;
use regex::Regex;
use serde_json::Value;

use crate::broken::{found, report};

/// Fault, rule, how many updates or objects come first, and the body. Ids and
/// addresses of ours are `m`, monikers `M`, folders `F`.
const KNOWN: &[(Fault, RuleId, usize, &str)] = &[
    (Fault::ArrayAccepted, REP_3, 0, "[]"),
    (Fault::ArrayUnwrapped, REP_3, 0, "[{}]"),
    (Fault::TextForList, REP_4, 0, r#"{"remove":""}"#),
    (Fault::ListIgnored, REP_4, 0, r#"{"add":""}"#),
    (
        Fault::EncryptedTruthy,
        REP_4,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","canReceiveEncryptedEmail":[]}]}"#,
    ),
    (
        Fault::ConfigurationIdText,
        REP_4,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","configurationId":"x"}]}"#,
    ),
    (
        Fault::EmailStringified,
        REP_4,
        0,
        r#"{"add":[{"emailAddress":[],"mailboxMoniker":"M"}]}"#,
    ),
    (
        Fault::NullEmailAccepted,
        REP_5,
        0,
        r#"{"add":[{"emailAddress":null,"mailboxMoniker":"M"}]}"#,
    ),
    (
        Fault::NullMonikerKept,
        REP_5,
        1,
        r#"{"modify":[{"configurationId":{"id":"m"},"mailboxMoniker":null}]}"#,
    ),
    (Fault::NullObjectsSkipped, REP_5, 0, r#"{"add":[null]}"#),
    (Fault::NullIdsSkipped, REP_5, 0, r#"{"remove":[null]}"#),
    (
        Fault::NullFolderRefused,
        REP_6,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","mailboxType":1,"inboundFolder":null}]}"#,
    ),
    (
        Fault::MissingEmailAccepted,
        REP_7,
        0,
        r#"{"add":[{"mailboxMoniker":"M"}]}"#,
    ),
    (
        Fault::MissingMonikerAccepted,
        REP_7,
        0,
        r#"{"add":[{"emailAddress":"m"}]}"#,
    ),
    (
        Fault::IdlessAccepted,
        REP_9,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","configurationId":{}}]}"#,
    ),
    (
        Fault::NullIdAccepted,
        REP_9,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","configurationId":{"id":null}}]}"#,
    ),
    (
        Fault::Type3Accepted,
        REP_10,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","mailboxType":3}]}"#,
    ),
    (
        Fault::TypeTruncated,
        REP_10,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","mailboxType":-0.5}]}"#,
    ),
    (Fault::EmptyUpdateRefused, REP_11, 0, "{}"),
    (Fault::EmptyListsRefused, REP_11, 0, r#"{"remove":[]}"#),
    (
        Fault::TypeUrnRefused,
        REP_17,
        0,
        r#"{"__type":"urn:inin.com:configuration.people:monitoredMailboxesBulkUpdate"}"#,
    ),
    (
        Fault::OutboundFolderAdded,
        FLD_1,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","mailboxType":1,"inboundFolder":"F"}]}"#,
    ),
    (
        Fault::StoredTypeForgotten,
        FLD_1,
        1,
        r#"{"modify":[{"configurationId":{"id":"m"},"inboundFolder":"F"}]}"#,
    ),
    (
        Fault::UnknownFolderAdded,
        FLD_2,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","mailboxType":0,"inboundFolder":"F"}]}"#,
    ),
    (
        Fault::BothWaysRefused,
        FLD_3,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","mailboxType":2,"inboundFolder":"F"}]}"#,
    ),
    (
        Fault::MonikerChangeUnchecked,
        FLD_4,
        1,
        r#"{"modify":[{"configurationId":{"id":"m"},"mailboxMoniker":"M"}]}"#,
    ),
    (
        Fault::NullEncryptedKeeps,
        FLD_5,
        1,
        r#"{"modify":[{"configurationId":{"id":"m"},"canReceiveEncryptedEmail":null}]}"#,
    ),
    (
        Fault::AbsentEncryptedIsTrue,
        FLD_6,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M"}]}"#,
    ),
    (
        Fault::TypeChangeKeepsFolder,
        FLD_7,
        1,
        r#"{"modify":[{"configurationId":{"id":"m"},"mailboxType":1}]}"#,
    ),
    (
        Fault::AddNotStored,
        EFF_1,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M"}]}"#,
    ),
    (
        Fault::AddLosesFolder,
        EFF_1,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","inboundFolder":"F"}]}"#,
    ),
    (
        Fault::Type2Becomes0,
        EFF_1,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M","mailboxType":2}]}"#,
    ),
    (
        Fault::ModifySkipsEmail,
        EFF_1,
        1,
        r#"{"modify":[{"configurationId":{"id":"m"},"emailAddress":"m"}]}"#,
    ),
    (
        Fault::ModifySkipsNullFolder,
        EFF_1,
        1,
        r#"{"modify":[{"configurationId":{"id":"m"},"inboundFolder":null}]}"#,
    ),
    (
        Fault::ModifyResetsFolder,
        EFF_2,
        1,
        r#"{"modify":[{"configurationId":{"id":"m"}}]}"#,
    ),
    (
        Fault::UriIsNull,
        OK_4,
        0,
        r#"{"add":[{"emailAddress":"m","mailboxMoniker":"M"}]}"#,
    ),
    (Fault::DetailsEmpty, ERR_6, 0, r#"{"add":[{}]}"#),
    (Fault::ErrorType8, ERR_7, 0, r#"{"add":[{}]}"#),
];

#[test]
fn the_smallest_request_is_found() {
    let ours = Regex::new("\"m[0-9a-f]{4}-[0-9]+(@acme.test)?\"").expect("a regex");
    let moniker = Regex::new("\"(EX|IMAP|SMTP):[^\"]*\"").expect("a regex");
    let folder = Regex::new("\"inboundFolder\":\"[^\"]*\"").expect("a regex");
    let mut wrong = Vec::new();
    for (fault, rule, first, expected) in KNOWN {
        let name = fault.row().name;
        let report = report(*fault, *rule);
        let Some(finding) = found(&report, *rule) else {
            wrong.push(format!("{name}: {rule} held"));
            continue;
        };
        let body = ours.replace_all(finding.minimal.body.as_ref(), "\"m\"");
        let body = moniker.replace_all(&body, "\"M\"");
        let body = folder.replace_all(&body, "\"inboundFolder\":\"F\"");
        let (body, expected) = (parsed(&body), parsed(expected));
        let before = finding.case.scene.len() + finding.case.steps.len() - 1;
        if body != expected || before != *first {
            wrong.push(format!(
                "{name}: {before} before {body}; known: {first} before {expected}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Members in any order are the same body.
fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{body}: {error}"))
}
