//! What a profile refers to outside its own text: passwords and the trust
//! anchor. No message here quotes a value, only the name of its source.

use std::path::PathBuf;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use secrecy::SecretString;

use super::Surroundings;
use super::document;
use super::error::Mistake;
use super::meaning::not_empty;
use super::profile::{Authority, PasswordSource, Tls, User, Users};

/// How certificates are verified, with the trust anchor read.
pub(super) fn tls(typed: document::Tls, surroundings: &Surroundings<'_>) -> Result<Tls, Mistake> {
    let authority = |typed: String| {
        let (path, pem) = read("tls.ca", typed, surroundings)?;
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        match certificates {
            Ok(found) if !found.is_empty() => Ok(Authority { path, pem }),
            _ => {
                let problem = format!("`{}` holds no certificate in PEM", path.display());
                Err(Mistake::new("tls.ca", problem))
            }
        }
    };
    Ok(Tls {
        ca: typed.ca.map(authority).transpose()?,
        accept_invalid: typed.accept_invalid,
    })
}

/// The users, with their passwords read.
pub(super) fn users(
    typed: document::Users,
    surroundings: &Surroundings<'_>,
) -> Result<Users, Mistake> {
    let privileged = user("users.privileged", typed.privileged, surroundings)?;
    let restricted = typed
        .restricted
        .map(|typed| user("users.restricted", typed, surroundings))
        .transpose()?;
    if let Some(restricted) = &restricted
        && restricted.user_id == privileged.user_id
    {
        return Err(Mistake::with_remedy(
            "users.restricted.user_id",
            "the same user as `users.privileged`",
            "accepted: a user who may not modify the scratch workgroups; or leave it out",
        ));
    }
    Ok(Users {
        privileged,
        restricted,
    })
}

fn user(
    key: &str,
    typed: document::User,
    surroundings: &Surroundings<'_>,
) -> Result<User, Mistake> {
    not_empty(format!("{key}.user_id"), &typed.user_id)?;
    let (password, password_from) = match (typed.password_env, typed.password_file) {
        (Some(variable), None) => {
            let key = format!("{key}.password_env");
            let password = value_of_variable(&key, &variable, "password", surroundings)?;
            (password.into(), PasswordSource::Env(variable))
        }
        (None, Some(file)) => {
            let path = surroundings.directory.join(&file).display().to_string();
            let password = password_of_file(format!("{key}.password_file"), file, surroundings)?;
            (password, PasswordSource::File(path))
        }
        (Some(_), Some(_)) => {
            let problem = "both `password_env` and `password_file`";
            return Err(Mistake::new(key, problem));
        }
        (None, None) => {
            let problem = "neither `password_env` nor `password_file`";
            return Err(Mistake::new(key, problem));
        }
    };
    Ok(User {
        user_id: typed.user_id,
        password,
        password_from,
    })
}

/// The value of the environment variable that a key names, and what that is.
/// Nothing of either is quoted but the name.
pub(super) fn value_of_variable(
    key: &str,
    variable: &str,
    what: &str,
    surroundings: &Surroundings<'_>,
) -> Result<String, Mistake> {
    // Whoever typed the password itself must not see it in a log.
    let name_like = variable.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && variable
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !name_like {
        return Err(Mistake::new(key, "not the name of an environment variable"));
    }
    let remedy = format!("set `{variable}` to the {what}");
    match (surroundings.environment)(variable) {
        None => Err(Mistake::with_remedy(
            key,
            format!("the environment variable `{variable}` is not set"),
            remedy,
        )),
        Some(value) if value.is_empty() => Err(Mistake::with_remedy(
            key,
            format!("the environment variable `{variable}` is empty"),
            remedy,
        )),
        Some(value) => Ok(value),
    }
}

fn password_of_file(
    key: String,
    typed: String,
    surroundings: &Surroundings<'_>,
) -> Result<SecretString, Mistake> {
    let (path, bytes) = read(&key, typed, surroundings)?;
    let path = path.display();
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(Mistake::new(key, format!("`{path}` is not UTF-8")));
    };
    // Editors end a file with a newline that is no part of the password.
    let ended = text
        .strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'));
    let password = ended.unwrap_or(&text);
    if password.is_empty() {
        return Err(Mistake::new(key, format!("`{path}` is empty")));
    }
    Ok(password.into())
}

/// The file that `typed` names, from the profile's folder, and its content.
fn read(
    key: &str,
    typed: String,
    surroundings: &Surroundings<'_>,
) -> Result<(PathBuf, Vec<u8>), Mistake> {
    not_empty(key.to_owned(), &typed)?;
    let path = surroundings.directory.join(typed);
    match (surroundings.read)(&path) {
        Ok(bytes) => Ok((path, bytes)),
        Err(error) => {
            let problem = format!("failed to read `{}`: {error}", path.display());
            Err(Mistake::new(key, problem))
        }
    }
}
