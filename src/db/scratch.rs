//! A copy of the database to try things out on: whatever is done to it, nobody waits for it and nothing stays.

use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use tempfile::TempDir;

use super::{Db, DbError, Tx, connect};

/// Pages copied at a time.
const PAGES: i32 = 4_096;

/// The copy; its file goes with the value.
pub struct Scratch {
    conn: Connection,
    _folder: TempDir,
}

impl Scratch {
    /// Copies a database as it is at this moment.
    ///
    /// # Errors
    /// When there is no room for the copy, or the database cannot be read.
    pub fn of(db: &Db) -> Result<Scratch, DbError> {
        let folder = tempfile::tempdir().map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull => DbError::DiskFull,
            _ => DbError::Down(format!("there is no room for a copy: {error}")),
        })?;
        let reader = db.export_reader()?;
        let mut conn = connect::scratch(&folder.path().join("copy.db"))?;
        let copied = Backup::new(&reader, &mut conn)?.run_to_completion(PAGES, Duration::ZERO, None);
        reader.execute_batch("ROLLBACK")?;
        copied?;
        Ok(Scratch { conn, _folder: folder })
    }

    /// Does something in a transaction that is never kept.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn try_out<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> T) -> Result<T, DbError> {
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        Ok(f(&mut Tx::new(&self.conn)))
    }
}
