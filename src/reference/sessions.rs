//! Sessions: opened, used, ended, expired, and told apart from guesses.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use rand::RngExt;

use super::switches::Switches;

/// How many sessions that are over are remembered as such; older ones are
/// answered as unknown, which is a 401 as well.
const REMEMBERED: usize = 4096;

/// The letters of a token.
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a client gets when it logs in.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    pub(super) session_id: String,
    pub(super) cookie: String,
    pub(super) token: String,
}

/// What a request shows to be let in.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    /// The session id in the path.
    pub(super) session_id: Option<String>,
    /// Every value of the CSRF header.
    pub(super) tokens: Vec<String>,
    /// Every cookie, name and value, in order.
    pub(super) cookies: Vec<(String, String)>,
}

/// Who is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// The user's place in the fixtures.
    pub(super) user: usize,
    /// The session that the request belongs to.
    pub(super) session_id: String,
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denial {
    UnknownSession,
    EndedSession,
    ExpiredSession,
    NoCookie,
    WrongCookie,
    NoToken,
    WrongToken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Live,
    Ended,
    Expired,
}

#[derive(Debug)]
struct Session {
    user: usize,
    cookie: String,
    token: String,
    used: Instant,
    state: State,
}

/// Every session that the server remembers.
#[derive(Debug)]
pub(super) struct Sessions {
    switches: Switches,
    lifetime: Duration,
    by_id: HashMap<String, Session>,
    over: VecDeque<String>,
}

impl Sessions {
    pub(super) fn new(switches: Switches, lifetime: Duration) -> Self {
        Self {
            switches,
            lifetime,
            by_id: HashMap::new(),
            over: VecDeque::new(),
        }
    }

    /// Opens a session for that user.
    pub(super) fn open(&mut self, user: usize) -> Ticket {
        let mut random = rand::rng();
        let session_id = loop {
            let candidate = random
                .random_range(1_000_000_000..9_999_999_999_u64)
                .to_string();
            if !self.by_id.contains_key(&candidate) {
                break candidate;
            }
        };
        let cookie = guid(&mut random);
        let token: String = (0..88)
            .map(|_| char::from(BASE64[random.random_range(0..BASE64.len())]))
            .collect();
        self.by_id.insert(
            session_id.clone(),
            Session {
                user,
                cookie: cookie.clone(),
                token: token.clone(),
                used: Instant::now(),
                state: State::Live,
            },
        );
        Ticket {
            session_id,
            cookie,
            token,
        }
    }

    /// Lets a request in, or says why not: by session id, cookie, token and
    /// life, in that order.
    pub(super) fn admit(&mut self, shown: &Credentials) -> Result<Caller, Denial> {
        let session_id = self.named(shown)?;
        let session = &self.by_id[&session_id];
        if session.state == State::Ended {
            return Err(Denial::EndedSession);
        }
        self.check_cookie(&session_id, session, shown)?;
        self.check_token(session, shown)?;
        if session.state == State::Expired || session.used.elapsed() > self.lifetime {
            self.close(&session_id, State::Expired);
            return Err(Denial::ExpiredSession);
        }
        let user = session.user;
        if let Some(session) = self.by_id.get_mut(&session_id) {
            session.used = Instant::now();
        }
        Ok(Caller { user, session_id })
    }

    /// Ends a session for its client.
    pub(super) fn end(&mut self, session_id: &str) {
        self.close(session_id, State::Ended);
    }

    /// Makes a session expire now; false where there is no such live session.
    pub(super) fn expire(&mut self, session_id: &str) -> bool {
        let live = self
            .by_id
            .get(session_id)
            .is_some_and(|session| session.state == State::Live);
        if live {
            self.close(session_id, State::Expired);
        }
        live
    }

    fn close(&mut self, session_id: &str, state: State) {
        let Some(session) = self.by_id.get_mut(session_id) else {
            return;
        };
        if session.state != State::Live {
            return;
        }
        session.state = state;
        self.over.push_back(session_id.to_owned());
        if self.over.len() > REMEMBERED
            && let Some(oldest) = self.over.pop_front()
        {
            self.by_id.remove(&oldest);
        }
    }

    fn named(&self, shown: &Credentials) -> Result<String, Denial> {
        let named = shown.session_id.as_ref().ok_or(Denial::UnknownSession)?;
        if self.by_id.contains_key(named) {
            Ok(named.clone())
        } else {
            Err(Denial::UnknownSession)
        }
    }

    /// A cookie sent twice has to be right twice.
    fn check_cookie(
        &self,
        session_id: &str,
        session: &Session,
        shown: &Credentials,
    ) -> Result<(), Denial> {
        let name = crate::contract::wire::cookie_name(session_id);
        let mut values = shown
            .cookies
            .iter()
            .filter(|(given, _)| *given == name)
            .map(|(_, value)| value)
            .peekable();
        if values.peek().is_none() {
            return Err(Denial::NoCookie);
        }
        if values.all(|value| *value == session.cookie) {
            Ok(())
        } else {
            Err(Denial::WrongCookie)
        }
    }

    /// A token sent twice has to be right twice.
    fn check_token(&self, session: &Session, shown: &Credentials) -> Result<(), Denial> {
        if shown.tokens.is_empty() {
            return Err(Denial::NoToken);
        }
        if shown.tokens.iter().all(|token| *token == session.token) {
            Ok(())
        } else {
            Err(Denial::WrongToken)
        }
    }
}

/// A random id in the form 8-4-4-4-12.
fn guid(random: &mut impl RngExt) -> String {
    let digits = format!("{:032x}", random.random::<u128>());
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.map(|part| &digits[part]).join("-")
}
