//! The ids that an update names (EFF-4 to EFF-7).

use icws_conformance::oracle::IdRegime::{Server, Unknown};

use crate::row::{Row, modified, rows};
use crate::world::Workgroup::HoldsAtLeast;

pub(crate) const ROWS: &[Row] = rows! {
    // One list.
    "remove an existing id", br#"{"remove":["out"]}"# => accept REP_1 [Accepted];
    "remove several existing ids", br#"{"remove":["out","in","bare"]}"# => accept REP_1 [Accepted];
    "remove an id that does not exist", br#"{"remove":["nobody"]}"# => open EFF_5 [Accepted BadRequest NotFound];
    "remove an existing id and one that does not exist", br#"{"remove":["out","nobody"]}"# => open EFF_5 [Accepted BadRequest NotFound];
    "remove an id that may exist", br#"{"remove":["else"]}"#, to(HoldsAtLeast, "Sales") => open EFF_5 [Accepted BadRequest NotFound];
    "remove an existing id twice", br#"{"remove":["out","out"]}"# => open EFF_7 [Accepted BadRequest];
    "remove an id that does not exist twice", br#"{"remove":["nobody","nobody"]}"# => open EFF_7 [Accepted BadRequest NotFound];
    "modify an id that does not exist", modified!("nobody", r#""emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1"#) => should EFF_4 [Invalid];
    "modify an id that does not exist, inbound with a folder", modified!("nobody", r#""emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":0,"inboundFolder":"Inbox""#) => should EFF_4 [Invalid];
    "modify an id that does not exist, with no type", modified!("nobody", r#""emailAddress":"a@t.test","mailboxMoniker":"EX:one","inboundFolder":"Inbox""#) => should EFF_4 [Invalid];
    "modify an id that does not exist, with one property", modified!("nobody", r#""canReceiveEncryptedEmail":true"#) => should EFF_4 [BadRequest Invalid];
    "modify an existing id and one that does not exist", br#"{"modify":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one"},{"configurationId":{"id":"nobody"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one"}]}"# => should EFF_4 [Invalid];
    "modify an existing id twice", br#"{"modify":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":null},{"configurationId":{"id":"out"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":null}]}"# => open EFF_7 [Accepted BadRequest];
    "modify an id that does not exist twice", br#"{"modify":[{"configurationId":{"id":"nobody"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"configurationId":{"id":"nobody"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => should EFF_4 [BadRequest Invalid];
    "add a new id", br#"{"add":[{"configurationId":{"id":"new"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => accept REP_1 [Accepted];
    "add several without ids", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => accept REP_1 [Accepted];
    "add two of one content", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => accept REP_1 [Accepted];
    "all three lists", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"modify":[{"configurationId":{"id":"in"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one"}],"remove":["out"]}"# => accept REP_1 [Accepted];

    // Taken ids: whose they are decides.
    "add a taken id", br#"{"add":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => should EFF_6 [Invalid];
    "add a taken id, to a server that may give its own", br#"{"add":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#, ids(Unknown) => open EFF_6 [Accepted Invalid];
    "add a taken id, to a server that gives its own", br#"{"add":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#, ids(Server) => accept REP_1 [Accepted];
    "add one id twice", br#"{"add":[{"configurationId":{"id":"new"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"configurationId":{"id":"new"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => should EFF_6 [Invalid];
    "add one id twice, to a server that may give its own", br#"{"add":[{"configurationId":{"id":"new"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"configurationId":{"id":"new"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#, ids(Unknown) => open EFF_6 [Accepted Invalid];
    "add one id twice, to a server that gives its own", br#"{"add":[{"configurationId":{"id":"new"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"configurationId":{"id":"new"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#, ids(Server) => accept REP_1 [Accepted];
    "add a taken id three times", br#"{"add":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"configurationId":{"id":"out"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"configurationId":{"id":"out"},"emailAddress":"c@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => should EFF_6 [Invalid];

    // One id in several lists: the order is open, but not what no order can make right.
    "add and remove a taken id", br#"{"add":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"remove":["out"]}"# => open EFF_7 [Accepted BadRequest];
    "add and remove a new id", br#"{"add":[{"configurationId":{"id":"new"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"remove":["new"]}"# => open EFF_7 [Accepted BadRequest NotFound];
    "add and modify a new id", br#"{"add":[{"configurationId":{"id":"new"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"modify":[{"configurationId":{"id":"new"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":null}]}"# => open EFF_7 [Accepted BadRequest];
    "add and modify a taken id", br#"{"add":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"modify":[{"configurationId":{"id":"out"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":null}]}"# => should EFF_6 [BadRequest Invalid];
    "add twice and remove", br#"{"add":[{"configurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"configurationId":{"id":"out"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"remove":["out"]}"# => should EFF_6 [BadRequest Invalid];
    "modify and remove an existing id", br#"{"modify":[{"configurationId":{"id":"out"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":null}],"remove":["out"]}"# => open EFF_7 [Accepted BadRequest];
    "modify and remove an id that does not exist", br#"{"modify":[{"configurationId":{"id":"nobody"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"remove":["nobody"]}"# => should EFF_4 [BadRequest Invalid NotFound];
    "modify and remove an existing id, outbound with a folder", br#"{"modify":[{"configurationId":{"id":"out"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":"Inbox"}],"remove":["out"]}"# => must FLD_1 [BadRequest InvalidFolder];

    // Ids that differ only in case.
    "modify an id in another case", modified!("case", r#""emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":null"#) => open EFF_7 [Accepted BadRequest];
    "remove an id in another case", br#"{"remove":["CASE"]}"# => open EFF_7 [Accepted BadRequest NotFound];
    "add an id in another case", br#"{"add":[{"configurationId":{"id":"cASE"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => open EFF_7 [Accepted BadRequest];
    "add two ids that differ in case", br#"{"add":[{"configurationId":{"id":"new"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"configurationId":{"id":"NEW"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"# => open EFF_7 [Accepted BadRequest];
    "remove an id and add it in another case", br#"{"add":[{"configurationId":{"id":"OUT"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"remove":["out"]}"# => open EFF_7 [Accepted BadRequest];
};
