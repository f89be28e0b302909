//! Hooks: what a profile offers to make a target expire a session, fail or
//! lose a resource. Each is an HTTP request or a command, with placeholders.

mod command;

use std::process::ExitStatus;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use thiserror::Error;
use url::{Position, Url};

use super::exchange::{Fault, Header, Method, Request};
use super::origin::Origin;
use super::patience::{Patience, Reading};
use super::secret::Redacted;
use super::transport::Client;
use crate::contract::wire;

/// What a profile wants to be done. Texts may hold `{base_url}`,
/// `{session_id}` and `{workgroup_id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hook {
    /// An HTTP request; any 2xx is success.
    Request {
        /// The method, in any case.
        method: String,
        /// The url; ids are filled in percent-encoded.
        url: String,
        /// The body, if any; its strings are filled in as they are.
        json: Option<Value>,
    },
    /// A command; exit code 0 is success. No shell is involved.
    Command {
        /// The program and its arguments; filled in as they are.
        words: Vec<String>,
    },
}

/// What the placeholders stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fill {
    /// `{base_url}`.
    pub base_url: String,
    /// `{session_id}`, where the hook is about a session.
    pub session_id: Option<String>,
    /// `{workgroup_id}`, where the hook is about a workgroup.
    pub workgroup_id: Option<String>,
}

/// Why a hook did not do its work.
#[derive(Debug, Error)]
pub enum HookError {
    /// A placeholder that stands for nothing here.
    #[error("placeholder `{placeholder}` has no value here: expected one of {known}")]
    Placeholder {
        /// The placeholder, with its braces.
        placeholder: &'static str,
        /// Those that have a value, separated by commas.
        known: String,
    },
    /// A method that is not sent.
    #[error("method `{0}` is not known: expected GET, POST, DELETE, PUT or PATCH")]
    Method(String),
    /// A url that cannot be gone to.
    #[error("url `{0}` is not usable: expected one that starts with `http://` or `https://`")]
    Url(Redacted),
    /// The request was not answered.
    #[error("hook request failed: {0}")]
    Transport(#[from] Fault),
    /// The target is gone, or stays busy.
    #[error("{0}")]
    Gone(String),
    /// The request was refused.
    #[error("hook request was answered {0}: expected 2xx")]
    Status(u16),
    /// A command without a program.
    #[error("hook command is empty: expected a program and its arguments")]
    NoProgram,
    /// The program could not be started.
    #[error("hook command `{program}` cannot be started: {reason}")]
    Start {
        /// The program.
        program: Redacted,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The command failed.
    #[error("hook command `{program}` ended with {status}: {complaint}")]
    Failed {
        /// The program.
        program: Redacted,
        /// How it ended.
        status: ExitStatus,
        /// The first line that it wrote to standard error.
        complaint: Redacted,
    },
    /// The command took too long and was killed.
    #[error("hook command `{program}` did not end within {} ms", limit.as_millis())]
    TimedOut {
        /// The program.
        program: Redacted,
        /// The limit.
        limit: Duration,
    },
}

/// Does what `hook` says, under the client's limits.
///
/// # Errors
/// When a placeholder has no value, or the request or command fails.
pub async fn run(client: &Client, hook: &Hook, fill: &Fill) -> Result<(), HookError> {
    match hook {
        Hook::Request { method, url, json } => {
            let method = Method::ALL
                .into_iter()
                .find(|known| known.as_str().eq_ignore_ascii_case(method))
                .ok_or_else(|| HookError::Method(method.clone()))?;
            let url = fill.text(url, wire::segment)?;
            let json = json.as_ref().map(|json| fill.json(json)).transpose()?;
            request(client, method, &url, json).await
        }
        Hook::Command { words } => {
            let words: Vec<_> = words
                .iter()
                .map(|word| fill.text(word, str::to_owned))
                .collect::<Result<_, _>>()?;
            command::run(client, &words).await
        }
    }
}

impl Fill {
    /// `template` with every placeholder replaced in one pass, so that a value
    /// that looks like a placeholder stays as it is. The ids go through `encode`.
    fn text(&self, template: &str, encode: fn(&str) -> String) -> Result<String, HookError> {
        let table = [
            ("{base_url}", Some(self.base_url.clone())),
            ("{session_id}", self.session_id.as_deref().map(encode)),
            ("{workgroup_id}", self.workgroup_id.as_deref().map(encode)),
        ];
        let mut filled = String::new();
        let mut rest = template;
        while let Some(brace) = rest.find('{') {
            filled.push_str(&rest[..brace]);
            rest = &rest[brace..];
            match table.iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, Some(value))) => {
                    filled.push_str(value);
                    rest = &rest[name.len()..];
                }
                Some((placeholder, None)) => {
                    let known = table.iter().filter(|(_, value)| value.is_some());
                    let known: Vec<_> = known.map(|(name, _)| format!("`{name}`")).collect();
                    return Err(HookError::Placeholder {
                        placeholder,
                        known: known.join(", "),
                    });
                }
                None => {
                    filled.push('{');
                    rest = &rest[1..];
                }
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn json(&self, template: &Value) -> Result<Value, HookError> {
        Ok(match template {
            Value::String(text) => Value::String(self.text(text, str::to_owned)?),
            Value::Array(items) => items
                .iter()
                .map(|item| self.json(item))
                .collect::<Result<_, _>>()?,
            Value::Object(properties) => properties
                .iter()
                .map(|(name, value)| Ok((name.clone(), self.json(value)?)))
                .collect::<Result<_, HookError>>()?,
            other => other.clone(),
        })
    }
}

async fn request(
    client: &Client,
    method: Method,
    url: &str,
    json: Option<Value>,
) -> Result<(), HookError> {
    let unusable = || HookError::Url(client.secrets().redact(url));
    let url = Url::parse(url).map_err(|_| unusable())?;
    let origin = Origin::of(&url).ok_or_else(unusable)?;
    let mut request = Request::new(method, &url[Position::BeforePath..Position::AfterQuery]);
    if let Some(json) = json {
        request.headers = vec![Header::plain("Content-Type", wire::PLAIN_MEDIA_TYPE)];
        request.body = Bytes::from(json.to_string());
    }
    let asked = client
        .send_patiently(&origin, &request, Patience::Update)
        .await;
    if let Reading::Gone(gone) = asked.reading {
        return Err(HookError::Gone(gone));
    }
    let answer = asked.exchange.outcome?;
    match answer.status {
        200..300 => Ok(()),
        status => Err(HookError::Status(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::scripted::{Reply, Scripted};

    fn fill(server: &Scripted) -> Fill {
        Fill {
            base_url: server.url().as_str().trim_end_matches('/').to_owned(),
            session_id: Some("7/{workgroup_id}".to_owned()),
            workgroup_id: None,
        }
    }

    fn request_to(url: &str) -> Hook {
        Hook::Request {
            method: "post".to_owned(),
            url: url.to_owned(),
            json: None,
        }
    }

    #[tokio::test]
    async fn a_request_is_filled_in_and_sent() {
        let mut server = Scripted::serve(vec![Reply::keep(204, "", "")]).await;
        let hook = Hook::Request {
            method: "POST".to_owned(),
            url: "{base_url}/expire/{session_id}?{x}".to_owned(),
            json: Some(serde_json::json!({"s": ["{session_id}", 1], "{session_id}": null})),
        };
        let done = run(&server.client(), &hook, &fill(&server)).await;
        done.expect("it is done");
        let request = server.request().await;
        let line = "POST /expire/7%2F%7Bworkgroup_id%7D?{x} HTTP/1.1\r\n";
        assert!(request.starts_with(line), "{request}");
        assert!(request.contains("content-type: application/json\r\n"));
        let body = r#"{"s":["7/{workgroup_id}",1],"{session_id}":null}"#;
        assert!(request.ends_with(body), "{request}");
    }

    #[tokio::test]
    async fn what_cannot_be_asked_or_is_refused_is_said() {
        let server = Scripted::serve(vec![Reply::keep(404, "", "")]).await;
        let client = server.client();
        let fill = fill(&server);
        let brew = Hook::Request {
            method: "BREW".to_owned(),
            url: "{base_url}/".to_owned(),
            json: None,
        };
        let empty = Hook::Command { words: Vec::new() };
        for (hook, message) in [
            (request_to("{base_url}/x"), "answered 404: expected 2xx"),
            (request_to("{base_url}/x"), "connection closed"),
            (
                request_to("{base_url}/{workgroup_id}"),
                "`{workgroup_id}` has no value here: expected one of `{base_url}`, `{session_id}`",
            ),
            (request_to("ftp://a/"), "url `ftp://a/` is not usable"),
            (request_to("{session_id}"), "is not usable"),
            (brew, "method `BREW` is not known"),
            (empty, "is empty"),
        ] {
            let error = run(&client, &hook, &fill).await.expect_err(message);
            assert!(error.to_string().contains(message), "{error}");
        }
    }

    #[tokio::test]
    async fn a_command_gets_its_words_as_they_are() {
        let server = Scripted::serve(Vec::new()).await;
        let fill = Fill {
            workgroup_id: Some("a b/{session_id}".to_owned()),
            ..fill(&server)
        };
        let script = r#"test "$1" = "$2$3""#;
        let words = [
            "sh",
            "-c",
            script,
            "sh",
            "{workgroup_id}",
            "a b/{session",
            "_id}",
        ];
        let hook = Hook::Command {
            words: words.map(str::to_owned).to_vec(),
        };
        let done = run(&server.client(), &hook, &fill).await;
        done.expect("the words agree");
    }
}
