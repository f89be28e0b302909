//! How the body is labelled (REP-13, REP-14).

use crate::row::{Row, rows};

/// A plain update, which nothing but its label can make wrong.
const PLAIN: &[u8] = br#"{"remove":["out"]}"#;

/// `{}` in UTF-16, the lower byte first.
const UTF_16: &[u8] = b"{\0}\0";

pub(crate) const ROWS: &[Row] = rows! {
    // The documented two, compared as RFC 9110 says.
    "the documented label", PLAIN, labelled(Some("application/vnd.inin.icws+JSON; charset=utf-8")) => accept REP_1 [Accepted];
    "the vendor's type alone", PLAIN, labelled(Some("application/vnd.inin.icws+JSON")) => accept REP_13 [Accepted];
    "the vendor's type in lower case", PLAIN, labelled(Some("application/vnd.inin.icws+json")) => accept REP_13 [Accepted];
    "the vendor's type in upper case", PLAIN, labelled(Some("APPLICATION/VND.ININ.ICWS+JSON; CHARSET=UTF-8"))
        => accept REP_13 [Accepted];
    "plain JSON", PLAIN, labelled(Some("application/json")) => accept REP_13 [Accepted];
    "plain JSON in UTF-8", PLAIN, labelled(Some("application/json;charset=UTF-8")) => accept REP_13 [Accepted];
    "plain JSON with a quoted charset", PLAIN, labelled(Some("application/json; charset=\"utf-8\"")) => accept REP_13 [Accepted];
    "white space around the label", PLAIN, labelled(Some(" application/json \t; \t charset=utf-8 ")) => accept REP_13 [Accepted];

    // Everything else is the server's to decide.
    "no label", PLAIN, labelled(None) => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "an empty label", PLAIN, labelled(Some("")) => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "plain text", PLAIN, labelled(Some("text/plain")) => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "text/json", PLAIN, labelled(Some("text/json")) => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "another +json", PLAIN, labelled(Some("application/ld+json"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "a form", PLAIN, labelled(Some("application/x-www-form-urlencoded"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "a type without a subtype", PLAIN, labelled(Some("json"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "another charset", PLAIN, labelled(Some("application/json; charset=iso-8859-1"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "a charset that nobody knows", PLAIN, labelled(Some("application/json; charset=x"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "utf8 without its hyphen", PLAIN, labelled(Some("application/json; charset=utf8"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "an empty charset", PLAIN, labelled(Some("application/json; charset="))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "a charset with one quote", PLAIN, labelled(Some("application/json; charset=\"utf-8"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "white space around the equals sign", PLAIN, labelled(Some("application/json; charset = utf-8"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "a semicolon at the end", PLAIN, labelled(Some("application/json;"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "charset twice", PLAIN, labelled(Some("application/json; charset=utf-8; charset=utf-8"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "another parameter", PLAIN, labelled(Some("application/json; version=1"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "another parameter beside the charset", PLAIN, labelled(Some("application/json; charset=utf-8; q=1"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];
    "two labels in one", PLAIN, labelled(Some("application/json, application/json"))
        => open REP_14 [Accepted BadRequest NotAcceptable UnsupportedMediaType];

    // The label says how bytes become text: only in UTF-8 the contract does.
    "UTF-16 that says so", UTF_16, labelled(Some("application/json; charset=utf-16le"))
        => open REP_14 [Accepted BadRequest Malformed NotAcceptable UnsupportedMediaType];
    "UTF-16 that does not say so", UTF_16, labelled(Some("application/json")) => must REP_2 [Malformed];
    "Latin-1 that says so", b"{\"remove\":[\"\xe9\"]}", labelled(Some("application/json; charset=iso-8859-1"))
        => open REP_14 [Accepted BadRequest Malformed NotAcceptable UnsupportedMediaType];
    "not JSON in any charset", b"{", labelled(Some("application/json; charset=iso-8859-1"))
        => must REP_2 [BadRequest Malformed NotAcceptable UnsupportedMediaType];
    "not JSON in plain text", b"add", labelled(Some("text/plain"))
        => must REP_2 [BadRequest Malformed NotAcceptable UnsupportedMediaType];
};
