//! Is this file what it should be? One look, taken wherever a database is trusted: at the start, on every backup, before
//! a restore, by `athsys check`, and when an administrator asks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use rusqlite::Connection;
use serde::Serialize;

use crate::audit::{self, Head};
use crate::db::checks::{self, Check};
use crate::db::{self, Db, DbError, Found, OpenError};
use crate::health;

/// How every file of SQLite begins.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where in the file the application id stands.
const MARK: std::ops::Range<usize> = 68..72;

/// Why a file is not to be used; the worst that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No file, or none that may be read.
    Unreadable,
    /// Not SQLite, or nothing at all.
    NotADatabase,
    /// SQLite, of another application.
    OtherApplication,
    /// Written by a newer version of this program.
    Newer {
        file: i32,
        program: i32,
    },
    /// It holds triggers, views or virtual tables of somebody else.
    Strange,
    Damaged,
}

impl Fault {
    /// The stable word for it.
    pub fn code(self) -> &'static str {
        match self {
            Fault::Unreadable => "unreadable",
            Fault::NotADatabase => "not-a-database",
            Fault::OtherApplication => "other-application",
            Fault::Newer { .. } => "newer-version",
            Fault::Strange => "foreign-objects",
            Fault::Damaged => "damaged",
        }
    }
}

/// What a database holds, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Contents {
    pub schema_version: i32,
    pub record_counts: BTreeMap<&'static str, i64>,
    /// The newest row of its audit log
    pub audit_head: Head,
}

impl Contents {
    /// # Errors
    /// When the database cannot be read.
    pub fn of(conn: &Connection) -> Result<Contents, DbError> {
        let schema_version = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok(Contents { schema_version, record_counts: health::counts(conn)?, audit_head: audit::head(conn)? })
    }
}

/// What was checked, and what is inside as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub checks: Vec<Check>,
    pub fault: Option<Fault>,
    pub contents: Option<Contents>,
}

impl Report {
    pub fn ok(&self) -> bool {
        self.fault.is_none()
    }

    /// What does not hold, as one sentence without its stop; empty when all does.
    pub fn faults(&self) -> String {
        let bad = self.checks.iter().filter(|check| !check.ok).map(|check| check.detail.as_str());
        bad.collect::<Vec<_>>().join("; ")
    }

    /// What some checks found.
    pub fn of(checks: Vec<Check>, contents: Option<Contents>) -> Report {
        let fault = checks.iter().any(|check| !check.ok).then_some(Fault::Damaged);
        Report { checks, fault, contents }
    }

    /// For a file that cannot be opened, and why.
    pub fn unreadable(why: String) -> Report {
        Report::refused(Fault::Unreadable, why)
    }

    fn refused(fault: Fault, detail: impl Into<String>) -> Report {
        Report { checks: vec![Check::of("file", Some(detail.into()), "")], fault: Some(fault), contents: None }
    }
}

/// Everything that can be checked about a file that nobody is writing. It may be replaced meanwhile, as a running server
/// does with its published file; then one of the two is told of, never a mixture.
pub fn verify(path: &Path) -> Report {
    let (before, report) = (identity(path), look_through(path));
    if report.ok() || before == identity(path) {
        return report;
    }
    let still = tempfile::tempdir().and_then(|folder| {
        let copy = folder.path().join("copy.db");
        std::fs::copy(path, &copy)?;
        Ok(look_through(&copy))
    });
    still.unwrap_or_else(|error| Report::unreadable(format!("it cannot be read: {error}")))
}

/// What differs between a file and the one that takes its place.
fn identity(path: &Path) -> Option<(u64, SystemTime)> {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.len(), meta.modified().ok()?))
}

fn look_through(path: &Path) -> Report {
    let is_ours = match start_of(path) {
        Ok(start) if start.starts_with(MAGIC) => start.get(MARK) == Some(&db::APPLICATION_ID.to_be_bytes()[..]),
        Ok(_) => return Report::refused(Fault::NotADatabase, "it is not an athsys database, and none at all"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Report::refused(Fault::Unreadable, "there is no such file");
        }
        Err(error) => return Report::refused(Fault::Unreadable, format!("it cannot be read: {error}")),
    };
    let conn = match db::look(path) {
        Ok(conn) => conn,
        Err(error) => return unidentified(&error.into(), is_ours),
    };
    let schema = match db::identify(&conn) {
        Ok(Found::Ours { schema }) => schema,
        Ok(Found::Empty) => {
            return Report::refused(Fault::NotADatabase, "it is not an athsys database, but an empty one");
        }
        Err(error) => return unidentified(&error, is_ours),
    };
    let mut checks = vec![Check::of("file", None, format!("an athsys database of version {schema}"))];
    // Before anything is asked of the tables, whose names something else may bear.
    let strange = check("foreign objects", || strangers(&conn));
    if !strange.ok {
        checks.push(strange);
        return Report { checks, fault: Some(Fault::Strange), contents: None };
    }
    checks.push(strange);
    checks.extend(inside(&conn));
    // A file that was never sealed, as by an earlier version, has nothing to compare with.
    match db::check_seal(path, &conn) {
        Ok(seal) => checks.extend(seal),
        Err(error) => checks.push(unread("seal", &error)),
    }
    Report::of(checks, Contents::of(&conn).ok())
}

/// The same for the database in use, at one moment of it.
///
/// # Errors
/// When no connection is free in time.
pub fn verify_live(db: &Db) -> Result<Vec<Check>, DbError> {
    // A connection for long work: a large file may take longer than a request's statement may.
    let moment = db.pin()?;
    let mut checks = inside(moment.conn());
    checks.insert(1, check("foreign objects", || strangers(moment.conn())));
    Ok(checks)
}

fn inside(conn: &Connection) -> Vec<Check> {
    vec![
        check("integrity", || checks::integrity(conn)),
        check("foreign keys", || checks::references(conn)),
        check("schema", || checks::schema(conn)),
        check("invariants", || checks::invariants(conn)),
        check("audit chain", || chain(conn)),
    ]
}

/// A check that cannot be made has failed.
fn check(name: &'static str, make: impl FnOnce() -> Result<Check, DbError>) -> Check {
    make().unwrap_or_else(|error| unread(name, &error))
}

fn unread(name: &'static str, error: &DbError) -> Check {
    Check::of(name, Some(format!("it cannot be read: {error}")), "")
}

fn strangers(conn: &Connection) -> Result<Check, DbError> {
    let found = db::strangers(conn)?;
    let fault = (!found.is_empty()).then(|| found.join("; "));
    Ok(Check::of("foreign objects", fault, "no triggers, views or virtual tables of somebody else"))
}

fn chain(conn: &Connection) -> Result<Check, DbError> {
    let report = audit::verify(conn)?;
    Ok(Check::of("audit chain", report.fault, format!("{} audit rows, chain intact", report.rows)))
}

fn start_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(path)?.take(MARK.end as u64).read_to_end(&mut start)?;
    Ok(start)
}

fn unidentified(error: &OpenError, is_ours: bool) -> Report {
    match error {
        OpenError::Newer { file, program } => {
            Report::refused(Fault::Newer { file: *file, program: *program }, error.to_string())
        }
        OpenError::Foreign if !is_ours => {
            Report::refused(Fault::OtherApplication, "it is not an athsys database, but one of another program")
        }
        _ => Report::refused(Fault::Damaged, format!("it is damaged: {error}")),
    }
}

#[cfg(test)]
mod tests;
