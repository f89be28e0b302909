//! To be filled in: the reference server as a target.
