//! The sessions of a run: one live session for each user, shared by all cases,
//! and those that a case opens for itself. Every session that was opened is
//! ended.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::client::session::{self, connect};
use crate::client::{Client, ConnectError, Credentials, Secret, Session};
use crate::generate::session::Asker;

/// The name under which the harness logs in.
const APPLICATION: &str = "icws-conformance";

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
            one_per_user: false,
            refuses_second: false,
        }
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

    async fn connect(&self, asker: Asker) -> Result<Session, ConnectError> {
        let session = connect(&self.client, self.credentials(asker), APPLICATION)
            .await
            .result?;
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
    pub async fn fresh(&self, asker: Asker) -> Result<Session, ConnectError> {
        if self.one_per_user {
            let shared = self.shared.lock().await.remove(&asker);
            if let Some(shared) = shared.filter(|_| self.refuses_second) {
                session::end(&self.client, &shared).await;
            }
        }
        let session = self.connect(asker).await?;
        self.own.lock().await.push(session.clone());
        Ok(session)
    }

    /// Ends a session of one case, on a connection that it has not used; answers
    /// whether the target agreed.
    pub async fn end(&self, session: &Session) -> bool {
        let exchange = session::end(&self.client, session).await;
        self.own.lock().await.retain(|own| own.id != session.id);
        exchange
            .answer()
            .is_some_and(|answer| (200..300).contains(&answer.status))
    }

    /// Forgets a session that the target let expire.
    pub async fn forget(&self, session: &Session) {
        self.own.lock().await.retain(|own| own.id != session.id);
    }

    /// Whether the target says that the session is up.
    pub async fn is_up(&self, session: &Session) -> bool {
        session::state(&self.client, session).await.1 == Some(1)
    }

    /// Gives up a shared session that the target no longer knows.
    pub async fn lose(&self, session: &Session) {
        let mut shared = self.shared.lock().await;
        let before = shared.len();
        shared.retain(|_, known| known.id != session.id);
        if shared.len() < before {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often a shared session was lost.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
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
