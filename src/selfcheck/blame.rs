//! What speaks against the harness: faults that it did not catch, findings on
//! servers that break nothing, runs that it could not judge.

use serde::Serialize;

use super::score::{Row, Score};
use crate::contract::Level;

/// A fault that was not caught as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shortfall {
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: &'static str,
    /// The rules that it breaks.
    pub rules: Vec<&'static str>,
    /// What it does.
    pub says: String,
    /// Under how many seeds it was caught.
    pub caught: usize,
    /// Of how many.
    pub of: usize,
    /// What was found instead, each once.
    pub instead: Vec<String>,
}

/// A finding on a server that breaks nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// The subject's name.
    pub name: String,
    /// What the server does.
    pub says: String,
    /// The level of the rule that was said to be broken.
    pub level: &'static str,
    /// Property, rule and cause.
    pub identity: String,
    /// The seeds that showed it.
    pub seeds: Vec<String>,
}

/// A run that could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotJudged {
    /// The subject's name.
    pub name: String,
    /// The seed.
    pub seed: String,
    /// Why.
    pub reason: String,
}

impl Shortfall {
    /// What is to be said of that fault.
    pub(super) fn of(row: &Row) -> Self {
        let subject = &row.subject;
        let mut instead: Vec<String> = Vec::new();
        for found in row.marks().flat_map(|marks| &marks.found) {
            let found = format!("{} [{}]", found.identity, found.level);
            if !instead.contains(&found) {
                instead.push(found);
            }
        }
        // Where it was caught at all, what else was found explains nothing.
        if row.kills() > 0 {
            instead.clear();
        }
        Self {
            name: subject.name.clone(),
            level: subject.level().map_or("none", Level::as_str),
            rules: subject.rules().iter().map(|rule| rule.as_str()).collect(),
            says: subject.says(),
            caught: row.kills(),
            of: row.scores.len(),
            instead,
        }
    }
}

impl Alarm {
    /// Every false alarm of a row; none where it is a fault.
    pub(super) fn of(row: &Row) -> Vec<Self> {
        let mut alarms: Vec<Self> = Vec::new();
        if row.fate().is_some() {
            return alarms;
        }
        for score in &row.scores {
            for found in score.judged.iter().flat_map(|marks| &marks.found) {
                let seed = score.seed.to_string();
                let known = alarms
                    .iter_mut()
                    .find(|alarm| alarm.identity == found.identity);
                match known {
                    Some(alarm) => alarm.seeds.push(seed),
                    None => alarms.push(Self {
                        name: row.subject.name.clone(),
                        says: row.subject.says(),
                        level: found.level.as_str(),
                        identity: found.identity.clone(),
                        seeds: vec![seed],
                    }),
                }
            }
        }
        alarms
    }
}

impl NotJudged {
    /// Every such run of a row.
    pub(super) fn of(row: &Row) -> Vec<Self> {
        let unjudged = |score: &Score| {
            let reason = match &score.judged {
                Err(reason) => reason.clone(),
                Ok(marks) if score.is_kill() || marks.doubts.is_empty() => return None,
                Ok(marks) => marks.doubts.join("; "),
            };
            Some(Self {
                name: row.subject.name.clone(),
                seed: score.seed.to_string(),
                reason,
            })
        };
        row.scores.iter().filter_map(unjudged).collect()
    }
}
