//! A server in a process of its own, whose memory can be watched.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Athsys, Served, folder};

pub struct Small {
    served: Served,
    pub client: Client,
    token: String,
    before: Option<u64>,
    _folder: TempDir,
}

/// What came back: the status, the JSON, and how long the text was.
#[derive(Debug)]
pub struct Told {
    pub status: u16,
    pub body: Value,
    pub length: usize,
}

impl Told {
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_else(|| panic!("no message: {self:?}"))
    }
}

impl Small {
    /// `settings` is what stands in `athsys.toml`.
    pub async fn start(settings: &str) -> Small {
        let folder = folder();
        let athsys = Athsys::on(&folder.path().join("meet.db"));
        std::fs::write(folder.path().join("athsys.toml"), settings).unwrap();
        let add = ["user", "add", "--admin", "--email", "a@example.org", "--name", "A", "--password-stdin"];
        athsys.run_with(&add, b"three unrelated words\n").is(0);
        let served = athsys.serve(&[]);
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(120)).build().unwrap();
        let who = json!({"email": "a@example.org", "password": "three unrelated words"});
        let answer = client.post(served.url("/api/auth/login")).json(&who).send().await.unwrap();
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let token = body["token"].as_str().unwrap().to_owned();
        let before = served.peak_mib();
        Small { served, client, token, before, _folder: folder }
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.served.url(path)).bearer_auth(&self.token)
    }

    pub async fn told(&self, request: RequestBuilder) -> Told {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        Told { status, body: serde_json::from_str(&text).unwrap_or_default(), length: text.len() }
    }

    /// Sends a file while others go on asking, and are answered.
    pub async fn import(&self, path: &str, file_name: &str, content: Vec<u8>) -> Told {
        let form = Form::new().part("file", Part::bytes(content).file_name(file_name.to_owned()));
        let sent = self.told(self.post(path).multipart(form));
        let mut sent = std::pin::pin!(sent);
        let others = || self.client.get(self.served.url("/api/races")).send();
        let mut answered = 0;
        loop {
            tokio::select! {
                told = &mut sent => {
                    // What is refused as a whole may be over before anybody else has asked.
                    assert!(answered > 0 || told.status >= 400, "nobody was served meanwhile");
                    return told;
                }
                races = others() => {
                    assert_eq!(races.unwrap().status(), 200);
                    answered += 1;
                }
            }
        }
    }

    /// Fails when it has ever had so much more memory than at its start, where the system tells.
    #[track_caller]
    pub fn stayed_within(&self, mib: u64) {
        match (self.before, self.served.peak_mib()) {
            (Some(before), Some(peak)) => {
                assert!(peak < before + mib, "{before} MiB at the start, {peak} MiB by now; {mib} more are too much");
            }
            _ if cfg!(target_os = "linux") => panic!("this system tells how much memory a process has had"),
            _ => {}
        }
    }
}
