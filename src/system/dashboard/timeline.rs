//! What is on today and next.

use jiff::civil::Date;
use rusqlite::Connection;
use serde_json::Value;

use crate::db::DbError;
use crate::time::Moment;

/// A long day of a large meet has fewer; the page shows those around the present moment.
const MOST: u32 = 120;

/// The events that start from the first moment of `today` on, by their start, with how many take part and how many
/// results there are.
pub(super) fn timeline(conn: &Connection, today: Date) -> Result<Value, DbError> {
    let zone = jiff::tz::TimeZone::system();
    let midnight = today.to_zoned(zone).map(|zoned| zoned.timestamp().as_millisecond()).unwrap_or_default();
    let sql = format!(
        "SELECT e.id, e.name, e.gender, e.age_group, m.name, e.start_time,
            (SELECT count(*) FROM registrations r WHERE r.event_id = e.id AND r.status <> 'cancelled'),
            (SELECT count(*) FROM results r WHERE r.event_id = e.id), m.id
        FROM events e JOIN races m ON m.id = e.race_id
        WHERE e.start_time >= ?1 AND m.status <> 'cancelled' ORDER BY e.start_time, e.id LIMIT {MOST}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let events = statement.query_map([midnight], |row| {
        Ok(serde_json::json!({
            "id": row.get::<_, i64>(0)?, "name": row.get::<_, String>(1)?, "gender": row.get::<_, Option<String>>(2)?,
            "ageGroup": row.get::<_, Option<String>>(3)?, "raceName": row.get::<_, String>(4)?,
            "startTime": row.get::<_, Moment>(5)?, "registrations": row.get::<_, i64>(6)?,
            "results": row.get::<_, i64>(7)?, "raceId": row.get::<_, i64>(8)?,
        }))
    })?;
    Ok(Value::Array(events.collect::<rusqlite::Result<_>>()?))
}
