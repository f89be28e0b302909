//! What the server behind holds, asked without a gateway.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use icws_conformance::contract::wire;
use icws_conformance::reference::Fixtures;
use serde_json::{Value, json};

/// The mailboxes of every workgroup.
pub(crate) fn held(address: &str) -> Result<BTreeMap<String, Value>, String> {
    let fixtures = Fixtures::default();
    let user = fixtures.users.iter().find(|user| user.may_modify);
    let user = user.ok_or("no user may modify")?;
    let login = json!({
        "__type": wire::CONNECTION_REQUEST_URN,
        "applicationName": "gateways",
        "userID": user.id,
        "password": user.password,
    });
    let headers = "Accept-Language: en-us\r\nContent-Type: application/json\r\n";
    let opened = ask(
        address,
        "POST",
        wire::CONNECTION_PATH,
        headers,
        &login.to_string(),
    )?;
    let text = |name: &str| opened.body[name].as_str().unwrap_or_default().to_owned();
    let (session, token) = (text("sessionId"), text("csrfToken"));
    let cookie = opened.head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let value = value.split(';').next()?.trim();
        name.eq_ignore_ascii_case("set-cookie")
            .then(|| value.to_owned())
    });
    let cookie = cookie.ok_or_else(|| format!("no cookie: {}", opened.head))?;
    let headers = format!(
        "{}: {token}\r\nCookie: {cookie}\r\n",
        wire::CSRF_TOKEN_HEADER
    );
    let mut held = BTreeMap::new();
    for workgroup in fixtures.workgroups {
        let path = wire::read_back_path(&session, &workgroup.id);
        let answer = ask(address, "GET", &path, &headers, "")?;
        let mut mailboxes = answer.body["monitoredMailboxes"].clone();
        for mailbox in mailboxes.as_array_mut().into_iter().flatten() {
            // It names the session that asks.
            mailbox["configurationId"]["uri"].take();
        }
        held.insert(workgroup.id, mailboxes);
    }
    ask(
        address,
        "DELETE",
        &wire::session_path(&session),
        &headers,
        "",
    )?;
    Ok(held)
}

struct Answer {
    head: String,
    body: Value,
}

/// One request on a connection of its own, which has to be answered 2xx.
fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Result<Answer, String> {
    let told = |error: std::io::Error| format!("{method} {path}: {error}");
    let mut stream = TcpStream::connect(address).map_err(told)?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         {headers}Content-Length: {length}\r\n\r\n"
    );
    stream.write_all((head + body).as_bytes()).map_err(told)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(told)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if !head.starts_with("HTTP/1.1 2") {
        return Err(format!("{method} {path}: {answer}"));
    }
    Ok(Answer {
        head: head.to_owned(),
        body: serde_json::from_str(body).unwrap_or_default(),
    })
}
