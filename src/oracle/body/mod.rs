//! What the body says (REP): from its bytes to breaches, features and the
//! effect that acceptance has.

mod mailbox;
mod members;
mod uri;
mod value;

use super::effect::{self, AddedObject, Effect, ModifiedObject};
use super::expectation::{AnswerKind, Expectation};
use super::fields;
use super::json::{self, Json};
use super::known::{Asked, Known};
use super::label::Charset;
use crate::contract::representation::BULK_UPDATE;
use crate::contract::rules;
use members::Members;

pub(crate) use uri::is_uri_like;

const BAD: &[AnswerKind] = &[AnswerKind::BadRequest];
const MALFORMED: &[AnswerKind] = &[AnswerKind::Malformed];

/// From how many ids on a list in `remove` is told by REP-15.
const LONG_REMOVE: usize = 20;

/// Adds what the body deserves.
pub(super) fn examine(
    asked: &Asked<'_>,
    known: &Known<'_>,
    charset: Charset,
    expectation: &mut Expectation,
) {
    // In ASCII, the charsets that servers know are one.
    let text_is_open =
        charset == Charset::Other && (!asked.body.is_ascii() || asked.body.contains(&0));
    let document = match json::parse(asked.body) {
        Ok(document) => document,
        Err(json::NotJson(why)) => {
            let what = format!("not JSON: {why}");
            if text_is_open {
                expectation.maybe(rules::REP_2, what, MALFORMED);
            } else {
                expectation.breach(rules::REP_2, what, MALFORMED);
            }
            "a body that is not JSON".clone_into(&mut expectation.does);
            return;
        }
    };
    if document.byte_order_mark {
        expectation.maybe(rules::REP_2, "a UTF-8 byte order mark", MALFORMED);
    }
    if document.lone_surrogate {
        expectation.maybe(rules::REP_2, "a lone surrogate escape", BAD);
    }
    let Json::Object(members) = &document.value else {
        let what = format!("{} in place of an object", document.value.type_name());
        expectation.breach(rules::REP_3, what, MALFORMED);
        "JSON that is not an object".clone_into(&mut expectation.does);
        return;
    };
    let mut reader = Reader {
        expectation,
        ambiguous: document.lone_surrogate || text_is_open,
    };
    let mut effect = reader.update(members);
    effect.ambiguous = reader.ambiguous;
    effect::examine_ids(&mut effect, known, expectation);
    fields::examine(&mut effect, known, expectation);
    describe(members, &effect, expectation);
    expectation.effect = Some(effect);
}

/// Names what the request does, and the features that follow from the whole.
fn describe(members: &[(String, Json)], effect: &Effect, expectation: &mut Expectation) {
    let mut does = Vec::new();
    for (name, count) in [
        ("add", effect.added.len()),
        ("modify", effect.modified.len()),
        ("remove", effect.removed.len()),
    ] {
        match count {
            0 => {}
            1 => does.push(name.to_owned()),
            _ => does.push(format!("{name} several")),
        }
    }
    if effect.removed.len() >= LONG_REMOVE {
        expectation.feature(rules::REP_15, "a long list in remove", true);
    }
    let lists_only = members.iter().all(|(_, value)| match value {
        Json::Null => true,
        Json::List(items) => items.is_empty(),
        Json::Text(_) => true,
        _ => false,
    });
    if effect.is_empty() && lists_only {
        expectation.feature(rules::REP_11, "a body with nothing to do", true);
    }
    expectation.does = if does.is_empty() {
        "nothing to do".to_owned()
    } else {
        does.join(" and ")
    };
}

/// Where a property stands: what findings call it, and what depends on it.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Update,
    Added,
    Modified,
}

impl Place {
    const fn list(self) -> &'static str {
        match self {
            Self::Update => "the body",
            Self::Added => "add",
            Self::Modified => "modify",
        }
    }
}

struct Reader<'a> {
    expectation: &'a mut Expectation,
    /// Some part of the body can be understood in several legal ways, so that
    /// its effect cannot be told.
    ambiguous: bool,
}

impl Reader<'_> {
    fn update(&mut self, members: &[(String, Json)]) -> Effect {
        let members = self.members(members, &BULK_UPDATE, Place::Update);
        let mut effect = Effect::default();
        for (name, place) in [("add", Place::Added), ("modify", Place::Modified)] {
            let Some(items) = self.list(&members, name) else {
                continue;
            };
            for item in items {
                let Some((id, wanted)) = self.mailbox(item, place) else {
                    continue;
                };
                match (place, id) {
                    (Place::Modified, Some(id)) => {
                        effect.modified.push(ModifiedObject { id, wanted })
                    }
                    (Place::Modified, None) => {}
                    (_, id) => effect.added.push(AddedObject { id, wanted }),
                }
            }
        }
        for item in self.list(&members, "remove").unwrap_or_default() {
            match item {
                Json::Text(id) => {
                    self.id_text(id, "remove");
                    effect.removed.push(id.clone());
                }
                Json::Null => {
                    self.expectation
                        .breach(rules::REP_5, "null as an element of remove", BAD)
                }
                Json::Boolean(_) | Json::Number(_) => {
                    let what = format!("{} as an element of remove", item.type_name());
                    self.expectation.maybe(
                        rules::REP_4,
                        what,
                        &[AnswerKind::BadRequest, AnswerKind::NotFound],
                    );
                    self.ambiguous = true;
                }
                _ => {
                    let what = format!("{} as an element of remove", item.type_name());
                    self.expectation.breach(rules::REP_4, what, BAD);
                }
            }
        }
        effect
    }

    /// One of the three lists, where it is a list.
    fn list<'a>(&mut self, members: &Members<'a>, name: &'static str) -> Option<&'a [Json]> {
        match members.found.get(name)? {
            Json::List(items) => Some(items),
            Json::Null => {
                self.expectation
                    .feature(rules::REP_6, format!("null for {name}"), true);
                None
            }
            other => {
                let what = format!("{} for {name}", other.type_name());
                self.expectation.breach(rules::REP_4, what, BAD);
                None
            }
        }
    }
}
