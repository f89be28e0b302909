//! What a request shows, against what its session was given.

use super::{Credentials, Denial, Session, Sessions, State};
use crate::contract::wire::cookie_name;
use crate::reference::{Fault, lookalikes};

impl Sessions {
    pub(super) fn named(&self, shown: &Credentials) -> Result<String, Denial> {
        if self.switches.has(Fault::PathSessionIgnored) {
            let mut known = self.by_id.iter();
            let found = known.find(|(_, session)| shown.tokens.contains(&session.token));
            return found
                .map(|(id, _)| id.clone())
                .ok_or(Denial::UnknownSession);
        }
        let mut named = shown.session_id.clone().ok_or(Denial::UnknownSession)?;
        if self.switches.has(Fault::SessionIdLenient) {
            named.retain(|c| c.is_ascii_digit());
        }
        if self.switches.has(Fault::SessionIdNumeric)
            && let Ok(number) = named.trim().parse::<u64>()
        {
            named = number.to_string();
        }
        if self.switches.has(Fault::SessionIdTailIgnored) && named.is_char_boundary(10) {
            named.truncate(10);
        }
        if self.by_id.contains_key(&named) {
            Ok(named)
        } else {
            Err(Denial::UnknownSession)
        }
    }

    /// A cookie sent twice has to be right twice.
    pub(super) fn check_cookie(
        &self,
        session_id: &str,
        session: &Session,
        shown: &Credentials,
    ) -> Result<(), Denial> {
        let has = |fault| self.switches.has(fault);
        let name = cookie_name(session_id);
        let any_name = has(Fault::PathSessionIgnored)
            || has(Fault::SessionIdLenient)
            || has(Fault::SessionIdNumeric)
            || has(Fault::SessionIdTailIgnored);
        let mut values = shown
            .cookies
            .iter()
            .filter(|(given, _)| *given == name || any_name && given.starts_with("icws_"))
            .map(|(_, value)| value.as_str())
            .peekable();
        if values.peek().is_none() && !has(Fault::MissingCookieAccepted) {
            return Err(Denial::NoCookie);
        }
        let right = |value: &str| {
            value == session.cookie
                || lookalikes::cookie(&self.switches, value, &session.cookie)
                || has(Fault::AnyCookieAccepted)
                || has(Fault::CookieCaseIgnored) && value.eq_ignore_ascii_case(&session.cookie)
                || has(Fault::CookiePrefixAccepted) && session.cookie.starts_with(value)
                || has(Fault::ForeignCookieAccepted)
                    && self.any_live(|session| session.cookie == value)
        };
        if values.all(right) {
            Ok(())
        } else {
            Err(Denial::WrongCookie)
        }
    }

    /// A token sent twice has to be right twice.
    pub(super) fn check_token(&self, session: &Session, shown: &Credentials) -> Result<(), Denial> {
        let has = |fault| self.switches.has(fault);
        if shown.tokens.is_empty() && !has(Fault::MissingTokenAccepted) {
            return Err(Denial::NoToken);
        }
        let own = session.token.as_str();
        let ends = |token: &str| {
            Some((
                token.get(..8)?.to_owned(),
                token.get(token.len() - 8..)?.to_owned(),
            ))
        };
        let right = |token: &str| {
            token == own
                || lookalikes::token(&self.switches, token, own)
                || has(Fault::AnyTokenAccepted) && !token.is_empty()
                || has(Fault::EmptyTokenAccepted) && token.is_empty()
                || has(Fault::TokenPrefixAccepted) && !token.is_empty() && own.starts_with(token)
                || has(Fault::TokenCaseIgnored) && token.eq_ignore_ascii_case(own)
                || has(Fault::TokenLengthOnly) && token.len() == own.len()
                || has(Fault::TokenEndsOnly) && ends(token) == ends(own)
                || has(Fault::ForeignTokenAccepted)
                    && self.any_live(|session| session.token == token)
                || has(Fault::UsersTokenAccepted)
                    && self.any_live(|other| other.user == session.user && other.token == token)
        };
        if shown.tokens.iter().all(|token| right(token)) {
            Ok(())
        } else {
            Err(Denial::WrongToken)
        }
    }

    fn any_live(&self, which: impl Fn(&Session) -> bool) -> bool {
        let mut live = self
            .by_id
            .values()
            .filter(|session| session.state == State::Live);
        live.any(which)
    }
}
