//! What a running server leaves beside its file, so that a second start finds it: its address, and its set-up link.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::db::Files;

/// Longer than a server on this computer takes to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// One that has just been started needs a moment until it can be found.
const START: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(100);
/// More than an answer about the server is long.
const MOST: u64 = 64 * 1024;

/// Another server that has the file, as far as it can be asked.
#[derive(Debug, PartialEq, Eq)]
pub struct Running {
    /// `http://127.0.0.1:5000`
    pub base: String,
    /// What somebody who opens it wants to see first.
    pub page: String,
}

impl Running {
    pub fn port(&self) -> Option<u16> {
        Some(self.base.strip_prefix("http://")?.parse::<SocketAddr>().ok()?.port())
    }
}

/// Writes down where this server answers; the file goes away with the working folder.
///
/// # Errors
/// Those of the file system.
pub fn leave_address(files: &Files, base: &str, setup_token: &str) -> io::Result<()> {
    files.write_private(&files.address_file(), format!("{base}\n{setup_token}\n").as_bytes())
}

/// The page for the person who has started the server.
pub fn first_page(base: &str, setup_token: Option<&str>) -> String {
    match setup_token {
        Some(token) => format!("{base}/setup?token={token}"),
        None => format!("{base}/admin"),
    }
}

/// The server that has the file, when it answers.
pub fn find(files: &Files) -> Option<Running> {
    look(&files.address_file())
}

/// As [`find`], for one that may have been started a moment ago.
pub fn wait_for(files: &Files) -> Option<Running> {
    let started = Instant::now();
    loop {
        let found = find(files);
        if found.is_some() || started.elapsed() > START {
            return found;
        }
        std::thread::sleep(POLL);
    }
}

fn look(address_file: &Path) -> Option<Running> {
    let text = std::fs::read_to_string(address_file).ok()?;
    let mut lines = text.lines();
    let (base, token) = (lines.next()?.to_owned(), lines.next()?);
    let info = ask(base.strip_prefix("http://")?).ok().flatten()?;
    let needs_setup = info["setup_needed"] == true;
    Some(Running { page: first_page(&base, needs_setup.then_some(token)), base })
}

/// What an athsys at this address says of itself; none where something else answers.
fn ask(host: &str) -> io::Result<Option<Value>> {
    let address: SocketAddr = host.parse().map_err(io::Error::other)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /api/info HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(MOST).read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let info: Option<Value> = serde_json::from_str(body).ok();
    Ok(info.filter(|info| info["name"] == "athsys"))
}
