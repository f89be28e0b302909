//! From what was typed to what it means, key by key in the profile's order.

use super::Surroundings;
use super::base_url;
use super::credentials::{tls, users, value_of_variable};
use super::date::Date;
use super::document::{self, Document};
use super::error::Mistake;
use super::hook::{self, Hook, Hooks, METHODS};
use super::keys;
use super::limits::{LIMITS, Limits};
use super::profile::{AddressSource, Mailbox, Offers, Profile, Waiver, Workgroups, names_property};
use crate::contract::{RuleId, rules};
use std::collections::BTreeSet;
use url::Url;

/// The longest name that every file system takes with room to spare.
const NAME_LENGTH_MAX: usize = 64;

/// The profile that `typed` means, or the first mistake in it.
pub(super) fn profile(
    typed: Document,
    surroundings: &Surroundings<'_>,
) -> Result<Profile, Mistake> {
    let name = name(typed.name)?;
    let (base_url, address) = address(typed.base_url, typed.base_url_env, surroundings)?;
    let known = |key: &str, typed| waiver(key, typed, surroundings.properties);
    Ok(Profile {
        name,
        base_url,
        address,
        tls: tls(typed.tls, surroundings)?,
        users: users(typed.users, surroundings)?,
        workgroups: workgroups(typed.workgroups)?,
        mailboxes: mailboxes(typed.mailboxes)?,
        offers: Offers {
            read_back: typed.offers.read_back,
            features: typed.offers.features,
        },
        hooks: hooks(typed.hooks)?,
        limits: limits(&typed.limits)?,
        waivers: numbered("waivers", typed.waivers, known)?,
    })
}

fn name(name: String) -> Result<String, Mistake> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let problem = if name.is_empty() {
        "empty".to_owned()
    } else if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        format!("holds `{c}`, which is unfit for the name of a folder")
    } else if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || name.ends_with('.') {
        format!("`{name}` is unfit for the name of a folder")
    } else if name.len() > NAME_LENGTH_MAX {
        format!("{} characters long", name.len())
    } else {
        return Ok(name);
    };
    Err(Mistake::new("name", problem))
}

/// Where the target is, and what names it.
fn address(
    typed: Option<String>,
    variable: Option<String>,
    surroundings: &Surroundings<'_>,
) -> Result<(Url, AddressSource), Mistake> {
    match (typed, variable) {
        (Some(text), None) => {
            let url = base_url::problem_or_url(&text)
                .map_err(|problem| Mistake::new("base_url", problem))?;
            Ok((url, AddressSource::Key))
        }
        (None, Some(variable)) => {
            const KEY: &str = "base_url_env";
            let text = value_of_variable(KEY, &variable, "address", surroundings)?;
            let url = base_url::problem_or_url(&text).map_err(|problem| {
                let problem = format!("the environment variable `{variable}`: {problem}");
                Mistake::with_remedy(KEY, problem, format!("accepted: {}", base_url::ACCEPTED))
            })?;
            Ok((url, AddressSource::KeyVariable(variable)))
        }
        (Some(_), Some(_)) => Err(Mistake::with_remedy(
            "base_url_env",
            "both `base_url` and `base_url_env`",
            "accepted: one of the two",
        )),
        (None, None) => Err(Mistake::with_remedy(
            "base_url",
            "missing",
            format!(
                "accepted: {}; or `base_url_env`: {}",
                base_url::ACCEPTED,
                keys::accepted("base_url_env")
            ),
        )),
    }
}

fn workgroups(typed: document::Workgroups) -> Result<Workgroups, Mistake> {
    if typed.scratch.is_empty() {
        return Err(Mistake::new("workgroups.scratch", "no scratch workgroup"));
    }
    let scratch = typed.scratch.iter().enumerate();
    let scratch = scratch.map(|(position, id)| ("scratch", position, id));
    let absent = typed.absent.iter().enumerate();
    let absent = absent.map(|(position, id)| ("absent", position, id));
    let mut seen: Vec<(String, &str)> = Vec::new();
    for (list, position, id) in scratch.chain(absent) {
        let key = format!("workgroups.{list}[{position}]");
        not_empty(key.clone(), id)?;
        // A client takes these two for steps of the path and drops them.
        if [".", ".."].contains(&id.as_str()) {
            return Err(Mistake::new(key, format!("`{id}` cannot stand in a URL")));
        }
        // Whether ids ignore case is open (WG-3): two that differ in nothing
        // else may be one workgroup.
        let folded = id.to_lowercase();
        if let Some((_, earlier)) = seen.iter().find(|(other, _)| *other == folded) {
            let problem = format!("`{id}` is already in `workgroups.{earlier}`, case aside");
            let accepted = keys::accepted(&format!("workgroups.{list}"));
            return Err(Mistake::with_remedy(
                key,
                problem,
                format!("accepted: {accepted}"),
            ));
        }
        seen.push((folded, list));
    }
    Ok(Workgroups {
        scratch: typed.scratch,
        allow_occupied: typed.allow_occupied,
        absent: typed.absent,
    })
}

fn mailboxes(typed: Vec<document::Mailbox>) -> Result<Vec<Mailbox>, Mistake> {
    if typed.is_empty() {
        return Err(Mistake::new("mailboxes", "no mailboxes"));
    }
    let mailboxes = numbered("mailboxes", typed, |key, typed| {
        not_empty(format!("{key}.moniker"), &typed.moniker)?;
        for (position, folder) in typed.folders.iter().enumerate() {
            let key = format!("{key}.folders[{position}]");
            not_empty(key.clone(), folder)?;
            if typed.folders[..position].contains(folder) {
                return Err(Mistake::new(key, format!("`{folder}` is already listed")));
            }
        }
        Ok(Mailbox {
            moniker: typed.moniker,
            folders: typed.folders,
        })
    })?;
    for (position, mailbox) in mailboxes.iter().enumerate() {
        let mut earlier = mailboxes[..position].iter();
        if earlier.any(|other| other.moniker == mailbox.moniker) {
            let problem = format!("`{}` is already a mailbox", mailbox.moniker);
            return Err(Mistake::new(
                format!("mailboxes[{position}].moniker"),
                problem,
            ));
        }
    }
    if mailboxes.iter().all(|mailbox| mailbox.folders.is_empty()) {
        return Err(Mistake::new("mailboxes", "no mailbox with a folder"));
    }
    Ok(mailboxes)
}

fn hooks(typed: document::Hooks) -> Result<Hooks, Mistake> {
    let one = |name: &str, typed: Option<document::Hook>| {
        let key = format!("hooks.{name}");
        typed.map(|typed| hook(&key, typed)).transpose()
    };
    let hooks = Hooks {
        expire_session: one("expire_session", typed.expire_session)?,
        fail_next: one("fail_next", typed.fail_next)?,
        remove_resource: one("remove_resource", typed.remove_resource)?,
        restore_resource: one("restore_resource", typed.restore_resource)?,
    };
    if hooks.remove_resource.is_some() && hooks.restore_resource.is_none() {
        return Err(Mistake::with_remedy(
            "hooks.remove_resource",
            "a hook that nothing takes back",
            "add `[hooks.restore_resource]`",
        ));
    }
    Ok(hooks)
}

fn hook(key: &str, typed: document::Hook) -> Result<Hook, Mistake> {
    match (typed.request, typed.command) {
        (Some(request), None) => hook_request(&format!("{key}.request"), request),
        (None, Some(words)) => {
            let key = format!("{key}.command");
            match words.first() {
                None => Err(Mistake::new(key, "an empty list")),
                Some(program) if program.is_empty() => {
                    Err(Mistake::new(key, "the program is empty"))
                }
                Some(_) => Ok(Hook::Command { words }),
            }
        }
        (Some(_), Some(_)) => Err(Mistake::new(key, "both `request` and `command`")),
        (None, None) => Err(Mistake::new(key, "neither `request` nor `command`")),
    }
}

fn hook_request(key: &str, typed: document::Request) -> Result<Hook, Mistake> {
    if !METHODS.contains(&typed.method.as_str()) {
        let problem = format!("`{}` is not a method of a hook", typed.method);
        return Err(Mistake::new(format!("{key}.method"), problem));
    }
    if let Some(problem) = hook::url_problem(&typed.url) {
        return Err(Mistake::new(format!("{key}.url"), problem));
    }
    let json = typed
        .json
        .map(|value| json(&format!("{key}.json"), value))
        .transpose()?;
    Ok(Hook::Request {
        method: typed.method,
        url: typed.url,
        json,
    })
}

/// TOML has two kinds of values that JSON lacks.
fn json(key: &str, value: toml::Value) -> Result<serde_json::Value, Mistake> {
    Ok(match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Float(number) if number.is_finite() => number.into(),
        toml::Value::Float(number) => {
            return Err(Mistake::new(key, format!("`{number}`, which JSON lacks")));
        }
        toml::Value::Datetime(_) => {
            return Err(Mistake::new(key, "a date or time, which JSON lacks"));
        }
        toml::Value::Array(items) => {
            let items = items.into_iter().enumerate();
            items
                .map(|(position, item)| json(&format!("{key}[{position}]"), item))
                .collect::<Result<_, _>>()?
        }
        toml::Value::Table(members) => members
            .into_iter()
            .map(|(name, value)| Ok((name.clone(), json(&format!("{key}.{name}"), value)?)))
            .collect::<Result<_, _>>()?,
    })
}

fn limits(typed: &document::Limits) -> Result<Limits, Mistake> {
    let values = [
        typed.concurrency,
        typed.requests_per_second,
        typed.timeout_ms,
        typed.answer_bytes_max,
        typed.outage_ms,
    ];
    let mut limits = Limits::default();
    for (limit, value) in LIMITS.iter().zip(values) {
        if let Some(value) = value {
            limit
                .apply(&mut limits, value)
                .map_err(|problem| Mistake::new(format!("limits.{}", limit.key), problem))?;
        }
    }
    Ok(limits)
}

fn waiver(key: &str, typed: document::Waiver, known: &[&str]) -> Result<Waiver, Mistake> {
    let rule = RuleId::parse(&typed.rule).ok_or_else(|| unknown_rule(key, &typed.rule))?;
    not_empty(format!("{key}.reason"), &typed.reason)?;
    let optional = [
        ("property", &typed.property),
        ("cause", &typed.cause),
        ("owner", &typed.owner),
    ];
    for (name, text) in optional {
        if let Some(text) = text {
            not_empty(format!("{key}.{name}"), text)?;
        }
    }
    if let Some(pattern) = &typed.property {
        can_match(&format!("{key}.property"), pattern, known)?;
    }
    let expires = typed
        .expires
        .map(|value| date(&format!("{key}.expires"), &value))
        .transpose()?;
    Ok(Waiver {
        rule,
        property: typed.property,
        cause: typed.cause,
        reason: typed.reason,
        owner: typed.owner,
        expires,
    })
}

/// Refuses a pattern that no property's id can match: what it was to cover would
/// fail the gate, or nobody would ever learn that it covers nothing.
fn can_match(key: &str, pattern: &str, known: &[&str]) -> Result<(), Mistake> {
    let covers = |id: &&str| names_property(pattern, id);
    if known.is_empty() || known.iter().any(covers) {
        return Ok(());
    }
    let prefix = pattern.strip_suffix('*').unwrap_or(pattern);
    let is_start = prefix.len() < pattern.len();
    let families = known.iter().filter_map(|id| id.split_inclusive('/').next());
    let families: BTreeSet<String> = families.map(|family| format!("{family}*")).collect();
    let starts = known.iter().map(|id| (*id).to_owned());
    let all: Vec<String> = starts.chain(families.iter().cloned()).collect();
    let begun = |id: &&&str| !prefix.is_empty() && id.starts_with(prefix);
    let near: Vec<String> = match known.iter().find(begun) {
        // Somebody who writes the start of an id means what starts so.
        Some(_) if !is_start => {
            let family = format!("{}/*", pattern.trim_end_matches('/'));
            let whole = families.contains(&family);
            vec![if whole { family } else { format!("{pattern}*") }]
        }
        _ => {
            let near = keys::near(pattern, all.iter().map(String::as_str));
            near.into_iter()
                .take(HINTS_MAX)
                .map(str::to_owned)
                .collect()
        }
    };
    let problem = format!("no property's id matches `{pattern}`");
    let accepted = keys::accepted(key);
    let remedy = if near.is_empty() {
        format!(
            "accepted: {accepted}; the families are {}",
            keys::listed(families.iter().map(String::as_str))
        )
    } else {
        format!(
            "did you mean {}? accepted: {accepted}",
            keys::listed(near.iter().map(String::as_str))
        )
    };
    Err(Mistake::with_remedy(key, problem, remedy))
}

/// More would be a list to search, not a hint.
const HINTS_MAX: usize = 3;

fn unknown_rule(key: &str, typed: &str) -> Mistake {
    let key = format!("{key}.rule");
    let problem = format!("unknown rule `{typed}`");
    let near = keys::near(typed, rules::RULES.iter().map(|rule| rule.id.as_str()));
    if near.is_empty() {
        return Mistake::new(key, problem);
    }
    let near = keys::listed(near.into_iter().take(HINTS_MAX));
    let remedy = format!("did you mean {near}? accepted: {}", keys::accepted(&key));
    Mistake::with_remedy(key, problem, remedy)
}

fn date(key: &str, value: &toml::Value) -> Result<Date, Mistake> {
    let text = match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Datetime(moment) => moment.to_string(),
        _ => return Err(Mistake::new(key, "neither a date nor a string")),
    };
    let date = text.parse();
    date.map_err(|_| Mistake::new(key, format!("`{text}` is not a day of the calendar")))
}

/// Refuses a text that is empty or nothing but white space.
pub(super) fn not_empty(key: String, text: &str) -> Result<(), Mistake> {
    if text.trim().is_empty() {
        return Err(Mistake::new(key, "empty"));
    }
    Ok(())
}

/// Reads each element of the list `name` under its key, `name[0]` and on.
fn numbered<T, U>(
    name: &str,
    typed: Vec<T>,
    read: impl Fn(&str, T) -> Result<U, Mistake>,
) -> Result<Vec<U>, Mistake> {
    let numbered = typed.into_iter().enumerate();
    numbered
        .map(|(position, typed)| read(&format!("{name}[{position}]"), typed))
        .collect()
}
