//! The sessions before the first case: whether the users can log in, how header
//! names must be spelt, and how many sessions a user may have.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Ready;
use crate::client::session::session_request;
use crate::client::{ConnectError, Fault, Method, Patience, Session};
use crate::contract::wire;
use crate::generate::HeaderSpelling;
use crate::generate::session::Asker;
use crate::runner::trouble::Trouble;
use crate::target::{AddressSource, Profile};

impl Ready {
    pub(super) async fn log_in(&mut self, profile: &Profile, asker: Asker) -> Result<(), String> {
        self.requests += 1;
        let session = self.stage.sessions.live(asker).await;
        let address = &profile.address;
        let who = match (address.is_a_profile(), asker) {
            (true, Asker::Restricted) => "`users.restricted`",
            (true, _) => "`users.privileged`",
            (false, _) => "a built-in user",
        };
        session.map(|_| ()).map_err(|error| {
            format!(
                "failed to open a session at {} ({who}): {error}; {}",
                self.stage.base_url,
                remedy(&error, address)
            )
        })
    }

    /// A target that knows header names in one spelling only is asked in that
    /// one; SES-11 is told by its own property.
    pub(super) async fn recognise_spelling(&mut self) -> Result<(), String> {
        let session = self.up_session().await?;
        let path = wire::session_path(&session.id);
        let mut statuses = BTreeMap::new();
        for spelling in [
            HeaderSpelling::AsUsual,
            HeaderSpelling::Documented,
            HeaderSpelling::Upper,
        ] {
            let mut request = session_request(&session, Method::Get, path.clone());
            self.stage.spell(&mut request, spelling);
            self.requests += 1;
            let asking = &self.stage.client;
            let asked = asking
                .send_patiently(&session.origin, &request, Patience::Question)
                .await;
            match asked.exchange.outcome {
                Ok(answer) if answer.status == 200 => {
                    self.stage.spelling = spelling;
                    if spelling != HeaderSpelling::AsUsual {
                        self.notes.push(
                            "the target knows header names in one spelling only (SES-11): everything else is asked in that one"
                                .to_owned(),
                        );
                    }
                    return Ok(());
                }
                Ok(answer) => {
                    statuses.insert(answer.status, spelling);
                }
                Err(fault) => {
                    return Err(format!("failed to ask for the state of a session: {fault}"));
                }
            }
        }
        let status = statuses.keys().next().copied().unwrap_or_default();
        Err(format!(
            "a session that was just opened is not up: GET /icws/{{sessionId}}/connection answers {status}, expected 200"
        ))
    }

    /// A session that was live just before: whatever a login of another user
    /// does to it is no matter of spelling.
    async fn up_session(&mut self) -> Result<Arc<Session>, String> {
        let session = self
            .stage
            .live(Asker::Privileged)
            .await
            .map_err(Trouble::into_reason)?;
        self.requests += 1;
        if self.stage.sessions.is_up(&session).await {
            return Ok(session);
        }
        self.stage.sessions.lose(&session).await;
        self.requests += 1;
        self.stage
            .live(Asker::Privileged)
            .await
            .map_err(Trouble::into_reason)
    }

    /// Whether a second login of a user ends the first session (SES-1 leaves
    /// it to the server).
    pub(super) async fn recognise_session_regime(&mut self) -> Result<(), String> {
        let first = self
            .stage
            .live(Asker::Privileged)
            .await
            .map_err(Trouble::into_reason)?;
        self.requests += 3;
        let sessions = &mut self.stage.sessions;
        match sessions.fresh_at_once(Asker::Privileged).await {
            Ok(second) => {
                // The same session again is none beside the first.
                let still_up = second.id != first.id && sessions.is_up(&first).await;
                if !still_up {
                    sessions.one_per_user = true;
                    sessions.lose(&first).await;
                }
                // It may have ended with the login of the first.
                let _ = sessions.end(&second).await;
            }
            Err(ConnectError::Transport(fault)) => {
                return Err(format!(
                    "failed to open a second session of one user: {fault}"
                ));
            }
            Err(_) => (sessions.one_per_user, sessions.refuses_second) = (true, true),
        }
        if sessions.one_per_user {
            self.notes.push(
                "the target allows one session a user: cases are sent one at a time".to_owned(),
            );
        }
        Ok(())
    }
}

/// What the user can do about a session that could not be had at that address.
fn remedy(error: &ConnectError, address: &AddressSource) -> String {
    match error {
        ConnectError::Refused { .. } if address.is_a_profile() => {
            "check the user id and where its password comes from".to_owned()
        }
        ConnectError::Refused { .. } => {
            "set ICWS_PASSWORD and ICWS_RESTRICTED_PASSWORD, or name a profile with the target's \
             own users (`--profile FILE`)"
                .to_owned()
        }
        ConnectError::Transport(Fault::Unreachable(_)) => {
            format!("check that the target runs, and the host and port of {address}")
        }
        ConnectError::Transport(Fault::Tls(_)) if address.is_a_profile() => {
            "check that the scheme is right, and the certificate's name and issuer (`tls.ca`)"
                .to_owned()
        }
        ConnectError::Transport(Fault::Tls(_)) => format!(
            "check the scheme of {address}, and the certificate's name and issuer, for which a \
             profile has `tls.ca`"
        ),
        ConnectError::Transport(Fault::Local(_)) => "the target has no part in that".to_owned(),
        ConnectError::Transport(Fault::TimedOut) => {
            "check that the target answers, and `limits.timeout_ms`".to_owned()
        }
        ConnectError::Transport(_) => {
            format!("check that the scheme of {address} is right, http or https")
        }
        ConnectError::NotIcws { .. } | ConnectError::NoHost { .. } | ConnectError::BadAnswer(_) => {
            format!("check that {address} is that of an ICWS server")
        }
        ConnectError::Gone(_) | ConnectError::NoMore(_) | ConnectError::RefusesAll(_) => {
            "try again when the target takes sessions".to_owned()
        }
    }
}
