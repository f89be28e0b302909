//! The representations, twice: as the property table that generators damage
//! and judges check against, and as the serde types of what a correct client
//! sends and a correct server answers.

mod session;
mod update;

pub use session::{
    ConnectionAnswer, ConnectionRequest, ConnectionState, FeatureInfo, FeatureInfoList, Workgroup,
};
pub use update::{
    BulkUpdate, ConfigurationId, ErrorBody, Field, LicenseError, MonitoredMailbox, SubObjectSet,
    UpdateOperationResult, ValidationError,
};

use super::enums::{EnumValue, LICENSE_ERROR_TYPES, MAILBOX_TYPES, VALIDATION_ERROR_TYPES};
use super::wire;

/// Up to so many bytes of UTF-8 a string is no reason to refuse it (FLD-11).
pub const TEXT_BYTES_DOCUMENTED: usize = 255;

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
