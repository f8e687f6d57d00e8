//! What ends an export before its time.

use std::io;

use crate::db::DbError;

/// Why there is no export, or no whole one.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("nobody waits for the export any more")]
    Abandoned,
}
