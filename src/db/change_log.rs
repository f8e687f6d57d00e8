//! The log of changed rows, written by triggers (`migrations/V5__sync.sql`): switched on once somebody wants to read it.

use rusqlite::{Connection, OptionalExtension};

use super::DbError;

/// How many epochs are kept; an older one means that everything is sent anew.
const MOST_EPOCHS: i64 = 1_000;

/// The number of the newest entry there ever was.
pub fn newest_change(conn: &Connection) -> Result<i64, DbError> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'change_log'";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Whether changes are written down.
pub fn logs_changes(conn: &Connection) -> Result<bool, DbError> {
    let sql = "SELECT mode <> 0 FROM change_switch";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Starts or stops writing changes down. What was written before says nothing about the time between, so it goes.
pub fn log_changes(conn: &Connection, on: bool) -> Result<(), DbError> {
    if logs_changes(conn)? != on {
        forget_changes(conn)?;
        conn.execute("UPDATE change_switch SET mode = ?1", [on])?;
        begin_epoch(conn)?;
    }
    Ok(())
}

/// Forgets all changes: whoever has read them so far has to read everything.
fn forget_changes(conn: &Connection) -> Result<(), DbError> {
    Ok(conn.execute_batch("DELETE FROM change_log; DELETE FROM change_epochs;")?)
}

/// Marks that from here on the log is this process's: at every start, and when a restored file takes the place of
/// another. Positions in a history that was never this file's are known by it. False: no changes are written down.
pub(super) fn begin_epoch(conn: &Connection) -> Result<bool, DbError> {
    if !logs_changes(conn)? {
        return Ok(false);
    }
    let sql = "
        INSERT INTO change_epochs (id, first_seq, started_at) VALUES (lower(hex(randomblob(16))), ?1, ?2)";
    conn.execute(sql, (newest_change(conn)? + 1, crate::time::now_ms()))?;
    let sql = "DELETE FROM change_epochs WHERE no <= (SELECT max(no) FROM change_epochs) - ?1";
    conn.execute(sql, [MOST_EPOCHS])?;
    Ok(true)
}

/// Inside a transaction of an import: new rows are not written down one by one but, by the trigger on `import_ranges`,
/// as ranges. To be turned off again before the transaction ends.
pub fn log_ranges(conn: &Connection, on: bool) -> Result<(), DbError> {
    let sql = "UPDATE change_switch SET mode = ?1 WHERE mode = ?2";
    conn.prepare_cached(sql)?.execute(if on { (2, 1) } else { (1, 2) })?;
    Ok(())
}
