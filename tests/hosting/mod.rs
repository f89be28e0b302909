//! A server of a test's own.

use std::net::SocketAddr;
use std::thread;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// Starts it; it lives as long as this process.
pub(crate) fn host(app: Router) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            sender.send(address).expect("somebody waits");
            let listener = listener.tap_io(|stream| {
                // An answer in two writes would wait for the acknowledgement of the first.
                stream.set_nodelay(true).expect("a socket");
            });
            axum::serve(listener, app).await.expect("served");
        });
    });
    receiver.recv().expect("an address")
}
