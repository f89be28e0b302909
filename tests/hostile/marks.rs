//! What must not reach a terminal or a log, and whether a report is whole.

use quick_xml::Reader;
use quick_xml::events::Event;

/// What a behaviour writes where it forges a line.
pub(crate) const FORGED: &str = "FORGED";

/// The first thing in a stream that a terminal or a runner would take for
/// something else than text.
pub(crate) fn unclean(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some("bytes that are no UTF-8".to_owned());
    };
    for (number, line) in text.split('\n').enumerate() {
        if let Some(mark) = line.chars().find(|letter| is_mark(*letter)) {
            return Some(format!("U+{:04X} in line {}", u32::from(mark), number + 1));
        }
        let begins = line.trim_start();
        if begins.starts_with(FORGED) || begins.starts_with(&format!("note: {FORGED}")) {
            return Some(format!("a forged line, {}", number + 1));
        }
        let ours = ["::error title=", "::warning title=", "::notice title="];
        let is_ours = ours.iter().any(|command| begins.starts_with(command));
        let commands = begins.starts_with("::") || begins.starts_with("##[");
        if commands && begins.contains(FORGED) && !is_ours {
            return Some(format!("a forged command in line {}", number + 1));
        }
    }
    None
}

/// Control characters, and what is not seen or turns text around.
fn is_mark(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

/// Whether a text is well-formed XML.
pub(crate) fn is_xml(text: &str) -> bool {
    let mut reader = Reader::from_str(text);
    let mut elements = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return elements > 0,
            Ok(Event::Start(_)) => elements += 1,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Whether a text is a whole page without a script of somebody else.
pub(crate) fn is_page(text: &str) -> bool {
    let text = text.to_lowercase();
    text.trim_end().ends_with("</html>")
        && !text.contains(&format!("<script>{FORGED}").to_lowercase())
}
