//! The clauses of rules that say several things: each can be tried only where
//! the target offers what it needs. A rule of which some clauses could not be
//! tried is held in part, and one of which none could is not tested.

use super::rules::{
    ACC_2, EFF_4, EFF_9, FLD_7, GONE_1, ISE_1, ISE_3, RuleId, SES_1, SES_4, SES_13,
};

/// What a clause needs of the target to be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Offer {
    /// Reading workgroups back.
    ReadBack,
    /// A user without the right to modify.
    RestrictedUser,
    /// A live session beside the one in use.
    AnotherSession,
    /// A way to let a session expire.
    ExpireSession,
    /// A way to let one session expire and no other.
    ExpireOneSession,
    /// A way to provoke a 500.
    FailNext,
    /// A way to remove and restore the resource.
    RemoveResource,
}

/// One clause of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    /// The rule.
    pub rule: RuleId,
    /// A stable name, unique within the rule.
    pub id: &'static str,
    /// One sentence about the server.
    pub says: &'static str,
    /// What the target has to offer.
    pub needs: &'static [Offer],
}

impl Clause {
    /// The clauses of a rule; none where it says one thing only.
    pub fn of(rule: RuleId) -> impl Iterator<Item = &'static Self> {
        CLAUSES.iter().filter(move |clause| clause.rule == rule)
    }
}

const fn clause(
    rule: RuleId,
    id: &'static str,
    says: &'static str,
    needs: &'static [Offer],
) -> Clause {
    Clause {
        rule,
        id,
        says,
        needs,
    }
}

use Offer::{
    AnotherSession, ExpireOneSession, ExpireSession, FailNext, ReadBack, RemoveResource,
    RestrictedUser,
};

/// Every clause, in the order of the rules.
pub const CLAUSES: &[Clause] = &[
    clause(
        SES_1,
        "live",
        "an update by a live session is not refused for its session",
        &[],
    ),
    clause(
        SES_1,
        "another ends",
        "the end of another session does not end it",
        &[AnotherSession],
    ),
    clause(
        SES_1,
        "another expires",
        "that another session expires does not end it",
        &[AnotherSession, ExpireOneSession],
    ),
    clause(
        SES_4,
        "ended",
        "a session that its client ended is not accepted",
        &[],
    ),
    clause(
        SES_4,
        "expired",
        "a session that has expired is answered 401",
        &[ExpireSession],
    ),
    clause(
        SES_13,
        "state",
        "a request that is not accepted for its session changes nothing",
        &[ReadBack],
    ),
    clause(
        ACC_2,
        "state",
        "a request answered 403 changes nothing",
        &[RestrictedUser, ReadBack],
    ),
    clause(
        EFF_4,
        "refused",
        "modify of an id that does not exist is answered 400",
        &[],
    ),
    clause(
        EFF_4,
        "never creates",
        "modify of an id that does not exist never creates",
        &[ReadBack],
    ),
    clause(
        EFF_9,
        "accepted",
        "the same modify sent twice is answered 200 both times",
        &[],
    ),
    clause(
        EFF_9,
        "same state",
        "the same modify sent twice leaves the same state",
        &[ReadBack],
    ),
    clause(
        FLD_7,
        "state",
        "no object is stored with a folder that it must not have",
        &[ReadBack],
    ),
    clause(
        GONE_1,
        "answered",
        "where the resource is removed, an acceptable request is answered 410",
        &[RemoveResource],
    ),
    clause(
        GONE_1,
        "state",
        "where the resource is removed, an acceptable request changes nothing",
        &[RemoveResource, ReadBack],
    ),
    clause(
        ISE_1,
        "any request",
        "no request that deserves another answer fails or is dropped",
        &[],
    ),
    clause(
        ISE_1,
        "after a failure",
        "no request behind a failure fails or is dropped for it",
        &[FailNext],
    ),
    clause(
        ISE_3,
        "answers",
        "after a 500 the server still answers",
        &[FailNext],
    ),
    clause(
        ISE_3,
        "whole or absent",
        "an update answered 500 is either whole or absent",
        &[FailNext, ReadBack],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_unique_within_their_rule() {
        for (place, clause) in CLAUSES.iter().enumerate() {
            let alike = |other: &Clause| other.rule == clause.rule && other.id == clause.id;
            assert!(!CLAUSES[..place].iter().any(alike), "{clause:?}");
        }
    }
}
