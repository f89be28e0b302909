//! How long: `90s`, `5m`, `1h`, or a plain number of seconds.

use std::time::Duration;

use thiserror::Error;

/// A text that is no duration.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "`{0}` is no duration: accepted are a whole number above 0 and a unit, such as `90s`, `5m` or \
     `1h`; without a unit, seconds"
)]
pub(super) struct NoDuration(String);

/// The duration that the text names.
pub(super) fn parse(text: &str) -> Result<Duration, NoDuration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds = match &text[digits.len()..] {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(60 * 60),
        _ => None,
    };
    // The number's own parser would take a sign.
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .parse::<u64>()
        .ok()
        .filter(|number| plain && *number > 0)
        .zip(seconds)
        .and_then(|(number, seconds)| number.checked_mul(seconds))
        // A century is far beyond any run, and keeps every sum of times in range.
        .filter(|seconds| *seconds <= 100 * 366 * 24 * 60 * 60)
        .map(Duration::from_secs)
        .ok_or_else(|| NoDuration(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_or_are_seconds() {
        for (text, seconds) in [("90s", 90), ("90", 90), ("5m", 300), ("1h", 3600)] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "s",
            "0",
            "0m",
            "-1s",
            "+1s",
            "1.5h",
            "1 h",
            "5x",
            "5ms",
            "1h30m",
            "é",
            "99999999999999999999",
            "9999999999h",
            "18446744073709551615s",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
