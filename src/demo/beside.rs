//! A demo meet beside the real one: a second server with a file, a key and a log of its own, so that nothing of either
//! gets into the other. It ends when this one does.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::db::{Access, Db, DbError, Files};
use crate::running;

/// The demo's seven passwords take a while to hash.
const START: Duration = Duration::from_secs(30);
/// Longer than a server without visitors takes to end.
const END: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum BesideError {
    #[error("This server cannot start another one; run athsys with --demo and another file instead")]
    NotHere,
    #[error("The demo did not start; the log in {0} says why")]
    NotStarted(String),
    #[error("The folder {0} holds something else than a demo and was left as it is")]
    NotADemo(String),
    #[error("the demo: {0}")]
    Io(#[from] io::Error),
    #[error("the demo: {0}")]
    Db(#[from] DbError),
}

/// The demo meet of one server.
#[derive(Default)]
pub struct Beside {
    place: OnceLock<Place>,
    started: Mutex<Option<Started>>,
}

/// What it is started with.
struct Place {
    program: PathBuf,
    ip: IpAddr,
    host_names: Vec<String>,
}

struct Started {
    child: Child,
    /// It ends when this is closed, also where this process is killed.
    leash: Option<ChildStdin>,
    port: u16,
}

impl Started {
    fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    fn end(mut self) {
        drop(self.leash.take());
        let asked = Instant::now();
        while self.is_running() && asked.elapsed() < END {
            std::thread::sleep(POLL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Beside {
    /// Says how a demo can be started: by this program, on this address. Without it there is none.
    pub fn allow(&self, program: PathBuf, ip: IpAddr, host_names: &[String]) {
        // The first call counts: a server listens on one address.
        let _ = self.place.set(Place { program, ip, host_names: host_names.to_vec() });
    }

    pub fn is_possible(&self) -> bool {
        self.place.get().is_some()
    }

    /// The port of the demo, while it runs.
    pub fn port(&self) -> Option<u16> {
        running_port(&mut self.lock())
    }

    /// Starts it unless it runs already; answers its port. For a thread that may wait.
    ///
    /// # Errors
    /// Why there is none.
    pub fn start(&self, files: &Files) -> Result<u16, BesideError> {
        let place = self.place.get().ok_or(BesideError::NotHere)?;
        let mut started = self.lock();
        if let Some(port) = running_port(&mut started) {
            return Ok(port);
        }
        *started = None;
        // Whole: the demo runs in its folder, from where the way here would lead elsewhere.
        let folder = std::path::absolute(files.demo_folder())?;
        files.make_private_folder(&folder)?;
        let one = launch(place, &folder)?;
        let port = one.port;
        *started = Some(one);
        Ok(port)
    }

    /// Ends it; its file stays.
    pub fn end(&self) {
        if let Some(one) = self.lock().take() {
            one.end();
        }
    }

    /// Ends it and removes its folder, if that holds a demo and nothing else.
    ///
    /// # Errors
    /// [`BesideError::NotADemo`] and those of the file system; nothing was removed.
    pub fn remove(&self, files: &Files) -> Result<(), BesideError> {
        let mut started = self.lock();
        if let Some(one) = started.take() {
            one.end();
        }
        let folder = files.demo_folder();
        if !folder.exists() {
            return Ok(());
        }
        let demo = Files::of(&file_in(&folder));
        if demo.exists() && !is_demo_file(demo)? {
            return Err(BesideError::NotADemo(folder.display().to_string()));
        }
        Ok(std::fs::remove_dir_all(&folder)?)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Started>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn running_port(started: &mut Option<Started>) -> Option<u16> {
    let one = started.as_mut()?;
    one.is_running().then_some(one.port)
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join("demo.db")
}

fn is_demo_file(files: Files) -> Result<bool, BesideError> {
    let folder = files.folder().display().to_string();
    let db = Db::open(files, Access::Beside).map_err(|_| BesideError::NotADemo(folder))?;
    let is_demo = db.read_blocking(super::has_mark)?;
    db.close();
    Ok(is_demo)
}

fn launch(place: &Place, folder: &Path) -> Result<Started, BesideError> {
    let mut command = Command::new(&place.program);
    // What this server was told is not meant for the demo.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ATHSYS_")) {
        command.env_remove(name);
    }
    command.arg("--db").arg(file_in(folder)).args(["serve", "--demo", "--no-open", "--on-leash"]);
    command.arg("--listen").arg(format!("{}:0", bracketed(place.ip)));
    for name in &place.host_names {
        command.arg("--host-name").arg(name);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.current_dir(folder).spawn()?;
    let leash = child.stdin.take();
    let mut started = Started { child, leash, port: 0 };
    let files = Files::of(&file_in(folder));
    let asked = Instant::now();
    while started.is_running() && asked.elapsed() < START {
        if let Some(port) = running::find(&files).and_then(|found| found.port()) {
            started.port = port;
            return Ok(started);
        }
        std::thread::sleep(POLL);
    }
    started.end();
    Err(BesideError::NotStarted(folder.display().to_string()))
}

fn bracketed(ip: IpAddr) -> String {
    if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() }
}
