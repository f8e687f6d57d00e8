//! A complete copy of the live store as it is at one moment: one file that needs nothing beside it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, named_params};

use super::files::{flush, private, remove, rename, sync_folder};
use super::pace::Pace;
use super::{DbError, Files, Tx, checks, connect, seal};

/// Pages of 4 KiB copied, and had on the disk, at a time: whoever saves waits behind no more than that …
const STEP: i32 = 32;
/// … unless the disk is so slow that the copy would get old.
const LONG_STEP: i32 = 256;
const SLOW: Duration = Duration::from_millis(3);
/// How long a rename is tried again while another program holds the file (Windows).
const HELD: Duration = Duration::from_secs(2);

/// What a copy is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Running,
    /// The last one before the end: nothing can have been written after it.
    Closing,
    Backup,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Kind::Running => "running",
            Kind::Closing => "closing",
            Kind::Backup => "backup",
        }
    }
}

/// Rows of `publish` that are kept.
const REMEMBERED: i64 = 1_000;

/// Leaves a new stamp in the store, which the copy will carry.
pub(super) fn stamp(tx: &mut Tx<'_>, kind: Kind) -> Result<String, DbError> {
    tx.housekeeping();
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| DbError::Down(error.to_string()))?;
    let stamp: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = "INSERT INTO publish (stamp, seal, kind, done) VALUES (:stamp, zeroblob(32), :kind, 0)";
    tx.conn().prepare_cached(sql)?.execute(named_params! { ":stamp": stamp, ":kind": kind.as_str() })?;
    let sql = "DELETE FROM publish WHERE no <= (SELECT max(no) FROM publish) - ?1";
    tx.conn().prepare_cached(sql)?.execute([REMEMBERED])?;
    Ok(stamp)
}

/// Notes that the copy with this stamp has become the published file.
pub(super) fn mark_done(tx: &mut Tx<'_>, stamp: &str) -> Result<(), DbError> {
    tx.housekeeping();
    tx.conn().prepare_cached("UPDATE publish SET done = 1 WHERE stamp = ?1")?.execute([stamp])?;
    Ok(())
}

/// Copies what `source` sees into `to`, checks and seals the copy, and has it on the disk.
///
/// # Errors
/// When there is no room, the store cannot be read, or the copy fails its checks; `to` is then gone.
pub(super) fn write(source: &Connection, stamp: &str, to: &Path, pace: Pace) -> Result<(), DbError> {
    let written = try_write(source, stamp, to, pace);
    if written.is_err() {
        let _ = remove(to);
    }
    written
}

fn try_write(source: &Connection, stamp: &str, to: &Path, mut pace: Pace) -> Result<(), DbError> {
    remove(to).map_err(DbError::disk)?;
    let file = private().open(to).map_err(DbError::disk)?;
    let mut copy = connect::scratch(to)?;
    // One read transaction for all steps: otherwise every commit in between begins the copy anew.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
    let copied = steps(source, &mut copy, &file, &mut pace);
    source.execute_batch("ROLLBACK")?;
    copied?;
    drop(copy);
    seal(&file, to, stamp, &mut pace)
}

/// Writes everything that the live store holds to `kept`, while nobody saves.
///
/// # Errors
/// As [`write`].
pub(super) fn keep(files: &Files, stamp: &str, kept: &Path) -> Result<(), DbError> {
    write(&connect::reader(&files.live())?, stamp, &files.coming(), Pace::hurried())?;
    put_in_place(&files.coming(), kept).map_err(DbError::disk)
}

/// Seals a copy that holds this stamp, checks it, and has it on the disk.
pub(super) fn seal(file: &File, path: &Path, stamp: &str, pace: &mut Pace) -> Result<(), DbError> {
    seal::put(path, stamp, || pace.breathe()).map_err(DbError::disk)?;
    let sealed = connect::sealed(path)?;
    pace.set_for(&sealed)?;
    for check in [checks::quick(&sealed)?, checks::invariants(&sealed)?] {
        if !check.ok {
            return Err(DbError::Down(format!("the copy is not sound: {}", check.detail)));
        }
    }
    flush(file, path).map_err(DbError::disk)
}

/// Copies all that `source` sees.
pub(super) fn steps(source: &Connection, copy: &mut Connection, file: &File, pace: &mut Pace) -> Result<(), DbError> {
    let backup = Backup::new(source, copy)?;
    let mut pages = STEP;
    loop {
        match backup.step(pages)? {
            StepResult::Done => return Ok(()),
            StepResult::More if pace.is_gentle() => {
                // Little by little: all of it at the end would make everybody's COMMIT wait behind it.
                let began = Instant::now();
                file.sync_data().map_err(DbError::disk)?;
                pages = if began.elapsed() < SLOW { STEP } else { LONG_STEP.min(pages * 2) };
                pace.breathe();
            }
            StepResult::More => {}
            // Somebody holds a lock, for a moment.
            _ => std::thread::sleep(SLOW),
        }
    }
}

/// Puts a finished copy in its place, durably. What was there is there until the moment the new one is.
pub(super) fn put_in_place(from: &Path, to: &Path) -> io::Result<()> {
    if let Ok(before) = std::fs::metadata(to) {
        std::fs::set_permissions(from, before.permissions())?;
    }
    let started = Instant::now();
    loop {
        match rename(from, to) {
            Err(_) if cfg!(windows) && started.elapsed() < HELD => std::thread::sleep(Duration::from_millis(50)),
            other => break other?,
        }
    }
    sync_folder(to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

#[cfg(test)]
mod tests;
