//! From a request to the call that answers it, and from its answer to the
//! wire.
//!
//! Routing is done on the raw path (see `path`), so that the one axum route is
//! the fallback.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;

use super::answers::{Answer, Content, Failure, LABEL};
use super::path::Route;
use super::server::Server;
use super::{Fault, Variant, connection, control, forms, manners, read_back, update};

/// The longest body that is read, in bytes.
const BODY_MAX: usize = 8 * 1024 * 1024;

/// What a call sees of its request.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) query: Option<&'a str>,
    /// The request target names the server as well.
    pub(super) is_absolute: bool,
    pub(super) body: &'a [u8],
}

/// The service.
pub(super) fn router(server: Arc<Server>) -> Router {
    Router::new()
        .fallback(respond)
        .with_state(server)
        .layer(CatchPanicLayer::custom(after_panic))
}

fn after_panic(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    Answer::failure(Failure::Internal).into_response(LABEL)
}

async fn respond(State(server): State<Arc<Server>>, request: Request) -> Response<Body> {
    manners::hesitate(&server.switches, server.settings.latency).await;
    let mut answer = answer(&server, request).await;
    if matches!(answer.body, Content::Late) {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let failed = answer.status == StatusCode::INTERNAL_SERVER_ERROR;
    if server.switches.has(Fault::FailureKills) && !failed && server.provoked().dead {
        answer.body = Content::Broken;
    }
    let mut response = manners::written(&server.switches, answer);
    if server.switches.varies(Variant::ClosesNowAndThen) {
        let mut memory = server.memory();
        memory.answered += 1;
        if memory.answered % 10 == 0 {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
    }
    response
}

async fn answer(server: &Server, request: Request) -> Answer {
    let (head, body) = request.into_parts();
    if server.switches.varies(Variant::AnswersEarly)
        && let Route::Update { session, .. } = Route::parse(&server.switches, head.uri.path())
    {
        let admitted = server.admit(&head.headers, session);
        if let Err(refusal) = admitted {
            return refusal;
        }
    }
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return Answer::error(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long.");
    };
    let call = Call {
        headers: &head.headers,
        query: head.uri.query(),
        is_absolute: forms::is_absolute(&head.uri),
        body: &body,
    };
    let route = Route::parse(&server.switches, head.uri.path());
    let allowed = route.methods();
    let result = match (&head.method, route) {
        (&Method::POST, Route::Update { session, workgroup }) => {
            Ok(update::update(server, &call, session, workgroup).await)
        }
        (&Method::GET, Route::Workgroup { session, workgroup }) => {
            read_back::workgroup(server, &call, session, workgroup.as_deref())
        }
        (&Method::GET, Route::Defaults { session }) => read_back::defaults(server, &call, session),
        (&Method::POST, Route::Connection) => connection::connect(server, &call),
        (&Method::GET, Route::Session { session }) => connection::state(server, &call, session),
        (&Method::DELETE, Route::Session { session }) => {
            connection::disconnect(server, &call, session)
        }
        (&Method::GET, Route::Features) => Ok(connection::features(server)),
        (&Method::GET, Route::Version) => Ok(connection::version()),
        (
            &Method::POST,
            Route::Control {
                call: order,
                argument,
            },
        ) if server.settings.control => {
            control::control(server, &call, &order, argument.as_deref())
        }
        (_, Route::Unknown) => Ok(unknown_path()),
        (_, Route::Control { .. }) if !server.settings.control => Ok(unknown_path()),
        _ => Ok(Answer::error(
            StatusCode::METHOD_NOT_ALLOWED,
            "The resource does not know this method.",
        )
        .with(header::ALLOW, allowed.to_owned())),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn unknown_path() -> Answer {
    Answer::error(StatusCode::NOT_FOUND, "There is no such resource.")
}
