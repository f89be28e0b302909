//! Where requests go: scheme, host and port of a target or of one of its
//! alternate hosts.

use std::fmt;
use std::sync::Arc;

use hyper::http::uri::Authority;
use url::{Host, Url};

/// Scheme, host and port. Clones are cheap.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin(Arc<Place>);

#[derive(PartialEq, Eq, Hash)]
struct Place {
    encrypted: bool,
    host: Host<String>,
    port: u16,
}

impl Origin {
    /// The origin of an `http` or `https` url; its path is left aside.
    pub fn of(url: &Url) -> Option<Self> {
        let encrypted = match url.scheme() {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        Some(Self(Arc::new(Place {
            encrypted,
            host: url.host()?.to_owned(),
            port: url.port_or_known_default()?,
        })))
    }

    /// An alternate host, `host` or `host:port`, with this origin's scheme
    /// and, where none is given, its port. `None` when it is no host.
    pub fn with_host(&self, host: &str) -> Option<Self> {
        let authority: Authority = host.trim().parse().ok()?;
        if authority.as_str().contains('@') {
            return None;
        }
        let port = match &authority.as_str()[authority.host().len()..] {
            "" => self.0.port,
            given => given.strip_prefix(':')?.parse().ok()?,
        };
        Some(Self(Arc::new(Place {
            encrypted: self.0.encrypted,
            host: Host::parse(authority.host()).ok()?,
            port,
        })))
    }

    /// Whether requests travel over TLS.
    pub fn is_encrypted(&self) -> bool {
        self.0.encrypted
    }

    /// The port, the scheme's default one written out.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// The host as a resolver and a certificate know it: without brackets.
    pub(super) fn name(&self) -> String {
        match &self.0.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }

    /// The value of the `Host` header.
    pub(super) fn authority(&self) -> String {
        let default = if self.0.encrypted { 443 } else { 80 };
        if self.0.port == default {
            self.0.host.to_string()
        } else {
            format!("{}:{}", self.0.host, self.0.port)
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.0.encrypted { "https" } else { "http" };
        write!(out, "{scheme}://{}", self.authority())
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Origin {
        Origin::of(&Url::parse(url).expect("a url")).expect("an origin")
    }

    #[test]
    fn an_alternate_host_keeps_the_scheme_and_a_port_not_given() {
        let main = origin("https://icws.example:8019/ignored");
        let alternate = |host| main.with_host(host).map(|origin| origin.to_string());
        assert_eq!(alternate("b"), Some("https://b:8019".to_owned()));
        assert_eq!(alternate(" b:99 "), Some("https://b:99".to_owned()));
        assert_eq!(alternate("b:443"), Some("https://b".to_owned()));
        assert_eq!(alternate("[::1]:80"), Some("https://[::1]:80".to_owned()));
        for bad in ["", "b:port", "b:", "me@b", "b/path", "a b", "http://b"] {
            assert_eq!(alternate(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_are_without_brackets_and_only_http_counts() {
        assert_eq!(origin("http://[::1]:8018").name(), "::1");
        assert_eq!(origin("http://[::1]:8018").authority(), "[::1]:8018");
        assert_eq!(origin("http://a").port(), 80);
        assert!(Origin::of(&Url::parse("ftp://a").expect("a url")).is_none());
    }
}
