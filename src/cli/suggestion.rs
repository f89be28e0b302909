//! Names that were probably meant.

use std::collections::BTreeSet;

/// Names less alike than this are no help.
const ALIKE: f64 = 0.8;
/// How many names are suggested.
const SUGGESTED_MAX: usize = 3;
/// A list of names longer than this is not read by anybody.
const LISTED_MAX: usize = 12;

/// `did you mean …?` for the names nearest to what was typed; where none is
/// near, all of them or, of many, the least far.
pub(super) fn suggestion(typed: &str, names: &[&str]) -> String {
    let mut ranked: Vec<_> = names
        .iter()
        .map(|name| (likeness(typed, name), *name))
        .collect();
    ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let is_near = ranked.first().is_some_and(|(alike, _)| *alike >= ALIKE);
    if is_near {
        ranked.retain(|(alike, _)| *alike >= ALIKE);
    } else if names.len() <= LISTED_MAX {
        return format!("accepted: {}", quoted(names, ", "));
    }
    ranked.truncate(SUGGESTED_MAX);
    let best: Vec<_> = ranked.into_iter().map(|(_, name)| name).collect();
    if is_near {
        format!("did you mean {}?", quoted(&best, " or "))
    } else {
        let number = names.len();
        format!(
            "accepted: one of {number} names, such as {}",
            quoted(&best, ", ")
        )
    }
}

/// From 0 to 1, by spelling or by the words that both have, whatever their
/// order.
fn likeness(typed: &str, name: &str) -> f64 {
    let (one, other) = (words(typed), words(name));
    let shared = one.intersection(&other).count() as f64;
    let all = one.union(&other).count() as f64;
    let by_words = match shared / all {
        share if share >= 0.5 => ALIKE + (1.0 - ALIKE) * share,
        share => share,
    };
    strsim::jaro_winkler(typed, name).max(by_words)
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric()).collect()
}

fn quoted(names: &[&str], between: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["missing-token-accepted", "cookie-dropped", "type-3"];

    #[test]
    fn near_names_are_suggested() {
        for typed in ["missing-tokens-accepted", "accepts-missing-token"] {
            let expected = "did you mean `missing-token-accepted`?";
            assert_eq!(suggestion(typed, &NAMES), expected);
        }
        let expected = "did you mean `cookie-dropped`?";
        assert_eq!(suggestion("dropped-cookie", &NAMES), expected);
    }

    #[test]
    fn without_a_near_name_a_few_are_listed_and_many_are_counted() {
        let listed = "accepted: `missing-token-accepted`, `cookie-dropped`, `type-3`";
        assert_eq!(suggestion("xyz", &NAMES), listed);
        let many = NAMES.repeat(5);
        assert!(suggestion("xyz", &many).starts_with("accepted: one of 15 names, such as `"));
    }
}
