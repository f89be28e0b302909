//! Which faults and variants are on.

use std::collections::BTreeSet;

use super::{Fault, Variant, variant};

/// The faults and variants of one server, asked at the one place where each
/// matters.
#[derive(Clone, Debug, Default)]
pub(super) struct Switches {
    faults: BTreeSet<Fault>,
    variants: BTreeSet<Variant>,
}

impl Switches {
    pub(super) fn new(faults: BTreeSet<Fault>, variants: BTreeSet<Variant>) -> Self {
        let variants = variant::whole(&variants);
        Self { faults, variants }
    }

    /// Whether the server does that wrong.
    pub(super) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// Whether the server has that legal oddity.
    pub(super) fn varies(&self, variant: Variant) -> bool {
        self.variants.contains(&variant)
    }

    /// Whether nothing is switched on, so that whole passes can be skipped.
    pub(super) fn is_plain(&self) -> bool {
        self.faults.is_empty() && self.variants.is_empty()
    }
}
