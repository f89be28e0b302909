//! A complete ICWS server for the endpoint under test and for the calls that
//! it needs around it, in memory, written from the contract alone.
//!
//! It is the harness's default target, its own proof (every [`Fault`] must be
//! found, every [`Variant`] must pass), and a stand-in that client developers
//! can build against. It knows nothing of the parts that judge it.
//!
//! Where the contract leaves a choice, the plain server decides so: the lists
//! of an update apply in the order remove, modify, add; of duplicate JSON keys
//! the last one counts; added objects keep the id they came with; removing an
//! unknown id is no error; a change of mailboxType that would leave an
//! outbound mailbox with a folder is refused.

mod address;
mod admission;
mod afterthoughts;
mod answers;
mod apply;
mod connection;
mod control;
mod cookies;
mod decode;
mod disguise;
mod distortion;
mod effect;
mod fault;
mod first_keys;
mod fixtures;
mod folders;
mod forms;
mod garnish;
mod idle;
mod lapses;
mod leniency;
mod listing;
mod lookalikes;
mod manners;
mod masks;
mod media_type;
mod memory;
mod misreading;
mod path;
mod races;
mod read_back;
mod rights;
mod router;
mod server;
mod sessions;
mod shape;
mod spelling;
mod store;
mod strictness;
mod switches;
#[cfg(test)]
mod tests;
mod text;
mod unique_keys;
mod update;
mod variant;
mod whims;

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

pub use fault::{FAULTS, Fault, FaultRow};
pub use fixtures::{Fixtures, MailboxFixture, User, WorkgroupFixture};
pub use variant::{VARIANTS, Variant, VariantRow};

use server::Server;

/// What a reference server holds and how it behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Users, workgroups and mailboxes at the start.
    pub fixtures: Fixtures,
    /// Whether the control surface under `/__control` is there: it expires
    /// sessions, provokes a 500 and removes the resource.
    pub control: bool,
    /// How long every answer waits.
    pub latency: Duration,
    /// The version announced for the feature `configuration`.
    pub configuration_version: u32,
    /// How long a session lives without being used.
    pub session_lifetime: Duration,
    /// What the server does wrong.
    pub faults: BTreeSet<Fault>,
    /// Which legal oddities the server has.
    pub variants: BTreeSet<Variant>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fixtures: Fixtures::default(),
            control: false,
            latency: Duration::ZERO,
            configuration_version: 10,
            session_lifetime: Duration::from_secs(60 * 60),
            faults: BTreeSet::new(),
            variants: BTreeSet::new(),
        }
    }
}

/// The server as a service, with a state of its own.
pub fn app(settings: Settings) -> Router {
    router::router(Arc::new(Server::new(settings)))
}

/// Serves `listener` until `shutdown` is done and the answers under way are
/// sent.
///
/// # Errors
/// None of a single connection; what the listener itself reports.
pub async fn serve(
    listener: TcpListener,
    settings: Settings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let closes = settings.variants.contains(&Variant::ClosesIdle);
    let listener = idle::Impatient {
        inner: listener,
        patience: closes.then_some(idle::PATIENCE),
    };
    let listener = listener.tap_io(|connection| {
        // Answers are small: waiting to fill a packet would cost more than it saves.
        if let Err(error) = connection.stream().set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
    });
    axum::serve(listener, app(settings))
        .with_graceful_shutdown(shutdown)
        .await
}
