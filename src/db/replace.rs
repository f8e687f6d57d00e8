//! Putting a backup in place of the store while the server runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::engine::Engine;
use super::files::flush;
use super::mailbox::Mailbox;
use super::migrate::migrate;
use super::snapshot::{self, Kind};
use super::{Db, DbError, Files, Prefer, Stage, Tx, connect, publisher, seal, start};

impl Db {
    /// Puts a verified backup in place of the store. What is there now is written to `kept` first, without loss; `first`
    /// is done in the new store before anybody sees it. Meanwhile everybody gets [`DbError::Restoring`]. For threads that
    /// may wait.
    ///
    /// # Errors
    /// What was in the way; the store is then as it was, or [`DbError::Stopped`] where it could not be opened again.
    pub fn replace_with<F>(&self, backup: &Path, kept: &Path, first: F) -> Result<(), DbError>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<(), DbError>,
    {
        let files = self.files();
        let _turn = self.inner.replacing.try_lock().map_err(|_| DbError::Restoring)?;
        let prepared = prepare(files, backup, first)?;
        let engine = match self.enter(Stage::Restoring) {
            Stage::Open(engine) if engine.writer.is_some() => engine,
            other => {
                self.enter(other);
                return Err(DbError::Stopped);
            }
        };
        let put = engine
            .abandon(|mailbox| keep(mailbox, files, kept))
            .and_then(|()| snapshot::put_in_place(&prepared, files.database()).map_err(DbError::disk));
        drop(engine);
        // From here on the file counts: a crash now ends with the same restore, as no store knows the file's stamp.
        let cleared = put.and_then(|()| clear(files));
        self.open_again().and(cleared)
    }

    fn open_again(&self) -> Result<(), DbError> {
        let opened = start::ready(self.files(), Prefer::default())
            .map_err(|error| DbError::Down(error.to_string()))
            .and_then(|ready| Engine::start(self.files(), ready, self.inner.changes.clone()));
        match opened {
            Ok(engine) => {
                // Whatever was remembered of the old store is stale before the new one is seen.
                self.inner.changes.all_changed();
                self.enter(Stage::Open(Arc::new(engine)));
                self.inner.changes.news().begin_anew();
                Ok(())
            }
            Err(error) => {
                tracing::error!("the database could not be opened again: {error}");
                self.enter(Stage::Closed);
                Err(DbError::Stopped)
            }
        }
    }
}

/// The backup as it will lie in place of the file: in this version's schema, with a stamp that no store knows.
fn prepare<F>(files: &Files, backup: &Path, first: F) -> Result<PathBuf, DbError>
where
    F: FnOnce(&mut Tx<'_>) -> Result<(), DbError>,
{
    let path = files.live_folder().join("restore.tmp");
    super::files::remove(&path).map_err(DbError::disk)?;
    fs::copy(backup, &path).map_err(DbError::disk)?;
    let mut conn = connect::prepared(&path)?;
    migrate(&mut conn).map_err(|error| DbError::Down(error.to_string()))?;
    conn.execute_batch("BEGIN IMMEDIATE")?;
    conn.execute("UPDATE publish SET seal = zeroblob(32) WHERE seal <> zeroblob(32)", [])?;
    let mut tx = Tx::new(&conn);
    first(&mut tx)?;
    let stamp = snapshot::stamp(&mut tx, Kind::Closing)?;
    conn.execute_batch("COMMIT")?;
    drop(conn);
    seal::put(&path, &stamp, || {}).map_err(DbError::disk)?;
    let flushed = fs::OpenOptions::new().write(true).open(&path).and_then(|file| flush(&file, &path));
    flushed.map_err(DbError::disk)?;
    Ok(path)
}

/// Removes the old store. Where it cannot be removed because somebody still reads it (Windows), it is waited for.
fn clear(files: &Files) -> Result<(), DbError> {
    let mut tries = 0;
    while let Err(error) = files.clear_live() {
        tries += 1;
        if tries > 100 {
            return Err(DbError::disk(error));
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Ok(())
}

/// Everything that is saved, in one file.
fn keep(mailbox: &Mailbox, files: &Files, kept: &Path) -> Result<(), DbError> {
    let stamp = publisher::ask(mailbox, |tx| snapshot::stamp(tx, Kind::Backup))?;
    snapshot::keep(files, &stamp, kept)
}

#[cfg(test)]
mod tests;
