//! `athsys backup` and `athsys restore`: copies without a server, and beside one as far as that is possible.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::{Failure, Outcome, args, open_own, print_data, say};
use crate::audit::Actor;
use crate::backups::{self, BackupError, Backups, Reason, Source};
use crate::config::ConfigFile;
use crate::db::{Access, Db, Files, OpenError};
use crate::verify::{Fault, verify};

/// The folder of backups by flag, environment and file.
fn options(flags: &args::BackupDir, file: ConfigFile) -> backups::Options {
    backups::Options { folder: flags.backup_dir.clone().or(file.backup_dir), ..backups::Options::default() }
}

pub fn backup(files: &Files, file: ConfigFile, asked: &args::Backup) -> Outcome {
    let db = Db::open(files.clone(), Access::Beside).map_err(|error| Failure::open(files, &error))?;
    let (path, made) = match &asked.destination {
        Some(destination) => {
            refuse_to_overwrite(files, destination)?;
            backups::make_at(&db, destination)
        }
        None => {
            let backups = Backups::new(db, &options(&asked.backups, file));
            backups.make(Reason::Manual).map(|made| (backups.shelf().path(&made.name), made))
        }
    }
    .map_err(|error| Failure::new(format!("No backup was made: {}", backups::in_words(&error))))?;
    if asked.json {
        return print_data(&format!("{}\n", json!({"file": path.display().to_string(), "backup": made})));
    }
    say(format_args!("{} is made and verified, {} bytes, SHA-256 {}", path.display(), made.size_bytes, digest(&made)));
    Ok(ExitCode::SUCCESS)
}

fn digest(backup: &backups::Backup) -> &str {
    backup.sha256.as_deref().unwrap_or_default()
}

/// A backup may replace an older one, but nothing else.
fn refuse_to_overwrite(files: &Files, destination: &Path) -> Result<(), Failure> {
    let shown = destination.display();
    let Ok(there) = fs::canonicalize(destination) else { return Ok(()) };
    if fs::canonicalize(files.database()).is_ok_and(|database| database == there) {
        return Err(Failure::new(format!("{shown} is the database itself; choose another place for its backup")));
    }
    if there.starts_with(fs::canonicalize(files.live_folder()).unwrap_or_else(|_| files.live_folder())) {
        return Err(Failure::new(format!("{shown} belongs to the running server; choose another place")));
    }
    let is_other = matches!(verify(&there).fault, Some(Fault::NotADatabase | Fault::OtherApplication));
    if there.is_file() && is_other && fs::metadata(&there).is_ok_and(|meta| meta.len() > 0) {
        return Err(Failure::new(format!("{shown} is there already, and is no backup of athsys; choose another name")));
    }
    Ok(())
}

const INSTEAD: &str = "Restore it in the dashboard, under Backups, or stop that one first.";

pub fn restore(files: &Files, file: ConfigFile, asked: &args::Restore) -> Outcome {
    let options = options(&asked.backups, file);
    let folder = options.folder.clone().unwrap_or_else(|| files.backups());
    let path = find(&asked.backup, &folder)?;
    let shown = asked.backup.display();
    let report = verify(&path);
    if !report.ok() {
        return Err(Failure::new(format!("Cannot restore {shown}: {}. Nothing was changed", report.faults())));
    }
    let (db, aside) = opened(files)?;
    let backups = Backups::new(db.clone(), &options);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = Source { path: &path, name: &name, sha256: None };
    let restored = backups::restore(&backups, &source, &Actor::console());
    db.close();
    let restored = restored.map_err(|error: BackupError| {
        Failure::new(format!("{shown} was not restored: {}", backups::in_words(&error)))
    })?;
    let kept = backups.shelf().path(&restored.kept.name);
    if asked.json {
        let done = json!({
            "database": files.database().display().to_string(), "backup": path.display().to_string(),
            "before": restored.before, "after": restored.after, "kept": kept.display().to_string(),
            "set_aside": aside.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
        });
        return print_data(&format!("{done}\n"));
    }
    say(format_args!("{} is as in {shown} now; everybody signs in again.", files.database().display()));
    for (name, count) in &restored.after.record_counts {
        let before = restored.before.record_counts.get(name).copied().unwrap_or(0);
        say(format_args!("{name}: {count} (there were {before})"));
    }
    say(format_args!("What was there before is kept as {}.", kept.display()));
    for path in aside {
        say(format_args!("What could not be opened is kept as {}.", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// A path, or the name of a backup with or without its ending.
fn find(asked: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let mut with_ending = asked.as_os_str().to_owned();
    with_ending.push(".db");
    let places = [asked.to_owned(), folder.join(asked), folder.join(with_ending)];
    places.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let shown = asked.display();
        Failure::new(format!("There is no backup {shown}, neither as a file nor in {}", folder.display()))
    })
}

/// The database that is to be replaced. What cannot be opened is what backups are for: it is set aside.
fn opened(files: &Files) -> Result<(Db, Vec<PathBuf>), Failure> {
    match Db::open(files.clone(), Access::Own) {
        Ok(db) => Ok((db, Vec::new())),
        Err(OpenError::InUse) => Err(Failure::in_use(files, INSTEAD)),
        Err(OpenError::Damaged(_) | OpenError::Foreign | OpenError::Newer { .. } | OpenError::Migration(_)) => {
            let aside = files.set_aside()?;
            Ok((open_own(files, INSTEAD)?, aside))
        }
        Err(other) => Err(Failure::open(files, &other)),
    }
}
