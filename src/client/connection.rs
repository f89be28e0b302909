//! One connection to a target: opened, and used for one request after the other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::GaiResolver;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::diagnosis;
use super::exchange::{Answer, Fault};
use super::incoming::{Idle, Incoming};
use super::origin::Origin;
use super::wire::Message;

/// How long an interim answer is waited for at most.
const INTERIM: Duration = Duration::from_secs(1);

/// How long one piece is on its way before the next one follows: nothing tells a client
/// that a server has read the first, and sent at once they would be read as one.
const BETWEEN_PIECES: Duration = Duration::from_millis(2);

/// Opens connections; addresses of one name are raced.
#[derive(Clone)]
pub(super) struct Connector {
    plain: HttpConnector<GaiResolver>,
    tls: TlsConnector,
    limit: Duration,
}

impl Connector {
    /// One that trusts whom `tls` trusts; connecting may take so long.
    pub(super) fn new(tls: ClientConfig, limit: Duration) -> Self {
        let mut plain = HttpConnector::new();
        plain.enforce_http(false);
        plain.set_nodelay(true);
        plain.set_connect_timeout(Some(limit));
        Self {
            plain,
            tls: TlsConnector::from(Arc::new(tls)),
            limit,
        }
    }

    /// A connection that nothing was sent on.
    pub(super) async fn connect(&self, origin: &Origin) -> Result<Connection, Fault> {
        let connecting = self.stream(origin);
        let begun = Instant::now();
        let stream = timeout(self.limit, connecting)
            .await
            .map_err(|_| Fault::Unreachable("no connection within the time limit".to_owned()))??;
        let (reader, writer) = split(stream);
        Ok(Connection {
            incoming: Incoming::new(reader),
            writer,
            written: true,
            begun,
            waited: None,
            interim: INTERIM.min(self.limit / 4),
        })
    }

    async fn stream(&self, origin: &Origin) -> Result<Box<dyn Stream>, Fault> {
        let uri: Uri = format!("{origin}/")
            .parse()
            .map_err(|error| Fault::Unreachable(format!("{error}")))?;
        let stream = self.plain.clone().call(uri).await;
        let stream = stream.map_err(|error| diagnosis::of_connecting(&error, false))?;
        let stream = stream.into_inner();
        if !origin.is_encrypted() {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(origin.name());
        let name = name.map_err(|error| Fault::Tls(error.to_string()))?;
        let stream = self.tls.connect(name, stream).await;
        let stream = stream.map_err(|error| diagnosis::of_connecting(&error, true))?;
        Ok(Box::new(stream))
    }
}

/// Writes a message piece by piece, each so that it can travel alone.
async fn write(
    writer: &mut WriteHalf<Box<dyn Stream>>,
    message: &Message,
    interim: &Notify,
    patience: Duration,
) -> std::io::Result<()> {
    for (number, piece) in message.pieces.iter().enumerate() {
        if number > 0 && message.expects {
            // A server may leave the interim answer out (RFC 9110 section 10.1.1).
            _ = timeout(patience, interim.notified()).await;
        } else if number > 0 {
            sleep(BETWEEN_PIECES).await;
        }
        writer.write_all(piece).await?;
        writer.flush().await?;
    }
    Ok(())
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// An open connection.
pub(super) struct Connection {
    incoming: Incoming<ReadHalf<Box<dyn Stream>>>,
    writer: WriteHalf<Box<dyn Stream>>,
    /// The last request was written to its end.
    written: bool,
    /// When connecting began, and how long it took until the first request was sent.
    begun: Instant,
    waited: Option<Duration>,
    /// How long an interim answer is waited for.
    interim: Duration,
}

impl Connection {
    /// Sends one request and reads its answer, whose body may have so many bytes.
    pub(super) async fn exchange(
        &mut self,
        message: &Message,
        body_bytes_max: usize,
    ) -> Result<Answer, Fault> {
        self.written = false;
        self.waited.get_or_insert_with(|| self.begun.elapsed());
        let interim = Notify::new();
        let reading = self.incoming.answer(body_bytes_max, &interim);
        tokio::pin!(reading);
        let writing = write(&mut self.writer, message, &interim, self.interim);
        // A target may answer, and even close, before it has read everything:
        // what it sends says more than a failed write.
        tokio::select! {
            biased;
            written = writing => {
                self.written = written.is_ok();
                reading.await
            }
            answer = &mut reading => answer,
        }
    }

    /// How long it took from connecting until its first request was sent.
    pub(super) fn waited(&self) -> Duration {
        self.waited.unwrap_or_default()
    }

    /// Whether any byte of the last answer has come.
    pub(super) fn has_begun(&self) -> bool {
        self.incoming.has_begun()
    }

    /// Whether it may carry another request.
    pub(super) fn keeps(&self) -> bool {
        self.written && self.incoming.keeps()
    }

    /// Looks whether it waits for the next request; where something came that no
    /// request asked for, the words say what.
    pub(super) fn look(&mut self) -> Result<(), Option<String>> {
        match self.incoming.idle() {
            Idle::Quiet => Ok(()),
            Idle::Closed => Err(None),
            Idle::Spoke => Err(match self.incoming.unasked() {
                // So a target says that it has waited long enough, or closes.
                Some((408 | 429 | 503, true)) => None,
                Some((status, _)) => Some(format!("an answer {status}")),
                None => Some(format!("{} bytes", self.incoming.waiting())),
            }),
        }
    }
}
