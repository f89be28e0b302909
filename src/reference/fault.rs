//! What the server can do wrong, one row each.
use crate::contract::RuleId;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// x
    A,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct FaultRow {
    /// x
    pub fault: Fault,
    /// x
    pub name: &'static str,
    /// x
    pub says: &'static str,
    /// x
    pub rules: &'static [RuleId],
}
/// x
pub const FAULTS: &[FaultRow] = &[];
