//! One short text for the rules as they stand: runs of different rules cannot
//! be compared finding by finding.

use super::rules::RULES;

/// The fingerprint of every rule's id and level: the same for as long as no
/// rule comes, goes or binds otherwise.
pub fn fingerprint() -> String {
    let rules = RULES.iter();
    fingerprint_of(rules.map(|rule| format!("{} {}", rule.id, rule.level)))
}

/// The fingerprint of a list of texts, of which none has a line feed.
pub fn fingerprint_of(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let texts = texts.into_iter();
    let hash = texts.fold(OFFSET, |hash, text| fnv(fnv(hash, text.as_ref()), "\n"));
    format!("{hash:016x}")
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// FNV-1a, which stays what it is from release to release.
fn fnv(hash: u64, text: &str) -> u64 {
    text.bytes().fold(hash, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_texts_apart_and_stays_what_it_is() {
        // From the published tables of FNV-1a.
        assert_eq!(fnv(OFFSET, "a"), 0xaf63_dc4c_8601_ec8c);
        assert_ne!(fnv(OFFSET, "SES-1 must\n"), fnv(OFFSET, "SES-1 should\n"));
        assert_eq!(fingerprint(), fingerprint());
        assert_eq!(fingerprint().len(), 16);
    }
}
