//! The properties, by family: the list of what is asked of a target.

use crate::runner::Property;

/// Every property, family by family.
pub fn all() -> Vec<Property> {
    Vec::new()
}
