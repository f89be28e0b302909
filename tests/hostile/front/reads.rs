//! Reads that do not show what is stored: late ones, and ones from a cache.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::message::{Asked, Reply};
use crate::server::{Server, Session};

/// What was read before.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// What each workgroup held before each change, and when it was changed.
    history: Mutex<HashMap<String, Vec<(Instant, Reply)>>>,
    /// What each read was answered, and when.
    cache: Mutex<HashMap<String, (Instant, Reply)>>,
    session: tokio::sync::Mutex<Option<(u64, Session)>>,
}

impl Reads {
    /// What a read shows that sees everything late; none where that is what is
    /// stored.
    pub(crate) async fn late(
        &self,
        server: &Server,
        asked: &Asked,
        lag: Duration,
    ) -> Option<Reply> {
        if !asked.is_read() {
            return None;
        }
        let body = {
            let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
            let entries = history.get_mut(asked.workgroup()?)?;
            entries.retain(|(changed, _)| changed.elapsed() < lag);
            entries.first()?.1.body.clone()
        };
        // Whether the reader may read is the server's to say.
        let session = asked.session()?;
        let allowed = self.may_read(server, asked).await?;
        let own = self.own_session(server).await?;
        let text = String::from_utf8_lossy(&body).replace(&own.id, session);
        Some(Reply {
            body: text.into_bytes(),
            ..allowed
        })
    }

    async fn may_read(&self, server: &Server, asked: &Asked) -> Option<Reply> {
        let headers = asked.headers.iter().filter(|(name, _)| {
            !["host", "connection", "content-length"].contains(&&*name.to_ascii_lowercase())
        });
        let head: String = headers
            .map(|(name, value)| format!("{name}: {}\r\n", String::from_utf8_lossy(value)))
            .collect();
        let reply = server.ask("GET", &asked.target, &head, "").await.ok()?;
        (reply.status == 200).then_some(Reply {
            closes: false,
            ..reply
        })
    }

    async fn own_session(&self, server: &Server) -> Option<Session> {
        let mut session = self.session.lock().await;
        let (_, life) = server.address();
        match &*session {
            Some((known, session)) if *known == life => Some(session.clone()),
            _ => {
                let opened = server.log_in().await.ok()?;
                *session = Some((life, opened.clone()));
                Some(opened)
            }
        }
    }

    /// What the workgroup holds before an update.
    pub(crate) async fn before(&self, server: &Server, asked: &Asked) -> Option<Reply> {
        let session = self.own_session(server).await?;
        let reply = server.read(&session, asked.workgroup()?).await.ok()?;
        (reply.status == 200).then_some(reply)
    }

    /// Remembers what a workgroup held before an update that is done now.
    pub(crate) fn remember(&self, asked: &Asked, before: Reply) {
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let workgroup = asked.workgroup().unwrap_or_default().to_owned();
        let entries = history.entry(workgroup).or_default();
        entries.push((Instant::now(), before));
    }

    /// What the cache has for a read.
    pub(crate) fn cached(&self, asked: &Asked, keeps: Duration, tells: bool) -> Option<Reply> {
        if !asked.is_read() {
            return None;
        }
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let (kept, reply) = cache.get(&asked.target)?;
        let age = kept.elapsed();
        if age > keeps {
            return None;
        }
        let reply = reply.clone();
        Some(if tells {
            reply
                .with("Age", age.as_secs().to_string())
                .with("X-Cache", "HIT")
        } else {
            reply
        })
    }

    /// Keeps what a read was answered.
    pub(crate) fn keep(&self, asked: &Asked, reply: &Reply) {
        if asked.is_read() && reply.status == 200 {
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            cache.insert(asked.target.clone(), (Instant::now(), reply.clone()));
        }
    }
}
