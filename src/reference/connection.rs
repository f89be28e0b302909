//! How sessions come and go: connecting, the state of a connection, ending
//! it, and what the server says of itself.

use axum::http::{HeaderName, StatusCode, header};
use serde_json::json;

use crate::contract::representation::{
    ConnectionAnswer, ConnectionRequest, ConnectionState, FeatureInfo, FeatureInfoList,
};
use crate::contract::{errors, wire};

use super::answers::Answer;
use super::router::Call;
use super::server::Server;

/// Opens a session.
pub(super) fn connect(server: &Server, call: &Call<'_>) -> Result<Answer, Answer> {
    let request: ConnectionRequest = serde_json::from_slice(call.body).map_err(|error| {
        Answer::malformed(&format!("the body is no connection request: {error}"))
    })?;
    let users = &server.settings.fixtures.users;
    let user = users
        .iter()
        .position(|user| user.id == request.user_id && user.password == request.password)
        .ok_or_else(|| {
            Answer::identified(
                StatusCode::BAD_REQUEST,
                errors::AUTHENTICATION_FAILURE,
                "The user ID or the password is wrong.",
            )
        })?;
    let ticket = server.sessions().open(user);
    let id = &ticket.session_id;
    let body = ConnectionAnswer {
        csrf_token: ticket.token.clone(),
        session_id: id.clone(),
        user_id: Some(users[user].id.clone()),
        user_display_name: Some(users[user].display_name.clone()),
        ic_server: Some("reference".to_owned()),
        alternate_host_list: Some(Vec::new()),
    };
    let cookie = format!(
        "{}={}; Path=/icws/{id}; HttpOnly",
        wire::cookie_name(id),
        ticket.cookie
    );
    let location = wire::session_path(id);
    let token_header = HeaderName::from_bytes(wire::CSRF_TOKEN_HEADER.as_bytes());
    let session_header = HeaderName::from_bytes(wire::SESSION_ID_HEADER.as_bytes());
    let mut answer = Answer::json(StatusCode::CREATED, json!(body))
        .with(header::LOCATION, location)
        .with(header::SET_COOKIE, cookie);
    answer
        .headers
        .extend(token_header.map(|name| (name, ticket.token.clone())));
    answer
        .headers
        .extend(session_header.map(|name| (name, id.clone())));
    Ok(answer)
}

/// Says whether a session's connection is up: it is, where the session lives.
pub(super) fn state(
    server: &Server,
    call: &Call<'_>,
    session: Option<String>,
) -> Result<Answer, Answer> {
    server.admit(call.headers, session)?;
    let body = ConnectionState {
        connection_state: 1,
        reason: None,
        should_reconnect: None,
    };
    Ok(Answer::json(StatusCode::OK, json!(body)))
}

/// Ends a session.
pub(super) fn disconnect(
    server: &Server,
    call: &Call<'_>,
    session: Option<String>,
) -> Result<Answer, Answer> {
    let caller = server.admit(call.headers, session)?;
    server.sessions().end(&caller.session_id);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Says which features the server has.
pub(super) fn features(server: &Server) -> Answer {
    let feature = |name: &str, version| FeatureInfo {
        feature_id: name.to_owned(),
        version,
    };
    let body = FeatureInfoList {
        feature_info_list: vec![
            feature(wire::CONFIGURATION_FEATURE, server.configuration_version()),
            feature("connection", 10),
        ],
    };
    Answer::json(StatusCode::OK, json!(body))
}

/// Says which version the server is.
pub(super) fn version() -> Answer {
    Answer::json(
        StatusCode::OK,
        json!({
            "majorVersion": env!("CARGO_PKG_VERSION_MAJOR"),
            "minorVersion": env!("CARGO_PKG_VERSION_MINOR"),
            "su": "0",
            "build": env!("CARGO_PKG_VERSION_PATCH"),
            "productId": env!("CARGO_PKG_NAME"),
            "codebaseId": "reference",
        }),
    )
}
