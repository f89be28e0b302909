//! What a server gets wrong, or has its own mind about, in the form of a request: how
//! it is framed, what it accepts, how its body is labelled (REP-18, REP-19).

use axum::http::{HeaderValue, StatusCode, Uri, header};

use serde_json::{Value, json};

use crate::contract::wire;

use super::answers::{Answer, Content, Failure};
use super::router::Call;
use super::server::Server;
use super::sessions::Denial;
use super::switches::Switches;
use super::{Fault, Variant};

/// The form of one request, as a server sees it.
struct Form<'a> {
    content_type: &'a str,
    accept: Option<&'a str>,
    is_chunked: bool,
    expects: bool,
    is_absolute: bool,
}

impl<'a> Form<'a> {
    fn of(call: &'a Call<'_>) -> Self {
        let text = |name| {
            let value = call.headers.get(name);
            value.and_then(|value: &HeaderValue| value.to_str().ok())
        };
        Self {
            content_type: text(header::CONTENT_TYPE).unwrap_or_default(),
            accept: text(header::ACCEPT),
            is_chunked: call.headers.contains_key(header::TRANSFER_ENCODING),
            expects: call.headers.contains_key(header::EXPECT),
            is_absolute: call.is_absolute,
        }
    }

    fn accepts(&self, what: &str) -> bool {
        self.accept.is_some_and(|accept| accept.contains(what))
    }

    fn is_plain_json(&self) -> bool {
        let label = self.content_type.to_ascii_lowercase();
        label.starts_with(wire::PLAIN_MEDIA_TYPE)
    }

    fn is_bare_vendor(&self) -> bool {
        self.content_type
            .eq_ignore_ascii_case(wire::VENDOR_MEDIA_TYPE)
    }
}

/// Refuses a request for its form.
pub(super) fn refused(switches: &Switches, call: &Call<'_>) -> Option<Answer> {
    if switches.is_plain() {
        return None;
    }
    let (has, form) = (|fault| switches.has(fault), Form::of(call));
    let refusal = |status| Some(Answer::error(status, "Such a request is not taken here."));
    if form.is_chunked && has(Fault::Chunked400) || form.expects && has(Fault::Expect400) {
        return Some(Answer::malformed("The body is not complete."));
    }
    if form.is_absolute && has(Fault::AbsoluteTarget404) {
        return refusal(StatusCode::NOT_FOUND);
    }
    if form.is_chunked && has(Fault::Chunked501) {
        return refusal(StatusCode::NOT_IMPLEMENTED);
    }
    if form.is_chunked && has(Fault::Chunked500) {
        return Some(Answer::failure(Failure::Internal));
    }
    let lists = form.accepts(",");
    if form.accept.is_none() && has(Fault::AcceptMissing406)
        || form.accept == Some("*/*") && has(Fault::AcceptAny406)
        || form.accept == Some(wire::PLAIN_MEDIA_TYPE) && has(Fault::AcceptPlain406)
        || lists && has(Fault::AcceptList406)
        || form.accepts(";") && has(Fault::AcceptParameters406)
    {
        return refusal(StatusCode::NOT_ACCEPTABLE);
    }
    if form.is_chunked && switches.varies(Variant::Chunked411) {
        return refusal(StatusCode::LENGTH_REQUIRED);
    }
    if form.expects && switches.varies(Variant::Expect417) {
        return refusal(StatusCode::EXPECTATION_FAILED);
    }
    let known = ["*/*", wire::PLAIN_MEDIA_TYPE, wire::VENDOR_MEDIA_TYPE];
    let accept = form.accept.unwrap_or("*/*").to_ascii_lowercase();
    let is_known = known
        .iter()
        .any(|known| accept.contains(&known.to_ascii_lowercase()));
    if switches.varies(Variant::OtherAccept406)
        && (!is_known || accept.contains("q=0") && !accept.contains("q=0."))
    {
        return refusal(StatusCode::NOT_ACCEPTABLE);
    }
    None
}

/// Whether the form of a request lets it in although its session does not.
pub(super) fn forgives(switches: &Switches, call: &Call<'_>, denial: Denial) -> bool {
    let (has, form) = (|fault| switches.has(fault), Form::of(call));
    match denial {
        Denial::NoToken => {
            has(Fault::TokenlessBareVendor) && form.is_bare_vendor()
                || has(Fault::TokenlessChunked) && form.is_chunked
        }
        Denial::WrongToken => has(Fault::AnyTokenForAnyAccept) && form.accept == Some("*/*"),
        Denial::NoCookie => has(Fault::CookielessPlainJson) && form.is_plain_json(),
        Denial::EndedSession => {
            has(Fault::EndedPlainAccept) && form.accept == Some(wire::PLAIN_MEDIA_TYPE)
        }
        _ => false,
    }
}

/// Whether the form of a request makes up for a right that is missing.
pub(super) fn needs_no_right(switches: &Switches, call: &Call<'_>) -> bool {
    let (has, form) = (|fault| switches.has(fault), Form::of(call));
    has(Fault::RightsNotForPlainJson) && form.is_plain_json()
        || has(Fault::RightsNotForExpect) && form.expects
        || has(Fault::RightsNotWithoutAccept) && form.accept.is_none()
}

/// Whether a body in that form that cannot be read is taken for an empty one.
pub(super) fn reads_anything(switches: &Switches, call: &Call<'_>) -> bool {
    let (has, form) = (|fault| switches.has(fault), Form::of(call));
    has(Fault::MalformedChunkedIgnored) && form.is_chunked
        || has(Fault::MalformedForListsIgnored) && form.accepts(",")
}

/// What a session's language is remembered by.
fn mark(language: &str, session_id: &str) -> String {
    format!("language {language} {session_id}")
}

/// Remembers the language that a session is opened in.
pub(super) fn note_language(server: &Server, call: &Call<'_>, session_id: &str) {
    let given = call.headers.get(header::ACCEPT_LANGUAGE);
    let language = given.and_then(|value| value.to_str().ok()?.get(..2));
    if let Some(language) = language.filter(|_| !server.switches.is_plain()) {
        server.memory().met.insert(mark(language, session_id));
    }
}

fn speaks(server: &Server, session_id: &str, language: &str) -> bool {
    server.memory().met.contains(&mark(language, session_id))
}

/// Refuses an update for the language of its session.
pub(super) fn check_language(server: &Server, session_id: &str) -> Result<(), Answer> {
    if server.switches.is_plain() {
        return Ok(());
    }
    let has = |fault| server.switches.has(fault);
    let speaks = |language| speaks(server, session_id, language);
    if has(Fault::GermanSession400) && speaks("de") {
        return Err(Answer::malformed("Ein Wert ist falsch."));
    }
    if has(Fault::TurkishSession403) && speaks("tr") {
        return Err(Answer::error(StatusCode::FORBIDDEN, "Yetkiniz yok."));
    }
    if has(Fault::ForeignLanguage500) && !speaks("en") {
        return Err(Answer::failure(Failure::Internal));
    }
    Ok(())
}

/// Says the errorId in the language of the session.
pub(super) fn translate(server: &Server, session_id: Option<&str>, answer: &mut Answer) {
    if server.switches.has(Fault::ErrorIdsTranslated)
        && answer.status == StatusCode::BAD_REQUEST
        && session_id.is_some_and(|session_id| speaks(server, session_id, "fr"))
        && let Content::Json(Value::Object(error)) = &mut answer.body
    {
        error.insert("errorId".to_owned(), json!("erreur.requete"));
    }
}

/// Whether a request is in absolute form.
pub(super) fn is_absolute(target: &Uri) -> bool {
    target.authority().is_some()
}
