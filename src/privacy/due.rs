//! Contact data some time after the last meet: what nobody needs any more is removed when an administrator says so.

use jiff::Span;
use jiff::civil::Date;
use rusqlite::{Connection, named_params};
use serde::Serialize;
use serde_json::json;

use super::erase::refuse_during_import;
use super::traces;
use crate::athletes::Athlete;
use crate::audit::{Actor, Entry, Verb};
use crate::db::{DbError, Entity, Tx};
use crate::records::{self, Record, RecordError};

/// Athletes whose time is over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Due {
    /// How many have contact data that is due
    pub count: i64,
    /// The last meet on or before this day makes it so
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

/// Athletes with something to remove whose last meet was on `:until` at the latest; of those in no meet the day they were
/// last changed counts.
const IS_DUE: &str = "
    (a.email IS NOT NULL OR a.phone IS NOT NULL OR a.date_of_birth IS NOT NULL OR a.coach IS NOT NULL)
    AND coalesce(
        (SELECT max(m.date) FROM races m JOIN events e ON e.race_id = m.id WHERE e.id IN (
            SELECT event_id FROM registrations WHERE athlete_id = a.id
            UNION SELECT event_id FROM results WHERE athlete_id = a.id)),
        date(a.updated_at / 1000, 'unixepoch')) <= :until";

/// Who is due when data is kept for `days` after a meet.
///
/// # Errors
/// Those of the database.
pub fn due(conn: &Connection, days: u64, today: Date) -> Result<Due, DbError> {
    let until = last_day(days, today);
    let sql = format!("SELECT count(*) FROM athletes a WHERE {IS_DUE}");
    let count =
        conn.prepare_cached(&sql)?.query_row(named_params! { ":until": until.to_string() }, |row| row.get(0))?;
    Ok(Due { count, until: Some(until) })
}

fn last_day(days: u64, today: Date) -> Date {
    let span = Span::new().try_days(i64::try_from(days).unwrap_or(i64::MAX));
    span.ok().and_then(|span| today.checked_sub(span).ok()).unwrap_or(Date::MIN)
}

/// Removes email, telephone, coach and day of birth (the year stays) of everybody who is due, and what repeats them.
/// Names, clubs and results stay. `expected` is the number that was shown: another one is refused.
///
/// # Errors
/// When others are due by now, or an import runs.
pub fn remove_due(tx: &mut Tx<'_>, by: &Actor, (days, today): (u64, Date), expected: i64) -> Result<i64, RecordError> {
    refuse_during_import(tx.conn())?;
    let found = due(tx.conn(), days, today)?;
    if found.count != expected {
        let detail =
            format!("{} athletes are due now, not {expected}. Look at the number again, then confirm", found.count);
        return Err(RecordError::Obstructed { code: "count-changed", detail, member: "due", value: json!(found) });
    }
    let until = last_day(days, today).to_string();
    let condition = format!("id IN (SELECT a.id FROM athletes a WHERE {})", IS_DUE.replace(":until", "?1"));
    let athletes: Vec<Athlete> = records::all_where(tx.conn(), &condition, until)?;
    for athlete in &athletes {
        let mut after = Athlete {
            email: None,
            phone: None,
            coach: None,
            date_of_birth: None,
            year_of_birth: athlete.date_of_birth.map(|day| day.year()).or(athlete.year_of_birth),
            ..athlete.clone()
        };
        after.stamp(tx.now_ms());
        records::overwrite(tx.conn(), &mut after)?;
    }
    let ids: Vec<i64> = athletes.iter().map(|athlete| athlete.id).collect();
    let names: Vec<String> = athletes.into_iter().map(|athlete| athlete.name).collect();
    let gone = traces::remove(tx, &ids, &names)?;
    tx.touch(Entity::Athletes);
    let details = json!({
        "retention": { "days": days, "athletes": ids.len(), "importFiles": gone.files, "logEntries": gone.payloads },
    });
    Entry::new(Verb::Update, Entity::Athletes).details(&details).write(tx, by)?;
    Ok(found.count)
}
