//! An export as an answer: a name, a body, and an audit row at its end.

use std::io::{self, Write};

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;

use super::workbook::{Built, Wait};
use super::{Audited, ExportError};
use crate::audit::{self, Actor, Head};
use crate::db::{Db, DbError};
use crate::formats::format::Format;
use crate::http::error::{ApiError, ApiResult};
use crate::http::stream;
use crate::state::App;
use crate::time;

/// Number and hash of the newest audit row.
const AUDIT_HEAD: HeaderName = HeaderName::from_static("x-audit-head");

/// A file on its way to somebody.
pub(super) struct Parcel {
    db: Db,
    by: Actor,
    entity: &'static str,
    format: Format,
    name: String,
}

impl Parcel {
    pub(super) fn new(app: &App, by: Actor, entity: &'static str, format: Format) -> Parcel {
        let name = format!("{entity}_{}.{}", time::download_stamp(), format.name());
        Parcel { db: app.db().clone(), by, entity, format, name }
    }

    /// Sends what `write` writes from one moment of the database while it is written.
    pub(super) async fn streamed<W>(self, write: W) -> ApiResult<Response>
    where
        W: FnOnce(&Connection, &mut dyn Write) -> Result<u64, ExportError> + Send + 'static,
    {
        let db = self.db.clone();
        // Errors before the first byte are real errors.
        let begun = tokio::task::spawn_blocking(move || {
            let moment = db.pin()?;
            let head = audit::head(moment.conn())?;
            Ok::<_, DbError>((moment, head))
        });
        let (moment, head) = begun.await.map_err(|_| DbError::Panicked)??;
        Ok(self.answer(&head, move |out| write(moment.conn(), out)))
    }

    /// Sends a workbook that `build` has made from one moment of the database. Its failures are real errors, and it is
    /// given up when the caller is gone before it is ready.
    pub(super) async fn built<B>(self, build: B) -> ApiResult<Response>
    where
        B: FnOnce(&Connection, &Wait) -> Result<Built, ExportError> + Send + 'static,
    {
        let db = self.db.clone();
        let (wait, _waiting) = Wait::while_kept();
        let work = tokio::task::spawn_blocking(move || {
            let moment = db.pin()?;
            let head = audit::head(moment.conn())?;
            Ok::<_, ExportError>((build(moment.conn(), &wait)?, head))
        });
        let (mut built, head) = work.await.map_err(|_| DbError::Panicked)??;
        // Without a length in front: the end of the answer, too, waits for the audit row.
        Ok(self.answer(&head, move |out| {
            io::copy(&mut built.file, out)?;
            Ok(built.rows)
        }))
    }

    /// `head` is where the audit log ended at the moment of the export, to be compared with the file's later.
    fn answer(
        self,
        head: &Head,
        write: impl FnOnce(&mut dyn Write) -> Result<u64, ExportError> + Send + 'static,
    ) -> Response {
        let disposition =
            HeaderValue::from_str(&format!("attachment; filename=\"{}\"", self.name)).expect("our own names are ASCII");
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.format.media_type())),
            (header::CONTENT_DISPOSITION, disposition),
            (
                AUDIT_HEAD,
                HeaderValue::from_str(&format!("{}:{}", head.seq, head.hash)).expect("a number and hex digits"),
            ),
        ];
        let body = stream::body(move |out| {
            let mut out = Audited::new(out);
            let rows = write(&mut out).and_then(|rows| Ok(out.flush().map(|()| rows)?));
            // Also of one that was cut: what had left by then has left. The last bytes wait for the audit row.
            out.done(self.name, &rows).audit(&self.db, self.by, self.entity)?;
            Ok(rows.map(drop)?)
        });
        (headers, body).into_response()
    }
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> ApiError {
        match error {
            ExportError::Db(error) => error.into(),
            ExportError::Io(cause) if cause.kind() == io::ErrorKind::StorageFull => DbError::DiskFull.into(),
            ExportError::Io(cause) => ApiError::internal(cause),
            ExportError::Abandoned => ApiError::internal(error),
        }
    }
}
