//! A folder of backups: what lies there, what is known of it, and how something new comes to lie there.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::BackupError;
use super::name::{self, Reason};
use crate::audit;
use crate::db;
use crate::time::Moment;
use crate::verify::{Contents, Report, verify};

/// Ending of a file that is not complete yet.
const PART: &str = ".part";
const DIGEST: &str = ".sha256";
/// Writing a copy takes at most so long.
const SAME_MS: i64 = 600_000;

/// One backup, as the API lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Backup {
    /// The name without its ending
    pub id: String,
    pub name: String,
    pub size_bytes: u64,
    pub created_at: Moment,
    pub sha256: Option<String>,
    /// manual, automatic, shutdown, before-import, before-delete, before-restore, before-migration, uploaded or other
    #[schema(value_type = String)]
    pub kind: Reason,
    /// Every page, reference and audit row was checked, and the file has not changed since
    pub verified: bool,
    /// Why it is not, in words
    pub problem: Option<String>,
    /// What is inside; null where it cannot be read
    #[serde(flatten)]
    pub contents: Option<Contents>,
}

/// What is known of a file as long as its size and its time stay.
#[derive(Debug, Clone)]
struct Known {
    sha256: Option<String>,
    problem: Option<String>,
    contents: Option<Contents>,
}

/// The folder.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    known: Mutex<HashMap<String, (u64, SystemTime, Known)>>,
}

impl Shelf {
    pub fn new(folder: PathBuf) -> Shelf {
        Shelf { folder, known: Mutex::default() }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where a backup of this name is written until it is complete.
    pub fn part(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{PART}"))
    }

    /// Makes the folder, for this user alone.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn create(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)
    }

    /// All of them, the newest first. What has no digest beside it is verified now, once.
    ///
    /// # Errors
    /// When the folder cannot be read; one that is missing is empty.
    pub fn list(&self) -> io::Result<Vec<Backup>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let Some(name) = name.to_str().filter(|name| name::is_listed(name)) else { continue };
            // One that has gone since is not listed.
            if let Some(backup) = self.look_at(name)? {
                found.push(backup);
            }
        }
        found.sort_by(|a, b| (b.created_at, &b.name).cmp(&(a.created_at, &a.name)));
        self.known().retain(|name, _| found.iter().any(|one| one.name == *name));
        Ok(found)
    }

    /// The backup with this id, or this name.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn find(&self, id: &str) -> io::Result<Option<Backup>> {
        Ok(self.list()?.into_iter().find(|one| one.id == id || one.name == id))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, (u64, SystemTime, Known)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_at(&self, name: &str) -> io::Result<Option<Backup>> {
        let path = self.path(name);
        let meta = match fs::metadata(&path) {
            Ok(meta) if meta.is_file() => meta,
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let (bytes, changed) = (meta.len(), meta.modified()?);
        let remembered = self.known().get(name).filter(|(size, at, _)| (*size, *at) == (bytes, changed)).cloned();
        let known = match remembered {
            Some((_, _, known)) => known,
            None => {
                let known = examine(&path, changed);
                self.known().insert(name.to_owned(), (bytes, changed, known.clone()));
                known
            }
        };
        Ok(Some(described(name, bytes, changed, known)))
    }

    /// Takes a complete file that was written as [`Shelf::part`]: verified, with its digest beside it, under its name.
    ///
    /// # Errors
    /// Where it does not hold it is removed, and the report says why.
    pub fn admit(&self, name: &str) -> Result<Backup, BackupError> {
        let report = verify(&self.part(name));
        if !report.ok() {
            let _ = fs::remove_file(self.part(name));
            return Err(BackupError::Unsound(report));
        }
        self.admit_verified(name, report)
    }

    fn admit_verified(&self, name: &str, report: Report) -> Result<Backup, BackupError> {
        let part = self.part(name);
        let file = writable(&part)?;
        let sha256 = sha256(&file)?;
        file.sync_all()?;
        drop(file);
        let (path, meta) = (self.path(name), fs::metadata(&part)?);
        write_digest(&path, name, &sha256)?;
        fs::rename(&part, &path)?;
        sync(&self.folder)?;
        let known = Known { sha256: Some(sha256), problem: None, contents: report.contents };
        let (bytes, changed) = (meta.len(), meta.modified()?);
        self.known().insert(name.to_owned(), (bytes, changed, known.clone()));
        Ok(described(name, bytes, changed, known))
    }

    /// A copy of a verified file that lies elsewhere.
    ///
    /// # Errors
    /// Those of the file system, and where what was written is not what was read.
    pub fn copy(&self, from: &Path, backup: &Backup) -> Result<(), BackupError> {
        let part = self.part(&backup.name);
        let copied = fs::copy(from, &part).and_then(|_| {
            let file = writable(&part)?;
            file.sync_all()?;
            sha256(&file)
        });
        match copied {
            Ok(digest) if Some(&digest) == backup.sha256.as_ref() => {}
            other => {
                let _ = fs::remove_file(&part);
                other?;
                return Err(io::Error::other("what was written is not what was read").into());
            }
        }
        let report = Report { checks: Vec::new(), fault: None, contents: backup.contents.clone() };
        self.admit_verified(&backup.name, report).map(drop)
    }

    /// Removes a backup and its digest.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))?;
        remove_if_there(&digest_path(&self.path(name)))
    }

    /// Removes what a crash left half written.
    pub fn tidy(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_half = name.strip_suffix(".tmp").unwrap_or(&name).ends_with(PART);
            let is_alone = name.strip_suffix(DIGEST).is_some_and(|of| name::is_listed(of) && !self.path(of).exists());
            if is_half || is_alone {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn described(name: &str, bytes: u64, changed: SystemTime, known: Known) -> Backup {
    let (kind, named) = name::read_name(name);
    let changed = changed.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let changed = Moment(i64::try_from(changed).unwrap_or(i64::MAX));
    // The file's own time is finer than that in its name, but a copy may have lost it.
    let created_at = named.filter(|named| (changed.0 - named.0).abs() > SAME_MS).unwrap_or(changed);
    Backup {
        id: name.strip_suffix(name::ENDING).unwrap_or(name).to_owned(),
        name: name.to_owned(),
        size_bytes: bytes,
        created_at,
        sha256: known.sha256,
        kind,
        verified: known.problem.is_none(),
        problem: known.problem,
        contents: known.contents,
    }
}

/// A file that has not changed since its digest was written was verified then. Another is verified now.
fn examine(path: &Path, changed: SystemTime) -> Known {
    let unread = |error: &dyn std::fmt::Display| Known {
        sha256: None,
        problem: Some(format!("it cannot be read: {error}")),
        contents: None,
    };
    let sha256 = match read_digest(path) {
        Some((digest, at)) if at >= changed => Ok(digest),
        _ => File::open(path).and_then(|file| sha256(&file)),
    };
    let sha256 = match sha256 {
        Ok(sha256) => sha256,
        Err(error) => return unread(&error),
    };
    match read_digest(path) {
        Some((digest, _)) if digest == sha256 => match db::look(path).and_then(|conn| Contents::of(&conn)) {
            Ok(contents) => Known { sha256: Some(sha256), problem: None, contents: Some(contents) },
            Err(error) => unread(&error),
        },
        Some(_) => {
            let problem = Some("it is not as it was when its digest was written: it was damaged or changed".to_owned());
            Known { sha256: Some(sha256), problem, contents: verify(path).contents }
        }
        None => {
            let report = verify(path);
            if report.ok() {
                // Where it cannot be written, the next start verifies again.
                let _ = write_digest(path, &path.file_name().unwrap_or_default().to_string_lossy(), &sha256);
            }
            let problem = (!report.ok()).then(|| report.faults());
            Known { sha256: Some(sha256), problem, contents: report.contents }
        }
    }
}

fn digest_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(DIGEST);
    name.into()
}

/// The digest beside a file as `sha256sum` writes it, and when it was written.
fn read_digest(path: &Path) -> Option<(String, SystemTime)> {
    let beside = digest_path(path);
    let text = fs::read_to_string(&beside).ok()?;
    let digest = text.split_whitespace().next()?.to_ascii_lowercase();
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let at = fs::metadata(&beside).ok()?.modified().ok()?;
    is_digest.then_some((digest, at))
}

fn write_digest(path: &Path, name: &str, sha256: &str) -> io::Result<()> {
    fs::write(digest_path(path), format!("{sha256}  {name}\n"))
}

/// SHA-256 of a file, in hex.
fn sha256(mut file: &File) -> io::Result<String> {
    use std::io::Seek;
    file.rewind()?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(audit::hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// Windows has on the disk only what somebody may write.
fn writable(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).open(path)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Has the names in a folder on the disk. Windows does this by itself.
fn sync(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
