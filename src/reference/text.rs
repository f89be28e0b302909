//! From the bytes of a body to JSON, strictly.

use serde_json::Value;

use super::switches::Switches;

/// The JSON of a body, or why it is none.
pub(super) fn parse(_switches: &Switches, body: &[u8]) -> Result<Value, String> {
    if body.is_empty() {
        return Err("the body is empty".to_owned());
    }
    if body.starts_with(b"\xEF\xBB\xBF") {
        return Err("the body starts with a byte order mark".to_owned());
    }
    serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(10_000);
        let huge = format!("{{\"x\":1{}e999}}", "0".repeat(400));
        for body in [
            "",
            " ",
            "{",
            "{}x",
            "{} {}",
            "{'add':null}",
            "{\"a\":NaN}",
            "{/**/}",
            "{\"a\":1,}",
            "\u{feff}{}",
            "{\"a\":\"\\ud800\"}",
            &deep,
            &huge,
        ] {
            assert!(
                parse(&Switches::default(), body.as_bytes()).is_err(),
                "{body:.20}"
            );
        }
        assert!(parse(&Switches::default(), b"{\"a\":\"\xFF\"}").is_err());
    }

    #[test]
    fn white_space_and_escapes_are_json() {
        let value = parse(&Switches::default(), b" \r\n\t{\"a\":\"\\ud83d\\ude00\"}\n");
        assert_eq!(value.expect("parses")["a"], "\u{1F600}");
    }
}
