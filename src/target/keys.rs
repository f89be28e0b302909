//! What each key of a profile accepts, in words, and which of several words
//! was probably meant.

use super::base_url;
use super::limits::LIMITS;

/// What each key accepts. `[]` stands for any element of a list, `*` for any
/// user or hook.
const KEYS: &[(&str, &str)] = &[
    (
        "name",
        "a name of at most 64 letters, digits, `-`, `_` and `.` that starts with a letter or digit \
         and does not end with `.`",
    ),
    ("base_url", base_url::ACCEPTED),
    (
        "base_url_env",
        "the name of a set environment variable that holds the address",
    ),
    ("tls", "a table of `ca` and `accept_invalid`"),
    (
        "tls.ca",
        "the path of a PEM file with at least one certificate, relative to the profile",
    ),
    ("tls.accept_invalid", BOOLEAN),
    (
        "users",
        "a table of `privileged` and, if there is one, `restricted`",
    ),
    ("users.privileged", USER),
    ("users.restricted", USER),
    ("users.*.user_id", "the user id, a string that is not empty"),
    (
        "users.*.password_env",
        "the name of a set environment variable that holds the password",
    ),
    (
        "users.*.password_file",
        "the path of a file that holds the password, relative to the profile",
    ),
    (
        "workgroups",
        "a table of `scratch` and, if wanted, `absent` and `allow_occupied`",
    ),
    (
        "workgroups.scratch",
        "a list of at least one workgroup id, each once",
    ),
    ("workgroups.scratch[]", WORKGROUP),
    (
        "workgroups.absent",
        "a list of workgroup ids, each once and none of `scratch`",
    ),
    ("workgroups.absent[]", WORKGROUP),
    ("workgroups.allow_occupied", BOOLEAN),
    (
        "mailboxes",
        "at least one `[[mailboxes]]` with a folder, each moniker once",
    ),
    ("mailboxes[]", "a table of `moniker` and `folders`"),
    (
        "mailboxes[].moniker",
        "a moniker of its own, a string that is not empty",
    ),
    ("mailboxes[].folders", "a list of folder names, each once"),
    (
        "mailboxes[].folders[]",
        "a folder name of its own, a string that is not empty",
    ),
    ("offers", "a table of `read_back` and `features`"),
    ("offers.read_back", BOOLEAN),
    ("offers.features", BOOLEAN),
    (
        "hooks",
        "tables `expire_session`, `fail_next`, `remove_resource` and `restore_resource`",
    ),
    ("hooks.*", "a table of either `request` or `command`"),
    (
        "hooks.*.request",
        "a table of `method`, `url` and, if wanted, `json`",
    ),
    (
        "hooks.*.request.method",
        "`GET`, `POST`, `PUT`, `PATCH` or `DELETE`",
    ),
    (
        "hooks.*.request.url",
        "an `http` or `https` URL with the placeholders `{base_url}`, `{session_id}` and \
         `{workgroup_id}`",
    ),
    (
        "hooks.*.request.json",
        "any value of strings, numbers, booleans, lists and tables",
    ),
    (
        "hooks.*.command",
        "a list of strings: the program, which is not empty, and its arguments",
    ),
    ("hooks.*.command[]", "a string"),
    (
        "limits",
        "a table of `concurrency`, `requests_per_second`, `timeout_ms`, `answer_bytes_max` and `outage_ms`",
    ),
    ("waivers", "a list of `[[waivers]]`"),
    ("waivers[]", "a table with at least `rule` and `reason`"),
    (
        "waivers[].rule",
        "a rule id, as `icws-conformance rules` lists them",
    ),
    (
        "waivers[].property",
        "the id of a property, or the start of some and `*`, such as `session/*`",
    ),
    (
        "waivers[].cause",
        "the cause of a finding, as reports name it",
    ),
    ("waivers[].reason", "a reason in words"),
    ("waivers[].owner", "who answers for the waiver"),
    (
        "waivers[].expires",
        "a day of the calendar as `YYYY-MM-DD`, with or without quotes",
    ),
];

const BOOLEAN: &str = "`true` or `false`";
const USER: &str = "a table of `user_id` and either `password_env` or `password_file`";
const WORKGROUP: &str = "a workgroup id: a string that is neither empty nor `.` nor `..`";

/// What the key at `path`, such as `mailboxes[1].moniker`, accepts, or else
/// the nearest one around it.
pub(super) fn accepted(path: &str) -> String {
    let limit = path
        .strip_prefix("limits.")
        .and_then(|key| LIMITS.iter().find(|limit| limit.key == key));
    if let Some(limit) = limit {
        return limit.accepted();
    }
    let row = KEYS.iter().find(|(pattern, _)| matches(pattern, path));
    match (row, path.rsplit_once('.')) {
        (Some((_, words)), _) => (*words).to_owned(),
        (None, Some((around, _))) => accepted(around),
        (None, None) => "the keys of a profile".to_owned(),
    }
}

/// The words of `known` that `typed` is a slip of, nearest first; only one
/// where nothing but case differs.
pub(super) fn near<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    let tolerance = (typed.chars().count() / 3).clamp(1, 4);
    let mut near: Vec<_> = known
        .into_iter()
        .map(|word| {
            let distance = strsim::damerau_levenshtein(&typed, &word.to_lowercase());
            (distance, word)
        })
        .filter(|(distance, _)| *distance <= tolerance)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    if near.first().is_some_and(|(distance, _)| *distance == 0) {
        near.truncate(1);
    }
    near.into_iter().map(|(_, word)| word).collect()
}

/// Several words as a message lists them: each in backticks.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut steps) = (pattern.split('.'), path.split('.'));
    loop {
        match (patterns.next(), steps.next()) {
            (None, None) => return true,
            (Some("*"), Some(step)) if !step.contains('[') => {}
            (Some(pattern), Some(step)) if pattern == without_index(step) => {}
            _ => return false,
        }
    }
}

/// `folders[3]` as `folders[]`.
fn without_index(step: &str) -> String {
    match step.split_once('[') {
        Some((name, _)) => format!("{name}[]"),
        None => step.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_full_path() {
        for (path, start) in [
            ("limits.concurrency", "a whole number from 1 to 256"),
            ("mailboxes[12].folders[3]", "a folder name"),
            ("hooks.fail_next.command[0]", "a string"),
            ("users.restricted.user_id", "the user id"),
            ("users.restricted", "a table of `user_id`"),
        ] {
            assert!(accepted(path).starts_with(start), "{path}");
        }
    }

    #[test]
    fn slips_are_recognised_nearest_first() {
        assert_eq!(
            near("concurency", ["timeout_ms", "concurrency"]),
            ["concurrency"]
        );
        assert_eq!(near("ses-8", ["SES-1", "SES-8"]), ["SES-8"]);
        assert_eq!(near("SES-88", ["SES-1", "SES-8"]), ["SES-8", "SES-1"]);
        assert!(near("colour", ["name", "users"]).is_empty());
    }
}
