//! Is it JSON, and what does it say? RFC 8259 to the letter, with what the
//! contract needs beside it: duplicate keys kept, numbers as they were
//! written, lone surrogates and a byte order mark noted instead of decided,
//! and a name for what is wrong. Bounded in stack whatever the nesting.

mod reader;
mod token;

use reader::Reader;
use serde_json::Value;

/// A JSON value as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as its text.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object: its members in order, duplicates included.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The JSON type in words.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// The last of duplicate keys counts, as in most readers, and a number that fits
/// nowhere is null.
impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Boolean(flag) => Self::Bool(flag),
            Json::Number(text) => text.parse().map_or(Self::Null, Self::Number),
            Json::Text(text) => Self::String(text),
            Json::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name, Self::from(value)))
                    .collect(),
            ),
        }
    }
}

/// A body that is JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it says.
    pub value: Json,
    /// A UTF-8 byte order mark stands before it.
    pub byte_order_mark: bool,
    /// A string holds an escaped surrogate without its partner.
    pub lone_surrogate: bool,
}

/// A body that is not JSON: what is wrong, as a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson(pub &'static str);

/// Reads a body. A leading byte order mark is skipped and noted.
pub fn parse(bytes: &[u8]) -> Result<Document, NotJson> {
    let (byte_order_mark, bytes) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let text = std::str::from_utf8(bytes).map_err(|_| NotJson("invalid UTF-8"))?;
    if text.is_empty() {
        return Err(NotJson("empty"));
    }
    let mut reader = Reader::new(text);
    reader.skip_space();
    if reader.peek().is_none() {
        return Err(NotJson("white space only"));
    }
    let value = reader.document()?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(Document {
            value,
            byte_order_mark,
            lone_surrogate: reader.lone_surrogate,
        }),
        Some(b'/' | b'#') => Err(NotJson("comment")),
        Some(_) => Err(NotJson("trailing text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(bytes: &[u8]) -> &'static str {
        parse(bytes).expect_err("is not JSON").0
    }

    #[test]
    fn what_is_json_is_read() {
        let document =
            parse(br#" {"a":[1.0,-0e+3,"\u00e9\ud83d\ude00\/"],"a":{} } "#).expect("JSON");
        assert_eq!(
            document.value,
            Json::Object(vec![
                (
                    "a".into(),
                    Json::List(vec![
                        Json::Number("1.0".into()),
                        Json::Number("-0e+3".into()),
                        Json::Text("é😀/".into()),
                    ])
                ),
                ("a".into(), Json::Object(vec![])),
            ])
        );
        assert!(!document.lone_surrogate && !document.byte_order_mark);
    }

    #[test]
    fn what_the_contract_leaves_open_is_noted() {
        assert!(parse(b"\xEF\xBB\xBF{}").expect("JSON").byte_order_mark);
        assert!(parse(br#""\ud800""#).expect("JSON").lone_surrogate);
        assert!(parse(br#""\udc00\ud800x""#).expect("JSON").lone_surrogate);
    }

    #[test]
    fn what_is_wrong_has_a_name() {
        for (bytes, name) in [
            (&b""[..], "empty"),
            (b" \n", "white space only"),
            (b"{", "truncated"),
            (b"{\"a\"", "truncated"),
            (b"{\"a\":", "truncated"),
            (b"{\"a\":1", "truncated"),
            (b"[1,", "truncated"),
            (b"\"a", "truncated"),
            (b"\"\\", "truncated"),
            (b"\"\\u12", "truncated"),
            (b"tru", "truncated"),
            (b"-", "truncated"),
            (b"{} x", "trailing text"),
            (b"{}{}", "trailing text"),
            (b"{}//x", "comment"),
            (b"{/*x*/}", "comment"),
            (b"{'a':1}", "single quotes"),
            (b"['a']", "single quotes"),
            (b"{a:1}", "unquoted key"),
            (b"[1,]", "trailing comma"),
            (b"{\"a\":1,}", "trailing comma"),
            (b"[NaN]", "NaN or Infinity"),
            (b"[-Infinity]", "NaN or Infinity"),
            (b"[01]", "leading zero"),
            (b"[+1]", "plus sign"),
            (b"[1.]", "number without digits"),
            (b"[0x1]", "hexadecimal number"),
            (b"[\"\n\"]", "raw control character"),
            (b"[\"\\x\"]", "unknown escape"),
            (b"[1 2]", "missing comma"),
            (b"{\"a\" 1}", "missing colon"),
            (b"[1}", "mismatched bracket"),
            (b"\"\xFF\"", "invalid UTF-8"),
            (b"\"\xED\xA0\x80\"", "invalid UTF-8"),
            (b"None", "unknown word"),
        ] {
            assert_eq!(wrong(bytes), name, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn nesting_costs_no_stack() {
        let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        assert!(parse(&deep).is_ok());
        assert_eq!(wrong(&deep[..150_000]), "truncated");
    }
}
