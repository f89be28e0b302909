//! Bodies that are no JSON, and JSON that is no object.

use super::{ByteDamage, damage, joined, nested, replaced, value, with_value};

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
    value("a comment inside", b"1 /* comment */"),
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
    value("nothing but a comma in a list", b"[,]"),
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
    value("NaN", b"NaN"),
    value("Infinity", b"Infinity"),
    value("-Infinity", b"-Infinity"),
    value("a leading zero", b"01"),
    value("a plus sign", b"+1"),
    value("a number that ends in a point", b"1."),
    value("a number that starts with a point", b".5"),
    value("a hexadecimal number", b"0x1"),
    value("a number with underscores", b"1_000"),
    value("a number with a letter behind", b"1L"),
    value("a number with an empty exponent", b"1e"),
    value("a minus alone", b"-"),
    value("a string in backticks", b"`a`"),
    value("a string over two lines", b"\"a\\\nb\""),
    value("a word that is not JSON", b"undefined"),
    value("True", b"True"),
    value("a raw line break in a string", b"\"a\nb\""),
    value("a raw control character in a string", b"\"a\x01b\""),
    value("an unknown escape", b"\"\\x41\""),
    value("an escape of eight digits", b"\"\\U0001F600\""),
    value("an escape in braces", b"\"\\u{1F600}\""),
    value("an escaped zero", b"\"\\0\""),
    value("an escaped vertical tab", b"\"\\v\""),
    value("an escaped single quote", b"\"\\'\""),
    value("a short unicode escape", b"\"\\u12\""),
    value("a stray continuation byte", b"\"\x80\""),
    value("an overlong encoding", b"\"\xC0\xAF\""),
    value("an encoded surrogate", b"\"\xED\xA0\x80\""),
    value(
        "an encoded pair of surrogates",
        b"\"\xED\xA0\xBD\xED\xB8\x80\"",
    ),
    value("an overlong encoding of three bytes", b"\"\xE0\x80\xAF\""),
    value("a sequence of five bytes", b"\"\xF8\x88\x80\x80\x80\""),
    value("a code point beyond Unicode", b"\"\xF4\x90\x80\x80\""),
    value("a truncated UTF-8 sequence", b"\"\xE2\x82\""),
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
    value("a lone surrogate", b"\"\\ud800\""),
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

/// A valid body up to the first place where that text ends.
fn up_to(body: &str, text: &str) -> Vec<u8> {
    let end = body.find(text).map_or(body.len() / 2, |at| at + text.len());
    body.as_bytes()[..end].to_vec()
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
