//! The status and the kind of error against the expectation.

use super::Circumstances;
use super::answer::{AnswerBody, summary};
use super::error_body::{ErrorReading, last_name};
use super::finding::{FindingKind, Verdict};
use crate::client::exchange::{Answer, Fault};
use crate::contract::errors::DOCUMENTED_STATUSES;
use crate::contract::rules::{self, Level, RuleId};
use crate::oracle::{AnswerKind, Breach, Expectation, Feature};

/// Below this size a body is no reason to refuse (REP-16), in bytes.
const ACCEPTABLE_BYTES: usize = 1 << 20;

/// The rules that speak of the form of a request, not of what it says.
const OF_THE_FORM: [RuleId; 4] = [rules::SES_11, rules::SES_14, rules::REP_18, rules::REP_19];

/// Whether an answer is of a kind that the expectation names.
fn matches(kind: AnswerKind, answer: &Answer, body: &AnswerBody) -> bool {
    if kind.status() != answer.status {
        return false;
    }
    let reading = ErrorReading::of(body);
    let configuration = reading.is_some_and(|reading| reading.is_configuration_error());
    match kind {
        // A body that is no error at all is ERR-1's to tell.
        AnswerKind::Malformed => !configuration,
        AnswerKind::Invalid => configuration || reading.is_none(),
        AnswerKind::InvalidFolder => {
            reading.is_none_or(|reading| !reading.invalid_folders().is_empty())
        }
        _ => true,
    }
}

/// Adds what a missing answer breaks.
pub(super) fn examine_fault(expectation: &Expectation, fault: &Fault, verdict: &mut Verdict) {
    verdict.check(rules::ISE_1);
    verdict.check(rules::ISE_4);
    let expected = legal_in_words(expectation);
    let (level, kind) = (Level::Must, verdict.kind_of_refusal());
    match fault {
        Fault::TimedOut => verdict.refute_as(
            rules::ISE_4,
            level,
            kind,
            "a request was not answered within the time limit".to_owned(),
            expected,
            fault.to_string(),
        ),
        Fault::Dropped | Fault::CutShort | Fault::Alert(_) | Fault::BrokenHttp(_) => verdict
            .refute_as(
                rules::ISE_1,
                level,
                kind,
                "the connection was dropped instead of an answer".to_owned(),
                expected,
                fault.to_string(),
            ),
        // Nothing was delivered, or it was ours to receive: the runner's.
        Fault::Unreachable(_)
        | Fault::Tls(_)
        | Fault::Local(_)
        | Fault::TooLarge { .. }
        | Fault::Unsendable(_) => {}
    }
}

/// Every legal answer in words.
pub fn legal_in_words(expectation: &Expectation) -> Vec<String> {
    expectation
        .legal()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// Adds what the status breaks.
pub(super) fn examine(
    expectation: &Expectation,
    answer: &Answer,
    body: &AnswerBody,
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    note_checks(expectation, circumstances, verdict);
    if expectation
        .legal()
        .iter()
        .any(|kind| matches(*kind, answer, body))
    {
        observe(expectation, answer, verdict);
        examine_folder_error(expectation, answer, body, verdict);
        return;
    }
    let blame = Blame {
        expectation,
        answer,
        body,
    };
    for (rule, level, message) in blame.rules() {
        let kind = verdict.kind_of_refusal();
        verdict.refute_as(
            rule,
            level,
            kind,
            message,
            legal_in_words(expectation),
            summary(answer, body),
        );
        // A refusal that one feature speaks for has that as its cause.
        let speaks = expectation
            .features
            .iter()
            .find(|feature| feature.rule == rule);
        let Some(finding) = verdict.findings.last_mut() else {
            continue;
        };
        if let (FindingKind::Refused, Some(feature)) = (kind, speaks) {
            finding.cause.clone_from(&feature.what);
        }
        if answer.status == 400 {
            let suspects = expectation.features.iter().filter(|one| one.suspect);
            let others = suspects.map(|feature| feature.what.clone());
            finding.beside = others.filter(|what| *what != finding.cause).collect();
        }
    }
}

/// The rules that this exchange puts to the test, by what was asked.
fn note_checks(
    expectation: &Expectation,
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    for breach in expectation.answered().filter(|breach| breach.certain) {
        verdict.check(breach.rule);
    }
    if !expectation.is_authenticated() && expectation.breaches.iter().any(|breach| breach.certain) {
        verdict.check(rules::SES_12);
    }
    if expectation.must_accept() {
        verdict.check(rules::SES_1);
        verdict.check(rules::REP_1);
        verdict.check(rules::OK_1);
        for feature in &expectation.features {
            verdict.check(feature.rule);
        }
    }
    if !circumstances.fails_next {
        verdict.check(rules::ISE_1);
    }
    verdict.check(rules::ISE_4);
    if !expectation.media_type_open {
        verdict.check(rules::ERR_10);
    }
    if expectation.body_bytes < ACCEPTABLE_BYTES {
        verdict.check(rules::REP_16);
    }
}

/// What the target does where the contract is silent: told only where one open
/// thing stands alone, so that the answer belongs to it.
fn observe(expectation: &Expectation, answer: &Answer, verdict: &mut Verdict) {
    let mut answered = expectation.answered();
    if let (Some(only), None) = (answered.next(), answered.next())
        && !only.certain
    {
        verdict.observe(only.rule, only.what.clone(), answer.status.to_string());
    }
}

/// FLD-4 and FLD-8: the type-32 error names the property and its value.
fn examine_folder_error(
    expectation: &Expectation,
    answer: &Answer,
    body: &AnswerBody,
    verdict: &mut Verdict,
) {
    let breaches: Vec<&Breach> = expectation
        .answered()
        .filter(|breach| breach.certain)
        .collect();
    let folders: Vec<&str> = breaches
        .iter()
        .filter_map(|breach| breach.folder.as_deref())
        .collect();
    if answer.status != 400 || folders.is_empty() || folders.len() < breaches.len() {
        return;
    }
    let Some(reading) = ErrorReading::of(body) else {
        return;
    };
    let errors = reading.invalid_folders();
    if errors.is_empty() {
        return;
    }
    verdict.check(rules::FLD_8);
    let named = errors
        .iter()
        .any(|(name, _)| last_name(name).eq_ignore_ascii_case("inboundFolder"));
    if !named {
        verdict.refute(
            rules::FLD_8,
            FindingKind::Answer,
            "a type-32 error does not name inboundFolder",
            "propertyName `inboundFolder`, or a path that ends so",
            format!("propertyName `{}`", errors[0].0),
        );
    }
    let told = folders
        .iter()
        .any(|folder| errors.iter().any(|(_, value)| value.contains(folder)));
    if !told {
        let kept = breaches.iter().any(|breach| breach.rule == rules::FLD_4);
        verdict.refute(
            if kept { rules::FLD_4 } else { rules::FLD_8 },
            FindingKind::Answer,
            "a type-32 error does not tell the folder",
            format!("propertyValue `{}`", folders[0]),
            format!("propertyValue `{}`", errors[0].1),
        );
    }
}

/// Which rules an illegal answer breaks.
struct Blame<'a> {
    expectation: &'a Expectation,
    answer: &'a Answer,
    body: &'a AnswerBody,
}

impl Blame<'_> {
    fn rules(&self) -> Vec<(RuleId, Level, String)> {
        let status = self.answer.status;
        let mut rules = Vec::new();
        if status == 429 {
            // It was asked for alone, and others were answered: it is not busy.
            let message = "a request is answered 429 again and again, while others are answered";
            return vec![(rules::ERR_10, Level::Must, message.to_owned())];
        }
        if (500..600).contains(&status) {
            rules.push((
                rules::ISE_1,
                Level::Must,
                "a request that deserves another answer fails".to_owned(),
            ));
        }
        match self.expectation.blamed() {
            Some(breach) => rules.extend(self.of_breach(breach)),
            None if rules.is_empty() => rules.extend(self.of_acceptable()),
            None => {}
        }
        rules
    }

    /// A request that rules acceptance out got a wrong answer.
    fn of_breach(&self, breach: &Breach) -> Vec<(RuleId, Level, String)> {
        let status = self.answer.status;
        if !self.expectation.is_authenticated() {
            let told_elsewhere = self.expectation.breaches.iter().any(|breach| {
                breach
                    .answers
                    .iter()
                    .any(|kind| matches(*kind, self.answer, self.body))
            });
            if told_elsewhere && status != 200 {
                // Legal for what else is wrong: whether it tells anything is
                // seen by asking the same in another light (SES-12).
                return Vec::new();
            }
        }
        if let Some(feature) = self.refused_form() {
            let message = format!("{} is refused", feature.what);
            return vec![(feature.rule, feature.rule.level(), message)];
        }
        // An id that WG-1 is certain of is not too long.
        let is_of_the_path = status == 414 && breach.rule == rules::WG_1;
        if self.is_size_refusal() && !is_of_the_path {
            return vec![self.size_rule()];
        }
        let message = match status {
            200 => format!("{} is accepted", breach.what),
            401 | 403 if breach.answers.iter().all(|kind| kind.status() != 401) => {
                format!(
                    "{} is answered as if the session were at fault",
                    breach.what
                )
            }
            _ => format!("{} gets the wrong answer", breach.what),
        };
        vec![(breach.rule, breach.level, message)]
    }

    /// The feature that a status speaks of by itself, whatever else is wrong.
    fn refused_form(&self) -> Option<&Feature> {
        let rule = match self.answer.status {
            406 => rules::REP_19,
            411 | 417 | 501 => rules::REP_18,
            415 => rules::REP_13,
            _ => return None,
        };
        let mut features = self.expectation.features.iter();
        features.find(|feature| feature.rule == rule && feature.suspect)
    }

    /// An acceptable request was refused.
    fn of_acceptable(&self) -> Vec<(RuleId, Level, String)> {
        let expectation = self.expectation;
        let status = self.answer.status;
        let feature = |rule: RuleId| {
            expectation
                .features
                .iter()
                .find(|feature| feature.rule == rule && feature.suspect)
        };
        let found = |rule: RuleId, message: String| vec![(rule, rule.level(), message)];
        if let Some(feature) = self.refused_form() {
            return found(feature.rule, format!("{} is refused", feature.what));
        }
        match status {
            410 => Vec::new(),
            401 | 403 => match OF_THE_FORM.iter().find_map(|rule| feature(*rule)) {
                Some(feature) => found(
                    feature.rule,
                    format!("a live session with {} is refused", feature.what),
                ),
                None => found(rules::SES_1, "a live session is refused".to_owned()),
            },
            200..300 => found(
                rules::OK_1,
                "success is told by another status or body".to_owned(),
            ),
            _ if self.is_size_refusal() => vec![self.size_rule()],
            415 if !expectation.media_type_open => found(
                rules::REP_13,
                "a documented media type is refused".to_owned(),
            ),
            400 | 404 if expectation.must_accept() => self.of_refusal(),
            _ => {
                let mut rules = Vec::new();
                if expectation.must_accept() {
                    rules.extend(self.of_refusal());
                }
                // A documented answer to what is open is the target's choice, and the
                // form of a request has rules of its own.
                let of_the_form = OF_THE_FORM.iter().any(|rule| feature(*rule).is_some());
                if !expectation.media_type_open
                    && !of_the_form
                    && !DOCUMENTED_STATUSES.contains(&status)
                {
                    let message = format!("{status} is not documented");
                    rules.push((rules::ERR_10, Level::Must, message));
                }
                rules
            }
        }
    }

    /// The rule that speaks for a refused conforming body: that of a feature
    /// which may be the reason, the least binding first, so that nothing is
    /// blamed for more than it must be; shrinking removes what is not it.
    fn of_refusal(&self) -> Vec<(RuleId, Level, String)> {
        let reading = ErrorReading::of(self.body);
        let about_folder = reading.is_some_and(|reading| {
            !reading.invalid_folders().is_empty() || reading.names("inboundFolder")
        });
        let suspects = || {
            self.expectation
                .features
                .iter()
                .filter(|feature| feature.suspect)
        };
        let feature = suspects()
            .find(|feature| about_folder && feature.rule == rules::FLD_3)
            .or_else(|| suspects().min_by_key(|feature| feature.rule.level()));
        match feature {
            Some(feature) => {
                let message = format!("an acceptable request with {} is refused", feature.what);
                vec![(feature.rule, feature.rule.level(), message)]
            }
            None => vec![(
                rules::REP_1,
                Level::Must,
                "a conforming request is refused".to_owned(),
            )],
        }
    }

    fn is_size_refusal(&self) -> bool {
        matches!(self.answer.status, 413 | 414 | 431)
            && self.expectation.body_bytes < ACCEPTABLE_BYTES
            && !self.expectation.open_path
    }

    fn size_rule(&self) -> (RuleId, Level, String) {
        let long_remove = self
            .expectation
            .features
            .iter()
            .any(|feature| feature.rule == rules::REP_15);
        let rule = if long_remove {
            rules::REP_15
        } else {
            rules::REP_16
        };
        let bytes = self.expectation.body_bytes;
        (
            rule,
            rule.level(),
            format!("a request with a body of {bytes} bytes is refused for its size"),
        )
    }
}

/// SES-12: requests that are refused for their session alone get one status,
/// whatever their workgroup and body. `answers` are those of one session
/// state, each with what the request asked for.
pub fn examine_uniformity(cause: &str, answers: &[(String, u16)]) -> Verdict {
    let mut verdict = Verdict::new(cause.to_owned(), 0);
    let Some((_, first)) = answers.first() else {
        return verdict;
    };
    verdict.check(rules::SES_12);
    if let Some((other, status)) = answers.iter().find(|(_, status)| status != first) {
        verdict.refute(
            rules::SES_12,
            FindingKind::WronglyAnswered,
            "the status of an unauthenticated answer depends on the workgroup or the body",
            format!("{first}, as for {}", answers[0].0),
            format!("{status} for {other}"),
        );
    }
    verdict
}
