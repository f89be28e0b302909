//! How much the harness asks of a target, and how long and how much it takes
//! for an answer: one table for the profile, the overrides and the writing.

use std::ops::RangeInclusive;
use std::time::Duration;

/// How much the harness asks of a target, and what it takes for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most requests under way at once: 1 to 256.
    pub concurrency: usize,
    /// The most requests sent per second; 0 for no limit.
    pub requests_per_second: u32,
    /// The longest that one request may take (ISE-4).
    pub timeout: Duration,
    /// The most bytes read of one answer's body.
    pub answer_bytes_max: usize,
    /// The longest that a target which is away or busy is waited for.
    pub outage: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 16,
            requests_per_second: 0,
            timeout: Duration::from_millis(10_000),
            answer_bytes_max: 1_048_576,
            outage: Duration::from_millis(5_000),
        }
    }
}

/// One limit as the profile and the environment name it.
pub(super) struct Limit {
    /// The key in the table `limits`.
    pub(super) key: &'static str,
    /// The environment variable that overrides it.
    pub(super) variable: &'static str,
    /// What it is, in words.
    pub(super) says: &'static str,
    accepted: RangeInclusive<u32>,
    set: fn(&mut Limits, u32),
    /// The value, in the unit of the profile.
    pub(super) get: fn(&Limits) -> u128,
}

/// Every limit, in the order of the profile.
pub(super) const LIMITS: [Limit; 5] = [
    Limit {
        key: "concurrency",
        variable: "ICWS_CONCURRENCY",
        says: "the most requests under way at once",
        accepted: 1..=256,
        set: |limits, value| limits.concurrency = value as usize,
        get: |limits| limits.concurrency as u128,
    },
    Limit {
        key: "requests_per_second",
        variable: "ICWS_REQUESTS_PER_SECOND",
        says: "the most requests sent per second; 0: no limit",
        accepted: 0..=1_000_000,
        set: |limits, value| limits.requests_per_second = value,
        get: |limits| u128::from(limits.requests_per_second),
    },
    Limit {
        key: "timeout_ms",
        variable: "ICWS_TIMEOUT_MS",
        says: "the longest that one request may take",
        accepted: 1..=600_000,
        set: |limits, value| limits.timeout = Duration::from_millis(u64::from(value)),
        get: |limits| limits.timeout.as_millis(),
    },
    Limit {
        key: "answer_bytes_max",
        variable: "ICWS_ANSWER_BYTES_MAX",
        says: "the most bytes read of one answer's body",
        accepted: 1_024..=16_777_216,
        set: |limits, value| limits.answer_bytes_max = value as usize,
        get: |limits| limits.answer_bytes_max as u128,
    },
    Limit {
        key: "outage_ms",
        variable: "ICWS_OUTAGE_MS",
        says: "the longest that a target which is away or busy is waited for",
        accepted: 0..=3_600_000,
        set: |limits, value| limits.outage = Duration::from_millis(u64::from(value)),
        get: |limits| limits.outage.as_millis(),
    },
];

impl Limit {
    /// The accepted range, in words.
    pub(super) fn accepted(&self) -> String {
        let (from, to) = (self.accepted.start(), self.accepted.end());
        format!("a whole number from {from} to {to}")
    }

    /// Takes over `value`, or says what is wrong with it.
    pub(super) fn apply(&self, limits: &mut Limits, value: i64) -> Result<(), String> {
        let fits = u32::try_from(value)
            .ok()
            .filter(|value| self.accepted.contains(value));
        let value = fits.ok_or_else(|| format!("{value} is out of range"))?;
        (self.set)(limits, value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_sets_what_it_gets_and_accepts_its_default() {
        for limit in &LIMITS {
            let mut limits = Limits::default();
            let default = i64::try_from((limit.get)(&limits)).expect("a small number");
            assert_eq!(limit.apply(&mut limits, default), Ok(()), "{}", limit.key);
            assert_eq!(limits, Limits::default(), "{}", limit.key);
            for value in [*limit.accepted.start(), *limit.accepted.end()] {
                assert_eq!(limit.apply(&mut limits, i64::from(value)), Ok(()));
                assert_eq!((limit.get)(&limits), u128::from(value), "{}", limit.key);
            }
        }
    }

    #[test]
    fn a_value_just_outside_is_refused_and_changes_nothing() {
        for limit in &LIMITS {
            let mut limits = Limits::default();
            for value in [
                i64::from(*limit.accepted.start()) - 1,
                i64::from(*limit.accepted.end()) + 1,
                i64::MIN,
                i64::MAX,
            ] {
                assert!(
                    limit.apply(&mut limits, value).is_err(),
                    "{} {value}",
                    limit.key
                );
            }
            assert_eq!(limits, Limits::default());
        }
    }
}
