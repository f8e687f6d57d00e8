//! `/api/admin/backups`: list, make, look inside, take away, bring, and go back.

use std::fs::File;
use std::io;
use std::path::Path;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::inside::{Inside, Since};
use super::name::{self, Reason};
use super::{Backup, BackupError, Backups, Restored, Source, told, upload};
use crate::audit::{Actor, Entry, Verb};
use crate::auth::guard::{Auth, Input};
use crate::auth::policy::{Action, Administer};
use crate::db::{self, DbError};
use crate::http::api::{Access, Api, Op, list_of, object, or_null, text};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::extract::Word;
use crate::http::reply::Reply;
use crate::http::stream;
use crate::state::App;
use crate::verify::Fault;

const ADMIN: Access = Access::Needs(Action::Administer);
/// What browsers and other programs call a database of SQLite.
pub const MEDIA_TYPE: &str = "application/vnd.sqlite3";

pub fn routes() -> Api {
    let make = || Op::new("Make a backup now", ADMIN).answer(201, "Made and verified", &[("backup", object())]);
    let back = || {
        let members = [("backup", object()), ("before", object()), ("after", object()), ("kept", object())];
        Op::new("Put a backup in place of everything; what was there becomes a backup", ADMIN)
            .text_id()
            .body_of(&["confirm"])
            .answer(200, "What was there before, what is there now, and where the rest lies", &members)
    };
    let list_members = [
        ("backups", list_of(object())),
        ("published", object()),
        ("folder", text()),
        ("copy", or_null(object())),
        ("next_at", text()),
        ("problems", list_of(text())),
    ];
    let inside = [("backup", object()), ("inside", object()), ("now", object()), ("changes_since", object())];
    Api::new()
        .get(
            "/api/admin/backups",
            list,
            Op::new("The backups, and how the published file is", ADMIN).answer(200, "The newest first", &list_members),
        )
        .post("/api/admin/backups", create, make())
        .post("/api/admin/backup", create, make())
        .post("/api/admin/backup/create", create, make())
        .post(
            "/api/admin/backups/upload",
            bring,
            Op::new("Bring a database file from elsewhere", ADMIN).file_body(MEDIA_TYPE).answer(
                201,
                "Verified and listed",
                &[("backup", object())],
            ),
        )
        .get(
            "/api/admin/backups/{id}",
            show,
            Op::new("What a backup holds, and what has been done since", ADMIN).text_id().answer(
                200,
                "Both sides",
                &inside,
            ),
        )
        .get(
            "/api/admin/backups/{id}/download",
            download,
            Op::new("A backup as a file", ADMIN).text_id().answer_raw(200, "The database", Some(MEDIA_TYPE)),
        )
        .post("/api/admin/backups/{id}/restore", go_back, back())
        .post("/api/admin/backup/restore/{id}", go_back, back())
}

async fn list(_who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let backups = app.backups().clone();
    let listed = blocking(move || {
        let found = backups.shelf().list()?;
        Ok((found, published(&backups), second(&backups)))
    });
    let (found, published, second) = listed.await?;
    let backups = app.backups();
    let problems = backups.problems();
    let message = match (found.len(), problems.as_slice()) {
        (0, []) => "✅ No backups yet".to_owned(),
        (count, []) => format!("✅ {count} backups"),
        (_, problems) => format!("⚠️ {}", problems.join("; ")),
    };
    Ok(Reply::ok(&message)
        .member("count", found.len())
        .member("backups", found)
        .member("published", published)
        .member("folder", whole(backups.shelf().folder()))
        .member("copy", second)
        .member("next_at", backups.next_at())
        .member("problems", problems)
        .done())
}

/// How the file is that anybody may copy at any time.
fn published(backups: &Backups) -> Value {
    let (facts, file) = (backups.db.published(), backups.db.files().database());
    let changed = std::fs::metadata(file).and_then(|meta| meta.modified()).ok();
    let changed = changed.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let at = facts.at.or(changed.map(|at| crate::time::Moment(i64::try_from(at.as_millis()).unwrap_or_default())));
    json!({
        "at": at, "age_seconds": facts.behind.unwrap_or_default().as_secs(), "error": facts.error,
        "file": whole(file),
    })
}

/// A path as somebody finds it who does not know the working folder.
fn whole(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

fn second(backups: &Backups) -> Value {
    let Some(second) = &backups.second else { return Value::Null };
    let problem = backups.state().second_error.clone();
    let message = match &problem {
        None => "Backups arrive there too".to_owned(),
        Some(words) => format!("Backups do not arrive: {words}"),
    };
    json!({ "folder": whole(second.folder()), "ok": problem.is_none(), "message": message })
}

async fn create(who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let (backups, by) = (app.backups().clone(), who.actor());
    let backup = blocking(move || {
        let backup = backups.make(Reason::Manual)?;
        note(&backups, Verb::Backup, &backup, &by, None)?;
        Ok(backup)
    });
    let backup = backup.await?;
    let message = format!("✅ The backup {} is made and verified", backup.name);
    Ok(Reply::with(StatusCode::CREATED, &message)
        .location(&format!("/api/admin/backups/{}", backup.id))
        .member("backup", backup)
        .done())
}

/// The audit row of something that was done with a backup.
fn note(backups: &Backups, verb: Verb, backup: &Backup, by: &Actor, file_name: Option<&str>) -> Result<(), DbError> {
    let details = json!({
        "name": backup.name, "kind": backup.kind, "bytes": backup.size_bytes, "sha256": backup.sha256,
        "file_name": file_name,
    });
    let (entry, by) = (Entry::about(verb, "backup").details(&details), by.clone());
    backups.db.write_blocking(move |tx| entry.write(tx, &by))
}

async fn show(_who: Auth<Administer>, State(app): State<App>, Word(id): Word) -> ApiResult<Reply> {
    let backups = app.backups().clone();
    let looked = blocking(move || {
        let Some(backup) = backups.shelf().find(&id)? else { return Ok(None) };
        let inside = db::look(&backups.shelf().path(&backup.name)).and_then(|conn| Inside::of(&conn)).ok();
        let now = backups.db.read_blocking(Inside::of)?;
        let head = inside.as_ref().map(|inside| inside.head().clone());
        let since = head.map(|head| backups.db.read_blocking(|conn| Since::of(conn, &head))).transpose()?;
        Ok(Some((backup, inside, now, since)))
    });
    let (backup, inside, now, since) = looked.await?.ok_or_else(no_backup)?;
    Ok(Reply::ok("What is inside, and what is there now")
        .member("backup", backup)
        .member("inside", inside)
        .member("now", now)
        .member("changes_since", since)
        .done())
}

async fn download(who: Auth<Administer>, State(app): State<App>, Word(id): Word) -> ApiResult<Response> {
    let (backups, by) = (app.backups().clone(), who.actor());
    let opened = blocking(move || {
        let Some(backup) = backups.shelf().find(&id)? else { return Ok(None) };
        let file = File::open(backups.shelf().path(&backup.name))?;
        // All names and birth dates leave with it.
        note(&backups, Verb::Export, &backup, &by, None)?;
        Ok(Some((backup, file)))
    });
    let (backup, mut file) = opened.await?.ok_or_else(no_backup)?;
    let named = format!("attachment; filename=\"{}\"", backup.name);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)),
        (header::CONTENT_LENGTH, HeaderValue::from(backup.size_bytes)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&named).expect("listed names are ASCII")),
    ];
    let body = stream::body(move |out| Ok(io::copy(&mut file, out).map(drop)?));
    Ok((headers, body).into_response())
}

async fn bring(who: Auth<Administer>, State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let backups = app.backups().clone();
    let shelf = backups.clone();
    let name = blocking(move || {
        shelf.shelf().create()?;
        Ok(name::new_name(shelf.shelf().folder(), &shelf.db.files().stem(), Reason::Uploaded))
    });
    let name = name.await?;
    let file_name = upload::receive(request, &backups.shelf().part(&name)).await?;
    let by = who.actor();
    let backup = blocking(move || {
        let backup = backups.shelf().admit(&name)?;
        note(&backups, Verb::Backup, &backup, &by, Some(&file_name))?;
        Ok(backup)
    });
    let backup = backup.await?;
    let message = format!("✅ The file is verified; its name is {}", backup.name);
    Ok(Reply::with(StatusCode::CREATED, &message)
        .location(&format!("/api/admin/backups/{}", backup.id))
        .member("backup", backup)
        .done())
}

async fn go_back(State(app): State<App>, Word(id): Word, request: Request) -> ApiResult<Reply> {
    let input = Input::read_confirmed(request, &app, Action::Administer).await?;
    let (backups, by) = (app.backups().clone(), input.visitor.actor());
    let backup = blocking(move || Ok(backups.shelf().find(&id)?)).await?.ok_or_else(no_backup)?;
    confirmed(&input.members, &backup)?;
    // In a task of its own: who does not wait for the answer does not stop it half-way.
    let task = tokio::spawn(replace(app, backup, by));
    task.await.unwrap_or_else(|_| Err(DbError::Panicked.into()))
}

/// Going back takes everything newer away: it wants the name.
fn confirmed(members: &Map<String, Value>, backup: &Backup) -> ApiResult<()> {
    let said = members.get("confirm").and_then(Value::as_str).unwrap_or_default().trim();
    if said == backup.name || said == backup.id {
        return Ok(());
    }
    let (code, message) = match said {
        "" => ("required", "Send the name of the backup as confirm: everything newer is replaced by it"),
        _ => ("wrong-name", "This is not the name of the backup, so nothing was replaced"),
    };
    Err(ApiError::invalid(vec![FieldError::new("confirm", code, message)]))
}

async fn replace(app: App, backup: Backup, by: Actor) -> ApiResult<Reply> {
    let turns = (app.import_turn().try_acquire(), app.preview_turn().try_acquire());
    let (Ok(_import), Ok(_preview)) = turns else {
        let detail = "An import is running. Wait until it has ended, or stop it, and restore then";
        return Err(ApiError::conflict("import-running", detail));
    };
    let (backups, wanted) = (app.backups().clone(), backup.clone());
    let work = move || {
        let path = backups.shelf().path(&wanted.name);
        let source = Source { path: &path, name: &wanted.name, sha256: wanted.sha256.as_deref() };
        super::restore(&backups, &source, &by)
    };
    let restored = blocking(work).await?;
    app.lists().clear();
    app.reload_settings().await?;
    Ok(answer(backup, restored))
}

fn answer(backup: Backup, restored: Restored) -> Reply {
    let message = format!(
        "✅ Everything is as in {}. What was there before is the backup {}. Everybody signs in again",
        backup.name, restored.kept.name
    );
    Reply::ok(&message)
        .member("backup", backup)
        .member("before", restored.before)
        .member("after", restored.after)
        .member("kept", restored.kept)
        .done()
}

fn no_backup() -> ApiError {
    ApiError::not_found("There is no backup of this name")
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(BackupError::Db(DbError::Panicked)))
}

impl From<BackupError> for ApiError {
    fn from(error: BackupError) -> ApiError {
        match error {
            BackupError::Unsound(report) => {
                let fault = report.fault.unwrap_or(Fault::Damaged);
                let detail = format!("This file cannot be used: {}. Nothing was changed", report.faults());
                let problem = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, fault.code(), detail);
                let problem = problem.with("checks", report.checks);
                match fault {
                    Fault::Newer { file, program } => {
                        problem.with("schema_version", file).with("known_schema_version", program)
                    }
                    _ => problem,
                }
            }
            BackupError::Db(error) => error.into(),
            BackupError::Io(cause) => match cause.kind() {
                io::ErrorKind::StorageFull => DbError::DiskFull.into(),
                _ => {
                    let words = told::in_words(&BackupError::Io(cause));
                    ApiError::unavailable("backup-failed", format!("The folder of backups cannot be used: {words}"), 30)
                }
            },
        }
    }
}
