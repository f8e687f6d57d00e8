//! One thread owns the only connection that writes. Jobs that arrive during a COMMIT share the next one, so
//! `synchronous=FULL` stays cheap; nobody is answered before the COMMIT that made their change durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::mailbox::{Alone, Done, Mailbox, Shared, Work};
use super::publisher::Demand;
use super::trouble::{self, Trouble};
use super::{Changes, DbError};

/// Most jobs that share a COMMIT.
const MAX_BATCH: usize = 64;
/// A job that takes longer is worth a line in the log.
const SLOW: Duration = Duration::from_millis(200);
/// A file that has failed is opened again for so long, at such intervals, before the program gives up.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 20 });
const AGAIN: Duration = Duration::from_millis(250);

/// Numbers of the writer for the health page.
#[derive(Debug, Default)]
pub struct WriterStats {
    commits: AtomicU64,
    last_commit_us: AtomicU64,
    down: AtomicBool,
    full: AtomicBool,
    lost: AtomicBool,
}

impl WriterStats {
    pub fn commits(&self) -> u64 {
        self.commits.load(Relaxed)
    }

    /// Duration of the newest COMMIT in milliseconds.
    pub fn last_commit_ms(&self) -> f64 {
        self.last_commit_us.load(Relaxed) as f64 / 1000.0
    }

    /// True while the database cannot be written.
    pub fn is_down(&self) -> bool {
        self.down.load(Relaxed)
    }

    /// True since a write found no room, until one succeeds again.
    pub fn is_full(&self) -> bool {
        self.full.load(Relaxed)
    }

    /// True when the database could not be opened again after a failure: nothing can be saved until the next start.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Relaxed)
    }
}

pub struct Writer {
    mailbox: Mailbox,
    thread: JoinHandle<()>,
}

impl Writer {
    /// `first` runs in the thread, before the first job, and again before the next one where it failed.
    pub fn start(conn: Connection, path: PathBuf, changes: Arc<Changes>, demand: Arc<Demand>, first: First) -> Writer {
        let stats = Arc::new(WriterStats::default());
        let (mailbox, jobs) = Mailbox::new(stats.clone());
        let mut desk = Desk { conn: Some(conn), path, changes, demand, stats, first: Some(first) };
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || desk.work(jobs))
            .expect("the system has room for one more thread");
        Writer { mailbox, thread }
    }

    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Ends the thread after the jobs that are queued; later ones are refused.
    pub fn stop(self) {
        self.mailbox.stop();
        if self.thread.join().is_err() {
            tracing::error!("the writer thread panicked");
        }
    }
}

pub(super) fn note_slow(started: Instant) {
    if started.elapsed() > SLOW {
        tracing::warn!(duration_ms = started.elapsed().as_millis() as u64, "slow write job");
    }
}

pub(super) fn run(conn: &Connection, sql: &str) -> Result<(), DbError> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Whether the transaction is still what it was before the job: after some failures SQLite takes it back by itself, and
/// whatever followed would be committed piece by piece.
fn going_on(conn: &Connection, trouble: Option<Trouble>) -> Result<(), DbError> {
    match trouble {
        Some(trouble) => Err(trouble.error()),
        None if conn.is_autocommit() => Err(DbError::Down("the transaction was taken back".into())),
        None => Ok(()),
    }
}

/// What has to be done before anything can be promised.
pub type First = Box<dyn Fn(&Connection) -> Result<(), DbError> + Send>;

/// What the writer thread holds.
struct Desk {
    conn: Option<Connection>,
    path: PathBuf,
    changes: Arc<Changes>,
    demand: Arc<Demand>,
    first: Option<First>,
    stats: Arc<WriterStats>,
}

impl Desk {
    fn work(&mut self, mut jobs: mpsc::Receiver<Work>) {
        if let Err(error) = self.connection().map(drop) {
            tracing::error!("the database is not ready to be written: {error}");
        }
        let mut next = jobs.blocking_recv();
        while let Some(work) = next.take() {
            next = match work {
                Work::Shared(job) => self.batch(job, &mut jobs),
                Work::Alone(job) => self.alone(job),
                Work::Shrink => self.shrink(),
                Work::Stop => break,
            };
            if self.conn.is_none() && !self.open_again(&mut jobs) {
                return;
            }
            if next.is_none() {
                next = jobs.blocking_recv();
            }
        }
        self.close();
    }

    /// Opens the file again after it has failed. Who wants to write meanwhile is refused. False when it is not to be
    /// had any more, or nobody wants it.
    fn open_again(&mut self, jobs: &mut mpsc::Receiver<Work>) -> bool {
        let began = Instant::now();
        loop {
            match trouble::open_again(&self.path) {
                Ok(conn) => {
                    tracing::warn!("the database was opened again and is whole");
                    self.conn = Some(conn);
                    self.stats.down.store(false, Relaxed);
                    return true;
                }
                Err(error) => {
                    tracing::error!("the database cannot be opened again: {error}");
                    if error.is_lasting() || began.elapsed() >= PATIENCE {
                        self.stats.lost.store(true, Relaxed);
                        return false;
                    }
                }
            }
            std::thread::sleep(AGAIN);
            while let Ok(work) = jobs.try_recv() {
                if matches!(work, Work::Stop) {
                    return false;
                }
                work.refuse(&DbError::Down("it is being opened again".into()));
            }
        }
    }

    /// Runs `job` and whatever waits behind it in one transaction. Answers a job that may not share it.
    fn batch(&mut self, job: Shared, jobs: &mut mpsc::Receiver<Work>) -> Option<Work> {
        let (mut first, mut left) = (Some(job), None);
        let mut finished: Vec<Done> = Vec::new();
        let outcome = self.begin().and_then(|conn| {
            let mut next = first.take();
            while let Some(job) = next.take() {
                let done = job(Ok(conn));
                let trouble = done.trouble;
                finished.push(done);
                going_on(conn, trouble)?;
                if finished.len() < MAX_BATCH {
                    match jobs.try_recv() {
                        Ok(Work::Shared(job)) => next = Some(job),
                        Ok(other) => left = Some(other),
                        Err(_) => {}
                    }
                }
            }
            Ok(())
        });
        if let (Err(error), Some(first)) = (&outcome, first) {
            Work::Shared(first).refuse(error);
        }
        let outcome = outcome.and_then(|()| self.commit());
        self.settle(outcome, finished);
        left
    }

    fn alone(&mut self, job: Alone) -> Option<Work> {
        let started = Instant::now();
        let (mut job, mut finished) = (Some(job), None);
        let outcome = self.begin().and_then(|conn| {
            let job = job.take().expect("it runs once");
            finished = catch_unwind(AssertUnwindSafe(|| job(Ok(conn)))).unwrap_or_else(|_| {
                tracing::error!("a write job panicked; its transaction was rolled back");
                None
            });
            going_on(conn, if finished.is_none() { Trouble::of(conn) } else { None })
        });
        if let (Err(error), Some(job)) = (&outcome, job) {
            Work::Alone(job).refuse(error);
        }
        note_slow(started);
        let outcome = match (&finished, outcome) {
            (Some(_), Ok(())) => self.commit(),
            (None, Ok(())) => self.roll_back(),
            (_, failed) => failed,
        };
        self.settle(outcome, finished.into_iter().collect());
        None
    }

    fn begin(&mut self) -> Result<&Connection, DbError> {
        let conn = self.connection()?;
        run(conn, "BEGIN IMMEDIATE")?;
        Ok(conn)
    }

    fn connection(&mut self) -> Result<&Connection, DbError> {
        let conn = self.conn.as_ref().ok_or(DbError::Stopped)?;
        if let Some(first) = self.first.take()
            && let Err(error) = first(conn)
        {
            self.first = Some(first);
            return Err(error);
        }
        Ok(conn)
    }

    fn commit(&mut self) -> Result<(), DbError> {
        let started = Instant::now();
        run(self.connection()?, "COMMIT")?;
        self.stats.commits.fetch_add(1, Relaxed);
        self.stats.last_commit_us.store(started.elapsed().as_micros() as u64, Relaxed);
        Ok(())
    }

    fn roll_back(&mut self) -> Result<(), DbError> {
        let conn = self.connection()?;
        if conn.is_autocommit() { Ok(()) } else { run(conn, "ROLLBACK") }
    }

    /// Publishes what changed, then answers everybody. A COMMIT that failed is never tried again.
    fn settle(&mut self, outcome: Result<(), DbError>, mut finished: Vec<Done>) {
        self.stats.full.store(matches!(outcome, Err(DbError::DiskFull)), Relaxed);
        match outcome {
            Ok(()) => {
                for done in &mut finished {
                    self.changes.publish(std::mem::take(&mut done.touched));
                }
                if finished.iter().any(|done| done.is_change) {
                    self.demand.committed();
                }
                finished.into_iter().for_each(|done| (done.ack)(Ok(())));
            }
            Err(error) => {
                tracing::error!("a batch of {} writes was not kept: {error}", finished.len());
                if error.is_fatal() || self.roll_back().is_err() {
                    self.stats.down.store(true, Relaxed);
                    self.conn = None;
                }
                finished.into_iter().for_each(|done| (done.ack)(Err(error.again())));
            }
        }
    }

    fn shrink(&mut self) -> Option<Work> {
        if let Some(conn) = &self.conn {
            let _ = conn.execute_batch("PRAGMA shrink_memory");
        }
        None
    }

    fn close(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if let Err(error) = conn.pragma_update(None, "wal_checkpoint", "TRUNCATE") {
            tracing::warn!("the log could not be folded into the file: {error}");
        }
    }
}
