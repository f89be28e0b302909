//! What was probably meant where the words of a command line fit nowhere: a file
//! or an address without its option, and options before their command.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::NAME;

/// The error with a tip, where there is one to give.
pub(super) fn with_tip(mut error: clap::Error) -> clap::Error {
    let has_one = error.context().any(|(kind, _)| {
        matches!(
            kind,
            ContextKind::SuggestedSubcommand | ContextKind::SuggestedArg
        )
    });
    if let Some(tip) = tip(&error).filter(|_| !has_one) {
        let tip = StyledStr::from(tip);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

fn tip(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => of_word(text(ContextKind::InvalidSubcommand)?),
        ErrorKind::UnknownArgument => of_word(text(ContextKind::InvalidArg)?),
        ErrorKind::ArgumentConflict => {
            let command = text(ContextKind::InvalidSubcommand)?;
            Some(format!(
                "the command comes first, its options behind it: '{NAME} {command} [OPTIONS]'"
            ))
        }
        _ => None,
    }
}

/// What is said of a word that is neither an option nor a command.
fn of_word(word: &str) -> Option<String> {
    const COMMANDS: [&str; 8] = [
        "run",
        "serve",
        "replay",
        "cleanup",
        "merge",
        "compare",
        "rules",
        "selfcheck",
    ];
    let ends = |end: &str| word.to_ascii_lowercase().ends_with(end);
    if word.starts_with('-') {
        return None;
    }
    if word.contains("://") {
        return Some(format!(
            "the address of a reference server is named with '--target {word}', that of another \
             server in a profile"
        ));
    }
    if ends(".toml") {
        return Some(format!("a profile is named with '--profile {word}'"));
    }
    if ends(".json") {
        return Some(format!(
            "a replay file is sent again with '{NAME} replay {word}'; reports are for `merge`, \
             `compare` and `--baseline`"
        ));
    }
    COMMANDS.contains(&word).then(|| {
        format!("the command comes first, its options behind it: '{NAME} {word} [OPTIONS]'")
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::Arguments;

    fn said(words: &[&str]) -> String {
        let words = std::iter::once(&NAME).chain(words);
        let error = Arguments::try_parse_from(words).expect_err("a mistake");
        with_tip(error).to_string()
    }

    #[test]
    fn what_was_probably_meant_is_said_once() {
        for (words, tip) in [
            (
                &["target.toml"][..],
                "tip: a profile is named with '--profile target.toml'\n",
            ),
            (
                &["run", "T.TOML"],
                "tip: a profile is named with '--profile T.TOML'\n",
            ),
            (
                &["http://h:1"],
                "tip: the address of a reference server is named with '--target ",
            ),
            (
                &["run", "f.json"],
                "tip: a replay file is sent again with 'icws-conformance replay ",
            ),
            (
                &["--profile", "x", "run"],
                "behind it: 'icws-conformance run [OPTIONS]'\n",
            ),
            (
                &["-q", "cleanup"],
                "behind it: 'icws-conformance cleanup [OPTIONS]'\n",
            ),
            (
                &["run", "--strict", "run"],
                "behind it: 'icws-conformance run [OPTIONS]'\n",
            ),
            (&["runn"], "tip: a similar subcommand exists: 'run'\n"),
        ] {
            let text = said(words);
            assert!(text.contains(tip), "{words:?}: {text}");
            assert_eq!(text.matches("tip: ").count(), 1, "{text}");
        }
        for words in [&["nonsense"][..], &["--bogus"], &["--cases"]] {
            assert!(!said(words).contains("tip: "), "{words:?}");
        }
    }
}
