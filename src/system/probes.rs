//! Probes, versions and metrics: public, cheap, true.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::config::ImportLimits;
use crate::health::{self, Report, Status};
use crate::http::api::{Access, Api, Op, object, text};
use crate::http::error::ApiResult;
use crate::http::reply::Reply;
use crate::state::App;
use crate::time;

pub fn routes() -> Api {
    let everyone = Access::Everyone;
    let health = || {
        Op::new("How the server is", everyone)
            .answer(200, "Part by part", &[("status", text()), ("checks", object())])
            .answer(503, "The database cannot be used", &[("status", text()), ("checks", object())])
    };
    let plain = |summary| Op::new(summary, everyone).answer_raw(200, "ok", Some("text/plain"));
    Api::new()
        .get("/health", health_page, health())
        .get("/api/health", health_page, health())
        .get("/api/system/health", health_page, health())
        .get("/livez", livez, plain("The process runs"))
        .get("/readyz", readyz, plain("The database can be read and written"))
        .get("/metrics", metrics, plain("Counters in Prometheus text format"))
        .get(
            "/api/info",
            info,
            Op::new("What this server is", everyone).answer(200, "Name and state", &[("name", text())]),
        )
        .get("/api/version", version, Op::new("Versions", everyone).answer(200, "Versions", &[("version", text())]))
        .get("/api/stats", stats, Op::new("How much there is", everyone).answer(200, "Counts", &[("stats", object())]))
}

/// The newest background report, or a fresh one right after the start.
async fn newest(app: &App) -> Report {
    match app.health().newest() {
        Some((report, age)) if age < health::EVERY => report,
        _ => health::look(app).await,
    }
}

async fn health_page(State(app): State<App>) -> Reply {
    let report = health::look(&app).await;
    let word = |ok: bool| if ok { "operational" } else { "offline" };
    let database = report.connected && report.status != Status::Unhealthy;
    let is_reading_only = report.connected && !report.writable;
    let free = health::free_disk(app.db());
    let disk = match free {
        Some(free) if free >= health::LOW_DISK => "operational",
        Some(_) => "degraded",
        None => "offline",
    };
    let code = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Reply::with(code, if database { "The server works" } else { "The database cannot be used" })
        .member("status", report.status)
        .member("service", "athsys")
        .member("version", crate::VERSION)
        .member("timestamp", time::now())
        .member("uptime_seconds", app.started().elapsed().as_secs())
        .member(
            "checks",
            json!({
                "api": "operational",
                "database": if is_reading_only { "degraded" } else { word(database) },
                "cache": "operational",
                "disk": disk,
                "backup": if app.backups().problems().is_empty() { "operational" } else { "degraded" },
            }),
        )
        .member("writable", report.writable)
        .member("reasons", &report.reasons)
        .member("cache_detail", app.lists().numbers())
        .done()
}

async fn livez() -> &'static str {
    "ok"
}

async fn readyz(State(app): State<App>) -> Response {
    match newest(&app).await.status {
        Status::Healthy | Status::Degraded => "ok".into_response(),
        Status::Unhealthy => {
            crate::http::error::ApiError::unavailable("not-ready", "The database cannot be used", 5).into_response()
        }
    }
}

async fn metrics(State(app): State<App>) -> Response {
    let mut text = String::with_capacity(8 * 1024);
    app.metrics().render(&mut text);
    let load = app.db().load();
    let cache = app.lists().numbers();
    let gauges: [(&str, &str, f64); 9] = [
        ("athsys_uptime_seconds", "gauge", app.started().elapsed().as_secs_f64()),
        ("athsys_readers_in_use", "gauge", f64::from(load.in_use)),
        ("athsys_readers_idle", "gauge", f64::from(load.idle)),
        ("athsys_writes_queued", "gauge", load.queued as f64),
        ("athsys_commits_total", "counter", load.commits as f64),
        ("athsys_last_commit_seconds", "gauge", load.last_commit_ms / 1000.0),
        ("athsys_cache_hits_total", "counter", cache.hits as f64),
        ("athsys_cache_misses_total", "counter", cache.misses as f64),
        ("athsys_wal_bytes", "gauge", app.db().files().wal_bytes() as f64),
    ];
    let last_backup = app.backups().last().map(|last| (time::now_ms() - last.created_at.0).max(0) as f64 / 1000.0);
    let ages =
        [("athsys_published_behind_seconds", "gauge", app.db().published().behind.unwrap_or_default().as_secs_f64())];
    let last_backup = last_backup.map(|age| ("athsys_last_backup_age_seconds", "gauge", age));
    for (name, kind, value) in gauges.into_iter().chain(ages).chain(last_backup) {
        let _ = writeln!(text, "# TYPE {name} {kind}\n{name} {value}");
    }
    sync_metrics(&app, &mut text).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// How far the copy in PostgreSQL is, where there is one.
async fn sync_metrics(app: &App, text: &mut String) {
    let Some(totals) = app.sync().totals() else { return };
    let Ok(status) = app.sync().status(app.db()).await else { return };
    let values: [(&str, &str, f64); 7] = [
        ("athsys_sync_up", "gauge", f64::from(u8::from(status.last_error.is_none()))),
        ("athsys_sync_pending_changes", "gauge", status.pending_changes as f64),
        ("athsys_sync_lag_seconds", "gauge", status.lag_seconds.unwrap_or(f64::NAN)),
        ("athsys_sync_set_aside_rows", "gauge", status.set_aside_count as f64),
        ("athsys_sync_rows_total", "counter", totals.sent as f64),
        ("athsys_sync_rounds_total", "counter", totals.rounds as f64),
        ("athsys_sync_failures_total", "counter", totals.failures as f64),
    ];
    for (name, kind, value) in values {
        let _ = writeln!(text, "# TYPE {name} {kind}\n{name} {value}");
    }
}

async fn info(State(app): State<App>, headers: HeaderMap) -> ApiResult<Reply> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let demo = crate::demo::is_demo(app.db()).await?;
    let settings = app.settings();
    let organisation = json!({ "name": settings.values.organisation_name, "logo": settings.logo_address() });
    Ok(Reply::ok("athsys, a meet server for athletics")
        .member("name", "athsys")
        .member("version", crate::VERSION)
        .member("demo", demo)
        .member("setup_needed", app.needs_setup().await?)
        .member("writable", app.db().load().is_writable())
        .member("self_registration", settings.values.self_registration)
        .member("public_registration", settings.values.public_registration)
        .member("organisation", organisation)
        .member("join", app.venue().public_join())
        .member("https", app.venue().secure_base(host))
        .member("languages", &settings.values.languages)
        .member("default_language", settings.values.default_language)
        .member("limits", limits(&settings.values.import_limits))
        .done())
}

fn limits(limits: &ImportLimits) -> Value {
    json!({
        "csv_bytes": limits.csv_bytes, "ndjson_bytes": limits.csv_bytes, "json_bytes": limits.json_bytes,
        "xlsx_bytes": limits.xlsx_bytes, "xlsx_rows": limits.xlsx_rows,
    })
}

async fn version() -> Reply {
    Reply::ok("Versions")
        .member("version", crate::VERSION)
        .member("api_version", "3.0")
        .member("schema_version", crate::db::newest_schema())
        .member("sqlite_version", rusqlite::version())
        .done()
}

async fn stats(State(app): State<App>) -> ApiResult<Reply> {
    let mut counts = app.db().read(|conn| health::counts(conn).map_err(crate::http::error::ApiError::from)).await?;
    counts.retain(|name, _| !matches!(*name, "users" | "audit_logs"));
    Ok(Reply::ok("How much there is").member("stats", counts).done())
}
