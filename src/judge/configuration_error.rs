//! What a configurationError lists (ERR-7 to ERR-9, ERR-12).

use serde_json::Value;

use super::Circumstances;
use super::error_body::last_name;
use super::finding::{FindingKind, Verdict};
use super::shape::{integer, problems};
use crate::contract::enums::{
    LICENSE_ERROR_TYPES, LICENSE_SET_OK, VALIDATION_ERROR_TYPES, value_of,
};
use crate::contract::representation::{
    BULK_UPDATE, CONFIGURATION_ID, LICENSE_ERROR, MONITORED_MAILBOX, VALIDATION_ERROR,
};
use crate::contract::rules;

/// ERR-7, ERR-8 and ERR-12.
pub(super) fn examine_validation_error(
    error: &Value,
    circumstances: &Circumstances<'_>,
    verdict: &mut Verdict,
) {
    verdict.check(rules::ERR_7);
    for problem in problems(error, &VALIDATION_ERROR) {
        verdict.refute(
            rules::ERR_7,
            FindingKind::Answer,
            "a validationError is not whole",
            "a documented validationErrorType, a string propertyName and a string propertyValue",
            problem,
        );
    }
    let documented = error
        .get("validationErrorType")
        .and_then(integer)
        .and_then(|number| value_of(VALIDATION_ERROR_TYPES, number));
    if let (Some(value), Some(version)) = (documented, circumstances.feature_version) {
        verdict.check(rules::ERR_8);
        if value.since > version {
            verdict.refute(
                rules::ERR_8,
                FindingKind::Answer,
                "a validationErrorType is newer than the server's configuration feature",
                format!("a type that configuration feature {version} has"),
                format!(
                    "type {} ({}), which needs version {}",
                    value.number, value.name, value.since
                ),
            );
        }
    }
    if let Some(name) = error.get("propertyName").and_then(Value::as_str) {
        verdict.check(rules::ERR_12);
        let known = [&BULK_UPDATE, &MONITORED_MAILBOX, &CONFIGURATION_ID]
            .iter()
            .flat_map(|representation| representation.properties)
            .any(|property| property.name.eq_ignore_ascii_case(last_name(name)));
        if !known {
            verdict.refute(
                rules::ERR_12,
                FindingKind::Answer,
                "a validationError names no property of the representation",
                "the name of a property, or a path to it",
                format!("propertyName `{name}`"),
            );
        }
    }
}

/// ERR-9.
pub(super) fn examine_license_error(error: &Value, verdict: &mut Verdict) {
    verdict.check(rules::ERR_9);
    for problem in license_problems(error) {
        verdict.refute(
            rules::ERR_9,
            FindingKind::Answer,
            "a licenseError is not whole",
            "a licenseErrorType of 1, 2 or 3 and a license",
            problem,
        );
    }
}

/// What is wrong with a licenseError, the type that is never sent included.
pub(super) fn license_problems(error: &Value) -> Vec<String> {
    let mut found = problems(error, &LICENSE_ERROR);
    if error.get("licenseErrorType").and_then(integer) == Some(u64::from(LICENSE_SET_OK)) {
        found.push(format!(
            "licenseErrorType is 0 ({}), which is never sent",
            LICENSE_ERROR_TYPES[0].name
        ));
    }
    found
}
