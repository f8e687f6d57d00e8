//! What a result is and which values are good ones. Marks are exact integers inside and decimals outside.

use rusqlite::Row;
use serde::Serialize;
use serde_json::Value;

use crate::db::Entity;
use crate::records::values::{read_mark, unit};
use crate::records::{Binder, Fault, Fields, Record, identity, one_of};
use crate::rules::mark::{Centimetres, Points, TimeMs, WindTenths};
use crate::time::Moment;

const STATUSES: &[(&str, &str)] = &[
    ("finished", "finished"),
    ("dns", "dns"),
    ("dnf", "dnf"),
    ("dq", "dq"),
    ("nm", "nm"),
    ("nh", "nh"),
    ("ok", "finished"),
];

/// One athlete's result in one round and heat of an event.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Result)]
pub struct MeetResult {
    #[schema(read_only)]
    pub id: i64,
    #[serde(skip)]
    pub version: i64,
    pub athlete_id: i64,
    pub event_id: i64,
    /// `final` unless said otherwise
    pub round: String,
    pub position: Option<i64>,
    /// Exact decimal, to 1/1000 s
    #[schema(value_type = Option<f64>)]
    pub time_seconds: Option<TimeMs>,
    /// Exact decimal, to 1/100 m
    #[schema(value_type = Option<f64>)]
    pub distance_meters: Option<Centimetres>,
    #[schema(value_type = Option<f64>)]
    pub points: Option<Points>,
    /// finished, dns, dnf, dq, nm or nh
    pub status: String,
    pub heat_number: Option<i64>,
    pub lane_number: Option<i64>,
    /// In m/s, to 0.1
    #[schema(value_type = Option<f64>)]
    pub wind_speed: Option<WindTenths>,
    pub is_record: bool,
    pub record_type: Option<String>,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub recorded_at: Moment,
    #[schema(read_only)]
    pub recorded_by: Option<i64>,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub updated_at: Moment,
    /// A mark given without its unit, until the event says what it is.
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) unsorted_mark: Option<Value>,
}

impl MeetResult {
    pub(super) fn blank_result() -> MeetResult {
        MeetResult {
            id: 0,
            version: 0,
            athlete_id: 0,
            event_id: 0,
            round: "final".into(),
            position: None,
            time_seconds: None,
            distance_meters: None,
            points: None,
            status: "finished".into(),
            heat_number: None,
            lane_number: None,
            wind_speed: None,
            is_record: false,
            record_type: None,
            recorded_at: Moment(0),
            recorded_by: None,
            updated_at: Moment(0),
            unsorted_mark: None,
        }
    }

    pub(super) fn fill_from(&mut self, f: &mut Fields<'_>) {
        f.reference("athleteId", "Athlete", &mut self.athlete_id);
        f.reference("eventId", "Event", &mut self.event_id);
        f.defaulted("round", "Round", &mut self.round, read_round);
        f.integer("position", "Place", 1..=100_000, &mut self.position);
        f.optional("timeSeconds", &mut self.time_seconds, |value| {
            read_mark(value, "Time", TimeMs::parse, TimeMs::from_json)
        });
        f.optional("distanceMeters", &mut self.distance_meters, |value| {
            read_mark(value, "Distance", Centimetres::parse, Centimetres::from_json)
        });
        f.optional("points", &mut self.points, |value| {
            let points = read_mark(value, "Points", Points::parse, Points::from_json);
            points.map_err(|_| Fault::new("invalid-points", "Points must be zero or more, with two decimals at most"))
        });
        f.defaulted("status", "Status", &mut self.status, |text| one_of(text, "Status", STATUSES).map(str::to_owned));
        f.integer("heatNumber", "Heat", 1..=999, &mut self.heat_number);
        f.integer("laneNumber", "Lane", 1..=999, &mut self.lane_number);
        f.optional("windSpeed", &mut self.wind_speed, |value| {
            read_mark(value, "Wind", WindTenths::parse, WindTenths::from_json)
        });
        f.boolean("isRecord", "Record", &mut self.is_record);
        f.text("recordType", "Kind of record", 50, &mut self.record_type);
        f.optional("mark", &mut self.unsorted_mark, |value| Ok(value.clone()));
        if f.purpose().is_import() {
            f.moment("recordedAt", "Recorded", &mut self.recorded_at);
            f.integer("recordedBy", "Recorded by", 1..=i64::MAX, &mut self.recorded_by);
            f.moment("updatedAt", "Updated", &mut self.updated_at);
        } else {
            f.ignore(&["recordedAt", "recordedBy", "updatedAt"]);
        }
    }
}

fn read_round(text: &str) -> Result<String, Fault> {
    if text.chars().count() > 50 {
        return Err(Fault::new("too-long", "Round is at most 50 characters long"));
    }
    Ok(text.to_lowercase())
}

impl Record for MeetResult {
    const ENTITY: Entity = Entity::Results;
    const COLUMNS: &'static [&'static str] = &[
        "athlete_id",
        "event_id",
        "round",
        "position",
        "time_ms",
        "distance_cm",
        "points_hundredths",
        "status",
        "heat_number",
        "lane_number",
        "wind_tenths",
        "is_record",
        "record_type",
        "recorded_at",
        "recorded_by",
        "updated_at",
    ];

    fn from_row(row: &Row<'_>) -> rusqlite::Result<MeetResult> {
        Ok(MeetResult {
            id: row.get(0)?,
            version: row.get(1)?,
            athlete_id: row.get(2)?,
            event_id: row.get(3)?,
            round: row.get(4)?,
            position: row.get(5)?,
            time_seconds: unit(row, 6, TimeMs)?,
            distance_meters: unit(row, 7, Centimetres)?,
            points: unit(row, 8, Points)?,
            status: row.get(9)?,
            heat_number: row.get(10)?,
            lane_number: row.get(11)?,
            wind_speed: unit(row, 12, WindTenths)?,
            is_record: row.get(13)?,
            record_type: row.get(14)?,
            recorded_at: row.get(15)?,
            recorded_by: row.get(16)?,
            updated_at: row.get(17)?,
            unsorted_mark: None,
        })
    }

    fn bind(&self, values: &mut Binder<'_, '_>) -> rusqlite::Result<()> {
        values.put(self.athlete_id)?;
        values.put(self.event_id)?;
        values.put(&self.round)?;
        values.put(self.position)?;
        values.put(self.time_seconds.map(|time| time.0))?;
        values.put(self.distance_meters.map(|distance| distance.0))?;
        values.put(self.points.map(|points| points.0))?;
        values.put(&self.status)?;
        values.put(self.heat_number)?;
        values.put(self.lane_number)?;
        values.put(self.wind_speed.map(|wind| wind.0))?;
        values.put(self.is_record)?;
        values.put(&self.record_type)?;
        values.put(self.recorded_at)?;
        values.put(self.recorded_by)?;
        values.put(self.updated_at)
    }

    identity!(recorded_at);
}
