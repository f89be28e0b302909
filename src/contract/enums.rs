//! The documented enums: their numbers, names and the feature version that
//! each value needs.

/// One documented value of an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// The number on the wire.
    pub number: u16,
    /// The documented name.
    pub name: &'static str,
    /// The lowest version of the feature `configuration` whose servers send it; 0 for
    /// any (ERR-8).
    pub since: u32,
}

const fn since(version: u32, number: u16, name: &'static str) -> EnumValue {
    EnumValue {
        number,
        name,
        since: version,
    }
}

/// `mailboxType`; 0 and 2 are the inbound types.
pub const MAILBOX_TYPES: &[EnumValue] = &[
    since(0, 0, "inbound"),
    since(0, 1, "outbound"),
    since(0, 2, "outboundAndInbound"),
];

/// Whether a mailbox of that type receives, and so may have an inbound folder.
pub const fn is_inbound(mailbox_type: u16) -> bool {
    mailbox_type == 0 || mailbox_type == 2
}

/// `licenseErrorType`. [`LICENSE_SET_OK`] is documented as never sent.
pub const LICENSE_ERROR_TYPES: &[EnumValue] = &[
    since(0, 0, "setOK"),
    since(0, 1, "setWarningExceedsThreshold"),
    since(0, 2, "setErrorExceedsThreshold"),
    since(0, 3, "setWarningMissingQualifiers"),
];

/// The licenseErrorType that no answer may carry (OK-5, ERR-9).
pub const LICENSE_SET_OK: u16 = 0;

/// `validationErrorType`: no value was given.
pub const REQUIRED_VALUE: u16 = 4;
/// `validationErrorType`: the id is already taken (fits EFF-6 best).
pub const UNIQUE_INSTANCE_ID: u16 = 1;
/// `validationErrorType`: the id does not exist (fits EFF-4 best).
pub const EXISTING_INSTANCE_ID: u16 = 2;
/// `validationErrorType`: the folder does not fit the mailbox (FLD-1, FLD-2, FLD-4).
pub const INVALID_MAILBOX_FOLDER: u16 = 32;

/// `validationErrorType`; 8 does not exist.
pub const VALIDATION_ERROR_TYPES: &[EnumValue] = &[
    since(0, 0, "unknownValidator"),
    since(0, 1, "uniqueInstanceId"),
    since(0, 2, "existingInstanceId"),
    since(0, 3, "existingAttributeValue"),
    since(0, 4, "requiredValue"),
    since(0, 5, "range"),
    since(0, 6, "stringLength"),
    since(0, 7, "regex"),
    since(0, 9, "validValues"),
    since(0, 10, "collectionCount"),
    since(0, 11, "collectionItemValidator"),
    since(0, 12, "validatorGroup"),
    since(0, 13, "validFormat"),
    since(0, 14, "uniqueAttributeValue"),
    since(0, 15, "requiredAttribute"),
    since(0, 16, "acgTreeValidator"),
    since(0, 17, "pronunciationValidator"),
    since(0, 18, "wordValidator"),
    since(0, 19, "rangeFloat"),
    since(0, 20, "existingAttendantProfile"),
    since(0, 21, "extension"),
    since(0, 22, "workstationsSharedAppearanceID"),
    since(0, 23, "multipleOf"),
    since(0, 24, "invalidCharacters"),
    since(0, 25, "existingExtension"),
    since(0, 26, "existingInstanceIdWithAttributeValue"),
    since(0, 27, "characterDelimitedValue"),
    since(0, 28, "analyzerKeywordCount"),
    since(0, 29, "workgroupAnalyzerKeywordCount"),
    since(0, 30, "endDateTimeValidator"),
    since(0, 31, "propertyNotApplicable"),
    since(0, 32, "invalidMailboxFolder"),
    since(0, 33, "unsupportedManufacturer"),
    since(0, 34, "unsupportedModel"),
    since(0, 35, "audioProtocol"),
    since(0, 36, "recorderPolicyAnalyzerKeywordCount"),
    since(8, 37, "referenceCount"),
    since(8, 38, "wrapUpStatusTimeout"),
    since(8, 39, "attributeExistence"),
    since(8, 40, "otherAttributeValue"),
    since(8, 41, "networkAdapter"),
    since(8, 42, "integerComparisonValidator"),
    since(8, 43, "timeZoneValidator"),
    since(8, 44, "existingLanguageValues"),
    since(8, 45, "characterDelimitedKVPairs"),
    since(10, 46, "objectValidationErrorMutuallyExclusive"),
];

/// The row of `table` with that number.
pub fn value_of(table: &'static [EnumValue], number: u64) -> Option<&'static EnumValue> {
    table.iter().find(|value| u64::from(value.number) == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validation_error_types_run_from_0_to_46_without_8() {
        let numbers: Vec<_> = VALIDATION_ERROR_TYPES.iter().map(|v| v.number).collect();
        let expected: Vec<_> = (0..=46).filter(|n| *n != 8).collect();
        assert_eq!(numbers, expected);
        assert!(value_of(VALIDATION_ERROR_TYPES, 8).is_none());
    }

    #[test]
    fn feature_versions_follow_the_table() {
        for value in VALIDATION_ERROR_TYPES {
            let expected = match value.number {
                // ERR-8 says nothing of these.
                0..=36 => 0,
                37..=45 => 8,
                _ => 10,
            };
            assert_eq!(value.since, expected, "{}", value.name);
        }
    }
}
