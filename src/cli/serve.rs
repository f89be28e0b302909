//! `serve`: the reference server as a process of its own.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::arguments::ServeArguments;
use super::suggestion::suggestion;
use super::target::fixtures;
use super::{Environment, Failure, exit, signals};
use crate::embedded::{self, profile_of};
use crate::reference::{self, FAULTS, Settings, VARIANTS};
use crate::report::file::PendingFile;
use crate::target::{PasswordSource, PasswordSources, Profile, User, to_toml};

/// The first line of a profile that was written here. Only such a file is
/// ever replaced, so a profile written by hand is not lost to a slip.
const MARK: &str = "# Written by `icws-conformance serve`, which may replace it.";

/// How long answers under way may take once an end was asked for.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until it is interrupted. The profile is there before the line that
/// says so is printed.
pub(super) fn serve(typed: &ServeArguments, environment: Environment<'_>) -> Result<u8, Failure> {
    let settings = settings(typed, environment)?;
    if let Some(path) = &typed.profile_out {
        may_replace(path)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(embedded::THREAD)
        .enable_all()
        .build()
        .map_err(|error| Failure::usage(format!("failed to start a runtime: {error}")))?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(&typed.listen).await.map_err(|error| {
            Failure::usage(format!(
                "--listen: failed to listen at `{}`: {error}; {}",
                typed.listen,
                place(&typed.listen)
            ))
        })?;
        let failed = |error: io::Error| Failure::usage(format!("failed to serve: {error}"));
        let address = listener.local_addr().map_err(failed)?;
        if let Some(path) = &typed.profile_out {
            let profile = profile_of(&settings.fixtures, base_url(address));
            write_profile(&profile, path)?;
        }
        let stop = CancellationToken::new();
        signals::stop_on_interrupt(stop.clone(), None).map_err(failed)?;
        super::print(format!("listening http://{address}\n").as_bytes())?;
        let stopped = stop.clone();
        let serving = reference::serve(listener, settings, async move {
            stopped.cancelled().await;
        });
        tokio::select! {
            served = serving => served.map_err(failed),
            () = async { stop.cancelled().await; tokio::time::sleep(GRACE).await } => Ok(()),
        }
    });
    // What still answers is cut off.
    runtime.shutdown_background();
    served.map(|()| exit::CONFORMS)
}

/// Where a server can listen, for somebody who typed something else.
fn place(typed: &str) -> String {
    let port = typed
        .rsplit(':')
        .next()
        .and_then(|port| port.parse::<u16>().ok());
    let host = typed.rsplit_once(':').map_or("", |(host, _)| host);
    let accepted = "accepted: HOST:PORT of this machine, such as `127.0.0.1:0`";
    let mended = match (port, host) {
        (Some(port), "" | "http" | "https") => format!("127.0.0.1:{port}"),
        (Some(_), _) => return accepted.to_owned(),
        (None, _) => match typed.strip_prefix("http://") {
            Some(rest) => rest.trim_end_matches('/').to_owned(),
            None if typed.is_empty() => return accepted.to_owned(),
            None => format!("{}:0", typed.trim_end_matches(':')),
        },
    };
    match mended.parse::<SocketAddr>() {
        Ok(_) => format!("did you mean `{mended}`? {accepted}"),
        Err(_) => accepted.to_owned(),
    }
}

fn settings(typed: &ServeArguments, environment: Environment<'_>) -> Result<Settings, Failure> {
    let unknown = |option: &str, name: &str, names: Vec<&str>| {
        let remedy = suggestion(name, &names);
        Failure::usage(format!("--{option}: unknown {option} `{name}`; {remedy}"))
    };
    let mut settings = Settings {
        fixtures: fixtures(environment),
        control: true,
        latency: Duration::from_millis(typed.latency_ms),
        ..Settings::default()
    };
    for name in &typed.fault {
        let row = FAULTS.iter().find(|row| row.name == name);
        let names = || FAULTS.iter().map(|row| row.name).collect();
        let row = row.ok_or_else(|| unknown("fault", name, names()))?;
        settings.faults.insert(row.fault);
    }
    for name in &typed.variant {
        let row = VARIANTS.iter().find(|row| row.name == name);
        let names = || VARIANTS.iter().map(|row| row.name).collect();
        let row = row.ok_or_else(|| unknown("variant", name, names()))?;
        settings.variants.insert(row.variant);
    }
    Ok(settings)
}

/// Where a client on this machine reaches the server: nobody can connect to
/// "every address".
fn base_url(address: SocketAddr) -> Url {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(ip, address.port());
    Url::parse(&format!("http://{address}")).expect("a socket address makes a URL")
}

/// Refuses to replace what was not written here.
fn may_replace(path: &Path) -> Result<(), Failure> {
    let mut first = String::new();
    let read = File::open(path).and_then(|file| BufReader::new(file).read_line(&mut first));
    match read {
        Ok(_) if first.trim_end() == MARK => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        _ => Err(Failure::usage(format!(
            "--profile-out: `{}` exists and was not written by `serve`; accepted: a new name, or a \
             profile that `serve` wrote",
            path.display()
        ))),
    }
}

/// Writes the profile, and beside it each password in a file that only its
/// owner may read.
fn write_profile(profile: &Profile, path: &Path) -> Result<(), Failure> {
    let users = &profile.users;
    let privileged = write_password(&users.privileged, path, "privileged")?;
    let restricted = users
        .restricted
        .as_ref()
        .map(|user| write_password(user, path, "restricted"))
        .transpose()?;
    let sources = PasswordSources {
        privileged,
        restricted,
    };
    let text = format!("{MARK}\n{}", to_toml(profile, &sources));
    PendingFile::create(path)
        .and_then(|file| file.write(text.as_bytes()))
        .map_err(|error| cannot_write(path, &error))
}

fn write_password(user: &User, profile: &Path, kind: &str) -> Result<PasswordSource, Failure> {
    let name = profile.file_name().and_then(|name| name.to_str());
    let Some(name) = name.map(|name| format!("{name}.{kind}-password")) else {
        let error = io::Error::new(io::ErrorKind::InvalidFilename, "no file name in UTF-8");
        return Err(cannot_write(profile, &error));
    };
    let path: PathBuf = profile.with_file_name(&name);
    // The reader of a password file drops one line feed at its end.
    let content = format!("{}\n", user.password.expose_secret());
    PendingFile::create_private(&path)
        .and_then(|file| file.write(content.as_bytes()))
        .map_err(|error| cannot_write(&path, &error))?;
    Ok(PasswordSource::File(name))
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!(
        "--profile-out: failed to write `{}`: {error}; accepted: a file in an existing folder",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Fixtures;
    use crate::target;

    #[test]
    fn a_port_or_a_host_alone_is_offered_with_the_other_half() {
        for (typed, mended) in [
            ("8018", "127.0.0.1:8018"),
            (":8018", "127.0.0.1:8018"),
            ("127.0.0.1", "127.0.0.1:0"),
            ("http://127.0.0.1:8018/", "127.0.0.1:8018"),
        ] {
            let offered = format!("did you mean `{mended}`? accepted: HOST:PORT");
            assert!(place(typed).starts_with(&offered), "{typed}");
        }
        for typed in ["nowhere", "", "192.0.2.1:8018", "nowhere:99999"] {
            assert!(place(typed).starts_with("accepted: HOST:PORT"), "{typed}");
        }
    }

    #[test]
    fn a_profile_is_reached_where_the_server_listens() {
        for (address, expected) in [
            ("127.0.0.1:80", "http://127.0.0.1/"),
            ("0.0.0.0:8018", "http://127.0.0.1:8018/"),
            ("[::]:8018", "http://[::1]:8018/"),
        ] {
            let address = address.parse().expect("an address");
            assert_eq!(base_url(address).as_str(), expected);
        }
    }

    #[test]
    fn a_written_profile_loads_and_may_be_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("p.toml");
        let profile = profile_of(
            &Fixtures::default(),
            base_url("127.0.0.1:8018".parse().expect("an address")),
        );
        for _ in 0..2 {
            may_replace(&path).expect("new, or our own");
            write_profile(&profile, &path).expect("written");
        }
        let mut again = target::load_with(&path, &|_| None, &[]).expect("a profile");
        let users = |profile: &Profile| {
            let restricted = profile.users.restricted.clone().expect("a second user");
            [profile.users.privileged.clone(), restricted]
        };
        let kinds = ["privileged", "restricted"];
        for ((read, written), kind) in users(&again).iter().zip(users(&profile)).zip(kinds) {
            assert_eq!(read.user_id, written.user_id);
            let (one, other) = (&read.password, &written.password);
            assert_eq!(one.expose_secret(), other.expose_secret());
            let file = folder.path().join(format!("p.toml.{kind}-password"));
            let file = PasswordSource::File(file.display().to_string());
            assert_eq!(read.password_from, file);
        }
        again.users.clone_from(&profile.users);
        assert_eq!(format!("{again:?}"), format!("{profile:?}"));
        std::fs::write(&path, "name = \"mine\"\n").expect("a file");
        let failure = may_replace(&path).expect_err("not ours");
        assert!(failure.message.contains("was not written by `serve`"));
    }
}
