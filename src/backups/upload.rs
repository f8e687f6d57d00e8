//! A database file from elsewhere becomes a backup: taken to the disk as it comes, verified, then listed.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use bytes::Bytes;
use http_body_util::BodyExt;

use crate::db::DbError;
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::{drain, too_large, too_slow, unreadable};

/// The largest file that is taken, in bytes.
pub const MOST: u64 = 2 << 30;
/// Nothing may come for so long.
const STALLED: Duration = Duration::from_secs(30);

/// A file on its way in; it is gone again unless it is kept.
struct Incoming {
    file: File,
    path: PathBuf,
    bytes: u64,
    is_kept: bool,
}

impl Incoming {
    fn new(path: &Path) -> ApiResult<Incoming> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(disk)?;
        Ok(Incoming { file, path: path.to_owned(), bytes: 0, is_kept: false })
    }

    fn take(&mut self, piece: &[u8]) -> ApiResult<()> {
        self.bytes += piece.len() as u64;
        if self.bytes > MOST {
            return Err(too_large(MOST));
        }
        self.file.write_all(piece).map_err(disk)
    }

    fn keep(mut self) -> ApiResult<()> {
        if self.bytes == 0 {
            return Err(no_file());
        }
        self.is_kept = true;
        Ok(())
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes the file of a request to `path`: the part `file` of a form, or the body itself. Answers its name.
///
/// # Errors
/// 400 without a file, 408, 413, 507; there is nothing at `path` then.
pub async fn receive(request: Request, path: &Path) -> ApiResult<String> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut incoming = Incoming::new(path)?;
    let name = if kind.trim().to_ascii_lowercase().starts_with("multipart/form-data") {
        from_form(request, &mut incoming).await?
    } else {
        from_body(request.into_body(), &mut incoming).await?;
        String::new()
    };
    incoming.keep()?;
    Ok(name)
}

async fn from_form(mut request: Request, incoming: &mut Incoming) -> ApiResult<String> {
    // The usual 2 MB are for bodies held in memory; this one goes to the disk, counted on its way.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| bad_form())?;
    while let Some(mut part) = form.next_field().await.map_err(|_| bad_form())? {
        if part.name() != Some("file") {
            continue;
        }
        let name = part.file_name().unwrap_or_default();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|letter| !letter.is_control()).take(200).collect();
        while let Some(piece) = in_time(async { part.chunk().await.map_err(|_| unreadable()) }).await? {
            incoming.take(&piece)?;
        }
        return Ok(name);
    }
    Err(no_file())
}

async fn from_body(mut body: Body, incoming: &mut Incoming) -> ApiResult<()> {
    while let Some(frame) = in_time(async { body.frame().await.transpose().map_err(|_| unreadable()) }).await? {
        let taken = incoming.take(frame.data_ref().unwrap_or(&Bytes::new()));
        if taken.is_err() {
            drain(body).await;
            return taken;
        }
    }
    Ok(())
}

async fn in_time<T>(piece: impl Future<Output = ApiResult<T>>) -> ApiResult<T> {
    tokio::time::timeout(STALLED, piece).await.unwrap_or_else(|_| Err(too_slow()))
}

fn no_file() -> ApiError {
    let detail = "Send a database file as the part `file` of a form, or as the body of the request";
    ApiError::bad_request("no-file", detail).titled("No file provided")
}

fn bad_form() -> ApiError {
    ApiError::bad_request("unreadable-form", "The form of the request cannot be read")
}

fn disk(error: std::io::Error) -> ApiError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => DbError::DiskFull.into(),
        _ => ApiError::internal(error),
    }
}

#[cfg(test)]
mod tests;
