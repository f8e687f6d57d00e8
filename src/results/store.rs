//! Results against the stored rows, and their list with the names of athlete and event.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::MeetResult;
use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::auth::policy::Action;
use crate::db::{DbError, Entity};
use crate::events::Event;
use crate::http::error::FieldError;
use crate::records::values::read_mark;
use crate::records::{
    self, ATHLETE_BIB, Aliases, EntryNames, Fields, Filter, Kind, ListSpec, RecordError, Resource, Sight, Sort,
};
use crate::rules::discipline::{self, Measure};
use crate::rules::mark::{Centimetres, Points, TimeMs};
use crate::rules::plausible;

impl Resource for MeetResult {
    type Beside = EntryNames;

    const LIST: ListSpec = ListSpec {
        entity: Entity::Results,
        filters: &[
            Filter::new("round", "round = ?", Kind::Lower),
            Filter::new("position", "position = ?", Kind::Integer),
            Filter::new("status", "status = ?", Kind::Lower),
            Filter::new("heatNumber", "heat_number = ?", Kind::Integer),
            Filter::new("laneNumber", "lane_number = ?", Kind::Integer),
            Filter::new("isRecord", "is_record = ?", Kind::Boolean),
            Filter::new("recordType", "record_type = ?", Kind::Text),
            Filter::new("recordedBy", "recorded_by = ?", Kind::Integer),
        ],
        sorts: &[
            Sort::new("id", "id"),
            Sort::new("recordedAt", "recorded_at"),
            Sort::new("position", "position"),
            Sort::new("bibNumber", ATHLETE_BIB),
            Sort::new("round", "round"),
            Sort::new("timeSeconds", "time_ms"),
            Sort::new("distanceMeters", "distance_cm"),
            Sort::new("points", "points_hundredths"),
            Sort::new("status", "status"),
            Sort::new("heatNumber", "heat_number"),
            Sort::new("laneNumber", "lane_number"),
            Sort::new("windSpeed", "wind_tenths"),
        ],
        search: &[],
        beside: Some(&EntryNames::OFFERS),
    };
    const ALIASES: Aliases = &[
        ("athlete_id", "athleteId"),
        ("event_id", "eventId"),
        ("place", "position"),
        ("time_seconds", "timeSeconds"),
        ("distance_meters", "distanceMeters"),
        ("wind", "windSpeed"),
        ("wind_speed", "windSpeed"),
        ("heat", "heatNumber"),
        ("heat_number", "heatNumber"),
        ("lane", "laneNumber"),
        ("lane_number", "laneNumber"),
        ("is_record", "isRecord"),
        ("record_type", "recordType"),
    ];
    const LOOKS_AT: &'static [Entity] = &[Entity::Athletes, Entity::Events, Entity::Races];
    const CREATE: Action = Action::EnterResults;
    const REMOVE: Action = Action::DeleteResults;

    fn blank() -> MeetResult {
        MeetResult::blank_result()
    }

    fn fill(&mut self, fields: &mut Fields<'_>) {
        self.fill_from(fields);
    }

    fn beside(&self, conn: &Connection, sight: &Sight, _alone: bool) -> Result<Option<EntryNames>, DbError> {
        EntryNames::of(conn, sight, self.athlete_id, self.event_id).map(Some)
    }

    /// A mark without its unit is a time or a distance by the event.
    fn settle(&mut self, conn: &Connection) -> Result<(), RecordError> {
        let Some(mark) = self.unsorted_mark.take() else { return Ok(()) };
        let measure = records::find::<Event>(conn, self.event_id)?.map_or(Measure::Time, |event| event.measure());
        let sorted = match measure {
            Measure::Time => {
                read_mark(&mark, "Mark", TimeMs::parse, TimeMs::from_json).map(|time| self.time_seconds = Some(time))
            }
            Measure::Distance => read_mark(&mark, "Mark", Centimetres::parse, Centimetres::from_json)
                .map(|distance| self.distance_meters = Some(distance)),
            Measure::Points => {
                read_mark(&mark, "Mark", Points::parse, Points::from_json).map(|points| self.points = Some(points))
            }
        };
        sorted.map_err(|fault| RecordError::field("mark", fault.code, fault.message))
    }

    fn check(&self, conn: &Connection, _before: Option<&MeetResult>) -> Result<(), RecordError> {
        let mut faults = Vec::new();
        if records::find::<Athlete>(conn, self.athlete_id)?.is_none() {
            let message = format!("There is no athlete with the id {}", self.athlete_id);
            faults.push(FieldError::new("athleteId", "unknown-athlete", message));
        }
        match records::find::<Event>(conn, self.event_id)? {
            None => {
                let message = format!("There is no event with the id {}", self.event_id);
                faults.push(FieldError::new("eventId", "unknown-event", message));
            }
            Some(event) => faults.extend(self.impossible_mark(&event)),
        }
        if !faults.is_empty() {
            return Err(RecordError::Invalid(faults));
        }
        if self.twin(conn)?.is_some_and(|id| id != self.id) {
            let detail = "This athlete already has a result in this round and heat of the event; change that one";
            return Err(RecordError::conflict("result-exists", "athleteId", detail));
        }
        Ok(())
    }

    fn warnings(&self, conn: &Connection, _sight: &Sight) -> Result<Vec<FieldError>, DbError> {
        let Some(event) = records::find::<Event>(conn, self.event_id)? else { return Ok(Vec::new()) };
        Ok(self.doubts(&event))
    }

    fn event(&self) -> Option<i64> {
        Some(self.event_id)
    }

    fn adopt(&mut self, by: &Actor) {
        self.recorded_by = by.user_id;
    }
}

impl MeetResult {
    /// A mark that nobody comes near in this event, such as 10:44 for 10.44 in the 100 m.
    fn impossible_mark(&self, event: &Event) -> Option<FieldError> {
        let discipline = discipline::find(&event.name)?;
        let (member, mark) = self.mark_of(discipline.measure)?;
        let message = || format!("This mark is beyond anything possible in {}", event.name);
        (!discipline.is_possible(mark)).then(|| FieldError::new(member, "out-of-range", message()))
    }

    /// The member that holds the mark of such an event, and the mark as the list of events counts it.
    fn mark_of(&self, measure: Measure) -> Option<(&'static str, i64)> {
        match measure {
            Measure::Time => self.time_seconds.map(|time| ("timeSeconds", time.0)),
            Measure::Distance => self.distance_meters.map(|distance| ("distanceMeters", distance.0)),
            Measure::Points => self.points.map(|points| ("points", points.0 / 100)),
        }
    }

    /// What a person should look at: marks and winds that are possible but hardly true.
    fn doubts(&self, event: &Event) -> Vec<FieldError> {
        let discipline = event.discipline();
        let mut doubts = Vec::new();
        let marked = discipline.and_then(|known| Some((known, self.mark_of(known.measure)?)));
        if let Some((known, (member, mark))) = marked
            && let Some(doubt) = plausible::doubt(known, event.gender, mark)
        {
            let message = format!("This mark is {doubt} in {}; look at it again", event.name);
            doubts.push(FieldError::new(member, "implausible-mark", message));
        }
        if let Some(doubt) = self.wind_speed.and_then(|wind| plausible::doubt_wind(discipline, wind)) {
            doubts.push(FieldError::new("windSpeed", "implausible-wind", format!("Wind: {doubt}")));
        }
        doubts
    }

    /// The stored result of the same athlete, event, round and heat.
    pub fn twin(&self, conn: &Connection) -> Result<Option<i64>, DbError> {
        let sql = "
            SELECT id FROM results
            WHERE athlete_id = ?1 AND event_id = ?2 AND round = ?3 AND coalesce(heat_number, 0) = ?4";
        let values = params![self.athlete_id, self.event_id, self.round, self.heat_number.unwrap_or(0)];
        Ok(conn.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()?)
    }
}

/// A result with the names a person wants to read beside it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedResult {
    #[serde(flatten)]
    result: MeetResult,
    athlete_name: String,
    country: String,
    club_team: Option<String>,
    bib_number: Option<String>,
    event_name: String,
    category: String,
    gender: Option<String>,
    race_id: i64,
    race_name: String,
}

/// Results with their names, of one race or of all; by race, event, round and place.
pub fn named(
    conn: &Connection,
    race: Option<i64>,
    limit: u32,
    offset: i64,
) -> Result<(Vec<NamedResult>, i64), DbError> {
    let columns = records::columns::<MeetResult>();
    let columns: Vec<String> = columns.split(", ").map(|column| format!("r.{column}")).collect();
    let width = columns.len();
    let joined = "
        FROM results r
        JOIN events e ON e.id = r.event_id
        JOIN races m ON m.id = e.race_id
        JOIN athletes a ON a.id = r.athlete_id
        WHERE ?1 IS NULL OR e.race_id = ?1";
    let sql = format!(
        "SELECT {}, a.name, a.country, a.club_team, a.bib_number, e.name, e.category, e.gender, m.id, m.name {joined}
        ORDER BY m.date DESC, m.id, e.id, r.round, r.position IS NULL, r.position, r.id
        LIMIT ?2 OFFSET ?3",
        columns.join(", ")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![race, limit, offset], |row| {
        Ok(NamedResult {
            result: records::Record::from_row(row)?,
            athlete_name: row.get(width)?,
            country: row.get(width + 1)?,
            club_team: row.get(width + 2)?,
            bib_number: row.get(width + 3)?,
            event_name: row.get(width + 4)?,
            category: row.get(width + 5)?,
            gender: row.get(width + 6)?,
            race_id: row.get(width + 7)?,
            race_name: row.get(width + 8)?,
        })
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let total = conn.prepare_cached(&format!("SELECT count(*) {joined}"))?.query_row([race], |row| row.get(0))?;
    Ok((rows, total))
}
