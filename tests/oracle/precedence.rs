//! Requests that are wrong in several ways: any answer that is legal for one
//! of the faults is legal, but who may not ask learns nothing (SES-12).

use crate::row::{Row, added, modified, rows};
use crate::world::Workgroup::{Absent, AbsentButForCase};
use crate::world::{ENDED, EXPIRED, NO_TOKEN, RESTRICTED};

/// A plain update.
const PLAIN: &[u8] = br#"{"remove":["out"]}"#;

pub(crate) const ROWS: &[Row] = rows! {
    // Who may not ask is answered for that alone.
    "no token, and not JSON", b"{", sent(NO_TOKEN) => must SES_2 [Unauthorized];
    "no token, and an invalid object", added!(r#""mailboxType":3"#), sent(NO_TOKEN) => must SES_2 [Unauthorized];
    "no token, and no such workgroup", PLAIN, sent(NO_TOKEN), to(Absent, "gone") => must SES_2 [Unauthorized];
    "no token, and a workgroup in another case", PLAIN, sent(NO_TOKEN), to(AbsentButForCase, "SALES")
        => must SES_2 [Unauthorized];
    "no token, and another label", PLAIN, sent(NO_TOKEN), labelled(Some("text/plain")) => must SES_2 [Unauthorized];
    "no token, and the resource is removed", PLAIN, sent(NO_TOKEN), removed() => must SES_2 [Unauthorized];
    "no token, and a workgroup id that is open", PLAIN, sent(NO_TOKEN), to(Absent, "a/b")
        => must SES_2 [BadRequest Unauthorized NotFound UriTooLong];
    "no token, and a failure is provoked", PLAIN, sent(NO_TOKEN), fails() => must SES_2 [Unauthorized Failed];
    "no token, and everything", b"", sent(NO_TOKEN), to(Absent, "gone"), labelled(None), removed() => must SES_2 [Unauthorized];
    "expired, and no such workgroup", PLAIN, sent(EXPIRED), to(Absent, "gone") => must SES_4 [Unauthorized];
    "ended, and not JSON", b"{", sent(ENDED) => must SES_4 [BadRequest Unauthorized NotFound];
    "another session's token, and not JSON", b"{", by("1001", &["tok-B"], &[("icws_1001", "GUID-a")])
        => should SES_8 [Unauthorized];

    // Who may ask but not modify can be told anything.
    "restricted, and not JSON", b"{", sent(RESTRICTED) => must ACC_1 [Malformed Forbidden];
    "restricted, and an invalid object", added!(r#""mailboxType":3"#), sent(RESTRICTED) => must ACC_1 [BadRequest Forbidden];
    "restricted, and an unfitting folder", added!(r#""mailboxType":1,"inboundFolder":"Inbox""#), sent(RESTRICTED)
        => must ACC_1 [InvalidFolder Forbidden];
    "restricted, and an unknown property", br#"{"remove":["out"],"more":1}"#, sent(RESTRICTED)
        => must ACC_1 [BadRequest Forbidden];
    "restricted, and no such workgroup", PLAIN, sent(RESTRICTED), to(Absent, "gone")
        => must ACC_1 [BadRequest Forbidden NotFound];
    "restricted, and another label", PLAIN, sent(RESTRICTED), labelled(Some("text/plain"))
        => must ACC_1 [BadRequest Forbidden NotAcceptable UnsupportedMediaType];
    "restricted, and the resource is removed", PLAIN, sent(RESTRICTED), removed() => must ACC_1 [Forbidden Gone];

    // 404, 410 and 500 beside the rest.
    "no such workgroup, and not JSON", b"{", to(Absent, "gone") => must WG_1 [Malformed NotFound];
    "no such workgroup, and another label", br#"{}"#, to(Absent, "gone"), labelled(None)
        => must WG_1 [BadRequest NotFound NotAcceptable UnsupportedMediaType];
    "removed", PLAIN, removed() => must GONE_1 [Gone];
    "removed, and nothing to do", br#"{}"#, removed() => must GONE_1 [Gone];
    "removed, and not JSON", b"{", removed() => must REP_2 [Malformed Gone];
    "removed, and an id that does not exist", br#"{"remove":["nobody"]}"#, removed() => must GONE_1 [BadRequest NotFound Gone];
    "removed, and no such workgroup", br#"{}"#, to(Absent, "gone"), removed() => must WG_1 [NotFound Gone];
    "a failure is provoked", PLAIN, fails() => accept REP_1 [Accepted Failed];
    "a failure is provoked, and not JSON", b"{", fails() => must REP_2 [Malformed Failed];
    "a failure is provoked, and the resource is removed", PLAIN, fails(), removed() => must GONE_1 [Gone Failed];

    // Several faults of one body: the most binding is told, the first of equals.
    "two wrong types", br#"{"add":{},"modify":"x"}"#, fails() => must REP_4 [BadRequest Failed];
    "a should and a must", added!(r#""mailboxType":3,"configurationId":{"id":"a","uri":null}"#) => must REP_10 [BadRequest];
    "an open and a should", br#"{"remove":["nobody"],"modify":[{"configurationId":{"id":"no-one"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => should EFF_4 [BadRequest Invalid NotFound];
    "an open and a must", added!(r#""mailboxType":1,"inboundFolder":"Inbox","more":1"#) => must FLD_1 [BadRequest InvalidFolder];
    "a missing object and an unfitting folder", modified!("no-one", r#""emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":"Inbox""#)
        => must FLD_1 [Invalid InvalidFolder];
    "one object right and one wrong", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"emailAddress":"b@t.test","mailboxMoniker":"EX:none","mailboxType":0,"inboundFolder":"Inbox"}]}"#
        => must FLD_2 [InvalidFolder];
    "two open things", br#"{"remove":["nobody"],"more":1}"# => open EFF_5 [Accepted BadRequest NotFound];
    "another label, and not JSON", b"{", labelled(Some("text/plain"))
        => must REP_2 [BadRequest Malformed NotAcceptable UnsupportedMediaType];
    "another label, and no object", b"[]", labelled(None)
        => must REP_3 [BadRequest Malformed NotAcceptable UnsupportedMediaType];
};
