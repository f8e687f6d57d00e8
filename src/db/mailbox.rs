//! How a write reaches the writer: jobs that wait for their turn, and what each leaves behind when it has had it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::mpsc;
use tokio::sync::oneshot;

use super::trouble::Trouble;
use super::writer::{note_slow, run};
use super::{DbError, Tx, WriterStats};

/// Jobs that may wait; more are refused with 503.
const QUEUE: usize = 1024;

/// Runs in a savepoint of a shared transaction and hands back what to do after the COMMIT. Without a connection it
/// answers why there is none.
pub(super) type Shared = Box<dyn FnOnce(Result<&Connection, DbError>) -> Done + Send>;
/// As [`Shared`], in a transaction of its own.
pub(super) type Alone = Box<dyn FnOnce(Result<&Connection, DbError>) -> Option<Done> + Send>;
type Ack = Box<dyn FnOnce(Result<(), DbError>) + Send>;

pub(super) enum Work {
    Shared(Shared),
    Alone(Alone),
    Shrink,
    Stop,
}

impl Work {
    /// Answers that it was not done, and why.
    pub fn refuse(self, error: &DbError) {
        match self {
            Work::Shared(job) => (job(Err(error.again())).ack)(Ok(())),
            Work::Alone(job) => drop(job(Err(error.again()))),
            Work::Shrink | Work::Stop => {}
        }
    }
}

pub(super) struct Done {
    pub touched: super::Touched,
    /// False for what a copy of the database need not hold.
    pub is_change: bool,
    pub trouble: Option<Trouble>,
    pub ack: Ack,
}

/// Where jobs are handed in.
#[derive(Clone)]
pub struct Mailbox {
    queue: mpsc::Sender<Work>,
    stats: Arc<WriterStats>,
}

impl Mailbox {
    /// With the end at which the writer takes the jobs out.
    pub fn new(stats: Arc<WriterStats>) -> (Mailbox, mpsc::Receiver<Work>) {
        let (queue, jobs) = mpsc::channel(QUEUE);
        (Mailbox { queue, stats }, jobs)
    }

    /// Asks the writer to end after the jobs that are queued.
    pub fn stop(&self) {
        let _ = self.queue.blocking_send(Work::Stop);
    }

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
        let job: Shared = Box::new(move |conn| match conn {
            Ok(conn) => in_savepoint(conn, f, reply),
            Err(error) => done(Default::default(), Err(error.into()), reply),
        });
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
            let attempt = conn.map_err(E::from).and_then(|conn| {
                let mut tx = Tx::new(conn);
                let value = f(&mut tx).map_err(|error| match Trouble::of(conn) {
                    Some(trouble) => trouble.error().into(),
                    None => error,
                })?;
                Ok((tx.into_outcome(), value))
            });
            match attempt {
                Ok((outcome, value)) => Some(done(outcome, Ok(value), reply)),
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
    Done { touched, is_change, trouble: None, ack }
}

fn in_savepoint<T, E, F>(conn: &Connection, f: F, reply: oneshot::Sender<Result<T, E>>) -> Done
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let started = Instant::now();
    let mut tx = Tx::new(conn);
    let mut trouble = None;
    let result = run(conn, "SAVEPOINT job").map_err(E::from).and_then(|()| {
        let outcome = catch_unwind(AssertUnwindSafe(|| f(&mut tx))).unwrap_or_else(|_| Err(DbError::Panicked.into()));
        if outcome.is_err() {
            trouble = Trouble::of(conn);
            if let Some(trouble) = trouble {
                return Err(trouble.error().into()); // the whole batch is taken back
            }
            run(conn, "ROLLBACK TO job").map_err(E::from)?;
        }
        run(conn, "RELEASE job").map_err(E::from)?;
        outcome
    });
    note_slow(started);
    let outcome = if result.is_ok() { tx.into_outcome() } else { (super::Touched::default(), false) };
    Done { trouble, ..done(outcome, result, reply) }
}
