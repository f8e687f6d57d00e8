//! The files of an import: what came, and what was refused.

use std::io::{BufWriter, Seek, SeekFrom, Write};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::db::DbError;
use crate::http::api::{Access, Api, Op};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::Id;
use crate::http::stream;
use crate::imports::kept::{self, Kept, Kind};
use crate::imports::refused::as_csv;
use crate::state::App;

pub fn routes() -> Api {
    let admin = Access::Needs(Action::Administer);
    Api::new()
        .get(
            "/api/admin/imports/{id}/errors.csv",
            errors,
            Op::new("The refused rows as they came, with a last column error, ready to mend and import again", admin)
                .answer_raw(200, "The file, in the encoding and delimiter the rows came in", Some("text/csv")),
        )
        .get(
            "/api/admin/imports/{id}/original",
            original,
            Op::new("The file as it came, kept for 30 days", admin).answer_raw(
                200,
                "The file",
                Some("application/octet-stream"),
            ),
        )
}

async fn original(_who: Auth<Administer>, State(app): State<App>, Id(id): Id) -> ApiResult<Response> {
    let gone =
        "The file of this import is not kept: there is no such import, it is older than 30 days, or it was too large";
    let kept = find(&app, id, Kind::Original, gone).await?;
    let body = body(&app, id, Kind::Original, false).await?;
    Ok(download(&kept.file_name, "application/octet-stream", body))
}

async fn errors(_who: Auth<Administer>, State(app): State<App>, Id(id): Id) -> ApiResult<Response> {
    let none = "There are no refused rows of this import, or they are no longer kept";
    let kept = find(&app, id, Kind::Refused, none).await?;
    let (name, is_json) = match kept.file_name.strip_suffix(".ndjson") {
        Some(stem) => (format!("{stem}.csv"), true),
        None => (kept.file_name, false),
    };
    let body = body(&app, id, Kind::Refused, is_json).await?;
    Ok(download(&name, "text/csv", body))
}

async fn find(app: &App, id: i64, kind: Kind, missing: &str) -> ApiResult<Kept> {
    let kept = app.db().read(move |conn| kept::find(conn, id, kind)).await?;
    kept.ok_or_else(|| ApiError::not_found(missing))
}

/// Streams a kept file; one of JSON rows becomes a table on its way.
async fn body(app: &App, id: i64, kind: Kind, is_json: bool) -> ApiResult<Body> {
    let db = app.db().clone();
    let reader = tokio::task::spawn_blocking(move || db.export_reader()).await.map_err(|_| DbError::Panicked)??;
    Ok(stream::body(move |out| {
        if !is_json {
            return kept::write_to(&reader, id, kind, out);
        }
        let mut lines = tempfile::tempfile()?;
        let mut buffered = BufWriter::new(&mut lines);
        kept::write_to(&reader, id, kind, &mut buffered)?;
        buffered.flush()?;
        drop((buffered, reader));
        lines.seek(SeekFrom::Start(0))?;
        as_csv(&mut lines, out).map_err(anyhow::Error::from)
    }))
}

/// A name may hold anything a file name may: plain ASCII for old clients, UTF-8 for the others (RFC 6266).
fn download(name: &str, media_type: &'static str, body: Body) -> Response {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\;".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let disposition = HeaderValue::from_str(&disposition).expect("only ASCII is left");
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(media_type)), (header::CONTENT_DISPOSITION, disposition)];
    (headers, body).into_response()
}
