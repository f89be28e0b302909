//! From the case that showed a finding to the smallest that still does:
//! every simpler case is sent anew and judged anew, so that what remains is
//! what matters. Bounded, and confirmed before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::fire::{Fired, Look};
use super::ground::{Ground, Witnesses};
use super::limits::Limits;
use super::stage::Stage;
use super::trouble::Trouble;
use crate::contract::RuleId;
use crate::contract::rules::{EFF_1, EFF_2, ISE_4, REP_13, REP_18, REP_19, SES_14};
use crate::generate::reduce::simpler;
use crate::generate::{Body, Case, Step};
use crate::judge::{Finding, FindingKind, Page};

/// How many simpler cases are tried for one finding.
const TRIES: usize = 150;

/// How many tries one counts for that is not answered within the time limit.
const SILENT_TRY: usize = 25;

/// How many findings of one rule are shrunk in a whole run.
pub(crate) const SHRUNK_PER_RUN: usize = 6;

/// How many simpler cases are tried in a whole run: a server that is wrong in
/// everything is told no better by shrinking every case.
const TRIES_OF_A_RUN: usize = 3000;

/// What a run may still spend on shrinking.
#[derive(Debug)]
pub struct Budget<'a> {
    /// When the run ends before its time.
    pub(super) limits: &'a Limits,
    tries: AtomicUsize,
    of_rules: Mutex<BTreeMap<RuleId, usize>>,
    pages: Mutex<BTreeSet<Page>>,
}

/// What is done about one finding before it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// It is told as it was drawn.
    Nothing,
    /// Its case is sent again.
    Confirm,
    /// Its case is made smaller, and confirmed.
    Reduce,
}

impl<'a> Budget<'a> {
    /// A whole run's budget, within its limits.
    pub(super) const fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            tries: AtomicUsize::new(TRIES_OF_A_RUN),
            of_rules: Mutex::new(BTreeMap::new()),
            pages: Mutex::new(BTreeSet::new()),
        }
    }

    fn may_go_on(&self) -> bool {
        self.limits.may_go_on()
    }

    /// Whether another finding of that rule is worth shrinking.
    pub(super) fn is_worth_it(&self, rule: RuleId) -> bool {
        let mut of_rules = self.of_rules.lock().unwrap_or_else(PoisonError::into_inner);
        let count = of_rules.entry(rule).or_default();
        *count += 1;
        *count <= if rule == ISE_4 { 1 } else { SHRUNK_PER_RUN }
    }

    /// Whether nothing was asked about that page yet; from now on something was.
    pub(super) fn is_first_of(&self, page: Page) -> bool {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.insert(page)
    }

    /// Takes one try, where one is left.
    fn take(&self) -> bool {
        let left = self.tries.load(Ordering::Relaxed);
        self.tries.store(left.saturating_sub(1), Ordering::Relaxed);
        left > 0 && self.may_go_on()
    }
}

/// A finding with the smallest case known to show it.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The case.
    pub case: Case,
    /// What came of it when it last showed the finding.
    pub fired: Fired,
    /// The step that showed it, and the finding.
    pub step: usize,
    /// The finding.
    pub finding: Finding,
    /// How many of three sendings showed it.
    pub confirmed: u8,
    /// The requests that this took.
    pub requests: u64,
    /// How often a case was played: each time under new names, for a target may
    /// remember what it removed.
    turn: u16,
    /// What ended the run meanwhile.
    pub ended_by: Option<Trouble>,
    /// What it was before it was made smaller, where that was tried.
    pub unreduced: Option<Box<Shrunk>>,
}

impl Shrunk {
    /// A finding as it was drawn, seen once.
    pub fn drawn(case: Case, fired: Fired, (step, finding): (usize, Finding)) -> Self {
        Self {
            case,
            fired,
            step,
            finding,
            confirmed: 1,
            requests: 0,
            turn: 0,
            ended_by: None,
            unreduced: None,
        }
    }
}

/// Whether `found` shows what is looked for, perhaps more plainly. The answer is
/// the same, the rule or one at least as binding is broken in the same way, and
/// what the request itself is stays so:
/// - a conforming request stays one, whichever rule then speaks for it;
/// - a wrong request keeps what is wrong with it, or of several wrongs one alone;
///   or it becomes a conforming one that gets the same answer: then what was wrong
///   with it is not the point.
fn shows(found: &Finding, wanted: &Finding) -> bool {
    if found.status != wanted.status {
        return false;
    }
    let same_rule = found.rule == wanted.rule && found.level >= wanted.level;
    match (wanted.kind, wanted.objection) {
        (FindingKind::Refused, _) => {
            found.kind == FindingKind::Refused && (same_rule || found.level >= wanted.level)
        }
        (FindingKind::WronglyAnswered, _) => {
            // A 400 has reasons of its own for every request.
            let telling = !matches!(wanted.status, 0 | 200 | 400);
            match found.kind {
                FindingKind::Refused => telling || same_rule,
                FindingKind::WronglyAnswered => is_one_wrong_of(found, wanted, same_rule),
                FindingKind::Answer | FindingKind::State => false,
            }
        }
        (FindingKind::Answer | FindingKind::State, objection) => {
            let is_plainer = found.objection.is_none() || found.objection == objection;
            // The form of an answer is the same whatever it was given to.
            let is_of_form = found.kind == FindingKind::Answer && found.message == wanted.message;
            same_rule && found.kind == wanted.kind && (is_plainer || is_of_form)
        }
    }
}

/// Whether a wrong request has nothing wrong with it but what is looked for.
fn is_one_wrong_of(found: &Finding, wanted: &Finding, same_rule: bool) -> bool {
    let wrongs = |finding: &Finding| finding.cause.split(" + ").count();
    let mut of_wanted = wanted.cause.split(" + ");
    let is_part = of_wanted.any(|part| part == found.cause) && wanted.cause != found.cause;
    is_part || same_rule && found.objection == wanted.objection && wrongs(found) <= wrongs(wanted)
}

fn showing(fired: &Fired, wanted: &Finding) -> Option<(usize, Finding)> {
    fired
        .findings
        .iter()
        .filter(|(_, found)| shows(found, wanted))
        .min_by_key(|(_, found)| found.rule != wanted.rule)
        .cloned()
}

/// Confirms and shrinks, with that effort at most and while the budget lasts.
pub async fn shrink(
    stage: &Stage,
    drawn: Shrunk,
    ground: &mut Ground,
    witnesses: &mut Witnesses<'_>,
    effort: Effort,
    budget: &Budget<'_>,
) -> Shrunk {
    let mut best = drawn;
    let reducing = effort == Effort::Reduce;
    // One request after the other that is not answered would take minutes.
    let takes_long = best.finding.rule == ISE_4 && !reducing;
    if effort == Effort::Nothing || takes_long || !budget.may_go_on() {
        return best;
    }
    let same = best.case.clone();
    if !try_one(stage, &mut best, same, ground, witnesses).await {
        // It did not repeat: nothing can be learnt by changing it.
        confirm(stage, &mut best, 1, ground, witnesses).await;
        return best;
    }
    if let Some(candidate) = control(&best) {
        try_one(stage, &mut best, candidate, ground, witnesses).await;
    }
    let mut form_matters = false;
    if let Some(plain) = in_plain_form(&best) {
        // Twice, before another form is blamed: it may not show each time. What is
        // refused in a form breaks the rule of forms already.
        let is_refused = best.finding.kind == FindingKind::Refused;
        form_matters = !try_one(stage, &mut best, plain.clone(), ground, witnesses).await
            && !is_refused
            && !try_one(stage, &mut best, plain, ground, witnesses).await;
    }
    if form_matters {
        for candidate in in_one_other_form(&best) {
            if try_one(stage, &mut best, candidate, ground, witnesses).await {
                break;
            }
        }
    }
    if reducing {
        best.unreduced = Some(Box::new(best.clone()));
        reduce(stage, &mut best, ground, witnesses, budget).await;
    }
    confirm(stage, &mut best, 2, ground, witnesses).await;
    if form_matters && best.ended_by.is_none() {
        blame_form(&mut best);
    }
    best
}

/// The case in the plain form, where the form of the request may be the point: what
/// is accepted or fails in some form stays with the rule that it breaks.
fn in_plain_form(best: &Shrunk) -> Option<Case> {
    let finding = &best.finding;
    let may_be_the_point = match finding.kind {
        FindingKind::WronglyAnswered => !matches!(finding.status, 0 | 200 | 500..),
        FindingKind::State => [EFF_1, EFF_2].contains(&finding.rule),
        FindingKind::Refused => true,
        FindingKind::Answer => false,
    };
    let step = best.case.steps.get(best.step)?;
    if *step == step.in_plain_form() {
        return None;
    }
    let mut case = best.case.clone();
    for step in &mut case.steps {
        *step = step.in_plain_form();
    }
    let is_told_so = finding.kind != FindingKind::Refused
        && [REP_13, REP_18, REP_19, SES_14].contains(&finding.rule);
    (may_be_the_point && !is_told_so).then_some(case)
}

/// The case with a single thing about its form left as it is, for each of several.
fn in_one_other_form(best: &Shrunk) -> Vec<Case> {
    let forms = best.case.steps.get(best.step).map(Step::each_form);
    let forms = forms.filter(|forms| forms.len() > 1).unwrap_or_default();
    let with = |form: Step| {
        let mut case = best.case.clone();
        case.steps[best.step] = form;
        case
    };
    forms.into_iter().map(with).collect()
}

/// Blames the form of a request that is answered as it should be in the plain one: the
/// rules of forms are the special ones (section 4 of the contract).
fn blame_form(best: &mut Shrunk) {
    let form = best.case.steps.get(best.step).and_then(Step::form);
    if let Some((rule, what)) = form {
        let finding = &mut best.finding;
        finding.message = format!("with {what} it is answered otherwise: {}", finding.message);
        (finding.rule, finding.level, finding.cause) = (rule, rule.level(), what);
    }
}

/// Plays the case again that many times, and counts how often it shows.
async fn confirm(
    stage: &Stage,
    best: &mut Shrunk,
    times: usize,
    ground: &mut Ground,
    witnesses: &mut Witnesses<'_>,
) {
    for _ in 0..times {
        if best.ended_by.is_some() {
            return;
        }
        best.turn += 1;
        let case = best.case.renamed(best.turn);
        let fired = again(
            stage,
            &case,
            ground,
            witnesses,
            &mut best.requests,
            &mut best.ended_by,
        )
        .await;
        if let Some(fired) = fired
            && let Some((step, finding)) = showing(&fired, &best.finding)
        {
            best.case = case;
            best.fired = fired;
            best.step = step;
            best.finding = finding;
            best.confirmed += 1;
        }
    }
}

/// The same request with nothing in its body: acceptable, so that its answer
/// tells whether the body was the point.
fn control(best: &Shrunk) -> Option<Case> {
    let telling = best.finding.kind == FindingKind::WronglyAnswered
        && !matches!(best.finding.status, 0 | 200 | 400);
    let mut case = best.case.clone();
    case.steps.get_mut(best.step).filter(|_| telling)?.body = Body::Json(serde_json::json!({}));
    Some(case)
}

async fn reduce(
    stage: &Stage,
    best: &mut Shrunk,
    ground: &mut Ground,
    witnesses: &mut Witnesses<'_>,
    budget: &Budget<'_>,
) {
    let mut tries = 0;
    let cost = match best.finding.rule {
        ISE_4 => SILENT_TRY,
        _ => 1,
    };
    // What has failed since the last case that was all new.
    let (mut at, mut is_new) = (0, false);
    loop {
        let case = best.case.clone();
        let mut is_smaller = false;
        for candidate in simpler(&case).skip(at) {
            if tries >= TRIES || !budget.take() || best.ended_by.is_some() {
                return;
            }
            tries += cost;
            is_smaller = try_one(stage, best, candidate, ground, witnesses).await;
            if is_smaller {
                break;
            }
            at += 1;
        }
        // After a success the next candidate of the smaller case is tried from
        // the same place: what was kept before is likely kept again. At the end
        // it begins anew, until nothing helps.
        if is_smaller {
            is_new = true;
        } else if is_new {
            (at, is_new) = (0, false);
        } else {
            return;
        }
    }
}

/// How often a candidate is played at most, and how often it must show the
/// finding: how concurrent requests meet is not in our hands.
const fn attempts(candidate: &Case) -> (usize, usize) {
    if candidate.at_once { (4, 2) } else { (1, 1) }
}

/// Plays a candidate, and keeps it where it still shows the finding.
async fn try_one(
    stage: &Stage,
    best: &mut Shrunk,
    candidate: Case,
    ground: &mut Ground,
    witnesses: &mut Witnesses<'_>,
) -> bool {
    let (mut left, mut needed) = attempts(&candidate);
    let mut candidate = candidate;
    while left >= needed && best.ended_by.is_none() {
        // Leftovers of earlier tries must not stand in the way.
        best.turn += 1;
        candidate = candidate.renamed(best.turn);
        let fired = again(
            stage,
            &candidate,
            ground,
            witnesses,
            &mut best.requests,
            &mut best.ended_by,
        )
        .await;
        left -= 1;
        let shown =
            fired.and_then(|fired| showing(&fired, &best.finding).map(|found| (fired, found)));
        let Some((fired, (step, finding))) = shown else {
            continue;
        };
        needed -= 1;
        if needed == 0 {
            best.case = candidate;
            best.fired = fired;
            best.step = step;
            best.finding = finding;
            return true;
        }
    }
    false
}

/// Plays a case once more; `None` where it could not be judged.
async fn again(
    stage: &Stage,
    case: &Case,
    ground: &mut Ground,
    witnesses: &mut Witnesses<'_>,
    requests: &mut u64,
    ended_by: &mut Option<Trouble>,
) -> Option<Fired> {
    let fired = stage.fire(case, ground, witnesses, Look::AtOnce).await;
    *requests += fired.requests;
    if let Some(trouble) = fired
        .trouble
        .as_ref()
        .filter(|trouble| trouble.ends_the_run())
    {
        *ended_by = Some(trouble.clone());
        return None;
    }
    Some(fired)
}
