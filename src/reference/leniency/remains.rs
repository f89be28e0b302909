//! What is left of an update that was refused for its shape: faults apply it
//! although the answer is a 400.

use serde_json::{Map, Value, json};

use crate::contract::representation::BulkUpdate;
use crate::reference::Fault;
use crate::reference::decode::decode;
use crate::reference::switches::Switches;

/// The part of a refused body that a fault applies.
pub(in crate::reference) fn of(switches: &Switches, body: &[u8]) -> Option<BulkUpdate> {
    let all = switches.has(Fault::ShapeErrorApplied);
    if !all && !switches.has(Fault::ShapeErrorRemoves) {
        return None;
    }
    let body: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let mut left = Map::new();
    for name in ["add", "modify", "remove"] {
        let items = body.get(name).and_then(Value::as_array);
        if name != "remove" && !all {
            continue;
        }
        let fits = |item: &&Value| {
            let alone = json!({ name: [item] }).to_string();
            decode(switches, alone.as_bytes()).is_ok()
        };
        let fitting: Vec<_> = items.into_iter().flatten().filter(fits).cloned().collect();
        left.insert(name.to_owned(), Value::Array(fitting));
    }
    decode(switches, Value::Object(left).to_string().as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_remains() {
        let body = br#"{"add":[{"emailAddress":5}],"remove":["a",5]}"#;
        let switches = Switches::new([Fault::ShapeErrorApplied].into(), [].into());
        let left = of(&switches, body).expect("something remains");
        assert_eq!(left.remove.value(), Some(&vec!["a".to_owned()]));
        assert_eq!(left.add.value(), Some(&Vec::new()));
    }
}
