//! The file of a request: a part `file` of a form, or the body itself. Spooled to disk, never held in memory.

use std::time::Duration;

use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use http_body_util::BodyExt;

use super::Options;
use super::source::{Source, Spool};
use crate::formats::format::Format;
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::{drain, too_large, too_slow, unreadable};

/// An upload may take this long.
const TIME: Duration = Duration::from_secs(60);

/// A parameter that comes as a part of the form: repairs may be many.
const MAX_PARAMETER: usize = 4 << 20;

/// Extensions a file of this format may have.
fn extensions(format: Format) -> &'static [&'static str] {
    match format {
        Format::Csv => &[".csv"],
        Format::Json => &[".json"],
        Format::Ndjson => &[".ndjson", ".jsonl"],
        Format::Xlsx => &[".xlsx", ".xlsm"],
    }
}

/// Media types of a body that is the file itself.
fn accepts(format: Format, media_type: &str) -> bool {
    match format {
        Format::Csv => {
            matches!(media_type, "text/csv" | "text/plain" | "application/csv" | "application/vnd.ms-excel")
                || media_type == "text/tab-separated-values"
        }
        Format::Json => media_type == "application/json" || media_type.ends_with("+json"),
        Format::Ndjson => {
            matches!(media_type, "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "text/plain")
                || media_type == "application/json"
        }
        Format::Xlsx => {
            media_type == Format::Xlsx.media_type() || media_type == "application/vnd.ms-excel.sheet.macroenabled.12"
        }
    }
}

/// Takes the file of a request; `most` is its largest size in bytes. Other parts of a form are parameters. `keeps`: the
/// file is wanted compressed too. Also answers a digest of all that was sent.
///
/// # Errors
/// 400 without a file or with the wrong kind of one, 408, 413, 415.
pub async fn receive(
    request: Request,
    format: Format,
    most: u64,
    keeps: bool,
    options: &mut Options,
) -> ApiResult<(Source, String)> {
    let media_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    let receiving = async {
        if media_type == "multipart/form-data" {
            from_form(request, format, most, keeps, options).await
        } else if media_type.is_empty() || media_type == "application/octet-stream" || accepts(format, &media_type) {
            let source = from_body(request.into_body(), format, most, keeps).await?;
            let digest = source.sha256.clone();
            Ok((source, digest))
        } else {
            drain(request.into_body()).await;
            let shown = crate::rules::text::excerpt(&media_type, 60).into_owned();
            let detail =
                format!("Send a {} file as the part `file` of a form, or as the body; not {shown}", format.title());
            Err(ApiError::new(axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type-not-accepted", detail))
        }
    };
    tokio::time::timeout(TIME, receiving).await.unwrap_or_else(|_| Err(too_slow()))
}

async fn from_form(
    mut request: Request,
    format: Format,
    most: u64,
    keeps: bool,
    options: &mut Options,
) -> ApiResult<(Source, String)> {
    // The usual 2 MB are for bodies held in memory; this one goes to the disk, counted on its way.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| bad_form())?;
    let (mut source, mut parameters) = (None, String::new());
    while let Some(mut part) = form.next_field().await.map_err(|_| bad_form())? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" if source.is_none() => source = Some(file_of(&mut part, format, most, keeps).await?),
            // Forms carry fields of their own, which mean nothing here.
            name if Options::is_known(name) => {
                let value = parameter(&mut part).await?;
                options.set(name, &value)?;
                parameters.push_str(&format!("&{name}={value}"));
            }
            _ => {}
        }
    }
    let source = source.ok_or_else(|| {
        let detail = format!("{} file is required", format.title());
        ApiError::bad_request("no-file", detail).titled("No file provided")
    })?;
    let digest = format!("{}{parameters}", source.sha256);
    Ok((source, digest))
}

async fn file_of(part: &mut Field<'_>, format: Format, most: u64, keeps: bool) -> ApiResult<Source> {
    let file_name = part.file_name().unwrap_or_default().to_owned();
    if file_name.trim().is_empty() {
        let detail = format!("Choose a {} file first", format.title());
        return Err(ApiError::bad_request("no-file-selected", detail).titled("No file selected"));
    }
    let lower = file_name.to_lowercase();
    if !extensions(format).iter().any(|extension| lower.ends_with(extension)) {
        let detail = format!("Only {} files are supported", format.title());
        return Err(ApiError::bad_request("wrong-file-type", detail).titled("Invalid file type"));
    }
    let mut spool = Spool::new(keeps).map_err(disk)?;
    while let Some(piece) = part.chunk().await.map_err(|_| unreadable())? {
        if spool.bytes() + piece.len() as u64 > most {
            return Err(too_large(most));
        }
        spool.write(&piece).map_err(disk)?;
    }
    spool.done(&file_name).map_err(disk)
}

async fn parameter(part: &mut Field<'_>) -> ApiResult<String> {
    let mut value = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|_| unreadable())? {
        if value.len() + piece.len() > MAX_PARAMETER {
            return Err(too_large(MAX_PARAMETER as u64));
        }
        value.extend_from_slice(&piece);
    }
    String::from_utf8(value).map_err(|_| bad_form())
}

fn bad_form() -> ApiError {
    ApiError::bad_request("unreadable-form", "The form of the request cannot be read")
}

async fn from_body(mut body: Body, format: Format, most: u64, keeps: bool) -> ApiResult<Source> {
    let mut spool = Spool::new(keeps).map_err(disk)?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| unreadable())?;
        let Some(piece) = frame.data_ref() else { continue };
        if spool.bytes() + piece.len() as u64 > most {
            drain(body).await;
            return Err(too_large(most));
        }
        spool.write(piece).map_err(disk)?;
    }
    // An empty document has an answer of its own, which says what was expected.
    if spool.bytes() == 0 && matches!(format, Format::Csv | Format::Xlsx) {
        let detail = format!("{} file is required: the body of the request is empty", format.title());
        return Err(ApiError::bad_request("no-file", detail).titled("No file provided"));
    }
    spool.done(&format!("upload.{}", format.name())).map_err(disk)
}

fn disk(error: std::io::Error) -> ApiError {
    super::ImportError::Io(error).into()
}
