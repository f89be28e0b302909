//! The only part that talks to a target: requests go out and answers come in
//! under limits of time and size, sessions are opened and ended, hooks are run.
//!
//! An answer that breaks HTTP or a limit is an [`Exchange`] too, with what was
//! wrong. This part judges nothing, and it alone sees secrets in the clear:
//! others hold a [`Secret`] and show [`Redacted`] text.

pub mod exchange;
pub mod secret;

pub use exchange::{Answer, Exchange, Fault, Header, HeaderText, Method, Request, Spelling};
pub use secret::{Redacted, Secret, Secrets};
