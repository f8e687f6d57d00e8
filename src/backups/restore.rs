//! The way back: a verified backup takes the place of the database, and what was there becomes a backup itself.

use serde::Serialize;

use super::name::{self, Reason};
use super::{Backup, BackupError, Backups};
use crate::audit::{Actor, Entry, Verb};
use crate::auth::sessions;
use crate::imports;
use crate::verify::{Contents, verify};

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

/// Puts a backup in place of the database. Everybody is signed out, and the log says what was replaced by what, before
/// anybody sees the new data. For threads that may wait; nothing else may be writing for long, such as an import.
///
/// # Errors
/// When the backup does not hold, or what is there now could not be kept; nothing has happened then.
pub fn restore(backups: &Backups, backup: &Backup, by: &Actor) -> Result<Restored, BackupError> {
    let path = backups.shelf.path(&backup.name);
    let report = verify(&path);
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
        "backup": backup.name, "sha256": backup.sha256, "created_at": backup.created_at, "inside": report.contents,
        "replaced": before, "kept": kept,
    });
    db.replace_with(&path, &backups.shelf.part(&kept), |tx| {
        sessions::end_all(tx, newest_token)?;
        Entry::about(Verb::Restore, "backup").details(&details).write(tx, by)
    })?;
    // The backup may be of the middle of an import.
    imports::recover(db)?;
    let kept = backups.shelf.admit(&kept)?;
    let after = db.read_blocking(Contents::of)?;
    tracing::warn!(backup = backup.name, kept = kept.name, "the database was replaced by a backup");
    Ok(Restored { before, after, kept })
}
