//! Scores made by hand, for the tests of what counts and shows them.

use std::time::Duration;

use super::score::Found;
use super::{Kind, Marks, Row, Score, Subject, Summary};
use crate::contract::{Level, rules};
use crate::reference::{Fault, Variant};
use crate::runner::{Effort, Seed};

/// That fault alone.
pub(super) fn fault(fault: Fault) -> Subject {
    Subject {
        name: fault.row().name.to_owned(),
        kind: Kind::Fault(fault),
    }
}

/// That variant alone.
pub(super) fn variant(variant: Variant) -> Subject {
    Subject {
        name: variant.row().name.to_owned(),
        kind: Kind::Variant(variant),
    }
}

/// A run with one finding, which hits or not.
pub(super) fn score(hits: bool) -> Score {
    let found = Found {
        identity: "session/missing-token · SES-2 · no token".to_owned(),
        rule: rules::SES_2,
        level: Level::Must,
        hits,
    };
    Score {
        seed: Seed::new(1),
        elapsed: Duration::from_millis(1_250),
        judged: Ok(Marks {
            found: vec![found],
            first_breach: Some(Effort {
                requests: 12,
                cases: 3,
            }),
            requests_of_property: hits.then_some(2),
            by: hits.then(|| "session/missing-token · SES-2 · no token".to_owned()),
            minimal: hits.then_some(super::score::Size {
                nodes: Some(3),
                operations: 1,
            }),
            doubts: Vec::new(),
        }),
    }
}

/// A summary with an entry in every list.
pub(super) fn summary() -> Summary {
    let silent = || Score {
        judged: Ok(Marks::default()),
        ..score(false)
    };
    let rows = [
        (fault(Fault::MissingToken403), [score(true), score(true)]),
        (fault(Fault::MissingToken400), [silent(), silent()]),
        (fault(Fault::EmptyTokenAccepted), [score(false), silent()]),
        (fault(Fault::StackTrace), [score(true), silent()]),
        (variant(Variant::Chunked), [score(false), score(false)]),
        (variant(Variant::Version7), [errors(), silent()]),
    ];
    let rows = rows.map(|(subject, scores)| Row {
        subject,
        scores: scores.into(),
    });
    Summary::new(&rows, 100, "f00d".to_owned(), 48, Duration::from_secs(61))
}

/// A run that did not begin.
pub(super) fn errors() -> Score {
    Score {
        judged: Err("no session".to_owned()),
        ..score(false)
    }
}
