//! Which target is meant, and the profile that describes it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Environment;
use crate::embedded::{Embedded, PASSWORDS, profile_of};
use crate::reference::{Fixtures, Settings};
use crate::report::Access;
use crate::target::{self, Profile, ProfileError};

/// The variable that overrides every profile's address.
pub(super) const TARGET_URL: &str = "ICWS_TARGET_URL";
/// The variable that names the profile of `cargo test`.
const PROFILE: &str = "ICWS_PROFILE";

/// Which target is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The one that a profile describes.
    Profile(PathBuf),
    /// A reference server with the built-in fixtures at that address.
    Url(String),
    /// A reference server inside this process.
    Embedded,
}

/// Why there is no target.
#[derive(Debug, Error)]
pub enum TargetError {
    /// The profile, or a variable that overrides it, is wrong.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The address is wrong.
    #[error("target: {0}")]
    Url(String),
    /// The embedded reference server does not start.
    #[error("failed to start the embedded reference server: {0}")]
    Embedded(#[from] io::Error),
}

/// A target that can be tested for as long as this lives.
#[derive(Debug)]
pub struct Target {
    profile: Profile,
    server: Option<Embedded>,
    options: Vec<String>,
}

impl Choice {
    /// The target that `cargo test` is to test: the profile that
    /// `ICWS_PROFILE` names, or the built-in fixtures at `ICWS_TARGET_URL`, or
    /// an embedded reference server. Empty variables count as not set.
    pub fn of_environment(environment: Environment<'_>) -> Self {
        match set(environment, PROFILE) {
            Some(path) => Self::Profile(path.into()),
            None => Self::of_command_line(None, None, environment),
        }
    }

    /// The target that `run` is to test. Without a profile, `ICWS_TARGET_URL`
    /// overrides the address of the embedded server: it is then another one
    /// that is tested, with the built-in fixtures.
    pub fn of_command_line(
        profile: Option<PathBuf>,
        url: Option<String>,
        environment: Environment<'_>,
    ) -> Self {
        match (profile, url.or_else(|| set(environment, TARGET_URL))) {
            (Some(path), _) => Self::Profile(path),
            (None, Some(url)) => Self::Url(url),
            (None, None) => Self::Embedded,
        }
    }

    /// The options of the command line that mean the same.
    pub fn options(&self) -> Vec<String> {
        match self {
            Self::Profile(path) => vec!["--profile".to_owned(), path.display().to_string()],
            Self::Url(url) => vec!["--target".to_owned(), url.clone()],
            Self::Embedded => Vec::new(),
        }
    }

    /// Reads the profile and applies the overrides of the environment, or
    /// starts the embedded server. Nothing is sent.
    ///
    /// # Errors
    /// The first mistake found, in one line.
    pub fn open(&self, environment: Environment<'_>) -> Result<Target, TargetError> {
        let (profile, server) = match self {
            Self::Profile(path) => (load(path, environment)?, None),
            Self::Url(url) => {
                let url = target::parse_base_url(url).map_err(TargetError::Url)?;
                let profile = profile_of(&fixtures(environment), url);
                (with_limits(profile, environment)?, None)
            }
            Self::Embedded => {
                let settings = Settings {
                    fixtures: fixtures(environment),
                    ..Settings::default()
                };
                let server = Embedded::start(settings)?;
                let profile = with_limits(server.profile().clone(), environment)?;
                (profile, Some(server))
            }
        };
        Ok(Target {
            profile,
            server,
            options: self.options(),
        })
    }
}

impl Target {
    /// How it is tested.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether it is the embedded reference server.
    pub const fn is_embedded(&self) -> bool {
        self.server.is_some()
    }

    /// How it is got at by whoever reads a report.
    pub fn access(&self) -> Access {
        Access::of(&self.profile, self.options.clone(), self.is_embedded())
    }
}

/// The built-in fixtures, with the passwords that the environment sets.
pub fn fixtures(environment: Environment<'_>) -> Fixtures {
    let mut fixtures = Fixtures::default();
    for (variable, may_modify) in PASSWORDS {
        let users = fixtures.users.iter_mut();
        if let Some(password) = set(environment, variable)
            && let Some(user) = users.into_iter().find(|user| user.may_modify == may_modify)
        {
            user.password = password;
        }
    }
    fixtures
}

fn load(path: &Path, environment: Environment<'_>) -> Result<Profile, ProfileError> {
    target::load_with(path, environment)
}

/// The overrides but that of the address, which was chosen already.
fn with_limits(profile: Profile, environment: Environment<'_>) -> Result<Profile, ProfileError> {
    profile.with_overrides(&|name| environment(name).filter(|_| name != TARGET_URL))
}

fn set(environment: Environment<'_>, name: &str) -> Option<String> {
    environment(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn environment<'a>(
        variables: &'a [(&'a str, &'a str)],
    ) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn the_nearest_wish_wins() {
        let both = environment(&[(PROFILE, "p.toml"), (TARGET_URL, "http://a:1")]);
        let none = environment(&[(PROFILE, ""), (TARGET_URL, "")]);
        let url = || Some("http://b:2".to_owned());
        let chosen = Choice::of_command_line;
        assert_eq!(
            chosen(None, url(), &both),
            Choice::Url("http://b:2".to_owned())
        );
        assert_eq!(
            chosen(None, None, &both),
            Choice::Url("http://a:1".to_owned())
        );
        assert_eq!(chosen(None, None, &none), Choice::Embedded);
        let profile = Choice::Profile("q.toml".into());
        assert_eq!(chosen(Some("q.toml".into()), None, &both), profile);
        let profile = Choice::Profile("p.toml".into());
        assert_eq!(Choice::of_environment(&both), profile);
        assert_eq!(Choice::of_environment(&none), Choice::Embedded);
    }

    #[test]
    fn built_in_users_take_their_passwords_and_limits_from_the_environment() {
        let variables = [
            ("ICWS_PASSWORD", "planted"),
            ("ICWS_CONCURRENCY", "3"),
            (TARGET_URL, "http://elsewhere:1"),
        ];
        let environment = environment(&variables);
        for choice in [
            Choice::Url("http://localhost:1".to_owned()),
            Choice::Embedded,
        ] {
            let target = choice.open(&environment).expect("a target");
            let profile = target.profile();
            let users = &profile.users;
            assert_eq!(users.privileged.password.expose_secret(), "planted");
            let restricted = users.restricted.as_ref().expect("a second user");
            assert_ne!(restricted.password.expose_secret(), "planted");
            assert_eq!(profile.limits.concurrency, 3);
            assert_ne!(profile.base_url.host_str(), Some("elsewhere"));
            assert_eq!(target.is_embedded(), choice == Choice::Embedded);
        }
    }

    #[test]
    fn a_wrong_address_says_what_is_accepted() {
        let choice = Choice::Url("ftp://h".to_owned());
        let error = choice
            .open(&|_| None)
            .expect_err("no such scheme")
            .to_string();
        assert!(
            error.starts_with("target: a URL with the scheme `ftp`"),
            "{error}"
        );
    }
}
