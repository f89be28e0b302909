//! Objects written in unusual ways, and such that strain a parser.

use super::{ByteDamage, damage, joined, nested, replaced, value, with_value};

/// Other ways to write the same JSON (RFC 8259): white space, escapes and the
/// order of members mean nothing.
pub const EQUIVALENT: &[ByteDamage] = &[
    damage("white space in front", |body| joined(b"\r\n\t ", body, b"")),
    damage("a line break behind", |body| joined(b"", body, b"\n")),
    damage("white space between tokens", |body| {
        body.replace(':', " :\t")
            .replace(',', "\r\n,\n")
            .into_bytes()
    }),
    damage("indented", |body| {
        let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        serde_json::to_vec_pretty(&value).unwrap_or_default()
    }),
    damage("escaped letters", |body| {
        body.replace("add", "\\u0061dd")
            .replace('@', "\\u0040")
            .into_bytes()
    }),
    damage("escapes in upper-case hexadecimal", |body| {
        body.replace("\"m", "\"\\u006D").into_bytes()
    }),
    damage("an escaped solidus in an address", |body| {
        body.replacen("@acme.test\"", "\\/x@acme.test\"", 1)
            .into_bytes()
    }),
    damage("escaped solidus", |body| named(body, r"Front \/ Back")),
    damage("an escaped surrogate pair", |body| {
        body.replace("@acme.test\"", "\\ud83d\\ude00@acme.test\"")
            .into_bytes()
    }),
    damage("escaped quotes", |body| {
        named(body, r#"\"Front\" \\ \"Back\""#)
    }),
    damage("members in another order", |body| {
        let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        reversed(&value).to_string().into_bytes()
    }),
];

/// The same value with the members of every object in reverse.
fn reversed(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(members) => members
            .iter()
            .rev()
            .map(|(name, value)| (name.clone(), reversed(value)))
            .collect(),
        serde_json::Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

/// JSON objects that strain a parser: accepted or refused, never a 5xx.
pub const STRAINING: &[ByteDamage] = &[
    damage("an unknown property nested 10,000 deep", |body| {
        with_value(body, &nested("[", "]", 10_000))
    }),
    damage("objects nested 10,000 deep", |body| {
        with_value(
            body,
            &[
                b"{\"a\":".repeat(10_000),
                b"1".to_vec(),
                b"}".repeat(10_000),
            ]
            .concat(),
        )
    }),
    damage("an unknown number of 400 digits", |body| {
        with_value(body, &b"7".repeat(400))
    }),
    damage("an unknown number of 30 digits", |body| {
        with_value(body, &b"7".repeat(30))
    }),
    value(
        "an unknown number just above 63 bits",
        b"9223372036854775808",
    ),
    value(
        "an unknown number just above 64 bits",
        b"18446744073709551616",
    ),
    value(
        "an unknown number just below what 64 bits hold",
        b"-9223372036854775809",
    ),
    damage("an unknown number with a fraction of 400 digits", |body| {
        with_value(body, &[b"0.", b"7".repeat(400).as_slice()].concat())
    }),
    value("an unknown number too small for any", b"1e-400"),
    value("minus zero as an unknown number", b"-0.0"),
    value(
        "an unknown number with an exponent beyond 64 bits",
        b"1e99999999999999999999",
    ),
    value("an unknown number with a huge exponent", b"1e400"),
    damage("a mailboxType with a huge exponent", |body| {
        replaced(body, "\"mailboxType\":1", b"\"mailboxType\":1e999")
    }),
    damage("a mailboxType of 400 digits", |body| {
        let digits = b"7".repeat(400);
        replaced(
            body,
            "\"mailboxType\":1",
            &[b"\"mailboxType\":", &digits[..]].concat(),
        )
    }),
    damage("one key 100,000 times", |body| {
        let mut bytes = b"{".to_vec();
        bytes.extend(b"\"x\":1,".repeat(100_000));
        bytes.extend_from_slice(&body.as_bytes()[1..]);
        bytes
    }),
];

/// The body with a displayName, written as it is, for its object.
fn named(body: &str, name: &str) -> Vec<u8> {
    let named = format!("\"configurationId\":{{\"displayName\":\"{name}\",");
    body.replace("\"configurationId\":{", &named).into_bytes()
}
