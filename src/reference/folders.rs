//! Whether a mailbox may have the folder it has (FLD-1 to FLD-4, FLD-7).

use crate::contract::enums::is_inbound;
use crate::contract::representation::{Field, MonitoredMailbox};

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
        return !refuses_none(switches, given, before, after);
    };
    if has(Fault::FirstFolderOnly) && index > 0
        || has(Fault::EleventhFolderUnchecked) && index >= 10
        || has(Fault::FolderAloneUnchecked) && before.is_some() && gives_folder_alone(given)
    {
        return true;
    }
    let checked_type = match before {
        Some(before) if has(Fault::OldTypeChecked) => before.mailbox_type,
        _ => after.mailbox_type,
    };
    if !is_inbound(checked_type) {
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
            || given.mailbox_type.is_absent() && has(Fault::StoredTypeForgotten)
            || has(Fault::OutboundExistingFolder)
                && exists(switches, directory, &after.moniker, &folder);
    }
    if has(Fault::BothWaysRefused) && after.mailbox_type == 2
        || has(Fault::SlashInFolderRefused) && before.is_none() && folder.contains('/')
    {
        return false;
    }
    let by_moniker_alone = given.inbound_folder.is_absent() && before.is_some();
    let unchecked = has(Fault::UnknownFolderAdded) && before.is_none()
        || has(Fault::UnknownFolderModified) && before.is_some()
        || has(Fault::BothWaysUnchecked) && after.mailbox_type == 2
        || has(Fault::MonikerChangeUnchecked) && by_moniker_alone
        || has(Fault::BothWaysMonikerUnchecked) && by_moniker_alone && after.mailbox_type == 2
        || has(Fault::MonikerBesideUnchecked)
            && by_moniker_alone
            && !given.mailbox_type.is_absent()
        || has(Fault::LongFolderUnchecked) && folder.chars().count() > 64;
    let moniker = match before {
        Some(before) if has(Fault::OldMonikerChecked) => &before.moniker,
        _ => &after.moniker,
    };
    if unchecked || exists(switches, directory, moniker, &folder) {
        return true;
    }
    let folderless = || {
        let folders = directory.folders(&after.moniker);
        folders.is_some_and(std::collections::BTreeSet::is_empty)
    };
    let clears = has(Fault::MonikerChangeClears) && by_moniker_alone
        || has(Fault::UnknownFolderDropped) && !by_moniker_alone
        || has(Fault::MonikerToFolderlessClears) && by_moniker_alone && folderless();
    if clears {
        after.folder = None;
    }
    clears
}

fn gives_folder_alone(given: &MonitoredMailbox) -> bool {
    !given.inbound_folder.is_absent()
        && given.email_address.is_absent()
        && given.mailbox_moniker.is_absent()
        && given.mailbox_type.is_absent()
        && given.can_receive_encrypted_email.is_absent()
}

/// Faults that insist on a folder.
fn refuses_none(
    switches: &Switches,
    given: &MonitoredMailbox,
    before: Option<&Mailbox>,
    after: &Mailbox,
) -> bool {
    let has = |fault| switches.has(fault);
    let had = before.is_some_and(|before| before.folder.is_some());
    has(Fault::FolderlessRefused) && is_inbound(after.mailbox_type)
        || has(Fault::InboundNeedsFolder) && after.mailbox_type == 0
        || has(Fault::BothWaysNeedsFolder) && after.mailbox_type == 2
        || has(Fault::FolderNotClearable)
            && had
            && given.inbound_folder == Field::Null
            && is_inbound(after.mailbox_type)
}

/// A mailbox that the server does not know may have any folder.
fn exists(switches: &Switches, directory: &Directory, moniker: &str, folder: &str) -> bool {
    let Some(folders) = directory.folders(moniker) else {
        return !switches.varies(Variant::UnknownMonikerFolderRefused);
    };
    if switches.has(Fault::FolderCacheByName) && directory.has_met(folder) {
        return true;
    }
    if folders.contains(folder) {
        directory.meet(switches, folder);
        return true;
    }
    let any = |alike: fn(&str, &str) -> bool| folders.iter().any(|known| alike(folder, known));
    if switches.has(Fault::FolderAncestorAccepted)
        && any(|folder, known| !folder.is_empty() && known.starts_with(folder))
        || switches.has(Fault::FolderLastSegmentAccepted)
            && any(|folder, known| known.rsplit('/').next() == Some(folder))
        || switches.has(Fault::FolderSpacesIgnored) && any(|folder, known| folder.trim() == known)
    {
        return true;
    }
    switches.has(Fault::FolderlessMailboxUnchecked) && folders.is_empty()
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
