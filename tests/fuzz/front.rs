//! The front between the binary and the server: it hands requests on as they
//! are, and answers as the scene of the run has them.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::calls::{Call, Listener};
use crate::damage::{Sending, damaged};
use crate::leaks::Known;
use crate::scene::Scene;

/// How much of an answer's head is read.
const HEAD_MAX: u64 = 1 << 20;

/// A front that ends with this.
#[derive(Debug)]
pub(crate) struct Front {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What its connections share.
#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    scene: Scene,
    answers: AtomicU64,
    changed: AtomicU64,
    updates_changed: AtomicU64,
    over: AtomicBool,
    known: Known,
}

/// An answer as the server gave it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status line and the headers, with the empty line.
    pub(crate) head: Vec<u8>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Front {
    /// Starts it in front of that server.
    pub(crate) fn start(server: SocketAddr, scene: Scene) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            server,
            scene,
            answers: AtomicU64::new(0),
            changed: AtomicU64::new(0),
            updates_changed: AtomicU64::new(0),
            over: AtomicBool::new(false),
            known: Known::default(),
        });
        let served = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if served.over.load(Ordering::Relaxed) {
                    return;
                }
                // Without the server there is nothing to hand on.
                _ = connect(&served, client);
            }
        });
        Ok(Self {
            address,
            shared,
            thread: Some(thread),
        })
    }

    /// How many answers were changed.
    pub(crate) fn changed(&self) -> u64 {
        self.shared.changed.load(Ordering::Relaxed)
    }

    /// How many answers to updates were.
    pub(crate) fn updates_changed(&self) -> u64 {
        self.shared.updates_changed.load(Ordering::Relaxed)
    }

    /// What went through that must not be shown.
    pub(crate) fn known(&self) -> &Known {
        &self.shared.known
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it closes.
        _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

/// Serves one connection, in both directions.
fn connect(shared: &Arc<Shared>, client: TcpStream) -> io::Result<()> {
    let server = TcpStream::connect(shared.server)?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let asked = Arc::new(Mutex::new(VecDeque::new()));
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    let (sharing, asking) = (Arc::clone(shared), Arc::clone(&asked));
    thread::spawn(move || forward(&sharing, &asking, from, to));
    let sharing = Arc::clone(shared);
    thread::spawn(move || {
        // Either side may go away at any time.
        _ = answer(&sharing, &asked, &client, &server);
        _ = client.shutdown(Shutdown::Both);
        _ = server.shutdown(Shutdown::Both);
    });
    Ok(())
}

/// Hands requests on, and notes which they are before the server has them.
fn forward(shared: &Shared, asked: &Mutex<VecDeque<Call>>, mut from: TcpStream, mut to: TcpStream) {
    let mut listener = Listener::default();
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let bytes = &buffer[..length];
        shared.known.sent(bytes);
        let calls = listener.hear(bytes);
        asked.lock().expect("no thread panics").extend(calls);
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    // The other side may have closed it already.
    _ = to.shutdown(Shutdown::Write);
}

/// Hands answers on.
fn answer(
    shared: &Shared,
    asked: &Mutex<VecDeque<Call>>,
    client: &TcpStream,
    server: &TcpStream,
) -> io::Result<()> {
    let mut reader = BufReader::new(server);
    while let Some(answer) = read(&mut reader)? {
        if answer.head.starts_with(b"HTTP/1.1 1") {
            (&*client).write_all(&answer.head)?;
            continue;
        }
        let call = asked.lock().expect("no thread panics").pop_front();
        let call = call.unwrap_or(Call::Update);
        if call == Call::Login {
            shared.known.issued(&answer);
        }
        let number = shared.answers.fetch_add(1, Ordering::Relaxed);
        let Some(mut random) = shared.scene.changes(number, call) else {
            (&*client).write_all(&[answer.head, answer.body].concat())?;
            continue;
        };
        shared.changed.fetch_add(1, Ordering::Relaxed);
        if call == Call::Update {
            shared.updates_changed.fetch_add(1, Ordering::Relaxed);
        }
        let sending = damaged(shared.scene.way, answer, &shared.known, &mut random);
        if !send(&sending, client)? {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes an answer; whether the connection is kept.
fn send(sending: &Sending, mut client: &TcpStream) -> io::Result<bool> {
    thread::sleep(sending.after);
    for piece in &sending.pieces {
        client.write_all(piece)?;
        thread::sleep(sending.between);
    }
    Ok(sending.keeps)
}

/// Reads one answer; `None` at the end of the connection.
fn read(reader: &mut impl BufRead) -> io::Result<Option<Answer>> {
    let mut head = Vec::new();
    let mut length = 0;
    while !head.ends_with(b"\r\n\r\n") {
        let begin = head.len();
        if reader
            .by_ref()
            .take(HEAD_MAX)
            .read_until(b'\n', &mut head)?
            == 0
        {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&head[begin..]).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Answer { head, body }))
}
