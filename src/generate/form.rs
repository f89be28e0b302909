//! The form of a request: its label, what it accepts, its framing and the spelling
//! of its headers. None of it may matter (REP-13, REP-18, REP-19, SES-11), so that
//! what is asked in one form is asked in all.

use super::case::{Case, HeaderSpelling, Step};
use super::session::Life;
use crate::contract::rules::{REP_13, REP_18, REP_19, SES_14};
use crate::contract::{Framing, RuleId, Writing};

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

/// How cases are framed that are not about framing: what takes time is left out.
const FRAMINGS: [Framing; 5] = [
    Framing::Length,
    Framing::Chunked,
    Framing::Absolute,
    Framing::ExtendedChunks,
    Framing::SmallChunks,
];

/// Longer bodies are not sent in chunks of a few bytes.
const SMALL: usize = 1 << 13;

impl Case {
    /// The same in another form, drawn by that number, where all of it is in the plain
    /// one: no server may be impressed by that, whatever the case is about.
    pub fn in_drawn_form(&self, number: u64) -> Option<Self> {
        let plain = Step::default();
        let is_plain = |step: &Step| {
            step.content_type == plain.content_type
                && step.accept == plain.accept
                && step.writing == plain.writing
                && step.framing == plain.framing
                && step.spelling == plain.spelling
        };
        // Where a failure is provoked, or many meet, a target that asks for the plain form
        // would have answered something else.
        let is_judged_alone = !self.at_once && !self.changes_the_target();
        if !is_judged_alone || !self.steps.iter().all(is_plain) {
            return None;
        }
        // The plain class of each comes most, then those that clients use most.
        let [label, accept, writing, framing, ..] = number.to_le_bytes().map(usize::from);
        let of = |byte: usize, classes: usize| byte * byte * classes / (1 << 16);
        let mut framing = FRAMINGS[of(framing, FRAMINGS.len())];
        if framing == Framing::SmallChunks && self.body_bytes() > SMALL {
            framing = Framing::Chunked;
        }
        let mut case = self.clone();
        case.steps = case
            .steps
            .into_iter()
            .map(|step| {
                step.labelled(Some(LABELS[of(label, LABELS.len())]))
                    .accepting(ACCEPTS[of(accept, ACCEPTS.len())])
                    .written(Writing::ALL[of(writing, Writing::ALL.len())])
                    .framed(framing)
            })
            .collect();
        Some(case).filter(|case| case.steps != self.steps)
    }
}

impl Step {
    /// The rule that speaks of the first thing about the form of this request that is
    /// not plain, and what that is.
    pub fn form(&self) -> Option<(RuleId, String)> {
        let plain = Self::default();
        if self.framing != plain.framing {
            return Some((REP_18, self.framing.in_words().to_owned()));
        }
        if self.accept != plain.accept {
            let what = match &self.accept {
                Some(accept) => format!("Accept {accept}"),
                None => "no Accept".to_owned(),
            };
            return Some((REP_19, what));
        }
        let label = self.content_type.as_deref();
        let label = label.filter(|label| LABELS[1..].contains(label));
        if let Some(label) = label {
            return Some((REP_13, format!("Content-Type {label}")));
        }
        match self.session.life {
            Life::FreshIn(language) => Some((SES_14, format!("a session in {}", language.tag()))),
            _ => None,
        }
    }

    /// The same request with a single thing about its form left as it is, for each that
    /// is not plain.
    pub fn each_form(&self) -> Vec<Self> {
        let plain = self.in_plain_form();
        let with = |change: fn(&mut Self, &Self)| {
            let mut step = plain.clone();
            change(&mut step, self);
            step
        };
        let mut each = vec![
            with(|step, own| step.framing = own.framing),
            with(|step, own| step.accept.clone_from(&own.accept)),
            with(|step, own| step.content_type.clone_from(&own.content_type)),
            with(|step, own| step.session.life = own.session.life),
        ];
        each.retain(|step| *step != plain);
        each
    }

    /// The same request in the plain form.
    #[must_use]
    pub fn in_plain_form(&self) -> Self {
        let (plain, mut step) = (Self::default(), self.clone());
        (step.framing, step.accept) = (plain.framing, plain.accept);
        step.writing = plain.writing;
        if let Some((REP_13, _)) = step.form() {
            step.content_type = plain.content_type;
        }
        if let Life::FreshIn(_) = step.session.life {
            step.session.life = Life::Fresh;
        }
        step
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::json;

    use super::*;
    use crate::generate::Prelude;

    #[test]
    fn every_class_that_takes_no_time_is_drawn_and_the_plain_one_most() {
        let case = Case::one(Step::send(json!({})));
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for number in 0..2000_u64 {
            let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let drawn = case.in_drawn_form(number).unwrap_or_else(|| case.clone());
            let step = &drawn.steps[0];
            for class in [
                format!("{:?}", step.content_type),
                format!("accept {:?}", step.accept),
                format!("{:?}", step.framing),
                format!("{:?}", step.writing),
            ] {
                *counts.entry(class).or_default() += 1;
            }
        }
        let all = LABELS.len() + ACCEPTS.len() + FRAMINGS.len() + Writing::ALL.len();
        assert_eq!(counts.len(), all, "{counts:?}");
        let of = |class: &str| counts[class];
        assert!(of("Length") > of("Chunked") && of("Chunked") > of("SmallChunks"));
    }

    #[test]
    fn a_case_with_a_form_of_its_own_or_of_many_at_once_keeps_it() {
        let plain = || Step::send(json!({}));
        let drawn = |case: &Case| (0..2000).any(|number| case.in_drawn_form(number << 3).is_some());
        assert!(drawn(&Case::one(plain())));
        for step in [
            plain().framed(Framing::Expect),
            plain().labelled(Some("text/plain")),
            plain().accepting(None),
            plain().after(Prelude::FailNext),
        ] {
            assert!(!drawn(&Case::one(step.clone())), "{step:?}");
        }
        let at_once = Case {
            at_once: true,
            ..Case::one(plain())
        };
        assert!(!drawn(&at_once));
    }

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
