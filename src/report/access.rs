//! How a target is got at by somebody who has only a report: what replay files
//! and scripts need of a profile, and no secret of it.

use std::path::PathBuf;
use std::time::Duration;

use crate::target::{Hooks, Mailbox, PasswordSource, Profile, User};

/// What replays and scripts need to know of a target beside its address.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The options of the command line that name the target.
    pub options: Vec<String>,
    /// Whether it was the reference server inside the process, which is gone.
    pub embedded: bool,
    /// Who may modify; `None` where nobody knows.
    pub privileged: Option<Login>,
    /// Who may not.
    pub restricted: Option<Login>,
    /// Its scratch workgroups.
    pub scratch: Vec<String>,
    /// Its mailboxes with their folders.
    pub mailboxes: Vec<Mailbox>,
    /// Its hooks.
    pub hooks: Hooks,
    /// Whether it offers read-back.
    pub read_back: bool,
    /// The file of its trust anchor.
    pub authority: Option<PathBuf>,
    /// How long it may take for an answer; `None` for as long as it takes.
    pub timeout: Option<Duration>,
}

/// A user, and where the password is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user id.
    pub user_id: String,
    /// Where the password is found.
    pub password: PasswordSource,
}

impl Access {
    /// The way to the target of that profile, which was named by `options`.
    pub fn of(profile: &Profile, options: Vec<String>, embedded: bool) -> Self {
        let login = |user: &User| Login {
            user_id: user.user_id.clone(),
            password: user.password_from.clone(),
        };
        Self {
            options,
            embedded,
            privileged: Some(login(&profile.users.privileged)),
            restricted: profile.users.restricted.as_ref().map(login),
            scratch: profile.workgroups.scratch.clone(),
            mailboxes: profile.mailboxes.clone(),
            hooks: profile.hooks.clone(),
            read_back: profile.offers.read_back,
            authority: profile.tls.ca.as_ref().map(|ca| ca.path.clone()),
            timeout: Some(profile.limits.timeout),
        }
    }
}
