//! Strings worth sending: plain ones mostly, and those at the edges.

use proptest::prelude::*;
use proptest::sample::select;

/// Strings of one feature each, by name. None of them is empty.
pub fn edges() -> Vec<(&'static str, String)> {
    let mut edges: Vec<(&'static str, String)> = vec![
        ("one character", "x".into()),
        (
            "letters that are composed of one",
            "\u{212b}\u{f900}\u{fb01}\u{2460}".into(),
        ),
        ("a byte order mark in front", "\u{feff}marked".into()),
        ("two backslashes in a row", "a\\\\b".into()),
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
        ("looks like a signed number", "+1e3".into()),
        ("looks like null", "null".into()),
        ("looks like a boolean", "true".into()),
        ("looks like no number", "NaN".into()),
        ("looks like nothing", "undefined".into()),
        ("looks like a date", "2024-01-31T00:00:00Z".into()),
        ("a single quote", "O'Brien".into()),
        ("what SQL must escape", "'; DROP TABLE x; -- _%".into()),
        ("percent escapes", "100%41%2Fx".into()),
        ("format directives", "%s %n %1$d".into()),
        ("placeholders", "{0} ${x} #{y} {{z}}".into()),
        ("wildcards", "a*b?c".into()),
        ("dots and slashes", "../a/./b\\c".into()),
        ("an address with a name", "Desk <desk@acme.test>".into()),
        ("noncharacters", "a\u{fffe}\u{ffff}\u{fdd0}b".into()),
        ("a no-break space", "a\u{a0}b".into()),
        (
            "characters without width",
            "a\u{200b}\u{200d}\u{ad}b".into(),
        ),
        (
            "characters without width at both ends",
            "\u{200b}ends\u{200b}".into(),
        ),
        ("line separators", "a\u{2028}b\u{2029}c\u{85}d".into()),
        (
            "letters whose case is special",
            "\u{130}\u{131}\u{1e9e}\u{df}\u{3c2}".into(),
        ),
    ];
    for length in [63, 64, 65, 200, 255, 256, 257, 4096] {
        edges.push(("a length", "x".repeat(length)));
    }
    edges
}

/// Lengths at which text is cut or fails: a little beyond what columns and
/// buffers hold.
pub const GREAT_LENGTHS: [usize; 3] = [12_000, 40_000, 70_000];

/// A display name: mostly plain, else one of the edges.
pub fn display_name() -> impl Strategy<Value = String> {
    let edges: Vec<String> = edges().into_iter().map(|(_, text)| text).collect();
    prop_oneof![3 => Just("Support".to_owned()), 2 => select(edges)]
}
