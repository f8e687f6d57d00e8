use std::collections::VecDeque;
use std::net::IpAddr;

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use super::*;

mod tls;

/// Long enough that only a hanging test meets it.
const PATIENCE: Duration = Duration::from_secs(20);
const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct TestServer {
    addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

fn short() -> ServerLimits {
    ServerLimits {
        head_timeout: Duration::from_millis(250),
        accept_pause: (Duration::from_millis(30), Duration::from_millis(60)),
        ..ServerLimits::default()
    }
}

fn patient() -> ServerLimits {
    ServerLimits { head_timeout: PATIENCE * 2, shutdown_grace: PATIENCE * 2, ..short() }
}

impl TestServer {
    async fn start(app: Router, limits: ServerLimits) -> TestServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        TestServer::start_from(listener, addr, app, limits)
    }

    fn start_from<A>(listener: A, addr: SocketAddr, app: Router, limits: ServerLimits) -> TestServer
    where
        A: TestAccept,
    {
        let (stop, stopped) = oneshot::channel::<()>();
        let task = listener.run(app, limits, async move {
            let _ = stopped.await;
        });
        TestServer { addr, stop: Some(stop), task }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.unwrap()
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }
}

/// Lets the generic loop be spawned: only for a concrete listener is its future known to be `Send`.
trait TestAccept: Accept {
    fn run(self, app: Router, limits: ServerLimits, stop: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()>;
}

impl TestAccept for TcpListener {
    fn run(self, app: Router, limits: ServerLimits, stop: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        tokio::spawn(serve(self, app, None, limits, stop))
    }
}

/// A listener whose clients seem to come from elsewhere, and which fails first as often as it is told.
struct Scripted {
    inner: TcpListener,
    peer: IpAddr,
    failures: VecDeque<io::Error>,
}

impl Accept for Scripted {
    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        if let Some(error) = self.failures.pop_front() {
            return Err(error);
        }
        let (stream, addr) = self.inner.accept().await?;
        Ok((stream, SocketAddr::new(self.peer, addr.port())))
    }
}

impl TestAccept for Scripted {
    fn run(self, app: Router, limits: ServerLimits, stop: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        tokio::spawn(serve_from(self, app, None, limits, stop))
    }
}

async fn scripted(peer: &str, failures: Vec<io::Error>, limits: ServerLimits) -> TestServer {
    let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = inner.local_addr().unwrap();
    let peer = peer.parse().unwrap();
    TestServer::start_from(Scripted { inner, peer, failures: failures.into() }, addr, hello(), limits)
}

fn hello() -> Router {
    Router::new().route("/", get(|ConnectInfo(addr): ConnectInfo<SocketAddr>| async move { addr.ip().to_string() }))
}

/// Everything until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server closes").unwrap();
    String::from_utf8(bytes).unwrap()
}

/// One answer with a body that ends with `end`.
async fn answer(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(end) {
        let mut chunk = [0; 1024];
        let read = timeout(PATIENCE, stream.read(&mut chunk)).await.expect("an answer").unwrap();
        assert_ne!(read, 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
    }
    text
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let server = TestServer::start(hello(), short()).await;
    let mut stream = server.connect().await;
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn half_a_head_is_closed() {
    let server = TestServer::start(hello(), short()).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn half_a_second_head_is_closed_too() {
    let server = TestServer::start(hello(), short()).await;
    let mut stream = server.connect().await;
    stream.write_all(GET).await.unwrap();
    answer(&mut stream, "127.0.0.1").await;
    stream.write_all(b"GET /").await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_request_that_takes_longer_than_a_head_may_is_not_cut() {
    let slow = Router::new().route(
        "/",
        get(|| async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            "done"
        }),
    );
    let server = TestServer::start(slow, short()).await;
    let mut stream = server.connect().await;
    stream.write_all(GET).await.unwrap();
    assert!(answer(&mut stream, "done").await.starts_with("HTTP/1.1 200"));
    // The head time starts anew after it.
    stream.write_all(GET).await.unwrap();
    answer(&mut stream, "done").await;
}

#[tokio::test]
async fn a_big_head_is_answered_with_431_although_part_of_it_stays_unread() {
    let server = TestServer::start(hello(), patient()).await;
    let mut stream = server.connect().await;
    let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: {}\r\n\r\n", "x".repeat(300_000));
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn a_refused_upload_gets_its_answer_although_it_is_not_read() {
    let app = Router::new().route("/", axum::routing::post(|| async { axum::http::StatusCode::PAYLOAD_TOO_LARGE }));
    let server = TestServer::start(app, patient()).await;
    let mut stream = server.connect().await;
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b'x'; 6_000_000]).await.expect("the upload is not cut off");
    assert!(answer(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 413"));
}

#[tokio::test]
async fn a_head_of_thirty_kib_is_read() {
    let server = TestServer::start(hello(), patient()).await;
    let mut stream = server.connect().await;
    let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: {}\r\n\r\n", "x".repeat(30_000));
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!(answer(&mut stream, "127.0.0.1").await.starts_with("HTTP/1.1 200"));
}

/// An answer without end: what is sent of it waits for a client that does not read.
#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_closed() {
    let ended = Arc::new(Semaphore::new(0));
    let guard = ended.clone();
    let endless = move || {
        let told = OnDrop(guard.clone());
        async move {
            let chunk = axum::body::Bytes::from_static(&[b'x'; 65_536]);
            let chunks = futures_util::stream::repeat_with(move || {
                let _held = &told;
                Ok::<_, Infallible>(chunk.clone())
            });
            axum::body::Body::from_stream(chunks)
        }
    };
    let limits = ServerLimits { write_timeout: Duration::from_millis(250), ..patient() };
    let server = TestServer::start(Router::new().route("/", get(endless)), limits).await;
    let mut stream = server.connect().await;
    stream.write_all(GET).await.unwrap();
    let _ = timeout(PATIENCE, ended.acquire()).await.expect("the answer is given up").unwrap();
}

/// Adds a permit when it is dropped.
struct OnDrop(Arc<Semaphore>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

#[test]
fn the_limits_of_a_meet_are_those_of_the_contract() {
    let limits = ServerLimits::default();
    assert_eq!((limits.max_connections, limits.max_unfinished, limits.max_head), (4096, 32, 32 * 1024));
    assert_eq!((limits.head_timeout, limits.write_timeout), (Duration::from_secs(5), Duration::from_secs(30)));
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let server = TestServer::start(hello(), patient()).await;
    let mut stream = server.connect().await;
    for _ in 0..50 {
        stream.write_all(GET).await.unwrap();
        assert!(answer(&mut stream, "127.0.0.1").await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn shutdown_lets_a_running_request_finish_and_closes_the_idle() {
    let (started, go_on) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (tell, wait) = (started.clone(), go_on.clone());
    let handler = move || async move {
        tell.add_permits(1);
        let _ = wait.acquire().await.unwrap();
        "finished"
    };
    let app = hello().route("/slow", get(handler));
    let mut server = TestServer::start(app, patient()).await;
    let (mut idle, mut silent, mut busy) = (server.connect().await, server.connect().await, server.connect().await);
    idle.write_all(GET).await.unwrap();
    answer(&mut idle, "127.0.0.1").await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let _ = started.acquire().await.unwrap();

    server.stop();
    assert_eq!(rest(&mut idle).await, "");
    assert_eq!(rest(&mut silent).await, "");
    assert!(TcpStream::connect(server.addr).await.is_err(), "nobody new is accepted");
    assert!(!server.task.is_finished());
    go_on.add_permits(1);
    assert!(rest(&mut busy).await.ends_with("finished"));
    timeout(PATIENCE, server.task).await.expect("ends").unwrap();
}

#[tokio::test]
async fn shutdown_drops_what_does_not_finish_in_time() {
    let started = Arc::new(Semaphore::new(0));
    let tell = started.clone();
    let handler = move || async move {
        tell.add_permits(1);
        std::future::pending::<()>().await;
    };
    let limits = ServerLimits { shutdown_grace: Duration::from_millis(50), ..patient() };
    let mut server = TestServer::start(Router::new().route("/", get(handler)), limits).await;
    let mut stream = server.connect().await;
    stream.write_all(GET).await.unwrap();
    let _ = started.acquire().await.unwrap();
    server.stop();
    timeout(PATIENCE, server.task).await.expect("ends").unwrap();
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_connection_over_the_limit_waits_for_a_free_place() {
    let server = TestServer::start(hello(), ServerLimits { max_connections: 1, ..patient() }).await;
    let mut first = server.connect().await;
    first.write_all(GET).await.unwrap();
    answer(&mut first, "127.0.0.1").await;
    let mut second = server.connect().await;
    second.write_all(GET).await.unwrap();
    let mut byte = [0; 1];
    assert!(timeout(Duration::from_millis(50), second.read(&mut byte)).await.is_err(), "served over the limit");
    drop(first);
    answer(&mut second, "127.0.0.1").await;
}

#[tokio::test]
async fn an_address_has_few_unfinished_heads_and_gets_them_back() {
    let server = scripted("::ffff:192.0.2.7", vec![], ServerLimits { max_unfinished: 2, ..patient() }).await;
    let (mut first, second) = (server.connect().await, server.connect().await);
    assert_eq!(rest(&mut server.connect().await).await, "", "a third is refused");
    first.write_all(GET).await.unwrap();
    let text = answer(&mut first, "192.0.2.7").await;
    assert!(text.ends_with("\r\n\r\n192.0.2.7"), "in its short spelling: {text}");
    let mut third = server.connect().await;
    assert_eq!(rest(&mut server.connect().await).await, "");
    third.write_all(GET).await.unwrap();
    answer(&mut third, "192.0.2.7").await;
    let fourth = server.connect().await;
    drop((second, fourth));
    let freed = async {
        let served = |mut stream: TcpStream| async move {
            let _ = stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await;
            let mut text = String::new();
            stream.read_to_string(&mut text).await.is_ok() && text.ends_with("192.0.2.7")
        };
        while !served(server.connect().await).await {}
    };
    timeout(PATIENCE, freed).await.expect("places are given back");
}

#[tokio::test]
async fn accepting_goes_on_after_errors_and_slower_each_time() {
    let out_of_files = || io::Error::from_raw_os_error(libc::EMFILE);
    let failures = vec![out_of_files(), io::ErrorKind::ConnectionAborted.into(), out_of_files(), out_of_files()];
    let begun = std::time::Instant::now();
    let server = scripted("127.0.0.1", failures, patient()).await;
    let mut stream = server.connect().await;
    stream.write_all(GET).await.unwrap();
    answer(&mut stream, "127.0.0.1").await;
    assert!(begun.elapsed() >= Duration::from_millis(30 + 60 + 60));
}
