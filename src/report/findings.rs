//! Findings in the order and groups in which people read them: one broken rule
//! of a server shows in many properties, and one request may break many rules.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::contract::{RuleId, wire};
use crate::runner::outcome::Minimal;
use crate::runner::{Finding, Report};

use super::curl::session_in_path;

/// One request that shows something broken.
#[derive(Debug)]
pub struct Block<'a> {
    /// The rules that it shows broken, in the order of the report.
    pub shown: Vec<Shown<'a>>,
}

/// One rule that is broken.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The finding with the smallest case, the first of several.
    pub finding: &'a Finding,
    /// The other findings of the rule.
    pub also: Vec<&'a Finding>,
}

/// Every finding that counts, grouped: one [`Shown`] for each rule, one
/// [`Block`] for each request. Must rules come first.
pub fn blocks(report: &Report) -> Vec<Block<'_>> {
    let mut by_rule: BTreeMap<RuleId, Vec<&Finding>> = BTreeMap::new();
    let mut order: Vec<RuleId> = Vec::new();
    for finding in findings(report).filter(|finding| finding.counts()) {
        let alike = by_rule.entry(finding.rule).or_default();
        if alike.is_empty() {
            order.push(finding.rule);
        }
        alike.push(finding);
    }
    order.sort_by_key(|rule| std::cmp::Reverse(rule.level()));
    let mut blocks: Vec<(String, Block<'_>)> = Vec::new();
    for rule in order {
        let mut also = by_rule.remove(&rule).unwrap_or_default();
        let smallest = also
            .iter()
            .enumerate()
            .min_by_key(|(_, finding)| size(&finding.minimal))
            .map_or(0, |(place, _)| place);
        let finding = also.remove(smallest);
        let shown = Shown { finding, also };
        let request = request_key(finding);
        match blocks.iter_mut().find(|(known, _)| *known == request) {
            Some((_, block)) => block.shown.push(shown),
            None => blocks.push((request, Block { shown: vec![shown] })),
        }
    }
    blocks.into_iter().map(|(_, block)| block).collect()
}

/// How much there is to read of a case, in bytes.
fn size(minimal: &Minimal) -> usize {
    let before = minimal.before.iter().map(|text| text.as_ref().len());
    minimal.body.as_ref().len() + before.sum::<usize>()
}

/// Every finding, waived and known ones included, in the order of the report.
pub fn findings(report: &Report) -> impl Iterator<Item = &Finding> {
    report
        .properties
        .iter()
        .flat_map(|property| &property.findings)
}

/// What makes two requests the same one to a reader. Which session and which
/// scratch workgroup they were sent with is chance.
fn request_key(finding: &Finding) -> String {
    static COOKIE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"icws_[^=;\s]+=").expect("a regex"));
    let minimal = &finding.minimal;
    let mut path = minimal.path.to_string();
    if let Some(id) = session_in_path(finding) {
        path = path.replacen(&format!("/icws/{id}/"), "/icws/{session}/", 1);
    }
    let workgroup = wire::segment(&finding.workgroup);
    let mut key = path.replace(&format!("/{workgroup}/"), "/{workgroup}/");
    for (name, value) in &minimal.headers {
        let value = COOKIE.replace_all(value.as_ref(), "icws_{session}=");
        key.push_str(&format!("\n{name}: {value}"));
    }
    format!(
        "{} {key}\n{}\n{:?}",
        minimal.method, minimal.body, minimal.before
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::rules;
    use crate::report::samples;

    #[test]
    fn a_rule_is_shown_once_by_its_smallest_request() {
        let report = samples::every_outcome();
        let blocks = blocks(&report);
        let shown = &blocks[0].shown[0];
        assert_eq!(shown.finding.property, "session/missing-token");
        let also: Vec<_> = shown.also.iter().map(|finding| finding.property).collect();
        assert_eq!(also, ["session/combined"]);
    }

    #[test]
    fn one_request_that_breaks_two_rules_is_one_block() {
        let mut report = samples::every_outcome();
        let other = &mut report.properties[3].findings[1];
        other.workgroup = "Billing".to_owned();
        other.minimal.path = samples::redacted(&wire::update_path("5", "Billing"));
        other.minimal.headers[0].1 = samples::redacted("icws_5=<cookie of the privileged session>");
        let blocks = blocks(&report);
        let rules_of = |block: &Block<'_>| -> Vec<_> {
            block.shown.iter().map(|shown| shown.finding.rule).collect()
        };
        assert_eq!(blocks.len(), 2);
        assert_eq!(rules_of(&blocks[0]), [rules::SES_2, rules::SES_10]);
        assert_eq!(rules_of(&blocks[1]), [rules::ERR_2]);
    }
}
