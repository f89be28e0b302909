//! Pages that something in front of the target answers with: one finding for one
//! page, whatever requests met it.

use std::collections::BTreeMap;

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
        told.findings.push(Finding {
            property: told.id,
            rule: page.rule(),
            level: page.rule().level(),
            kind: FindingKind::Answer,
            cause: secrets.redact(&format!("a page with the status {}", page.status)),
            message: secrets.redact(&format!(
                "{count} of {all} answers were one page that is no JSON, whatever was asked"
            )),
            beside: Vec::new(),
            ..finding
        });
        told.outcome = Outcome::Refuted;
    }
}
