//! Which addresses an update may store: what a journal claims before it is sent.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::generate::mailbox::Names;

/// Every `emailAddress` with a string or a bare word, whatever surrounds it: a
/// target that accepts what is no JSON stores it all the same.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)["']emailAddress["']?\s*:\s*("(?:[^"\\]|\\.)*"|[^\s",}\]\[{]+)"#)
        .expect("a regex")
});

/// The addresses that a body gives, without those that say themselves whose they
/// are.
pub(super) fn addresses(body: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(body);
    ADDRESS
        .captures_iter(&text)
        .map(|found| {
            let typed = found[1].to_owned();
            match serde_json::from_str(&typed) {
                Ok(Value::String(text)) => text,
                _ => typed,
            }
        })
        .filter(|address| !Names::are_in(address))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_of_ours_is_found_however_it_is_written() {
        for (body, found) in [
            (r#"{"add":[{"emailAddress":"m00aa-1@acme.test"}]}"#, &[][..]),
            (r#"{"add":[{"emailAddress" : "a@b"}]}"#, &["a@b"]),
            (r#"{"add":[{"emailAddress":"\u00e9\"x"}]}"#, &["é\"x"]),
            (r#"{"add":[{"emailAddress":12}]}"#, &["12"]),
            (
                r#"{"add":[{"EMAILADDRESS":""},{'emailAddress':true}"#,
                &["", "true"],
            ),
            (r#"{"add":[{"emailAddress":["a"]}]}"#, &[]),
            ("{\"emailAddress\":\"\u{0}\"}", &["\"\u{0}\""]),
        ] {
            let addresses = addresses(body.as_bytes());
            assert!(addresses.iter().eq(found), "{body}: {addresses:?}");
        }
    }
}
