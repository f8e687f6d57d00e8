//! Registrations against the stored rows: an athlete once per event, and no more than there is room for.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Map, Value};

use super::Registration;
use crate::athletes::Athlete;
use crate::auth::policy::{Action, Role};
use crate::db::{DbError, Entity};
use crate::events::Event;
use crate::http::error::FieldError;
use crate::records::{self, Aliases, EntryNames, Fields, Filter, Kind, ListSpec, RecordError, Resource, Sight, Sort};

/// The bib an athlete wears in the event, in the order of numbers: the registration's own, or else the athlete's.
const WORN_BIB: &str = "CASE WHEN bib_number IS NULL
    THEN (SELECT bib_key FROM athletes WHERE athletes.id = athlete_id)
    ELSE char(97 + length(ltrim(bib_number, '0'))) || lower(ltrim(bib_number, '0')) END";
/// What was entered, as a number: seconds where there are minutes or hours in it.
const SEED_MARK: &str = "CASE WHEN seed_mark LIKE '%:%:%'
    THEN 3600 * CAST(seed_mark AS REAL)
        + 60 * CAST(substr(seed_mark, instr(seed_mark, ':') + 1) AS REAL)
        + CAST(replace(substr(seed_mark, instr(seed_mark, ':') + 1
            + instr(substr(seed_mark, instr(seed_mark, ':') + 1), ':')), ',', '.') AS REAL)
    WHEN seed_mark LIKE '%:%'
    THEN 60 * CAST(seed_mark AS REAL)
        + CAST(replace(substr(seed_mark, instr(seed_mark, ':') + 1), ',', '.') AS REAL)
    ELSE CAST(replace(seed_mark, ',', '.') AS REAL) END";

impl Resource for Registration {
    type Beside = EntryNames;

    const LIST: ListSpec = ListSpec {
        entity: Entity::Registrations,
        filters: &[
            Filter::new("registrationType", "registration_type = ?", Kind::Lower),
            Filter::new("status", "status = ?", Kind::Lower),
            Filter::new("paymentStatus", "payment_status = ?", Kind::Lower),
            Filter::new("bibNumber", "bib_number = ?", Kind::Text),
            Filter::new("seedMark", "seed_mark = ?", Kind::Text),
            Filter::new("heatNumber", "heat_number = ?", Kind::Integer),
            Filter::new("laneNumber", "lane_number = ?", Kind::Integer),
            Filter::new("confirmedPresent", "confirmed_present = ?", Kind::Boolean),
        ],
        sorts: &[
            Sort::new("id", "id"),
            Sort::new("registeredAt", "registered_at"),
            Sort::new("status", "status"),
            Sort::new("bibNumber", WORN_BIB),
            Sort::new("seedMark", SEED_MARK),
            Sort::new("paymentStatus", "payment_status"),
            Sort::new("heatNumber", "heat_number"),
            Sort::new("laneNumber", "lane_number"),
            Sort::new("confirmedPresent", "confirmed_present"),
        ],
        search: &["bib_number"],
        beside: Some(&EntryNames::OFFERS),
    };
    const ALIASES: Aliases = &[
        ("athlete_id", "athleteId"),
        ("event_id", "eventId"),
        ("registration_type", "registrationType"),
        ("payment_status", "paymentStatus"),
        ("bib_number", "bibNumber"),
        ("bib", "bibNumber"),
        ("seed_mark", "seedMark"),
        ("heat_number", "heatNumber"),
        ("heat", "heatNumber"),
        ("lane_number", "laneNumber"),
        ("lane", "laneNumber"),
        ("confirmed_present", "confirmedPresent"),
    ];
    const LOOKS_AT: &'static [Entity] = &[Entity::Athletes, Entity::Events, Entity::Races];
    const READ: Option<Action> = Some(Action::ReadRegistrations);
    const CREATE: Action = Action::ManageRegistrations;
    const CHANGE: Action = Action::MarkPresence;
    const REMOVE: Action = Action::ManageRegistrations;
    const OWN: Option<&'static str> = Some(
        "athlete_id IN (WITH me (id) AS (VALUES (?))
            SELECT athletes.id FROM me JOIN athletes ON athletes.user_id = me.id
            UNION SELECT athlete_id FROM me JOIN user_athletes ON user_athletes.user_id = me.id)",
    );

    fn blank() -> Registration {
        Registration::blank_registration()
    }

    fn fill(&mut self, fields: &mut Fields<'_>) {
        self.fill_from(fields);
    }

    fn beside(&self, conn: &Connection, sight: &Sight, _alone: bool) -> Result<Option<EntryNames>, DbError> {
        EntryNames::of(conn, sight, self.athlete_id, self.event_id).map(Some)
    }

    fn check(&self, conn: &Connection, before: Option<&Registration>) -> Result<(), RecordError> {
        let mut faults = Vec::new();
        if records::find::<Athlete>(conn, self.athlete_id)?.is_none() {
            let message = format!("There is no athlete with the id {}", self.athlete_id);
            faults.push(FieldError::new("athleteId", "unknown-athlete", message));
        }
        let event = records::find::<Event>(conn, self.event_id)?;
        if event.is_none() {
            let message = format!("There is no event with the id {}", self.event_id);
            faults.push(FieldError::new("eventId", "unknown-event", message));
        }
        let (Some(event), []) = (event, faults.as_slice()) else { return Err(RecordError::Invalid(faults)) };
        let sql = "SELECT id FROM registrations WHERE athlete_id = ?1 AND event_id = ?2";
        let twin: Option<i64> =
            conn.prepare_cached(sql)?.query_row([self.athlete_id, self.event_id], |row| row.get(0)).optional()?;
        if twin.is_some_and(|id| id != self.id) {
            let detail = "This athlete is already registered for this event";
            return Err(RecordError::conflict("already-registered", "athleteId", detail));
        }
        let takes_place = self.counts() && !before.is_some_and(|b| b.counts() && b.event_id == self.event_id);
        match event.max_participants {
            Some(most) if takes_place && taken(conn, self.event_id)? >= most => {
                let detail = format!("{} is full: all {most} places are taken", event.name);
                Err(RecordError::conflict("event-full", "eventId", detail))
            }
            _ => Ok(()),
        }
    }

    fn warnings(&self, conn: &Connection, sight: &Sight) -> Result<Vec<FieldError>, DbError> {
        super::doubts::of(conn, sight, self)
    }

    fn event(&self) -> Option<i64> {
        Some(self.event_id)
    }

    /// The starter marks who is there, and nothing else.
    fn may_change(role: Role, members: &Map<String, Value>) -> bool {
        let presence = ["confirmedPresent", "confirmed_present", "status"];
        role.may(Action::ManageRegistrations)
            || (role.may(Action::MarkPresence) && members.keys().all(|name| presence.contains(&name.as_str())))
    }
}

fn taken(conn: &Connection, event: i64) -> Result<i64, RecordError> {
    let sql = "SELECT count(*) FROM registrations WHERE event_id = ?1 AND status <> 'cancelled'";
    Ok(conn.prepare_cached(sql)?.query_row([event], |row| row.get(0))?)
}
