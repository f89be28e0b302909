//! Which target is meant, and the profile that describes it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Environment;
use crate::embedded::{Embedded, PASSWORDS, profile_of};
use crate::gate::Named;
use crate::reference::{Fixtures, Settings};
use crate::report::Access;
use crate::suites;
use crate::target::{self, AddressSource, Profile, ProfileError, TARGET_URL};

/// The variable that names the profile, where no option names a target.
pub(super) const PROFILE: &str = "ICWS_PROFILE";

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

/// A choice, and who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which target is meant.
    pub choice: Choice,
    /// What named it.
    pub named: Named,
}

/// Why there is no target.
#[derive(Debug, Error)]
pub enum TargetError {
    /// The profile, or a variable that overrides it, is wrong.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The same of a profile that a variable named.
    #[error("{PROFILE}: {0}")]
    ProfileOfVariable(ProfileError),
    /// The address is wrong.
    #[error("{0}: {1}")]
    Url(&'static str, String),
    /// Two targets are named, and nothing says which is meant.
    #[error(
        "{profile} and the environment variable `{TARGET_URL}` both name a target; accepted: one \
         of them. No variable overrides the address of a profile: where that changes from job to \
         job, write `base_url_env = \"NAME\"` in the profile in the place of `base_url`"
    )]
    Both {
        /// What names the profile.
        profile: String,
    },
    /// The embedded reference server does not start.
    #[error("failed to start the embedded reference server: {0}")]
    Embedded(#[from] io::Error),
}

/// A target that can be tested for as long as this lives.
#[derive(Debug)]
pub struct Target {
    profile: Profile,
    server: Option<Embedded>,
    chosen: Chosen,
}

impl Choice {
    /// The target that `run`, `replay`, `cleanup` and `cargo test` go to. Empty
    /// variables count as not set.
    ///
    /// | options               | `ICWS_PROFILE` | `ICWS_TARGET_URL` | target      |
    /// |-----------------------|----------------|-------------------|-------------|
    /// | `--target`            | any            | any               | the URL     |
    /// | `--profile`           | any            | not set           | the profile |
    /// | `--profile`           | any            | set               | an error    |
    /// | neither               | set            | not set           | the profile |
    /// | neither               | not set        | set               | the URL     |
    /// | neither               | set            | set               | an error    |
    /// | neither               | not set        | not set           | embedded    |
    ///
    /// # Errors
    /// Where nothing says which of two is meant.
    pub fn of(
        profile: Option<PathBuf>,
        url: Option<String>,
        environment: Environment<'_>,
    ) -> Result<Chosen, TargetError> {
        let (set_profile, set_url) = (set(environment, PROFILE), set(environment, TARGET_URL));
        let chosen = |choice, named| Ok(Chosen { choice, named });
        let both = |profile| Err(TargetError::Both { profile });
        match (url, profile, set_profile, set_url) {
            (Some(url), ..) => chosen(Self::Url(url), Named::Flag),
            (None, Some(path), _, None) => chosen(Self::Profile(path), Named::Flag),
            (None, Some(path), _, Some(_)) => both(format!("--profile `{}`", path.display())),
            (None, None, Some(path), None) => chosen(Self::Profile(path.into()), Named::Variable),
            (None, None, None, Some(url)) => chosen(Self::Url(url), Named::Variable),
            (None, None, Some(path), Some(_)) => {
                both(format!("the environment variable `{PROFILE}` (`{path}`)"))
            }
            (None, None, None, None) => chosen(Self::Embedded, Named::Nothing),
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
}

impl Chosen {
    /// What a profile names that an option does.
    pub fn of_option(path: &Path) -> Self {
        Self {
            choice: Choice::Profile(path.to_owned()),
            named: Named::Flag,
        }
    }

    /// Whether it is a reference server inside this process.
    pub fn is_embedded(&self) -> bool {
        self.choice == Choice::Embedded
    }

    /// Reads the profile and applies the overrides of the environment, or
    /// starts the embedded server. Nothing is sent.
    ///
    /// # Errors
    /// The first mistake found, in one line.
    pub fn open(&self, environment: Environment<'_>) -> Result<Target, TargetError> {
        let (profile, server) = match &self.choice {
            Choice::Profile(path) => {
                let loaded = load(path, environment);
                let loaded = loaded.map_err(|error| match self.named {
                    Named::Variable => TargetError::ProfileOfVariable(error),
                    Named::Flag | Named::Nothing => TargetError::Profile(error),
                });
                (loaded?, None)
            }
            Choice::Url(url) => {
                let (source, name) = match self.named {
                    Named::Variable => (AddressSource::Variable, TARGET_URL),
                    Named::Flag | Named::Nothing => (AddressSource::Option, "--target"),
                };
                let url = target::parse_base_url(url);
                let url = url.map_err(|problem| TargetError::Url(name, problem))?;
                let profile = Profile {
                    address: source,
                    ..profile_of(&fixtures(environment), url)
                };
                (profile.with_overrides(environment)?, None)
            }
            Choice::Embedded => {
                let settings = Settings {
                    fixtures: fixtures(environment),
                    ..Settings::default()
                };
                let server = Embedded::start(settings)?;
                let profile = server.profile().clone().with_overrides(environment)?;
                (profile, Some(server))
            }
        };
        Ok(Target {
            profile,
            server,
            chosen: self.clone(),
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

    /// What named it.
    pub const fn named(&self) -> Named {
        self.chosen.named
    }

    /// The file that describes it.
    pub fn profile_path(&self) -> Option<&Path> {
        match &self.chosen.choice {
            Choice::Profile(path) => Some(path),
            Choice::Url(_) | Choice::Embedded => None,
        }
    }

    /// How it is got at by whoever reads a report.
    pub fn access(&self) -> Access {
        let options = self.chosen.choice.options();
        Access::of(&self.profile, options, self.is_embedded())
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
    let properties: Vec<_> = suites::all().iter().map(|property| property.id).collect();
    target::load_with(path, environment, &properties)
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
    fn an_option_wins_then_a_variable_and_two_that_name_one_are_refused() {
        let chosen = |profile: Option<&str>, url: Option<&str>, variables: [&str; 2]| {
            let variables = [(PROFILE, variables[0]), (TARGET_URL, variables[1])];
            let (profile, url) = (profile.map(PathBuf::from), url.map(str::to_owned));
            let chosen = Choice::of(profile, url, &environment(&variables));
            chosen.map(|chosen| (chosen.choice, chosen.named))
        };
        let profile = |path: &str| Choice::Profile(path.into());
        let url = |url: &str| Choice::Url(url.to_owned());
        for (typed, typed_url, variables, choice, named) in [
            (
                None,
                Some("http://b:2"),
                ["p.toml", "http://a:1"],
                url("http://b:2"),
                Named::Flag,
            ),
            (
                Some("q.toml"),
                None,
                ["p.toml", ""],
                profile("q.toml"),
                Named::Flag,
            ),
            (
                None,
                None,
                ["p.toml", ""],
                profile("p.toml"),
                Named::Variable,
            ),
            (
                None,
                None,
                ["", "http://a:1"],
                url("http://a:1"),
                Named::Variable,
            ),
            (None, None, ["", ""], Choice::Embedded, Named::Nothing),
        ] {
            let seen = chosen(typed, typed_url, variables).expect("a choice");
            assert_eq!(
                seen,
                (choice, named),
                "{typed:?} {typed_url:?} {variables:?}"
            );
        }
        for (typed, variables, expected) in [
            (
                Some("q.toml"),
                ["", "http://a:1"],
                "--profile `q.toml` and the environment",
            ),
            (
                None,
                ["p.toml", "http://a:1"],
                "the environment variable `ICWS_PROFILE` (`p.toml`)",
            ),
        ] {
            let error = chosen(typed, None, variables)
                .expect_err("two targets")
                .to_string();
            assert!(error.starts_with(expected), "{error}");
            assert!(error.contains("`ICWS_TARGET_URL` both name"), "{error}");
            assert!(error.contains("base_url_env"), "{error}");
        }
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
            let named = Named::Flag;
            let target = Chosen { choice, named }.open(&environment);
            let target = target.expect("a target");
            let profile = target.profile();
            let users = &profile.users;
            assert_eq!(users.privileged.password.expose_secret(), "planted");
            let restricted = users.restricted.as_ref().expect("a second user");
            assert_ne!(restricted.password.expose_secret(), "planted");
            assert_eq!(profile.limits.concurrency, 3);
            assert_ne!(profile.base_url.host_str(), Some("elsewhere"));
            assert_eq!(target.named(), Named::Flag);
        }
    }

    #[test]
    fn a_wrong_address_says_who_named_it_and_what_is_accepted() {
        for (named, start) in [
            (Named::Flag, "--target: a URL with the scheme `ftp`"),
            (
                Named::Variable,
                "ICWS_TARGET_URL: a URL with the scheme `ftp`",
            ),
        ] {
            let choice = Choice::Url("ftp://h".to_owned());
            let opened = Chosen { choice, named }.open(&|_| None);
            let error = opened.expect_err("no such scheme").to_string();
            assert!(error.starts_with(start), "{error}");
        }
        let choice = Choice::Profile("no/such.toml".into());
        let named = Named::Variable;
        let opened = Chosen { choice, named }.open(&|_| None);
        let error = opened.expect_err("no such file").to_string();
        let start = "ICWS_PROFILE: profile `no/such.toml`: no such file";
        assert!(error.starts_with(start), "{error}");
    }
}
