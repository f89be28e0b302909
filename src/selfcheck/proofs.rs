//! That a rule is tested is proven by a server that breaks it: for each binding
//! rule, faults of the reference server that break it and that a property which
//! is aimed at the rule finds. The project's tests run every row.

use crate::contract::RuleId;
use crate::contract::rules::*;
use crate::reference::Fault;

/// Rule and fault, in the order of the contract; some rules have several rows.
pub const PROOFS: &[(RuleId, Fault)] = &[
    (SES_1, Fault::ForeignLoginEndsAll),
    (SES_2, Fault::MissingTokenAccepted),
    (SES_3, Fault::TokenPrefixAccepted),
    (SES_4, Fault::Expired403),
    (SES_5, Fault::MissingCookieAccepted),
    (SES_6, Fault::CookieCaseIgnored),
    (SES_7, Fault::SessionIdLenient),
    (SES_8, Fault::ForeignTokenAccepted),
    (SES_9, Fault::ForeignCookieAccepted),
    (SES_10, Fault::ChallengeOtherRealm),
    (SES_11, Fault::FirstCookieOnly),
    (SES_12, Fault::WorkgroupBeforeSession),
    (SES_13, Fault::RefusedCookieApplied),
    (ACC_1, Fault::RightsForAddOnly),
    (ACC_1, Fault::Rights404),
    (ACC_2, Fault::ForbiddenRemoves),
    (WG_1, Fault::AbsentWorkgroup410),
    (WG_1, Fault::OddWorkgroup400),
    (WG_1, Fault::PathDecodedTwice),
    (WG_2, Fault::RemovesElsewhere),
    (REP_1, Fault::TwoListsRefused),
    (REP_2, Fault::SingleQuotesAccepted),
    (REP_3, Fault::ArrayUnwrapped),
    (REP_4, Fault::TextForList),
    (REP_4, Fault::EmailStringified),
    (REP_5, Fault::NullMonikerKept),
    (REP_6, Fault::NullRemoveRefused),
    (REP_7, Fault::MissingEmailAccepted),
    (REP_9, Fault::IdlessAccepted),
    (REP_10, Fault::TypeTruncated),
    (REP_11, Fault::EmptyListsRefused),
    (REP_17, Fault::NestedTypeUrnRefused),
    (REP_13, Fault::PlainMediaType415),
    (REP_13, Fault::Charset415),
    (REP_15, Fault::LongRemoveRefused),
    (REP_16, Fault::LongBody413),
    (FLD_1, Fault::StoredTypeForgotten),
    (FLD_2, Fault::FolderPrefixAccepted),
    (FLD_3, Fault::BothWaysRefused),
    (FLD_4, Fault::MonikerChangeUnchecked),
    (FLD_5, Fault::NullEncryptedKeeps),
    (FLD_6, Fault::AbsentEncryptedIsTrue),
    (FLD_7, Fault::TypeChangeKeepsFolder),
    (FLD_8, Fault::FolderErrorEmptyValue),
    (FLD_10, Fault::TextComposed),
    (EFF_1, Fault::SecondModifyLost),
    (EFF_2, Fault::ModifyResetsFolder),
    (EFF_2, Fault::RemoveByPrefix),
    (EFF_3, Fault::PartialAdd),
    (SES_14, Fault::GermanSession400),
    (SUP_1, Fault::LoginHeaderOther),
    (SUP_2, Fault::UnknownUser401),
    (SUP_3, Fault::EndAnswers404),
    (SUP_4, Fault::ReadBackTypeText),
    (SUP_5, Fault::ReadBackOpen),
    (SUP_6, Fault::FeatureVersionText),
    (SUP_7, Fault::DefaultsEncrypted),
    (REP_18, Fault::Chunked400),
    (REP_19, Fault::AcceptAny406),
    (EFF_4, Fault::UnknownModifyCreates),
    (EFF_6, Fault::TwinsInAddAccepted),
    (EFF_8, Fault::TakenIdDuplicates),
    (EFF_9, Fault::SameModifyRefused),
    (EFF_10, Fault::LostUpdate),
    (OK_1, Fault::Removal204),
    (OK_2, Fault::SubObjectsNull),
    (OK_3, Fault::LastUnlisted),
    (OK_4, Fault::UriIsNull),
    (OK_5, Fault::LicenseSetOk),
    (ERR_1, Fault::ForbiddenMessageMissing),
    (ERR_2, Fault::SourcePosition),
    (ERR_3, Fault::ErrorIdIsNull),
    (ERR_4, Fault::ErrorIdForeign),
    (ERR_5, Fault::MalformedWithDetails),
    (ERR_6, Fault::DetailsEmpty),
    (ERR_7, Fault::ErrorType8),
    (ERR_8, Fault::NewTypeOldServer),
    (ERR_9, Fault::LicenseErrorNameless),
    (ERR_10, Fault::Malformed422),
    (ERR_11, Fault::ErrorLabelText),
    (ERR_12, Fault::PropertyNameForeign),
    (ISE_1, Fault::MalformedDrops),
    (ISE_2, Fault::FailureForeignId),
    (ISE_4, Fault::AbsentNeverAnswers),
    (ISE_3, Fault::FailureHalfApplied),
    (GONE_1, Fault::Removed404),
    (GONE_1, Fault::RemovedApplied),
    (GONE_2, Fault::EmptyWorkgroup410),
];

/// The faults that prove a rule; none for what is open.
pub fn proofs(rule: RuleId) -> impl Iterator<Item = Fault> {
    let rows = PROOFS.iter().filter(move |(proven, _)| *proven == rule);
    rows.map(|(_, fault)| *fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_binding_rule_is_proven_by_a_fault_that_breaks_it() {
        for rule in RULES.iter().filter(|rule| rule.level != Level::Open) {
            assert!(proofs(rule.id).next().is_some(), "{}", rule.id);
        }
        for (rule, fault) in PROOFS {
            let row = fault.row();
            assert!(
                row.rules.contains(rule),
                "{} does not break {rule}",
                row.name
            );
        }
    }
}
