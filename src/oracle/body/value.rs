//! One value against its property's type (REP-4 to REP-6, REP-10).

use super::super::effect::Wanted;
use super::super::expectation::AnswerKind;
use super::super::json::Json;
use super::uri::is_uri_like;
use super::{BAD, Reader};
use crate::contract::enums::{EnumValue, value_of};
use crate::contract::representation::{Kind, Property, TEXT_BYTES_DOCUMENTED};
use crate::contract::rules;

impl Reader<'_> {
    /// One scalar property: what is wrong with its value, and what it says.
    pub(super) fn property(
        &mut self,
        property: &'static Property,
        value: Option<&Json>,
        list: &str,
    ) -> Wanted {
        let name = property.name;
        match (value, property.kind) {
            (None, _) => Wanted::Absent,
            (Some(Json::Null), _) if property.nullable => {
                self.expectation
                    .feature(rules::REP_6, format!("null for {name} in {list}"), true);
                Wanted::Null
            }
            (Some(Json::Null), _) => {
                let what = format!("null for {name} in {list}");
                if name == "uri" {
                    self.expectation.weak_breach(rules::REP_5, what, BAD);
                } else {
                    self.expectation.breach(rules::REP_5, what, BAD);
                }
                Wanted::Unsure
            }
            (Some(Json::Boolean(flag)), Kind::Boolean) => Wanted::Flag(*flag),
            (Some(Json::Text(text)), Kind::Text | Kind::Uri) => {
                if text.is_empty() {
                    self.expectation
                        .maybe(rules::FLD_9, format!("an empty {name} in {list}"), BAD);
                }
                if text.contains('\0') {
                    self.expectation
                        .maybe(rules::FLD_9, format!("a NUL in {name} in {list}"), BAD);
                }
                if matches!(property.kind, Kind::Uri) && !is_uri_like(text) {
                    let what = format!("a {name} that is no URI in {list}");
                    self.expectation.maybe(rules::REP_4, what, BAD);
                }
                self.length(text, &format!("a long {name} in {list}"));
                Wanted::Text(text.clone())
            }
            (Some(Json::Number(text)), Kind::Enum(table)) => {
                self.enum_number(name, text, table, list)
            }
            (Some(other), _) => {
                self.wrong_type(other, property, list);
                Wanted::Unsure
            }
        }
    }

    /// What is open of an id, wherever it stands (FLD-9, FLD-11).
    pub(super) fn id_text(&mut self, id: &str, list: &str) {
        let odd = |c: char| c.is_control() || is_noncharacter(c);
        let what = if id.is_empty() {
            Some("an empty id")
        } else if id.contains(odd) {
            Some("a control character or a noncharacter in an id")
        } else {
            None
        };
        if let Some(what) = what {
            self.expectation
                .maybe(rules::FLD_9, format!("{what} in {list}"), BAD);
        }
        self.length(id, &format!("a long id in {list}"));
    }

    /// A string that is longer than servers must take (FLD-11).
    fn length(&mut self, text: &str, what: &str) {
        if text.len() > TEXT_BYTES_DOCUMENTED {
            self.expectation
                .maybe(rules::FLD_11, what, &[AnswerKind::Invalid]);
        }
    }

    fn enum_number(
        &mut self,
        name: &str,
        text: &str,
        table: &'static [EnumValue],
        list: &str,
    ) -> Wanted {
        if let Some(value) = text.parse().ok().and_then(|number| value_of(table, number)) {
            return Wanted::Number(value.number);
        }
        if is_value_in_disguise(text, table) {
            self.expectation.maybe(
                rules::REP_10,
                format!("{name} written as a fraction in {list}"),
                BAD,
            );
        } else {
            self.expectation
                .breach(rules::REP_10, format!("{name} out of range in {list}"), BAD);
        }
        Wanted::Unsure
    }

    /// REP-4, and REP-10 for names; answers whether conversion is open.
    pub(super) fn wrong_type(
        &mut self,
        value: &Json,
        property: &'static Property,
        list: &str,
    ) -> bool {
        let name = property.name;
        if let (Json::Text(text), Kind::Enum(table)) = (value, property.kind)
            && table
                .iter()
                .any(|value| value.name.eq_ignore_ascii_case(text.trim()))
        {
            let what = format!("a name for {name} in {list}");
            self.expectation.maybe(rules::REP_10, what, BAD);
            return true;
        }
        let what = format!("{} for {name} in {list}", value.type_name());
        let open = match (value, property.kind) {
            (Json::Number(_) | Json::Boolean(_), Kind::Text | Kind::Uri) => true,
            (Json::Text(text), Kind::Boolean) => {
                ["true", "false"].contains(&text.trim().to_lowercase().as_str())
            }
            (Json::Text(text), Kind::Enum(table)) => is_value_in_disguise(text.trim(), table),
            _ => false,
        };
        if open {
            self.expectation.maybe(rules::REP_4, what, BAD);
        } else if matches!(name, "uri" | "displayName") {
            self.expectation.weak_breach(rules::REP_4, what, BAD);
        } else {
            self.expectation.breach(rules::REP_4, what, BAD);
        }
        open
    }
}

/// A scalar value that Unicode keeps free for ever.
fn is_noncharacter(c: char) -> bool {
    let number = u32::from(c);
    number & 0xfffe == 0xfffe || (0xfdd0..0xfdf0).contains(&number)
}

/// A number that equals a documented value but is not written as an integer:
/// `1.0`, `1e0`, `-0`.
fn is_value_in_disguise(text: &str, table: &[EnumValue]) -> bool {
    text.parse::<f64>()
        .is_ok_and(|number| table.iter().any(|value| f64::from(value.number) == number))
}
