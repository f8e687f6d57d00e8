//! How far the copy is, for everybody who asks.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use serde::Serialize;

use super::error::SyncError;
use super::log::{self, Position};
use super::round::Done;
use crate::db::{Db, DbError};
use crate::time::{self, Moment};

/// A copy that is this far behind, in seconds, although it can be reached, is catching up.
const BEHIND_SECONDS: f64 = 5.0;

/// What the rounds have shown so far.
#[derive(Default)]
pub struct Seen {
    inner: Mutex<Inner>,
}

#[derive(Default, Clone)]
struct Inner {
    position: Option<Position>,
    last_sync: Option<Moment>,
    error: Option<Fault>,
    sent: u64,
    rounds: u64,
    failures: u64,
}

/// The error that rounds end with at the moment.
#[derive(Debug, Clone)]
struct Fault {
    sentence: String,
    is_held: bool,
    since: Moment,
}

/// The state of the copy, as API and pages show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Status {
    /// disabled, synchronized, pending or error
    pub status: &'static str,
    /// When PostgreSQL was last known to have everything up to then
    pub last_sync: Option<Moment>,
    /// Rows of this database that PostgreSQL has or is going to have
    pub records: i64,
    pub pending_changes: i64,
    /// Without password
    pub target: Option<String>,
    pub lag_seconds: Option<f64>,
    pub last_error: Option<String>,
    /// Since when it fails
    pub failing_since: Option<Moment>,
    /// Another computer sends at the moment; this one can take over
    pub held: bool,
    /// Rows that PostgreSQL refuses, the first hundred
    pub set_aside: Vec<Refused>,
    pub set_aside_count: usize,
}

/// A row that PostgreSQL refuses.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Refused {
    pub table: &'static str,
    pub id: i64,
    pub message: String,
}

/// Sums for the metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub sent: u64,
    pub rounds: u64,
    pub failures: u64,
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A round was kept.
    pub fn round(&self, done: &Done) {
        let mut inner = self.lock();
        inner.position = Some(done.end.clone());
        inner.sent += done.sent;
        inner.rounds += 1;
        if !done.more {
            inner.last_sync = Some(time::now());
        }
        if inner.error.take().is_some() {
            tracing::info!("the copy in PostgreSQL goes on");
        }
    }

    /// A round failed. Said once, until another reason or a success.
    pub fn failed(&self, error: &SyncError) {
        let mut inner = self.lock();
        inner.failures += 1;
        let sentence = error.to_string();
        if inner.error.as_ref().is_none_or(|fault| fault.sentence != sentence) {
            tracing::warn!("the copy in PostgreSQL is not up to date: {sentence}");
        }
        let since = inner.error.as_ref().map_or_else(time::now, |fault| fault.since);
        inner.error = Some(Fault { sentence, is_held: matches!(error, SyncError::Held(_)), since });
    }

    pub fn position(&self) -> Option<Position> {
        self.lock().position.clone()
    }

    pub fn totals(&self) -> Totals {
        let inner = self.lock();
        Totals { sent: inner.sent, rounds: inner.rounds, failures: inner.failures }
    }

    /// Why it fails at the moment, if it does.
    pub fn error(&self) -> Option<String> {
        self.lock().error.as_ref().map(|fault| fault.sentence.clone())
    }

    /// The state at this moment.
    ///
    /// # Errors
    /// Those of the database.
    pub fn status(&self, conn: &Connection, target: String) -> Result<Status, DbError> {
        let inner = self.lock().clone();
        let seen = log::seen(conn)?;
        let position = inner.position.or_else(|| seen.as_ref().map(|(position, _)| position.clone()));
        let (pending, since) = match &position {
            Some(position) => log::waiting(conn, position.seq)?,
            None => (0, None),
        };
        let records = super::source::rows_here(conn)?;
        let aside = log::set_aside(conn)?;
        let never = position.is_none();
        let lag = since.map(|since| (time::now_ms() - since).max(0) as f64 / 1000.0);
        let status = match (&inner.error, pending) {
            (Some(_), _) => "error",
            (None, _) if never || lag.is_some_and(|lag| lag > BEHIND_SECONDS) => "pending",
            (None, 0) => "synchronized",
            (None, _) => "pending",
        };
        Ok(Status {
            status,
            last_sync: inner.last_sync.or(seen.map(|(_, at)| Moment(at))),
            records: if never { 0 } else { records },
            pending_changes: if never { records } else { pending },
            target: Some(target),
            lag_seconds: if never { None } else { Some(lag.unwrap_or(0.0)) },
            failing_since: inner.error.as_ref().map(|fault| fault.since),
            held: inner.error.as_ref().is_some_and(|fault| fault.is_held),
            last_error: inner.error.map(|fault| fault.sentence),
            set_aside_count: aside.len(),
            set_aside: aside.into_iter().take(100).map(Refused::from).collect(),
        })
    }

    /// Writes down how far the copy is, for the next start.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn write_down(&self, db: &Db) -> Result<(), DbError> {
        let inner = self.lock().clone();
        let (Some(position), Some(at)) = (inner.position, inner.last_sync) else { return Ok(()) };
        db.write(move |tx| log::note_seen(tx.conn(), &position, at.0)).await
    }
}

impl From<log::SetAside> for Refused {
    fn from(row: log::SetAside) -> Refused {
        Refused { table: super::tables::TABLES[row.table].name, id: row.key, message: row.message }
    }
}

impl Status {
    /// Nothing is sent anywhere.
    pub fn disabled() -> Status {
        Status {
            status: "disabled",
            last_sync: None,
            records: 0,
            pending_changes: 0,
            target: None,
            lag_seconds: None,
            last_error: None,
            failing_since: None,
            held: false,
            set_aside: Vec::new(),
            set_aside_count: 0,
        }
    }
}
