//! The faults and variants.
