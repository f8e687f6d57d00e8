//! What the samples say. Entries and results are about what is stored, so that they import as they are; in an empty
//! database about the sample of the bulk template.

use rusqlite::{Connection, OptionalExtension};

use crate::db::{DbError, Entity};
use crate::rules::discipline::{self, Measure};
use crate::rules::mark::{Centimetres, TimeMs};

/// A table with a few rows.
pub struct Sample {
    pub headers: &'static [&'static str],
    pub rows: Vec<Vec<String>>,
    /// What each column takes.
    pub requirements: &'static [(&'static str, &'static str)],
}

const ATHLETES: &[(&str, &str)] = &[
    ("name", "required, 1 to 100 characters, kept as written"),
    ("country", "required, three-letter code of the sport (KEN); names and ISO codes are read too"),
    ("gender", "M, F, X or blank"),
    ("email", "optional"),
    ("phone", "optional"),
    ("club", "optional"),
    ("coach", "optional"),
    ("bib_number", "optional, unique; leading zeros do not count"),
    ("date_of_birth", "optional, YYYY-MM-DD; a year alone is kept as such"),
];
pub const RACES: &[(&str, &str)] = &[
    ("name", "required, 1 to 200 characters"),
    ("date", "required, YYYY-MM-DD"),
    ("location", "required"),
    ("status", "scheduled (usual), ongoing, completed or cancelled"),
    ("description", "optional"),
    ("registration_open", "true or false"),
    ("registration_deadline", "optional, a date or a moment"),
    ("registration_link", "optional"),
];
const EVENTS: &[(&str, &str)] = &[
    ("race", "required unless race_id says it for all rows: the name of a race that is there"),
    ("race_date", "where several races have the name"),
    ("name", "required, such as 100m"),
    ("category", "Track, Field, Road or Combined; usually the name says it"),
    ("gender", "M, F, X or blank"),
    ("age_group", "optional, such as U18"),
    ("distance", "optional, in metres, or text such as 4x100"),
    ("start_time", "optional, such as 2026-08-22T14:30:00Z"),
    ("max_participants", "optional"),
];
const REGISTRATIONS: &[(&str, &str)] = &[
    ("name", "the athlete: name with club or date of birth, or a bib"),
    ("athlete_bib", "the bib the athlete wears"),
    ("club", "optional"),
    ("event", "required: name or code; several in one cell, or a column for each event, are read too"),
    ("gender", "where several events have the name"),
    ("age_group", "where several events have the name"),
    ("race", "unless race_id says it for all rows"),
    ("race_date", "where several races have the name"),
    ("seed_mark", "optional"),
];
const RESULTS: &[(&str, &str)] = &[
    ("name", "the athlete, as in the template of registrations"),
    ("athlete_bib", "the bib the athlete wears"),
    ("club", "optional"),
    ("event", "required, as in the template of registrations"),
    ("gender", "where several events have the name"),
    ("age_group", "where several events have the name"),
    ("race", "unless race_id says it for all rows"),
    ("race_date", "where several races have the name"),
    ("round", "final, unless it says otherwise"),
    ("position", "optional"),
    ("mark", "time or distance, as the event has it"),
    ("wind", "optional, m/s"),
    ("heat", "optional"),
    ("lane", "optional"),
    ("status", "finished (usual), dns, dnf, dq, nm or nh"),
];
const USERS: &[(&str, &str)] = &[
    ("name", "required"),
    ("email", "required, unique"),
    ("role", "admin, chief_registrar, registrar, official, starter, coach, athlete or viewer"),
    ("status", "active (usual), inactive or suspended"),
];

const ATHLETE_ROWS: [[&str; 9]; 2] = [
    [
        "Jane Kipchoge",
        "KEN",
        "F",
        "jane@example.org",
        "+254 700 000 010",
        "Rift Valley AC",
        "Ann Coach",
        "101",
        "2001-05-14",
    ],
    ["Alice Smith", "USA", "F", "alice@example.org", "", "Oregon Track Club", "", "102", ""],
];

/// The sample of one kind of rows; none for what is not imported.
///
/// # Errors
/// When the database cannot be read.
pub fn of(conn: &Connection, entity: Entity) -> Result<Option<Sample>, DbError> {
    let owned = |row: &[&str]| row.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    Ok(Some(match entity {
        Entity::Athletes => Sample {
            headers: &["name", "country", "gender", "email", "phone", "club", "coach", "bib_number", "date_of_birth"],
            rows: ATHLETE_ROWS.iter().map(|row| owned(row)).collect(),
            requirements: ATHLETES,
        },
        Entity::Races => Sample {
            headers: &[
                "name",
                "date",
                "location",
                "status",
                "description",
                "registration_open",
                "registration_deadline",
            ],
            rows: vec![
                owned(&[
                    "Harbour Twilight",
                    "2026-06-14",
                    "Portsea, Australia",
                    "scheduled",
                    "Evening meet",
                    "true",
                    "2026-06-07",
                ]),
                owned(&["Fjordspelen", "2026-07-04", "Ålesund, Norway", "", "", "", ""]),
            ],
            requirements: RACES,
        },
        Entity::Events => events(conn)?,
        Entity::Registrations => registrations(conn)?,
        Entity::Results => results(conn)?,
        Entity::Users => Sample {
            headers: &["name", "email", "role", "status"],
            rows: vec![owned(&["Desk One", "desk.one@example.org", "official", "active"])],
            requirements: USERS,
        },
        Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => return Ok(None),
    }))
}

fn events(conn: &Connection) -> Result<Sample, DbError> {
    let sql = "SELECT name, date FROM races ORDER BY status IN ('completed', 'cancelled'), id LIMIT 1";
    let stored = conn.prepare_cached(sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (race, date): (String, String) = stored.unwrap_or(("Lakeside Open".into(), "2026-08-22".into()));
    let row = |name: &str, gender: &str, distance: &str| {
        [race.as_str(), &date, name, "Track", gender, "U20", distance].map(str::to_owned).to_vec()
    };
    Ok(Sample {
        headers: &["race", "race_date", "name", "category", "gender", "age_group", "distance"],
        rows: vec![row("800m", "F", "800"), row("800m", "M", "800")],
        requirements: EVENTS,
    })
}

/// An athlete and an event, by what tells them apart.
struct Pair {
    name: String,
    bib: Option<String>,
    club: Option<String>,
    event: String,
    gender: Option<String>,
    age_group: Option<String>,
    race: String,
    date: String,
}

impl Pair {
    /// Somebody who is not in `table` for an event yet.
    fn find(conn: &Connection, table: &str) -> Result<Pair, DbError> {
        let sql = format!(
            "SELECT a.name, a.bib_number, a.club_team, e.name, e.gender, e.age_group, r.name, r.date
            FROM events e JOIN races r ON r.id = e.race_id JOIN athletes a
            WHERE a.bib_number IS NOT NULL AND (e.max_participants IS NULL OR e.max_participants >
                (SELECT count(*) FROM registrations g WHERE g.event_id = e.id AND g.status <> 'cancelled'))
                AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.athlete_id = a.id AND t.event_id = e.id)
                AND (e.gender IS NULL OR e.gender = a.gender)
            ORDER BY e.id, a.id LIMIT 1"
        );
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Pair {
                name: row.get(0)?,
                bib: row.get(1)?,
                club: row.get(2)?,
                event: row.get(3)?,
                gender: row.get(4)?,
                age_group: row.get(5)?,
                race: row.get(6)?,
                date: row.get(7)?,
            })
        };
        let found = conn.prepare(&sql)?.query_row([], read).optional()?;
        Ok(found.unwrap_or_else(|| Pair {
            name: "Mary Moraa".into(),
            bib: Some("301".into()),
            club: Some("Rift Valley AC".into()),
            event: "800m".into(),
            gender: Some("F".into()),
            age_group: None,
            race: "Lakeside Open".into(),
            date: "2026-08-22".into(),
        }))
    }

    fn cells(self) -> Vec<String> {
        let or_blank = |cell: Option<String>| cell.unwrap_or_default();
        vec![
            self.name,
            or_blank(self.bib),
            or_blank(self.club),
            self.event,
            or_blank(self.gender),
            or_blank(self.age_group),
            self.race,
            self.date,
        ]
    }
}

fn registrations(conn: &Connection) -> Result<Sample, DbError> {
    let mut row = Pair::find(conn, "registrations")?.cells();
    row.push(String::new());
    Ok(Sample {
        headers: &["name", "athlete_bib", "club", "event", "gender", "age_group", "race", "race_date", "seed_mark"],
        rows: vec![row],
        requirements: REGISTRATIONS,
    })
}

fn results(conn: &Connection) -> Result<Sample, DbError> {
    let pair = Pair::find(conn, "results")?;
    // A mark that this event can have; of an event that nobody knows, none.
    let (mark, status) = match discipline::find(&pair.event) {
        Some(known) => {
            let usual = known.plausible_min + (known.plausible_max - known.plausible_min) / 5;
            let mark = match known.measure {
                Measure::Time => TimeMs(usual).to_decimal(),
                Measure::Distance => Centimetres(usual).to_decimal(),
                Measure::Points => usual.to_string(),
            };
            (mark, "finished")
        }
        None => (String::new(), "dns"),
    };
    let mut row = pair.cells();
    row.extend(["final".to_owned(), mark, status.to_owned()]);
    Ok(Sample {
        headers: &[
            "name",
            "athlete_bib",
            "club",
            "event",
            "gender",
            "age_group",
            "race",
            "race_date",
            "round",
            "mark",
            "status",
        ],
        rows: vec![row],
        requirements: RESULTS,
    })
}
