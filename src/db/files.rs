//! Where the files of a database lie. The only module that knows; everything else asks it.
//!
//! `NAME.db` is a complete copy that is only ever replaced by a rename, so that any tool may copy it at any time. What
//! SQLite writes to lies in the folder `NAME.db.live` beside it, while a server runs or after a crash.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What stands in the working folder, for people who look into it.
const READ_ME: &str = "This folder belongs to a running athsys. Copy the .db file beside it, not this folder: a copy of\n\
what lies here may be broken. The folder goes away when the server is stopped.\n";

/// Letters of the database's name that go into that of a copy.
const LONGEST_STEM: usize = 40;

/// The paths that belong to one database file.
#[derive(Debug, Clone)]
pub struct Files {
    database: PathBuf,
    is_network_allowed: bool,
}

impl Files {
    /// A link is followed, as replacing it would cut it.
    pub fn of(database: &Path) -> Files {
        let is_link = fs::symlink_metadata(database).is_ok_and(|meta| meta.file_type().is_symlink());
        let real = if is_link { fs::canonicalize(database).ok() } else { None };
        Files { database: real.unwrap_or_else(|| database.to_owned()), is_network_allowed: false }
    }

    /// Allows a folder on a network drive, where nothing can be promised.
    #[must_use]
    pub fn also_on_a_network(self, is_allowed: bool) -> Files {
        Files { is_network_allowed: is_allowed, ..self }
    }

    pub(super) fn is_network_allowed(&self) -> bool {
        self.is_network_allowed
    }

    /// The published file: complete, and what people see, copy and put back.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// The name of the file without its ending, in letters that every file system and every address takes.
    pub fn stem(&self) -> String {
        let stem = self.database.file_stem().unwrap_or_default().to_string_lossy();
        let kept = |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '-' };
        let text: String = stem.chars().map(kept).take(LONGEST_STEM).collect();
        let text = text.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        if text.is_empty() { "meet".to_owned() } else { text.to_owned() }
    }

    pub fn exists(&self) -> bool {
        self.database.exists() || self.live().exists()
    }

    /// The folder everything lies in; `.` for a bare file name.
    pub fn folder(&self) -> &Path {
        match self.database.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// True where a program for shared folders is likely to copy the file while it is being written.
    pub fn is_synced(&self) -> bool {
        super::place::is_synced(self.folder())
    }

    /// Where copies are kept, unless somebody chose another place.
    pub fn backups(&self) -> PathBuf {
        self.folder().join("backups")
    }

    pub fn key_file(&self) -> PathBuf {
        self.folder().join("athsys.key")
    }

    /// The authority and the certificate that `--tls` makes, with their keys.
    pub fn certificate_file(&self) -> PathBuf {
        self.folder().join("athsys-tls.pem")
    }

    pub fn config_file(&self) -> PathBuf {
        self.folder().join("athsys.toml")
    }

    /// The name under which this copy of the program, in this folder, sends its changes elsewhere.
    pub fn holder_file(&self) -> PathBuf {
        self.folder().join("athsys.holder")
    }

    /// Who was erased, by numbers alone, so that an older copy does not bring them back.
    pub fn erased_file(&self) -> PathBuf {
        self.with_suffix(".erased")
    }

    /// The working folder.
    pub fn live_folder(&self) -> PathBuf {
        self.with_suffix(".live")
    }

    /// The live store, which only SQLite may open while it is in use.
    pub fn live(&self) -> PathBuf {
        self.live_folder().join("live.db")
    }

    /// The next copy while it is being made.
    pub(super) fn coming(&self) -> PathBuf {
        self.live_folder().join("publish.tmp")
    }

    /// Lies there while the live store is a copy that has not reached the disk, and holds nothing of its own.
    pub(super) fn adopting(&self) -> PathBuf {
        self.live_folder().join("adopting")
    }

    /// The log of the servers of this database.
    pub fn log_file(&self) -> PathBuf {
        self.folder().join("logs").join(format!("{}.log", self.stem()))
    }

    /// The folder of a demo meet that somebody tries beside this one.
    pub fn demo_folder(&self) -> PathBuf {
        self.folder().join(format!("{}-demo", self.stem()))
    }

    /// Where the running server answers, for whoever starts it a second time.
    pub fn address_file(&self) -> PathBuf {
        self.live_folder().join("address")
    }

    /// Writes a small file that only its owner may read.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write_private(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut file = private().truncate(true).open(path)?;
        io::Write::write_all(&mut file, content)
    }

    /// Makes a folder that only its owner may look into, unless it is there.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn make_private_folder(&self, folder: &Path) -> io::Result<()> {
        create_private_folder(folder)
    }

    pub fn wal(&self) -> PathBuf {
        self.live_folder().join("live.db-wal")
    }

    /// Bytes free where the database lies.
    pub fn free_bytes(&self) -> Option<u64> {
        fs4::available_space(self.folder()).ok()
    }

    /// Size of the write-ahead log in bytes, 0 when there is none.
    pub fn wal_bytes(&self) -> u64 {
        fs::metadata(self.wal()).map_or(0, |meta| meta.len())
    }

    /// A name in the folder of backups that is free, for something that was replaced or found.
    pub(super) fn kept_as(&self, reason: &str) -> io::Result<PathBuf> {
        self.free_name(&self.stem(), reason)
    }

    /// As [`Files::kept_as`], for a file of an older schema, which its name tells.
    pub(super) fn kept_of_schema(&self, schema: i32) -> io::Result<PathBuf> {
        self.free_name(&format!("{}-schema-{schema}", self.stem()), "before-migration")
    }

    fn free_name(&self, stem: &str, reason: &str) -> io::Result<PathBuf> {
        create_private_folder(&self.backups())?;
        let base = format!("{stem}-{}-{reason}", crate::time::file_stamp());
        let names = std::iter::once(format!("{base}.db")).chain((2..).map(|n| format!("{base}-{n}.db")));
        Ok(names.map(|name| self.backups().join(name)).find(|path| !path.exists()).expect("there are numbers enough"))
    }

    /// Moves what cannot be opened into the folder of backups, so that a whole one can take its place. Answers where to.
    ///
    /// # Errors
    /// Those of the file system, and where another process has the database.
    pub fn set_aside(&self) -> io::Result<Vec<PathBuf>> {
        let lock = self.lock()?.ok_or_else(|| io::Error::other("another athsys has it"))?;
        let mut moved = Vec::new();
        for path in [self.database.clone(), self.foreign_wal(), self.live(), self.wal()] {
            if path.exists() {
                let to = self.kept_as("damaged")?;
                fs::rename(&path, &to)?;
                moved.push(to);
            }
        }
        self.remove_live_folder(&lock)?;
        Ok(moved)
    }

    fn with_suffix(&self, suffix: &str) -> PathBuf {
        let mut name = self.database.clone().into_os_string();
        name.push(suffix);
        name.into()
    }

    /// The log that an earlier version, or another program, left beside the file.
    pub(super) fn foreign_wal(&self) -> PathBuf {
        self.with_suffix("-wal")
    }

    /// What else may lie beside the file and is of no use: the index of a log, a journal, an earlier version's lock.
    pub(super) fn strangers(&self) -> [PathBuf; 3] {
        ["-shm", "-journal", ".lock"].map(|suffix| self.with_suffix(suffix))
    }

    /// Takes the database for this process until the returned value is dropped. `None`: another process has it.
    pub(super) fn lock(&self) -> io::Result<Option<Lock>> {
        let earlier = self.with_suffix(".lock");
        if earlier.exists() && Lock::take(&earlier)?.is_none() {
            return Ok(None); // an earlier version is running
        }
        create_private_folder(&self.live_folder())?;
        let lock = Lock::take(&self.live_folder().join("lock"))?;
        if lock.is_some() {
            fs::write(self.live_folder().join("README"), READ_ME)?;
        }
        Ok(lock)
    }

    /// True while another process has the database.
    pub fn is_locked(&self) -> bool {
        let path = self.live_folder().join("lock");
        path.exists() && matches!(Lock::take(&path), Ok(None))
    }

    /// Removes the live store, never anything else; the lock stays.
    pub(super) fn clear_live(&self) -> io::Result<()> {
        let live = self.live();
        let of_live = |suffix: &str| {
            let mut name = live.clone().into_os_string();
            name.push(suffix);
            PathBuf::from(name)
        };
        // The store first: a log without its database is never read, a database without its log may be.
        for path in [live.clone(), of_live("-wal"), of_live("-shm"), of_live("-journal"), self.coming()] {
            remove(&path)?;
        }
        remove(&self.adopting())
    }

    /// Removes the working folder while the lock is still held.
    pub(super) fn remove_live_folder(&self, lock: &Lock) -> io::Result<()> {
        self.clear_live()?;
        remove(&self.live_folder().join("README"))?;
        remove(&self.address_file())?;
        // Windows removes nothing that is held. Where another process takes the database in this moment, the rest is its own.
        if cfg!(windows) {
            lock.let_go();
        }
        remove(&self.live_folder().join("lock"))?;
        fs::remove_dir(self.live_folder())
    }
}

/// Removes a file; one that is not there is as good.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Has a file's content on the disk.
pub(super) fn flush(file: &File, path: &Path) -> io::Result<()> {
    note("flush", path);
    file.sync_all()
}

/// Gives a file another name, at once, also where another one has it.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    note("rename", to);
    fs::rename(from, to)
}

/// What was done to the names in a folder is on the disk. Windows does this by itself.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    note("flush", folder);
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
thread_local! {
    /// What this thread has done for files to last, in order: when the power goes, nothing is safe but what came before.
    pub(super) static LASTING: std::cell::RefCell<Vec<(&'static str, PathBuf)>> = std::cell::RefCell::default();
}

#[cfg_attr(not(test), expect(unused_variables, reason = "only tests look"))]
fn note(what: &'static str, path: &Path) {
    #[cfg(test)]
    LASTING.with_borrow_mut(|steps| steps.push((what, path.to_owned())));
}

/// Names and birth dates are nobody else's business on a shared computer.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix says who may look in"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Proof that this process alone writes the database.
#[derive(Debug)]
pub(super) struct Lock {
    file: Mutex<Option<File>>,
}

impl Lock {
    fn let_go(&self) {
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// `None` where somebody else has it. The file goes away with the working folder, so what was locked must still be
    /// what the name stands for.
    fn take(path: &Path) -> io::Result<Option<Lock>> {
        loop {
            let file = match exclusive().open(path) {
                #[cfg(windows)]
                Err(error) if error.raw_os_error() == Some(32) => return Ok(None), // a sharing violation
                other => other?,
            };
            match file.try_lock() {
                Ok(()) if is_still(&file, path) => {
                    return Ok(Some(Lock { file: Mutex::new(Some(file)) }));
                }
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => return Ok(None),
                Err(fs::TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

/// On Windows nobody can remove a file that was opened so.
fn exclusive() -> OpenOptions {
    #[cfg_attr(not(windows), expect(unused_mut, reason = "only Windows asks for more"))]
    let mut options = private();
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    options
}

#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(held), Ok(named)) = (file.metadata(), fs::metadata(path)) else { return false };
    (held.dev(), held.ino()) == (named.dev(), named.ino())
}

#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}
