//! Values of other JSON types, and numbers out of range (REP-4, REP-10,
//! empty strings of FLD-9).

use crate::row::{Row, added, changed, modified, rows};

pub(crate) const ROWS: &[Row] = rows! {
    // canReceiveEncryptedEmail: a boolean.
    "encrypted: true", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":true"#) => accept REP_1 [Accepted];
    "encrypted: false", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":false"#) => accept REP_1 [Accepted];
    "encrypted: true as a string", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":"true""#)
        => open REP_4 [Accepted BadRequest];
    "encrypted: false as a string", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":"false""#)
        => open REP_4 [Accepted BadRequest];
    "encrypted: another string", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":"yes""#) => must REP_4 [BadRequest];
    "encrypted: an empty string", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":"""#) => must REP_4 [BadRequest];
    "encrypted: one as a string", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":"1""#) => must REP_4 [BadRequest];
    "encrypted: 1", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":1"#) => must REP_4 [BadRequest];
    "encrypted: 0", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":0"#) => must REP_4 [BadRequest];
    "encrypted: a list", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":[true]"#) => must REP_4 [BadRequest];
    "encrypted: an object", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":{}"#) => must REP_4 [BadRequest];
    "encrypted, modified: a number", changed!("out", "EX:one", r#""canReceiveEncryptedEmail":1"#) => must REP_4 [BadRequest];

    // emailAddress, mailboxMoniker, inboundFolder: strings.
    "address: a number", br#"{"add":[{"emailAddress":7,"mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open REP_4 [Accepted BadRequest];
    "address: a boolean", br#"{"add":[{"emailAddress":true,"mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open REP_4 [Accepted BadRequest];
    "address: a list", br#"{"add":[{"emailAddress":["a@t.test"],"mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => must REP_4 [BadRequest];
    "address: an object", br#"{"add":[{"emailAddress":{},"mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => must REP_4 [BadRequest];
    "address, modified: a list", modified!("out", r#""emailAddress":[],"mailboxMoniker":"EX:one""#) => must REP_4 [BadRequest];
    "moniker: a number", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":7,"mailboxType":1}]}"#
        => open REP_4 [Accepted BadRequest];
    "moniker: a boolean", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":false,"mailboxType":1}]}"#
        => open REP_4 [Accepted BadRequest];
    "moniker: a list", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":[],"mailboxType":1}]}"# => must REP_4 [BadRequest];
    "moniker: an object", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":{},"mailboxType":1}]}"#
        => must REP_4 [BadRequest];
    "folder: a number", added!(r#""mailboxType":0,"inboundFolder":7"#) => open REP_4 [Accepted BadRequest];
    "folder: a boolean", added!(r#""mailboxType":0,"inboundFolder":false"#) => open REP_4 [Accepted BadRequest];
    "folder: a list", added!(r#""mailboxType":0,"inboundFolder":["Inbox"]"#) => must REP_4 [BadRequest];
    "folder: an object", added!(r#""mailboxType":1,"inboundFolder":{}"#) => must REP_4 [BadRequest];

    // mailboxType: a number.
    "type: 0", added!(r#""mailboxType":0"#) => accept FLD_3 [Accepted];
    "type: 1", added!(r#""mailboxType":1"#) => accept REP_1 [Accepted];
    "type: 2", added!(r#""mailboxType":2"#) => accept FLD_3 [Accepted];
    "type: 3", added!(r#""mailboxType":3"#) => must REP_10 [BadRequest];
    "type: -1", added!(r#""mailboxType":-1"#) => must REP_10 [BadRequest];
    "type: 1.5", added!(r#""mailboxType":1.5"#) => must REP_10 [BadRequest];
    "type: 2147483648", added!(r#""mailboxType":2147483648"#) => must REP_10 [BadRequest];
    "type: 4294967297", added!(r#""mailboxType":4294967297"#) => must REP_10 [BadRequest];
    "type: 18446744073709551617", added!(r#""mailboxType":18446744073709551617"#) => must REP_10 [BadRequest];
    "type: 1e400", added!(r#""mailboxType":1e400"#) => must REP_10 [BadRequest];
    "type: 256", added!(r#""mailboxType":256"#) => must REP_10 [BadRequest];
    "type: 0.1", added!(r#""mailboxType":0.1"#) => must REP_10 [BadRequest];
    "type: 1.0", added!(r#""mailboxType":1.0"#) => open REP_10 [Accepted BadRequest];
    "type: 0.0", added!(r#""mailboxType":0.0"#) => open REP_10 [Accepted BadRequest];
    "type: 10e-1", added!(r#""mailboxType":10e-1"#) => open REP_10 [Accepted BadRequest];
    "type: -0", added!(r#""mailboxType":-0"#) => open REP_10 [Accepted BadRequest];
    "type: its name", added!(r#""mailboxType":"inbound""#) => open REP_10 [Accepted BadRequest];
    "type: another name", added!(r#""mailboxType":"outboundAndInbound""#) => open REP_10 [Accepted BadRequest];
    "type: no name", added!(r#""mailboxType":"sideways""#) => must REP_4 [BadRequest];
    "type: an empty string", added!(r#""mailboxType":"""#) => must REP_4 [BadRequest];
    "type: its number as a string", added!(r#""mailboxType":"1""#) => open REP_4 [Accepted BadRequest];
    "type: a number out of range as a string", added!(r#""mailboxType":"3""#) => must REP_4 [BadRequest];
    "type: true", added!(r#""mailboxType":true"#) => must REP_4 [BadRequest];
    "type: false", added!(r#""mailboxType":false"#) => must REP_4 [BadRequest];
    "type: a list", added!(r#""mailboxType":[1]"#) => must REP_4 [BadRequest];
    "type: an object", added!(r#""mailboxType":{}"#) => must REP_4 [BadRequest];
    "type, modified: 3", changed!("out", "EX:one", r#""mailboxType":3"#) => must REP_10 [BadRequest];
    "type, modified: a boolean", changed!("out", "EX:one", r#""mailboxType":true"#) => must REP_4 [BadRequest];
    "type, modified: its name", changed!("out", "EX:one", r#""mailboxType":"outbound""#) => open REP_10 [Accepted BadRequest];

    // configurationId: an object.
    "configurationId: a string", added!(r#""mailboxType":1,"configurationId":"new""#) => must REP_4 [BadRequest];
    "configurationId: a number", added!(r#""mailboxType":1,"configurationId":1"#) => must REP_4 [BadRequest];
    "configurationId: a boolean", added!(r#""mailboxType":1,"configurationId":true"#) => must REP_4 [BadRequest];
    "configurationId: a list", added!(r#""mailboxType":1,"configurationId":[{"id":"new"}]"#) => must REP_4 [BadRequest];
    "configurationId, modified: a string", br#"{"modify":[{"configurationId":"out","emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => must REP_4 [BadRequest];
    "configurationId, modified: a list", br#"{"modify":[{"configurationId":[],"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => must REP_4 [BadRequest];

    // id: a string.
    "id: a number", added!(r#""mailboxType":1,"configurationId":{"id":7}"#) => open REP_4 [Accepted BadRequest];
    "id: a boolean", added!(r#""mailboxType":1,"configurationId":{"id":true}"#) => open REP_4 [Accepted BadRequest];
    "id: a list", added!(r#""mailboxType":1,"configurationId":{"id":["new"]}"#) => must REP_4 [BadRequest];
    "id: an object", added!(r#""mailboxType":1,"configurationId":{"id":{}}"#) => must REP_4 [BadRequest];
    "id, modified: a number", br#"{"modify":[{"configurationId":{"id":7},"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => open REP_4 [Accepted BadRequest];
    "id, modified: a list", br#"{"modify":[{"configurationId":{"id":[]},"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => must REP_4 [BadRequest];

    // displayName and uri: strings that a server may ignore.
    "displayName: a number", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":7}"#)
        => open REP_4 [Accepted BadRequest];
    "displayName: a list", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":[]}"#)
        => should REP_4 [BadRequest];
    "displayName: an object", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":{}}"#)
        => should REP_4 [BadRequest];
    "uri: a boolean", added!(r#""mailboxType":1,"configurationId":{"id":"new","uri":false}"#) => open REP_4 [Accepted BadRequest];
    "uri: a list", added!(r#""mailboxType":1,"configurationId":{"id":"new","uri":[]}"#) => should REP_4 [BadRequest];
    "uri: an object", added!(r#""mailboxType":1,"configurationId":{"id":"new","uri":{}}"#) => should REP_4 [BadRequest];

    // Empty strings.
    "empty address", br#"{"add":[{"emailAddress":"","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "empty moniker", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"","mailboxType":1}]}"#
        => open FLD_9 [Accepted BadRequest];
    "empty folder, inbound", added!(r#""mailboxType":0,"inboundFolder":"""#) => open FLD_9 [Accepted BadRequest];
    "empty folder, outbound", added!(r#""mailboxType":1,"inboundFolder":"""#) => open FLD_9 [Accepted BadRequest];
    "empty id", added!(r#""mailboxType":1,"configurationId":{"id":""}"#) => open FLD_9 [Accepted BadRequest];
    "empty displayName", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":""}"#)
        => open FLD_9 [Accepted BadRequest];
    "empty uri", added!(r#""mailboxType":1,"configurationId":{"id":"new","uri":""}"#) => open FLD_9 [Accepted BadRequest];
    "empty address, modified", modified!("out", r#""emailAddress":"","mailboxMoniker":"EX:one""#)
        => open FLD_9 [Accepted BadRequest];
    "empty folder, modified", changed!("in", "EX:one", r#""inboundFolder":"""#) => open FLD_9 [Accepted BadRequest];
    "empty id in modify", changed!("", "EX:one", r#""mailboxType":1"#) => should EFF_4 [BadRequest Invalid];
    "empty id in remove", br#"{"remove":[""]}"# => open FLD_9 [Accepted BadRequest NotFound];
};
