//! A PostgreSQL of its own: a cluster in a temporary folder, on a free port, gone with the test.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

const PASSWORD: &str = "a password of the tests";
/// `nobody`: PostgreSQL does not run as root.
const NOBODY: u32 = 65_534;

/// Ends the server when told to by a line, or when the tests have ended in whatever way: then its folder, the first
/// argument, goes too.
const KEEPER: &str = r#"folder=$1; shift; "$@" & server=$!; read -r _; told=$?
kill -QUIT $server 2>/dev/null; wait $server; [ $told = 0 ] || rm -rf -- "$folder""#;

/// A cluster, running or not.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    running: Option<Running>,
}

struct Running {
    keeper: Child,
    stdin: ChildStdin,
}

/// One for all tests that do not stop it.
static SHARED: LazyLock<Option<(Postgres, TempDir)>> =
    LazyLock::new(|| Postgres::start().map(|postgres| (postgres, tempfile::tempdir().unwrap())));
static DATABASES: AtomicU32 = AtomicU32::new(0);

fn programs() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = installed.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().rev().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

impl Postgres {
    /// A new cluster. None, and a word about it, where PostgreSQL is not installed; with `CI` set that is a failure.
    pub fn start() -> Option<Postgres> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is not installed: apt-get install postgresql");
            eprintln!("skipped: PostgreSQL is not installed (apt-get install postgresql)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("athsys-pg-").tempdir().unwrap();
        if is_root() {
            std::os::unix::fs::chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let secret = folder.path().join("password");
        std::fs::write(&secret, PASSWORD).unwrap();
        if is_root() {
            std::os::unix::fs::chown(&secret, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let made = as_somebody(&programs.join("initdb"))
            .args(["--username=athsys", "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync"])
            .arg(format!("--pwfile={}", secret.display()))
            .arg(format!("--pgdata={}", folder.path().join("data").display()))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut postgres = Postgres { folder, programs, port, running: None };
        postgres.run();
        Some(postgres)
    }

    /// A database of its own in the shared cluster: its address.
    pub async fn database() -> Option<String> {
        let shared = tokio::task::spawn_blocking(|| SHARED.as_ref()).await.unwrap();
        let (postgres, _) = shared?;
        Some(postgres.create_database().await)
    }

    pub async fn create_database(&self) -> String {
        let name = format!("meets_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let client = connect(&self.url("postgres")).await;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        self.url(&name)
    }

    pub fn url(&self, database: &str) -> String {
        let password = PASSWORD.replace(' ', "%20");
        format!("postgres://athsys:{password}@127.0.0.1:{}/{database}", self.port)
    }

    /// Starts it and waits until it answers.
    pub fn run(&mut self) {
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        let mut keeper = as_somebody(Path::new("/bin/sh"))
            .args(["-c", KEEPER, "sh"])
            .arg(self.folder.path())
            .arg(self.programs.join("postgres"))
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .args(["-c", "max_connections=60", "-c", "shared_buffers=64MB", "-c", "max_wal_size=4GB"])
            .arg("-k")
            .arg(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let stdin = keeper.stdin.take().unwrap();
        self.running = Some(Running { keeper, stdin });
        let until = Instant::now() + Duration::from_secs(60);
        while !self.log().contains("ready to accept connections") {
            assert!(Instant::now() < until, "PostgreSQL does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts it again with a certificate and its key; from then on it takes nothing in the clear.
    pub fn encrypt(&mut self, certificate: &str, key: &str) {
        self.kill();
        let data = self.folder.path().join("data");
        let settings = std::fs::read_to_string(data.join("postgresql.conf")).unwrap();
        for (name, text) in [
            ("server.crt", certificate),
            ("server.key", key),
            ("postgresql.conf", &format!("{settings}\nssl = on\n")),
            ("pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256\n"),
        ] {
            let path = data.join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
            if is_root() {
                std::os::unix::fs::chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        self.run();
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Ends it at once, as a crash does.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.stdin.write_all(b"\n");
            drop(running.stdin);
            let _ = running.keeper.wait();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

fn as_somebody(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env("TZ", "UTC");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}
