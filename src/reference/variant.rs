//! Legal oddities: what the contract leaves open, or free, decided another
//! way than the plain server does. No variant breaks a rule.

/// One row of [`VARIANTS`].
#[derive(Clone, Copy, Debug)]
pub struct VariantRow {
    /// The switch.
    pub variant: Variant,
    /// The stable name, in kebab case.
    pub name: &'static str,
    /// One sentence about the server that has it.
    pub says: &'static str,
}

impl Variant {
    /// The variant's row.
    pub fn row(self) -> &'static VariantRow {
        // The enum and the table are made from the same rows, in the same order.
        &VARIANTS[self as usize]
    }

    /// The variant of that name, or `None` where there is none.
    pub fn parse(name: &str) -> Option<Self> {
        VARIANTS
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.variant)
    }
}

macro_rules! variants {
    ($($variant:ident $name:literal $says:literal;)*) => {
        /// A legal oddity of a server; [`VARIANTS`] has the rows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Variant {
            $(#[doc = $says] $variant,)*
        }

        /// Every variant.
        pub const VARIANTS: &[VariantRow] = &[$(VariantRow {
            variant: Variant::$variant,
            name: $name,
            says: $says,
        }),*];
    };
}

variants! {
    // Sessions.
    UnknownSession404 "unknown-session-404" "an unknown session id is answered 404";
    UnknownSession400 "unknown-session-400" "an unknown session id is answered 400";
    MissingCookie400 "missing-cookie-400" "a missing session cookie is answered 400";
    WrongCookie400 "wrong-cookie-400" "a wrong session cookie is answered 400";
    EndedForgotten "ended-forgotten" "a session that its client ended is answered as unknown";
    OneSessionPerUser "one-session-per-user" "a user's login ends the user's other sessions";
    ChallengeCommas "challenge-commas" "the challenge's parameters are separated by commas";
    ChallengeOtherCase "challenge-other-case" "the challenge's scheme and parameter names are in another case";
    ChallengeUnquoted "challenge-unquoted" "the challenge's realm is not quoted";
    ChallengeReordered "challenge-reordered" "the challenge's location comes before its realm";
    ChallengeAbsolute "challenge-absolute" "the challenge's location is an absolute URL";
    ChallengeBeside "challenge-beside" "another scheme's challenge stands before the challenge, in the same header";
    ChallengeTwice "challenge-twice" "another scheme's challenge stands in a header of its own";
    // The order of checks, and workgroups.
    BodyFirst "body-first" "the body is checked before workgroup and rights";
    RightsFirst "rights-first" "the rights are checked before the workgroup";
    WorkgroupsIgnoreCase "workgroups-ignore-case" "workgroup ids ignore case";
    // Bodies.
    BomAccepted "bom-accepted" "a byte order mark before the JSON is skipped";
    SurrogatesReplaced "surrogates-replaced" "escapes of lone surrogates are replaced";
    DuplicateKeysRefused "duplicate-keys-refused" "an object with one key twice is malformed";
    UnknownPropertiesRefused "unknown-properties-refused" "a property that the representation does not have is malformed";
    PropertiesIgnoreCase "properties-ignore-case" "the names of properties ignore case";
    ScalarsConverted "scalars-converted" "numbers and booleans are taken for text and the other way round";
    WholeFractions "whole-fractions" "a mailboxType such as 1.0 is taken for a whole number";
    TypeNames "type-names" "the name of a mailboxType is taken for its number";
    OtherMediaTypesAccepted "other-media-types-accepted" "any Content-Type is accepted";
    OtherMediaTypes406 "other-media-types-406" "another Content-Type is answered 406";
    OtherMediaTypes400 "other-media-types-400" "another Content-Type is answered 400";
    MissingMediaType415 "missing-media-type-415" "a request without Content-Type is answered 415";
    // Fields.
    FoldersIgnoreCase "folders-ignore-case" "folder names ignore case";
    TypeChangeClears "type-change-clears" "a change of mailboxType to outbound clears the folder";
    ModifyNeedsAll "modify-needs-all" "a modified object needs emailAddress and mailboxMoniker";
    UnknownRemove400 "unknown-remove-400" "remove of an unknown id is answered 400";
    UnknownRemove404 "unknown-remove-404" "remove of an unknown id is answered 404";
    UnknownMonikerRefused "unknown-moniker-refused" "a moniker that the server does not know is refused";
    EmptyTextRefused "empty-text-refused" "an empty emailAddress, moniker or folder is refused";
    MissingTypeRefused "missing-type-refused" "an added object needs a mailboxType";
    // Effects.
    ServerGivenIds "server-given-ids" "added objects get their ids from the server";
    IdsIgnoreCase "ids-ignore-case" "ids that differ only in case are one";
    TwiceInModifyRefused "twice-in-modify-refused" "one id twice in modify is refused";
    TwiceInRemoveRefused "twice-in-remove-refused" "one id twice in remove is refused";
    DisplayNameReplaced "display-name-replaced" "the emailAddress stands for the displayName";
    UriKept "uri-kept" "the uri that an added object came with is kept";
    AddModifyRemove "add-modify-remove" "the lists apply in the order add, modify, remove";
    ModifyAddRemove "modify-add-remove" "the lists apply in the order modify, add, remove";
    // Answers.
    RemovedListed "removed-listed" "the ids named in remove are listed in the answer";
    SubObjectsNullWhenEmpty "sub-objects-null-when-empty" "subObjects is null when nothing was added or modified";
    UrisLeftOut "uris-left-out" "no uri is given anywhere";
    LicenseWarnings "license-warnings" "listed objects have licenseProblems of the types 1, 2 and 3";
    OtherErrorTypes "other-error-types" "validation errors other than of folders have less fitting types";
    ForeignLanguage "foreign-language" "messages are not in English";
    ExtraProperties "extra-properties" "answers have a numeric errorCode, a __type and other properties beside the documented ones";
    MalformedWithPlainUrn "malformed-with-plain-urn" "plain errors name their __type";
    FailureWithoutId "failure-without-id" "a 500 has no errorId";
    Chunked "chunked" "answers have no Content-Length";
    PlainLabel "plain-label" "answers are labelled application/json";
    ClosesConnections "closes-connections" "the connection is closed after each answer";
    Version7 "version-7" "the feature configuration is announced with version 7";
    Hesitates "hesitates" "answers take five milliseconds";
    // The read-back.
    NullsWritten "nulls-written" "the read-back writes null properties out";
    EmptyListNull "empty-list-null" "the read-back of an empty workgroup has null for a list";
    EmptyListAbsent "empty-list-absent" "the read-back of an empty workgroup has no list";
    ReadBackReversed "read-back-reversed" "the read-back is in the reverse order of ids";
    ReadBackShuffled "read-back-shuffled" "the read-back's order changes from call to call";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let names: BTreeSet<_> = VARIANTS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), VARIANTS.len());
        for row in VARIANTS {
            let kebab = |c: char| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit();
            assert!(row.name.chars().all(kebab), "{}", row.name);
            assert_eq!(row.variant.row().name, row.name);
            assert_eq!(Variant::parse(row.name), Some(row.variant));
        }
    }
}
