//! Which workgroup is asked for (WG).

use crate::row::{Row, changed, rows};
use crate::world::Workgroup::{Absent, AbsentButForCase, Holds};

/// A plain update, which nothing but its path can make wrong.
const PLAIN: &[u8] =
    br#"{"add":[{"emailAddress":"new@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#;

/// That many letters.
const fn letters<const LENGTH: usize>(bytes: &'static [u8; LENGTH]) -> &'static str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("letters are text"),
    }
}

pub(crate) const ROWS: &[Row] = rows! {
    "one that exists", PLAIN => accept REP_1 [Accepted];

    // One that does not, whatever its id looks like.
    "absent: letters", PLAIN, to(Absent, "no-such-workgroup") => must WG_1 [NotFound];
    "absent: digits", PLAIN, to(Absent, "7340032") => must WG_1 [NotFound];
    "absent: spaces", PLAIN, to(Absent, " No Such Workgroup (1) ") => must WG_1 [NotFound];
    "absent: punctuation", PLAIN, to(Absent, "no'such;\"group\",&a=1?#!*+~[]{}|<>^`$@:") => must WG_1 [NotFound];
    "absent: a percent sign", PLAIN, to(Absent, "100%") => must WG_1 [NotFound];
    "absent: what looks like an escaped letter", PLAIN, to(Absent, "%41bc") => must WG_1 [NotFound];
    "absent: letters of other scripts", PLAIN, to(Absent, "nö-キュー-\u{1f4e8}") => must WG_1 [NotFound];
    "absent: a decomposed letter", PLAIN, to(Absent, "Cafe\u{301}") => must WG_1 [NotFound];
    "absent: dots that are no dot segment", PLAIN, to(Absent, "...") => must WG_1 [NotFound];
    "absent: dots inside", PLAIN, to(Absent, "..a..b.") => must WG_1 [NotFound];
    "absent: a name of the path", PLAIN, to(Absent, "monitored-mailboxes") => must WG_1 [NotFound];
    "absent: 255 letters", PLAIN, to(Absent, letters(&[b'x'; 255])) => must WG_1 [NotFound];

    // Ids whose answer is open: but what is not there is not updated.
    "absent and open: empty", PLAIN, to(Absent, "") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: 256 letters", PLAIN, to(Absent, letters(&[b'x'; 256])) => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: a dot", PLAIN, to(Absent, ".") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: two dots", PLAIN, to(Absent, "..") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: escaped dots", PLAIN, to(Absent, "%2e%2E") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: dots inside", PLAIN, to(Absent, "a/../b") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: a slash", PLAIN, to(Absent, "a/b") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: an escaped slash", PLAIN, to(Absent, "a%2Fb") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: a slash escaped twice", PLAIN, to(Absent, "a%252fb") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: a backslash", PLAIN, to(Absent, "a\\b") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: a NUL", PLAIN, to(Absent, "a\0b") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: an escaped NUL", PLAIN, to(Absent, "a%00b") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: a line break", PLAIN, to(Absent, "a\r\nb") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: DEL", PLAIN, to(Absent, "a\u{7f}") => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: a control character beyond ASCII", PLAIN, to(Absent, "a\u{85}")
        => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open: no UTF-8", PLAIN, to_no_text() => must WG_1 [BadRequest NotFound UriTooLong];
    "absent and open, and the body is not JSON", br#"{"#, to(Absent, "a/b")
        => must REP_2 [BadRequest Malformed NotFound UriTooLong];
    "there, and its id is open", PLAIN, to(Holds, "Sales/EMEA") => open WG_1 [Accepted BadRequest NotFound UriTooLong];
    "there, and its id is open, and the body is not JSON", br#"{"#, to(Holds, "Sales/EMEA")
        => must REP_2 [BadRequest Malformed NotFound UriTooLong];

    // Ids in another case. What such a workgroup holds is not known here.
    "in another case", PLAIN, to(AbsentButForCase, "SALES") => open WG_3 [Accepted NotFound];
    "in another case, with nothing to do", br#"{}"#, to(AbsentButForCase, "SALES") => open WG_3 [Accepted NotFound];
    "in another case: modify", changed!("out", "EX:one", r#""mailboxType":1,"inboundFolder":null"#),
        to(AbsentButForCase, "SALES") => open WG_3 [Accepted Invalid NotFound];
    "in another case: remove", br#"{"remove":["out"]}"#, to(AbsentButForCase, "SALES")
        => open WG_3 [Accepted BadRequest NotFound];
    "in another case, and the body is not JSON", br#"{"#, to(AbsentButForCase, "SALES") => must REP_2 [Malformed NotFound];

    // What the body names is not there either.
    "absent: nothing to do", br#"{}"#, to(Absent, "gone") => must WG_1 [NotFound];
    "absent: modify", changed!("out", "EX:one", r#""mailboxType":1"#),
        to(Absent, "gone") => must WG_1 [Invalid NotFound];
    "absent: remove", br#"{"remove":["out"]}"#, to(Absent, "gone") => must WG_1 [BadRequest NotFound];
};
