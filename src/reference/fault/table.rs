//! The faults themselves, one row each: switch, name, the level where it is less
//! than that of its rules, rules, sentence.

use super::FaultRow;
use crate::contract::Level;
use crate::contract::rules::*;

macro_rules! faults {
    ($($fault:ident $name:literal $(as $less:ident)? [$($rule:ident)*] $says:literal;)*) => {
        /// Something that a server can do wrong; [`FAULTS`] has the rows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $(#[doc = $says] $fault,)*
        }

        /// Every fault, in the order of the contract's rules.
        pub const FAULTS: &[FaultRow] = &[$(FaultRow {
            fault: Fault::$fault,
            name: $name,
            says: $says,
            rules: &[$($rule),*],
            less: faults!(@less $($less)?),
        }),*];
    };
    (@less) => { None };
    (@less $less:ident) => { Some(Level::$less) };
}

with_finer_faults! { faults! {
    // Sessions that live.
    LongBody401 "long-body-401" [SES_1] "a live session's update of more than 16 KiB is answered 401";
    Removal403 "removal-403" [SES_1] "an update that removes is answered 403 although the user has the right";
    TiredSession "tired-session" [SES_1] "a session's updates are answered 401 after the first fifty";
    ForeignEndEndsAll "foreign-end-ends-all" [SES_1] "the end of any session ends all";
    ForeignLoginEndsAll "foreign-login-ends-all" [SES_1] "a login of any user ends all other sessions";
    ExpiryEndsAll "expiry-ends-all" [SES_1] "when a session expires, all others of its user do";
    // The token.
    MissingTokenAccepted "missing-token-accepted" [SES_2 SES_13] "an update without a CSRF token is accepted";
    MissingToken403 "missing-token-403" [SES_2] "a missing CSRF token is answered 403";
    MissingToken400 "missing-token-400" [SES_2] "a missing CSRF token is answered 400";
    AnyTokenAccepted "any-token-accepted" [SES_3 SES_8 SES_13] "any CSRF token is accepted, as long as there is one";
    EmptyTokenAccepted "empty-token-accepted" [SES_3 SES_13] "an empty CSRF token is accepted";
    TokenPrefixAccepted "token-prefix-accepted" [SES_3 SES_13] "the beginning of the CSRF token is accepted for the whole";
    TokenCaseIgnored "token-case-ignored" [SES_3 SES_13] "the CSRF token is compared without regard to case";
    TokenLengthOnly "token-length-only" [SES_3 SES_8 SES_13] "of the CSRF token only the length is compared";
    TokenEndsOnly "token-ends-only" [SES_3 SES_13] "of the CSRF token only the first and the last eight characters are compared";
    WrongToken403 "wrong-token-403" [SES_3 SES_8] "a wrong CSRF token is answered 403";
    ForeignTokenAccepted "foreign-token-accepted" as Should [SES_8 SES_13] "the CSRF token of any live session is accepted";
    // Sessions that are over.
    EndedAccepted "ended-accepted" [SES_4 SES_13] "a session that its client ended is still accepted";
    ExpiredAccepted "expired-accepted" [SES_4 SES_13] "a session that has expired is still accepted";
    Expired403 "expired-403" [SES_4] "a session that has expired is answered 403";
    Ended500 "ended-500" [SES_4 ISE_1] "a session that its client ended is answered 500";
    // The cookie.
    MissingCookieAccepted "missing-cookie-accepted" [SES_5 SES_13] "an update without the session cookie is accepted";
    MissingCookie403 "missing-cookie-403" [SES_5] "a missing session cookie is answered 403";
    MissingCookie500 "missing-cookie-500" [SES_5 ISE_1] "a missing session cookie is answered 500";
    AnyCookieAccepted "any-cookie-accepted" [SES_6 SES_9 SES_13] "any value of the session cookie is accepted";
    CookieCaseIgnored "cookie-case-ignored" [SES_6 SES_13] "the session cookie is compared without regard to case";
    CookiePrefixAccepted "cookie-prefix-accepted" [SES_6 SES_13] "the beginning of the session cookie's value is accepted for the whole";
    ForeignCookieAccepted "foreign-cookie-accepted" as Should [SES_9 SES_13] "the cookie value of any live session is accepted";
    FirstCookieOnly "first-cookie-only" [SES_11] "only the first cookie of a request is looked at";
    // The session id.
    PathSessionIgnored "path-session-ignored" [SES_7 SES_13] "the session is found by its CSRF token, whatever id the path has";
    SessionIdLenient "session-id-lenient" [SES_7 SES_13] "only the digits of the path's session id count";
    UnknownSession500 "unknown-session-500" [SES_7 ISE_1] "an unknown session id is answered 500";
    // The challenge of a 401, and what an unauthenticated answer tells.
    ChallengeMissing "challenge-missing" [SES_10] "a 401 has no WWW-Authenticate";
    ChallengeMissingSometimes "challenge-missing-sometimes" [SES_10] "a 401 for a wrong cookie or token has no WWW-Authenticate";
    ChallengeBasic "challenge-basic" [SES_10] "the challenge's scheme is Basic";
    ChallengeWithoutRealm "challenge-without-realm" [SES_10] "the challenge has no realm";
    ChallengeOtherRealm "challenge-other-realm" [SES_10] "the challenge's realm is another one";
    ChallengeWithoutLocation "challenge-without-location" [SES_10] "the challenge has no location";
    ChallengeEmptyLocation "challenge-empty-location" [SES_10] "the challenge's location is empty";
    Unauthenticated302 "unauthenticated-302" [SES_2 SES_3 SES_4 SES_5 SES_6 SES_7 SES_8 SES_9 ERR_10] "an unauthenticated request is sent to a login page by a 302";
    WorkgroupBeforeSession "workgroup-before-session" as Should [SES_2 SES_3 SES_4 SES_5 SES_6 SES_8 SES_9 SES_12] "an unauthenticated request for an absent workgroup is answered 404";
    BodyBeforeSession "body-before-session" as Should [SES_2 SES_3 SES_4 SES_7 SES_8 SES_12] "an unauthenticated request with a malformed body is answered 400";
    RefusedTokenApplied "refused-token-applied" [SES_13] "an update without the right CSRF token is answered 401, but applied";
    RefusedCookieApplied "refused-cookie-applied" [SES_13] "an update without the right cookie is answered 401, but applied";
    // Rights.
    RightsUnchecked "rights-unchecked" [ACC_1] "a user without the right to modify may modify";
    RightsForAddOnly "rights-for-add-only" [ACC_1] "a user without the right to modify may modify and remove, but not add";
    Rights401 "rights-401" [ACC_1] "a missing right is answered 401";
    Rights404 "rights-404" [ACC_1] "a missing right is answered 404";
    Rights500 "rights-500" [ACC_1 ISE_1] "a missing right is answered 500";
    ForbiddenApplied "forbidden-applied" [ACC_2] "an update answered 403 is applied";
    ForbiddenRemoves "forbidden-removes" [ACC_2] "an update answered 403 removes what it names in remove";
    // Workgroups.
    AbsentWorkgroup200 "absent-workgroup-200" [WG_1] "an update of an absent workgroup is answered 200";
    AbsentWorkgroup400 "absent-workgroup-400" [WG_1] "an absent workgroup is answered 400";
    AbsentWorkgroup403 "absent-workgroup-403" [WG_1 SES_1] "an absent workgroup is answered 403";
    AbsentWorkgroup500 "absent-workgroup-500" [WG_1 ISE_1] "an absent workgroup is answered 500";
    AbsentWorkgroup410 "absent-workgroup-410" [WG_1 GONE_2] "an absent workgroup is answered 410";
    AbsentWorkgroupCreated "absent-workgroup-created" [WG_1] "an update of an absent workgroup creates it";
    OddWorkgroup400 "odd-workgroup-400" [WG_1] "an absent workgroup whose id is not ASCII is answered 400";
    LongWorkgroup414 "long-workgroup-414" [WG_1 REP_16 ERR_10] "a workgroup id of more than a hundred characters is answered 414";
    WorkgroupTrimmed "workgroup-trimmed" [WG_1] "white space around a workgroup's id does not count";
    WorkgroupPrefix "workgroup-prefix" [WG_1] "a workgroup is found by the beginning of its id followed by anything";
    PlusIsSpace "plus-is-space" [WG_1] "a plus sign in a workgroup's id stands for a space";
    PathNotDecoded "path-not-decoded" [REP_1] "the workgroup's id is not percent-decoded";
    PathDecodedTwice "path-decoded-twice" [WG_1] "the workgroup's id is percent-decoded twice";
    NeighbourWritten "neighbour-written" [WG_2] "an update is applied to the next workgroup as well";
    RemovesEverywhere "removes-everywhere" [WG_2] "an id is removed from every workgroup";
    // Bodies that are no JSON.
    EmptyBodyAccepted "empty-body-accepted" [REP_2] "an empty body is taken for an empty update";
    TrailingTextAccepted "trailing-text-accepted" [REP_2] "text behind the JSON is ignored";
    CommentsAccepted "comments-accepted" [REP_2] "comments are accepted in JSON";
    SingleQuotesAccepted "single-quotes-accepted" [REP_2] "single quotes are accepted in JSON";
    TrailingCommasAccepted "trailing-commas-accepted" [REP_2] "commas before a closing bracket are accepted in JSON";
    NanAccepted "nan-accepted" [REP_2 REP_4] "NaN is accepted in JSON, as 0";
    InvalidUtf8Accepted "invalid-utf8-accepted" [REP_2] "bytes that are no UTF-8 are replaced";
    TruncatedMended "truncated-mended" [REP_2] "brackets that a truncated body leaves open are closed";
    MalformedAsInvalid "malformed-as-invalid" [REP_2 REP_3] "malformed JSON is answered with a configurationError";
    Malformed500 "malformed-500" [REP_2 ISE_1] "malformed JSON is answered 500";
    Malformed422 "malformed-422" [REP_2 ERR_10] "malformed JSON is answered 422";
    MalformedDrops "malformed-drops" [REP_2 ISE_1] "malformed JSON breaks the connection off";
    TruncatedDrops "truncated-drops" [REP_2 ISE_1] "JSON that ends too early breaks the connection off";
    ArrayAccepted "array-accepted" [REP_3] "a JSON array is taken for an empty update";
    ArrayUnwrapped "array-unwrapped" [REP_3] "of a JSON array the first object is taken for the update";
    NullBodyAccepted "null-body-accepted" [REP_3] "a body that is null is taken for an empty update";
    Scalar500 "scalar-500" [REP_3 ISE_1] "a JSON scalar is answered 500";
    // Values of another type.
    WrongType500 "wrong-type-500" [REP_4 ISE_1] "a value of another JSON type is answered 500";
    EmailStringified "email-stringified" [REP_4] "an emailAddress of any JSON type is taken as its text";
    MonikerStringified "moniker-stringified" [REP_4] "a mailboxMoniker of any JSON type is taken as its text";
    IdStringified "id-stringified" [REP_4] "an id of any JSON type is taken as its text";
    FolderIgnored "folder-ignored" [REP_4] "an inboundFolder that is no string is ignored";
    EncryptedIgnored "encrypted-ignored" [REP_4] "a canReceiveEncryptedEmail that is no boolean is ignored";
    EncryptedTruthy "encrypted-truthy" [REP_4] "a list or an object as canReceiveEncryptedEmail is taken for true";
    TypeIgnored "type-ignored" [REP_4] "a mailboxType that is no number is ignored";
    ConfigurationIdIgnored "configuration-id-ignored" [REP_4] "a configurationId of an added object that is no object is ignored";
    ConfigurationIdText "configuration-id-text" [REP_4] "a string as configurationId is taken for the id";
    ObjectForList "object-for-list" [REP_4] "an object for a list is taken as a list of one";
    TextForList "text-for-list" [REP_4] "a string for a list is taken as a list of one";
    ListIgnored "list-ignored" [REP_4] "a scalar where a list belongs is ignored";
    OddElementsSkipped "odd-elements-skipped" [REP_4] "list elements of another JSON type are skipped";
    UriUnchecked "uri-unchecked" as Should [REP_4] "a uri of any JSON type is accepted";
    DisplayNameUnchecked "display-name-unchecked" as Should [REP_4] "a displayName of any JSON type is accepted";
    // Nulls.
    NullEmailAccepted "null-email-accepted" [REP_5] "a null emailAddress is taken for an empty one";
    NullEmailKept "null-email-kept" [REP_5] "a null emailAddress in modify leaves the address as it is";
    NullMonikerKept "null-moniker-kept" [REP_5] "a null mailboxMoniker in modify leaves the moniker as it is";
    NullTypeAccepted "null-type-accepted" [REP_5] "a null mailboxType is ignored";
    NullIdAccepted "null-id-accepted" [REP_9] "a null id in a configurationId of an added object is accepted";
    NullConfigurationIdAccepted "null-configuration-id-accepted" as Should [REP_5] "a null configurationId of an added object is accepted";
    NullUriAccepted "null-uri-accepted" as Should [REP_5] "a null uri is accepted";
    NullObjectsSkipped "null-objects-skipped" [REP_5] "nulls in add and modify are skipped";
    NullIdsSkipped "null-ids-skipped" [REP_5] "nulls in remove are skipped";
    NullListsRefused "null-lists-refused" [REP_6 REP_11] "null for add or modify is refused";
    NullRemoveRefused "null-remove-refused" [REP_6 REP_11] "null for remove is refused";
    NullFolderRefused "null-folder-refused" [REP_6 FLD_3] "a null inboundFolder is refused";
    NullEncryptedRefused "null-encrypted-refused" [REP_6 FLD_5] "a null canReceiveEncryptedEmail is refused";
    NullDisplayNameRefused "null-display-name-refused" [REP_6] "a null displayName is refused";
    // What is required, and numbers outside their table.
    MissingEmailAccepted "missing-email-accepted" [REP_7] "an added object needs no emailAddress";
    MissingMonikerAccepted "missing-moniker-accepted" [REP_7] "an added object needs no mailboxMoniker";
    FirstAddedOnly "first-added-only" [REP_7] "only the first added object needs its required properties";
    IdlessAccepted "idless-accepted" [REP_9] "a configurationId of an added object needs no id";
    NamelessModifySkipped "nameless-modify-skipped" [REP_9] "a modified object without configurationId is skipped";
    Type3Accepted "type-3-accepted" [REP_10] "mailboxType 3 is accepted";
    NegativeTypeAccepted "negative-type-accepted" [REP_10] "mailboxType -1 is taken for 0";
    TypeTruncated "type-truncated" [REP_10] "a mailboxType with a fraction is truncated";
    TypeWraps "type-wraps" [REP_10] "of a mailboxType only the lowest eight bits count";
    OddTypeIsDefault "odd-type-is-default" [REP_10] "a mailboxType outside its table is ignored";
    // Documented requests that are refused.
    EmptyUpdateRefused "empty-update-refused" [REP_11] "an update without lists is refused";
    EmptyListsRefused "empty-lists-refused" [REP_11] "an update whose lists are all empty is refused";
    EmptyUpdate204 "empty-update-204" [REP_11 OK_1] "an update with nothing to do is answered 204";
    EmptyUpdateClears "empty-update-clears" [REP_11 EFF_2] "an update with nothing to do removes everything";
    PlainMediaType415 "plain-media-type-415" [REP_13] "application/json is answered 415";
    VendorMediaType415 "vendor-media-type-415" [REP_13] "the vendor's media type is answered 415";
    Charset415 "charset-415" [REP_13] "a media type with charset=utf-8 is answered 415";
    MediaTypeCase "media-type-case" [REP_13] "a media type is compared with regard to case";
    LongRemoveRefused "long-remove-refused" [REP_15] "more than a hundred ids in remove are refused";
    LongBody413 "long-body-413" as Should [REP_15 REP_16 REP_1 ERR_10] "a body of more than 64 KiB is answered 413";
    TypeUrnRefused "type-urn-refused" [REP_17] "a __type of the update is refused";
    NestedTypeUrnRefused "nested-type-urn-refused" [REP_17] "a __type of a mailbox or a configurationId is refused";
    TwoListsRefused "two-lists-refused" [REP_1] "an update that both adds and removes is refused";
    ManyAddsRefused "many-adds-refused" [REP_1] "more than twenty added objects are refused";
    EscapesRefused "escapes-refused" [REP_1] "a body with a backslash in it is refused as malformed";
    PaddingRefused "padding-refused" [REP_1] "white space before the JSON is refused as malformed";
    NonAscii400 "non-ascii-400" [REP_1 FLD_3 FLD_10] "a body that is not ASCII is refused";
    // Folders.
    OutboundFolderAdded "outbound-folder-added" [FLD_1 FLD_7] "an outbound mailbox may be added with a folder";
    OutboundFolderModified "outbound-folder-modified" [FLD_1 FLD_7] "an outbound mailbox may be modified to have a folder";
    OutboundFolderDropped "outbound-folder-dropped" [FLD_1] "the folder of an outbound mailbox is dropped without an error";
    StoredTypeForgotten "stored-type-forgotten" [FLD_1 FLD_7] "a modify that gives a folder without mailboxType does not look at the stored type";
    UnknownFolderAdded "unknown-folder-added" [FLD_2 FLD_7] "a mailbox may be added with a folder that it lacks";
    UnknownFolderModified "unknown-folder-modified" [FLD_2 FLD_4 FLD_7] "a mailbox may be modified to have a folder that it lacks";
    FolderOfAnyMailbox "folder-of-any-mailbox" [FLD_2 FLD_4 FLD_7] "a folder that any mailbox has will do";
    FolderPrefixAccepted "folder-prefix-accepted" [FLD_2 FLD_7] "a folder that begins with the name of one that exists will do";
    BothWaysUnchecked "both-ways-unchecked" [FLD_2 FLD_4 FLD_7] "the folder of a mailbox of type 2 is not looked at";
    OldMonikerChecked "old-moniker-checked" [REP_1 FLD_2 FLD_7] "a modify's folder is looked for in the mailbox that was stored";
    FirstFolderOnly "first-folder-only" [FLD_1 FLD_2 FLD_4 FLD_7] "only the first object of a list has its folder looked at";
    FolderlessRefused "folderless-refused" [FLD_3] "an inbound mailbox without a folder is refused";
    BothWaysRefused "both-ways-refused" [FLD_3] "a mailbox of type 2 may have no folder";
    SlashInFolderRefused "slash-in-folder-refused" [FLD_3] "an object is not added with a folder that has a slash in its name";
    MonikerChangeUnchecked "moniker-change-unchecked" [FLD_4 FLD_7] "a change of moniker does not look at the current folder";
    MonikerChangeClears "moniker-change-clears" [FLD_4] "a change of moniker clears a folder that the new mailbox lacks";
    FolderlessMailboxUnchecked "folderless-mailbox-unchecked" [FLD_2 FLD_4 FLD_7] "a mailbox without any folders accepts every folder";
    FolderErrorType9 "folder-error-type-9" [FLD_1 FLD_2 FLD_4] "a folder that does not fit is a validation error of type 9";
    FolderErrorPlain "folder-error-plain" [FLD_1 FLD_2 FLD_4] "a folder that does not fit is answered as malformed";
    FolderErrorNamesMoniker "folder-error-names-moniker" [FLD_8] "a validation error of type 32 names mailboxMoniker";
    FolderErrorEmptyValue "folder-error-empty-value" [FLD_4 FLD_8] "a validation error of type 32 has an empty propertyValue";
    FolderErrorMonikerValue "folder-error-moniker-value" [FLD_4 FLD_8] "a validation error of type 32 has the moniker as its propertyValue";
    TypeChangeKeepsFolder "type-change-keeps-folder" [FLD_7] "a change of mailboxType to outbound keeps the folder";
    // canReceiveEncryptedEmail.
    NullEncryptedIsTrue "null-encrypted-is-true" [FLD_5] "a null canReceiveEncryptedEmail is stored as true";
    NullEncryptedIsNull "null-encrypted-is-null" [FLD_5] "a null canReceiveEncryptedEmail is stored as null";
    NullEncryptedKeeps "null-encrypted-keeps" [FLD_5] "a null canReceiveEncryptedEmail in modify leaves it as it is";
    AbsentEncryptedIsTrue "absent-encrypted-is-true" [FLD_6] "an added object without canReceiveEncryptedEmail is stored with true";
    AbsentEncryptedIsNull "absent-encrypted-is-null" [FLD_6] "an added object without canReceiveEncryptedEmail is stored with null";
    EncryptedAlwaysFalse "encrypted-always-false" [EFF_1] "canReceiveEncryptedEmail is always stored as false";
    // Text that does not come back.
    TextCut "text-cut" as Should [FLD_10 EFF_1] "text is cut after 255 characters";
    TextTrimmed "text-trimmed" as Should [FLD_10 EFF_1] "white space around text is lost";
    EmailLowerCased "email-lower-cased" as Should [FLD_10 EFF_1] "an emailAddress is stored in lower case";
    TextComposed "text-composed" as Should [FLD_10 EFF_1] "letters and combining accents are composed";
    AstralLost "astral-lost" as Should [FLD_10 EFF_1] "characters beyond the basic plane are replaced";
    NulEndsText "nul-ends-text" as Should [FLD_10 EFF_1] "text ends at a NUL character";
    LineEndsChanged "line-ends-changed" as Should [FLD_10 EFF_1] "CR LF is stored as LF";
    // Effects.
    AddNotStored "add-not-stored" [EFF_1] "an added object is listed but not stored";
    SecondAddNotStored "second-add-not-stored" [EFF_1] "of several added objects the second is not stored";
    AddLosesFolder "add-loses-folder" [EFF_1] "an added object is stored without its folder";
    Type2Becomes0 "type-2-becomes-0" [EFF_1] "mailboxType 2 is stored as 0";
    ModifyDoesNothing "modify-does-nothing" [EFF_1] "a modified object is listed but stays as it was";
    SecondModifyLost "second-modify-lost" [EFF_1] "of several modified objects the second stays as it was";
    ModifySkipsEmail "modify-skips-email" [EFF_1] "modify does not change the emailAddress";
    ModifySkipsNullFolder "modify-skips-null-folder" [EFF_1] "a null inboundFolder in modify leaves the folder as it is";
    RemoveDoesNothing "remove-does-nothing" [EFF_1] "remove removes nothing";
    LastRemoveForgotten "last-remove-forgotten" [EFF_1] "of several ids in remove the last is not removed";
    ModifyResetsEncrypted "modify-resets-encrypted" [EFF_2] "modify sets a canReceiveEncryptedEmail that it leaves out to false";
    ModifyResetsFolder "modify-resets-folder" [EFF_2] "modify clears an inboundFolder that it leaves out";
    ModifyResetsType "modify-resets-type" [EFF_2] "modify sets a mailboxType that it leaves out to 0";
    ModifyTouchesTwins "modify-touches-twins" [EFF_2] "modify gives the new emailAddress to all objects that had the old one's moniker";
    RemoveByPrefix "remove-by-prefix" [EFF_2] "remove removes every id that begins with the one given";
    RemoveRemovesAll "remove-removes-all" [EFF_2] "remove removes every object of the workgroup";
    AddReplacesAll "add-replaces-all" [EFF_2] "add replaces everything that the workgroup holds";
    PartialAdd "partial-add" [EFF_3] "of an update with validation errors the objects without errors are applied";
    PartialRemove "partial-remove" [EFF_3] "an update with validation errors removes what it names in remove";
    UnknownModifyCreates "unknown-modify-creates" [EFF_4] "modify of an unknown id creates the object";
    UnknownModifyAccepted "unknown-modify-accepted" [EFF_4] "modify of an unknown id is ignored";
    UnknownModify404 "unknown-modify-404" [EFF_4] "modify of an unknown id is answered 404";
    UnknownModifyPlain "unknown-modify-plain" [EFF_4] "modify of an unknown id is answered as malformed";
    TakenIdOverwrites "taken-id-overwrites" [EFF_6] "add with an id already taken overwrites the object";
    TakenIdDuplicates "taken-id-duplicates" [EFF_6 EFF_8] "add with an id already taken stores a second object of that id";
    TakenIdIgnored "taken-id-ignored" [EFF_6] "an added object with an id already taken is ignored";
    TakenId409 "taken-id-409" [EFF_6 ERR_10] "add with an id already taken is answered 409";
    TwinsInAddAccepted "twins-in-add-accepted" [EFF_6] "of two added objects with one id the last wins";
    SameModifyRefused "same-modify-refused" [EFF_9] "a modify that changes nothing is refused";
    SameModifyUnlisted "same-modify-unlisted" [OK_3] "an object that a modify leaves as it was is not listed";
    LostUpdate "lost-update" [EFF_10] "an update reads, waits and writes back the whole workgroup";
    // Success.
    Success201 "success-201" [OK_1] "success is 201";
    Success202 "success-202" [OK_1] "success is 202";
    Success204 "success-204" [OK_1] "success is 204 without a body";
    Removal204 "removal-204" [OK_1] "an update that only removes is answered 204";
    SuccessIsList "success-is-list" [OK_1 OK_2] "success is answered with a bare list";
    SuccessIsEmpty "success-is-empty" [OK_1 ERR_11] "success is answered 200 without a body";
    SubObjectsMissing "sub-objects-missing" [OK_2] "a success has no subObjects";
    SubObjectsMissingWhenEmpty "sub-objects-missing-when-empty" [OK_2] "a success with nothing to list has no subObjects";
    SubObjectsNull "sub-objects-null" [OK_2] "subObjects is null although objects were added or modified";
    AddedUnlisted "added-unlisted" [OK_3] "added objects are not listed";
    ModifiedUnlisted "modified-unlisted" [OK_3] "modified objects are not listed when others were added";
    LastUnlisted "last-unlisted" [OK_3] "of several objects the last is not listed";
    ListedTwice "listed-twice" [OK_3] "every object is listed twice";
    StrangerListed "stranger-listed" [OK_3] "an id that nobody named is listed";
    AllListed "all-listed" [OK_3] "every object of the workgroup is listed";
    IdIsNumber "id-is-number" [OK_4] "a listed id is a number";
    IdIsNull "id-is-null" [OK_4] "a listed id is null";
    IdIsObject "id-is-object" [OK_4] "a listed id is a configurationId";
    UriIsNull "uri-is-null" [OK_4] "a listed uri is null";
    UriIsInvalid "uri-is-invalid" [OK_4] "a listed uri is no URI reference";
    LicenseSetOk "license-set-ok" [OK_5] "a success has a licenseProblem of type 0";
    LicenseUnknownType "license-unknown-type" [OK_5] "a success has a licenseProblem of type 7";
    LicenseNameless "license-nameless" [OK_5] "a success has a licenseProblem without its license";
    LicenseIsNull "license-is-null" [OK_5] "licenseProblems is null";
    // The shape of errors.
    MessageMissing "message-missing" [ERR_1] "errors have no message";
    MessageIsNull "message-is-null" [ERR_1] "an error's message is null";
    MessageIsObject "message-is-object" [ERR_1] "an error's message is an object";
    ErrorIsEmpty "error-is-empty" [ERR_1 ERR_11] "errors have no body";
    ErrorIsText "error-is-text" [ERR_1 ERR_11] "errors are plain text";
    ErrorIsList "error-is-list" [ERR_1] "an error is wrapped in a list";
    UnauthorizedIsEmpty "unauthorized-is-empty" [ERR_1 ERR_11] "a 401 has no body";
    NotFoundIsHtml "not-found-is-html" [ERR_1 ERR_11] "a 404 is an HTML page";
    ForbiddenMessageMissing "forbidden-message-missing" [ERR_1] "a 403 has no message";
    MessageIsEmpty "message-is-empty" [ERR_2] "an error's message is empty";
    StackTrace "stack-trace" [ERR_2] "an error's message has a stack trace";
    SourcePosition "source-position" [ERR_2] "the message of a malformed body's error has a source position";
    ErrorIdIsNumber "error-id-is-number" [ERR_3] "an errorId is a number";
    ErrorIdIsNull "error-id-is-null" [ERR_3] "an errorId is null";
    ErrorIdMissing "error-id-missing" [ERR_4] "a 400 has no errorId";
    ErrorIdForeign "error-id-foreign" [ERR_4] "a 400 has an errorId that is not documented";
    InvalidWithoutUrn "invalid-without-urn" [ERR_5] "a configurationError has no __type";
    InvalidWithPlainUrn "invalid-with-plain-urn" [ERR_5] "a configurationError's __type is that of a plain error";
    MalformedWithUrn "malformed-with-urn" [ERR_5] "a malformed body's error has the __type of a configurationError";
    MalformedWithDetails "malformed-with-details" [ERR_5] "a malformed body's error has validationErrors";
    InvalidAsMalformed "invalid-as-malformed" [ERR_5] "a configurationError has the errorId of a malformed body";
    LicenseErrorsNull "license-errors-null" [ERR_5] "licenseErrors is null";
    DetailsMissing "details-missing" [ERR_6] "a configurationError has no validationErrors";
    DetailsEmpty "details-empty" [ERR_6] "a configurationError's validationErrors is empty";
    DetailsNull "details-null" [ERR_5 ERR_6] "a configurationError's validationErrors is null";
    ErrorType8 "error-type-8" [ERR_7] "a missing value is a validation error of type 8";
    ErrorType47 "error-type-47" [ERR_7] "a taken or unknown id is a validation error of type 47";
    ErrorTypeNamed "error-type-named" [ERR_7] "a validationErrorType is a name";
    PropertyNameMissing "property-name-missing" [ERR_7] "a validation error has no propertyName";
    PropertyValueMissing "property-value-missing" [ERR_7] "a validation error has no propertyValue";
    PropertyValueNull "property-value-null" [ERR_7] "an empty propertyValue is written as null";
    PropertyValueObject "property-value-object" [ERR_7] "a propertyValue is an object";
    NewTypeOldServer "new-type-old-server" [ERR_8] "a server of version 7 has validation errors of type 39";
    Type46Version9 "type-46-version-9" [ERR_8] "a server of version 9 has validation errors of type 46";
    LicenseErrorSetOk "license-error-set-ok" [ERR_9] "a configurationError has a licenseError of type 0";
    LicenseErrorNameless "license-error-nameless" [ERR_9] "a configurationError has a licenseError without its license";
    LicenseErrorTypeless "license-error-typeless" [ERR_9] "a configurationError has a licenseError without its type";
    Invalid422 "invalid-422" [ERR_10 REP_5 REP_7 REP_9 REP_10 FLD_1 FLD_2 FLD_4 EFF_4 EFF_6] "validation errors are answered 422";
    LabelHtml "label-html" [ERR_11] "answers are labelled text/html";
    LabelMissing "label-missing" [ERR_11] "answers have no Content-Type";
    LabelLatin1 "label-latin1" [ERR_11] "answers are labelled ISO-8859-1";
    ErrorLabelText "error-label-text" [ERR_11] "errors are labelled text/plain";
    JsonBroken "json-broken" [ERR_11 OK_1 ERR_1] "the JSON of an answer has a comma too many";
    JsonCut "json-cut" [ERR_11 OK_1 ERR_1] "the last byte of an answer's JSON is missing";
    PropertyNameForeign "property-name-foreign" [ERR_12 FLD_8] "a propertyName is that of a database column";
    PropertyNameEmpty "property-name-empty" [ERR_12 FLD_8] "a propertyName is empty";
    // 500 and 410.
    Astral500 "astral-500" [ISE_1 REP_1 FLD_10] "a character beyond the basic plane is answered 500";
    LongText500 "long-text-500" [ISE_1 REP_1 FLD_10] "text of more than 1000 characters is answered 500";
    DeepDrops "deep-drops" [ISE_1 REP_2] "JSON nested more than a hundred deep breaks the connection off";
    RemoveUnknown500 "remove-unknown-500" [ISE_1] "remove of an unknown id is answered 500";
    Remove501 "remove-501" [ISE_1 ERR_10 REP_1] "an update that removes is answered 501";
    Failure503 "failure-503" [ISE_1 ISE_2] "an internal failure is answered 503";
    FailureForeignId "failure-foreign-id" [ISE_2] "a 500 has the errorId of a malformed body";
    FailureAsInvalid "failure-as-invalid" [ISE_2] "a 500 has the __type of a configurationError";
    FailureIsText "failure-is-text" [ISE_2 ERR_1 ERR_11] "a 500 is plain text";
    FailureHalfApplied "failure-half-applied" [ISE_3] "an update answered 500 is half applied";
    FailureKills "failure-kills" [ISE_3] "after a 500 every connection is broken off";
    NeverAnswers "never-answers" [ISE_4] "an update that removes is not answered within a minute";
    Removed404 "removed-404" [GONE_1] "a removed resource is answered 404";
    Removed200 "removed-200" [GONE_1] "a removed resource is updated as if it were there";
    RemovedApplied "removed-applied" [GONE_1] "a removed resource is answered 410 and updated";
    RemovedIsEmpty "removed-is-empty" [GONE_1 ERR_1 ERR_11] "a 410 has no body";
    EmptyWorkgroup410 "empty-workgroup-410" [GONE_2] "an update of a workgroup that holds nothing is answered 410 unless it adds";
}}
