//! The reference server as a target: on a thread of its own inside this
//! process, with the profile that fits it. It is what a run goes to when
//! nobody names another target.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use serde_json::json;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::reference::{self, Fixtures, Settings};
use crate::target::{
    AddressSource, Hook, Hooks, Limits, Mailbox, Offers, PasswordSource, Profile, Tls, User, Users,
    Workgroups,
};

/// The name of every thread that a reference server runs on. A panic on one of
/// them is an answer of the server (500), not a bug of the harness.
pub const THREAD: &str = "reference-server";

/// The variables in which the passwords of the built-in users are looked for:
/// that of the user who may modify, and that of the user who may not.
pub const PASSWORDS: [(&str, bool); 2] =
    [("ICWS_PASSWORD", true), ("ICWS_RESTRICTED_PASSWORD", false)];

/// The name of the profiles that [`profile_of`] makes.
const PROFILE: &str = "reference";

/// A reference server that answers until it is dropped.
#[derive(Debug)]
pub struct Embedded {
    profile: Profile,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Embedded {
    /// Starts a server with those settings, and its control surface, on a free
    /// loopback port. It takes connections before this returns, and works
    /// under any caller: it has a runtime of its own.
    ///
    /// # Errors
    /// Where the system gives no port, thread or event queue.
    pub fn start(settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let base_url = Url::parse(&base_url).expect("a socket address makes a URL");
        let settings = Settings {
            control: true,
            ..settings
        };
        let profile = profile_of(&settings.fixtures, base_url);
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let (ready, started) = mpsc::channel();
        let thread = thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || serve(listener, settings, &stopped, &ready))?;
        let embedded = Self {
            profile,
            stop,
            thread: Some(thread),
        };
        started
            .recv()
            .unwrap_or_else(|_| Err(io::Error::other("the reference server did not start")))?;
        Ok(embedded)
    }

    /// The profile that fits this server.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Where it listens.
    pub const fn base_url(&self) -> &Url {
        &self.profile.base_url
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic of the server was answered by it already.
            _ = thread.join();
        }
    }
}

/// The profile of a reference server with those fixtures and its control
/// surface, at that address.
///
/// # Panics
/// Where no user of the fixtures may modify.
pub fn profile_of(fixtures: &Fixtures, base_url: Url) -> Profile {
    let user = |may_modify| {
        let user = fixtures.users.iter().find(|u| u.may_modify == may_modify)?;
        let (variable, _) = PASSWORDS.iter().find(|(_, may)| *may == may_modify)?;
        Some(User {
            user_id: user.id.clone(),
            password: user.password.clone().into(),
            password_from: PasswordSource::Env((*variable).to_owned()),
        })
    };
    let scratch = fixtures.workgroups.iter().filter(|group| group.scratch);
    let mailboxes = fixtures.mailboxes.iter().map(|mailbox| Mailbox {
        moniker: mailbox.moniker.clone(),
        folders: mailbox.folders.clone(),
    });
    Profile {
        name: PROFILE.to_owned(),
        base_url,
        address: AddressSource::Key,
        tls: Tls::default(),
        users: Users {
            privileged: user(true).expect("a user of the fixtures may modify"),
            restricted: user(false),
        },
        workgroups: Workgroups {
            scratch: scratch.map(|group| group.id.clone()).collect(),
            absent: vec!["No_Such_Workgroup".to_owned()],
            allow_occupied: true,
        },
        mailboxes: mailboxes.collect(),
        offers: Offers {
            read_back: true,
            features: true,
        },
        hooks: hooks(),
        limits: Limits::default(),
        waivers: Vec::new(),
    }
}

/// Each order names its workgroup, so that it hits no case that runs beside.
fn hooks() -> Hooks {
    let order = |path: &str, json| {
        Some(Hook::Request {
            method: "POST".to_owned(),
            url: format!("{{base_url}}/__control/{path}"),
            json,
        })
    };
    let workgroup = json!({ "workgroup": "{workgroup_id}" });
    Hooks {
        expire_session: order("expire/{session_id}", None),
        fail_next: order(
            "fail-next",
            Some(json!({ "kind": "internal", "workgroup": "{workgroup_id}" })),
        ),
        remove_resource: order("remove-resource", Some(workgroup.clone())),
        restore_resource: order("restore-resource", Some(workgroup)),
    }
}

/// The life of the server's thread.
fn serve(
    listener: TcpListener,
    settings: Settings,
    stop: &CancellationToken,
    ready: &mpsc::Sender<io::Result<()>>,
) {
    // The caller waits for what is told here, so telling it cannot fail.
    let tell = |told| _ = ready.send(told);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return tell(Err(error)),
    };
    runtime.block_on(async {
        let listener = match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => listener,
            Err(error) => return tell(Err(error)),
        };
        tell(Ok(()));
        tokio::select! {
            // Whoever drops the server wants no further answer, so what is
            // under way is cut off.
            () = stop.cancelled() => {}
            result = reference::serve(listener, settings, std::future::pending()) => {
                if let Err(error) = result {
                    tracing::warn!(%error, "the embedded reference server ended");
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn get(url: &Url, path: &str) -> io::Result<String> {
        let address = url.socket_addrs(|| None)?[0];
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    #[test]
    fn it_answers_until_it_is_dropped() {
        let embedded = Embedded::start(Settings::default()).expect("a server");
        let url = embedded.base_url().clone();
        let answer = get(&url, "/icws/connection/features").expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        drop(embedded);
        assert!(get(&url, "/").is_err());
    }

    #[tokio::test]
    async fn it_starts_and_stops_inside_a_runtime() {
        let embedded = Embedded::start(Settings::default()).expect("a server");
        assert_eq!(embedded.profile().base_url, *embedded.base_url());
        drop(embedded);
    }

    #[test]
    fn its_profile_reads_back_as_a_written_one() {
        use crate::target::{PasswordSources, Surroundings, parse, to_toml};
        use std::path::Path;

        let url = Url::parse("http://127.0.0.1:1").expect("a URL");
        let profile = profile_of(&Fixtures::default(), url);
        let [privileged, restricted] =
            PASSWORDS.map(|(variable, _)| PasswordSource::Env(variable.to_owned()));
        let sources = PasswordSources {
            privileged,
            restricted: Some(restricted),
        };
        let surroundings = Surroundings {
            properties: &[],
            directory: Path::new("/"),
            environment: &|_| Some("p".to_owned()),
            read: &|_| Err(io::ErrorKind::NotFound.into()),
        };
        let again = parse(&to_toml(&profile, &sources), "p.toml", &surroundings);
        assert_eq!(
            format!("{:?}", again.expect("a profile")),
            format!("{profile:?}")
        );
    }
}
