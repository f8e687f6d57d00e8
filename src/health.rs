//! The truth about the server: what is connected, what is there, what is low.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde::Serialize;

use crate::audit;
use crate::db::checks::{self, Check};
use crate::db::{Db, DbError, Entity};
use crate::records::count;
use crate::state::App;
use crate::time::{self, Moment};

/// The whole is checked by itself this often.
pub const EVERY: Duration = Duration::from_secs(30);
/// Less free disk than this is worth a warning, in bytes.
pub const LOW_DISK: u64 = 500 * 1024 * 1024;

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
    integrity: RwLock<Option<Moment>>,
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
        *self.integrity.read().unwrap_or_else(PoisonError::into_inner)
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
    looked.unwrap_or_else(|_| unreachable_report("the check itself failed"))
}

/// As [`look`], for threads that may wait.
pub fn examine(db: &Db) -> Report {
    let read = db.read_blocking(|conn| Ok::<_, DbError>((tables(conn)?, counts(conn)?)));
    let (tables, record_counts) = match read {
        Ok(found) => found,
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
    if db.load().writer_down {
        reasons.push("the database cannot be written at the moment".to_owned());
    }
    let status = if reasons.is_empty() { Status::Healthy } else { Status::Unhealthy };
    let mut report = Report { status, connected: true, tables, record_counts, timestamp: time::now(), reasons };
    if let Some(free) = free_disk(db).filter(|free| *free < LOW_DISK) {
        report.reasons.push(format!("only {} MB are free on the disk", free / 1_000_000));
        if report.status == Status::Healthy {
            report.status = Status::Degraded;
        }
    }
    report
}

fn unreachable_report(reason: &str) -> Report {
    Report {
        status: Status::Unhealthy,
        connected: false,
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
    fs4::available_space(db.files().folder()).ok()
}

/// Everything that can be checked about a database: pages, references, schema, audit chain, disk.
pub fn validate(conn: &Connection, free_disk: Option<u64>) -> Result<Vec<Check>, DbError> {
    let mut checks = vec![
        checks::integrity(conn)?,
        checks::references(conn)?,
        checks::schema(conn)?,
        checks::invariants(conn)?,
        chain(conn)?,
    ];
    if let Some(free) = free_disk {
        let detail = format!("{} MB free", free / 1_000_000);
        checks.push(Check { name: "free disk", ok: free >= LOW_DISK, detail });
    }
    Ok(checks)
}

fn chain(conn: &Connection) -> Result<Check, DbError> {
    let report = audit::verify(conn)?;
    Ok(Check::of("audit chain", report.fault, format!("{} audit rows, chain intact", report.rows)))
}

/// Checks now and then until the server stops; the integrity of every page once an hour.
pub async fn watch(app: App) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        app.health().keep(&look(&app).await);
    }
}

/// Notes that all checks have just been done.
pub fn note_integrity_check(app: &App) {
    *app.health().integrity.write().unwrap_or_else(PoisonError::into_inner) = Some(time::now());
}
