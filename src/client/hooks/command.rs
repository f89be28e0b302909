//! Hooks that are commands: bounded in time, silent, and not outliving the run.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

use super::HookError;
use crate::client::transport::Client;

/// Runs the program `words[0]` with the other words; its input is empty and its
/// output is not shown.
pub(super) async fn run(client: &Client, words: &[String]) -> Result<(), HookError> {
    let (program, arguments) = words.split_first().ok_or(HookError::NoProgram)?;
    let shown = client.secrets().redact(program);
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|reason| HookError::Start {
            program: shown.clone(),
            reason,
        })?;
    let complaints = child.stderr.take().expect("standard error is piped");
    let mut complaints = Complaints::new(complaints);
    let ending = async {
        // Read while it runs, or a talkative command would block on its pipe.
        tokio::select! {
            status = child.wait() => status,
            () = complaints.drain() => child.wait().await,
        }
    };
    let limit = client.timeout();
    let status = match tokio::time::timeout(limit, ending).await {
        Err(_) => {
            return Err(HookError::TimedOut {
                program: shown,
                limit,
            });
        }
        Ok(Err(reason)) => {
            return Err(HookError::Start {
                program: shown,
                reason,
            });
        }
        Ok(Ok(status)) => status,
    };
    if status.success() {
        return Ok(());
    }
    // What it left behind may keep the pipe open for ever.
    let _ = tokio::time::timeout(COMPLAINT_TIME, complaints.drain()).await;
    let complaint = client.secrets().redact(complaints.first_line().trim());
    Err(HookError::Failed {
        program: shown,
        status,
        complaint,
    })
}

/// How long to wait for the rest of a failed command's standard error.
const COMPLAINT_TIME: Duration = Duration::from_millis(200);

/// How many bytes of standard error are kept.
const COMPLAINT_BYTES_MAX: usize = 4096;

/// The beginning of what a command writes to standard error.
struct Complaints<S> {
    source: S,
    kept: Vec<u8>,
}

impl<S: AsyncRead + Unpin> Complaints<S> {
    fn new(source: S) -> Self {
        let kept = Vec::new();
        Self { source, kept }
    }

    /// Reads to the end, keeping the beginning.
    async fn drain(&mut self) {
        let mut chunk = [0; 1024];
        while let Ok(read @ 1..) = self.source.read(&mut chunk).await {
            let room = COMPLAINT_BYTES_MAX - self.kept.len();
            self.kept.extend_from_slice(&chunk[..read.min(room)]);
        }
    }

    fn first_line(&self) -> String {
        let line = self.kept.split(|byte| *byte == b'\n').next();
        String::from_utf8_lossy(line.unwrap_or_default()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::scripted::Scripted;
    use crate::client::secret::{Secret, Secrets};
    use crate::client::transport::Settings;

    fn shell(script: &str) -> [String; 3] {
        ["sh", "-c", script].map(str::to_owned)
    }

    #[tokio::test]
    async fn a_failed_command_says_why_without_secrets() {
        let server = Scripted::serve(Vec::new()).await;
        let client = server.client();
        let secret = Secret::new("hunter22", "<password>");
        client.secrets().learn(&secret);
        let noisy = "echo bad hunter22 >&2; head -c 300000 /dev/zero >&2; echo out; exit 3";
        let error = run(&client, &shell(noisy)).await;
        let error = error.expect_err("it fails").to_string();
        assert!(error.ends_with("exit status: 3: bad <password>"), "{error}");

        let missing = ["./no-such-program".to_owned()];
        let error = run(&client, &missing).await;
        let error = error.expect_err("there is none").to_string();
        assert!(
            error.starts_with("hook command `./no-such-program` cannot be"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_command_is_bounded_by_the_time_limit() {
        let server = Scripted::serve(Vec::new()).await;
        let limit = Duration::from_millis(200);
        let settings = Settings {
            timeout: limit,
            ..server.settings()
        };
        let client = Client::new(settings, Secrets::new()).expect("good settings");
        let error = run(&client, &shell("exec sleep 60")).await;
        let error = error.expect_err("it hangs").to_string();
        assert!(error.ends_with("did not end within 200 ms"), "{error}");
        // What a command leaves running may hold its standard error open.
        let done = run(&client, &shell("sleep 1 & exit 0")).await;
        done.expect("the command itself has ended");
    }
}
