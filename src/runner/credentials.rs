//! A session state made real: which id, tokens and cookies a request carries.

use crate::client::{Header, Secret, Secrets, Session};
use crate::contract::wire;
use crate::generate::session::{Cookie, PathId, SessionState, Token};
use crate::oracle::KnownSession;
use crate::oracle::known::SessionLife;

/// A session that the case plays with.
#[derive(Clone, Debug)]
pub struct Played {
    /// The session.
    pub session: Session,
    /// Whether it can still be used.
    pub life: SessionLife,
    /// Whether its user may modify.
    pub may_modify: bool,
}

impl Played {
    /// As the oracle knows it.
    pub fn known(&self) -> KnownSession<'_> {
        KnownSession {
            id: &self.session.id,
            token: self.session.token.expose(),
            cookie: self.session.cookie.expose(),
            life: self.life,
            may_modify: self.may_modify,
        }
    }
}

/// The sessions behind one request.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The one that asks.
    pub own: Played,
    /// Another live one, where the state needs it.
    pub another: Option<Played>,
    /// One that was ended, where the state needs it.
    pub ended: Option<Played>,
}

impl Cast {
    /// Every session of the cast.
    pub fn all(&self) -> impl Iterator<Item = &Played> {
        std::iter::once(&self.own)
            .chain(&self.another)
            .chain(&self.ended)
    }
}

/// What a request carries.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The session id for the path.
    pub session_id: String,
    /// The value of each CSRF header.
    pub tokens: Vec<Secret>,
    /// Each cookie, by name.
    pub cookies: Vec<(String, Secret)>,
}

impl Carried {
    /// The headers, in the documented spelling.
    pub fn headers(&self, secrets: &Secrets) -> Vec<Header> {
        let mut headers: Vec<Header> = self
            .tokens
            .iter()
            .map(|token| Header::secret(wire::CSRF_TOKEN_HEADER, token.clone()))
            .collect();
        if !self.cookies.is_empty() {
            let value: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={}", value.expose()))
                .collect();
            let shown: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={}", value.placeholder()))
                .collect();
            let (value, shown) = (value.join("; "), shown.join("; "));
            let cookie = Secret::new(value.clone(), shown.clone());
            // What holds no secret would only hide what else is redacted.
            if value != shown {
                secrets.learn(&cookie);
            }
            headers.push(Header::secret("Cookie", cookie));
        }
        headers
    }
}

/// Plays a state. `None` where the state cannot be played with these sessions,
/// such as another case of a token without letters.
pub fn carry(state: &SessionState, cast: &Cast, secrets: &Secrets) -> Option<Carried> {
    let own = &cast.own.session;
    let another = cast.another.as_ref().map(|played| &played.session);
    let ended = cast.ended.as_ref().map(|played| &played.session);
    let derived = |value: String, placeholder: &'static str| {
        let secret = Secret::new(value, placeholder);
        secrets.learn(&secret);
        secret
    };
    let token = own.token.expose();
    let tokens = match state.token {
        Token::Own => vec![own.token.clone()],
        Token::Absent => Vec::new(),
        Token::Empty => vec![plain("")],
        Token::Garbage => vec![plain("garbage")],
        Token::Truncated => vec![derived(cut(token)?, "<its token, cut short>")],
        Token::Extended => vec![derived(
            format!("{token}x"),
            "<its token, and one character more>",
        )],
        Token::MiddleChanged => vec![derived(
            middle_changed(token)?,
            "<its token, one character changed>",
        )],
        Token::OtherCase => vec![derived(
            other_case(token)?,
            "<its token, one letter in another case>",
        )],
        Token::OfAnother => vec![another?.token.clone()],
        Token::OfEnded => vec![ended?.token.clone()],
        Token::Twice => vec![own.token.clone(), own.token.clone()],
    };
    let value = own.cookie.expose();
    let named = |value: Secret| vec![(own.cookie_name.clone(), value)];
    let cookies = match state.cookie {
        Cookie::Own => named(own.cookie.clone()),
        Cookie::Absent => Vec::new(),
        Cookie::Empty => named(plain("")),
        Cookie::Garbage => named(plain("garbage")),
        Cookie::Truncated => named(derived(cut(value)?, "<its cookie, cut short>")),
        Cookie::MiddleChanged => named(derived(
            middle_changed(value)?,
            "<its cookie, one character changed>",
        )),
        Cookie::OtherCase => named(derived(
            other_case(value)?,
            "<its cookie, one letter in another case>",
        )),
        Cookie::OfAnother => named(another?.cookie.clone()),
        Cookie::OfEnded => named(ended?.cookie.clone()),
        Cookie::OtherNames => vec![
            ("lang".to_owned(), plain("en")),
            ("theme".to_owned(), plain("dark")),
        ],
        Cookie::AmongOthers => vec![
            ("lang".to_owned(), plain("en")),
            ("icws_other".to_owned(), plain("1f0c")),
            (own.cookie_name.clone(), own.cookie.clone()),
            ("theme".to_owned(), plain("dark")),
        ],
        Cookie::Twice => [named(own.cookie.clone()), named(own.cookie.clone())].concat(),
    };
    let issued: Vec<&str> = cast
        .all()
        .map(|played| played.session.id.as_str())
        .collect();
    let session_id = match state.path {
        PathId::Own => own.id.clone(),
        PathId::Unknown => unknown_id(&own.id, &issued),
        PathId::Malformed => "not-a-session".to_owned(),
        PathId::ZeroInFront => format!("0{}", own.id),
        PathId::Extended => format!("{}x", own.id),
        PathId::OfAnother => another?.id.clone(),
    };
    Some(Carried {
        session_id,
        tokens,
        cookies,
    })
}

/// A value that is no secret of the target's.
fn plain(value: &'static str) -> Secret {
    Secret::new(value, value)
}

/// Without the last quarter: far enough that no decoder takes it for the whole.
fn cut(value: &str) -> Option<String> {
    let length = value.chars().count();
    let keep = length - length.div_ceil(4);
    (keep > 0).then(|| value.chars().take(keep).collect())
}

/// Another character of the same class near the middle, so that the form stays.
fn middle_changed(value: &str) -> Option<String> {
    let characters: Vec<char> = value.chars().collect();
    let middle = characters.len() / 2;
    let at = (0..characters.len())
        .map(|step| (middle + step) % characters.len())
        .find(|at| characters[*at].is_ascii_alphanumeric())?;
    let changed = match characters[at] {
        '9' => '0',
        'z' => 'a',
        'Z' => 'A',
        // In hexadecimal text the change stays hexadecimal.
        'f' => 'a',
        'F' => 'A',
        other => char::from(u8::try_from(other).ok()? + 1),
    };
    Some(replaced(&characters, at, changed))
}

fn other_case(value: &str) -> Option<String> {
    let characters: Vec<char> = value.chars().collect();
    let middle = characters.len() / 2;
    let at = (0..characters.len())
        .map(|step| (middle + step) % characters.len())
        .find(|at| characters[*at].is_ascii_alphabetic())?;
    let changed = if characters[at].is_ascii_lowercase() {
        characters[at].to_ascii_uppercase()
    } else {
        characters[at].to_ascii_lowercase()
    };
    Some(replaced(&characters, at, changed))
}

fn replaced(characters: &[char], at: usize, by: char) -> String {
    let mut changed = characters.to_vec();
    changed[at] = by;
    changed.into_iter().collect()
}

/// An id of the same form that was not issued to us: other sessions' ids are
/// likely to be near, so every digit changes.
fn unknown_id(id: &str, issued: &[&str]) -> String {
    (1..10)
        .map(|shift| -> String {
            id.chars()
                .enumerate()
                .map(|(at, c)| match c.to_digit(10) {
                    Some(digit) => {
                        let moved = (digit + shift + u32::try_from(at % 3).unwrap_or(0)) % 10;
                        // A leading zero would be another form.
                        let moved = if at == 0 && moved == 0 { 9 } else { moved };
                        char::from_digit(moved, 10).unwrap_or(c)
                    }
                    None if c == 'f' || c == 'z' => 'a',
                    None if c.is_ascii_lowercase() => char::from(c as u8 + 1),
                    None => c,
                })
                .collect()
        })
        .find(|candidate| candidate != id && !issued.contains(&candidate.as_str()))
        .unwrap_or_else(|| format!("{id}1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_values_differ_in_one_place() {
        assert_eq!(middle_changed("ab9z").as_deref(), Some("ab0z"));
        assert_eq!(middle_changed("--z-").as_deref(), Some("--a-"));
        assert_eq!(middle_changed("----"), None);
        assert_eq!(other_case("12aB").as_deref(), Some("12AB"));
        assert_eq!(other_case("1234"), None);
        assert_eq!(cut("abcdefgh").as_deref(), Some("abcdef"));
        assert_eq!(cut("a"), None);
    }

    #[test]
    fn an_unknown_id_has_the_form_of_a_known_one() {
        let unknown = unknown_id("1234567", &["1234567"]);
        assert_eq!(unknown.len(), 7);
        assert!(unknown.parse::<u32>().is_ok() && unknown != "1234567");
        assert_ne!(unknown_id("9", &["9"]), "9");
        assert_ne!(unknown_id("ABC", &["ABC"]), "ABC");
    }
}
