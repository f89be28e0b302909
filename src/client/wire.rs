//! A request of HTTP/1.1 as the bytes that go out.

use super::exchange::{Fault, Request, Spelling};
use super::origin::Origin;
use crate::contract::Framing;

/// How many bytes a small chunk has.
const SMALL_CHUNK: usize = 7;

/// In how many pieces a body goes at most.
const MOST_PIECES: usize = 5;

/// A request in the pieces in which it is written.
pub(super) struct Message {
    /// The bytes, in order.
    pub(super) pieces: Vec<Vec<u8>>,
    /// All but the first wait for an interim answer.
    pub(super) expects: bool,
}

/// The request as bytes: its own headers in their order, behind what every
/// request needs and this one does not bring itself.
///
/// # Errors
/// [`Fault::Unsendable`] when path or headers would break the head.
pub(super) fn prepare(origin: &Origin, request: &Request) -> Result<Message, Fault> {
    if !request.path.starts_with('/') || !request.path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Fault::Unsendable(
            "path must start with `/` and be percent-encoded".to_owned(),
        ));
    }
    let given = |name| {
        let mut headers = request.headers.iter();
        headers.any(|header| header.name.eq_ignore_ascii_case(name))
    };
    let framing = request.framing;
    let target = match framing {
        Framing::Absolute => format!("{origin}{}", request.path),
        _ => request.path.clone(),
    };
    let mut head = format!("{} {target} HTTP/1.1\r\n", request.method);
    if !given("host") {
        head.push_str(&format!("Host: {}\r\n", origin.authority()));
    }
    for header in &request.headers {
        let name = match request.spelling {
            Spelling::Any => header.name.to_ascii_lowercase(),
            Spelling::Exact => header.name.clone(),
        };
        let value = header.value.expose();
        if name.is_empty() || name.contains([':', '\r', '\n', '\0']) {
            return Err(Fault::Unsendable(format!("header name {name:?}")));
        }
        if value.contains(['\r', '\n', '\0']) {
            return Err(Fault::Unsendable(format!(
                "value of header `{name}` has a line break or a null character"
            )));
        }
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = request.body.len();
    if framing.is_chunked() {
        head.push_str("Transfer-Encoding: chunked\r\n");
    } else if (length > 0 || request.method.has_body())
        && !given("content-length")
        && !given("transfer-encoding")
    {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    if framing == Framing::Expect {
        head.push_str("Expect: 100-continue\r\n");
    }
    if request.alone && !given("connection") {
        head.push_str("Connection: close\r\n");
    }
    head.push_str("\r\n");
    let mut message = head.into_bytes();
    let body = &request.body[..];
    let mut pieces = Vec::new();
    match framing {
        Framing::Length | Framing::Absolute => message.extend_from_slice(body),
        Framing::Pieces => pieces.extend(body.chunks(body.len().div_ceil(MOST_PIECES).max(1))),
        Framing::Expect => pieces.push(body),
        Framing::Chunked => chunked(&mut message, body, body.len(), "", ""),
        Framing::SmallChunks => chunked(&mut message, body, SMALL_CHUNK, "", ""),
        Framing::ExtendedChunks => {
            chunked(
                &mut message,
                body,
                body.len() / 2,
                ";name=\"value\"",
                "X-Trailer: 1\r\n",
            );
        }
    }
    let pieces = pieces.into_iter().map(<[u8]>::to_vec);
    Ok(Message {
        pieces: std::iter::once(message).chain(pieces).collect(),
        expects: framing == Framing::Expect,
    })
}

/// Adds a body in chunks of that size.
fn chunked(message: &mut Vec<u8>, body: &[u8], size: usize, extension: &str, trailer: &str) {
    for chunk in body.chunks(size.max(1)) {
        message.extend_from_slice(format!("{:x}{extension}\r\n", chunk.len()).as_bytes());
        message.extend_from_slice(chunk);
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(format!("0\r\n{trailer}\r\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::client::exchange::{Header, Method};
    use crate::client::scripted::{Reply, Scripted};

    fn exact() -> Request {
        let mut request = Request::new(Method::Post, "/p");
        request.spelling = Spelling::Exact;
        request
    }

    #[tokio::test]
    async fn the_head_is_written_byte_for_byte() {
        let mut server = Scripted::serve(vec![Reply::keep(200, "", "")]).await;
        let client = server.client();
        let mut request = exact();
        request.headers = vec![
            Header::plain("iNiN-IcWs-cSrF-tOkEn", "t"),
            Header::plain("cOOKIE", "a=b"),
            Header::plain("odd name", "\u{1}"),
        ];
        request.body = Bytes::from_static(b"{}");
        request.alone = true;
        let exchange = client.send(client.origin(), &request).await;
        assert!(exchange.outcome.is_ok(), "{exchange:?}");
        let host = client.origin().authority();
        assert_eq!(
            server.request().await,
            format!(
                "POST /p HTTP/1.1\r\nHost: {host}\r\niNiN-IcWs-cSrF-tOkEn: t\r\ncOOKIE: a=b\r\n\
                 odd name: \u{1}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
            )
        );
    }

    #[test]
    fn a_body_is_the_same_in_every_framing() {
        let url = url::Url::parse("http://a.test:8018").expect("a url");
        let origin = Origin::of(&url).expect("an origin");
        let framed = |framing| {
            let mut request = Request::new(Method::Post, "/p");
            request.body = Bytes::from_static(b"{\"a\": [1]}");
            request.framing = framing;
            let message = prepare(&origin, &request).expect("it can be sent");
            let pieces = message.pieces.iter();
            let pieces = pieces.map(|piece| String::from_utf8_lossy(piece).into_owned());
            (pieces.collect::<Vec<_>>(), message.expects)
        };
        let head = |target: &str, header: &str| {
            format!("POST {target} HTTP/1.1\r\nHost: a.test:8018\r\n{header}\r\n\r\n")
        };
        let (length, chunked) = ("Content-Length: 10", "Transfer-Encoding: chunked");
        let expecting = format!("{length}\r\nExpect: 100-continue");
        for (framing, head, rest) in [
            (Framing::Length, head("/p", length), vec!["{\"a\": [1]}"]),
            (
                Framing::Absolute,
                head("http://a.test:8018/p", length),
                vec!["{\"a\": [1]}"],
            ),
            (
                Framing::Pieces,
                head("/p", length),
                vec!["", "{\"", "a\"", ": ", "[1", "]}"],
            ),
            (
                Framing::Expect,
                head("/p", &expecting),
                vec!["", "{\"a\": [1]}"],
            ),
            (
                Framing::Chunked,
                head("/p", chunked),
                vec!["a\r\n{\"a\": [1]}\r\n0\r\n\r\n"],
            ),
            (
                Framing::SmallChunks,
                head("/p", chunked),
                vec!["7\r\n{\"a\": [\r\n3\r\n1]}\r\n0\r\n\r\n"],
            ),
            (
                Framing::ExtendedChunks,
                head("/p", chunked),
                vec![
                    "5;name=\"value\"\r\n{\"a\":\r\n5;name=\"value\"\r\n [1]}\r\n0\r\nX-Trailer: 1\r\n\r\n",
                ],
            ),
        ] {
            let mut expected: Vec<String> = rest.into_iter().map(str::to_owned).collect();
            expected[0].insert_str(0, &head);
            let expects = framing == Framing::Expect;
            assert_eq!(framed(framing), (expected, expects), "{framing:?}");
        }
    }

    #[tokio::test]
    async fn a_body_follows_the_interim_answer_and_no_final_one() {
        for (interim, body) in [(true, "{}"), (false, "")] {
            let server = tokio::net::TcpListener::bind("127.0.0.1:0").await;
            let server = server.expect("a free port");
            let address = server.local_addr().expect("it is bound");
            let served = tokio::spawn(async move {
                let (mut stream, _) = server.accept().await.expect("a connection");
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.expect("a head"));
                }
                if interim {
                    let answer = b"HTTP/1.1 100 Continue\r\n\r\n";
                    stream.write_all(answer).await.expect("room for it");
                    let mut body = [0; 2];
                    stream.read_exact(&mut body).await.expect("a body");
                    let answer = b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n";
                    stream.write_all(answer).await.expect("room for it");
                    return String::from_utf8_lossy(&body).into_owned();
                }
                let answer = b"HTTP/1.1 417 X\r\nContent-Length: 0\r\n\r\n";
                stream.write_all(answer).await.expect("room for it");
                let mut rest = String::new();
                stream.read_to_string(&mut rest).await.expect("an end");
                rest
            });
            let client = Scripted::serve(Vec::new()).await.client();
            let origin = client.origin().with_host(&address.to_string());
            let mut request = exact();
            request.framing = Framing::Expect;
            request.body = Bytes::from_static(b"{}");
            let exchange = client.send(&origin.expect("a host"), &request).await;
            let status = exchange.answer().map(|answer| answer.status);
            assert_eq!(status, Some(if interim { 200 } else { 417 }));
            assert_eq!(served.await.expect("it was served"), body);
            // So long a body is held back where nothing asks for it.
            assert!(
                exchange.took < Duration::from_secs(1),
                "{:?}",
                exchange.took
            );
        }
    }

    #[tokio::test]
    async fn an_answer_may_come_before_the_request_is_read() {
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let server = server.expect("a free port");
        let address = server.local_addr().expect("it is bound");
        tokio::spawn(async move {
            let (mut stream, _) = server.accept().await.expect("a connection");
            let answer = b"HTTP/1.1 413 X\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(answer).await.expect("room for it");
            std::future::pending::<()>().await;
        });
        let client = Scripted::serve(Vec::new()).await.client();
        let origin = client.origin().with_host(&address.to_string());
        let mut request = exact();
        request.body = Bytes::from(vec![b' '; 32 << 20]);
        let exchange = client.send(&origin.expect("a host"), &request).await;
        assert_eq!(exchange.outcome.map(|answer| answer.status), Ok(413));
    }

    #[tokio::test]
    async fn what_would_break_the_request_is_not_sent() {
        let server = Scripted::serve(Vec::new()).await;
        let client = server.client();
        let header = |name: &str, value: &str| {
            let mut request = exact();
            request.headers = vec![Header::plain(name, value)];
            request
        };
        for request in [
            header("A", "b\r\nC: d"),
            header("A", "\0"),
            header("A\n", "b"),
            header("A:", "b"),
            header("", "b"),
            Request::new(Method::Get, "no-slash"),
            Request::new(Method::Get, "/a b"),
            Request::new(Method::Get, "/ü"),
        ] {
            let exchange = client.send(client.origin(), &request).await;
            let unsendable = matches!(exchange.outcome, Err(Fault::Unsendable(_)));
            assert!(unsendable, "{exchange:?}");
        }
        assert_eq!(client.requests_sent(), 0);
    }
}
