//! The accept loop: from a listening socket to requests in the router.
//!
//! `axum::serve` waits for ever for the head of a request, so a few hundred silent connections would stop
//! a meet. Here every stage before the first byte of an answer has its time: a silent connection, half a
//! head and a head without end are all closed, and no address can hold more than a few unfinished heads.

mod admission;
mod linger;
mod room;
mod serving;
mod stall;
mod timer;

use std::cell::Cell;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::routing::future::RouteFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tower::Service as _;

use super::tls::{HANDSHAKE, Line, Tls};
use admission::{Admission, UnfinishedHead};
use serving::Serving;
use stall::Reading;
use timer::ConnectionTimer;

/// How long and how many. [`ServerLimits::default`] is what a meet uses; tests shorten the times.
#[derive(Debug, Clone)]
pub struct ServerLimits {
    /// Time for the first byte of a connection, then for a TLS handshake, and then for a complete request head
    /// (also of each later request, counted from the end of the one before).
    pub head_timeout: Duration,
    /// Time in which a client must take something of an answer that waits for it.
    pub write_timeout: Duration,
    /// Bytes a request head may have; a bigger one is answered with 431. At least 8,192.
    pub max_head: usize,
    /// Connections at a time; further ones wait in the system's queue until one ends.
    pub max_connections: usize,
    /// Connections of one address that have not yet sent a complete request head; loopback is exempt.
    pub max_unfinished: usize,
    /// Time that running requests get after the shutdown signal.
    pub shutdown_grace: Duration,
    /// First and longest pause after the system refused to accept (out of file descriptors).
    pub accept_pause: (Duration, Duration),
}

impl Default for ServerLimits {
    fn default() -> ServerLimits {
        ServerLimits {
            head_timeout: Duration::from_secs(5),
            write_timeout: Duration::from_secs(30),
            max_head: 32 * 1024,
            max_connections: 4096,
            max_unfinished: 32,
            shutdown_grace: Duration::from_secs(5),
            accept_pause: (Duration::from_millis(20), Duration::from_secs(1)),
        }
    }
}

impl ServerLimits {
    /// No more connections than the system lets this process have, which is asked to allow them all.
    pub fn within_the_system(self) -> ServerLimits {
        ServerLimits { max_connections: room::connections(self.max_connections), ..self }
    }
}

/// Where connections come from; a trait so that a test can let accepting fail.
trait Accept {
    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)>;
}

impl Accept for TcpListener {
    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        TcpListener::accept(self).await
    }
}

/// Serves `app` until `shutdown` completes, then lets running requests finish for
/// [`ServerLimits::shutdown_grace`] and drops what is left. Every request carries
/// `ConnectInfo<SocketAddr>`; an IPv4 client of an IPv6 socket is shown by its IPv4 address. With `tls` the same port
/// speaks both, and every request carries the [`Line`] it came by.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    tls: Option<Tls>,
    limits: ServerLimits,
    shutdown: impl Future<Output = ()> + Send,
) {
    serve_from(listener, app, tls, limits, shutdown).await;
}

async fn serve_from<A: Accept>(
    mut listener: A,
    app: Router,
    tls: Option<Tls>,
    limits: ServerLimits,
    shutdown: impl Future<Output = ()>,
) {
    let server = Arc::new(Server {
        tls,
        // Routes get their state now instead of with every request.
        app: app.with_state(()),
        admission: Admission::new(limits.max_unfinished),
        stopping: AtomicBool::new(false),
        stop: Notify::new(),
        limits,
    });
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    let (first_pause, longest_pause) = server.limits.accept_pause;
    let mut pause = first_pause;
    let mut not_before = None;
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            // Ended tasks are taken out while waiting, so that the set does not grow.
            Some(_) = connections.join_next() => continue,
            accepted = accept(&mut listener, not_before), if connections.len() < server.limits.max_connections => accepted,
        };
        match accepted {
            Ok((stream, addr)) => {
                (pause, not_before) = (first_pause, None);
                let addr = SocketAddr::new(addr.ip().to_canonical(), addr.port());
                if let Some(head) = server.admission.admit(addr.ip()) {
                    connections.spawn(connection(server.clone(), stream, addr, head));
                }
            }
            Err(error) if is_the_peers(&error) => {}
            Err(error) => {
                tracing::warn!(%error, pause_ms = pause.as_millis() as u64, "cannot accept connections, trying again");
                not_before = Some(Instant::now() + pause);
                pause = (pause * 2).min(longest_pause);
            }
        }
    }
    drop(listener);
    server.stopping.store(true, Ordering::SeqCst);
    server.stop.notify_waiters();
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if timeout(server.limits.shutdown_grace, all_ended).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "requests still running at the end of the grace time were dropped"
        );
    }
}

/// The pause is waited here and not in the loop, so that a shutdown and ended connections are seen meanwhile.
async fn accept<A: Accept>(listener: &mut A, not_before: Option<Instant>) -> io::Result<(TcpStream, SocketAddr)> {
    if let Some(instant) = not_before {
        sleep_until(instant).await;
    }
    listener.accept().await
}

/// The connection failed before it was accepted; the next one is not affected.
fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// What all connections share.
struct Server {
    app: Router,
    tls: Option<Tls>,
    limits: ServerLimits,
    admission: Admission,
    stopping: AtomicBool,
    stop: Notify,
}

async fn connection(server: Arc<Server>, stream: TcpStream, addr: SocketAddr, head: UnfinishedHead) {
    // Answers are written whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let mut stopped = pin!(server.stop.notified());
    // Of a signal sent before that line only the flag tells.
    if server.stopping.load(Ordering::SeqCst) {
        return;
    }
    // A connection that never speaks costs no buffers: hyper starts with the first byte.
    let mut byte = [0; 1];
    tokio::select! {
        biased;
        spoken = timeout(server.limits.head_timeout, stream.peek(&mut byte)) => if !matches!(spoken, Ok(Ok(1))) { return },
        () = &mut stopped => return,
    }
    let caller = CallerOf { addr, head };
    let left = match &server.tls {
        Some(tls) if byte[0] == HANDSHAKE => {
            let shaken = tokio::select! {
                biased;
                shaken = timeout(server.limits.head_timeout, tls.accept(stream)) => shaken,
                () = &mut stopped => return,
            };
            let Ok(Ok(stream)) = shaken else { return };
            let line = tls.line();
            answer(&server, stream, stopped, caller, line).await.map(|stream| stream.into_inner().0)
        }
        Some(_) => answer(&server, stream, stopped, caller, Line::PlainBesideTls).await,
        None => answer(&server, stream, stopped, caller, Line::Plain).await,
    };
    if let Some(stream) = left {
        linger::until_read(stream).await;
    }
}

/// The other end of a connection, before it has asked for anything.
struct CallerOf {
    addr: SocketAddr,
    head: UnfinishedHead,
}

/// Answers the requests of a connection until it ends. Gives the stream back where the last answer may not be read yet.
async fn answer<S>(
    server: &Server,
    stream: S,
    stopped: Pin<&mut Notified<'_>>,
    caller: CallerOf,
    line: Line,
) -> Option<S>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let CallerOf { addr, head } = caller;
    let service = ConnectionService { app: server.app.clone(), addr, line, head: Cell::new(Some(head)) };
    let connection = Builder::new()
        .timer(ConnectionTimer::default())
        .header_read_timeout(server.limits.head_timeout)
        .max_buf_size(server.limits.max_head)
        .serve_connection(TokioIo::new(Reading::new(stream, server.limits.write_timeout)), service)
        .with_upgrades();
    let mut serving = Serving::new(connection, stopped, &server.stopping);
    let ended = (&mut serving).await;
    if ended.as_ref().is_err_and(hyper::Error::is_timeout) {
        return None;
    }
    // While stopping, a client that keeps its idle connection open must not delay the end.
    let parts = serving.into_parts().filter(|_| !server.stopping.load(Ordering::Relaxed))?;
    Some(parts.io.into_inner().into_inner())
}

/// The router, with what it should know about the connection.
struct ConnectionService {
    app: Router,
    addr: SocketAddr,
    line: Line,
    /// Given back with the first request, which is the proof of a complete head.
    head: Cell<Option<UnfinishedHead>>,
}

impl hyper::service::Service<Request<Incoming>> for ConnectionService {
    type Response = axum::response::Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn call(&self, mut request: Request<Incoming>) -> RouteFuture<Infallible> {
        self.head.take();
        request.extensions_mut().insert(ConnectInfo(self.addr));
        request.extensions_mut().insert(self.line);
        // A router is always ready, and its clone is one reference count.
        self.app.clone().call(request)
    }
}

#[cfg(test)]
mod tests;
