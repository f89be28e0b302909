//! The only part that talks to a target: requests go out and answers come in
//! under limits of time and size, sessions are opened and ended, hooks are run.
//!
//! An answer that breaks HTTP or a limit is an [`Exchange`] too, with what was
//! wrong. This part judges nothing, and it alone sees secrets in the clear:
//! others hold a [`Secret`] and show [`Redacted`] text.

mod connection;
mod diagnosis;
pub mod exchange;
pub mod hooks;
mod incoming;
mod origin;
mod pace;
mod patience;
mod pool;
mod running_time;
#[cfg(test)]
mod scripted;
pub mod secret;
pub mod session;
mod tls;
pub mod transport;
mod wire;

pub use exchange::{Answer, Exchange, Fault, Header, HeaderText, Method, Request, Spelling};
pub use hooks::{Fill, Hook, HookError};
pub use origin::Origin;
pub use patience::{Asked, PagesSeen, Patience, Reading};
pub use pool::Surplus;
pub use secret::{Redacted, Secret, Secrets};
pub use session::{ConnectError, Connection, Credentials, Session, State};
pub use transport::{Client, ClientError, Settings};
