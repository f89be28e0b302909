//! The properties, by family: the list of what is asked of a target. Each is a
//! row of data; which answers are legal is the oracle's to say.

pub mod bodies;
pub mod rights;
pub mod sessions;
pub mod updates;

use crate::runner::Property;

/// The families, in the order of the report.
pub const FAMILIES: &[(&str, &[Property])] = &[
    ("session", sessions::PROPERTIES),
    ("rights", rights::PROPERTIES),
    ("body", bodies::PROPERTIES),
    ("update", updates::PROPERTIES),
];

/// Every property, family by family.
pub fn all() -> Vec<Property> {
    FAMILIES
        .iter()
        .flat_map(|(_, properties)| properties.iter().copied())
        .collect()
}
