//! The file of a request: a part `file` of a form, or the body itself. Spooled to disk, never held in memory.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use http_body_util::BodyExt;

use super::source::{Source, Spool};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::{drain, too_large, too_slow, unreadable};

/// An upload may take this long.
const TIME: Duration = Duration::from_secs(60);

/// What an import takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Csv,
    Json,
}

impl Wanted {
    fn extensions(self) -> &'static [&'static str] {
        match self {
            Wanted::Csv => &[".csv"],
            Wanted::Json => &[".json"],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Wanted::Csv => "CSV",
            Wanted::Json => "JSON",
        }
    }

    /// Media types of a body that is the file itself.
    fn accepts(self, media_type: &str) -> bool {
        match self {
            Wanted::Csv => {
                matches!(media_type, "text/csv" | "text/plain" | "application/csv" | "application/vnd.ms-excel")
            }
            Wanted::Json => media_type == "application/json" || media_type.ends_with("+json"),
        }
    }
}

/// Takes the file of a request; `most` is its largest size in bytes.
///
/// # Errors
/// 400 without a file or with the wrong kind of one, 408, 413, 415.
pub async fn receive(request: Request, wanted: Wanted, most: u64) -> ApiResult<Source> {
    let media_type =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    let receiving = async {
        if media_type == "multipart/form-data" {
            from_form(request, wanted, most).await
        } else if media_type.is_empty() || media_type == "application/octet-stream" || wanted.accepts(&media_type) {
            from_body(request.into_body(), wanted, most).await
        } else {
            drain(request.into_body()).await;
            let shown = crate::rules::text::excerpt(&media_type, 60).into_owned();
            let detail =
                format!("Send a {} file as the part `file` of a form, or as the body; not {shown}", wanted.name());
            Err(ApiError::new(axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type-not-accepted", detail))
        }
    };
    tokio::time::timeout(TIME, receiving).await.unwrap_or_else(|_| Err(too_slow()))
}

async fn from_form(mut request: Request, wanted: Wanted, most: u64) -> ApiResult<Source> {
    // The usual 2 MB are for bodies held in memory; this one goes to the disk, counted on its way.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| bad_form())?;
    while let Some(mut part) = form.next_field().await.map_err(|_| bad_form())? {
        if part.name() != Some("file") {
            continue;
        }
        let file_name = part.file_name().unwrap_or_default().to_owned();
        if file_name.trim().is_empty() {
            let detail = format!("Choose a {} file first", wanted.name());
            return Err(ApiError::bad_request("no-file-selected", detail).titled("No file selected"));
        }
        let lower = file_name.to_lowercase();
        if !wanted.extensions().iter().any(|extension| lower.ends_with(extension)) {
            let detail = format!("Only {} files are supported", wanted.name());
            return Err(ApiError::bad_request("wrong-file-type", detail).titled("Invalid file type"));
        }
        let mut spool = Spool::new().map_err(disk)?;
        while let Some(piece) = part.chunk().await.map_err(|_| unreadable())? {
            if spool.bytes() + piece.len() as u64 > most {
                return Err(too_large(most));
            }
            spool.write(&piece).map_err(disk)?;
        }
        return spool.done(&file_name).map_err(disk);
    }
    let detail = format!("{} file is required", wanted.name());
    Err(ApiError::bad_request("no-file", detail).titled("No file provided"))
}

fn bad_form() -> ApiError {
    ApiError::bad_request("unreadable-form", "The form of the request cannot be read")
}

async fn from_body(mut body: Body, wanted: Wanted, most: u64) -> ApiResult<Source> {
    let mut spool = Spool::new().map_err(disk)?;
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
    if spool.bytes() == 0 && wanted == Wanted::Csv {
        let detail = "CSV file is required: the body of the request is empty";
        return Err(ApiError::bad_request("no-file", detail).titled("No file provided"));
    }
    let name = if wanted == Wanted::Csv { "upload.csv" } else { "upload.json" };
    spool.done(name).map_err(disk)
}

fn disk(error: std::io::Error) -> ApiError {
    super::ImportError::Io(error).into()
}
