//! Bibs that two athletes wear in one race.

use rusqlite::Connection;

use super::decisions::Found;
use crate::db::DbError;

/// An athlete wears the bib of the registration, or else their own. Bibs of athletes are unique, so that a bib can be
/// worn twice only where a registration has another than its athlete: from those it starts. Races that are over are
/// left alone.
const WORN_TWICE: &str = "
    WITH given (race, athlete, bib, registration) AS MATERIALIZED (
        SELECT e.race_id, r.athlete_id,
            char(97 + length(ltrim(r.bib_number, '0'))) || lower(ltrim(r.bib_number, '0')), r.id
        FROM registrations r CROSS JOIN events e ON e.id = r.event_id CROSS JOIN races m ON m.id = e.race_id
        WHERE r.bib_number IS NOT NULL AND r.status <> 'cancelled' AND m.status IN ('scheduled', 'ongoing')),
    other (race, athlete, bib, registration) AS MATERIALIZED (
        SELECT given.* FROM given JOIN athletes a ON a.id = given.athlete WHERE given.bib IS NOT a.bib_key),
    worn (race, athlete, bib, registration) AS (
        SELECT * FROM given WHERE bib IN (SELECT bib FROM other)
        UNION ALL
        SELECT e.race_id, r.athlete_id, a.bib_key, r.id
        FROM athletes a JOIN registrations r ON r.athlete_id = a.id JOIN events e ON e.id = r.event_id
        WHERE a.bib_key IN (SELECT bib FROM other) AND r.bib_number IS NULL AND r.status <> 'cancelled')
    SELECT substr(bib, 2), min(athlete), max(athlete), group_concat(registration)
    FROM worn GROUP BY race, bib HAVING min(athlete) <> max(athlete) ORDER BY race, bib";

/// Registrations whose bib somebody else wears in the same race; counted are the bibs.
pub(super) fn worn_twice(conn: &Connection) -> Result<Found, DbError> {
    let mut found = Found::default();
    let mut statement = conn.prepare_cached(WORN_TWICE)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.count += 1;
        if found.count <= 3 {
            let (bib, one, other): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            found.examples.push(format!("{bib}: {}, {}", name(conn, one)?, name(conn, other)?));
        }
        if found.ids.len() < super::decisions::MOST_IDS {
            let ids: String = row.get(3)?;
            found.ids.extend(ids.split(',').filter_map(|id| id.parse::<i64>().ok()));
        }
    }
    Ok(found)
}

fn name(conn: &Connection, athlete: i64) -> Result<String, DbError> {
    let sql = "SELECT name FROM athletes WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([athlete], |row| row.get(0))?)
}
