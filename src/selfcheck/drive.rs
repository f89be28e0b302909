//! Runs everything: a server in this process for each run, some runs at a
//! time, and of each only its score is kept.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use super::score::{Row, Score};
use super::subject::Subject;
use crate::contract::rules::ISE_4;
use crate::embedded::Embedded;
use crate::runner::{Goal, Plan, Property, Seed, run};

/// When a run starts no further case. Servers that never answer would take
/// minutes.
const MAX_TIME: Duration = Duration::from_secs(45);
/// How long one answer may take. Every server here is on this machine.
const TIMEOUT: Duration = Duration::from_millis(1_500);

/// What is to be checked.
#[derive(Clone, Debug)]
pub struct Check {
    /// What is run against each subject.
    pub properties: Vec<Property>,
    /// The subjects, in the order of the summary.
    pub subjects: Vec<Subject>,
    /// Each subject is run against once for each seed.
    pub seeds: Vec<Seed>,
    /// The cases of a property that draws freely.
    pub cases: usize,
    /// How many runs are under way at once; at least one.
    pub jobs: usize,
}

impl Check {
    /// How many runs it takes.
    pub fn runs(&self) -> usize {
        self.subjects.len() * self.seeds.len()
    }
}

/// Runs against every subject under every seed, and tells of each run as it
/// ends. The rows come in the order of the subjects.
///
/// # Errors
/// Where this machine has no port or thread left.
pub fn check(check: &Check, tell: &mut dyn FnMut(&Subject, &Score)) -> io::Result<Vec<Row>> {
    let mut scores: Vec<Option<Score>> = vec![None; check.runs()];
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (done, ended) = mpsc::channel();
        for _ in 0..check.jobs.clamp(1, check.runs().max(1)) {
            let (next, done) = (&next, done.clone());
            scope.spawn(move || work(check, next, &done));
        }
        drop(done);
        for ended in ended {
            let (number, score) = ended.inspect_err(|_| {
                // Nobody starts another run.
                next.store(check.runs(), Ordering::Relaxed);
            })?;
            tell(&check.subjects[number / check.seeds.len()], &score);
            scores[number] = Some(score);
        }
        io::Result::Ok(())
    })?;
    let mut scores = scores.into_iter().flatten();
    let row = |subject: &Subject| Row {
        subject: subject.clone(),
        scores: scores.by_ref().take(check.seeds.len()).collect(),
    };
    Ok(check.subjects.iter().map(row).collect())
}

/// The life of one thread: one run after the other.
fn work(check: &Check, next: &AtomicUsize, done: &mpsc::Sender<io::Result<(usize, Score)>>) {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        // Where nobody listens, the check is over.
        Err(error) => {
            _ = done.send(Err(error));
            return;
        }
    };
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= check.runs() {
            return;
        }
        let subject = &check.subjects[number / check.seeds.len()];
        let seed = check.seeds[number % check.seeds.len()];
        let score = run_once(check, subject, seed, &runtime);
        if done.send(score.map(|score| (number, score))).is_err() {
            return;
        }
    }
}

fn run_once(check: &Check, subject: &Subject, seed: Seed, runtime: &Runtime) -> io::Result<Score> {
    let began = Instant::now();
    let server = Embedded::start(subject.settings())?;
    let mut profile = server.profile().clone();
    profile.limits.timeout = TIMEOUT;
    if subject.level().is_some() && !subject.rules().contains(&ISE_4) {
        // What a broken server makes one case do to another depends on which
        // of them comes first. Those that do not answer would take too long.
        profile.limits.concurrency = 1;
    }
    let plan = Plan {
        seed,
        cases: check.cases,
        max_time: Some(MAX_TIME),
        goal: subject.level().map(|level| Goal {
            rules: subject.rules().to_vec(),
            level,
        }),
        ..Plan::new(profile, check.properties.clone())
    };
    let whole = Plan {
        goal: None,
        ..plan.clone()
    };
    let outcome = runtime.block_on(run(plan, &mut |_| ()));
    let score = Score::of(subject, seed, began.elapsed(), outcome);
    if subject.level().is_none() || score.is_kill() {
        return Ok(score);
    }
    // What ended the run may have become a finding of another rule when it was
    // made smaller: then a user's run, which goes on, decides.
    let outcome = runtime.block_on(run(whole, &mut |_| ()));
    Ok(Score::of(subject, seed, began.elapsed(), outcome))
}
