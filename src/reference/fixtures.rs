//! What the server holds at the start: users, workgroups and the mailboxes
//! that monikers stand for.

use crate::contract::representation::{ConfigurationId, Field, MonitoredMailbox};

/// Everything the server knows at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixtures {
    /// Who may log in.
    pub users: Vec<User>,
    /// The workgroups that exist.
    pub workgroups: Vec<WorkgroupFixture>,
    /// The mailboxes that are known with their folders.
    pub mailboxes: Vec<MailboxFixture>,
}

/// Someone who may log in. The password guards nothing but a stand-in that
/// listens on loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The `userID` of the connection request.
    pub id: String,
    /// The password of the connection request.
    pub password: String,
    /// The name for people.
    pub display_name: String,
    /// Whether the user has the right to modify workgroups (ACC-1).
    pub may_modify: bool,
}

/// A workgroup and what it monitors at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkgroupFixture {
    /// The workgroup's id.
    pub id: String,
    /// Whether its mailboxes are a tester's to change.
    pub scratch: bool,
    /// The mailboxes it holds, each with a configurationId.
    pub monitored: Vec<MonitoredMailbox>,
}

/// A mailbox that the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxFixture {
    /// The `mailboxMoniker` that names it.
    pub moniker: String,
    /// Its folders, any of which may be an `inboundFolder`.
    pub folders: Vec<String>,
}

impl Default for Fixtures {
    fn default() -> Self {
        Self {
            users: vec![
                user("admin", "Qv7-tamarack-Lumen-41", "Alex Admin", true),
                user("limited", "Wz3-sorrel-Gantry-86", "Lee Limited", false),
            ],
            workgroups: workgroups(),
            mailboxes: vec![
                mailbox(
                    "EX:support@acme.test",
                    &["Inbox", "Escalations", "Archive/2024", "VIP"],
                ),
                mailbox("EX:sales@acme.test", &["Inbox", "Leads", "Archive/2024"]),
                mailbox(
                    "EX:équipe@acme.test",
                    &["Inbox", "Boîte/Réception", "Éléments envoyés"],
                ),
                mailbox("IMAP:billing@acme.test", &["INBOX"]),
                mailbox("SMTP:no-reply@acme.test", &[]),
            ],
        }
    }
}

/// Two plain scratch workgroups hold something from the start, so that a
/// tester who forgets what was there before is found out.
fn workgroups() -> Vec<WorkgroupFixture> {
    let empty = [
        "Sales",
        "Billing",
        "Marketing",
        "Returns",
        "Engineering",
        "Night_Shift",
        "Sales (EMEA)",
        "Kundenbetreuung Süd",
    ];
    let mut workgroups: Vec<_> = empty.map(|id| workgroup(id, true, vec![])).into();
    let support = "EX:support@acme.test";
    let no_reply = "SMTP:no-reply@acme.test";
    workgroups.push(workgroup(
        "Support",
        true,
        vec![monitored(
            "support-main",
            "support@acme.test",
            support,
            0,
            Some("Inbox"),
            false,
        )],
    ));
    workgroups.push(workgroup(
        "Logistics",
        true,
        vec![
            monitored(
                "logistics-in",
                "logistics@acme.test",
                "EX:sales@acme.test",
                2,
                Some("Leads"),
                false,
            ),
            monitored(
                "logistics-out",
                "shipping@acme.test",
                no_reply,
                1,
                None,
                true,
            ),
        ],
    ));
    // One id stands in two workgroups: ids are unique within a workgroup only.
    workgroups.push(workgroup(
        "Operations",
        false,
        vec![
            monitored(
                "ops-inbound",
                "ops@acme.test",
                support,
                0,
                Some("VIP"),
                true,
            ),
            monitored(
                "ops-équipe",
                "equipe@acme.test",
                "EX:équipe@acme.test",
                2,
                Some("Boîte/Réception"),
                false,
            ),
            monitored("ops-outbound", "alerts@acme.test", no_reply, 1, None, false),
            monitored("support-main", "desk@acme.test", support, 1, None, false),
        ],
    ));
    workgroups
}

fn user(id: &str, password: &str, display_name: &str, may_modify: bool) -> User {
    User {
        id: id.to_owned(),
        password: password.to_owned(),
        display_name: display_name.to_owned(),
        may_modify,
    }
}

fn workgroup(id: &str, scratch: bool, monitored: Vec<MonitoredMailbox>) -> WorkgroupFixture {
    WorkgroupFixture {
        id: id.to_owned(),
        scratch,
        monitored,
    }
}

fn mailbox(moniker: &str, folders: &[&str]) -> MailboxFixture {
    MailboxFixture {
        moniker: moniker.to_owned(),
        folders: folders.iter().map(|&folder| folder.to_owned()).collect(),
    }
}

fn monitored(
    id: &str,
    address: &str,
    moniker: &str,
    mailbox_type: u16,
    folder: Option<&str>,
    encrypted: bool,
) -> MonitoredMailbox {
    MonitoredMailbox {
        configuration_id: Field::Value(ConfigurationId {
            id: id.to_owned(),
            ..ConfigurationId::default()
        }),
        email_address: Field::Value(address.to_owned()),
        mailbox_moniker: Field::Value(moniker.to_owned()),
        mailbox_type: Field::Value(mailbox_type),
        inbound_folder: folder.map_or(Field::Null, |folder| Field::Value(folder.to_owned())),
        can_receive_encrypted_email: Field::Value(encrypted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::enums::is_inbound;

    #[test]
    fn monitored_mailboxes_keep_the_folder_rules() {
        let fixtures = Fixtures::default();
        for held in fixtures
            .workgroups
            .iter()
            .flat_map(|group| &group.monitored)
        {
            let Some(folder) = held.inbound_folder.value() else {
                continue;
            };
            assert!(
                held.mailbox_type
                    .value()
                    .is_some_and(|&kind| is_inbound(kind))
            );
            let moniker = held.mailbox_moniker.value().expect("has a moniker");
            let mailbox = fixtures
                .mailboxes
                .iter()
                .find(|known| &known.moniker == moniker);
            assert!(mailbox.expect("known").folders.contains(folder));
        }
    }

    #[test]
    fn there_are_eight_scratch_workgroups_and_one_that_is_not() {
        let workgroups = Fixtures::default().workgroups;
        assert!(workgroups.iter().filter(|group| group.scratch).count() >= 8);
        assert!(workgroups.iter().any(|group| !group.scratch));
    }
}
