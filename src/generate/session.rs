//! Who asks: session states as values, each part on its own, so that a state
//! can be wrong in one part or in several, and shrinks to the plainest.

use serde::{Deserialize, Serialize};

/// Whose session it is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Asker {
    /// The user who may modify.
    #[default]
    Privileged,
    /// The user who may not.
    Restricted,
    /// The user who may, in a second session; where a user can have only one,
    /// in that.
    Second,
}

impl Asker {
    /// Whether that user may modify.
    pub const fn may_modify(self) -> bool {
        !matches!(self, Self::Restricted)
    }
}

/// Whether the session can still be used.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Life {
    /// It is live.
    #[default]
    Live,
    /// It was opened just before.
    Fresh,
    /// It was opened just before, in another language.
    FreshIn(Language),
    /// Its client ended it just before.
    Ended,
    /// The target was made to let it expire just before.
    Expired,
}

/// In which language a session is opened: languages whose letters, digits, decimal
/// signs or order differ.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// That of all other sessions.
    #[default]
    English,
    /// Numbers have a decimal comma.
    German,
    /// The letter i has a capital of its own.
    Turkish,
    /// Words have accents.
    French,
    /// Words have no letters.
    Japanese,
    /// Digits may be others.
    Arabic,
}

impl Language {
    /// Those beside the usual one.
    pub const OTHERS: [Self; 5] = [
        Self::German,
        Self::Turkish,
        Self::French,
        Self::Japanese,
        Self::Arabic,
    ];

    /// Its tag (RFC 5646).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::German => "de-DE",
            Self::Turkish => "tr-TR",
            Self::French => "fr-FR",
            Self::Japanese => "ja-JP",
            Self::Arabic => "ar-EG",
        }
    }
}

/// How a value that the target issued is changed, so that it is none that it
/// issued: in one place or in several, shortened, lengthened or put in another
/// order, so that whatever part is compared carelessly, some damage is
/// elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// Without its last quarter: far enough that no decoder takes it for the
    /// whole.
    Truncated,
    /// A character in the middle changed.
    MiddleChanged,
    /// The case of one letter changed.
    OtherCase,
    /// One character more behind.
    Extended,
    /// The last character changed.
    LastChanged,
    /// The first character changed.
    FirstChanged,
    /// Without its first quarter.
    Beheaded,
    /// One character more in front.
    Preceded,
    /// Every character of the first half changed.
    BeginningChanged,
    /// Every character of the second half changed.
    EndChanged,
    /// Every third character changed.
    ThirdsChanged,
    /// Two neighbours in the middle exchanged.
    Swapped,
    /// The second half in front of the first.
    Rotated,
    /// From its end to its beginning.
    Reversed,
    /// Without its last character.
    LastRemoved,
    /// With a character in the middle that it is not made of.
    Foreign,
    /// Without what is neither letter nor digit.
    Bare,
    /// The case of every letter of the last quarter changed.
    EndInOtherCase,
}

impl Damage {
    /// Every way, the plainest first.
    pub const ALL: [Self; 18] = [
        Self::MiddleChanged,
        Self::Truncated,
        Self::OtherCase,
        Self::Extended,
        Self::LastChanged,
        Self::FirstChanged,
        Self::Beheaded,
        Self::Preceded,
        Self::BeginningChanged,
        Self::EndChanged,
        Self::ThirdsChanged,
        Self::Swapped,
        Self::Rotated,
        Self::Reversed,
        Self::LastRemoved,
        Self::Foreign,
        Self::Bare,
        Self::EndInOtherCase,
    ];

    /// What was done to it, as reports say it behind its name.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Truncated => "cut short",
            Self::MiddleChanged => "one character changed",
            Self::OtherCase => "one letter in another case",
            Self::Extended => "and one character more",
            Self::LastChanged => "the last character changed",
            Self::FirstChanged => "the first character changed",
            Self::Beheaded => "without its beginning",
            Self::Preceded => "with one character in front",
            Self::BeginningChanged => "the first half changed",
            Self::EndChanged => "the second half changed",
            Self::ThirdsChanged => "every third character changed",
            Self::Swapped => "two neighbours exchanged",
            Self::Rotated => "the second half in front",
            Self::Reversed => "reversed",
            Self::LastRemoved => "without its last character",
            Self::Foreign => "with a foreign character inside",
            Self::Bare => "without its punctuation",
            Self::EndInOtherCase => "its end in another case",
        }
    }
}

/// What stands in the CSRF header.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    /// The session's own token.
    #[default]
    Own,
    /// There is no such header.
    Absent,
    /// Nothing.
    Empty,
    /// Text that no server issues.
    Garbage,
    /// The own token, damaged.
    Damaged(Damage),
    /// The token of another live session.
    OfAnother,
    /// The token of another live session of the same user.
    OfSecond,
    /// The token of a session that was ended just before.
    OfEnded,
    /// The own token, in two headers.
    Twice,
    /// The value of the own cookie.
    OwnCookie,
    /// The own session id.
    OwnId,
    /// The word for nothing that a careless client sends.
    Null,
    /// There is no such header; the own token stands in others that servers know.
    InOtherHeaders,
}

/// What stands in the Cookie header.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cookie {
    /// The session's own cookie.
    #[default]
    Own,
    /// There is no such header.
    Absent,
    /// The own cookie's name with an empty value.
    Empty,
    /// The own cookie's name with a value that no server issues.
    Garbage,
    /// The own value, damaged.
    Damaged(Damage),
    /// The own value in quotes.
    Quoted,
    /// The own cookie's name with the value of another live session.
    OfAnother,
    /// The own cookie's name with the value of another live session of the same
    /// user.
    OfSecond,
    /// The own cookie's name with the value of a session that was ended.
    OfEnded,
    /// Only cookies of other names.
    OtherNames,
    /// The own cookie among others.
    AmongOthers,
    /// The own cookie among others whose names and values are as odd as cookies
    /// may be.
    AmongOdd,
    /// The own cookie behind many others, longer than a kilobyte together, one of
    /// which has a name that ends like its own, and one a name that begins so.
    AmongMany,
    /// The own cookie, and behind it that of another live session.
    BeforeAnother,
    /// The cookie of another live session, and behind it the own.
    AfterAnother,
    /// The own cookie twice.
    Twice,
    /// The own cookie's name with the own token.
    OwnToken,
    /// The own cookie's name with an identifier that is all zeros.
    Zeros,
    /// The own cookie, and one that is called like the CSRF header with the own token.
    BesideToken,
}

/// What stands in the path as the session id.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum PathId {
    /// The session's own id.
    #[default]
    Own,
    /// An id of the same form that was never issued, while a header has the own one.
    UnknownBesideHeader,
    /// An id of the same form that was never issued.
    Unknown,
    /// Text that is no id.
    Malformed,
    /// The own id with a zero in front.
    ZeroInFront,
    /// The own id with a letter behind.
    Extended,
    /// The own id with a minus in front.
    Negative,
    /// The own id with a plus in front.
    PlusInFront,
    /// The own id with a space in front.
    SpaceInFront,
    /// The own id with a space behind.
    SpaceBehind,
    /// The own id, and 2 to the power of 64: the same to whoever keeps 64 bits
    /// of a number.
    Wrapped,
    /// The own id again and again, to 200 characters.
    Repeated,
    /// The own id in digits of another width.
    OtherDigits,
    /// The own id percent-encoded once more than a path needs it.
    EncodedTwice,
    /// The own id in hexadecimal digits.
    Hexadecimal,
    /// The own id without its last character.
    Beginning,
    /// The own id with a fraction behind.
    FractionBehind,
    /// The id of another live session.
    OfAnother,
}

impl PathId {
    /// Every id that was never issued to anyone, the plainest first.
    pub const NEVER_ISSUED: [Self; 16] = [
        Self::Unknown,
        Self::UnknownBesideHeader,
        Self::Malformed,
        Self::ZeroInFront,
        Self::Extended,
        Self::Negative,
        Self::PlusInFront,
        Self::SpaceInFront,
        Self::SpaceBehind,
        Self::Wrapped,
        Self::Repeated,
        Self::OtherDigits,
        Self::EncodedTwice,
        Self::Hexadecimal,
        Self::Beginning,
        Self::FractionBehind,
    ];
}

/// The whole state.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(default, rename_all = "camelCase")]
pub struct SessionState {
    /// Whose session it is.
    pub asker: Asker,
    /// Whether it can still be used.
    pub life: Life,
    /// What stands in the CSRF header.
    pub token: Token,
    /// What stands in the Cookie header.
    pub cookie: Cookie,
    /// What stands in the path.
    pub path: PathId,
}

impl Life {
    /// The language in which its session is opened.
    pub const fn language(self) -> Language {
        match self {
            Self::FreshIn(language) => language,
            _ => Language::English,
        }
    }
}

impl SessionState {
    /// A live session of the privileged user, used as it should be.
    pub const LIVE: Self = Self {
        asker: Asker::Privileged,
        life: Life::Live,
        token: Token::Own,
        cookie: Cookie::Own,
        path: PathId::Own,
    };

    /// The live state with another token.
    pub const fn token(token: Token) -> Self {
        Self {
            token,
            ..Self::LIVE
        }
    }

    /// The live state with another cookie.
    pub const fn cookie(cookie: Cookie) -> Self {
        Self {
            cookie,
            ..Self::LIVE
        }
    }

    /// The live state with another id in the path.
    pub const fn path(path: PathId) -> Self {
        Self { path, ..Self::LIVE }
    }

    /// A session that can no longer be used.
    pub const fn life(life: Life) -> Self {
        Self { life, ..Self::LIVE }
    }

    /// A live session of that user.
    pub const fn of(asker: Asker) -> Self {
        Self {
            asker,
            ..Self::LIVE
        }
    }

    /// Whether the state needs a second live session beside its own.
    pub fn needs_another(&self) -> bool {
        self.token == Token::OfAnother
            || matches!(
                self.cookie,
                Cookie::OfAnother | Cookie::BeforeAnother | Cookie::AfterAnother
            )
            || self.path == PathId::OfAnother
    }

    /// Whether the state needs a second live session of the same user.
    pub fn needs_second(&self) -> bool {
        self.token == Token::OfSecond || self.cookie == Cookie::OfSecond
    }

    /// Whether the state needs a session that was ended beside its own.
    pub fn needs_ended(&self) -> bool {
        self.token == Token::OfEnded || self.cookie == Cookie::OfEnded
    }

    /// The states that are plainer by one part each, plainest first.
    pub fn plainer(&self) -> Vec<Self> {
        let mut plainer = vec![
            Self::LIVE,
            Self {
                asker: Asker::Privileged,
                ..*self
            },
            Self {
                life: Life::Live,
                ..*self
            },
            Self {
                life: match self.life {
                    Life::FreshIn(_) => Life::Fresh,
                    life => life,
                },
                ..*self
            },
            Self {
                token: Token::Own,
                ..*self
            },
            Self {
                cookie: Cookie::Own,
                ..*self
            },
            Self {
                path: PathId::Own,
                ..*self
            },
        ];
        plainer.retain(|state| state != self);
        plainer.dedup();
        plainer
    }
}
