//! The good profile that the tests read, and what it means.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    AddressSource, Authority, Hook, Limits, Mailbox, Offers, Profile, ProfileError, Surroundings,
    parse,
};
use crate::contract::rules;

/// The password of every user; nothing but the profile's user may hold it.
pub(super) const SECRET: &str = "hunter2-planted";

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

/// The example of the documentation, with the mailbox without a folder that it
/// asks for.
pub(super) fn good() -> String {
    r#"name = "staging"                       # names the snapshot folder
base_url = "https://icws.example:8019"

[tls]
ca = "ca.pem"                          # extra trust anchor, relative to this file
accept_invalid = false                 # true turns verification off; every report says so

[users.privileged]                     # may modify the scratch workgroups
user_id = "admin"
password_env = "ICWS_PASSWORD"         # or password_file = "…"

[users.restricted]                     # optional: may log in and read, may not modify
user_id = "limited"
password_env = "ICWS_RESTRICTED_PASSWORD"

[workgroups]
scratch = ["scratch-0", "scratch-1"]   # their monitored mailboxes are the harness's to change
absent = ["no-such-workgroup"]         # optional: ids sure not to exist; else drawn at random

[[mailboxes]]                          # at least one with a folder, one without
moniker = "EX:support@acme.test"
folders = ["Inbox", "Escalations"]

[[mailboxes]]
moniker = "EX:empty@acme.test"
folders = []

[offers]                               # what the target shows
read_back = true                       # GET …/workgroups/{id}?select=monitoredMailboxes
features = true                        # GET /icws/connection/features

[hooks.expire_session]                 # each hook is an HTTP request or a command
request = { method = "POST", url = "{base_url}/__control/expire/{session_id}" }
[hooks.fail_next]
request = { method = "POST", url = "{base_url}/__control/fail-next", json = { kind = "internal" } }
[hooks.remove_resource]
command = ["./resource", "off"]
[hooks.restore_resource]
command = ["./resource", "on"]

[limits]
concurrency = 16
requests_per_second = 0                # 0: no limit
timeout_ms = 10000
answer_bytes_max = 1048576

[[waivers]]
rule = "SES-8"
property = "session/*"                 # optional
cause = "token of another session"     # optional
reason = "the gateway in front ends CSRF protection; ticket 4711"
owner = "platform team"
expires = "2027-03-01"
"#
    .to_owned()
}

/// The profile that `text` describes, in the surroundings of the tests.
pub(super) fn read(text: &str) -> Result<Profile, ProfileError> {
    let surroundings = Surroundings {
        directory: Path::new("/profiles"),
        environment: &|name| match name {
            "ICWS_PASSWORD" | "ICWS_RESTRICTED_PASSWORD" => Some(SECRET.to_owned()),
            "ADDRESS" => Some("https://job-17.example".to_owned()),
            "NO_ADDRESS" => Some(format!("https://admin:{SECRET}@job-17.example")),
            "EMPTY" => Some(String::new()),
            _ => None,
        },
        read: &|path| match path.to_str() {
            Some("/profiles/ca.pem") => Ok(CERTIFICATE.into()),
            Some("/profiles/restricted.password") => Ok(format!("{SECRET}\n").into()),
            Some("/profiles/windows.password") => Ok(format!("{SECRET}\n\r\n").into()),
            Some("/profiles/newline") => Ok(b"\n".to_vec()),
            Some("/profiles/latin1") => Ok(vec![0xfc]),
            _ => Err(io::ErrorKind::NotFound.into()),
        },
        properties: &[
            "session/missing-token",
            "session/ended",
            "field/wrong-folder",
        ],
    };
    parse(text, "p.toml", &surroundings)
}

/// The passwords, which Debug does not show and equality does not compare.
pub(super) fn passwords_of(profile: &Profile) -> Vec<&str> {
    let users = &profile.users;
    std::iter::once(&users.privileged)
        .chain(&users.restricted)
        .map(|user| user.password.expose_secret())
        .collect()
}

#[test]
fn the_documented_example_means_what_it_says() {
    let profile = read(&good()).expect("the example");
    assert_eq!(profile.name, "staging");
    assert_eq!(profile.base_url.as_str(), "https://icws.example:8019/");
    let ca = Authority {
        path: PathBuf::from("/profiles/ca.pem"),
        pem: CERTIFICATE.into(),
    };
    assert_eq!(profile.tls.ca, Some(ca));
    assert!(!profile.tls.accept_invalid);
    assert_eq!(profile.users.privileged.user_id, "admin");
    let restricted = profile.users.restricted.as_ref().map(|user| &*user.user_id);
    assert_eq!(restricted, Some("limited"));
    assert_eq!(passwords_of(&profile), [SECRET, SECRET]);
    assert_eq!(profile.workgroups.scratch, ["scratch-0", "scratch-1"]);
    assert_eq!(profile.workgroups.absent, ["no-such-workgroup"]);
    assert!(!profile.workgroups.allow_occupied);
    let mailbox = |moniker: &str, folders: &[&str]| Mailbox {
        moniker: moniker.to_owned(),
        folders: folders.iter().map(|folder| (*folder).to_owned()).collect(),
    };
    let mailboxes = [
        mailbox("EX:support@acme.test", &["Inbox", "Escalations"]),
        mailbox("EX:empty@acme.test", &[]),
    ];
    assert_eq!(profile.mailboxes, mailboxes);
    let offers = Offers {
        read_back: true,
        features: true,
    };
    assert_eq!(profile.offers, offers);
    assert_eq!(
        profile.hooks.fail_next,
        Some(Hook::Request {
            method: "POST".to_owned(),
            url: "{base_url}/__control/fail-next".to_owned(),
            json: Some(json!({ "kind": "internal" })),
        })
    );
    let words = ["./resource", "on"].map(str::to_owned).to_vec();
    assert_eq!(
        profile.hooks.restore_resource,
        Some(Hook::Command { words })
    );
    assert_eq!(profile.limits.timeout, Duration::from_secs(10));
    assert_eq!(profile.limits, Limits::default());
    let waiver = &profile.waivers[0];
    assert_eq!(waiver.rule, rules::SES_8);
    assert_eq!(waiver.property.as_deref(), Some("session/*"));
    assert_eq!(
        waiver.expires.map(|date| date.to_string()).as_deref(),
        Some("2027-03-01")
    );
}

#[test]
fn what_is_optional_may_be_left_out() {
    let profile = read(
        "name = 'least'\nbase_url = 'http://localhost:1'\n\
         users.privileged = { user_id = 'a', password_file = 'windows.password' }\n\
         workgroups.scratch = ['w']\n\
         mailboxes = [{ moniker = 'm', folders = ['f'] }, { moniker = 'n' }]\n\
         waivers = [{ rule = 'SES-8', reason = 'r', expires = 2027-03-01 }]\n",
    )
    .expect("the least profile");
    assert_eq!(passwords_of(&profile), [format!("{SECRET}\n")]);
    assert!(profile.tls.ca.is_none() && !profile.tls.accept_invalid);
    assert_eq!(profile.offers, Offers::default());
    assert_eq!(profile.limits, Limits::default());
    assert!(profile.waivers[0].expires.is_some());
}

#[test]
fn an_address_may_come_from_a_variable() {
    let text = good().replace(
        "base_url = \"https://icws.example:8019\"",
        "base_url_env = \"ADDRESS\"",
    );
    let profile = read(&text).expect("a good profile");
    assert_eq!(profile.base_url.as_str(), "https://job-17.example/");
    let named = AddressSource::KeyVariable("ADDRESS".to_owned());
    assert_eq!(profile.address, named);
    assert_eq!(named.to_string(), "`ADDRESS` (`base_url_env`)");
    let text = good().replace("base_url = \"https://icws.example:8019\"", "");
    let error = read(&text).expect_err("no address").to_string();
    let start = "profile `p.toml`, `base_url`: missing; accepted: `http://HOST[:PORT]`";
    assert!(
        error.starts_with(start) && error.contains("`base_url_env`: the name"),
        "{error}"
    );
}

#[test]
fn an_empty_profile_or_one_without_mailboxes_says_so() {
    for text in ["", " \n\t\n"] {
        let error = read(text).expect_err("empty");
        assert_eq!(error.problem, "the file is empty");
    }
    let good = good();
    let (head, tail) = good.split_once("[[mailboxes]]").expect("mailboxes");
    let (_, tail) = tail.split_once("[offers]").expect("offers");
    let error = read(&format!("{head}[offers]{tail}")).expect_err("no mailboxes");
    assert_eq!(error.problem, "no mailboxes");
    assert_eq!(error.key.as_deref(), Some("mailboxes"));
}

#[test]
fn a_password_is_never_shown() {
    let profile = read(&good()).expect("a good profile");
    assert_eq!(passwords_of(&profile), [SECRET, SECRET]);
    assert!(!format!("{profile:?} {profile:#?}").contains(SECRET));
}
