//! The oracle against a table that is written by hand from the contract: what
//! each request deserves, and which rule a wrong answer is told by. Nothing
//! here knows the generators, so that the two cannot be wrong together.

mod effects;
mod fields;
mod forms;
mod labels;
mod precedence;
mod row;
mod sessions;
mod shapes;
mod text;
mod types;
mod workgroups;
mod world;

use std::collections::BTreeSet;

use row::Row;

/// Every family of rows, by the name of its file.
const FAMILIES: &[(&str, &[Row])] = &[
    ("sessions", sessions::ROWS),
    ("workgroups", workgroups::ROWS),
    ("forms", forms::ROWS),
    ("labels", labels::ROWS),
    ("text", text::NOT_JSON),
    ("text", text::JSON),
    ("text", text::UPDATES),
    ("shapes", shapes::ROWS),
    ("types", types::ROWS),
    ("fields", fields::ADDED),
    ("fields", fields::MODIFIED),
    ("effects", effects::ROWS),
    ("precedence", precedence::ROWS),
];

#[test]
fn the_oracle_says_what_the_contract_says() {
    let mut wrong = Vec::new();
    for (family, rows) in FAMILIES {
        for disagreement in rows.iter().filter_map(Row::disagreement) {
            wrong.push(format!("{family}: {disagreement}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows differ\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_row_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for (family, rows) in FAMILIES {
        for row in *rows {
            assert!(names.insert((family, row.name)), "{family}: {}", row.name);
        }
    }
    assert!(names.len() >= 200, "only {} rows", names.len());
}
