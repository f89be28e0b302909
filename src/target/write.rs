//! Writing a profile that [`load`](super::load) reads back as it was.

use std::fmt::Write as _;

use serde_json::Value as Json;
use toml::Value;

use super::hook::Hook;
use super::limits::LIMITS;
use super::profile::{AddressSource, PasswordSource, Profile, User, Waiver};

/// Where the reader of a written profile finds the users' passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordSources {
    /// That of the user who may modify.
    pub privileged: PasswordSource,
    /// That of the user who may not; without it, that user is left out.
    pub restricted: Option<PasswordSource>,
}

/// The profile as commented TOML, with `passwords` in the place of the
/// passwords. `tls.ca` is written as it stands, relative or not; a `null` in a
/// hook's JSON is left out, since TOML has none.
pub fn to_toml(profile: &Profile, passwords: &PasswordSources) -> String {
    let mut out = Lines::default();
    out.comment("A target of icws-conformance. Relative paths start at this file's folder.");
    out.key("name", profile.name.as_str(), "names the snapshot folder");
    match &profile.address {
        AddressSource::KeyVariable(name) => out.key("base_url_env", name.as_str(), ""),
        _ => {
            let address = profile.base_url.as_str().trim_end_matches('/');
            out.key("base_url", address, "");
        }
    }

    out.table("tls", "");
    if let Some(ca) = &profile.tls.ca {
        let path = ca.path.display().to_string();
        out.key("ca", path, "a trust anchor beside the public ones");
    }
    let says = "true turns verification off; every report says so";
    out.key("accept_invalid", profile.tls.accept_invalid, says);

    let users = &profile.users;
    let says = "may modify the scratch workgroups";
    out.user("privileged", says, &users.privileged, &passwords.privileged);
    if let (Some(user), Some(password)) = (&users.restricted, &passwords.restricted) {
        out.user(
            "restricted",
            "may log in and read, may not modify",
            user,
            password,
        );
    }

    out.table("workgroups", "");
    let says = "their monitored mailboxes are the harness's to change";
    out.key("scratch", profile.workgroups.scratch.clone(), says);
    let says = "ids sure not to exist; none: drawn at random";
    out.key("absent", profile.workgroups.absent.clone(), says);
    let says = "whether a scratch workgroup may hold mailboxes of others";
    out.key("allow_occupied", profile.workgroups.allow_occupied, says);

    for mailbox in &profile.mailboxes {
        out.table("[mailboxes]", "");
        out.key("moniker", mailbox.moniker.as_str(), "");
        out.key("folders", mailbox.folders.clone(), "");
    }

    let says = "what the target shows; without it, its rules are not tested";
    out.table("offers", says);
    let says = "GET .../workgroups/{id}?select=monitoredMailboxes";
    out.key("read_back", profile.offers.read_back, says);
    out.key(
        "features",
        profile.offers.features,
        "GET /icws/connection/features",
    );

    let hooks = &profile.hooks;
    for (name, hook) in [
        ("expire_session", &hooks.expire_session),
        ("fail_next", &hooks.fail_next),
        ("remove_resource", &hooks.remove_resource),
        ("restore_resource", &hooks.restore_resource),
    ] {
        if let Some(hook) = hook {
            out.table(&format!("hooks.{name}"), "");
            out.hook(hook);
        }
    }

    out.table("limits", "");
    for limit in &LIMITS {
        let value = (limit.get)(&profile.limits);
        out.key(
            limit.key,
            i64::try_from(value).unwrap_or(i64::MAX),
            limit.says,
        );
    }

    for waiver in &profile.waivers {
        out.table("[waivers]", "");
        out.waiver(waiver);
    }
    out.0
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn comment(&mut self, text: &str) {
        self.line(format_args!("# {text}"));
    }

    fn table(&mut self, name: &str, comment: &str) {
        self.line(format_args!(""));
        self.commented(&format!("[{name}]"), comment);
    }

    fn key(&mut self, key: &str, value: impl Into<Value>, comment: &str) {
        self.commented(&format!("{key} = {}", value.into()), comment);
    }

    fn user(&mut self, name: &str, comment: &str, user: &User, password: &PasswordSource) {
        self.table(&format!("users.{name}"), comment);
        self.key("user_id", user.user_id.as_str(), "");
        match password {
            PasswordSource::Env(variable) => self.key("password_env", variable.as_str(), ""),
            PasswordSource::File(path) => self.key("password_file", path.as_str(), ""),
        }
    }

    fn hook(&mut self, hook: &Hook) {
        match hook {
            Hook::Request { method, url, json } => {
                let mut request = toml::Table::new();
                request.insert("method".to_owned(), method.as_str().into());
                request.insert("url".to_owned(), url.as_str().into());
                if let Some(json) = json.as_ref().and_then(toml_of) {
                    request.insert("json".to_owned(), json);
                }
                self.key("request", request, "");
            }
            Hook::Command { words } => self.key("command", words.clone(), ""),
        }
    }

    fn waiver(&mut self, waiver: &Waiver) {
        self.key("rule", waiver.rule.as_str(), waiver.rule.rule().says);
        let expires = waiver.expires.map(|date| date.to_string());
        for (key, text) in [
            ("property", &waiver.property),
            ("cause", &waiver.cause),
            ("reason", &Some(waiver.reason.clone())),
            ("owner", &waiver.owner),
            ("expires", &expires),
        ] {
            if let Some(text) = text {
                self.key(key, text.as_str(), "");
            }
        }
    }

    fn commented(&mut self, text: &str, comment: &str) {
        /// Where comments start, unless the line is longer.
        const COLUMN: usize = 38;
        if comment.is_empty() {
            self.line(format_args!("{text}"));
        } else {
            self.line(format_args!("{text:<COLUMN$} # {comment}"));
        }
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{text}").expect("a string takes every line");
    }
}

/// The TOML of a JSON value; nothing for `null`.
fn toml_of(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(truth) => (*truth).into(),
        Json::String(text) => text.as_str().into(),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64()?.into(),
        },
        Json::Array(items) => Value::Array(items.iter().filter_map(toml_of).collect()),
        Json::Object(members) => Value::Table(
            members
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), toml_of(value)?)))
                .collect(),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::samples::{SECRET, good, passwords_of, read};

    fn sources() -> PasswordSources {
        PasswordSources {
            privileged: PasswordSource::Env("ICWS_PASSWORD".to_owned()),
            restricted: Some(PasswordSource::File("restricted.password".to_owned())),
        }
    }

    #[test]
    fn a_written_profile_reads_back_as_it_was() {
        let mut profile = read(&good()).expect("a good profile");
        let restricted = profile.users.restricted.as_mut().expect("a second user");
        let path = "/profiles/restricted.password".to_owned();
        restricted.password_from = PasswordSource::File(path);
        let text = to_toml(&profile, &sources());
        let again = read(&text).expect(&text);
        assert_eq!(format!("{again:#?}"), format!("{profile:#?}"));
        assert_eq!(passwords_of(&again), passwords_of(&profile));
        assert!(!text.contains(SECRET), "{text}");
    }

    #[test]
    fn strings_of_all_kinds_survive() {
        let mut profile = read(&good()).expect("a good profile");
        profile.mailboxes[0].moniker = "a \"b\" \\ 'c' # d\n\u{7f}ü".to_owned();
        profile.workgroups.absent.clear();
        profile.workgroups.allow_occupied = true;
        profile.hooks.fail_next = Some(Hook::Request {
            method: "PUT".to_owned(),
            url: "{base_url}/x".to_owned(),
            json: Some(serde_json::json!({
                "a b": [1, -2.5, true, "}"], "c": { "d.e": {} }, "f": [],
            })),
        });
        let text = to_toml(&profile, &sources());
        let again = read(&text).expect(&text);
        assert_eq!(again.mailboxes, profile.mailboxes);
        assert_eq!(again.hooks, profile.hooks);
        assert_eq!(again.workgroups, profile.workgroups);
    }

    #[test]
    fn a_user_without_a_source_is_left_out() {
        let profile = read(&good()).expect("a good profile");
        let only = PasswordSources {
            restricted: None,
            ..sources()
        };
        let text = to_toml(&profile, &only);
        assert!(read(&text).expect(&text).users.restricted.is_none());
    }

    #[test]
    fn the_layout_is_that_of_the_documentation() {
        let profile = read(&good()).expect("a good profile");
        let text = to_toml(&profile, &sources());
        let head: Vec<_> = text.lines().take(8).collect();
        assert_eq!(
            head.join("\n"),
            "# A target of icws-conformance. Relative paths start at this file's folder.\n\
             name = \"staging\"                       # names the snapshot folder\n\
             base_url = \"https://icws.example:8019\"\n\
             \n\
             [tls]\n\
             ca = \"/profiles/ca.pem\"                # a trust anchor beside the public ones\n\
             accept_invalid = false                 # true turns verification off; every report \
             says so\n"
        );
    }
}
