//! One answer to everything: a target that has become something else.

use super::{ALL, Behaviour, CANNOT, FAILS_OR_CANNOT, instead};
use crate::front::message::Reply;

const ERROR: &str = r#"{"message":"No.","errorId":"error.server.unavailable"}"#;

pub(super) fn rows() -> Vec<Behaviour> {
    let error = |status| move || Reply::json(status, ERROR);
    let page = |status, title: &'static str| move || Reply::page(status, title);
    let challenge = r#"ICWS realm="ICWS", location="/icws/connection""#;
    let gone = |name: &str, reply: fn() -> Reply| row(name, Box::new(reply));
    vec![
        row(
            "401",
            Box::new(move || Reply::json(401, ERROR).with("WWW-Authenticate", challenge)),
        ),
        row("401-no-challenge", Box::new(error(401))),
        row("401-page", Box::new(page(401, "Authorization Required"))),
        row("429", Box::new(error(429))),
        row("429-page", Box::new(page(429, "Too Many Requests"))),
        gone("429-retry-after-1", || {
            Reply::json(429, ERROR).with("Retry-After", "1")
        }),
        gone("429-retry-after-0", || {
            Reply::json(429, ERROR).with("Retry-After", "0")
        }),
        gone("429-retry-after-hour", || {
            Reply::json(429, ERROR).with("Retry-After", "3600")
        }),
        gone("429-retry-after-nonsense", || {
            Reply::json(429, ERROR).with("Retry-After", "99999999999999999999999")
        }),
        row("503", Box::new(error(503))),
        row("503-page", Box::new(page(503, "Service Unavailable"))),
        gone("503-retry-after-date", || {
            Reply::json(503, ERROR).with("Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT")
        }),
        gone("503-alternates", || {
            let body = r#"{"alternateHostList":["other.invalid"],"errorId":"error.server.notAcceptingConnections","message":"No."}"#;
            Reply::json(503, body)
        }),
        row("500", Box::new(error(500))).ends(FAILS_OR_CANNOT),
        row("500-page", Box::new(page(500, "Internal Server Error"))).ends(FAILS_OR_CANNOT),
        row("502-page", Box::new(page(502, "Bad Gateway"))),
        row("504-page", Box::new(page(504, "Gateway Time-out"))),
        row("403", Box::new(error(403))).ends(FAILS_OR_CANNOT),
        row("403-page", Box::new(page(403, "Forbidden"))),
        row("404", Box::new(error(404))).ends(FAILS_OR_CANNOT),
        row("404-page", Box::new(page(404, "Not Found"))),
        row("410", Box::new(error(410))).ends(FAILS_OR_CANNOT),
        row("400-page", Box::new(page(400, "Bad Request"))),
        row("200-page", Box::new(page(200, "Sign in"))),
        gone("200-empty-object", || Reply::json(200, "{}")),
        gone("200-empty", || Reply::json(200, "")),
        gone("204", || Reply {
            status: 204,
            bodiless: true,
            ..Reply::default()
        }),
        row("418", Box::new(error(418))),
        gone("408-close", || {
            Reply::page(408, "Request Time-out").closing()
        }),
        gone("301", || {
            Reply::page(301, "Moved Permanently").with("Location", "https://other.invalid/")
        }),
        gone("302-to-itself", || {
            Reply::page(302, "Found").with("Location", "/icws/connection")
        }),
        gone("307-to-metadata", || {
            let address = "http://169.254.169.254/latest/meta-data/";
            Reply::page(307, "Temporary Redirect").with("Location", address)
        }),
        gone("status-999", || Reply::json(999, ERROR)),
        gone("101", || {
            Reply {
                status: 101,
                bodiless: true,
                ..Reply::default()
            }
            .with("Upgrade", "websocket")
        }),
    ]
}

fn row(name: &str, reply: Box<dyn Fn() -> Reply + Send + Sync>) -> Behaviour {
    Behaviour::new(format!("everything/{name}"), ALL, instead(reply)).ends(CANNOT)
}
