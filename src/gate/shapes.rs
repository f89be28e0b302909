//! Shapes of answers, where they are of different cases. One answer may list
//! several errors, and which come together is a matter of what was sent. So a
//! list of known elements is a known list, whatever stands side by side in it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The most parts that a shape is taken apart into. What has more is known only
/// as a whole.
const PARTS_MAX: usize = 256;

/// What of `shapes` does not follow from the known ones.
pub(super) fn unknown<'a>(
    known: impl Iterator<Item = &'a str>,
    shapes: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let known: BTreeSet<String> = known.flat_map(parts).collect();
    let is_known = |shape: &&str| parts(shape).iter().all(|part| known.contains(part));
    let unknown = shapes.filter(|shape| !is_known(shape));
    unknown.map(str::to_owned).collect()
}

/// The shape with one element in each list, in every way.
fn parts(shape: &str) -> Vec<String> {
    let parsed = serde_json::from_str(shape).ok();
    match parsed.and_then(|value: Value| single(&value)) {
        Some(parts) => parts.iter().map(Value::to_string).collect(),
        None => vec![shape.to_owned()],
    }
}

/// The value with one element in each list, in every way; `None` where there
/// are too many.
fn single(value: &Value) -> Option<Vec<Value>> {
    let parts = match value {
        Value::Array(items) if !items.is_empty() => {
            let each: Option<Vec<_>> = items.iter().map(single).collect();
            let each = each?.into_iter().flatten();
            each.map(|item| Value::Array(vec![item])).collect()
        }
        Value::Object(members) => {
            let mut objects = vec![Map::new()];
            for (name, value) in members {
                let values = single(value)?;
                if objects.len() * values.len() > PARTS_MAX {
                    return None;
                }
                let with = |object: &Map<String, Value>, value: &Value| {
                    let mut object = object.clone();
                    object.insert(name.clone(), value.clone());
                    object
                };
                let objects_with = |object| values.iter().map(move |value| with(object, value));
                objects = objects.iter().flat_map(objects_with).collect();
            }
            objects.into_iter().map(Value::Object).collect()
        }
        other => vec![other.clone()],
    };
    (parts.len() <= PARTS_MAX).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(known: &[&str], shapes: &[&str]) -> Vec<String> {
        unknown(known.iter().copied(), shapes.iter().copied())
    }

    #[test]
    fn what_stands_side_by_side_in_a_list_is_no_matter() {
        let known = [r#"{"s":400,"e":[1,2]}"#, r#"{"s":400,"e":[3]}"#];
        let none: [&str; 0] = [];
        assert_eq!(
            left(&known, &[r#"{"s":400,"e":[2,3]}"#, r#"{"s":400,"e":[1]}"#]),
            none
        );
        for other in [
            r#"{"s":400,"e":[1,4]}"#,
            r#"{"s":400,"e":[]}"#,
            r#"{"s":401,"e":[1]}"#,
            r#"{"s":400,"e":["1"]}"#,
            "no JSON",
        ] {
            assert_eq!(left(&known, &[other]), [other]);
            assert_eq!(left(&[other], &[other]), none);
        }
    }

    #[test]
    fn a_shape_of_very_many_parts_is_one() {
        let list = "[1,2,3,4,5,6,7,8,9]";
        let many = format!(r#"{{"a":{list},"b":{list},"c":{list}}}"#);
        assert_eq!(parts(&many), [many.as_str()]);
    }
}
