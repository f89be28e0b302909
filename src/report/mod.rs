//! To be filled in: see the design.
