//! The report as one page for people: the decision first, then the findings by
//! rule, then what became of everything. The page needs nothing but itself.

mod group;

use askama::Template;

use crate::gate::{Decision, Named};
use crate::runner::outcome::RuleStatus;

use super::document::{Document, Ended};
use super::finding_text::{SENTENCE_MAX, says};
use super::printable::{excerpt, printable};
use super::refutation::counted;

use group::{Group, Shown};

/// The most waived findings, reasons, notes or open answers that are shown.
const LISTED_MAX: usize = 200;

/// The report as HTML that ends with a line feed.
pub fn html(document: &Document) -> Vec<u8> {
    let page = Page::new(document).render();
    let mut page = page.expect("a string takes all");
    page.push('\n');
    page.into_bytes()
}

/// What the template shows, in its order.
#[derive(Template)]
#[template(path = "report.html", config = "src/report/html/askama.toml")]
struct Page {
    headline: String,
    tone: &'static str,
    named: &'static str,
    base_url: String,
    accept_invalid: bool,
    spent: String,
    seed: String,
    shard: Option<String>,
    strict: bool,
    exit_code: u8,
    version: String,
    unjudged: Vec<String>,
    failures: Vec<String>,
    groups: Vec<Group>,
    waived: Vec<Shown>,
    waived_left: usize,
    rules_caption: String,
    rules: Vec<RuleRow>,
    open: Vec<OpenRow>,
    properties_caption: String,
    properties: Vec<PropertyRow>,
    notes: Vec<String>,
}

struct RuleRow {
    id: String,
    level: &'static str,
    status: &'static str,
    tone: &'static str,
    checks: u64,
    says: &'static str,
    reason: Option<String>,
}

struct OpenRow {
    rule: String,
    question: String,
    answer: String,
}

struct PropertyRow {
    id: String,
    outcome: &'static str,
    tone: &'static str,
    cases: usize,
    requests: u64,
    rules: String,
    reason: String,
}

impl Page {
    fn new(document: &Document) -> Self {
        let target = &document.target;
        let broken = document.rules.iter();
        let mut broken = broken.filter(|rule| rule.status == RuleStatus::Violated);
        let tone = match document.decision {
            // Nothing green stands above a rule that is violated.
            Decision::Conforms if broken.next().is_none() => "good",
            Decision::Conforms | Decision::Unjudged => "doubtful",
            Decision::Violates => "bad",
        };
        let waived = document.findings().filter(|found| !found.counts());
        Self {
            headline: short(document.headline()),
            tone,
            named: match target.named {
                Named::Flag => "an option",
                Named::Variable => "an environment variable",
                Named::Nothing => "nothing: the reference server inside this program was tested",
            },
            base_url: short(&target.base_url),
            accept_invalid: target.accept_invalid,
            spent: format!(
                "{}, {}, {:.1} s",
                counted(document.cases as u64, "case"),
                counted(document.requests, "request"),
                document.elapsed_ms as f64 / 1000.0
            ),
            seed: short(&document.seed),
            shard: document.shard.as_deref().map(short),
            strict: document.strict,
            exit_code: document.exit_code,
            version: short(&document.tool.version),
            unjudged: listed(&document.unjudged),
            failures: listed(&document.failures),
            groups: group::groups(document),
            waived: waived.clone().take(LISTED_MAX).map(Shown::of).collect(),
            waived_left: waived.count().saturating_sub(LISTED_MAX),
            rules_caption: rules_caption(document),
            rules: document.rules.iter().map(RuleRow::of).collect(),
            open: open(document),
            properties_caption: properties_caption(document),
            properties: document.properties.iter().map(PropertyRow::of).collect(),
            notes: listed(&document.notes),
        }
    }
}

fn short(text: &str) -> String {
    excerpt(text, SENTENCE_MAX)
}

fn listed(texts: &[String]) -> Vec<String> {
    let shown = texts.iter().take(LISTED_MAX);
    let mut shown: Vec<_> = shown.map(|text| short(text)).collect();
    if texts.len() > LISTED_MAX {
        shown.push(format!("and {} more", texts.len() - LISTED_MAX));
    }
    shown
}

fn rules_caption(document: &Document) -> String {
    let of = |status| {
        let rules = document.rules.iter();
        rules.filter(|rule| rule.status == status).count()
    };
    format!(
        "{} held, {} violated, {} warned, {} not tested, {} open",
        of(RuleStatus::Held),
        of(RuleStatus::Violated),
        of(RuleStatus::Warned),
        of(RuleStatus::NotTested),
        of(RuleStatus::Open)
    )
}

fn properties_caption(document: &Document) -> String {
    let of = |outcome| {
        let properties = document.properties.iter();
        properties
            .filter(|property| property.outcome == outcome)
            .count()
    };
    format!(
        "{} held, {} refuted, {} inapplicable, {} inconclusive",
        of(Ended::Held),
        of(Ended::Refuted),
        of(Ended::Inapplicable),
        of(Ended::Inconclusive)
    )
}

fn open(document: &Document) -> Vec<OpenRow> {
    let rows = document.open.iter().take(LISTED_MAX).map(|open| OpenRow {
        rule: printable(&open.rule),
        question: short(&open.question),
        answer: short(&open.answer),
    });
    rows.collect()
}

impl RuleRow {
    fn of(rule: &super::document::Rule) -> Self {
        Self {
            id: short(&rule.id),
            level: rule.level.as_str(),
            status: match rule.status {
                RuleStatus::NotTested => "not tested",
                status => status.as_str(),
            },
            tone: match rule.status {
                RuleStatus::Held => "good",
                RuleStatus::Violated => "bad",
                RuleStatus::Warned => "doubtful",
                RuleStatus::NotTested | RuleStatus::Open => "faint",
            },
            checks: rule.checks,
            says: says(&rule.id),
            reason: reason_of(rule),
        }
    }
}

/// Why a rule was not tested, or what of it was not.
fn reason_of(rule: &super::document::Rule) -> Option<String> {
    let untried = rule.partly.iter().map(|untried| {
        let why = format!("in part: not that {} ({})", untried.clause, untried.reason);
        short(&why)
    });
    let parts: Vec<String> = rule
        .reason
        .as_deref()
        .map(short)
        .into_iter()
        .chain(untried)
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

impl PropertyRow {
    fn of(property: &super::document::Property) -> Self {
        Self {
            id: short(&property.id),
            outcome: property.outcome.as_str(),
            tone: match property.outcome {
                Ended::Held => "good",
                Ended::Refuted => "bad",
                Ended::Inapplicable => "faint",
                Ended::Inconclusive => "doubtful",
            },
            cases: property.cases,
            requests: property.requests,
            rules: short(&property.rules.join(" ")),
            reason: {
                let shortfall = property.shortfall.as_deref();
                short(property.reason.as_deref().or(shortfall).unwrap_or_default())
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn sample() -> Document {
        samples::document(&samples::every_outcome())
    }

    fn rendered(document: &Document) -> String {
        String::from_utf8(html(document)).expect("UTF-8")
    }

    #[test]
    fn the_decision_comes_first_and_everything_is_there() {
        let page = rendered(&sample());
        let places = [
            "<h1 class=\"decision bad\">staging does not conform (2 rules violated, 1 rule warned; ",
            "<dt>named by</dt><dd>an option</dd>",
            "<li>no update was accepted</li>",
            "<span class=\"bad\">SES-2 (must)</span>: a request without",
            "<summary>also: session/combined · no token, unknown workgroup</summary>",
            "<span class=\"bad\">SES-10 (must)</span>",
            "<span class=\"doubtful\">ERR-2 (should)</span>",
            "<h3 id=\"waived\">Waived, known or explained</h3>",
            "<th scope=\"row\">SES-4</th><td>must</td><td class=\"faint\">not tested</td>",
            "<td>remove of an id that does not exist</td><td>200</td>",
            "<td class=\"doubtful\">inconclusive</td>",
            "<li>3 sessions were lost and opened anew</li>",
        ];
        let mut from = 0;
        for place in places {
            let found = page[from..].find(place);
            from += found.unwrap_or_else(|| panic!("`{place}` in {page}"));
        }
    }

    #[test]
    fn the_page_needs_nothing_but_itself() {
        let page = rendered(&sample());
        for outside in ["<script", "<link", "<img", "src=", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("prefers-color-scheme: dark"));
        assert!(page.ends_with("</html>\n"));
    }

    #[test]
    fn what_a_target_says_stays_text_and_stays_short() {
        let mut document = sample();
        let evil = format!("</pre><script>\u{1}\u{202e}\"'&{}", "x".repeat(1 << 16));
        let property = &mut document.properties[3];
        for found in &mut property.findings {
            for text in [
                &mut found.message,
                &mut found.actual,
                &mut found.cause,
                &mut found.minimal.body,
                &mut found.curl,
            ] {
                text.clone_from(&evil);
            }
        }
        property.findings = vec![property.findings[0].clone(); 1_000];
        property.reason = Some(evil.clone());
        document.open[0].answer = evil.clone();
        document.notes = vec![evil; 1_000];
        let page = rendered(&document);
        assert!(page.len() < 1 << 20, "{} bytes", page.len());
        assert!(!page.contains("<script") && !page.contains('\u{1}'));
        assert!(!page.contains('\u{202e}'));
    }
}
