//! Colours, where they are wanted.

use anstyle::{AnsiColor, Style};

/// What a text is, so that it can be coloured alike everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// A violation.
    Bad,
    /// A warning, or something that could not be judged.
    Doubtful,
    /// A heading.
    Strong,
    /// What the eye may skip.
    Faint,
}

/// Colours text, or leaves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    coloured: bool,
}

impl Paint {
    /// Paint that colours, or not.
    pub const fn new(coloured: bool) -> Self {
        Self { coloured }
    }

    /// The text in its colour.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.coloured {
            return text.to_owned();
        }
        let style = style(tone);
        format!("{style}{text}{style:#}")
    }
}

const fn style(tone: Tone) -> Style {
    match tone {
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Doubtful => AnsiColor::Yellow.on_default(),
        Tone::Strong => Style::new().bold(),
        Tone::Faint => Style::new().dimmed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_coloured_only_where_it_is_wanted() {
        assert_eq!(Paint::new(false).paint(Tone::Bad, "no"), "no");
        let coloured = Paint::new(true).paint(Tone::Good, "yes");
        assert!(coloured.starts_with('\u{1b}') && coloured.contains("yes"));
        assert!(coloured.ends_with("\u{1b}[0m"), "{coloured:?}");
    }
}
