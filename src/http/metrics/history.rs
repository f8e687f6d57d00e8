//! How the server was over the last hour: one point every ten seconds, in a ring.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::time::MissedTickBehavior;

use super::{Counters, percentile_ms};
use crate::state::App;
use crate::time::Moment;

/// Between two points.
pub const EVERY: Duration = Duration::from_secs(10);
/// Points that are kept: an hour.
const POINTS: usize = 360;

/// What was done since the point before, and how things were at this moment.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Point {
    #[schema(value_type = String, format = DateTime)]
    pub at: Moment,
    pub requests: u64,
    /// Answers with a status from 500
    pub errors: u64,
    /// Latency in ms that half of the requests did not exceed; null without requests
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    pub commits: u64,
    /// How long the last commit took, in ms; null without commits
    pub commit_ms: Option<f64>,
    /// Writes that wait
    pub queued: usize,
    /// Of the process; null where the system does not say
    pub memory_bytes: Option<u64>,
    pub wal_bytes: u64,
}

/// What is read at one moment.
#[derive(Debug, Clone, Default)]
struct Reading {
    counters: Counters,
    commits: u64,
    last_commit_ms: f64,
    queued: usize,
    memory_bytes: Option<u64>,
    wal_bytes: u64,
}

impl Reading {
    fn of(app: &App) -> Reading {
        let load = app.db().load();
        Reading {
            counters: app.metrics().counters(),
            commits: load.commits,
            last_commit_ms: load.last_commit_ms,
            queued: load.queued,
            memory_bytes: crate::memory::resident_bytes(),
            wal_bytes: app.db().files().wal_bytes(),
        }
    }

    /// What happened since `before`.
    fn since(&self, before: &Reading, at: Moment) -> Point {
        let done = self.counters.since(&before.counters);
        let commits = self.commits.saturating_sub(before.commits);
        let some = |share| (done.requests > 0).then(|| percentile_ms(&done.latency, share));
        Point {
            at,
            requests: done.requests,
            errors: done.errors,
            p50_ms: some(0.50),
            p95_ms: some(0.95),
            commits,
            commit_ms: (commits > 0).then_some(self.last_commit_ms),
            queued: self.queued,
            memory_bytes: self.memory_bytes,
            wal_bytes: self.wal_bytes,
        }
    }
}

/// The points of one server.
#[derive(Debug, Default)]
pub struct History(Mutex<Past>);

#[derive(Debug, Default)]
struct Past {
    last: Option<Reading>,
    points: VecDeque<Point>,
}

impl History {
    /// Adds the point that ends now. The first call only begins.
    pub fn add(&self, app: &App) {
        self.keep(Reading::of(app), crate::time::now());
    }

    fn keep(&self, reading: Reading, at: Moment) {
        let mut past = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = &past.last {
            let point = reading.since(last, at);
            if past.points.len() == POINTS {
                past.points.pop_front();
            }
            past.points.push_back(point);
        }
        past.last = Some(reading);
    }

    /// All points, the newest last.
    pub fn points(&self) -> Vec<Point> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).points.iter().cloned().collect()
    }
}

/// Adds points until the server stops. It asks nothing of the database, and a server that rests goes on resting.
pub async fn watch(app: App) {
    let mut every = tokio::time::interval(EVERY);
    // A laptop that slept gets one point for that time, not hundreds at once.
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        app.history().add(&app);
    }
}

#[cfg(test)]
mod tests;
