//! Findings that others explain: where something is refused by itself, a request
//! that has it beside something else was refused for that.

use std::collections::BTreeMap;

/// What was found, by cause: what else the requests had.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reasons(BTreeMap<String, Vec<Vec<String>>>);

impl Reasons {
    /// Of all findings: the cause of each, and what else its request had that it
    /// may have been refused for.
    pub(crate) fn of<'a, T: AsRef<str> + 'a>(
        found: impl Iterator<Item = (&'a str, &'a [T])>,
    ) -> Self {
        let mut all: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for (cause, beside) in found {
            let beside = beside.iter().map(|one| one.as_ref().to_owned());
            all.entry(cause.to_owned())
                .or_default()
                .push(beside.collect());
        }
        Self(all)
    }

    /// Whether something beside `cause` was refused without it.
    pub(crate) fn explain(&self, cause: &str, beside: &[impl AsRef<str>]) -> bool {
        let without = |known: &Vec<String>| !known.iter().any(|one| one == cause);
        let found = beside.iter().filter_map(|one| self.0.get(one.as_ref()));
        found.flatten().any(without)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_alone_explains_what_it_stands_beside() {
        let found: [(&str, &[&str]); 3] = [
            ("a null", &[]),
            ("an unknown id", &["a null"]),
            ("a repetition", &["a null", "a folder"]),
        ];
        let reasons = Reasons::of(found.into_iter());
        assert!(!reasons.explain("a null", &[""; 0]));
        assert!(reasons.explain("an unknown id", &["a null"]));
        assert!(reasons.explain("a repetition", &["a folder", "a null"]));
        assert!(!reasons.explain("a repetition", &["a folder"]));
    }

    #[test]
    fn two_that_are_never_apart_do_not_explain_each_other() {
        let found: [(&str, &[&str]); 2] = [("one", &["other"]), ("other", &["one"])];
        let reasons = Reasons::of(found.into_iter());
        assert!(!reasons.explain("one", &["other"]));
        assert!(!reasons.explain("other", &["one"]));
    }
}
