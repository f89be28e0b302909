//! What a JSON report says, reduced to what runs are compared by.

use super::document::{Document, Ended};
use crate::gate::account::{Account, Checked, Judged, Told};

/// The account that the report gives of its run.
pub fn of(document: &Document) -> Account {
    let properties = document.properties.iter().map(|property| {
        let judged = Judged {
            judged: matches!(property.outcome, Ended::Held | Ended::Refuted),
            inconclusive: property.is_inconclusive(),
            cases: property.cases,
            reason: property.reason.clone().or(property.shortfall.clone()),
        };
        (property.id.clone(), judged)
    });
    let findings = document.properties.iter().flat_map(|property| {
        property.findings.iter().map(|found| {
            let told = Told {
                property: property.id.clone(),
                rule: found.rule.clone(),
                level: found.level,
                waived: found.waived,
            };
            (found.identity.clone(), told)
        })
    });
    let rules = document.rules.iter().map(|rule| Checked {
        id: rule.id.clone(),
        level: rule.level,
        status: rule.status,
        reason: rule.reason.clone(),
    });
    let open = document.open.iter().map(|open| {
        let question = (open.rule.clone(), open.question.clone());
        (question, open.answer.clone())
    });
    Account {
        target: document.target.name.clone(),
        base_url: document.target.base_url.clone(),
        named: document.target.named,
        seed: document.seed.clone(),
        cases: document.budget,
        version: document.tool.version.clone(),
        contract: document.tool.contract.clone(),
        shard: document.shard.clone(),
        tells_explained: document.findings().all(|found| found.kind.is_some()),
        properties: properties.collect(),
        rules: rules.collect(),
        findings: findings.collect(),
        open: open.collect(),
        shapes: document.shapes.iter().cloned().collect(),
        unjudged: document.unjudged.clone(),
    }
}
