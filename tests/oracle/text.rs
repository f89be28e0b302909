//! Is it JSON? The cases that JSON parsers are known to get wrong. What is not
//! JSON is told by REP-2; what is, but is no object, by REP-3: so each row
//! also tells the two apart.

use crate::row::{Row, added, rows};

/// What no JSON parser may take.
pub(crate) const NOT_JSON: &[Row] = rows! {
    // Nothing, or not the whole.
    "empty", b"" => must REP_2 [Malformed];
    "a space", b" " => must REP_2 [Malformed];
    "white space", b"\r\n\t " => must REP_2 [Malformed];
    "an open object", b"{" => must REP_2 [Malformed];
    "an open list", b"[" => must REP_2 [Malformed];
    "a name alone", br#"{"add""# => must REP_2 [Malformed];
    "a name and a colon", br#"{"add":"# => must REP_2 [Malformed];
    "a list in an object that is not closed", br#"{"add":[]"# => must REP_2 [Malformed];
    "a list that is not closed", br#"{"add":[}"# => must REP_2 [Malformed];
    "an open string", br#"{"remove":["a]}"# => must REP_2 [Malformed];
    "half a word", b"tru" => must REP_2 [Malformed];
    "100,000 open lists", &[b'['; 100_000] => must REP_2 [Malformed];

    // Too much.
    "a closing brace more", b"{}}" => must REP_2 [Malformed];
    "a closing bracket more", b"[]]" => must REP_2 [Malformed];
    "two objects", b"{}{}" => must REP_2 [Malformed];
    "two objects and a comma", b"{},{}" => must REP_2 [Malformed];
    "two lines of JSON", b"{}\n{}" => must REP_2 [Malformed];
    "text behind", b"{} x" => must REP_2 [Malformed];
    "a NUL behind", b"{}\0" => must REP_2 [Malformed];
    "a semicolon behind", b"{};" => must REP_2 [Malformed];
    "what guards against hijacking in front", b")]}',\n{}" => must REP_2 [Malformed];
    "a call around", b"callback({})" => must REP_2 [Malformed];

    // Structure.
    "a comma behind a member", br#"{"add":[],}"# => must REP_2 [Malformed];
    "a comma behind an element", br#"{"remove":["out",]}"# => must REP_2 [Malformed];
    "a comma before an element", br#"{"remove":[,"out"]}"# => must REP_2 [Malformed];
    "two commas", br#"{"remove":["out",,"in"]}"# => must REP_2 [Malformed];
    "only a comma in a list", b"[,]" => must REP_2 [Malformed];
    "only a comma in an object", b"{,}" => must REP_2 [Malformed];
    "no comma between elements", br#"{"remove":["out" "in"]}"# => must REP_2 [Malformed];
    "no comma between members", br#"{"add":[] "remove":[]}"# => must REP_2 [Malformed];
    "no colon", br#"{"add" []}"# => must REP_2 [Malformed];
    "two colons", br#"{"add"::[]}"# => must REP_2 [Malformed];
    "an equals sign for a colon", br#"{"add"=[]}"# => must REP_2 [Malformed];
    "a comma for a colon", br#"{"add",[]}"# => must REP_2 [Malformed];
    "a colon in a list", br#"["a":1]"# => must REP_2 [Malformed];
    "a value without a name", br#"{[]}"# => must REP_2 [Malformed];
    "a name without a value", br#"{"add":}"# => must REP_2 [Malformed];
    "brackets that cross", br#"{"add":[{]}}"# => must REP_2 [Malformed];
    "a list that ends as an object", b"[1}" => must REP_2 [Malformed];
    "an object that ends as a list", br#"{"a":1]"# => must REP_2 [Malformed];
    "a bare name", b"{add:[]}" => must REP_2 [Malformed];
    "a number for a name", b"{1:[]}" => must REP_2 [Malformed];
    "null for a name", b"{null:[]}" => must REP_2 [Malformed];
    "a name in single quotes", b"{'add':[]}" => must REP_2 [Malformed];
    "a string in single quotes", br#"{"remove":['out']}"# => must REP_2 [Malformed];
    "a block comment", br#"{"remove":[/* all */]}"# => must REP_2 [Malformed];
    "a line comment", b"{} // nothing" => must REP_2 [Malformed];
    "a comment as in shells", b"{} # nothing" => must REP_2 [Malformed];
    "XML", b"<update/>" => must REP_2 [Malformed];
    "a form", b"remove=out" => must REP_2 [Malformed];

    // White space that JSON does not have.
    "a form feed", b"{\x0c}" => must REP_2 [Malformed];
    "a vertical tab", b"{\x0b}" => must REP_2 [Malformed];
    "a no-break space", "{\u{a0}}".as_bytes() => must REP_2 [Malformed];
    "a line separator", "{\u{2028}}".as_bytes() => must REP_2 [Malformed];
    "a word joiner in front", "\u{2060}{}".as_bytes() => must REP_2 [Malformed];

    // Words.
    "True", b"[True]" => must REP_2 [Malformed];
    "NULL", b"[NULL]" => must REP_2 [Malformed];
    "nul", b"[nul]" => must REP_2 [Malformed];
    "truer", b"[truer]" => must REP_2 [Malformed];
    "undefined", b"[undefined]" => must REP_2 [Malformed];
    "NaN", b"[NaN]" => must REP_2 [Malformed];
    "-NaN", b"[-NaN]" => must REP_2 [Malformed];
    "Infinity", b"[Infinity]" => must REP_2 [Malformed];
    "-Infinity", b"[-Infinity]" => must REP_2 [Malformed];

    // Numbers.
    "a leading zero", b"[01]" => must REP_2 [Malformed];
    "a leading zero behind a minus", b"[-01]" => must REP_2 [Malformed];
    "two zeros", b"[00]" => must REP_2 [Malformed];
    "a plus sign", b"[+1]" => must REP_2 [Malformed];
    "a minus alone", b"[-]" => must REP_2 [Malformed];
    "two minuses", b"[--1]" => must REP_2 [Malformed];
    "a minus and a space", b"[- 1]" => must REP_2 [Malformed];
    "no digit before the point", b"[.5]" => must REP_2 [Malformed];
    "no digit between minus and point", b"[-.5]" => must REP_2 [Malformed];
    "no digit behind the point", b"[1.]" => must REP_2 [Malformed];
    "no digit between point and exponent", b"[1.e3]" => must REP_2 [Malformed];
    "no digit in the exponent", b"[1e]" => must REP_2 [Malformed];
    "no digit in the signed exponent", b"[1e+]" => must REP_2 [Malformed];
    "two exponents", b"[1e2e3]" => must REP_2 [Malformed];
    "two points", b"[1.2.3]" => must REP_2 [Malformed];
    "a fraction in the exponent", b"[1e0.5]" => must REP_2 [Malformed];
    "a decimal comma in an object", br#"{"a":1,5}"# => must REP_2 [Malformed];
    "hexadecimal", b"[0x1]" => must REP_2 [Malformed];
    "binary", b"[0b1]" => must REP_2 [Malformed];
    "a number with a suffix", b"[1L]" => must REP_2 [Malformed];
    "grouped digits", b"[1_000]" => must REP_2 [Malformed];
    "grouped digits as in French", b"[1 000]" => must REP_2 [Malformed];
    "digits of another script", "[\u{ff11}]".as_bytes() => must REP_2 [Malformed];

    // Strings.
    "a raw line break", b"[\"a\nb\"]" => must REP_2 [Malformed];
    "a raw tab", b"[\"a\tb\"]" => must REP_2 [Malformed];
    "a raw NUL", b"[\"a\0b\"]" => must REP_2 [Malformed];
    "a raw escape character", b"[\"a\x1bb\"]" => must REP_2 [Malformed];
    "an escape that is none", br#"["\a"]"# => must REP_2 [Malformed];
    "a hexadecimal escape", br#"["\x41"]"# => must REP_2 [Malformed];
    "an octal escape", br#"["\101"]"# => must REP_2 [Malformed];
    "an escaped single quote", br#"["\'"]"# => must REP_2 [Malformed];
    "an escape in upper case", br#"["\U0041"]"# => must REP_2 [Malformed];
    "an escape of three digits", br#"["\u041"]"# => must REP_2 [Malformed];
    "an escape in braces", br#"["\u{41}"]"# => must REP_2 [Malformed];
    "an escape without hexadecimal digits", br#"["\u00zz"]"# => must REP_2 [Malformed];
    "an escape with a sign", br#"["\u+041"]"# => must REP_2 [Malformed];
    "half a surrogate pair and a broken escape", br#"["\ud834\u12"]"# => must REP_2 [Malformed];
    "an escaped line break", b"[\"a\\\nb\"]" => must REP_2 [Malformed];
    "an escaped NUL byte", b"[\"\\\0\"]" => must REP_2 [Malformed];
    "a backslash at the end", br#"["\"]"# => must REP_2 [Malformed];
    "an escape outside a string", br#"[\u0061]"# => must REP_2 [Malformed];
    "typographic quotes", "[\u{201c}a\u{201d}]".as_bytes() => must REP_2 [Malformed];
    "a string in backticks", b"[`a`]" => must REP_2 [Malformed];

    // Encodings.
    "a byte that is never UTF-8", b"[\"\xff\"]" => must REP_2 [Malformed];
    "a stray continuation", b"[\"\x81\"]" => must REP_2 [Malformed];
    "an incomplete character", b"[\"\xe0\xff\"]" => must REP_2 [Malformed];
    "a character cut by the quote", b"[\"\xc3\"]" => must REP_2 [Malformed];
    "an overlong slash", b"[\"\xc0\xaf\"]" => must REP_2 [Malformed];
    "an overlong NUL", b"[\"\xe0\x80\x80\"]" => must REP_2 [Malformed];
    "a surrogate in UTF-8", b"[\"\xed\xa0\x80\"]" => must REP_2 [Malformed];
    "a surrogate pair in UTF-8", b"[\"\xed\xa0\xb4\xed\xb4\x9e\"]" => must REP_2 [Malformed];
    "beyond the last character", b"[\"\xf4\x90\x80\x80\"]" => must REP_2 [Malformed];
    "five bytes for a character", b"[\"\xfb\xbf\xbf\xbf\xbf\"]" => must REP_2 [Malformed];
    "Latin-1", b"{\"remove\":[\"\xe9\"]}" => must REP_2 [Malformed];
    "invalid UTF-8 outside a string", b"{}\xff" => must REP_2 [Malformed];
    "UTF-16 with its mark, lower byte first", b"\xff\xfe{\0}\0" => must REP_2 [Malformed];
    "UTF-16 with its mark, upper byte first", b"\xfe\xff\0{\0}" => must REP_2 [Malformed];
    "UTF-16 without a mark", b"\0{\0}" => must REP_2 [Malformed];
    "a byte order mark alone", b"\xef\xbb\xbf" => must REP_2 [Malformed];
    "half a byte order mark", b"\xef\xbb{}" => must REP_2 [Malformed];
    "two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf{}" => must REP_2 [Malformed];
    "a byte order mark inside", b"{\xef\xbb\xbf}" => must REP_2 [Malformed];
    "a byte order mark behind", b"{}\xef\xbb\xbf" => must REP_2 [Malformed];
};

/// What every JSON parser takes, but what is no object.
pub(crate) const JSON: &[Row] = rows! {
    // One value.
    "null", b"null" => must REP_3 [Malformed];
    "true", b"true" => must REP_3 [Malformed];
    "false", b" false " => must REP_3 [Malformed];
    "a number", b"42" => must REP_3 [Malformed];
    "a string", br#""add""# => must REP_3 [Malformed];
    "an empty string", br#""""# => must REP_3 [Malformed];
    "an empty list", b"[]" => must REP_3 [Malformed];
    "a list of the right object", br#"[{"add":[]}]"# => must REP_3 [Malformed];
    "an update as a string", br#""{\"add\":[]}""# => must REP_3 [Malformed];
    "500 lists in each other", &LISTS => must REP_3 [Malformed];

    // Numbers.
    "minus zero", b"[-0]" => must REP_3 [Malformed];
    "zero with an exponent", b"[0e1]" => must REP_3 [Malformed];
    "zeros in the exponent", b"[1e00]" => must REP_3 [Malformed];
    "an exponent in upper case", b"[1E+22]" => must REP_3 [Malformed];
    "a fraction and an exponent", b"[123.456e-78]" => must REP_3 [Malformed];
    "close to zero", b"[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]"
        => must REP_3 [Malformed];
    "far too large", b"[1e9999]" => must REP_3 [Malformed];
    "far too small", b"[123e-10000000]" => must REP_3 [Malformed];
    "an exponent beyond any integer", b"[0.4e00669999999999999999999999999999999999999999999999999999999999999999]"
        => must REP_3 [Malformed];
    "more digits than any integer", b"[100000000000000000000000000000000]" => must REP_3 [Malformed];

    // Strings.
    "every short escape", br#"["\"\\\/\b\f\n\r\t"]"# => must REP_3 [Malformed];
    "an escape with digits of both cases", br#"["\u00eF"]"# => must REP_3 [Malformed];
    "an escaped NUL", br#"["\u0000"]"# => must REP_3 [Malformed];
    "a surrogate pair", br#"["\uD834\uDd1e"]"# => must REP_3 [Malformed];
    "two surrogate pairs", br#"["\ud83d\ude39\ud83d\udc8d"]"# => must REP_3 [Malformed];
    "an escaped noncharacter", br#"["\uFFFE\uD83F\uDFFE"]"# => must REP_3 [Malformed];
    "a backslash before a u", br#"["\\u12"]"# => must REP_3 [Malformed];
    "a raw DEL", b"[\"\x7f\"]" => must REP_3 [Malformed];
    "raw line separators", "[\"\u{2028}\u{2029}\"]".as_bytes() => must REP_3 [Malformed];
    "a raw byte order mark in a string", "[\"\u{feff}\"]".as_bytes() => must REP_3 [Malformed];
    "a raw noncharacter", "[\"\u{10ffff}\"]".as_bytes() => must REP_3 [Malformed];
    "a comment in a string", br#"["a/*b*/c/*d//e"]"# => must REP_3 [Malformed];

    // What is open beside it.
    "a lone high surrogate", br#"["\uDADA"]"# => must REP_3 [BadRequest Malformed];
    "a byte order mark and a list", b"\xef\xbb\xbf[]" => must REP_3 [Malformed];
};

/// 500 lists in each other.
const LISTS: [u8; 1000] = {
    let mut text = [b'['; 1000];
    let mut at = 500;
    while at < 1000 {
        text[at] = b']';
        at += 1;
    }
    text
};

/// Updates that test a parser.
pub(crate) const UPDATES: &[Row] = rows! {
    "white space wherever it may stand", b"\t{\r\n \"remove\" :\t[ \"out\"\n, \"in\" ] \r}\n" => accept REP_1 [Accepted];
    "an escaped name", br#"{"\u0072emove":["out"]}"# => accept REP_1 [Accepted];
    "an escaped id", br#"{"remove":["\u006f\u0075t"]}"# => accept REP_1 [Accepted];
    "escapes and other scripts in a displayName",
        "{\"add\":[{\"emailAddress\":\"a@t.test\",\"mailboxMoniker\":\"EX:one\",\"mailboxType\":1,\"configurationId\":{\"id\":\"new\",\"displayName\":\"\u{e9}e\u{301}\u{1f4e8}\u{feff}\u{2028}\\ud83d\\ude00\\n\\t\\\\\\/\\u00e9\\uffff\"}}]}".as_bytes()
        => accept REP_1 [Accepted];
    "a quote and a brace in an id", br#"{"add":[{"configurationId":{"id":"\"}]}"},"emailAddress":"a@t.test","mailboxMoniker":"EX:one","mailboxType":1}]}"#
        => accept REP_1 [Accepted];
    "numbers that no integer holds", br#"{"remove":["out"],"more":[1e9999,-1e-9999,123456789012345678901234567890]}"#
        => open REP_12 [Accepted BadRequest];
    "an empty name", br#"{"":1}"# => open REP_12 [Accepted BadRequest];
    "a lone high surrogate in a displayName", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":"\ud800"}"#)
        => open REP_2 [Accepted BadRequest];
    "a lone low surrogate in a displayName", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":"\udc00\ud800x"}"#)
        => open REP_2 [Accepted BadRequest];
    "surrogates the wrong way round", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":"\uDd1e\uD834"}"#)
        => open REP_2 [Accepted BadRequest];
    "two high surrogates and a low one", added!(r#""mailboxType":1,"configurationId":{"id":"new","displayName":"\ud800\ud83d\ude00"}"#)
        => open REP_2 [Accepted BadRequest];
    "a lone surrogate in a name", br#"{"\udfaa":0}"# => open REP_2 [Accepted BadRequest];
    "a byte order mark in front", b"\xef\xbb\xbf{\"remove\":[\"out\"]}" => open REP_2 [Accepted Malformed];
    "a byte order mark before white space", b"\xef\xbb\xbf \n{}" => open REP_2 [Accepted Malformed];
    "a byte order mark behind white space", b" \xef\xbb\xbf{}" => must REP_2 [Malformed];
};
