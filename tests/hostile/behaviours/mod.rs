//! What servers and fronts do to a client: a row each, by kind.

mod calls;
mod connections;
mod framing;
mod huge;
mod marks;
mod now_and_then;
mod ours;
mod reads;
mod secrets;
mod sessions;
mod statuses;
mod time;
mod tls;
mod whole;

use std::sync::Arc;
use std::time::Duration;

use crate::front::Play;
use crate::front::act::{Act, Calls, Moment, Often, Script, Step, plainly};
use crate::front::memory::Memory;
use crate::front::message::{Asked, Reply};

/// What a front does, and what is right then.
#[derive(Clone)]
pub(crate) struct Behaviour {
    /// Its kind and what it is.
    pub(crate) name: String,
    /// What the front does.
    pub(crate) play: Arc<Play>,
    /// The exit codes that are right from the start, after the login and from
    /// the middle on.
    pub(crate) codes: [&'static [i32]; 3],
    /// The moments at which it is tried.
    pub(crate) moments: &'static [Moment],
    /// How many findings there are at most.
    pub(crate) findings_max: usize,
    /// The rules that findings may be of; any where there is none.
    pub(crate) rules: &'static [&'static str],
    /// What no cause of a finding may say.
    pub(crate) never_cause: &'static str,
    /// Whether the server itself loses what it held.
    pub(crate) spoils: bool,
    /// How it is tried.
    pub(crate) options: Options,
}

/// How a behaviour is tried.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// `--only`.
    pub(crate) only: &'static [&'static str],
    /// `--cases`.
    pub(crate) cases: Option<u32>,
    /// `--max-time`.
    pub(crate) max_time: Duration,
    /// `timeout_ms`.
    pub(crate) timeout: Duration,
    /// `answer_bytes_max`.
    pub(crate) answer_bytes_max: Option<usize>,
    /// Variables of the environment.
    pub(crate) variables: &'static [(&'static str, &'static str)],
    /// Whether it is over TLS.
    pub(crate) tls: bool,
    /// The number of the request in the middle of the run.
    pub(crate) middle: u64,
    /// The child is stopped after that time, for that time.
    pub(crate) stopped: Option<(Duration, Duration)>,
    /// How many files and sockets the child may have.
    pub(crate) descriptors: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            only: &[],
            cases: Some(24),
            max_time: Duration::from_secs(12),
            timeout: Duration::from_millis(2000),
            answer_bytes_max: None,
            variables: &[],
            tls: false,
            middle: 1000,
            stopped: None,
            descriptors: None,
        }
    }
}

/// It conforms.
pub(crate) const CONFORMS: &[i32] = &[0];
/// It does not conform.
pub(crate) const FAILS: &[i32] = &[1];
/// Nobody can judge it.
pub(crate) const CANNOT: &[i32] = &[3];
/// A violation may stand before nobody can judge any more.
pub(crate) const FAILS_OR_CANNOT: &[i32] = &[1, 3];
/// Nothing is its fault.
pub(crate) const NO_FAULT: &[i32] = &[0, 3];
/// Only the bounds are the point.
pub(crate) const ANY: &[i32] = &[0, 1, 3];

/// Any request.
pub(crate) const ALL: Calls = |_| true;
/// Updates.
pub(crate) const UPDATES: Calls = Asked::is_update;
/// Updates of more than ten objects.
pub(crate) const LARGE: Calls = |asked| asked.is_update() && asked.objects() > 10;
/// Reads of what is stored.
pub(crate) const READS: Calls = Asked::is_read;
/// Logins.
pub(crate) const LOGINS: Calls = Asked::is_login;
/// Ends of sessions.
pub(crate) const LOGOUTS: Calls = |asked| asked.is_connection("DELETE");
/// Questions whether a session is up.
pub(crate) const STATES: Calls = |asked| asked.is_connection("GET");
/// The features.
pub(crate) const FEATURES: Calls = |asked| asked.path() == "/icws/connection/features";
/// The version.
pub(crate) const VERSION: Calls = |asked| asked.path() == "/icws/connection/version";
/// Hooks.
pub(crate) const HOOKS: Calls = Asked::is_hook;

impl Behaviour {
    /// A behaviour; nobody can judge what behaves so.
    pub(crate) fn new(name: impl Into<String>, calls: Calls, act: Act) -> Self {
        Self::often(name, calls, Often::Always, act)
    }

    /// A behaviour that is not there always.
    pub(crate) fn often(name: impl Into<String>, calls: Calls, often: Often, act: Act) -> Self {
        Self {
            name: name.into(),
            play: Arc::new(Play { calls, often, act }),
            codes: [CANNOT; 3],
            moments: &Moment::ALL,
            findings_max: 3,
            rules: &[],
            never_cause: "",
            spoils: false,
            options: Options::default(),
        }
    }

    /// The exit codes that are right at all moments.
    pub(crate) const fn ends(mut self, codes: &'static [i32]) -> Self {
        self.codes = [codes; 3];
        self
    }

    /// The exit codes that are right at each moment.
    pub(crate) const fn ends_each(mut self, codes: [&'static [i32]; 3]) -> Self {
        self.codes = codes;
        self
    }

    /// There are so many findings at most.
    pub(crate) const fn findings(mut self, max: usize) -> Self {
        self.findings_max = max;
        self
    }

    /// Only of these rules.
    pub(crate) const fn rules(mut self, rules: &'static [&'static str]) -> Self {
        self.rules = rules;
        self
    }

    /// No cause of a finding says this.
    pub(crate) const fn never_because(mut self, cause: &'static str) -> Self {
        self.never_cause = cause;
        self
    }

    /// What the server held is lost by its own doing.
    pub(crate) const fn spoiling(mut self) -> Self {
        self.spoils = true;
        self
    }

    /// Tried otherwise.
    pub(crate) fn tried(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    /// Tried at these moments only.
    pub(crate) const fn at(mut self, moments: &'static [Moment]) -> Self {
        self.moments = moments;
        self
    }

    /// How long it may take: what has to be judged to its end, as long as a
    /// busy machine needs.
    pub(crate) fn max_time(&self, moment: Moment) -> Duration {
        let least = if self.right(moment).contains(&3) {
            Duration::ZERO
        } else {
            Duration::from_secs(60)
        };
        self.options.max_time.max(least)
    }

    /// The exit codes that are right at that moment.
    pub(crate) const fn right(&self, moment: Moment) -> &'static [i32] {
        self.codes[moment as usize]
    }
}

/// An answer in place of the server's.
pub(crate) fn instead(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Act {
    Act::Instead(Box::new(move |_, _| Some(plainly(&reply()))))
}

/// These bytes in place of the server's answer, and the end of the connection.
pub(crate) fn raw(bytes: impl Fn(&mut Memory) -> Vec<u8> + Send + Sync + 'static) -> Act {
    Act::Instead(Box::new(move |_, memory| {
        Some(vec![Step::Bytes(bytes(memory)), Step::Close])
    }))
}

/// Steps in place of the server's answer.
pub(crate) fn steps(script: impl Fn() -> Script + Send + Sync + 'static) -> Act {
    Act::Instead(Box::new(move |_, _| Some(script())))
}

/// The server's answer, changed.
pub(crate) fn changed(
    change: impl Fn(&Asked, &mut Reply, &mut Memory) + Send + Sync + 'static,
) -> Act {
    Act::After(Box::new(move |asked, mut reply, memory| {
        change(asked, &mut reply, memory);
        plainly(&reply)
    }))
}

/// Every behaviour, by kind.
pub(crate) fn all() -> Vec<Behaviour> {
    let healthy = Behaviour::new("healthy", ALL, Act::Wait(Duration::ZERO));
    let mut all = vec![healthy.ends(CONFORMS).findings(0).at(&[Moment::Start])];
    all.extend(statuses::rows());
    all.extend(calls::rows());
    all.extend(framing::rows());
    all.extend(connections::rows());
    all.extend(now_and_then::rows());
    all.extend(sessions::rows());
    all.extend(reads::rows());
    all.extend(time::rows());
    all.extend(huge::rows());
    all.extend(secrets::rows());
    all.extend(marks::rows());
    all.extend(tls::rows());
    all.extend(ours::rows());
    all.extend(whole::rows());
    all
}
