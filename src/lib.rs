//! A property-based conformance harness for one documented endpoint of ICWS:
//! the bulk update of a workgroup's monitored mailboxes.

pub mod client;
pub mod contract;
pub mod generate;
pub mod judge;
pub mod oracle;
pub mod reference;
pub mod target;
