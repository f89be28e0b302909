//! The reading half of a connection: answers of HTTP/1.1, one after the other,
//! under limits.

use bytes::{Buf, Bytes, BytesMut};
use futures_util::FutureExt;
use httparse::Status;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::Notify;

use super::diagnosis;
use super::exchange::{Answer, Fault};

/// How many headers an answer may have.
pub(super) const HEADERS_MAX: usize = 256;

/// How many bytes the head of an answer may have, and the trailer too.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// How many bytes are read at once, where they are there.
const READ_AT_ONCE: usize = 4096;

/// What comes back on one connection.
pub(super) struct Incoming<S> {
    stream: S,
    buffer: BytesMut,
    body_bytes_max: usize,
    /// A byte of the answer that is read has come.
    begun: bool,
    /// The connection may carry another request after it.
    keeps: bool,
}

/// What a connection has to say while nobody asks anything of it.
#[derive(Debug)]
pub(super) enum Idle {
    /// Nothing: it waits for the next request.
    Quiet,
    /// It is closed.
    Closed,
    /// Bytes that no request asked for.
    Spoke,
}

impl<S: AsyncRead + Unpin> Incoming<S> {
    /// Nothing of `stream` is read yet.
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
            body_bytes_max: 0,
            begun: false,
            keeps: false,
        }
    }

    /// Reads the final answer to the request that is sent next, past any interim
    /// ones, of which `interim` hears. Its body may have that many bytes.
    pub(super) async fn answer(
        &mut self,
        body_bytes_max: usize,
        interim: &Notify,
    ) -> Result<Answer, Fault> {
        self.body_bytes_max = body_bytes_max;
        (self.begun, self.keeps) = (false, false);
        let mut answer = self.head().await?;
        while (100..200).contains(&answer.status) && answer.status != 101 {
            interim.notify_one();
            answer = self.head().await?;
        }
        answer.body = self.body(&answer).await?;
        Ok(answer)
    }

    /// Whether any byte of the answer has come.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Whether the connection may carry another request after the last answer.
    pub(super) fn keeps(&self) -> bool {
        self.keeps
    }

    /// Looks, without waiting, whether anything came that no request asked for.
    pub(super) fn idle(&mut self) -> Idle {
        loop {
            match (self.read().now_or_never(), self.buffer.is_empty()) {
                (Some(Ok(true)), _) if self.buffer.len() < HEAD_BYTES_MAX => {}
                (_, false) => return Idle::Spoke,
                (None, true) => return Idle::Quiet,
                (Some(_), true) => return Idle::Closed,
            }
        }
    }

    /// What came that no request asked for: the status of an answer, where it is
    /// one, and whether it says that the connection closes.
    pub(super) fn unasked(&self) -> Option<(u16, bool)> {
        if let Some((_, head)) = parse_head(&self.buffer).ok()? {
            return Some((head.answer.status, head.closes));
        }
        // The rest of the head is still on its way.
        let line = self.buffer.strip_prefix(b"HTTP/1.")?;
        let status = std::str::from_utf8(line.get(2..5)?).ok()?.parse().ok()?;
        Some((status, true))
    }

    /// How many bytes came that no request asked for.
    pub(super) fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Reads one head; the body stays empty.
    async fn head(&mut self) -> Result<Answer, Fault> {
        loop {
            if let Some((length, head)) = parse_head(&self.buffer)? {
                self.buffer.advance(length);
                self.keeps = !head.closes;
                return Ok(head.answer);
            }
            self.within_head_limit()?;
            self.more().await?;
        }
    }

    async fn body(&mut self, answer: &Answer) -> Result<Bytes, Fault> {
        if matches!(answer.status, 101 | 204 | 304) {
            self.keeps &= answer.status != 101;
            return Ok(Bytes::new());
        }
        if let Some(coding) = answer.headers_named("transfer-encoding").last() {
            let last = coding.rsplit(|byte| *byte == b',').next().unwrap_or(coding);
            if last.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                return self.chunks().await;
            }
            return self.rest().await;
        }
        match content_length(answer)? {
            Some(length) => self.take(length).await.map(BytesMut::freeze),
            None => self.rest().await,
        }
    }

    async fn chunks(&mut self) -> Result<Bytes, Fault> {
        let mut body = BytesMut::new();
        loop {
            let size = match httparse::parse_chunk_size(&self.buffer) {
                Ok(Status::Complete((line, size))) => {
                    self.buffer.advance(line);
                    usize::try_from(size).unwrap_or(usize::MAX)
                }
                Ok(Status::Partial) => {
                    self.within_head_limit()?;
                    self.more().await?;
                    continue;
                }
                Err(_) => return Err(broken("chunk without a size")),
            };
            if size == 0 {
                self.trailer().await?;
                return Ok(body.freeze());
            }
            if size > self.body_bytes_max - body.len() {
                return Err(self.too_large());
            }
            body.unsplit(self.take(size).await?);
            if self.take(2).await? != b"\r\n".as_slice() {
                return Err(broken("chunk longer than its size"));
            }
        }
    }

    /// Skips what may follow the last chunk, up to and with the empty line.
    async fn trailer(&mut self) -> Result<(), Fault> {
        loop {
            let end = if self.buffer.starts_with(b"\r\n") {
                Some(2)
            } else {
                let mut ends = self.buffer.windows(4);
                let end = ends.position(|bytes| bytes == b"\r\n\r\n");
                end.map(|end| end + 4)
            };
            if let Some(end) = end {
                self.buffer.advance(end);
                return Ok(());
            }
            self.within_head_limit()?;
            self.more().await?;
        }
    }

    /// Exactly that many bytes.
    async fn take(&mut self, length: usize) -> Result<BytesMut, Fault> {
        if length > self.body_bytes_max.max(2) {
            return Err(self.too_large());
        }
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(self.buffer.split_to(length))
    }

    /// Everything until the target closes.
    async fn rest(&mut self) -> Result<Bytes, Fault> {
        self.keeps = false;
        while self.buffer.len() <= self.body_bytes_max {
            if !self.read().await? {
                return Ok(self.buffer.split().freeze());
            }
        }
        Err(self.too_large())
    }

    /// Reads on, where an end would come too early.
    async fn more(&mut self) -> Result<(), Fault> {
        if self.read().await? {
            return Ok(());
        }
        Err(if self.begun {
            Fault::CutShort
        } else {
            Fault::Dropped
        })
    }

    /// Reads on; false at the end.
    async fn read(&mut self) -> Result<bool, Fault> {
        self.begun |= !self.buffer.is_empty();
        self.buffer.reserve(READ_AT_ONCE);
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(bytes) => {
                self.begun |= bytes > 0;
                Ok(bytes > 0)
            }
            Err(error) => match diagnosis::of_exchange(&error) {
                Fault::Dropped if self.begun => Err(Fault::CutShort),
                fault => Err(fault),
            },
        }
    }

    fn within_head_limit(&self) -> Result<(), Fault> {
        if self.buffer.len() > HEAD_BYTES_MAX {
            return Err(broken("head, chunk line or trailer is too long"));
        }
        Ok(())
    }

    fn too_large(&self) -> Fault {
        Fault::TooLarge {
            limit: self.body_bytes_max,
        }
    }
}

/// The head of an answer.
struct Head {
    /// The answer, its body still empty.
    answer: Answer,
    /// No other request may follow on the connection.
    closes: bool,
}

/// The head at the start of `bytes` and its length; `None` while incomplete.
fn parse_head(bytes: &[u8]) -> Result<Option<(usize, Head)>, Fault> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut headers);
    match head.parse(bytes) {
        Ok(Status::Partial) => Ok(None),
        Ok(Status::Complete(length)) => {
            let is_old = head.version == Some(0);
            let headers = head.headers.iter();
            let answer = Answer {
                status: head
                    .code
                    .filter(|code| *code >= 100)
                    .ok_or_else(|| broken("status below 100"))?,
                headers: headers
                    .map(|header| (header.name.to_owned(), header.value.to_vec()))
                    .collect(),
                body: Bytes::new(),
            };
            let says = |option: &[u8]| {
                let values = answer.headers_named("connection");
                let mut options = values.flat_map(|value| value.split(|byte| *byte == b','));
                options.any(|one| one.trim_ascii().eq_ignore_ascii_case(option))
            };
            let closes = says(b"close") || is_old && !says(b"keep-alive");
            Ok(Some((length, Head { answer, closes })))
        }
        Err(error) => Err(broken(&error.to_string())),
    }
}

fn content_length(answer: &Answer) -> Result<Option<usize>, Fault> {
    let mut lengths = answer.headers_named("content-length");
    let Some(first) = lengths.next() else {
        return Ok(None);
    };
    if lengths.any(|other| other != first) {
        return Err(broken("two lengths of one body"));
    }
    let digits = std::str::from_utf8(first)
        .ok()
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .ok_or_else(|| broken("length of the body is no number"))?;
    // What does not fit is above every limit.
    Ok(Some(digits.parse().unwrap_or(usize::MAX)))
}

fn broken(how: &str) -> Fault {
    Fault::BrokenHttp(how.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::exchange::{Method, Request, Spelling};
    use crate::client::scripted::{Reply, Scripted};

    async fn outcome_of(reply: &str) -> Result<Answer, Fault> {
        let server = Scripted::serve(vec![Reply::close(reply)]).await;
        let client = server.client();
        let mut request = Request::new(Method::Get, "/");
        request.spelling = Spelling::Exact;
        client.send(client.origin(), &request).await.outcome
    }

    #[tokio::test]
    async fn bodies_come_by_length_in_chunks_or_to_the_end() {
        for body in [
            "Content-Length: 5\r\n\r\nhello, and more",
            "Transfer-Encoding: gzip, Chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nA: b\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "\r\nhello",
        ] {
            let answer = outcome_of(&format!("HTTP/1.1 200 X\r\n{body}")).await;
            let read = answer.map(|answer| answer.body);
            assert_eq!(read, Ok(Bytes::from_static(b"hello")), "{body}");
        }
        let early = "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\r\nLink: x\r\n\r\nHTTP/1.1 204 X\r\n\r\n";
        let answer = outcome_of(early).await;
        assert_eq!(answer.map(|answer| answer.status), Ok(204));
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_or_a_limit_is_a_fault() {
        let limit = 1000;
        let long = "x".repeat(limit + 1);
        let chunked = "Transfer-Encoding: chunked\r\n\r\n";
        let too_large = Fault::TooLarge { limit };
        for (rest, fault) in [
            (format!("Content-Length: 1001\r\n\r\n{long}"), &too_large),
            (format!("\r\n{long}"), &too_large),
            (format!("{chunked}3e9\r\n{long}"), &too_large),
            (
                format!("{chunked}3e7\r\n{}\r\n2\r\n", &long[2..]),
                &too_large,
            ),
            ("Content-Length: 4\r\n\r\nab".to_owned(), &Fault::CutShort),
            (format!("{chunked}4\r\nab"), &Fault::CutShort),
            (format!("{chunked}1\r\na\r\n0\r\nA"), &Fault::CutShort),
            ("Content-".to_owned(), &Fault::CutShort),
        ] {
            let outcome = outcome_of(&format!("HTTP/1.1 200 X\r\n{rest}")).await;
            assert_eq!(outcome.as_ref(), Err(fault), "{rest:.60}");
        }
        let headers = "A: b\r\n".repeat(257);
        let long = format!("A: {}\r\n", "x".repeat(HEAD_BYTES_MAX));
        for rest in [
            format!("{chunked}xyz\r\nab"),
            format!("{chunked}1\r\nabc\r\n"),
            "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_owned(),
            "Content-Length: +1\r\n\r\nab".to_owned(),
            headers + "\r\n",
            long,
        ] {
            let outcome = outcome_of(&format!("HTTP/1.1 200 X\r\n{rest}")).await;
            let broken = matches!(outcome, Err(Fault::BrokenHttp(_)));
            assert!(broken, "{outcome:?}: {rest:.60}");
        }
        let low = outcome_of("HTTP/1.1 099 X\r\n\r\n").await;
        assert!(matches!(low, Err(Fault::BrokenHttp(_))), "{low:?}");
        assert_eq!(outcome_of("").await, Err(Fault::Dropped));
    }
}
