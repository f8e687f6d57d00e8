//! Rows of one document that refer to one another: by the ids used in the document, or by natural keys
//! (`race: "name"`, `athlete: {bibNumber}`, or `race`, `event`, `gender` and `bib_number` side by side).

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::apply::Ledger;
use super::report::{Place, RowError};
use crate::athletes::Athlete;
use crate::db::{DbError, Entity};
use crate::events::Event;
use crate::races::Race;
use crate::records::values::{bib_key, read_bib, read_gender};
use crate::records::{all_where, find_where};
use crate::rules::gender::Gender;
use crate::rules::text::{excerpt, fold};

type Resolved = Result<Map<String, Value>, Vec<RowError>>;

/// Replaces whatever a row refers by with stored ids.
pub fn resolve(
    ledger: &Ledger,
    conn: &Connection,
    place: Place,
    entity: Entity,
    mut members: Map<String, Value>,
) -> Result<Resolved, DbError> {
    let mut desk = Desk { ledger, conn, place, errors: Vec::new() };
    match entity {
        Entity::Athletes => desk.user(&mut members, "userId", "user_id"),
        Entity::Events => {
            let race = desk.race(&mut members)?;
            set(&mut members, "raceId", race);
        }
        Entity::Registrations | Entity::Results => {
            let event = desk.event(&mut members)?;
            let athlete = desk.athlete(&mut members, entity)?;
            set(&mut members, "eventId", event);
            set(&mut members, "athleteId", athlete);
            desk.user(&mut members, "recordedBy", "recorded_by");
        }
        Entity::Users | Entity::Races => {}
        Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => {}
    }
    Ok(if desk.errors.is_empty() { Ok(members) } else { Err(desk.errors) })
}

fn set(members: &mut Map<String, Value>, name: &str, id: Option<i64>) {
    if let Some(id) = id {
        members.insert(name.to_owned(), Value::from(id));
    }
}

/// Takes the first of several names out of a row.
fn take(members: &mut Map<String, Value>, names: &[&str]) -> Option<Value> {
    let mut found = None;
    for name in names {
        let value = members.remove(*name).filter(|value| !value.is_null());
        found = found.or(value);
    }
    found
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

struct Desk<'a> {
    ledger: &'a Ledger,
    conn: &'a Connection,
    place: Place,
    errors: Vec<RowError>,
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
    fn user(&mut self, members: &mut Map<String, Value>, name: &str, alias: &str) {
        let Some(value) = take(members, &[name, alias]) else { return };
        let Some(id) = self.by_id(Entity::Users, &value) else { return };
        let known = self.conn.query_row("SELECT count(*) FROM users WHERE id = ?1", [id], |row| row.get::<_, i64>(0));
        if known == Ok(1) {
            members.insert(name.to_owned(), Value::from(id));
        }
    }

    fn race(&mut self, members: &mut Map<String, Value>) -> Result<Option<i64>, DbError> {
        let given = take(members, &["raceId", "race_id"]);
        let named = take(members, &["race", "race_name", "raceName"]);
        if let Some(id) = given.as_ref().and_then(|value| self.by_id(Entity::Races, value)) {
            return Ok(Some(id));
        }
        let Some(named) = named else { return Ok(None) };
        let (name, date) = match &named {
            Value::Object(parts) => {
                if let Some(id) = parts.get("id").and_then(|value| self.by_id(Entity::Races, value)) {
                    return Ok(Some(id));
                }
                (parts.get("name").map(text_of).unwrap_or_default(), parts.get("date").map(text_of))
            }
            other => (text_of(other), None),
        };
        let races = all_where::<Race>(self.conn, "name_key = ?1", fold(&name))?;
        let mut fitting =
            races.into_iter().filter(|race| date.as_ref().is_none_or(|date| race.date.to_string() == *date));
        match (fitting.next(), fitting.next()) {
            (Some(race), None) => Ok(Some(race.id)),
            (None, _) => {
                self.refuse("unknown_race", "race", &name, format!("There is no race '{}'", excerpt(&name, 60)));
                Ok(None)
            }
            (Some(_), Some(_)) => {
                let message = format!("There are several races '{}'; give the date too", excerpt(&name, 60));
                self.refuse("ambiguous_match", "race", &name, message);
                Ok(None)
            }
        }
    }

    fn event(&mut self, members: &mut Map<String, Value>) -> Result<Option<i64>, DbError> {
        let given = take(members, &["eventId", "event_id"]);
        let named = take(members, &["event", "event_name", "eventName"]);
        let gender = take(members, &["gender"]);
        let age_group = take(members, &["ageGroup", "age_group"]);
        if let Some(id) = given.as_ref().and_then(|value| self.by_id(Entity::Events, value)) {
            take(members, &["race", "race_id", "raceId"]);
            return Ok(Some(id));
        }
        let Some(named) = named else {
            take(members, &["race", "race_id", "raceId"]);
            return Ok(None);
        };
        let (name, mut parts) = match named {
            Value::Object(parts) => (parts.get("name").map(text_of).unwrap_or_default(), parts),
            other => (text_of(&other), Map::new()),
        };
        if let Some(id) = parts.get("id").and_then(|value| self.by_id(Entity::Events, value)) {
            return Ok(Some(id));
        }
        for (member, value) in [("gender", gender), ("ageGroup", age_group)] {
            if let Some(value) = value {
                parts.entry(member).or_insert(value);
            }
        }
        for member in ["race", "raceId", "race_id"] {
            if let Some(value) = members.remove(member) {
                parts.entry(member).or_insert(value);
            }
        }
        let errors = self.errors.len();
        let race = self.race(&mut parts)?;
        if self.errors.len() > errors {
            return Ok(None);
        }
        self.event_named(&name, race, &parts)
    }

    fn event_named(
        &mut self,
        name: &str,
        race: Option<i64>,
        parts: &Map<String, Value>,
    ) -> Result<Option<i64>, DbError> {
        let gender: Option<Gender> = parts.get("gender").and_then(|value| read_gender(&text_of(value)).ok());
        let age_group = parts.get("ageGroup").map(text_of);
        let events = all_where::<Event>(self.conn, "name_key = ?1", fold(name))?;
        let mut fitting = events.into_iter().filter(|event| {
            race.is_none_or(|race| event.race_id == race)
                && (gender.is_none() || event.gender == gender)
                && age_group.as_ref().is_none_or(|group| event.age_group.as_ref() == Some(group))
        });
        match (fitting.next(), fitting.next()) {
            (Some(event), None) => Ok(Some(event.id)),
            (None, _) => {
                self.refuse("unknown_event", "event", name, format!("There is no such event '{}'", excerpt(name, 60)));
                Ok(None)
            }
            (Some(_), Some(_)) => {
                let message =
                    format!("There are several events '{}'; give race, gender and age group too", excerpt(name, 60));
                self.refuse("ambiguous_match", "event", name, message);
                Ok(None)
            }
        }
    }

    fn athlete(&mut self, members: &mut Map<String, Value>, entity: Entity) -> Result<Option<i64>, DbError> {
        let given = take(members, &["athleteId", "athlete_id"]);
        let named = take(members, &["athlete"]);
        if let Some(id) = given.as_ref().and_then(|value| self.by_id(Entity::Athletes, value)) {
            return Ok(Some(id));
        }
        let parts = match named {
            Some(Value::Object(parts)) => parts,
            Some(name) => Map::from_iter([("name".to_owned(), name)]),
            None => Map::new(),
        };
        if let Some(id) = parts.get("id").and_then(|value| self.by_id(Entity::Athletes, value)) {
            return Ok(Some(id));
        }
        // A registration has a bib of its own, so there it stays; a result has none.
        let names = ["bibNumber", "bib_number", "bib"];
        let beside = names.iter().find_map(|name| members.get(*name)).cloned();
        if entity == Entity::Results {
            take(members, &names);
        }
        let bib = names.iter().find_map(|name| parts.get(*name)).cloned().or(beside);
        match (bib, parts.get("name")) {
            (Some(bib), _) => self.athlete_by_bib(&text_of(&bib)),
            (None, Some(name)) => self.athlete_by_name(&text_of(name)),
            (None, None) => Ok(None),
        }
    }

    fn athlete_by_bib(&mut self, bib: &str) -> Result<Option<i64>, DbError> {
        let found = match read_bib(bib) {
            Ok(bib) => find_where::<Athlete>(self.conn, "bib_key = ?1", bib_key(&bib))?,
            Err(_) => None,
        };
        if found.is_none() {
            self.refuse("unknown_bib", "bib_number", bib, format!("Nobody wears the bib {}", excerpt(bib, 40)));
        }
        Ok(found.map(|athlete| athlete.id))
    }

    fn athlete_by_name(&mut self, name: &str) -> Result<Option<i64>, DbError> {
        let mut fitting = all_where::<Athlete>(self.conn, "name_key = ?1", fold(name))?.into_iter();
        match (fitting.next(), fitting.next()) {
            (Some(athlete), None) => Ok(Some(athlete.id)),
            (None, _) => {
                self.refuse("unknown_athlete", "athlete", name, format!("There is no athlete '{}'", excerpt(name, 60)));
                Ok(None)
            }
            (Some(_), Some(_)) => {
                let message = format!("There are several athletes '{}'; give the bib", excerpt(name, 60));
                self.refuse("ambiguous_match", "athlete", name, message);
                Ok(None)
            }
        }
    }
}
