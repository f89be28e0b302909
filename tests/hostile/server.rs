//! The server behind the front: the project's own, on a thread of its own, and
//! what it holds, looked at without the front.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use icws_conformance::embedded::Embedded;
use icws_conformance::reference::{Fixtures, Settings};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::front::message::{Reply, read_reply};

/// The server; it can be started anew.
#[derive(Debug)]
pub(crate) struct Server {
    running: Mutex<(Embedded, u64)>,
}

/// What every workgroup holds: its mailboxes, as texts, sorted.
pub(crate) type State = BTreeMap<String, Vec<String>>;

/// A session of the front's own.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Its id.
    pub(crate) id: String,
    cookie: String,
    token: String,
}

impl Server {
    /// Starts it.
    pub(crate) fn start(settings: Settings) -> io::Result<Self> {
        Ok(Self {
            running: Mutex::new((Embedded::start(settings)?, 0)),
        })
    }

    /// Starts it anew, holding that.
    pub(crate) fn restart(&self, fixtures: Fixtures) -> io::Result<()> {
        let settings = Settings {
            fixtures,
            ..Settings::default()
        };
        let anew = Embedded::start(settings)?;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let life = running.1 + 1;
        let before = std::mem::replace(&mut *running, (anew, life));
        drop(running);
        drop(before);
        Ok(())
    }

    /// Where it listens, and how often it was started anew.
    pub(crate) fn address(&self) -> (SocketAddr, u64) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let url = running.0.base_url();
        let address = url.socket_addrs(|| None).expect("an address")[0];
        (address, running.1)
    }

    /// A session of its privileged user.
    pub(crate) async fn log_in(&self) -> io::Result<Session> {
        let user = &Fixtures::default().users[0];
        let body = json!({
            "__type": "urn:inin.com:connection:icAuthConnectionRequestSettings",
            "applicationName": "hostile", "userID": user.id, "password": user.password,
        });
        let head = "Accept-Language: en-US\r\nContent-Type: application/json\r\n";
        let reply = self
            .ask("POST", "/icws/connection", head, &body.to_string())
            .await?;
        let body: Value = serde_json::from_slice(&reply.body)?;
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let cookie = reply.header("Set-Cookie").unwrap_or_default();
        let cookie = String::from_utf8_lossy(cookie).into_owned();
        Ok(Session {
            id: text("sessionId"),
            token: text("csrfToken"),
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
        })
    }

    /// What it answers to one request on a connection of its own.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        head: &str,
        body: &str,
    ) -> io::Result<Reply> {
        let (address, _) = self.address();
        let mut stream = TcpStream::connect(address).await?;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: server\r\n{head}Connection: close\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        read_reply(&mut stream, &mut Vec::new(), method).await
    }

    /// What it answers to a read of a workgroup, as it is written in a path.
    pub(crate) async fn read(&self, session: &Session, workgroup: &str) -> io::Result<Reply> {
        let id = &session.id;
        let path =
            format!("/icws/{id}/configuration/workgroups/{workgroup}?select=monitoredMailboxes");
        let head = format!(
            "ININ-ICWS-CSRF-Token: {}\r\nCookie: {}\r\nAccept: application/json\r\n",
            session.token, session.cookie
        );
        self.ask("GET", &path, &head, "").await
    }

    /// What every workgroup holds now.
    pub(crate) fn state(&self) -> io::Result<State> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let session = self.log_in().await?;
            let mut state = State::new();
            for group in Fixtures::default().workgroups {
                let name = utf8_percent_encode(&group.id, NON_ALPHANUMERIC).to_string();
                let reply = self.read(&session, &name).await?;
                let body: Value = serde_json::from_slice(&reply.body)?;
                let held = body["monitoredMailboxes"].as_array();
                let held = held.into_iter().flatten().map(|mailbox| {
                    let mut mailbox = mailbox.clone();
                    // Its address names the session that looks.
                    if let Some(id) = mailbox["configurationId"].as_object_mut() {
                        id.shift_remove("uri");
                    }
                    mailbox.to_string()
                });
                let mut held: Vec<_> = held.collect();
                held.sort_unstable();
                state.insert(group.id, held);
            }
            Ok(state)
        })
    }
}

/// How many mailboxes are in one of the two states only.
pub(crate) fn differing(before: &State, after: &State) -> usize {
    let one_way = |one: &State, other: &State| -> usize {
        let missing = |(id, held): (&String, &Vec<String>)| {
            let there = other.get(id);
            let is_there = |mailbox: &&String| there.is_some_and(|there| there.contains(mailbox));
            held.iter().filter(|mailbox| !is_there(mailbox)).count()
        };
        one.iter().map(missing).sum()
    };
    one_way(before, after) + one_way(after, before)
}
