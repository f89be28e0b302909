//! Looks for secrets in whatever a run shows: any piece of one that is longer
//! than chance explains, in every spelling that a reader could undo.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// How many bytes of a secret in a row are a leak, whatever their spelling.
const PIECE: usize = 12;

/// How many different bytes a piece has, so that its like is not everywhere.
const DIFFERENT: usize = 6;

/// How far pieces are apart.
const STEP: usize = 4;

/// By how many bytes pieces are looked up.
const KEY: usize = 8;

/// Pieces of secrets, each with its spelling, by how they begin.
#[derive(Debug, Default)]
pub(crate) struct Leaks {
    pieces: HashMap<[u8; KEY], Vec<(Vec<u8>, &'static str)>>,
}

/// How one byte is written in a spelling.
type Written = fn(&mut String, u8);

/// Spellings that write byte by byte.
const SPELLINGS: [(&str, Written); 8] = [
    ("in hex", |text, byte| _ = write!(text, "{byte:02x}")),
    ("in hex", |text, byte| _ = write!(text, "{byte:02X}")),
    ("percent-encoded", |text, byte| {
        _ = write!(text, "%{byte:02X}");
    }),
    ("percent-encoded", |text, byte| {
        _ = write!(text, "%{byte:02x}");
    }),
    ("escaped", |text, byte| _ = write!(text, "\\u{byte:04x}")),
    ("escaped", |text, byte| _ = write!(text, "\\u{byte:04X}")),
    ("as entities", |text, byte| _ = write!(text, "&#{byte};")),
    ("as entities", |text, byte| _ = write!(text, "&#x{byte:x};")),
];

impl Leaks {
    /// What must not be shown.
    pub(crate) fn of<'a>(secrets: impl Iterator<Item = &'a str>, users: &[&str]) -> Self {
        let mut leaks = Self::default();
        let secrets: BTreeSet<_> = secrets.collect();
        for secret in secrets {
            // A huge one shows itself by its beginning and its end.
            let (head, tail) = ends(secret.as_bytes());
            for part in [head, tail] {
                leaks.learn(part);
            }
            if secret.len() < 64 {
                for user in users {
                    let pair = base64(format!("{user}:{secret}").as_bytes());
                    // The user's name alone is none.
                    let name = (user.len() + 1).div_ceil(3) * 4;
                    leaks.add(
                        &pair.as_bytes()[name.min(pair.len())..],
                        "base64 of a login",
                    );
                }
            }
        }
        leaks
    }

    fn learn(&mut self, secret: &[u8]) {
        self.add(secret, "as it is");
        self.add(&secret.to_ascii_lowercase(), "in lower case");
        self.add(&secret.to_ascii_uppercase(), "in upper case");
        // Wherever it stands in a text, one of three paddings is right.
        for padding in 0..3 {
            let padded = [&b"xx"[..padding], secret].concat();
            let coded = base64(&padded);
            let from = if padding == 0 { 0 } else { 4 };
            self.add(&coded.as_bytes()[from.min(coded.len())..], "base64");
        }
        for piece in pieces(secret) {
            for (name, write) in SPELLINGS {
                let mut text = String::new();
                for byte in piece {
                    write(&mut text, *byte);
                }
                self.put(text.into_bytes(), name);
            }
        }
    }

    /// The pieces of a text.
    fn add(&mut self, text: &[u8], spelling: &'static str) {
        for piece in pieces(text) {
            self.put(piece.to_vec(), spelling);
        }
    }

    fn put(&mut self, piece: Vec<u8>, spelling: &'static str) {
        let key = piece[..KEY].try_into().expect("its length");
        let known = self.pieces.entry(key).or_default();
        if !known.iter().any(|(other, _)| *other == piece) {
            known.push((piece, spelling));
        }
    }

    /// The first piece of a secret in a text: how it is spelt, and what stands
    /// around it.
    pub(crate) fn in_text(&self, text: &[u8]) -> Option<String> {
        let mut places = text.windows(KEY).enumerate();
        let (at, spelling) = places.find_map(|(at, key)| {
            let known = self.pieces.get(key)?;
            let mut known = known.iter();
            let (_, spelling) = known.find(|(piece, _)| text[at..].starts_with(piece))?;
            Some((at, *spelling))
        })?;
        let around = &text[at.saturating_sub(60)..(at + 60).min(text.len())];
        let around = String::from_utf8_lossy(around);
        Some(format!("{spelling}: {around:?}"))
    }
}

/// The pieces of a text that are not like others.
fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let all = text.windows(PIECE).step_by(STEP);
    all.filter(|piece| piece.iter().collect::<BTreeSet<_>>().len() >= DIFFERENT)
}

/// The beginning and the end of a long text; a short one is its beginning.
fn ends(text: &[u8]) -> (&[u8], &[u8]) {
    const LONG: usize = 256;
    if text.len() > 2 * LONG {
        (&text[..LONG], &text[text.len() - LONG..])
    } else {
        (text, &[])
    }
}

/// Base64 without line breaks.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place > group.len() {
                text.push('=');
            } else {
                let letter = bits >> (18 - 6 * place) & 63;
                text.push(char::from(LETTERS[letter as usize]));
            }
        }
    }
    text
}
