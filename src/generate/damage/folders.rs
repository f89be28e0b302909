//! Folders where they do not belong, and names that only look like theirs.

use crate::contract::representation::Field;
use crate::generate::fixtures::Fixtures;
use crate::generate::mailbox::Shape;

/// Folders where they do not belong (FLD-1, FLD-2), as shapes.
pub fn folder_damages(fixtures: &Fixtures) -> Vec<(String, Shape)> {
    let mut all = Vec::new();
    let plain = Shape::plain(fixtures);
    for (moniker, folder) in fixtures.places() {
        all.push((
            "a folder on an outbound mailbox".to_owned(),
            Shape {
                moniker: moniker.to_owned(),
                folder: Field::Value(folder.to_owned()),
                ..plain.clone()
            },
        ));
    }
    for mailbox_type in [0, 2] {
        for (moniker, _) in &fixtures.mailboxes {
            all.push((
                "a folder that no mailbox has".to_owned(),
                Shape {
                    moniker: moniker.clone(),
                    mailbox_type,
                    folder: Field::Value(fixtures.missing_folder()),
                    ..plain.clone()
                },
            ));
        }
    }
    // One inbound type each: the moves are many.
    let types = [0, 2].into_iter().cycle();
    for ((_, folder, other), mailbox_type) in fixtures.folder_losing_moves().into_iter().zip(types)
    {
        all.push((
            "a folder of another mailbox".to_owned(),
            Shape {
                moniker: other.to_owned(),
                mailbox_type,
                folder: Field::Value(folder.to_owned()),
                ..plain.clone()
            },
        ));
    }
    all
}

/// Makes a name that looks like that of a folder.
type Alike = fn(&str) -> String;

/// How a name looks like a folder's and is another: none of them leaves it at
/// another case, which is open (FLD-2).
const NEAR_FOLDERS: &[Alike] = &[
    |folder| format!(" {folder}"),
    |folder| format!("{folder} "),
    |folder| format!("{folder} 2"),
    |folder| format!("Other {folder}"),
    |folder| part(folder, 0, 1),
    |folder| part(folder, 1, 2),
    |folder| format!("{} {}", part(folder, 0, 1), part(folder, 1, 2)),
    |folder| folder.rsplit('/').next().unwrap_or(folder).to_owned(),
    |folder| format!("{folder}/{folder}"),
    |folder| format!("{folder}{}", " and more".repeat(30)),
    |folder| format!("\"{folder}\""),
    |folder| format!("{folder}{}", "\u{fc}\u{1f4e8}".repeat(40)),
    |_| "*".to_owned(),
    |folder| format!("/{folder}/"),
    |folder| {
        format!(
            "{}{}",
            part(folder, 0, 1),
            "x".repeat(part(folder, 1, 2).chars().count())
        )
    },
    |_| "null".to_owned(),
];

/// From one half of a text to another.
fn part(text: &str, from: usize, to: usize) -> String {
    let half = text.chars().count().div_ceil(2);
    text.chars()
        .skip(from * half)
        .take((to - from) * half)
        .collect()
}

/// Monikers with folder names that they lack, each much like one that they
/// have: all of them at the plainest place, some at every other.
pub fn near_folders(fixtures: &Fixtures) -> Vec<(String, String)> {
    let plainest = fixtures.plainest_place();
    let mut all = Vec::new();
    for (at, (moniker, folder)) in fixtures.places().into_iter().enumerate() {
        for (number, alike) in NEAR_FOLDERS.iter().enumerate() {
            // Names with several parts are alike in more ways.
            let worthwhile = plainest == Some((moniker, folder))
                || folder.contains('/')
                || (at + number).is_multiple_of(4);
            let near = alike(folder);
            let is_new = || {
                !all.iter()
                    .any(|(known, name)| known == moniker && *name == near)
            };
            if worthwhile && !near.is_empty() && fixtures.lacks(moniker, &near) && is_new() {
                all.push((moniker.to_owned(), near));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_folder_is_one_that_its_mailbox_lacks() {
        let fixtures = Fixtures::for_tests();
        let near = near_folders(&fixtures);
        for (moniker, folder) in &near {
            assert!(fixtures.lacks(moniker, folder), "{moniker} {folder}");
        }
        for folder in [" Inbox", "Inbox 2", "Inb", "Inbox/Inbox"] {
            let known =
                |(moniker, name): &(String, String)| moniker == "EX:a@t.test" && name == folder;
            assert!(near.iter().any(known), "{folder}");
        }
    }
}
