//! The sessions of a run: one live session for each user, shared by all cases,
//! and those that a case opens for itself. Every session that was opened is
//! ended.
//!
//! Where the target refuses a user that it let in before, that is waited for, for
//! `limits.outage_ms`; then
//!
//! | sessions open by then                 | what it means                               |
//! |---------------------------------------|---------------------------------------------|
//! | more than ever before, but for one    | the target allows no more at a time         |
//! | fewer                                 | it refuses logins: the end of the run       |

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::client::session::{self, connect};
use crate::client::{
    Answer, Client, ConnectError, Credentials, Exchange, Reading, Secret, Session, State,
};
use crate::generate::session::{Asker, Language};

/// The name under which the harness logs in.
const APPLICATION: &str = "icws-conformance";

/// How long is waited at first before a user is let in again, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LAST_PAUSE: Duration = Duration::from_millis(500);

/// How long is waited where it is known that the target counts sessions and
/// nobody else opens any.
const ENDED_SOON: Duration = Duration::from_millis(300);

/// After so many requests that lost a session by chance, sessions wear out.
const WEAR_OUT: u64 = 10;

/// Shorter session ids stand in other texts by chance.
const SHORTEST_HIDDEN_ID: usize = 4;

/// The sessions of one run.
#[derive(Debug)]
pub struct Sessions {
    client: Client,
    privileged: Credentials,
    restricted: Option<Credentials>,
    shared: Mutex<HashMap<Asker, Arc<Session>>>,
    own: Mutex<Vec<Session>>,
    lost: AtomicU64,
    /// How many requests lost a session once and not again.
    by_chance: AtomicU64,
    /// How many are open, and how many were at most.
    open: AtomicUsize,
    most: AtomicUsize,
    /// The target counts sessions: those who open some take turns.
    scarce: AtomicBool,
    turn: Arc<Mutex<()>>,
    /// The answer to the first login that gave a session.
    login: OnceLock<Answer>,
    /// Each user logged in once.
    worked: [AtomicBool; 2],
    /// A user has one session at most (SES-1 leaves that to the server);
    /// recognised by the checks at the start.
    pub one_per_user: bool,
    /// And a second login is refused while there is one.
    pub refuses_second: bool,
}

impl Sessions {
    /// No session yet.
    pub fn new(client: Client, privileged: Credentials, restricted: Option<Credentials>) -> Self {
        Self {
            client,
            privileged,
            restricted,
            shared: Mutex::default(),
            own: Mutex::default(),
            lost: AtomicU64::new(0),
            by_chance: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            scarce: AtomicBool::new(false),
            turn: Arc::default(),
            login: OnceLock::new(),
            worked: [AtomicBool::new(false), AtomicBool::new(false)],
            one_per_user: false,
            refuses_second: false,
        }
    }

    /// The answer to the first login that gave a session.
    pub fn login(&self) -> Option<&Answer> {
        self.login.get()
    }

    /// Whether there is a second user.
    pub const fn has_restricted(&self) -> bool {
        self.restricted.is_some()
    }

    fn credentials(&self, asker: Asker) -> &Credentials {
        match (asker, &self.restricted) {
            (Asker::Restricted, Some(restricted)) => restricted,
            _ => &self.privileged,
        }
    }

    fn has_worked(&self, asker: Asker) -> &AtomicBool {
        &self.worked[usize::from(asker == Asker::Restricted)]
    }

    /// Logs in, and again where a user is refused who was let in before.
    async fn connect(&self, asker: Asker) -> Result<Session, ConnectError> {
        let (begun, mut pause) = (Instant::now(), FIRST_PAUSE);
        loop {
            let error = match self.connect_at_once(asker, Language::English).await {
                Err(error) if error.is_refusal() => error,
                done => return done,
            };
            if !self.has_worked(asker).load(Ordering::Relaxed) {
                return Err(error);
            }
            if self.client.is_at_its_end() {
                return Err(ConnectError::RefusesAll(error.to_string()));
            }
            let patience = if self.scarce.load(Ordering::Relaxed) {
                ENDED_SOON
            } else {
                self.client.outage()
            };
            if begun.elapsed() >= patience {
                let open = self.open.load(Ordering::Relaxed);
                let before = self.most.load(Ordering::Relaxed);
                return Err(if open >= before && open > 0 {
                    self.scarce.store(true, Ordering::Relaxed);
                    ConnectError::NoMore(open)
                } else {
                    ConnectError::RefusesAll(error.to_string())
                });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    async fn connect_at_once(
        &self,
        asker: Asker,
        language: Language,
    ) -> Result<Session, ConnectError> {
        let credentials = Credentials {
            language: language.tag(),
            ..self.credentials(asker).clone()
        };
        let connection = connect(&self.client, &credentials, APPLICATION).await;
        let session = connection.result?;
        let last = connection.exchanges.last();
        if let Some(answer) = last.and_then(Exchange::answer) {
            _ = self.login.set(answer.clone());
        }
        self.has_worked(asker).store(true, Ordering::Relaxed);
        let open = self.open.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(open, Ordering::Relaxed);
        self.client.learn_plain().await;
        // No secret, but another one every time: reports say the same twice.
        if session.id.len() >= SHORTEST_HIDDEN_ID {
            self.client
                .secrets()
                .learn(&Secret::new(session.id.clone(), "{sessionId}"));
        }
        Ok(session)
    }

    /// The asker's shared live session, opened when there is none.
    pub async fn live(&self, asker: Asker) -> Result<Arc<Session>, ConnectError> {
        let asker = match asker {
            Asker::Second if self.one_per_user => Asker::Privileged,
            other => other,
        };
        let mut shared = self.shared.lock().await;
        if let Some(session) = shared.get(&asker) {
            return Ok(Arc::clone(session));
        }
        let session = Arc::new(self.connect(asker).await?);
        shared.insert(asker, Arc::clone(&session));
        Ok(session)
    }

    /// A session for one case alone.
    pub async fn fresh(&self, asker: Asker, language: Language) -> Result<Session, ConnectError> {
        self.make_room(asker).await;
        let session = match language {
            Language::English => self.connect(asker).await?,
            // Nobody knows whether the target lets anyone in so.
            other => self.connect_at_once(asker, other).await?,
        };
        self.own.lock().await.push(session.clone());
        Ok(session)
    }

    /// The same, without waiting where it is refused.
    pub async fn fresh_at_once(&self, asker: Asker) -> Result<Session, ConnectError> {
        self.make_room(asker).await;
        let session = self.connect_at_once(asker, Language::English).await?;
        self.own.lock().await.push(session.clone());
        Ok(session)
    }

    async fn make_room(&self, asker: Asker) {
        if self.one_per_user {
            let shared = self.shared.lock().await.remove(&asker);
            if let Some(shared) = shared {
                self.closed();
                if self.refuses_second {
                    session::end(&self.client, &shared).await;
                }
            }
        }
    }

    /// The turn to open sessions, where the target counts them: held by a case
    /// until those that it opened are ended. `None` where nobody need wait.
    pub async fn turn(&self) -> Option<OwnedMutexGuard<()>> {
        if !self.scarce.load(Ordering::Relaxed) {
            return None;
        }
        let turn = Arc::clone(&self.turn).lock_owned();
        // Whoever has it may wait for something else that this case holds.
        tokio::time::timeout(self.client.outage(), turn).await.ok()
    }

    /// Ends a session of one case, on a connection that it has not used. The error
    /// says how the target disagreed.
    pub async fn end(&self, session: &Session) -> Result<(), EndError> {
        let asked = session::end(&self.client, session).await;
        self.forget(session).await;
        match (&asked.exchange.outcome, asked.reading) {
            (_, Reading::Gone(gone)) => Err(EndError::Gone(gone)),
            (Ok(answer), _) => match answer.status {
                200..300 => Ok(()),
                // What was asked twice had been done the first time.
                400 | 401 | 404 if asked.sent > 1 => Ok(()),
                status => Err(EndError::Refused(status)),
            },
            (Err(fault), _) => Err(EndError::Unanswered(fault.to_string())),
        }
    }

    /// Forgets a session that is over.
    pub async fn forget(&self, session: &Session) {
        let mut own = self.own.lock().await;
        let before = own.len();
        own.retain(|own| own.id != session.id);
        if own.len() < before {
            self.closed();
        }
    }

    fn closed(&self) {
        let less = |open: usize| Some(open.saturating_sub(1));
        let _ = self
            .open
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// What the target says of a session.
    pub async fn state(&self, session: &Session) -> State {
        session::state(&self.client, session).await
    }

    /// Whether the target says that the session is up.
    pub async fn is_up(&self, session: &Session) -> bool {
        self.state(session).await == State::Up
    }

    /// The asker's shared session, where there is one.
    pub async fn shared(&self, asker: Asker) -> Option<Arc<Session>> {
        self.shared.lock().await.get(&asker).cloned()
    }

    /// Gives up a shared session that the target no longer knows.
    pub async fn lose(&self, session: &Session) {
        let mut shared = self.shared.lock().await;
        let before = shared.len();
        shared.retain(|_, known| known.id != session.id);
        if shared.len() < before {
            self.closed();
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often a shared session was lost.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Notes that a request is answered in another session than the one that it lost.
    pub fn lost_by_chance(&self) {
        self.by_chance.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether sessions end by age or number, whatever is asked in them.
    pub fn wear_out(&self) -> bool {
        self.by_chance.load(Ordering::Relaxed) >= WEAR_OUT
    }

    /// Ends every session that is still open.
    pub async fn end_all(&self) {
        let shared = std::mem::take(&mut *self.shared.lock().await);
        for session in shared.into_values() {
            session::end(&self.client, &session).await;
        }
        let own = std::mem::take(&mut *self.own.lock().await);
        for session in own {
            session::end(&self.client, &session).await;
        }
    }
}

/// Why a session could not be ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndError {
    /// The target answered otherwise.
    Refused(u16),
    /// It did not answer.
    Unanswered(String),
    /// It is gone.
    Gone(String),
}
