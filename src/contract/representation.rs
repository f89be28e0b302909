//! The representations, twice: as the property table that generators damage
//! and judges check against, and as the serde types of what a correct client
//! sends and a correct server answers.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::enums::{EnumValue, LICENSE_ERROR_TYPES, MAILBOX_TYPES, VALIDATION_ERROR_TYPES};
use super::wire;

/// The JSON type that a property must have.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A string.
    Text,
    /// A string that is a URI reference.
    Uri,
    /// A number out of a table.
    Enum(&'static [EnumValue]),
    /// A list of strings.
    TextList,
    /// A list of objects.
    List(&'static Representation),
    /// An object.
    Object(&'static Representation),
}

/// One property of a representation.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// The name on the wire.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Kind,
    /// Whether it must be present.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
}

/// One documented object.
#[derive(Clone, Copy, Debug)]
pub struct Representation {
    /// The documented name.
    pub name: &'static str,
    /// The value of `__type` that names it, where one is documented.
    pub urn: Option<&'static str>,
    /// Its properties.
    pub properties: &'static [Property],
}

impl Representation {
    /// The property of that exact name.
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties
            .iter()
            .find(|property| property.name == name)
    }
}

const fn required(name: &'static str, kind: Kind) -> Property {
    Property {
        name,
        kind,
        required: true,
        nullable: false,
    }
}

const fn optional(name: &'static str, kind: Kind) -> Property {
    Property {
        name,
        kind,
        required: false,
        nullable: false,
    }
}

const fn nullable(name: &'static str, kind: Kind) -> Property {
    Property {
        name,
        kind,
        required: false,
        nullable: true,
    }
}

/// `configurationId`.
pub const CONFIGURATION_ID: Representation = Representation {
    name: "configurationId",
    urn: Some(wire::CONFIGURATION_ID_URN),
    properties: &[
        required("id", Kind::Text),
        nullable("displayName", Kind::Text),
        optional("uri", Kind::Uri),
    ],
};

/// `monitoredMailbox`. emailAddress and mailboxMoniker are required in `add`
/// only (REP-7, REP-8), configurationId in `modify` only (REP-9): what depends
/// on the list is the oracle's to know.
pub const MONITORED_MAILBOX: Representation = Representation {
    name: "monitoredMailbox",
    urn: Some(wire::MONITORED_MAILBOX_URN),
    properties: &[
        nullable("canReceiveEncryptedEmail", Kind::Boolean),
        optional("configurationId", Kind::Object(&CONFIGURATION_ID)),
        optional("emailAddress", Kind::Text),
        nullable("inboundFolder", Kind::Text),
        optional("mailboxMoniker", Kind::Text),
        optional("mailboxType", Kind::Enum(MAILBOX_TYPES)),
    ],
};

/// `monitoredMailboxesBulkUpdate`, the body of the request under test.
pub const BULK_UPDATE: Representation = Representation {
    name: "monitoredMailboxesBulkUpdate",
    urn: Some(wire::BULK_UPDATE_URN),
    properties: &[
        nullable("add", Kind::List(&MONITORED_MAILBOX)),
        nullable("modify", Kind::List(&MONITORED_MAILBOX)),
        nullable("remove", Kind::TextList),
    ],
};

/// `licenseError`.
pub const LICENSE_ERROR: Representation = Representation {
    name: "licenseError",
    urn: None,
    properties: &[
        required("licenseErrorType", Kind::Enum(LICENSE_ERROR_TYPES)),
        required("license", Kind::Object(&CONFIGURATION_ID)),
    ],
};

/// `updateOperationResult`, an entry of a subObjectSet.
pub const UPDATE_OPERATION_RESULT: Representation = Representation {
    name: "updateOperationResult",
    urn: None,
    properties: &[
        required("id", Kind::Text),
        optional("uri", Kind::Uri),
        optional("licenseProblems", Kind::List(&LICENSE_ERROR)),
    ],
};

/// `subObjectSet`, the body of a 200.
pub const SUB_OBJECT_SET: Representation = Representation {
    name: "subObjectSet",
    urn: Some(wire::SUB_OBJECT_SET_URN),
    properties: &[Property {
        name: "subObjects",
        kind: Kind::List(&UPDATE_OPERATION_RESULT),
        required: true,
        nullable: true,
    }],
};

/// `error`.
pub const ERROR: Representation = Representation {
    name: "error",
    urn: Some(wire::ERROR_URN),
    properties: &[
        required("message", Kind::Text),
        optional("errorId", Kind::Text),
    ],
};

/// `validationError`.
pub const VALIDATION_ERROR: Representation = Representation {
    name: "validationError",
    urn: None,
    properties: &[
        required("validationErrorType", Kind::Enum(VALIDATION_ERROR_TYPES)),
        required("propertyName", Kind::Text),
        required("propertyValue", Kind::Text),
    ],
};

/// `configurationError`; its `__type` is required beside these.
pub const CONFIGURATION_ERROR: Representation = Representation {
    name: "configurationError",
    urn: Some(wire::CONFIGURATION_ERROR_URN),
    properties: &[
        required("message", Kind::Text),
        optional("errorId", Kind::Text),
        optional("validationErrors", Kind::List(&VALIDATION_ERROR)),
        optional("licenseErrors", Kind::List(&LICENSE_ERROR)),
    ],
};

/// Every representation of section 3.
pub const REPRESENTATIONS: &[&Representation] = &[
    &BULK_UPDATE,
    &MONITORED_MAILBOX,
    &CONFIGURATION_ID,
    &SUB_OBJECT_SET,
    &UPDATE_OPERATION_RESULT,
    &LICENSE_ERROR,
    &ERROR,
    &CONFIGURATION_ERROR,
    &VALIDATION_ERROR,
];

/// A property that may be left out, be null, or have a value: three things
/// that `Option` would make two of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Field<T> {
    /// Not written at all.
    #[default]
    Absent,
    /// Written as null.
    Null,
    /// Written with a value.
    Value(T),
}

impl<T> Field<T> {
    /// Whether the property is left out.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, where there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An absent property never gets here: `#[serde(default)]` answers for it.
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

/// `configurationId`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigurationId {
    /// The unique identifier within its workgroup.
    pub id: String,
    /// The name for people.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub display_name: Field<String>,
    /// Where the object can be had.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub uri: Field<String>,
}

/// `monitoredMailbox`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MonitoredMailbox {
    /// Names the object.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub configuration_id: Field<ConfigurationId>,
    /// The address; required in `add`.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub email_address: Field<String>,
    /// The mailbox behind it; required in `add`.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub mailbox_moniker: Field<String>,
    /// 0 inbound, 1 outbound, 2 both.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub mailbox_type: Field<u16>,
    /// A folder of the mailbox, for inbound types.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub inbound_folder: Field<String>,
    /// Null means the default, false.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub can_receive_encrypted_email: Field<bool>,
}

impl MonitoredMailbox {
    /// The id it carries, where it carries one.
    pub fn id(&self) -> Option<&str> {
        self.configuration_id.value().map(|id| id.id.as_str())
    }
}

/// `monitoredMailboxesBulkUpdate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkUpdate {
    /// Objects to add.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub add: Field<Vec<MonitoredMailbox>>,
    /// Objects to change, named by their configurationId.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub modify: Field<Vec<MonitoredMailbox>>,
    /// Ids of objects to remove.
    #[serde(skip_serializing_if = "Field::is_absent")]
    pub remove: Field<Vec<String>>,
}

/// `licenseError`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LicenseError {
    /// A number of [`LICENSE_ERROR_TYPES`].
    pub license_error_type: u16,
    /// The license in question.
    pub license: ConfigurationId,
}

/// `updateOperationResult`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateOperationResult {
    /// The object's id.
    pub id: String,
    /// Where the object can be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Problems with licenses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_problems: Option<Vec<LicenseError>>,
}

/// `subObjectSet`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubObjectSet {
    /// The objects touched; null only when none was added or modified.
    pub sub_objects: Option<Vec<UpdateOperationResult>>,
}

/// `validationError`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ValidationError {
    /// A number of [`VALIDATION_ERROR_TYPES`].
    pub validation_error_type: u16,
    /// The property at fault.
    pub property_name: String,
    /// Its value, as text.
    pub property_value: String,
}

/// `error`, and with the optional parts a `configurationError`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// The type's urn; required in a configurationError.
    #[serde(rename = "__type", skip_serializing_if = "Option::is_none")]
    pub type_urn: Option<String>,
    /// A documented error id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_id: Option<String>,
    /// For people.
    pub message: String,
    /// What the validators found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_errors: Option<Vec<ValidationError>>,
    /// What the license checks found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_errors: Option<Vec<LicenseError>>,
}

/// The body of `POST /icws/connection`. The password is the caller's secret:
/// the type has no `Debug` on purpose.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionRequest {
    /// [`wire::CONNECTION_REQUEST_URN`].
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_null_and_value_stay_three_things() {
        let text = r#"{"inboundFolder":null,"mailboxType":2}"#;
        let mailbox: MonitoredMailbox = serde_json::from_str(text).expect("parses");
        assert_eq!(mailbox.inbound_folder, Field::Null);
        assert_eq!(mailbox.mailbox_type, Field::Value(2));
        assert_eq!(mailbox.email_address, Field::Absent);
        let back = serde_json::to_value(&mailbox).expect("serialises");
        assert_eq!(
            back,
            serde_json::from_str::<serde_json::Value>(text).expect("parses")
        );
    }
}
