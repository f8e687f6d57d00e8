//! `/api/admin/support-bundle`: one file to send to whoever helps, with nothing of a person in it.

mod parts;

use std::io::{Cursor, Write};

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

use crate::audit::{self, Actor, Entry, Verb};
use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::db::DbError;
use crate::health;
use crate::http::api::{Access, Api, Op};
use crate::http::error::{ApiError, ApiResult};
use crate::state::App;
use crate::time;

const MEDIA_TYPE: &str = "application/zip";
const README: &str = "\
What is in this file, to be sent to whoever helps with this athsys server:

info.json        version, system, size of the database, free disk
health.json      whether the database can be used, and how many rows there are
validation.json  every check of the database and what it found
schema.sql       tables and indexes, without rows
settings.json    limits and switches, without the organisation's name
metrics.json     requests, latencies, writes and memory of the last hour
logs.ndjson      the newest lines of the log, one JSON object a line
crashes.txt      the newest crash reports, where there are any

There is nothing of a person in it: no names, addresses, telephone numbers, birth dates or passwords, no file of an
import, no path on this computer but the name of the database file. In lines of the log such places read <text>,
<address> and <path>. Have a look before you send it: all of it is plain text.
";

pub fn routes() -> Api {
    let op = Op::new(
        "A file for whoever helps: state, checks, numbers and log, without personal data",
        Access::Needs(Action::Administer),
    )
    .answer_raw(200, "A zip file; README.txt in it says what is inside", Some(MEDIA_TYPE));
    Api::new().get("/api/admin/support-bundle", bundle, op)
}

async fn bundle(who: Auth<Administer>, State(app): State<App>) -> ApiResult<Response> {
    let report = health::look(&app).await;
    let actor = who.actor();
    let made = tokio::task::spawn_blocking(move || {
        let packed = pack(&parts::all(&app, &report)).map_err(ApiError::internal)?;
        let file_name = format!("athsys-support_{}.zip", time::download_stamp());
        leave_trace(&app, actor, &file_name, &packed);
        Ok::<_, ApiError>((file_name, packed))
    });
    let (file_name, packed) = made.await.map_err(|_| DbError::Panicked)??;
    let disposition =
        HeaderValue::from_str(&format!("attachment; filename=\"{file_name}\"")).map_err(ApiError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, packed).into_response())
}

/// A server whose database cannot be written is the one that needs help most: it gets its file all the same.
fn leave_trace(app: &App, by: Actor, file_name: &str, packed: &[u8]) {
    let digest = audit::hex(&Sha256::digest(packed));
    let details = json!({"file_name": file_name, "sha256": digest, "bytes": packed.len()});
    let entry = Entry::about(Verb::Export, "support_bundle").details(&details);
    if let Err(error) = app.db().write_blocking(move |tx| entry.write(tx, &by)) {
        tracing::warn!("a support bundle was not audited: {error}");
    }
}

fn pack(parts: &[(&'static str, Vec<u8>)]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let readme = [("README.txt", README.as_bytes())];
    for (name, content) in readme.into_iter().chain(parts.iter().map(|(name, content)| (*name, content.as_slice()))) {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}
