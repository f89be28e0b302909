//! A server for tests that does byte for byte what it is told, whatever HTTP
//! has to say about it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::secret::Secrets;
use super::transport::{Client, Settings};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// Writes this and keeps the connection.
    Keep(Vec<u8>),
    /// Writes this, perhaps nothing, and closes the connection.
    Close(Vec<u8>),
    /// Never answers.
    Stall,
}

impl Reply {
    /// A whole answer on a connection that is kept.
    pub(super) fn keep(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n");
        Self::Keep((head + body).into_bytes())
    }

    /// These bytes, then the end of the connection.
    pub(super) fn close(text: &str) -> Self {
        Self::Close(text.as_bytes().to_vec())
    }
}

/// A running server; it ends with the test's runtime.
pub(super) struct Scripted {
    /// Where it listens.
    pub(super) address: SocketAddr,
    scheme: &'static str,
    requests: mpsc::UnboundedReceiver<String>,
}

impl Scripted {
    /// Gives the replies in the order in which requests come, on whatever
    /// connection; after the last one it closes without an answer.
    pub(super) async fn serve(replies: Vec<Reply>) -> Self {
        Self::start(replies, None).await
    }

    /// The same, over TLS.
    pub(super) async fn serve_tls(replies: Vec<Reply>, tls: ServerConfig) -> Self {
        Self::start(replies, Some(TlsAcceptor::from(Arc::new(tls)))).await
    }

    async fn start(replies: Vec<Reply>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let replies = Arc::new(Mutex::new(VecDeque::from(replies)));
        let (log, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (replies, log, tls) = (Arc::clone(&replies), log.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => converse(stream, &replies, &log).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                converse(stream, &replies, &log).await;
                            }
                        }
                    }
                });
            }
        });
        Self {
            address,
            scheme,
            requests,
        }
    }

    /// The server's url, with `localhost` for TLS.
    pub(super) fn url(&self) -> Url {
        let host = match self.scheme {
            "https" => format!("localhost:{}", self.address.port()),
            _ => self.address.to_string(),
        };
        Url::parse(&format!("{}://{host}", self.scheme)).expect("a url")
    }

    /// Settings with tight limits for this server.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            origin: self.url(),
            ca_pem: None,
            accept_invalid: false,
            timeout: Duration::from_secs(10),
            outage: Duration::from_secs(1),
            answer_bytes_max: 1000,
            requests_per_second: 0,
            concurrency: 2,
        }
    }

    /// A client with these settings.
    pub(super) fn client(&self) -> Client {
        Client::new(self.settings(), Secrets::new()).expect("good settings")
    }

    /// The next request, head and body as they came.
    pub(super) async fn request(&mut self) -> String {
        self.requests.recv().await.expect("the server is up")
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    replies: &Mutex<VecDeque<Reply>>,
    log: &mpsc::UnboundedSender<String>,
) {
    while let Some(request) = read_request(&mut stream).await {
        let _ = log.send(request);
        let reply = replies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        match reply {
            Some(Reply::Keep(bytes)) => {
                if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
                    return;
                }
            }
            Some(Reply::Close(bytes)) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Some(Reply::Stall) => {
                let _ = stream.read_u8().await;
                return;
            }
            None => return,
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse().expect("a length"));
            if body.len() >= length {
                return Some(text.into_owned());
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
