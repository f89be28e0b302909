//! The ids that an update adds or removes, as far as its body is JSON: what a
//! journal holds where nobody can look.

use serde_json::Value;

/// The ids that a body gives to what it adds.
pub(super) fn added(body: &[u8]) -> Vec<String> {
    let ids = of(body, "add", |object| {
        object.get("configurationId")?.get("id")
    });
    ids.unwrap_or_default()
}

/// The ids that a body removes.
pub(super) fn removed(body: &[u8]) -> Vec<String> {
    of(body, "remove", |id| Some(id)).unwrap_or_default()
}

fn of(body: &[u8], list: &str, id: impl Fn(&Value) -> Option<&Value>) -> Option<Vec<String>> {
    let update: Value = serde_json::from_slice(body).ok()?;
    let items = update.get(list)?.as_array()?.iter();
    let ids = items.filter_map(|item| id(item)?.as_str().map(str::to_owned));
    Some(ids.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_a_body_are_found() {
        let body = br#"{"add":[{"configurationId":{"id":"a"}},{},1],"remove":["b",2,"c"]}"#;
        assert_eq!(added(body), ["a"]);
        assert_eq!(removed(body), ["b", "c"]);
        for body in [
            &b"{}"[..],
            b"[]",
            b"no JSON",
            br#"{"add":null,"remove":{}}"#,
        ] {
            assert_eq!((added(body), removed(body)), (Vec::new(), Vec::new()));
        }
    }
}
