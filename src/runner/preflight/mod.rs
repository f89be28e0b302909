//! Before the first case: is it an ICWS server, can we log in, are the
//! fixtures there, and which of the legal ways of doing things are its own.

mod mailboxes;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{Mutex, RwLock};

use crate::client::{
    Client, ConnectError, Credentials, Fault, Method, Request, Secret, Secrets, Session, Settings,
};
use crate::contract::wire;
use crate::generate::mailbox::Names;
use crate::generate::session::Asker;
use crate::generate::{Fixtures, HeaderSpelling};
use crate::judge::AnswerBody;
use crate::judge::shape::integer;
use crate::oracle::IdRegime;
use crate::runner::ground::Ground;
use crate::runner::run::RunError;
use crate::runner::sessions::Sessions;
use crate::runner::stage::{Stage, Trouble};
use crate::target::{Profile, User};

/// The most mailboxes that a scratch workgroup may hold before the run.
const MOST_MAILBOXES: usize = 10_000;

/// A target that is ready, and what was learnt on the way.
#[derive(Debug)]
pub struct Ready {
    /// The target.
    pub stage: Stage,
    /// What the user should know.
    pub notes: Vec<String>,
    /// Where the profile's fixtures are not as it says: what stands on them is
    /// not judged, so that the run cannot conform.
    pub fixture_problems: Vec<String>,
    /// The requests sent so far.
    pub requests: u64,
    /// An update was accepted.
    pub accepted: bool,
    /// An update was refused.
    pub rejected: bool,
}

/// Makes the target ready, or says in one message why it cannot be judged.
pub async fn prepare(profile: &Profile) -> Result<Ready, RunError> {
    let stage = stage_of(profile)?;
    let mut ready = Ready {
        stage,
        notes: Vec::new(),
        fixture_problems: Vec::new(),
        requests: 0,
        accepted: false,
        rejected: false,
    };
    let result = ready.examine(profile).await;
    if let Err(message) = result {
        ready.stage.sessions.end_all().await;
        let message = ready.stage.client.secrets().redact(&message);
        return Err(RunError::Target(message.to_string()));
    }
    Ok(ready)
}

fn stage_of(profile: &Profile) -> Result<Stage, RunError> {
    let secrets = Secrets::new();
    let credentials = |user: &User, label: &str| {
        use secrecy::ExposeSecret;
        let placeholder = format!("<password of {}>", user.user_id);
        let password = Secret::new(user.password.expose_secret(), placeholder);
        secrets.learn(&password);
        Credentials {
            user_id: user.user_id.clone(),
            password,
            label: label.to_owned(),
        }
    };
    let privileged = credentials(&profile.users.privileged, "privileged");
    let restricted = profile
        .users
        .restricted
        .as_ref()
        .map(|user| credentials(user, "restricted"));
    let settings = Settings {
        origin: profile.base_url.clone(),
        ca_pem: profile
            .tls
            .ca
            .as_ref()
            .map(|authority| authority.pem.clone()),
        accept_invalid: profile.tls.accept_invalid,
        timeout: profile.limits.timeout,
        answer_bytes_max: profile.limits.answer_bytes_max,
        requests_per_second: profile.limits.requests_per_second,
        concurrency: profile.limits.concurrency,
    };
    let client = Client::new(settings, secrets)?;
    Ok(Stage {
        sessions: Sessions::new(client.clone(), privileged, restricted),
        client,
        fixtures: Fixtures {
            mailboxes: profile
                .mailboxes
                .iter()
                .map(|mailbox| (mailbox.moniker.clone(), mailbox.folders.clone()))
                .collect(),
            absent: profile.workgroups.absent.clone(),
        },
        hooks: profile.hooks.clone(),
        base_url: profile.base_url.as_str().trim_end_matches('/').to_owned(),
        read_back: profile.offers.read_back,
        feature_version: None,
        ids: IdRegime::Unknown,
        spelling: HeaderSpelling::AsUsual,
        workgroups: profile.workgroups.scratch.clone(),
        grounds: profile
            .workgroups
            .scratch
            .iter()
            .map(|id| Mutex::new(Ground::new(id.clone())))
            .collect(),
        large: Mutex::new(()),
        exclusive: RwLock::new(()),
    })
}

impl Ready {
    async fn examine(&mut self, profile: &Profile) -> Result<(), String> {
        self.log_in(profile).await?;
        self.recognise_spelling().await?;
        self.recognise_session_regime().await?;
        if profile.offers.features {
            self.ask_features().await;
        }
        self.examine_workgroups().await?;
        self.examine_mailboxes().await?;
        self.prove_reach().await
    }

    async fn log_in(&mut self, profile: &Profile) -> Result<(), String> {
        let mut askers = vec![(Asker::Privileged, "users.privileged")];
        if profile.users.restricted.is_some() {
            askers.push((Asker::Restricted, "users.restricted"));
        }
        for (asker, key) in askers {
            self.requests += 1;
            self.stage.sessions.live(asker).await.map_err(|error| {
                format!(
                    "failed to open a session at {} (`{key}`): {error}; {}",
                    self.stage.base_url,
                    remedy(&error)
                )
            })?;
        }
        Ok(())
    }

    /// A target that knows header names in one spelling only is asked in that
    /// one; SES-11 is told by its own property.
    async fn recognise_spelling(&mut self) -> Result<(), String> {
        let session = self.up_session().await?;
        let path = wire::session_path(&session.id);
        let mut statuses = BTreeMap::new();
        for spelling in [
            HeaderSpelling::AsUsual,
            HeaderSpelling::Documented,
            HeaderSpelling::Upper,
        ] {
            let mut request =
                crate::client::session::session_request(&session, Method::Get, path.clone());
            self.stage.spell(&mut request, spelling);
            self.requests += 1;
            let exchange = self.stage.client.send(&session.origin, &request).await;
            match exchange.outcome {
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
            .map_err(Trouble::reason)?;
        self.requests += 1;
        if self.stage.sessions.is_up(&session).await {
            return Ok(session);
        }
        self.stage.sessions.lose(&session).await;
        self.requests += 1;
        self.stage
            .live(Asker::Privileged)
            .await
            .map_err(Trouble::reason)
    }

    /// Whether a second login of a user ends the first session (SES-1 leaves
    /// it to the server).
    async fn recognise_session_regime(&mut self) -> Result<(), String> {
        let first = self
            .stage
            .live(Asker::Privileged)
            .await
            .map_err(Trouble::reason)?;
        self.requests += 3;
        let sessions = &mut self.stage.sessions;
        match sessions.fresh(Asker::Privileged).await {
            Ok(second) => {
                // The same session again is none beside the first.
                let still_up = second.id != first.id && sessions.is_up(&first).await;
                if !still_up {
                    sessions.one_per_user = true;
                    sessions.lose(&first).await;
                }
                sessions.end(&second).await;
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

    async fn ask_features(&mut self) {
        let request = Request::new(Method::Get, wire::FEATURES_PATH);
        let exchange = self
            .stage
            .client
            .send(self.stage.client.origin(), &request)
            .await;
        self.requests += 1;
        let version = exchange
            .answer()
            .filter(|answer| answer.status == 200)
            .and_then(|answer| version_in(&AnswerBody::read(answer)));
        if version.is_none() {
            self.notes.push(format!(
                "the profile offers features, but GET {} does not tell the version of `{}`",
                wire::FEATURES_PATH,
                wire::CONFIGURATION_FEATURE
            ));
        }
        self.stage.feature_version = version;
    }

    /// Every scratch workgroup exists, can be read, and is free of what an
    /// earlier run left behind.
    async fn examine_workgroups(&mut self) -> Result<(), String> {
        if !self.stage.read_back {
            return Ok(());
        }
        let mut unreadable = None;
        for ground in &self.stage.grounds {
            let mut ground = ground.lock().await;
            let workgroup = ground.workgroup.clone();
            let fixture = |problem: Trouble| {
                format!(
                    "scratch workgroup `{workgroup}` cannot be used: {}",
                    problem.reason()
                )
            };
            let read = self.stage.read(&workgroup, &mut self.requests).await;
            if let Err(Trouble::Unreadable(problem)) = read {
                // What the endpoint answers can be judged all the same.
                unreadable = Some(problem);
                break;
            }
            let mut stored = read.map_err(fixture)?;
            let ours: Vec<String> = stored
                .iter()
                .filter(|object| object.text("emailAddress").is_some_and(Names::is_ours))
                .map(|object| object.id.clone())
                .collect();
            if !ours.is_empty() {
                self.notes.push(format!(
                    "`{workgroup}` held {}, left by an earlier run, which {} removed",
                    match ours.len() {
                        1 => "a mailbox".to_owned(),
                        count => format!("{count} mailboxes"),
                    },
                    if ours.len() == 1 { "was" } else { "were" },
                ));
                self.stage
                    .remove(&workgroup, &ours, &mut self.requests)
                    .await
                    .map_err(fixture)?;
                stored = self
                    .stage
                    .read(&workgroup, &mut self.requests)
                    .await
                    .map_err(fixture)?;
            }
            if stored.len() > MOST_MAILBOXES {
                return Err(format!(
                    "scratch workgroup `{workgroup}` holds {} mailboxes: more than {MOST_MAILBOXES}, which would be read back after every update; name one that is empty (workgroups.scratch)",
                    stored.len()
                ));
            }
            ground.initial = Some(stored);
        }
        // The empty ones come first: what happens to the only object of a workgroup
        // is seen in no other.
        self.stage.grounds.sort_by_cached_key(|ground| {
            let ground = ground.try_lock();
            ground.is_ok_and(|ground| ground.initial.as_ref().is_some_and(|all| !all.is_empty()))
        });
        if let Some(problem) = unreadable {
            self.stage.read_back = false;
            self.fixture_problems.push(format!(
                "{problem}: what needs read-back is not tested (offers.read_back)"
            ));
        }
        Ok(())
    }

    /// One update that must be refused, beside those with the mailboxes that must
    /// be accepted, so that the run is known to reach the target's own
    /// validation.
    async fn prove_reach(&mut self) -> Result<(), String> {
        let Some(ground) = self.stage.grounds.last() else {
            return Err("the profile has no scratch workgroup".to_owned());
        };
        let workgroup = ground.lock().await.workgroup.clone();
        let refused = self
            .stage
            .update(&workgroup, &Value::Null, &mut self.requests)
            .await
            .map_err(Trouble::reason)?;
        self.rejected = refused.answer().is_some_and(|answer| answer.status >= 400);
        Ok(())
    }
}

/// The version of the feature `configuration`; what else stands in the list is
/// no matter.
fn version_in(body: &AnswerBody) -> Option<u32> {
    let list = body.object()?.get("featureInfoList")?.as_array()?;
    let feature = list
        .iter()
        .find(|feature| feature["featureId"] == wire::CONFIGURATION_FEATURE)?;
    u32::try_from(integer(&feature["version"])?).ok()
}

/// What the user can do about a session that could not be had.
const fn remedy(error: &ConnectError) -> &'static str {
    match error {
        ConnectError::Refused { .. } => "check the user id and where its password comes from",
        ConnectError::Transport(Fault::Unreachable(_)) => {
            "check that the target runs, and the host and port of `base_url`"
        }
        ConnectError::Transport(Fault::Tls(_)) => {
            "check that the scheme is right, and the certificate's name and issuer (`tls.ca`)"
        }
        ConnectError::Transport(Fault::TimedOut) => {
            "check that the target answers, and `limits.timeout_ms`"
        }
        ConnectError::Transport(_) => "check that the scheme of `base_url` is right, http or https",
        ConnectError::NotIcws { .. } | ConnectError::NoHost { .. } | ConnectError::BadAnswer(_) => {
            "check that `base_url` is that of an ICWS server"
        }
    }
}
