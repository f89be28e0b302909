//! The update and its answers as serde types.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    /// A number of [`LICENSE_ERROR_TYPES`](crate::contract::enums::LICENSE_ERROR_TYPES).
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
    /// A number of [`VALIDATION_ERROR_TYPES`](crate::contract::enums::VALIDATION_ERROR_TYPES).
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
