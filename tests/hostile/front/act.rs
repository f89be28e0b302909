//! What a front can do with a request: data, without the way it is done.

use std::time::Duration;

use icws_conformance::reference::Fixtures;

use super::memory::Memory;
use super::message::{Asked, Reply};

/// One thing that is done on a connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Writes bytes.
    Bytes(Vec<u8>),
    /// Writes bytes beneath TLS.
    Beneath(Vec<u8>),
    /// Writes bytes one by one, with that pause between them.
    Drip(Vec<u8>, Duration),
    /// Waits.
    Pause(Duration),
    /// Closes the writing side, and reads on.
    HalfClose,
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
    /// Says a fatal alert, over TLS, and closes.
    Alert,
    /// Never does anything again.
    Hang,
}

/// What is done with a request.
pub(crate) type Script = Vec<Step>;

/// What is said in place of the server, if anything.
pub(crate) type Say = Box<dyn Fn(&Asked, &mut Memory) -> Option<Script> + Send + Sync>;

/// What becomes of the server's answer.
pub(crate) type Change = Box<dyn Fn(&Asked, Reply, &mut Memory) -> Script + Send + Sync>;

/// What a front does with the requests that it is about.
pub(crate) enum Act {
    /// The request does not reach the server.
    Instead(Say),
    /// The request reaches the server; its answer is another.
    After(Change),
    /// Something is said before the first byte of the request is read.
    Early(Say),
    /// The request waits for that long.
    Wait(Duration),
    /// Reads see what was stored that long ago.
    Lag(Duration),
    /// Reads come from a cache that keeps them for that long.
    Cache {
        /// How long.
        keeps: Duration,
        /// Whether `Cache-Control: no-cache` is heeded.
        heeds: bool,
        /// Whether it says `Age` and `X-Cache`.
        tells: bool,
    },
    /// The request's session expires before the server sees the request.
    Expire,
    /// The server is started anew before it sees the request, holding that.
    Restart(fn() -> Fixtures),
    /// The connection is closed when it was idle for that long.
    IdleClose {
        /// How long.
        after: Duration,
        /// What is said before.
        says: Option<fn() -> Reply>,
    },
    /// The listener is gone for that long, and the connections with it.
    Away(Duration),
    /// New connections get another certificate, and the old ones are closed.
    Certificate,
}

/// How often it is done, of the requests that it is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Often {
    /// Always.
    #[default]
    Always,
    /// Every n-th time.
    Every(u64),
    /// That many times, and then never again.
    Times(u64),
    /// For that long.
    For(Duration),
}

/// From when on it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// From the first request on.
    Start,
    /// When the first login was answered.
    Login,
    /// From the middle of the run on.
    Middle,
}

impl Moment {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Start, Self::Login, Self::Middle];

    /// The word in the names of trials.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Login => "login",
            Self::Middle => "middle",
        }
    }
}

/// Which requests it is about.
pub(crate) type Calls = fn(&Asked) -> bool;

/// A reply as it stands.
pub(crate) fn plainly(reply: &Reply) -> Script {
    let mut script = vec![Step::Bytes(reply.bytes())];
    if reply.closes {
        script.push(Step::Close);
    }
    script
}
