//! Legal oddities: what the contract leaves open, or free, decided another
//! way than the plain server does. No variant breaks a rule.

mod characters;

pub(super) use characters::whole;

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
    ChallengeSecondHeader "challenge-second-header" "another scheme's challenge stands in a header of its own, before the challenge";
    ChallengeSpaced "challenge-spaced" "white space stands around the challenge's signs";
    ChallengeBare "challenge-bare" "no parameter of the challenge is quoted";
    ChallengeEscaped "challenge-escaped" "the challenge's realm is written with escapes";
    ChallengeExtra "challenge-extra" "the challenge has parameters of its own";
    ChallengeAfterToken "challenge-after-token" "a challenge of another scheme with a token stands before the challenge, in the same header";
    ChallengeQuery "challenge-query" "the challenge's location has a query with commas";
    LongSessions "long-sessions" "session ids have two hundred characters, with all punctuation that a path may have as it is";
    LoginShared "login-shared" "a user's second login gets the session of the first";
    LoginElsewhereOnce "login-elsewhere-once" "the first login is answered 503, with the server itself as the alternate host";
    SequentialSessions "sequential-sessions" "session ids count from 1";
    GuidSessions "guid-sessions" "session ids are GUIDs";
    DigitTokens "digit-tokens" "tokens have digits only";
    ShortTokens "short-tokens" "tokens have six characters";
    PaddedTokens "padded-tokens" "tokens end with equal signs";
    PaddedCookies "padded-cookies" "cookie values have plus and equal signs";
    QuotedCookies "quoted-cookies" "cookie values are set in quotes";
    CookieAttributes "cookie-attributes" "the session cookie is set with many attributes, for the path /";
    ExtraCookies "extra-cookies" "a login sets other cookies before the session's";
    LoginHeadersLeftOut "login-headers-left-out" "a login answers token and session id in the body only";
    LocationAbsolute "location-absolute" "a login's Location is an absolute URL";
    EndAnswers200 "end-answers-200" "the end of a session is answered 200 with a body";
    ShortLivedSessions "short-lived-sessions" "sessions expire after a quarter of a second";
    WearingSessions "wearing-sessions" "sessions expire after a hundred requests";
    // The order of checks, and workgroups.
    BodyFirst "body-first" "the body is checked before workgroup and rights";
    RightsFirst "rights-first" "the rights are checked before the workgroup";
    RightsLast "rights-last" "the rights are checked after the body";
    RemovalFirst "removal-first" "whether the resource is removed is checked before the rights";
    RemovalLast "removal-last" "whether the resource is removed is checked after the body";
    OddPaths400 "odd-paths-400" "a workgroup id that the contract leaves open is answered 400, before the session is checked";
    LongIds414 "long-ids-414" "a workgroup id of more than 255 characters is answered 414";
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
    FirstKeyCounts "first-key-counts" "of duplicate JSON keys the first one counts";
    ForeignTypeRefused "foreign-type-refused" "a __type that names another type is malformed";
    OddConversions "odd-conversions" "scalars are taken for text and the other way round as PHP does";
    ShapeErrorsMalformed "shape-errors-malformed" "missing values and numbers outside their table are malformed";
    ShapeErrorsInvalid "shape-errors-invalid" "values of another type and nulls are validation errors";
    OtherMediaTypesAccepted "other-media-types-accepted" "any Content-Type is accepted";
    OtherMediaTypes406 "other-media-types-406" "another Content-Type is answered 406";
    OtherMediaTypes400 "other-media-types-400" "another Content-Type is answered 400";
    MissingMediaType415 "missing-media-type-415" "a request without Content-Type is answered 415";
    // Fields.
    FoldersIgnoreCase "folders-ignore-case" "folder names ignore case";
    TypeChangeMalformed "type-change-malformed" "a change of mailboxType that would leave a folder behind is malformed";
    OpenRefusalsMalformed "open-refusals-malformed" "what a server may refuse or not is refused as malformed";
    TypeChangeClears "type-change-clears" "a change of mailboxType to outbound clears the folder";
    ModifyNeedsAll "modify-needs-all" "a modified object needs emailAddress and mailboxMoniker";
    UnknownRemove400 "unknown-remove-400" "remove of an unknown id is answered 400";
    UnknownRemove404 "unknown-remove-404" "remove of an unknown id is answered 404";
    UnknownMonikerRefused "unknown-moniker-refused" "a moniker that the server does not know is refused";
    EmptyTextRefused "empty-text-refused" "an empty emailAddress, moniker or folder is refused";
    MissingTypeRefused "missing-type-refused" "an added object needs a mailboxType";
    MissingTypeIsOutbound "missing-type-is-outbound" "an added object without mailboxType is outbound";
    UnknownMonikerFolderRefused "unknown-moniker-folder-refused" "a moniker that the server does not know has no folders";
    UnknownMonikerMalformed "unknown-moniker-malformed" "a moniker that the server does not know is malformed";
    EmailFormChecked "email-form-checked" "an emailAddress needs one @ and plain characters";
    EmailDomainChecked "email-domain-checked" "an emailAddress needs one @ and a dot behind it";
    MissingTypeIsBoth "missing-type-is-both" "an added object without mailboxType is outbound and inbound";
    EmailLengthChecked "email-length-checked" "an emailAddress of more than 64 characters is refused";
    EmptyIdRefused "empty-id-refused" "an empty id is refused";
    // Effects.
    ServerGivenIds "server-given-ids" "added objects get their ids from the server";
    NumericIds "numeric-ids" "added objects get numbers from the server for ids";
    GuidIds "guid-ids" "added objects get GUIDs in braces from the server for ids";
    LowestFreeIds "lowest-free-ids" "added objects get the lowest number that is free for an id";
    IdsIgnoreCase "ids-ignore-case" "ids that differ only in case are one";
    TwiceInModifyRefused "twice-in-modify-refused" "one id twice in modify is refused";
    TwiceInRemoveRefused "twice-in-remove-refused" "one id twice in remove is refused";
    DisplayNameReplaced "display-name-replaced" "the emailAddress stands for the displayName";
    UriKept "uri-kept" "the uri that an added object came with is kept";
    OddGivenIds "odd-given-ids" "added objects get ids from the server that have spaces, slashes and accents";
    IdsGivenWhenOdd "ids-given-when-odd" "an added object keeps an id of plain characters and gets another one from the server otherwise";
    IdsCut "ids-cut" "an added object keeps the first forty characters of its id, with a number behind";
    UpperGivenIds "upper-given-ids" "an added object gets its id in upper case, with a number behind where that is taken";
    PrefixedIds "prefixed-ids" "an added object gets its id behind a prefix, with a number behind where that is taken";
    FirstModifyWins "first-modify-wins" "of several changes of one object in modify only the first is made";
    AddModifyRemove "add-modify-remove" "the lists apply in the order add, modify, remove";
    ModifyAddRemove "modify-add-remove" "the lists apply in the order modify, add, remove";
    AddRemoveModify "add-remove-modify" "the lists apply in the order add, remove, modify";
    ModifyRemoveAdd "modify-remove-add" "the lists apply in the order modify, remove, add";
    RemoveAddModify "remove-add-modify" "the lists apply in the order remove, add, modify";
    OverlapRefused "overlap-refused" "one id in two lists is refused";
    DisplayNameDropped "display-name-dropped" "the displayName that an object came with is dropped";
    // Answers.
    RemovedListed "removed-listed" "the ids named in remove are listed in the answer";
    RemovedListedKnown "removed-listed-known" "the ids named in remove are listed in the answer, but for those that did not exist";
    RemovedListedFirst "removed-listed-first" "the ids named in remove are listed before all others";
    ListedReversed "listed-reversed" "ids are listed in the reverse order";
    ListedSorted "listed-sorted" "ids are listed in alphabetical order";
    SubObjectsNullWhenEmpty "sub-objects-null-when-empty" "subObjects is null when nothing was added or modified";
    UrisLeftOut "uris-left-out" "no uri is given anywhere";
    LicenseWarnings "license-warnings" "listed objects have licenseProblems of the types 1, 2 and 3";
    LicenseProblemsEmpty "license-problems-empty" "listed objects have empty licenseProblems";
    UrisAbsolute "uris-absolute" "listed uris are absolute URLs";
    UrisEmpty "uris-empty" "listed uris are empty references";
    UrisLong "uris-long" "listed uris have a query of four thousand characters";
    UrisRelative "uris-relative" "listed uris are relative to the workgroup";
    FirstErrorOnly "first-error-only" "only the first validation error is listed";
    ErrorsReversed "errors-reversed" "validation errors are listed in the reverse order";
    ErrorsDoubled "errors-doubled" "every validation error is listed twice";
    LateErrorTypes "late-error-types" "validation errors other than of folders are of type 46";
    ListErrorBeside "list-error-beside" "a validation error for the list stands behind those of its objects";
    LicenseErrorsBeside "license-errors-beside" "license errors stand beside the validation errors";
    LicenseErrorsEmpty "license-errors-empty" "an empty list of license errors stands beside the validation errors";
    PathsDotted "paths-dotted" "a propertyName is a path with dots";
    PathsPointer "paths-pointer" "a propertyName is a JSON pointer";
    PathsDollar "paths-dollar" "a propertyName is a JSON path";
    PathsPascal "paths-pascal" "the parts of a propertyName start with capitals";
    PathsQuoted "paths-quoted" "the parts of a propertyName stand in brackets, and in quotes";
    PathsBare "paths-bare" "a propertyName is the property's name alone";
    PathsQualified "paths-qualified" "a propertyName starts with the name of the representation";
    ValuesSpelled "values-spelled" "the propertyValue of a missing value is null in words";
    ErrorIdsEverywhere "error-ids-everywhere" "the errors of 401, 403, 404 and 410 have errorIds of their own";
    LongMessages "long-messages" "messages have thirty thousand characters";
    EchoingMessages "echoing-messages" "messages have line ends and talk of what stands at which place";
    JacksonMessages "jackson-messages" "the messages about malformed bodies are those of Jackson";
    NewtonsoftMessages "newtonsoft-messages" "the messages about malformed bodies are those of Json.NET";
    NodeMessages "node-messages" "the messages about malformed bodies are those of JSON.parse";
    PythonMessages "python-messages" "the messages about malformed bodies are those of Python";
    OtherErrorTypes "other-error-types" "validation errors other than of folders have less fitting types";
    ForeignLanguage "foreign-language" "messages are not in English";
    ExtraProperties "extra-properties" "answers have a numeric errorCode, a __type and other properties beside the documented ones";
    MalformedWithPlainUrn "malformed-with-plain-urn" "plain errors name their __type";
    FailureWithoutId "failure-without-id" "a 500 has no errorId";
    Chunked "chunked" "answers have no Content-Length";
    PlainLabel "plain-label" "answers are labelled application/json";
    LabelUpperCharset "label-upper-charset" "answers are labelled application/json;charset=UTF-8";
    LabelQuotedCharset "label-quoted-charset" "answers are labelled with another case, a parameter and a quoted charset";
    PrettyJson "pretty-json" "the JSON of answers is indented and ends with a line end";
    AsciiJson "ascii-json" "the JSON of answers is ASCII, with slashes escaped";
    ProxyHeaders "proxy-headers" "answers have the headers and cookies of a gateway";
    ClosesConnections "closes-connections" "the connection is closed after each answer";
    ClosesAfterErrors "closes-after-errors" "the connection is closed after an error";
    AnswersEarly "answers-early" "a request that is not let in is answered before its body is read";
    ClosesIdle "closes-idle" "a connection is closed when it has been idle for thirty milliseconds";
    ClosesNowAndThen "closes-now-and-then" "the connection is closed after every tenth answer";
    Version7 "version-7" "the feature configuration is announced with version 7";
    Version1 "version-1" "the feature configuration is announced with version 1";
    Version12 "version-12" "the feature configuration is announced with version 12, among many others";
    VersionFractional "version-fractional" "the feature configuration is announced with a version that is written with a fraction";
    FeatureUnnamed "feature-unnamed" "the feature configuration is not announced";
    Hesitates "hesitates" "answers take five milliseconds";
    Jitters "jitters" "answers take up to ten milliseconds, some more than others";
    // The read-back.
    NullsWritten "nulls-written" "the read-back writes null properties out";
    EmptyListNull "empty-list-null" "the read-back of an empty workgroup has null for a list";
    EmptyListAbsent "empty-list-absent" "the read-back of an empty workgroup has no list";
    ReadBackFractional "read-back-fractional" "the read-back writes a mailboxType with a fraction, as in 1.0";
    ReadBackReversed "read-back-reversed" "the read-back is in the reverse order of ids";
    ReadBackShuffled "read-back-shuffled" "the read-back's order changes from call to call";
    Chunked411 "chunked-411" "a body without a Content-Length is answered 411";
    Expect417 "expect-417" "a request with Expect: 100-continue is answered 417";
    OtherAccept406 "other-accept-406" "an Accept that holds no documented media type is answered 406";
    LongTextRefused "long-text-refused" "text of more than 255 bytes is refused with a validation error of type 6";
    ReadBackRich "read-back-rich" "the read-back has properties beside the documented ones";
    ReadBackNamed "read-back-named" "the read-back has a displayName for every object";
    RestrictedReadsNothing "restricted-reads-nothing" "a user without the right to modify cannot read workgroups either";
    // Whole characters, each made of several of the above.
    JavaLike "java-like" "a server in the style of Java: strict, with the messages of Jackson";
    DotNetLike "dot-net-like" "a server in the style of .NET: GUIDs, absolute uris, names in capitals, errorCodes";
    NodeLike "node-like" "a server in the style of Node.js: quick to refuse as malformed, ids of its own";
    PhpLike "php-like" "a server in the style of PHP: converts scalars, writes ASCII with escaped slashes";
    GatewayLike "gateway-like" "a server behind a gateway: chunked answers, more headers, connections that close";
    AbruptLike "abrupt-like" "a server that refuses whatever it may, as malformed";
    DatabaseLike "database-like" "a server close to its database: case ignored, numbers for ids, everything required";
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
