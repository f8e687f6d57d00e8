//! The server in a process of its own, so that its memory can be read from the outside.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use athsys::app;
use athsys::auth::password::hash_now;
use athsys::auth::policy::Role;
use athsys::config::Config;
use athsys::db::{Access, Db, Files};
use athsys::http::limits::RateLimits;
use athsys::records::RecordError;
use athsys::state::App;
use athsys::users::{NewPassword, User, insert_with_password};

const PASSWORD: &str = "a long bench password";

/// The server process: a database with one administrator, and its address on the first line.
pub fn serve(path: &Path) -> anyhow::Result<()> {
    let db = Db::open(Files::of(path), Access::Own)?;
    let hash = NewPassword(hash_now(PASSWORD)?);
    db.write_blocking(move |tx| {
        let mut admin = User::new("Bench", "bench@example.org", Role::Admin);
        insert_with_password(tx, &athsys::audit::Actor::console(), &mut admin, Some(&hash))?;
        Ok::<_, RecordError>(())
    })?;
    let rates = RateLimits { imports_per_hour: 0, ..RateLimits::default() };
    let app = App::new(db, Config { rates, ..Config::default() })?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        app::serve(app, listener, std::future::pending()).await;
        Ok(())
    })
}

/// A running server process; ended with the value.
pub struct Server {
    child: Child,
    base: String,
    token: String,
    client: reqwest::Client,
}

impl Server {
    pub async fn start(path: &Path) -> anyhow::Result<Server> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut address = String::new();
        let out = child.stdout.take().ok_or_else(|| anyhow::anyhow!("no output"))?;
        BufReader::new(out).read_line(&mut address)?;
        let base = format!("http://{}", address.trim());
        let client = reqwest::Client::new();
        let body = serde_json::json!({"email": "bench@example.org", "password": PASSWORD}).to_string();
        let answer =
            client.post(format!("{base}/api/auth/login")).header("content-type", "application/json").body(body);
        let text = answer.send().await?.error_for_status()?.text().await?;
        let answer: serde_json::Value = serde_json::from_str(&text)?;
        let token = answer["token"].as_str().unwrap_or_default().to_owned();
        Ok(Server { child, base, token, client })
    }

    /// Seconds an import takes, from the first byte sent to the answer, and the answer.
    pub async fn import(&self, what: &str, file: &[u8]) -> anyhow::Result<(f64, serde_json::Value)> {
        let request = self.client.post(format!("{}/api/admin/import/{what}", self.base));
        let request = request.bearer_auth(&self.token).header("content-type", "application/octet-stream");
        let request = request.body(file.to_vec());
        let started = Instant::now();
        let answer = request.send().await?;
        let seconds = started.elapsed().as_secs_f64();
        let status = answer.status();
        let text = answer.text().await?;
        anyhow::ensure!(status.is_success(), "not imported: {text}");
        Ok((seconds, serde_json::from_str(&text)?))
    }

    /// Seconds an export takes to its last byte, and the bytes.
    pub async fn export(&self, what: &str) -> anyhow::Result<(f64, Vec<u8>)> {
        let started = Instant::now();
        let request = self.client.get(format!("{}/api/admin/export/{what}", self.base)).bearer_auth(&self.token);
        let mut answer = request.send().await?.error_for_status()?;
        let keeps = what.ends_with("xlsx");
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            if keeps {
                bytes.extend_from_slice(&piece);
            }
        }
        Ok((started.elapsed().as_secs_f64(), bytes))
    }

    /// Milliseconds it takes to save one result.
    pub async fn save(&self, result: &serde_json::Value) -> anyhow::Result<f64> {
        let request = self.client.post(format!("{}/api/results", self.base)).bearer_auth(&self.token);
        let request = request.header("content-type", "application/json").body(result.to_string());
        let started = Instant::now();
        let answer = request.send().await?;
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        anyhow::ensure!(answer.status() == 201, "not saved: {}", answer.text().await?);
        Ok(milliseconds)
    }

    /// `VmRSS` or `VmHWM` in MiB; nothing where there is no /proc.
    pub fn memory(&self, name: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    }

    pub fn reset_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
