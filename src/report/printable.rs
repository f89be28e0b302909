//! Text of a target on a terminal: it must not move the cursor or change
//! colours.

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

/// Bidirectional controls reorder what stands around them, so they count as
/// control characters.
fn is_harmless(character: char) -> bool {
    match character {
        '\n' => true,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
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
    }
}
