//! One request: what it carries, what it deserves, and its sending.

use bytes::Bytes;

use super::Firing;
use crate::client::{Answer, Exchange, Fault, Header, Method, Patience, Request, Session};
use crate::contract::wire;
use crate::generate::mailbox::DOMAIN;
use crate::generate::{Body, Connection, HeaderSpelling, Prelude, Step, WorkgroupChoice};
use crate::judge::AnswerBody;
use crate::judge::outline::outline;
use crate::oracle::{Asked, Expectation, Known, KnownSession, Stored, WorkgroupState, expect};
use crate::printable::clean_json_line;
use crate::runner::credentials::{Carried, Cast, Played, carry};
use crate::runner::ground::{Ground, Witnesses};
use crate::runner::trouble::Trouble;

/// Everything about one step that its judgement needs.
pub(super) struct Asking {
    pub(super) cast: Cast,
    pub(super) carried: Carried,
    pub(super) workgroup: String,
    pub(super) body: Bytes,
}

impl Firing<'_> {
    pub(super) async fn ask(
        &mut self,
        number: usize,
        step: &Step,
        ground: &mut Ground,
        witnesses: &mut Witnesses<'_>,
    ) -> Result<(Expectation, u16), Trouble> {
        let mut losses = 0;
        loop {
            let asking = self.asking(step, ground).await?;
            let before = ground.known.clone();
            let expectation = self.expectation(step, &asking, before.as_deref(), ground);
            self.fired.cause = expectation.cause();
            let request = self.request(step, &asking);
            let sent = self
                .send(&asking.cast.own.session, &request, step.prelude)
                .await;
            let exchange = match sent {
                Ok(exchange) => exchange,
                Err(trouble) => {
                    self.lose_sight(ground, &trouble).await;
                    return Err(trouble);
                }
            };
            // Before a live session's refusal is blamed, the target is asked
            // whether the session is still up. Where it went with what happened
            // before the step, that is tried once more: a session that only
            // happened to end then is not lost to it again.
            let excused = match step.prelude {
                None => 2,
                Some(_) => 1,
            };
            let refused = exchange.answer().is_some_and(|answer| answer.status == 401);
            if refused && expectation.is_authenticated() && losses < excused {
                self.fired.requests += 1;
                if !self.stage.sessions.is_up(&asking.cast.own.session).await {
                    let lost = &asking.cast.own.session;
                    self.stage.sessions.lose(lost).await;
                    self.fresh.retain(|(_, session)| session.id != lost.id);
                    losses += 1;
                    // A failure that was not met yet is still to come.
                    if step.prelude != Some(Prelude::FailNext) {
                        self.prelude(step, ground).await?;
                    }
                    continue;
                }
            }
            if let Some(answer) = exchange.answer() {
                let outline = outline(answer, &AnswerBody::read(answer));
                let outline = clean_json_line(&outline).unwrap_or_default();
                self.fired.outlines.insert(outline);
            }
            let status = exchange.answer().map_or(0, |answer| answer.status);
            if status == 200 {
                self.refuse_existing(&step.workgroup, &asking.workgroup, ground)
                    .await?;
            }
            self.fired.accepted |= status == 200;
            self.fired.rejected |= (400..500).contains(&status);
            self.fired.sent.push(request);
            self.conclude(number, step, &expectation, &exchange, ground, witnesses)
                .await?;
            return Ok((expectation, status));
        }
    }

    /// What was not judged may have been done all the same: it is to be removed
    /// with all the rest.
    async fn lose_sight(&mut self, ground: &mut Ground, trouble: &Trouble) {
        let before = ground.known.take();
        if !self.stage.read_back || matches!(trouble, Trouble::Gone(_)) {
            return;
        }
        if let (Some(before), Ok(after)) = (before, self.look(&ground.workgroup).await) {
            self.note_made(&before, &after);
            ground.known = Some(after);
        }
    }

    pub(super) async fn asking(&mut self, step: &Step, ground: &Ground) -> Result<Asking, Trouble> {
        let cast = self.cast(&step.session, &ground.workgroup).await?;
        let carried =
            carry(&step.session, &cast, self.stage.client.secrets()).ok_or_else(|| {
                Trouble::NotOffered("the target's sessions have no such form".to_owned())
            })?;
        let workgroup = match &step.workgroup {
            WorkgroupChoice::Leased => ground.workgroup.clone(),
            WorkgroupChoice::Absent(id) if self.stage.may_exist(id) => {
                return Err(Trouble::NotOffered(format!(
                    "the profile has a scratch workgroup `{id}`"
                )));
            }
            WorkgroupChoice::Absent(id) => id.clone(),
            WorkgroupChoice::LeasedInOtherCase => swap_case(&ground.workgroup),
            WorkgroupChoice::Near(near) => std::iter::once(&ground.workgroup)
                .chain(&self.stage.workgroups)
                .find_map(|id| near.of(id))
                .ok_or_else(|| {
                    Trouble::NotOffered("no scratch workgroup's id has such a form".to_owned())
                })?,
            WorkgroupChoice::Scratch(number) => {
                let all = &self.stage.workgroups;
                all[number % all.len()].clone()
            }
            WorkgroupChoice::Another => {
                let others = self.stage.workgroups.iter();
                let mut others = others.filter(|id| **id != ground.workgroup);
                others.next().cloned().ok_or_else(|| {
                    Trouble::NotOffered("there is no other scratch workgroup".to_owned())
                })?
            }
        };
        let body = Bytes::from(self.with_given_ids(&step.body));
        self.stage.claim(&ground.workgroup, &body)?;
        if workgroup != ground.workgroup {
            self.stage.claim(&workgroup, &body)?;
        }
        self.addressed = vec![ground.workgroup.clone()];
        if workgroup != ground.workgroup {
            self.addressed.push(workgroup.clone());
        }
        Ok(Asking {
            cast,
            carried,
            workgroup,
            body,
        })
    }

    /// The body with the ids that the server gave in place of those that the
    /// scene asked for.
    pub(super) fn with_given_ids(&self, body: &Body) -> Vec<u8> {
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

    pub(super) fn expectation(
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
                WorkgroupChoice::Another | WorkgroupChoice::Scratch(_) => {
                    WorkgroupState::HoldsAtLeast(&[])
                }
                WorkgroupChoice::LeasedInOtherCase if asking.workgroup == ground.workgroup => {
                    leased
                }
                WorkgroupChoice::LeasedInOtherCase => WorkgroupState::AbsentButForCase,
            },
            mailboxes: &self.stage.fixtures.mailboxes,
            domain: DOMAIN,
            ids: self.stage.ids,
            removed: step.is_of_the_removed(),
            fails_next: step.prelude == Some(Prelude::FailNext),
        };
        expect(&asked, &known)
    }

    pub(super) fn request(&self, step: &Step, asking: &Asking) -> Request {
        let path = wire::update_path(&asking.carried.session_id, &asking.workgroup);
        let mut request = Request::new(Method::Post, path);
        request.headers = asking.carried.headers();
        request
            .headers
            .push(Header::plain("Accept", wire::VENDOR_MEDIA_TYPE));
        if let Some(label) = &step.content_type {
            request
                .headers
                .push(Header::plain("Content-Type", label.clone()));
        }
        request.body = asking.body.clone();
        request.alone = self.case.connection == Connection::Own;
        self.stage.spell(&mut request, step.spelling);
        request
    }

    /// Sends a request. A busy target is asked again, a target that is gone is
    /// told from one that dropped this request.
    pub(super) async fn send(
        &mut self,
        session: &Session,
        request: &Request,
        prelude: Option<Prelude>,
    ) -> Result<Exchange, Trouble> {
        // A failure that was provoked is no sign of a busy target, and asking
        // again would hide it.
        let provoked = prelude == Some(Prelude::FailNext);
        let (client, origin) = (&self.stage.client, &session.origin);
        let (exchange, sent) = match provoked {
            true => (client.send(origin, request).await, 1),
            false => {
                let patience = Patience::WhileBusy;
                client.send_patiently(origin, request, patience).await
            }
        };
        self.fired.requests += sent;
        for workgroup in &self.addressed {
            self.stage.answered(workgroup, &request.body, &exchange);
        }
        match &exchange.outcome {
            Ok(Answer { status: 429, .. }) => Err(Trouble::Passing(
                "the target is busy: it answers 429".to_owned(),
            )),
            Ok(Answer { status: 503, .. })
                if !provoked && !self.stage.sessions.is_up(session).await =>
            {
                Err(self
                    .stage
                    .trouble("the target is busy: it answers 503".to_owned())
                    .await)
            }
            Ok(_) => Ok(exchange),
            Err(fault @ (Fault::TooLarge { .. } | Fault::Unsendable(_) | Fault::Tls(_))) => {
                Err(Trouble::Unjudged(fault.to_string()))
            }
            Err(fault) => match self.stage.trouble(fault.to_string()).await {
                gone @ Trouble::Gone(_) => Err(gone),
                other if matches!(fault, Fault::Unreachable(_)) => Err(other),
                // It answers others: this request it did not.
                _ => Ok(exchange),
            },
        }
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
