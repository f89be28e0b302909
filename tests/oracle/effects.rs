//! The ids that an update names (EFF-4 to EFF-7).

use icws_conformance::oracle::IdRegime::{Server, Unknown};

use crate::row::{Row, changed, modified, naming, rows};
use crate::world::Workgroup::HoldsAtLeast;

pub(crate) const ROWS: &[Row] = rows! {
    // One list.
    "remove an existing id", naming!(remove ["out"]) => accept REP_1 [Accepted];
    "remove several existing ids", naming!(remove ["out", "in", "bare"]) => accept REP_1 [Accepted];
    "remove an id that does not exist", naming!(remove ["nobody"]) => open EFF_5 [Accepted BadRequest NotFound];
    "remove an existing id and one that does not exist", naming!(remove ["out", "nobody"])
        => open EFF_5 [Accepted BadRequest NotFound];
    "remove an id that may exist", naming!(remove ["else"]), to(HoldsAtLeast, "Sales")
        => open EFF_5 [Accepted BadRequest NotFound];
    "remove an existing id twice", naming!(remove ["out", "out"]) => open EFF_7 [Accepted BadRequest];
    "remove an id that does not exist twice", naming!(remove ["nobody", "nobody"]) => open EFF_7 [Accepted BadRequest NotFound];
    "modify an id that does not exist", naming!(modify ["nobody"]) => should EFF_4 [Invalid];
    "modify an id that does not exist, inbound with a folder", changed!("nobody", "EX:one", r#""mailboxType":0,"inboundFolder":"Inbox""#)
        => should EFF_4 [Invalid];
    "modify an id that does not exist, with no type", changed!("nobody", "EX:one", r#""inboundFolder":"Inbox""#)
        => should EFF_4 [Invalid];
    "modify an id that does not exist, with one property", modified!("nobody", r#""canReceiveEncryptedEmail":true"#)
        => should EFF_4 [BadRequest Invalid];
    "modify an existing id and one that does not exist", naming!(modify ["out", "nobody"]) => should EFF_4 [Invalid];
    "modify an existing id twice", naming!(modify ["out", "out"]) => open EFF_7 [Accepted BadRequest];
    "modify an id that does not exist twice", naming!(modify ["nobody", "nobody"]) => should EFF_4 [BadRequest Invalid];
    "add a new id", naming!(add ["new"]) => accept REP_1 [Accepted];
    "add several without ids", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => accept REP_1 [Accepted];
    "add two of one content", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1},{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => accept REP_1 [Accepted];
    "all three lists", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}],"modify":[{"configurationId":{"id":"in"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one"}],"remove":["out"]}"#
        => accept REP_1 [Accepted];

    // Taken ids: whose they are decides.
    "add a taken id", naming!(add ["out"]) => should EFF_6 [Invalid];
    "add a taken id, to a server that may give its own", naming!(add ["out"]), ids(Unknown) => open EFF_6 [Accepted Invalid];
    "add a taken id, to a server that gives its own", naming!(add ["out"]), ids(Server) => open EFF_6 [Accepted Invalid];
    "add one id twice", naming!(add ["new", "new"]) => should EFF_6 [Invalid];
    "add one id twice, to a server that may give its own", naming!(add ["new", "new"]), ids(Unknown)
        => open EFF_6 [Accepted Invalid];
    "add one id twice, to a server that gives its own", naming!(add ["new", "new"]), ids(Server) => open EFF_6 [Accepted Invalid];
    "add a taken id three times", naming!(add ["out", "out", "out"]) => should EFF_6 [Invalid];

    // One id in several lists: the order is open, but not what no order can make right.
    "add and remove a taken id", naming!(add ["out"], remove ["out"]) => open EFF_7 [Accepted BadRequest];
    "add and remove a new id", naming!(add ["new"], remove ["new"]) => open EFF_7 [Accepted BadRequest NotFound];
    "add and modify a new id", naming!(add ["new"], modify ["new"]) => open EFF_7 [Accepted BadRequest];
    "add and modify a taken id", naming!(add ["out"], modify ["out"]) => should EFF_6 [BadRequest Invalid];
    "add twice and remove", naming!(add ["out", "out"], remove ["out"]) => should EFF_6 [BadRequest Invalid];
    "modify and remove an existing id", naming!(modify ["out"], remove ["out"]) => open EFF_7 [Accepted BadRequest];
    "modify and remove an id that does not exist", naming!(modify ["nobody"], remove ["nobody"])
        => should EFF_4 [BadRequest Invalid NotFound];
    "modify and remove an existing id, outbound with a folder", br#"{"modify":[{"configurationId":{"id":"out"},"emailAddress":"b@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":"Inbox"}],"remove":["out"]}"#
        => must FLD_1 [BadRequest InvalidFolder];

    // Ids that differ only in case.
    "modify an id in another case", naming!(modify ["case"]) => open EFF_7 [Accepted BadRequest];
    "remove an id in another case", naming!(remove ["CASE"]) => open EFF_7 [Accepted BadRequest NotFound];
    "add an id in another case", naming!(add ["cASE"]) => open EFF_7 [Accepted BadRequest];
    "add two ids that differ in case", naming!(add ["new", "NEW"]) => open EFF_7 [Accepted BadRequest];
    "remove an id and add it in another case", naming!(add ["OUT"], remove ["out"]) => open EFF_7 [Accepted BadRequest];
};
