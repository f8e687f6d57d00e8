//! The program itself: commands that end, and a server that can be killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn is(&self, code: i32) -> &Ran {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Fails unless the command ended with this code, one sentence that holds `words`, and nothing on standard output.
    #[track_caller]
    pub fn refused(&self, code: i32, words: &str) {
        self.is(code);
        assert!(self.err.contains(words), "'{words}' is missing: {self:?}");
        assert_eq!(self.err.trim_end().lines().count(), 1, "more than one sentence: {self:?}");
        assert!(self.err.starts_with("athsys: ") && self.out.is_empty(), "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
    }
}

/// The program with a database of its own.
pub struct Athsys {
    pub db: PathBuf,
    env: Vec<(&'static str, String)>,
    /// Where its folder is a disk of its own: how many MiB that has.
    disk_mib: Option<u32>,
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_athsys");
/// Puts an empty disk in place of a folder, for the program that follows and nobody else.
const ON_A_DISK: &str = r#"mount -t tmpfs -o size="$0"m tmpfs "$1" && shift && exec "$@""#;

impl Athsys {
    pub fn on(db: &Path) -> Athsys {
        Athsys { db: db.to_owned(), env: Vec::new(), disk_mib: None }
    }

    /// With a disk of its own in place of the folder of the database, which goes away with the program. `None`, and a word
    /// about it, where the system lets nobody make one.
    pub fn on_a_disk_of(mib: u32, db: &Path) -> Option<Athsys> {
        let athsys = Athsys { disk_mib: Some(mib), ..Athsys::on(db) };
        let is_allowed = athsys.command(&["--version"]).output().is_ok_and(|ran| ran.status.success());
        if !is_allowed {
            eprintln!("skipped: this system does not let a program have a disk of its own (unshare, mount)");
        }
        is_allowed.then_some(athsys)
    }

    pub fn env(mut self, name: &'static str, value: impl Into<String>) -> Athsys {
        self.env.push((name, value.into()));
        self
    }

    /// A command on the database, not started yet; nothing of the environment of the test reaches it.
    pub fn command(&self, args: &[&str]) -> Command {
        let folder = self.db.parent().unwrap();
        let mut command = Command::new(if self.disk_mib.is_some() { "unshare" } else { PROGRAM });
        if let Some(mib) = self.disk_mib {
            command.args(["-rm", "sh", "-c", ON_A_DISK, &mib.to_string()]).arg(folder).arg(PROGRAM);
        }
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ATHSYS_")) {
            command.env_remove(name);
        }
        command.args(args).env("ATHSYS_DB", &self.db).envs(self.env.iter().cloned());
        command.current_dir(folder);
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, b"")
    }

    /// Runs a command to its end with this standard input.
    pub fn run_with(&self, args: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command(args);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // The program may end before it has read everything.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts a server on a free port and waits until it listens.
    pub fn serve(&self, args: &[&str]) -> Served {
        let args = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        self.serve_as(&args)
    }

    /// As [`Athsys::serve`], with these arguments and no others.
    pub fn serve_as(&self, args: &[&str]) -> Served {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let address = loop {
            let mut line = String::new();
            assert_ne!(lines.read_line(&mut line).unwrap(), 0, "it ended before it listened: {said}");
            said.push_str(&line);
            // The last line before requests are answered; the log may be coloured.
            if let Some((_, rest)) = line.split_once("Open http://") {
                break rest.trim().trim_end_matches('/').parse().unwrap();
            }
        };
        // What it says from now on is read, so that it never waits for a full pipe.
        let rest = std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = lines.read_to_string(&mut rest);
            rest
        });
        Served { child, address, said, rest: Some(rest) }
    }
}

/// A running server. It is killed when it goes out of scope.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
    /// What it said until it listened.
    pub said: String,
    rest: Option<std::thread::JoinHandle<String>>,
}

impl Served {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The most memory it has had so far, in MiB; where the system tells.
    pub fn peak_mib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib / 1024)
    }

    /// Ends it without any warning, as a power cut does. Answers what it said since it listened.
    pub fn kill(mut self) -> String {
        self.end()
    }

    /// Asks it to end and waits for that; what it had said since it listened.
    pub fn stop(self) -> String {
        let (code, said) = self.end_by(&["TERM"]);
        assert_eq!(code, Some(0), "{said}");
        said
    }

    /// Sends it signals, one behind the other, and waits for its end: its code, and what it said.
    pub fn end_by(mut self, signals: &[&str]) -> (Option<i32>, String) {
        for signal in signals {
            // Where the first was enough, there is nobody left for the second.
            let _ = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).output().unwrap();
        }
        let ended = self.child.wait().unwrap();
        (ended.code(), self.rest.take().map(|rest| rest.join().unwrap()).unwrap_or_default())
    }

    fn end(&mut self) -> String {
        let _ = self.child.kill();
        let _: ExitStatus = self.child.wait().unwrap();
        self.rest.take().map(|rest| rest.join().unwrap()).unwrap_or_default()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
    }
}
