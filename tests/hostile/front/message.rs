//! One request and one answer of HTTP/1.1, as bytes and in parts.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How many headers a message may have.
const HEADERS_MAX: usize = 512;

/// The path of an update ends so.
const UPDATE: &str = "/monitored-mailboxes";

/// A request, as it came and in parts.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Every byte of it.
    pub(crate) raw: Vec<u8>,
    /// Its method.
    pub(crate) method: String,
    /// Its path and query.
    pub(crate) target: String,
    /// Its headers.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// Where its body begins in `raw`; a chunked one is as it came.
    pub(crate) body_at: usize,
}

/// An answer in parts; its length is written anew.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    /// Its status.
    pub(crate) status: u16,
    /// Its headers, but those that frame it.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// Its body.
    pub(crate) body: Vec<u8>,
    /// Whether the connection ends with it.
    pub(crate) closes: bool,
    /// Whether it answers `HEAD`, or has a status without a body.
    pub(crate) bodiless: bool,
}

impl Asked {
    /// Its body.
    pub(crate) fn body(&self) -> &[u8] {
        &self.raw[self.body_at..]
    }

    /// The value of a header, as text.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let mut found = self.headers.iter();
        let (_, value) = found.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The session id in its path.
    pub(crate) fn session(&self) -> Option<&str> {
        let mut pieces = self.path().strip_prefix("/icws/")?.split('/');
        pieces.next().filter(|piece| *piece != "connection")
    }

    /// The workgroup in its path, as it is written there.
    pub(crate) fn workgroup(&self) -> Option<&str> {
        let (_, rest) = self.path().split_once("/configuration/workgroups/")?;
        Some(rest.strip_suffix(UPDATE).unwrap_or(rest))
    }

    /// Whether it is an update.
    pub(crate) fn is_update(&self) -> bool {
        self.method == "POST" && self.path().ends_with(UPDATE)
    }

    /// Whether it reads the mailboxes of a workgroup.
    pub(crate) fn is_read(&self) -> bool {
        self.method == "GET" && self.workgroup().is_some()
    }

    /// Whether it opens a session.
    pub(crate) fn is_login(&self) -> bool {
        self.method == "POST" && self.path() == "/icws/connection"
    }

    /// Whether it is of a session's connection, with that method.
    pub(crate) fn is_connection(&self, method: &str) -> bool {
        let path = self.path();
        self.method == method && path != "/icws/connection" && path.ends_with("/connection")
    }

    /// Whether it is an order to the server's control surface.
    pub(crate) fn is_hook(&self) -> bool {
        self.path().starts_with("/__control/")
    }

    /// How many mailboxes its lists seem to hold.
    pub(crate) fn objects(&self) -> usize {
        let text = String::from_utf8_lossy(self.body());
        text.matches("\"emailAddress\"").count()
    }
}

impl Reply {
    /// An answer with a JSON body.
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::labelled(status, "application/vnd.inin.icws+JSON", body)
    }

    /// An answer with a web page.
    pub(crate) fn page(status: u16, title: &str) -> Self {
        let body = format!(
            "<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n\
             <center><h1>{status} {title}</h1></center>\r\n<hr><center>nginx/1.26.3</center>\r\n\
             </body>\r\n</html>\r\n"
        );
        Self::labelled(status, "text/html", body)
    }

    /// An answer with that label.
    pub(crate) fn labelled(status: u16, label: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), label.as_bytes().to_vec())],
            body: body.into(),
            ..Self::default()
        }
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same, as the last answer of its connection.
    pub(crate) const fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let mut found = self.headers.iter();
        let found = found.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| &value[..])
    }

    /// Its head, for a body of that length.
    pub(crate) fn head(&self, length: usize) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} Status\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        if !(self.bodiless && length == 0) {
            bytes.extend_from_slice(format!("Content-Length: {length}\r\n").as_bytes());
        }
        if self.closes {
            bytes.extend_from_slice(b"Connection: close\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head(self.body.len());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Why there is no request.
#[derive(Debug)]
pub(crate) enum NoRequest {
    /// The client has closed the connection, or it broke.
    Over,
    /// What was read is no request that this front understands: the server
    /// shall say so.
    Unclear(Vec<u8>),
}

/// Reads one request; `kept` holds what was read of it already, and then what
/// was read behind it.
pub(crate) async fn read_request<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    kept: &mut Vec<u8>,
) -> Result<Asked, NoRequest> {
    let mut asked = loop {
        match parsed_request(kept) {
            Ok(Some(asked)) => break asked,
            Ok(None) => {}
            Err(_) => return Err(NoRequest::Unclear(std::mem::take(kept))),
        }
        more(stream, kept).await.map_err(|_| NoRequest::Over)?;
    };
    let awaits = asked.header("Expect").is_some();
    if awaits && kept.len() == asked.body_at {
        let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
        let written = stream.write_all(go_on).await;
        written.map_err(|_| NoRequest::Over)?;
    }
    let chunked = asked.header("Transfer-Encoding").is_some();
    let length = asked.header("Content-Length");
    let length = length.and_then(|text| text.trim().parse::<usize>().ok());
    let end = loop {
        let end = if chunked {
            match end_of_chunks(kept, asked.body_at) {
                Ok(end) => end,
                Err(_) => return Err(NoRequest::Unclear(std::mem::take(kept))),
            }
        } else {
            Some(asked.body_at + length.unwrap_or(0)).filter(|end| *end <= kept.len())
        };
        if let Some(end) = end {
            break end;
        }
        more(stream, kept).await.map_err(|_| NoRequest::Over)?;
    };
    let behind = kept.split_off(end);
    asked.raw = std::mem::replace(kept, behind);
    Ok(asked)
}

fn parsed_request(bytes: &[u8]) -> Result<Option<Asked>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(body_at) = request.parse(bytes)? else {
        return Ok(None);
    };
    let target = request.path.unwrap_or_default();
    // An absolute target names this host before the path.
    let target = match target.split_once("://") {
        Some((_, rest)) if !target.starts_with('/') => rest.find('/').map_or("/", |at| &rest[at..]),
        _ => target,
    };
    Ok(Some(Asked {
        raw: Vec::new(),
        method: request.method.unwrap_or_default().to_owned(),
        target: target.to_owned(),
        headers: owned(request.headers),
        body_at,
    }))
}

fn owned(headers: &[httparse::Header<'_>]) -> Vec<(String, Vec<u8>)> {
    let owned = |header: &httparse::Header<'_>| (header.name.to_owned(), header.value.to_vec());
    headers.iter().map(owned).collect()
}

/// Where the chunks that begin at `at` end, if all of them are there.
fn end_of_chunks(bytes: &[u8], mut at: usize) -> io::Result<Option<usize>> {
    let broken = || io::Error::from(io::ErrorKind::InvalidData);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let size = httparse::parse_chunk_size(rest).map_err(|_| broken())?;
        let httparse::Status::Complete((head, size)) = size else {
            return Ok(None);
        };
        at += head;
        if size == 0 {
            // A trailer, perhaps empty, and an empty line.
            loop {
                let rest = bytes.get(at..).unwrap_or_default();
                let Some(line) = rest.windows(2).position(|pair| pair == b"\r\n") else {
                    return Ok(None);
                };
                at += line + 2;
                if line == 0 {
                    return Ok(Some(at));
                }
            }
        }
        at += usize::try_from(size).map_err(|_| broken())? + 2;
        if at > bytes.len() {
            return Ok(None);
        }
    }
}

/// Reads the server's answer, interim ones passed over.
pub(crate) async fn read_reply<S: AsyncRead + Unpin>(
    stream: &mut S,
    kept: &mut Vec<u8>,
    method: &str,
) -> io::Result<Reply> {
    loop {
        let parsed = parsed_reply(kept).map_err(|_| io::ErrorKind::InvalidData)?;
        let Some((mut reply, body_at)) = parsed else {
            more(stream, kept).await?;
            continue;
        };
        if reply.status < 200 {
            kept.drain(..body_at);
            continue;
        }
        reply.bodiless = method == "HEAD" || matches!(reply.status, 204 | 304);
        let length = reply.header("Content-Length").map(<[u8]>::to_vec);
        let length = length.and_then(|text| String::from_utf8(text).ok()?.trim().parse().ok());
        let chunked = reply.header("Transfer-Encoding").is_some();
        let length: Option<usize> = if reply.bodiless { Some(0) } else { length };
        let close = reply.header("Connection").map(<[u8]>::to_ascii_lowercase);
        reply.closes = close.is_some_and(|value| value == b"close");
        if let (Some(length), false) = (length, chunked) {
            while kept.len() < body_at + length {
                more(stream, kept).await?;
            }
            reply.body = kept[body_at..body_at + length].to_vec();
            kept.drain(..body_at + length);
        } else if chunked {
            let end = loop {
                if let Some(end) = end_of_chunks(kept, body_at)? {
                    break end;
                }
                more(stream, kept).await?;
            };
            reply.body = unchunked(&kept[body_at..end]);
            kept.drain(..end);
        } else {
            while more(stream, kept).await.is_ok() {}
            reply.body = kept.split_off(body_at);
            kept.clear();
            reply.closes = true;
        }
        let frames = ["content-length", "transfer-encoding", "connection"];
        let framing = |name: &str| frames.contains(&name.to_ascii_lowercase().as_str());
        reply.headers.retain(|(name, _)| !framing(name));
        return Ok(reply);
    }
}

fn parsed_reply(bytes: &[u8]) -> Result<Option<(Reply, usize)>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(body_at) = response.parse(bytes)? else {
        return Ok(None);
    };
    let reply = Reply {
        status: response.code.unwrap_or_default(),
        headers: owned(response.headers),
        ..Reply::default()
    };
    Ok(Some((reply, body_at)))
}

/// The bytes of chunks that are known to be whole.
fn unchunked(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(httparse::Status::Complete((head, size @ 1..))) =
        httparse::parse_chunk_size(chunks)
    {
        let end = head + usize::try_from(size).expect("a chunk that was read");
        body.extend_from_slice(&chunks[head..end]);
        chunks = &chunks[end + 2..];
    }
    body
}

/// Reads some more; the end of the stream is an error.
pub(crate) async fn more<S: AsyncRead + Unpin>(
    stream: &mut S,
    kept: &mut Vec<u8>,
) -> io::Result<()> {
    kept.reserve(16 * 1024);
    match stream.read_buf(kept).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}
