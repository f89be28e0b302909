//! Text of a target, or of a file, before people: it must not move the cursor,
//! change colours or order, hide, begin a line that looks like one of ours, be a
//! command to what reads the output, or be what XML has no way to write. What is
//! long is cut.
//!
//! Everything that is printed or stands in a report goes through here: what is
//! one line through [`printable`], what has lines of its own through
//! [`printable_lines`], and JSON, which loses nothing, through [`clean_json`].

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

/// The text on one line, with everything in it that does not show, or acts, as
/// an escape that does.
pub fn printable(text: &str) -> String {
    shown(text, |character| character == '\n')
}

/// The same of a text that may have several lines. Whoever prints it sees to it
/// that each begins with something of ours.
pub fn printable_lines(text: &str) -> String {
    shown(text, |_| false)
}

fn shown(text: &str, is_also_escaped: fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for (place, character) in text.char_indices() {
        if is_also_escaped(character) || !is_harmless(character) {
            shown.extend(character.escape_default());
        } else if character == '#' && begins_command(text, place) {
            shown.push_str("\\u{23}");
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether the second mark of `##[error]` or `##vso[…]` stands there: runners of
/// pipelines take that for a command wherever it stands in a line.
fn begins_command(text: &str, place: usize) -> bool {
    let (before, rest) = (&text[..place], &text[place + 1..]);
    let name = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    before.ends_with('#') && name.starts_with('[')
}

/// At most so many characters of a text on one line, and how many bytes of the
/// text that is where some are left out.
pub fn excerpt(text: &str, characters_max: usize) -> String {
    cut(text, characters_max, printable)
}

/// The same of a text that may have several lines.
pub fn excerpt_of_lines(text: &str, characters_max: usize) -> String {
    cut(text, characters_max, printable_lines)
}

fn cut(text: &str, characters_max: usize, printable: fn(&str) -> String) -> String {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => {
            let start = printable(&text[..end]);
            format!("{start}… (cut; {} bytes in all)", text.len())
        }
        None => printable(text),
    }
}

/// Whether a character shows as what it is and does nothing else.
fn is_harmless(character: char) -> bool {
    match character {
        '\n' => true,
        // What is plain comes first, for it is nearly everything.
        ' '..='~' => true,
        // Marks of direction and what embeds, joins or separates without a sign:
        // what Unicode calls format characters, and its line and paragraph ends.
        '\u{ad}'
        | '\u{34f}'
        | '\u{600}'..='\u{605}'
        | '\u{61c}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{890}'..='\u{891}'
        | '\u{8e2}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}'
        | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => false,
        // Letters without a shape.
        '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}'
        | '\u{ffa0}' => false,
        // No XML 1.0 document may hold them, not even as references.
        '\u{fffe}' | '\u{ffff}' => false,
        _ => !character.is_control(),
    }
}

/// The value as JSON with two spaces for each level, in which everything that
/// does not show is an escape of JSON: read back, it is what it was.
///
/// # Errors
/// Where the value cannot be JSON.
pub fn clean_json(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    written(value, PrettyFormatter::new())
}

/// The same on one line.
///
/// # Errors
/// As there.
pub fn clean_json_line(value: &impl Serialize) -> serde_json::Result<String> {
    let json = written(value, CompactFormatter)?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

fn written(value: &impl Serialize, formatter: impl Formatter) -> serde_json::Result<Vec<u8>> {
    let mut json = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut json, Clean(formatter));
    value.serialize(&mut serializer)?;
    Ok(json)
}

/// A way of writing JSON, but for what strings may hold as it is.
struct Clean<F>(F);

impl<F: Formatter> Formatter for Clean<F> {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        // JSON's own escapes were taken care of before.
        writer.write_all(escaped(fragment).as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

/// What stands in a string of JSON, with what does not show as escapes.
fn escaped(fragment: &str) -> Cow<'_, str> {
    if fragment.chars().all(is_harmless) {
        return fragment.into();
    }
    let mut text = String::with_capacity(fragment.len() + 16);
    for character in fragment.chars() {
        if is_harmless(character) {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What must never be seen as it is.
    const HIDDEN: &str = "\0\u{7}\u{8}\r\t\u{1b}\u{7f}\u{85}\u{9b}\u{ad}\u{61c}\u{180e}\u{200b}\u{200d}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{3164}\u{feff}\u{fffe}\u{ffff}\u{e0041}";

    #[test]
    fn what_does_not_show_is_written_as_an_escape() {
        assert_eq!(
            printable("ü \u{1b}[31m\r\n\u{9b}\u{202e}x"),
            "ü \\u{1b}[31m\\r\\n\\u{9b}\\u{202e}x"
        );
        assert_eq!(printable_lines("a\n\u{202e}"), "a\n\\u{202e}");
        assert_eq!(printable("\0\u{fffe}\u{ffff}"), "\\u{0}\\u{fffe}\\u{ffff}");
        for character in HIDDEN.chars() {
            let shown = printable_lines(&format!("a{character}b"));
            assert!(shown.starts_with("a\\"), "{shown}");
        }
        let plain = "Grüße, 世界 ± 😀 «x» `#1` ## [a](b)";
        assert_eq!(printable(plain), plain);
    }

    #[test]
    fn nothing_begins_a_line_or_a_command() {
        let shown = printable("x\n::error::y\r\nnote: z");
        assert_eq!(shown, "x\\n::error::y\\r\\nnote: z");
        for (command, shown) in [
            ("x ##[error]y", "x #\\u{23}[error]y"),
            ("##vso[task.x]", "#\\u{23}vso[task.x]"),
            ("###[error]", "##\\u{23}[error]"),
        ] {
            assert_eq!(printable(command), shown);
        }
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        assert_eq!(excerpt("üü", 2), "üü");
        assert_eq!(excerpt("ü\u{1}ü", 2), "ü\\u{1}… (cut; 5 bytes in all)");
        assert_eq!(excerpt("a\nb", 3), "a\\nb");
        assert_eq!(excerpt_of_lines("a\nb", 3), "a\nb");
    }

    #[test]
    fn json_shows_all_that_it_holds_and_reads_back_as_it_was() {
        let value = serde_json::json!({ HIDDEN: ["é\"\\\n", HIDDEN, 1.5, null, {}, []] });
        let written = clean_json(&value).expect("JSON");
        let text = String::from_utf8(written).expect("UTF-8");
        assert!(text.chars().all(is_harmless), "{text}");
        assert!(
            text.contains("\\u202e") && text.contains("\\udb40\\udc41"),
            "{text}"
        );
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, value);
        let plain = serde_json::json!({ "a": ["é", {}, [], [1]] });
        let usual = serde_json::to_vec_pretty(&plain).expect("JSON");
        assert_eq!(clean_json(&plain).expect("JSON"), usual);
        assert_eq!(clean_json_line(&plain).expect("JSON"), plain.to_string());
    }
}
