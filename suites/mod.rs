//! The properties, by family: the list of what is asked of a target. Each is a
//! row of data; which answers are legal is the oracle's to say.

pub mod answers;
pub mod around;
pub mod bodies;
pub mod concurrency;
pub mod effects;
pub mod failures;
pub mod fields;
pub mod forms;
pub mod requests;
pub mod rights;
pub mod sessions;
pub mod shapes;
pub mod updates;
pub mod workgroups;

use crate::runner::Property;

/// The families, in the order of the report.
pub const FAMILIES: &[(&str, &[Property])] = &[
    ("answer", answers::PROPERTIES),
    ("session", sessions::PROPERTIES),
    ("rights", rights::PROPERTIES),
    ("workgroup", workgroups::PROPERTIES),
    ("request", requests::PROPERTIES),
    ("body", bodies::PROPERTIES),
    ("shape", shapes::PROPERTIES),
    ("update", updates::PROPERTIES),
    ("field", fields::PROPERTIES),
    ("effect", effects::PROPERTIES),
    ("concurrency", concurrency::PROPERTIES),
    ("failure", failures::PROPERTIES),
    // What shows in the plain form as well is told by the properties before.
    ("form", forms::PROPERTIES),
    ("around", around::PROPERTIES),
];

/// Every property, family by family.
pub fn all() -> Vec<Property> {
    FAMILIES
        .iter()
        .flat_map(|(_, properties)| properties.iter().copied())
        .collect()
}
