//! From the case that showed a finding to the smallest that still does:
//! every simpler case is sent anew and judged anew, so that what remains is
//! what matters. Bounded, and confirmed before and after.

use super::fire::Fired;
use super::ground::Ground;
use super::stage::{Stage, Trouble};
use crate::generate::Case;
use crate::generate::reduce::simpler;
use crate::judge::{Finding, FindingKind};

/// How many simpler cases are tried for one finding.
const TRIES: usize = 200;

/// A finding with the smallest case known to show it.
#[derive(Debug)]
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
    /// The target stopped answering.
    pub gone: Option<String>,
}

/// Whether `found` shows what is looked for, perhaps more plainly: the same
/// rule, or, where an acceptable request is refused, any rule at least as
/// binding, because which rule speaks depends on what the request still has.
fn shows(found: &Finding, wanted: &Finding) -> bool {
    found.rule == wanted.rule && found.level >= wanted.level
        || found.kind == FindingKind::Refused
            && wanted.kind == FindingKind::Refused
            && found.level >= wanted.level
            && found.rule != crate::contract::rules::ISE_4
}

fn showing(fired: &Fired, wanted: &Finding) -> Option<(usize, Finding)> {
    fired
        .findings
        .iter()
        .filter(|(_, found)| shows(found, wanted))
        .min_by_key(|(_, found)| found.rule != wanted.rule)
        .cloned()
}

/// Shrinks and confirms. `may_go_on` is asked before every try.
pub async fn shrink(
    stage: &Stage,
    case: Case,
    (step, finding): (usize, Finding),
    first: Fired,
    ground: &mut Ground,
    mut witness: Option<&mut Ground>,
    may_go_on: &dyn Fn() -> bool,
) -> Shrunk {
    let mut best = Shrunk {
        case,
        fired: first,
        step,
        finding,
        confirmed: 1,
        requests: 0,
        gone: None,
    };
    if !may_go_on() {
        return best;
    }
    let before = again(
        stage,
        &best.case,
        ground,
        witness.as_deref_mut(),
        &mut best.requests,
        &mut best.gone,
    )
    .await;
    let repeats = before
        .as_ref()
        .is_some_and(|fired| showing(fired, &best.finding).is_some());
    if !repeats || best.gone.is_some() {
        // It did not repeat: nothing can be learnt by changing it.
        if best.gone.is_none() {
            let third = again(
                stage,
                &best.case,
                ground,
                witness,
                &mut best.requests,
                &mut best.gone,
            )
            .await;
            best.confirmed +=
                u8::from(third.is_some_and(|fired| showing(&fired, &best.finding).is_some()));
        }
        return best;
    }
    reduce(stage, &mut best, ground, witness.as_deref_mut(), may_go_on).await;
    for _ in 0..2 {
        if best.gone.is_some() {
            break;
        }
        let after = again(
            stage,
            &best.case,
            ground,
            witness.as_deref_mut(),
            &mut best.requests,
            &mut best.gone,
        )
        .await;
        best.confirmed +=
            u8::from(after.is_some_and(|fired| showing(&fired, &best.finding).is_some()));
    }
    best
}

async fn reduce(
    stage: &Stage,
    best: &mut Shrunk,
    ground: &mut Ground,
    mut witness: Option<&mut Ground>,
    may_go_on: &dyn Fn() -> bool,
) {
    let mut tries = 0;
    let mut progress = true;
    while progress {
        progress = false;
        let mut at = 0;
        loop {
            // After a success the next candidate of the smaller case is tried
            // from the same place: what was kept before is likely kept again.
            let Some(candidate) = simpler(&best.case).into_iter().nth(at) else {
                break;
            };
            if tries >= TRIES || !may_go_on() || best.gone.is_some() {
                return;
            }
            tries += 1;
            let fired = again(
                stage,
                &candidate,
                ground,
                witness.as_deref_mut(),
                &mut best.requests,
                &mut best.gone,
            )
            .await;
            match fired.and_then(|fired| showing(&fired, &best.finding).map(|found| (fired, found)))
            {
                Some((fired, (step, finding))) => {
                    best.case = candidate;
                    best.fired = fired;
                    best.step = step;
                    best.finding = finding;
                    progress = true;
                }
                None => at += 1,
            }
        }
    }
}

/// Plays a case once more; `None` where it could not be judged.
async fn again(
    stage: &Stage,
    case: &Case,
    ground: &mut Ground,
    witness: Option<&mut Ground>,
    requests: &mut u64,
    gone: &mut Option<String>,
) -> Option<Fired> {
    let fired = stage.fire(case, ground, witness).await;
    *requests += fired.requests;
    if let Some(Trouble::Gone(reason)) = &fired.trouble {
        *gone = Some(reason.clone());
        return None;
    }
    Some(fired)
}
