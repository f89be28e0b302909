//! The target's profile: where it is, who may log in, what the harness may
//! change there, and which limits it keeps to.
//!
//! Two stages: `document` holds what was typed, `meaning` makes a
//! [`Profile`] of it. Reading the profile file and what it names (a password's
//! source, a trust anchor) is this part's only effect and happens in [`load`];
//! [`parse`] below it takes both as functions. It never talks to the target.

mod base_url;
mod credentials;
mod date;
mod document;
mod error;
mod hook;
mod keys;
mod limits;
mod meaning;
mod overrides;
mod profile;
mod write;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod slips;

use std::io;
use std::path::Path;

pub use base_url::parse_base_url;
pub use date::Date;
pub use error::{Origin, ProfileError};
pub use hook::{Hook, Hooks};
pub use limits::Limits;
pub use overrides::OVERRIDES;
pub use profile::{
    AddressSource, Authority, Mailbox, Offers, PasswordSource, Profile, Tls, User, Users, Waiver,
    Workgroups, names_property,
};
pub use write::{PasswordSources, to_toml};

/// The variable that names the address of a server with the built-in fixtures.
pub const TARGET_URL: &str = "ICWS_TARGET_URL";

/// The profile in the file `path`, with the overrides of the real environment.
/// Nobody says which properties there are, so waivers may name any.
///
/// # Errors
/// The first mistake found, in the file or in an override.
pub fn load(path: &Path) -> Result<Profile, ProfileError> {
    load_with(path, &|name| std::env::var(name).ok(), &[])
}

/// The profile in the file `path`, with passwords, address and overrides looked up
/// in `environment`. A waiver has to name one of these properties, where there
/// are any.
///
/// # Errors
/// The first mistake found, in the file or in an override.
pub fn load_with(
    path: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
    properties: &[&str],
) -> Result<Profile, ProfileError> {
    let file_name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        let (problem, remedy) = match error.kind() {
            io::ErrorKind::NotFound => (
                "no such file".to_owned(),
                "name an existing profile, or write one with `serve --profile-out FILE`",
            ),
            _ => (
                format!("failed to read the file: {error}"),
                "accepted: a readable TOML file",
            ),
        };
        ProfileError::of_file(&file_name, problem, remedy)
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| ProfileError::of_file(&file_name, "not UTF-8", "accepted: TOML in UTF-8"))?;
    // Absolute, so that a profile written elsewhere still finds its files.
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let directory = absolute.parent().unwrap_or(Path::new(""));
    let surroundings = Surroundings {
        directory,
        environment,
        read: &|path| std::fs::read(path),
        properties,
    };
    parse(&text, &file_name, &surroundings)?.with_overrides(environment)
}

/// What a profile refers to outside its own text.
pub struct Surroundings<'a> {
    /// Where relative paths in the profile start: the folder of its file.
    pub directory: &'a Path,
    /// The value of an environment variable, if it is set.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// The content of a file: a password's or a trust anchor's.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    /// The ids of the properties that a waiver may name; none where nobody says
    /// which there are.
    pub properties: &'a [&'a str],
}

/// The profile that `text` describes, without overrides; `file_name` is what
/// errors call it.
///
/// # Errors
/// The first mistake found.
pub fn parse(
    text: &str,
    file_name: &str,
    surroundings: &Surroundings<'_>,
) -> Result<Profile, ProfileError> {
    if text.trim().is_empty() {
        let remedy = "accepted: a profile, such as `serve --profile-out FILE` writes";
        return Err(ProfileError::of_file(
            file_name,
            "the file is empty",
            remedy,
        ));
    }
    let read = document::read(text).map_err(|mistake| mistake.in_file(file_name))?;
    meaning::profile(read.document, surroundings).map_err(|mistake| {
        let line = read.positions.line(&mistake.key);
        mistake.at_line(line).in_file(file_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("none.toml");
        let error = load_with(&path, &|_| None, &[]).expect_err("there is no such file");
        assert_eq!(error.origin, Origin::File(path.display().to_string()));
        assert_eq!(error.problem, "no such file");
    }

    #[test]
    fn a_folder_or_bytes_are_no_profile() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = load_with(folder.path(), &|_| None, &[]).expect_err("a folder");
        assert!(error.problem.starts_with("failed to read"), "{error}");

        let path = folder.path().join("bytes.toml");
        std::fs::write(&path, [b'#', 0xff]).expect("a file");
        let error = load_with(&path, &|_| None, &[]).expect_err("not UTF-8");
        assert_eq!(error.problem, "not UTF-8");
    }

    #[test]
    fn a_loaded_profile_finds_its_files_and_takes_its_overrides() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("p.toml");
        let text = samples::good().replace("ca = \"ca.pem\"", "").replace(
            "password_env = \"ICWS_PASSWORD\"",
            "password_file = \"secret\"",
        );
        std::fs::write(&path, text).expect("a profile");
        std::fs::write(folder.path().join("secret"), "s\n").expect("a password");
        let environment = |name: &str| match name {
            "ICWS_RESTRICTED_PASSWORD" => Some("r".to_owned()),
            "ICWS_CONCURRENCY" => Some("2".to_owned()),
            _ => None,
        };
        let profile = load_with(&path, &environment, &[]).expect("a good profile");
        assert_eq!(samples::passwords_of(&profile), ["s", "r"]);
        assert_eq!(profile.limits.concurrency, 2);
    }
}
