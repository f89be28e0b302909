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
    Property {
        id: "around/login",
        says: "who is known is let in with a token, an id and a cookie, and who is not is refused",
        rules: &[SUP_1, SUP_2],
        needs: &[],
        share: Share::Around,
        strata: |_| Vec::new(),
    },
    Property {
        id: "around/session",
        says: "a session says that it is up, and its end is answered",
        rules: &[SUP_3],
        needs: &[],
        share: Share::Around,
        strata: |_| Vec::new(),
    },
    Property {
        id: "around/reading",
        says: "read-back, features and defaults are as documented, and read-backs are for sessions alone",
        rules: &[SUP_4, SUP_5, SUP_6, SUP_7],
        needs: &[],
        share: Share::Around,
        strata: |_| Vec::new(),
    },
];
