//! One run: from a plan to a report. First every case is fired, then what was
//! found is shrunk, then the target is left as it was.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::around::tell_around;
use super::batch::{Outcomes, fire_all};
use super::collect::{Circumstances, Collected};
use super::event::Event;
use super::explained::explain;
use super::front::tell_pages;
use super::journal::JournalError;
use super::limits::Limits;
use super::outcome::{Report, TargetReport};
use super::preflight::{Ready, begin};
use super::property::{Property, Share};
use super::restore::restore;
use super::seed::Seed;
use super::shard::Shard;
use super::shrink::Budget;
use super::spent::Spent;
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
    // What is under way must end, and the workgroups be restored, before the
    // time is over.
    let of_one = started.elapsed() / u32::try_from(ready.requests.max(1)).unwrap_or(u32::MAX);
    let last = u32::try_from(ready.stage.grounds.len()).unwrap_or(u32::MAX);
    let reserve = of_one * last.saturating_add(LAST_REQUESTS);
    let max_time = plan
        .max_time
        .map(|time| time.saturating_sub(reserve.min(time / 2)));
    let limits = Limits::new(started, max_time, plan.stop.clone()).cut_off_at(end);
    let Ready {
        stage,
        mut notes,
        fixture_problems,
        mut requests,
        touched: _,
        mut accepted,
        mut rejected,
    } = ready;
    let mut tally = Tally::default();
    let mut collected: Vec<Collected> = plan
        .properties
        .iter()
        .map(|property| Collected::new(*property))
        .collect();
    let mut spent = Spent::new(requests);
    let mut outcomes = Outcomes {
        collected: &mut collected,
        tally: &mut tally,
        spent: &mut spent,
        running: None,
        tell,
    };
    let firing = fire_all(&plan, &stage, &limits, &mut outcomes);
    limits.within(firing).await;
    let mut properties = plan.properties.iter();
    let tells_pages = properties.position(|property| property.share == Share::Pages);
    let circumstances = Circumstances {
        early: limits.reason(),
        disturbed: tally.is_disturbed(),
        dropped: collected.iter().map(Collected::dropped).sum(),
        pages: tells_pages.map(|_| tally.pages()),
    };
    let budget = Budget::new(&limits);
    let mut reports = Vec::new();
    for collected in collected {
        accepted |= collected.accepted;
        rejected |= collected.rejected;
        let report = collected
            .conclude(&stage, &budget, &circumstances, &mut notes, tell)
            .await;
        requests += report.requests;
        reports.push(report);
    }
    // What is left is to leave everything as it was.
    let early = limits.reason();
    if let Some(place) = tells_pages {
        tell_pages(&mut reports, place, tally.pages(), stage.client.secrets());
    }
    tell_around(&plan.properties, &mut reports, &stage);
    explain(&mut reports);
    if plan.shard == Shard::WHOLE {
        for report in &mut reports {
            report.weigh(|rule| tally.has_checked(rule));
        }
    }
    for report in &reports {
        tell(Event::Finished(report));
    }
    let restored = restore(&stage, &limits, &mut notes).await;
    requests += restored.requests + stage.lag.requests();
    let mut unjudged = Vec::new();
    unjudged.extend(early);
    unjudged.extend(fixture_problems);
    unjudged.extend(restored.not_in_order);
    unjudged.extend(tally.disturbances());
    if !accepted {
        unjudged.push(
            "no update was accepted: the run did not reach the target's own logic".to_owned(),
        );
    }
    if !rejected {
        unjudged.push(
            "no update was refused: the run did not reach the target's own validation".to_owned(),
        );
    }
    notes.extend(tally.left_out());
    if stage.sessions.lost() > 0 {
        notes.push(format!(
            "the target dropped a live session {} times; it was opened again",
            stage.sessions.lost()
        ));
    }
    if !stage.read_back {
        notes.push(
            "without read-back nobody can see whether anything was left of what was added (offers.read_back)".to_owned(),
        );
    }
    notes.extend(stage.client.notes());
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
