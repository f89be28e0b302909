//! Whether a mailbox may have the folder it has (FLD-1 to FLD-4, FLD-7).

use crate::contract::enums::is_inbound;
use crate::contract::representation::MonitoredMailbox;

use super::store::{Directory, Mailbox};
use super::switches::Switches;
use super::{Fault, Variant};

/// A mailbox as an update would leave it, and how it came to that.
pub(super) struct Candidate<'a> {
    /// Its place in its list.
    pub(super) index: usize,
    /// What the client gave.
    pub(super) given: &'a MonitoredMailbox,
    /// What was stored; nothing where the mailbox is added.
    pub(super) before: Option<&'a Mailbox>,
    /// What would be stored.
    pub(super) after: &'a mut Mailbox,
}

/// Whether the folder fits, after what a lenient server does to make it fit.
pub(super) fn fits(switches: &Switches, directory: &Directory, candidate: Candidate<'_>) -> bool {
    let has = |fault| switches.has(fault);
    let Candidate {
        index,
        given,
        before,
        after,
    } = candidate;
    let Some(folder) = after.folder.clone() else {
        return !(has(Fault::FolderlessRefused) && is_inbound(after.mailbox_type));
    };
    if has(Fault::FirstFolderOnly) && index > 0 {
        return true;
    }
    if !is_inbound(after.mailbox_type) {
        let by_type_alone = given.inbound_folder.is_absent();
        let clears = by_type_alone && switches.varies(Variant::TypeChangeClears)
            || !by_type_alone && has(Fault::OutboundFolderDropped);
        if clears {
            after.folder = None;
        }
        return clears
            || by_type_alone && has(Fault::TypeChangeKeepsFolder)
            || before.is_none() && has(Fault::OutboundFolderAdded)
            || before.is_some() && has(Fault::OutboundFolderModified)
            || given.mailbox_type.is_absent() && has(Fault::StoredTypeForgotten);
    }
    if has(Fault::BothWaysRefused) && after.mailbox_type == 2
        || has(Fault::SlashInFolderRefused) && folder.contains('/')
    {
        return false;
    }
    let by_moniker_alone = given.inbound_folder.is_absent() && before.is_some();
    let unchecked = has(Fault::UnknownFolderAdded) && before.is_none()
        || has(Fault::UnknownFolderModified) && before.is_some()
        || has(Fault::BothWaysUnchecked) && after.mailbox_type == 2
        || has(Fault::MonikerChangeUnchecked) && by_moniker_alone;
    let moniker = match before {
        Some(before) if has(Fault::OldMonikerChecked) => &before.moniker,
        _ => &after.moniker,
    };
    if unchecked || exists(switches, directory, moniker, &folder) {
        return true;
    }
    let clears = has(Fault::MonikerChangeClears) && by_moniker_alone;
    if clears {
        after.folder = None;
    }
    clears
}

/// A mailbox that the server does not know may have any folder.
fn exists(switches: &Switches, directory: &Directory, moniker: &str, folder: &str) -> bool {
    let Some(folders) = directory.folders(moniker) else {
        return true;
    };
    folders.contains(folder)
        || switches.has(Fault::FolderlessMailboxUnchecked) && folders.is_empty()
        || switches.has(Fault::FolderOfAnyMailbox) && directory.any_has(folder)
        || switches.has(Fault::FolderPrefixAccepted)
            && folders
                .iter()
                .any(|known| folder.starts_with(known.as_str()))
        || switches.varies(Variant::FoldersIgnoreCase)
            && folders
                .iter()
                .any(|known| known.to_lowercase() == folder.to_lowercase())
}
