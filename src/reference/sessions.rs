//! Sessions: opened, used, ended, expired, and told apart from guesses.

mod checks;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use rand::RngExt;

use super::switches::Switches;
use super::{Fault, Variant};

/// How many sessions that are over are remembered as such; older ones are
/// answered as unknown, which is a 401 as well.
const REMEMBERED: usize = 4096;

/// How long a session lives at most where sessions are short-lived.
const SHORT_LIFE: Duration = Duration::from_millis(250);

/// How often a session can be used where sessions wear.
const USES: u32 = 100;

/// How many wrong tokens lock a user out where they do.
const GUESSES: u32 = 5;

/// The letters of a token of digits.
const DIGITS: &[u8] = b"0123456789";

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
    opened: Instant,
    used: Instant,
    /// How often it was used.
    uses: u32,
    state: State,
    /// How many updates it has made.
    updates: u32,
    /// How many wrong tokens came with it.
    guesses: u32,
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
        if self.switches.has(Fault::ForeignLoginEndsAll) {
            self.end_all(|_| true);
        }
        if self.switches.varies(Variant::OneSessionPerUser) {
            self.end_all(|session| session.user == user);
        }
        if self.switches.varies(Variant::LoginShared)
            && let Some(ticket) = self.shared(user)
        {
            return ticket;
        }
        let mut random = rand::rng();
        let session_id = loop {
            let candidate = self.new_id(&mut random);
            if !self.by_id.contains_key(&candidate) {
                break candidate;
            }
        };
        let varies = |variant| self.switches.varies(variant);
        let (letters, length, end) = if varies(Variant::DigitTokens) {
            (DIGITS, 88, "")
        } else if varies(Variant::ShortTokens) {
            (BASE64, 6, "")
        } else if varies(Variant::PaddedTokens) {
            (BASE64, 86, "==")
        } else {
            (BASE64, 87, "=")
        };
        let mut letter = || char::from(letters[random.random_range(0..letters.len())]);
        let token: String = (0..length).map(|_| letter()).chain(end.chars()).collect();
        let mut cookie = guid(&mut random);
        if varies(Variant::PaddedCookies) {
            cookie.push_str("+/==");
        }
        self.by_id.insert(
            session_id.clone(),
            Session {
                user,
                cookie: cookie.clone(),
                token: token.clone(),
                opened: Instant::now(),
                used: Instant::now(),
                uses: 0,
                state: State::Live,
                updates: 0,
                guesses: 0,
            },
        );
        Ticket {
            session_id,
            cookie,
            token,
        }
    }

    /// The live session of that user, for one more client.
    fn shared(&self, user: usize) -> Option<Ticket> {
        let lives = |session: &Session| {
            session.state == State::Live && session.used.elapsed() <= self.lifetime
        };
        let mut known = self.by_id.iter();
        let (id, session) = known.find(|(_, known)| known.user == user && lives(known))?;
        Some(Ticket {
            session_id: id.clone(),
            cookie: session.cookie.clone(),
            token: session.token.clone(),
        })
    }

    fn new_id(&self, random: &mut impl RngExt) -> String {
        if self.switches.varies(Variant::SequentialSessions) {
            (self.by_id.len() + 1).to_string()
        } else if self.switches.varies(Variant::GuidSessions) {
            guid(random)
        } else if self.switches.varies(Variant::LongSessions) {
            format!("s.{}~{}_-", guid(random), "0".repeat(160))
        } else {
            let number = random.random_range(1_000_000_000..9_999_999_999_u64);
            number.to_string()
        }
    }

    /// Lets a request in, or says why not: by session id, cookie, token and
    /// life, in that order.
    pub(super) fn admit(&mut self, shown: &Credentials) -> Result<Caller, Denial> {
        let session_id = self.named(shown)?;
        let session = &self.by_id[&session_id];
        if session.state == State::Ended && !self.switches.has(Fault::EndedAccepted) {
            return Err(if self.switches.varies(Variant::EndedForgotten) {
                Denial::UnknownSession
            } else {
                Denial::EndedSession
            });
        }
        let checked = self
            .check_cookie(&session_id, session, shown)
            .and_then(|()| self.check_token(session, shown));
        if let Err(denial) = checked {
            self.punish(&session_id, denial);
            return Err(denial);
        }
        let varies = |variant| self.switches.varies(variant);
        let expired = session.state == State::Expired
            || session.used.elapsed() > self.lifetime
            || varies(Variant::ShortLivedSessions) && session.opened.elapsed() > SHORT_LIFE
            || varies(Variant::WearingSessions) && session.uses >= USES;
        if expired && !self.switches.has(Fault::ExpiredAccepted) {
            self.close(&session_id, State::Expired);
            return Err(Denial::ExpiredSession);
        }
        let user = session.user;
        if let Some(session) = self.by_id.get_mut(&session_id) {
            session.used = Instant::now();
            session.uses += 1;
        }
        Ok(Caller { user, session_id })
    }

    /// Ends a session for its client.
    pub(super) fn end(&mut self, session_id: &str) {
        self.close(session_id, State::Ended);
        if self.switches.has(Fault::ForeignEndEndsAll) {
            self.end_all(|_| true);
        }
    }

    /// Counts an update of a session.
    pub(super) fn count_update(&mut self, session_id: &str) -> u32 {
        let session = self.by_id.get_mut(session_id);
        session.map_or(0, |session| {
            session.updates += 1;
            session.updates
        })
    }

    /// Who opened the session of that id, live or not.
    pub(super) fn owner(&self, session_id: &str) -> Option<Caller> {
        let session = self.by_id.get(session_id)?;
        Some(Caller {
            user: session.user,
            session_id: session_id.to_owned(),
        })
    }

    /// Makes a session expire now; false where there is none that could.
    pub(super) fn expire(&mut self, session_id: &str) -> bool {
        let known = self
            .by_id
            .get(session_id)
            .is_some_and(|session| session.state != State::Ended);
        self.close(session_id, State::Expired);
        if self.switches.has(Fault::ExpiryEndsAll)
            && let Some(Caller { user, .. }) = self.owner(session_id)
        {
            self.end_all(|session| session.user == user);
        }
        known
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

    /// Faults that end a session because of a wrong guess.
    fn punish(&mut self, session_id: &str, denial: Denial) {
        let ends = match denial {
            Denial::WrongToken => self.switches.has(Fault::WrongTokenEnds),
            Denial::WrongCookie => self.switches.has(Fault::WrongCookieEnds),
            _ => false,
        };
        if ends {
            self.close(session_id, State::Ended);
        }
        if denial == Denial::WrongToken
            && self.switches.has(Fault::GuessesLockUser)
            && let Some(session) = self.by_id.get_mut(session_id)
        {
            session.guesses += 1;
            let (user, locked) = (session.user, session.guesses == GUESSES);
            if locked {
                self.end_all(|session| session.user == user);
            }
        }
    }

    fn end_all(&mut self, which: impl Fn(&Session) -> bool) {
        let live = self
            .by_id
            .iter()
            .filter(|(_, session)| session.state == State::Live);
        let chosen: Vec<_> = live
            .filter(|(_, session)| which(session))
            .map(|(id, _)| id.clone())
            .collect();
        for id in chosen {
            self.close(&id, State::Ended);
        }
    }
}

/// A random id in the form 8-4-4-4-12.
fn guid(random: &mut impl RngExt) -> String {
    let digits = format!("{:032x}", random.random::<u128>());
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.map(|part| &digits[part]).join("-")
}
