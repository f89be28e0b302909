//! Valid mailboxes by construction: every type with every legal folder, every
//! property left out, null or present where that is legal.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::fixtures::Fixtures;
use super::text;
use crate::contract::representation::{ConfigurationId, Field, MonitoredMailbox};

/// The domain of every plain address.
pub const DOMAIN: &str = "acme.test";

/// The ids and addresses of one case: they share a tag, so that no two cases
/// mean the same object even when an earlier one left something behind.
#[derive(Clone, Debug)]
pub struct Names {
    tag: String,
}

impl Names {
    /// The names of that tag.
    pub fn new(tag: u16) -> Self {
        Self {
            tag: format!("m{tag:04x}"),
        }
    }

    /// The same text with the names of the tag that many further on: a case that
    /// is played again means other objects, even where earlier ones could not be
    /// removed.
    pub fn renamed(text: &str, by: u16) -> String {
        let mut renamed = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('m') {
            let digits = rest.get(at + 1..at + 5).filter(|digits| {
                rest.as_bytes().get(at + 5) == Some(&b'-')
                    && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            });
            let tag = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
            renamed.push_str(&rest[..at]);
            match tag {
                Some(tag) => {
                    renamed.push_str(&Self::new(tag.wrapping_add(by)).tag);
                    rest = &rest[at + 5..];
                }
                None => {
                    renamed.push('m');
                    rest = &rest[at + 1..];
                }
            }
        }
        renamed.push_str(rest);
        renamed
    }

    /// Whether an address can only be one of ours: left behind by a run that
    /// was killed.
    pub fn is_ours(address: &str) -> bool {
        Self::id_of(address).is_some()
    }

    /// The id of the object that an address of ours belongs to.
    pub fn id_of(address: &str) -> Option<&str> {
        let id = address.strip_suffix(DOMAIN)?.strip_suffix('@')?;
        let (tag, number) = id.strip_prefix('m')?.split_once('-')?;
        let is_tag = tag.len() == 4 && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_tag && number.parse::<usize>().is_ok()).then_some(id)
    }

    /// Whether a name of a case stands in a text, whatever its letters' case: as a
    /// word of its own, so that no longer word of somebody else's is taken for one.
    pub fn are_in(text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let bytes = text.as_bytes();
        let is_name = |(start, part): (usize, &[u8])| {
            part[0] == b'm'
                && part[5] == b'-'
                && part[1..5].iter().all(u8::is_ascii_hexdigit)
                && part[6].is_ascii_digit()
                && !(start > 0 && bytes[start - 1].is_ascii_alphanumeric())
        };
        bytes.windows(7).enumerate().any(is_name)
    }

    /// The id of the case's n-th object.
    pub fn id(&self, number: usize) -> String {
        format!("{}-{number}", self.tag)
    }

    /// An id that is a number, of five digits or six.
    pub fn number(&self) -> u32 {
        let tag = self.tag.strip_prefix('m').unwrap_or_default();
        80_000 + u32::from_str_radix(tag, 16).unwrap_or_default()
    }

    /// The address of the case's n-th object; every object has one of its own,
    /// so that it can be found by content (EFF-7).
    pub fn address(&self, number: usize) -> String {
        format!("{}-{number}@{DOMAIN}", self.tag)
    }
}

/// A fresh tag for each case.
pub fn names() -> impl Strategy<Value = Names> {
    any::<u16>().prop_map(Names::new)
}

/// The shape of a mailbox, before it has a name.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Its moniker.
    pub moniker: String,
    /// 0, 1 or 2.
    pub mailbox_type: u16,
    /// What it says about its folder.
    pub folder: Field<String>,
    /// What it says about encryption.
    pub encrypted: Field<bool>,
    /// What its configurationId says about its name.
    pub display_name: Field<String>,
}

impl Shape {
    /// The plainest mailbox: outbound, without a folder.
    pub fn plain(fixtures: &Fixtures) -> Self {
        Self {
            moniker: fixtures.plainest_moniker().to_owned(),
            mailbox_type: 1,
            folder: Field::Absent,
            encrypted: Field::Absent,
            display_name: Field::Absent,
        }
    }

    /// An inbound mailbox with the plainest folder, where there is one.
    pub fn inbound(fixtures: &Fixtures) -> Self {
        let plain = Self::plain(fixtures);
        match fixtures.plainest_place() {
            Some((moniker, folder)) => Self {
                moniker: moniker.to_owned(),
                mailbox_type: 0,
                folder: Field::Value(folder.to_owned()),
                ..plain
            },
            None => Self {
                mailbox_type: 0,
                ..plain
            },
        }
    }

    /// The mailbox under its name, with the address of another number.
    pub fn readdressed(&self, names: &Names, number: usize, address: usize) -> MonitoredMailbox {
        MonitoredMailbox {
            email_address: names.address(address).into(),
            ..self.named(names, number)
        }
    }

    /// The mailbox under its name.
    pub fn named(&self, names: &Names, number: usize) -> MonitoredMailbox {
        MonitoredMailbox {
            configuration_id: Field::Value(ConfigurationId {
                id: names.id(number),
                display_name: self.display_name.clone(),
                uri: Field::Absent,
            }),
            email_address: Field::Value(names.address(number)),
            mailbox_moniker: Field::Value(self.moniker.clone()),
            mailbox_type: Field::Value(self.mailbox_type),
            inbound_folder: self.folder.clone(),
            can_receive_encrypted_email: self.encrypted.clone(),
        }
    }
}

/// Left out, null, or a value.
pub fn field<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Field<T>> {
    (any::<bool>(), option::of(value)).prop_map(|(null, value)| match (value, null) {
        (Some(value), _) => Field::Value(value),
        (None, true) => Field::Null,
        (None, false) => Field::Absent,
    })
}

/// Every valid shape.
pub fn shape(fixtures: &Fixtures) -> BoxedStrategy<Shape> {
    let monikers: Vec<String> = fixtures
        .mailboxes
        .iter()
        .map(|(moniker, _)| moniker.clone())
        .collect();
    let outbound = select(monikers.clone()).prop_map(|moniker| (moniker, None));
    let mut folders: Vec<(String, Option<String>)> = fixtures
        .places()
        .into_iter()
        .map(|(moniker, folder)| (moniker.to_owned(), Some(folder.to_owned())))
        .collect();
    folders.extend(monikers.into_iter().map(|moniker| (moniker, None)));
    let inbound = select(folders);
    let place = prop_oneof![
        1 => outbound.prop_map(|place| (1, place)),
        2 => (select(vec![0_u16, 2]), inbound),
    ];
    (
        place,
        any::<bool>(),
        field(any::<bool>()),
        field(text::display_name()),
    )
        .prop_map(
            |((mailbox_type, (moniker, folder)), null, encrypted, display_name)| Shape {
                moniker,
                mailbox_type,
                folder: match (folder, null) {
                    (Some(folder), _) => Field::Value(folder),
                    (None, true) => Field::Null,
                    (None, false) => Field::Absent,
                },
                encrypted,
                display_name,
            },
        )
        .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renamed_names_are_the_names_of_the_next_tag() {
        let (old, new) = (Names::new(0x0a0f), Names::new(0x0a10));
        let text = |names: &Names| format!("é {} mm {} m12", names.id(3), names.address(4));
        assert_eq!(Names::renamed(&text(&old), 1), text(&new));
        assert!(Names::is_ours(&new.address(4)) && !Names::is_ours("a@acme.test"));
    }
}
