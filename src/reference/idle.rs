//! Connections that are closed when nothing was asked on them for a while, as
//! any server may close those that are idle.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long a connection may be idle where idle ones are closed.
pub(super) const PATIENCE: Duration = Duration::from_millis(30);

/// A listener whose connections end when they are idle for too long.
pub(super) struct Impatient<L> {
    pub(super) inner: L,
    /// How long they may be idle; for ever without.
    pub(super) patience: Option<Duration>,
}

impl<L: Listener> Listener for Impatient<L> {
    type Io = Connection<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (inner, address) = self.inner.accept().await;
        let connection = Connection {
            inner,
            patience: self.patience,
            idle: None,
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

/// A connection of [`Impatient`].
pub(super) struct Connection<T> {
    inner: T,
    patience: Option<Duration>,
    /// Ends the patience, since an answer was written and until more is read.
    idle: Option<Pin<Box<Sleep>>>,
}

impl<T> Connection<T> {
    /// What it is made of.
    pub(super) const fn stream(&self) -> &T {
        &self.inner
    }

    /// Starts to be idle. The reader may be asleep already, so that it has to
    /// be woken from here.
    fn wait(&mut self, context: &mut Context<'_>) {
        self.idle = self.patience.map(|patience| Box::pin(sleep(patience)));
        if let Some(idle) = &mut self.idle {
            _ = idle.as_mut().poll(context);
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Connection<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        if read.is_ready() {
            self.idle = None;
            return read;
        }
        match &mut self.idle {
            // Nothing read is the end of the stream.
            Some(idle) => idle.as_mut().poll(context).map(Ok),
            None => Poll::Pending,
        }
    }
}

/// Whether that asks for the rest of a request: nobody is idle then.
fn is_interim(bytes: &[u8]) -> bool {
    bytes.starts_with(b"HTTP/1.1 100")
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Connection<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !is_interim(bytes) {
            self.wait(context);
        }
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !bytes.first().is_some_and(|first| is_interim(first)) {
            self.wait(context);
        }
        Pin::new(&mut self.inner).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
