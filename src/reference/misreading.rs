//! Updates that a server reads for something else than what was asked: one
//! row for each misreading.

mod changes;

use std::collections::BTreeMap;

use crate::contract::representation::BulkUpdate;
use crate::contract::representation::{ConfigurationId, Field, MonitoredMailbox};

use super::Fault;
use super::decode::{listed, removed};
use super::store::{Mailbox, Workgroup};
use super::switches::Switches;

/// What the server makes of an update.
pub(super) fn misread(
    switches: &Switches,
    update: &BulkUpdate,
    held: &Workgroup,
    gone: Option<&BTreeMap<String, Mailbox>>,
    last_added: Option<&MonitoredMailbox>,
) -> BulkUpdate {
    let mut update = update.clone();
    for (fault, misreading) in ROWS.iter().chain(changes::ROWS) {
        if switches.has(*fault) {
            misreading(&mut update, held);
        }
    }
    if let Some(gone) = gone {
        misread_by_what_is_gone(switches, &mut update, held, gone);
    }
    if switches.has(Fault::LastRequestLeaks)
        && let Some(last) = last_added
    {
        for added in list(&mut update.add) {
            inherit(
                &mut added.can_receive_encrypted_email,
                &last.can_receive_encrypted_email,
            );
        }
    }
    update
}

type Misreading = fn(&mut BulkUpdate, &Workgroup);

const ROWS: &[(Fault, Misreading)] = &[
    (Fault::RemoveCutAt100, |u, _| cut(&mut u.remove, 100)),
    (Fault::RemoveCutAt1000, |u, _| cut(&mut u.remove, 1000)),
    (Fault::FirstRemoveOnly, |u, _| cut(&mut u.remove, 1)),
    (Fault::AddsCutAt50, |u, _| cut(&mut u.add, 50)),
    (Fault::ModifiesCutAt10, |u, _| cut(&mut u.modify, 10)),
    (Fault::RemoveSkipsNeighbours, |u, _| {
        let mut place = 0;
        if let Field::Value(ids) = &mut u.remove {
            ids.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
    }),
    (Fault::RemoveForgottenBesideAdd, |u, _| {
        if !listed(&u.add).is_empty() {
            u.remove = Field::Absent;
        }
    }),
    (Fault::RemoveForgottenBesideModify, |u, _| {
        if !listed(&u.modify).is_empty() {
            u.remove = Field::Absent;
        }
    }),
    (Fault::ModifyForgottenBesideAdd, |u, _| {
        if !listed(&u.add).is_empty() {
            u.modify = Field::Absent;
        }
    }),
    (Fault::AddForgottenBesideRemove, |u, _| {
        if !removed(u).is_empty() {
            u.add = Field::Absent;
        }
    }),
    (Fault::RemoveSkipsNonAscii, |u, _| {
        skip_ids(u, |id| !id.is_ascii())
    }),
    (Fault::RemoveSkipsSpaced, |u, _| {
        skip_ids(u, |id| id.contains(' '))
    }),
    (Fault::RemoveSkipsLong, |u, _| {
        skip_ids(u, |id| id.chars().count() > 64)
    }),
    (Fault::RemoveSkipsOdd, |u, _| {
        skip_ids(u, |id| id.contains(['/', '"', '\'', '%']));
    }),
    (Fault::RemoveSkipsOutbound, |u, held| {
        skip_ids(u, |id| {
            held.mailboxes
                .get(id)
                .is_some_and(|held| held.mailbox_type == 1)
        });
    }),
    (Fault::ModifySkipsOdd, |u, _| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        list(&mut u.modify).retain(|given| given.id().is_some_and(|id| id.chars().all(plain)));
    }),
    (Fault::ModifySkipsOutbound, |u, held| {
        list(&mut u.modify).retain(|given| {
            let held = given.id().and_then(|id| held.mailboxes.get(id));
            held.is_none_or(|held| held.mailbox_type != 1)
        });
    }),
    (Fault::FalseIsAbsent, |u, _| {
        for given in list(&mut u.modify) {
            forget(&mut given.can_receive_encrypted_email, |is| !is);
        }
    }),
    (Fault::ZeroIsAbsent, |u, _| {
        for given in list(&mut u.modify) {
            forget(&mut given.mailbox_type, |number| *number == 0);
        }
    }),
    (Fault::EmptyTextIsAbsent, |u, _| {
        for given in list(&mut u.modify) {
            forget(&mut given.email_address, String::is_empty);
        }
    }),
    (Fault::NullEncryptedByType, |u, _| {
        for given in list(&mut u.add).iter_mut() {
            let outbound = given.mailbox_type == Field::Value(1);
            if given.can_receive_encrypted_email == Field::Null && outbound {
                given.can_receive_encrypted_email = Field::Value(true);
            }
        }
    }),
    (Fault::NullKeepsBesideFolder, |u, _| {
        for given in list(&mut u.modify) {
            let beside = given.inbound_folder.value().is_some();
            if given.can_receive_encrypted_email == Field::Null && beside {
                given.can_receive_encrypted_email = Field::Absent;
            }
        }
    }),
    (Fault::AddLeaksPrevious, |u, _| {
        let mut last = Field::Absent;
        for given in list(&mut u.add) {
            inherit(&mut given.can_receive_encrypted_email, &last);
            last.clone_from(&given.can_receive_encrypted_email);
        }
    }),
    (Fault::ModifyLeaksPrevious, |u, _| {
        let mut last = MonitoredMailbox::default();
        for given in list(&mut u.modify) {
            inherit(&mut given.email_address, &last.email_address);
            inherit(
                &mut given.can_receive_encrypted_email,
                &last.can_receive_encrypted_email,
            );
            last.clone_from(given);
        }
    }),
    (Fault::RemoveTrimmed, |u, _| {
        for id in list(&mut u.remove) {
            *id = id.trim().to_owned();
        }
    }),
    (Fault::ModifyTrimmed, |u, held| {
        for given in list(&mut u.modify) {
            if let Field::Value(name) = &mut given.configuration_id
                && !held.mailboxes.contains_key(&name.id)
            {
                name.id = name.id.trim().to_owned();
            }
        }
    }),
    (Fault::RemoveWildcard, |u, held| {
        remove_alike(u, held, |given, known| {
            given.contains(['*', '%']) && is_alike(given, known)
        });
    }),
    (Fault::RemoveBySubstring, |u, held| {
        remove_alike(u, held, |given, known| {
            !given.is_empty() && known.contains(given)
        });
    }),
    (Fault::RemoveByNumber, |u, held| {
        remove_alike(u, held, |given, known| {
            let number = |id: &str| id.trim().parse::<f64>().ok().map(f64::to_bits);
            number(given).is_some() && number(given) == number(known)
        });
    }),
    (Fault::EmptyIdClears, |u, held| {
        remove_alike(u, held, |given, _| given.is_empty());
    }),
    (Fault::RemoveByPlace, |u, held| {
        let placed = removed(u).iter().filter_map(|id| {
            let place = id.parse::<usize>().ok()?;
            held.mailboxes
                .keys()
                .nth(place)
                .filter(|_| !held.mailboxes.contains_key(id))
        });
        let placed: Vec<_> = placed.cloned().collect();
        list(&mut u.remove).extend(placed);
    }),
    (Fault::NullRemoveClears, |u, held| {
        if u.remove == Field::Null {
            u.remove = Field::Value(held.mailboxes.keys().cloned().collect());
        }
    }),
    (Fault::EmptyRemoveClears, |u, held| {
        if u.remove == Field::Value(Vec::new()) {
            u.remove = Field::Value(held.mailboxes.keys().cloned().collect());
        }
    }),
    (Fault::NullAddClears, |u, held| {
        if u.add == Field::Null {
            u.remove = Field::Value(held.mailboxes.keys().cloned().collect());
        }
    }),
    (Fault::ModifyReplacesAll, |u, held| {
        let named: Vec<_> = listed(&u.modify)
            .iter()
            .filter_map(MonitoredMailbox::id)
            .collect();
        if named.is_empty() {
            return;
        }
        let others = held
            .mailboxes
            .keys()
            .filter(|id| !named.contains(&id.as_str()));
        let others: Vec<_> = others.cloned().collect();
        if u.remove.value().is_none() {
            u.remove = Field::Value(Vec::new());
        }
        list(&mut u.remove).extend(others);
    }),
    (Fault::ModifyByEmail, |u, held| {
        for given in list(&mut u.modify) {
            let nameless = given.id().is_none();
            let mut known = held.mailboxes.values();
            let found =
                known.find(|known| given.email_address.value() == Some(&known.email_address));
            if nameless {
                given.configuration_id = Field::Value(ConfigurationId {
                    id: found.map(|known| known.id.clone()).unwrap_or_default(),
                    ..ConfigurationId::default()
                });
            }
        }
    }),
    (Fault::UnknownBesideKnown, |u, held| {
        let known =
            |given: &MonitoredMailbox| given.id().is_some_and(|id| held.mailboxes.contains_key(id));
        if listed(&u.modify).iter().any(known) {
            list(&mut u.modify).retain(known);
        }
    }),
    (Fault::UnknownInEmpty, |u, held| {
        if held.mailboxes.is_empty() && !listed(&u.modify).is_empty() {
            u.modify = Field::Absent;
        }
    }),
    (Fault::SameAddIgnored, |u, held| {
        list(&mut u.add).retain(|given| {
            let held = given.id().and_then(|id| held.mailboxes.get(id));
            !held.is_some_and(|held| is_same(given, held))
        });
    }),
    (Fault::TwinsApartAccepted, |u, _| {
        let given = listed(&u.add);
        let apart = |place: usize| {
            let twin =
                |later: &MonitoredMailbox| later.id().is_some() && later.id() == given[place].id();
            given.get(place + 2..).unwrap_or_default().iter().any(twin)
        };
        let mut kept: Vec<_> = (0..given.len()).map(|place| !apart(place)).collect();
        kept.reverse();
        list(&mut u.add).retain(|_| kept.pop().unwrap_or(true));
    }),
];

/// Faults that turn on ids that the workgroup once held.
fn misread_by_what_is_gone(
    switches: &Switches,
    update: &mut BulkUpdate,
    held: &Workgroup,
    gone: &BTreeMap<String, Mailbox>,
) {
    if switches.has(Fault::RemovedModifiable) {
        list(&mut update.modify).retain(|given| {
            let id = given.id().unwrap_or_default();
            held.mailboxes.contains_key(id) || !gone.contains_key(id)
        });
    }
    if switches.has(Fault::ReaddRestores) {
        for given in list(&mut update.add) {
            let before = given.id().and_then(|id| gone.get(id));
            let encrypted = before.and_then(|before| before.encrypted);
            let encrypted = encrypted.map_or(Field::Absent, Field::Value);
            inherit(&mut given.can_receive_encrypted_email, &encrypted);
        }
    }
}

/// The items of a list, to be changed; an empty stand-in where it has none.
fn list<T>(field: &mut Field<Vec<T>>) -> &mut Vec<T> {
    if field.value().is_none() {
        *field = Field::Value(Vec::new());
    }
    match field {
        Field::Value(items) => items,
        Field::Absent | Field::Null => unreachable!("a value was put there"),
    }
}

fn skip_ids(update: &mut BulkUpdate, which: impl Fn(&str) -> bool) {
    if let Field::Value(ids) = &mut update.remove {
        ids.retain(|id| !which(id));
    }
}

fn cut<T>(field: &mut Field<Vec<T>>, most: usize) {
    if let Field::Value(items) = field {
        items.truncate(most);
    }
}

fn forget<T>(field: &mut Field<T>, which: impl Fn(&T) -> bool) {
    if field.value().is_some_and(which) {
        *field = Field::Absent;
    }
}

fn inherit<T: Clone>(field: &mut Field<T>, from: &Field<T>) {
    if field.is_absent() {
        field.clone_from(from);
    }
}

fn remove_alike(update: &mut BulkUpdate, held: &Workgroup, alike: fn(&str, &str) -> bool) {
    let given = removed(update);
    let meant = held.mailboxes.keys().filter(|known| {
        let mut given = given.iter();
        given.any(|given| alike(given, known))
    });
    let meant: Vec<_> = meant.cloned().collect();
    if !meant.is_empty() {
        list(&mut update.remove).extend(meant);
    }
}

/// Asterisks and percent signs are any text.
fn is_alike(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split(['*', '%']);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn is_same(given: &MonitoredMailbox, held: &Mailbox) -> bool {
    given.email_address.value() == Some(&held.email_address)
        && given.mailbox_moniker.value() == Some(&held.moniker)
        && given.mailbox_type.value().copied().unwrap_or_default() == held.mailbox_type
        && given.inbound_folder.value() == held.folder.as_ref()
        && given
            .can_receive_encrypted_email
            .value()
            .copied()
            .or(Some(false))
            == held.encrypted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_any_text() {
        assert!(is_alike("a*c%", "abbc") && is_alike("%", "x") && is_alike("*b", "ab"));
        assert!(!is_alike("a*c", "ab") && !is_alike("b%", "ab"));
    }
}
