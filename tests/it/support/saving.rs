//! Clients that save through the API of a running program, and remember what was answered.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use athsys::db::Files;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::{Athsys, people};

const EMAIL: &str = "a@example.org";
const PASSWORD: &str = "three unrelated words";

/// A database with an administrator.
pub fn with_an_administrator(folder: &TempDir) -> Athsys {
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let add = ["user", "add", "--admin", "--email", EMAIL, "--name", "A", "--password-stdin"];
    athsys.run_with(&add, format!("{PASSWORD}\n").as_bytes()).is(0);
    athsys
}

pub fn plain_client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// The token of the administrator.
pub async fn sign_in(base: &str) -> String {
    let who = json!({"email": EMAIL, "password": PASSWORD});
    let answer = plain_client().post(format!("{base}/api/auth/login")).json(&who).send().await.unwrap();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

/// Where the newest rows are: the live store while there is one.
pub fn store(database: &Path) -> PathBuf {
    let live = Files::of(database).live();
    if live.exists() { live } else { database.to_owned() }
}

/// A connection that reads beside a server.
pub fn beside(database: &Path) -> Connection {
    let conn = Connection::open_with_flags(store(database), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    conn.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    conn
}

/// The names of all athletes.
pub fn names(conn: &Connection) -> HashSet<String> {
    let mut statement = conn.prepare("SELECT name FROM athletes").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

/// What was answered as saved, and when.
type Answered = Arc<Mutex<Vec<(Instant, String)>>>;

/// Clients at work, until the server is gone or they are told to stop.
pub struct Savers {
    answered: Answered,
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Savers {
    /// So many clients, each saving one athlete after the other. `tag` begins their names.
    pub fn start(base: &str, token: &str, clients: usize, tag: &str) -> Savers {
        let (answered, stop) = (Answered::default(), Arc::<AtomicBool>::default());
        let tasks = (0..clients)
            .map(|which| {
                let (url, token) = (format!("{base}/api/athletes"), token.to_owned());
                let (answered, stop, tag) = (answered.clone(), stop.clone(), format!("{tag} client {which}"));
                tokio::spawn(async move {
                    let client = plain_client();
                    for number in 0.. {
                        let name = format!("{tag} row {number}");
                        let row = json!({"name": name, "country": "KEN"});
                        let sent = client.post(&url).bearer_auth(&token).json(&row).send().await;
                        let Ok(response) = sent else { return };
                        assert_eq!(response.status(), 201);
                        answered.lock().unwrap().push((Instant::now(), name));
                        if stop.load(Relaxed) {
                            return;
                        }
                    }
                })
            })
            .collect();
        Savers { answered, stop, tasks }
    }

    /// Somebody who imports one file after the other beside them.
    pub fn and_imports(mut self, base: &str, token: &str, rows: usize) -> Savers {
        let url = format!("{base}/api/admin/import/athletes-csv");
        let (token, stop) = (token.to_owned(), self.stop.clone());
        self.tasks.push(tokio::spawn(async move {
            let client = plain_client();
            for number in 0.. {
                let part = Part::bytes(people(1 + number * rows, rows).into_bytes()).file_name("club.csv");
                let request = client.post(&url).bearer_auth(&token).multipart(Form::new().part("file", part));
                let Ok(response) = request.send().await else { return };
                assert_eq!(response.status(), 201);
                if stop.load(Relaxed) {
                    return;
                }
            }
        }));
        self
    }

    /// Everything that was answered so far.
    pub fn answered(&self) -> Vec<(Instant, String)> {
        self.answered.lock().unwrap().clone()
    }

    /// Waits until all have ended; they do by themselves when the server is gone.
    pub async fn end(self) -> HashSet<String> {
        self.stop.store(true, Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
        let answered = self.answered.lock().unwrap();
        answered.iter().map(|(_, name)| name.clone()).collect()
    }
}
