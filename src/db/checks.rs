//! What can be checked about a database without knowing what is in it: pages, references, schema, and that it ends
//! where it says it ends.

use rusqlite::Connection;
use serde::Serialize;

use super::{DbError, schema_differences};

/// One line of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Check {
    pub name: &'static str,
    pub ok: bool,
    pub detail: String,
}

impl Check {
    /// `fault` in words, or what holds.
    pub fn of(name: &'static str, fault: Option<String>, holds: impl Into<String>) -> Check {
        Check { name, ok: fault.is_none(), detail: fault.unwrap_or_else(|| holds.into()) }
    }
}

/// Every page, and every index against its table.
///
/// # Errors
/// When the file cannot be read at all.
pub fn integrity(conn: &Connection) -> Result<Check, DbError> {
    pages(conn, "PRAGMA integrity_check(5)")
}

/// Every page, without comparing indexes with their tables; a quarter of the time of [`integrity`].
///
/// # Errors
/// When the file cannot be read at all.
pub fn quick(conn: &Connection) -> Result<Check, DbError> {
    pages(conn, "PRAGMA quick_check(5)")
}

fn pages(conn: &Connection, sql: &str) -> Result<Check, DbError> {
    let mut statement = conn.prepare(sql)?;
    let found: rusqlite::Result<Vec<String>> = statement.query_map([], |row| row.get(0))?.collect();
    let found = found?.join("; ");
    Ok(Check::of("integrity", (found != "ok").then_some(found), "every page is sound"))
}

/// Every reference leads to a row.
///
/// # Errors
/// When the file cannot be read at all.
pub fn references(conn: &Connection) -> Result<Check, DbError> {
    let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
    let broken = statement.query_map([], |row| row.get::<_, String>(0))?.count();
    let fault = (broken > 0).then(|| format!("{broken} rows refer to rows that do not exist"));
    Ok(Check::of("foreign keys", fault, "every reference leads to a row"))
}

/// Tables, columns, indexes and triggers are those of this version.
///
/// # Errors
/// When the file cannot be read at all.
pub fn schema(conn: &Connection) -> Result<Check, DbError> {
    let differences = schema_differences(conn)?;
    let fault = (!differences.is_empty()).then(|| differences.join("; "));
    Ok(Check::of("schema", fault, "every table, column and index is there"))
}

/// The audit log has as many rows as the file says, and ends with the hash it says. A torn copy that passes
/// [`integrity`] fails here.
///
/// # Errors
/// When the file cannot be read at all.
pub fn invariants(conn: &Connection) -> Result<Check, DbError> {
    let sql = "
        SELECT coalesce((SELECT value FROM meta WHERE key = 'audit_count'), ''),
               coalesce((SELECT value FROM meta WHERE key = 'audit_head'), ''),
               (SELECT count(*) FROM audit_logs),
               coalesce((SELECT max(seq) FROM audit_logs), 0),
               coalesce((SELECT hash FROM audit_logs ORDER BY seq DESC LIMIT 1), '')";
    let (said, head, rows, last, hash): (String, String, i64, i64, String) =
        conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    let fault = if said != rows.to_string() || rows != last {
        Some(format!("the file says that its audit log has {said} rows; it has {rows}, and the last is number {last}"))
    } else if head != hash {
        Some(format!("audit row {last} is not the one the file says it ends with"))
    } else {
        None
    };
    Ok(Check::of("invariants", fault, format!("the file ends with audit row {last}, as it says")))
}
