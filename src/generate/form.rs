//! The form of a request: its label, what it accepts, its framing and the spelling
//! of its headers. None of it may matter (REP-13, REP-18, REP-19, SES-11), so that
//! what is asked in one form is asked in all.

use super::case::{HeaderSpelling, Step};
use crate::contract::{Framing, Writing};

/// The documented values of Content-Type, in several spellings (REP-13).
pub const LABELS: [&str; 10] = [
    "application/vnd.inin.icws+JSON; charset=utf-8",
    "application/vnd.inin.icws+JSON",
    "application/json",
    "application/vnd.inin.icws+json",
    "application/json; charset=utf-8",
    "application/vnd.inin.icws+JSON;charset=UTF-8",
    "application/json;charset=UTF-8",
    "APPLICATION/VND.ININ.ICWS+JSON; CHARSET=utf-8",
    "application/json; charset=\"utf-8\"",
    "Application/JSON",
];

/// The values of Accept that REP-19 names; `None` for none.
pub const ACCEPTS: [Option<&str>; 9] = [
    Some("application/vnd.inin.icws+JSON"),
    Some("*/*"),
    None,
    Some("application/json"),
    Some("application/vnd.inin.icws+JSON; charset=utf-8"),
    Some("application/json, text/plain, */*"),
    Some("text/html, application/vnd.inin.icws+JSON;q=0.9"),
    Some("application/xml;q=0.9,*/*;q=0.8"),
    Some("application/vnd.inin.icws+json"),
];

/// The values of Accept that REP-19 leaves open.
pub const OPEN_ACCEPTS: [&str; 5] = [
    "text/html",
    "application/xml",
    "application/*",
    "application/json;q=0",
    "application/json; charset=utf-16",
];

const SPELLINGS: [HeaderSpelling; 4] = [
    HeaderSpelling::AsUsual,
    HeaderSpelling::Lower,
    HeaderSpelling::Documented,
    HeaderSpelling::Upper,
];

/// So many forms have every class of every dimension at least once.
pub const FORMS: usize = 10;

impl Step {
    /// The same request in another form, counted from 0 to [`FORMS`]; `turn` says
    /// which classes meet in one.
    #[must_use]
    pub fn in_form(self, number: usize, turn: usize) -> Self {
        let turn = |by: usize| number + turn * by;
        self.labelled(Some(LABELS[turn(0) % LABELS.len()]))
            .accepting(ACCEPTS[turn(1) % ACCEPTS.len()])
            .written(Writing::ALL[turn(1) % Writing::ALL.len()])
            .framed(Framing::ALL[turn(3) % Framing::ALL.len()])
            .spelt(SPELLINGS[turn(5) % SPELLINGS.len()])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn every_class_comes_whatever_the_turn() {
        for turn in 0..30 {
            let forms = (0..FORMS).map(|number| Step::send(json!({})).in_form(number, turn));
            let forms: Vec<Step> = forms.collect();
            let classes = |class: fn(&Step) -> String| {
                let classes: BTreeSet<String> = forms.iter().map(class).collect();
                classes.len()
            };
            assert_eq!(
                [
                    classes(|step| format!("{:?}", step.content_type)),
                    classes(|step| format!("{:?}", step.accept)),
                    classes(|step| format!("{:?}", step.framing)),
                    classes(|step| format!("{:?}", step.writing)),
                    classes(|step| format!("{:?}", step.spelling)),
                ],
                [
                    LABELS.len(),
                    ACCEPTS.len(),
                    Framing::ALL.len(),
                    Writing::ALL.len(),
                    SPELLINGS.len()
                ],
                "{turn}"
            );
        }
    }
}
