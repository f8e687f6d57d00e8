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
use tokio::sync::oneshot;

use super::publisher::Demand;
use super::{Changes, DbError, Tx, connect};

/// Jobs that may wait; more are refused with 503.
const QUEUE: usize = 1024;
const MAX_BATCH: usize = 64;
/// A job that takes longer is worth a line in the log.
const SLOW: Duration = Duration::from_millis(200);

/// Runs in a savepoint of a shared transaction and hands back what to do after the COMMIT.
type Shared = Box<dyn FnOnce(&Connection) -> Done + Send>;
/// Runs in a transaction of its own.
type Alone = Box<dyn FnOnce(&Connection) -> Option<Done> + Send>;
type Ack = Box<dyn FnOnce(Result<(), DbError>) + Send>;

enum Work {
    Shared(Shared),
    Alone(Alone),
    Shrink,
    Stop,
}

struct Done {
    touched: super::Touched,
    /// False for what a copy of the database need not hold.
    is_change: bool,
    ack: Ack,
}

/// Numbers of the writer for the health page.
#[derive(Debug, Default)]
pub struct WriterStats {
    commits: AtomicU64,
    last_commit_us: AtomicU64,
    down: AtomicBool,
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
}

pub struct Writer {
    mailbox: Mailbox,
    thread: JoinHandle<()>,
}

impl Writer {
    /// `first` runs in the thread, before the first job, and again before the next one where it failed.
    pub fn start(conn: Connection, path: PathBuf, changes: Arc<Changes>, demand: Arc<Demand>, first: First) -> Writer {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let stats = Arc::new(WriterStats::default());
        let mut desk = Desk { conn: Some(conn), path, changes, demand, stats: stats.clone(), first: Some(first) };
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || desk.work(jobs))
            .expect("the system has room for one more thread");
        Writer { mailbox: Mailbox { queue, stats }, thread }
    }

    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Ends the thread after the jobs that are queued; later ones are refused.
    pub fn stop(self) {
        let _ = self.mailbox.queue.blocking_send(Work::Stop);
        if self.thread.join().is_err() {
            tracing::error!("the writer thread panicked");
        }
    }
}

/// Where jobs are handed in.
#[derive(Clone)]
pub struct Mailbox {
    queue: mpsc::Sender<Work>,
    stats: Arc<WriterStats>,
}

impl Mailbox {
    pub fn stats(&self) -> &WriterStats {
        &self.stats
    }

    pub fn queued(&self) -> usize {
        QUEUE - self.queue.capacity()
    }

    /// Runs `f` in a savepoint; the answer arrives after the COMMIT. Never waits for a place in the queue.
    pub fn shared<T, E, F>(&self, f: F) -> Result<oneshot::Receiver<Result<T, E>>, DbError>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Shared = Box::new(move |conn| in_savepoint(conn, f, reply));
        self.enqueue(Work::Shared(job))?;
        Ok(answer)
    }

    /// Runs `f` in a transaction of its own, without a savepoint, which is kept when `f` answers `Ok`. Waits for a place
    /// in the queue, so not for threads of the runtime.
    pub fn alone<T, E, F>(&self, f: F) -> Result<oneshot::Receiver<Result<T, E>>, DbError>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Alone = Box::new(move |conn| {
            let mut tx = Tx::new(conn);
            match f(&mut tx) {
                Ok(value) => Some(done(tx.into_outcome(), Ok(value), reply)),
                Err(error) => {
                    let _ = reply.send(Err(error));
                    None
                }
            }
        });
        // Whoever imports may wait for a place; somebody at a desk may not.
        self.queue.blocking_send(Work::Alone(job)).map_err(|_| DbError::Stopped)?;
        Ok(answer)
    }

    /// Gives cached pages back to the system.
    pub fn shrink(&self) {
        let _ = self.queue.try_send(Work::Shrink);
    }

    fn enqueue(&self, work: Work) -> Result<(), DbError> {
        self.queue.try_send(work).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => DbError::QueueFull,
            mpsc::error::TrySendError::Closed(_) => DbError::Stopped,
        })
    }
}

fn done<T: Send + 'static, E: From<DbError> + Send + 'static>(
    (touched, is_change): (super::Touched, bool),
    result: Result<T, E>,
    reply: oneshot::Sender<Result<T, E>>,
) -> Done {
    let ack: Ack = Box::new(move |committed| {
        let _ = reply.send(result.and_then(|value| committed.map(|()| value).map_err(E::from)));
    });
    Done { touched, is_change, ack }
}

fn in_savepoint<T, E, F>(conn: &Connection, f: F, reply: oneshot::Sender<Result<T, E>>) -> Done
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let started = Instant::now();
    let mut tx = Tx::new(conn);
    let result = run(conn, "SAVEPOINT job").map_err(E::from).and_then(|()| {
        let outcome = catch_unwind(AssertUnwindSafe(|| f(&mut tx))).unwrap_or_else(|_| Err(DbError::Panicked.into()));
        // After a full disk SQLite has rolled the whole batch back by itself and there is no savepoint left.
        if conn.is_autocommit() {
            return outcome;
        }
        if outcome.is_err() {
            run(conn, "ROLLBACK TO job").map_err(E::from)?;
        }
        run(conn, "RELEASE job").map_err(E::from)?;
        outcome
    });
    if started.elapsed() > SLOW {
        tracing::warn!(duration_ms = started.elapsed().as_millis() as u64, "slow write job");
    }
    let outcome = if result.is_ok() { tx.into_outcome() } else { (super::Touched::default(), false) };
    done(outcome, result, reply)
}

fn run(conn: &Connection, sql: &str) -> Result<(), DbError> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
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
            if next.is_none() {
                next = jobs.blocking_recv();
            }
        }
        self.close();
    }

    /// Runs `first` and whatever waits behind it in one transaction. Answers a job that may not share it.
    fn batch(&mut self, first: Shared, jobs: &mut mpsc::Receiver<Work>) -> Option<Work> {
        let mut finished: Vec<Done> = Vec::new();
        let mut left = None;
        let outcome = self.connection().and_then(|conn| {
            run(conn, "BEGIN IMMEDIATE")?;
            let mut next = Some(first);
            while let Some(job) = next.take() {
                finished.push(job(conn));
                if conn.is_autocommit() {
                    return Err(DbError::DiskFull); // going on would commit each job by itself
                }
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
        let outcome = outcome.and_then(|()| self.commit());
        self.settle(outcome, finished);
        left
    }

    fn alone(&mut self, job: Alone) -> Option<Work> {
        let mut finished = None;
        let outcome = self.connection().and_then(|conn| {
            run(conn, "BEGIN IMMEDIATE")?;
            finished = catch_unwind(AssertUnwindSafe(|| job(conn))).unwrap_or_else(|_| {
                tracing::error!("a write job panicked; its transaction was rolled back");
                None
            });
            Ok(())
        });
        let outcome = match (&finished, outcome) {
            (Some(_), Ok(())) => self.commit(),
            (None, Ok(())) => self.roll_back(),
            (_, failed) => failed,
        };
        self.settle(outcome, finished.into_iter().collect());
        None
    }

    fn connection(&mut self) -> Result<&Connection, DbError> {
        if self.conn.is_none() {
            let conn = connect::writer(&self.path).inspect_err(|error| tracing::error!("cannot reopen: {error}"))?;
            let verdict: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if verdict != "ok" {
                return Err(DbError::Down("the database file is damaged".into()));
            }
            tracing::warn!("the database was opened again and passed its quick check");
            self.conn = Some(conn);
        }
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
        let conn = self.connection()?;
        if conn.is_autocommit() {
            return Err(DbError::DiskFull);
        }
        run(conn, "COMMIT")?;
        self.stats.commits.fetch_add(1, Relaxed);
        self.stats.last_commit_us.store(started.elapsed().as_micros() as u64, Relaxed);
        Ok(())
    }

    fn roll_back(&mut self) -> Result<(), DbError> {
        let conn = self.connection()?;
        if conn.is_autocommit() { Ok(()) } else { run(conn, "ROLLBACK") }
    }

    /// Publishes what changed, then answers everybody. A COMMIT that failed is never tried again.
    fn settle(&mut self, outcome: Result<(), DbError>, finished: Vec<Done>) {
        self.stats.down.store(outcome.as_ref().is_err_and(|e| !matches!(e, DbError::DiskFull)), Relaxed);
        match outcome {
            Ok(()) => {
                for done in &finished {
                    self.changes.publish(done.touched);
                }
                if finished.iter().any(|done| done.is_change) {
                    self.demand.committed();
                }
                finished.into_iter().for_each(|done| (done.ack)(Ok(())));
            }
            Err(error) => {
                tracing::error!("a batch of {} writes was not kept: {error}", finished.len());
                if error.is_fatal() || self.roll_back().is_err() {
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
