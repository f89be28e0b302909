//! JSON that is damaged part by part.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Map, Value, json};

/// That body with some of its parts changed; a body that is no JSON gets one.
pub(crate) fn damaged(body: &[u8], random: &mut StdRng) -> Vec<u8> {
    let mut tree = serde_json::from_slice(body).unwrap_or_else(|_| json!({}));
    for _ in 0..random.random_range(1..5) {
        damage(&mut tree, random);
    }
    let text = tree.to_string();
    // What no tree can hold.
    match random.random_range(0..12) {
        0 => text.replacen(':', ":NaN,\"n\":", 1),
        1 => text.replacen(':', ":1e400,\"n\":", 1),
        2 => text.replacen('"', "\"\\ud800", 1),
        3 => format!("{}{text}", "[".repeat(random.random_range(1..5000))),
        4 => format!("\u{feff}{text}"),
        5 => text.replacen('{', "{\"a\":1,\"a\":2,", 1),
        6 => format!("{text}{text}"),
        _ => text,
    }
    .into_bytes()
}

/// Changes one part, the deeper ones as well.
fn damage(tree: &mut Value, random: &mut StdRng) {
    match tree {
        Value::Object(members) if !members.is_empty() && random.random_bool(0.8) => {
            damage_object(members, random);
        }
        Value::Array(items) if !items.is_empty() && random.random_bool(0.8) => {
            let at = random.random_range(0..items.len());
            match random.random_range(0..5) {
                0 => _ = items.remove(at),
                1 => items.push(items[at].clone()),
                2 => *items = vec![items[at].clone(); random.random_range(1..500)],
                _ => damage(&mut items[at], random),
            }
        }
        other => *other = value(other, random),
    }
}

fn damage_object(members: &mut Map<String, Value>, random: &mut StdRng) {
    let names: Vec<String> = members.keys().cloned().collect();
    let name = names.choose(random).expect("a member");
    match random.random_range(0..6) {
        0 => _ = members.remove(name),
        1 => {
            let value = members.remove(name).unwrap_or_default();
            members.insert(format!("{name}\u{202e}"), value);
        }
        2 => _ = members.insert("__type".to_owned(), text(random).into()),
        _ => damage(&mut members[name.as_str()], random),
    }
}

/// Something in the place of that value.
fn value(now: &Value, random: &mut StdRng) -> Value {
    match random.random_range(0..12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(4_294_967_296_u64),
        4 => json!(32.0),
        5 => json!([]),
        6 => json!({}),
        7 => json!([now, now]),
        8 => json!({ "id": now, "value": now }),
        9 => nested(random.random_range(1..120)),
        10 => now.to_string().into(),
        _ => text(random).into(),
    }
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("deep"), |tree, _| json!([tree]))
}

fn text(random: &mut StdRng) -> String {
    let texts = [
        "",
        "a",
        "\u{0}\u{1b}[31m\u{7f}\u{9b}",
        "\u{202e}\u{2066}\u{feff}\u{200b}\u{2028}",
        "\nerror: forged\n::error::forged\nforged: conforms\n",
        "<script>alert(1)</script>&amp;]]>",
        "error.request.configuration.update",
        "urn:inin.com:configuration:configurationError",
        "at Name.Space.Method(File.cs:line 12)",
        "../../etc",
        "$(touch pwned)`touch pwned`'\"",
        "\u{1f600}",
    ];
    let text = *texts.choose(random).expect("a choice");
    let times = *[1, 1, 1, 40_000].choose(random).expect("a choice");
    text.repeat(times)
}
