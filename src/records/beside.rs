//! What answers say of a row besides its own members: names and counts that lie in other tables. They are read-only,
//! and neither exports nor the audit log know them.

use jiff::civil::Date;
use rusqlite::Connection;
use serde::Serialize;

use super::values::{maybe, parsed};
use super::{Filter, Kind, Offers, Resource, Sight, Sort};
use crate::db::DbError;
use crate::rules::age;
use crate::rules::date::{Birth, parse_iso};

/// The athlete's own bib, in the order of numbers.
pub const ATHLETE_BIB: &str = "(SELECT bib_key FROM athletes WHERE athletes.id = athlete_id)";

/// For entities whose rows say everything themselves.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NoBeside {}

/// The names behind the two ids of a registration or a result.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryNames {
    #[schema(read_only)]
    athlete_name: String,
    /// The athlete's own bib
    #[schema(read_only)]
    athlete_bib: Option<String>,
    #[schema(read_only)]
    club_team: Option<String>,
    #[schema(read_only)]
    country: String,
    /// On the day of the meet, for those who may see the date of birth
    #[schema(read_only)]
    #[serde(skip_serializing_if = "Option::is_none")]
    athlete_age_group: Option<String>,
    #[schema(read_only)]
    event_name: String,
    /// Tells events of one name apart, as the age group does
    #[schema(read_only)]
    event_gender: Option<String>,
    #[schema(read_only)]
    event_age_group: Option<String>,
    #[schema(read_only)]
    race_id: i64,
    #[schema(read_only)]
    race_name: String,
}

impl EntryNames {
    /// How registrations and results alike are filtered, ordered and searched by athlete, event and race.
    pub const OFFERS: Offers = Offers {
        filters: &[
            Filter::new("athleteId", "athlete_id = ?", Kind::Integer),
            Filter::new("athlete_id", "athlete_id = ?", Kind::Integer),
            Filter::new("eventId", "event_id = ?", Kind::Integer),
            Filter::new("event_id", "event_id = ?", Kind::Integer),
            Filter::new("raceId", "event_id IN (SELECT id FROM events WHERE race_id = ?)", Kind::Integer),
            Filter::new("athleteName", "athlete_id IN (SELECT id FROM athletes WHERE name_key = ?)", Kind::Folded),
            Filter::new("athleteBib", "athlete_id IN (SELECT id FROM athletes WHERE bib_key = ?)", Kind::Bib),
            Filter::new("clubTeam", "athlete_id IN (SELECT id FROM athletes WHERE club_team = ?)", Kind::Text),
            Filter::new("country", "athlete_id IN (SELECT id FROM athletes WHERE country = ?)", Kind::Upper),
            Filter::new("eventName", "event_id IN (SELECT id FROM events WHERE name_key = ?)", Kind::Folded),
            Filter::new("eventGender", "event_id IN (SELECT id FROM events WHERE gender = ?)", Kind::Upper),
            Filter::new("eventAgeGroup", "event_id IN (SELECT id FROM events WHERE age_group = ?)", Kind::Text),
            Filter::new(
                "raceName",
                "event_id IN (SELECT id FROM events WHERE race_id IN (SELECT id FROM races WHERE name_key = ?))",
                Kind::Folded,
            ),
        ],
        sorts: &[
            Sort::new("eventId", "event_id"),
            Sort::new("athleteId", "athlete_id"),
            Sort::new("athleteName", "(SELECT name_key FROM athletes WHERE athletes.id = athlete_id)"),
            Sort::new("athleteBib", ATHLETE_BIB),
            Sort::new("clubTeam", "(SELECT club_team FROM athletes WHERE athletes.id = athlete_id)"),
            Sort::new("country", "(SELECT country FROM athletes WHERE athletes.id = athlete_id)"),
            Sort::new("eventName", "(SELECT name_key FROM events WHERE events.id = event_id)"),
            Sort::new(
                "raceName",
                "(SELECT races.name_key FROM events JOIN races ON races.id = race_id WHERE events.id = event_id)",
            ),
        ],
        search: &[
            "athlete_id IN (SELECT id FROM athletes WHERE name_key LIKE ? ESCAPE '\\')",
            "event_id IN (SELECT id FROM events WHERE name_key LIKE ? ESCAPE '\\')",
            "athlete_id IN (SELECT id FROM athletes WHERE club_team LIKE ? ESCAPE '\\')",
            "athlete_id IN (SELECT id FROM athletes WHERE bib_number LIKE ? ESCAPE '\\')",
        ],
    };

    /// Two look-ups by id, with statements that stay prepared.
    pub fn of(conn: &Connection, sight: &Sight, athlete: i64, event: i64) -> Result<EntryNames, DbError> {
        let sql = "SELECT e.name, e.gender, e.age_group, r.id, r.name, r.date
            FROM events e JOIN races r ON r.id = e.race_id WHERE e.id = ?1";
        let (mut names, day) = conn.prepare_cached(sql)?.query_row([event], |row| {
            let names = EntryNames {
                athlete_name: String::new(),
                athlete_bib: None,
                club_team: None,
                country: String::new(),
                athlete_age_group: None,
                event_name: row.get(0)?,
                event_gender: row.get(1)?,
                event_age_group: row.get(2)?,
                race_id: row.get(3)?,
                race_name: row.get(4)?,
            };
            Ok((names, parsed(row, 5, parse_iso)?))
        })?;
        let sql =
            "SELECT name, bib_number, club_team, country, date_of_birth, year_of_birth FROM athletes WHERE id = ?1";
        conn.prepare_cached(sql)?.query_row([athlete], |row| {
            names.athlete_name = row.get(0)?;
            names.athlete_bib = row.get(1)?;
            names.club_team = row.get(2)?;
            names.country = row.get(3)?;
            if sight.sees(athlete) {
                let birth = birth_of(maybe(row, 4, parse_iso)?, row.get(5)?);
                names.athlete_age_group = birth.and_then(|birth| group_text(birth, day));
            }
            Ok(())
        })?;
        Ok(names)
    }
}

/// What is known of a birth.
pub fn birth_of(day: Option<Date>, year: Option<i16>) -> Option<Birth> {
    day.map(Birth::Day).or(year.map(Birth::Year))
}

/// The age group on a day in the scheme that is used; `None` where it cannot be known.
pub fn group_text(birth: Birth, day: Date) -> Option<String> {
    age::usual_scheme().group_of_birth(birth, day).map(|group| group.to_string())
}

/// One number that belongs to a row, such as how many registrations an event has; `sql` has one parameter, its id.
pub fn tally(conn: &Connection, sql: &str, id: i64) -> Result<i64, DbError> {
    Ok(conn.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

/// Appends a row as JSON, as far as `sight` may see it, with what lies beside it. `alone`: the row is the whole answer
/// and not one of a page.
pub fn write_whole<R: Resource>(
    conn: &Connection,
    row: &R,
    sight: &Sight,
    alone: bool,
    out: &mut Vec<u8>,
) -> Result<(), DbError> {
    row.write_json(sight, out);
    let Some(beside) = row.beside(conn, sight, alone)? else { return Ok(()) };
    let text = serde_json::to_vec(&beside).expect("our own types serialise");
    if let Some(members) = text.strip_prefix(b"{").filter(|members| members.len() > 1) {
        out.pop(); // the brace that closes the row
        out.push(b',');
        out.extend_from_slice(members);
    }
    Ok(())
}
