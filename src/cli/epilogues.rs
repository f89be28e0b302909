//! What the help says behind the options: exit codes, variables, and the names
//! of faults and variants.

use crate::reference::{FAULTS, VARIANTS};

/// Every fault and variant with what it does.
pub(super) fn catalogue() -> String {
    let mut text = "Faults, each of which breaks the contract:\n".to_owned();
    for row in FAULTS {
        text.push_str(&format!("  {}: {}\n", row.name, row.says));
    }
    text.push_str("\nVariants, each of which the contract allows:\n");
    for row in VARIANTS {
        text.push_str(&format!("  {}: {}\n", row.name, row.says));
    }
    text
}

/// Behind the options of `run`.
pub(super) const RUN: &str = "\
Exit codes:
  0    the target conforms, or no new breach was found; the last line says which
  1    it does not; or a waiver is stale (--strict), or it drifted (--fail-on-drift)
  2    bad usage, profile or file; nothing was sent
  3    it could not be judged
  101  a bug of ours

Without a target a reference server inside this process is tested; the last line says so.

Environment:
  ICWS_PROFILE              the profile, where no option names a target
  ICWS_TARGET_URL           the address of a reference server, where no option names a target; with
                            a profile it is an error: see `base_url_env` there
  ICWS_CONCURRENCY, ICWS_REQUESTS_PER_SECOND, ICWS_TIMEOUT_MS, ICWS_ANSWER_BYTES_MAX,
  ICWS_OUTAGE_MS
                            override the profile's limits
  ICWS_JOURNAL              the folder of the journal, where `--journal` does not name it
  ICWS_PASSWORD, ICWS_RESTRICTED_PASSWORD
                            passwords of the built-in users, where no profile is given
  NO_COLOR                  no colours
  GITHUB_ACTIONS            `true` adds annotations for GitHub to the output
  GITHUB_STEP_SUMMARY       the file to which GitHub wants a summary appended

Findings are written to `icws-conformance-replay/` in the current folder, one replay file each.";

/// Behind those of `cleanup`.
pub(super) const CLEANUP: &str = "\
Exit codes:
  0    every scratch workgroup holds what it held before; also where nothing was to be done
  2    bad usage, profile or journal; nothing was sent
  3    something is left to be done; the journal keeps it

ICWS_PROFILE or ICWS_TARGET_URL names the target where no option does. Where the journal holds
work for another target, that is named.

Removed is only what the journal claims: mailboxes that a run added. Doing it twice does no harm.";

/// Behind those of `compare`.
pub(super) const COMPARE: &str = "\
Two profiles are run side by side with one seed, the baseline twice: what differs between its two
runs is noise. ICWS_PROFILE and ICWS_TARGET_URL count for neither.

Exit codes:
  0    no new failure
  1    a must rule is broken that was not, or in a new way (a should rule with --strict; another
       open answer or shape with --fail-on-drift)
  2    bad usage, profile or report; nothing was sent
  3    one side could not be judged
  101  a bug of ours";

/// Behind those of `replay`.
pub(super) const REPLAY: &str = "\
Exit codes:
  0    FIXED: every sending was judged, and nothing was found
  1    FAILS or FLAKY: every sending, or some, showed it again
  2    bad usage, profile or replay file; nothing was sent
  3    CANNOT JUDGE: not reached, no session, or something that the case needs is missing

ICWS_PROFILE or ICWS_TARGET_URL names the target where no option does; without any, what was found
on the embedded reference server is sent to one. Passwords come from the profile or the environment,
as for `run`; no replay file holds one.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_override_and_exit_code_is_in_the_help() {
        for (variable, _) in crate::target::OVERRIDES {
            assert!(RUN.contains(variable), "{variable}");
        }
        for help in [RUN, CLEANUP, REPLAY, COMPARE] {
            assert!(help.contains("ICWS_PROFILE"), "{help}");
            assert!(help.contains(crate::target::TARGET_URL), "{help}");
        }
        use crate::cli::exit::{BUG, CONFORMS, UNJUDGED, USAGE, VIOLATES};
        for code in [CONFORMS, VIOLATES, USAGE, UNJUDGED, BUG] {
            assert!(RUN.contains(&format!("\n  {code:<3}  ")), "{code}");
        }
    }
}
