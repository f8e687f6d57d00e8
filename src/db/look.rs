//! A database file that is only looked at: a copy, a backup, something that came from elsewhere.

use std::path::Path;

use rusqlite::Connection;

use super::migrate::migrated_to;
use super::{DbError, connect, newest_schema};

/// Opens a file for reading, and leaves it exactly as it is. One that lies alone is taken as complete: SQLite then makes
/// no files beside it and waits for nobody. Beside a write-ahead log that holds something, the two are read together.
///
/// # Errors
/// When the file cannot be opened. Whether it is a database shows at the first query.
pub fn look(path: &Path) -> Result<Connection, DbError> {
    if has_log(path) { connect::reader(path) } else { connect::sealed(path) }
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|meta| meta.len() > 0)
}

/// Triggers, views and virtual tables that no version of this program makes, one sentence each. They would run when the
/// rest of the file is used.
///
/// # Errors
/// When the file cannot be read.
pub fn strangers(conn: &Connection) -> Result<Vec<String>, DbError> {
    let own = active(&migrated_to(newest_schema())?)?;
    let strange = active(conn)?.into_iter().filter(|object| !own.contains(object));
    Ok(strange.map(|(kind, name, _)| format!("the {kind} {name} is not of athsys")).collect())
}

/// Type, name and text of what does something by itself. Virtual tables are those without a page of their own.
fn active(conn: &Connection) -> Result<Vec<(String, String, String)>, DbError> {
    let sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema
        WHERE type IN ('trigger', 'view') OR (type = 'table' AND coalesce(rootpage, 0) = 0)";
    let mut statement = conn.prepare(sql)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
