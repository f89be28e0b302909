//! Damage to the bytes of a body: what is not JSON, what is JSON but no object, and
//! objects written in unusual ways. Each has a name; what it deserves the oracle
//! reads from the bytes.

mod no_object;
mod objects;

pub use no_object::{NOT_AN_OBJECT, NOT_JSON};
pub use objects::{EQUIVALENT, STRAINING};

/// One way to damage the bytes of a valid body.
#[derive(Clone, Copy, Debug)]
pub struct ByteDamage {
    /// A stable name.
    pub name: &'static str,
    damage: Damage,
}

#[derive(Clone, Copy, Debug)]
enum Damage {
    /// What is sent in place of the valid body.
    Body(fn(&str) -> Vec<u8>),
    /// What is written, as it is, for the value of a property beside the others.
    Value(&'static [u8]),
}

impl ByteDamage {
    /// What is sent in place of a valid body.
    pub fn of(&self, body: &str) -> Vec<u8> {
        match self.damage {
            Damage::Body(damage) => damage(body),
            Damage::Value(value) => with_value(body, value),
        }
    }
}

const fn damage(name: &'static str, damage: fn(&str) -> Vec<u8>) -> ByteDamage {
    let damage = Damage::Body(damage);
    ByteDamage { name, damage }
}

const fn value(name: &'static str, value: &'static [u8]) -> ByteDamage {
    let damage = Damage::Value(value);
    ByteDamage { name, damage }
}

/// The body with a property more.
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

fn nested(open: &str, close: &str, depth: usize) -> Vec<u8> {
    (open.repeat(depth) + &close.repeat(depth)).into_bytes()
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
            let body = row.of(VALID);
            assert_eq!(
                parse(&body).is_ok(),
                open.contains(&row.name),
                "{}",
                row.name
            );
        }
        for row in NOT_AN_OBJECT {
            let document = parse(&row.of(VALID)).expect(row.name);
            assert!(!matches!(document.value, Json::Object(_)), "{}", row.name);
        }
        for row in EQUIVALENT {
            let same = parse(&row.of(VALID)).expect(row.name).value;
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
            let document = parse(&row.of(VALID)).expect(row.name);
            assert!(matches!(document.value, Json::Object(_)), "{}", row.name);
        }
    }
}
