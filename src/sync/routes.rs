//! `/api/admin/sync/…`: how far the copy is, and what can be done about it.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;

use super::error::SyncError;
use super::pusher::Want;
use super::round::Done;
use super::status::Status;
use crate::audit::{Actor, Entry, Verb};
use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::http::api::{Access, Api, Op, boolean, integer, list_of, object, or_null, text};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::state::App;

/// Said where nothing is set up.
const NOT_SET_UP: &str = "Sync-out is not set up; the data is on this computer only";

pub fn routes() -> Api {
    let admin = Access::Needs(Action::Administer);
    let members = [
        ("status", text()),
        ("last_sync", or_null(text())),
        ("records", integer()),
        ("pending_changes", integer()),
        ("target", or_null(text())),
        ("lag_seconds", or_null(integer())),
        ("last_error", or_null(text())),
        ("held", boolean()),
        ("set_aside", list_of(object())),
    ];
    let status = || {
        Op::new("State of the sync-out to PostgreSQL", admin).answer(200, "What is set up and how far it is", &members)
    };
    Api::new()
        .get("/api/admin/sync/status", show, status())
        .post("/api/admin/sync/status", show, status())
        .post(
            "/api/admin/sync/run",
            run,
            Op::new("Send what has changed to PostgreSQL now", admin)
                .query("full", "true: send everything again")
                .answer(200, "PostgreSQL has everything", &[("sent", integer()), ("status", text())]),
        )
        .post(
            "/api/admin/sync/verify",
            verify,
            Op::new("Compare both sides row by row", admin).answer(
                200,
                "What was found",
                &[("equal", boolean()), ("tables", list_of(object()))],
            ),
        )
        .post(
            "/api/admin/sync/take-over",
            take_over,
            Op::new("Send from this computer although another one does", admin).answer(
                200,
                "This computer sends from now on",
                &[("sent", integer()), ("status", text())],
            ),
        )
}

async fn show(_who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let status = app.sync().status(app.db()).await?;
    Ok(Reply::ok(&sentence(&status)).members(&status).done())
}

fn sentence(status: &Status) -> String {
    match status.status {
        "disabled" => format!("⚠️ {NOT_SET_UP}"),
        "synchronized" => "✅ PostgreSQL has everything".to_owned(),
        "pending" => format!("⏳ {} changes are on their way to PostgreSQL", status.pending_changes),
        _ => format!("❌ {}", status.last_error.as_deref().unwrap_or("PostgreSQL is not up to date")),
    }
}

async fn run(who: Auth<Administer>, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    let everything = match query.as_deref().unwrap_or_default() {
        "" | "full=false" => false,
        "full=true" => true,
        _ => {
            let detail = "Only full=true or full=false may stand behind the ?";
            return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["full"]));
        }
    };
    let want = Want { everything, again: true, ..Want::default() };
    if everything {
        note(&app, who.actor(), "everything sent again").await?;
    }
    let done = app.sync().push(want).await.ok_or_else(not_set_up)?.map_err(failed)?;
    answer(&app, &done).await
}

async fn take_over(who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let done = app.sync().push(Want { take_over: true, ..Want::default() }).await.ok_or_else(not_set_up)?;
    let done = done.map_err(failed)?;
    note(&app, who.actor(), "taken over").await?;
    answer(&app, &done).await
}

async fn answer(app: &App, done: &Done) -> ApiResult<Reply> {
    let status = app.sync().status(app.db()).await?;
    Ok(Reply::ok("✅ PostgreSQL has everything").member("sent", done.sent).members(&status).done())
}

async fn verify(_who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let found = app.sync().compare().await.ok_or_else(not_set_up)?.map_err(failed)?;
    let message = match found.equal {
        true => "✅ Both sides are equal",
        false => "⚠️ The two sides differ; send everything again to mend the other one",
    };
    Ok(Reply::ok(message).members(&found).done())
}

/// Leaves a trace of what changes who writes there.
async fn note(app: &App, by: Actor, what: &'static str) -> ApiResult<()> {
    let details = serde_json::json!({ "sync": what });
    let entry = Entry::about(Verb::Setting, "sync").details(&details);
    Ok(app.db().write(move |tx| entry.write(tx, &by)).await?)
}

fn not_set_up() -> ApiError {
    ApiError::conflict("sync-disabled", format!("{NOT_SET_UP}. Start the server with --sync-to to change that"))
}

fn failed(error: SyncError) -> ApiError {
    let sentence = error.to_string();
    match error {
        SyncError::Db(error) => error.into(),
        SyncError::Held(_) => ApiError::conflict("sync-held", sentence),
        SyncError::Newer { .. } => ApiError::conflict("sync-newer", sentence),
        _ => ApiError::new(StatusCode::BAD_GATEWAY, "sync-failed", sentence),
    }
}
