//! Events against the stored rows.

use rusqlite::Connection;
use serde::Serialize;

use super::Event;
use crate::audit::Actor;
use crate::auth::policy::Action;
use crate::db::{DbError, Entity, Tx};
use crate::http::error::FieldError;
use crate::races::Race;
use crate::records::{
    self, Aliases, Fields, Filter, Kind, ListSpec, RecordError, Resource, Sight, Sort, all_where, tally,
};
use crate::registrations::Registration;
use crate::results::MeetResult;

/// Where an event belongs, and how many take part.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventBeside {
    #[schema(read_only)]
    race_name: String,
    #[schema(read_only)]
    registration_count: i64,
    #[schema(read_only)]
    result_count: i64,
}

impl Resource for Event {
    type Beside = EventBeside;

    const LIST: ListSpec = ListSpec {
        entity: Entity::Events,
        filters: &[
            Filter::new("raceId", "race_id = ?", Kind::Integer),
            Filter::new("race_id", "race_id = ?", Kind::Integer),
            Filter::new("raceName", "race_id IN (SELECT id FROM races WHERE name_key = ?)", Kind::Folded),
            Filter::new("name", "name_key = ?", Kind::Folded),
            Filter::new("category", "category = ?", Kind::Text),
            Filter::new("gender", "gender = ?", Kind::Upper),
            Filter::new("ageGroup", "age_group = ?", Kind::Text),
            Filter::new("distance", "distance = ?", Kind::Text),
            Filter::new("startTime", "start_time = ?", Kind::Moment),
            Filter::new("maxParticipants", "max_participants = ?", Kind::Integer),
        ],
        sorts: &[
            Sort::new("id", "id"),
            Sort::new("name", "name_key"),
            Sort::new("startTime", "start_time"),
            Sort::new("raceId", "race_id"),
            Sort::new("raceName", "(SELECT name_key FROM races WHERE races.id = race_id)"),
            Sort::new("category", "category"),
            Sort::new("gender", "gender"),
            Sort::new("ageGroup", "age_group"),
            Sort::new("maxParticipants", "max_participants"),
            Sort::new("registrationCount", "(SELECT count(*) FROM registrations WHERE event_id = events.id)"),
            Sort::new("resultCount", "(SELECT count(*) FROM results WHERE event_id = events.id)"),
            Sort::new("createdAt", "created_at"),
        ],
        search: &["name_key", "age_group"],
        beside: None,
    };
    const ALIASES: Aliases = &[
        ("race_id", "raceId"),
        ("age_group", "ageGroup"),
        ("start_time", "startTime"),
        ("max_participants", "maxParticipants"),
    ];
    const LOOKS_AT: &'static [Entity] = &[Entity::Races, Entity::Registrations, Entity::Results];
    const CREATE: Action = Action::ManageRaces;

    fn blank() -> Event {
        Event::blank_event()
    }

    fn fill(&mut self, fields: &mut Fields<'_>) {
        self.fill_from(fields);
    }

    fn beside(&self, conn: &Connection, _sight: &Sight, _alone: bool) -> Result<Option<EventBeside>, DbError> {
        let race = "SELECT name FROM races WHERE id = ?1";
        let count = |sql| tally(conn, sql, self.id);
        Ok(Some(EventBeside {
            race_name: conn.prepare_cached(race)?.query_row([self.race_id], |row| row.get(0))?,
            registration_count: count("SELECT count(*) FROM registrations WHERE event_id = ?1")?,
            result_count: count("SELECT count(*) FROM results WHERE event_id = ?1")?,
        }))
    }

    fn check(&self, conn: &Connection, _before: Option<&Event>) -> Result<(), RecordError> {
        if records::find::<Race>(conn, self.race_id)?.is_none() {
            let message = format!("There is no race with the id {}", self.race_id);
            return Err(RecordError::field("raceId", "unknown-race", message));
        }
        Ok(())
    }

    fn warnings(&self, _conn: &Connection, _sight: &Sight) -> Result<Vec<FieldError>, DbError> {
        Ok(self.wrong_implement().into_iter().collect())
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
