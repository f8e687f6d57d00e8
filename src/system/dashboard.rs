//! `/api/dashboard/stats`: the numbers of the overview. Only what is really there.

use axum::extract::State;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::auth::guard::Visitor;
use crate::auth::policy::Action;
use crate::db::DbError;
use crate::health;
use crate::http::api::{Access, Api, Op, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::state::App;

const TREND_DAYS: i64 = 14;
const DAY_MS: i64 = 24 * 3600 * 1000;

pub fn routes() -> Api {
    let members = [("counts", object()), ("trend", object()), ("distribution", object()), ("pending", object())];
    let op = Op::new("Counts, trend, distribution and pending work", Access::Needs(Action::BeSignedIn));
    Api::new().get("/api/dashboard/stats", stats, op.answer(200, "The numbers", &members))
}

async fn stats(visitor: Visitor, State(app): State<App>) -> ApiResult<Reply> {
    visitor.require(Action::BeSignedIn)?;
    let staff = visitor.may(Action::ReadPrivateFields);
    app.db()
        .read(move |conn| {
            let mut counts = health::counts(conn)?;
            if !staff {
                counts.retain(|name, _| !matches!(*name, "users" | "audit_logs"));
            }
            Ok::<_, ApiError>(
                Reply::ok("The numbers of the meet")
                    .member("counts", counts)
                    .member("trend", trend(conn)?)
                    .member("distribution", distribution(conn)?)
                    .member("pending", pending(conn)?)
                    .done(),
            )
        })
        .await
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

fn distribution(conn: &Connection) -> Result<Value, DbError> {
    let grouped = |sql: &str| -> Result<Map<String, Value>, DbError> {
        let mut statement = conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, Value::from(row.get::<_, i64>(1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    Ok(json!({
        "events_by_category": grouped("SELECT category, count(*) FROM events GROUP BY category")?,
        "athletes_by_country": grouped("SELECT country, count(*) AS n FROM athletes GROUP BY country ORDER BY n DESC LIMIT 10")?,
        "athletes_by_gender": grouped("SELECT coalesce(gender, 'unknown'), count(*) FROM athletes GROUP BY 1")?,
        "races_by_status": grouped("SELECT status, count(*) FROM races GROUP BY status")?,
        "registrations_by_status": grouped("SELECT status, count(*) FROM registrations GROUP BY status")?,
    }))
}

/// What waits for a person.
fn pending(conn: &Connection) -> Result<Value, DbError> {
    let count = |sql: &str| -> Result<i64, DbError> { Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?) };
    Ok(json!({
        "unconfirmed_registrations": count("SELECT count(*) FROM registrations WHERE status = 'registered'")?,
        "unpaid_registrations":
            count("SELECT count(*) FROM registrations WHERE payment_status = 'pending' AND status <> 'cancelled'")?,
        "athletes_without_birth":
            count("SELECT count(*) FROM athletes WHERE date_of_birth IS NULL AND year_of_birth IS NULL")?,
        "athletes_without_bib": count("SELECT count(*) FROM athletes WHERE bib_key IS NULL")?,
        "events_without_registrations":
            count("SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM registrations r WHERE r.event_id = e.id)")?,
        "events_over_limit": count(
            "SELECT count(*) FROM events e WHERE max_participants < (SELECT count(*) FROM registrations r
                WHERE r.event_id = e.id AND r.status <> 'cancelled')",
        )?,
        "users_without_password": count("SELECT count(*) FROM user_secrets WHERE password_hash IS NULL")?,
    }))
}
