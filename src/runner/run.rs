//! One run: from a plan to a report. First every case is fired, then what was
//! found is shrunk, then the target is left as it was.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::around::{Found, tell_around};
use super::batch::{Outcomes, fire_all};
use super::calls::{self, Calls};
use super::collect::{Circumstances, Collected};
use super::event::Event;
use super::explained::explain;
use super::front::tell_pages;
use super::journal::JournalError;
use super::limits::Limits;
use super::outcome::{PropertyReport, Report, TargetReport};
use super::preflight::{Ready, begin};
use super::property::{Property, Share};
use super::restore::restore;
use super::seed::Seed;
use super::shard::{ELSEWHERE, Shard};
use super::shrink::Budget;
use super::spent::Spent;
use super::stage::Stage;
use super::standing::Standing;
use super::tally::Tally;
use crate::client::ClientError;
use crate::contract::{Level, RuleId};
use crate::judge;
use crate::target::Profile;

/// The number of cases of a property that draws freely, unless asked for more.
pub const DEFAULT_CASES: usize = 192;

/// How many requests one after the other a run still sends, beside one for
/// each workgroup, when its time is over: the longest case, and the sessions.
const LAST_REQUESTS: u32 = 15;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The target.
    pub profile: Profile,
    /// The folder of the journal; without one, a run that is killed leaves the
    /// workgroups as they are then.
    pub journal: Option<PathBuf>,
    /// The properties, in the order of the report.
    pub properties: Vec<Property>,
    /// Where every case derives from.
    pub seed: Seed,
    /// The cases of a property that draws freely; [`DEFAULT_CASES`] unless
    /// the user asked for another number.
    pub cases: usize,
    /// Which of the cases are fired; [`Shard::WHOLE`] for all.
    pub shard: Shard,
    /// The time after which no further case is started.
    pub max_time: Option<Duration>,
    /// The finding after which no further case is started, if any will do.
    pub goal: Option<Goal>,
    /// Cancelled when the user wants an end: nothing more is started, and the
    /// target is left in order.
    pub stop: CancellationToken,
}

impl Plan {
    /// Whether it has a property for the calls around the endpoint.
    fn asks_calls(&self) -> bool {
        let mut rules = self.properties.iter().flat_map(|property| property.rules);
        self.is_first() && rules.any(|rule| calls::is_of_calls(*rule))
    }

    /// Whether it is the whole of a run, or the first of its shards: what is asked once
    /// in a run is asked there.
    fn is_first(&self) -> bool {
        self.shard.number() == 1
    }

    /// A whole run of those properties against that target: under a seed that nobody
    /// chose, without a journal and without a limit of time.
    pub fn new(profile: Profile, properties: Vec<Property>) -> Self {
        Self {
            profile,
            journal: None,
            properties,
            seed: Seed::random(),
            cases: DEFAULT_CASES,
            shard: Shard::WHOLE,
            max_time: None,
            goal: None,
            stop: CancellationToken::new(),
        }
    }
}

/// What a run may look for: once it is found, the rest is not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// A breach of one of these rules,
    pub rules: Vec<RuleId>,
    /// at least as binding as this.
    pub level: Level,
}

impl Goal {
    /// Whether that is what is looked for.
    pub(super) fn is_met_by(&self, finding: &judge::Finding) -> bool {
        finding.level >= self.level && self.rules.contains(&finding.rule)
    }
}

/// Why there is nothing to report.
#[derive(Debug, Error)]
pub enum RunError {
    /// The profile's origin or certificates cannot be used: a matter of usage.
    #[error("failed to prepare the client: {0}")]
    Client(#[from] ClientError),
    /// The journal cannot be used: a matter of files. Nothing was sent.
    #[error(transparent)]
    Journal(JournalError),
    /// The target cannot be judged at all: not reached, no session, broken
    /// fixtures. The text is one clear message.
    #[error("{0}")]
    Target(String),
}

impl From<JournalError> for RunError {
    fn from(error: JournalError) -> Self {
        if error.is_of_files() {
            Self::Journal(error)
        } else {
            Self::Target(error.to_string())
        }
    }
}

/// Runs the plan, telling what happens as it happens.
///
/// # Errors
/// Where nothing could be judged at all. A target that vanishes in mid-run is
/// no error: the report says so.
pub async fn run(plan: Plan, tell: &mut dyn FnMut(Event<'_>)) -> Result<Report, RunError> {
    let started = Instant::now();
    let ready = begin(&plan.profile, plan.journal.as_deref())?;
    tell(Event::Begins);
    let end = plan.max_time.map(|time| started + time);
    let ready = ready.prepare(&plan.profile, &plan.stop, end).await?;
    tell(Event::Ready {
        properties: plan.properties.len(),
    });
    let max_time = time_for_cases(&plan, &ready, started.elapsed());
    let limits = Limits::new(started, max_time, plan.stop.clone()).cut_off_at(end);
    let Ready {
        stage,
        mut notes,
        fixture_problems,
        mut requests,
        touched: _,
        accepted,
        rejected,
    } = ready;
    let mut tally = Tally::of(plan.profile.offers.features);
    let mut calls = Calls::default();
    if plan.asks_calls() {
        let asking = calls::ask(&stage, plan.profile.offers.features, &mut tally);
        calls = limits.within(asking).await.unwrap_or_default();
    }
    requests += calls.requests;
    let mut collected: Vec<Collected> = plan
        .properties
        .iter()
        .map(|property| Collected::new(*property))
        .collect();
    if !plan.is_first() {
        let of_calls = |one: &&mut Collected| {
            let mut rules = one.property.rules.iter();
            rules.any(|rule| calls::is_of_calls(*rule))
        };
        for one in collected.iter_mut().filter(of_calls) {
            one.inapplicable = Some(ELSEWHERE);
        }
    }
    let mut spent = Spent::new(requests);
    let mut clearing = Vec::new();
    let mut outcomes = Outcomes {
        collected: &mut collected,
        tally: &mut tally,
        spent: &mut spent,
        clearing: &mut clearing,
        running: None,
        tell,
    };
    let firing = fire_all(&plan, &stage, &limits, &mut outcomes);
    limits.within(firing).await;
    let accepted = accepted || collected.iter().any(|one| one.accepted);
    let rejected = rejected || collected.iter().any(|one| one.rejected);
    let mut found = if plan.asks_calls() {
        calls.and_read_backs(&stage, &mut tally)
    } else {
        Vec::new()
    };
    found.append(&mut clearing);
    let run = Run {
        plan: &plan,
        stage: &stage,
        limits: &limits,
        tally: &tally,
    };
    let reports = run.conclude(collected, found, &mut notes, tell).await;
    requests += reports.iter().map(|report| report.requests).sum::<u64>();
    // What is left is to leave everything as it was.
    let early = limits.reason();
    let restored = restore(&stage, &limits, &mut notes).await;
    requests += restored.requests + stage.lag.requests();
    let mut unjudged = Vec::new();
    unjudged.extend(early);
    unjudged.extend(fixture_problems);
    unjudged.extend(restored.not_in_order);
    unjudged.extend(tally.disturbances());
    unjudged.extend(not_reached(accepted, rejected));
    notes.extend(tally.left_out());
    notes.extend(stage.notes());
    let secrets = stage.client.secrets();
    let report = Report {
        seed: plan.seed,
        target: TargetReport {
            name: plan.profile.name.clone(),
            base_url: stage.base_url.clone(),
            feature_version: stage.feature_version,
            accept_invalid: plan.profile.tls.accept_invalid,
        },
        requests,
        cases: reports.iter().map(|report| report.cases).sum(),
        first_breach: spent.first_breach,
        elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        rules: tally.rules(
            &reports,
            &|need| stage.lacks(need, &plan.profile),
            plan.cases < DEFAULT_CASES,
        ),
        open: tally.open(secrets),
        outlines: tally.outlines(secrets),
        properties: reports,
        unjudged: unjudged
            .iter()
            .map(|reason| secrets.redact(reason).to_string())
            .collect(),
        notes: notes
            .iter()
            .map(|note| secrets.redact(note).to_string())
            .collect(),
        standing: Standing::default(),
    };
    tell(Event::Done(&report));
    Ok(report)
}

/// How long cases may be started for: what is under way must end, and the workgroups
/// be restored, before the time is over. `elapsed` is what the checks took.
fn time_for_cases(plan: &Plan, ready: &Ready, elapsed: Duration) -> Option<Duration> {
    let max_time = plan.max_time?;
    let of_one = elapsed / u32::try_from(ready.requests.max(1)).unwrap_or(u32::MAX);
    let last = u32::try_from(ready.stage.grounds.len()).unwrap_or(u32::MAX);
    let reserve = of_one * last.saturating_add(LAST_REQUESTS);
    Some(max_time.saturating_sub(reserve.min(max_time / 2)))
}

/// What parts of the target a run did not reach.
fn not_reached(accepted: bool, rejected: bool) -> Vec<String> {
    let mut reasons = Vec::new();
    if !accepted {
        reasons.push(
            "no update was accepted: the run did not reach the target's own logic".to_owned(),
        );
    }
    if !rejected {
        reasons.push(
            "no update was refused: the run did not reach the target's own validation".to_owned(),
        );
    }
    reasons
}

/// A run whose cases are all fired.
struct Run<'a> {
    plan: &'a Plan,
    stage: &'a Stage,
    limits: &'a Limits,
    tally: &'a Tally,
}

impl Run<'_> {
    /// Shrinks what was found, property by property, and tells beside it what only the
    /// whole run shows.
    async fn conclude(
        &self,
        collected: Vec<Collected>,
        calls: Vec<Found>,
        notes: &mut Vec<String>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Vec<PropertyReport> {
        let properties = &self.plan.properties;
        let tells_pages = properties.iter().position(|one| one.share == Share::Pages);
        let circumstances = Circumstances {
            early: self.limits.reason(),
            disturbed: self.tally.is_disturbed(),
            dropped: collected.iter().map(Collected::dropped).sum(),
            pages: tells_pages.map(|_| self.tally.pages()),
        };
        let budget = Budget::new(self.limits);
        let mut reports = Vec::new();
        for collected in collected {
            let concluding = collected.conclude(self.stage, &budget, &circumstances, notes, tell);
            reports.push(concluding.await);
        }
        if let Some(place) = tells_pages {
            tell_pages(&mut reports, place, self.tally.pages(), self.stage);
        }
        tell_around(properties, &mut reports, self.stage, calls);
        explain(&mut reports);
        if self.plan.shard == Shard::WHOLE {
            for report in &mut reports {
                report.weigh(|rule| self.tally.has_checked(rule));
            }
        }
        for report in &reports {
            tell(Event::Finished(report));
        }
        reports
    }
}
