//! What can stop a round, and what is said about it.

use tokio_postgres::error::SqlState;

use crate::db::DbError;

/// Why the copy is not up to date; each one a sentence for the person at the console.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("PostgreSQL cannot be reached: {0}")]
    Unreachable(String),
    #[error("PostgreSQL answers: {0}")]
    Answer(String),
    /// A value that PostgreSQL cannot store; found out row by row.
    #[error("PostgreSQL refuses a row: {0}")]
    Data(String),
    #[error(
        "another computer ({0}) sends the changes of this meet to the same PostgreSQL at the moment. If that is a copy of \
         this one that should not, stop it there, or take over here; if both are meets of their own, give one a new \
         identity with `athsys new-identity`"
    )]
    Held(String),
    #[error(
        "the tables in PostgreSQL were made by a newer athsys (version {there}; this one knows {here}). Use that version, \
         or send to another schema"
    )]
    Newer { there: i32, here: i32 },
    #[error("PostgreSQL refuses more than {0} rows; the newest reason: {1}")]
    TooManyRefused(usize, String),
    #[error("{0}")]
    Setup(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<rusqlite::Error> for SyncError {
    fn from(error: rusqlite::Error) -> SyncError {
        SyncError::Db(error.into())
    }
}

impl From<tokio_postgres::Error> for SyncError {
    fn from(error: tokio_postgres::Error) -> SyncError {
        let Some(answer) = error.as_db_error() else { return SyncError::Unreachable(chain(&error)) };
        let text = match answer.detail() {
            Some(detail) => format!("{} ({detail})", answer.message()),
            None => answer.message().to_owned(),
        };
        let class = answer.code().code().get(..2).unwrap_or_default();
        match class {
            // Data exception, integrity constraint violation
            "22" | "23" => SyncError::Data(text),
            // Connection exception, operator intervention
            "08" | "57" if *answer.code() != SqlState::QUERY_CANCELED => SyncError::Unreachable(text),
            _ => SyncError::Answer(text),
        }
    }
}

impl SyncError {
    /// True when trying again soon is of no use: somebody has to do something, here or there.
    pub fn needs_somebody(&self) -> bool {
        matches!(self, SyncError::Held(_) | SyncError::Newer { .. } | SyncError::TooManyRefused(..))
    }
}

/// An error with what lies under it, as a driver says it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}
