//! The copy of a running server: kept up to date by a task of its own, which also does what people ask for.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::compare::Comparison;
use super::error::SyncError;
use super::pusher::{Pusher, Want};
use super::round::Done;
use super::status::{Seen, Status, Totals};
use super::{log, target::Target};
use crate::db::{Db, DbError, newest_change};
use crate::time;

/// Commits are looked for this often, and so are rounds apart from each other.
const TICK: Duration = Duration::from_millis(50);
/// Without a change a round renews the lease.
const RENEW: Duration = Duration::from_secs(20);
/// The first wait after a failure, and the longest.
const SHORT_WAIT: Duration = Duration::from_millis(100);
const LONG_WAIT: Duration = Duration::from_secs(30);
/// How far the copy is, is written down, and old entries are forgotten, this often.
const HOUSEKEEPING: Duration = Duration::from_secs(60);

/// Handle to the copy of this server; cheap to clone.
#[derive(Clone)]
pub struct Sync {
    inner: Option<Arc<Inner>>,
}

struct Inner {
    shown: String,
    target: Target,
    seen: Seen,
    asked: mpsc::Sender<Asked>,
    asking: std::sync::Mutex<Option<mpsc::Receiver<Asked>>>,
}

/// What somebody wants, and where the answer goes.
struct Asked {
    want: Want,
    answer: oneshot::Sender<Result<Done, SyncError>>,
}

impl Sync {
    /// Sends to a target, once its task runs; without one, nothing is sent.
    pub fn to(target: Option<Target>) -> Sync {
        let inner = target.map(|target| {
            let (asked, asking) = mpsc::channel(8);
            let shown = target.shown().to_owned();
            Arc::new(Inner { shown, target, seen: Seen::default(), asked, asking: Some(asking).into() })
        });
        Sync { inner }
    }

    /// # Errors
    /// Those of the database.
    pub async fn status(&self, db: &Db) -> Result<Status, DbError> {
        let Some(inner) = self.inner.clone() else { return Ok(Status::disabled()) };
        db.read(move |conn| inner.seen.status(conn, inner.shown.clone())).await
    }

    /// Sums for the metrics; none where nothing is sent.
    pub fn totals(&self) -> Option<Totals> {
        self.inner.as_ref().map(|inner| inner.seen.totals())
    }

    /// Why the copy fails at the moment, if it does.
    pub fn error(&self) -> Option<String> {
        self.inner.as_ref().and_then(|inner| inner.seen.error())
    }

    /// Sends what there is now. None: nothing is set up.
    pub async fn push(&self, want: Want) -> Option<Result<Done, SyncError>> {
        let inner = self.inner.as_ref()?;
        let (answer, answered) = oneshot::channel();
        let stopped = || SyncError::Db(DbError::Stopped);
        if inner.asked.send(Asked { want, answer }).await.is_err() {
            return Some(Err(stopped()));
        }
        Some(answered.await.unwrap_or_else(|_| Err(stopped())))
    }

    /// Compares both sides row by row.
    pub async fn compare(&self) -> Option<Result<Comparison, SyncError>> {
        let done = self.push(Want { compare: true, ..Want::default() }).await?;
        Some(done.and_then(|done| done.comparison.ok_or_else(super::source::broken)))
    }

    /// Forgets old changes where nothing is sent: a copy that is taken up again later is then sent whole.
    pub async fn tidy(&self, db: &Db) {
        if self.inner.is_none() {
            forget(db, i64::MAX).await;
        }
    }

    /// Keeps the copy up to date until `stop` is done; then others may go on at once. Returns at once where nothing is
    /// set up, or where it runs already.
    pub async fn run(&self, db: Db, stop: impl Future<Output = ()>) {
        let Some(inner) = self.inner.clone() else { return };
        let asking = inner.asking.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let Some(asking) = asking else { return };
        let pusher = match Pusher::new(db.clone(), inner.target.clone()) {
            Ok(pusher) => pusher,
            Err(error) => {
                let name = db.files().holder_file().display().to_string();
                inner.seen.failed(&SyncError::Setup(format!("the file {name} cannot be used: {error}")));
                return;
            }
        };
        tracing::info!(target = inner.shown, "changes are sent to PostgreSQL");
        let mut keeper = Keeper { pusher, db, inner, asking };
        tokio::select! {
            () = keeper.keep() => {}
            () = stop => {}
        }
        keeper.leave().await;
    }
}

struct Keeper {
    pusher: Pusher,
    db: Db,
    inner: Arc<Inner>,
    asking: mpsc::Receiver<Asked>,
}

impl Keeper {
    async fn keep(&mut self) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut commits = None;
        let mut failures = 0;
        let mut next = Instant::now();
        let mut tidy = Instant::now() + HOUSEKEEPING;
        loop {
            tokio::select! {
                Some(asked) = self.asking.recv() => {
                    let outcome = self.pusher.until_done(asked.want, &self.inner.seen).await;
                    (failures, next) = self.judge(outcome.as_ref().map(|done| done.more), failures);
                    // Whoever asked may have gone.
                    let _ = asked.answer.send(outcome);
                }
                _ = ticks.tick() => {
                    if !self.is_due(&mut commits, failures, next).await {
                        continue;
                    }
                    let outcome = self.pusher.round(Want::default()).await;
                    if let Ok(done) = &outcome {
                        self.inner.seen.round(done);
                    }
                    (failures, next) = self.judge(outcome.as_ref().map(|done| done.more), failures);
                    if outcome.is_ok_and(|done| done.more) {
                        ticks.reset_immediately();
                    }
                }
            }
            if tidy < Instant::now() {
                tidy = Instant::now() + HOUSEKEEPING;
                self.tidy().await;
            }
        }
    }

    /// Whether a round is worth it: its time has come, or something was written down since the last one.
    async fn is_due(&self, commits: &mut Option<u64>, failures: u32, next: Instant) -> bool {
        if Instant::now() >= next {
            // Counted before the rows are read: a later commit is a round of its own.
            *commits = Some(self.db.load().commits);
            return true;
        }
        let now = Some(self.db.load().commits);
        if failures > 0 || std::mem::replace(commits, now) == now {
            return false;
        }
        let newest = self.db.read(newest_change).await;
        newest.is_ok_and(|newest| self.inner.seen.position().is_none_or(|position| position.seq != newest))
    }

    /// After a round: how many have failed in a row, and when the next one is due.
    fn judge(&self, outcome: Result<bool, &SyncError>, failures: u32) -> (u32, Instant) {
        let now = Instant::now();
        match outcome {
            Ok(true) => (0, now),
            Ok(false) => (0, now + RENEW),
            Err(error) => {
                self.inner.seen.failed(error);
                let wait = if error.needs_somebody() { LONG_WAIT } else { SHORT_WAIT * 2_u32.pow(failures.min(9)) };
                (failures + 1, now + wait.min(LONG_WAIT))
            }
        }
    }

    async fn tidy(&mut self) {
        if let Err(error) = self.inner.seen.write_down(&self.db).await {
            tracing::debug!("how far the copy is could not be written down: {error}");
        }
        if let Some(position) = self.inner.seen.position() {
            forget(&self.db, position.seq).await;
        }
    }

    /// The last changes, if PostgreSQL takes them at once; then others may go on.
    async fn leave(&mut self) {
        let last = self.pusher.until_done(Want::default(), &self.inner.seen);
        let _ = tokio::time::timeout(Duration::from_secs(2), last).await;
        self.pusher.release().await;
        if let Err(error) = self.inner.seen.write_down(&self.db).await {
            tracing::debug!("how far the copy is could not be written down: {error}");
        }
    }
}

/// Forgets old changes up to the one with this number.
async fn forget(db: &Db, sent: i64) {
    loop {
        match db.write(move |tx| log::prune(tx.conn(), sent, time::now_ms())).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return tracing::debug!("old changes were not forgotten: {error}"),
        }
    }
}
