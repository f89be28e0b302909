//! Who asks: session id, CSRF headers and cookies against the sessions of
//! [`world`](crate::world) (SES, ACC).

use crate::row::{Row, rows};
use crate::world::{Credentials, ENDED, EXPIRED, LIVE, NO_TOKEN, RESTRICTED};

/// A plain update, which nothing but its sender can make wrong.
const PLAIN: &[u8] = br#"{"remove":["out"]}"#;

const OTHER_SPELLING: Credentials = Credentials {
    unusual_spelling: true,
    ..LIVE
};

pub(crate) const ROWS: &[Row] = rows! {
    // All of one live session.
    "live", PLAIN => accept REP_1 [Accepted];
    "header names in another case", PLAIN, sent(OTHER_SPELLING) => accept SES_11 [Accepted];
    "cookies beside the session's own", PLAIN,
        by("1001", &["tok-A/one="], &[("lang", "en"), ("icws_other", "1f0c"), ("icws_1001", "GUID-a")])
        => accept SES_11 [Accepted];
    "the cookie of another session beside the own", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1002", "GUID-b"), ("icws_1001", "GUID-a")]) => accept SES_11 [Accepted];
    "a cookie that was issued in quotes", PLAIN,
        by("1006", &["tok-F"], &[("icws_1006", "\"GUID-f\"")]) => accept REP_1 [Accepted];
    "white space around the token", PLAIN,
        by("1001", &[" tok-A/one=\t"], &[("icws_1001", "GUID-a")]) => accept REP_1 [Accepted];

    // The token.
    "no token", PLAIN, sent(NO_TOKEN) => must SES_2 [Unauthorized];
    "an empty token", PLAIN, by("1001", &[""], &[("icws_1001", "GUID-a")]) => must SES_3 [Unauthorized];
    "a garbage token", PLAIN, by("1001", &["garbage"], &[("icws_1001", "GUID-a")]) => must SES_3 [Unauthorized];
    "a truncated token", PLAIN, by("1001", &["tok-A/o"], &[("icws_1001", "GUID-a")]) => must SES_3 [Unauthorized];
    "a token with one character more", PLAIN,
        by("1001", &["tok-A/one=x"], &[("icws_1001", "GUID-a")]) => must SES_3 [Unauthorized];
    "a token with another character in the middle", PLAIN,
        by("1001", &["tok-A.one="], &[("icws_1001", "GUID-a")]) => must SES_3 [Unauthorized];
    "a token with a letter in another case", PLAIN,
        by("1001", &["tok-a/one="], &[("icws_1001", "GUID-a")]) => must SES_3 [Unauthorized];
    "the cookie for a token", PLAIN, by("1001", &["GUID-a"], &[("icws_1001", "GUID-a")]) => must SES_3 [Unauthorized];
    "the token of another live session", PLAIN,
        by("1001", &["tok-B"], &[("icws_1001", "GUID-a")]) => should SES_8 [Unauthorized];
    "the token of a restricted user's session", PLAIN,
        by("1001", &["tok-C"], &[("icws_1001", "GUID-a")]) => should SES_8 [Unauthorized];
    "the token of an ended session", PLAIN,
        by("1001", &["tok-D"], &[("icws_1001", "GUID-a")]) => should SES_4 [Unauthorized];
    "the token of an expired session", PLAIN,
        by("1001", &["tok-E"], &[("icws_1001", "GUID-a")]) => should SES_4 [Unauthorized];
    // Of repeated headers the contract says nothing, as long as the right value is among them.
    "the token twice", PLAIN, by("1001", &["tok-A/one=", "tok-A/one="], &[("icws_1001", "GUID-a")])
        => open SES_3 [Accepted BadRequest Unauthorized];
    "the token and a garbage one", PLAIN, by("1001", &["tok-A/one=", "garbage"], &[("icws_1001", "GUID-a")])
        => open SES_3 [Accepted BadRequest Unauthorized];
    "a garbage token and the right one", PLAIN, by("1001", &["garbage", "tok-A/one="], &[("icws_1001", "GUID-a")])
        => open SES_3 [Accepted BadRequest Unauthorized];
    "two garbage tokens", PLAIN, by("1001", &["garbage", "rubbish"], &[("icws_1001", "GUID-a")])
        => must SES_3 [BadRequest Unauthorized];
    "a garbage token and that of another session", PLAIN, by("1001", &["garbage", "tok-B"], &[("icws_1001", "GUID-a")])
        => should SES_8 [BadRequest Unauthorized];

    // The cookie.
    "no cookie", PLAIN, by("1001", &["tok-A/one="], &[]) => must SES_5 [BadRequest Unauthorized];
    "only cookies of other names", PLAIN,
        by("1001", &["tok-A/one="], &[("lang", "en"), ("theme", "dark")]) => must SES_5 [BadRequest Unauthorized];
    "the cookie's value under a name that is no session's", PLAIN,
        by("1001", &["tok-A/one="], &[("session", "GUID-a")]) => must SES_5 [BadRequest Unauthorized];
    "an empty cookie", PLAIN, by("1001", &["tok-A/one="], &[("icws_1001", "")]) => must SES_6 [BadRequest Unauthorized];
    "a garbage cookie", PLAIN, by("1001", &["tok-A/one="], &[("icws_1001", "garbage")]) => must SES_6 [BadRequest Unauthorized];
    "a truncated cookie", PLAIN, by("1001", &["tok-A/one="], &[("icws_1001", "GUID-")]) => must SES_6 [BadRequest Unauthorized];
    "a cookie with a letter in another case", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1001", "GUID-A")]) => must SES_6 [BadRequest Unauthorized];
    "the token for a cookie", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1001", "tok-A/one=")]) => must SES_6 [BadRequest Unauthorized];
    "the cookie of another live session", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1001", "GUID-b")]) => should SES_9 [BadRequest Unauthorized];
    "only another live session's cookie, under its own name", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1002", "GUID-b")]) => should SES_9 [BadRequest Unauthorized];
    "the cookie of an ended session", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1001", "GUID-d")]) => should SES_4 [BadRequest Unauthorized];
    "only an ended session's cookie, under its own name", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1004", "GUID-d")]) => must SES_5 [BadRequest Unauthorized];
    "the cookie twice", PLAIN, by("1001", &["tok-A/one="], &[("icws_1001", "GUID-a"), ("icws_1001", "GUID-a")])
        => open SES_6 [Accepted BadRequest Unauthorized];
    "the cookie and a garbage one of its name", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1001", "GUID-a"), ("icws_1001", "garbage")])
        => open SES_6 [Accepted BadRequest Unauthorized];
    "two garbage cookies of one name", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1001", "garbage"), ("icws_1001", "rubbish")])
        => must SES_6 [BadRequest Unauthorized];
    "a garbage cookie and another session's, of one name", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1001", "garbage"), ("icws_1001", "GUID-b")])
        => should SES_9 [BadRequest Unauthorized];
    // Whether quotes belong to a cookie's value, servers disagree.
    "the cookie in quotes that it was not issued with", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_1001", "\"GUID-a\"")]) => open SES_6 [Accepted BadRequest Unauthorized];
    "the cookie without the quotes that it was issued with", PLAIN,
        by("1006", &["tok-F"], &[("icws_1006", "GUID-f")]) => open SES_6 [Accepted BadRequest Unauthorized];
    // A server that names its cookie another way gets it back under that name.
    "the cookie under another session name", PLAIN,
        by("1001", &["tok-A/one="], &[("icws_x", "GUID-a")]) => open SES_5 [Accepted BadRequest Unauthorized];

    // The session id.
    "an id that was never issued", PLAIN, by("9999", &["tok-A/one="], &[("icws_1001", "GUID-a")])
        => must SES_7 [BadRequest Unauthorized NotFound];
    "an id that was never issued, with a cookie named after it", PLAIN,
        by("9999", &["tok-A/one="], &[("icws_9999", "GUID-a")]) => must SES_7 [BadRequest Unauthorized NotFound];
    "a malformed id", PLAIN, by("not-a-session", &["tok-A/one="], &[("icws_1001", "GUID-a")])
        => must SES_7 [BadRequest Unauthorized NotFound];
    "an empty id", PLAIN, by("", &["tok-A/one="], &[("icws_1001", "GUID-a")])
        => must SES_7 [BadRequest Unauthorized NotFound];
    "the own id with a zero in front", PLAIN, by("01001", &["tok-A/one="], &[("icws_1001", "GUID-a")])
        => must SES_7 [BadRequest Unauthorized NotFound];
    "an unknown id without token and cookie", PLAIN, by("9999", &[], &[])
        => must SES_7 [BadRequest Unauthorized NotFound];
    "an unknown id with a garbage token", PLAIN, by("9999", &["garbage"], &[("icws_9999", "garbage")])
        => must SES_7 [BadRequest Unauthorized NotFound];
    "the id of another live session", PLAIN, by("1002", &["tok-A/one="], &[("icws_1001", "GUID-a")])
        => should SES_8 [BadRequest Unauthorized];
    "the id and token of another live session", PLAIN, by("1002", &["tok-B"], &[("icws_1002", "GUID-a")])
        => should SES_9 [BadRequest Unauthorized];
    "the id and cookie of another live session", PLAIN, by("1002", &["tok-A/one="], &[("icws_1002", "GUID-b")])
        => should SES_8 [Unauthorized];

    // Sessions that are over.
    "ended", PLAIN, sent(ENDED) => must SES_4 [BadRequest Unauthorized NotFound];
    "ended, without token", PLAIN, by("1004", &[], &[("icws_1004", "GUID-d")])
        => must SES_4 [BadRequest Unauthorized NotFound];
    "the id of an ended session with a live one's token and cookie", PLAIN,
        by("1004", &["tok-A/one="], &[("icws_1001", "GUID-a")]) => must SES_4 [BadRequest Unauthorized NotFound];
    "expired", PLAIN, sent(EXPIRED) => must SES_4 [Unauthorized];
    "expired, without token", PLAIN, by("1005", &[], &[("icws_1005", "GUID-e")]) => must SES_4 [Unauthorized];
    "expired, without cookie", PLAIN, by("1005", &["tok-E"], &[]) => must SES_4 [BadRequest Unauthorized];

    // Several faults.
    "neither token nor cookie", PLAIN, by("1001", &[], &[]) => must SES_2 [BadRequest Unauthorized];
    "a garbage token and no cookie", PLAIN, by("1001", &["garbage"], &[]) => must SES_3 [BadRequest Unauthorized];
    "another session's token and no cookie", PLAIN, by("1001", &["tok-B"], &[]) => must SES_5 [BadRequest Unauthorized];
    "another session's token and cookie", PLAIN, by("1001", &["tok-B"], &[("icws_1001", "GUID-b")])
        => should SES_8 [BadRequest Unauthorized];

    // Rights.
    "restricted", PLAIN, sent(RESTRICTED) => must ACC_1 [Forbidden];
    "restricted, with nothing to do", br#"{}"#, sent(RESTRICTED) => must ACC_1 [Forbidden];
    "restricted, without token", PLAIN, by("1003", &[], &[("icws_1003", "GUID-c")]) => must SES_2 [Unauthorized];
    "restricted, with a garbage cookie", PLAIN, by("1003", &["tok-C"], &[("icws_1003", "garbage")])
        => must SES_6 [BadRequest Unauthorized];
    "restricted, with the token of a user who may", PLAIN, by("1003", &["tok-A/one="], &[("icws_1003", "GUID-c")])
        => should SES_8 [Unauthorized];
    "restricted, with the token twice", PLAIN, by("1003", &["tok-C", "tok-C"], &[("icws_1003", "GUID-c")])
        => must ACC_1 [BadRequest Unauthorized Forbidden];
};
