//! What the body is made of: lists, elements, required properties, null,
//! unknown names (REP-5 to REP-9, REP-11, REP-12, REP-15, REP-17).

use crate::row::{Row, added, changed, modified, rows};

pub(crate) const ROWS: &[Row] = rows! {
    // Nothing to do.
    "an empty object", b"{}" => accept REP_11 [Accepted];
    "an empty add", br#"{"add":[]}"# => accept REP_11 [Accepted];
    "an empty modify", br#"{"modify":[]}"# => accept REP_11 [Accepted];
    "an empty remove", br#"{"remove":[]}"# => accept REP_11 [Accepted];
    "three empty lists", br#"{"add":[],"modify":[],"remove":[]}"# => accept REP_11 [Accepted];
    "null for add alone", br#"{"add":null}"# => accept REP_11 [Accepted];
    "null for every list", br#"{"add":null,"modify":null,"remove":null}"# => accept REP_11 [Accepted];
    "empty lists and null", br#"{"add":[],"modify":null}"# => accept REP_11 [Accepted];
    "nothing but its type", br#"{"__type":"urn:inin.com:configuration.people:monitoredMailboxesBulkUpdate"}"#
        => accept REP_17 [Accepted];

    // Lists.
    "null for add", br#"{"add":null,"remove":["out"]}"# => accept REP_6 [Accepted];
    "null for modify", br#"{"modify":null,"remove":["out"]}"# => accept REP_6 [Accepted];
    "null for remove", br#"{"remove":null,"add":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => accept REP_6 [Accepted];
    "an object for add", br#"{"add":{}}"# => must REP_4 [BadRequest];
    "the object alone for add", br#"{"add":{"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}}"#
        => must REP_4 [BadRequest];
    "a string for add", br#"{"add":""}"# => must REP_4 [BadRequest];
    "a number for add", br#"{"add":0}"# => must REP_4 [BadRequest];
    "false for add", br#"{"add":false}"# => must REP_4 [BadRequest];
    "an object for modify", br#"{"modify":{}}"# => must REP_4 [BadRequest];
    "a string for modify", br#"{"modify":"out"}"# => must REP_4 [BadRequest];
    "a number for modify", br#"{"modify":1}"# => must REP_4 [BadRequest];
    "true for modify", br#"{"modify":true}"# => must REP_4 [BadRequest];
    "an object for remove", br#"{"remove":{"0":"out"}}"# => must REP_4 [BadRequest];
    "an id for remove", br#"{"remove":"out"}"# => must REP_4 [BadRequest];
    "a number for remove", br#"{"remove":7}"# => must REP_4 [BadRequest];
    "true for remove", br#"{"remove":true}"# => must REP_4 [BadRequest];
    "a long list of existing ids", br#"{"remove":["in","both","out","bare","foreign","m0","m1","m2","m3","m4","m5","m6","m7","m8","m9","m10","m11","m12","m13","m14","m15","m16","m17","m18","m19"]}"#
        => accept REP_15 [Accepted];

    // Elements.
    "null in add", br#"{"add":[null]}"# => must REP_5 [BadRequest];
    "null in modify", br#"{"modify":[null]}"# => must REP_5 [BadRequest];
    "null in remove", br#"{"remove":["out",null]}"# => must REP_5 [BadRequest];
    "a string in add", br#"{"add":["out"]}"# => must REP_4 [BadRequest];
    "a number in add", br#"{"add":[1]}"# => must REP_4 [BadRequest];
    "a list in add", br#"{"add":[[]]}"# => must REP_4 [BadRequest];
    "an id in modify", br#"{"modify":["out"]}"# => must REP_4 [BadRequest];
    "true in modify", br#"{"modify":[true]}"# => must REP_4 [BadRequest];
    "a list in modify", br#"{"modify":[[]]}"# => must REP_4 [BadRequest];
    "a configurationId in remove", br#"{"remove":[{"id":"out"}]}"# => must REP_4 [BadRequest];
    "a list in remove", br#"{"remove":[["out"]]}"# => must REP_4 [BadRequest];
    "a number in remove", br#"{"remove":[1]}"# => open REP_4 [Accepted BadRequest NotFound];
    "true in remove", br#"{"remove":[true]}"# => open REP_4 [Accepted BadRequest NotFound];

    // What must be there.
    "an added object with all that it needs", added!(r#""mailboxType":1"#) => accept REP_1 [Accepted];
    "an empty object in add", br#"{"add":[{}]}"# => must REP_7 [BadRequest];
    "add without emailAddress", br#"{"add":[{"mailboxMoniker":"EX:one","mailboxType":1}]}"# => must REP_7 [BadRequest];
    "add without mailboxMoniker", br#"{"add":[{"emailAddress":"a@t.test","mailboxType":1}]}"# => must REP_7 [BadRequest];
    "add without mailboxMoniker, with a folder", br#"{"add":[{"emailAddress":"a@t.test","mailboxType":0,"inboundFolder":"Inbox"}]}"#
        => must REP_7 [BadRequest];
    "add with null for emailAddress", br#"{"add":[{"emailAddress":null,"mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => must REP_5 [BadRequest];
    "add with null for mailboxMoniker", br#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":null,"mailboxType":1}]}"#
        => must REP_5 [BadRequest];
    "add with null for mailboxType", added!(r#""mailboxType":null"#) => must REP_5 [BadRequest];
    "add with null for canReceiveEncryptedEmail", added!(r#""mailboxType":1,"canReceiveEncryptedEmail":null"#)
        => accept REP_6 [Accepted];
    "add with null for inboundFolder", added!(r#""mailboxType":1,"inboundFolder":null"#) => accept REP_6 [Accepted];
    "modify without emailAddress", modified!("out", r#""mailboxMoniker":"EX:one""#) => open REP_8 [Accepted BadRequest];
    "modify without mailboxMoniker", modified!("out", r#""emailAddress":"a@t.test""#) => open REP_8 [Accepted BadRequest];
    "modify with one property", modified!("out", r#""canReceiveEncryptedEmail":true"#) => open REP_8 [Accepted BadRequest];
    "modify with nothing but its id", br#"{"modify":[{"configurationId":{"id":"out"}}]}"# => open REP_8 [Accepted BadRequest];
    "modify with null for emailAddress", modified!("out", r#""emailAddress":null,"mailboxMoniker":"EX:one""#)
        => must REP_5 [BadRequest];
    "modify with null for mailboxMoniker", modified!("out", r#""emailAddress":"a@t.test","mailboxMoniker":null"#)
        => must REP_5 [BadRequest];
    "modify with null for mailboxType", changed!("out", "EX:one", r#""mailboxType":null"#) => must REP_5 [BadRequest];
    "modify with null for canReceiveEncryptedEmail", changed!("m0", "EX:one", r#""canReceiveEncryptedEmail":null"#)
        => accept REP_6 [Accepted];

    // The configurationId.
    "add with an id", added!(r#""mailboxType":1,"configurationId":{"id":"new"}"#) => accept REP_1 [Accepted];
    "add with a whole configurationId", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":"New","uri":"/icws/configuration/new"}"#)
        => accept REP_1 [Accepted];
    "add with null for configurationId", added!(r#""mailboxType":1,"configurationId":null"#) => should REP_5 [BadRequest];
    "add with an empty configurationId", added!(r#""mailboxType":1,"configurationId":{}"#) => must REP_9 [BadRequest];
    "add with a configurationId without id", added!(r#""mailboxType":1,"configurationId":{"displayName":"New"}"#)
        => must REP_9 [BadRequest];
    "add with null for id", added!(r#""mailboxType":1,"configurationId":{"id":null}"#) => must REP_9 [BadRequest];
    "add with null for displayName", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":null}"#)
        => accept REP_6 [Accepted];
    "add with null for uri", added!(r#""mailboxType":1,"configurationId":{"id":"new","uri":null}"#) => should REP_5 [BadRequest];
    "modify without configurationId", br#"{"modify":[{"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => must REP_9 [BadRequest];
    "modify with the id outside", br#"{"modify":[{"id":"out","emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => must REP_9 [BadRequest];
    "modify with null for configurationId", br#"{"modify":[{"configurationId":null,"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => must REP_5 [BadRequest];
    "modify with an empty configurationId", br#"{"modify":[{"configurationId":{},"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => must REP_9 [BadRequest];
    "modify with null for id", br#"{"modify":[{"configurationId":{"id":null},"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => must REP_9 [BadRequest];
    "modify with null for uri", br#"{"modify":[{"configurationId":{"id":"m0","uri":null},"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => should REP_5 [BadRequest];
    "modify with null for displayName", br#"{"modify":[{"configurationId":{"id":"m0","displayName":null},"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => accept REP_6 [Accepted];

    // __type.
    "the update's type", br#"{"__type":"urn:inin.com:configuration.people:monitoredMailboxesBulkUpdate","remove":["out"]}"#
        => accept REP_17 [Accepted];
    "a mailbox's type", added!(r#""mailboxType":1,"__type":"urn:inin.com:configuration.people:monitoredMailbox""#)
        => accept REP_17 [Accepted];
    "a configurationId's type", added!(r#""mailboxType":1,"configurationId":{"__type":"urn:inin.com:configuration:configurationId","id":"new"}"#)
        => accept REP_17 [Accepted];
    "a mailbox's type on the update", br#"{"__type":"urn:inin.com:configuration.people:monitoredMailbox","remove":["out"]}"#
        => open REP_12 [Accepted BadRequest];
    "a type that nobody knows", added!(r#""mailboxType":1,"__type":"urn:example:none""#) => open REP_12 [Accepted BadRequest];
    "a type in another case", br#"{"__type":"URN:ININ.COM:CONFIGURATION.PEOPLE:MONITOREDMAILBOXESBULKUPDATE","remove":["out"]}"#
        => open REP_12 [Accepted BadRequest];
    "null for __type", br#"{"__type":null,"remove":["out"]}"# => open REP_12 [Accepted BadRequest];
    "a number for __type", br#"{"__type":1,"remove":["out"]}"# => open REP_12 [Accepted BadRequest];
    "an object for __type", added!(r#""mailboxType":1,"__type":{}"#) => open REP_12 [Accepted BadRequest];
    "the right __type twice", br#"{"__type":"urn:inin.com:configuration.people:monitoredMailboxesBulkUpdate","__type":"urn:inin.com:configuration.people:monitoredMailboxesBulkUpdate","remove":["out"]}"#
        => open REP_12 [Accepted BadRequest];

    // Names that are not documented.
    "an unknown name in the update", br#"{"remove":["out"],"replace":[]}"# => open REP_12 [Accepted BadRequest];
    "an unknown name alone", br#"{"replace":[{"deep":[{}]}]}"# => open REP_12 [Accepted BadRequest];
    "an unknown name in a mailbox", added!(r#""mailboxType":1,"priority":null"#) => open REP_12 [Accepted BadRequest];
    "an unknown name in a configurationId", added!(r#""mailboxType":1,"configurationId":{"id":"new","name":"x"}"#)
        => open REP_12 [Accepted BadRequest];
    "a name in another case in the update", br#"{"Remove":["out"]}"# => open REP_12 [Accepted BadRequest];
    "a name in another case, of a wrong type", br#"{"ADD":7}"# => open REP_12 [Accepted BadRequest];
    "emailAddress in another case", br#"{"add":[{"EmailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => open REP_12 [Accepted BadRequest];
    "mailboxType in another case", added!(r#""MAILBOXTYPE":7"#) => open REP_12 [Accepted BadRequest];
    "id in another case", added!(r#""mailboxType":1,"configurationId":{"ID":"new"}"#) => open REP_12 [Accepted BadRequest];
    "configurationId in another case", br#"{"modify":[{"ConfigurationId":{"id":"out"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one"}]}"#
        => open REP_12 [Accepted BadRequest];
    "a list twice", br#"{"remove":["out"],"remove":["in"]}"# => open REP_12 [Accepted BadRequest];
    "emailAddress twice", added!(r#""mailboxType":1,"emailAddress":"b@t.test""#) => open REP_12 [Accepted BadRequest];
    "id twice", added!(r#""mailboxType":1,"configurationId":{"id":"new","id":"newer"}"#) => open REP_12 [Accepted BadRequest];
    "an unknown name twice", br#"{"more":1,"more":2}"# => open REP_12 [Accepted BadRequest];
    "a name and its twin in another case", br#"{"remove":["out"],"REMOVE":["in"]}"# => open REP_12 [Accepted BadRequest];
    "an unknown name beside a fault", br#"{"add":7,"more":1}"# => must REP_4 [BadRequest];
};
