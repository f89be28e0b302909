//! What a journal says is owed to other targets than the one at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::lease;

/// What is left to be done at one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Its scheme, host and port.
    pub target: String,
    /// Its workgroups that are not in order.
    pub workgroups: Vec<String>,
}

/// What the journal in that folder says is left to be done at other targets than
/// the one with that base URL. Files that are none of a journal say nothing.
pub fn owed_elsewhere(folder: &Path, base_url: &str) -> Vec<Owed> {
    let own = base_url.trim_end_matches('/');
    let mut owed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = files.map(|file| file.path());
    for path in paths.filter(|path| path.extension().is_some_and(|kind| kind == "jsonl")) {
        if let Ok(Some(entry)) = lease::read(&path)
            && entry.target != own
        {
            owed.entry(entry.target)
                .or_default()
                .insert(entry.workgroup);
        }
    }
    let owed = owed.into_iter().map(|(target, workgroups)| Owed {
        target,
        workgroups: workgroups.into_iter().collect(),
    });
    owed.collect()
}
