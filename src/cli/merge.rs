//! `merge`: the reports of all shards of one run become one.

use std::io::{self, Write};

use super::arguments::MergeArguments;
use super::baseline;
use super::github::{self, GitHub};
use super::meaning::{coloured, output_is_taken, wanted};
use super::output::{Input, pending, write};
use super::{Environment, Failure};
use crate::report::merge::{apply_baseline, merge as start};
use crate::report::{Paint, document, merged};

/// Merges the reports, shows the decision over the whole, and returns its exit
/// code.
pub(super) fn merge(typed: &MergeArguments, environment: Environment<'_>) -> Result<u8, Failure> {
    let wanted = wanted(&typed.report).map_err(Failure::usage)?;
    let merged = typed.reports.iter().map(|path| Input {
        what: "one of the reports to merge",
        path,
        may_be_renewed: false,
    });
    let known = typed.baseline.as_deref().map(|path| Input {
        what: "the baseline",
        path,
        may_be_renewed: true,
    });
    let inputs: Vec<_> = merged.chain(known).collect();
    let outputs = pending(&wanted, &inputs)?;
    let mut reports = Vec::new();
    for path in &typed.reports {
        let document = document::read(path).map_err(Failure::usage)?;
        reports.push((path.display().to_string(), document));
    }
    let baseline = typed.baseline.as_deref().map(baseline::load).transpose();
    let baseline = baseline.map_err(|problem| Failure::usage(format!("--baseline: {problem}")))?;
    let mut whole = start(reports).map_err(Failure::usage)?;
    if let Some(baseline) = &baseline {
        apply_baseline(&mut whole, baseline);
    }
    let github = GitHub::of(environment);
    let (before, after) = (github.before(), github.after(&whole.document));
    let shown = |paint| format!("{before}{}{after}", merged::shown(&whole, paint));
    // Whoever closed the stream has seen enough; the exit code still counts.
    if output_is_taken(&wanted) {
        let mut out = io::stderr();
        let paint = Paint::new(coloured(typed.color, &out, environment));
        _ = out.write_all(shown(paint).as_bytes());
    } else {
        let mut out = io::stdout();
        let paint = Paint::new(coloured(typed.color, &out, environment));
        _ = out.write_all(shown(paint).as_bytes());
    }
    write(outputs, &whole.document);
    github::summarise(&whole.document, environment);
    Ok(whole.document.exit_code)
}
