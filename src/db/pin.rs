//! One moment of the database, held while others go on writing, and a copy of it.

use std::path::Path;

use rusqlite::Connection;

use super::files::{private, remove};
use super::pace::Pace;
use super::snapshot::{self, Kind};
use super::{Db, DbError, Reader, Tx, connect};

/// What was there at one moment. As long as it is held the log grows, so it is not held for longer than a copy takes.
pub struct Pinned {
    reader: Reader,
}

impl Db {
    /// Holds this moment; takes no time. Beside a server it is that of its live store.
    ///
    /// # Errors
    /// When no connection is free in time, or the store cannot be read.
    pub fn pin(&self) -> Result<Pinned, DbError> {
        let reader = self.export_reader()?;
        // A transaction sees the moment of its first look.
        let pinned = Pinned { reader };
        pinned.reader.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(pinned)
    }
}

impl Pinned {
    /// Reads what there was.
    pub fn conn(&self) -> &Connection {
        &self.reader
    }

    /// Writes a complete copy, checked, sealed and on the disk. It bears a stamp of its own, so that it is known as a
    /// backup wherever it is put.
    ///
    /// # Errors
    /// When there is no room, or the store cannot be read; there is nothing at `to` then.
    pub fn copy_to(&self, to: &Path) -> Result<(), DbError> {
        let copied = self.try_copy(to);
        if copied.is_err() {
            let _ = remove(to);
        }
        copied
    }

    fn try_copy(&self, to: &Path) -> Result<(), DbError> {
        remove(to).map_err(DbError::disk)?;
        let file = private().open(to).map_err(DbError::disk)?;
        let mut copy = connect::scratch(to)?;
        let mut pace = Pace::gentle();
        snapshot::steps(&self.reader, &mut copy, &file, &mut pace)?;
        drop(copy);
        let copy = connect::prepared(to)?;
        let stamp = snapshot::stamp(&mut Tx::new(&copy), Kind::Backup)?;
        drop(copy);
        snapshot::seal(&file, to, &stamp, &mut pace)
    }
}
