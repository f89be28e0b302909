//! Faults that store something else than what was accepted.

use super::Fault;
use super::store::Mailbox;
use super::switches::Switches;

/// What is stored for a mailbox that was accepted.
pub(super) fn distorted(switches: &Switches, mut mailbox: Mailbox) -> Mailbox {
    for (fault, distort) in TEXT {
        if switches.has(*fault) {
            mailbox.email_address = distort(&mailbox.email_address);
            mailbox.moniker = distort(&mailbox.moniker);
        }
    }
    if switches.has(Fault::EmailLowerCased) {
        mailbox.email_address = mailbox.email_address.to_lowercase();
    }
    if switches.has(Fault::Type2Becomes0) && mailbox.mailbox_type == 2 {
        mailbox.mailbox_type = 0;
    }
    if switches.has(Fault::EncryptedAlwaysFalse) {
        mailbox.encrypted = Some(false);
    }
    mailbox
}

type Distort = fn(&str) -> String;

const TEXT: &[(Fault, Distort)] = &[
    (Fault::TextCut, |text| text.chars().take(255).collect()),
    (Fault::TextTrimmed, |text| text.trim().to_owned()),
    (Fault::TextComposed, composed),
    (Fault::AstralLost, |text| {
        let basic = |c| if c > '\u{FFFF}' { '\u{FFFD}' } else { c };
        text.chars().map(basic).collect()
    }),
    (Fault::NulEndsText, |text| {
        text.split('\0').next().unwrap_or_default().to_owned()
    }),
    (Fault::LineEndsChanged, |text| text.replace("\r\n", "\n")),
];

/// Composes the commonest accents, as a normalising database would.
fn composed(text: &str) -> String {
    const COMPOSED: &[(&str, &str)] = &[
        ("a\u{300}", "à"),
        ("a\u{301}", "á"),
        ("a\u{308}", "ä"),
        ("a\u{30A}", "å"),
        ("A\u{30A}", "Å"),
        ("c\u{327}", "ç"),
        ("e\u{300}", "è"),
        ("e\u{301}", "é"),
        ("e\u{302}", "ê"),
        ("e\u{308}", "ë"),
        ("E\u{301}", "É"),
        ("i\u{301}", "í"),
        ("n\u{303}", "ñ"),
        ("o\u{301}", "ó"),
        ("o\u{308}", "ö"),
        ("u\u{301}", "ú"),
        ("u\u{308}", "ü"),
        ("\u{212B}", "Å"),
        ("\u{2126}", "Ω"),
    ];
    COMPOSED
        .iter()
        .fold(text.to_owned(), |text, (apart, whole)| {
            text.replace(apart, whole)
        })
}
