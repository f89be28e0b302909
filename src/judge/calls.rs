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
    /// The method of the call.
    pub method: &'static str,
    /// Its path, with placeholders.
    pub path: &'static str,
    /// What the documentation says.
    pub expected: &'static str,
    /// What was seen.
    pub actual: String,
}

/// One call: what is said of it, how it is asked, and what it should answer.
struct Call {
    rule: RuleId,
    cause: &'static str,
    method: &'static str,
    path: &'static str,
    expected: &'static str,
}

impl Call {
    fn found(&self, actual: impl Into<String>) -> Option<CallFinding> {
        Some(CallFinding {
            rule: self.rule,
            cause: self.cause,
            method: self.method,
            path: self.path,
            expected: self.expected,
            actual: actual.into(),
        })
    }
}

const LOGIN: Call = Call {
    rule: rules::SUP_1,
    cause: "a login with the right password",
    method: "POST",
    path: wire::CONNECTION_PATH,
    expected: "201 with csrfToken and sessionId as strings that are not empty, the cookie of the session, and the same values in the headers",
};

const UNKNOWN_USER: Call = Call {
    rule: rules::SUP_2,
    cause: "a login of an unknown user",
    method: "POST",
    path: wire::CONNECTION_PATH,
    expected: "400 with a plain error",
};

const STATE: Call = Call {
    rule: rules::SUP_3,
    cause: "the state of a live session",
    method: "GET",
    path: SESSION_PATH,
    expected: "200 with the connectionState 1",
};

const END: Call = Call {
    rule: rules::SUP_3,
    cause: "the end of a session",
    method: "DELETE",
    path: SESSION_PATH,
    expected: "2xx",
};

const READ_BACK: Call = Call {
    rule: rules::SUP_4,
    cause: "the mailboxes of a read-back",
    method: "GET",
    path: READ_BACK_PATH,
    expected: "mailboxes with the types of the documentation, each with a configurationId that has an id",
};

const FEATURES: Call = Call {
    rule: rules::SUP_6,
    cause: "the list of features",
    method: "GET",
    path: wire::FEATURES_PATH,
    expected: "a featureInfoList of objects, each with the string featureId and the whole number version",
};

const DEFAULTS: Call = Call {
    rule: rules::SUP_7,
    cause: "the defaults of a mailbox",
    method: "GET",
    path: "/icws/{sessionId}/configuration/defaults/monitored-mailbox",
    expected: "canReceiveEncryptedEmail false, as a mailbox gets that is added without it",
};

/// Paths as reports write them.
const SESSION_PATH: &str = "/icws/{sessionId}/connection";
const READ_BACK_PATH: &str =
    "/icws/{sessionId}/configuration/workgroups/{id}?select=monitoredMailboxes";

/// SUP-1: a login with the right password, of which a session came.
pub fn login(answer: &Answer) -> Option<CallFinding> {
    if answer.status != 201 {
        return LOGIN.found(format!("{}", answer.status));
    }
    let body = AnswerBody::read(answer);
    let given = |name: &str| {
        let text = body.json.as_ref()?.get(name)?.as_str()?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let Some(session_id) = given("sessionId") else {
        return LOGIN.found("a body without the string sessionId");
    };
    let Some(token) = given("csrfToken") else {
        return LOGIN.found("a body without the string csrfToken");
    };
    let differs = |name: &str, value: &str| {
        let mut headers = answer.headers_named(name);
        headers.any(|header| header != value.as_bytes())
    };
    if differs(wire::CSRF_TOKEN_HEADER, &token) {
        return LOGIN.found("a CSRF header with another token than the body");
    }
    if differs(wire::SESSION_ID_HEADER, &session_id) {
        return LOGIN.found("a session header with another id than the body");
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
    LOGIN.found(format!("a cookie for the path {path}"))
}

/// SUP-2: a login of a user who does not exist.
pub fn refused_login(answer: &Answer) -> Option<CallFinding> {
    if answer.status != 400 {
        return UNKNOWN_USER.found(format!("{}", answer.status));
    }
    let body = AnswerBody::read(answer);
    let error = body.json.as_ref().and_then(Value::as_object);
    let Some(error) = error else {
        return UNKNOWN_USER.found("400 without a JSON object");
    };
    if !error.get("message").is_some_and(Value::is_string) {
        return UNKNOWN_USER.found("400 without the string message");
    }
    if error.get("__type").and_then(Value::as_str) == Some(wire::CONFIGURATION_ERROR_URN) {
        return UNKNOWN_USER.found("400 with a configurationError");
    }
    None
}

/// SUP-3: the state of a live session.
pub fn state(answer: &Answer) -> Option<CallFinding> {
    if answer.status != 200 {
        return STATE.found(format!("{}", answer.status));
    }
    let body = AnswerBody::read(answer);
    let state = body
        .json
        .as_ref()
        .and_then(|json| json.get("connectionState"));
    match state {
        Some(state) if state.as_f64() == Some(1.0) => None,
        Some(state) => STATE.found(format!("the connectionState {state}")),
        None => STATE.found("no connectionState"),
    }
}

/// SUP-3: the end of a session.
pub fn end(refused: Option<u16>) -> Option<CallFinding> {
    END.found(refused?.to_string())
}

/// SUP-4: every mailbox of a read-back that could be understood.
pub fn read_back(body: &AnswerBody) -> Option<CallFinding> {
    let list = body.json.as_ref()?.get("monitoredMailboxes")?.as_array()?;
    for mailbox in list {
        let id = mailbox.get("configurationId");
        let of_id = |name: &str| {
            id.and_then(|id| id.get(name))
                .filter(|value| !value.is_null())
        };
        if !of_id("id").is_some_and(Value::is_string) {
            return READ_BACK.found("a mailbox without a configurationId that has the string id");
        }
        for name in ["displayName", "uri"] {
            if of_id(name).is_some_and(|value| !value.is_string()) {
                return READ_BACK.found(format!("a configurationId whose {name} is no string"));
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
                return READ_BACK.found(format!(
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
        method: "GET",
        path: READ_BACK_PATH,
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
    let list = body
        .json
        .as_ref()
        .and_then(|json| json.get("featureInfoList"));
    let Some(list) = list.and_then(Value::as_array) else {
        return FEATURES.found("no featureInfoList");
    };
    let is_whole = |number: &Value| number.as_f64().is_some_and(|number| number.fract() == 0.0);
    let odd = list.iter().find(|feature| {
        !feature.get("featureId").is_some_and(Value::is_string)
            || !feature.get("version").is_some_and(is_whole)
    });
    odd?;
    FEATURES.found("a feature without the string featureId or the whole number version")
}

/// SUP-7: the defaults of a mailbox, where they are offered.
pub fn defaults(answer: &Answer) -> Option<CallFinding> {
    let body = AnswerBody::read(answer);
    let encrypted = body.json.as_ref()?.get("canReceiveEncryptedEmail")?;
    if encrypted == &Value::Bool(false) || encrypted.is_null() {
        return None;
    }
    DEFAULTS.found(format!("canReceiveEncryptedEmail {encrypted}"))
}
