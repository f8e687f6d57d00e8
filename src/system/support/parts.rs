//! The files of a support bundle. What cannot be read says so in its place: a broken server is what they are for.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Value, json};

use crate::crash;
use crate::db::{Db, DbError, MAX_READERS};
use crate::health::{self, Report};
use crate::logs::{self, Wanted, clean, ring};
use crate::state::App;
use crate::time;
use crate::verify;

/// Not for others to read: it may name people.
const PRIVATE_SETTING: &str = "organisationName";

pub(super) fn all(app: &App, report: &Report) -> Vec<(&'static str, Vec<u8>)> {
    let db = app.db();
    let reasons: Vec<String> = report.reasons.iter().map(|reason| clean::text(reason)).collect();
    let health =
        json!({"report": report, "reasons": reasons, "checked_by_itself_every_seconds": health::EVERY.as_secs()});
    vec![
        ("info.json", pretty(&info(app))),
        ("health.json", pretty(&health)),
        ("validation.json", pretty(&or_fault(validation(db)))),
        ("schema.sql", schema(db).unwrap_or_else(|error| format!("-- {}\n", told(&error))).into_bytes()),
        ("settings.json", pretty(&settings(app))),
        ("metrics.json", pretty(&metrics(app))),
        ("logs.ndjson", log_lines()),
        ("crashes.txt", crash::newest(db.files()).into_bytes()),
    ]
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("our own types serialise")
}

fn told(error: &DbError) -> String {
    format!("this could not be read: {}", clean::text(&error.to_string()))
}

fn or_fault(read: Result<Value, DbError>) -> Value {
    read.unwrap_or_else(|error| json!({"error": told(&error)}))
}

fn info(app: &App) -> Value {
    let files = app.db().files();
    let name = files.database().file_name().map(|name| name.to_string_lossy().into_owned());
    let size = files.database().metadata().map(|meta| meta.len()).ok();
    json!({
        "version": crate::VERSION,
        "schema_version": crate::db::newest_schema(),
        "sqlite_version": rusqlite::version(),
        "made_at": time::now(),
        "uptime_seconds": app.started().elapsed().as_secs(),
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "processors": std::thread::available_parallelism().map(usize::from).ok(),
        "database": {"file_name": name, "size_bytes": size, "wal_bytes": files.wal_bytes()},
        "free_disk_bytes": health::free_disk(app.db()),
        "memory_bytes": crate::memory::resident_bytes(),
    })
}

fn validation(db: &Db) -> Result<Value, DbError> {
    let told = verify::verify_live(db)?
        .into_iter()
        .chain(health::disk(db))
        .map(|check| json!({"name": check.name, "ok": check.ok, "detail": clean::text(&check.detail)}));
    Ok(json!({"checks": told.collect::<Vec<_>>()}))
}

fn schema(db: &Db) -> Result<String, DbError> {
    reading(db, |conn| {
        let sql = "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'table' DESC, name";
        let mut statement = conn.prepare(sql)?;
        let statements = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(statements.collect::<rusqlite::Result<Vec<_>>>()?.join("\n") + "\n")
    })
}

/// Reads on a connection of its own: checking a large file may take longer than a request's statement may.
fn reading<T>(db: &Db, read: impl FnOnce(&Connection) -> Result<T, DbError>) -> Result<T, DbError> {
    let conn = db.export_reader()?;
    let result = read(&conn);
    conn.execute_batch("ROLLBACK")?;
    result
}

fn settings(app: &App) -> Value {
    let current = app.settings();
    let mut values = current.values.view();
    values.remove(PRIVATE_SETTING);
    let config = app.config();
    json!({
        "settings": values, "sources": current.sources, "has_logo": current.logo.is_some(),
        "host_names": config.host_names.len(), "cors_origins": config.cors_origins.len(),
    })
}

fn metrics(app: &App) -> Value {
    let load = app.db().load();
    json!({
        "requests": app.metrics().snapshot(time::now_ms()),
        "cache": app.lists().numbers(),
        "readers": {"max": MAX_READERS, "in_use": load.in_use, "idle": load.idle},
        "writer": {"queued": load.queued, "commits": load.commits, "last_commit_ms": load.last_commit_ms,
            "down": load.writer_down},
        "history": app.history().points(),
    })
}

fn log_lines() -> Vec<u8> {
    let everything = Wanted { level: tracing::Level::TRACE, text: String::new(), after: None, limit: ring::LINES };
    let mut out = Vec::new();
    for line in &logs::newest().part(&everything).lines {
        serde_json::to_writer(&mut out, &clean::line(line)).expect("our own types serialise");
        out.push(b'\n');
    }
    out
}
