//! A server in this process on a temporary folder, and a client that uses its API as the officials of the meet.

use std::time::Duration;

use anyhow::{Context, ensure};
use athsys::audit::Actor;
use athsys::auth::password::hash_now;
use athsys::auth::policy::Role;
use athsys::config::Config;
use athsys::db::{Access, Db, Files};
use athsys::state::App;
use athsys::users::{NewPassword, User, insert_with_password};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Of all accounts of this meet, which is gone after the run.
pub const PASSWORD: &str = "sixteen dry lanes";
pub const ADMIN: Official = Official { name: "Wanjiku Mwangi", email: "wanjiku@example.org", role: Role::Admin };
pub const CHIEF: Official = Official { name: "Daniel Okello", email: "daniel@example.org", role: Role::ChiefRegistrar };
pub const REGISTRAR: Official = Official { name: "Lucía Ferrer", email: "lucia@example.org", role: Role::Registrar };

/// Somebody with an account.
pub struct Official {
    pub name: &'static str,
    pub email: &'static str,
    pub role: Role,
}

pub struct Server {
    base: String,
    client: Client,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
    _folder: TempDir,
}

impl Server {
    /// Without demo data: only the accounts of the officials are there.
    pub async fn start() -> anyhow::Result<Server> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("meet.db");
        let db = tokio::task::spawn_blocking(move || with_officials(&file)).await??;
        let app = App::new(db, Config::default())?;
        // As in a hall, so that there is an address for phones.
        let listener = TcpListener::bind("0.0.0.0:0").await?;
        let base = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let served = tokio::spawn(athsys::app::serve(app, listener, shutdown));
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?;
        Ok(Server { base, client, stop, served, _folder: folder })
    }

    pub async fn stop(self) -> anyhow::Result<()> {
        let _ = self.stop.send(());
        Ok(self.served.await?)
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// Signs somebody in.
    pub async fn session(&self, official: &Official) -> anyhow::Result<Session<'_>> {
        let body = json!({"email": official.email, "password": PASSWORD});
        let request = self.client.post(format!("{}/api/auth/login", self.base)).json(&body);
        let answer: Value = request.send().await?.error_for_status()?.json().await?;
        let token = answer["token"].as_str().context("no token")?.to_owned();
        Ok(Session { server: self, token })
    }
}

fn with_officials(file: &std::path::Path) -> anyhow::Result<Db> {
    let db = Db::open(Files::of(file), Access::Own)?;
    let password = NewPassword(hash_now(PASSWORD)?);
    db.write_blocking(move |tx| {
        for Official { name, email, role } in [ADMIN, CHIEF, REGISTRAR] {
            insert_with_password(tx, &Actor::console(), &mut User::new(name, email, role), Some(&password))?;
        }
        // Somebody who has an account and no password yet.
        let mut starter = User::new("Samuel Boateng", "samuel@example.org", Role::Starter);
        insert_with_password(tx, &Actor::console(), &mut starter, None)
    })?;
    Ok(db)
}

/// What one person does.
pub struct Session<'s> {
    server: &'s Server,
    token: String,
}

impl Session<'_> {
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.send(Method::GET, path, None).await
    }

    /// Creates a row and answers its id.
    pub async fn add(&self, path: &str, body: Value) -> anyhow::Result<i64> {
        let answer = self.send(Method::POST, path, Some(body)).await?;
        let members = answer.as_object().context("no object")?;
        let id = members.values().find_map(|member| member["id"].as_i64());
        id.with_context(|| format!("{path} answers no row"))
    }

    /// Path and secret of a new station link.
    pub async fn station(&self, event: i64) -> anyhow::Result<String> {
        let made = self.send(Method::POST, "/api/stations", Some(json!({"eventId": event}))).await?;
        let link = made["link"].as_str().context("no link")?;
        let from = link.find("/station#").context("no station")?;
        Ok(link[from..].to_owned())
    }

    pub async fn put(&self, path: &str, body: Value) -> anyhow::Result<()> {
        self.send(Method::PUT, path, Some(body)).await.map(drop)
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.server.base);
        let mut request = self.server.client.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{path}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// Imports a table; answers how many rows are new.
    pub async fn import(&self, dataset: &str, name: &str, table: String) -> anyhow::Result<u64> {
        let url = format!("{}/api/admin/import/{dataset}-csv", self.server.base);
        let form = Form::new().part("file", Part::text(table).file_name(name.to_owned()));
        let answer = self.server.client.post(url).bearer_auth(&self.token).multipart(form).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{name}: {status} {text}");
        let report: Value = serde_json::from_str(&text)?;
        println!("{name}: {} new, {} refused", report["imported"], report["failed"]);
        report["imported"].as_u64().context("no count")
    }
}
