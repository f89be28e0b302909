//! The last of the faults: those that hide in a combination of size, text,
//! state and order.

/// Hands the rows before and these to the macro of `table`.
macro_rules! with_hidden_faults {
    ($table:ident! { $($rows:tt)* }) => { $table! { $($rows)*
    // What stands elsewhere, and what went before.
    TokenFromCookie "token-from-cookie" [SES_2 SES_3 SES_13] "the CSRF token is taken from a cookie that is called like its header";
    TokenFromOtherHeader "token-from-other-header" [SES_2 SES_13] "without its header the CSRF token is taken from X-CSRF-Token";
    TokenFromAuthorization "token-from-authorization" [SES_2 SES_13] "without its header the CSRF token is taken from Authorization";
    SessionIdFromHeader "session-id-from-header" [SES_7 SES_13] "the session is found by the id in a header, where the path's is unknown";
    LookRevivesExpired "look-revives-expired" [SES_4 SES_13] "an expired session is live again once it has read the workgroup";
    LookRevivesEnded "look-revives-ended" [SES_4 SES_13] "an ended session is live again once it has read the workgroup";
    DollarsExpanded "dollars-expanded" as Should [FLD_10 EFF_1] "two dollar signs in a row in text become one";
    // The calls around.
    LoginHeaderOther "login-header-other" [SUP_1] "the header of a login has another session id than its body";
    LoginBodyTokenless "login-body-tokenless" [SUP_1] "the body of a login has no csrfToken, its header has one";
    UnknownUserInvalid "unknown-user-invalid" [SUP_2] "a login of an unknown user is answered with a configurationError";
    EndAnswers302 "end-answers-302" [SUP_3] "the end of a session is answered 302";
    ReadBackFlagText "read-back-flag-text" [SUP_4 EFF_1 EFF_2 FLD_5 FLD_6] "the read-back has canReceiveEncryptedEmail as text";
    ReadBackAnySession "read-back-any-session" [SUP_5] "a read-back of a session that was never issued is answered";
    FeatureIdNumber "feature-id-number" [SUP_6] "the id of the first feature is a number";
    DefaultsEncryptedText "defaults-encrypted-text" [SUP_7] "the defaults of a mailbox say canReceiveEncryptedEmail as text";
    UnknownUser401 "unknown-user-401" [SUP_2] "a login of an unknown user is answered 401";
    EndAnswers404 "end-answers-404" [SUP_3] "the end of a session is answered 404";
    ReadBackTypeText "read-back-type-text" [SUP_4 EFF_1 EFF_2] "the read-back has mailboxType as text";
    ReadBackOpen "read-back-open" [SUP_5] "a read-back needs no cookie";
    FeatureVersionText "feature-version-text" [SUP_6] "the version of the first feature is text";
    DefaultsEncrypted "defaults-encrypted" [SUP_7] "the defaults of a mailbox say that it can receive encrypted email";
    // The form of a request.
    Chunked400 "chunked-400" as Should [REP_18 REP_1] "a chunked body is answered 400";
    Chunked501 "chunked-501" [REP_18 ISE_1] "a chunked body is answered 501";
    Chunked500 "chunked-500" [REP_18 ISE_1] "a chunked body is answered 500";
    Expect400 "expect-400" as Should [REP_18 REP_1] "a request with Expect: 100-continue is answered 400";
    AbsoluteTarget404 "absolute-target-404" as Should [REP_18 REP_1] "a request target in absolute form is answered 404";
    AcceptMissing406 "accept-missing-406" [REP_19] "a request without Accept is answered 406";
    AcceptAny406 "accept-any-406" [REP_19] "Accept: */* is answered 406";
    AcceptPlain406 "accept-plain-406" [REP_19] "Accept: application/json is answered 406";
    AcceptList406 "accept-list-406" [REP_19] "an Accept that lists several is answered 406";
    AcceptParameters406 "accept-parameters-406" [REP_19] "an Accept with parameters is answered 406";
    TokenlessBareVendor "tokenless-bare-vendor" [SES_2 SES_13] "an update labelled with the vendor's media type without a charset needs no token";
    TokenlessChunked "tokenless-chunked" [SES_2 SES_13] "a chunked update needs no token";
    AnyTokenForAnyAccept "any-token-for-any-accept" [SES_3 SES_8 SES_13] "with Accept: */* any CSRF token is accepted";
    CookielessPlainJson "cookieless-plain-json" [SES_5 SES_13] "an update labelled application/json needs no cookie";
    EndedPlainAccept "ended-plain-accept" [SES_4 SES_13] "with Accept: application/json a session that its client ended is still accepted";
    GermanSession400 "german-session-400" [SES_14] "an update of a session that was opened in German is answered 400";
    TurkishSession403 "turkish-session-403" [SES_14] "an update of a session that was opened in Turkish is answered 403";
    ForeignLanguage500 "foreign-language-500" [SES_14 ISE_1] "an update of a session that was opened in another language than English is answered 500";
    ErrorIdsTranslated "error-ids-translated" [SES_14 ERR_4] "in a session that was opened in French a 400 has a translated errorId";
    PathAsWritten404 "path-as-written-404" [REP_1] "a workgroup id with a letter percent-encoded is not found";
    RightsNotForPlainJson "rights-not-for-plain-json" [ACC_1] "an update labelled application/json needs no right";
    RightsNotForExpect "rights-not-for-expect" [ACC_1] "an update with Expect: 100-continue needs no right";
    RightsNotWithoutAccept "rights-not-without-accept" [ACC_1] "an update without Accept needs no right";
    MalformedChunkedIgnored "malformed-chunked-ignored" [REP_2 REP_3 REP_4 REP_5 REP_7 REP_9 REP_10] "a chunked body that cannot be read is taken for an empty one";
    MalformedForListsIgnored "malformed-for-lists-ignored" [REP_2 REP_3 REP_4 REP_5 REP_7 REP_9 REP_10] "with an Accept that lists several, a body that cannot be read is taken for an empty one";
    // Sessions.
    WrongTokenEnds "wrong-token-ends" [SES_1] "a request with a wrong CSRF token ends its session";
    WrongCookieEnds "wrong-cookie-ends" [SES_1] "a request with a wrong cookie value ends its session";
    TokenPaddingIgnored "token-padding-ignored" [SES_3 SES_13] "equal signs at the end of the CSRF token do not count";
    TokenDecoded "token-decoded" [SES_3 SES_13] "CSRF tokens are compared as bytes, by a decoder that skips what is no base64";
    CookieAsGuid "cookie-as-guid" [SES_6 SES_13] "the session cookie's value is compared as a GUID, whose dashes, brackets and case do not count";
    CookieSubstring "cookie-substring" [SES_5 SES_6 SES_13] "a Cookie header that has the session's cookie anywhere inside will do";
    CookiesCutAt8 "cookies-cut-at-8" [SES_11] "of several cookies only the first eight are read";
    CookieHeaderCut1k "cookie-header-cut-1k" [SES_11] "of a Cookie header only the first 1 KiB is read";
    UsersTokenAccepted "users-token-accepted" as Should [SES_8 SES_13] "the CSRF token of another live session of the same user is accepted";
    GuessesLockUser "guesses-lock-user" [SES_1] "the fifth wrong CSRF token of a session ends all sessions of its user";
    TenRefusalsEnd "ten-refusals-end" [SES_1] "ten updates in a row that are answered 400 end their session";
    // Rights.
    ForbiddenEnds "forbidden-ends" [ACC_1] "a session is over after a 403";
    RightsNotForEncrypted "rights-not-for-encrypted" [ACC_1] "an update that only modifies canReceiveEncryptedEmail needs no right";
    RightsNotForUnknown "rights-not-for-unknown" [ACC_1] "an update that only removes ids that do not exist needs no right";
    RightsNotForEmpty "rights-not-for-empty" [ACC_1] "a workgroup that holds nothing may be modified by anyone";
    // Workgroups.
    LongSegment414 "long-segment-414" [WG_1 REP_16 ERR_10] "a workgroup id that has more than 255 bytes percent-encoded is answered 414";
    WorkgroupComposed "workgroup-composed" [WG_1] "workgroup ids are compared after their accents are composed";
    WorkgroupCompatible "workgroup-compatible" [WG_1] "workgroup ids are compared after compatibility normalisation";
    WorkgroupLastDots "workgroup-last-dots" [WG_1] "dots at the end of a workgroup's id do not count";
    WorkgroupLastInvisible "workgroup-last-invisible" [WG_1] "characters without width at the end of a workgroup's id do not count";
    // Bodies.
    Cesu8Accepted "cesu-8-accepted" [REP_2] "a pair of surrogates written in UTF-8 is taken for its character";
    ModifyUrnRefused "modify-urn-refused" [REP_17] "a __type of a modified object is refused";
    NameUrn500 "name-urn-500" [ISE_1] "a __type of a configurationId that is no string is answered 500";
    QuotedCharset415 "quoted-charset-415" [REP_13] "a charset in quotes is answered 415";
    Text10k500 "text-10k-500" [ISE_1 REP_1 FLD_10] "text of more than ten thousand characters is answered 500";
    // Fields.
    FolderAloneUnchecked "folder-alone-unchecked" [FLD_1 FLD_2 FLD_7] "a modify that gives nothing but a folder does not look at it";
    AddFolderBesideModify "add-folder-beside-modify" [FLD_1 FLD_2 FLD_7] "the folders of added objects are not looked at in an update that modifies as well";
    FolderErrorCutBytes "folder-error-cut-bytes" [FLD_8] "a validation error of type 32 has the first 255 bytes of the folder, whole characters or not";
    // Text that does not come back.
    FirstBomDropped "first-bom-dropped" as Should [FLD_10 EFF_1] "a byte order mark at the beginning of text is dropped";
    BackslashesHalved "backslashes-halved" as Should [FLD_10 EFF_1] "two backslashes in a row in text become one";
    TextCut32k "text-cut-32k" as Should [FLD_10 EFF_1] "text is cut after 32767 characters";
    ZeroWidthTrimmed "zero-width-trimmed" as Should [FLD_10 EFF_1] "zero-width spaces around text are lost";
    CaseChangeIgnored "case-change-ignored" as Should [FLD_10 EFF_1] "a change of emailAddress by letter case alone is ignored";
    ComposedChangeIgnored "composed-change-ignored" as Should [FLD_10 EFF_1] "a change of moniker that composing the accents undoes is ignored";
    // Effects.
    SameEmailReplaces "same-email-replaces" [EFF_2] "an added object takes the place of one that has its emailAddress";
    ModifyDerivesMoniker "modify-derives-moniker" [EFF_2] "a modify that gives an emailAddress without mailboxMoniker makes the moniker of it";
    EmailChangeClears "email-change-clears" [EFF_2] "a change of emailAddress clears the folder";
    RemoveNulEnds "remove-nul-ends" [EFF_1 EFF_2] "an id in remove ends at a NUL character";
    RemoveDecoded "remove-decoded" [EFF_1 EFF_2] "ids in remove are percent-decoded";
    RemoveIdComposed "remove-id-composed" [EFF_2] "an id in remove that does not exist removes one that has the same accents composed";
    ModifyIdComposed "modify-id-composed" [EFF_4] "a modify of an id that does not exist changes one that has the same accents composed";
    ThirdModifyLost "third-modify-lost" [EFF_1] "of several modified objects the third stays as it was";
    LastMailboxStays "last-mailbox-stays" [EFF_1] "the last object of a workgroup is not removed";
    ThreeListsForgetRemove "three-lists-forget-remove" [EFF_1] "remove does nothing in an update that adds and modifies as well";
    AnswerCachedASecond "answer-cached-a-second" [EFF_6 EFF_1] "a body that was accepted within the last second is answered the same again without being looked at";
    RemovalsAhead "removals-ahead" [EFF_10] "an update removes at once and writes the rest later, unchecked";
    IdsByCount "ids-by-count" [EFF_8 OK_3] "added objects get ids from the server, by the number of objects that the workgroup holds";
    // Answers.
    AddedUnlistedBesideModify "added-unlisted-beside-modify" [OK_3] "added objects are not listed in an update that modifies as well";
    EleventhModifyTwice "eleventh-modify-twice" [OK_3] "of more than ten modified objects the eleventh is listed twice";
    InvalidMessageEmpty "invalid-message-empty" [ERR_2] "a configurationError's message is empty";
    ForbiddenMessageEmpty "forbidden-message-empty" [ERR_2] "a 403's message is empty";
    }};
}
