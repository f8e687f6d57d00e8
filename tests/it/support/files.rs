//! Files in and out of a test server.

use std::path::PathBuf;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{Answer, TestServer};

/// The bytes of a file in `tests/data`.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(data(name)).unwrap()
}

/// The path of a file in `tests/data`.
pub fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// A CSV file of so many good athletes with bibs from `first_bib`.
pub fn people(first_bib: usize, count: usize) -> String {
    let row = |bib: usize| format!("Runner {bib},KEN,F,Club {},{bib}\n", bib % 50);
    std::iter::once("name,country,gender,club,bib_number\n".to_owned())
        .chain((first_bib..first_bib + count).map(row))
        .collect()
}

/// Imported, updated, unchanged, skipped and failed of a report.
#[track_caller]
pub fn counts(answer: &Answer) -> [u64; 5] {
    ["imported", "updated", "unchanged", "skipped", "failed"]
        .map(|name| answer.body[name].as_u64().unwrap_or_else(|| panic!("no {name} in {}", answer.text)))
}

/// The lists of an `all-json` document, without the moment it was written.
pub fn sections(document: &Value) -> Value {
    let mut data = document["data"].clone();
    data.as_object_mut().unwrap().remove("exported_at").unwrap();
    data
}

/// A file and the parameters that go with it, as the parts of a form.
pub struct Upload {
    file: Part,
    parameters: Vec<(String, String)>,
}

impl Upload {
    pub fn of(file_name: &str, content: impl Into<Vec<u8>>) -> Upload {
        Upload { file: Part::bytes(content.into()).file_name(file_name.to_owned()), parameters: Vec::new() }
    }

    pub fn with(mut self, parameters: &[(&str, &str)]) -> Upload {
        self.parameters.extend(parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }
}

/// Holds the writer of a server as long as it lives.
pub struct Held(#[expect(dead_code, reason = "its end is what counts")] std::sync::mpsc::Sender<()>);

impl TestServer {
    /// Sends a form as admin.
    pub async fn send(&self, path: &str, upload: Upload) -> Answer {
        let admin = self.admin().await;
        let parts = upload.parameters.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
        self.call(Method::POST, path).by(&admin).form(parts.part("file", upload.file)).await
    }

    /// Keeps everybody else from writing until the value is dropped.
    pub fn hold_the_writer(&self) -> Held {
        let (held, free) = std::sync::mpsc::channel::<()>();
        let (at_work, begun) = std::sync::mpsc::channel();
        let db = self.app.db().clone();
        std::thread::spawn(move || {
            db.write_alone_blocking(move |_| {
                at_work.send(()).unwrap();
                let _ = free.recv();
                Ok::<_, athsys::db::DbError>(())
            })
        });
        begun.recv().unwrap();
        Held(held)
    }

    /// Imports CSV text of athletes as admin. `query` starts with a question mark, or is empty.
    pub async fn import_csv(&self, query: &str, content: impl Into<Vec<u8>>) -> Answer {
        let path = format!("/api/admin/import/athletes-csv{query}");
        let admin = self.admin().await;
        self.upload(&path, "club.csv", content).by(&admin).await
    }

    /// Imports a document as admin: `races` or `bulk`.
    pub async fn import_json(&self, dataset: &str, query: &str, document: &Value) -> Answer {
        let admin = self.admin().await;
        self.post(&format!("/api/admin/import/{dataset}-json{query}"), document).by(&admin).await
    }

    /// Everything that is stored, as `all-json` tells it.
    pub async fn everything(&self) -> Value {
        let admin = self.admin().await;
        let answer = self.get("/api/admin/export/all-json").by(&admin).await;
        sections(&answer.is(200).body)
    }

    /// The import with this id, as the history has it.
    pub async fn past(&self, import: &Value) -> Value {
        let admin = self.admin().await;
        self.get(&format!("/api/admin/imports/{import}")).by(&admin).await.is(200).body["import"].clone()
    }

    /// Asks to take an import back.
    pub async fn take_back(&self, import: &Value) -> Answer {
        let admin = self.admin().await;
        self.post(&format!("/api/admin/imports/{import}/undo"), &json!({})).by(&admin).await
    }
}
