//! The snapshots of what the reference server and the catalogue look like.

/// The names of all of them, in `snapshots/reference/`.
pub(crate) const NAMES: &[&str] = &[
    "catalogue",
    "minimal_cases",
    "open",
    "outlines",
    "refutation",
    "rules",
];

/// What differs from run to run, or with every change of a generator.
const VARYING: &[(&str, &str)] = &[
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"\bm[0-9a-f]{4}-(\d+)", "m-$1"),
    (r"\d+\.\d s, seed", "TIME, seed"),
];

/// Compares a text with the snapshot of that name.
pub(crate) fn assert(name: &str, text: &str) {
    assert!(NAMES.contains(&name), "`{name}` is not declared");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/reference");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (varying, shown) in VARYING {
        settings.add_filter(varying, *shown);
    }
    settings.bind(|| insta::assert_snapshot!(name, text));
}
