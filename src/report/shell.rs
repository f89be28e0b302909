//! Words for a POSIX shell.

use std::fmt::Write as _;

use super::printable::printable;

/// The text as one word of the shell: as it is where that is safe, else
/// between single quotes.
pub(super) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if text.is_empty() || !text.chars().all(plain) {
        quoted(text)
    } else {
        text.to_owned()
    }
}

/// The text between single quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Bytes for the format of `printf`, which knows octal escapes in every shell.
pub(super) fn format_of(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut format, byte| {
        match byte {
            b'\\' | b'%' | b'\'' => write!(format, "\\{byte:03o}").expect("a string takes all"),
            b' '..=b'~' => format.push(char::from(*byte)),
            _ => write!(format, "\\{byte:03o}").expect("a string takes all"),
        }
        format
    })
}

/// Whether the text can stand in a script and be pasted as it is: nothing in
/// it acts on a terminal or ends a line.
pub(super) fn is_plain(text: &str) -> bool {
    printable(text) == text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn printed(script: &str) -> Vec<u8> {
        let output = Command::new("sh").args(["-c", script]).output();
        output.expect("a shell").stdout
    }

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        for text in [
            "it's",
            "",
            "a\nb",
            "$HOME `x` \\ \"",
            "@file",
            "é '' '",
            "-",
        ] {
            let shown = printed(&format!("printf %s {}", word(text)));
            assert_eq!(String::from_utf8_lossy(&shown), text);
            let shown = printed(&format!("printf {}", quoted(&format_of(text.as_bytes()))));
            if text != "-" {
                assert_eq!(String::from_utf8_lossy(&shown), text);
            }
        }
        let bytes: Vec<u8> = (0..=255).collect();
        let shown = printed(&format!("printf {}", quoted(&format_of(&bytes))));
        assert_eq!(shown, bytes);
    }

    #[test]
    fn what_needs_no_quotes_has_none() {
        assert_eq!(word("a/b-c_1.json"), "a/b-c_1.json");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("a*"), "'a*'");
    }
}
