//! The bodies of the supporting endpoints as serde types: how a session comes and
//! goes, and how state is read back.

use serde::{Deserialize, Serialize};

use super::update::{ConfigurationId, Field, MonitoredMailbox};

/// The body of `POST /icws/connection`. The password is the caller's secret:
/// the type has no `Debug` on purpose.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionRequest {
    /// [`CONNECTION_REQUEST_URN`](crate::contract::wire::CONNECTION_REQUEST_URN).
    #[serde(rename = "__type")]
    pub type_urn: String,
    /// The client's name.
    pub application_name: String,
    /// Who logs in.
    #[serde(rename = "userID")]
    pub user_id: String,
    /// Their password.
    pub password: String,
}

/// The body of a 201 of `POST /icws/connection`. It holds a secret, the token:
/// the type has no `Debug` on purpose.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionAnswer {
    /// The token that every further request carries.
    pub csrf_token: String,
    /// The session's id, opaque.
    pub session_id: String,
    /// Who logged in.
    #[serde(rename = "userID", skip_serializing_if = "Option::is_none", default)]
    pub user_id: Option<String>,
    /// Their name for people.
    #[serde(
        rename = "userDisplayName",
        skip_serializing_if = "Option::is_none",
        default
    )]
    pub user_display_name: Option<String>,
    /// The server's name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ic_server: Option<String>,
    /// Hosts to go to when this one is down.
    #[serde(default)]
    pub alternate_host_list: Option<Vec<String>>,
}

/// `GET /icws/{sessionId}/connection`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionState {
    /// 0 none, 1 up, 2 down.
    pub connection_state: u8,
    /// Why it is down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the client should come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub should_reconnect: Option<bool>,
}

/// One entry of `GET /icws/connection/features`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeatureInfo {
    /// The feature's name.
    pub feature_id: String,
    /// Its version.
    pub version: u32,
}

/// `GET /icws/connection/features`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeatureInfoList {
    /// Every feature the server has.
    pub feature_info_list: Vec<FeatureInfo>,
}

/// `GET …/configuration/workgroups/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Workgroup {
    /// The workgroup's own id.
    pub configuration_id: ConfigurationId,
    /// Its monitored mailboxes, when selected.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub monitored_mailboxes: Field<Vec<MonitoredMailbox>>,
}
