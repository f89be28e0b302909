//! SES-10: the challenges of a WWW-Authenticate header (RFC 9110 section
//! 11.6.1), read with all the freedom that the contract leaves: order and case
//! of parameter names, commas or spaces between them, quoting, further
//! challenges beside the one that counts.

use crate::contract::wire::AUTHENTICATION_SCHEME;
use crate::oracle::body::is_uri_like;

/// One challenge: a scheme and its parameters, names in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What is wrong with the headers of a 401; `None` where one challenge is as
/// documented.
pub fn problem<'a>(values: impl Iterator<Item = &'a [u8]>) -> Option<String> {
    let challenges: Vec<Challenge> = values
        .flat_map(|value| challenges(&String::from_utf8_lossy(value)))
        .collect();
    if challenges.is_empty() {
        return Some("no WWW-Authenticate header".to_owned());
    }
    let mut ours = challenges
        .iter()
        .filter(|challenge| challenge.scheme.eq_ignore_ascii_case(AUTHENTICATION_SCHEME))
        .map(challenge_problem)
        .peekable();
    if ours.peek().is_none() {
        let schemes: Vec<&str> = challenges
            .iter()
            .map(|challenge| challenge.scheme.as_str())
            .collect();
        return Some(format!(
            "WWW-Authenticate with the scheme `{}`",
            schemes.join("`, `")
        ));
    }
    // One good challenge suffices; otherwise the first says what is wrong.
    let problems: Vec<Option<String>> = ours.collect();
    if problems.contains(&None) {
        return None;
    }
    problems.into_iter().flatten().next()
}

fn challenge_problem(challenge: &Challenge) -> Option<String> {
    match challenge.parameter("realm") {
        Some(AUTHENTICATION_SCHEME) => {}
        Some(realm) => return Some(format!("WWW-Authenticate with the realm `{realm}`")),
        None => return Some("WWW-Authenticate without a realm".to_owned()),
    }
    match challenge.parameter("location") {
        Some("") => Some("WWW-Authenticate with an empty location".to_owned()),
        Some(location) if !is_uri_like(location) => {
            Some("WWW-Authenticate with a location that is no URL".to_owned())
        }
        Some(_) => None,
        None => Some("WWW-Authenticate without a location".to_owned()),
    }
}

fn challenges(header: &str) -> Vec<Challenge> {
    let mut all: Vec<Challenge> = Vec::new();
    let mut rest = header.trim_start_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let end = rest.find([' ', '\t', ',', '=', '"']).unwrap_or(rest.len());
        let word = &rest[..end];
        let behind = rest[end..].trim_start_matches([' ', '\t']);
        if let Some(value) = behind.strip_prefix('=') {
            let (value, behind) = parameter_value(value.trim_start_matches([' ', '\t']));
            if let Some(challenge) = all.last_mut() {
                challenge.parameters.push((word.to_lowercase(), value));
            }
            rest = behind;
        } else {
            if !word.is_empty() {
                all.push(Challenge {
                    scheme: word.to_owned(),
                    parameters: Vec::new(),
                });
            }
            // A stray quote belongs to nothing.
            rest = behind.trim_start_matches('"');
        }
        rest = rest.trim_start_matches([' ', '\t', ',']);
    }
    all
}

/// A token or a quoted string, and what follows it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Option<String> {
        problem(std::iter::once(header.as_bytes()))
    }

    #[test]
    fn every_free_spelling_is_legal() {
        for header in [
            r#"ICWS realm="ICWS" location="/ICWS/connection""#,
            r#"ICWS realm="ICWS", location="/ICWS/connection""#,
            r#"icws LOCATION="https://host:8019/icws/connection" , Realm=ICWS"#,
            "ICWS location=/icws/connection realm=ICWS",
            r#"Basic realm="x", ICWS realm = "ICWS" , location = "/c""#,
            r#"ICWS realm="ICWS" location="/c", Bearer"#,
            r#"Negotiate abc==, ICWS realm="ICWS" location="/c""#,
        ] {
            assert_eq!(of(header), None, "{header}");
        }
        let two = [
            &b"Basic realm=\"x\""[..],
            br#"ICWS realm="ICWS" location="/c""#,
        ];
        assert_eq!(problem(two.into_iter()), None);
    }

    #[test]
    fn each_breach_is_named() {
        for (header, expected) in [
            (
                r#"Basic realm="ICWS" location="/c""#,
                "WWW-Authenticate with the scheme `Basic`",
            ),
            (r#"ICWS location="/c""#, "WWW-Authenticate without a realm"),
            (
                r#"ICWS realm="other" location="/c""#,
                "WWW-Authenticate with the realm `other`",
            ),
            (
                r#"ICWS realm="ICWS""#,
                "WWW-Authenticate without a location",
            ),
            (
                r#"ICWS realm="ICWS" location="""#,
                "WWW-Authenticate with an empty location",
            ),
            ("", "no WWW-Authenticate header"),
        ] {
            assert_eq!(of(header).as_deref(), Some(expected), "{header}");
        }
        assert!(problem(std::iter::empty()).is_some());
    }

    #[test]
    fn nonsense_ends() {
        for header in [
            "\"",
            "=",
            "==,\"",
            "ICWS \"",
            "ICWS realm=\"",
            "a b c = \"\\",
        ] {
            assert!(of(header).is_some(), "{header}");
        }
    }
}
