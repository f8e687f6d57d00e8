//! The truth about the server: what is connected, what is there, what is low.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde::Serialize;

use crate::computer::battery::{self, Battery};
use crate::computer::sleep::{Gap, Watch};
use crate::db::checks::Check;
use crate::db::{Db, DbError, Entity, Origin};
use crate::records::count;
use crate::state::App;
use crate::time::{self, Moment};
use crate::verify;

/// The whole is checked by itself this often.
pub const EVERY: Duration = Duration::from_secs(30);
/// Less free disk than this is worth a warning, in bytes.
pub const LOW_DISK: u64 = 500 * 1024 * 1024;
/// The published file is usually seconds old; one that lacks more is worth a warning.
const OLD_COPY: Duration = Duration::from_secs(30);
/// So long after it the page tells of a sleep.
const TOLD_FOR_MS: i64 = 2 * 3600 * 1000;
/// Everything in the database is checked by itself this often, and so long after the start.
const WHOLE: Duration = Duration::from_secs(3600);
const AFTER_START: Duration = Duration::from_secs(60);

/// A log of the store that is larger, in bytes, cannot be folded back into it.
const LARGE_LOG: u64 = 64 * 1024 * 1024;

/// How the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Healthy,
    Degraded,
    Unhealthy,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Healthy => "healthy",
            Status::Degraded => "degraded",
            Status::Unhealthy => "unhealthy",
        }
    }
}

/// What a look at the database found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Report {
    pub status: Status,
    pub connected: bool,
    /// Whether something can be saved at the moment
    pub writable: bool,
    /// Each table, and whether it is there
    pub tables: BTreeMap<&'static str, bool>,
    pub record_counts: BTreeMap<&'static str, i64>,
    pub timestamp: Moment,
    /// Why it is not healthy, in words
    #[serde(skip)]
    pub reasons: Vec<String>,
}

/// The newest result of the check that runs by itself.
#[derive(Default)]
pub struct Health {
    newest: RwLock<Option<(Report, Instant)>>,
    integrity: RwLock<Option<Integrity>>,
    battery: RwLock<Option<Battery>>,
    slept: RwLock<Option<Slept>>,
}

/// The last time this computer was asleep while it should have served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Slept {
    /// When it woke up
    pub until: Moment,
    pub seconds: i64,
}

/// When all of the database was last checked, and what did not hold.
#[derive(Debug, Clone)]
struct Integrity {
    at: Moment,
    faults: Vec<String>,
}

impl Health {
    pub fn new() -> Health {
        Health::default()
    }

    /// The newest report of the background check, and its age.
    pub fn newest(&self) -> Option<(Report, Duration)> {
        let newest = self.newest.read().unwrap_or_else(PoisonError::into_inner);
        newest.as_ref().map(|(report, at)| (report.clone(), at.elapsed()))
    }

    /// When every page of the file was last checked.
    pub fn last_integrity_check(&self) -> Option<Moment> {
        self.integrity.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|last| last.at)
    }

    /// Keeps what a check of everything has just found.
    pub fn note_integrity(&self, checks: &[Check]) {
        let faults = checks.iter().filter(|check| !check.ok).map(|check| check.detail.clone()).collect();
        *self.integrity.write().unwrap_or_else(PoisonError::into_inner) = Some(Integrity { at: time::now(), faults });
    }

    /// What was found has been mended; the next check tells whether all of it is.
    pub fn forget_integrity(&self) {
        *self.integrity.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How much is left in the battery, as of the last look.
    pub fn battery(&self) -> Option<Battery> {
        *self.battery.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note_battery(&self, battery: Option<Battery>) {
        *self.battery.write().unwrap_or_else(PoisonError::into_inner) = battery;
    }

    /// A sleep of which somebody should know still.
    pub fn slept(&self) -> Option<Slept> {
        let slept = *self.slept.read().unwrap_or_else(PoisonError::into_inner);
        slept.filter(|slept| time::now_ms() - slept.until.0 < TOLD_FOR_MS)
    }

    pub fn note_sleep(&self, seconds: i64) {
        *self.slept.write().unwrap_or_else(PoisonError::into_inner) = Some(Slept { until: time::now(), seconds });
    }

    fn damage(&self) -> Vec<String> {
        let last = self.integrity.read().unwrap_or_else(PoisonError::into_inner);
        last.iter().flat_map(|last| last.faults.clone()).collect()
    }

    fn keep(&self, report: &Report) {
        let mut newest = self.newest.write().unwrap_or_else(PoisonError::into_inner);
        let before = newest.as_ref().map(|(report, _)| report.status);
        if before != Some(report.status) {
            let reasons = report.reasons.join("; ");
            match report.status {
                Status::Healthy => tracing::info!(status = report.status.as_str(), "health"),
                Status::Degraded | Status::Unhealthy => {
                    tracing::warn!(status = report.status.as_str(), reasons, "health");
                }
            }
        }
        *newest = Some((report.clone(), Instant::now()));
    }
}

/// Looks at the database now.
pub async fn look(app: &App) -> Report {
    let handle = app.db().clone();
    let looked = tokio::task::spawn_blocking(move || examine(&handle)).await;
    let mut report = looked.unwrap_or_else(|_| unreachable_report("the check itself failed"));
    report.degrade(app.backups().problems());
    report.degrade(app.health().damage());
    let log = app.db().files().wal_bytes();
    // An import lets it grow on purpose.
    if log > LARGE_LOG && app.import_turn().available_permits() > 0 {
        let megabytes = log / 1_000_000;
        report.degrade(vec![format!("the log of the store has grown to {megabytes} MB: somebody reads for very long")]);
    }
    report
}

impl Report {
    /// What stands in nobody's way yet.
    fn degrade(&mut self, reasons: Vec<String>) {
        if !reasons.is_empty() && self.status == Status::Healthy {
            self.status = Status::Degraded;
        }
        self.reasons.extend(reasons);
    }
}

/// As [`look`], for threads that may wait.
pub fn examine(db: &Db) -> Report {
    let read = db.read_blocking(|conn| Ok::<_, DbError>((tables(conn)?, counts(conn)?)));
    let (tables, record_counts) = match read {
        Ok(found) => found,
        Err(DbError::Restoring) => return unreachable_report("a backup is being put in place of the database"),
        Err(error) => {
            tracing::error!("the health check cannot read the database: {error}");
            return unreachable_report("the database cannot be read");
        }
    };
    let mut reasons = Vec::new();
    let missing: Vec<&str> = tables.iter().filter(|(_, present)| !**present).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        reasons.push(format!("these tables are missing: {}", missing.join(", ")));
    }
    let load = db.load();
    if load.writer_down {
        reasons.push("the database cannot be written at the moment".to_owned());
    }
    let status = if reasons.is_empty() { Status::Healthy } else { Status::Unhealthy };
    let (timestamp, writable) = (time::now(), load.is_writable());
    let mut report = Report { status, connected: true, writable, tables, record_counts, timestamp, reasons };
    if load.disk_full {
        report.degrade(vec!["the disk is full: nothing can be saved".to_owned()]);
    } else if let Some(free) = free_disk(db).filter(|free| *free < LOW_DISK) {
        report.degrade(vec![format!("only {} MB are free on the disk", free / 1_000_000)]);
    }
    if let Some(behind) = db.published().behind.filter(|behind| *behind > OLD_COPY) {
        report.degrade(vec![format!("the file that people copy lacks the last {} s", behind.as_secs())]);
    }
    report
}

fn unreachable_report(reason: &str) -> Report {
    Report {
        status: Status::Unhealthy,
        connected: false,
        writable: false,
        tables: Entity::TABLES.into_iter().map(|entity| (entity.table(), false)).collect(),
        record_counts: BTreeMap::new(),
        timestamp: time::now(),
        reasons: vec![reason.to_owned()],
    }
}

/// Which of the tables everybody asks about are there.
pub fn tables(conn: &Connection) -> Result<BTreeMap<&'static str, bool>, DbError> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let present = |entity: Entity| statement.query_row([entity.table()], |row| row.get::<_, i64>(0)).map(|n| n == 1);
    let present: rusqlite::Result<Vec<bool>> = Entity::TABLES.into_iter().map(present).collect();
    Ok(Entity::TABLES.into_iter().map(Entity::table).zip(present?).collect())
}

/// Rows of each table that is there.
pub fn counts(conn: &Connection) -> Result<BTreeMap<&'static str, i64>, DbError> {
    let present = tables(conn)?;
    let there = Entity::TABLES.into_iter().filter(|entity| present[entity.table()]);
    there.map(|entity| Ok((entity.table(), count(conn, entity)?))).collect()
}

/// Bytes free where the database lies.
pub fn free_disk(db: &Db) -> Option<u64> {
    db.files().free_bytes()
}

/// Room on the disk, as one line of a validation.
pub fn disk(db: &Db) -> Option<Check> {
    let free = free_disk(db)?;
    Some(Check { name: "free disk", ok: free >= LOW_DISK, detail: format!("{} MB free", free / 1_000_000) })
}

/// Looks now and then until the server stops.
pub async fn watch(app: App) {
    let mut every = tokio::time::interval(EVERY);
    let mut clocks = Watch::new();
    loop {
        every.tick().await;
        match clocks.look(EVERY) {
            Some(Gap::Slept { seconds }) => {
                tracing::warn!(seconds, "this computer slept, and nobody could reach the server; switch its sleep off");
                app.health().note_sleep(seconds);
            }
            Some(Gap::ClockSet { seconds }) => {
                tracing::warn!(seconds, "the clock of this computer was set; audit rows are ordered by number");
            }
            None => {}
        }
        app.health().note_battery(tokio::task::spawn_blocking(battery::now).await.ok().flatten());
        if app.db().load().disk_full && app.db().try_writing().await.is_ok() {
            tracing::info!("there is room on the disk again");
        }
        app.health().keep(&look(&app).await);
    }
}

/// Checks all that is in the database once an hour, and soon after a start; at once when the last one ended in a crash.
pub async fn watch_integrity(app: App) {
    let first = match app.db().origin() {
        Origin::New | Origin::Left => AFTER_START,
        Origin::Older | Origin::PutBack | Origin::Crashed | Origin::Repaired { .. } | Origin::Restored { .. } => {
            Duration::ZERO
        }
    };
    let mut hourly = tokio::time::interval_at(tokio::time::Instant::now() + first, WHOLE);
    loop {
        hourly.tick().await;
        let checked = app.clone();
        let found = tokio::task::spawn_blocking(move || verify::verify_live(checked.db())).await;
        match found {
            Ok(Ok(checks)) => app.health().note_integrity(&checks),
            Ok(Err(error)) => tracing::warn!("the database could not be checked: {error}"),
            Err(_) => tracing::error!("the check of the database panicked"),
        }
    }
}
