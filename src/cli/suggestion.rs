//! Names that were probably meant.

/// Names less alike than this are no help.
const ALIKE: f64 = 0.8;
/// More of them are none either.
const SUGGESTED_MAX: usize = 3;

/// `did you mean …?` for the names nearest to what was typed, or all of them
/// where none is near.
pub(super) fn suggestion(typed: &str, names: &[&str]) -> String {
    let mut near: Vec<_> = names
        .iter()
        .map(|name| (strsim::jaro_winkler(typed, name), *name))
        .filter(|(alike, name)| *alike >= ALIKE || (!typed.is_empty() && name.contains(typed)))
        .collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.truncate(SUGGESTED_MAX);
    if near.is_empty() {
        return format!("accepted: {}", quoted(names, ", "));
    }
    let near: Vec<_> = near.into_iter().map(|(_, name)| name).collect();
    format!("did you mean {}?", quoted(&near, " or "))
}

fn quoted(names: &[&str], between: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_else_all_are_listed() {
        let names = ["accepts-missing-token", "drops-cookie", "accepts-garbage"];
        assert_eq!(
            suggestion("drop-cookie", &names),
            "did you mean `drops-cookie`?"
        );
        assert_eq!(
            suggestion("xyz", &names),
            "accepted: `accepts-missing-token`, `drops-cookie`, `accepts-garbage`"
        );
        assert!(suggestion("cookie", &names).contains("`drops-cookie`"));
    }
}
