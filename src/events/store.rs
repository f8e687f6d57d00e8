//! Events against the stored rows.

use rusqlite::Connection;

use super::Event;
use crate::audit::Actor;
use crate::auth::policy::Action;
use crate::db::{DbError, Entity, Tx};
use crate::races::Race;
use crate::records::{self, Aliases, Fields, Filter, Kind, ListSpec, RecordError, Resource, all_where};
use crate::registrations::Registration;
use crate::results::MeetResult;

impl Resource for Event {
    const LIST: ListSpec = ListSpec {
        entity: Entity::Events,
        filters: &[
            Filter::new("raceId", "race_id = ?", Kind::Integer),
            Filter::new("race_id", "race_id = ?", Kind::Integer),
            Filter::new("name", "name_key = ?", Kind::Folded),
            Filter::new("category", "category = ?", Kind::Text),
            Filter::new("gender", "gender = ?", Kind::Upper),
            Filter::new("ageGroup", "age_group = ?", Kind::Text),
            Filter::new("distance", "distance = ?", Kind::Text),
            Filter::new("startTime", "start_time = ?", Kind::Moment),
            Filter::new("maxParticipants", "max_participants = ?", Kind::Integer),
        ],
        sorts: &[("id", "id"), ("name", "name_key"), ("startTime", "start_time"), ("raceId", "race_id")],
        search: &["name_key", "age_group"],
    };
    const ALIASES: Aliases = &[
        ("race_id", "raceId"),
        ("age_group", "ageGroup"),
        ("start_time", "startTime"),
        ("max_participants", "maxParticipants"),
    ];
    const CREATE: Action = Action::ManageRaces;

    fn blank() -> Event {
        Event::blank_event()
    }

    fn fill(&mut self, fields: &mut Fields<'_>) {
        self.fill_from(fields);
    }

    fn check(&self, conn: &Connection, _before: Option<&Event>) -> Result<(), RecordError> {
        if records::find::<Race>(conn, self.race_id)?.is_none() {
            let message = format!("There is no race with the id {}", self.race_id);
            return Err(RecordError::field("raceId", "unknown-race", message));
        }
        Ok(())
    }

    fn dependents(conn: &Connection, id: i64) -> Result<Vec<(Entity, i64)>, DbError> {
        records::count_dependents(
            conn,
            id,
            &[(Entity::Registrations, "event_id = ?1"), (Entity::Results, "event_id = ?1")],
        )
    }

    fn remove_dependents(tx: &mut Tx<'_>, by: &Actor, id: i64) -> Result<(), RecordError> {
        for result in all_where::<MeetResult>(tx.conn(), "event_id = ?1", id)? {
            records::remove(tx, by, &result)?;
        }
        for registration in all_where::<Registration>(tx.conn(), "event_id = ?1", id)? {
            records::remove(tx, by, &registration)?;
        }
        Ok(())
    }
}
