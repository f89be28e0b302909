//! A property: what it says, the rules it is aimed at, what it needs of a
//! target, and how to draw its cases. The suites declare them as data.

use std::fmt;

use proptest::strategy::BoxedStrategy;

use crate::contract::RuleId;
use crate::contract::clauses::Offer;
use crate::generate::{Case, Fixtures};
use crate::target::{Hook, Profile};

/// One property. Which answers are legal is the oracle's to say and whether
/// they came the judge's: a property only says what is worth sending.
#[derive(Clone, Copy)]
pub struct Property {
    /// `family/words`: stable, unique, selectable by prefix.
    pub id: &'static str,
    /// One sentence about the server.
    pub says: &'static str,
    /// The rules that it is aimed at. A finding of another rule refutes it too.
    pub rules: &'static [RuleId],
    /// What the target must offer.
    pub needs: &'static [Need],
    /// How many of the budgeted cases it draws.
    pub share: Share,
    /// The strategies that its cases are drawn from in turn: case `i` comes
    /// from the strategy whose turn it is, so that each is drawn at least
    /// once.
    pub strata: fn(&Fixtures) -> Vec<BoxedStrategy<Case>>,
}

impl Property {
    /// The part of the id before the slash.
    pub fn family(&self) -> &'static str {
        self.id.split('/').next().unwrap_or(self.id)
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Property")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// How many cases a property draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// One of each stratum, whatever the budget: what is drawn costs much, and
    /// drawn again it is the same.
    Once,
    /// The same, before all others: what shows most of what may be wrong.
    Opening,
    /// One of each stratum, more only as the budget grows.
    Strata,
    /// As many as the budget says, and one of each stratum at least.
    Budget,
    /// None: the property tells of pages that something in front of the target
    /// answers with, whatever is asked. It is a part of every run.
    Pages,
    /// None: the property tells what a run finds out around its cases. It is a part
    /// of every run.
    Around,
}

impl Share {
    /// Whether the property draws no cases and is a part of every run.
    pub const fn is_of_every_run(self) -> bool {
        matches!(self, Self::Pages | Self::Around)
    }

    /// The number of cases for that many strata under a budget, where
    /// `default` is the budget that nobody asked for.
    pub fn cases(self, strata: usize, budget: usize, default: usize) -> usize {
        match self {
            Self::Once | Self::Opening => strata.min(budget),
            Self::Pages | Self::Around => 0,
            Self::Budget => budget.max(strata.min(default)),
            Self::Strata if budget >= default => strata * (budget / default),
            Self::Strata => strata.min(budget),
        }
    }
}

/// Something that a target may not offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Reading workgroups back.
    ReadBack,
    /// A user without the right to modify.
    RestrictedUser,
    /// A live session beside the one in use.
    AnotherSession,
    /// A session that is opened while the user has another.
    FreshSession,
    /// A way to let a session expire.
    ExpireSession,
    /// A way to let one session expire and no other.
    ExpireOneSession,
    /// A way to provoke a 500.
    FailNext,
    /// A way to remove and restore the resource.
    RemoveResource,
    /// A way to remove the resource of one workgroup alone.
    RemoveOneResource,
    /// A second scratch workgroup.
    SecondWorkgroup,
    /// Two mailboxes, one of which has a folder that the other lacks.
    LosableFolder,
}

impl From<Offer> for Need {
    fn from(offer: Offer) -> Self {
        match offer {
            Offer::ReadBack => Self::ReadBack,
            Offer::RestrictedUser => Self::RestrictedUser,
            Offer::AnotherSession => Self::AnotherSession,
            Offer::ExpireSession => Self::ExpireSession,
            Offer::ExpireOneSession => Self::ExpireOneSession,
            Offer::FailNext => Self::FailNext,
            Offer::RemoveResource => Self::RemoveResource,
        }
    }
}

impl Need {
    /// Whether the profile alone shows that the target does not offer it. What
    /// is left, a run finds out.
    pub fn is_ruled_out_by(self, profile: &Profile) -> bool {
        let hooks = &profile.hooks;
        match self {
            Self::ReadBack => !profile.offers.read_back,
            Self::RestrictedUser => profile.users.restricted.is_none(),
            Self::ExpireSession => hooks.expire_session.is_none(),
            Self::ExpireOneSession => {
                let hook = hooks.expire_session.as_ref();
                !hook.is_some_and(Hook::is_about_one_session)
            }
            Self::FailNext => hooks.fail_next.is_none(),
            Self::RemoveResource => {
                hooks.remove_resource.is_none() || hooks.restore_resource.is_none()
            }
            Self::RemoveOneResource => {
                Self::RemoveResource.is_ruled_out_by(profile)
                    || !hooks
                        .remove_resource
                        .as_ref()
                        .is_some_and(Hook::is_about_one_workgroup)
            }
            Self::SecondWorkgroup => profile.workgroups.scratch.len() < 2,
            Self::AnotherSession | Self::FreshSession | Self::LosableFolder => false,
        }
    }

    /// Why a property that needs it is not tested where it is missing.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::ReadBack => "what is stored cannot be read back (offers.read_back)",
            Self::RestrictedUser => "the profile has no user without rights (users.restricted)",
            Self::AnotherSession => {
                "the target allows one session a user and the profile has no second user (users.restricted)"
            }
            Self::FreshSession => "the target refuses a second session of a user",
            Self::ExpireSession => {
                "the profile has no hook to expire a session (hooks.expire_session)"
            }
            Self::ExpireOneSession => {
                "the profile has no hook to expire one session alone (hooks.expire_session with {session_id})"
            }
            Self::FailNext => "the profile has no hook to provoke a 500 (hooks.fail_next)",
            Self::RemoveResource => {
                "the profile has no hooks to remove and restore the resource (hooks.remove_resource)"
            }
            Self::RemoveOneResource => {
                "the profile has no hook to remove the resource of one workgroup alone (hooks.remove_resource with {workgroup_id})"
            }
            Self::SecondWorkgroup => {
                "the profile has only one scratch workgroup (workgroups.scratch)"
            }
            Self::LosableFolder => {
                "the profile has no two mailboxes of which one lacks a folder of the other (mailboxes)"
            }
        }
    }
}
