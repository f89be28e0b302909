//! How the request is put (REP-18, REP-19).

use icws_conformance::contract::Framing;

use crate::row::{Row, rows};

/// A plain update, which nothing but its form can make wrong.
const PLAIN: &[u8] = br#"{"remove":["out"]}"#;

pub(crate) const ROWS: &[Row] = rows! {
    // A server may ask for a Content-Length, and refuse an expectation.
    "a body in pieces", PLAIN, framed(Framing::Pieces) => accept REP_18 [Accepted];
    "a target in absolute form", PLAIN, framed(Framing::Absolute) => accept REP_18 [Accepted];
    "a chunked body", PLAIN, framed(Framing::Chunked) => accept REP_18 [Accepted LengthRequired];
    "small chunks", PLAIN, framed(Framing::SmallChunks) => accept REP_18 [Accepted LengthRequired];
    "chunks with extensions", PLAIN, framed(Framing::ExtendedChunks) => accept REP_18 [Accepted LengthRequired];
    "an expectation", PLAIN, framed(Framing::Expect) => accept REP_18 [Accepted ExpectationFailed];
    "a chunked body that is not JSON", b"{", framed(Framing::Chunked) => must REP_2 [Malformed LengthRequired];

    // What the documented answers are is accepted.
    "no Accept", PLAIN, accepting(None) => accept REP_19 [Accepted];
    "anything", PLAIN, accepting(Some("*/*")) => accept REP_19 [Accepted];
    "plain JSON", PLAIN, accepting(Some("application/json")) => accept REP_19 [Accepted];
    "the vendor's type with a charset", PLAIN, accepting(Some("application/vnd.inin.icws+JSON; charset=utf-8"))
        => accept REP_19 [Accepted];
    "a list with anything", PLAIN, accepting(Some("text/html, */*;q=0.1")) => accept REP_19 [Accepted];

    // Everything else is the server's to decide.
    "a page", PLAIN, accepting(Some("text/html")) => open REP_19 [Accepted BadRequest NotAcceptable];
    "plain JSON ruled out", PLAIN, accepting(Some("application/json;q=0")) => open REP_19 [Accepted BadRequest NotAcceptable];
    "an empty Accept", PLAIN, accepting(Some("")) => open REP_19 [Accepted BadRequest NotAcceptable];
};
