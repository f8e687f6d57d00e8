//! How far imports are: what a page shows while one runs, and how somebody stops it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde::Serialize;
use tokio::sync::watch;

use super::report::Tally;
use crate::db::{Db, DbError};
use crate::http::reply::Reply;

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Phase {
    /// Another import is running; this one is next.
    Waiting,
    /// Rows are read and stored.
    Importing,
    /// All rows are read; what is left is the report.
    Finishing,
    Done,
    /// Nothing was stored, because the file cannot be used or the disk failed.
    Failed,
    /// Somebody stopped it; nothing was stored.
    Cancelled,
}

impl Phase {
    const ALL: [Phase; 6] =
        [Phase::Waiting, Phase::Importing, Phase::Finishing, Phase::Done, Phase::Failed, Phase::Cancelled];

    pub fn is_over(self) -> bool {
        matches!(self, Phase::Done | Phase::Failed | Phase::Cancelled)
    }
}

/// One import under way. Its numbers are written by the writer and read by whoever watches.
#[derive(Debug)]
pub struct Progress {
    pub import_id: i64,
    total_bytes: u64,
    total_rows: AtomicU64,
    phase: AtomicU8,
    rows: AtomicU64,
    imported: AtomicU64,
    failed: AtomicU64,
    bytes: AtomicU64,
    is_cancelled: AtomicBool,
    started: Instant,
    over: watch::Sender<bool>,
    stopped: watch::Sender<bool>,
    /// The answer of one that has ended, until the history has it.
    answer: Mutex<Option<Reply>>,
}

/// How far an import is at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Snapshot {
    pub import_id: i64,
    pub phase: Phase,
    pub rows_read: u64,
    /// About how many rows there are
    pub total_rows: u64,
    pub imported: u64,
    pub failed: u64,
    pub bytes: u64,
    pub total_bytes: u64,
    /// Milliseconds left, as far as the rows so far tell; null until they do
    pub eta_ms: Option<u64>,
    pub elapsed_ms: u64,
}

impl Progress {
    pub fn new(import_id: i64, total_bytes: u64) -> Arc<Progress> {
        Arc::new(Progress {
            import_id,
            total_bytes,
            total_rows: AtomicU64::new(0),
            phase: AtomicU8::new(Phase::Waiting as u8),
            rows: AtomicU64::new(0),
            imported: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            is_cancelled: AtomicBool::new(false),
            started: Instant::now(),
            over: watch::Sender::new(false),
            stopped: watch::Sender::new(false),
            answer: Mutex::new(None),
        })
    }

    pub fn phase(&self) -> Phase {
        Phase::ALL[usize::from(self.phase.load(Relaxed))]
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Relaxed);
        if phase.is_over() {
            self.over.send_replace(true);
        }
    }

    pub(super) fn expect_rows(&self, rows: u64) {
        self.total_rows.store(rows, Relaxed);
    }

    pub(super) fn report(&self, so_far: Tally, bytes: u64) {
        self.rows.store(so_far.rows(), Relaxed);
        self.imported.store(so_far.imported, Relaxed);
        self.failed.store(so_far.failed, Relaxed);
        self.bytes.store(bytes.min(self.total_bytes), Relaxed);
    }

    /// Asks the import to stop; it does so between two rows. Too late when it has ended.
    pub fn cancel(&self) -> bool {
        self.is_cancelled.store(true, Relaxed);
        self.stopped.send_replace(true);
        !self.phase().is_over()
    }

    /// Whether somebody has asked it to stop.
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Relaxed)
    }

    /// Waits until somebody asks it to stop.
    pub async fn stopped(&self) {
        let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Waits until the import has ended, one way or another.
    pub async fn over(&self) {
        let mut over = self.over.subscribe();
        // The sender lives as long as self.
        let _ = over.wait_for(|over| *over).await;
    }

    pub fn answer(&self) -> Option<Reply> {
        self.answer.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    pub(super) fn answered(&self, reply: Reply) {
        *self.answer.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(reply);
    }

    pub fn snapshot(&self) -> Snapshot {
        let (phase, rows, total) = (self.phase(), self.rows.load(Relaxed), self.total_rows.load(Relaxed));
        let elapsed_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let left = total.saturating_sub(rows);
        let eta_ms = match phase {
            Phase::Importing if rows > 0 => Some(elapsed_ms.saturating_mul(left) / rows),
            Phase::Finishing | Phase::Done | Phase::Failed | Phase::Cancelled => Some(0),
            Phase::Waiting | Phase::Importing => None,
        };
        Snapshot {
            import_id: self.import_id,
            phase,
            rows_read: rows,
            total_rows: total.max(rows),
            imported: self.imported.load(Relaxed),
            failed: self.failed.load(Relaxed),
            bytes: if phase == Phase::Done { self.total_bytes } else { self.bytes.load(Relaxed) },
            total_bytes: self.total_bytes,
            eta_ms,
            elapsed_ms,
        }
    }
}

/// Ended imports that are remembered beside the history: the answer of one that failed is nowhere else.
const REMEMBERED: usize = 100;

/// The imports of this process by their id. Ids are given out before the first row is stored, so that an import can be
/// watched and stopped from its beginning.
#[derive(Debug, Default)]
pub struct Registry {
    last: AtomicI64,
    running: Mutex<BTreeMap<i64, Arc<Progress>>>,
}

impl Registry {
    /// Gives an import of so many bytes its id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn enter(&self, db: &Db, total_bytes: u64) -> Result<Arc<Progress>, DbError> {
        let stored = db.read_blocking(super::history::last_id)?;
        let mut running = self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let id = stored.max(self.last.load(Relaxed)) + 1;
        self.last.store(id, Relaxed);
        while running.len() >= REMEMBERED {
            let Some(oldest) = running.iter().find(|(_, one)| one.phase().is_over()).map(|(id, _)| *id) else { break };
            running.remove(&oldest);
        }
        let progress = Progress::new(id, total_bytes);
        running.insert(id, progress.clone());
        Ok(progress)
    }

    /// Cancels whatever can still be cancelled.
    pub fn cancel_all(&self) {
        for one in self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).values() {
            one.cancel();
        }
    }

    pub fn find(&self, id: i64) -> Option<Arc<Progress>> {
        self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&id).cloned()
    }
}
