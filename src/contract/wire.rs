//! The names that travel on the wire: headers, media types, paths and type
//! urns, in the documented spelling.

use super::Writing;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The header that carries the CSRF token.
pub const CSRF_TOKEN_HEADER: &str = "ININ-ICWS-CSRF-Token";
/// The header of a connection answer that carries the session id.
pub const SESSION_ID_HEADER: &str = "ININ-ICWS-Session-ID";
/// The header in which a 401 says where to authenticate.
pub const WWW_AUTHENTICATE_HEADER: &str = "WWW-Authenticate";
/// The authentication scheme of [`WWW_AUTHENTICATE_HEADER`], and its realm.
pub const AUTHENTICATION_SCHEME: &str = "ICWS";

/// The vendor's media type.
pub const VENDOR_MEDIA_TYPE: &str = "application/vnd.inin.icws+JSON";
/// The plain media type that published clients send as well.
pub const PLAIN_MEDIA_TYPE: &str = "application/json";

/// `__type` of the connection request's body.
pub const CONNECTION_REQUEST_URN: &str = "urn:inin.com:connection:icAuthConnectionRequestSettings";
/// `__type` of a plain error.
pub const ERROR_URN: &str = "urn:inin.com:common:error";
/// `__type` of a configurationError.
pub const CONFIGURATION_ERROR_URN: &str = "urn:inin.com:configuration:configurationError";
/// `__type` of the bulk update.
pub const BULK_UPDATE_URN: &str = "urn:inin.com:configuration.people:monitoredMailboxesBulkUpdate";
/// `__type` of a monitored mailbox.
pub const MONITORED_MAILBOX_URN: &str = "urn:inin.com:configuration.people:monitoredMailbox";
/// `__type` of a configurationId.
pub const CONFIGURATION_ID_URN: &str = "urn:inin.com:configuration:configurationId";
/// `__type` of a subObjectSet.
pub const SUB_OBJECT_SET_URN: &str = "urn:inin.com:configuration:subObjectSet";

/// `POST`: opens a session.
pub const CONNECTION_PATH: &str = "/icws/connection";
/// `GET`: the features and their versions.
pub const FEATURES_PATH: &str = "/icws/connection/features";
/// `GET`: the server's version.
pub const VERSION_PATH: &str = "/icws/connection/version";
/// The feature whose version says which enum values a server may send.
pub const CONFIGURATION_FEATURE: &str = "configuration";

/// What a path segment must not hold unencoded: what the vendor's client encodes.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// One path segment, percent-encoded as the vendor's client does it.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// One path segment, written in some way.
pub fn segment_written(text: &str, writing: Writing) -> String {
    writing.of(segment(text))
}

/// The session's name for its cookie: `icws_{sessionId}`.
pub fn cookie_name(session_id: &str) -> String {
    format!("icws_{session_id}")
}

/// `GET` and `DELETE`: the state of a session.
pub fn session_path(session_id: &str) -> String {
    format!("/icws/{}/connection", segment(session_id))
}

/// `POST`: the endpoint under test. Both parts are given decoded.
pub fn update_path(session_id: &str, workgroup_id: &str) -> String {
    update_path_written(session_id, workgroup_id, Writing::Usual)
}

/// The same, with the workgroup's id written in some way.
pub fn update_path_written(session_id: &str, workgroup_id: &str, writing: Writing) -> String {
    format!(
        "/icws/{}/configuration/workgroups/{}/monitored-mailboxes",
        segment(session_id),
        segment_written(workgroup_id, writing)
    )
}

/// `GET` with `?select=monitoredMailboxes`: the read-back.
pub fn read_back_path(session_id: &str, workgroup_id: &str) -> String {
    format!(
        "{}?select=monitoredMailboxes",
        workgroup_path(session_id, workgroup_id)
    )
}

/// `GET`: a monitored mailbox with its defaults.
pub fn defaults_path(session_id: &str) -> String {
    format!(
        "/icws/{}/configuration/defaults/monitored-mailbox",
        segment(session_id)
    )
}

fn workgroup_path(session_id: &str, workgroup_id: &str) -> String {
    format!(
        "/icws/{}/configuration/workgroups/{}",
        segment(session_id),
        segment(workgroup_id)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workgroup_id_is_one_encoded_segment() {
        assert_eq!(
            update_path("7", "Sales (EMEA)/ü"),
            "/icws/7/configuration/workgroups/Sales%20(EMEA)%2F%C3%BC/monitored-mailboxes"
        );
    }
}
