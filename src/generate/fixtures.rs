//! What the generators may rely on at the target: its mailboxes and the ids
//! that are sure not to exist.

/// The target's fixtures, as its profile declares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixtures {
    /// Every moniker with its folders, in the profile's order.
    pub mailboxes: Vec<(String, Vec<String>)>,
    /// Workgroup ids that are sure not to exist; may be empty.
    pub absent: Vec<String>,
}

impl Fixtures {
    /// Every moniker with each of its folders.
    pub fn places(&self) -> Vec<(&str, &str)> {
        self.mailboxes
            .iter()
            .flat_map(|(moniker, folders)| {
                folders
                    .iter()
                    .map(move |folder| (moniker.as_str(), folder.as_str()))
            })
            .collect()
    }

    /// The plainest place: a moniker and a folder of plain ASCII, if any.
    pub fn plainest_place(&self) -> Option<(&str, &str)> {
        let places = self.places();
        places
            .iter()
            .find(|(moniker, folder)| moniker.is_ascii() && folder.is_ascii())
            .or(places.first())
            .copied()
    }

    /// The plainest moniker.
    pub fn plainest_moniker(&self) -> &str {
        self.mailboxes
            .iter()
            .map(|(moniker, _)| moniker.as_str())
            .find(|moniker| moniker.is_ascii())
            .or(self.mailboxes.first().map(|(moniker, _)| moniker.as_str()))
            .unwrap_or_default()
    }

    /// A folder name that clearly no mailbox has.
    pub fn missing_folder(&self) -> String {
        let mut name = "No such folder".to_owned();
        while self
            .places()
            .iter()
            .any(|(_, folder)| folder.to_lowercase().starts_with(&name.to_lowercase()))
        {
            name.push_str(" at all");
        }
        name
    }

    /// Moves from one moniker to another that lacks the folder: the first
    /// moniker, its folder, the other moniker.
    pub fn folder_losing_moves(&self) -> Vec<(&str, &str, &str)> {
        let mut moves = Vec::new();
        for (moniker, folder) in self.places() {
            for (other, folders) in &self.mailboxes {
                let near = |known: &String| known.to_lowercase() == folder.to_lowercase();
                if other != moniker && !folders.iter().any(near) {
                    moves.push((moniker, folder, other.as_str()));
                }
            }
        }
        moves
    }

    /// Moves from one moniker to another that has the folder as well: the
    /// first moniker, the folder, the other moniker.
    pub fn folder_keeping_moves(&self) -> Vec<(&str, &str, &str)> {
        let places = self.places();
        let moves = places.iter().flat_map(|(moniker, folder)| {
            let has_it = places
                .iter()
                .filter(move |(other, same)| other != moniker && same == folder);
            has_it.map(move |(other, _)| (*moniker, *folder, *other))
        });
        moves.collect()
    }

    /// Whether a known mailbox has no folder of that name, in any case.
    pub fn lacks(&self, moniker: &str, folder: &str) -> bool {
        !self
            .places()
            .iter()
            .any(|(known, name)| *known == moniker && name.to_lowercase() == folder.to_lowercase())
    }

    /// A workgroup id that does not exist.
    pub fn absent_workgroup(&self) -> &str {
        self.absent
            .first()
            .map_or("no-such-workgroup", String::as_str)
    }
}

#[cfg(test)]
impl Fixtures {
    /// A small set for unit tests.
    pub(crate) fn for_tests() -> Self {
        let folders = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            mailboxes: vec![
                ("EX:a@t.test".to_owned(), folders(&["Inbox", "Escalations"])),
                ("EX:b@t.test".to_owned(), folders(&["Inbox"])),
                ("EX:c@t.test".to_owned(), Vec::new()),
            ],
            absent: vec!["no-such-workgroup".to_owned()],
        }
    }
}
