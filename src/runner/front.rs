//! Pages that something in front of the target answers with, and answers that are
//! the only ones that the target has: one finding for each, whatever requests met it.

use std::collections::BTreeMap;

use super::around::{Found, finding, plain_body};
use super::outcome::{Finding, PropertyReport};
use super::stage::Stage;
use crate::client::PagesSeen;
use crate::contract::rules::ISE_1;
use crate::judge::{FindingKind, Page, Pages};

/// Moves what was found only because of a page to the property that tells of
/// pages, one finding for each page, and adds the pages that no case met; `tells` is
/// that property's place.
pub(super) fn tell_pages(
    reports: &mut [PropertyReport],
    tells: usize,
    pages: &Pages,
    stage: &Stage,
) {
    let secrets = stage.client.secrets();
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
        let (cause, message) = match (page.is_foreign, status) {
            (true, _) => (page_cause(status), page_message(count, all)),
            (false, 0) => (
                "no answer".to_owned(),
                format!("{count} of {all} requests were not answered, whatever was asked"),
            ),
            (false, _) => (
                format!("only one answer, with the status {status}"),
                format!("{count} of {all} answers were the same, whatever was asked"),
            ),
        };
        told.add(Finding {
            property: told.id,
            rule,
            level: rule.level(),
            kind: FindingKind::Answer,
            cause: secrets.redact(&cause),
            message: secrets.redact(&message),
            beside: Vec::new(),
            ..finding
        });
    }
    for (status, seen) in stage.client.pages() {
        let cause = page_cause(status);
        let is_it = |known: &Finding| known.cause.as_ref() == cause;
        if !told.findings.iter().any(is_it) {
            told.add(finding(told.id, unmet(status, seen, stage), stage));
        }
    }
}

/// A page that came around the cases, and to none of them.
fn unmet(status: u16, seen: PagesSeen, stage: &Stage) -> Found {
    Found {
        rule: ISE_1,
        kind: FindingKind::Answer,
        cause: page_cause(status),
        message: page_message(seen.answers, stage.client.requests_sent()),
        expected: "an answer to what was asked",
        actual: format!("{status} with a page, to `{}`", seen.first),
        body: plain_body(stage),
        workgroup: stage.workgroups.first().cloned().unwrap_or_default(),
        scene: Vec::new(),
        confirmed: 3,
        call: None,
    }
}

/// What waivers and baselines call a page with that status.
fn page_cause(status: u16) -> String {
    format!("a page with the status {status}")
}

fn page_message(count: u64, all: u64) -> String {
    format!("{count} of {all} answers were one page that is no JSON, whatever was asked")
}
