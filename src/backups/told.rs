//! What went wrong with a backup, for people: no paths, and what to do.

use super::BackupError;
use crate::db::DbError;

/// A sentence without its stop.
pub fn in_words(error: &BackupError) -> String {
    match error {
        BackupError::Unsound(report) => format!("the copy does not hold: {}", report.faults()),
        BackupError::Db(DbError::DiskFull) => "the disk is full".to_owned(),
        BackupError::Db(error) => error.to_string(),
        BackupError::Io(error) => match error.kind() {
            std::io::ErrorKind::NotFound => "the folder is not there; plug the stick in".to_owned(),
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                "the folder cannot be written".to_owned()
            }
            std::io::ErrorKind::StorageFull => "the disk is full".to_owned(),
            _ => format!("the file system refused: {error}"),
        },
    }
}
