//! What a row refers to as stored ids: by the ids used in its document, or by natural keys (`race: "name"`,
//! `athlete: {bibNumber}`, or `race`, `event`, `gender` and `bib_number` side by side).

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value};

use super::apply::Ledger;
use super::place::{Place, RowError};
use crate::db::{DbError, Entity};

mod athlete;
mod event;

type Members = Map<String, Value>;

/// A row with what it refers to.
pub enum Resolved {
    Row(Members),
    Refused(Vec<RowError>),
    /// Everything but the athlete, who is not stored yet.
    UnknownAthlete {
        members: Members,
        athlete: Members,
        error: RowError,
    },
}

/// Replaces whatever a row refers by with stored ids. `person` is the athlete of a row of a table; `usual_race` is
/// the race of rows that name none.
pub fn resolve(
    ledger: &Ledger,
    conn: &Connection,
    place: Place,
    entity: Entity,
    (mut members, person): (Members, Option<Members>),
    usual_race: Option<i64>,
) -> Result<Resolved, DbError> {
    let mut desk = Desk { ledger, conn, place, usual_race, errors: Vec::new(), unknown: None };
    match entity {
        Entity::Athletes => desk.user(&mut members, "userId", "user_id"),
        Entity::Events => {
            let race = desk.race(&mut members)?.or(usual_race);
            set(&mut members, "raceId", race);
        }
        Entity::Registrations | Entity::Results => {
            let said = person.as_ref().and_then(|person| text_in(person, &["gender"]));
            let athlete = desk.athlete(&mut members, entity, person)?;
            let event = desk.event(&mut members, said.or(gender_of(conn, athlete)?))?;
            set(&mut members, "eventId", event);
            set(&mut members, "athleteId", athlete);
            desk.user(&mut members, "recordedBy", "recorded_by");
        }
        Entity::Users | Entity::Races => {}
        Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => {}
    }
    Ok(match (desk.errors, desk.unknown) {
        (errors, None) if errors.is_empty() => Resolved::Row(members),
        (errors, Some((athlete, error))) if errors.is_empty() => Resolved::UnknownAthlete { members, athlete, error },
        (mut errors, unknown) => {
            errors.extend(unknown.map(|(_, error)| error));
            Resolved::Refused(errors)
        }
    })
}

/// What the stored athlete tells of the event, where the row does not.
fn gender_of(conn: &Connection, athlete: Option<i64>) -> Result<Option<String>, DbError> {
    let Some(id) = athlete else { return Ok(None) };
    let sql = "SELECT gender FROM athletes WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?.flatten())
}

fn set(members: &mut Members, name: &str, id: Option<i64>) {
    if let Some(id) = id {
        members.insert(name.to_owned(), Value::from(id));
    }
}

/// Takes the first of several names out of a row.
fn take(members: &mut Members, names: &[&str]) -> Option<Value> {
    let mut found = None;
    for name in names {
        let value = members.remove(*name).filter(|value| !value.is_null());
        found = found.or(value);
    }
    found
}

/// The text of a member; blank is none.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn text_in(parts: &Members, names: &[&str]) -> Option<String> {
    let text = names.iter().find_map(|name| parts.get(*name)).filter(|value| !value.is_null()).map(text_of)?;
    (!text.trim().is_empty()).then_some(text)
}

/// Looks things up for one row.
struct Desk<'a> {
    ledger: &'a Ledger,
    conn: &'a Connection,
    place: Place,
    usual_race: Option<i64>,
    errors: Vec<RowError>,
    unknown: Option<(Members, RowError)>,
}

impl Desk<'_> {
    fn refuse(&mut self, code: &str, column: &str, value: &str, message: String) {
        self.errors.push(self.place.error(Some(column), code, Some(value), message));
    }

    /// The stored row that an id of the document leads to.
    fn by_id(&self, entity: Entity, value: &Value) -> Option<i64> {
        let id = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
        Some(self.ledger.stored_id(entity, id))
    }

    /// A user that is not there is nobody, and no reason to refuse the row.
    fn user(&mut self, members: &mut Members, name: &str, alias: &str) {
        let Some(value) = take(members, &[name, alias]) else { return };
        let Some(id) = self.by_id(Entity::Users, &value) else { return };
        let known = self.conn.query_row("SELECT count(*) FROM users WHERE id = ?1", [id], |row| row.get::<_, i64>(0));
        if known == Ok(1) {
            members.insert(name.to_owned(), Value::from(id));
        }
    }
}
