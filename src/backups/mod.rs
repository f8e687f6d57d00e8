//! Backups: verified copies of the database, made by themselves and when somebody asks, and the way back to one.
//!
//! A backup is written as `NAME.part`, verified, given a digest beside it, and only then its name: whatever has a name
//! ending in `.db` was whole when it got it. [`Backups`] makes them; [`Shelf`] is a folder of them.

mod inside;
mod keep;
mod name;
mod put_back;
mod restore;
mod routes;
mod shelf;
mod told;
mod upload;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::audit;
use crate::db::{Db, DbError, Pinned};
use crate::state::App;
use crate::time::{self, Moment};
use crate::verify::Report;

pub use name::Reason;
pub use put_back::settle_put_back;
pub use restore::{Restored, Source, restore};
pub use routes::{MEDIA_TYPE, routes};
pub use shelf::{Backup, Shelf};
pub use told::in_words;

/// While something changes, a backup is made this often.
pub const EVERY: Duration = Duration::from_secs(300);
/// How often it is looked whether the second folder has the newest backup.
const LOOK: Duration = Duration::from_secs(15);
/// Moments that are held at a time; each takes a connection for long work.
const MOST_HELD: usize = 2;

/// Where backups go, and how often.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Instead of the folder `backups` beside the database
    pub folder: Option<PathBuf>,
    /// A second place, such as a stick
    pub copy: Option<PathBuf>,
    /// Instead of [`EVERY`]
    pub every: Option<Duration>,
}

/// Why there is no backup, or no way back to one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{}", .0.faults())]
    Unsound(Report),
    #[error("{0}")]
    Db(#[from] DbError),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The backups of one database.
pub struct Backups {
    db: Db,
    shelf: Shelf,
    second: Option<Shelf>,
    every: Duration,
    started: Instant,
    /// One backup at a time.
    turn: Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The newest one that holds, as far as is known.
    newest: Option<Backup>,
    /// The folder has been looked through.
    is_known: bool,
    last_try: Option<Instant>,
    error: Option<String>,
    second_error: Option<String>,
    /// Moments that are held until their turn comes.
    held: usize,
}

impl Backups {
    pub fn new(db: Db, options: &Options) -> Backups {
        let folder = options.folder.clone().unwrap_or_else(|| db.files().backups());
        let second = options.copy.clone().map(Shelf::new);
        if let Some(second) = &second
            && let Err(error) = std::fs::create_dir(second.folder())
            && error.kind() != io::ErrorKind::AlreadyExists
        {
            // Only in a place that is there: a stick that is not plugged in is no folder to make.
            tracing::debug!("the second folder is not there yet: {error}");
        }
        Backups {
            db,
            shelf: Shelf::new(folder),
            second,
            every: options.every.unwrap_or(EVERY),
            started: Instant::now(),
            turn: Mutex::default(),
            state: Mutex::default(),
        }
    }

    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a backup of this moment. For threads that may wait.
    ///
    /// # Errors
    /// When there is no room, the store cannot be read, or the copy does not hold.
    pub fn make(&self, reason: Reason) -> Result<Backup, BackupError> {
        let pinned = self.db.pin()?;
        self.make_of(&pinned, reason)
    }

    /// Makes a backup unless the newest one holds everything.
    ///
    /// # Errors
    /// As [`Backups::make`].
    pub fn make_if_changed(&self, reason: Reason) -> Result<Option<Backup>, BackupError> {
        self.make_of_changed(&self.db.pin()?, reason)
    }

    fn make_of_changed(&self, pinned: &Pinned, reason: Reason) -> Result<Option<Backup>, BackupError> {
        // Every change leaves an audit row.
        let now = audit::head(pinned.conn())?;
        let newest = self.newest()?.and_then(|one| one.contents).map(|contents| contents.audit_head);
        if newest == Some(now) { Ok(None) } else { self.make_of(pinned, reason).map(Some) }
    }

    /// Keeps the present moment before something large is done to it. The copy is written while that goes on already: what
    /// it sees is what was there before.
    pub fn before(self: &Arc<Self>, reason: Reason) {
        if self.state().held == MOST_HELD {
            // Several at once: there will be a backup of the moment before the first of them.
            return;
        }
        let backups = self.clone();
        let begun = self.db.pin().map_err(BackupError::from).and_then(|pinned| {
            let work = move || {
                if let Err(error) = backups.make_of_changed(&pinned, reason) {
                    backups.failed(&error);
                }
                drop(pinned);
                backups.state().held -= 1;
            };
            self.state().held += 1;
            let begun = std::thread::Builder::new().name("backup".into()).spawn(work);
            begun.map(drop).inspect_err(|_| self.state().held -= 1).map_err(BackupError::from)
        });
        if let Err(error) = begun {
            self.failed(&error);
        }
    }

    /// The newest one that holds.
    fn newest(&self) -> Result<Option<Backup>, BackupError> {
        {
            let state = self.state();
            if state.is_known {
                return Ok(state.newest.clone());
            }
        }
        let newest = self.shelf.list()?.into_iter().find(|one| one.verified);
        let mut state = self.state();
        (state.newest, state.is_known) = (newest.clone(), true);
        Ok(newest)
    }

    /// The newest one that holds, as far as is known already.
    pub fn last(&self) -> Option<Backup> {
        self.state().newest.clone()
    }

    fn make_of(&self, pinned: &Pinned, reason: Reason) -> Result<Backup, BackupError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let made = self.write(pinned, reason);
        match &made {
            Ok(backup) => {
                tracing::info!(name = backup.name, bytes = backup.size_bytes, "backup made and verified");
                self.succeeded(backup);
            }
            Err(error) => self.failed(error),
        }
        made
    }

    fn write(&self, pinned: &Pinned, reason: Reason) -> Result<Backup, BackupError> {
        self.shelf.create()?;
        write_to(&self.shelf, &name::new_name(self.shelf.folder(), &self.db.files().stem(), reason), pinned)
    }

    fn succeeded(&self, backup: &Backup) {
        {
            let mut state = self.state();
            (state.newest, state.is_known) = (Some(backup.clone()), true);
            (state.error, state.last_try) = (None, Some(Instant::now()));
        }
        self.copy_to_second(Some(backup));
        self.retain(&self.shelf);
    }

    fn failed(&self, error: &BackupError) {
        let words = told::in_words(error);
        let mut state = self.state();
        if state.error.as_ref() != Some(&words) {
            tracing::error!("no backup was made: {error}");
        }
        (state.error, state.last_try) = (Some(words), Some(Instant::now()));
    }

    /// Removes what the rules of [`keep`] do not keep.
    fn retain(&self, shelf: &Shelf) {
        let Ok(backups) = shelf.list() else { return };
        let items: Vec<keep::Item> = backups
            .iter()
            .map(|one| keep::Item {
                name: one.name.clone(),
                reason: one.kind,
                created_ms: one.created_at.0,
                bytes: one.size_bytes,
                is_verified: one.verified,
            })
            .collect();
        let taken = items.iter().map(|item| item.bytes).sum();
        let room = keep::room(fs4::available_space(shelf.folder()).ok(), taken);
        for name in keep::surplus(&items, room) {
            match shelf.remove(&name) {
                Ok(()) => tracing::debug!(name, "an old backup was removed"),
                Err(error) => tracing::warn!(name, "an old backup could not be removed: {error}"),
            }
        }
    }

    /// Brings a backup, usually the newest, to the second folder where there is one. One at a time.
    fn copy_to_second(&self, backup: Option<&Backup>) {
        let Some(second) = &self.second else { return };
        let copied = self.bring(second, backup);
        let words = copied.as_ref().err().map(told::in_words);
        let mut state = self.state();
        match (&words, &state.second_error) {
            (None, Some(_)) => tracing::info!("backups reach the second folder again"),
            (Some(_), None) => {
                let error = copied.err().map(|error| error.to_string()).unwrap_or_default();
                tracing::error!("backups do not reach {}: {error}", second.folder().display());
            }
            _ => {}
        }
        state.second_error = words;
    }

    fn bring(&self, second: &Shelf, backup: Option<&Backup>) -> Result<(), BackupError> {
        // A stick that is not there must not become a folder of the same name.
        std::fs::metadata(second.folder())?;
        let newest = if backup.is_none() { self.newest()? } else { None };
        let Some(backup) = backup.or(newest.as_ref()).filter(|one| self.shelf.path(&one.name).exists()) else {
            return Ok(());
        };
        if second.find(&backup.name)?.is_some_and(|there| there.verified && there.sha256 == backup.sha256) {
            return Ok(());
        }
        second.copy(&self.shelf.path(&backup.name), backup)?;
        self.retain(second);
        Ok(())
    }

    /// When the next one is made by itself, if something has changed by then.
    fn due(&self) -> Instant {
        self.state().last_try.unwrap_or(self.started) + self.every
    }

    /// What a server does now and then.
    fn round(&self) {
        if self.due() <= Instant::now() {
            self.state().last_try = Some(Instant::now());
            if let Err(error) = self.make_if_changed(Reason::Automatic) {
                self.failed(&error);
            }
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.copy_to_second(None);
    }

    /// The last one before the server ends, behind those that are under way.
    pub fn at_shutdown(&self) {
        drop(self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        if let Err(error) = self.make_if_changed(Reason::Shutdown) {
            self.failed(&error);
        }
    }

    /// What stands in the way of backups, one sentence each.
    pub fn problems(&self) -> Vec<String> {
        let state = self.state();
        let own = state.error.iter().map(|error| format!("the last backup failed: {error}"));
        let second = state.second_error.iter().map(|error| format!("backups do not reach the second folder: {error}"));
        own.chain(second).collect()
    }

    /// [`Backups::due`], for people.
    fn next_at(&self) -> Moment {
        let left = self.due().saturating_duration_since(Instant::now());
        Moment(time::now_ms() + i64::try_from(left.as_millis()).unwrap_or(i64::MAX))
    }
}

fn write_to(shelf: &Shelf, name: &str, pinned: &Pinned) -> Result<Backup, BackupError> {
    pinned.copy_to(&shelf.part(name))?;
    shelf.admit(name)
}

/// Writes a backup to a place of somebody's choice: into a folder, or as this file. A file that is there already is
/// replaced by the complete one.
///
/// # Errors
/// As [`Backups::make`].
pub fn make_at(db: &Db, destination: &Path) -> Result<(PathBuf, Backup), BackupError> {
    let pinned = db.pin()?;
    let (folder, name) = if destination.is_dir() {
        (destination, name::new_name(destination, &db.files().stem(), Reason::Manual))
    } else {
        let folder = destination.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        (folder, destination.file_name().unwrap_or_default().to_string_lossy().into_owned())
    };
    let shelf = Shelf::new(folder.to_owned());
    let backup = write_to(&shelf, &name, &pinned)?;
    Ok((shelf.path(&name), backup))
}

/// Makes backups now and then until the server stops.
pub async fn watch(app: App) {
    let backups = app.backups().clone();
    let mut every = tokio::time::interval(LOOK.min(backups.every));
    let first = backups.clone();
    let looked = tokio::task::spawn_blocking(move || {
        first.shelf.tidy();
        if let Err(error) = first.newest() {
            first.failed(&error);
        }
    });
    let _ = looked.await;
    loop {
        every.tick().await;
        let backups = backups.clone();
        if tokio::task::spawn_blocking(move || backups.round()).await.is_err() {
            tracing::error!("the making of backups panicked");
        }
    }
}

/// Keeps the present moment before rows are deleted or overwritten in numbers.
pub async fn before(app: &App, reason: Reason) {
    let backups = app.backups().clone();
    if tokio::task::spawn_blocking(move || backups.before(reason)).await.is_err() {
        tracing::error!("the making of a backup panicked");
    }
}
