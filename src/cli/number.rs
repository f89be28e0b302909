//! Whole numbers on the command line. A number that begins with a minus is one
//! that is out of range, not an option that nobody knows.

use thiserror::Error;

/// A text that is no number in range.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("accepted: a whole number from {least} to {most}")]
pub(super) struct NoNumber {
    least: u64,
    most: u64,
}

/// The number from `LEAST` to `MOST` that the text names in plain digits.
pub(super) fn whole<N: TryFrom<u64>, const LEAST: u64, const MOST: u64>(
    text: &str,
) -> Result<N, NoNumber> {
    // The number's own parser would take a sign.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| plain && *number >= LEAST);
    let number = number.filter(|number| *number <= MOST);
    let number = number.and_then(|number| N::try_from(number).ok());
    number.ok_or(NoNumber {
        least: LEAST,
        most: MOST,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_digits_in_range_are_accepted_and_nothing_else() {
        let parse = whole::<u16, 1, 256>;
        for (text, number) in [("1", 1), ("256", 256), ("007", 7)] {
            assert_eq!(parse(text), Ok(number));
        }
        for text in [
            "",
            "0",
            "257",
            "-0",
            "-1",
            "+1",
            "1.0",
            "1e2",
            " 1",
            "1_0",
            "x",
            "99999999999999999999",
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert_eq!(error, "accepted: a whole number from 1 to 256");
        }
    }
}
