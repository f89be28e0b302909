//! A client's connection, with TLS or without, and what can be done to it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::act::{Script, Step};
use super::message::more;

/// A client's connection.
pub(crate) enum Stream {
    /// As it is.
    Plain(TcpStream),
    /// Inside TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

/// Whether a connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// It does.
    GoesOn,
    /// It is over.
    Over,
}

impl Stream {
    /// Takes a connection, with a handshake where there is a configuration.
    pub(crate) async fn accept(
        stream: TcpStream,
        tls: Option<Arc<ServerConfig>>,
    ) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        match tls {
            None => Ok(Self::Plain(stream)),
            Some(tls) => {
                let stream = TlsAcceptor::from(tls).accept(stream).await?;
                Ok(Self::Tls(Box::new(stream)))
            }
        }
    }

    fn tcp(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_mut().0,
        }
    }

    /// Does it all, as long as the client is there.
    pub(crate) async fn play(&mut self, script: Script) -> Then {
        for step in script {
            match self.step(step).await {
                Ok(Then::GoesOn) => {}
                Ok(Then::Over) | Err(_) => return Then::Over,
            }
        }
        Then::GoesOn
    }

    async fn step(&mut self, step: Step) -> io::Result<Then> {
        match step {
            Step::Bytes(bytes) => {
                self.write_all(&bytes).await?;
                self.flush().await?;
            }
            Step::Beneath(bytes) => self.tcp().write_all(&bytes).await?,
            Step::Drip(bytes, pause) => {
                for byte in bytes {
                    self.write_all(&[byte]).await?;
                    self.flush().await?;
                    tokio::time::sleep(pause).await;
                }
            }
            Step::Pause(pause) => tokio::time::sleep(pause).await,
            Step::HalfClose => {
                self.shutdown().await?;
                self.until_closed().await;
                return Ok(Then::Over);
            }
            Step::Close => return Ok(Then::Over),
            Step::Reset => {
                self.tcp().set_zero_linger()?;
                return Ok(Then::Over);
            }
            Step::Alert => {
                self.alert().await?;
                return Ok(Then::Over);
            }
            Step::Hang => {
                self.until_closed().await;
                return Ok(Then::Over);
            }
        }
        Ok(Then::GoesOn)
    }

    /// What is no record makes rustls say a fatal alert.
    async fn alert(&mut self) -> io::Result<()> {
        let Self::Tls(stream) = self else {
            return Ok(());
        };
        let (tcp, connection) = stream.get_mut();
        connection.read_tls(&mut &b"\x16\x03\x03\x00\x04\x63\x00\x00\x00"[..])?;
        // It is wrong on purpose.
        _ = connection.process_new_packets();
        let mut alert = Vec::new();
        while connection.wants_write() {
            connection.write_tls(&mut alert)?;
        }
        tcp.write_all(&alert).await
    }

    /// Waits until the client is gone, a minute at most.
    async fn until_closed(&mut self) {
        let gone = async {
            let mut ignored = Vec::new();
            while more(self, &mut ignored).await.is_ok() {
                ignored.clear();
            }
        };
        _ = tokio::time::timeout(Duration::from_secs(60), gone).await;
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
