//! Environment variables that override a profile's limits. None overrides its
//! address: what is tested is what the profile names.

use super::error::{Origin, ProfileError};
use super::limits::LIMITS;
use super::profile::Profile;

/// The variables that override a profile, each with what it overrides. An
/// empty one counts as not set. Passwords, and an address that changes from job
/// to job, come from the variables that the profile names.
pub const OVERRIDES: &[(&str, &str)] = &[
    ("ICWS_CONCURRENCY", "`limits.concurrency`"),
    ("ICWS_REQUESTS_PER_SECOND", "`limits.requests_per_second`"),
    ("ICWS_TIMEOUT_MS", "`limits.timeout_ms`"),
    ("ICWS_ANSWER_BYTES_MAX", "`limits.answer_bytes_max`"),
    ("ICWS_OUTAGE_MS", "`limits.outage_ms`"),
];

impl Profile {
    /// The profile with the [`OVERRIDES`] that `environment` holds.
    ///
    /// # Errors
    /// The first override that is wrong, by the name of its variable.
    pub fn with_overrides(
        mut self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ProfileError> {
        let value_of = |name: &str| environment(name).filter(|value| !value.is_empty());
        for limit in &LIMITS {
            let Some(value) = value_of(limit.variable) else {
                continue;
            };
            value
                .parse()
                .map_err(|_| format!("`{value}` is not a whole number that fits"))
                .and_then(|number| limit.apply(&mut self.limits, number))
                .map_err(|problem| mistake(limit.variable, problem, &limit.accepted()))?;
        }
        Ok(self)
    }
}

fn mistake(variable: &str, problem: String, accepted: &str) -> ProfileError {
    ProfileError {
        origin: Origin::Variable(variable.to_owned()),
        line: None,
        key: None,
        problem,
        remedy: format!("accepted: {accepted}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::samples::{good, read};
    use std::time::Duration;

    fn overridden(variable: &str, value: &str) -> Result<Profile, ProfileError> {
        let profile = read(&good()).expect("a good profile");
        profile.with_overrides(&|name| (name == variable).then(|| value.to_owned()))
    }

    #[test]
    fn the_table_names_every_override() {
        let limits = LIMITS.iter().map(|limit| {
            let key = format!("`limits.{}`", limit.key);
            (limit.variable.to_owned(), key)
        });
        let expected: Vec<_> = limits.collect();
        let table: Vec<_> = OVERRIDES
            .iter()
            .map(|(name, what)| ((*name).to_owned(), (*what).to_owned()))
            .collect();
        assert_eq!(table, expected);
    }

    #[test]
    fn each_variable_overrides_its_value() {
        let profile = |variable, value| overridden(variable, value).expect("a good override");
        let moved = profile(crate::target::TARGET_URL, "http://localhost:1");
        assert_eq!(moved.base_url.as_str(), "https://icws.example:8019/");
        assert_eq!(profile("ICWS_CONCURRENCY", "3").limits.concurrency, 3);
        let limits = profile("ICWS_REQUESTS_PER_SECOND", "7").limits;
        assert_eq!(limits.requests_per_second, 7);
        let limits = profile("ICWS_TIMEOUT_MS", "250").limits;
        assert_eq!(limits.timeout, Duration::from_millis(250));
        let limits = profile("ICWS_ANSWER_BYTES_MAX", "2048").limits;
        assert_eq!(limits.answer_bytes_max, 2048);
        let limits = profile("ICWS_OUTAGE_MS", "0").limits;
        assert_eq!(limits.outage, Duration::ZERO);
    }

    #[test]
    fn an_empty_variable_overrides_nothing() {
        for (variable, _) in OVERRIDES {
            let profile = overridden(variable, "").expect("as if it were not set");
            assert_eq!(profile.limits.concurrency, 16);
        }
    }

    #[test]
    fn a_wrong_override_is_named() {
        for (variable, value, expected) in [
            (
                "ICWS_CONCURRENCY",
                "many",
                "environment variable `ICWS_CONCURRENCY`: `many` is not a whole number that fits; \
                 accepted: a whole number from 1 to 256",
            ),
            (
                "ICWS_CONCURRENCY",
                "257",
                "environment variable `ICWS_CONCURRENCY`: 257 is out of range; \
                 accepted: a whole number from 1 to 256",
            ),
        ] {
            let error = overridden(variable, value).expect_err("a wrong override");
            assert_eq!(error.to_string(), expected);
        }
    }
}
