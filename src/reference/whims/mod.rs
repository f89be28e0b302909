//! What a server refuses, or fails on, although it should not: one row for
//! each whim.

mod json;
mod meeting;
mod update;

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::contract::representation::{BulkUpdate, ValidationError};

use super::Fault;
use super::answers::{Answer, Failure};
use super::switches::Switches;

pub(super) use meeting::Meeting;

/// What a whim answers.
enum Deed {
    Malformed,
    Invalid(u16, &'static str),
    Fails,
    Answers(StatusCode),
}

use Deed::{Answers, Fails, Invalid, Malformed};

impl Deed {
    fn answer(&self) -> Answer {
        match self {
            Malformed => Answer::malformed("the update is not accepted"),
            Invalid(number, name) => Answer::invalid(&[ValidationError {
                validation_error_type: *number,
                property_name: (*name).to_owned(),
                property_value: String::new(),
            }]),
            Fails => Answer::failure(Failure::Internal),
            Answers(status) => Answer::error(*status, "The update is not accepted."),
        }
    }
}

/// Objects to what stands in a body before its shape is checked.
pub(super) fn of_json(switches: &Switches, body: &Map<String, Value>) -> Result<(), Answer> {
    first(switches, json::WHIMS, |minds| minds(body))
}

/// Objects to what an update asks for.
pub(super) fn of_update(switches: &Switches, update: &BulkUpdate) -> Result<(), Answer> {
    first(switches, update::WHIMS, |minds| minds(update))
}

/// Objects to what an update asks for of what is stored.
pub(super) fn of_meeting(switches: &Switches, meeting: &Meeting<'_>) -> Result<(), Answer> {
    first(switches, meeting::WHIMS, |minds| minds(meeting))
}

fn first<T: Copy>(
    switches: &Switches,
    rows: &[(Fault, T, Deed)],
    applies: impl Fn(T) -> bool,
) -> Result<(), Answer> {
    let mut rows = rows.iter();
    match rows.find(|(fault, minds, _)| switches.has(*fault) && applies(*minds)) {
        Some((_, _, deed)) => Err(deed.answer()),
        None => Ok(()),
    }
}
