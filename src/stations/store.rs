//! Stations against the stored rows.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::{NewStation, Station, Visit};
use crate::audit::{Actor, Entry, Verb};
use crate::auth::policy::Role;
use crate::auth::token::{random_token, token_hash};
use crate::auth::visits::{AtStation, Visits};
use crate::db::{DbError, Entity, Tx};
use crate::events::Event;
use crate::records::values::parsed;
use crate::records::{self, RecordError};
use crate::time::{self, Moment};

/// People at one station. A link that has gone round further than that is better made anew.
const MOST_VISITS: i64 = 50;
/// Ended stations are listed for so long, with who was there; the audit log keeps what they did.
const LISTED_MS: i64 = 7 * 24 * 3600 * 1000;

/// What the audit log calls one.
const STATION: &str = "station";

fn unknown(id: i64) -> RecordError {
    RecordError::Missing(format!("There is no station with the id {id}"))
}

/// Makes a station link. Answers its id and its secret, which nobody is told again.
pub fn open(tx: &mut Tx<'_>, by: &Actor, new: &NewStation, expires_at: Moment) -> Result<(i64, String), RecordError> {
    let Some(event) = records::find::<Event>(tx.conn(), new.event_id)? else {
        let message = format!("There is no event with the id {}", new.event_id);
        return Err(RecordError::field("eventId", "unknown-event", message));
    };
    let label = new.label.as_deref().unwrap_or(&event.name);
    let label = crate::rules::text::excerpt(label, 100);
    let secret = random_token();
    let sql = "
        INSERT INTO stations (event_id, role, label, secret, created_by, created_at, expires_at)
        VALUES (:event, :role, :label, :secret, :by, :now, :expires)";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":event": event.id, ":role": new.role.as_str(), ":label": label, ":secret": token_hash(&secret),
        ":by": by.name, ":now": tx.now_ms(), ":expires": expires_at,
    })?;
    let id = tx.conn().last_insert_rowid();
    tx.touch(Entity::Sessions);
    let row = serde_json::json!({
        "eventId": event.id, "role": new.role, "label": label, "expiresAt": expires_at,
    });
    Entry::about(Verb::Create, STATION).id(id).after(&row).write(tx, by)?;
    Ok((id, secret))
}

/// Ends a station link and the tokens of all who came in by it. Doing it again changes nothing.
pub fn revoke(tx: &mut Tx<'_>, by: &Actor, id: i64) -> Result<(), RecordError> {
    let label: Option<String> = tx
        .conn()
        .prepare_cached("SELECT label FROM stations WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(label) = label else { return Err(unknown(id)) };
    let sql = "UPDATE stations SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    if tx.conn().prepare_cached(sql)?.execute((id, tx.now_ms()))? == 0 {
        return Ok(());
    }
    tx.touch(Entity::Sessions);
    let details = serde_json::json!({ "label": label, "revoked": true });
    Entry::about(Verb::Update, STATION).id(id).details(&details).write(tx, by)?;
    Ok(())
}

/// Somebody who opens a link.
pub struct Arrival<'a> {
    pub secret: &'a str,
    /// The name they give.
    pub person: &'a str,
    pub user_agent: Option<&'a str>,
    pub from: &'a Actor,
}

/// Lets somebody in by a link. Answers their token, which is stored as a digest only.
pub fn enter(tx: &mut Tx<'_>, arrival: &Arrival<'_>) -> Result<(String, AtStation), RecordError> {
    let sql = "
        SELECT s.id, s.event_id, s.role, s.label, s.expires_at, s.revoked_at,
            (SELECT count(*) FROM station_visits v WHERE v.station_id = s.id)
        FROM stations s WHERE s.secret = ?1";
    let found = tx.conn().prepare_cached(sql)?.query_row([token_hash(arrival.secret)], |row| {
        let at = AtStation {
            station: row.get(0)?,
            visit: 0,
            event: row.get(1)?,
            role: parsed(row, 2, Role::from_word)?,
            label: row.get(3)?,
            person: arrival.person.to_owned(),
            expires_at: row.get(4)?,
        };
        Ok((at, row.get::<_, Option<Moment>>(5)?, row.get::<_, i64>(6)?))
    });
    let Some((mut at, revoked, visits)) = found.optional()? else {
        return Err(RecordError::Missing("This is no station link of this server. Scan the code again".into()));
    };
    let refuse = |code, detail: &str| Err(RecordError::Conflict { code, detail: detail.into(), field: None });
    if revoked.is_some() || at.expires_at <= Moment(tx.now_ms()) {
        return refuse("station-ended", "This station link has ended or was revoked. Ask for a new one");
    }
    if visits >= MOST_VISITS {
        return refuse("station-full", "Too many phones have opened this station link. Ask for a new one");
    }
    let (token, hash) = AtStation::new_token();
    let sql = "
        INSERT INTO station_visits (station_id, person, token, user_agent, ip_address, entered_at)
        VALUES (:station, :person, :token, :agent, :ip, :now)";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":station": at.station, ":person": at.person, ":token": hash, ":agent": arrival.user_agent,
        ":ip": arrival.from.ip.map(|ip| ip.to_string()), ":now": tx.now_ms(),
    })?;
    at.visit = tx.conn().last_insert_rowid();
    tx.touch(Entity::Sessions);
    let by = Actor { name: at.name(), ..arrival.from.clone() };
    Entry::about(Verb::Login, STATION).id(at.station).write(tx, &by)?;
    Ok((token, at))
}

/// The stations of one event or of all, the newest first, with who was there.
pub fn list(conn: &Connection, seen: &Visits, event: Option<i64>) -> Result<Vec<Station>, DbError> {
    let mut stations = selected(conn, "?1 IS NULL OR s.event_id = ?1", event)?;
    for station in &mut stations {
        station.visits = visits(conn, seen, station.id)?;
    }
    Ok(stations)
}

/// One station, as it is listed.
pub fn get(conn: &Connection, seen: &Visits, id: i64) -> Result<Station, RecordError> {
    let found = selected(conn, "s.id = ?1", Some(id))?.pop();
    let mut station = found.ok_or_else(|| unknown(id))?;
    station.visits = visits(conn, seen, id)?;
    Ok(station)
}

fn selected(conn: &Connection, condition: &str, value: Option<i64>) -> Result<Vec<Station>, DbError> {
    let sql = format!(
        "SELECT s.id, s.event_id, e.name, r.id, r.name, s.role, s.label, s.created_by, s.created_at, s.expires_at,
            s.revoked_at, e.gender, e.age_group
        FROM stations s JOIN events e ON e.id = s.event_id JOIN races r ON r.id = e.race_id
        WHERE {condition}
        ORDER BY s.id DESC"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([value], from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Station> {
    let (expires_at, revoked_at): (Moment, Option<Moment>) = (row.get(9)?, row.get(10)?);
    Ok(Station {
        id: row.get(0)?,
        event_id: row.get(1)?,
        event_name: row.get(2)?,
        event_gender: row.get(11)?,
        event_age_group: row.get(12)?,
        race_id: row.get(3)?,
        race_name: row.get(4)?,
        role: parsed(row, 5, Role::from_word)?,
        label: row.get(6)?,
        created_by: row.get(7)?,
        created_at: row.get(8)?,
        expires_at,
        revoked_at,
        is_open: revoked_at.is_none() && expires_at > time::now(),
        visits: Vec::new(),
    })
}

fn visits(conn: &Connection, seen: &Visits, station: i64) -> Result<Vec<Visit>, DbError> {
    let sql = "SELECT id, person, user_agent, entered_at FROM station_visits WHERE station_id = ?1 ORDER BY id DESC";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([station], |row| {
        let (id, entered_at): (i64, Moment) = (row.get(0)?, row.get(3)?);
        Ok(Visit {
            id,
            person: row.get(1)?,
            user_agent: row.get(2)?,
            entered_at,
            last_seen_at: seen.last_seen(id).map_or(entered_at, |seen| seen.max(entered_at)),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Forgets stations that ended more than a week ago.
pub fn prune(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let sql = "DELETE FROM stations WHERE expires_at < ?1";
    let gone = tx.conn().prepare_cached(sql)?.execute([tx.now_ms() - LISTED_MS])?;
    if gone > 0 {
        tx.touch(Entity::Sessions);
    }
    Ok(gone)
}
