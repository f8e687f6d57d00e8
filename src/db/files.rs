//! Where the files of a database lie. The only module that knows; everything else asks it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The paths that belong to one database file.
#[derive(Debug, Clone)]
pub struct Files {
    database: PathBuf,
}

impl Files {
    pub fn of(database: &Path) -> Files {
        Files { database: database.to_owned() }
    }

    /// The file SQLite opens.
    pub fn database(&self) -> &Path {
        &self.database
    }

    pub fn exists(&self) -> bool {
        self.database.exists()
    }

    /// The folder everything lies in; `.` for a bare file name.
    pub fn folder(&self) -> &Path {
        match self.database.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    pub fn key_file(&self) -> PathBuf {
        self.folder().join("athsys.key")
    }

    pub fn config_file(&self) -> PathBuf {
        self.folder().join("athsys.toml")
    }

    fn lock_file(&self) -> PathBuf {
        self.with_suffix(".lock")
    }

    pub fn wal(&self) -> PathBuf {
        self.with_suffix("-wal")
    }

    fn with_suffix(&self, suffix: &str) -> PathBuf {
        let mut name = self.database.clone().into_os_string();
        name.push(suffix);
        name.into()
    }

    /// Takes the database for this process until the returned value is dropped. `None`: another process has it.
    /// The lock file stays behind on purpose: deleting it would let two processes hold two files of one name.
    pub fn lock(&self) -> io::Result<Option<Lock>> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.lock_file())?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Size of the write-ahead log in bytes, 0 when there is none.
    pub fn wal_bytes(&self) -> u64 {
        std::fs::metadata(self.wal()).map_or(0, |meta| meta.len())
    }
}

/// Proof that this process alone writes the database.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}
