//! `/api/admin/export/…` and the `/export` of each entity, streamed.

use std::io::Write;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;

use super::{Audited, Table, all_json, csv, json_document};
use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::auth::guard::{Auth, Visitor};
use crate::auth::policy::{Action, Administer};
use crate::db::DbError;
use crate::http::api::{Access, Api, Op};
use crate::http::error::{ApiError, ApiResult};
use crate::http::stream;
use crate::races::Race;
use crate::records::{Sight, pairs};
use crate::state::App;
use crate::time;

const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";

pub fn routes() -> Api {
    let admin = Access::Needs(Action::Administer);
    let csv = |summary| {
        Op::new(summary, admin).query("bom", "true: with a byte order mark").answer_raw(
            200,
            "The file",
            Some("text/csv"),
        )
    };
    Api::new()
        .get("/api/admin/export/athletes-csv", athletes_csv, csv("All athletes as CSV"))
        .get("/api/admin/export/races-csv", races_csv, csv("All races as CSV"))
        .get(
            "/api/admin/export/all-json",
            everything,
            Op::new("Everything as one JSON document", admin).answer_raw(200, "The file", Some("application/json")),
        )
}

/// `GET <base>/export?format=csv|json`, with the filters of the list.
pub fn export_route<T: Table>(base: &str) -> Api {
    let op = Op::new(format!("All {} as a file, with the filters of the list", T::ENTITY.table()), Access::Everyone)
        .query("format", "csv (usual) or json")
        .query("bom", "true: CSV with a byte order mark")
        .answer_raw(200, "The file", Some("text/csv"));
    Api::new().get(&format!("{base}/export"), export_rows::<T>, op)
}

async fn athletes_csv(who: Auth<Administer>, app: State<App>, query: RawQuery) -> ApiResult<Response> {
    table_csv::<Athlete>(who, app, query).await
}

async fn races_csv(who: Auth<Administer>, app: State<App>, query: RawQuery) -> ApiResult<Response> {
    table_csv::<Race>(who, app, query).await
}

async fn table_csv<T: Table>(
    who: Auth<Administer>,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let options = Options::read(query.as_deref().unwrap_or_default());
    let asked = T::LIST.parse(&options.rest, true)?;
    let file = File { entity: T::ENTITY.table(), extension: "csv", media_type: CSV };
    respond(&app, who.actor(), file, move |conn, out| csv::<T>(conn, &asked, &Sight::Full, options.bom, out)).await
}

async fn everything(who: Auth<Administer>, State(app): State<App>) -> ApiResult<Response> {
    let file = File { entity: "all", extension: "json", media_type: JSON };
    respond(&app, who.actor(), file, all_json).await
}

async fn export_rows<T: Table>(
    visitor: Visitor,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    let options = Options::read(query.as_deref().unwrap_or_default());
    let role_sight = Sight::by_role(&visitor);
    let asked = T::LIST.parse(&options.rest, role_sight == Some(Sight::Full))?;
    // Coaches and athletes export what everybody may see; their own athletes they see in the lists.
    let sight = role_sight.unwrap_or(Sight::Public);
    let actor = visitor.actor();
    match options.format.as_str() {
        "csv" => {
            let file = File { entity: T::ENTITY.table(), extension: "csv", media_type: CSV };
            respond(&app, actor, file, move |conn, out| csv::<T>(conn, &asked, &sight, options.bom, out)).await
        }
        "json" => {
            let file = File { entity: T::ENTITY.table(), extension: "json", media_type: JSON };
            respond(&app, actor, file, move |conn, out| json_document::<T>(conn, &asked, &sight, out)).await
        }
        other => {
            let shown = crate::rules::text::excerpt(other, 40);
            Err(ApiError::bad_request(
                "unknown-format",
                format!("The format '{shown}' is not known; known are csv and json"),
            ))
        }
    }
}

/// What an export takes besides the filters of its list.
struct Options {
    format: String,
    bom: bool,
    /// The rest of the query, for the list.
    rest: String,
}

impl Options {
    fn read(query: &str) -> Options {
        let mut options = Options { format: "csv".into(), bom: false, rest: String::new() };
        let mut rest = form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs(query) {
            match name.as_str() {
                "format" => options.format = value.to_lowercase(),
                "bom" => options.bom = value == "true" || value == "1",
                _ => {
                    rest.append_pair(&name, &value);
                }
            }
        }
        options.rest = rest.finish();
        options
    }
}

struct File {
    entity: &'static str,
    extension: &'static str,
    media_type: &'static str,
}

/// Streams what `write` writes from one moment of the database, and leaves an audit row at its end.
async fn respond<W>(app: &App, by: Actor, file: File, write: W) -> ApiResult<Response>
where
    W: FnOnce(&Connection, &mut dyn Write) -> anyhow::Result<u64> + Send + 'static,
{
    let db = app.db().clone();
    let opener = db.clone();
    // Errors before the first byte are real errors.
    let reader = tokio::task::spawn_blocking(move || opener.export_reader()).await.map_err(|_| DbError::Panicked)??;
    let name = format!("{}_{}.{}", file.entity, time::download_stamp(), file.extension);
    let disposition =
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).expect("our own names are ASCII");
    let body: Body = stream::body(move |out| {
        let mut out = Audited::new(out);
        let rows = write(&reader, &mut out).and_then(|rows| Ok(out.flush().map(|()| rows)?));
        reader.execute_batch("ROLLBACK")?;
        drop(reader);
        // Also of one that was cut: what had left by then has left. The last bytes wait for the audit row.
        out.done(name, &rows).audit(&db, by, file.entity)?;
        rows.map(drop)
    });
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, body).into_response())
}
