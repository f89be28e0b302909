//! Request paths: from the raw path to the call that it names.
//!
//! The path is taken apart before it is decoded, so that an encoded slash in
//! a workgroup's id stays part of the id.

use percent_encoding::percent_decode_str;

use super::switches::Switches;
use super::{Fault, address};

/// A decoded segment; `None` where no id can look like that (bytes that are
/// no UTF-8, control characters), so that every lookup of it fails.
pub(super) type Segment = Option<String>;

/// The call that a path names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Connection,
    Features,
    Version,
    Session {
        session: Segment,
    },
    Defaults {
        session: Segment,
    },
    Workgroup {
        session: Segment,
        workgroup: Segment,
    },
    Update {
        session: Segment,
        workgroup: Segment,
    },
    Control {
        call: String,
        argument: Option<String>,
    },
    Unknown,
}

impl Route {
    pub(super) fn parse(switches: &Switches, path: &str) -> Self {
        let mut segments = path.split('/');
        if segments.next() != Some("") {
            return Self::Unknown;
        }
        let segments: Vec<&str> = segments.collect();
        match segments[..] {
            ["icws", "connection"] => Self::Connection,
            ["icws", "connection", "features"] => Self::Features,
            ["icws", "connection", "version"] => Self::Version,
            ["icws", session, "connection"] => Self::Session {
                session: decoded(session),
            },
            [
                "icws",
                session,
                "configuration",
                "defaults",
                "monitored-mailbox",
            ] => Self::Defaults {
                session: decoded(session),
            },
            ["icws", session, "configuration", "workgroups", workgroup] => Self::Workgroup {
                session: decoded(session),
                workgroup: decoded(workgroup),
            },
            [
                "icws",
                session,
                "configuration",
                "workgroups",
                workgroup,
                "monitored-mailboxes",
            ] => Self::Update {
                session: decoded(session),
                workgroup: update_workgroup(switches, workgroup),
            },
            ["__control", call] => Self::Control {
                call: call.to_owned(),
                argument: None,
            },
            ["__control", call, argument] => Self::Control {
                call: call.to_owned(),
                argument: decoded(argument),
            },
            _ => Self::Unknown,
        }
    }

    /// The methods that the path knows, for the `Allow` header of a 405.
    pub(super) const fn methods(&self) -> &'static str {
        match self {
            Self::Connection | Self::Update { .. } | Self::Control { .. } => "POST",
            Self::Session { .. } => "GET, DELETE",
            Self::Features | Self::Version | Self::Defaults { .. } | Self::Workgroup { .. } => {
                "GET"
            }
            Self::Unknown => "",
        }
    }
}

fn decoded(raw: &str) -> Segment {
    let text = percent_decode_str(raw).decode_utf8().ok()?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}

fn update_workgroup(switches: &Switches, raw: &str) -> Segment {
    let escapes = raw.split('%').skip(1).filter_map(|part| part.get(..2));
    let mut escapes = escapes.filter_map(|digits| u8::from_str_radix(digits, 16).ok());
    if switches.has(Fault::PathAsWritten404) && escapes.any(|byte| byte.is_ascii_alphanumeric()) {
        return Some(raw.to_owned());
    }
    if switches.has(Fault::PathNotDecoded) {
        return Some(raw.to_owned());
    }
    let mut id = decoded(raw)?;
    if switches.has(Fault::PathDecodedTwice) {
        id = decoded(&id)?;
    }
    if switches.has(Fault::PlusIsSpace) {
        id = id.replace('+', " ");
    }
    Some(address::misread(switches, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::wire;

    fn parse(path: &str) -> Route {
        Route::parse(&Switches::default(), path)
    }

    #[test]
    fn a_workgroup_id_survives_its_encoding() {
        for id in ["Support", "Sales (EMEA)", "a/b", "Süd", "50%25", "a+b", "."] {
            assert_eq!(
                parse(&wire::update_path("7", id)),
                Route::Update {
                    session: Some("7".to_owned()),
                    workgroup: Some(id.to_owned())
                }
            );
        }
    }

    #[test]
    fn what_no_id_can_be_is_decoded_to_nothing() {
        for raw in ["%FF", "a%00b", "%0A"] {
            let path = format!("/icws/7/configuration/workgroups/{raw}");
            let session = Some("7".to_owned());
            let workgroup = None;
            assert_eq!(parse(&path), Route::Workgroup { session, workgroup });
        }
    }

    #[test]
    fn other_paths_are_unknown() {
        for path in [
            "/",
            "*",
            "/icws",
            "/icws/7/configuration",
            "/ICWS/connection",
            "/icws/connection/",
        ] {
            assert_eq!(parse(path), Route::Unknown, "{path}");
        }
    }
}
