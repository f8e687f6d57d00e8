//! `/api/admin/import/…` and the history under `/api/admin/imports`.

use std::time::Instant;

use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;

use super::history::{self, Past};
use super::undo::{Obstacle, UndoError, undo};
use super::upload::{Wanted, receive};
use super::{ImportError, Options, Source, Task, document, sheet, template};
use crate::audit::Actor;
use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::db::{Db, DbError};
use crate::http::api::{Access, Api, Op, integer, list_of, object, text};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::Id;
use crate::http::limits::Kind;
use crate::http::reply::Reply;
use crate::records::pairs;
use crate::state::App;

pub fn routes() -> Api {
    let admin = Access::Needs(Action::Administer);
    let past = Op::new("One import, with its report", admin).answer(200, "The import", &[("import", object())]);
    Api::new()
        .post("/api/admin/import/athletes-csv", athletes_csv, import_op("Import athletes from CSV", "text/csv"))
        .post("/api/admin/import/races-json", races_json, import_op("Import races from JSON", "application/json"))
        .post(
            "/api/admin/import/bulk-json",
            bulk_json,
            import_op("Import several kinds of rows from JSON", "application/json"),
        )
        .get(
            "/api/admin/imports",
            list,
            Op::new("The imports so far, newest first", admin)
                .query("page", "from 1")
                .query("perPage", "1 to 500, usually 50")
                .answer(200, "One page", &[("imports", list_of(object())), ("total", integer())]),
        )
        .get("/api/admin/imports/{id}", show, past)
        .post(
            "/api/admin/imports/{id}/undo",
            take_back,
            Op::new("Take back exactly what an import did", admin).answer(
                200,
                "Taken back",
                &[("deleted", integer()), ("restored", integer())],
            ),
        )
        .merge(template::routes())
}

fn import_op(summary: &'static str, media_type: &'static str) -> Op {
    let counts = [
        ("status", text()),
        ("imported", integer()),
        ("updated", integer()),
        ("unchanged", integer()),
        ("skipped", integer()),
        ("failed", integer()),
        ("errors", list_of(text())),
        ("error_details", list_of(object())),
    ];
    Op::new(summary, Access::Needs(Action::Administer))
        .query("mode", "partial (usual): good rows are kept; atomic: all or none")
        .query("on_duplicate", "error (usual), skip or update: a row that is stored with other values")
        .query("dry_run", "true: everything but the commit")
        .query("mapping", "JSON {column heading: field or null}")
        .query("encoding", "instead of what is detected")
        .query("delimiter", "instead of what is detected")
        .file_body(media_type)
        .answer(200, "Nothing new, or a dry run", &counts)
        .answer(201, "All rows imported, at least one new", &counts)
        .answer(207, "Some or all rows refused", &counts)
}

type Answer = fn(&Db, Task, Source) -> Result<Reply, ImportError>;

async fn athletes_csv(who: Auth<Administer>, app: State<App>, query: RawQuery, request: Request) -> ApiResult<Reply> {
    let most = app.config().import_limits.csv_bytes;
    import(who, app, query, request, ("athletes", "csv", Wanted::Csv, most), sheet::answer).await
}

async fn races_json(who: Auth<Administer>, app: State<App>, query: RawQuery, request: Request) -> ApiResult<Reply> {
    let most = app.config().import_limits.json_bytes;
    import(who, app, query, request, ("races", "json", Wanted::Json, most), document::answer_races).await
}

async fn bulk_json(who: Auth<Administer>, app: State<App>, query: RawQuery, request: Request) -> ApiResult<Reply> {
    let most = app.config().import_limits.json_bytes;
    import(who, app, query, request, ("bulk", "json", Wanted::Json, most), document::answer_bulk).await
}

async fn import(
    who: Auth<Administer>,
    State(app): State<App>,
    RawQuery(query): RawQuery,
    request: Request,
    (dataset, format, wanted, most): (&'static str, &'static str, Wanted, u64),
    answer: Answer,
) -> ApiResult<Reply> {
    let options = Options::from_query(query.as_deref().unwrap_or_default())?;
    app.limits().check(Kind::Import { user: who.user.id }, who.visitor.ip, Instant::now())?;
    let actor = who.actor();
    let source = receive(request, wanted, most).await?;
    let mut task = Task::new(dataset, format, &actor, &source, &options);
    task.key = who.key.filter(|_| !options.dry_run).map(|key| key.with_body_digest(&source.sha256));
    // A dropped connection does not stop the import: the work goes on in a task of its own.
    let work = tokio::spawn(async move {
        let turn = app.import_turn().acquire().await.map_err(|_| DbError::Stopped)?;
        let db = app.db().clone();
        let done = tokio::task::spawn_blocking(move || answer(&db, task, source)).await;
        drop(turn);
        done.unwrap_or(Err(ImportError::Db(DbError::Panicked)))
    });
    match work.await {
        Ok(Ok(reply)) if reply.status() == StatusCode::UNPROCESSABLE_ENTITY => Err(refused(&reply)),
        Ok(result) => Ok(result?),
        Err(_) => Err(DbError::Panicked.into()),
    }
}

/// An atomic import with bad rows: problem details with the members of the report.
fn refused(reply: &Reply) -> ApiError {
    let text = format!("{}}}", String::from_utf8_lossy(reply.open_body()));
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    let message =
        members.get("message").and_then(serde_json::Value::as_str).unwrap_or("Nothing was imported").to_owned();
    let error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "import-refused", message);
    let own = ["message", "errors", "status"];
    let error = members
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .fold(error, |error, (name, value)| error.with(name, value));
    match members.get("errors") {
        Some(errors) => error.with("errors", errors).with("import_status", "failed"),
        None => error,
    }
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

async fn show(_who: Auth<Administer>, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    let past = app.db().read(move |conn| history::find(conn, id)).await?;
    let past = past.ok_or_else(|| ApiError::not_found(format!("There is no import with the id {id}")))?;
    Ok(Reply::ok("The import").member("import", past).done())
}

async fn take_back(who: Auth<Administer>, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    let (db, actor): (Db, Actor) = (app.db().clone(), who.actor());
    let work = tokio::task::spawn_blocking(move || db.write_alone_blocking(move |tx| undo(tx, &actor, id)));
    let undone = work.await.map_err(|_| DbError::Panicked)??;
    let message = format!("✅ Taken back: {} rows removed, {} rows as they were", undone.deleted, undone.restored);
    Ok(Reply::ok(&message).members(undone).member("import_id", id).done())
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
