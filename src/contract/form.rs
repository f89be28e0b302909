//! How a request is put on the wire: its framing (REP-18) and how its path is written
//! (WG-3). None of it may matter.

use serde::{Deserialize, Serialize};

/// How a request is framed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// With a `Content-Length`, in one piece.
    #[default]
    Length,
    /// With a `Content-Length`, the head first, then the body in pieces.
    Pieces,
    /// The body in one chunk (RFC 9112 section 7.1).
    Chunked,
    /// The body in chunks of a few bytes.
    SmallChunks,
    /// The body in chunks with extensions, and a trailer behind them.
    ExtendedChunks,
    /// With `Expect: 100-continue`: the body follows the interim answer
    /// (RFC 9110 section 10.1.1).
    Expect,
    /// The request target in absolute form (RFC 9112 section 3.2.2).
    Absolute,
}

impl Framing {
    /// Every way, the plainest first.
    pub const ALL: [Self; 7] = [
        Self::Length,
        Self::Pieces,
        Self::Chunked,
        Self::SmallChunks,
        Self::ExtendedChunks,
        Self::Expect,
        Self::Absolute,
    ];

    /// Whether the body goes in chunks, without a `Content-Length`.
    pub const fn is_chunked(self) -> bool {
        matches!(
            self,
            Self::Chunked | Self::SmallChunks | Self::ExtendedChunks
        )
    }

    /// What it is, as reports say it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Length => "a Content-Length",
            Self::Pieces => "a body that comes in pieces",
            Self::Chunked => "a chunked body",
            Self::SmallChunks => "a body in small chunks",
            Self::ExtendedChunks => "chunk extensions and a trailer",
            Self::Expect => "Expect: 100-continue",
            Self::Absolute => "a request target in absolute form",
        }
    }
}

/// How the workgroup's id is written in the path.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Writing {
    /// As the vendor's client writes it.
    #[default]
    Usual,
    /// Its first letter or digit as an escape (RFC 3986 section 2.3).
    LetterEscaped,
    /// Every character as an escape, the reserved aside.
    AllEscaped,
    /// The hex digits of its escapes in lower case.
    LowerHex,
}

impl Writing {
    /// Every way, the plainest first.
    pub const ALL: [Self; 4] = [
        Self::Usual,
        Self::LetterEscaped,
        Self::AllEscaped,
        Self::LowerHex,
    ];

    /// What it is, as reports say it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Usual => "a workgroup id as the vendor writes it",
            Self::LetterEscaped => "a letter of the workgroup id percent-encoded",
            Self::AllEscaped => "all letters of the workgroup id percent-encoded",
            Self::LowerHex => "the escapes of the workgroup id in lower case",
        }
    }

    /// A segment written so; `usual` is how the vendor writes it.
    pub(super) fn of(self, usual: String) -> String {
        let escaped = |most: usize| {
            let mut left = most;
            let mut text = String::new();
            let mut digits = 0;
            for c in usual.chars() {
                let is_digit_of_escape = digits > 0;
                digits = if c == '%' {
                    2
                } else {
                    usize::saturating_sub(digits, 1)
                };
                if c.is_ascii_alphanumeric() && !is_digit_of_escape && left > 0 {
                    left -= 1;
                    text.push_str(&format!("%{:02X}", u32::from(c)));
                } else {
                    text.push(c);
                }
            }
            text
        };
        match self {
            Self::LetterEscaped => escaped(1),
            Self::AllEscaped => escaped(usize::MAX),
            Self::LowerHex => {
                let mut parts = usual.split('%');
                let first = parts.next().unwrap_or_default().to_owned();
                parts.fold(first, |text, part| {
                    let (digits, rest) = part.split_at(part.len().min(2));
                    text + "%" + &digits.to_ascii_lowercase() + rest
                })
            }
            Self::Usual => usual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_means_the_same_however_it_is_written() {
        let usual = "Caf%C3%A9-1%2F";
        let written = Writing::ALL.map(|writing| writing.of(usual.to_owned()));
        assert_eq!(
            written,
            [
                "Caf%C3%A9-1%2F",
                "%43af%C3%A9-1%2F",
                "%43%61%66%C3%A9-%31%2F",
                "Caf%c3%a9-1%2f"
            ]
        );
    }
}
