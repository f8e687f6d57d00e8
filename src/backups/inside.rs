//! What a backup holds beside what is there now, so that nobody goes back without knowing what they lose.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use crate::audit::Head;
use crate::db::DbError;
use crate::time::Moment;
use crate::verify::Contents;

/// Races that are named.
const MOST_RACES: u32 = 50;

/// One race, as people know it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RaceLine {
    id: i64,
    name: String,
    date: String,
    status: String,
}

/// What a database holds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Inside {
    #[serde(flatten)]
    contents: Contents,
    /// The newest first
    races: Vec<RaceLine>,
}

impl Inside {
    /// # Errors
    /// When the database cannot be read.
    pub fn of(conn: &Connection) -> Result<Inside, DbError> {
        let sql = format!("SELECT id, name, date, status FROM races ORDER BY date DESC, id DESC LIMIT {MOST_RACES}");
        let mut statement = conn.prepare(&sql)?;
        let line = |row: &rusqlite::Row<'_>| {
            Ok(RaceLine { id: row.get(0)?, name: row.get(1)?, date: row.get(2)?, status: row.get(3)? })
        };
        let races = statement.query_map([], line)?.collect::<rusqlite::Result<_>>()?;
        Ok(Inside { contents: Contents::of(conn)?, races })
    }

    pub fn head(&self) -> &Head {
        &self.contents.audit_head
    }
}

/// What has been done since a backup.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Since {
    /// False where the backup is of another database, or of one that has gone another way since: then nobody can say
    related: bool,
    rows: i64,
    by_action: BTreeMap<String, i64>,
    first_at: Option<Moment>,
    last_at: Option<Moment>,
}

impl Since {
    /// The audit rows after the one a backup ends with.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(conn: &Connection, head: &Head) -> Result<Since, DbError> {
        let sql = "SELECT hash FROM audit_logs WHERE seq = ?1";
        let hash: Option<String> = conn.query_row(sql, [head.seq], |row| row.get(0)).optional()?;
        if hash.unwrap_or_default() != head.hash {
            return Ok(Since { related: false, rows: 0, by_action: BTreeMap::new(), first_at: None, last_at: None });
        }
        let sql = "SELECT action, count(*) FROM audit_logs WHERE seq > ?1 GROUP BY action";
        let mut statement = conn.prepare(sql)?;
        let counted = statement.query_map([head.seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let by_action: BTreeMap<String, i64> = counted.collect::<rusqlite::Result<_>>()?;
        let sql = "SELECT min(created_at), max(created_at) FROM audit_logs WHERE seq > ?1";
        let (first_at, last_at) = conn.query_row(sql, [head.seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Since { related: true, rows: by_action.values().sum(), by_action, first_at, last_at })
    }
}
