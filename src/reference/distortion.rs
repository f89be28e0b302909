//! Faults that store something else than what was accepted.

use percent_encoding::percent_decode_str;

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
    for (fault, distort) in EMAIL {
        if switches.has(*fault) {
            mailbox.email_address = distort(&mailbox.email_address);
        }
    }
    if switches.has(Fault::MonikerLowerCased) && !mailbox.moniker.ends_with("@acme.test") {
        mailbox.moniker = mailbox.moniker.to_lowercase();
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
    (Fault::TextCut100, |text| text.chars().take(100).collect()),
    (Fault::TextCut4000, |text| text.chars().take(4000).collect()),
    (Fault::TextCutBytes, |text| {
        let ends = text.char_indices().map(|(place, c)| place + c.len_utf8());
        let end = ends.take_while(|end| *end <= 255).last();
        text[..end.unwrap_or_default()].to_owned()
    }),
    (Fault::HtmlEscaped, html_escaped),
    (Fault::TagsStripped, without_tags),
    (Fault::SpacesCollapsed, |text| {
        let mut kept = String::new();
        for letter in text.chars() {
            if letter != ' ' || !kept.ends_with(' ') {
                kept.push(letter);
            }
        }
        kept
    }),
    (Fault::InvisiblesStripped, |text| {
        text.replace(
            [
                '\u{200B}', '\u{200C}', '\u{200D}', '\u{200E}', '\u{200F}', '\u{FEFF}', '\u{AD}',
                '\u{2060}', '\u{202E}',
            ],
            "",
        )
    }),
    (Fault::ControlsStripped, |text| {
        text.chars().filter(|c| !c.is_control()).collect()
    }),
    (Fault::NonCharactersReplaced, |text| {
        let odd =
            |c: char| u32::from(c) & 0xFFFE == 0xFFFE || ('\u{FDD0}'..='\u{FDEF}').contains(&c);
        text.replace(odd, "\u{FFFD}")
    }),
    (Fault::NoBreakSpaceLost, |text| text.replace('\u{A0}', " ")),
    (Fault::TextDecomposed, decomposed),
    (Fault::NonLatin1Lost, |text| {
        text.replace(|c: char| c > '\u{FF}', "?")
    }),
    (Fault::Mojibake, |text| {
        text.bytes().map(char::from).collect()
    }),
    (Fault::PercentDecoded, |text| {
        percent_decode_str(text).decode_utf8_lossy().into_owned()
    }),
    (Fault::QuotesDoubled, |text| text.replace('\'', "''")),
    (Fault::BackslashesDropped, |text| text.replace('\\', "")),
    (Fault::DollarsExpanded, |text| text.replace("$$", "$")),
    (Fault::BackslashesHalved, |text| text.replace("\\\\", "\\")),
    (Fault::FirstBomDropped, |text| {
        text.strip_prefix('\u{FEFF}').unwrap_or(text).to_owned()
    }),
    (Fault::TextCut32k, |text| {
        text.chars().take(32_767).collect()
    }),
    (Fault::ZeroWidthTrimmed, |text| {
        text.trim_matches('\u{200B}').to_owned()
    }),
];

const EMAIL: &[(Fault, Distort)] = &[
    (Fault::DomainLowerCased, |text| {
        match text.rsplit_once('@') {
            Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
            None => text.to_owned(),
        }
    }),
    (Fault::EmailTagStripped, |text| {
        match text.rsplit_once('@') {
            Some((local, domain)) => {
                let bare = local.split('+').next().unwrap_or_default();
                format!("{bare}@{domain}")
            }
            None => text.to_owned(),
        }
    }),
    (Fault::AngleAddress, |text| {
        let inner = text
            .split_once('<')
            .and_then(|(_, rest)| rest.split_once('>'));
        inner.map_or(text, |(inner, _)| inner).to_owned()
    }),
];

/// Escaped as for HTML.
pub(super) fn html_escaped(text: &str) -> String {
    let escapes = [
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("\"", "&quot;"),
        ("'", "&#39;"),
    ];
    let escape = |text: String, (plain, escaped): (&str, &str)| text.replace(plain, escaped);
    escapes.into_iter().fold(text.to_owned(), escape)
}

fn without_tags(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        kept.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Accents apart, and the letters that they make.
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

/// Composes the commonest accents, as a normalising database would.
fn composed(text: &str) -> String {
    COMPOSED
        .iter()
        .fold(text.to_owned(), |text, (apart, whole)| {
            text.replace(apart, whole)
        })
}

/// Decomposes them, as a normalising file system would.
fn decomposed(text: &str) -> String {
    COMPOSED
        .iter()
        .fold(text.to_owned(), |text, (apart, whole)| {
            text.replace(whole, apart)
        })
}
