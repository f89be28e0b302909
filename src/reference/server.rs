//! The server's state: what all calls share.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::answers::Failure;
use super::memory::Memory;
use super::sessions::Sessions;
use super::store::{Directory, Store};
use super::switches::Switches;
use super::{Fault, Settings, User, Variant};

/// Everything one server holds. Each part has a lock of its own; the store's is
/// always taken before that of what is provoked.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) settings: Settings,
    pub(super) switches: Switches,
    pub(super) directory: Directory,
    sessions: Mutex<Sessions>,
    store: Mutex<Store>,
    provoked: Mutex<Provoked>,
    memory: Mutex<Memory>,
}

/// What the control surface has ordered.
#[derive(Debug, Default)]
pub(super) struct Provoked {
    /// Updates that are to fail, in order.
    pub(super) failures: VecDeque<ProvokedFailure>,
    /// Whether the resource is removed in every workgroup.
    pub(super) all_removed: bool,
    /// The workgroups in which the resource is removed.
    pub(super) removed: BTreeSet<String>,
    /// Whether a failure has left the server without answers.
    pub(super) dead: bool,
}

/// One failure to come.
#[derive(Debug)]
pub(super) struct ProvokedFailure {
    /// How the update fails.
    pub(super) kind: ProvokedKind,
    /// The workgroup whose next update fails; any without.
    pub(super) workgroup: Option<String>,
}

/// How a provoked failure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProvokedKind {
    /// A 500 is answered.
    Answered(Failure),
    /// The handler panics.
    Panic,
}

impl Provoked {
    /// Whether the resource is removed in that workgroup.
    pub(super) fn is_removed(&self, workgroup: &str) -> bool {
        self.all_removed || self.removed.contains(workgroup)
    }

    /// The failure that is due for an update of that workgroup.
    pub(super) fn take_failure(&mut self, workgroup: &str) -> Option<ProvokedKind> {
        let due = |failure: &ProvokedFailure| {
            failure
                .workgroup
                .as_deref()
                .is_none_or(|named| named == workgroup)
        };
        let place = self.failures.iter().position(due)?;
        self.failures.remove(place).map(|failure| failure.kind)
    }
}

impl Server {
    pub(super) fn new(settings: Settings) -> Self {
        let switches = Switches::new(settings.faults.clone(), settings.variants.clone());
        Self {
            directory: Directory::new(&settings.fixtures.mailboxes),
            sessions: Mutex::new(Sessions::new(switches.clone(), settings.session_lifetime)),
            store: Mutex::new(Store::new(&settings.fixtures)),
            provoked: Mutex::default(),
            memory: Mutex::default(),
            switches,
            settings,
        }
    }

    pub(super) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        unpoisoned(&self.sessions)
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        unpoisoned(&self.store)
    }

    pub(super) fn provoked(&self) -> MutexGuard<'_, Provoked> {
        unpoisoned(&self.provoked)
    }

    /// Its lock is taken last, and never held while another is waited for.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        unpoisoned(&self.memory)
    }

    /// The version that is announced for the feature `configuration`.
    pub(super) fn configuration_version(&self) -> u32 {
        if self.switches.has(Fault::NewTypeOldServer) || self.switches.varies(Variant::Version7) {
            7
        } else if self.switches.has(Fault::Type46Version9) {
            9
        } else if self.switches.varies(Variant::Version1) {
            1
        } else if self.switches.varies(Variant::Version12) {
            12
        } else {
            self.settings.configuration_version
        }
    }

    pub(super) fn user(&self, place: usize) -> &User {
        &self.settings.fixtures.users[place]
    }
}

/// A panic under a lock leaves whole values behind, because changes are
/// computed first and taken in last: the server lives on with them.
fn unpoisoned<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
