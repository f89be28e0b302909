//! The reading half of the raw sender: one answer of HTTP/1.1, under the same
//! limits and with the same faults as in the pooled sender.

use bytes::{Buf, Bytes, BytesMut};
use httparse::Status;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::diagnosis;
use super::exchange::{Answer, Fault};

/// How many headers an answer may have.
pub(super) const HEADERS_MAX: usize = 256;

/// How many bytes the head of an answer may have, and the trailer too.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// What comes back on one connection.
pub(super) struct Incoming<S> {
    stream: S,
    buffer: BytesMut,
    body_bytes_max: usize,
}

impl<S: AsyncRead + Unpin> Incoming<S> {
    /// Nothing of `stream` is read yet; a body may have that many bytes.
    pub(super) fn new(stream: S, body_bytes_max: usize) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
            body_bytes_max,
        }
    }

    /// Reads the final answer, past any interim ones.
    pub(super) async fn answer(&mut self) -> Result<Answer, Fault> {
        let mut answer = self.head().await?;
        while (100..200).contains(&answer.status) && answer.status != 101 {
            answer = self.head().await?;
        }
        answer.body = self.body(&answer).await?;
        Ok(answer)
    }

    /// Reads one head; the body stays empty.
    async fn head(&mut self) -> Result<Answer, Fault> {
        loop {
            if let Some((length, head)) = parse_head(&self.buffer)? {
                self.buffer.advance(length);
                return Ok(head);
            }
            self.within_head_limit()?;
            self.more().await?;
        }
    }

    async fn body(&mut self, answer: &Answer) -> Result<Bytes, Fault> {
        if matches!(answer.status, 101 | 204 | 304) {
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

    /// Skips what may follow the last chunk, up to the empty line.
    async fn trailer(&mut self) -> Result<(), Fault> {
        loop {
            if self.buffer.starts_with(b"\r\n")
                || self.buffer.windows(4).any(|bytes| bytes == b"\r\n\r\n")
            {
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
            Ok(())
        } else {
            Err(Fault::Dropped)
        }
    }

    /// Reads on; false at the end.
    async fn read(&mut self) -> Result<bool, Fault> {
        let read = self.stream.read_buf(&mut self.buffer).await;
        read.map(|bytes| bytes > 0)
            .map_err(|error| diagnosis::of_exchange(&error))
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

/// The head at the start of `bytes` and its length; `None` while incomplete.
fn parse_head(bytes: &[u8]) -> Result<Option<(usize, Answer)>, Fault> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut headers);
    match head.parse(bytes) {
        Ok(Status::Partial) => Ok(None),
        Ok(Status::Complete(length)) => {
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
            Ok(Some((length, answer)))
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
    async fn faults_are_those_of_the_pooled_sender() {
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
            ("Content-Length: 4\r\n\r\nab".to_owned(), &Fault::Dropped),
            (format!("{chunked}4\r\nab"), &Fault::Dropped),
            (format!("{chunked}1\r\na\r\n0\r\nA"), &Fault::Dropped),
            ("Content-".to_owned(), &Fault::Dropped),
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
