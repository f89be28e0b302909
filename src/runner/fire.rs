//! One case, played on the stage: the scene is set, the steps are sent, each
//! is judged against what was known just before it, and what the case made is
//! removed again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;

use super::credentials::{Carried, Cast, Played, carry};
use super::ground::Ground;
use super::stage::{Stage, Trouble};
use crate::client::{Answer, Exchange, Fault, Header, Method, Request, Session};
use crate::contract::representation::MonitoredMailbox;
use crate::contract::{rules, wire};
use crate::generate::session::{Asker, Life, SessionState};
use crate::generate::update::{adding, removing};
use crate::generate::{Body, Case, HeaderSpelling, Prelude, Step, WorkgroupChoice};
use crate::judge::answer::summary;
use crate::judge::outline::outline;
use crate::judge::state::{first_change, match_added, same};
use crate::judge::status::examine_uniformity;
use crate::judge::{AnswerBody, Finding, FindingKind, Observation, Seen, Verdict, judge};
use crate::oracle::known::SessionLife;
use crate::oracle::{Asked, Expectation, Known, KnownSession, Stored, WorkgroupState, expect};

/// How often a busy target is asked again, and how long is waited before.
const BUSY_RETRIES: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(200)];

/// What came of one case.
#[derive(Clone, Debug, Default)]
pub struct Fired {
    /// What was found, with the step that showed it.
    pub findings: Vec<(usize, Finding)>,
    /// Open behaviour seen.
    pub observations: Vec<Observation>,
    /// Rules that were put to the test.
    pub checked: Vec<crate::contract::RuleId>,
    /// Every request sent for it, its own sessions included.
    pub requests: u64,
    /// Why it could not be judged, if it could not.
    pub trouble: Option<Trouble>,
    /// The outlines of the answers.
    pub outlines: BTreeSet<String>,
    /// An update was accepted.
    pub accepted: bool,
    /// An update was refused.
    pub rejected: bool,
    /// The requests of the steps, as sent.
    pub sent: Vec<Request>,
}

impl Stage {
    /// Plays a case. The caller holds the grounds; the second one is there
    /// where the case watches a witness.
    pub async fn fire(
        &self,
        case: &Case,
        ground: &mut Ground,
        witness: Option<&mut Ground>,
    ) -> Fired {
        let changes_the_target = case.steps.iter().any(|step| {
            matches!(
                step.prelude,
                Some(Prelude::FailNext | Prelude::RemoveResource)
            )
        });
        // One of both is held to the end, so that nobody sees a target that
        // another case has changed.
        let (_alone, _among);
        if changes_the_target {
            _alone = self.exclusive.write().await;
        } else {
            _among = self.exclusive.read().await;
        }
        let mut firing = Firing {
            stage: self,
            fired: Fired::default(),
            extra: Vec::new(),
            ids: BTreeMap::new(),
            made: BTreeSet::new(),
        };
        let trouble = firing.play(case, ground, witness).await.err();
        firing.end_extra_sessions().await;
        firing.fired.trouble = trouble;
        firing.fired
    }
}

struct Firing<'a> {
    stage: &'a Stage,
    fired: Fired,
    /// Sessions that were opened for this case and are still open.
    extra: Vec<Session>,
    /// The ids that the server gave, by the ids that the case gives.
    ids: BTreeMap<String, String>,
    /// The ids of objects that came into being during the case.
    made: BTreeSet<String>,
}

/// Everything about one step that its judgement needs.
struct Asking {
    cast: Cast,
    carried: Carried,
    workgroup: String,
    body: Bytes,
}

impl Firing<'_> {
    async fn play(
        &mut self,
        case: &Case,
        ground: &mut Ground,
        mut witness: Option<&mut Ground>,
    ) -> Result<(), Trouble> {
        self.set_scene(&case.scene, ground).await?;
        if let (Some(scene), Some(witness)) = (&case.witness, witness.as_deref_mut()) {
            self.set_scene(scene, witness).await?;
        }
        let mut statuses: Vec<(SessionState, String, String, u16)> = Vec::new();
        let mut played = Ok(());
        for (number, step) in case.steps.iter().enumerate() {
            match self
                .step(number, step, ground, witness.as_deref_mut())
                .await
            {
                Ok((expectation, status)) => {
                    let blamed = self.fired.findings.iter().any(|(step, _)| *step == number);
                    if !expectation.is_authenticated() && !expectation.open_path && !blamed {
                        let what = format!("{} of {}", expectation.does, name_of(&step.workgroup));
                        statuses.push((step.session, expectation.cause(), what, status));
                    }
                }
                Err(trouble) => {
                    played = Err(trouble);
                    break;
                }
            }
        }
        self.compare_statuses(&statuses);
        self.clean(ground).await;
        if let Some(witness) = witness {
            self.clean(witness).await;
        }
        played
    }

    /// SES-12, over the steps of one session state.
    fn compare_statuses(&mut self, statuses: &[(SessionState, String, String, u16)]) {
        if let Some((state, cause, ..)) = statuses.first() {
            let answers: Vec<(String, u16)> = statuses
                .iter()
                .filter(|(other, ..)| other == state)
                .map(|(_, _, what, status)| (what.clone(), *status))
                .collect();
            if answers.len() > 1 {
                let last = self.fired.sent.len().saturating_sub(1);
                self.take(last, examine_uniformity(cause, &answers));
            }
        }
    }

    fn take(&mut self, step: usize, verdict: Verdict) {
        self.fired.checked.extend(verdict.checked);
        self.fired.observations.extend(verdict.observations);
        self.fired
            .findings
            .extend(verdict.findings.into_iter().map(|finding| (step, finding)));
    }

    /// Stores the scene, and looks at the workgroup where that is offered.
    async fn set_scene(
        &mut self,
        scene: &[MonitoredMailbox],
        ground: &mut Ground,
    ) -> Result<(), Trouble> {
        if scene.is_empty() {
            if self.stage.read_back && ground.known.is_none() {
                ground.known = Some(
                    self.stage
                        .read(&ground.workgroup, &mut self.fired.requests)
                        .await?,
                );
            }
            return Ok(());
        }
        let before = ground.known.take();
        let exchange = self
            .stage
            .update(&ground.workgroup, &adding(scene), &mut self.fired.requests)
            .await?;
        let accepted = exchange.answer().is_some_and(|answer| answer.status == 200);
        if self.stage.read_back {
            let stored = self
                .stage
                .read(&ground.workgroup, &mut self.fired.requests)
                .await?;
            let mut complete = true;
            for object in scene {
                let found = stored.iter().find(|stored| {
                    stored.text("emailAddress") == object.email_address.value().map(String::as_str)
                });
                match (found, object.id()) {
                    (Some(found), given) => {
                        self.made.insert(found.id.clone());
                        if let Some(given) = given.filter(|given| *given != found.id) {
                            self.ids.insert(given.to_owned(), found.id.clone());
                        }
                    }
                    (None, _) => complete = false,
                }
            }
            ground.known = Some(stored);
            if !complete || !accepted {
                self.clean(ground).await;
                return Err(Trouble::Inconclusive(format!(
                    "the objects that the case needs could not be stored: {}",
                    described(&exchange)
                )));
            }
        } else if accepted {
            let mut known = before.unwrap_or_default();
            for object in scene {
                if let Some(id) = object.id() {
                    self.made.insert(id.to_owned());
                    known.push(as_stored(object));
                }
            }
            ground.known = Some(known);
        } else {
            return Err(Trouble::Inconclusive(format!(
                "the objects that the case needs could not be stored: {}",
                described(&exchange)
            )));
        }
        Ok(())
    }

    /// Sends one step and judges it.
    async fn step(
        &mut self,
        number: usize,
        step: &Step,
        ground: &mut Ground,
        witness: Option<&mut Ground>,
    ) -> Result<(Expectation, u16), Trouble> {
        self.prelude(step, ground).await?;
        let result = self.ask(number, step, ground, witness).await;
        if step.prelude == Some(Prelude::RemoveResource) {
            let restore = self.stage.hooks.restore_resource.as_ref();
            self.stage.hook(restore, None, &ground.workgroup).await?;
        }
        result
    }

    async fn prelude(&mut self, step: &Step, ground: &Ground) -> Result<(), Trouble> {
        match step.prelude {
            None => Ok(()),
            Some(Prelude::FailNext) => {
                self.stage
                    .hook(self.stage.hooks.fail_next.as_ref(), None, &ground.workgroup)
                    .await
            }
            Some(Prelude::RemoveResource) => {
                self.stage
                    .hook(
                        self.stage.hooks.remove_resource.as_ref(),
                        None,
                        &ground.workgroup,
                    )
                    .await
            }
            Some(Prelude::AnotherSessionEnds(asker)) => {
                // The shared session must be there before the other one ends.
                self.stage.live(step.session.asker).await?;
                if asker == step.session.asker && self.stage.sessions.one_per_user {
                    return Err(Trouble::Inconclusive(
                        "the target allows one session a user".to_owned(),
                    ));
                }
                let other = self.open(asker).await?;
                self.end(&other).await
            }
        }
    }

    /// The sessions of a step. Those that are ended come first: where a user
    /// can have only one session, each login ends the one before.
    async fn cast(&mut self, state: &SessionState) -> Result<Cast, Trouble> {
        let ended = if state.needs_ended() {
            let session = self.open(Asker::Privileged).await?;
            self.end(&session).await?;
            Some(Played {
                session,
                life: SessionLife::Ended,
                may_modify: true,
            })
        } else {
            None
        };
        let another = if state.needs_another() {
            Some(self.another(state.asker).await?)
        } else {
            None
        };
        let may_modify = state.asker == Asker::Privileged;
        let (session, life) = match state.life {
            Life::Live => (
                (*self.stage.live(state.asker).await?).clone(),
                SessionLife::Live,
            ),
            Life::Ended => {
                let session = self.open(state.asker).await?;
                self.end(&session).await?;
                (session, SessionLife::Ended)
            }
            Life::Expired => {
                let session = self.open(state.asker).await?;
                self.stage
                    .hook(self.stage.hooks.expire_session.as_ref(), Some(&session), "")
                    .await?;
                self.fired.requests += 1;
                self.stage.sessions.forget(&session).await;
                self.extra.retain(|extra| extra.id != session.id);
                (session, SessionLife::Expired)
            }
        };
        Ok(Cast {
            own: Played {
                session,
                life,
                may_modify,
            },
            another,
            ended,
        })
    }

    /// A live session beside the asker's own: the other user's, or a second
    /// one of the same user where that is allowed.
    async fn another(&mut self, asker: Asker) -> Result<Played, Trouble> {
        if self.stage.sessions.has_restricted() {
            let other = match asker {
                Asker::Privileged => Asker::Restricted,
                Asker::Restricted => Asker::Privileged,
            };
            let session = (*self.stage.live(other).await?).clone();
            let may_modify = other == Asker::Privileged;
            return Ok(Played {
                session,
                life: SessionLife::Live,
                may_modify,
            });
        }
        if self.stage.sessions.one_per_user {
            return Err(Trouble::Inconclusive(
                "the target allows one session a user".to_owned(),
            ));
        }
        let session = self.open(asker).await?;
        Ok(Played {
            session,
            life: SessionLife::Live,
            may_modify: true,
        })
    }

    async fn open(&mut self, asker: Asker) -> Result<Session, Trouble> {
        self.fired.requests += 1;
        match self.stage.sessions.fresh(asker).await {
            Ok(session) => {
                self.extra.push(session.clone());
                Ok(session)
            }
            Err(error) => Err(self
                .stage
                .trouble(format!("no session could be opened: {error}"))
                .await),
        }
    }

    async fn end(&mut self, session: &Session) -> Result<(), Trouble> {
        self.fired.requests += 1;
        self.extra.retain(|extra| extra.id != session.id);
        if self.stage.sessions.end(session).await {
            Ok(())
        } else {
            Err(Trouble::Inconclusive(
                "a session could not be ended".to_owned(),
            ))
        }
    }

    async fn end_extra_sessions(&mut self) {
        for session in std::mem::take(&mut self.extra) {
            self.fired.requests += 1;
            self.stage.sessions.end(&session).await;
        }
    }

    async fn ask(
        &mut self,
        number: usize,
        step: &Step,
        ground: &mut Ground,
        witness: Option<&mut Ground>,
    ) -> Result<(Expectation, u16), Trouble> {
        let mut losses = 0;
        loop {
            let asking = self.asking(step, ground).await?;
            let before = ground.known.clone();
            let expectation = self.expectation(step, &asking, before.as_deref(), ground);
            let request = self.request(step, &asking);
            let exchange = self.send(&asking.cast.own.session, &request).await?;
            // Before a live session's refusal is blamed, the target is asked
            // whether the session is still up. What ends it in the prelude's
            // stead is the step's own matter.
            let refused = exchange.answer().is_some_and(|answer| answer.status == 401);
            if refused && expectation.is_authenticated() && step.prelude.is_none() && losses < 2 {
                self.fired.requests += 1;
                if !self.stage.sessions.is_up(&asking.cast.own.session).await {
                    self.stage.sessions.lose(&asking.cast.own.session).await;
                    losses += 1;
                    continue;
                }
            }
            if let Some(answer) = exchange.answer() {
                let outline = outline(answer, &AnswerBody::read(answer));
                self.fired.outlines.insert(outline.to_string());
            }
            let status = exchange.answer().map_or(0, |answer| answer.status);
            self.fired.accepted |= status == 200;
            self.fired.rejected |= (400..500).contains(&status);
            self.fired.sent.push(request);
            self.conclude(number, step, &expectation, &exchange, ground, witness)
                .await?;
            return Ok((expectation, status));
        }
    }

    async fn asking(&mut self, step: &Step, ground: &Ground) -> Result<Asking, Trouble> {
        let cast = self.cast(&step.session).await?;
        let carried =
            carry(&step.session, &cast, self.stage.client.secrets()).ok_or_else(|| {
                Trouble::Inconclusive("the target's sessions have no such form".to_owned())
            })?;
        let workgroup = match &step.workgroup {
            WorkgroupChoice::Leased => ground.workgroup.clone(),
            WorkgroupChoice::Absent(id) => id.clone(),
            WorkgroupChoice::LeasedInOtherCase => swap_case(&ground.workgroup),
            WorkgroupChoice::Near(near) => near.of(&ground.workgroup),
        };
        let body = Bytes::from(self.with_given_ids(&step.body));
        Ok(Asking {
            cast,
            carried,
            workgroup,
            body,
        })
    }

    /// The body with the ids that the server gave in place of those that the
    /// scene asked for.
    fn with_given_ids(&self, body: &Body) -> Vec<u8> {
        let bytes = body.bytes();
        match String::from_utf8(bytes) {
            Ok(mut text) if !self.ids.is_empty() => {
                for (given, actual) in &self.ids {
                    let quoted = |id: &str| serde_json::Value::from(id).to_string();
                    text = text.replace(&quoted(given), &quoted(actual));
                }
                text.into_bytes()
            }
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        }
    }

    fn expectation(
        &self,
        step: &Step,
        asking: &Asking,
        before: Option<&[Stored]>,
        ground: &Ground,
    ) -> Expectation {
        let tokens: Vec<&str> = asking
            .carried
            .tokens
            .iter()
            .map(|token| token.expose())
            .collect();
        let cookies: Vec<(&str, &str)> = asking
            .carried
            .cookies
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose()))
            .collect();
        let asked = Asked {
            session_id: &asking.carried.session_id,
            tokens: &tokens,
            cookies: &cookies,
            unusual_spelling: step.spelling != HeaderSpelling::AsUsual,
            workgroup_id: Some(&asking.workgroup),
            content_type: step.content_type.as_deref(),
            body: &asking.body,
        };
        let sessions: Vec<KnownSession<'_>> = asking.cast.all().map(Played::known).collect();
        let leased = match before {
            Some(stored) if self.stage.read_back => WorkgroupState::Holds(stored),
            Some(stored) => WorkgroupState::HoldsAtLeast(stored),
            None => WorkgroupState::HoldsAtLeast(&[]),
        };
        let known = Known {
            sessions: &sessions,
            workgroup: match &step.workgroup {
                WorkgroupChoice::Leased => leased,
                WorkgroupChoice::Near(_) if self.stage.may_exist(&asking.workgroup) => leased,
                WorkgroupChoice::Absent(_) | WorkgroupChoice::Near(_) => WorkgroupState::Absent,
                WorkgroupChoice::LeasedInOtherCase if asking.workgroup == ground.workgroup => {
                    leased
                }
                WorkgroupChoice::LeasedInOtherCase => WorkgroupState::AbsentButForCase,
            },
            mailboxes: &self.stage.fixtures.mailboxes,
            ids: self.stage.ids,
            removed: step.prelude == Some(Prelude::RemoveResource),
            fails_next: step.prelude == Some(Prelude::FailNext),
        };
        expect(&asked, &known)
    }

    fn request(&self, step: &Step, asking: &Asking) -> Request {
        let path = wire::update_path(&asking.carried.session_id, &asking.workgroup);
        let mut request = Request::new(Method::Post, path);
        request.headers = asking.carried.headers(self.stage.client.secrets());
        request
            .headers
            .push(Header::plain("Accept", wire::VENDOR_MEDIA_TYPE));
        if let Some(label) = &step.content_type {
            request
                .headers
                .push(Header::plain("Content-Type", label.clone()));
        }
        request.body = asking.body.clone();
        self.stage.spell(&mut request, step.spelling);
        request
    }

    /// Sends a request. A busy target is asked again, a target that is gone is
    /// told from one that dropped this request.
    async fn send(&mut self, session: &Session, request: &Request) -> Result<Exchange, Trouble> {
        let mut exchange = self.stage.client.send(&session.origin, request).await;
        self.fired.requests += 1;
        let busy = |exchange: &Exchange| {
            exchange
                .answer()
                .is_some_and(|answer| matches!(answer.status, 429 | 503))
        };
        for pause in BUSY_RETRIES {
            if !busy(&exchange) {
                break;
            }
            tokio::time::sleep(pause).await;
            exchange = self.stage.client.send(&session.origin, request).await;
            self.fired.requests += 1;
        }
        match &exchange.outcome {
            Ok(Answer { status: 429, .. }) => Err(Trouble::Inconclusive(
                "the target is busy: it answers 429".to_owned(),
            )),
            Ok(Answer { status: 503, .. }) if !self.stage.sessions.is_up(session).await => {
                Err(self
                    .stage
                    .trouble("the target is busy: it answers 503".to_owned())
                    .await)
            }
            Ok(_) => Ok(exchange),
            Err(fault @ (Fault::TooLarge { .. } | Fault::Unsendable(_) | Fault::Tls(_))) => {
                Err(Trouble::Inconclusive(fault.to_string()))
            }
            Err(fault) => match self.stage.trouble(fault.to_string()).await {
                gone @ Trouble::Gone(_) => Err(gone),
                other if matches!(fault, Fault::Unreachable(_)) => Err(other),
                // It answers others: this request it did not.
                Trouble::Inconclusive(_) => Ok(exchange),
            },
        }
    }

    /// Looks at the workgroups again, and judges.
    async fn conclude(
        &mut self,
        number: usize,
        step: &Step,
        expectation: &Expectation,
        exchange: &Exchange,
        ground: &mut Ground,
        witness: Option<&mut Ground>,
    ) -> Result<(), Trouble> {
        let before = ground.known.take();
        let status = exchange.answer().map_or(0, |answer| answer.status);
        let mut trouble = None;
        let after = if self.stage.read_back {
            match self
                .stage
                .read(&ground.workgroup, &mut self.fired.requests)
                .await
            {
                Ok(stored) => Some(stored),
                Err(reason) => {
                    trouble = Some(reason);
                    None
                }
            }
        } else {
            None
        };
        let removed = step.prelude == Some(Prelude::RemoveResource);
        let fails_next = step.prelude == Some(Prelude::FailNext);
        let circumstances = self.stage.circumstances(removed, fails_next);
        let addressed = step.workgroup == WorkgroupChoice::Leased;
        let seen = Seen {
            before: before
                .as_deref()
                .filter(|_| addressed && self.stage.read_back),
            after: after.as_deref().filter(|_| addressed),
        };
        let verdict = judge(expectation, exchange.outcome.as_ref(), seen, &circumstances);
        self.take(number, verdict);
        if let (false, Some(before), Some(after)) = (addressed, &before, &after) {
            let open = step.workgroup == WorkgroupChoice::LeasedInOtherCase;
            if !open {
                self.watch(number, expectation, exchange, before, after);
            }
        }
        match (&after, &before) {
            (Some(after), Some(before)) => {
                self.learn_ids(expectation, before, after);
                let new = after
                    .iter()
                    .filter(|stored| !before.iter().any(|known| known.id == stored.id));
                self.made.extend(new.map(|stored| stored.id.clone()));
            }
            (None, Some(before)) if status == 200 && addressed => {
                // Without read-back, a 200 is believed.
                if let Some(effect) = &expectation.effect {
                    let model = effect.apply(before);
                    self.made
                        .extend(effect.added.iter().filter_map(|object| object.id.clone()));
                    ground.known = Some(model);
                }
            }
            (None, None) if status == 200 && addressed => {
                if let Some(effect) = &expectation.effect {
                    self.made
                        .extend(effect.added.iter().filter_map(|object| object.id.clone()));
                    ground.known = Some(effect.apply(&[]));
                }
            }
            (None, Some(before)) if !self.stage.read_back => ground.known = Some(before.clone()),
            _ => {}
        }
        if after.is_some() {
            ground.known = after;
        }
        if let Some(witness) = witness.filter(|_| self.stage.read_back) {
            let before = witness.known.take();
            let after = self
                .stage
                .read(&witness.workgroup, &mut self.fired.requests)
                .await?;
            if let Some(before) = &before {
                self.watch(number, expectation, exchange, before, &after);
            }
            witness.known = Some(after);
        }
        match trouble {
            // After a provoked failure the target must still answer (ISE-3).
            Some(Trouble::Inconclusive(_)) if status == 500 && fails_next => {
                let mut verdict = Verdict::new("after a failure".to_owned(), status);
                verdict.refute(
                    rules::ISE_3,
                    FindingKind::State,
                    "after a 500 the server no longer answers",
                    "an ordinary answer to the next request",
                    "a failed read-back",
                );
                self.take(number, verdict);
                Ok(())
            }
            Some(trouble) => Err(trouble),
            None if fails_next && status != 500 => Err(Trouble::Inconclusive(format!(
                "the hook provoked no 500 but a {status}"
            ))),
            None => Ok(()),
        }
    }

    /// Where the server gives ids, later steps mean the objects by those.
    fn learn_ids(&mut self, expectation: &Expectation, before: &[Stored], after: &[Stored]) {
        let Some(effect) = expectation
            .effect
            .as_ref()
            .filter(|effect| !effect.ambiguous)
        else {
            return;
        };
        let found = match_added(effect, before, after).found;
        for (object, stored) in effect.added.iter().zip(found) {
            if let (Some(given), Some(stored)) = (&object.id, stored)
                && *given != stored.id
            {
                self.ids.insert(given.clone(), stored.id.clone());
            }
        }
    }

    /// WG-2: a workgroup that the request does not address stays as it was.
    fn watch(
        &mut self,
        number: usize,
        expectation: &Expectation,
        exchange: &Exchange,
        before: &[Stored],
        after: &[Stored],
    ) {
        let mut verdict = Verdict::new(
            expectation.cause(),
            exchange.answer().map_or(0, |answer| answer.status),
        );
        verdict.check(rules::WG_2);
        if !same(before, after) {
            verdict.refute(
                rules::WG_2,
                FindingKind::State,
                "an update changed a workgroup that it does not address",
                "the other workgroup as it was",
                format!(
                    "{} (the update was answered {})",
                    first_change(before, after),
                    described(exchange)
                ),
            );
        }
        self.take(number, verdict);
    }

    /// Removes what the case made. What stays all the same is seen by whoever
    /// looks next.
    async fn clean(&mut self, ground: &mut Ground) {
        let ids: Vec<String> = match &ground.known {
            Some(known) => known
                .iter()
                .map(|stored| stored.id.clone())
                .filter(|id| self.made.contains(id))
                .collect(),
            None if self.stage.read_back => Vec::new(),
            None => self.made.iter().cloned().collect(),
        };
        if ids.is_empty() {
            return;
        }
        let removed = self
            .stage
            .update(&ground.workgroup, &removing(&ids), &mut self.fired.requests)
            .await;
        if self.stage.read_back {
            ground.known = None;
        } else if removed.is_ok() {
            ground.known = Some(Vec::new());
        }
    }
}

fn name_of(workgroup: &WorkgroupChoice) -> &'static str {
    match workgroup {
        WorkgroupChoice::Leased => "an existing workgroup",
        WorkgroupChoice::Absent(_) | WorkgroupChoice::Near(_) => "a workgroup that does not exist",
        WorkgroupChoice::LeasedInOtherCase => "a workgroup in another case",
    }
}

fn described(exchange: &Exchange) -> String {
    match &exchange.outcome {
        Ok(answer) => summary(answer, &AnswerBody::read(answer)),
        Err(fault) => fault.to_string(),
    }
}

fn swap_case(text: &str) -> String {
    let upper = text.to_uppercase();
    if upper == text {
        text.to_lowercase()
    } else {
        upper
    }
}

/// A scene's object as it is believed to be stored.
fn as_stored(mailbox: &MonitoredMailbox) -> Stored {
    let value = crate::generate::update::as_json(mailbox);
    let values = Stored::properties()
        .filter_map(|name| {
            Some((
                name,
                value.get(name).filter(|value| !value.is_null())?.clone(),
            ))
        })
        .collect();
    Stored {
        id: mailbox.id().unwrap_or_default().to_owned(),
        values,
    }
}
