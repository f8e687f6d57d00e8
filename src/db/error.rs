//! What can go wrong between us and the file.

use rusqlite::ErrorCode;

/// A failure of the store, not of what somebody sent.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("the queue of writes is full")]
    QueueFull,
    #[error("the server is stopping")]
    Stopped,
    #[error("the database is being replaced by a backup")]
    Restoring,
    #[error("the disk is full")]
    DiskFull,
    #[error("the database cannot be written at the moment: {0}")]
    Down(String),
    #[error("no connection to the database was free in time")]
    NoConnection(#[from] r2d2::Error),
    #[error("a write job panicked; it was rolled back")]
    Panicked,
    #[error(transparent)]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> DbError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => DbError::DiskFull,
            _ => DbError::Sqlite(error),
        }
    }
}

impl DbError {
    /// A failure of the file system.
    pub(super) fn disk(error: std::io::Error) -> DbError {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => DbError::DiskFull,
            _ => DbError::Down(format!("the file system refused: {error}")),
        }
    }

    /// True when the schema refused a row; the connection and the transaction go on.
    pub fn is_constraint(&self) -> bool {
        let DbError::Sqlite(error) = self else { return false };
        error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
    }

    /// True when the connection that reported this must not be used again.
    pub(super) fn is_fatal(&self) -> bool {
        match self {
            DbError::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ),
            DbError::Down(_) => true,
            _ => false,
        }
    }

    /// The same failure for another job of the same batch.
    pub(super) fn again(&self) -> DbError {
        match self {
            DbError::DiskFull => DbError::DiskFull,
            other => DbError::Down(other.to_string()),
        }
    }
}

/// True for a UNIQUE or PRIMARY KEY violation.
pub fn is_unique_violation(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error().map(|e| e.extended_code),
        Some(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
    )
}
