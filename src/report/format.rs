//! The formats of a report that is written to a file or a pipe. All of them
//! are made of the same [`Document`].

use super::document::Document;
use super::{html, junit};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For programs, whole.
    Json,
    /// For the test views of pipelines.
    Junit,
    /// For people, one page.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Json, Self::Junit, Self::Html];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Html => "html",
        }
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }
}

impl Document {
    /// The report in that format; it ends with a line feed.
    pub fn rendered(&self, format: Format) -> Vec<u8> {
        match format {
            Format::Json => self.json(),
            Format::Junit => junit::junit(self),
            Format::Html => html::html(self),
        }
    }
}
