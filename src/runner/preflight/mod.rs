//! Before the first case: is it an ICWS server, can we log in, are the
//! fixtures there, and which of the legal ways of doing things are its own.

mod mailboxes;
mod monikers;
mod profile_mistakes;
mod sessions;
mod workgroups;

pub(super) use workgroups::refuse_taken;

use std::path::Path;
use std::time::Instant;

use serde_json::Value;
use tokio::sync::{Mutex, RwLock};
use tokio_util::sync::CancellationToken;

use crate::client::{
    Client, Credentials, Exchange, Method, Patience, Reading, Request, Secret, Secrets, Settings,
};
use crate::contract::wire;
use crate::generate::session::{Asker, Language};
use crate::generate::{Fixtures, HeaderSpelling};
use crate::judge::AnswerBody;
use crate::judge::shape::integer;
use crate::oracle::IdRegime;
use crate::runner::ground::Ground;
use crate::runner::journal::{Journal, Leases};
use crate::runner::lag::Lag;
use crate::runner::limits::Limits;
use crate::runner::list_history::ListHistory;
use crate::runner::restore::restore;
use crate::runner::run::RunError;
use crate::runner::sessions::Sessions;
use crate::runner::stage::Stage;
use crate::runner::trouble::Trouble;
use crate::target::{Profile, User};

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
    /// What was changed in the workgroups.
    pub touched: Touched,
    /// An update was accepted.
    pub accepted: bool,
    /// An update was refused.
    pub rejected: bool,
}

/// What was changed in the scratch workgroups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touched {
    /// Nothing yet.
    Nothing,
    /// A marker stands there, or may stand there.
    Marker,
    /// Anything.
    Workgroups,
}

/// Takes the scratch workgroups for this run, before anything is sent. The journal
/// is kept in that folder, if any.
///
/// # Errors
/// Where another run has them, or the journal or the client cannot be had.
pub fn begin(profile: &Profile, journal: Option<&Path>) -> Result<Ready, RunError> {
    let leases = match journal {
        Some(folder) => {
            let journal = Journal::of(folder, profile.base_url.as_str());
            Leases::take(&journal, &profile.workgroups.scratch)?
        }
        None => Leases::default(),
    };
    Ready::of(profile, leases)
}

/// Makes the target ready for what has to be put in order on it, and nothing
/// else; answers the requests that this took as well.
pub(super) async fn reach(profile: &Profile, leases: Leases) -> Result<(Stage, u64), RunError> {
    let mut ready = Ready::of(profile, leases)?;
    let reached = async {
        ready.log_in(profile, Asker::Privileged).await?;
        ready.recognise_spelling().await
    };
    if let Err(message) = reached.await {
        ready.stage.sessions.end_all().await;
        return Err(ready.unready(&message));
    }
    Ok((ready.stage, ready.requests))
}

fn stage_of(profile: &Profile, leases: Leases) -> Result<Stage, RunError> {
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
            language: Language::English.tag(),
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
        outage: profile.limits.outage,
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
        misread: std::sync::OnceLock::new(),
        spelling: HeaderSpelling::AsUsual,
        at_once: profile.limits.concurrency.max(1),
        workgroups: profile.workgroups.scratch.clone(),
        grounds: profile
            .workgroups
            .scratch
            .iter()
            .map(|id| Mutex::new(Ground::new(id.clone())))
            .collect(),
        left_out: Vec::new(),
        leases,
        lists: ListHistory::default(),
        lag: Lag::default(),
        undecoded: None,
        renaming: 0,
        large: Mutex::new(()),
        whole: Mutex::new(()),
        exclusive: RwLock::new(()),
        removed: Mutex::default(),
    })
}

impl Ready {
    fn of(profile: &Profile, leases: Leases) -> Result<Self, RunError> {
        Ok(Self {
            stage: stage_of(profile, leases)?,
            notes: Vec::new(),
            fixture_problems: Vec::new(),
            requests: 0,
            touched: Touched::Nothing,
            accepted: false,
            rejected: false,
        })
    }

    fn unready(&self, message: &str) -> RunError {
        let message = self.stage.client.secrets().redact(message);
        RunError::Target(message.to_string())
    }

    /// Makes the target ready.
    ///
    /// # Errors
    /// One message that says why it cannot be judged.
    pub async fn prepare(
        mut self,
        profile: &Profile,
        stop: &CancellationToken,
        end: Option<Instant>,
    ) -> Result<Self, RunError> {
        let limits = Limits::new(Instant::now(), None, CancellationToken::new()).cut_off_at(end);
        let examined = limits.within(self.examine(profile, stop)).await;
        let late = || Err("the time of --max-time ran out before the first case".to_owned());
        let Err(mut message) = examined.unwrap_or_else(late) else {
            return Ok(self);
        };
        let ends = async |stage: &Stage| {
            let ended = stage.sessions.end_all();
            _ = tokio::time::timeout_at(limits.restored_by(), ended).await;
        };
        match self.touched {
            Touched::Workgroups => {
                let mut notes = Vec::new();
                let restored = restore(&self.stage, &limits, &mut notes).await;
                for note in restored.not_in_order.into_iter().chain(notes) {
                    message.push_str(&format!("; {note}"));
                }
            }
            // What is there meanwhile may be of the run that has the workgroups:
            // the next run looks after the marker.
            Touched::Marker => ends(&self.stage).await,
            Touched::Nothing => {
                self.stage.leases.withdraw();
                ends(&self.stage).await;
            }
        }
        Err(self.unready(&message))
    }

    async fn examine(&mut self, profile: &Profile, stop: &CancellationToken) -> Result<(), String> {
        let may_go_on = || {
            if stop.is_cancelled() {
                Err("the run was interrupted".to_owned())
            } else {
                Ok(())
            }
        };
        self.log_in(profile, Asker::Privileged).await?;
        if profile.users.restricted.is_some() {
            self.log_in(profile, Asker::Restricted).await?;
        }
        self.recognise_spelling().await?;
        self.recognise_session_regime().await?;
        if profile.offers.features {
            self.ask_features().await?;
        }
        may_go_on()?;
        self.examine_workgroups(profile).await?;
        may_go_on()?;
        self.touched = Touched::Workgroups;
        self.examine_mailboxes().await?;
        self.prove_reach().await
    }

    async fn ask_features(&mut self) -> Result<(), String> {
        let request = Request::new(Method::Get, wire::FEATURES_PATH);
        let client = &self.stage.client;
        let asked = client
            .send_patiently(client.origin(), &request, Patience::Question)
            .await;
        self.requests += asked.sent;
        if let Reading::Gone(gone) = asked.reading {
            return Err(gone);
        }
        let path = wire::FEATURES_PATH;
        let refused = |what: &str| {
            format!(
                "the profile says that the target offers features, but GET {path} {what}: set `offers.features` to false"
            )
        };
        let answer = match &asked.exchange.outcome {
            Ok(answer) if answer.status == 200 => answer,
            Ok(answer) => return Err(refused(&format!("is answered {}", answer.status))),
            Err(fault) => return Err(refused(&format!("is not answered ({fault})"))),
        };
        let body = AnswerBody::read(answer);
        let features = features_in(&body);
        if features.is_none() && self.refuses_in_json().await? {
            return Err(refused("is answered 200 without a list of features"));
        }
        let version = features.and_then(|features| version_in(features));
        if version.is_none() {
            self.notes.push(format!(
                "the profile offers features, but GET {path} does not tell the version of `{}`",
                wire::CONFIGURATION_FEATURE
            ));
        }
        self.stage.feature_version = version;
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
        let refused = self.refused_update(&workgroup).await?;
        self.rejected = refused.answer().is_some_and(|answer| answer.status >= 400);
        Ok(())
    }

    /// Whether an update that must be refused, and changes nothing, is answered in
    /// JSON.
    async fn refuses_in_json(&mut self) -> Result<bool, String> {
        let Some(workgroup) = self.stage.workgroups.first().cloned() else {
            return Ok(true);
        };
        let refused = self.refused_update(&workgroup).await?;
        let answer = refused.answer().filter(|answer| answer.status >= 400);
        Ok(answer.is_none_or(|answer| AnswerBody::read(answer).json.is_some()))
    }

    /// An update that has to be refused, whatever is stored.
    async fn refused_update(&mut self, workgroup: &str) -> Result<Exchange, String> {
        let stage = &self.stage;
        let sent = stage.update(workgroup, &Value::Null, &mut self.requests);
        sent.await.map_err(Trouble::into_reason)
    }
}

/// The features that are listed.
fn features_in(body: &AnswerBody) -> Option<&Vec<Value>> {
    body.object()?.get("featureInfoList")?.as_array()
}

/// The version of the feature `configuration`; what else stands in the list is
/// no matter.
fn version_in(features: &[Value]) -> Option<u32> {
    let mut features = features.iter();
    let feature = features.find(|feature| feature["featureId"] == wire::CONFIGURATION_FEATURE)?;
    u32::try_from(integer(&feature["version"])?).ok()
}
