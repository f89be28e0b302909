//! Damage to the bytes of a body: what is not JSON, and what is JSON but no
//! object. Each has a name; what it deserves the oracle reads from the bytes.

/// One way to damage the bytes of a valid body.
#[derive(Clone, Copy, Debug)]
pub struct ByteDamage {
    /// A stable name.
    pub name: &'static str,
    /// What is sent in place of the valid body.
    pub damage: fn(&str) -> Vec<u8>,
}

const fn damage(name: &'static str, damage: fn(&str) -> Vec<u8>) -> ByteDamage {
    ByteDamage { name, damage }
}

/// A valid body up to the first place where that text ends.
fn up_to(body: &str, text: &str) -> Vec<u8> {
    let end = body.find(text).map_or(body.len() / 2, |at| at + text.len());
    body.as_bytes()[..end].to_vec()
}

/// The body with its first `:` followed by something else.
fn with_value(body: &str, value: &[u8]) -> Vec<u8> {
    // Into a property of its own, so that nothing else is wrong.
    let mut bytes = b"{\"x\":".to_vec();
    bytes.extend_from_slice(value);
    bytes.push(b',');
    bytes.extend_from_slice(&body.as_bytes()[1..]);
    bytes
}

fn replaced(body: &str, from: &str, to: &[u8]) -> Vec<u8> {
    match body.find(from) {
        Some(at) => [
            &body.as_bytes()[..at],
            to,
            &body.as_bytes()[at + from.len()..],
        ]
        .concat(),
        None => to.to_vec(),
    }
}

fn joined(before: &[u8], body: &str, after: &[u8]) -> Vec<u8> {
    [before, body.as_bytes(), after].concat()
}

fn utf16(body: &str, little_endian: bool, mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF);
    mark.into_iter()
        .chain(body.encode_utf16())
        .flat_map(|unit| {
            if little_endian {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        })
        .collect()
}

fn nested(open: &str, close: &str, depth: usize) -> Vec<u8> {
    (open.repeat(depth) + &close.repeat(depth)).into_bytes()
}

/// Bodies that are not JSON (REP-2), or leave it open whether they are.
pub const NOT_JSON: &[ByteDamage] = &[
    damage("empty", |_| Vec::new()),
    damage("white space only", |_| b" \r\n\t".to_vec()),
    damage("truncated at the end", |body| {
        body.as_bytes()[..body.len() - 1].to_vec()
    }),
    damage("truncated after the first brace", |body| up_to(body, "{")),
    damage("truncated in a key", |body| up_to(body, "\"a")),
    damage("truncated after a key", |body| up_to(body, "\"add\"")),
    damage("truncated after a colon", |body| up_to(body, ":")),
    damage("truncated after a bracket", |body| up_to(body, "[")),
    damage("truncated in a string", |body| up_to(body, "@")),
    damage("truncated after a comma", |body| up_to(body, ",")),
    damage("truncated after an object", |body| up_to(body, "}")),
    damage("truncated in a word", |body| {
        with_value(body, b"tru")[..8].to_vec()
    }),
    damage("trailing text", |body| joined(b"", body, b" x")),
    damage("a semicolon behind", |body| joined(b"", body, b";")),
    damage("a comma behind", |body| joined(b"", body, b",")),
    damage("trailing brace", |body| joined(b"", body, b"}")),
    damage("a second value", |body| joined(b"", body, b"{}")),
    damage("text in front", |body| joined(b")]}',\n", body, b"")),
    damage("a line comment", |body| joined(b"", body, b" // comment\n")),
    damage("a comment behind a hash", |body| {
        joined(b"", body, b" # comment\n")
    }),
    damage("a line that is a comment behind a hash", |body| {
        joined(b"# comment\n", body, b"")
    }),
    damage("a comment as in HTML", |body| {
        joined(b"<!-- comment -->", body, b"")
    }),
    damage("a block comment", |body| {
        joined(b"/* comment */", body, b"")
    }),
    damage("a comment inside", |body| {
        with_value(body, b"1 /* comment */")
    }),
    damage("single quotes", |body| body.replace('"', "'").into_bytes()),
    damage("a key in single quotes", |body| {
        replaced(body, "\"add\"", b"'add'")
    }),
    damage("an unquoted key", |body| replaced(body, "\"add\"", b"add")),
    damage("a trailing comma in the object", |body| {
        joined(b"", &body[..body.len() - 1], b",}")
    }),
    damage("a trailing comma in a list", |body| {
        replaced(body, "]", b",]")
    }),
    damage("two commas in a row", |body| replaced(body, ",", b",,")),
    damage("a comma in front in a list", |body| {
        replaced(body, "[", b"[,")
    }),
    damage("a comma in front in an object", |body| {
        replaced(body, "{", b"{,")
    }),
    damage("nothing but a comma in a list", |body| {
        with_value(body, b"[,]")
    }),
    damage("a semicolon for a comma", |body| replaced(body, ",", b";")),
    damage("an equals sign for a colon", |body| {
        replaced(body, ":", b"=")
    }),
    damage("an arrow for a colon", |body| replaced(body, ":", b"=>")),
    damage("two colons in a row", |body| replaced(body, ":", b"::")),
    damage("a form feed between tokens", |body| {
        replaced(body, ":", b":\x0C")
    }),
    damage("a vertical tab between tokens", |body| {
        replaced(body, ":", b":\x0B")
    }),
    damage("a no-break space between tokens", |body| {
        replaced(body, ":", ":\u{a0}".as_bytes())
    }),
    damage("a next-line character between tokens", |body| {
        replaced(body, ":", ":\u{85}".as_bytes())
    }),
    damage("a zero-width space between tokens", |body| {
        replaced(body, ":", ":\u{200b}".as_bytes())
    }),
    damage("a line separator between tokens", |body| {
        replaced(body, ":", ":\u{2028}".as_bytes())
    }),
    damage("a byte order mark between tokens", |body| {
        replaced(body, ":", ":\u{feff}".as_bytes())
    }),
    damage("a NUL between tokens", |body| replaced(body, ":", b":\0")),
    damage("a form feed behind", |body| joined(b"", body, b"\x0C")),
    damage("a no-break space behind", |body| {
        joined(b"", body, "\u{a0}".as_bytes())
    }),
    damage("a missing comma", |body| replaced(body, ",", b" ")),
    damage("a missing colon", |body| replaced(body, ":", b" ")),
    damage("a missing bracket", |body| replaced(body, "]", b"")),
    damage("a mismatched bracket", |body| replaced(body, "]", b"}")),
    damage("NaN", |body| with_value(body, b"NaN")),
    damage("Infinity", |body| with_value(body, b"Infinity")),
    damage("-Infinity", |body| with_value(body, b"-Infinity")),
    damage("a leading zero", |body| with_value(body, b"01")),
    damage("a plus sign", |body| with_value(body, b"+1")),
    damage("a number that ends in a point", |body| {
        with_value(body, b"1.")
    }),
    damage("a number that starts with a point", |body| {
        with_value(body, b".5")
    }),
    damage("a hexadecimal number", |body| with_value(body, b"0x1")),
    damage("a number with underscores", |body| {
        with_value(body, b"1_000")
    }),
    damage("a number with a letter behind", |body| {
        with_value(body, b"1L")
    }),
    damage("a number with an empty exponent", |body| {
        with_value(body, b"1e")
    }),
    damage("a minus alone", |body| with_value(body, b"-")),
    damage("a string in backticks", |body| with_value(body, b"`a`")),
    damage("a string over two lines", |body| {
        with_value(body, b"\"a\\\nb\"")
    }),
    damage("a word that is not JSON", |body| {
        with_value(body, b"undefined")
    }),
    damage("True", |body| with_value(body, b"True")),
    damage("a raw line break in a string", |body| {
        with_value(body, b"\"a\nb\"")
    }),
    damage("a raw control character in a string", |body| {
        with_value(body, b"\"a\x01b\"")
    }),
    damage("an unknown escape", |body| with_value(body, b"\"\\x41\"")),
    damage("an escape of eight digits", |body| {
        with_value(body, b"\"\\U0001F600\"")
    }),
    damage("an escape in braces", |body| {
        with_value(body, b"\"\\u{1F600}\"")
    }),
    damage("an escaped zero", |body| with_value(body, b"\"\\0\"")),
    damage("an escaped vertical tab", |body| {
        with_value(body, b"\"\\v\"")
    }),
    damage("an escaped single quote", |body| {
        with_value(body, b"\"\\'\"")
    }),
    damage("a short unicode escape", |body| {
        with_value(body, b"\"\\u12\"")
    }),
    damage("a stray continuation byte", |body| {
        with_value(body, b"\"\x80\"")
    }),
    damage("an overlong encoding", |body| {
        with_value(body, b"\"\xC0\xAF\"")
    }),
    damage("an encoded surrogate", |body| {
        with_value(body, b"\"\xED\xA0\x80\"")
    }),
    damage("an encoded pair of surrogates", |body| {
        with_value(body, b"\"\xED\xA0\xBD\xED\xB8\x80\"")
    }),
    damage("an overlong encoding of three bytes", |body| {
        with_value(body, b"\"\xE0\x80\xAF\"")
    }),
    damage("a sequence of five bytes", |body| {
        with_value(body, b"\"\xF8\x88\x80\x80\x80\"")
    }),
    damage("a code point beyond Unicode", |body| {
        with_value(body, b"\"\xF4\x90\x80\x80\"")
    }),
    damage("a truncated UTF-8 sequence", |body| {
        with_value(body, b"\"\xE2\x82\"")
    }),
    damage("Latin-1", |body| replaced(body, "@", b"\xE9@")),
    damage("the byte FF", |body| joined(b"\xFF", body, b"")),
    damage("UTF-16 with a mark", |body| utf16(body, true, true)),
    damage("UTF-16 without a mark", |body| utf16(body, false, false)),
    damage("a NUL behind", |body| joined(b"", body, b"\0")),
    damage("brackets nested without end", |_| b"[".repeat(10_000)),
    damage("objects nested without end", |_| b"{\"a\":".repeat(10_000)),
    damage("a form", |_| b"add=1&remove=2".to_vec()),
    damage("the body as a value of a form", |body| {
        joined(b"json=", body, b"")
    }),
    damage("the body in parentheses", |body| joined(b"(", body, b")")),
    damage("the body called as a function", |body| {
        joined(b"callback(", body, b");")
    }),
    damage("XML", |_| b"<add/>".to_vec()),
    damage("a UTF-8 byte order mark", |body| {
        joined(b"\xEF\xBB\xBF", body, b"")
    }),
    damage("a lone surrogate", |body| with_value(body, b"\"\\ud800\"")),
];

/// JSON that is not an object (REP-3), and JSON that strains a parser.
pub const NOT_AN_OBJECT: &[ByteDamage] = &[
    damage("null", |_| b"null".to_vec()),
    damage("an empty list", |_| b"[]".to_vec()),
    damage("the body in a list", |body| joined(b"[", body, b"]")),
    damage("a string", |_| b"\"add\"".to_vec()),
    damage("an empty string", |_| b"\"\"".to_vec()),
    damage("a number", |_| b"1".to_vec()),
    damage("zero", |_| b"0".to_vec()),
    damage("true", |_| b"true".to_vec()),
    damage("false", |_| b"false".to_vec()),
    damage("a list of numbers", |_| b"[1,2,3]".to_vec()),
    damage("a list of strings", |_| b"[\"no-such-id\"]".to_vec()),
    damage("the body as a string", |body| {
        serde_json::Value::String(body.to_owned())
            .to_string()
            .into_bytes()
    }),
    damage("lists nested 10,000 deep", |_| nested("[", "]", 10_000)),
    damage("a number of 400 digits", |_| b"7".repeat(400)),
];

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

/// A body of that many bytes: white space, which JSON allows between any two
/// tokens, stands before its last one.
pub fn padded(body: &str, bytes: usize) -> Vec<u8> {
    let mut padded = body.as_bytes().to_vec();
    let last = padded.pop();
    padded.resize(bytes.saturating_sub(1).max(padded.len()), b' ');
    padded.extend(last);
    padded
}

/// The body with a displayName, written as it is, for its object.
fn named(body: &str, name: &str) -> Vec<u8> {
    let named = format!("\"configurationId\":{{\"displayName\":\"{name}\",");
    body.replace("\"configurationId\":{", &named).into_bytes()
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
    damage("an unknown number just above 63 bits", |body| {
        with_value(body, b"9223372036854775808")
    }),
    damage("an unknown number just above 64 bits", |body| {
        with_value(body, b"18446744073709551616")
    }),
    damage("an unknown number just below what 64 bits hold", |body| {
        with_value(body, b"-9223372036854775809")
    }),
    damage("an unknown number with a fraction of 400 digits", |body| {
        with_value(body, &[b"0.", b"7".repeat(400).as_slice()].concat())
    }),
    damage("an unknown number too small for any", |body| {
        with_value(body, b"1e-400")
    }),
    damage("minus zero as an unknown number", |body| {
        with_value(body, b"-0.0")
    }),
    damage(
        "an unknown number with an exponent beyond 64 bits",
        |body| with_value(body, b"1e99999999999999999999"),
    ),
    damage("an unknown number with a huge exponent", |body| {
        with_value(body, b"1e400")
    }),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::json::{Json, parse};

    const VALID: &str =
        r#"{"add":[{"emailAddress":"a@t.test","mailboxMoniker":"m","mailboxType":1}]}"#;

    #[test]
    fn every_damage_does_what_its_table_says() {
        let open = ["a UTF-8 byte order mark", "a lone surrogate"];
        for row in NOT_JSON {
            let body = (row.damage)(VALID);
            assert_eq!(
                parse(&body).is_ok(),
                open.contains(&row.name),
                "{}",
                row.name
            );
        }
        for row in NOT_AN_OBJECT {
            let document = parse(&(row.damage)(VALID)).expect(row.name);
            assert!(!matches!(document.value, Json::Object(_)), "{}", row.name);
        }
        for row in EQUIVALENT {
            let same = parse(&(row.damage)(VALID)).expect(row.name).value;
            let (Json::Object(same), Ok(valid)) = (same, parse(VALID.as_bytes())) else {
                panic!("{} is no object", row.name);
            };
            let Json::Object(valid) = valid.value else {
                panic!("an object")
            };
            assert_eq!(same.len(), valid.len(), "{}", row.name);
            assert_eq!(same[0].0, "add", "{}", row.name);
        }
        for row in STRAINING {
            let document = parse(&(row.damage)(VALID)).expect(row.name);
            assert!(matches!(document.value, Json::Object(_)), "{}", row.name);
        }
    }
}
