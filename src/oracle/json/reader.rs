//! The structure of a JSON text: values, lists and objects, with an explicit
//! stack, so that no nesting is too deep.

use super::{Json, NotJson};

/// How deep values are kept. The contract knows five levels; what lies deeper
/// is checked for syntax and then forgotten.
const KEPT_DEPTH: usize = 32;

/// A list or an object that is not closed yet.
enum Open {
    List(Vec<Json>),
    Object(Vec<(String, Json)>, String),
}

/// A place in a JSON text.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// An escaped surrogate without its partner was seen.
    pub(super) lone_surrogate: bool,
}

impl<'a> Reader<'a> {
    /// The start of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            text,
            at: 0,
            lone_surrogate: false,
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// One value, with an explicit stack in place of recursion.
    pub(super) fn document(&mut self) -> Result<Json, NotJson> {
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
}
