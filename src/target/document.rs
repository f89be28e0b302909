//! A profile as it was typed: its keys and their types, and where each stands.

use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use super::error::Mistake;
use super::keys;

/// The document with the positions of its keys.
pub(super) struct Read<'a> {
    /// What was typed.
    pub(super) document: Document,
    /// Where it was typed.
    pub(super) positions: Positions<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) base_url: Option<String>,
    pub(super) base_url_env: Option<String>,
    #[serde(default)]
    pub(super) tls: Tls,
    pub(super) users: Users,
    pub(super) workgroups: Workgroups,
    #[serde(default)]
    pub(super) mailboxes: Vec<Mailbox>,
    #[serde(default)]
    pub(super) offers: Offers,
    #[serde(default)]
    pub(super) hooks: Hooks,
    #[serde(default)]
    pub(super) limits: Limits,
    #[serde(default)]
    pub(super) waivers: Vec<Waiver>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Tls {
    pub(super) ca: Option<String>,
    pub(super) accept_invalid: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Users {
    pub(super) privileged: User,
    pub(super) restricted: Option<User>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) user_id: String,
    pub(super) password_env: Option<String>,
    pub(super) password_file: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Workgroups {
    pub(super) scratch: Vec<String>,
    #[serde(default)]
    pub(super) absent: Vec<String>,
    #[serde(default)]
    pub(super) allow_occupied: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mailbox {
    pub(super) moniker: String,
    #[serde(default)]
    pub(super) folders: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Offers {
    pub(super) read_back: bool,
    pub(super) features: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Hooks {
    pub(super) expire_session: Option<Hook>,
    pub(super) fail_next: Option<Hook>,
    pub(super) remove_resource: Option<Hook>,
    pub(super) restore_resource: Option<Hook>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hook {
    pub(super) request: Option<Request>,
    pub(super) command: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) json: Option<toml::Value>,
}

/// Signed, so that a negative number is out of range and not of another type.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub(super) concurrency: Option<i64>,
    pub(super) requests_per_second: Option<i64>,
    pub(super) timeout_ms: Option<i64>,
    pub(super) answer_bytes_max: Option<i64>,
    pub(super) outage_ms: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiver {
    pub(super) rule: String,
    pub(super) property: Option<String>,
    pub(super) cause: Option<String>,
    pub(super) reason: String,
    pub(super) owner: Option<String>,
    pub(super) expires: Option<toml::Value>,
}

/// Reads `text` as a document, or says where it is none.
pub(super) fn read(text: &str) -> Result<Read<'_>, Mistake> {
    let root = DeTable::parse(text).map_err(|error| not_toml(text, &error))?;
    let deserializer = toml::Deserializer::from(root.clone());
    let positions = Positions {
        text,
        root: root.into_inner(),
    };
    match serde_path_to_error::deserialize(deserializer) {
        Ok(document) => Ok(Read {
            document,
            positions,
        }),
        Err(error) => Err(not_a_document(&positions, &error)),
    }
}

/// Where the keys of a document stand.
pub(super) struct Positions<'a> {
    text: &'a str,
    root: DeTable<'a>,
}

impl Positions<'_> {
    /// The line, from 1, of the key at `path`, or of the nearest table around
    /// it that was typed.
    pub(super) fn line(&self, path: &str) -> Option<usize> {
        let (span, _) = self.walk(path).last()?;
        Some(line_of(self.text, span.start))
    }

    /// The type of the value at `path`, with its article.
    fn type_of(&self, path: &str) -> Option<&'static str> {
        let (_, value) = self.walk(path).last()?;
        Some(match value {
            DeValue::String(_) => "a string",
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(_) => "a whole number",
                    Err(_) => "a whole number of more than 64 bits",
                }
            }
            DeValue::Float(_) => "a number with a fraction or an exponent",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        })
    }

    /// The keys and elements on the way to `path`, as far as they exist.
    fn walk(&self, path: &str) -> impl Iterator<Item = (Range<usize>, &DeValue<'_>)> {
        let steps = path
            .split(['.', '['])
            .map(|step| step.trim_end_matches(']'));
        let mut here: Option<&DeValue<'_>> = None;
        steps.map_while(move |step| {
            let (span, value) = match here {
                Some(DeValue::Array(items)) => {
                    let item = items.get(step.parse::<usize>().ok()?)?;
                    (item.span(), item.get_ref())
                }
                Some(DeValue::Table(table)) => entry(table, step)?,
                Some(_) => return None,
                None => entry(&self.root, step)?,
            };
            here = Some(value);
            Some((span, value))
        })
    }
}

fn entry<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<(Range<usize>, &'t DeValue<'i>)> {
    let (key, value) = table.get_key_value(key)?;
    Some((key.span(), value.get_ref()))
}

/// Only the parser's message: its full text quotes the line, which may hold a
/// secret.
fn not_toml(text: &str, error: &toml::de::Error) -> Mistake {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or(text);
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let problem = format!("not TOML at column {column} ({})", error.message());
    let remedy = "accepted: TOML, such as `name = \"staging\"`";
    Mistake::with_remedy("", problem, remedy).at_line(Some(line_of(text, start)))
}

/// serde's errors hold no more than a text, so its beginning tells them apart;
/// a test over every kind of mistake keeps this true.
fn not_a_document(
    positions: &Positions<'_>,
    error: &serde_path_to_error::Error<toml::de::Error>,
) -> Mistake {
    let path = error.path().to_string();
    let path = if path == "." { "" } else { &path };
    let message = error.inner().message();
    let mistake = if message.starts_with("unknown field") {
        unknown_key(path, message)
    } else if let Some(name) = message.strip_prefix("missing field") {
        let name = name.trim_matches([' ', '`']);
        let key = [path, name].join(if path.is_empty() { "" } else { "." });
        Mistake::new(key, "missing")
    } else if message.starts_with("invalid type") {
        let found = positions.type_of(path).unwrap_or("of another type");
        Mistake::new(path, format!("is {found}"))
    } else {
        Mistake::new(path, "a value that cannot be read")
    };
    let line = positions.line(&mistake.key);
    mistake.at_line(line)
}

/// `message` is serde's: "unknown field `x`, expected one of `a`, `b`".
fn unknown_key(path: &str, message: &str) -> Mistake {
    let key = path.rsplit('.').next().unwrap_or(path);
    if key == "password" {
        let remedy = "name its source with `password_env` or `password_file`, and change the \
                      password if this file was shared";
        return Mistake::with_remedy(path, "a secret must not stand in the profile", remedy);
    }
    let (_, expected) = message.rsplit_once(", expected ").unwrap_or_default();
    let known: Vec<_> = expected.split('`').skip(1).step_by(2).collect();
    let accepted = format!("accepted: {}", keys::listed(known.iter().copied()));
    let remedy = match keys::near(key, known).first() {
        Some(near) => format!("did you mean `{near}`? {accepted}"),
        None => accepted,
    };
    Mistake::with_remedy(path, "unknown key", remedy)
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
