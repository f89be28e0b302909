//! What a server forgives that it should not, or need not: the faults and
//! variants that mend a request before it is checked, so that the checks
//! themselves stay strict and plain.

mod dialects;
pub(super) mod remains;
pub(super) mod text;
pub(super) mod tree;
pub(super) mod values;
