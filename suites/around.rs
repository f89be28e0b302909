//! What a run finds out around its cases, and what belongs to none of them. These
//! properties draw nothing, and are a part of every run.

use crate::contract::rules::*;
use crate::runner::Property;
use crate::runner::property::Share;

/// The properties of the family `around`.
pub const PROPERTIES: &[Property] = &[
    Property {
        id: "around/read-back",
        says: "what an accepted update did shows at once when the workgroup is read back",
        rules: &[EFF_1],
        needs: &[],
        share: Share::Around,
        strata: |_| Vec::new(),
    },
    Property {
        id: "around/address",
        says: "a workgroup whose id has to be percent-encoded is reached by that id",
        rules: &[REP_1],
        needs: &[],
        share: Share::Around,
        strata: |_| Vec::new(),
    },
    Property {
        id: "around/one-answer",
        says: "to each request comes one answer, and nothing behind it",
        rules: &[ISE_1],
        needs: &[],
        share: Share::Around,
        strata: |_| Vec::new(),
    },
];
