//! `/api/admin/import/…`: a file comes in, at once or watched from afar, or is only looked at.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode};

use super::ending::note_failure;
use super::history::Label;
use super::upload::receive;
use super::{Dataset, ImportError, Job, Options, Phase, Progress, answer, phase_of, preview, template};
use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::backups::Reason;
use crate::db::{Db, DbError, Entity};
use crate::formats::format::Format;
use crate::http::api::{Access, Api, Op, integer, list_of, object, text};
use crate::http::error::{ApiError, ApiResult};
use crate::http::limits::Kind;
use crate::http::reply::Reply;
use crate::state::App;

mod files;
mod past;
mod watch;

pub fn routes() -> Api {
    let mut api = Api::new();
    for (dataset, format) in Dataset::pairs() {
        let path = format!("/api/admin/import/{}-{}", dataset.name(), format.name());
        let import = move |who: Auth<Administer>, app: State<App>, query: RawQuery, request: Request| {
            import(who, app, query, request, (dataset, format))
        };
        let look = move |who: Auth<Administer>, app: State<App>, query: RawQuery, request: Request| {
            look(who, app, query, request, (dataset, format))
        };
        api = api.post(&path, import, import_op(dataset, format));
        api = api.post(&format!("{path}/preview"), look, preview_op(dataset, format));
    }
    api.merge(past::routes()).merge(files::routes()).merge(watch::routes()).merge(template::routes())
}

fn with_parameters(op: Op, format: Format) -> Op {
    let op = op
        .query("mode", "partial (usual): good rows are kept; atomic: all or none")
        .query("on_duplicate", "error (usual), skip or update: a row that is stored with other values")
        .query("mapping", "JSON {column heading: field or null}; {} forgets what was remembered")
        .query("encoding", "instead of what is detected")
        .query("delimiter", "instead of what is detected")
        .query("repairs", "JSON [{column, from, to}] for every cell alike, or [{column, row, to}] for one")
        .query("create_athletes", "true: entries and results may bring athletes that are not there yet")
        .query("race_id", "the race of entries, results and events that name none");
    op.file_body(format.media_type().split(';').next().unwrap_or_default())
}

fn import_op(dataset: Dataset, format: Format) -> Op {
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
    let summary = match dataset {
        Dataset::Rows(entity) => format!("Import {} from {}", entity.table(), format.title()),
        Dataset::Bulk => "Import several kinds of rows from JSON".to_owned(),
    };
    let op = Op::new(summary, Access::Needs(Action::Administer)).query("dry_run", "true: everything but the commit");
    with_parameters(op, format)
        .answer(200, "Nothing new, or a dry run", &counts)
        .answer(201, "All rows imported, at least one new", &counts)
        .answer(202, "Accepted, with Prefer: respond-async; watch it under Location", &[("import_id", integer())])
        .answer(207, "Some or all rows refused", &counts)
}

fn preview_op(dataset: Dataset, format: Format) -> Op {
    let summary = format!("What an import of {} from {} would do", dataset.name(), format.title());
    let mut members = vec![("usable", crate::http::api::boolean()), ("problems", list_of(object()))];
    if matches!(format, Format::Csv | Format::Xlsx) {
        members.push(("columns", list_of(object())));
    }
    let op = with_parameters(Op::new(summary, Access::Needs(Action::Administer)), format);
    op.answer(200, "How the file was read, the consequences, and what would mend what is wrong", &members)
}

/// The file of a request as a job that can be run.
async fn job_of(
    who: Auth<Administer>,
    app: &App,
    query: Option<&str>,
    request: Request,
    (dataset, format): (Dataset, Format),
    is_preview: bool,
) -> ApiResult<Job> {
    let mut options = Options::from_query(query.unwrap_or_default())?;
    // Who mends a file looks at it many times over; that is no import.
    if !is_preview {
        app.limits().check(Kind::Import { user: who.user.id }, who.visitor.ip, Instant::now())?;
    }
    let limits = app.settings().values.import_limits;
    let most = limits.bytes_of(format);
    let keeps = !is_preview && !options.dry_run;
    let (source, digest) = receive(request, format, most, keeps, &mut options).await?;
    let keeps = keeps && !options.dry_run;
    if keeps && dataset.may_hold(Entity::Users) {
        who.visitor.require_password()?;
    }
    let progress = if keeps { registered(app, source.bytes).await? } else { Progress::new(0, source.bytes) };
    let by = who.actor();
    let key = who.key.filter(|_| keeps).map(|key| key.with_body_digest(&digest));
    let workbook = limits.workbook();
    Ok(Job { dataset, format, by, source, options, key, progress, keep: limits.keep, workbook })
}

/// The progress of an import that can be watched. A dry run leaves nothing that could be asked for.
async fn registered(app: &App, bytes: u64) -> ApiResult<Arc<Progress>> {
    let app = app.clone();
    let entered = tokio::task::spawn_blocking(move || app.imports().enter(app.db(), bytes));
    Ok(entered.await.map_err(|_| DbError::Panicked)??)
}

async fn import(
    who: Auth<Administer>,
    State(app): State<App>,
    RawQuery(query): RawQuery,
    request: Request,
    pair: (Dataset, Format),
) -> ApiResult<Reply> {
    let is_async = prefers_async(request.headers());
    let job = job_of(who, &app, query.as_deref(), request, pair, false).await?;
    // Who repeats a request wants the answer, and a dry run leaves nothing that could be asked for later.
    if is_async && job.key.is_none() && !job.options.dry_run {
        return Ok(in_the_background(app, job, pair));
    }
    match work(app, job, answer).await {
        Ok(reply) if reply.status() == StatusCode::UNPROCESSABLE_ENTITY => Err(refused(&reply)),
        other => other.map_err(|error| with_template(error, pair)),
    }
}

/// A file that cannot be used is answered with what one looks like.
fn with_template(error: ImportError, (dataset, _): (Dataset, Format)) -> ApiError {
    let is_about_the_file = matches!(error, ImportError::Unusable { .. } | ImportError::Columns { .. });
    let error = ApiError::from(error);
    if !is_about_the_file {
        return error;
    }
    error.with("template", format!("/api/admin/import/{}-template", dataset.name()))
}

async fn look(
    who: Auth<Administer>,
    State(app): State<App>,
    RawQuery(query): RawQuery,
    request: Request,
    pair: (Dataset, Format),
) -> ApiResult<Reply> {
    let job = job_of(who, &app, query.as_deref(), request, pair, true).await?;
    work(app, job, preview::preview).await.map_err(|error| with_template(error, pair))
}

fn prefers_async(headers: &HeaderMap) -> bool {
    let asked = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    asked.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case("respond-async"))
}

/// Runs a job in a task of its own: a dropped connection does not stop it.
async fn work(app: App, job: Job, run: Run) -> Result<Reply, ImportError> {
    let progress = job.progress.clone();
    let task = tokio::spawn(async move {
        let ended = in_turn(&app, job, run).await;
        progress.enter(phase_of(&ended));
        ended
    });
    task.await.unwrap_or(Err(ImportError::Db(DbError::Panicked)))
}

type Run = fn(&Db, Job) -> Result<Reply, ImportError>;

/// Runs a job when the ones before it are done; one that is stopped before that does not wait for them. Who only looks
/// does not wait for an import.
async fn in_turn(app: &App, job: Job, run: Run) -> Result<Reply, ImportError> {
    let is_kept = job.progress.import_id != 0;
    let turn = if is_kept { app.import_turn() } else { app.preview_turn() };
    let turn = tokio::select! {
        biased;
        turn = turn.acquire() => turn.map_err(|_| DbError::Stopped)?,
        () = job.progress.stopped() => return Err(ImportError::Cancelled),
    };
    let (db, backups) = (app.db().clone(), is_kept.then(|| app.backups().clone()));
    let work = move || {
        if let Some(backups) = backups {
            backups.before(Reason::BeforeImport);
        }
        run(&db, job)
    };
    let done = tokio::task::spawn_blocking(work).await;
    drop(turn);
    done.unwrap_or(Err(ImportError::Db(DbError::Panicked)))
}

/// Answers at once where the import can be watched. How it ends is in the history.
fn in_the_background(app: App, job: Job, pair: (Dataset, Format)) -> Reply {
    let progress = job.progress.clone();
    let id = progress.import_id;
    let label = Label {
        id,
        dataset: job.dataset,
        format: job.format,
        file_name: job.source.file_name.clone(),
        sha256: job.source.sha256.clone(),
        mode: job.options.mode,
        on_duplicate: job.options.on_duplicate,
        by: job.by.clone(),
    };
    tokio::spawn(async move {
        let ended = in_turn(&app, job, answer).await;
        let phase = phase_of(&ended);
        let ended = ended.map_err(|error| (phase, with_template(error, pair)));
        told(&app, &progress, label, ended).await;
    });
    Reply::with(StatusCode::ACCEPTED, "The import has begun")
        .location(&format!("/api/admin/imports/{id}"))
        .member("import_id", id)
        .member("status", "running")
        .member("progress", format!("/api/admin/imports/{id}/progress"))
        .done()
}

/// Keeps the answer of an import that nobody waited for.
async fn told(app: &App, progress: &Arc<Progress>, label: Label, ended: Result<Reply, (Phase, ApiError)>) {
    let (phase, reply) = match ended {
        Ok(reply) => (Phase::Done, reply),
        Err((phase, error)) => (phase, failed(progress.import_id, phase, &error)),
    };
    progress.answered(reply.clone());
    let db = app.db().clone();
    let _ = tokio::task::spawn_blocking(move || note_failure(&db, label, phase, &reply)).await;
    progress.enter(phase);
}

/// The report of an import that was refused as a whole: what a caller who waits is answered.
fn failed(import: i64, phase: Phase, error: &ApiError) -> Reply {
    Reply::with(error.status(), &format!("❌ {}", error.detail()))
        .member("status", "failed")
        .member("cancelled", phase == Phase::Cancelled)
        .member("import_id", import)
        .member("http_status", error.status().as_u16())
        .member("code", error.code())
        .member("imported", 0)
        .member("failed", 0)
        .members(error.members())
        .done()
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
