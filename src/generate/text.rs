//! Strings worth sending: plain ones mostly, and those at the edges.

use proptest::prelude::*;
use proptest::sample::select;

/// Strings of one feature each, by name. None of them is empty.
pub fn edges() -> Vec<(&'static str, String)> {
    let mut edges: Vec<(&'static str, String)> = vec![
        ("one character", "x".into()),
        ("mixed case", "MiXed Case".into()),
        ("leading and trailing space", "  padded  ".into()),
        ("a combining mark", "Cafe\u{301}".into()),
        ("a composed letter", "Caf\u{e9}".into()),
        (
            "right-to-left text",
            "\u{05e9}\u{05dc}\u{05d5}\u{05dd}".into(),
        ),
        ("astral characters", "\u{1f4e8}\u{1f600}".into()),
        (
            "what JSON must escape",
            "quote \" backslash \\ tab \t end".into(),
        ),
        ("markup", "<b>&amp;</b>".into()),
        ("a line break", "two\nlines".into()),
        ("a byte order mark inside", "a\u{feff}b".into()),
        ("a line break as Windows writes it", "two\r\nlines".into()),
        ("a NUL inside", "nul\u{0}inside".into()),
        ("looks like a number", "0042".into()),
        ("looks like null", "null".into()),
    ];
    for length in [63, 64, 65, 200, 255, 256, 257, 4096] {
        edges.push(("a length", "x".repeat(length)));
    }
    edges
}

/// A display name: mostly plain, else one of the edges.
pub fn display_name() -> impl Strategy<Value = String> {
    let edges: Vec<String> = edges().into_iter().map(|(_, text)| text).collect();
    prop_oneof![3 => Just("Support".to_owned()), 2 => select(edges)]
}
