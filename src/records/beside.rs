//! What answers say of a row besides its own members: names and counts that lie in other tables. They are read-only,
//! and neither exports nor the audit log know them.

use rusqlite::Connection;
use serde::Serialize;

use super::{Resource, Sight};
use crate::db::DbError;

/// For entities whose rows say everything themselves.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NoBeside {}

/// The names behind the two ids of a registration or a result.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryNames {
    #[schema(read_only)]
    athlete_name: String,
    /// The athlete's own bib
    #[schema(read_only)]
    athlete_bib: Option<String>,
    #[schema(read_only)]
    club_team: Option<String>,
    #[schema(read_only)]
    country: String,
    #[schema(read_only)]
    event_name: String,
    /// Tells events of one name apart, as the age group does
    #[schema(read_only)]
    event_gender: Option<String>,
    #[schema(read_only)]
    event_age_group: Option<String>,
    #[schema(read_only)]
    race_id: i64,
    #[schema(read_only)]
    race_name: String,
}

impl EntryNames {
    /// Two look-ups by id, with statements that stay prepared.
    pub fn of(conn: &Connection, athlete: i64, event: i64) -> Result<EntryNames, DbError> {
        let sql = "SELECT name, bib_number, club_team, country FROM athletes WHERE id = ?1";
        let mut names = conn.prepare_cached(sql)?.query_row([athlete], |row| {
            Ok(EntryNames {
                athlete_name: row.get(0)?,
                athlete_bib: row.get(1)?,
                club_team: row.get(2)?,
                country: row.get(3)?,
                event_name: String::new(),
                event_gender: None,
                event_age_group: None,
                race_id: 0,
                race_name: String::new(),
            })
        })?;
        let sql = "SELECT e.name, e.gender, e.age_group, r.id, r.name
            FROM events e JOIN races r ON r.id = e.race_id WHERE e.id = ?1";
        conn.prepare_cached(sql)?.query_row([event], |row| {
            names.event_name = row.get(0)?;
            names.event_gender = row.get(1)?;
            names.event_age_group = row.get(2)?;
            names.race_id = row.get(3)?;
            names.race_name = row.get(4)?;
            Ok(())
        })?;
        Ok(names)
    }
}

/// One number that belongs to a row, such as how many registrations an event has; `sql` has one parameter, its id.
pub fn tally(conn: &Connection, sql: &str, id: i64) -> Result<i64, DbError> {
    Ok(conn.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

/// Appends a row as JSON, as far as `sight` may see it, with what lies beside it. `alone`: the row is the whole answer
/// and not one of a page.
pub fn write_whole<R: Resource>(
    conn: &Connection,
    row: &R,
    sight: &Sight,
    alone: bool,
    out: &mut Vec<u8>,
) -> Result<(), DbError> {
    row.write_json(sight, out);
    let Some(beside) = row.beside(conn, alone)? else { return Ok(()) };
    let text = serde_json::to_vec(&beside).expect("our own types serialise");
    if let Some(members) = text.strip_prefix(b"{").filter(|members| members.len() > 1) {
        out.pop(); // the brace that closes the row
        out.push(b',');
        out.extend_from_slice(members);
    }
    Ok(())
}
