//! Everything that is stored about an athlete, for the person who asks.

use rusqlite::Connection;
use serde::Serialize;

use crate::athletes::Athlete;
use crate::audit::{self, Change};
use crate::db::{DbError, Entity};
use crate::records::{Record, Resource, Sight, all_where, write_whole};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::time::Moment;

/// Most changes that come along; nobody has more.
const CHANGES: u32 = 500;

/// An import that brought or changed the athlete.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CameFrom {
    id: i64,
    file_name: String,
    started_at: Moment,
    user_name: String,
    /// The file itself is still kept
    has_file: bool,
}

/// What there is, in parts that are ready to be sent.
pub struct Stored {
    pub athlete: Vec<u8>,
    pub registrations: Vec<u8>,
    pub results: Vec<u8>,
    pub history: Vec<Change>,
    pub imports: Vec<CameFrom>,
    /// Coaches who see the athlete in full
    pub coaches: Vec<String>,
}

/// All of it.
///
/// # Errors
/// Those of the database.
pub fn stored(conn: &Connection, athlete: &Athlete) -> Result<Stored, DbError> {
    let mut own = Vec::new();
    write_whole(conn, athlete, &Sight::Full, true, &mut own)?;
    Ok(Stored {
        athlete: own,
        registrations: rows::<Registration>(conn, athlete.id)?,
        results: rows::<MeetResult>(conn, athlete.id)?,
        history: audit::history(conn, Entity::Athletes, athlete.id, (1, CHANGES))?.0,
        imports: imports(conn, athlete.id)?,
        coaches: coaches(conn, athlete.id)?,
    })
}

/// The rows that hang on an athlete, as the elements of a JSON list.
fn rows<R: Record + Resource>(conn: &Connection, athlete: i64) -> Result<Vec<u8>, DbError> {
    let mut elements = Vec::new();
    for row in all_where::<R>(conn, "athlete_id = ?1", athlete)? {
        if !elements.is_empty() {
            elements.push(b',');
        }
        write_whole(conn, &row, &Sight::Full, false, &mut elements)?;
    }
    Ok(elements)
}

fn imports(conn: &Connection, athlete: i64) -> Result<Vec<CameFrom>, DbError> {
    let sql = "
        SELECT id, file_name, started_at, user_name,
            EXISTS (SELECT 1 FROM import_files f WHERE f.import_id = imports.id AND f.is_complete)
        FROM imports
        WHERE EXISTS (SELECT 1 FROM import_ranges WHERE import_id = imports.id AND entity = 'athletes'
                AND ?1 BETWEEN first_id AND last_id)
            OR EXISTS (SELECT 1 FROM import_before WHERE import_id = imports.id AND entity = 'athletes' AND row_id = ?1)
        ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map([athlete], |row| {
        Ok(CameFrom {
            id: row.get(0)?,
            file_name: row.get(1)?,
            started_at: row.get(2)?,
            user_name: row.get(3)?,
            has_file: row.get(4)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn coaches(conn: &Connection, athlete: i64) -> Result<Vec<String>, DbError> {
    let sql = "SELECT name FROM users JOIN user_athletes ON user_id = users.id WHERE athlete_id = ?1 ORDER BY name";
    let mut statement = conn.prepare_cached(sql)?;
    let names = statement.query_map([athlete], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}
