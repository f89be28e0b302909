use std::time::{Duration, Instant};

use super::*;

fn secrets(known: &[(&str, &str)]) -> Secrets {
    let secrets = Secrets::new();
    for (value, placeholder) in known {
        secrets.learn(&Secret::new(*value, *placeholder));
    }
    secrets
}

#[test]
fn a_secret_prints_its_placeholder_only() {
    let secret = Secret::new("hunter22", "<password of admin>");
    assert_eq!(
        format!("{secret} {secret:?} {:?}", secret.preceded_by("p=")),
        "<password of admin> <password of admin> p=<password of admin>"
    );
    assert_eq!(secret.preceded_by("p=").expose(), "p=hunter22");
    assert_eq!(secret, Secret::new("hunter22", "<other>"));
}

/// Every character by a code of its own.
fn each(value: &str, code: impl Fn(u32) -> String) -> String {
    value.chars().map(|c| code(u32::from(c))).collect()
}

fn hexadecimal(value: &str) -> String {
    value.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |number, place| {
            number << 8 | u32::from(group.get(place).copied().unwrap_or_default())
        });
        for place in 0..=group.len() {
            text.push(char::from(
                alphabet[(number >> (18 - 6 * place)) as usize & 63],
            ));
        }
    }
    text
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const OF_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn every_spelling_of_a_value_is_hidden() {
    let value = "a+b/\"ü\"=\u{1}zQ?>~~?";
    let secrets = secrets(&[(value, "<it>")]);
    let of_a_login = format!("admin:{value}");
    let percent = |upper: bool| {
        value.bytes().fold(String::new(), |text, byte| {
            if upper {
                format!("{text}%{byte:02X}")
            } else {
                format!("{text}%{byte:02x}")
            }
        })
    };
    for shown in [
        value.to_owned(),
        value.to_ascii_uppercase(),
        serde_json::json!({ "t": value }).to_string(),
        serde_json::json!({ "t": serde_json::json!({ "t": value }).to_string() }).to_string(),
        r#"a+b\/\"ü\"=\u0001zQ?>~~?"#.to_owned(),
        r#"a\u002Bb/\"ü\"=\u0001zQ?\u003e~~?"#.to_owned(),
        each(value, |code| format!("\\u{code:04x}")),
        each(value, |code| format!("\\u{code:04X}")),
        "/icws/a%2Bb%2F%22%C3%BC%22%3D%01zQ%3F%3E~~%3F/x".to_owned(),
        "/icws/a%2bb%2f%22%c3%bc%22%3d%01zQ%3f%3e~~%3f/x".to_owned(),
        percent(true),
        percent(false),
        "a+b/&quot;ü&quot;=\u{1}zQ?&gt;~~?".to_owned(),
        "a&#43;b/&#34;&#252;&#34;=\u{1}zQ?&gt;~~?".to_owned(),
        each(value, |code| format!("&#{code};")),
        each(value, |code| format!("&#x{code:x};")),
        each(value, |code| format!("&#X{code:04X};")),
        hexadecimal(value),
        hexadecimal(value).to_ascii_uppercase(),
        base64(value.as_bytes(), STANDARD),
        base64(value.as_bytes(), OF_URLS) + "==",
        format!("Basic {}=", base64(of_a_login.as_bytes(), STANDARD)),
        base64(of_a_login.as_bytes(), STANDARD).replace('/', "%2F"),
    ] {
        let cleaned = secrets.redact(&format!("é {shown} é"));
        assert!(cleaned.as_ref().contains("<it>"), "{shown}: {cleaned}");
        let rest = cleaned.as_ref().replace("/icws/", "").replace("Basic", "");
        let rest = rest.replace("<it>", "").replace("\"t\"", "");
        // Of Base64 and what surrounds a value, a few characters may be left.
        assert!(!rest.contains('b') && rest.len() < 24, "{shown}: {cleaned}");
    }
}

#[test]
fn the_longest_value_wins_and_overlaps_leave_nothing() {
    let secrets = secrets(&[
        ("token-of", "<truncated>"),
        ("token-of-admin", "<token>"),
        ("admin+cookie", "<cookie>"),
        ("TOKEN-of-admin", "<in another case>"),
    ]);
    let cleaned = |text| secrets.redact(text).to_string();
    assert_eq!(cleaned("token-of token-of-admin"), "<truncated> <token>");
    assert_eq!(cleaned("x token-of-admin+cookie y"), "x <token> y");
    assert_eq!(cleaned("token-oftoken-of"), "<truncated><truncated>");
    assert_eq!(cleaned("TOKEN-of-admin"), "<in another case>");
    assert_eq!(cleaned("Token-of-admin"), "<token>");
}

#[test]
fn short_values_are_hidden_as_words_and_tiny_ones_not_at_all() {
    let secrets = secrets(&[
        ("ab", "<tiny>"),
        ("error", "<token>"),
        ("4711", "{sessionId}"),
    ]);
    assert_eq!(
        secrets
            .redact("ab errors Error error error.x /icws/4711/y 14711")
            .as_ref(),
        "ab errors Error <token> <token>.x /icws/{sessionId}/y 14711"
    );
}

#[test]
fn the_first_placeholder_stays_but_a_name_is_better_than_none() {
    let secrets = secrets(&[("hunter22", "<first>"), ("hunter22", "<second>")]);
    assert_eq!(secrets.redact("hunter22").as_ref(), "<first>");
    let answer = Answer {
        status: 200,
        headers: vec![("Set-Cookie".to_owned(), b"icws_7=guid-0001".to_vec())],
        body: "{\"csrfToken\":\"hunter22\"}".into(),
    };
    secrets.learn_from(&answer);
    let shown = |text| secrets.redact(text).to_string();
    assert_eq!(shown("hunter22 guid-0001"), "<first> <cookie of a session>");
    secrets.learn(&Secret::new(
        "guid-0001",
        "<cookie of the privileged session>",
    ));
    assert_eq!(shown("guid-0001"), "<cookie of the privileged session>");
}

#[test]
fn long_values_are_hidden_whole_and_in_part() {
    let token: String = (0..40).map(|number| format!("part{number:04}")).collect();
    let damaged = token.replacen("part0020", "park0020", 1);
    let secrets = secrets(&[(&token, "<token>"), (&damaged, "<damaged>")]);
    let shown = |text: &str| secrets.redact_whole(text).to_string();
    assert_eq!(shown(&format!("x {token} y")), "x <token> y");
    assert_eq!(shown(&format!("x {damaged} y")), "x <damaged> y");
    assert_eq!(shown(&format!("{token}{token}")), "<token>");
    let upper = token.to_ascii_uppercase();
    assert_eq!(shown(&format!("x{upper}y")), "x<token>y");
    let part = shown(&token[..200]);
    assert!(part.starts_with("<token>") && part.len() < 7 + 64, "{part}");
}

#[test]
fn nothing_of_a_secret_stays_where_a_text_is_cut() {
    let value = "s3cr3t-T0ken/with+more=";
    let secrets = secrets(&[(value, "<token>")]);
    let spelt = [
        value.to_owned(),
        each(value, |code| format!("\\u{code:04x}")),
        each(value, |code| format!("&#x{code:04x};")),
        hexadecimal(value),
    ];
    for spelt in spelt {
        for limit in [
            excerpt::QUOTE_BYTES,
            excerpt::SENTENCE_BYTES,
            excerpt::KEPT_BYTES,
        ] {
            for before in limit - spelt.len() - 2..limit + 2 {
                for long in ["", &"z".repeat(3000)] {
                    let text = format!("{}{spelt}{long}", ".".repeat(before));
                    let text = kept(text);
                    for shown in [secrets.quote(&text), secrets.redact(&text)] {
                        let shown = shown.as_ref().replace("<token>", "");
                        let start = shown.split("… (").next().unwrap_or_default();
                        let left = start.trim_start_matches('.').trim_end_matches('z');
                        assert_eq!(left, "", "{before} of {limit}: {shown}");
                    }
                }
            }
        }
    }
    let long = format!("{value} {}", "ü".repeat(3000));
    let shown = secrets.quote(&long).to_string();
    assert!(shown.starts_with("<token> üüü"), "{shown}");
    assert!(shown.contains("… (6024 bytes in all, digest "), "{shown}");
    assert_eq!(
        secrets
            .quote(&kept(long.repeat(2)))
            .as_ref()
            .matches("in all")
            .count(),
        1
    );
}

#[test]
fn the_time_depends_on_the_length_of_the_text_alone() {
    let token = "a".repeat(30_000);
    let secrets = secrets(&[(&token, "<token>"), (&token[1..], "<beheaded>")]);
    for length in 8..200 {
        secrets.learn(&Secret::new("a".repeat(length), "<other>"));
    }
    let begun = Instant::now();
    let shown = secrets.redact_whole(&"a".repeat(900_000));
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        !shown.as_ref().contains('a') || shown.as_ref().len() < 100,
        "{shown:.200}"
    );
}

#[test]
fn a_target_that_sets_too_many_secrets_has_all_that_could_be_one_hidden() {
    let secrets = secrets(&[("hunter22", "<password>")]);
    for number in 0..500 {
        let parts = (0..1200).map(|part| format!("{:08}", number * 10_000 + part));
        let token: String = parts.collect();
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body: format!("{{\"csrfToken\":\"{token}\"}}").into(),
        };
        secrets.learn_from(&answer);
    }
    secrets.learn(&Secret::new("s3cr3t-cookie", "<cookie>"));
    assert_eq!(secrets.redact("s3cr3t-cookie").as_ref(), "<cookie>");
    let text = "a plain sentence, hunter22, error.request.invalidRepresentation.malformed, c2VjcmV0LXNlY3JldA0x";
    let shown = secrets.redact(text);
    assert_eq!(
        shown.as_ref(),
        "a plain sentence, <password>, error.request.invalidRepresentation.malformed, <withheld>"
    );
}

#[test]
fn clones_share_what_is_learnt() {
    let secrets = Secrets::new();
    let other = secrets.clone();
    other.learn(&Secret::new("hunter22", "<password>"));
    assert_eq!(secrets.redact("hunter22").as_ref(), "<password>");
    assert!(secrets.are_in("x hunter22") && !secrets.are_in("x hunter2"));
    assert_eq!(format!("{secrets:?}"), "Secrets");
}
