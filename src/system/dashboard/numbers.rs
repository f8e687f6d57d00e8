//! What the overview counts: of all races, or of one.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value, json};

use crate::db::{DbError, Entity, Memo, TableMoment};

const TREND_DAYS: i64 = 14;
const DAY_MS: i64 = 24 * 3600 * 1000;

// Which rows belong to a race, ?1.
const ATHLETES: &str =
    "id IN (SELECT athlete_id FROM events JOIN registrations ON event_id = events.id WHERE race_id = ?1)";
const RACES: &str = "id = ?1";
const EVENTS: &str = "race_id = ?1";
const ENTRIES: &str = "event_id IN (SELECT id FROM events WHERE race_id = ?1)";

/// Which rows count: those of one race, or all.
pub(super) struct Scope {
    pub race: Option<i64>,
}

/// Each as the API shows it.
pub(super) struct Numbers {
    pub trend: Value,
    pub distribution: Value,
    pub pending: Value,
}

impl Scope {
    /// Puts the numbers of the race in the place of those of all.
    pub fn narrow(&self, conn: &Connection, counts: &mut BTreeMap<&'static str, i64>) -> Result<(), DbError> {
        if self.race.is_some() {
            for (table, rows) in [
                ("athletes", ATHLETES),
                ("races", RACES),
                ("events", EVENTS),
                ("registrations", ENTRIES),
                ("results", ENTRIES),
            ] {
                counts.insert(table, self.count(conn, table, rows, "TRUE")?);
            }
        }
        Ok(())
    }

    /// Those of all races walk along every row, and are kept until their tables change.
    pub fn numbers(&self, conn: &Connection, memo: &Memo<Value>, at: &TableMoment) -> Result<Numbers, DbError> {
        let kept = |name, tables: &[Entity], day, make: &dyn Fn() -> Result<Value, DbError>| match self.race {
            Some(_) => make(),
            None => memo.get(name, at, tables, day, make),
        };
        let entries = [Entity::Registrations, Entity::Results];
        let all = [Entity::Athletes, Entity::Races, Entity::Events, Entity::Registrations];
        let users = [Entity::Registrations, Entity::Events, Entity::Athletes, Entity::Users];
        // Days of the trend are those of UTC.
        let today = crate::time::now_ms() / DAY_MS;
        let people = kept("people", &[Entity::Athletes], 0, &|| self.people(conn))?;
        Ok(Numbers {
            trend: kept("trend", &entries, today, &|| self.trend(conn, today))?,
            distribution: kept("distribution", &all, 0, &|| self.distribution(conn, &people))?,
            pending: kept("pending", &users, 0, &|| self.pending(conn, &people))?,
        })
    }

    /// One of the conditions above, or one that holds for every row.
    fn only(&self, rows: &'static str) -> &'static str {
        if self.race.is_some() { rows } else { "?1 IS NULL" }
    }

    /// How many rows of a table; `condition` beside that they belong to the race.
    fn count(&self, conn: &Connection, table: &str, rows: &'static str, condition: &str) -> Result<i64, DbError> {
        let sql = format!("SELECT count(*) FROM {table} WHERE {condition} AND {}", self.only(rows));
        Ok(conn.prepare_cached(&sql)?.query_row([self.race], |row| row.get(0))?)
    }

    /// New registrations and results of the last days, one entry a day, the empty ones too.
    fn trend(&self, conn: &Connection, today: i64) -> Result<Value, DbError> {
        // Day by day along the index: grouping them all would put every row in order first.
        let on_day = |table: &str, column: &str, day: i64| -> Result<i64, DbError> {
            let only = self.only(ENTRIES);
            let sql = format!("SELECT count(*) FROM {table} WHERE {column} >= ?2 AND {column} < ?3 AND {only}");
            let values = params![self.race, day * DAY_MS, (day + 1) * DAY_MS];
            Ok(conn.prepare_cached(&sql)?.query_row(values, |row| row.get(0))?)
        };
        let entry = |day: i64| -> Result<Value, DbError> {
            let date = crate::time::Moment(day * DAY_MS).to_string();
            let registrations = on_day("registrations", "registered_at", day)?;
            let results = on_day("results", "recorded_at", day)?;
            Ok(json!({"date": &date[..10], "registrations": registrations, "results": results}))
        };
        (today - TREND_DAYS + 1..=today).map(entry).collect()
    }

    /// What a walk over all athletes tells, done once.
    fn people(&self, conn: &Connection) -> Result<Value, DbError> {
        const GENDERS: [&str; 4] = ["F", "M", "X", "unknown"];
        // In one walk and without groups, for which every row would be put in order first.
        let sql = format!(
            "SELECT count(*) FILTER (WHERE gender = 'F'), count(*) FILTER (WHERE gender = 'M'),
                count(*) FILTER (WHERE gender = 'X'), count(*) FILTER (WHERE gender IS NULL),
                count(*) FILTER (WHERE date_of_birth IS NULL AND year_of_birth IS NULL),
                count(*) FILTER (WHERE bib_key IS NULL)
            FROM athletes WHERE {}",
            self.only(ATHLETES)
        );
        let read = |row: &Row<'_>| {
            let mut genders = Map::new();
            for (at, gender) in GENDERS.into_iter().enumerate() {
                let count: i64 = row.get(at)?;
                if count > 0 {
                    genders.insert(gender.to_owned(), count.into());
                }
            }
            let (without_birth, without_bib): (i64, i64) = (row.get(4)?, row.get(5)?);
            Ok(json!({"genders": genders, "without_birth": without_birth, "without_bib": without_bib}))
        };
        Ok(conn.prepare_cached(&sql)?.query_row([self.race], read)?)
    }

    fn distribution(&self, conn: &Connection, people: &Value) -> Result<Value, DbError> {
        let grouped = |column: &str, table: &str, rows: &'static str, order: &str| {
            let only = self.only(rows);
            let sql = format!("SELECT {column}, count(*) AS n FROM {table} WHERE {only} GROUP BY {column} {order}");
            let mut statement = conn.prepare_cached(&sql)?;
            let one = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, Value::from(row.get::<_, i64>(1)?)));
            let groups = statement.query_map([self.race], one)?;
            Ok::<_, DbError>(groups.collect::<rusqlite::Result<Map<String, Value>>>()?)
        };
        Ok(json!({
            "events_by_category": grouped("category", "events", EVENTS, "")?,
            "athletes_by_country": grouped("country", "athletes", ATHLETES, "ORDER BY n DESC LIMIT 10")?,
            "athletes_by_gender": people["genders"],
            "races_by_status": grouped("status", "races", RACES, "")?,
            "registrations_by_status": grouped("status", "registrations", ENTRIES, "")?,
        }))
    }

    /// What waits for a person.
    fn pending(&self, conn: &Connection, people: &Value) -> Result<Value, DbError> {
        let entries = |condition| self.count(conn, "registrations", ENTRIES, condition);
        let events = |condition| self.count(conn, "events", EVENTS, condition);
        let users = "SELECT count(*) FROM user_secrets WHERE password_hash IS NULL";
        Ok(json!({
            "unconfirmed_registrations": entries("status = 'registered'")?,
            "unpaid_registrations": entries("payment_status = 'pending' AND status <> 'cancelled'")?,
            "athletes_without_birth": people["without_birth"],
            "athletes_without_bib": people["without_bib"],
            "events_without_registrations":
                events("NOT EXISTS (SELECT 1 FROM registrations WHERE event_id = events.id)")?,
            "events_over_limit": events(
                "max_participants < (SELECT count(*) FROM registrations r
                    WHERE r.event_id = events.id AND r.status <> 'cancelled')",
            )?,
            "users_without_password": conn.prepare_cached(users)?.query_row([], |row| row.get::<_, i64>(0))?,
        }))
    }
}
