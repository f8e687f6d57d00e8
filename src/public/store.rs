//! What the public pages read: public fields only, so that no page can show another by mistake.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params};

use crate::db::DbError;
use crate::records::values::{maybe, parsed, unit};
use crate::rules::country::Country;
use crate::rules::date::parse_iso;
use crate::rules::discipline::{Category, Measure, measure_of};
use crate::rules::gender::Gender;
use crate::rules::mark::{Centimetres, Points, TimeMs, WindTenths};
use crate::rules::text;
use crate::time::Moment;

/// Past races of one page.
pub const PAST: i64 = 12;
/// Most hits of each kind.
const HITS: i64 = 50;

/// A race, as far as everybody may see it.
#[derive(Debug, Clone)]
pub struct Race {
    pub id: i64,
    pub name: String,
    pub date: Date,
    pub location: String,
    pub description: Option<String>,
    pub status: String,
    pub registration_open: bool,
    pub deadline: Option<String>,
    pub link: Option<String>,
    pub events: i64,
    pub entries: i64,
    pub results: i64,
}

const RACE: &str = "
    SELECT r.id, r.name, r.date, r.location, r.description, r.status, r.registration_open, r.registration_deadline,
           r.registration_link,
           (SELECT count(*) FROM events e WHERE e.race_id = r.id),
           (SELECT count(*) FROM events e JOIN registrations g ON g.event_id = e.id
            WHERE e.race_id = r.id AND g.status <> 'cancelled'),
           (SELECT count(*) FROM events e JOIN results x ON x.event_id = e.id WHERE e.race_id = r.id)
    FROM races r";
const IS_ON: &str = "(r.status = 'ongoing' OR (r.status = 'scheduled' AND r.date = :today))";
const IS_NEXT: &str = "(r.status IN ('scheduled', 'cancelled') AND r.date > :today)";

fn race_of(row: &Row<'_>) -> rusqlite::Result<Race> {
    Ok(Race {
        id: row.get(0)?,
        name: row.get(1)?,
        date: parsed(row, 2, parse_iso)?,
        location: row.get(3)?,
        description: row.get(4)?,
        status: row.get(5)?,
        registration_open: row.get(6)?,
        deadline: row.get(7)?,
        link: row.get(8)?,
        events: row.get(9)?,
        entries: row.get(10)?,
        results: row.get(11)?,
    })
}

fn races(conn: &Connection, rest: &str, values: &[(&str, &dyn ToSql)]) -> Result<Vec<Race>, DbError> {
    let mut statement = conn.prepare_cached(&format!("{RACE} {rest}"))?;
    let rows = statement.query_map(values, race_of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn race(conn: &Connection, id: i64) -> Result<Option<Race>, DbError> {
    Ok(races(conn, "WHERE r.id = :id", named_params! { ":id": id })?.pop())
}

pub fn races_on(conn: &Connection, today: Date) -> Result<Vec<Race>, DbError> {
    let rest = format!("WHERE {IS_ON} ORDER BY r.date DESC, r.id LIMIT 20");
    races(conn, &rest, named_params! { ":today": today.to_string() })
}

pub fn races_next(conn: &Connection, today: Date) -> Result<Vec<Race>, DbError> {
    let rest = format!("WHERE {IS_NEXT} ORDER BY r.date, r.id LIMIT 50");
    races(conn, &rest, named_params! { ":today": today.to_string() })
}

/// One page of past races, newest first, and how many there are on all.
pub fn races_past(conn: &Connection, today: Date, page: i64) -> Result<(Vec<Race>, i64), DbError> {
    let today = today.to_string();
    let condition = format!("WHERE NOT {IS_ON} AND NOT {IS_NEXT}");
    let rest = format!("{condition} ORDER BY r.date DESC, r.id DESC LIMIT :limit OFFSET :offset");
    let values = named_params! { ":today": today, ":limit": PAST, ":offset": (page - 1) * PAST };
    let found = races(conn, &rest, values)?;
    let sql = format!("SELECT count(*) FROM races r {condition}");
    let total = conn.prepare_cached(&sql)?.query_row(named_params! { ":today": today }, |row| row.get(0))?;
    Ok((found, total))
}

/// The race behind a registration link.
pub fn race_by_link(conn: &Connection, link: &str) -> Result<Option<Race>, DbError> {
    let rest = "WHERE r.registration_link = :link ORDER BY r.registration_open DESC, r.date DESC, r.id DESC LIMIT 1";
    Ok(races(conn, rest, named_params! { ":link": link })?.pop())
}

/// An event with what there is of it.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: i64,
    pub race: i64,
    pub name: String,
    pub category: Category,
    pub gender: Option<Gender>,
    pub age_group: Option<String>,
    pub start: Option<Moment>,
    pub most: Option<i64>,
    pub entries: i64,
    pub results: i64,
    pub has_final: bool,
    /// Of its race; only filled where events of several races stand together.
    pub race_name: String,
}

impl Event {
    pub fn is_full(&self) -> bool {
        self.most.is_some_and(|most| self.entries >= most)
    }

    pub fn measure(&self) -> Measure {
        measure_of(&self.name, Some(self.category))
    }
}

const EVENT: &str = "
    SELECT e.id, e.race_id, e.name, e.category, e.gender, e.age_group, e.start_time, e.max_participants,
           (SELECT count(*) FROM registrations g WHERE g.event_id = e.id AND g.status <> 'cancelled'),
           (SELECT count(*) FROM results x WHERE x.event_id = e.id),
           EXISTS (SELECT 1 FROM results x WHERE x.event_id = e.id AND x.round LIKE 'final%'),
           m.name
    FROM events e JOIN races m ON m.id = e.race_id";

fn event_of(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: row.get(0)?,
        race: row.get(1)?,
        name: row.get(2)?,
        category: parsed(row, 3, Category::read)?,
        gender: maybe(row, 4, Gender::read)?,
        age_group: row.get(5)?,
        start: row.get(6)?,
        most: row.get(7)?,
        entries: row.get(8)?,
        results: row.get(9)?,
        has_final: row.get(10)?,
        race_name: row.get(11)?,
    })
}

fn events(conn: &Connection, rest: &str, values: &[(&str, &dyn ToSql)]) -> Result<Vec<Event>, DbError> {
    let mut statement = conn.prepare_cached(&format!("{EVENT} {rest}"))?;
    let rows = statement.query_map(values, event_of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn event(conn: &Connection, id: i64) -> Result<Option<Event>, DbError> {
    Ok(events(conn, "WHERE e.id = :id", named_params! { ":id": id })?.pop())
}

/// By time; those without one last.
pub fn events_of_race(conn: &Connection, race: i64) -> Result<Vec<Event>, DbError> {
    let rest = "WHERE e.race_id = :race ORDER BY e.start_time IS NULL, e.start_time, e.name_key, e.gender, e.id";
    events(conn, rest, named_params! { ":race": race })
}

/// Those whose newest result came in last.
pub fn latest_events(conn: &Connection, race: i64, most: i64) -> Result<Vec<Event>, DbError> {
    let rest = "
        JOIN (SELECT event_id, max(recorded_at) AS newest FROM results
              WHERE event_id IN (SELECT id FROM events WHERE race_id = :race)
              GROUP BY event_id) last ON last.event_id = e.id
        ORDER BY last.newest DESC, e.id DESC LIMIT :most";
    events(conn, rest, named_params! { ":race": race, ":most": most })
}

/// Those that start from now on and have no result yet.
pub fn coming_events(conn: &Connection, race: i64, now_ms: i64, most: i64) -> Result<Vec<Event>, DbError> {
    let rest = "
        WHERE e.race_id = :race AND e.start_time >= :now
          AND NOT EXISTS (SELECT 1 FROM results x WHERE x.event_id = e.id)
        ORDER BY e.start_time, e.id LIMIT :most";
    events(conn, rest, named_params! { ":race": race, ":now": now_ms, ":most": most })
}

/// Somebody in a list: who they are, and nothing more.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub country: Country,
    pub club: Option<String>,
    pub bib: Option<String>,
    pub gender: Option<Gender>,
}

const PERSON: &str = "a.id, a.name, a.country, a.club_team, a.bib_number, a.gender";

fn person_of(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        name: row.get(1)?,
        country: parsed(row, 2, Country::from_code)?,
        club: row.get(3)?,
        bib: row.get(4)?,
        gender: maybe(row, 5, Gender::read)?,
    })
}

pub fn person(conn: &Connection, id: i64) -> Result<Option<Person>, DbError> {
    let sql = format!("SELECT {PERSON} FROM athletes a WHERE a.id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], person_of).optional()?)
}

/// Somebody on a start list.
#[derive(Debug, Clone)]
pub struct Entry {
    pub person: Person,
    pub event: i64,
    pub seed: Option<String>,
    pub heat: Option<i64>,
    pub lane: Option<i64>,
    pub status: String,
}

const ENTRY: &str = "g.event_id, g.seed_mark, g.heat_number, g.lane_number, g.status, g.bib_number";

fn entries(conn: &Connection, condition: &str, id: i64) -> Result<Vec<Entry>, DbError> {
    let sql = format!(
        "SELECT {PERSON}, {ENTRY} FROM registrations g JOIN athletes a ON a.id = g.athlete_id
        WHERE {condition} AND g.status <> 'cancelled'
        ORDER BY g.heat_number IS NULL, g.heat_number, g.lane_number IS NULL, g.lane_number, a.name_key, a.id"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([id], |row| {
        let mut person = person_of(row)?;
        // One given for the event outweighs the athlete's own.
        person.bib = row.get::<_, Option<String>>(11)?.or(person.bib);
        Ok(Entry {
            person,
            event: row.get(6)?,
            seed: row.get(7)?,
            heat: row.get(8)?,
            lane: row.get(9)?,
            status: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// By heat and lane, then by name.
pub fn entries_of_event(conn: &Connection, event: i64) -> Result<Vec<Entry>, DbError> {
    entries(conn, "g.event_id = ?1", event)
}

pub fn entries_of_person(conn: &Connection, athlete: i64) -> Result<Vec<Entry>, DbError> {
    entries(conn, "g.athlete_id = ?1", athlete)
}

/// A line of a result list.
#[derive(Debug, Clone)]
pub struct Placed {
    pub person: Person,
    pub event: i64,
    pub round: String,
    pub heat: Option<i64>,
    pub position: Option<i64>,
    pub time: Option<TimeMs>,
    pub distance: Option<Centimetres>,
    pub points: Option<Points>,
    pub status: String,
    pub wind: Option<WindTenths>,
    /// The kind of record, empty when nobody said which.
    pub record: Option<String>,
}

const PLACED: &str = "x.event_id, x.round, x.heat_number, x.position, x.time_ms, x.distance_cm, x.points_hundredths,
    x.status, x.wind_tenths, x.is_record, x.record_type, g.bib_number";
/// The bib that was worn stands in the registration.
const OF_RESULTS: &str = "FROM results x JOIN athletes a ON a.id = x.athlete_id
    LEFT JOIN registrations g ON g.athlete_id = x.athlete_id AND g.event_id = x.event_id";
/// Best first; those without a mark by the order of the sport.
const BEST_FIRST: &str = "x.position IS NULL, x.position,
    CASE x.status WHEN 'finished' THEN 0 WHEN 'nm' THEN 1 WHEN 'nh' THEN 2 WHEN 'dnf' THEN 3 WHEN 'dq' THEN 4 ELSE 5 END,
    x.time_ms, x.distance_cm DESC, x.points_hundredths DESC, a.name_key, x.id";

fn placed_of(row: &Row<'_>) -> rusqlite::Result<Placed> {
    let mut person = person_of(row)?;
    person.bib = row.get::<_, Option<String>>(17)?.or(person.bib);
    let is_record: bool = row.get(15)?;
    let kind: Option<String> = row.get(16)?;
    Ok(Placed {
        person,
        event: row.get(6)?,
        round: row.get(7)?,
        heat: row.get(8)?,
        position: row.get(9)?,
        time: unit(row, 10, TimeMs)?,
        distance: unit(row, 11, Centimetres)?,
        points: unit(row, 12, Points)?,
        status: row.get(13)?,
        wind: unit(row, 14, WindTenths)?,
        record: is_record.then(|| kind.unwrap_or_default()),
    })
}

pub fn results_of_event(conn: &Connection, event: i64) -> Result<Vec<Placed>, DbError> {
    let sql = format!("SELECT {PERSON}, {PLACED} {OF_RESULTS} WHERE x.event_id = ?1 ORDER BY {BEST_FIRST}");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([event], placed_of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The best of the round that matters: the final, else the one with the newest result.
pub fn podium(conn: &Connection, event: i64) -> Result<Vec<Placed>, DbError> {
    let sql = format!(
        "SELECT {PERSON}, {PLACED} {OF_RESULTS} WHERE x.event_id = ?1 AND x.round =
            (SELECT round FROM results WHERE event_id = ?1 ORDER BY round = 'final' DESC, recorded_at DESC, id DESC LIMIT 1)
        ORDER BY {BEST_FIRST} LIMIT 3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([event], placed_of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Everything of one athlete, newest race first.
pub fn results_of_person(conn: &Connection, athlete: i64) -> Result<Vec<Placed>, DbError> {
    let sql = format!("SELECT {PERSON}, {PLACED} {OF_RESULTS} WHERE x.athlete_id = ?1 ORDER BY x.recorded_at, x.id");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([athlete], placed_of)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The events of one athlete with their races, newest race first.
pub fn events_of_person(conn: &Connection, athlete: i64) -> Result<Vec<Event>, DbError> {
    let rest = "
        WHERE e.id IN (SELECT event_id FROM registrations WHERE athlete_id = :id AND status <> 'cancelled'
                       UNION SELECT event_id FROM results WHERE athlete_id = :id)
        ORDER BY m.date DESC, m.id DESC, e.start_time IS NULL, e.start_time, e.name_key, e.id";
    events(conn, rest, named_params! { ":id": athlete })
}

/// What a search finds.
#[derive(Debug, Default)]
pub struct Found {
    pub people: Vec<Person>,
    pub races: Vec<Race>,
    pub events: Vec<Event>,
}

pub fn find(conn: &Connection, wanted: &str) -> Result<Found, DbError> {
    let pattern = |text: &str| format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let (folded, plain) = (pattern(&text::fold(wanted)), pattern(wanted));
    let values = named_params! { ":folded": folded, ":plain": plain, ":most": HITS };
    // Through the table, not along the index of the names: what is found is few, and each row would be looked up.
    let sql = format!(
        "SELECT {PERSON} FROM athletes a
        WHERE a.name_key LIKE :folded ESCAPE '\\' OR a.bib_number LIKE :plain ESCAPE '\\'
           OR a.club_team LIKE :plain ESCAPE '\\'
        ORDER BY +a.name_key, a.id LIMIT :most"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let people = statement.query_map(values, person_of)?.collect::<rusqlite::Result<_>>()?;
    // First which rows, then what there is of each: counting for all that match would take long.
    let rest = "WHERE r.id IN (
            SELECT id FROM races WHERE name_key LIKE :folded ESCAPE '\\' OR location LIKE :plain ESCAPE '\\'
            ORDER BY date DESC, id LIMIT :most)
        ORDER BY r.date DESC, r.id";
    let races = races(conn, rest, values)?;
    let rest = "WHERE e.id IN (
            SELECT o.id FROM events o JOIN races p ON p.id = o.race_id
            WHERE o.name_key LIKE :folded ESCAPE '\\' OR o.age_group LIKE :plain ESCAPE '\\'
            ORDER BY p.date DESC, o.name_key, o.id LIMIT :most)
        ORDER BY m.date DESC, e.name_key, e.id";
    Ok(Found { people, races, events: events(conn, rest, values)? })
}
