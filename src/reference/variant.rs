//! Legal oddities, one row each.
/// A variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// x
    A,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct VariantRow {
    /// x
    pub variant: Variant,
    /// x
    pub name: &'static str,
    /// x
    pub says: &'static str,
}
/// x
pub const VARIANTS: &[VariantRow] = &[];
