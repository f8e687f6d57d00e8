//! The log of changes as the copy reads it: positions, what comes after one, rows set aside.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use super::tables::{TABLES, number_of};
use crate::db::{DbError, newest_change};

/// A point in the history of a database: an entry of the log within an epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub epoch: String,
    pub seq: i64,
}

/// Why everything is sent, not only what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was sent before.
    First,
    /// PostgreSQL is at a point that this file never was at, as after the restore of an older copy.
    OtherHistory,
    /// The entries after that point are no longer kept.
    Forgotten,
    /// The tables there have changed, or personal data is sent that was not, or no longer.
    OtherColumns,
    Asked,
}

impl Reason {
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::First => "nothing was sent before",
            Reason::OtherHistory => "what is there is not from this file's past, as after a restore",
            Reason::Forgotten => "the changes since then are no longer kept",
            Reason::OtherColumns => "other columns are sent than before",
            Reason::Asked => "somebody asked for it",
        }
    }
}

/// Entries of the log, each row once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub rows: [BTreeSet<i64>; TABLES.len()],
    /// Table, first and last key.
    pub ranges: Vec<(usize, i64, i64)>,
    /// The newest entry in it.
    pub last_seq: i64,
    pub entries: usize,
}

/// The id of the database as PostgreSQL writes it.
pub fn db_id(conn: &Connection) -> Result<String, DbError> {
    let hex: String = conn.query_row("SELECT value FROM meta WHERE key = 'db_id'", [], |row| row.get(0))?;
    match (hex.get(..8), hex.get(8..12), hex.get(12..16), hex.get(16..20), hex.get(20..)) {
        (Some(a), Some(b), Some(c), Some(d), Some(e)) => Ok(format!("{a}-{b}-{c}-{d}-{e}")),
        _ => Err(DbError::Down("the id of the database is damaged; `athsys new-identity` gives it another".into())),
    }
}

/// Gives the database an id of its own; for a file that was copied to become another meet.
pub fn new_db_id(conn: &Connection) -> Result<(), DbError> {
    conn.execute("UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = 'db_id'", [])?;
    Ok(conn.execute_batch("DELETE FROM sync_seen; DELETE FROM sync_errors;")?)
}

/// The position of an entry, or of the start of the log where there is none before it.
pub fn position_of(conn: &Connection, seq: i64) -> Result<Position, DbError> {
    let sql = "SELECT id FROM change_epochs ORDER BY first_seq > ?1, abs(first_seq - ?1), no DESC LIMIT 1";
    let epoch = conn.prepare_cached(sql)?.query_row([seq], |row| row.get(0))?;
    Ok(Position { epoch, seq })
}

/// Whether what comes after a position can be read from the log; otherwise why not.
pub fn judge(conn: &Connection, there: &Position) -> Result<Result<(), Reason>, DbError> {
    let sql = "
        SELECT first_seq, (SELECT min(later.first_seq) FROM change_epochs later WHERE later.no > this.no)
        FROM change_epochs this WHERE id = ?1";
    let known = conn.prepare_cached(sql)?.query_row([&there.epoch], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((first, next)) = known else { return Ok(Err(Reason::OtherHistory)) };
    let (first, next): (i64, Option<i64>) = (first, next);
    let newest = newest_change(conn)?;
    let last = next.map_or(newest, |next| next - 1);
    if there.seq > last || there.seq < first - 1 {
        return Ok(Err(Reason::OtherHistory));
    }
    let oldest: Option<i64> =
        conn.prepare_cached("SELECT min(seq) FROM change_log")?.query_row([], |row| row.get(0))?;
    if there.seq + 1 < oldest.unwrap_or(newest + 1) {
        return Ok(Err(Reason::Forgotten));
    }
    Ok(Ok(()))
}

/// The next entries after a position, at most `limit`. A range ends the batch: it may stand for many rows.
pub fn batch(conn: &Connection, after: i64, limit: usize) -> Result<Batch, DbError> {
    let sql = "SELECT seq, tbl, pk, pk_to FROM change_log WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut entries = statement.query((after, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut batch = Batch { last_seq: after, ..Batch::default() };
    while let Some(entry) = entries.next()? {
        batch.last_seq = entry.get(0)?;
        batch.entries += 1;
        let table = number_of(entry.get_ref(1)?.as_str().unwrap_or_default());
        let (first, last): (i64, Option<i64>) = (entry.get(2)?, entry.get(3)?);
        match (table, last) {
            (Some(table), None) => drop(batch.rows[table].insert(first)),
            (Some(table), Some(last)) => {
                batch.ranges.push((table, first, last));
                break;
            }
            (None, _) => {}
        }
    }
    Ok(batch)
}

/// Changed rows after a position, and since when the first of them waits (Unix milliseconds).
pub fn waiting(conn: &Connection, after: i64) -> Result<(i64, Option<i64>), DbError> {
    let sql = "SELECT coalesce(sum(1 + coalesce(pk_to - pk, 0)), 0) FROM change_log WHERE seq > ?1";
    let rows = conn.prepare_cached(sql)?.query_row([after], |row| row.get(0))?;
    let sql = "SELECT at FROM change_log WHERE seq > ?1 ORDER BY seq LIMIT 1";
    Ok((rows, conn.prepare_cached(sql)?.query_row([after], |row| row.get(0)).optional()?))
}

/// How far the copy was when this was last written down.
pub fn seen(conn: &Connection) -> Result<Option<(Position, i64)>, DbError> {
    let sql = "SELECT epoch, last_seq, at FROM sync_seen";
    let read = |row: &rusqlite::Row<'_>| Ok((Position { epoch: row.get(0)?, seq: row.get(1)? }, row.get(2)?));
    Ok(conn.prepare_cached(sql)?.query_row([], read).optional()?)
}

pub fn note_seen(conn: &Connection, position: &Position, at_ms: i64) -> Result<(), DbError> {
    let sql = "INSERT INTO sync_seen (only_row, epoch, last_seq, at) VALUES (1, ?1, ?2, ?3)
        ON CONFLICT (only_row) DO UPDATE SET epoch = excluded.epoch, last_seq = excluded.last_seq, at = excluded.at";
    conn.prepare_cached(sql)?.execute((&position.epoch, position.seq, at_ms))?;
    Ok(())
}

/// A row that PostgreSQL refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    pub table: usize,
    pub key: i64,
    pub message: String,
}

/// All rows set aside.
pub fn set_aside(conn: &Connection) -> Result<Vec<SetAside>, DbError> {
    let mut statement = conn.prepare_cached("SELECT tbl, pk, message FROM sync_errors ORDER BY tbl, pk")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(table) = number_of(row.get_ref(0)?.as_str().unwrap_or_default()) {
            found.push(SetAside { table, key: row.get(1)?, message: row.get(2)? });
        }
    }
    Ok(found)
}

/// Replaces the rows set aside by others.
pub fn replace_set_aside(conn: &Connection, rows: &[SetAside], at_ms: i64) -> Result<(), DbError> {
    conn.execute("DELETE FROM sync_errors", [])?;
    let mut insert = conn.prepare_cached("INSERT INTO sync_errors (tbl, pk, message, at) VALUES (?1, ?2, ?3, ?4)")?;
    for row in rows {
        insert.execute((TABLES[row.table].name, row.key, &row.message, at_ms))?;
    }
    Ok(())
}

/// Entries are kept so long, and so many of them, whatever PostgreSQL has; in milliseconds and entries.
const KEPT_MS: i64 = 7 * 24 * 3_600_000;
const KEPT_ENTRIES: i64 = 100_000;
/// Entries deleted in one write job.
const AT_ONCE: i64 = 5_000;

/// Forgets entries that nobody needs any more: sent, old, and not among the newest. Answers whether there may be more.
pub fn prune(conn: &Connection, sent: i64, now_ms: i64) -> Result<bool, DbError> {
    let upto = sent.min(newest_change(conn)? - KEPT_ENTRIES);
    let sql = "DELETE FROM change_log WHERE seq IN
        (SELECT seq FROM change_log WHERE seq <= ?1 AND at < ?2 ORDER BY seq LIMIT ?3)";
    let gone = conn.execute(sql, (upto, now_ms - KEPT_MS, AT_ONCE))?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone == AT_ONCE))
}

#[cfg(test)]
mod tests;
