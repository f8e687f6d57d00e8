//! The history of imports, and the way back.

use axum::extract::{RawQuery, State};

use crate::audit::Actor;
use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::db::{Db, DbError};
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::imports::history::{self, Past};
use crate::imports::undo::{Back, Obstacle, UndoError, undo};
use crate::records::pairs;
use crate::state::App;

pub fn routes() -> Api {
    let admin = Access::Needs(Action::Administer);
    Api::new()
        .get(
            "/api/admin/imports",
            list,
            Op::new("The imports so far, newest first", admin)
                .query("page", "from 1")
                .query("perPage", "1 to 500, usually 50")
                .answer(200, "One page", &[("imports", list_of(object())), ("total", integer())]),
        )
        .get(
            "/api/admin/imports/{id}",
            show,
            Op::new("One import, with its report", admin).answer(200, "The import", &[("import", object())]),
        )
        .post(
            "/api/admin/imports/{id}/undo",
            take_back,
            Op::new("Take back exactly what an import did", admin)
                .query("rest", "true: leave rows that have changed since as they are, and take back the rest")
                .answer(200, "Taken back", &[("deleted", integer()), ("restored", integer()), ("kept", integer())]),
        )
}

async fn list(_who: Auth<Administer>, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    let (mut page, mut per_page) = (1_u32, 50_u32);
    for (name, value) in pairs(&query.unwrap_or_default()) {
        match (name.as_str(), value.parse::<u32>()) {
            ("page", Ok(number @ 1..)) => page = number,
            ("perPage", Ok(number @ 1..=500)) => per_page = number,
            _ => {
                let detail = "Only page (from 1) and perPage (1 to 500) may stand behind the ?";
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["page", "perPage"]));
            }
        }
    }
    let offset = i64::from(page - 1) * i64::from(per_page);
    let (imports, total): (Vec<Past>, i64) = app.db().read(move |conn| history::page(conn, per_page, offset)).await?;
    Ok(Reply::ok(&format!("{} of {total} imports", imports.len()))
        .member("count", imports.len())
        .member("imports", imports)
        .member("total", total)
        .member("page", page)
        .member("perPage", per_page)
        .done())
}

/// One that is running, or that failed before the history knew of it, is told from memory.
async fn show(_who: Auth<Administer>, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    let running = app.imports().find(id);
    let past = app.db().read(move |conn| history::find(conn, id)).await?;
    match (past, running) {
        (Some(past), Some(running)) if !running.phase().is_over() => {
            Ok(Reply::ok("The import is running").member("import", past).member("progress", running.snapshot()).done())
        }
        (Some(past), _) => Ok(Reply::ok("The import").member("import", past).done()),
        (None, Some(running)) => {
            let report = running.answer().map(|reply| format!("{}}}", String::from_utf8_lossy(reply.open_body())));
            let report = report.and_then(|text| serde_json::value::RawValue::from_string(text).ok());
            let state = if running.phase().is_over() { "failed" } else { "running" };
            let import = serde_json::json!({ "id": id, "state": state, "report": report });
            Ok(Reply::ok("The import").member("import", import).member("progress", running.snapshot()).done())
        }
        (None, None) => Err(ApiError::not_found(format!("There is no import with the id {id}"))),
    }
}

async fn take_back(
    who: Auth<Administer>,
    State(app): State<App>,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> ApiResult<Reply> {
    who.visitor.require_password()?;
    let back = back(query.as_deref())?;
    let (db, actor): (Db, Actor) = (app.db().clone(), who.actor());
    // A task of its own: a dropped connection does not stop it in the middle.
    let work = tokio::spawn(async move {
        // An import that runs must not see half of it go.
        let turn = app.import_turn().acquire().await.map_err(|_| DbError::Stopped)?;
        let undone = tokio::task::spawn_blocking(move || undo(&db, &actor, id, back)).await;
        drop(turn);
        undone.unwrap_or(Err(UndoError::Db(DbError::Panicked)))
    });
    let undone = work.await.map_err(|_| DbError::Panicked)??;
    let message = match undone.kept {
        0 => format!("✅ Taken back: {} rows removed, {} rows as they were", undone.deleted, undone.restored),
        kept => format!(
            "⚠️ Taken back: {} rows removed, {} rows as they were; {kept} rows stayed, because they have changed since",
            undone.deleted, undone.restored
        ),
    };
    Ok(Reply::ok(&message).members(undone).member("import_id", id).done())
}

fn back(query: Option<&str>) -> ApiResult<Back> {
    let mut back = Back::Whole;
    for (name, value) in pairs(query.unwrap_or_default()) {
        back = match (name.as_str(), value.as_str()) {
            ("rest", "true" | "1") => Back::AsFarAsFree,
            ("rest", "false" | "0") => Back::Whole,
            _ => {
                let detail = "Only rest=true or rest=false may stand behind the ?";
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["rest"]));
            }
        }
    }
    Ok(back)
}

impl From<UndoError> for ApiError {
    fn from(error: UndoError) -> ApiError {
        let detail = error.to_string();
        match error {
            UndoError::NotFound(_) => ApiError::not_found(detail),
            UndoError::NotDone(_) => ApiError::conflict("undo-not-possible", detail),
            UndoError::Overtaken(changed) => overtaken(detail, &changed),
            UndoError::LastAdmin => ApiError::conflict("last-admin", detail),
            UndoError::Db(error) => error.into(),
        }
    }
}

fn overtaken(detail: String, changed: &[Obstacle]) -> ApiError {
    ApiError::conflict("undo-overtaken", detail).with("changed", changed)
}
