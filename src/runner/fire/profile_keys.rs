//! Findings that rest on what the profile says, where the answers cannot tell the
//! profile from the server: their text names the key.

use super::Firing;
use crate::contract::rules;
use crate::generate::session::{Asker, Life};
use crate::generate::{Prelude, Step, WorkgroupChoice};
use crate::judge::{Finding, Verdict};

impl Firing<'_> {
    /// Names the keys of the profile that the findings of a step rest on.
    pub(super) fn name_keys(&self, step: &Step, verdict: &mut Verdict) {
        for finding in &mut verdict.findings {
            if let Some(key) = self.key_of(step, finding) {
                finding.message = format!("{}: {key}", finding.message);
            }
        }
    }

    fn key_of(&self, step: &Step, finding: &Finding) -> Option<&'static str> {
        let is_declared = |id: &String| self.stage.fixtures.absent.contains(id);
        let accepted = finding.status == 200;
        match finding.rule {
            rules::SES_4 if accepted && step.session.life == Life::Expired => Some(
                "the hook ran and the session is still accepted: either the hook does nothing or SES-4 is broken (hooks.expire_session)",
            ),
            rules::GONE_1 if accepted && step.prelude == Some(Prelude::RemoveResource) => Some(
                "the hook ran and the resource is still there: either the hook does nothing or GONE-1 is broken (hooks.remove_resource)",
            ),
            rules::WG_1 => match &step.workgroup {
                WorkgroupChoice::Absent(id) if is_declared(id) => {
                    Some("the profile says that there is no such workgroup (workgroups.absent)")
                }
                _ => None,
            },
            rules::ACC_1 if step.session.asker == Asker::Restricted => {
                Some("the profile says that the user may not modify (users.restricted)")
            }
            rules::SES_1 if finding.status == 403 => {
                Some("the profile says that the user may modify (users.privileged)")
            }
            _ => None,
        }
    }
}
