//! Text of a target before people: it must not move the cursor, change colours
//! or order, or be what XML has no way to write. What is long is cut.

/// The text with every control character but line feeds written as an escape.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_harmless(character) {
            shown.push(character);
        } else {
            shown.extend(character.escape_default());
        }
    }
    shown
}

/// At most so many characters of a printable text, and how many bytes of the
/// text that is where some are left out.
pub(super) fn excerpt(text: &str, characters_max: usize) -> String {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => {
            let start = printable(&text[..end]);
            format!("{start}… (cut; {} bytes in all)", text.len())
        }
        None => printable(text),
    }
}

/// Bidirectional controls reorder what stands around them, so they count as
/// control characters.
fn is_harmless(character: char) -> bool {
    match character {
        '\n' => true,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        // No XML 1.0 document may hold them, not even as references.
        '\u{fffe}' | '\u{ffff}' => false,
        _ => !character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_written_as_escapes() {
        assert_eq!(
            printable("ü \u{1b}[31m\r\n\u{9b}\u{202e}x"),
            "ü \\u{1b}[31m\\r\n\\u{9b}\\u{202e}x"
        );
        assert_eq!(printable("\0\u{fffe}\u{ffff}"), "\\u{0}\\u{fffe}\\u{ffff}");
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        assert_eq!(excerpt("üü", 2), "üü");
        assert_eq!(excerpt("ü\u{1}ü", 2), "ü\\u{1}… (cut; 5 bytes in all)");
    }
}
