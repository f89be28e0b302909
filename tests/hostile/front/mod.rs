//! A front before the server, on a loopback port: it forwards, counts, learns
//! what is issued, and from some moment on does one thing that no client wants.

pub(crate) mod act;
pub(crate) mod memory;
pub(crate) mod message;
mod reads;
mod stream;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::server::Server;
use act::{Act, Calls, Moment, Often, Step, plainly};
use memory::Memory;
use message::{Asked, NoRequest, Reply, more, read_reply, read_request};
use reads::Reads;
use stream::{Stream, Then};

/// What a front does.
pub(crate) struct Play {
    /// With which requests.
    pub(crate) calls: Calls,
    /// How often.
    pub(crate) often: Often,
    /// What.
    pub(crate) act: Act,
}

/// From when on, and over what.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// From when on.
    pub(crate) moment: Moment,
    /// The number of the request in the middle of the run.
    pub(crate) middle: u64,
    /// The configurations with a good and with another certificate.
    pub(crate) tls: Option<[Arc<ServerConfig>; 2]>,
}

/// A front that ends with this.
pub(crate) struct Front {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    play: Arc<Play>,
    setting: Setting,
    server: Arc<Server>,
    memory: Mutex<Memory>,
    reads: Reads,
    healthy: AtomicBool,
    other_certificate: AtomicBool,
    /// Each change ends the connections that are open.
    life: watch::Sender<Duration>,
}

impl Front {
    /// Starts it.
    pub(crate) fn start(
        server: &Arc<Server>,
        play: &Arc<Play>,
        setting: Setting,
    ) -> io::Result<Self> {
        let stop = CancellationToken::new();
        let shared = Arc::new(Shared {
            play: Arc::clone(play),
            setting,
            server: Arc::clone(server),
            memory: Mutex::default(),
            reads: Reads::default(),
            healthy: AtomicBool::new(false),
            other_certificate: AtomicBool::new(false),
            life: watch::Sender::new(Duration::ZERO),
        });
        let (sender, receiver) = mpsc::channel();
        let (stopped, serving) = (stop.clone(), Arc::clone(&shared));
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let address = listener.local_addr().expect("an address");
                sender.send(address).expect("somebody waits");
                tokio::select! {
                    () = stopped.cancelled() => {}
                    () = listen(&serving, listener, address) => {}
                }
            });
        });
        let address = receiver.recv().map_err(io::Error::other)?;
        Ok(Self {
            address,
            shared,
            stop,
            thread: Some(thread),
        })
    }

    /// From now on it only forwards.
    pub(crate) fn heal(&self) {
        self.shared.healthy.store(true, Ordering::Relaxed);
        self.shared
            .other_certificate
            .store(false, Ordering::Relaxed);
    }

    /// What it remembers.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.shared.memory()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic of it was printed already.
            _ = thread.join();
        }
    }
}

async fn listen(shared: &Arc<Shared>, mut listener: TcpListener, address: SocketAddr) {
    let mut life = shared.life.subscribe();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    tokio::spawn(connection(Arc::clone(shared), stream));
                }
            }
            _ = life.changed() => {
                let away = *life.borrow_and_update();
                if away.is_zero() {
                    continue;
                }
                drop(listener);
                let begun = tokio::time::Instant::now();
                while begun.elapsed() < away && !shared.is_healthy() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                listener = TcpListener::bind(address).await.expect("the same port");
            }
        }
    }
}

async fn connection(shared: Arc<Shared>, stream: TcpStream) {
    let mut life = shared.life.subscribe();
    life.borrow_and_update();
    let place = usize::from(shared.other_certificate.load(Ordering::Relaxed));
    let tls = shared.setting.tls.as_ref();
    let tls = tls.map(|tls| Arc::clone(&tls[place]));
    let Ok(stream) = Stream::accept(stream, tls).await else {
        return;
    };
    let mut connection = Connection {
        shared,
        stream,
        kept: Vec::new(),
        upstream: None,
    };
    tokio::select! {
        _ = life.changed() => {}
        () = connection.serve() => {}
    }
}

impl Shared {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    /// Whether the behaviour is on, whatever the request.
    fn is_on(&self) -> bool {
        let Setting { moment, middle, .. } = self.setting;
        !self.is_healthy() && self.memory().is_on(moment, middle)
    }

    /// Counts a request; whether something is done with it.
    fn is_met(&self, asked: &Asked) -> bool {
        let mut memory = self.memory();
        memory.requests += 1;
        let Setting { moment, middle, .. } = self.setting;
        !self.is_healthy()
            && memory.is_on(moment, middle)
            && (self.play.calls)(asked)
            && memory.is_due(self.play.often)
    }
}

/// One client's connection, and that to the server behind it.
struct Connection {
    shared: Arc<Shared>,
    stream: Stream,
    kept: Vec<u8>,
    upstream: Option<(TcpStream, u64)>,
}

impl Connection {
    async fn serve(&mut self) {
        loop {
            if self.before_request().await == Then::Over {
                break;
            }
            let asked = match read_request(&mut self.stream, &mut self.kept).await {
                Ok(asked) => asked,
                Err(NoRequest::Over) => break,
                Err(NoRequest::Unclear(bytes)) => {
                    self.tunnel(&bytes).await;
                    break;
                }
            };
            let met = self.shared.is_met(&asked);
            let then = if met {
                self.act(&asked).await
            } else {
                self.pass(&asked).await
            };
            if then == Then::Over {
                break;
            }
        }
        // A connection that is dropped with unread bytes is reset.
        _ = self.stream.shutdown().await;
    }

    /// What is done before the first byte of a request is read.
    async fn before_request(&mut self) -> Then {
        if !self.kept.is_empty() {
            return Then::GoesOn;
        }
        let shared = Arc::clone(&self.shared);
        match &shared.play.act {
            Act::Early(say) if shared.is_on() => {
                let script = {
                    let mut memory = shared.memory();
                    if memory.is_due(shared.play.often) {
                        say(&Asked::default(), &mut memory)
                    } else {
                        None
                    }
                };
                self.stream.play(script.unwrap_or_default()).await
            }
            Act::IdleClose { after, says } => {
                let read = more(&mut self.stream, &mut self.kept);
                match tokio::time::timeout(*after, read).await {
                    Ok(read) => read.map_or(Then::Over, |()| Then::GoesOn),
                    Err(_) if shared.is_on() => {
                        if let Some(says) = says {
                            self.stream.play(plainly(&says())).await;
                        }
                        Then::Over
                    }
                    Err(_) => Then::GoesOn,
                }
            }
            _ => Then::GoesOn,
        }
    }

    /// The request goes to the server, its answer to the client.
    async fn pass(&mut self, asked: &Asked) -> Then {
        match self.forward(asked).await {
            Ok(reply) => self.tell(asked, &reply).await,
            Err(_) => Then::Over,
        }
    }

    async fn tell(&mut self, asked: &Asked, reply: &Reply) -> Then {
        self.learn(asked, &plainly(reply));
        self.stream.play(plainly(reply)).await
    }

    /// Learns what the client is about to have.
    fn learn(&self, asked: &Asked, script: &[Step]) {
        let mut memory = self.shared.memory();
        for step in script {
            if let Step::Bytes(bytes) | Step::Drip(bytes, _) = step {
                memory.learn(bytes);
                if asked.is_login() && bytes.starts_with(b"HTTP/1.1 201 ") {
                    memory.log_in(self.shared.setting.moment);
                }
            }
        }
    }

    async fn forward(&mut self, asked: &Asked) -> io::Result<Reply> {
        let shared = Arc::clone(&self.shared);
        let (address, life) = shared.server.address();
        let old = self.upstream.take().filter(|(_, known)| *known == life);
        let (mut stream, _) = match old {
            Some(old) => old,
            None => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                (stream, life)
            }
        };
        stream.write_all(&asked.raw).await?;
        let reply = read_reply(&mut stream, &mut Vec::new(), &asked.method).await?;
        shared.memory().count(asked, &reply);
        if !reply.closes {
            self.upstream = Some((stream, life));
        }
        Ok(reply)
    }

    /// What this front does not understand, the server answers itself.
    async fn tunnel(&mut self, bytes: &[u8]) {
        let (address, _) = self.shared.server.address();
        if let Ok(mut upstream) = TcpStream::connect(address).await
            && upstream.write_all(bytes).await.is_ok()
        {
            // Whoever closes first ends it.
            _ = copy_bidirectional(&mut self.stream, &mut upstream).await;
        }
    }

    async fn act(&mut self, asked: &Asked) -> Then {
        let shared = Arc::clone(&self.shared);
        match &shared.play.act {
            Act::Instead(say) => {
                let script = say(asked, &mut shared.memory());
                match script {
                    None => self.pass(asked).await,
                    Some(script) => {
                        self.learn(asked, &script);
                        self.stream.play(script).await
                    }
                }
            }
            Act::After(change) => match self.forward(asked).await {
                Err(_) => Then::Over,
                Ok(reply) => {
                    let script = change(asked, reply, &mut shared.memory());
                    self.learn(asked, &script);
                    self.stream.play(script).await
                }
            },
            Act::Wait(pause) => {
                tokio::time::sleep(*pause).await;
                self.pass(asked).await
            }
            Act::Lag(lag) => match shared.reads.late(&shared.server, asked, *lag).await {
                Some(reply) => self.tell(asked, &reply).await,
                None if asked.is_update() => self.update_with_history(asked).await,
                None => self.pass(asked).await,
            },
            Act::Cache {
                keeps,
                heeds,
                tells,
            } => {
                let heeded = *heeds && asked.header("Cache-Control").is_some();
                if let Some(reply) = shared.reads.cached(asked, *keeps, *tells)
                    && !heeded
                {
                    return self.tell(asked, &reply).await;
                }
                match self.forward(asked).await {
                    Err(_) => Then::Over,
                    Ok(reply) => {
                        shared.reads.keep(asked, &reply);
                        self.tell(asked, &reply).await
                    }
                }
            }
            Act::Expire => {
                if let Some(session) = asked.session() {
                    let path = format!("/__control/expire/{session}");
                    // One that is over already cannot expire.
                    _ = shared.server.ask("POST", &path, "", "").await;
                }
                self.pass(asked).await
            }
            Act::Restart(fixtures) => {
                shared.server.restart(fixtures()).expect("a server");
                self.pass(asked).await
            }
            Act::Away(time) => {
                shared.life.send_replace(*time);
                Then::Over
            }
            Act::Certificate => {
                if !shared.other_certificate.swap(true, Ordering::Relaxed) {
                    shared.life.send_replace(Duration::ZERO);
                }
                self.pass(asked).await
            }
            Act::Early(_) | Act::IdleClose { .. } => self.pass(asked).await,
        }
    }

    /// What the workgroup held before is remembered.
    async fn update_with_history(&mut self, asked: &Asked) -> Then {
        let shared = Arc::clone(&self.shared);
        let before = shared.reads.before(&shared.server, asked).await;
        match self.forward(asked).await {
            Err(_) => Then::Over,
            Ok(reply) => {
                if let (200, Some(before)) = (reply.status, before) {
                    shared.reads.remember(asked, before);
                }
                self.tell(asked, &reply).await
            }
        }
    }
}
