//! Imports: whatever a club sends, checked row by row, matched with what is stored, undoable.
//!
//! | module | job |
//! |---|---|
//! | [`source`], [`upload`] | the file, spooled to disk |
//! | [`sheet`], [`document`] | rows of a CSV file, rows of a JSON document |
//! | [`references`], [`links`] | rows of a document that refer to one another |
//! | [`matching`] | which stored row an incoming one is |
//! | [`apply`] | one row: new, updated, unchanged, skipped or refused |
//! | [`run`] | the whole: transactions, history, audit |
//! | [`undo`] | taking an import back, also one that a crash has interrupted |

mod apply;
mod document;
mod history;
mod links;
mod matching;
mod options;
mod references;
mod report;
mod routes;
mod run;
mod sheet;
mod source;
mod template;
mod undo;
mod upload;

use std::io;

pub use document::{bulk_json, races_json};
pub use options::{Mode, OnDuplicate, Options, delimiter};
pub use report::{BulkReport, Outcome, Report, RowError, Tally};
pub use routes::routes;
pub use run::Task;
pub use sheet::athletes_csv;
pub use source::Source;
pub use undo::{UndoError, recover, undo};

use crate::db::DbError;
use crate::http::error::ApiError;

/// Why a file as a whole could not be imported. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be used; the sentence says what was expected and what was found.
    #[error("{detail}")]
    Unusable { code: &'static str, title: &'static str, detail: String },
    #[error("the file could not be read: {0}")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Db(#[from] DbError),
    /// The key of the request was used for another one.
    #[error("This Idempotency-Key was used before, with another request")]
    KeyReused,
}

impl ImportError {
    pub fn unusable(code: &'static str, title: &'static str, detail: impl Into<String>) -> ImportError {
        ImportError::Unusable { code, title, detail: detail.into() }
    }
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> ImportError {
        ImportError::Db(error.into())
    }
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> ApiError {
        match error {
            ImportError::Unusable { code, title, detail } => ApiError::bad_request(code, detail)
                .titled(title)
                .with("template", "/api/admin/import/athletes-template"),
            ImportError::Io(cause) if cause.kind() == io::ErrorKind::StorageFull => DbError::DiskFull.into(),
            ImportError::Io(cause) => ApiError::internal(cause),
            ImportError::Db(error) => error.into(),
            ImportError::KeyReused => crate::records::RecordError::KeyReused.into(),
        }
    }
}
