//! When the file below fails: what SQLite says of it, and how it is opened again.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, ffi};

use super::{DbError, checks, connect};

/// A failure of the disk or of the file, whatever the job that met it makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The disk is full; the connection goes on.
    Full,
    /// The file cannot be read or written, or is damaged: nothing that the connection remembers can be relied upon.
    File(i32),
}

impl Trouble {
    /// What the newest call on this connection ended with, when it was trouble.
    pub fn of(conn: &Connection) -> Option<Trouble> {
        let code = code(conn);
        match code & 0xff {
            ffi::SQLITE_FULL => Some(Trouble::Full),
            ffi::SQLITE_IOERR | ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => Some(Trouble::File(code)),
            _ => None,
        }
    }

    pub fn error(self) -> DbError {
        match self {
            Trouble::Full => DbError::DiskFull,
            Trouble::File(code) => DbError::Down(format!("{} (code {code})", ffi::code_to_str(code))),
        }
    }
}

#[expect(unsafe_code, reason = "the code of the newest error has no safe accessor")]
fn code(conn: &Connection) -> i32 {
    // SAFETY: the handle belongs to an open connection that no other thread uses meanwhile, and nothing is changed.
    unsafe { ffi::sqlite3_extended_errcode(conn.handle()) }
}

/// Opens the store after a failure, and looks whether it is whole.
pub(super) fn open_again(path: &Path) -> Result<Connection, Reopening> {
    let conn = connect::writer(path)?;
    match fault(&conn) {
        None => Ok(conn),
        Some(fault) => Err(Reopening::Damaged(fault)),
    }
}

/// Why the store could not be opened again.
#[derive(Debug, thiserror::Error)]
pub(super) enum Reopening {
    #[error("it is damaged: {0}")]
    Damaged(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Reopening {
    /// True when waiting does not help.
    pub fn is_lasting(&self) -> bool {
        let Reopening::Db(DbError::Sqlite(error)) = self else { return matches!(self, Reopening::Damaged(_)) };
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    }
}

/// Why a database is not whole, in words; a quick look.
pub(super) fn fault(conn: &Connection) -> Option<String> {
    let has_log = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('audit_logs', 'meta')";
    let looked = || -> Result<Option<String>, DbError> {
        let pages = checks::quick(conn)?;
        if !pages.ok {
            return Ok(Some(pages.detail));
        }
        if conn.query_row(has_log, [], |row| row.get::<_, i64>(0))? < 2 {
            return Ok(None); // older than the audit log
        }
        let end = checks::invariants(conn)?;
        Ok((!end.ok).then_some(end.detail))
    };
    looked().unwrap_or_else(|error| Some(error.to_string()))
}
