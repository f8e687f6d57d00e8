//! The way back: a verified backup takes the place of the database, and what was there becomes a backup itself.

use std::path::Path;

use serde::Serialize;

use super::name::{self, Reason};
use super::{Backup, BackupError, Backups};
use crate::audit::{Actor, Entry, Verb};
use crate::auth::sessions;
use crate::verify::{Contents, verify};
use crate::{imports, privacy};

/// What a restore did.
#[derive(Debug, Clone, Serialize)]
pub struct Restored {
    /// What was there before
    pub before: Contents,
    /// What is there now
    pub after: Contents,
    /// The backup that holds what was replaced
    pub kept: Backup,
}

/// A file that is to take the place of the database.
pub struct Source<'s> {
    pub path: &'s Path,
    /// What it is called, for the log
    pub name: &'s str,
    pub sha256: Option<&'s str>,
}

/// Puts a backup in place of the database. Everybody is signed out, and the log says what was replaced by what, before
/// anybody sees the new data. For threads that may wait; nothing else may be writing for long, such as an import.
///
/// # Errors
/// When the backup does not hold, or what is there now could not be kept; nothing has happened then.
pub fn restore(backups: &Backups, source: &Source<'_>, by: &Actor) -> Result<Restored, BackupError> {
    let report = verify(source.path);
    if !report.ok() {
        return Err(BackupError::Unsound(report));
    }
    let _turn = backups.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    backups.shelf.create()?;
    let db = &backups.db;
    let before = db.read_blocking(Contents::of)?;
    let newest_token = db.read_blocking(sessions::newest_token_version)?;
    let kept = name::new_name(backups.shelf.folder(), &db.files().stem(), Reason::BeforeRestore);
    let details = serde_json::json!({
        "backup": source.name, "sha256": source.sha256, "inside": report.contents,
        "replaced": before, "kept": kept,
    });
    let erased = privacy::list::known(db)?;
    db.replace_with(source.path, &backups.shelf.part(&kept), |tx| {
        sessions::end_all(tx, newest_token)?;
        privacy::list::forget_again(tx, &erased)?;
        Entry::about(Verb::Restore, "backup").details(&details).write(tx, by)
    })?;
    // The backup may be of the middle of an import.
    imports::recover(db)?;
    privacy::list::keep(db)?;
    let kept = backups.shelf.admit(&kept)?;
    let after = db.read_blocking(Contents::of)?;
    tracing::warn!(backup = source.name, kept = kept.name, "the database was replaced by a backup");
    Ok(Restored { before, after, kept })
}
