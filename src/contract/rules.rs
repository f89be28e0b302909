//! The one table of rules. Every check cites a row of it, every report counts
//! them, and the project's tests fail when a row has no property.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How binding a rule is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The documentation is silent: every listed answer is legal and recorded.
    Open,
    /// Not written down for this endpoint, but follows: a breach is a warning.
    Should,
    /// Documented: a breach is a violation and fails the gate.
    Must,
}

impl Level {
    /// The word used in reports: `must`, `should` or `open`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Where a rule comes from, by falling authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The vendor's page for the endpoint.
    Doc,
    /// The vendor's generated client for the same API.
    Sdk,
    /// What published clients of real servers show on the wire.
    Seen,
    /// RFC 9110 and the ordinary security of a session API.
    Http,
}

impl Source {
    /// The word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Doc => "doc",
            Self::Sdk => "sdk",
            Self::Seen => "seen",
            Self::Http => "http",
        }
    }
}

/// The id of one rule, such as `SES-2`. Only this module makes them, so a
/// rule that is cited exists.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(&'static str);

impl RuleId {
    /// The id as it stands in reports.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The rule's row.
    pub fn rule(self) -> &'static Rule {
        RULES
            .iter()
            .find(|rule| rule.id == self)
            .expect("every id is declared together with its row")
    }

    /// The rule's level.
    pub fn level(self) -> Level {
        self.rule().level
    }

    /// The id of that name, or `None` where no rule has it.
    pub fn parse(text: &str) -> Option<Self> {
        RULES
            .iter()
            .map(|rule| rule.id)
            .find(|id| id.as_str() == text)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The id that checks cite.
    pub id: RuleId,
    /// How binding it is.
    pub level: Level,
    /// One sentence about the server.
    pub says: &'static str,
    /// Where it comes from; empty where the documentation is silent.
    pub sources: &'static [Source],
}

/// Declares each id and its row together, so that neither can exist alone.
macro_rules! rules {
    ($($name:ident $id:literal $level:ident [$($source:ident),*] $says:literal;)*) => {
        $(
            #[doc = concat!("`", $id, "`: ", $says)]
            pub const $name: RuleId = RuleId($id);
        )*

        /// Every rule of the contract, in its order.
        pub const RULES: &[Rule] = &[$(Rule {
            id: $name,
            level: Level::$level,
            says: $says,
            sources: &[$(Source::$source),*],
        }),*];
    };
}

rules! {
    SES_1 "SES-1" Must [Doc] "an update by a live session of a user with rights is never answered 401 or 403";
    SES_2 "SES-2" Must [Doc] "a request without the CSRF header is answered 401";
    SES_3 "SES-3" Must [Doc] "a CSRF token that the server never issued is answered 401";
    SES_4 "SES-4" Must [Doc] "a session that has expired is answered 401, and one that its client ended is not accepted";
    SES_5 "SES-5" Must [Doc, Seen] "a request without the session cookie is answered 401 or 400";
    SES_6 "SES-6" Must [Doc] "a cookie value that the server never issued is answered 401 or 400";
    SES_7 "SES-7" Must [Doc, Seen] "a session id in the path that the server never issued is answered 401, 400 or 404";
    SES_8 "SES-8" Should [Http] "the CSRF token of another session is answered 401";
    SES_9 "SES-9" Should [Http] "the cookie of another session is answered 401 or 400";
    SES_10 "SES-10" Must [Doc] "every 401 carries WWW-Authenticate with the scheme ICWS, realm=\"ICWS\" and a location";
    SES_11 "SES-11" Should [Http] "header names are matched without regard to case, and cookies beside the session's own are ignored";
    SES_12 "SES-12" Should [Http] "the status of an unauthenticated answer does not depend on the workgroup or the body";
    SES_13 "SES-13" Must [Doc, Http] "a request that is not accepted for its session changes nothing";
    SES_14 "SES-14" Should [Sdk, Http] "the language that a session was opened with changes texts for people only";

    ACC_1 "ACC-1" Must [Doc] "a live session of a user without the right to modify is answered 403";
    ACC_2 "ACC-2" Must [Doc] "a request answered 403 changes nothing";
    WG_1 "WG-1" Must [Doc] "a workgroup that does not exist is answered 404, whatever its id looks like";
    WG_2 "WG-2" Must [Doc] "an update of one workgroup changes no other";
    WG_3 "WG-3" Open [] "whether workgroup ids ignore case, and whether a reserved character and its escape are one";

    REP_1 "REP-1" Must [Doc] "a body that conforms is accepted with 200";
    REP_2 "REP-2" Must [Doc] "a body that is not JSON is answered 400 with a plain error";
    REP_3 "REP-3" Must [Doc] "JSON that is not an object is answered 400 with a plain error";
    REP_4 "REP-4" Must [Doc] "a property with a value of another JSON type is answered 400";
    REP_5 "REP-5" Must [Doc, Sdk] "null for a property that is not nullable, or as an element of a list, is answered 400";
    REP_6 "REP-6" Must [Doc, Sdk] "null for a nullable property is accepted";
    REP_7 "REP-7" Must [Doc] "an added object without emailAddress or mailboxMoniker is answered 400";
    REP_8 "REP-8" Open [] "whether a modified object may leave out emailAddress and mailboxMoniker";
    REP_9 "REP-9" Must [Doc] "a configurationId without an id, and a modified object without a configurationId, are answered 400";
    REP_10 "REP-10" Must [Doc] "a mailboxType outside 0, 1 and 2 is answered 400";
    REP_11 "REP-11" Should [Doc] "a body with nothing to do is accepted with 200 and no effect";
    REP_12 "REP-12" Open [] "whether unknown properties, duplicate keys, names in another case and foreign __type values are accepted";
    REP_17 "REP-17" Should [Sdk] "a __type that names the right type is accepted";
    REP_13 "REP-13" Should [Seen] "both application/vnd.inin.icws+JSON and application/json are accepted, with or without charset=utf-8";
    REP_14 "REP-14" Open [] "what any other Content-Type, or none, is answered";
    REP_15 "REP-15" Must [Doc] "a long list of existing ids in remove is accepted";
    REP_16 "REP-16" Should [Http] "no documented request below 1 MiB of body is answered 413, 414 or 431";
    REP_18 "REP-18" Should [Http] "how a request is framed does not matter";
    REP_19 "REP-19" Should [Seen, Http] "Accept left out, */*, and whatever holds one of the two media types is accepted";

    FLD_1 "FLD-1" Must [Doc] "an outbound mailbox with an inboundFolder is answered 400 with a validation error of type 32";
    FLD_2 "FLD-2" Must [Doc] "an inbound mailbox with a folder that its mailbox lacks is answered 400 with a validation error of type 32";
    FLD_3 "FLD-3" Must [Doc] "an inbound mailbox with an existing folder, with null or without inboundFolder is accepted";
    FLD_4 "FLD-4" Must [Doc] "a change of mailboxMoniker to a mailbox that lacks the current folder is answered 400 with type 32 and the folder's name";
    FLD_5 "FLD-5" Must [Doc] "canReceiveEncryptedEmail given as null reads back as false";
    FLD_6 "FLD-6" Should [Doc] "canReceiveEncryptedEmail left out of an added object reads back as false";
    FLD_7 "FLD-7" Must [Doc] "no stored object is outbound with a folder, or inbound with a folder that its mailbox lacks";
    FLD_8 "FLD-8" Should [Doc] "a type-32 error names the property inboundFolder and its value";
    FLD_9 "FLD-9" Open [] "what odd email addresses, unknown monikers, empty strings and a missing mailboxType are answered";
    FLD_10 "FLD-10" Should [Http] "a string that was accepted reads back exactly";
    FLD_11 "FLD-11" Open [] "whether a string of more than 255 bytes is accepted";

    EFF_1 "EFF-1" Must [Doc] "after a 200, every added and modified object reads back as given and no removed one is left";
    EFF_2 "EFF-2" Must [Doc] "after a 200, nothing else has changed";
    EFF_3 "EFF-3" Should [Http] "after any other status than 500 nothing has changed";
    EFF_4 "EFF-4" Should [Doc] "modify of an id that does not exist is answered 400 with a configurationError and never creates";
    EFF_5 "EFF-5" Open [] "what remove of an id that does not exist is answered";
    EFF_6 "EFF-6" Should [Doc] "add with an id already taken, or twice in one list, is answered 400 with a configurationError";
    EFF_7 "EFF-7" Open [] "whether added objects keep their ids, in which order lists apply, and which ids are listed";
    EFF_8 "EFF-8" Must [Doc] "ids are unique within a workgroup";
    EFF_9 "EFF-9" Should [Http] "the same modify sent twice is answered 200 both times and leaves the same state";
    EFF_10 "EFF-10" Should [Http] "concurrent updates of one workgroup look as if they came one after another";

    OK_1 "OK-1" Must [Doc] "success is 200, not another 2xx, with a JSON subObjectSet";
    OK_2 "OK-2" Must [Doc, Sdk] "subObjects is present, and null only when nothing was added or modified";
    OK_3 "OK-3" Must [Doc] "subObjects lists the id of every object added or modified once, and no others but removed ones";
    OK_4 "OK-4" Must [Doc] "each entry's id is a string, and its uri, if present, a URI reference";
    OK_5 "OK-5" Must [Doc] "licenseProblems, if present, is well formed and never says setOK";

    ERR_1 "ERR-1" Must [Doc] "every documented error answer is a JSON object with a string message";
    ERR_2 "ERR-2" Should [Http] "an error's message is not empty and shows no stack trace or source position";
    ERR_3 "ERR-3" Must [Doc] "errorId, if present, is a string";
    ERR_4 "ERR-4" Should [Doc, Seen] "a 400 names one of its two documented error ids";
    ERR_5 "ERR-5" Must [Doc] "the two shapes of a 400 are not mixed";
    ERR_6 "ERR-6" Must [Doc] "a configurationError has at least one validationError or licenseError";
    ERR_7 "ERR-7" Must [Doc] "each validationError is whole and its type is documented";
    ERR_8 "ERR-8" Must [Doc] "validation error types come only from servers whose configuration feature has them";
    ERR_9 "ERR-9" Must [Doc] "each licenseError is whole, its type documented and never setOK";
    ERR_10 "ERR-10" Must [Doc] "a POST with a documented media type is answered with a documented status";
    ERR_11 "ERR-11" Should [Sdk, Http] "JSON answers are labelled as such, in UTF-8, and are valid JSON";
    ERR_12 "ERR-12" Should [Doc] "a configurationError's propertyName names a property of the representation";

    SUP_1 "SUP-1" Should [Sdk, Seen] "a login with the right password is answered 201 with token, id and cookie, the same in body and headers";
    SUP_2 "SUP-2" Should [Sdk, Seen] "a login of an unknown user is answered 400 with a plain error";
    SUP_3 "SUP-3" Should [Sdk] "a live session says connectionState 1, and its end is answered 2xx";
    SUP_4 "SUP-4" Should [Sdk] "the read-back's mailboxes have the documented types, and each an id";
    SUP_5 "SUP-5" Should [Doc, Http] "a read-back without the session's cookie, or of a session never issued, is not answered 200";
    SUP_6 "SUP-6" Should [Sdk] "the features are a list of ids with whole versions";
    SUP_7 "SUP-7" Should [Sdk] "the defaults that are offered are those that an added mailbox gets";

    ISE_1 "ISE-1" Must [Doc] "no request that deserves another answer is answered 5xx or by a dropped connection";
    ISE_2 "ISE-2" Must [Doc] "a 500 has a plain error body with a documented error id, if any";
    ISE_4 "ISE-4" Must [Http] "every request is answered within the profile's time limit";
    ISE_3 "ISE-3" Should [Http] "after a 500 the server still answers, and the update is either whole or absent";
    GONE_1 "GONE-1" Must [Doc] "where the resource is removed, an acceptable request is answered 410 and changes nothing";
    GONE_2 "GONE-2" Must [Doc] "where the resource is not removed, no request is answered 410";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_well_formed() {
        let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        for id in ids {
            let (family, number) = id.as_str().split_once('-').expect("FAMILY-NUMBER");
            assert!(family.chars().all(|c| c.is_ascii_uppercase()), "{id}");
            assert!(number.parse::<u8>().is_ok(), "{id}");
        }
    }

    #[test]
    fn only_open_rules_lack_a_source() {
        for rule in RULES {
            assert_eq!(
                rule.sources.is_empty(),
                rule.level == Level::Open,
                "{}",
                rule.id
            );
        }
    }
}
