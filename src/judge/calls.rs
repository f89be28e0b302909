//! The calls around the endpoint under test (SUP): what their answers say, judged on
//! those that a run receives anyway and on a few of its own.

use serde_json::Value;

use super::answer::AnswerBody;
use crate::client::exchange::Answer;
use crate::contract::representation::{Kind, MONITORED_MAILBOX};
use crate::contract::rules::{self, RuleId};
use crate::contract::wire;

/// What is wrong with one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFinding {
    /// The rule that it breaks.
    pub rule: RuleId,
    /// What waivers and baselines call it.
    pub cause: &'static str,
    /// What the documentation says.
    pub expected: &'static str,
    /// What was seen.
    pub actual: String,
}

/// A login with the right password.
pub const LOGIN: &str = "a login with the right password";
/// A login of an unknown user.
pub const UNKNOWN_USER: &str = "a login of an unknown user";
/// The state of a live session.
pub const STATE: &str = "the state of a live session";
/// The end of a session.
pub const END: &str = "the end of a session";
/// The list of features.
pub const FEATURES: &str = "the list of features";
/// The defaults of a mailbox.
pub const DEFAULTS: &str = "the defaults of a mailbox";

/// A rule, what the call is, and what it should answer.
struct Call {
    rule: RuleId,
    cause: &'static str,
    expected: &'static str,
}

impl Call {
    fn found(&self, actual: impl Into<String>) -> Option<CallFinding> {
        Some(CallFinding {
            rule: self.rule,
            cause: self.cause,
            expected: self.expected,
            actual: actual.into(),
        })
    }
}

/// SUP-1: a login with the right password, of which a session came.
pub fn login(answer: &Answer) -> Option<CallFinding> {
    let call = Call {
        rule: rules::SUP_1,
        cause: LOGIN,
        expected: "201 with csrfToken and sessionId as strings that are not empty, the cookie of the session, and the same values in the headers",
    };
    if answer.status != 201 {
        return call.found(format!("{}", answer.status));
    }
    let body = AnswerBody::read(answer);
    let given = |name: &str| {
        let text = body.json.as_ref()?.get(name)?.as_str()?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let Some(session_id) = given("sessionId") else {
        return call.found("a body without the string sessionId");
    };
    let Some(token) = given("csrfToken") else {
        return call.found("a body without the string csrfToken");
    };
    let differs = |name: &str, value: &str| {
        let mut headers = answer.headers_named(name);
        headers.any(|header| header != value.as_bytes())
    };
    if differs(wire::CSRF_TOKEN_HEADER, &token) {
        return call.found("a CSRF header with another token than the body");
    }
    if differs(wire::SESSION_ID_HEADER, &session_id) {
        return call.found("a session header with another id than the body");
    }
    let own = format!("{}=", wire::cookie_name(&session_id));
    let cookies = answer.headers_named("set-cookie");
    let mut cookies = cookies.filter_map(|cookie| std::str::from_utf8(cookie).ok());
    let cookie = cookies.find(|cookie| cookie.starts_with(&own))?;
    let path = cookie.split(';').skip(1).find_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        let is_path = name.trim().eq_ignore_ascii_case("path");
        is_path.then(|| value.trim())
    });
    let session_path = format!("/icws/{session_id}/");
    // Without a slash in front, it is as if there were none (RFC 6265 section 5.2.4).
    let path = path.filter(|path| path.starts_with('/'))?;
    let fits = format!("{}/", path.trim_end_matches('/'));
    if session_path.starts_with(&fits) {
        return None;
    }
    call.found(format!("a cookie for the path {path}"))
}

/// SUP-2: a login of a user who does not exist.
pub fn refused_login(answer: &Answer) -> Option<CallFinding> {
    let call = Call {
        rule: rules::SUP_2,
        cause: UNKNOWN_USER,
        expected: "400 with a plain error",
    };
    if answer.status != 400 {
        return call.found(format!("{}", answer.status));
    }
    let body = AnswerBody::read(answer);
    let error = body.json.as_ref().and_then(Value::as_object);
    let Some(error) = error else {
        return call.found("400 without a JSON object");
    };
    if !error.get("message").is_some_and(Value::is_string) {
        return call.found("400 without the string message");
    }
    if error.get("__type").and_then(Value::as_str) == Some(wire::CONFIGURATION_ERROR_URN) {
        return call.found("400 with a configurationError");
    }
    None
}

/// SUP-3: the state of a live session.
pub fn state(answer: &Answer) -> Option<CallFinding> {
    let call = Call {
        rule: rules::SUP_3,
        cause: STATE,
        expected: "200 with the connectionState 1",
    };
    if answer.status != 200 {
        return call.found(format!("{}", answer.status));
    }
    let body = AnswerBody::read(answer);
    let state = body
        .json
        .as_ref()
        .and_then(|json| json.get("connectionState"));
    match state {
        Some(state) if state.as_f64() == Some(1.0) => None,
        Some(state) => call.found(format!("the connectionState {state}")),
        None => call.found("no connectionState"),
    }
}

/// SUP-3: the end of a session.
pub fn end(answer: &Answer) -> Option<CallFinding> {
    let call = Call {
        rule: rules::SUP_3,
        cause: END,
        expected: "2xx",
    };
    if (200..300).contains(&answer.status) {
        return None;
    }
    call.found(format!("{}", answer.status))
}

/// SUP-4: every mailbox of a read-back that could be understood.
pub fn read_back(body: &AnswerBody) -> Option<CallFinding> {
    let call = Call {
        rule: rules::SUP_4,
        cause: "the mailboxes of a read-back",
        expected: "mailboxes with the types of the documentation, each with a configurationId that has an id",
    };
    let list = body.json.as_ref()?.get("monitoredMailboxes")?.as_array()?;
    for mailbox in list {
        let id = mailbox.get("configurationId");
        let of_id = |name: &str| {
            id.and_then(|id| id.get(name))
                .filter(|value| !value.is_null())
        };
        if !of_id("id").is_some_and(Value::is_string) {
            return call.found("a mailbox without a configurationId that has the string id");
        }
        for name in ["displayName", "uri"] {
            if of_id(name).is_some_and(|value| !value.is_string()) {
                return call.found(format!("a configurationId whose {name} is no string"));
            }
        }
        for property in MONITORED_MAILBOX.properties {
            let value = mailbox.get(property.name).filter(|value| !value.is_null());
            let is_typed = value.is_none_or(|value| match property.kind {
                Kind::Boolean => value.is_boolean(),
                Kind::Text | Kind::Uri => value.is_string(),
                Kind::Enum(_) => value.is_number(),
                _ => true,
            });
            if !is_typed {
                return call.found(format!(
                    "a mailbox whose {} has another type",
                    property.name
                ));
            }
        }
    }
    None
}

/// SUP-5: a read-back with credentials that were never issued, or without some.
pub fn unauthenticated(answer: &Answer, cause: &'static str) -> Option<CallFinding> {
    let call = Call {
        rule: rules::SUP_5,
        cause,
        expected: "an answer that is not 200, and shows no mailbox",
    };
    let body = AnswerBody::read(answer);
    let shown = body
        .json
        .as_ref()
        .and_then(|json| json.get("monitoredMailboxes"));
    if answer.status == 200 {
        return call.found("200");
    }
    shown?.as_array().filter(|list| !list.is_empty())?;
    call.found(format!("{} with mailboxes", answer.status))
}

/// SUP-6: the list of features.
pub fn features(body: &AnswerBody) -> Option<CallFinding> {
    let call = Call {
        rule: rules::SUP_6,
        cause: FEATURES,
        expected: "a featureInfoList of objects, each with the string featureId and the whole number version",
    };
    let list = body
        .json
        .as_ref()
        .and_then(|json| json.get("featureInfoList"));
    let Some(list) = list.and_then(Value::as_array) else {
        return call.found("no featureInfoList");
    };
    let is_whole = |number: &Value| number.as_f64().is_some_and(|number| number.fract() == 0.0);
    let odd = list.iter().find(|feature| {
        !feature.get("featureId").is_some_and(Value::is_string)
            || !feature.get("version").is_some_and(is_whole)
    });
    odd?;
    call.found("a feature without the string featureId or the whole number version")
}

/// SUP-7: the defaults of a mailbox, where they are offered.
pub fn defaults(answer: &Answer) -> Option<CallFinding> {
    let call = Call {
        rule: rules::SUP_7,
        cause: DEFAULTS,
        expected: "canReceiveEncryptedEmail false, as a mailbox gets that is added without it",
    };
    let body = AnswerBody::read(answer);
    let encrypted = body.json.as_ref()?.get("canReceiveEncryptedEmail")?;
    if encrypted == &Value::Bool(false) || encrypted.is_null() {
        return None;
    }
    call.found(format!("canReceiveEncryptedEmail {encrypted}"))
}
