//! A text read in every encoding that a secret may be hidden in. Each reading
//! knows of each byte where in the text it comes from.
//!
//! To read the text is cheaper than to look for every spelling of every secret,
//! and it finds mixtures: servers differ in which characters they encode.

/// One byte of a reading, and the bytes of the text that it is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) byte: u8,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How often what was decoded is decoded again, such as JSON inside JSON.
const DEPTH: usize = 2;

/// From so many characters on a run of Base64 or hexadecimal digits could hold
/// what is hidden in such spellings.
const BASE64_LEAST: usize = 11;
const HEXADECIMAL_LEAST: usize = 16;

/// Every reading of a text in which something is decoded; the text itself is none.
pub(super) fn decoded(text: &str, tell: &mut dyn FnMut(&[Unit])) {
    let plain = text.bytes().enumerate();
    let plain: Vec<Unit> = plain
        .map(|(place, byte)| Unit {
            byte,
            start: place,
            end: place + 1,
        })
        .collect();
    read(&plain, DEPTH, tell);
}

fn read(units: &[Unit], depth: usize, tell: &mut dyn FnMut(&[Unit])) {
    runs(units, is_base64, BASE64_LEAST, &mut |run| {
        for skipped in 0..4 {
            tell(&base64(run.get(skipped..).unwrap_or_default()));
        }
    });
    let is_hexadecimal = |byte: u8| byte.is_ascii_hexdigit();
    runs(units, is_hexadecimal, HEXADECIMAL_LEAST, &mut |run| {
        for skipped in 0..2 {
            tell(&hexadecimal(&run[skipped..]));
        }
    });
    if depth == 0 {
        return;
    }
    let ways: [(u8, Decode); 3] = [(b'\\', json), (b'%', percent), (b'&', entity)];
    for (mark, decode) in ways {
        if !units.iter().any(|unit| unit.byte == mark) {
            continue;
        }
        let decoded = all(units, mark, decode);
        if decoded.len() < units.len() {
            tell(&decoded);
            read(&decoded, depth - 1, tell);
        }
    }
}

/// What stands at the beginning of these units, decoded: the character, and how
/// many of them it takes.
type Decode = fn(&[Unit]) -> Option<(Decoded, usize)>;

enum Decoded {
    Byte(u8),
    Character(char),
}

/// Everything that can be decoded, decoded.
fn all(units: &[Unit], mark: u8, decode: Decode) -> Vec<Unit> {
    let mut decoded = Vec::with_capacity(units.len());
    let mut at = 0;
    while let Some(unit) = units.get(at) {
        let found = if unit.byte == mark {
            decode(&units[at..])
        } else {
            None
        };
        let Some((what, length)) = found else {
            decoded.push(*unit);
            at += 1;
            continue;
        };
        let (start, end) = (unit.start, units[at + length - 1].end);
        let unit = |byte| Unit { byte, start, end };
        match what {
            Decoded::Byte(byte) => decoded.push(unit(byte)),
            Decoded::Character(character) => {
                let mut bytes = [0; 4];
                let bytes = character.encode_utf8(&mut bytes).bytes();
                decoded.extend(bytes.map(unit));
            }
        }
        at += length;
    }
    decoded
}

/// `\n`, `\/`, `\u002f`, `\x2f`.
fn json(units: &[Unit]) -> Option<(Decoded, usize)> {
    let character = |character| Some((Decoded::Character(character), 2));
    match units.get(1)?.byte {
        b'n' => character('\n'),
        b'r' => character('\r'),
        b't' => character('\t'),
        b'b' => character('\u{8}'),
        b'f' => character('\u{c}'),
        byte @ (b'"' | b'\\' | b'/' | b'\'') => character(char::from(byte)),
        b'x' => char::from_u32(number(units.get(2..4)?, 16)?)
            .map(|character| (Decoded::Character(character), 4)),
        b'u' => {
            let first = number(units.get(2..6)?, 16)?;
            if let Some(character) = char::from_u32(first) {
                return Some((Decoded::Character(character), 6));
            }
            let is_second = units.get(6)?.byte == b'\\' && units.get(7)?.byte == b'u';
            let second = number(units.get(8..12)?, 16).filter(|_| is_second)?;
            let pair = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
            let character = char::decode_utf16(pair).next()?.ok()?;
            Some((Decoded::Character(character), 12))
        }
        _ => None,
    }
}

/// `%2F`.
fn percent(units: &[Unit]) -> Option<(Decoded, usize)> {
    let byte = number(units.get(1..3)?, 16)?;
    Some((Decoded::Byte(u8::try_from(byte).ok()?), 3))
}

/// `&amp;`, `&#47;`, `&#x2f;`.
fn entity(units: &[Unit]) -> Option<(Decoded, usize)> {
    const LONGEST: usize = 12;
    let end = units
        .iter()
        .take(LONGEST)
        .position(|unit| unit.byte == b';')?;
    let name = &units[1..end];
    let character = match name.first()?.byte {
        b'#' => match name.get(1)?.byte {
            b'x' | b'X' => char::from_u32(number(&name[2..], 16)?)?,
            _ => char::from_u32(number(&name[1..], 10)?)?,
        },
        _ => {
            let name: Vec<u8> = name.iter().map(|unit| unit.byte).collect();
            let named = NAMED.iter().find(|(known, _)| known.as_bytes() == name)?;
            named.1
        }
    };
    Some((Decoded::Character(character), end + 1))
}

/// The entities of ASCII's punctuation, as HTML names them.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("AMP", '&'),
    ("LT", '<'),
    ("GT", '>'),
    ("QUOT", '"'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("lbrace", '{'),
    ("vert", '|'),
    ("rbrace", '}'),
    ("nbsp", '\u{a0}'),
];

fn number(digits: &[Unit], radix: u32) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, unit| {
        let digit = char::from(unit.byte).to_digit(radix)?;
        number.checked_mul(radix)?.checked_add(digit)
    })
}

/// Every run of at least so many bytes of a kind.
fn runs(units: &[Unit], is_it: fn(u8) -> bool, least: usize, tell: &mut dyn FnMut(&[Unit])) {
    let runs = units.split(|unit| !is_it(unit.byte));
    runs.filter(|run| run.len() >= least).for_each(tell);
}

/// Either alphabet.
fn is_base64(byte: u8) -> bool {
    sextet(byte).is_some()
}

const fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

fn base64(run: &[Unit]) -> Vec<Unit> {
    let mut decoded = Vec::with_capacity(run.len() / 4 * 3 + 2);
    for group in run.chunks(4) {
        // Three bytes in four characters: each byte stands in two of them.
        for (place, pair) in group.windows(2).enumerate() {
            let sextets = [pair[0], pair[1]].map(|unit| sextet(unit.byte).unwrap_or_default());
            let shift = 2 * (place as u32 + 1);
            decoded.push(Unit {
                byte: sextets[0] << shift | sextets[1] >> (6 - shift),
                start: pair[0].start,
                end: pair[1].end,
            });
        }
    }
    decoded
}

fn hexadecimal(run: &[Unit]) -> Vec<Unit> {
    let pairs = run.chunks_exact(2);
    let byte = |pair: &[Unit]| u8::try_from(number(pair, 16)?).ok();
    pairs
        .map(|pair| Unit {
            byte: byte(pair).unwrap_or_default(),
            start: pair[0].start,
            end: pair[1].end,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let mut read = Vec::new();
        decoded(text, &mut |units| {
            let bytes: Vec<u8> = units.iter().map(|unit| unit.byte).collect();
            read.push(String::from_utf8_lossy(&bytes).into_owned());
        });
        read
    }

    #[test]
    fn every_encoding_is_read_and_every_mixture() {
        for (text, means) in [
            (r#"a\/b\u00e9\ud83d\ude00\"c\x41"#, "a/bé😀\"cA"),
            (r"\\u0061\\\/", "a/"),
            ("a%2Fb%c3%A9", "a/bé"),
            ("a%5Cu0062", "ab"),
            ("a&amp;b&#47;c&#x002F;d&sol;&quot;", "a&b/c/d/\""),
            ("Basic YWRtaW46aHVudGVyMjI=", "admin:hunter22"),
            ("Basic/YWRtaW46aHVudGVyMjI=", "admin:hunter22"),
            ("YWRtaW46Pz8-Pz8_", "admin:??>??"),
            ("x68756e7465723232", "hunter22"),
            ("a68756E7465723232", "hunter22"),
        ] {
            let read = read(text);
            assert!(
                read.iter().any(|read| read.contains(means)),
                "{text}: {read:?}"
            );
        }
    }

    #[test]
    fn what_is_no_encoding_is_left_and_told_where_it_was() {
        assert_eq!(
            read("50% & more \\ \\u12 \\ud800 %G1 &; &unknown;"),
            [""; 0]
        );
        let mut last = Vec::new();
        decoded("é%2Fb", &mut |units| last = units.to_vec());
        let places: Vec<_> = last.iter().map(|unit| (unit.start, unit.end)).collect();
        assert_eq!(places, [(0, 1), (1, 2), (2, 5), (5, 6)]);
    }
}
