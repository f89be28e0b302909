//! Strings worth sending: plain ones mostly, and those at the edges.

use proptest::prelude::*;
use proptest::sample::select;

use crate::contract::representation::TEXT_BYTES_DOCUMENTED;

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

/// Texts that some step on the way takes for something else, and rewrites.
const REWRITTEN: &[&str] = &[
    "/Date(0)/",
    "1.50",
    "1e3",
    "1,000.00",
    "0x1F",
    "007",
    "50%",
    "2024-01-31",
    "12:30",
    "yes",
    "%PATH% %TEMP%",
    "$HOME ~",
    "<script>alert(1)</script>",
    "<a href=x>y</a>",
    "a&amp;b&#65;&lt;",
    "mailto:desk@acme.test",
    "http://acme.test/?a=b&c=d#e",
    r"\u0041 \x41 \101 as text",
    r"\n \r \t \\ as text",
    r"C:\temp\new",
    "//server/share",
    "ends in a stop.",
    "ends in a line break\n",
    "\nbegins with a line break",
    "vertical\u{b}tab, form\u{c}feed, back\u{8}space",
    "'in quotes'",
    "\"in quotes\"",
    "`in quotes`",
    "\u{201c}typographic\u{201d} \u{2018}quotes\u{2019} \u{2013} dashes \u{2014} and \u{2026}",
    "(a comment)",
    "[a](b)",
    "{\"a\":1}",
    "=1+1",
    "=?utf-8?q?caf=C3=A9?=",
    "user@caf\u{e9}.test",
    "user@xn--caf-dma.test",
    "UPPER@ACME.TEST",
    "two  spaces",
    "\u{3000}ideographic\u{3000}",
    "\u{1112}\u{1161}\u{11ab}",
    "a\u{316}\u{301} and a\u{301}\u{316}",
    "stra\u{df}e",
    "\u{17f}\u{212a}",
    "I\u{307}",
    "\u{20ac} and \u{2122}",
    "\u{2764}\u{fe0f}",
    "$$ $1 $& $` $' ${1} \\1 \\g<0>",
    "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} [[7*7]] @(7*7)",
    "%(name)s %1 %@ {name!r} {:>8}",
    "$(id) `id` ; | & > < ~ !!",
    "-2+3+cmd",
    "@SUM(1)",
    "a,b;c\td",
    "/* x */ -- y # z",
    "Infinity",
    "-0",
    "1e999",
    "2024-02-30T25:61:00+14:00",
    "2024-01-31T12:00:00.123456789+05:30",
    "&nbsp;&copy;&#x41;&notanentity;",
    "\u{202e}reversed\u{202c} and \u{2066}isolated\u{2069}",
    "\u{feff}\u{180e}\u{2060}in front",
    "i\u{307} \u{131} I \u{130}",
    "\u{e000}\u{f8ff}\u{100000}",
    "(uid=*)(|(cn=*",
    "' or '1'='1",
    "\\u0000 \\x00 \\0 as text",
    "~/.x ./x ../x",
    "con.txt nul aux",
    "\"\"doubled\"\" ''doubled''",
];

/// Lengths just below, at and above those at which columns and buffers end.
const LENGTHS: &[usize] = &[
    15, 16, 17, 31, 32, 33, 39, 40, 41, 49, 50, 51, 79, 80, 81, 99, 100, 101, 119, 120, 127, 128,
    129, 130, 140, 150, 160, 199, 201, 254, 300, 319, 320, 321, 400, 499, 500, 501, 511, 512, 513,
    767, 768, 1000, 1001, 1023, 1024, 1025, 1999, 2000, 2001, 2047, 2048, 2049, 3999, 4000, 4001,
    4095, 4097,
];

/// Scalar values that belong together, as ranges: a server may have a reason to
/// refuse some of them, and not the others.
const RANGES: &[&[(u32, u32)]] = &[
    &[(0x00a0, 0x0600)],
    &[(0x0600, 0x1100)],
    &[(0x1100, 0x2000)],
    &[(0x2000, 0x2e80)],
    &[(0x2e80, 0x3400), (0xa490, 0xac40), (0xd7a0, 0xd800)],
    &[(0xf900, 0xfdd0), (0xfdf0, 0xfffe)],
    &[(0x1_d400, 0x1_d800), (0x2_f800, 0x2_fa20)],
    &[(0x1_f000, 0x1_fb00)],
    &[(0x0001, 0x0020), (0x007f, 0x00a0)],
    &[
        (0xe000, 0xe040),
        (0xf8c0, 0xf900),
        (0xf_0000, 0xf_0040),
        (0x10_ffc0, 0x10_fffe),
    ],
    &[
        (0xfdd0, 0xfdf0),
        (0xfffe, 0x1_0000),
        (0x1_fffe, 0x2_0000),
        (0xf_fffe, 0x10_0000),
        (0x10_fffe, 0x11_0000),
    ],
    &[(0xe_0000, 0xe_0080), (0xe_0100, 0xe_01f0)],
];

/// How many characters of a range stand in one text: fewer than an address may
/// have.
const TOGETHER: usize = 60;

/// Texts by the hundred, in groups that are worth sending together: what looks
/// like something else, what is of a length, and the characters of Unicode, range
/// by range. No two of a group are the same, and none is empty.
pub fn groups() -> Vec<Vec<String>> {
    let rewritten = REWRITTEN.iter().map(|text| (*text).to_owned());
    // Beyond that a refusal is open: it must not hide what the others do.
    let (short, long) =
        LENGTHS.split_at(LENGTHS.partition_point(|length| *length <= TEXT_BYTES_DOCUMENTED));
    let of_lengths = |lengths: &[usize]| lengths.iter().map(|length| "y".repeat(*length)).collect();
    let ranges = RANGES.iter().map(|ranges| {
        let characters = ranges.iter().flat_map(|(from, to)| *from..*to);
        let characters: Vec<char> = characters.filter_map(char::from_u32).collect();
        let together = characters.chunks(TOGETHER);
        // What stands at an end may be trimmed: that is an edge of its own.
        let texts = together.map(|part| format!("x{}x", String::from_iter(part)));
        texts.collect()
    });
    [rewritten.collect(), of_lengths(short), of_lengths(long)]
        .into_iter()
        .chain(ranges)
        .collect()
}

/// Lengths at which text is cut or fails: a little beyond what columns and
/// buffers hold.
pub const GREAT_LENGTHS: [usize; 4] = [12_000, 40_000, 70_000, 140_000];

/// A display name: mostly plain, else one of the edges.
pub fn display_name() -> impl Strategy<Value = String> {
    let edges: Vec<String> = edges().into_iter().map(|(_, text)| text).collect();
    prop_oneof![3 => Just("Support".to_owned()), 2 => select(edges)]
}
