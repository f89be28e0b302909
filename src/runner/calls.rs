//! The calls around the endpoint under test (SUP), asked once in a run: who is let
//! in, what a session says of itself, and who may read.

use super::around::Found;
use super::credentials::unknown_id;
use super::sessions::EndError;
use super::stage::Stage;
use super::tally::Tally;
use crate::client::session::{self, session_request};
use crate::client::{Answer, Asked, Header, Method, Origin, Patience, Reading, Request, Session};
use crate::contract::rules::{SUP_1, SUP_2, SUP_3, SUP_4, SUP_5, SUP_6, SUP_7};
use crate::contract::{RuleId, wire};
use crate::generate::session::{Asker, Language};
use crate::judge::calls::{self, CallFinding};
use crate::judge::{AnswerBody, FindingKind};

/// What the calls around the cases came to.
#[derive(Default)]
pub(super) struct Calls {
    /// What was found.
    pub(super) found: Vec<Found>,
    /// How many requests that took.
    pub(super) requests: u64,
}

impl Calls {
    /// What was found, and what the read-backs of the whole run showed (SUP-4).
    pub(super) fn and_read_backs(self, stage: &Stage, tally: &mut Tally) -> Vec<Found> {
        let mut answered = Answered {
            stage,
            tally,
            calls: self,
        };
        if stage.read_back {
            answered.judged(SUP_4, stage.misread.get().cloned());
        }
        answered.calls.found
    }
}

/// A call that was answered.
struct Answered<'a> {
    stage: &'a Stage,
    tally: &'a mut Tally,
    calls: Calls,
}

/// Whether a rule speaks of the calls around the endpoint.
pub(super) fn is_of_calls(rule: RuleId) -> bool {
    rule.as_str().starts_with("SUP-")
}

/// Asks each call, and judges its answer. What is not answered says nothing.
pub(super) async fn ask(stage: &Stage, features: bool, tally: &mut Tally) -> Calls {
    let mut answered = Answered {
        stage,
        tally,
        calls: Calls::default(),
    };
    let Ok(session) = stage.live(Asker::Privileged).await else {
        return answered.calls;
    };
    if let Some(login) = stage.sessions.login() {
        answered.judged(SUP_1, calls::login(login));
    }
    answered.unknown_user().await;
    let path = wire::session_path(&session.id);
    let request = session_request(&session, Method::Get, path);
    answered
        .ask(SUP_3, request, &session.origin, calls::state)
        .await;
    answered.end().await;
    if features {
        let request = Request::new(Method::Get, wire::FEATURES_PATH);
        let judge = |answer: &_| calls::features(&AnswerBody::read(answer));
        let origin = stage.client.origin().clone();
        answered.ask(SUP_6, request, &origin, judge).await;
    }
    if stage.read_back {
        answered.read_unauthenticated(&session).await;
        let path = wire::defaults_path(&session.id);
        let request = session_request(&session, Method::Get, path);
        let asked = answered.send(request, &session.origin).await;
        if let (Reading::Own, Some(answer)) = (&asked.reading, asked.exchange.answer())
            && answer.status == 200
        {
            answered.judged(SUP_7, calls::defaults(answer));
        }
    }
    answered.calls
}

impl Answered<'_> {
    async fn send(&mut self, mut request: Request, origin: &Origin) -> Asked {
        let (client, stage) = (&self.stage.client, self.stage);
        stage.spell(&mut request, crate::generate::HeaderSpelling::AsUsual);
        let asked = client
            .send_patiently(origin, &request, Patience::Question)
            .await;
        self.calls.requests += asked.sent;
        asked
    }

    async fn ask(
        &mut self,
        rule: RuleId,
        request: Request,
        origin: &Origin,
        judge: impl Fn(&Answer) -> Option<CallFinding>,
    ) {
        // Twice where something is wrong: it may have passed.
        for last in [false, true] {
            let asked = self.send(request.clone(), origin).await;
            let (Reading::Own, Some(answer)) = (&asked.reading, asked.exchange.answer()) else {
                return;
            };
            let found = judge(answer);
            if last || found.is_none() {
                return self.judged(rule, found);
            }
        }
    }

    /// Notes that a rule was put to the test, and what came of it.
    fn judged(&mut self, rule: RuleId, found: Option<CallFinding>) {
        self.tally.check(rule);
        self.calls.found.extend(found.map(|found| Found {
            rule: found.rule,
            kind: FindingKind::Answer,
            cause: found.cause.to_owned(),
            message: format!("{} is answered otherwise than documented", found.cause),
            expected: found.expected,
            actual: found.actual,
            body: super::around::plain_body(self.stage),
            workgroup: self.stage.workgroups.first().cloned().unwrap_or_default(),
            scene: Vec::new(),
            confirmed: 1,
            call: Some((found.method, found.path)),
        }));
    }

    /// One try of a user who does not exist: it locks nobody out.
    async fn unknown_user(&mut self) {
        let request = session::login_of_nobody(Language::English.tag());
        let client = &self.stage.client;
        let asked = client
            .send_patiently(client.origin(), &request, Patience::Login)
            .await;
        self.calls.requests += asked.sent;
        if let (Reading::Own, Some(answer)) = (&asked.reading, asked.exchange.answer())
            && answer.status != 503
        {
            self.judged(SUP_2, calls::refused_login(answer));
        }
    }

    /// The end of a session that is opened for it, where a user may have another.
    async fn end(&mut self) {
        let sessions = &self.stage.sessions;
        if sessions.one_per_user || sessions.refuses_second {
            return;
        }
        let Ok(session) = sessions.fresh_at_once(Asker::Privileged).await else {
            return;
        };
        self.calls.requests += 2;
        match sessions.end(&session).await {
            Ok(()) => self.judged(SUP_3, calls::end(None)),
            Err(EndError::Refused(status)) => self.judged(SUP_3, calls::end(Some(status))),
            Err(_) => {}
        }
    }

    /// The read-back without a cookie, with one that was never issued, and of a
    /// session that was never issued.
    async fn read_unauthenticated(&mut self, session: &Session) {
        let Some(workgroup) = self.stage.workgroups.first() else {
            return;
        };
        let path = wire::read_back_path(&session.id, workgroup);
        let plain = session_request(session, Method::Get, path);
        let is_cookie = |header: &Header| header.name.eq_ignore_ascii_case("cookie");
        let mut without = plain.clone();
        without.headers.retain(|header| !is_cookie(header));
        let mut garbage = without.clone();
        let cookie = format!("{}={NEVER_ISSUED}", session.cookie_name);
        garbage.headers.push(Header::plain("Cookie", cookie));
        let mut unknown = plain;
        let id = unknown_id(&session.id, &[&session.id]);
        unknown.path = wire::read_back_path(&id, workgroup);
        for (cause, request) in [
            ("a read-back without a cookie", without),
            ("a read-back with a cookie that was never issued", garbage),
            ("a read-back of a session that was never issued", unknown),
        ] {
            let judge = |answer: &_| calls::unauthenticated(answer, cause);
            self.ask(SUP_5, request, &session.origin, judge).await;
        }
    }
}

/// A cookie's value that no server issues.
const NEVER_ISSUED: &str = "00000000-0000-0000-0000-000000000000";
