//! Sessions that are lost or counted, cookies and tokens that change, and a
//! server that is started anew.

use icws_conformance::reference::Fixtures;

use super::{
    ALL, Behaviour, CANNOT, CONFORMS, FAILS_OR_CANNOT, LOGINS, NO_FAULT, UPDATES, changed,
};
use crate::front::act::{Act, Calls, Moment, Often, plainly};
use crate::front::memory::{Memory, ms};
use crate::front::message::{Asked, Reply};

const LATER: &[Moment] = &[Moment::Login, Moment::Middle];

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = lost();
    rows.extend(counted());
    rows.extend(anew());
    rows.extend(issued());
    rows
}

/// A session may end by age or number.
fn lost() -> Vec<Behaviour> {
    let row = |name: &str, calls: Calls, often| {
        Behaviour::often(format!("lost/{name}"), calls, often, Act::Expire)
    };
    vec![
        row("every-50th", ALL, Often::Every(50)).ends(NO_FAULT),
        row("every-7th-update", UPDATES, Often::Every(7)).ends(NO_FAULT),
        row("every-update", UPDATES, Often::Always).ends(FAILS_OR_CANNOT),
        row("every-request", ALL, Often::Always).ends(FAILS_OR_CANNOT),
        row("for-half-a-second", ALL, Often::For(ms(500))).ends(NO_FAULT),
        row("once", UPDATES, Often::Times(1)).ends(NO_FAULT),
    ]
}

/// So many sessions at a time, or in all.
fn counted() -> Vec<Behaviour> {
    let full = |most: usize, reply: fn() -> Reply| {
        Act::Instead(Box::new(move |_, memory| {
            (memory.sessions.len() >= most).then(|| plainly(&reply()))
        }))
    };
    let refused = || Reply::json(400, r#"{"message":"Too many sessions."}"#);
    let known = || {
        let body = r#"{"message":"Too many sessions.","errorId":"error.request.connection.authenticationFailure"}"#;
        Reply::json(400, body)
    };
    let in_all = |most: u64| {
        Act::Instead(Box::new(move |_: &Asked, memory: &mut Memory| {
            (memory.done > most).then(|| plainly(&refused()))
        }))
    };
    let acts = vec![
        ("five-at-a-time", full(5, refused)),
        ("five-at-a-time-as-wrong-password", full(5, known)),
        ("three-at-a-time", full(3, refused)),
        (
            "two-at-a-time-429",
            full(2, || Reply::json(429, r#"{"message":"Full."}"#)),
        ),
        ("twenty-in-all", in_all(20)),
        ("three-in-all", in_all(3)),
    ];
    let row = |(name, act)| {
        let row = Behaviour::new(format!("counted/{name}"), LOGINS, act);
        row.ends(NO_FAULT).findings(2)
    };
    acts.into_iter().map(row).collect()
}

/// Nothing is left of sessions, and of what was stored.
fn anew() -> Vec<Behaviour> {
    let empty = || {
        let mut fixtures = Fixtures::default();
        let scratch = fixtures.workgroups.iter_mut().filter(|group| group.scratch);
        scratch.for_each(|group| group.monitored.clear());
        fixtures
    };
    let without_workgroups = || {
        let mut fixtures = Fixtures::default();
        fixtures.workgroups.retain(|group| !group.scratch);
        fixtures
    };
    let others = || {
        let mut fixtures = Fixtures::default();
        for user in &mut fixtures.users {
            user.password.push('x');
        }
        fixtures
    };
    let row = |name: &str, often, fixtures: fn() -> Fixtures| {
        let act = Act::Restart(fixtures);
        let row = Behaviour::often(format!("anew/{name}"), ALL, often, act);
        row.ends(CANNOT).at(&[Moment::Middle])
    };
    vec![
        row("as-at-first", Often::Times(1), Fixtures::default),
        row("empty", Often::Times(1), empty),
        row("empty-every-300th", Often::Every(300), empty),
        row("without-workgroups", Often::Times(1), without_workgroups).spoiling(),
        row("with-other-passwords", Often::Times(1), others).spoiling(),
    ]
}

/// Answers that issue something else.
fn issued() -> Vec<Behaviour> {
    let balancer = changed(|_, reply, memory| {
        let value = format!("AWSALB={:x}; Path=/", memory.random());
        reply
            .headers
            .push(("Set-Cookie".to_owned(), value.into_bytes()));
    });
    let many = changed(|_, reply, memory| {
        for place in 0..200 {
            let value = format!("c{place}={:x}; Path=/", memory.random());
            reply
                .headers
                .push(("Set-Cookie".to_owned(), value.into_bytes()));
        }
    });
    let names = changed(|_, reply, memory| {
        let value = format!("c{:x}={}; Path=/", memory.random(), "y".repeat(3000));
        reply
            .headers
            .push(("Set-Cookie".to_owned(), value.into_bytes()));
    });
    let without_cookie = changed(|_, reply, _| {
        let is_cookie = |name: &str| name.eq_ignore_ascii_case("Set-Cookie");
        reply.headers.retain(|(name, _)| !is_cookie(name));
    });
    let null_token = changed(|_, reply, _| {
        reply.body = br#"{"csrfToken":null,"sessionId":null}"#.to_vec();
        reply.headers.clear();
    });
    let path_as_session = changed(|_, reply, memory| {
        let token = memory.last_token.clone();
        let id = "../../__control/expire";
        let body = format!(r#"{{"csrfToken":"{token}x","sessionId":"{id}"}}"#);
        reply.body = body.into_bytes();
    });
    let new = |name: &str, calls, act| Behaviour::new(format!("issued/{name}"), calls, act);
    vec![
        new("balancer-cookie", ALL, balancer)
            .ends(CONFORMS)
            .findings(0),
        new("200-cookies", ALL, many).ends(NO_FAULT),
        new("ever-more-cookies", ALL, names)
            .ends(super::ANY)
            .at(LATER),
        new("no-cookie", LOGINS, without_cookie).ends(CANNOT),
        new("token-null", LOGINS, null_token).ends(CANNOT),
        new("session-is-a-path", LOGINS, path_as_session).ends(CANNOT),
    ]
}
