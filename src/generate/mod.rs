//! Which requests are worth sending: proptest strategies over [`Case`]s.
//!
//! A case is described, not yet sent: who asks, of which workgroup, with which
//! body, how. This part knows the contract and the target's fixtures; what a
//! case deserves is the oracle's to say.

pub mod bytes;
pub mod case;
pub mod damage;
pub mod fixtures;
pub mod form;
pub mod mailbox;
pub mod near;
pub mod reduce;
pub mod session;
pub mod text;
pub mod update;

pub use case::{Body, Case, Connection, HeaderSpelling, Prelude, Reader, Step, WorkgroupChoice};
pub use fixtures::Fixtures;
pub use session::SessionState;
