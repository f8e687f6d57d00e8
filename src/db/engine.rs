//! What is open: pools of readers, and for the owner of the file its writer and its publisher.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::OpenFlags;

use super::mailbox::Mailbox;
use super::publisher::{Demand, Publisher};
use super::start::{self, Ready};
use super::writer::{First, Writer};
use super::{Changes, DbError, Files, MAX_EXPORTS, MAX_READERS, Pool, connect};

pub(super) struct Engine {
    pub readers: Pool,
    pub exporters: Pool,
    pub writer: Option<Mailbox>,
    pub demand: Arc<Demand>,
    threads: Mutex<Option<(Publisher, Writer)>>,
}

impl Engine {
    pub(super) fn start(files: &Files, ready: Ready, changes: Arc<Changes>) -> Result<Engine, DbError> {
        let demand = Arc::new(Demand::default());
        let first: First = if ready.is_adopted {
            let files = files.clone();
            Box::new(move |conn| start::finish_adopting(&files, conn))
        } else {
            Box::new(|_| Ok(()))
        };
        let has_epoch = super::begin_epoch(&ready.conn)?;
        let is_published = ready.is_published && !has_epoch;
        if !is_published {
            demand.committed();
        }
        let writer = Writer::start(ready.conn, files.live(), changes, demand.clone(), first);
        let publisher = Publisher::start(files.clone(), writer.mailbox().clone(), demand.clone(), is_published);
        Ok(Engine {
            readers: pool(&files.live(), MAX_READERS, 1)?,
            exporters: pool(&files.live(), MAX_EXPORTS, 0)?,
            writer: Some(writer.mailbox().clone()),
            demand,
            threads: Mutex::new(Some((publisher, writer))),
        })
    }

    pub(super) fn beside(path: &Path) -> Result<Engine, DbError> {
        Ok(Engine {
            readers: pool(path, MAX_READERS, 1)?,
            exporters: pool(path, MAX_EXPORTS, 0)?,
            writer: None,
            demand: Arc::default(),
            threads: Mutex::default(),
        })
    }

    /// Ends publisher and writer after what is queued. True when the published file holds everything.
    pub fn finish(&self) -> bool {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner).take();
        threads.is_some_and(|(publisher, writer)| {
            let is_complete = publisher.finish();
            writer.stop();
            is_complete
        })
    }

    /// Ends publisher and writer after what is queued, and leaves the published file as it is. `last` is done by the
    /// writer before it ends.
    pub fn abandon(&self, last: impl FnOnce(&Mailbox) -> Result<(), DbError>) -> Result<(), DbError> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((publisher, writer)) = threads.take() else { return Err(DbError::Stopped) };
        publisher.leave();
        let outcome = last(writer.mailbox());
        writer.stop();
        outcome
    }
}

/// Connections are tested before each use, and closed after half a minute without any.
fn pool(path: &Path, most: u32, idle: u32) -> Result<Pool, DbError> {
    let manager = SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(|conn| connect::prepare_reader(conn));
    Ok(r2d2::Pool::builder()
        .max_size(most)
        .min_idle(Some(idle))
        .idle_timeout(Some(std::time::Duration::from_secs(30)))
        .connection_timeout(std::time::Duration::from_secs(5))
        .test_on_check_out(true)
        .error_handler(Box::new(r2d2::NopErrorHandler))
        .build(manager)?)
}
