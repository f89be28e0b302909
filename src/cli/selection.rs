//! Which properties are meant: `--only` and `--skip`. A pattern that can match
//! nothing is a mistake: what it was to select would silently be left out, or
//! what it was to leave out would be run.

use thiserror::Error;

use super::suggestion::suggestion;
use crate::contract::RuleId;
use crate::contract::rules::RULES;
use crate::runner::Property;

/// What is wrong with a selection.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(super) enum NoSelection {
    #[error("{option}: an empty text is the start of every id; accepted: {accepted}")]
    Empty {
        option: &'static str,
        accepted: &'static str,
    },
    #[error("{option}: no property's id starts with `{pattern}`; {remedy}")]
    Nothing {
        option: &'static str,
        pattern: String,
        remedy: String,
    },
    #[error("--only: no property is aimed at the rule {0}: it is judged wherever it shows")]
    Unaimed(RuleId),
    #[error(
        "--skip: `{rule}` is a rule, and a property may be aimed at several; accepted: the start \
         of a property's id, such as those aimed at it: {ids}"
    )]
    SkippedRule { rule: RuleId, ids: String },
    #[error("no property is left to run: `--skip` leaves out all that `--only` selects")]
    NothingLeft,
}

/// What `--only` selects, but what `--skip` leaves out, in the order of the
/// properties.
pub(super) fn selected(
    all: &[Property],
    only: &[String],
    skip: &[String],
) -> Result<Vec<Property>, NoSelection> {
    let only = patterns(all, only, only_one)?;
    let skip = patterns(all, skip, skip_one)?;
    let is_selected = |property: &&Property| {
        let is_taken = only.is_empty() || only.iter().any(|one| one.takes(property));
        is_taken && !skip.iter().any(|one| one.takes(property))
    };
    if !all.iter().any(|property| is_selected(&property)) {
        return Err(NoSelection::NothingLeft);
    }
    let left = all.iter();
    let left = left.filter(|one| is_selected(one) || one.share.is_of_every_run());
    Ok(left.copied().collect())
}

/// One pattern, which takes a property at least.
enum Pattern<'a> {
    Start(&'a str),
    Rule(RuleId),
}

impl Pattern<'_> {
    fn takes(&self, property: &Property) -> bool {
        match self {
            Self::Start(start) => property.id.starts_with(start),
            Self::Rule(rule) => property.rules.contains(rule),
        }
    }
}

fn patterns<'a>(
    all: &[Property],
    typed: &'a [String],
    read: fn(&[Property], &'a str) -> Result<Pattern<'a>, NoSelection>,
) -> Result<Vec<Pattern<'a>>, NoSelection> {
    typed.iter().map(|text| read(all, text)).collect()
}

fn only_one<'a>(all: &[Property], typed: &'a str) -> Result<Pattern<'a>, NoSelection> {
    if let Some(rule) = RuleId::parse(typed) {
        return if all.iter().any(|property| property.rules.contains(&rule)) {
            Ok(Pattern::Rule(rule))
        } else {
            Err(NoSelection::Unaimed(rule))
        };
    }
    let accepted = "the start of a property's id, such as `session/`, or a rule, such as `FLD-1`";
    let rules: Vec<_> = RULES.iter().map(|rule| rule.id.as_str()).collect();
    start("--only", accepted, all, typed, &rules)
}

fn skip_one<'a>(all: &[Property], typed: &'a str) -> Result<Pattern<'a>, NoSelection> {
    if let Some(rule) = RuleId::parse(typed) {
        let aimed = all.iter().filter(|property| property.rules.contains(&rule));
        let ids: Vec<_> = aimed.map(|property| format!("`{}`", property.id)).collect();
        let ids = ids.join(", ");
        return Err(NoSelection::SkippedRule { rule, ids });
    }
    let accepted = "the start of a property's id, such as `session/`";
    start("--skip", accepted, all, typed, &[])
}

fn start<'a>(
    option: &'static str,
    accepted: &'static str,
    all: &[Property],
    typed: &'a str,
    rules: &[&str],
) -> Result<Pattern<'a>, NoSelection> {
    if typed.trim().is_empty() {
        return Err(NoSelection::Empty { option, accepted });
    }
    if all.iter().any(|property| property.id.starts_with(typed)) {
        return Ok(Pattern::Start(typed));
    }
    Err(NoSelection::Nothing {
        option,
        pattern: typed.to_owned(),
        remedy: remedy(all, typed, rules),
    })
}

/// What was written in another case or with a slash too many; else the ids of the
/// family where it exists, else the families.
fn remedy(all: &[Property], typed: &str, rules: &[&str]) -> String {
    let plain = typed.trim().to_lowercase();
    let plain = plain.trim_end_matches(['/', '*']);
    let mut families: Vec<_> = all.iter().map(Property::family).collect();
    families.dedup();
    let family = families.iter().find(|family| **family == plain);
    let id = all.iter().find(|property| property.id.starts_with(plain));
    let rule = rules.iter().find(|rule| rule.to_lowercase() == plain);
    if let Some(family) = family {
        return format!("did you mean `{family}/`?");
    }
    if let Some(property) = id.filter(|_| !plain.is_empty()) {
        let known = &property.id[..plain.len()];
        return format!("did you mean `{known}`?");
    }
    if let Some(rule) = rule {
        return format!("did you mean `{rule}`?");
    }
    if let Some((family, _)) = plain.split_once('/') {
        let ids: Vec<_> = all
            .iter()
            .filter(|property| property.family() == family)
            .map(|property| property.id)
            .collect();
        if !ids.is_empty() {
            return suggestion(plain, &ids);
        }
    }
    let near = suggestion(plain, &families);
    let families: Vec<_> = families.iter().map(|name| format!("`{name}/`")).collect();
    let listed = format!("families: {}", families.join(", "));
    match near.strip_prefix("did you mean `") {
        Some(rest) => format!("did you mean `{} {listed}", rest.replacen('`', "/`", 1)),
        None => listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules::{FLD_1, FLD_10, SES_2};
    use crate::runner::property::Share;

    const fn property(id: &'static str, rules: &'static [RuleId]) -> Property {
        Property {
            id,
            says: "",
            rules,
            needs: &[],
            share: Share::Budget,
            strata: |_| Vec::new(),
        }
    }

    const ALL: [Property; 4] = [
        property("session/missing-token", &[SES_2]),
        property("session/missing-cookie", &[]),
        property("workgroup/absent", &[FLD_10]),
        property("field/wrong-folder", &[FLD_1]),
    ];

    fn chosen(only: &[&str], skip: &[&str]) -> Result<Vec<&'static str>, String> {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let (only, skip): (Vec<String>, Vec<String>) = (texts(only), texts(skip));
        let chosen = selected(&ALL, &only, &skip);
        let chosen = chosen.map(|all| all.iter().map(|property| property.id).collect());
        chosen.map_err(|error| error.to_string())
    }

    #[test]
    fn prefixes_and_rules_select_and_prefixes_leave_out() {
        for (only, skip, expected) in [
            (&[][..], &[][..], &[0, 1, 2, 3][..]),
            (&["session/"], &[], &[0, 1]),
            (&["work", "session/missing-c"], &[], &[1, 2]),
            (&["session"], &["session/missing-t"], &[1]),
            (&["FLD-1"], &[], &[3]),
            (&["FLD-10", "SES-2"], &[], &[0, 2]),
        ] {
            let expected: Vec<_> = expected.iter().map(|place| ALL[*place].id).collect();
            assert_eq!(chosen(only, skip), Ok(expected), "{only:?} {skip:?}");
        }
    }

    #[test]
    fn what_can_match_nothing_is_a_mistake_that_names_what_is_near() {
        for (only, skip, expected) in [
            (
                &[""][..],
                &[][..],
                "--only: an empty text is the start of every id; accepted: ",
            ),
            (
                &[],
                &[" "],
                "--skip: an empty text is the start of every id; accepted: ",
            ),
            (
                &["sesion"],
                &[],
                "--only: no property's id starts with `sesion`; did you mean `session/`? \
                 families: `session/`, `workgroup/`, `field/`",
            ),
            (
                &["xyz"],
                &[],
                "--only: no property's id starts with `xyz`; families: `session/`, ",
            ),
            (
                &["session/mising-token"],
                &[],
                "--only: no property's id starts with `session/mising-token`; did you mean \
                 `session/missing-token` or `session/missing-cookie`?",
            ),
            (
                &["Session/"],
                &[],
                "--only: no property's id starts with `Session/`; did you mean `session/`?",
            ),
            (
                &[],
                &["session/missing-token/"],
                "--skip: no property's id starts with `session/missing-token/`; did you mean \
                 `session/missing-token`?",
            ),
            (
                &["session/*"],
                &[],
                "--only: no property's id starts with `session/*`; did you mean `session/`?",
            ),
            (
                &["fld-1"],
                &[],
                "--only: no property's id starts with `fld-1`; did you mean `FLD-1`?",
            ),
            (
                &["ERR-2"],
                &[],
                "--only: no property is aimed at the rule ERR-2: ",
            ),
            (
                &[],
                &["FLD-1"],
                "--skip: `FLD-1` is a rule, and a property may be aimed at several; ",
            ),
            (&["field/"], &["field/"], "no property is left to run: "),
        ] {
            let error = chosen(only, skip).expect_err("a mistake");
            assert!(error.starts_with(expected), "{only:?} {skip:?}: {error}");
        }
    }
}
