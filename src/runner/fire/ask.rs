//! One request: what it carries, what it deserves, and its sending.

use bytes::Bytes;

use super::Firing;
use crate::client::{Exchange, Fault, Header, Method, Patience, Reading, Request, Session, State};
use crate::contract::wire;
use crate::generate::mailbox::DOMAIN;
use crate::generate::{Body, Connection, HeaderSpelling, Prelude, Step, WorkgroupChoice};
use crate::judge::AnswerBody;
use crate::judge::outline::outline;
use crate::oracle::{Asked, Expectation, Known, KnownSession, Stored, WorkgroupState, expect};
use crate::printable::clean_json_line;
use crate::runner::credentials::{Carried, Cast, Played, carry};
use crate::runner::ground::{Ground, Witnesses};
use crate::runner::stage::room_of_update;
use crate::runner::trouble::Trouble;

/// A request that loses as many new sessions, one after the other, is to blame.
const LOST_EACH_TIME: u32 = 3;

/// The same, where sessions are lost to all kinds of requests: three in a row may be
/// chance there.
const LOST_BY_CHANCE: u32 = 6;

/// Why a refusal says nothing of a request.
pub(super) const SENT_TWICE: &str =
    "a connection was closed while an update was under way, so that it was sent twice";

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
        let (mut losses, mut alone) = (0, false);
        loop {
            let asking = self.asking(step, ground).await?;
            let before = ground.known.clone();
            let expectation = self.expectation(step, &asking, before.as_deref(), ground);
            self.fired.cause = expectation.cause();
            let request = self.request(step, &asking);
            let session = &asking.cast.own.session;
            let sent = self.send_once(session, &request, step.prelude, alone).await;
            let exchange = match sent {
                Ok(exchange) => exchange,
                Err(Unsent::TakenAway(_)) if !alone => {
                    // It goes again by itself: it may be what took the target away.
                    alone = true;
                    if self.stage.sessions.state(session).await == State::Over {
                        self.stage.sessions.lose(session).await;
                        self.fresh.retain(|(.., fresh)| fresh.id != session.id);
                    }
                    continue;
                }
                Err(unsent) => {
                    let trouble = unsent.into_trouble(&self.fired.cause);
                    self.lose_sight(ground, &trouble).await;
                    return Err(trouble);
                }
            };
            // Before a live session's refusal is blamed, the target is asked
            // whether the session is still up. Where it went with what happened
            // before the step, that is tried once more: a session that only
            // happened to end then is not lost to it again.
            let excused = match step.prelude {
                None if self.stage.sessions.wear_out() => LOST_BY_CHANCE - 1,
                None => LOST_EACH_TIME - 1,
                Some(_) => 1,
            };
            let refused = exchange.answer().is_some_and(|answer| answer.status == 401);
            if refused && expectation.is_authenticated() && losses < excused {
                self.fired.requests += 1;
                match self.stage.sessions.state(session).await {
                    State::Up => {}
                    State::Unknown(Reading::Gone(gone)) => return Err(Trouble::Gone(gone)),
                    State::Unknown(_) => {
                        let what = "the target does not say whether a session is up".to_owned();
                        return Err(self.stage.trouble(what).await);
                    }
                    State::Over => {
                        self.replace(session, step, ground).await?;
                        losses += 1;
                        continue;
                    }
                }
            }
            if losses > 0 && !refused {
                self.stage.sessions.lost_by_chance();
            }
            if let Some(answer) = exchange.answer() {
                let outline = outline(answer, &AnswerBody::read(answer));
                let outline = clean_json_line(&outline).unwrap_or_default();
                self.fired.outlines.insert(outline);
            }
            let status = exchange.answer().map_or(0, |answer| answer.status);
            if let Some(kind) = expectation.also_legal
                && kind.status() == status
            {
                self.fired.asks_for_plain_form = true;
                let reason = format!("the target asks for the plain form of a request ({status})");
                return Err(Trouble::NotOffered(reason));
            }
            if status == 200 {
                self.refuse_existing(&step.workgroup, &asking.workgroup, ground)
                    .await?;
            }
            self.fired.accepted |= status == 200;
            self.fired.rejected |= (400..500).contains(&status);
            self.fired.sent.push(request);
            let found = (self.fired.findings.len(), self.stage.sessions.lost());
            let concluded = self
                .conclude(number, step, &expectation, &exchange, ground, witnesses)
                .await;
            self.excuse_the_lost(found, before.as_deref(), ground)?;
            self.excuse_the_repeated(found.0, &expectation, &exchange)?;
            self.excuse_the_gone(found.0, &exchange).await?;
            concluded?;
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
                    Trouble::NotOffered(format!(
                        "the profile has no scratch workgroup whose id is one {} (workgroups.scratch)",
                        near.wants()
                    ))
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
            writing: step.writing,
            content_type: step.content_type.as_deref(),
            accept: step.accept.as_deref(),
            framing: step.framing,
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
        let session_id = &asking.carried.session_id;
        let path = wire::update_path_written(session_id, &asking.workgroup, step.writing);
        let mut request = Request::new(Method::Post, path);
        request.headers = asking.carried.headers();
        request.framing = step.framing;
        if let Some(accept) = &step.accept {
            request
                .headers
                .push(Header::plain("Accept", accept.clone()));
        }
        if let Some(label) = &step.content_type {
            request
                .headers
                .push(Header::plain("Content-Type", label.clone()));
        }
        request.body = asking.body.clone();
        request.room = room_of_update(&request.body);
        request.alone = self.case.connection == Connection::Own;
        self.stage.spell(&mut request, step.spelling);
        request
    }

    /// Sends a request, as patiently as it takes to know what came of it.
    pub(super) async fn send(
        &mut self,
        session: &Session,
        request: &Request,
        prelude: Option<Prelude>,
    ) -> Result<Exchange, Trouble> {
        let sent = self.send_once(session, request, prelude, false).await;
        sent.map_err(|unsent| unsent.into_trouble(&self.fired.cause))
    }

    /// The same; `alone` where it was under way when the target went away.
    async fn send_once(
        &mut self,
        session: &Session,
        request: &Request,
        prelude: Option<Prelude>,
        alone: bool,
    ) -> Result<Exchange, Unsent> {
        let (client, origin) = (&self.stage.client, &session.origin);
        let patience = match prelude {
            Some(Prelude::FailNext) => Patience::Provoked,
            _ => Patience::Update,
        };
        let asked = if alone {
            client.send_alone(origin, request, patience).await
        } else {
            let plain = async || self.stage.plain_update().await;
            client.send_beside(origin, request, patience, plain).await
        };
        self.fired.requests += asked.sent;
        for workgroup in &self.addressed {
            self.stage
                .answered(workgroup, &request.body, &asked.exchange);
        }
        match asked.reading {
            Reading::Passing(why) => Err(Unsent::Trouble(Trouble::Passing(why))),
            Reading::TakenAway(why) => Err(Unsent::TakenAway(why)),
            Reading::Gone(gone) => Err(Unsent::Trouble(Trouble::Gone(gone))),
            Reading::Own => match &asked.exchange.outcome {
                Err(fault @ (Fault::TooLarge { .. } | Fault::Unsendable(_))) => {
                    Err(Unsent::Trouble(Trouble::Unjudged(fault.to_string())))
                }
                _ => Ok(asked.exchange),
            },
        }
    }
}

/// Why a request has no answer that can be judged.
enum Unsent {
    /// It was under way when the target went away, which is back.
    TakenAway(String),
    /// Anything else.
    Trouble(Trouble),
}

impl Unsent {
    /// The end of a run names what was under way.
    fn into_trouble(self, cause: &str) -> Trouble {
        match self {
            Self::TakenAway(why) => Trouble::Passing(why),
            Self::Trouble(Trouble::Gone(gone)) => Trouble::Gone(if cause.is_empty() {
                gone
            } else {
                format!("{gone}; under way was a request with `{cause}`")
            }),
            Self::Trouble(trouble) => trouble,
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
