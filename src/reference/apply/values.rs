//! The values of a mailbox: what it starts with, what an update gives it, and
//! what a faulty server forgets.

use super::Draft;
use crate::contract::representation::{Field, MonitoredMailbox};
use crate::reference::store::Mailbox;
use crate::reference::{Fault, Variant};

impl Draft<'_> {
    /// What an added mailbox is before its values are given.
    pub(super) fn new_mailbox(&self, id: String, given: &MonitoredMailbox) -> Mailbox {
        let named = given.configuration_id.value();
        let display_name = if self.varies(Variant::DisplayNameDropped) {
            None
        } else if self.varies(Variant::DisplayNameReplaced) {
            given.email_address.value().cloned()
        } else {
            named.and_then(|named| named.display_name.value().cloned())
        };
        let uri = named.filter(|_| self.varies(Variant::UriKept));
        let encrypted = if self.has(Fault::AbsentEncryptedIsNull) {
            None
        } else {
            Some(self.has(Fault::AbsentEncryptedIsTrue))
        };
        Mailbox {
            id,
            display_name,
            uri: uri.and_then(|named| named.uri.value().cloned()),
            email_address: String::new(),
            moniker: String::new(),
            mailbox_type: self.default_type(),
            folder: None,
            encrypted,
        }
    }

    /// Takes the given values over. What is left out stays as it is; null is
    /// the default of a property that may be null.
    pub(super) fn assign(
        &self,
        mailbox: &mut Mailbox,
        given: &MonitoredMailbox,
        before: Option<&Mailbox>,
    ) {
        let skips_email = before.is_some() && self.has(Fault::ModifySkipsEmail);
        if let (Field::Value(address), false) = (&given.email_address, skips_email) {
            mailbox.email_address.clone_from(address);
        }
        if let Field::Value(moniker) = &given.mailbox_moniker {
            mailbox.moniker.clone_from(moniker);
        }
        if let Field::Value(mailbox_type) = given.mailbox_type {
            mailbox.mailbox_type = mailbox_type;
        }
        match &given.inbound_folder {
            Field::Value(folder) => mailbox.folder = Some(folder.clone()),
            Field::Null if before.is_some() && self.has(Fault::ModifySkipsNullFolder) => {}
            Field::Null => mailbox.folder = None,
            Field::Absent => {}
        }
        match given.can_receive_encrypted_email {
            Field::Value(encrypted) => mailbox.encrypted = Some(encrypted),
            Field::Null if self.has(Fault::NullEncryptedIsNull) => mailbox.encrypted = None,
            Field::Null if before.is_some() && self.has(Fault::NullEncryptedKeeps) => {}
            Field::Null => mailbox.encrypted = Some(self.has(Fault::NullEncryptedIsTrue)),
            Field::Absent => {}
        }
    }

    /// The type of an added mailbox that is given none.
    fn default_type(&self) -> u16 {
        if self.varies(Variant::MissingTypeIsOutbound) {
            1
        } else if self.varies(Variant::MissingTypeIsBoth) {
            2
        } else {
            0
        }
    }

    /// Faults that forget what a modify leaves out.
    pub(super) fn reset(&self, mailbox: &mut Mailbox, given: &MonitoredMailbox) {
        if self.has(Fault::ModifyResetsEncrypted) {
            mailbox.encrypted = Some(false);
        }
        if self.has(Fault::ModifyResetsFolder) {
            mailbox.folder = None;
        }
        if self.has(Fault::ModifyResetsType) && given.mailbox_type.is_absent() {
            mailbox.mailbox_type = 0;
        }
    }
}
