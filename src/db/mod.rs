//! The store: one SQLite file, one writer thread, many readers.
//!
//! [`Db::write`] runs a closure on the writer thread and answers after the COMMIT. [`Db::read`] runs a closure on
//! a pooled read-only connection, all of its SELECTs seeing the same moment. Exports have a small pool of their
//! own, so that a slow download never starves the scoreboard.
//!
//! What SQLite works on is the live store (see [`Files`]); [`publisher`] keeps `NAME.db` a complete copy of it, which
//! people may copy at any time, and [`start`] decides which of the two counts when they differ.

mod change_log;
mod changes;
pub mod checks;
mod connect;
mod engine;
mod error;
mod files;
mod look;
mod mailbox;
mod memo;
mod migrate;
mod news;
mod open;
mod origin;
mod pace;
mod pin;
mod place;
mod publisher;
mod reader;
mod replace;
mod retire;
mod scratch;
mod seal;
mod snapshot;
mod start;
mod trouble;
mod tx;
mod writer;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::Connection;

use change_log::begin_epoch;
pub use change_log::{log_changes, log_ranges, logs_changes, newest_change};
pub use changes::{Changes, Entity, Touched};
pub use connect::{APPLICATION_ID, import_cache_kib, writer_as_usual, writer_for_import};
pub use error::{DbError, is_unique_violation};
pub use files::Files;
pub use look::{look, strangers};
pub use memo::{Memo, Moment as TableMoment};
pub use migrate::{Found, identify, newest as newest_schema};
pub use news::{Change, Deed, News, Told};
pub use open::{Access, OpenError, create_missing, schema_differences};
pub use origin::Origin;
pub use pin::Pinned;
pub use publisher::Published;
pub use reader::Reader;
pub use scratch::Scratch;
pub use seal::check as check_seal;
pub use start::{Prefer, take_put_back};
pub use tx::Tx;
pub use writer::WriterStats;

use engine::Engine;
use files::Lock;
use mailbox::Mailbox;

/// Most connections that read for requests at a time.
pub const MAX_READERS: u32 = 30;
/// Most exports at a time.
const MAX_EXPORTS: u32 = 4;
/// A statement of a request may take this long.
const STATEMENT_LIMIT: Duration = Duration::from_secs(5);
/// A read that takes longer is logged with its route.
const SLOW_READ: Duration = Duration::from_millis(100);

type Pool = r2d2::Pool<SqliteConnectionManager>;

/// Handle to the store; cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    files: Files,
    stage: RwLock<Stage>,
    changes: Arc<Changes>,
    origin: Origin,
    /// Held while a backup is being put in place.
    replacing: Mutex<()>,
    /// None beside the process that writes.
    lock: Option<Lock>,
}

/// What can be done with the store at the moment.
enum Stage {
    Open(Arc<Engine>),
    /// A backup takes its place.
    Restoring,
    Closed,
}

/// What the pool and the writer are doing, for the health page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    pub in_use: u32,
    pub idle: u32,
    pub queued: usize,
    pub commits: u64,
    pub last_commit_ms: f64,
    pub writer_down: bool,
    /// The newest write found no room
    pub disk_full: bool,
}

impl Load {
    /// Whether something can be saved at the moment.
    pub fn is_writable(&self) -> bool {
        !self.writer_down && !self.disk_full
    }
}

impl Db {
    pub fn files(&self) -> &Files {
        &self.inner.files
    }

    pub fn changes(&self) -> &Changes {
        &self.inner.changes
    }

    /// Where the data of this start came from.
    pub fn origin(&self) -> &Origin {
        &self.inner.origin
    }

    /// How the published file is; nothing is known of it beside the process that writes.
    pub fn published(&self) -> Published {
        self.engine().map(|engine| engine.demand.facts()).unwrap_or_default()
    }

    /// Waits until the published file holds everything that is saved. For threads that may wait.
    ///
    /// # Errors
    /// Why it could not be brought up to date.
    pub fn publish_now(&self) -> Result<(), DbError> {
        self.engine()?.demand.publish_now()
    }

    fn engine(&self) -> Result<Arc<Engine>, DbError> {
        match &*self.inner.stage.read().unwrap_or_else(PoisonError::into_inner) {
            Stage::Open(engine) => Ok(engine.clone()),
            Stage::Restoring => Err(DbError::Restoring),
            Stage::Closed => Err(DbError::Stopped),
        }
    }

    fn enter(&self, stage: Stage) -> Stage {
        std::mem::replace(&mut *self.inner.stage.write().unwrap_or_else(PoisonError::into_inner), stage)
    }

    /// Reads on a pooled connection, in one deferred transaction.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let db = self.clone();
        let request = crate::logs::current_request();
        tokio::task::spawn_blocking(move || {
            let started = Instant::now();
            let result = db.read_blocking(f);
            if started.elapsed() > SLOW_READ {
                tracing::warn!(duration_ms = started.elapsed().as_millis() as u64, %request, "slow query");
            }
            result
        })
        .await
        .unwrap_or_else(|_| Err(DbError::Panicked.into()))
    }

    /// As [`Db::read`], for threads that may wait.
    pub fn read_blocking<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E>,
        E: From<DbError>,
    {
        let conn = self.engine()?.readers.get().map_err(DbError::from)?;
        let deadline = Instant::now() + STATEMENT_LIMIT;
        conn.progress_handler(100_000, Some(move || Instant::now() > deadline)).map_err(DbError::from)?;
        at_one_moment(&conn, f)
    }

    /// A connection for a long export.
    pub fn export_reader(&self) -> Result<Reader, DbError> {
        Reader::begin(self.engine()?.exporters.get()?)
    }

    /// Writes in a savepoint of the next transaction; answers after its COMMIT.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let answer = self.with_writer(|writer| writer.shared(f))?;
        answer.await.map_err(|_| E::from(DbError::Stopped))?
    }

    /// As [`Db::write`], for threads that may wait.
    pub fn write_blocking<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let answer = self.with_writer(|writer| writer.shared(f))?;
        answer.blocking_recv().map_err(|_| E::from(DbError::Stopped))?
    }

    /// Writes in a transaction of its own, kept only when `f` answers `Ok`. For imports: no savepoint has to
    /// remember the pages it touches. Other writes wait meanwhile.
    pub fn write_alone_blocking<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let answer = self.with_writer(|writer| writer.alone(f))?;
        answer.blocking_recv().map_err(|_| E::from(DbError::Stopped))?
    }

    fn with_writer<T>(&self, f: impl FnOnce(&Mailbox) -> Result<T, DbError>) -> Result<T, DbError> {
        self.engine()?.writer.as_ref().ok_or(DbError::Stopped).and_then(f)
    }

    /// How many writes wait for their turn.
    pub fn waiting(&self) -> usize {
        self.with_writer(|writer| Ok(writer.queued())).unwrap_or(0)
    }

    pub fn load(&self) -> Load {
        let pool = self.engine().map(|engine| engine.readers.state());
        let (open, idle) = pool.map_or((0, 0), |state| (state.connections, state.idle_connections));
        let numbers = self.with_writer(|writer| {
            let stats = writer.stats();
            Ok((writer.queued(), stats.commits(), stats.last_commit_ms(), stats.is_down(), stats.is_full()))
        });
        // Whoever only reads beside a server has no writer, and misses none.
        let (queued, commits, last_commit_ms, writer_down, disk_full) =
            numbers.unwrap_or((0, 0, 0.0, self.inner.lock.is_some(), false));
        Load { in_use: open - idle, idle, queued, commits, last_commit_ms, writer_down, disk_full }
    }

    /// Writes something that changes nothing, to see whether there is room again.
    ///
    /// # Errors
    /// Why nothing can be saved.
    pub async fn try_writing(&self) -> Result<(), DbError> {
        let sql = "UPDATE meta SET value = value WHERE key = 'audit_count'";
        self.write(move |tx| {
            tx.housekeeping();
            Ok(tx.conn().execute(sql, []).map(drop)?)
        })
        .await
    }

    /// Waits until the store is lost: a failure after which it could not be opened again.
    pub async fn lost(&self) {
        while !self.with_writer(|writer| Ok(writer.stats().is_lost())).unwrap_or(false) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Gives the pages that connections cache back to the system, for a server nobody uses.
    pub fn shrink(&self) {
        let _ = self.with_writer(|writer| {
            writer.shrink();
            Ok(())
        });
        let Ok(engine) = self.engine() else { return };
        let idle = engine.readers.state().idle_connections;
        let held: Vec<_> = (0..idle).filter_map(|_| engine.readers.try_get()).collect();
        for conn in &held {
            let _ = conn.execute_batch("PRAGMA shrink_memory");
            conn.flush_prepared_statement_cache();
        }
    }

    /// Finishes the queued writes, publishes them, and leaves just the one file. Later calls answer
    /// [`DbError::Stopped`].
    pub fn close(&self) {
        if let Stage::Open(engine) = self.enter(Stage::Closed) {
            self.inner.finish(engine);
        }
    }
}

impl Inner {
    fn new(files: Files, engine: Engine, changes: Arc<Changes>, origin: Origin, lock: Option<Lock>) -> Inner {
        let stage = RwLock::new(Stage::Open(Arc::new(engine)));
        Inner { files, stage, changes, origin, replacing: Mutex::default(), lock }
    }

    fn finish(&self, engine: Arc<Engine>) {
        let Some(lock) = &self.lock else { return };
        let is_complete = engine.finish();
        drop(engine);
        if !is_complete {
            let folder = self.files.live_folder();
            tracing::error!("the newest changes are only in {}; start athsys again to finish", folder.display());
        } else if let Err(error) = self.files.remove_live_folder(lock) {
            tracing::warn!("the working folder could not be removed: {error}");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let stage = std::mem::replace(self.stage.get_mut().unwrap_or_else(PoisonError::into_inner), Stage::Closed);
        if let Stage::Open(engine) = stage {
            // Waiting is not allowed on the threads of a runtime, where a failing start may leave us.
            std::thread::scope(|scope| scope.spawn(|| self.finish(engine)).join()).unwrap_or_else(|_| {
                tracing::error!("the database was not closed in order");
            });
        }
    }
}

fn at_one_moment<T, E: From<DbError>>(conn: &Connection, f: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
    let run = |sql| conn.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map_err(DbError::from);
    run("BEGIN")?;
    let result = f(conn);
    // A read transaction has nothing to lose; leaving it open would stop checkpoints.
    run("ROLLBACK")?;
    result
}

#[cfg(test)]
mod tests;
