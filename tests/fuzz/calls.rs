//! What is asked, as far as a front sees it.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// The calls of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Login,
    About,
    Session,
    ReadBack,
    Update,
    Hook,
}

impl Call {
    pub(crate) const ALL: [Self; 6] = [
        Self::Login,
        Self::About,
        Self::Session,
        Self::ReadBack,
        Self::Update,
        Self::Hook,
    ];

    fn of(method: &[u8], path: &[u8]) -> Self {
        let path = String::from_utf8_lossy(path);
        let path = path.split('?').next().unwrap_or_default();
        if path.contains("/__control/") {
            Self::Hook
        } else if path.ends_with("/monitored-mailboxes") {
            Self::Update
        } else if path.contains("/configuration/") {
            Self::ReadBack
        } else if method == b"POST" {
            Self::Login
        } else if path.ends_with("/icws/connection/features")
            || path.ends_with("/icws/connection/version")
        {
            Self::About
        } else {
            Self::Session
        }
    }
}

/// Reads along what a client sends on one connection.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    kept: Vec<u8>,
    /// Up to where `kept` was looked through.
    seen: usize,
}

/// So much of a request line is waited for.
const LINE_MAX: usize = 8192;

impl Listener {
    /// The calls that begin in these bytes.
    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Vec<Call> {
        static LINE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(GET|POST|PUT|DELETE) ([^ \r\n]+) HTTP/1\.[01]\r\n")
                .expect("the pattern is constant")
        });
        self.kept.extend_from_slice(bytes);
        let mut calls = Vec::new();
        while let Some(found) = LINE.captures(&self.kept[self.seen..]) {
            calls.push(Call::of(&found[1], &found[2]));
            self.seen += found.get(0).map_or(0, |line| line.end());
        }
        let excess = self.kept.len().saturating_sub(LINE_MAX);
        self.kept.drain(..excess);
        self.seen = self.seen.saturating_sub(excess);
        calls
    }
}
