//! Masks that rewrite a body.

use serde_json::{Value, json};

use crate::contract::enums::{EXISTING_INSTANCE_ID, INVALID_MAILBOX_FOLDER, UNIQUE_INSTANCE_ID};
use crate::reference::Fault;

use super::On;

/// What a mask makes of a body.
type Rewrite = fn(&mut Value);

/// Every such mask.
pub(super) const ROWS: &[(Fault, On, Rewrite)] = &[
    (Fault::MessagePascal, On::Error, |body| {
        rename(body, "message", "Message")
    }),
    (Fault::ProblemDetails, On::Malformed, |body| {
        let detail = body["message"].take();
        *body =
            json!({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": detail});
    }),
    (Fault::ErrorIdOtherCase, On::Status(400), |body| {
        let lower = body["errorId"].as_str().map(str::to_lowercase);
        body["errorId"] = json!(lower);
    }),
    (Fault::SecondErrorPartial, On::Invalid, |body| {
        if let Some(all) = body["validationErrors"].as_array_mut()
            && all.len() > 1
            && let Some(last) = all.last_mut().and_then(Value::as_object_mut)
        {
            last.shift_remove("propertyValue");
        }
    }),
    (Fault::NullErrorListed, On::Invalid, |body| {
        if let Some(all) = body["validationErrors"].as_array_mut() {
            all.push(Value::Null);
        }
    }),
    (Fault::ErrorTypeText, On::Invalid, |body| {
        each(body, |found| {
            found["validationErrorType"] = json!(found["validationErrorType"].to_string())
        });
    }),
    (Fault::ErrorTypeNegative, On::Invalid, |body| {
        each(body, |found| {
            let number = &found["validationErrorType"];
            if *number == EXISTING_INSTANCE_ID || *number == UNIQUE_INSTANCE_ID {
                found["validationErrorType"] = json!(-1);
            }
        });
    }),
    (Fault::DetailsMap, On::Invalid, |body| {
        let mut map = json!({});
        each(body, |found| {
            if let Some(name) = found["propertyName"].as_str() {
                map[name] = found.clone();
            }
        });
        body["validationErrors"] = map;
    }),
    (Fault::PropertyNameNull, On::Invalid, |body| {
        each(body, |found| found["propertyName"] = Value::Null);
    }),
    (Fault::PropertyValueNumeric, On::Invalid, |body| {
        each(body, |found| numeric(&mut found["propertyValue"]));
    }),
    (Fault::PropertyNameLabel, On::Invalid, |body| {
        each(body, |found| {
            if found["validationErrorType"] != INVALID_MAILBOX_FOLDER {
                found["propertyName"] = json!("The label for people");
            }
        });
    }),
    (Fault::PropertyNameIndexOnly, On::Invalid, |body| {
        each(body, |found| {
            let name = found["propertyName"].as_str().unwrap_or_default();
            found["propertyName"] = json!(name.split('.').next());
        });
    }),
    (Fault::FolderErrorNamesFolder, On::Invalid, |body| {
        each_folder(body, |found| found["propertyName"] = json!("folder"));
    }),
    (Fault::FolderErrorLowerCase, On::Invalid, |body| {
        each_folder(body, |found| respell(found, |value| value.to_lowercase()));
    }),
    (Fault::FolderErrorLeaf, On::Invalid, |body| {
        each_folder(body, |found| {
            respell(found, |value| {
                value.rsplit('/').next().unwrap_or_default().to_owned()
            });
        });
    }),
    (Fault::FolderErrorCut100, On::Invalid, |body| {
        each_folder(body, |found| {
            respell(found, |value| value.chars().take(100).collect());
        });
    }),
    (Fault::FolderErrorCutBytes, On::Invalid, |body| {
        each_folder(body, |found| {
            respell(found, |value| {
                let bytes = &value.as_bytes()[..value.len().min(255)];
                String::from_utf8_lossy(bytes).into_owned()
            });
        });
    }),
    (Fault::ModifyErrorsUnlisted, On::Invalid, |body| {
        if let Some(all) = body["validationErrors"].as_array_mut() {
            all.retain(|found| !is_of_modify(found));
        }
    }),
    (Fault::ModifyErrorColumn, On::Invalid, |body| {
        each(body, |found| {
            if is_of_modify(found) {
                found["propertyName"] = json!("MM_TABLE.FIELD_3");
            }
        });
    }),
    (Fault::FolderErrorCut, On::Invalid, |body| {
        each_folder(body, |found| {
            respell(found, |value| value.chars().take(10).collect())
        });
    }),
    (Fault::SubObjectsPascal, On::Success, |body| {
        rename(body, "subObjects", "SubObjects")
    }),
    (Fault::SubObjectsMap, On::Success, |body| {
        let mut map = json!({});
        for entry in entries(body) {
            let id = entry["id"].as_str().unwrap_or_default().to_owned();
            map[id] = entry.clone();
        }
        body["subObjects"] = map;
    }),
    (Fault::SubObjectsTexts, On::Success, |body| {
        let ids: Vec<_> = entries(body)
            .iter()
            .map(|entry| entry["id"].clone())
            .collect();
        body["subObjects"] = json!(ids);
    }),
    (Fault::IdPascal, On::Success, |body| {
        for entry in entries(body) {
            rename(entry, "id", "Id");
        }
    }),
    (Fault::NumericIdsAsNumbers, On::Success, |body| {
        for entry in entries(body) {
            numeric(&mut entry["id"]);
        }
    }),
    (Fault::UriIsNumber, On::Success, |body| {
        for entry in entries(body) {
            entry["uri"] = json!(7);
        }
    }),
    (Fault::LicenseIdless, On::Success, |body| {
        problems(
            body,
            &json!([{"licenseErrorType": 1, "license": {"displayName": "Media"}}]),
        );
    }),
    (Fault::LicenseTypeText, On::Success, |body| {
        problems(
            body,
            &json!([{"licenseErrorType": "1", "license": {"id": "I3_ACCESS_MEDIA"}}]),
        );
    }),
    (Fault::LicenseIsObject, On::Success, |body| {
        problems(
            body,
            &json!({"licenseErrorType": 1, "license": {"id": "I3_ACCESS_MEDIA"}}),
        );
    }),
    (Fault::SecondLicenseSetOk, On::Success, |body| {
        let all = entries(body);
        if all.len() > 1
            && let Some(last) = all.last_mut()
        {
            last["licenseProblems"] =
                json!([{"licenseErrorType": 0, "license": {"id": "I3_ACCESS_MEDIA"}}]);
        }
    }),
];

fn rename(object: &mut Value, name: &str, other: &str) {
    if let Some(object) = object.as_object_mut()
        && let Some(value) = object.shift_remove(name)
    {
        object.insert(other.to_owned(), value);
    }
}

fn each(body: &mut Value, mut rewrite: impl FnMut(&mut Value)) {
    let all = body["validationErrors"].as_array_mut();
    all.into_iter().flatten().for_each(&mut rewrite);
}

fn is_of_modify(found: &Value) -> bool {
    let name = found["propertyName"].as_str();
    name.is_some_and(|name| name.starts_with("modify"))
}

fn each_folder(body: &mut Value, rewrite: fn(&mut Value)) {
    each(body, |found| {
        if found["validationErrorType"] == INVALID_MAILBOX_FOLDER {
            rewrite(found);
        }
    });
}

fn respell(found: &mut Value, spelling: fn(&str) -> String) {
    let value = found["propertyValue"].as_str().unwrap_or_default();
    found["propertyValue"] = json!(spelling(value));
}

/// The entries of a success; none where there is no list.
fn entries(body: &mut Value) -> &mut [Value] {
    body["subObjects"]
        .as_array_mut()
        .map_or(&mut [], Vec::as_mut_slice)
}

fn problems(body: &mut Value, problems: &Value) {
    for entry in entries(body) {
        entry["licenseProblems"] = problems.clone();
    }
}

/// Text that looks like a number becomes one.
fn numeric(value: &mut Value) {
    let number = value
        .as_str()
        .and_then(|text| text.parse::<serde_json::Number>().ok());
    if let Some(number) = number {
        *value = Value::Number(number);
    }
}
