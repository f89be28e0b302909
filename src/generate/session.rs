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
    /// Its client ended it just before.
    Ended,
    /// The target was made to let it expire just before.
    Expired,
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
    /// The own token without its last quarter.
    Truncated,
    /// The own token with one character more.
    Extended,
    /// The own token with a character in the middle changed.
    MiddleChanged,
    /// The own token with the case of one letter changed.
    OtherCase,
    /// The token of another live session.
    OfAnother,
    /// The token of a session that was ended just before.
    OfEnded,
    /// The own token, in two headers.
    Twice,
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
    /// The own value without its last quarter.
    Truncated,
    /// The own value with a character in the middle changed.
    MiddleChanged,
    /// The own value with the case of one letter changed.
    OtherCase,
    /// The own cookie's name with the value of another live session.
    OfAnother,
    /// The own cookie's name with the value of a session that was ended.
    OfEnded,
    /// Only cookies of other names.
    OtherNames,
    /// The own cookie among others.
    AmongOthers,
    /// The own cookie twice.
    Twice,
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
    /// An id of the same form that was never issued.
    Unknown,
    /// Text that is no id.
    Malformed,
    /// The own id with a zero in front.
    ZeroInFront,
    /// The own id with a letter behind.
    Extended,
    /// The id of another live session.
    OfAnother,
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
            || self.cookie == Cookie::OfAnother
            || self.path == PathId::OfAnother
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
