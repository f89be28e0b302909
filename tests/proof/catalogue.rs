//! The properties as data: well formed, registered, and aimed at every rule.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use icws_conformance::contract::rules::*;
use icws_conformance::gate::{Decision, decide};
use icws_conformance::reference::Settings;
use icws_conformance::runner::Outcome;
use icws_conformance::runner::outcome::RuleStatus;
use icws_conformance::suites;
use regex::Regex;

use crate::running;

#[test]
fn ids_are_unique_and_begin_with_their_family() {
    let form = Regex::new("^[a-z]+/[a-z]+(-[a-z]+)*$").expect("a regex");
    let mut ids = BTreeSet::new();
    for (family, properties) in suites::FAMILIES {
        for property in *properties {
            let id = property.id;
            assert!(form.is_match(id), "{id}");
            assert_eq!(property.family(), *family, "{id}");
            assert!(ids.insert(id), "{id} is there twice");
            assert!(!property.rules.is_empty(), "{id} is aimed at no rule");
            assert!(!property.says.ends_with('.'), "{id}");
        }
    }
    assert_eq!(ids.len(), suites::all().len());
}

#[test]
fn every_rule_is_aimed_at() {
    let all = suites::all();
    let aimed: BTreeSet<_> = all.iter().flat_map(|property| property.rules).collect();
    for rule in RULES.iter().map(|rule| &rule.id) {
        assert!(aimed.contains(rule), "no property is aimed at {rule}");
    }
}

#[test]
fn every_file_of_the_suites_is_declared() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites");
    let list = fs::read_to_string(folder.join("mod.rs")).expect("the list of families");
    for entry in folder.read_dir().expect("a folder") {
        let entry = entry.expect("an entry");
        // A family's own parts are its own to declare.
        if entry.path().is_dir() {
            continue;
        }
        let name = entry.file_name();
        let name = name.to_str().expect("a name in UTF-8");
        let module = name.strip_suffix(".rs").expect("a source file");
        let declared = list.contains(&format!("\npub mod {module};\n"));
        assert!(declared || ["mod", "main"].contains(&module), "{name}");
    }
}

#[test]
fn the_plain_server_conforms_and_every_rule_is_tested() {
    let server = running::server(Settings::default());
    let report = running::report(running::plan(server.profile(), suites::all()));
    assert_eq!(decide(&report, true), Decision::Conforms);
    assert_eq!(report.notes, [""; 0]);
    for property in &report.properties {
        assert_eq!(property.outcome, Outcome::Held, "{}", property.id);
    }
    for rule in &report.rules {
        let expected = match rule.id.level() {
            Level::Open => RuleStatus::Open,
            Level::Must | Level::Should => RuleStatus::Held,
        };
        assert_eq!(rule.status, expected, "{}: {:?}", rule.id, rule.reason);
    }
}
