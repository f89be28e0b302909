//! What a profile means, checked and complete: the other parts rely on it
//! without asking again.

use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::date::Date;
use super::hook::Hooks;
use super::limits::Limits;
use crate::contract::RuleId;

/// One target and how the harness may treat it.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The name in reports and of the snapshot folder: letters, digits, `-`,
    /// `_` and `.`.
    pub name: String,
    /// Scheme, host and port; its path is `/`.
    pub base_url: Url,
    /// Where that was named, for messages about it.
    pub address: AddressSource,
    /// How the target's certificate is verified.
    pub tls: Tls,
    /// Who may log in.
    pub users: Users,
    /// The workgroups under test.
    pub workgroups: Workgroups,
    /// The mailboxes that exist on the target: at least one with a folder,
    /// each moniker once.
    pub mailboxes: Vec<Mailbox>,
    /// What the target shows beside the endpoint.
    pub offers: Offers,
    /// How to bring the target into states that the endpoint cannot.
    pub hooks: Hooks,
    /// How much the harness asks of the target.
    pub limits: Limits,
    /// Known breaches that do not fail the gate.
    pub waivers: Vec<Waiver>,
}

/// Where a target's address was named: what a message about it points at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AddressSource {
    /// `base_url` of the profile.
    #[default]
    Key,
    /// The variable that `base_url_env` of the profile names.
    KeyVariable(String),
    /// The option `--target`, for a server with the built-in fixtures.
    Option,
    /// The variable `ICWS_TARGET_URL`, for such a server.
    Variable,
}

impl AddressSource {
    /// Whether there is a profile that somebody wrote; otherwise users,
    /// workgroups and mailboxes are the built-in ones.
    pub const fn is_a_profile(&self) -> bool {
        matches!(self, Self::Key | Self::KeyVariable(_))
    }
}

impl fmt::Display for AddressSource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key => out.write_str("`base_url`"),
            Self::KeyVariable(name) => write!(out, "`{name}` (`base_url_env`)"),
            Self::Option => out.write_str("`--target`"),
            Self::Variable => write!(out, "`{}`", super::TARGET_URL),
        }
    }
}

/// How the target's certificate is verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// A trust anchor beside the public ones.
    pub ca: Option<Authority>,
    /// Whether any certificate is accepted; every report says so.
    pub accept_invalid: bool,
}

/// A trust anchor, read when the profile was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its file, where a relative path started at the profile's folder.
    pub path: PathBuf,
    /// The file's content: PEM with at least one certificate.
    pub pem: Vec<u8>,
}

/// Who may log in.
#[derive(Clone, Debug)]
pub struct Users {
    /// May modify the scratch workgroups.
    pub privileged: User,
    /// May log in and read, may not modify (ACC-1).
    pub restricted: Option<User>,
}

/// One user of the target. Its password cannot be printed.
#[derive(Clone, Debug)]
pub struct User {
    /// The user id for `POST /icws/connection`.
    pub user_id: String,
    /// The password, from the environment or a file.
    pub password: SecretString,
    /// Where it came from, for whoever has to find it again.
    pub password_from: PasswordSource,
}

/// Where a password is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// In the environment variable of this name.
    Env(String),
    /// In the file at this path. One in a profile may be relative to its
    /// folder; one in a [`User`] is not.
    File(String),
}

/// The workgroups under test. No two ids are equal but for case (WG-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workgroups {
    /// Existing workgroups whose monitored mailboxes the harness may change;
    /// at least one.
    pub scratch: Vec<String>,
    /// Ids sure not to exist (WG-1); if empty, they are drawn at random.
    pub absent: Vec<String>,
    /// Whether a scratch workgroup may be used that holds mailboxes already. They
    /// are left in place, but a faulty target may harm them.
    pub allow_occupied: bool,
}

/// A mailbox that exists on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// What `mailboxMoniker` calls it.
    pub moniker: String,
    /// Its folders, each once; may be empty.
    pub folders: Vec<String>,
}

/// What the target shows beside the endpoint. Without it, its rules are not
/// tested.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// `GET …/workgroups/{id}?select=monitoredMailboxes`.
    pub read_back: bool,
    /// `GET /icws/connection/features`.
    pub features: bool,
}

/// A known breach that does not fail the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule that is broken.
    pub rule: RuleId,
    /// Only findings of these properties: an id, or a pattern such as
    /// `session/*`.
    pub property: Option<String>,
    /// Only findings with this cause.
    pub cause: Option<String>,
    /// Why the breach is accepted; never empty.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The first day on which it no longer holds.
    pub expires: Option<Date>,
}

/// Whether a waiver's pattern speaks of that property: it is its id, or the start
/// of it and `*`.
pub fn names_property(pattern: &str, id: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => id.starts_with(prefix),
        None => id == pattern,
    }
}
