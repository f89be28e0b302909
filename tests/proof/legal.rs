//! Servers that decide otherwise than ours where the contract lets them: none
//! is blamed for anything.

use icws_conformance::gate::{Decision, decide};
use icws_conformance::reference::{Settings, VARIANTS, Variant};
use icws_conformance::report::findings::findings;
use icws_conformance::runner::{Finding, Outcome};
use icws_conformance::suites;

use crate::running;

/// What concerns most of a run, each alone.
const ALONE: &[Variant] = &[
    Variant::AddModifyRemove,
    Variant::BodyFirst,
    Variant::ClosesConnections,
    Variant::LicenseWarnings,
    Variant::ModifyNeedsAll,
    Variant::OneSessionPerUser,
    Variant::RemovedListed,
    Variant::ScalarsConverted,
    Variant::ServerGivenIds,
    Variant::TypeChangeClears,
    Variant::UnknownRemove404,
    Variant::UnknownSession404,
];

/// Servers with a character, by its name.
const TOGETHER: &[(&str, &[Variant])] = &[
    (
        "with ids of its own",
        &[
            Variant::ServerGivenIds,
            Variant::RemovedListed,
            Variant::NullsWritten,
            Variant::UnknownSession404,
            Variant::UnknownRemove404,
            Variant::PlainLabel,
            Variant::Version7,
            Variant::ChallengeAbsolute,
            Variant::EmptyListNull,
        ],
    ),
    (
        "strict",
        &[
            Variant::BodyFirst,
            Variant::ChallengeCommas,
            Variant::DuplicateKeysRefused,
            Variant::EmptyTextRefused,
            Variant::MissingCookie400,
            Variant::MissingMediaType415,
            Variant::MissingTypeRefused,
            Variant::ModifyNeedsAll,
            Variant::OtherMediaTypes406,
            Variant::TwiceInModifyRefused,
            Variant::TwiceInRemoveRefused,
            Variant::UnknownMonikerRefused,
            Variant::UnknownPropertiesRefused,
            Variant::UnknownRemove400,
            Variant::UnknownSession400,
            Variant::WrongCookie400,
        ],
    ),
    (
        "lenient",
        &[
            Variant::AddModifyRemove,
            Variant::BomAccepted,
            Variant::ChallengeOtherCase,
            Variant::EndedForgotten,
            Variant::FoldersIgnoreCase,
            Variant::IdsIgnoreCase,
            Variant::OtherMediaTypesAccepted,
            Variant::PropertiesIgnoreCase,
            Variant::ScalarsConverted,
            Variant::SurrogatesReplaced,
            Variant::TypeChangeClears,
            Variant::TypeNames,
            Variant::WholeFractions,
            Variant::WorkgroupsIgnoreCase,
        ],
    ),
    (
        "talkative",
        &[
            Variant::ChallengeBeside,
            Variant::DisplayNameReplaced,
            Variant::ExtraProperties,
            Variant::ForeignLanguage,
            Variant::LicenseWarnings,
            Variant::MalformedWithPlainUrn,
            Variant::ModifyAddRemove,
            Variant::OtherErrorTypes,
            Variant::OtherMediaTypes400,
            Variant::ReadBackShuffled,
            Variant::RightsFirst,
            Variant::UriKept,
        ],
    ),
    (
        "terse",
        &[
            Variant::ChallengeReordered,
            Variant::ChallengeUnquoted,
            Variant::Chunked,
            Variant::EmptyListAbsent,
            Variant::FailureWithoutId,
            Variant::OneSessionPerUser,
            Variant::ReadBackReversed,
            Variant::SubObjectsNullWhenEmpty,
            Variant::UrisLeftOut,
        ],
    ),
    (
        "with two challenges and ids of its own",
        &[
            Variant::ChallengeTwice,
            Variant::EmptyListAbsent,
            Variant::ReadBackShuffled,
            Variant::ServerGivenIds,
            Variant::SubObjectsNullWhenEmpty,
            Variant::UrisLeftOut,
        ],
    ),
];

#[test]
fn one_oddity_is_not_blamed() {
    for variant in ALONE {
        not_blamed(variant.row().name, &[*variant]);
    }
}

#[test]
fn many_oddities_are_not_blamed() {
    for (name, variants) in TOGETHER {
        not_blamed(name, variants);
    }
}

/// Every oddity alone, with two cases of each property; `selfcheck` tries them
/// with all.
#[test]
fn no_oddity_is_blamed_by_the_first_cases() {
    let mut blamed = Vec::new();
    // What only takes time shows nothing here.
    for row in VARIANTS
        .iter()
        .filter(|row| row.variant != Variant::Hesitates)
    {
        let server = running::server(Settings {
            variants: [row.variant].into(),
            ..Settings::default()
        });
        let mut plan = running::plan(server.profile(), suites::all());
        plan.cases = 2;
        let report = running::report(plan);
        blamed.extend(findings(&report).map(|found| format!("{}: {}", row.name, found.identity())));
    }
    assert!(blamed.is_empty(), "{blamed:#?}");
}

fn not_blamed(name: &str, variants: &[Variant]) {
    let server = running::server(Settings {
        variants: variants.iter().copied().collect(),
        ..Settings::default()
    });
    let report = running::report(running::plan(server.profile(), suites::all()));
    let blamed: Vec<_> = findings(&report).map(Finding::identity).collect();
    assert!(blamed.is_empty(), "{name}: {blamed:#?}");
    for property in &report.properties {
        assert_eq!(property.outcome, Outcome::Held, "{name}: {}", property.id);
    }
    assert_eq!(decide(&report, true), Decision::Conforms, "{name}");
}
