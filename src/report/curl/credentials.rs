//! The session states of a case in the words of a shell: which sessions a
//! script opens, and what its requests carry of them.

use crate::contract::wire;
use crate::generate::session::{
    Asker, Cookie, Damage, Language, Life, PathId, SessionState, Token,
};

/// A session that a script opens, in the order in which it does: where a user
/// can have only one session, the one that is used most comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// That of a step whose session is over.
    Over(Asker, Life),
    /// One that is ended beside the one in use.
    Ended,
    /// A second live one of the privileged user.
    Another,
    /// The one that all requests of a second session share.
    Second,
    /// One that is opened for one state.
    Fresh(Asker, Language),
    /// The live one of the user who may not modify.
    Restricted,
    /// The live one of the user who may.
    Main,
}

impl Role {
    /// The session that asks.
    pub(super) fn own(state: &SessionState) -> Self {
        match (state.asker, state.life) {
            (Asker::Privileged, Life::Live) => Self::Main,
            (Asker::Restricted, Life::Live) => Self::Restricted,
            (Asker::Second, Life::Live) => Self::Second,
            (asker, life @ (Life::Fresh | Life::FreshIn(_))) => Self::Fresh(asker, life.language()),
            (asker, life) => Self::Over(asker, life),
        }
    }

    /// The other live session of a state that needs one: the other user's, or
    /// a second one of the same user where there is no other.
    pub(super) fn another(state: &SessionState, has_restricted: bool) -> Self {
        match (state.asker, has_restricted) {
            (Asker::Restricted, _) => Self::Main,
            (_, true) => Self::Restricted,
            (_, false) => Self::Another,
        }
    }

    /// A second live session of the same user.
    pub(super) fn second(state: &SessionState) -> Self {
        match state.asker {
            Asker::Second => Self::Main,
            Asker::Privileged => Self::Second,
            Asker::Restricted => Self::Fresh(Asker::Restricted, Language::English),
        }
    }

    /// Every session of a state.
    pub(super) fn of(state: &SessionState, has_restricted: bool) -> Vec<Self> {
        let mut roles = vec![Self::own(state)];
        if state.needs_another() {
            roles.push(Self::another(state, has_restricted));
        }
        if state.needs_second() {
            roles.push(Self::second(state));
        }
        if state.needs_ended() {
            roles.push(Self::Ended);
        }
        roles
    }

    /// Whose it is.
    pub(super) const fn asker(self) -> Asker {
        match self {
            Self::Over(asker, _) | Self::Fresh(asker, _) => asker,
            Self::Restricted => Asker::Restricted,
            Self::Ended | Self::Another | Self::Second | Self::Main => Asker::Privileged,
        }
    }

    /// What stands before the names of its variables.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Over(Asker::Restricted, Life::Expired) => "restricted_expired_",
            Self::Over(Asker::Restricted, _) => "restricted_over_",
            Self::Over(_, Life::Expired) => "expired_",
            Self::Over(..) => "over_",
            Self::Second => "second_",
            Self::Fresh(Asker::Restricted, _) => "restricted_fresh_",
            Self::Fresh(..) => "fresh_",
            Self::Ended => "ended_",
            Self::Another => "another_",
            Self::Restricted => "restricted_",
            Self::Main => "",
        }
    }

    /// Whether it is still open when the script ends.
    pub(super) const fn is_live(self) -> bool {
        !matches!(self, Self::Over(..) | Self::Ended)
    }
}

/// What a request carries, each between double quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Carried {
    /// The session id in the path.
    pub(super) path: String,
    /// The value of each CSRF header.
    pub(super) tokens: Vec<String>,
    /// The value of the Cookie header.
    pub(super) cookie: Option<String>,
    /// Other headers.
    pub(super) others: Vec<(&'static str, String)>,
}

/// A state played with the variables of its sessions.
pub(super) fn carried(state: &SessionState, has_restricted: bool) -> Carried {
    let own = Role::own(state).prefix();
    let another = Role::another(state, has_restricted).prefix();
    let second = Role::second(state).prefix();
    let ended = Role::Ended.prefix();
    let (session, token) = (format!("${{{own}session}}"), format!("${{{own}token}}"));
    let tokens = match state.token {
        Token::Own => vec![token.clone()],
        Token::Absent | Token::InOtherHeaders => Vec::new(),
        Token::Empty => vec![String::new()],
        Token::Garbage => vec!["garbage".to_owned()],
        Token::Damaged(damage) => vec![damaged(damage, &token)],
        Token::OfAnother => vec![format!("${{{another}token}}")],
        Token::OfSecond => vec![format!("${{{second}token}}")],
        Token::OfEnded => vec![format!("${{{ended}token}}")],
        Token::Twice => vec![token.clone(), token.clone()],
        Token::OwnCookie => vec![format!("${{{own}cookie#*=}}")],
        Token::OwnId => vec![session.clone()],
        Token::Null => vec!["null".to_owned()],
    };
    let whole = format!("${{{own}cookie}}");
    let named = |value: &str| format!("${{{own}cookie%%=*}}={value}");
    let value = format!("${{{own}cookie#*=}}");
    let cookie = match state.cookie {
        Cookie::Own => Some(whole),
        Cookie::Absent => None,
        Cookie::Empty => Some(named("")),
        Cookie::Garbage => Some(named("garbage")),
        Cookie::Damaged(damage) => Some(named(&damaged(damage, &value))),
        Cookie::Quoted => Some(named(&format!("\\\"{value}\\\""))),
        Cookie::OfAnother => Some(named(&format!("${{{another}cookie#*=}}"))),
        Cookie::OfSecond => Some(named(&format!("${{{second}cookie#*=}}"))),
        Cookie::OfEnded => Some(named(&format!("${{{ended}cookie#*=}}"))),
        Cookie::OtherNames => Some("lang=en; theme=dark".to_owned()),
        Cookie::AmongOthers => Some(format!("lang=en; icws_other=1f0c; {whole}; theme=dark")),
        // Each character that means something to a shell stands as it is
        // between double quotes, or behind a backslash.
        Cookie::AmongOdd => Some(format!(
            "prefs=a:b/c?d=e&f=g; quoted=\\\"two\\\"; base64=YQ==/+; {whole}; none="
        )),
        Cookie::AmongMany => {
            let long = "0123456789".repeat(10);
            let many = |number| format!("tracker_{number}={long}; ");
            let many: String = (0..12).map(many).collect();
            let name = format!("${{{own}cookie%%=*}}");
            Some(format!("{many}x{name}=1f0c; {name}x=1f0c; {whole}"))
        }
        Cookie::BeforeAnother => Some(format!("{whole}; ${{{another}cookie}}")),
        Cookie::AfterAnother => Some(format!("${{{another}cookie}}; {whole}")),
        Cookie::Twice => Some(format!("{whole}; {whole}")),
        Cookie::OwnToken => Some(named(&format!("${{{own}token}}"))),
        Cookie::BesideToken => Some(format!("{whole}; {}={token}", wire::CSRF_TOKEN_HEADER)),
        Cookie::Zeros => Some(named("00000000-0000-0000-0000-000000000000")),
    };
    let path = match state.path {
        PathId::Own => session.clone(),
        // Every digit changes: ids near by may have been issued to others.
        PathId::Unknown | PathId::UnknownBesideHeader => {
            format!("$(printf %s \"{session}\" | tr 0-8a-e9f 1-9b-f1a)")
        }
        PathId::Malformed => "not-a-session".to_owned(),
        PathId::ZeroInFront => format!("0{session}"),
        PathId::Extended => format!("{session}x"),
        PathId::Negative => format!("-{session}"),
        PathId::PlusInFront => format!("%2B{session}"),
        PathId::SpaceInFront => format!("%20{session}"),
        PathId::SpaceBehind => format!("{session}%20"),
        PathId::Wrapped => format!("$(echo \"{session} + 2 ^ 64\" | bc)"),
        PathId::Repeated => format!(
            "$(awk 'BEGIN {{ while (length(v) < 200) v = v ARGV[1]; print substr(v, 1, 200) }}' \"{session}\")"
        ),
        // Full-width digits in UTF-8, percent-encoded.
        PathId::OtherDigits => {
            format!("$(printf %s \"{session}\" | sed 's/[0-9]/%EF%BC%9&/g')")
        }
        PathId::EncodedTwice => {
            format!("$(printf %s \"{session}\" | od -An -tx1 | tr -d '\\n' | sed 's/ /%25/g')")
        }
        PathId::Hexadecimal => format!("$(printf 0x%x \"{session}\")"),
        PathId::Beginning => format!("${{{own}session%?}}"),
        PathId::FractionBehind => format!("{session}.0"),
        PathId::OfAnother => format!("${{{another}session}}"),
    };
    let mut others = Vec::new();
    if state.token == Token::InOtherHeaders {
        others.push(("X-CSRF-Token", token.clone()));
        others.push(("X-XSRF-TOKEN", token.clone()));
        others.push(("Authorization", format!("Bearer {token}")));
    }
    if state.path == PathId::UnknownBesideHeader {
        others.push((wire::SESSION_ID_HEADER, session));
    }
    Carried {
        path,
        tokens,
        cookie,
        others,
    }
}

/// A value, damaged by the script's function of that name.
fn damaged(damage: Damage, value: &str) -> String {
    let how = serde_json::to_value(damage).unwrap_or_default();
    format!(
        "$(damaged {} \"{value}\")",
        how.as_str().unwrap_or_default()
    )
}
