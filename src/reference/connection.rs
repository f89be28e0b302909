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
use super::{Fault, Variant, forms};

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
            let status = if server.switches.has(Fault::UnknownUser401) {
                StatusCode::UNAUTHORIZED
            } else {
                StatusCode::BAD_REQUEST
            };
            if server.switches.has(Fault::UnknownUserInvalid) {
                return Answer::invalid(&[]);
            }
            Answer::identified(
                status,
                errors::AUTHENTICATION_FAILURE,
                "The user ID or the password is wrong.",
            )
        })?;
    if server.switches.varies(Variant::LoginElsewhereOnce)
        && server.memory().met.insert("login".to_owned())
    {
        return Err(elsewhere(call));
    }
    server.memory().last_login = Some(user);
    let ticket = server.sessions().open(user);
    let id = &ticket.session_id;
    forms::note_language(server, call, id);
    let body = ConnectionAnswer {
        csrf_token: ticket.token.clone(),
        session_id: id.clone(),
        user_id: Some(users[user].id.clone()),
        user_display_name: Some(users[user].display_name.clone()),
        ic_server: Some("reference".to_owned()),
        alternate_host_list: Some(Vec::new()),
    };
    let varies = |variant| server.switches.varies(variant);
    let value = if varies(Variant::QuotedCookies) {
        format!("\"{}\"", ticket.cookie)
    } else {
        ticket.cookie.clone()
    };
    let attributes = if varies(Variant::CookieAttributes) {
        "; Domain=127.0.0.1; Path=/; Expires=Fri, 31 Dec 2100 23:59:59 GMT; Max-Age=86400; Secure; HttpOnly; SameSite=Strict; Partitioned".to_owned()
    } else {
        format!("; Path=/icws/{id}; HttpOnly")
    };
    let cookie = format!("{}={value}{attributes}", wire::cookie_name(id));
    let mut location = wire::session_path(id);
    if varies(Variant::LocationAbsolute) {
        location.insert_str(0, "https://icws.test:8019");
    }
    let token_header = HeaderName::from_bytes(wire::CSRF_TOKEN_HEADER.as_bytes());
    let session_header = HeaderName::from_bytes(wire::SESSION_ID_HEADER.as_bytes());
    let mut body = json!(body);
    if server.switches.has(Fault::LoginBodyTokenless)
        && let Some(members) = body.as_object_mut()
    {
        members.remove("csrfToken");
    }
    let mut answer = Answer::json(StatusCode::CREATED, body).with(header::LOCATION, location);
    if varies(Variant::ExtraCookies) {
        for other in ["LB=node-7; Path=/", "icws_lang=en-US; Path=/icws"] {
            answer = answer.with(header::SET_COOKIE, other.to_owned());
        }
    }
    answer = answer.with(header::SET_COOKIE, cookie);
    if varies(Variant::LoginHeadersLeftOut) {
        return Ok(answer);
    }
    answer
        .headers
        .extend(token_header.map(|name| (name, ticket.token.clone())));
    let other = server.switches.has(Fault::LoginHeaderOther);
    let told = if other { format!("{id}0") } else { id.clone() };
    answer
        .headers
        .extend(session_header.map(|name| (name, told)));
    Ok(answer)
}

/// Sends a client to another host, which is this one.
fn elsewhere(call: &Call<'_>) -> Answer {
    let host = call.headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let body = json!({
        "alternateHostList": host.into_iter().collect::<Vec<_>>(),
        "errorId": errors::NOT_ACCEPTING_CONNECTIONS,
        "message": "The server is not accepting connections.",
    });
    Answer::json(StatusCode::SERVICE_UNAVAILABLE, body)
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
    if server.switches.has(Fault::EndAnswers302) {
        return Err(Answer::empty(StatusCode::FOUND).with(header::LOCATION, "/login".to_owned()));
    }
    if server.switches.has(Fault::EndAnswers404) {
        return Err(Answer::error(StatusCode::NOT_FOUND, "There is no session."));
    }
    if server.switches.varies(Variant::EndAnswers200) {
        return Ok(Answer::json(StatusCode::OK, json!({ "ended": true })));
    }
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Says which features the server has.
pub(super) fn features(server: &Server) -> Answer {
    let feature = |name: &str, version| FeatureInfo {
        feature_id: name.to_owned(),
        version,
    };
    let mut feature_info_list = vec![feature("connection", 10)];
    if server.switches.varies(Variant::Version12) {
        feature_info_list.extend([feature("people", 3), feature("directories", 22)]);
    }
    if !server.switches.varies(Variant::FeatureUnnamed) {
        let version = server.configuration_version();
        feature_info_list.push(feature(wire::CONFIGURATION_FEATURE, version));
    }
    let mut body = json!(FeatureInfoList { feature_info_list });
    if server.switches.has(Fault::FeatureVersionText) {
        let first = &mut body["featureInfoList"][0]["version"];
        *first = first.to_string().into();
    }
    if server.switches.has(Fault::FeatureIdNumber) {
        body["featureInfoList"][0]["featureId"] = 7.into();
    }
    Answer::json(StatusCode::OK, body)
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
