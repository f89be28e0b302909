//! A profile for every slip that can be made in one: all of them are the good
//! profile with one piece replaced.

use super::samples::{SECRET, good, read};

/// One slip in the good profile: `typed` in the place of `instead_of`.
struct Slip {
    instead_of: &'static str,
    typed: &'static str,
    line: Option<usize>,
    key: &'static str,
    /// A part of the sentence: what is wrong, or what would be accepted.
    says: &'static str,
}

const fn slip(
    instead_of: &'static str,
    typed: &'static str,
    line: usize,
    key: &'static str,
    says: &'static str,
) -> Slip {
    Slip {
        instead_of,
        typed,
        line: if line == 0 { None } else { Some(line) },
        key,
        says,
    }
}

// One row a line: the formatter would spread each over seven.
#[rustfmt::skip]
const SLIPS: &[Slip] = &[
    // The document.
    slip("name = \"staging\"", "name = staging", 1, "", "not TOML at column 8"),
    slip("[tls]", "[tls", 4, "", "not TOML at column 5"),
    slip("[offers]", "[tls]", 28, "", "duplicate key"),
    slip("name =", "nane =", 1, "nane", "unknown key; did you mean `name`? accepted: `name`, `base_url`, `base_url_env`, `tls`"),
    slip("[limits]", "[limit]", 41, "limit", "did you mean `limits`?"),
    slip("[limits]", "[colours]", 41, "colours", "unknown key; accepted: `name`"),
    slip("concurrency =", "concurency =", 42, "limits.concurency", "did you mean `concurrency`? accepted: `concurrency`, `requests_per_second`, `timeout_ms`, `answer_bytes_max`, `outage_ms`"),
    slip("method = \"POST\", url = \"{base_url}/__control/fail", "methods = \"POST\", url = \"{base_url}/__control/fail", 35, "hooks.fail_next.request.methods", "did you mean `method`?"),
    slip("[hooks.fail_next]", "[hooks.fail]", 34, "hooks.fail", "`fail_next`"),
    slip("name = \"staging\"", "", 0, "name", "missing; accepted: a name of at most 64"),
    slip("user_id = \"limited\"", "", 12, "users.restricted.user_id", "missing; accepted: the user id"),
    slip("moniker = \"EX:empty@acme.test\"", "", 24, "mailboxes[1].moniker", "missing"),
    slip("reason =", "# reason =", 47, "waivers[0].reason", "missing; accepted: a reason in words"),
    slip("scratch = [\"scratch-0\", \"scratch-1\"]", "", 16, "workgroups.scratch", "missing"),
    slip("concurrency = 16", "concurrency = \"16\"", 42, "limits.concurrency", "is a string; accepted: a whole number from 1 to 256"),
    slip("concurrency = 16", "concurrency = 16.0", 42, "limits.concurrency", "is a number with a fraction"),
    slip("read_back = true", "read_back = 1", 29, "offers.read_back", "is a whole number; accepted: `true` or `false`"),
    slip("[\"Inbox\", \"Escalations\"]", "[\"Inbox\", 7]", 22, "mailboxes[0].folders[1]", "is a whole number; accepted: a folder name"),
    slip("[\"Inbox\", \"Escalations\"]", "\"Inbox\"", 22, "mailboxes[0].folders", "is a string; accepted: a list of folder names"),
    slip("\"https://icws.example:8019\"", "{}", 2, "base_url", "is a table"),
    // Name and address.
    slip("name = \"staging\"", "name = \"\"", 1, "name", "empty"),
    slip("name = \"staging\"", "name = \"a/b\"", 1, "name", "holds `/`"),
    slip("name = \"staging\"", "name = \"..\"", 1, "name", "unfit for the name of a folder"),
    slip("icws.example:8019\"", "icws.example:8019/icws\"", 2, "base_url", "the path `/icws`; accepted: `http://HOST"),
    slip("https://", "ftp://", 2, "base_url", "the scheme `ftp`"),
    slip("https://", "", 2, "base_url", "did you mean `http://icws.example:8019`?"),
    slip("https://", "https://admin:hunter2-planted@", 2, "base_url", "user information"),
    slip("base_url = \"https://icws.example:8019\"", "base_url = \"http://a\"\nbase_url_env = \"ADDRESS\"", 3, "base_url_env", "both `base_url` and `base_url_env`"),
    slip("base_url = \"https://icws.example:8019\"", "base_url_env = \"UNSET\"", 2, "base_url_env", "the environment variable `UNSET` is not set; set `UNSET` to the address"),
    slip("base_url = \"https://icws.example:8019\"", "base_url_env = \"EMPTY\"", 2, "base_url_env", "`EMPTY` is empty"),
    slip("base_url = \"https://icws.example:8019\"", "base_url_env = \"http://a\"", 2, "base_url_env", "not the name of an environment variable"),
    slip("base_url = \"https://icws.example:8019\"", "base_url_env = \"NO_ADDRESS\"", 2, "base_url_env", "`NO_ADDRESS`: a URL with user information"),
    slip("\"ca.pem\"", "\"none.pem\"", 5, "tls.ca", "failed to read `/profiles/none.pem`"),
    slip("\"ca.pem\"", "\"restricted.password\"", 5, "tls.ca", "holds no certificate in PEM"),
    // Users.
    slip("user_id = \"admin\"", "user_id = \"\"", 9, "users.privileged.user_id", "empty; accepted: the user id"),
    slip("user_id = \"limited\"", "user_id = \"admin\"", 13, "users.restricted.user_id", "the same user"),
    slip("password_env = \"ICWS_PASSWORD\"", "", 8, "users.privileged", "neither `password_env` nor `password_file`"),
    slip("password_env = \"ICWS_PASSWORD\"", "password_file = \"a\"\npassword_env = \"B\"", 8, "users.privileged", "both `password_env` and `password_file`"),
    slip("password_env = \"ICWS_PASSWORD\"", "password = \"hunter2-planted\"", 10, "users.privileged.password", "a secret must not stand in the profile; name its source with `password_env` or `password_file`"),
    slip("password_env = \"ICWS_PASSWORD\"", "password = hunter2-planted", 10, "", "not TOML"),
    slip("password_env = \"ICWS_PASSWORD\"", "password_env = \"hunter2-planted\"", 10, "users.privileged.password_env", "not the name of an environment variable"),
    slip("password_env = \"ICWS_PASSWORD\"", "password_env = [\"hunter2-planted\"]", 10, "users.privileged.password_env", "is a list"),
    slip("\"ICWS_PASSWORD\"", "\"UNSET\"", 10, "users.privileged.password_env", "the environment variable `UNSET` is not set; set `UNSET`"),
    slip("\"ICWS_PASSWORD\"", "\"EMPTY\"", 10, "users.privileged.password_env", "the environment variable `EMPTY` is empty"),
    slip("password_env = \"ICWS_PASSWORD\"", "password_file = \"none\"", 10, "users.privileged.password_file", "failed to read `/profiles/none`"),
    slip("password_env = \"ICWS_PASSWORD\"", "password_file = \"newline\"", 10, "users.privileged.password_file", "`/profiles/newline` is empty"),
    slip("password_env = \"ICWS_PASSWORD\"", "password_file = \"latin1\"", 10, "users.privileged.password_file", "not UTF-8"),
    // Workgroups and mailboxes.
    slip("[\"scratch-0\", \"scratch-1\"]", "[]", 17, "workgroups.scratch", "no scratch workgroup"),
    slip("\"scratch-1\"", "\"Scratch-0\"", 17, "workgroups.scratch[1]", "`Scratch-0` is already in `workgroups.scratch`"),
    slip("\"scratch-1\"", "\" \"", 17, "workgroups.scratch[1]", "empty"),
    slip("\"scratch-1\"", "\"..\"", 17, "workgroups.scratch[1]", "cannot stand in a URL"),
    slip("\"no-such-workgroup\"", "\n\"scratch-1\"", 19, "workgroups.absent[0]", "is already in `workgroups.scratch`, case aside; accepted: a list of workgroup ids, each once and none of `scratch`"),
    slip("\"no-such-workgroup\"", "\"a\", \"a\"", 18, "workgroups.absent[1]", "is already in `workgroups.absent`"),
    slip("EX:empty@acme.test", "EX:support@acme.test", 25, "mailboxes[1].moniker", "is already a mailbox"),
    slip("EX:empty@acme.test", "", 25, "mailboxes[1].moniker", "empty"),
    slip("\"Escalations\"", "\"Inbox\"", 22, "mailboxes[0].folders[1]", "`Inbox` is already listed"),
    slip("[\"Inbox\", \"Escalations\"]", "[]", 20, "mailboxes", "no mailbox with a folder; accepted: at least one"),
    // Hooks.
    slip("{session_id}", "{user_id}", 33, "hooks.expire_session.request.url", "unknown placeholder `{user_id}`"),
    slip("method = \"POST\", url = \"{base_url}/__control/exp", "method = \"post\", url = \"{base_url}/__control/exp", 33, "hooks.expire_session.request.method", "`post` is not a method of a hook; accepted: `GET`"),
    slip("json = { kind = \"internal\" }", "json = { at = [2027-03-01] }", 35, "hooks.fail_next.request.json.at[0]", "which JSON lacks; accepted: any value of strings"),
    slip("json = { kind = \"internal\" }", "json = { at = nan }", 35, "hooks.fail_next.request.json.at", "`NaN`, which JSON lacks"),
    slip("command = [\"./resource\", \"off\"]", "", 36, "hooks.remove_resource", "neither `request` nor `command`"),
    slip("command = [\"./resource\", \"off\"]", "command = [\"\"]", 37, "hooks.remove_resource.command", "the program is empty"),
    slip("command = [\"./resource\", \"off\"]", "command = []", 37, "hooks.remove_resource.command", "an empty list"),
    slip("[hooks.fail_next]", "command = [\"x\"]\n[hooks.fail_next]", 32, "hooks.expire_session", "both `request` and `command`"),
    slip("[hooks.restore_resource]\ncommand = [\"./resource\", \"on\"]", "", 36, "hooks.remove_resource", "add `[hooks.restore_resource]`"),
    // Limits and waivers.
    slip("concurrency = 16", "concurrency = 0", 42, "limits.concurrency", "0 is out of range; accepted: a whole number from 1 to 256"),
    slip("concurrency = 16", "concurrency = 257", 42, "limits.concurrency", "257 is out of range"),
    slip("requests_per_second = 0", "requests_per_second = -1", 43, "limits.requests_per_second", "-1 is out of range"),
    slip("timeout_ms = 10000", "timeout_ms = 99999999999999999999", 44, "limits.timeout_ms", "is a whole number of more than 64 bits; accepted: a whole number from 1"),
    slip("\"SES-8\"", "\"ses-8\"", 48, "waivers[0].rule", "unknown rule `ses-8`; did you mean `SES-8`? accepted: a rule id"),
    slip("\"SES-8\"", "\"SES-88\"", 48, "waivers[0].rule", "unknown rule `SES-88`; did you mean `SES-8`, "),
    slip("\"SES-8\"", "\"NONSENSE-1\"", 48, "waivers[0].rule", "unknown rule `NONSENSE-1`; accepted: a rule id"),
    slip("\"session/*\"", "\"sessions/*\"", 49, "waivers[0].property", "no property's id matches `sessions/*`; did you mean `session/*`?"),
    slip("\"session/*\"", "\"field/wrong_folder\"", 49, "waivers[0].property", "did you mean `field/wrong-folder`?"),
    slip("\"session/*\"", "\"Session/ended\"", 49, "waivers[0].property", "did you mean `session/ended`?"),
    slip("\"session/*\"", "\"session/ended/\"", 49, "waivers[0].property", "did you mean `session/ended`?"),
    slip("\"session/*\"", "\"session/\"", 49, "waivers[0].property", "did you mean `session/*`?"),
    slip("\"session/*\"", "\"session\"", 49, "waivers[0].property", "did you mean `session/*`?"),
    slip("\"session/*\"", "\"session/miss\"", 49, "waivers[0].property", "did you mean `session/miss*`?"),
    slip("\"session/*\"", "\"xyz/*\"", 49, "waivers[0].property", "the families are `field/*`, `session/*`"),
    slip("\"platform team\"", "\"\"", 52, "waivers[0].owner", "empty"),
    slip("\"the gateway in front ends CSRF protection; ticket 4711\"", "\" \"", 51, "waivers[0].reason", "empty"),
    slip("\"2027-03-01\"", "\"2027-02-30\"", 53, "waivers[0].expires", "`2027-02-30` is not a day of the calendar; accepted: a day"),
    slip("\"2027-03-01\"", "2027-03-01T00:00:00Z", 53, "waivers[0].expires", "is not a day of the calendar"),
    slip("\"2027-03-01\"", "20270301", 53, "waivers[0].expires", "neither a date nor a string"),
];

#[test]
fn every_slip_is_named_by_line_key_and_remedy() {
    for slip in SLIPS {
        let good = good();
        assert!(good.contains(slip.instead_of), "{}", slip.instead_of);
        let text = good.replacen(slip.instead_of, slip.typed, 1);
        let error = read(&text).expect_err(slip.typed);
        let sentence = error.to_string();
        assert_eq!(error.line, slip.line, "{sentence}");
        assert_eq!(
            error.key.as_deref().unwrap_or_default(),
            slip.key,
            "{sentence}"
        );
        assert!(sentence.contains(slip.says), "{sentence}");
        assert!(
            !error.remedy.is_empty() && !sentence.contains('\n'),
            "{sentence}"
        );
        assert!(
            !format!("{sentence} {error:?}").contains(SECRET),
            "{sentence}"
        );
    }
}

#[test]
fn a_sentence_is_whole() {
    let text = good().replace("concurrency =", "concurency =");
    assert_eq!(
        read(&text).expect_err("a slip").to_string(),
        "profile `p.toml`, line 42, `limits.concurency`: unknown key; did you mean \
         `concurrency`? accepted: `concurrency`, `requests_per_second`, `timeout_ms`, \
         `answer_bytes_max`, `outage_ms`"
    );
}

#[test]
fn a_profile_cut_short_anywhere_is_read_or_refused_in_one_line() {
    let good = good();
    for (end, _) in good.char_indices() {
        if let Err(error) = read(&good[..end]) {
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}
