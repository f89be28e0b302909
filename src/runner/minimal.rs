//! The request that shows a finding, and what happens before it, in words fit to
//! be shown.

use super::outcome::Minimal;
use crate::client::{Redacted, Request, Secrets};
use crate::contract::Framing;
use crate::generate::case::Prelude;
use crate::generate::session::{Asker, Life};
use crate::generate::{Case, Connection, Reader, Step};

/// The request that shows a finding, in words fit to be shown.
pub(super) fn minimal(
    case: &Case,
    step: usize,
    sent: Option<&Request>,
    secrets: &Secrets,
) -> Minimal {
    let mut before: Vec<Redacted> = Vec::new();
    if !case.scene.is_empty() {
        let scene = crate::generate::update::adding(&case.scene);
        before.push(secrets.redact_whole(&format!("stored by an update: {scene}")));
    }
    if let Some(witness) = case.witness.as_ref().filter(|witness| !witness.is_empty()) {
        let scene = crate::generate::update::adding(witness);
        before.push(secrets.redact_whole(&format!(
            "stored in another workgroup by an update: {scene}"
        )));
    }
    if case.connection == Connection::Own {
        before.push(secrets.redact_whole("each request is sent on a connection of its own"));
    }
    if case.reader == Reader::Another {
        before.push(secrets.redact_whole("another session of the same user reads back"));
    }
    for (number, earlier) in case.steps.iter().enumerate() {
        if case.at_once {
            if number != step {
                let body = format!("sent at the same time: {:?}", earlier.body);
                before.push(secrets.redact_whole(&body));
            }
            continue;
        }
        before.extend(happens(earlier).map(|what| secrets.redact_whole(&what)));
        if number == step {
            break;
        }
        before.push(secrets.redact_whole(&format!("sent: {:?}", earlier.body)));
    }
    match sent {
        Some(request) => Minimal {
            method: request.method.as_str(),
            path: secrets.redact_whole(&request.path),
            headers: request
                .headers
                .iter()
                .map(|header| {
                    (
                        header.name.clone(),
                        secrets.redact_whole(&header.value.to_string()),
                    )
                })
                .collect(),
            body: secrets.redact_whole(&String::from_utf8_lossy(&request.body)),
            before,
        },
        None => Minimal {
            method: "POST",
            path: Redacted::from(""),
            headers: Vec::new(),
            body: Redacted::from(""),
            before,
        },
    }
}

fn often(times: u8) -> String {
    match times {
        1 => String::new(),
        times => format!(" {times} times"),
    }
}

/// A session beside the step's own, in words.
const fn of_another(asker: Asker) -> &'static str {
    match asker {
        Asker::Privileged => "another session of the same user",
        Asker::Restricted => "a session of another user",
        Asker::Second => "a further session of the same user",
    }
}

/// What happens before a step, in words.
fn happens(step: &Step) -> impl Iterator<Item = String> {
    let prelude = step.prelude.map(|prelude| match prelude {
        Prelude::AnotherSessionEnds(asker) => format!("{} is ended", of_another(asker)),
        Prelude::AnotherSessionExpires(asker) => {
            format!("the hook expire_session is run for {}", of_another(asker))
        }
        Prelude::Refused(state, times) => format!(
            "the same request is sent{}{}, and refused",
            often(times),
            match state.asker {
                Asker::Restricted => "",
                Asker::Privileged | Asker::Second => " with wrong credentials",
            }
        ),
        Prelude::Malformed(times) => {
            format!(
                "a body that breaks off is sent{}, and refused",
                often(times)
            )
        }
        Prelude::OwnLook => {
            "the same session asks whether it is up, and reads the workgroup back".to_owned()
        }
        Prelude::FailNext => "the hook fail_next is run".to_owned(),
        Prelude::SameFailed => {
            "the hook fail_next is run, and the same request is sent once".to_owned()
        }
        Prelude::RemoveResource => "the hook remove_resource is run".to_owned(),
    });
    let life = match step.session.life {
        Life::Live => None,
        Life::Fresh => Some("the session was opened just before".to_owned()),
        Life::FreshIn(language) => Some(format!(
            "the session was opened just before, in {}",
            language.tag()
        )),
        Life::Ended => Some("the session is ended by its client".to_owned()),
        Life::Expired => Some("the hook expire_session is run".to_owned()),
    };
    let framing = (step.framing != Framing::Length)
        .then(|| format!("the request is sent with {}", step.framing.in_words()));
    let framing = framing.or_else(|| {
        let is_without = step.accept.is_none();
        is_without.then(|| "the request has no Accept".to_owned())
    });
    let asker = match step.session.asker {
        Asker::Privileged => None,
        Asker::Restricted => Some("the session is of the user without rights".to_owned()),
        Asker::Second => Some("the session is a second one of the same user".to_owned()),
    };
    prelude.into_iter().chain(life).chain(asker).chain(framing)
}
