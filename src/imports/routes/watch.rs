//! How far an import is, as Server-Sent Events, and how it is stopped.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::http::api::{Access, Api, Op, integer, text};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::imports::history;
use crate::imports::progress::{Phase, Progress};
use crate::state::App;

/// How often a watcher hears of it.
const BEAT: Duration = Duration::from_millis(200);
/// An import stops between two rows; taking back what it has stored may take longer.
const STOPPING: Duration = Duration::from_secs(30);

pub fn routes() -> Api {
    let admin = Access::Needs(Action::Administer);
    Api::new()
        .get(
            "/api/admin/imports/{id}/progress",
            progress,
            Op::new(
                "How far an import is: events {phase, rows_read, imported, failed, bytes, total_bytes, eta_ms}",
                admin,
            )
            .answer_raw(200, "Events until the import has ended", Some("text/event-stream")),
        )
        .post(
            "/api/admin/imports/{id}/cancel",
            cancel,
            Op::new("Stop an import; nothing of it stays", admin).answer(
                200,
                "Stopped",
                &[("import_id", integer()), ("phase", text())],
            ),
        )
}

async fn progress(_who: Auth<Administer>, State(app): State<App>, Id(id): Id) -> ApiResult<Response> {
    match app.imports().find(id) {
        Some(progress) => Ok(events(progress)),
        None => Ok(ended_before(&app, id).await?.into_response()),
    }
}

/// One event a beat, and a last one when the import has ended.
fn events(progress: Arc<Progress>) -> Response {
    let beats = stream::unfold(Some(progress), |state| async move {
        let progress = state?;
        let snapshot = progress.snapshot();
        let event = Event::default().event("progress").json_data(snapshot).unwrap_or_default();
        if snapshot.phase.is_over() {
            return Some((Ok::<_, Infallible>(event), None));
        }
        // Whichever comes first; the end is told at once.
        let _ = tokio::time::timeout(BEAT, progress.over()).await;
        Some((Ok(event), Some(progress)))
    });
    Sse::new(beats).into_response()
}

/// An import that this process does not remember has ended: its report says how.
async fn ended_before(app: &App, id: i64) -> ApiResult<Response> {
    let past = app.db().read(move |conn| history::find(conn, id)).await?;
    let past = past.ok_or_else(|| ApiError::not_found(format!("There is no import with the id {id}")))?;
    let report: serde_json::Value =
        past.report.as_ref().and_then(|report| serde_json::from_str(report.get()).ok()).unwrap_or_default();
    let count = |name: &str| report.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let phase = if past.state == "interrupted" { Phase::Cancelled } else { Phase::Done };
    let rows: u64 = ["imported", "updated", "unchanged", "skipped", "failed"].into_iter().map(count).sum();
    let data = serde_json::json!({
        "import_id": id, "phase": phase, "rows_read": rows, "total_rows": rows, "imported": count("imported"),
        "failed": count("failed"), "bytes": 0, "total_bytes": 0, "eta_ms": 0,
    });
    let event = Event::default().event("progress").json_data(data).unwrap_or_default();
    Ok(Sse::new(stream::iter([Ok::<_, Infallible>(event)])).into_response())
}

async fn cancel(_who: Auth<Administer>, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    let too_late =
        || ApiError::conflict("import-ended", "This import has ended already. Undo takes back what it has stored");
    let Some(progress) = app.imports().find(id) else {
        let past = app.db().read(move |conn| history::find(conn, id)).await?;
        return Err(
            past.map_or_else(|| ApiError::not_found(format!("There is no import with the id {id}")), |_| too_late())
        );
    };
    if !progress.cancel() {
        return Err(too_late());
    }
    let _ = tokio::time::timeout(STOPPING, progress.over()).await;
    match progress.phase() {
        Phase::Cancelled => Ok(Reply::ok("✅ Stopped; nothing of this import is stored")
            .member("import_id", id)
            .member("phase", Phase::Cancelled)
            .done()),
        Phase::Done => Err(too_late()),
        phase => Ok(Reply::ok("The import is being stopped").member("import_id", id).member("phase", phase).done()),
    }
}
