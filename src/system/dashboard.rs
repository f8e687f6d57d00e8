//! `/api/dashboard/stats`: the numbers of the overview. Only what is really there.

mod battery;
mod bibs;
mod decisions;
mod timeline;

use axum::extract::State;
use rusqlite::{Connection, Row};
use serde_json::{Map, Value, json};

use crate::athletes::{Pair, pairs_soon};
use crate::auth::guard::Visitor;
use crate::auth::policy::Action;
use crate::db::{DbError, Entity, TableMoment};
use crate::health;
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::ApiResult;
use crate::http::reply::Reply;
use crate::state::App;

const TREND_DAYS: i64 = 14;
const DAY_MS: i64 = 24 * 3600 * 1000;

pub fn routes() -> Api {
    let members = [
        ("counts", object()),
        ("trend", object()),
        ("distribution", object()),
        ("pending", object()),
        ("decisions", list_of(object())),
        ("timeline", list_of(object())),
        ("battery", object()),
        ("free_disk_bytes", integer()),
    ];
    let op = Op::new("Counts, trend, what is on, and what waits for somebody", Access::Needs(Action::BeSignedIn));
    Api::new().get("/api/dashboard/stats", stats, op.answer(200, "The numbers", &members))
}

async fn stats(visitor: Visitor, State(app): State<App>) -> ApiResult<Reply> {
    visitor.require(Action::BeSignedIn)?;
    let pairs = if visitor.may(Action::ManageAthletes) { pairs_soon(&app).await } else { None };
    let with = app.clone();
    let read = move |conn: &_| {
        let pairs = pairs.as_ref().map(|pairs| pairs.as_slice());
        overview(conn, &visitor, &with, pairs)
    };
    app.db().read(read).await
}

fn overview(conn: &Connection, visitor: &Visitor, app: &App, pairs: Option<&[Pair]>) -> ApiResult<Reply> {
    let (db, memo) = (app.db(), app.overview());
    let at = TableMoment::of(db.changes());
    let today = crate::time::today();
    let day = i64::from(today.day_of_year()) + i64::from(today.year()) * 1000;
    let mut counts = health::counts(conn)?;
    if !visitor.may(Action::ReadPrivateFields) {
        counts.retain(|name, _| !matches!(*name, "users" | "audit_logs"));
    }
    let entries = [Entity::Registrations, Entity::Results];
    let all = [Entity::Athletes, Entity::Races, Entity::Events, Entity::Registrations];
    let meet = [Entity::Races, Entity::Events, Entity::Registrations, Entity::Results];
    // Days of the trend are those of UTC.
    let utc_day = crate::time::now_ms() / DAY_MS;
    let trend = memo.get("trend", &at, &entries, utc_day, || trend(conn).map(Value::from))?;
    let people = memo.get("people", &at, &[Entity::Athletes], 0, || people(conn))?;
    let distribution = memo.get("distribution", &at, &all, 0, || distribution(conn, &people))?;
    let users = [Entity::Registrations, Entity::Events, Entity::Athletes, Entity::Users];
    let pending = memo.get("pending", &at, &users, 0, || pending(conn, &people))?;
    let timeline = memo.get("timeline", &at, &meet, day, || timeline::timeline(conn, today))?;
    let (battery, free_disk) = (battery::now(), health::free_disk(db));
    let mut decisions = decisions::in_rows(conn, visitor, memo, &at, day, pairs)?;
    if visitor.may(Action::EnterResults) {
        decisions.splice(0..0, decisions::in_machine(free_disk, battery));
    }
    if visitor.may(Action::Administer) {
        decisions.splice(0..0, decisions::in_backups(app.backups().problems()));
    }
    Ok(Reply::ok("The numbers of the meet")
        .member("counts", counts)
        .member("trend", trend)
        .member("distribution", distribution)
        .member("pending", pending)
        .member("decisions", decisions)
        .member("timeline", timeline)
        .member("battery", battery)
        .member("free_disk_bytes", free_disk)
        .done())
}

/// New registrations and results of the last days, one entry a day, the empty ones too.
fn trend(conn: &Connection) -> Result<Vec<Value>, DbError> {
    let today = crate::time::now_ms() / DAY_MS;
    // Day by day along the index: grouping them all would put every row in order first.
    let on_day = |table: &str, column: &str, day: i64| -> Result<i64, DbError> {
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} >= ?1 AND {column} < ?2");
        Ok(conn.prepare_cached(&sql)?.query_row([day * DAY_MS, (day + 1) * DAY_MS], |row| row.get(0))?)
    };
    let entry = |day: i64| {
        let date = crate::time::Moment(day * DAY_MS).to_string();
        let registrations = on_day("registrations", "registered_at", day)?;
        let results = on_day("results", "recorded_at", day)?;
        Ok(json!({"date": &date[..10], "registrations": registrations, "results": results}))
    };
    (today - TREND_DAYS + 1..=today).map(entry).collect()
}

/// What a walk over all athletes tells, done once.
fn people(conn: &Connection) -> Result<Value, DbError> {
    const GENDERS: [&str; 4] = ["F", "M", "X", "unknown"];
    // In one walk and without groups, for which every row would be put in order first.
    let sql = "
        SELECT count(*) FILTER (WHERE gender = 'F'), count(*) FILTER (WHERE gender = 'M'),
            count(*) FILTER (WHERE gender = 'X'), count(*) FILTER (WHERE gender IS NULL),
            count(*) FILTER (WHERE date_of_birth IS NULL AND year_of_birth IS NULL),
            count(*) FILTER (WHERE bib_key IS NULL)
        FROM athletes";
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
    Ok(conn.prepare_cached(sql)?.query_row([], read)?)
}

fn distribution(conn: &Connection, people: &Value) -> Result<Value, DbError> {
    let grouped = |sql: &str| -> Result<Map<String, Value>, DbError> {
        let mut statement = conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, Value::from(row.get::<_, i64>(1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    Ok(json!({
        "events_by_category": grouped("SELECT category, count(*) FROM events GROUP BY category")?,
        "athletes_by_country": grouped("SELECT country, count(*) AS n FROM athletes GROUP BY country ORDER BY n DESC LIMIT 10")?,
        "athletes_by_gender": people["genders"],
        "races_by_status": grouped("SELECT status, count(*) FROM races GROUP BY status")?,
        "registrations_by_status": grouped("SELECT status, count(*) FROM registrations GROUP BY status")?,
    }))
}

/// What waits for a person.
fn pending(conn: &Connection, people: &Value) -> Result<Value, DbError> {
    let count = |sql: &str| -> Result<i64, DbError> { Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?) };
    Ok(json!({
        "unconfirmed_registrations": count("SELECT count(*) FROM registrations WHERE status = 'registered'")?,
        "unpaid_registrations":
            count("SELECT count(*) FROM registrations WHERE payment_status = 'pending' AND status <> 'cancelled'")?,
        "athletes_without_birth": people["without_birth"],
        "athletes_without_bib": people["without_bib"],
        "events_without_registrations":
            count("SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM registrations r WHERE r.event_id = e.id)")?,
        "events_over_limit": count(
            "SELECT count(*) FROM events e WHERE max_participants < (SELECT count(*) FROM registrations r
                WHERE r.event_id = e.id AND r.status <> 'cancelled')",
        )?,
        "users_without_password": count("SELECT count(*) FROM user_secrets WHERE password_hash IS NULL")?,
    }))
}
