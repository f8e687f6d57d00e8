//! The program itself, in a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;

/// A running server; ended with the value.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    pub async fn start(file: &Path) -> anyhow::Result<Server> {
        let here = std::env::current_exe()?;
        let folder = here.parent().and_then(Path::parent).context("no folder above the examples")?;
        let program = folder.join(format!("athsys{}", std::env::consts::EXE_SUFFIX));
        anyhow::ensure!(program.exists(), "build the program first: cargo build --release");
        let mut command = Command::new(program);
        // The log is written as it would be, and read by nobody.
        command.args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--db"]).arg(file);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stderr.take().context("no log")?).lines();
        let mut server = Server { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let listening = lines.by_ref().map_while(Result::ok).find_map(|line| address_in(&line));
        server.address = listening.context("the server ended before it listened")?;
        std::thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }

    /// What it has in memory; nothing where there is no /proc.
    pub fn memory_mib(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    }
}

/// The address in the line that says that it listens.
fn address_in(line: &str) -> Option<SocketAddr> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let fields = line.get("fields").unwrap_or(&line);
    if fields["message"] != "listening" {
        return None;
    }
    fields["address"].as_str()?.parse().ok()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
