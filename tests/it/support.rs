//! A server for a test, and a client that reads as the test's sentences do.

mod answer;
mod binary;
pub mod chances;
#[cfg(target_os = "linux")]
pub mod desktop;
mod engine;
mod files;
#[cfg(unix)]
pub mod postgres;
pub mod saving;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use athsys::audit::Actor;
use athsys::auth::policy::Role;
use athsys::config::Config;
use athsys::db::{Access, Db, Files, OpenError};
use athsys::state::App;
use athsys::users::{NewPassword, User, by_email, insert_with_password};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;

pub use answer::{Answer, Call};
pub use binary::{Athsys, Ran, Served};
pub use chances::Chances;
pub use engine::Engine;
pub use files::{Upload, counts, data, fixture, people, sections};

/// Longer than anything takes; only a test that would hang for ever comes here.
const PATIENCE: Duration = Duration::from_secs(30);
/// Password of the accounts that [`TestServer::add_user`] makes.
pub const PASSWORD: &str = "three unrelated words";

/// The demo accounts by role. There is none for officials.
pub const DEMO: [(Role, &str, &str); 7] = [
    (Role::Admin, "admin@athsys.com", "Admin@123"),
    (Role::ChiefRegistrar, "chief@athsys.com", "Chief@123"),
    (Role::Registrar, "registrar@athsys.com", "Registrar@123"),
    (Role::Starter, "starter@athsys.com", "Starter@123"),
    (Role::Athlete, "john@athsys.com", "Athlete@123"),
    (Role::Coach, "sarah@athsys.com", "Coach@123"),
    (Role::Viewer, "viewer@athsys.com", "Viewer@123"),
];

static HASH: LazyLock<String> = LazyLock::new(|| athsys::auth::password::hash_now(PASSWORD).unwrap());

/// The demo database, made once: its seven passwords take a while to hash.
static DEMO_FILE: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = folder();
    let file = folder.path().join("demo.db");
    let db = Db::open(Files::of(&file), Access::Own).unwrap();
    assert!(athsys::demo::load(&db).unwrap());
    db.close();
    (folder, file)
});

/// A server with demo data that tests may share as long as they only read.
static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let (ready, started) = std::sync::mpsc::channel();
    // On a thread of its own, because the runtime of the test that comes first ends with that test.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async move {
            let server = TestServer::demo().await;
            let shared = Shared { app: server.app.clone(), addr: server.addr, tokens: server.tokens.clone() };
            ready.send(shared).unwrap();
            std::future::pending::<()>().await;
        });
    });
    started.recv().unwrap()
});

struct Shared {
    app: App,
    addr: SocketAddr,
    tokens: Tokens,
}

type Tokens = Arc<Mutex<HashMap<Role, String>>>;

/// A folder for one test, in the target folder; those that an ended run has left there are removed.
pub fn folder() -> TempDir {
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let old = |path: &Path| {
        let modified = path.metadata().and_then(|meta| meta.modified()).ok();
        modified.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > Duration::from_secs(3600))
    };
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("athsys-it-") && old(&entry.path()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    tempfile::Builder::new().prefix("athsys-it-").tempdir_in(parent).unwrap()
}

/// A running server with a client.
pub struct TestServer {
    pub app: App,
    pub addr: SocketAddr,
    pub client: Client,
    tokens: Tokens,
    running: Option<Running>,
}

struct Running {
    folder: TempDir,
    config: Config,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl TestServer {
    /// On an empty database: no users, no data.
    pub async fn start() -> TestServer {
        TestServer::with(Config::default()).await
    }

    pub async fn with(config: Config) -> TestServer {
        TestServer::run(folder(), config).await
    }

    /// With the demo data.
    pub async fn demo() -> TestServer {
        TestServer::demo_with(Config::default()).await
    }

    pub async fn demo_with(config: Config) -> TestServer {
        let copied = tokio::task::spawn_blocking(|| {
            let folder = folder();
            std::fs::copy(&DEMO_FILE.1, folder.path().join("athsys.db")).unwrap();
            folder
        });
        TestServer::run(copied.await.unwrap(), config).await
    }

    /// The demo server that reading tests share.
    pub fn shared() -> TestServer {
        let Shared { app, addr, tokens } = &*SHARED;
        TestServer { app: app.clone(), addr: *addr, client: client(), tokens: tokens.clone(), running: None }
    }

    async fn run(folder: TempDir, config: Config) -> TestServer {
        let db = open(&folder.path().join("athsys.db")).await;
        let app = App::new(db, config.clone()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let served = tokio::spawn(athsys::app::serve(app.clone(), listener, shutdown));
        let running = Some(Running { folder, config, stop, served });
        TestServer { app, addr, client: client(), tokens: Tokens::default(), running }
    }

    /// Stops in order and starts again on the same files, with another port.
    pub async fn restart(mut self) -> TestServer {
        let running = self.running.take().expect("a shared server is not restarted");
        drop(self);
        let _ = running.stop.send(());
        running.served.await.unwrap();
        TestServer::run(running.folder, running.config).await
    }

    /// The folder with the database, its key and its log.
    pub fn folder(&self) -> &Path {
        self.app.db().files().folder()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub fn call(&self, method: Method, path: &str) -> Call {
        Call::new(self.client.request(method, self.url(path)))
    }

    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    pub fn put(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PUT, path).json(body)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// A form with one file in its part `file`.
    pub fn upload(&self, path: &str, file_name: &str, content: impl Into<Vec<u8>>) -> Call {
        let part = Part::bytes(content.into()).file_name(file_name.to_owned());
        let request = self.client.post(self.url(path)).multipart(Form::new().part("file", part));
        Call::new(request)
    }

    /// Writes `request` as it is and reads until the server closes or `PATIENCE` ends.
    pub async fn raw(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        // The server may close before all of it is written.
        let _ = stream.write_all(request).await;
        read_to_end(&mut stream).await
    }

    /// The token of somebody with this role: the demo account where there is one, else one made for the test.
    pub async fn token(&self, role: Role) -> String {
        let mut tokens = self.tokens.lock().await;
        if let Some(token) = tokens.get(&role) {
            return token.clone();
        }
        let demo = DEMO.iter().find(|(known, _, _)| *known == role).copied();
        let token = match demo {
            Some((_, email, password)) if self.has_user(email).await => self.login(email, password).await,
            _ => {
                let email = format!("{}@test.example", role.as_str());
                self.add_user(role, &email).await;
                self.login(&email, PASSWORD).await
            }
        };
        tokens.insert(role, token.clone());
        token
    }

    pub async fn admin(&self) -> String {
        self.token(Role::Admin).await
    }

    /// The access token of a new session.
    pub async fn login(&self, email: &str, password: &str) -> String {
        let answer = self.sign_in(email, password).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["token"].as_str().unwrap().to_owned()
    }

    /// The whole answer to a sign-in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/api/auth/login", &json!({"email": email, "password": password})).await
    }

    async fn has_user(&self, email: &str) -> bool {
        let email = email.to_owned();
        self.app.db().read(move |conn| by_email(conn, &email)).await.unwrap().is_some()
    }

    /// An active account with [`PASSWORD`]; answers its id.
    pub async fn add_user(&self, role: Role, email: &str) -> i64 {
        let mut user = User::new(&format!("Test {}", role.as_str()), email, role);
        let password = NewPassword(HASH.clone());
        let insert = move |tx: &mut athsys::db::Tx<'_>| {
            insert_with_password(tx, &Actor::console(), &mut user, Some(&password)).map(|()| user.id)
        };
        self.app.db().write(insert).await.unwrap()
    }

    /// Creates a row as admin and answers its id.
    pub async fn add(&self, path: &str, body: Value) -> i64 {
        let admin = self.admin().await;
        let answer = self.post(path, &body).by(&admin).await;
        assert_eq!(answer.status, 201, "{path} {body}: {}", answer.text);
        answer.row()["id"].as_i64().unwrap()
    }

    pub async fn add_athlete(&self, name: &str, bib: &str) -> i64 {
        self.add("/api/athletes", json!({"name": name, "country": "KEN", "bibNumber": bib})).await
    }

    pub async fn add_event(&self, race: i64, name: &str) -> i64 {
        self.add("/api/events", json!({"raceId": race, "name": name})).await
    }

    /// Runs SQL on the writer, for what no request can do.
    pub async fn sql(&self, sql: &'static str) {
        let run = move |tx: &mut athsys::db::Tx<'_>| tx.conn().execute_batch(sql).map_err(athsys::db::DbError::from);
        self.app.db().write(run).await.unwrap();
    }

    /// One number from the database.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let read = move |conn: &rusqlite::Connection| {
            conn.query_row(sql, [], |row| row.get(0)).map_err(athsys::db::DbError::from)
        };
        self.app.db().read(read).await.unwrap()
    }

    /// The audit rows that a query leaves, newest first.
    pub async fn audit(&self, query: &str) -> Vec<Value> {
        self.audit_as(&self.admin().await, query).await
    }

    pub async fn audit_as(&self, admin: &str, query: &str) -> Vec<Value> {
        let answer = self.get(&format!("/api/admin/audit-logs?{query}")).by(admin).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["audit_logs"].as_array().unwrap().clone()
    }

    /// As [`TestServer::audit`], for rows that are written beside the answer: asks until there are `count`, or for long
    /// enough.
    pub async fn audit_of(&self, query: &str, count: usize) -> Vec<Value> {
        let started = std::time::Instant::now();
        loop {
            let rows = self.audit(query).await;
            if rows.len() >= count || started.elapsed() > Duration::from_secs(5) {
                return rows;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Waits until this many streams of changes are open.
    pub async fn until_listening(&self, count: usize) {
        let listening = async {
            while self.app.seats().taken() != count {
                tokio::task::yield_now().await;
            }
        };
        let taken = || self.app.seats().taken();
        tokio::time::timeout(PATIENCE, listening).await.unwrap_or_else(|_| panic!("{} listen", taken()));
    }
}

/// Opens a database whose former server may still be letting go of it.
async fn open(file: &Path) -> Db {
    let opening = async {
        loop {
            match Db::open(Files::of(file), Access::Own) {
                Ok(db) => return db,
                Err(OpenError::InUse) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, opening).await.expect("the database is free again")
}

fn client() -> Client {
    let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
    // The server closes what is silent for 5 s, perhaps just when the next request is sent.
    client.pool_idle_timeout(Duration::from_secs(2)).build().unwrap()
}

/// What the server sends until it closes.
pub async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset after the answer is as good as an end.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server closes");
    String::from_utf8_lossy(&bytes).into_owned()
}
