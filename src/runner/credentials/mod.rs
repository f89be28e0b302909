//! A session state made real: which id, tokens and cookies a request carries.

mod never_issued;

pub(super) use never_issued::unknown_id;
use never_issued::{damaged, in_other_digits, percent_encoded};

use crate::client::{Header, Secret, Secrets, Session};
use crate::contract::wire;
use crate::generate::session::{Cookie, Damage, Language, PathId, SessionState, Token};
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
    /// The language that it was opened in.
    pub language: Language,
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
            language: Some(self.language.tag()).filter(|_| self.language != Language::English),
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
    /// A second live one of the same user, where the state needs it.
    pub second: Option<Played>,
    /// One that was ended, where the state needs it.
    pub ended: Option<Played>,
}

impl Cast {
    /// Every session of the cast.
    pub fn all(&self) -> impl Iterator<Item = &Played> {
        std::iter::once(&self.own)
            .chain(&self.another)
            .chain(&self.second)
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
    /// Headers in which nobody is to look for any of these.
    pub others: Vec<(&'static str, Secret)>,
}

impl Carried {
    /// The headers, in the documented spelling.
    pub fn headers(&self) -> Vec<Header> {
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
            // Each of them was learnt by itself.
            let cookie = Secret::new(value.join("; "), shown.join("; "));
            headers.push(Header::secret("Cookie", cookie));
        }
        let others = self.others.iter();
        headers.extend(others.map(|(name, value)| Header::secret(*name, value.clone())));
        headers
    }
}

/// Plays a state. `None` where the state cannot be played with these sessions,
/// such as another case of a token without letters.
pub fn carry(state: &SessionState, cast: &Cast, secrets: &Secrets) -> Option<Carried> {
    let own = &cast.own.session;
    let another = cast.another.as_ref().map(|played| &played.session);
    let second = cast.second.as_ref().map(|played| &played.session);
    let ended = cast.ended.as_ref().map(|played| &played.session);
    let derived = |value: String, placeholder: String| {
        let secret = Secret::new(value, placeholder);
        secrets.learn(&secret);
        secret
    };
    let worse = |secret: &Secret, name: &str, damage: Damage| {
        let placeholder = format!("<its {name}, {}>", damage.in_words());
        damaged(secret.expose(), damage).map(|value| derived(value, placeholder))
    };
    let tokens = match state.token {
        Token::Own => vec![own.token.clone()],
        Token::Absent | Token::InOtherHeaders => Vec::new(),
        Token::Empty => vec![plain("")],
        Token::Garbage => vec![plain("garbage")],
        Token::Damaged(damage) => vec![worse(&own.token, "token", damage)?],
        Token::OfAnother => vec![another?.token.clone()],
        Token::OfSecond => vec![second?.token.clone()],
        Token::OfEnded => vec![ended?.token.clone()],
        Token::Twice => vec![own.token.clone(), own.token.clone()],
        Token::OwnCookie => vec![own.cookie.clone()],
        Token::OwnId => vec![plain_id(&own.id)],
        Token::Null => vec![plain("null")],
    };
    let of = |session: &Session| (session.cookie_name.clone(), session.cookie.clone());
    let named = |value: Secret| vec![(own.cookie_name.clone(), value)];
    let cookies = match state.cookie {
        Cookie::Own => named(own.cookie.clone()),
        Cookie::Absent => Vec::new(),
        Cookie::Empty => named(plain("")),
        Cookie::Garbage => named(plain("garbage")),
        Cookie::Damaged(damage) => named(worse(&own.cookie, "cookie", damage)?),
        Cookie::Quoted => named(derived(
            format!("\"{}\"", own.cookie.expose()),
            "<its cookie, in quotes>".to_owned(),
        )),
        Cookie::OfAnother => named(another?.cookie.clone()),
        Cookie::OfSecond => named(second?.cookie.clone()),
        Cookie::OfEnded => named(ended?.cookie.clone()),
        Cookie::OtherNames => plain_cookies(OTHERS),
        Cookie::AmongOthers => among(OTHERS, of(own)),
        Cookie::AmongOdd => among(ODD, of(own)),
        Cookie::AmongMany => many_before(of(own)),
        Cookie::BeforeAnother => vec![of(own), of(another?)],
        Cookie::AfterAnother => vec![of(another?), of(own)],
        Cookie::Twice => vec![of(own), of(own)],
        Cookie::OwnToken => named(own.token.clone()),
        Cookie::BesideToken => {
            let token = (wire::CSRF_TOKEN_HEADER.to_owned(), own.token.clone());
            vec![of(own), token]
        }
        Cookie::Zeros => named(plain("00000000-0000-0000-0000-000000000000")),
    };
    let issued: Vec<&str> = cast
        .all()
        .map(|played| played.session.id.as_str())
        .collect();
    let session_id = match state.path {
        PathId::Own => own.id.clone(),
        PathId::Unknown | PathId::UnknownBesideHeader => unknown_id(&own.id, &issued),
        PathId::Malformed => "not-a-session".to_owned(),
        PathId::ZeroInFront => format!("0{}", own.id),
        PathId::Extended => format!("{}x", own.id),
        PathId::Negative => format!("-{}", own.id),
        PathId::PlusInFront => format!("+{}", own.id),
        PathId::SpaceInFront => format!(" {}", own.id),
        PathId::SpaceBehind => format!("{} ", own.id),
        PathId::Wrapped => (own.id.parse::<u64>().map(u128::from).ok()? + (1 << 64)).to_string(),
        PathId::Repeated => own.id.chars().cycle().take(200).collect(),
        PathId::OtherDigits => in_other_digits(&own.id)?,
        PathId::EncodedTwice => percent_encoded(&own.id),
        PathId::Hexadecimal => format!("0x{:x}", own.id.parse::<u64>().ok()?),
        PathId::Beginning => {
            let mut beginning = own.id.clone();
            beginning.pop();
            Some(beginning).filter(|beginning| !beginning.is_empty())?
        }
        PathId::FractionBehind => format!("{}.0", own.id),
        PathId::OfAnother => another?.id.clone(),
    };
    // No secret, but another one every time, also where it is hidden as a word only.
    if session_id != own.id && session_id.contains(&own.id) {
        // As it stands in a path.
        let shown = wire::segment(&session_id).replace(&wire::segment(&own.id), "{sessionId}");
        secrets.learn(&Secret::new(session_id.clone(), shown));
    }
    let mut others = Vec::new();
    if state.token == Token::InOtherHeaders {
        let names = ["X-CSRF-Token", "X-XSRF-TOKEN"];
        others.extend(names.map(|name| (name, own.token.clone())));
        others.push(("Authorization", own.token.preceded_by("Bearer ")));
    }
    if state.path == PathId::UnknownBesideHeader {
        others.push((wire::SESSION_ID_HEADER, plain_id(&own.id)));
    }
    Some(Carried {
        session_id,
        tokens,
        cookies,
        others,
    })
}

/// A value that is no secret of the target's.
fn plain(value: &'static str) -> Secret {
    Secret::new(value, value)
}

/// A session id as the value of something else.
fn plain_id(id: &str) -> Secret {
    Secret::new(id.to_owned(), "<its session id>".to_owned())
}

/// Cookies that other applications of a host leave with a client.
const OTHERS: &[(&str, &str)] = &[("lang", "en"), ("icws_other", "1f0c"), ("theme", "dark")];

/// Cookies with every character that names and values may have (RFC 6265
/// section 4.1.1), and one without a value.
const ODD: &[(&str, &str)] = &[
    ("prefs", "a:b/c?d=e&f=g"),
    ("_ga.x-1!#$%&'*+^`|~", "GA1.2-3!#$%'()*+.[]^_`{|}~@<>"),
    ("quoted", "\"two\""),
    ("base64", "YQ==/+"),
    ("none", ""),
];

fn plain_cookies(cookies: &[(&'static str, &'static str)]) -> Vec<(String, Secret)> {
    cookies
        .iter()
        .map(|(name, value)| ((*name).to_owned(), plain(value)))
        .collect()
}

/// A cookie behind many others.
fn many_before(cookie: (String, Secret)) -> Vec<(String, Secret)> {
    let long = Secret::new(LONG_VALUE, LONG_VALUE);
    let many = (0..12).map(|number| (format!("tracker_{number}"), long.clone()));
    let like_it = [format!("x{}", cookie.0), format!("{}x", cookie.0)];
    let like_it = like_it.map(|name| (name, plain("1f0c")));
    many.chain(like_it).chain([cookie]).collect()
}

/// The value of each: a hundred characters.
const LONG_VALUE: &str = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";

/// A cookie with others before and behind it.
fn among(
    others: &[(&'static str, &'static str)],
    cookie: (String, Secret),
) -> Vec<(String, Secret)> {
    let mut cookies = plain_cookies(others);
    cookies.insert(others.len() - 1, cookie);
    cookies
}
