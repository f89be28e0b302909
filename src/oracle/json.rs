//! Is it JSON, and what does it say? RFC 8259 to the letter, with what the
//! contract needs beside it: duplicate keys kept, numbers as they were
//! written, lone surrogates and a byte order mark noted instead of decided,
//! and a name for what is wrong. Bounded in stack whatever the nesting.

/// How deep values are kept. The contract knows five levels; what lies deeper
/// is checked for syntax and then forgotten.
const KEPT_DEPTH: usize = 32;

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
    let mut reader = Reader {
        bytes: text.as_bytes(),
        text,
        at: 0,
        lone_surrogate: false,
    };
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

/// A list or an object that is not closed yet.
enum Open {
    List(Vec<Json>),
    Object(Vec<(String, Json)>, String),
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    lone_surrogate: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// One value, with an explicit stack in place of recursion.
    fn document(&mut self) -> Result<Json, NotJson> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.skip_space();
            let mut value = match self.peek() {
                Some(b'[') => {
                    self.at += 1;
                    self.skip_space();
                    if self.peek() == Some(b']') {
                        self.at += 1;
                        Json::List(Vec::new())
                    } else {
                        open.push(Open::List(Vec::new()));
                        continue;
                    }
                }
                Some(b'{') => {
                    self.at += 1;
                    self.skip_space();
                    if self.peek() == Some(b'}') {
                        self.at += 1;
                        Json::Object(Vec::new())
                    } else {
                        let key = self.key()?;
                        open.push(Open::Object(Vec::new(), key));
                        continue;
                    }
                }
                _ => self.scalar()?,
            };
            // Close whatever ends here.
            loop {
                let depth = open.len();
                let Some(innermost) = open.last_mut() else {
                    return Ok(value);
                };
                if depth > KEPT_DEPTH {
                    value = Json::Null;
                }
                self.skip_space();
                match (innermost, self.peek()) {
                    (_, None) => return Err(NotJson("truncated")),
                    (Open::List(items), Some(b',')) => {
                        items.push(value);
                        self.at += 1;
                        self.skip_space();
                        if self.peek() == Some(b']') {
                            return Err(NotJson("trailing comma"));
                        }
                        break;
                    }
                    (Open::List(items), Some(b']')) => {
                        items.push(value);
                        self.at += 1;
                        value = Json::List(std::mem::take(items));
                        open.pop();
                    }
                    (Open::Object(members, key), Some(b',')) => {
                        members.push((std::mem::take(key), value));
                        self.at += 1;
                        self.skip_space();
                        if self.peek() == Some(b'}') {
                            return Err(NotJson("trailing comma"));
                        }
                        let next = self.key()?;
                        if let Some(Open::Object(_, key)) = open.last_mut() {
                            *key = next;
                        }
                        break;
                    }
                    (Open::Object(members, key), Some(b'}')) => {
                        members.push((std::mem::take(key), value));
                        self.at += 1;
                        value = Json::Object(std::mem::take(members));
                        open.pop();
                    }
                    (_, Some(b'/' | b'#')) => return Err(NotJson("comment")),
                    (_, Some(b']' | b'}')) => return Err(NotJson("mismatched bracket")),
                    (_, Some(_)) => return Err(NotJson("missing comma")),
                }
            }
        }
    }

    fn key(&mut self) -> Result<String, NotJson> {
        match self.peek() {
            Some(b'"') => {}
            Some(b'\'') => return Err(NotJson("single quotes")),
            Some(b'/' | b'#') => return Err(NotJson("comment")),
            Some(_) => return Err(NotJson("unquoted key")),
            None => return Err(NotJson("truncated")),
        }
        let key = self.string()?;
        self.skip_space();
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(key)
            }
            None => Err(NotJson("truncated")),
            Some(_) => Err(NotJson("missing colon")),
        }
    }

    fn scalar(&mut self) -> Result<Json, NotJson> {
        match self.peek() {
            None => Err(NotJson("truncated")),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            Some(b'\'') => Err(NotJson("single quotes")),
            Some(b'/' | b'#') => Err(NotJson("comment")),
            Some(byte) if byte.is_ascii_alphabetic() => self.word(),
            Some(_) => Err(NotJson("unexpected character")),
        }
    }

    fn word(&mut self) -> Result<Json, NotJson> {
        let rest = &self.text[self.at..];
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let word = &rest[..length];
        self.at += length;
        match word {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Boolean(true)),
            "false" => Ok(Json::Boolean(false)),
            "NaN" | "Infinity" | "nan" | "Inf" => Err(NotJson("NaN or Infinity")),
            _ if self.at == self.bytes.len()
                && ["null", "true", "false"]
                    .iter()
                    .any(|full| full.starts_with(word)) =>
            {
                Err(NotJson("truncated"))
            }
            _ => Err(NotJson("unknown word")),
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Json, NotJson> {
        let start = self.at;
        match self.peek() {
            Some(b'+') => return Err(NotJson("plus sign")),
            Some(b'.') => return Err(NotJson("number without digits")),
            Some(b'-') => self.at += 1,
            _ => {}
        }
        if self.text[self.at..].starts_with("Infinity") || self.text[self.at..].starts_with("NaN") {
            return Err(NotJson("NaN or Infinity"));
        }
        let first = self.peek();
        let whole = self.digits();
        if whole == 0 {
            return Err(self.unfinished("number without digits"));
        }
        if whole > 1 && first == Some(b'0') {
            return Err(NotJson("leading zero"));
        }
        if matches!(self.peek(), Some(b'x' | b'X')) {
            return Err(NotJson("hexadecimal number"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.unfinished("number without digits"));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.unfinished("number without digits"));
            }
        }
        Ok(Json::Number(self.text[start..self.at].to_owned()))
    }

    /// `truncated` where the body ends here, else the given name.
    fn unfinished(&self, name: &'static str) -> NotJson {
        NotJson(if self.peek().is_none() {
            "truncated"
        } else {
            name
        })
    }

    fn string(&mut self) -> Result<String, NotJson> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1F)) {
                self.at += 1;
            }
            text.push_str(&self.text[start..self.at]);
            match self.peek() {
                None => return Err(NotJson("truncated")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(_) => return Err(NotJson("raw control character")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, NotJson> {
        let Some(byte) = self.peek() else {
            return Err(NotJson("truncated"));
        };
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(NotJson("unknown escape")),
        })
    }

    fn unicode_escape(&mut self) -> Result<char, NotJson> {
        let high = self.four_hex_digits()?;
        if let Some(character) = char::from_u32(high) {
            return Ok(character);
        }
        if high < 0xDC00 && self.bytes[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 2;
            let low = self.four_hex_digits()?;
            if (0xDC00..0xE000).contains(&low) {
                let scalar = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return char::from_u32(scalar).ok_or(NotJson("unknown escape"));
            }
            self.at = back;
        }
        self.lone_surrogate = true;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn four_hex_digits(&mut self) -> Result<u32, NotJson> {
        let Some(digits) = self.bytes.get(self.at..self.at + 4) else {
            return Err(NotJson("truncated"));
        };
        let mut value = 0;
        for digit in digits {
            let digit = char::from(*digit)
                .to_digit(16)
                .ok_or(NotJson("unknown escape"))?;
            value = value * 16 + digit;
        }
        self.at += 4;
        Ok(value)
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
