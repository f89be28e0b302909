//! The leases of one run, for whoever is about to change a workgroup.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::{Entry, Journal, JournalError, Lease};
use crate::client::Secrets;
use crate::oracle::Stored;
use crate::runner::list_history::OfWorkgroup;

/// The leases of a run; none where it keeps no journal.
#[derive(Debug, Default)]
pub struct Leases(Mutex<Vec<Lease>>);

impl Leases {
    /// Takes the leases of all these workgroups, or of none.
    ///
    /// # Errors
    /// As for [`Journal::lease`].
    pub fn take(journal: &Journal, workgroups: &[String]) -> Result<Self, JournalError> {
        let leases = workgroups.iter().map(|workgroup| journal.lease(workgroup));
        Ok(Self(Mutex::new(leases.collect::<Result<_, _>>()?)))
    }

    /// Whether the run keeps a journal.
    pub fn are_kept(&self) -> bool {
        !self.all(|leases| leases.is_empty())
    }

    /// What an earlier run left to be done in a workgroup.
    pub fn left_behind(&self, workgroup: &str) -> Option<Entry> {
        self.one(workgroup, |lease| lease.left_behind().cloned())
            .flatten()
    }

    /// Whether an earlier run left anything to be done.
    pub fn are_in_order(&self) -> bool {
        self.all(|leases| leases.iter().all(|lease| lease.left_behind().is_none()))
    }

    /// As [`Lease::held`].
    pub fn held(&self, workgroup: &str) -> Option<Vec<Stored>> {
        self.one(workgroup, |lease| lease.held().map(<[_]>::to_vec))
            .flatten()
    }

    /// As [`Lease::claims`]; `None` where there is no lease.
    pub fn claims(&self, workgroup: &str, object: &Stored) -> Option<bool> {
        self.one(workgroup, |lease| lease.claims(object))
    }

    /// As [`Lease::has_claimed`], for whichever workgroup: a target may show in one
    /// what was stored in another.
    pub fn have_claimed(&self, address: &str) -> bool {
        self.all(|leases| leases.iter().any(|lease| lease.has_claimed(address)))
    }

    /// As [`Lease::claim_mark`].
    ///
    /// # Errors
    /// As there.
    pub fn claim_mark(&self, workgroup: &str, address: String) -> io::Result<()> {
        self.one(workgroup, |lease| lease.claim_mark(address))
            .unwrap_or(Ok(()))
    }

    /// As [`Lease::begin`], without these secrets on the disk.
    ///
    /// # Errors
    /// As there.
    pub fn begin(
        &self,
        workgroup: &str,
        held: &[Stored],
        lists: OfWorkgroup,
        secrets: &Secrets,
    ) -> io::Result<()> {
        self.one(workgroup, |lease| {
            lease.hide(secrets.clone());
            lease.begin(held, lists)
        })
        .unwrap_or(Ok(()))
    }

    /// As [`Lease::begin_unseen`].
    ///
    /// # Errors
    /// As there.
    pub fn begin_unseen(&self, workgroup: &str, secrets: &Secrets) -> io::Result<()> {
        self.one(workgroup, |lease| {
            lease.hide(secrets.clone());
            lease.begin_unseen()
        })
        .unwrap_or(Ok(()))
    }

    /// As [`Lease::answered`].
    ///
    /// # Errors
    /// As there.
    pub fn answered(
        &self,
        workgroup: &str,
        body: &[u8],
        listed: Option<&[String]>,
    ) -> io::Result<()> {
        self.one(workgroup, |lease| lease.answered(body, listed))
            .unwrap_or(Ok(()))
    }

    /// As [`Lease::listed`].
    ///
    /// # Errors
    /// As there.
    pub fn listed(&self, workgroup: &str) -> io::Result<()> {
        self.one(workgroup, Lease::listed).unwrap_or(Ok(()))
    }

    /// As [`Lease::hidden`].
    ///
    /// # Errors
    /// As there.
    pub fn hidden(&self, workgroup: &str) -> io::Result<()> {
        self.one(workgroup, Lease::hidden).unwrap_or(Ok(()))
    }

    /// As [`Lease::late`], of all. Where it cannot be written, a later clean-up
    /// learns it anew.
    pub fn late(&self, late_ms: u64) {
        self.all(|leases| {
            for lease in leases {
                _ = lease.late(late_ms);
            }
        });
    }

    /// As [`Lease::unseen`].
    pub fn unseen(&self, workgroup: &str) -> Vec<String> {
        self.one(workgroup, |lease| lease.unseen())
            .unwrap_or_default()
    }

    /// As [`Lease::is_unseen`].
    pub fn is_unseen(&self, workgroup: &str) -> bool {
        self.one(workgroup, |lease| lease.is_unseen())
            .unwrap_or_default()
    }

    /// As [`Lease::claim`].
    ///
    /// # Errors
    /// As there.
    pub fn claim(&self, workgroup: &str, body: &[u8]) -> io::Result<()> {
        self.one(workgroup, |lease| lease.claim(body))
            .unwrap_or(Ok(()))
    }

    /// As [`Lease::end`].
    ///
    /// # Errors
    /// As there.
    pub fn end(&self, workgroup: &str) -> io::Result<()> {
        self.one(workgroup, Lease::end).unwrap_or(Ok(()))
    }

    /// As [`Lease::withdraw`], of all. What cannot be forgotten is looked at again
    /// by the next run.
    pub fn withdraw(&self) {
        self.all(|leases| {
            for lease in leases {
                _ = lease.withdraw();
            }
        });
    }

    /// What comes of the lease of a workgroup, where there is one.
    fn one<T>(&self, workgroup: &str, act: impl FnOnce(&mut Lease) -> T) -> Option<T> {
        self.all(|leases| {
            let mut leases = leases.iter_mut();
            leases.find(|lease| lease.workgroup() == workgroup).map(act)
        })
    }

    fn all<T>(&self, act: impl FnOnce(&mut Vec<Lease>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
