//! A target that refuses with what breaks careless readers: control characters,
//! half a surrogate, what XML has no way to write, markup, and a megabyte.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use icws_conformance::reference::{Settings, app};

pub(crate) fn evil() -> Router {
    let number = Arc::new(AtomicUsize::new(0));
    app(Settings::default()).layer(from_fn(move |request: Request, next: Next| {
        let is_update = request.uri().path().ends_with("/monitored-mailboxes");
        let number = Arc::clone(&number);
        async move {
            let answer = next.run(request).await;
            if !is_update || !answer.status().is_client_error() {
                return answer;
            }
            let place = number.fetch_add(1, Ordering::Relaxed);
            // The statuses are wrong too, so that findings quote the bodies.
            Response::builder()
                .status(if place.is_multiple_of(2) { 418 } else { 400 })
                .header("Content-Type", "application/vnd.inin.icws+JSON")
                .body(Body::from(body(place)))
                .expect("an answer")
        }
    }))
}

fn body(place: usize) -> Vec<u8> {
    let controls: String = ('\0'..' ').collect();
    let escapes: String = (0..32).map(|code| format!("\\u{code:04x}")).collect();
    let (id, message) = match place % 5 {
        0 => ("raw", controls),
        1 => ("escaped", escapes),
        2 => (
            "markup",
            "\\ud800\u{fffe}\u{ffff}\u{202e}\u{7f}\u{9b}]]></failure><script>&#0;%0A::error::"
                .to_owned(),
        ),
        3 => ("long", "\\u0001<".repeat(120_000)),
        _ => return b"\xff\xfe\x00\xd8<\x1b[31m".to_vec(),
    };
    format!(r#"{{"errorId":"{id}","message":"{message}","errorCode":1}}"#).into_bytes()
}
