//! Every connection is opened here, with the same pragmas (see README, "What is promised").

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::DbError;

/// `ATHS`: tells our files from any other SQLite database.
pub const APPLICATION_ID: i32 = 0x4154_4853;
/// Statements each connection keeps prepared; more than all we have.
const STATEMENTS: usize = 256;
const BUSY: Duration = Duration::from_secs(5);
const WRITER_CACHE_KIB: i64 = 4_000;
const IMPORT_CACHE_KIB: i64 = 65_536;
const READER_CACHE_KIB: i64 = 2_000;
/// Pages of 4 KiB in the write-ahead log before it is folded back into the file.
const LOG_PAGES: i64 = 1_000;
const IMPORT_LOG_PAGES: i64 = 16_000;

/// The one connection that writes. Creates the file when it is missing.
pub fn writer(path: &Path) -> Result<Connection, DbError> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(BUSY)?; // before journal_mode: switching it may have to wait
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(DbError::Down(format!("journal mode is {mode}, not WAL")));
    }
    common(&conn)?;
    forgetful(&conn)?;
    writer_as_usual(&conn)?;
    conn.pragma_update(None, "journal_size_limit", 8_388_608)?;
    Ok(conn)
}

/// What is deleted or overwritten is gone from the file, too, not only from its tables: copies of it travel.
fn forgetful(conn: &Connection) -> Result<(), DbError> {
    Ok(conn.pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(()))?)
}

/// A connection to a file that need not outlive it: nothing is waited for, and nothing can be rolled back.
pub fn scratch(path: &Path) -> Result<Connection, DbError> {
    let conn = Connection::open(path)?;
    common_pragmas(&conn)?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
    conn.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    Ok(conn)
}

/// A connection to a copy that is being made ready and is of no use before it is: only what is left at the end counts.
pub fn prepared(path: &Path) -> Result<Connection, DbError> {
    let conn = Connection::open(path)?;
    common_pragmas(&conn)?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(()))?;
    forgetful(&conn)?;
    Ok(conn)
}

/// A page cache, in KiB, that holds what a file of so many bytes is going to touch: the indexes, all over them.
pub fn import_cache_kib(conn: &Connection, file_bytes: u64) -> Result<i64, DbError> {
    let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let incoming = i64::try_from(file_bytes / 1024).unwrap_or(i64::MAX).saturating_mul(5) / 4;
    // Of pages of 4 KiB about a quarter is indexes.
    Ok(incoming.saturating_add(pages).clamp(WRITER_CACHE_KIB, IMPORT_CACHE_KIB))
}

/// Prepares the writer for a large import: such a page cache, and a log that grows further before it is folded back, as
/// each slice would write the same pages again.
pub fn writer_for_import(conn: &Connection, cache_kib: i64) -> Result<(), DbError> {
    conn.pragma_update(None, "cache_size", -cache_kib)?;
    Ok(conn.pragma_update(None, "wal_autocheckpoint", IMPORT_LOG_PAGES)?)
}

/// The writer as it is when no import runs.
pub fn writer_as_usual(conn: &Connection) -> Result<(), DbError> {
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    Ok(conn.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?)
}

/// A connection that can only read.
pub fn reader(path: &Path) -> Result<Connection, DbError> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare_reader(&conn)?;
    Ok(conn)
}

/// A connection to a file that nobody writes and that has no log beside it: no lock is taken and nothing is created.
pub fn sealed(path: &Path) -> Result<Connection, DbError> {
    let whole = std::path::absolute(path).map_err(DbError::disk)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(format!("{}?immutable=1", uri(&whole, cfg!(windows))), flags)?;
    prepare_reader(&conn)?;
    Ok(conn)
}

/// An absolute path as SQLite reads it in a URI (<https://sqlite.org/uri.html>): of Windows, its drive stands behind a slash.
fn uri(path: &Path, is_of_windows: bool) -> String {
    let name = path.to_string_lossy();
    let name = if is_of_windows {
        // Windows itself writes paths so that it has made canonical, and takes no slashes in them.
        let plain = match name.strip_prefix(r"\\?\UNC\") {
            Some(share) => format!(r"\\{share}"),
            None => name.strip_prefix(r"\\?\").unwrap_or(&name).to_owned(),
        };
        let plain = plain.replace('\\', "/");
        if plain.starts_with('/') { plain } else { format!("/{plain}") }
    } else {
        name.into_owned()
    };
    format!("file://{}", name.replace('%', "%25").replace('?', "%3f").replace('#', "%23"))
}

/// The settings of a reader, for connections that a pool opened.
pub fn prepare_reader(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(BUSY)?;
    common_pragmas(conn)?;
    conn.pragma_update(None, "query_only", true)?;
    conn.pragma_update(None, "cache_size", -READER_CACHE_KIB)
}

fn common(conn: &Connection) -> Result<(), DbError> {
    common_pragmas(conn)?;
    let synchronous: i64 = conn.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if synchronous != 2 {
        return Err(DbError::Down(format!("synchronous is {synchronous}, not FULL; an answer would promise too much")));
    }
    Ok(())
}

fn common_pragmas(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // A row that another one replaces is deleted: that counts as a change.
    conn.pragma_update(None, "recursive_triggers", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "mmap_size", 0)?;
    // macOS acknowledges an ordinary fsync before the disk has the data.
    conn.pragma_update(None, "fullfsync", true)?;
    conn.pragma_update(None, "checkpoint_fullfsync", true)
}

#[cfg(test)]
mod tests;
