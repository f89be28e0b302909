//! What a reviewer reads of a change: the catalogue, the rules, and what the
//! reference server looks like from outside.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

use icws_conformance::contract::rules::RULES;
use icws_conformance::gate::{Asked, Ruling, snapshots::Kept};
use icws_conformance::reference::{Fault, Settings};
use icws_conformance::report::{Paint, ReplayFiles, Summary, Verbosity};
use icws_conformance::runner::{Need, Report};
use icws_conformance::suites;

/// A run of everything against the plain server.
static PLAIN: LazyLock<Report> = LazyLock::new(|| {
    let server = crate::running::server(Settings::default());
    crate::running::report(crate::running::plan(server.profile(), suites::all()))
});

/// Writing to a text cannot fail.
const TEXT: &str = "a text takes every line";

#[test]
fn the_catalogue_of_properties() {
    let mut text = String::new();
    for property in suites::all() {
        let rules: Vec<_> = property.rules.iter().map(|rule| rule.as_str()).collect();
        writeln!(text, "{}: {}", property.id, property.says).expect(TEXT);
        writeln!(text, "  rules: {}", rules.join(", ")).expect(TEXT);
        for need in property.needs.iter().map(|need: &Need| need.reason()) {
            writeln!(text, "  not tested where {need}").expect(TEXT);
        }
    }
    crate::snapshot::assert("catalogue", &text);
}

#[test]
fn the_table_of_rules() {
    let mut text = String::new();
    for rule in RULES {
        let sources: Vec<_> = rule.sources.iter().map(|source| source.as_str()).collect();
        let aimed: Vec<_> = suites::all()
            .iter()
            .filter(|property| property.rules.contains(&rule.id))
            .map(|property| property.id)
            .collect();
        let (id, level, sources) = (rule.id, rule.level, sources.join(", "));
        writeln!(text, "{id} ({level}; {sources}): {}", rule.says).expect(TEXT);
        writeln!(text, "  {}", aimed.join(", ")).expect(TEXT);
    }
    let text = text.replace("; )", ")");
    crate::snapshot::assert("rules", &text);
}

#[test]
fn the_outlines_of_all_answers() {
    crate::snapshot::assert("outlines", &Kept::Outlines.content(&PLAIN));
}

#[test]
fn the_open_behaviour() {
    crate::snapshot::assert("open", &Kept::Open.content(&PLAIN));
}

#[test]
fn a_refutation() {
    let faults = [Fault::AddLosesFolder].into();
    let server = crate::running::server(Settings {
        faults,
        ..Settings::default()
    });
    let mut properties = suites::all();
    properties.retain(|property| property.family() == "update");
    let report = crate::running::report(crate::running::plan(server.profile(), properties));
    let ruling = Ruling::of(&report, Asked::default());
    let summary = Summary {
        report: &report,
        ruling: &ruling,
        replays: &ReplayFiles::default(),
        verbosity: Verbosity::Quiet,
        paint: Paint::default(),
    };
    crate::snapshot::assert("refutation", &summary.render());
}

#[test]
fn every_snapshot_is_used() {
    // Those of reports are beside them, among their unit tests.
    let reports = ["junit", "terminal"].map(|name| format!("report/{name}.snap"));
    let used = crate::snapshot::NAMES
        .iter()
        .map(|name| format!("reference/{name}.snap"));
    let used: BTreeSet<_> = used.chain(reports).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let mut stored = BTreeSet::new();
    files(&root, &root, &mut stored);
    assert_eq!(stored, used);
}

/// The accepted snapshots below a folder, from `root` on.
fn files(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, root, found);
        } else if path.extension().is_some_and(|end| end == "snap") {
            let parts = path.strip_prefix(root).expect("a path below the root");
            let parts: Vec<_> = parts.iter().map(|part| part.to_string_lossy()).collect();
            found.insert(parts.join("/"));
        }
    }
}
