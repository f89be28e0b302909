//! What goes wrong inside TLS, and beneath it.

use super::{
    ALL, Behaviour, CANNOT, CONFORMS, FAILS, FAILS_OR_CANNOT, READS, UPDATES, changed, steps,
};
use crate::front::act::{Act, Calls, Moment, Often, Step};
use crate::front::memory::ms;
use crate::front::message::Asked;

pub(super) fn rows() -> Vec<Behaviour> {
    let row = |name: &str, calls: Calls, act: Act| {
        let row = Behaviour::new(format!("tls/{name}"), calls, act);
        row.findings(6).tried(|options| options.tls = true)
    };
    // A body that is no JSON never reaches the server.
    let no_json: Calls = |asked: &Asked| {
        let is_json = serde_json::from_slice::<serde_json::Value>(asked.body()).is_ok();
        asked.is_update() && !is_json
    };
    let plain = || {
        vec![
            Step::Beneath(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
            Step::Close,
        ]
    };
    let certificate = || Act::Certificate;
    let broken = |row: Behaviour| row.ends_each([CANNOT, FAILS_OR_CANNOT, FAILS_OR_CANNOT]);
    let judged = |row: Behaviour| row.ends(FAILS).rules(&["ISE-1"]);
    let early = |script: fn() -> Vec<Step>| Act::Early(Box::new(move |_, _| Some(script())));
    let behind = Act::After(Box::new(|_, reply, _| {
        let noise = Step::Beneath(b"\x17\x03\x03\x00\x05hello".to_vec());
        vec![Step::Bytes(reply.bytes()), noise]
    }));
    vec![
        row("healthy", ALL, Act::Wait(ms(0)))
            .ends(CONFORMS)
            .findings(0)
            .at(&[Moment::Start]),
        judged(row(
            "alert-for-no-json",
            no_json,
            steps(|| vec![Step::Alert]),
        )),
        judged(row("plain-for-no-json", no_json, steps(plain))),
        judged(row(
            "closed-for-no-json",
            no_json,
            steps(|| vec![Step::Close]),
        )),
        judged(row(
            "reset-for-no-json",
            no_json,
            steps(|| vec![Step::Reset]),
        )),
        broken(row("alert", ALL, steps(|| vec![Step::Alert]))),
        broken(row("plain", ALL, steps(plain))),
        broken(row("alert-on-accept", ALL, early(|| vec![Step::Alert]))),
        broken(row("updates-alert", UPDATES, steps(|| vec![Step::Alert]))).ends(FAILS_OR_CANNOT),
        row("reads-alert", READS, steps(|| vec![Step::Alert])),
        row("noise-behind-updates", UPDATES, behind).ends(super::ANY),
        row(
            "close-told",
            ALL,
            changed(|_, reply, _| reply.closes = true),
        )
        .ends(CONFORMS)
        .findings(0),
        row("certificate-over", ALL, certificate()),
        Behaviour::often(
            "tls/alert-once",
            UPDATES,
            Often::Times(1),
            steps(|| vec![Step::Alert]),
        )
        .ends(super::NO_FAULT)
        .findings(0)
        .tried(|options| options.tls = true),
    ]
}
