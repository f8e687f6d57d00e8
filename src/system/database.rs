//! `/api/admin/database/…`: the envelopes that existing clients know.

use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::audit;
use crate::auth::guard::{Auth, Visitor};
use crate::auth::policy::{Action, Administer};
use crate::db::{Db, DbError, Entity, MAX_READERS};
use crate::health::{self, Status};
use crate::http::api::{Access, Api, Op, boolean, list_of, object, text};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::state::App;
use crate::time;
use crate::verify;

pub fn routes() -> Api {
    let health = || {
        let members = [
            ("health_check", object()),
            ("status", text()),
            ("connected", boolean()),
            ("tables", object()),
            ("record_counts", object()),
            ("timestamp", text()),
        ];
        Op::new("How the database is; administrators also get the details", Access::Everyone)
            .answer(200, "Healthy, or degraded", &members)
            .answer(503, "Not healthy", &members)
    };
    let admin = Access::Needs(Action::Administer);
    Api::new()
        .get("/api/admin/database/health", health_check, health())
        .post("/api/admin/database/health", health_check, health())
        .post(
            "/api/admin/database/validate",
            validate,
            Op::new("Check every page, reference, table, index and audit row", admin).answer(
                200,
                "What was checked",
                &[("status", text()), ("checks", list_of(object()))],
            ),
        )
        .post(
            "/api/admin/database/initialize",
            initialize,
            Op::new("Create the tables that are missing", admin)
                .answer(200, "Nothing was missing", &[("status", text()), ("tables", list_of(text()))])
                .answer(201, "Tables were created", &[("status", text()), ("tables_created", list_of(text()))]),
        )
}

/// An outdated token is as good as none: a page that asks how the server is must get an answer.
async fn health_check(visitor: ApiResult<Visitor>, State(app): State<App>) -> Reply {
    let report = health::look(&app).await;
    let (status, message) = match report.status {
        Status::Healthy => (StatusCode::OK, "✅ The database is healthy".to_owned()),
        Status::Degraded => (StatusCode::OK, format!("⚠️ Working, but {}", report.reasons.join("; "))),
        Status::Unhealthy => (StatusCode::SERVICE_UNAVAILABLE, format!("❌ {}", report.reasons.join("; "))),
    };
    let mut reply = Reply::with(status, &message).member("health_check", &report).members(&report);
    let visitor = visitor.ok();
    // Stands on what they print.
    if visitor.as_ref().is_some_and(|visitor| visitor.user.is_some())
        && let Ok(head) = app.db().read(audit::head).await
    {
        reply = reply.member("audit_head", head);
    }
    if visitor.is_some_and(|visitor| visitor.may(Action::Administer)) {
        reply = reply.member("details", details(&app).await);
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        reply = reply.header(axum::http::header::RETRY_AFTER, axum::http::HeaderValue::from_static("5"));
    }
    reply.done()
}

/// What only administrators see.
async fn details(app: &App) -> Value {
    let db = app.db().clone();
    let file = tokio::task::spawn_blocking(move || file_details(&db)).await.unwrap_or_default();
    let load = app.db().load();
    let cache = app.lists().numbers();
    let published = app.db().published();
    json!({
        "path": app.db().files().database().display().to_string(),
        "size_bytes": file["size_bytes"],
        "wal_bytes": app.db().files().wal_bytes(),
        "page_size": file["page_size"],
        "journal_mode": file["journal_mode"],
        "synchronous": file["synchronous"],
        "schema_version": crate::db::newest_schema(),
        "sqlite_version": rusqlite::version(),
        "free_disk_bytes": file["free_disk_bytes"],
        "battery": app.health().battery(),
        "slept": app.health().slept(),
        "crash_reports": crate::crash::names(app.db().files()),
        "pool": {"max": MAX_READERS, "in_use": load.in_use, "idle": load.idle, "pre_ping": true},
        "writer": {"queued": load.queued, "commits": load.commits, "last_commit_ms": load.last_commit_ms},
        "cache": {"entries": cache.entries, "hits": cache.hits, "misses": cache.misses},
        "requests": app.metrics().snapshot(time::now_ms()),
        "last_backup": app.backups().last().map(|last| json!({
            "name": last.name, "created_at": last.created_at, "kind": last.kind, "size_bytes": last.size_bytes,
        })),
        "backup_problems": app.backups().problems(),
        "published": {"at": published.at, "behind_seconds": published.behind.unwrap_or_default().as_secs(),
            "error": published.error, "size_bytes": published.bytes},
        "last_integrity_check": app.health().last_integrity_check().map(|at| at.to_string()),
        "sync": app.sync().status(app.db()).await.ok(),
        "audit_head": file["audit_head"],
        "background_check_age_seconds": app.health().newest().map(|(_, age)| age.as_secs()),
    })
}

fn file_details(db: &Db) -> Value {
    let read = |conn: &Connection| -> Result<Value, DbError> {
        let pragma = |name| conn.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
        let number = |name| Ok::<_, DbError>(as_number(&pragma(name)?));
        let journal_mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let head = crate::audit::head(conn)?;
        Ok(json!({
            "size_bytes": number("page_size")? * number("page_count")?,
            "page_size": number("page_size")?,
            "journal_mode": journal_mode,
            "synchronous": number("synchronous")?,
            "audit_head": {"seq": head.seq, "hash": head.hash},
        }))
    };
    let mut found = db.read_blocking(read).unwrap_or_else(|_| json!({}));
    found["free_disk_bytes"] = json!(health::free_disk(db));
    found
}

fn as_number(value: &rusqlite::types::Value) -> i64 {
    match value {
        rusqlite::types::Value::Integer(number) => *number,
        _ => 0,
    }
}

async fn validate(_who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let db = app.db().clone();
    let looked = tokio::task::spawn_blocking(move || {
        let checks: Vec<_> = verify::verify_live(&db)?.into_iter().chain(health::disk(&db)).collect();
        let (tables, counts) =
            db.read_blocking(|conn| Ok::<_, DbError>((health::tables(conn)?, health::counts(conn)?)))?;
        Ok::<_, DbError>((checks, tables, counts))
    });
    let (checks, tables, counts) = match looked.await.map_err(|_| DbError::Panicked)? {
        Ok(found) => found,
        Err(DbError::Restoring) => return Err(DbError::Restoring.into()),
        Err(error) => {
            return Err(ApiError::unavailable("database-down", "The database cannot be read at the moment", 5)
                .with("connection", false)
                .with("status", "error")
                .caused_by(error));
        }
    };
    app.health().note_integrity(&checks);
    let bad: Vec<&str> = checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
    let (status, message) = match bad.as_slice() {
        [] => ("success", "✅ Everything holds".to_owned()),
        names => ("warning", format!("⚠️ Look at: {}", names.join(", "))),
    };
    Ok(Reply::ok(&message)
        .member("status", status)
        .member("connection", true)
        .member("tables", tables)
        .member("record_counts", counts)
        .member("checks", checks)
        .member("timestamp", time::now())
        .done())
}

async fn initialize(who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let actor = who.actor();
    let created = app.db().write(move |tx| create_missing(tx, &actor)).await?;
    if created.is_empty() {
        let names: Vec<&str> = Entity::TABLES.into_iter().map(Entity::table).collect();
        return Ok(Reply::ok("✅ All tables are there already")
            .member("status", "already_initialized")
            .member("tables", names)
            .done());
    }
    app.health().forget_integrity();
    let message = format!("✅ {} tables created", created.len());
    Ok(Reply::with(StatusCode::CREATED, &message).member("status", "success").member("tables_created", created).done())
}

fn create_missing(tx: &mut crate::db::Tx<'_>, by: &crate::audit::Actor) -> Result<Vec<String>, DbError> {
    let created = crate::db::create_missing(tx.conn())?;
    if !created.is_empty() {
        Entity::DATA.into_iter().for_each(|entity| tx.touch(entity));
        let details = json!({ "tables_created": created });
        crate::audit::Entry::about(crate::audit::Verb::Setting, "database").details(&details).write(tx, by)?;
    }
    Ok(created)
}
