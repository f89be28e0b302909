//! What a JSON text is made of: its numbers and strings, to the letter of the
//! grammar.

use super::reader::Reader;
use super::{Json, NotJson};

impl Reader<'_> {
    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    pub(super) fn number(&mut self) -> Result<Json, NotJson> {
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

    pub(super) fn string(&mut self) -> Result<String, NotJson> {
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
