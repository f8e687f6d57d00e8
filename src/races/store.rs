//! Races against the stored rows.

use rusqlite::Connection;
use serde::Serialize;

use super::Race;
use crate::audit::Actor;
use crate::auth::policy::Action;
use crate::db::{DbError, Entity, Tx};
use crate::events::Event;
use crate::records::{
    self, Aliases, Fields, Filter, Kind, ListSpec, RecordError, Resource, Sight, Sort, all_where, tally,
};

/// How much there is of a race.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RaceCounts {
    #[schema(read_only)]
    event_count: i64,
    #[schema(read_only)]
    registration_count: i64,
    #[schema(read_only)]
    result_count: i64,
}

const REGISTRATIONS: &str = "SELECT count(*) FROM events JOIN registrations ON event_id = events.id WHERE race_id = ?1";
const RESULTS: &str = "SELECT count(*) FROM events JOIN results ON event_id = events.id WHERE race_id = ?1";

impl Resource for Race {
    type Beside = RaceCounts;

    const LIST: ListSpec = ListSpec {
        entity: Entity::Races,
        filters: &[
            Filter::new("name", "name_key = ?", Kind::Folded),
            Filter::new("date", "date = ?", Kind::Text),
            Filter::new("location", "location = ?", Kind::Text),
            Filter::new("description", "description = ?", Kind::Text),
            Filter::new("status", "status = ?", Kind::Lower),
            Filter::new("registrationOpen", "registration_open = ?", Kind::Boolean),
            Filter::new("registrationDeadline", "registration_deadline = ?", Kind::Text),
            Filter::new("registrationLink", "registration_link = ?", Kind::Text),
        ],
        sorts: &[
            Sort::new("id", "id"),
            Sort::new("name", "name_key"),
            Sort::new("date", "date"),
            Sort::new("status", "status"),
            Sort::new("location", "location"),
            Sort::new("eventCount", "(SELECT count(*) FROM events WHERE race_id = races.id)"),
            Sort::new("createdAt", "created_at"),
        ],
        search: &["name_key", "location"],
        beside: None,
    };
    const ALIASES: Aliases = &[
        ("registration_open", "registrationOpen"),
        ("registration_deadline", "registrationDeadline"),
        ("registration_link", "registrationLink"),
        ("created_at", "createdAt"),
        ("updated_at", "updatedAt"),
    ];
    const LOOKS_AT: &'static [Entity] = &[Entity::Events, Entity::Registrations, Entity::Results];
    const CREATE: Action = Action::ManageRaces;

    fn blank() -> Race {
        Race::blank_race()
    }

    fn fill(&mut self, fields: &mut Fields<'_>) {
        self.fill_from(fields);
    }

    fn beside(&self, conn: &Connection, _sight: &Sight, _alone: bool) -> Result<Option<RaceCounts>, DbError> {
        let count = |sql| tally(conn, sql, self.id);
        Ok(Some(RaceCounts {
            event_count: count("SELECT count(*) FROM events WHERE race_id = ?1")?,
            registration_count: count(REGISTRATIONS)?,
            result_count: count(RESULTS)?,
        }))
    }

    fn check(&self, _conn: &Connection, _before: Option<&Race>) -> Result<(), RecordError> {
        Ok(())
    }

    fn complete(&mut self) {
        self.open_up();
    }

    fn dependents(conn: &Connection, id: i64) -> Result<Vec<(Entity, i64)>, DbError> {
        let of_its_events = "event_id IN (SELECT id FROM events WHERE race_id = ?1)";
        records::count_dependents(
            conn,
            id,
            &[
                (Entity::Events, "race_id = ?1"),
                (Entity::Registrations, of_its_events),
                (Entity::Results, of_its_events),
            ],
        )
    }

    fn remove_dependents(tx: &mut Tx<'_>, by: &Actor, id: i64) -> Result<(), RecordError> {
        for event in all_where::<Event>(tx.conn(), "race_id = ?1", id)? {
            Event::remove_dependents(tx, by, event.id)?;
            records::remove(tx, by, &event)?;
        }
        Ok(())
    }
}
