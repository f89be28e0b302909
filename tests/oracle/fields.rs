//! Folders against types and mailboxes, and what is open of a field (FLD).
//! The mailboxes: `EX:one` has Inbox and Escalations, `EX:two` has Inbox,
//! `EX:none` has nothing. What is stored stands in [`world`](crate::world).

use crate::row::{Row, added, changed, modified, rows};
use crate::world::Workgroup::HoldsAtLeast;

pub(crate) const ADDED: &[Row] = rows! {
    // Outbound: no folder.
    "outbound with an existing folder", added!(r#""mailboxType":1,"inboundFolder":"Inbox""#) => must FLD_1 [InvalidFolder];
    "outbound with a missing folder", added!(r#""mailboxType":1,"inboundFolder":"Nowhere""#) => must FLD_1 [InvalidFolder];
    "outbound with null", added!(r#""mailboxType":1,"inboundFolder":null"#) => accept REP_6 [Accepted];
    "outbound with a folder of an unknown moniker", added!("EX:unknown", r#""mailboxType":1,"inboundFolder":"Inbox""#)
        => must FLD_1 [BadRequest InvalidFolder];

    // Inbound: a folder that is there, or none.
    "inbound with an existing folder", added!(r#""mailboxType":0,"inboundFolder":"Inbox""#) => accept FLD_3 [Accepted];
    "both with an existing folder", added!(r#""mailboxType":2,"inboundFolder":"Escalations""#) => accept FLD_3 [Accepted];
    "inbound with null", added!(r#""mailboxType":0,"inboundFolder":null"#) => accept FLD_3 [Accepted];
    "both without inboundFolder", added!(r#""mailboxType":2"#) => accept FLD_3 [Accepted];
    "inbound to a mailbox without folders, with null", added!("EX:none", r#""mailboxType":0,"inboundFolder":null"#)
        => accept FLD_3 [Accepted];
    "inbound with a missing folder", added!(r#""mailboxType":0,"inboundFolder":"Nowhere""#) => must FLD_2 [InvalidFolder];
    "both with a missing folder", added!(r#""mailboxType":2,"inboundFolder":"Nowhere""#) => must FLD_2 [InvalidFolder];
    "inbound with another mailbox's folder", added!("EX:two", r#""mailboxType":0,"inboundFolder":"Escalations""#)
        => must FLD_2 [InvalidFolder];
    "inbound to a mailbox without folders", added!("EX:none", r#""mailboxType":2,"inboundFolder":"Inbox""#)
        => must FLD_2 [InvalidFolder];
    "inbound with a folder in another case", added!(r#""mailboxType":0,"inboundFolder":"INBOX""#)
        => open FLD_2 [Accepted InvalidFolder];
    "inbound with a folder and a space more", added!(r#""mailboxType":0,"inboundFolder":" Inbox ""#)
        => must FLD_2 [InvalidFolder];
    "inbound with a folder of an unknown moniker", added!("EX:unknown", r#""mailboxType":0,"inboundFolder":"Inbox""#)
        => open FLD_9 [Accepted BadRequest];

    // Monikers, addresses, types.
    "an unknown moniker", added!("EX:unknown", r#""mailboxType":1"#) => open FLD_9 [Accepted BadRequest];
    "a moniker in another case", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"ex:one","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "a moniker with a space more", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one ","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "an address without @", br#"{"add":[{"emailAddress":"nobody","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "an address of two @", br#"{"add":[{"emailAddress":"a@b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "an address with a space", br#"{"add":[{"emailAddress":"a b@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "an address with a name", br#"{"add":[{"emailAddress":"A <a@t.test>","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "an address of another script", "{\"add\":[{\"emailAddress\":\"\u{e9}@t.test\",\"mailboxMoniker\":\"EX:one\",\"mailboxType\":1}]}".as_bytes()
        => open FLD_9 [Accepted BadRequest];
    "an address of a host that is no domain", br#"{"add":[{"emailAddress":"a@-b.-c.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "an address of a label that starts with a hyphen", br#"{"add":[{"emailAddress":"a@b.-c.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "no mailboxType", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"# => open FLD_9 [Accepted BadRequest];
    "no mailboxType, with a folder", added!(r#""inboundFolder":"Inbox""#) => open FLD_9 [Accepted BadRequest];
    "no mailboxType, with null for the folder", added!(r#""inboundFolder":null"#) => open FLD_9 [Accepted BadRequest];
};

pub(crate) const MODIFIED: &[Row] = rows! {
    // The folder is given.
    "another folder that is there", changed!("in", "EX:one", r#""inboundFolder":"Escalations""#) => accept REP_1 [Accepted];
    "a folder that is not there", changed!("in", "EX:one", r#""inboundFolder":"Nowhere""#) => must FLD_2 [InvalidFolder];
    "a folder in another case", changed!("in", "EX:one", r#""inboundFolder":"inbox""#) => open FLD_2 [Accepted InvalidFolder];
    "null for the folder", changed!("in", "EX:one", r#""inboundFolder":null"#) => accept REP_6 [Accepted];
    "nothing but a folder that is not there", modified!("in", r#""inboundFolder":"Nowhere""#)
        => must FLD_2 [BadRequest InvalidFolder];
    "nothing but a folder that is there", modified!("in", r#""inboundFolder":"Escalations""#) => open REP_8 [Accepted BadRequest];
    "a folder for a mailbox that is stored without one", changed!("bare", "EX:none", r#""inboundFolder":"Inbox""#)
        => must FLD_2 [InvalidFolder];
    "a folder of a stored moniker that is unknown", modified!("foreign", r#""emailAddress":"a@t.test","inboundFolder":"Else""#)
        => open FLD_9 [Accepted BadRequest];
    "a folder for a stored outbound mailbox", changed!("out", "EX:one", r#""inboundFolder":"Inbox""#)
        => must FLD_1 [InvalidFolder];
    "nothing but a folder for a stored outbound mailbox", modified!("out", r#""inboundFolder":"Inbox""#)
        => must FLD_1 [BadRequest InvalidFolder];

    // The moniker changes under the folder.
    "to a moniker that has the folder", changed!("in", "EX:two") => accept REP_1 [Accepted];
    "to a moniker that lacks the folder", changed!("in", "EX:none") => must FLD_4 [InvalidFolder];
    "to a moniker that lacks the folder, of both", changed!("both", "EX:two", r#""mailboxType":2"#) => must FLD_4 [InvalidFolder];
    "nothing but a moniker that lacks the folder", modified!("both", r#""mailboxMoniker":"EX:two""#)
        => must FLD_4 [BadRequest InvalidFolder];
    "to a moniker that lacks the folder, and the other inbound type", changed!("both", "EX:two", r#""mailboxType":0"#)
        => must FLD_4 [InvalidFolder];
    "to a moniker that lacks the folder, with null for it", changed!("in", "EX:none", r#""inboundFolder":null"#)
        => accept REP_6 [Accepted];
    "to a moniker and a folder that it has", changed!("both", "EX:two", r#""inboundFolder":"Inbox""#) => accept REP_1 [Accepted];
    "to a moniker and a folder that only the old one has", changed!("in", "EX:two", r#""inboundFolder":"Escalations""#)
        => must FLD_2 [InvalidFolder];
    "to a moniker that lacks the folder that is named again", changed!("in", "EX:none", r#""inboundFolder":"Inbox""#)
        => must FLD_2 [InvalidFolder];
    "to an unknown moniker", changed!("in", "EX:unknown") => open FLD_9 [Accepted BadRequest];
    "to an unknown moniker, with a folder", changed!("in", "EX:unknown", r#""inboundFolder":"Inbox""#)
        => open FLD_9 [Accepted BadRequest];
    "from an unknown moniker to one that lacks the folder", changed!("foreign", "EX:none") => must FLD_4 [InvalidFolder];
    "from an unknown moniker to one that has the folder", changed!("foreign", "EX:two") => accept REP_1 [Accepted];
    "to another moniker without a folder", changed!("bare", "EX:two") => accept REP_1 [Accepted];
    "to another moniker, outbound", changed!("out", "EX:none") => accept REP_1 [Accepted];

    // The type changes under the folder.
    "to outbound, the folder unmentioned", changed!("in", "EX:one", r#""mailboxType":1"#) => open FLD_7 [Accepted BadRequest];
    "nothing but to outbound", modified!("both", r#""mailboxType":1"#) => open FLD_7 [Accepted BadRequest];
    "to outbound, the folder null", changed!("in", "EX:one", r#""mailboxType":1,"inboundFolder":null"#)
        => accept REP_6 [Accepted];
    "to outbound, with its folder", changed!("in", "EX:one", r#""mailboxType":1,"inboundFolder":"Inbox""#)
        => must FLD_1 [InvalidFolder];
    "to outbound, without a folder", changed!("bare", "EX:none", r#""mailboxType":1"#) => accept REP_1 [Accepted];
    "to the other inbound type", changed!("in", "EX:one", r#""mailboxType":2"#) => accept REP_1 [Accepted];
    "from outbound to inbound", changed!("out", "EX:one", r#""mailboxType":0"#) => accept REP_1 [Accepted];
    "from outbound to inbound with a folder that is there", changed!("out", "EX:one", r#""mailboxType":2,"inboundFolder":"Inbox""#)
        => accept REP_1 [Accepted];
    "from outbound to inbound with a folder that is not there", changed!("out", "EX:two", r#""mailboxType":0,"inboundFolder":"Escalations""#)
        => must FLD_2 [InvalidFolder];
    "nothing but a type and a folder that is there", modified!("out", r#""mailboxType":0,"inboundFolder":"Inbox""#)
        => open REP_8 [Accepted BadRequest];
    "nothing but a type and a folder that is not there", modified!("out", r#""mailboxType":0,"inboundFolder":"Nowhere""#)
        => must FLD_2 [BadRequest InvalidFolder];

    // As it is stored.
    "everything as it is", modified!("in", r#""emailAddress":"in@t.test","mailboxMoniker":"EX:one","mailboxType":0,"inboundFolder":"Inbox","canReceiveEncryptedEmail":false"#)
        => accept EFF_9 [Accepted];
    "null where there is no folder", modified!("out", r#""emailAddress":"out@t.test","mailboxMoniker":"EX:one","mailboxType":1,"inboundFolder":null"#)
        => accept EFF_9 [Accepted];

    // Objects that may exist, of unknown content.
    "not known to exist: all given and fitting", changed!("else", "EX:one", r#""mailboxType":0,"inboundFolder":"Inbox""#), to(HoldsAtLeast, "Sales")
        => open EFF_4 [Accepted Invalid];
    "not known to exist: outbound with a folder", changed!("else", "EX:one", r#""mailboxType":1,"inboundFolder":"Inbox""#), to(HoldsAtLeast, "Sales")
        => must FLD_1 [Invalid InvalidFolder];
    "not known to exist: inbound with a missing folder", changed!("else", "EX:one", r#""mailboxType":0,"inboundFolder":"Nowhere""#), to(HoldsAtLeast, "Sales")
        => must FLD_2 [Invalid InvalidFolder];
    "not known to exist: another address", modified!("else", r#""emailAddress":"a@t.test""#), to(HoldsAtLeast, "Sales")
        => open EFF_4 [Accepted BadRequest Invalid];
    "not known to exist: another moniker", changed!("else", "EX:one"), to(HoldsAtLeast, "Sales")
        => open EFF_4 [Accepted Invalid InvalidFolder];
    "not known to exist: to outbound", changed!("else", "EX:one", r#""mailboxType":1"#), to(HoldsAtLeast, "Sales")
        => open FLD_7 [Accepted BadRequest Invalid];
    "not known to exist: a folder alone", changed!("else", "EX:one", r#""inboundFolder":"Inbox""#), to(HoldsAtLeast, "Sales")
        => open FLD_7 [Accepted BadRequest Invalid];
    "not known to exist: null for the folder", changed!("else", "EX:none", r#""mailboxType":1,"inboundFolder":null"#), to(HoldsAtLeast, "Sales")
        => open EFF_4 [Accepted Invalid];
    "known to exist beside others", changed!("in", "EX:none"), to(HoldsAtLeast, "Sales") => must FLD_4 [InvalidFolder];
};
