//! `/api/dashboard/stats`: the numbers of the overview. Only what is really there.

mod battery;
mod bibs;
mod decisions;
mod timeline;

use axum::extract::State;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::auth::guard::Visitor;
use crate::auth::policy::Action;
use crate::db::{Db, DbError, Entity, Memo, TableMoment};
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
    let (db, memo) = (app.db().clone(), app.clone());
    app.db().read(move |conn| overview(conn, &visitor, &db, memo.overview())).await
}

fn overview(conn: &Connection, visitor: &Visitor, db: &Db, memo: &Memo<Value>) -> ApiResult<Reply> {
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
    let mut decisions = decisions::in_rows(conn, visitor, memo, &at, day)?;
    if visitor.may(Action::EnterResults) {
        decisions.splice(0..0, decisions::in_machine(free_disk, battery));
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
    let first = today - TREND_DAYS + 1;
    let per_day = |table: &str, column: &str| -> Result<Map<String, Value>, DbError> {
        let sql = format!("SELECT {column} / {DAY_MS} AS day, count(*) FROM {table} WHERE {column} >= ?1 GROUP BY day");
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement.query_map([first * DAY_MS], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        Ok(rows.map(|row| row.map(|(day, n)| (day.to_string(), Value::from(n)))).collect::<rusqlite::Result<_>>()?)
    };
    let registrations = per_day("registrations", "registered_at")?;
    let results = per_day("results", "recorded_at")?;
    let of = |counts: &Map<String, Value>, day: i64| counts.get(&day.to_string()).cloned().unwrap_or(Value::from(0));
    let entry = |day: i64| {
        let date = crate::time::Moment(day * DAY_MS).to_string();
        json!({"date": &date[..10], "registrations": of(&registrations, day), "results": of(&results, day)})
    };
    Ok((first..=today).map(entry).collect())
}

/// What a walk over all athletes tells, done once.
fn people(conn: &Connection) -> Result<Value, DbError> {
    let sql = "
        SELECT coalesce(gender, 'unknown'), count(*), count(*) FILTER (WHERE date_of_birth IS NULL AND year_of_birth IS NULL),
            count(*) FILTER (WHERE bib_key IS NULL)
        FROM athletes GROUP BY 1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let (mut genders, mut without_birth, mut without_bib) = (Map::new(), 0, 0);
    while let Some(row) = rows.next()? {
        genders.insert(row.get(0)?, Value::from(row.get::<_, i64>(1)?));
        without_birth += row.get::<_, i64>(2)?;
        without_bib += row.get::<_, i64>(3)?;
    }
    Ok(json!({"genders": genders, "without_birth": without_birth, "without_bib": without_bib}))
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
