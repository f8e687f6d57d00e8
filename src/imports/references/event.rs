//! Races and events by their names.

use serde_json::{Map, Value};

use super::{Desk, Members, take, text_in, text_of};
use crate::db::{DbError, Entity};
use crate::events::Event;
use crate::races::Race;
use crate::records::values::read_gender;
use crate::records::{all_where, find};
use crate::rules::discipline::{self, read_spoken};
use crate::rules::gender::Gender;
use crate::rules::text::{excerpt, fold};

const RACE: [&str; 2] = ["raceId", "race_id"];
const RACE_DATE: [&str; 2] = ["raceDate", "race_date"];

/// What a row says of an event.
#[derive(Debug, Clone)]
struct Wanted {
    name: String,
    race: Option<i64>,
    gender: Option<Gender>,
    age_group: Option<String>,
}

impl Desk<'_> {
    /// The race a row belongs to. A name beside an id has the last word: ids of other databases lead astray.
    pub(super) fn race(&mut self, members: &mut Members) -> Result<Option<i64>, DbError> {
        let given = take(members, &RACE);
        let named = take(members, &["race", "race_name", "raceName"]);
        let date = take(members, &RACE_DATE).map(|date| text_of(&date));
        let parts = match named {
            None => None,
            Some(Value::Object(parts)) => Some(parts),
            Some(name) => Some(Map::from_iter([("name".to_owned(), name)])),
        };
        let id = given.as_ref().or(parts.as_ref().and_then(|parts| parts.get("id")));
        let id = id.and_then(|value| self.by_id(Entity::Races, value));
        let name = parts.as_ref().and_then(|parts| text_in(parts, &["name"]));
        let date = date.or_else(|| parts.as_ref().and_then(|parts| text_in(parts, &["date"])));
        match (id, name) {
            (Some(id), None) => Ok(Some(id)),
            (Some(id), Some(name)) => match find::<Race>(self.conn, id)? {
                Some(race) if fold(&race.name) == fold(&name) => Ok(Some(id)),
                _ => self.race_named(&name, date.as_deref()),
            },
            (None, Some(name)) => self.race_named(&name, date.as_deref()),
            (None, None) => Ok(None),
        }
    }

    fn race_named(&mut self, name: &str, date: Option<&str>) -> Result<Option<i64>, DbError> {
        let races = all_where::<Race>(self.conn, "name_key = ?1", fold(name))?;
        let mut fitting = races.into_iter().filter(|race| date.is_none_or(|date| race.date.to_string() == date));
        match (fitting.next(), fitting.next()) {
            (Some(race), None) => return Ok(Some(race.id)),
            (None, _) => {
                self.refuse("unknown_race", "race", name, format!("There is no race '{}'", excerpt(name, 60)));
            }
            (Some(_), Some(_)) => {
                let message = format!("There are several races '{}'; give the date too", excerpt(name, 60));
                self.refuse("ambiguous_match", "race", name, message);
            }
        }
        Ok(None)
    }

    /// The event of an entry or a result. The athlete's gender tells more where the row itself does not.
    pub(super) fn event(
        &mut self,
        members: &mut Members,
        athletes_gender: Option<String>,
    ) -> Result<Option<i64>, DbError> {
        let given = take(members, &["eventId", "event_id"]);
        let named = take(members, &["event", "event_name", "eventName"]);
        let gender = take(members, &["gender"]);
        let age_group = take(members, &["ageGroup", "age_group"]);
        let mut parts = match named {
            None => None,
            Some(Value::Object(parts)) => Some(parts),
            Some(name) => Some(Map::from_iter([("name".to_owned(), name)])),
        };
        let mut places = Map::new();
        for member in RACE.into_iter().chain(RACE_DATE).chain(["race"]) {
            let beside = members.remove(member);
            let own = parts.as_mut().and_then(|parts| parts.remove(member));
            places.extend(own.or(beside).map(|value| (member.to_owned(), value)));
        }
        let id = given.as_ref().or(parts.as_ref().and_then(|parts| parts.get("id")));
        let id = id.and_then(|value| self.by_id(Entity::Events, value));
        let Some(parts) = parts else { return Ok(id) };
        let Some(name) = text_in(&parts, &["name"]) else { return Ok(id) };
        if let Some(id) = id
            && (given.is_none() || find::<Event>(self.conn, id)?.is_some_and(|event| fold(&event.name) == fold(&name)))
        {
            return Ok(Some(id));
        }
        let errors = self.errors.len();
        let race = self.race(&mut places)?.or(self.usual_race);
        if self.errors.len() > errors {
            return Ok(None);
        }
        let gender = parts.get("gender").cloned().or(gender).map(|value| text_of(&value));
        let age_group = text_in(&parts, &["ageGroup", "age_group"]).or(age_group.map(|value| text_of(&value)));
        let gender = gender.or(athletes_gender).and_then(|text| read_gender(&text).ok());
        self.event_like(Wanted { name, race, gender, age_group })
    }

    fn event_like(&mut self, wanted: Wanted) -> Result<Option<i64>, DbError> {
        let named = self.events_named(&wanted)?;
        let events = narrowed(named, &wanted);
        let name = wanted.name.as_str();
        match events.as_slice() {
            [event] => return Ok(Some(event.id)),
            [] => {
                self.refuse("unknown_event", "event", name, format!("There is no such event '{}'", excerpt(name, 60)))
            }
            _ => {
                let message =
                    format!("There are several events '{}'; give race, gender and age group too", excerpt(name, 60));
                self.refuse("ambiguous_match", "event", name, message);
            }
        }
        Ok(None)
    }

    /// Events of this name; where there are none, events of the same discipline.
    fn events_named(&self, wanted: &Wanted) -> Result<Vec<Event>, DbError> {
        let is_here = |event: &Event| wanted.race.is_none_or(|race| event.race_id == race);
        let mut named = all_where::<Event>(self.conn, "name_key = ?1", fold(&wanted.name))?;
        named.retain(is_here);
        if !named.is_empty() {
            return Ok(named);
        }
        let Some(spoken) = read_spoken(&wanted.name) else { return Ok(Vec::new()) };
        let mut alike = match wanted.race {
            Some(race) => all_where::<Event>(self.conn, "race_id = ?1", race)?,
            None => all_where::<Event>(self.conn, "id > ?1", 0)?,
        };
        alike.retain(|event| discipline::of_event(&event.name).is_some_and(|own| own.code == spoken.discipline.code));
        let said = Wanted {
            gender: spoken.gender.or(wanted.gender),
            age_group: spoken.age_group.or_else(|| wanted.age_group.clone()),
            ..wanted.clone()
        };
        Ok(narrowed(alike, &said))
    }
}

/// Those of the gender and the age group, as far as there are any; an event without one is open to all.
fn narrowed(events: Vec<Event>, wanted: &Wanted) -> Vec<Event> {
    let events = prefer(events, |event| (event.gender, wanted.gender), |event| event.gender);
    let wanted_group = wanted.age_group.as_deref().map(fold);
    let group = |event: &Event| event.age_group.as_deref().map(fold);
    prefer(events, |event| (group(event), wanted_group.clone()), |event| event.age_group.clone())
}

/// Rows that have what is wanted; where there are none, those that do not say. Where nothing is wanted, those that do
/// not say either, and else all.
fn prefer<T: PartialEq, U>(
    events: Vec<Event>,
    compared: impl Fn(&Event) -> (Option<T>, Option<T>),
    said: impl Fn(&Event) -> Option<U>,
) -> Vec<Event> {
    let has = |event: &Event| {
        let (own, wanted) = compared(event);
        own == wanted
    };
    let (fitting, others): (Vec<Event>, Vec<Event>) = events.into_iter().partition(|event| has(event));
    let is_asked = others.first().or(fitting.first()).is_some_and(|event| compared(event).1.is_some());
    match (fitting.is_empty(), is_asked) {
        (false, _) => fitting,
        (true, true) => others.into_iter().filter(|event| said(event).is_none()).collect(),
        (true, false) => others,
    }
}
