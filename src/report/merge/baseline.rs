//! The merged whole and what an earlier run found.

use std::collections::BTreeSet;

use super::{Merged, explain, rule_over};
use crate::gate::account::Account;
use crate::gate::baseline::{against, another_target, knows};
use crate::report::document::{Document, Ended};
use crate::runner::standing::Against;

/// How the whole stands to the baseline of its shards, as far as they know it:
/// what is gone, none of them can tell.
pub(super) fn known_before(parts: &[Document], whole: &Document) -> Option<Against> {
    let findings = whole.properties.iter().flat_map(|one| &one.findings);
    let known = findings.clone().filter(|found| found.known).count();
    let missing: BTreeSet<&String> = parts
        .iter()
        .filter_map(|part| part.baseline.as_ref())
        .flat_map(|against| &against.not_judged)
        .filter(|identity| findings.clone().all(|found| found.identity != **identity))
        .collect();
    let first = parts.first()?.baseline.clone()?;
    Some(Against {
        new: findings.count() - known,
        known,
        not_judged: missing.into_iter().cloned().collect(),
        ..first
    })
}

/// Judges the merged whole by another baseline than its shards were, and says
/// what is to be said beside.
pub fn apply_baseline(merged: &mut Merged, baseline: &Account) {
    let document = &mut merged.document;
    let findings = document.properties.iter_mut();
    for found in findings.flat_map(|property| &mut property.findings) {
        found.known = knows(baseline, &found.identity, found.explained_by.as_deref());
    }
    explain(&mut document.properties);
    let findings = document.properties.iter().flat_map(|one| &one.findings);
    let identities: Vec<_> = findings
        .map(|found| (found.identity.clone(), found.known))
        .collect();
    let properties = document.properties.iter().map(|property| {
        let judged = matches!(property.outcome, Ended::Held | Ended::Refuted);
        (property.id.as_str(), judged, property.cases)
    });
    let (against, mut notes) = against(baseline, properties, &identities, false);
    notes.extend(another_target(
        baseline,
        &document.target.name,
        &document.target.base_url,
        document.target.named,
    ));
    document.notes.extend(notes);
    document.baseline = Some(against);
    merged.line = rule_over(document);
}
