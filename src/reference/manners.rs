//! How every answer is written: its label, its encoding, and the legal
//! oddities of its form.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use rand::RngExt;
use serde_json::{Value, json};

use crate::contract::enums::INVALID_MAILBOX_FOLDER;
use crate::contract::wire;

use super::answers::{Answer, Content, LABEL};
use super::switches::Switches;
use super::{Fault, Variant, garnish, spelling};

/// Waits as long as the server hesitates before it answers.
pub(super) async fn hesitate(switches: &Switches, latency: Duration) {
    let hesitation = if switches.varies(Variant::Hesitates) {
        Duration::from_millis(5)
    } else if switches.varies(Variant::Jitters) {
        Duration::from_millis(rand::rng().random_range(0..10))
    } else {
        Duration::ZERO
    };
    if !(latency + hesitation).is_zero() {
        tokio::time::sleep(latency + hesitation).await;
    }
}

/// Puts an answer on the wire in the server's own manner.
pub(super) fn written(switches: &Switches, mut answer: Answer) -> Response<Body> {
    if switches.is_plain() {
        return answer.into_response(LABEL);
    }
    let status = answer.status;
    if let Some(body) = answer.json_mut() {
        vary(switches, status, body);
        garnish::garnish(switches, status, body);
    }
    break_json(switches, &mut answer);
    spelling::vary(switches, &mut answer);
    answer.headers.extend(garnish::headers(switches));
    let mut response = answer.into_response(label(switches));
    let headers = response.headers_mut();
    if switches.has(Fault::LabelMissing) {
        headers.remove(header::CONTENT_TYPE);
    }
    if switches.varies(Variant::ClosesConnections) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if switches.varies(Variant::Chunked) && status != StatusCode::NO_CONTENT {
        return response.map(chunked);
    }
    response
}

pub(super) fn label(switches: &Switches) -> &'static str {
    if switches.has(Fault::LabelHtml) {
        "text/html"
    } else if switches.has(Fault::LabelLatin1) {
        "application/json; charset=iso-8859-1"
    } else if switches.varies(Variant::PlainLabel) {
        wire::PLAIN_MEDIA_TYPE
    } else if switches.varies(Variant::LabelUpperCharset) {
        "application/json;charset=UTF-8"
    } else if switches.varies(Variant::LabelQuotedCharset) {
        "Application/VND.inin.icws+json; profile=\"a;b\"; charset=\"utf-8\""
    } else {
        LABEL
    }
}

/// JSON that is none, in the answers to what is not about connections.
fn break_json(switches: &Switches, answer: &mut Answer) {
    let comma = switches.has(Fault::JsonBroken);
    if !comma && !switches.has(Fault::JsonCut) || answer.status == StatusCode::CREATED {
        return;
    }
    if let Some(body) = answer.json_mut() {
        let mut text = body.to_string();
        let end = text.pop();
        if comma && let Some(end) = end {
            text.push(',');
            text.push(end);
        }
        answer.body = Content::Raw(Some(LABEL), Bytes::from(text));
    }
}

/// A body whose length is not announced.
fn chunked(body: Body) -> Body {
    Body::from_stream(body.into_data_stream())
}

fn vary(switches: &Switches, status: StatusCode, body: &mut Value) {
    let varies = |variant| switches.varies(variant);
    let is_error = body.get("message").is_some();
    if is_error && varies(Variant::ForeignLanguage) {
        body["message"] = json!("Die Anfrage wurde nicht ausgeführt: ungültig – 無効です");
    }
    if is_error && varies(Variant::MalformedWithPlainUrn) && body.get("__type").is_none() {
        body["__type"] = json!(wire::ERROR_URN);
    }
    // The ids of a 500 came with version 2.
    if (varies(Variant::FailureWithoutId) || varies(Variant::Version1))
        && status == StatusCode::INTERNAL_SERVER_ERROR
        && let Some(object) = body.as_object_mut()
    {
        object.shift_remove("errorId");
    }
    if is_error && varies(Variant::ExtraProperties) {
        body["errorCode"] = json!(-2_147_221_503);
        body["correlation"] = json!({ "node": [1, null] });
    }
    if varies(Variant::OtherErrorTypes)
        && let Some(Value::Array(all)) = body.get_mut("validationErrors")
    {
        for found in all {
            if found["validationErrorType"] != INVALID_MAILBOX_FOLDER {
                found["validationErrorType"] = json!(0);
            }
        }
    }
    if body.get("subObjects").is_some() {
        vary_success(switches, body);
    }
}

fn vary_success(switches: &Switches, body: &mut Value) {
    let varies = |variant| switches.varies(variant);
    for entry in body["subObjects"].as_array_mut().into_iter().flatten() {
        if varies(Variant::UrisLeftOut)
            && let Some(entry) = entry.as_object_mut()
        {
            entry.shift_remove("uri");
        }
        if varies(Variant::LicenseWarnings) {
            let warning = |number: u16| json!({"licenseErrorType": number, "license": {"id": "I3_ACCESS_MEDIA", "displayName": null}});
            entry["licenseProblems"] = json!([warning(1), warning(2), warning(3)]);
        }
        if varies(Variant::ExtraProperties) {
            entry["__type"] = json!("urn:inin.com:configuration:updateOperationResult");
            entry["revision"] = json!(7);
        }
    }
    let empty = body["subObjects"].as_array().is_some_and(Vec::is_empty);
    if empty && varies(Variant::SubObjectsNullWhenEmpty) {
        body["subObjects"] = Value::Null;
    }
    if varies(Variant::ExtraProperties) {
        body["__type"] = json!(wire::SUB_OBJECT_SET_URN);
    }
}
