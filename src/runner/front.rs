//! Pages that something in front of the target answers with, and answers that are
//! the only ones that the target has: one finding for each, whatever requests met it.

use std::collections::BTreeMap;

use super::around::page_cause;
use super::outcome::{Finding, Outcome, PropertyReport};
use crate::client::Secrets;
use crate::judge::{FindingKind, Page, Pages};

/// Moves what was found only because of a page to the property that tells of
/// pages, one finding for each page; `tells` is that property's place.
pub(super) fn tell_pages(
    reports: &mut [PropertyReport],
    tells: usize,
    pages: &Pages,
    secrets: &Secrets,
) {
    let mut found: BTreeMap<Page, Finding> = BTreeMap::new();
    for (page, finding) in reports.iter_mut().flat_map(|one| one.pages.drain(..)) {
        match found.get_mut(&page) {
            Some(known) => known.seen += finding.seen,
            None => {
                found.insert(page, finding);
            }
        }
    }
    let Some(told) = reports.get_mut(tells) else {
        return;
    };
    for (page, finding) in found {
        let (count, all) = pages.share(page);
        let rule = page.rule().unwrap_or(finding.rule);
        let status = page.status;
        let (cause, what) = match (page.is_foreign, status) {
            (true, _) => (page_cause(status), "answers were one page that is no JSON"),
            (false, 0) => ("no answer".to_owned(), "requests were not answered"),
            (false, _) => (
                format!("only one answer, with the status {status}"),
                "answers were the same",
            ),
        };
        told.findings.push(Finding {
            property: told.id,
            rule,
            level: rule.level(),
            kind: FindingKind::Answer,
            cause: secrets.redact(&cause),
            message: secrets.redact(&format!("{count} of {all} {what}, whatever was asked")),
            beside: Vec::new(),
            ..finding
        });
        told.outcome = Outcome::Refuted;
    }
}
