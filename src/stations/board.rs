//! What a station shows: its event, who is entered, and what they have done so far. Nothing private.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;

use crate::events::Event;
use crate::records::{self, ListQuery, RecordError, Resource, Sight, etag, write_whole};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::rules::discipline::Measure;

/// The event of a station, as its page draws it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    event: Value,
    /// time, distance or points
    measure: &'static str,
    has_wind: bool,
    entries: Vec<Value>,
    results: Vec<Value>,
}

/// The board of an event.
pub fn of(conn: &Connection, event: i64) -> Result<Board, RecordError> {
    let event: Event = records::get(conn, event)?;
    Ok(Board {
        measure: match event.measure() {
            Measure::Time => "time",
            Measure::Distance => "distance",
            Measure::Points => "points",
        },
        has_wind: event.discipline().is_some_and(|known| known.has_wind),
        entries: rows::<Registration>(conn, event.id)?,
        results: rows::<MeetResult>(conn, event.id)?,
        event: whole(conn, &event)?,
    })
}

/// The rows of an event as the public would see them, each with its entity tag.
fn rows<R: Resource>(conn: &Connection, event: i64) -> Result<Vec<Value>, RecordError> {
    let mut asked = ListQuery::everything();
    asked.narrow("event_id = ?", event);
    let mut found: Vec<R> = Vec::new();
    asked.page::<R>(conn, |row| {
        found.push(row);
        Ok(())
    })?;
    found.iter().map(|row| whole(conn, row)).collect()
}

fn whole<R: Resource>(conn: &Connection, row: &R) -> Result<Value, RecordError> {
    let mut text = Vec::with_capacity(512);
    write_whole(conn, row, &Sight::Public, false, &mut text)?;
    let mut value: Value = serde_json::from_slice(&text).expect("our own records are JSON");
    // Who has paid is for the desk.
    value.as_object_mut().map(|members| members.remove("paymentStatus"));
    value["etag"] = etag(row).into();
    Ok(value)
}
