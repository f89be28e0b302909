//! The control surface: what no client can provoke from outside. It is there
//! only where the settings say so.

use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::answers::{Answer, Failure};
use super::router::Call;
use super::server::{ProvokedFailure, ProvokedKind, Server};

#[derive(Debug, Default, Deserialize)]
struct FailNext {
    #[serde(default)]
    kind: Kind,
    workgroup: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Internal,
    Timeout,
    Panic,
}

#[derive(Debug, Default, Deserialize)]
struct Removal {
    workgroup: Option<String>,
}

/// Obeys one order: 204, or an error where there is no such order.
pub(super) fn control(
    server: &Server,
    call: &Call<'_>,
    order: &str,
    argument: Option<&str>,
) -> Result<Answer, Answer> {
    match (order, argument) {
        ("expire", Some(session_id)) => {
            if !server.sessions().expire(session_id) {
                return Err(Answer::error(
                    StatusCode::NOT_FOUND,
                    "There is no such live session.",
                ));
            }
        }
        ("fail-next", None) => {
            let order: FailNext = read(call.body)?;
            let kind = match order.kind {
                Kind::Internal => ProvokedKind::Answered(Failure::Internal),
                Kind::Timeout => ProvokedKind::Answered(Failure::Timeout),
                Kind::Panic => ProvokedKind::Panic,
            };
            let workgroup = order.workgroup;
            let failure = ProvokedFailure { kind, workgroup };
            server.provoked().failures.push_back(failure);
        }
        ("remove-resource", None) => {
            let order: Removal = read(call.body)?;
            let mut provoked = server.provoked();
            match order.workgroup {
                Some(workgroup) => _ = provoked.removed.insert(workgroup),
                None => provoked.all_removed = true,
            }
        }
        ("restore-resource", None) => {
            let order: Removal = read(call.body)?;
            let mut provoked = server.provoked();
            match order.workgroup {
                Some(workgroup) => _ = provoked.removed.remove(&workgroup),
                None => {
                    provoked.all_removed = false;
                    provoked.removed.clear();
                }
            }
        }
        _ => {
            return Err(Answer::error(
                StatusCode::NOT_FOUND,
                "There is no such order.",
            ));
        }
    }
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// An order's body; without one, its defaults.
fn read<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, Answer> {
    if body.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(body)
        .map_err(|error| Answer::malformed(&format!("the body is no order: {error}")))
}
