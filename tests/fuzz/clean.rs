//! What is printed moves, hides and forges nothing.

use std::fs;
use std::path::Path;

/// Beginnings of lines that only answers have: a forged one.
const FORGED: [&str; 3] = ["error: forged", "::error::forged", "forged: conforms"];

/// The first mark in one of those files of that folder that nobody sees, or
/// line that nobody wrote.
pub(crate) fn marked(folder: &Path, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let text = fs::read(folder.join(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let mark = text.char_indices().find(|(_, mark)| is_unseen(*mark));
        let place = |at: usize| {
            let before: Vec<char> = text[..at].chars().rev().take(60).collect();
            before.into_iter().rev().collect::<String>()
        };
        if let Some((at, mark)) = mark {
            let mark = mark.escape_unicode();
            let before = place(at);
            return Some(format!(
                "{name} holds {mark}, behind `{}`",
                before.escape_debug()
            ));
        }
        let mut lines = text.lines();
        let forged = lines.find(|line| FORGED.iter().any(|forged| line.starts_with(forged)));
        forged.map(|line| format!("{name} has the forged line `{line:.100}`"))
    })
}

/// Whether a terminal does something at that character instead of showing it.
fn is_unseen(mark: char) -> bool {
    let is_blank = matches!(mark, '\n' | '\t' | '\r');
    let is_format = matches!(
        mark,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    mark.is_control() && !is_blank || is_format
}
