//! What does not hold yet, as data. A row that is no longer true fails.

use libtest_mimic::Failed;

use crate::setups::{SETUPS, Setup};

/// A setup behind which a conforming server is not said to conform.
#[derive(Debug)]
pub(crate) struct Failing {
    /// The name of the trial.
    pub(crate) trial: &'static str,
    /// What is seen, and why.
    pub(crate) why: &'static str,
    /// It depends on timing, so that it may hold as well.
    pub(crate) at_times: bool,
}

/// Every such setup.
pub(crate) const FAILING: &[Failing] = &[
    Failing {
        trial: "nginx/1000-a-second-else-503",
        why: "what is around the cases is not waited for where the target is busy",
        at_times: true,
    },
    Failing {
        trial: "nginx/1000-a-second-in-bursts-else-503",
        why: "logins, logouts and hooks are not waited for where the target is busy",
        at_times: true,
    },
    Failing {
        trial: "nginx/500-a-second-else-429",
        why: "what is around the cases is not waited for where the target is busy",
        at_times: true,
    },
    Failing {
        trial: "haproxy/500-a-second-else-429",
        why: "the rate at which the target refuses is not learnt",
        at_times: true,
    },
    Failing {
        trial: "lighttpd/as-it-comes",
        why: "a POST without a body does not say `Content-Length: 0`",
        at_times: true,
    },
];

/// What is known of that setup.
pub(crate) fn of(setup: &Setup) -> Option<&'static Failing> {
    let name = setup.trial();
    FAILING.iter().find(|failing| failing.trial == name)
}

/// Whether each row names a setup.
pub(crate) fn all_named() -> Result<(), Failed> {
    let is_named = |failing: &&Failing| SETUPS.iter().any(|setup| setup.trial() == failing.trial);
    match FAILING.iter().find(|failing| !is_named(failing)) {
        Some(failing) => Err(format!("no setup is called `{}`", failing.trial).into()),
        None => Ok(()),
    }
}
