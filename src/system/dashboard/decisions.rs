//! What somebody has to decide, with the rows it is about: bibs worn twice, events with too many entries, rows that an
//! import refused. Each is counted by a few look-ups, and again only when its tables have changed. Athletes who may be
//! one person are those of [`crate::athletes::Duplicates`].

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use super::bibs;
use crate::athletes::Pair;
use crate::auth::guard::Visitor;
use crate::auth::policy::Action;
use crate::computer::battery::{Battery, VERY_LOW};
use crate::db::{DbError, Entity, Memo, TableMoment};
use crate::health::LOW_DISK;

/// Ids and examples that come along.
pub(super) const MOST_IDS: usize = 100;
const MOST_EXAMPLES: usize = 3;
/// Refused rows of older imports have been dealt with, or nobody will.
const IMPORT_DAYS: i64 = 7;

/// What a check found: how many, and the first of them as ids and short texts.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub count: i64,
    pub ids: Vec<i64>,
    pub examples: Vec<String>,
}

/// One thing to look for in the rows.
struct Check {
    code: &'static str,
    severity: &'static str,
    /// Whose ids these are.
    entity: Entity,
    /// Who can do something about it.
    action: Action,
    tables: &'static [Entity],
    find: fn(&Connection) -> Result<Found, DbError>,
}

const CHECKS: [Check; 7] = [
    Check {
        code: "duplicate-bibs",
        severity: "bad",
        entity: Entity::Registrations,
        action: Action::ManageRegistrations,
        tables: &[Entity::Registrations, Entity::Athletes, Entity::Events, Entity::Races],
        find: bibs::worn_twice,
    },
    Check {
        code: "events-over-limit",
        severity: "bad",
        entity: Entity::Events,
        action: Action::ManageRegistrations,
        tables: &[Entity::Events, Entity::Registrations],
        find: events_over_limit,
    },
    Check {
        code: "imports-with-refused-rows",
        severity: "warn",
        entity: Entity::Imports,
        action: Action::Administer,
        tables: &[Entity::Imports],
        find: imports_with_refused_rows,
    },
    Check {
        code: "athletes-without-birth",
        severity: "warn",
        entity: Entity::Athletes,
        action: Action::ManageAthletes,
        tables: &[Entity::Athletes],
        find: athletes_without_birth,
    },
    Check {
        code: "imported-not-registered",
        severity: "info",
        entity: Entity::Athletes,
        action: Action::ManageRegistrations,
        tables: &[Entity::Athletes, Entity::Registrations, Entity::Imports],
        find: imported_not_registered,
    },
    Check {
        code: "unconfirmed-registrations",
        severity: "info",
        entity: Entity::Registrations,
        action: Action::ManageRegistrations,
        tables: &[Entity::Registrations, Entity::Athletes, Entity::Events, Entity::Races],
        find: unconfirmed_registrations,
    },
    Check {
        code: "users-without-password",
        severity: "info",
        entity: Entity::Users,
        action: Action::ManageUsers,
        tables: &[Entity::Users],
        find: users_without_password,
    },
];

/// What the rows leave to decide for somebody with these rights, the worst first. `pairs` of athletes who may be one
/// person are given where they are known, and to those who may merge them.
pub(super) fn in_rows(
    conn: &Connection,
    visitor: &Visitor,
    memo: &Memo<Value>,
    at: &TableMoment,
    today: i64,
    pairs: Option<&[Pair]>,
) -> Result<Vec<Value>, DbError> {
    let mut decisions = Vec::new();
    for check in CHECKS.iter().filter(|check| visitor.may(check.action)) {
        let decision = memo.get(check.code, at, check.tables, today, || {
            let found = (check.find)(conn)?;
            Ok::<_, DbError>(decision(check.code, check.severity, Some(check.entity), found))
        })?;
        decisions.extend(Some(decision).filter(|decision| decision["count"] != 0));
    }
    if let Some(pairs) = pairs.filter(|pairs| !pairs.is_empty()) {
        let found = possible_duplicates(conn, pairs)?;
        let place = decisions.iter().position(|decision| decision["severity"] == "info").unwrap_or(decisions.len());
        decisions.insert(place, decision("possible-duplicates", "warn", Some(Entity::Athletes), found));
    }
    Ok(decisions)
}

fn alone(text: String) -> Found {
    Found { count: 1, ids: Vec::new(), examples: vec![text] }
}

/// The copy on another server is not up to date, and why.
pub(super) fn in_copy(error: String) -> Value {
    decision("sync-failing", "bad", None, alone(error))
}

/// What the computer itself leaves to decide.
pub(super) fn in_machine(free_disk: Option<u64>, battery: Option<Battery>) -> Vec<Value> {
    let disk = free_disk.filter(|free| *free < LOW_DISK).map(|free| {
        let severity = if free < LOW_DISK / 5 { "bad" } else { "warn" };
        decision("disk-low", severity, None, alone(format!("{} MB", free / 1_000_000)))
    });
    let low = battery.filter(|battery| battery.is_low()).map(|battery| {
        let severity = if battery.percent <= VERY_LOW { "bad" } else { "warn" };
        decision("battery-low", severity, None, alone(format!("{} %", battery.percent)))
    });
    disk.into_iter().chain(low).collect()
}

/// What stands in the way of backups.
pub(super) fn in_backups(problems: Vec<String>) -> Option<Value> {
    let count = i64::try_from(problems.len()).unwrap_or(i64::MAX);
    (count > 0).then(|| decision("backup-failing", "bad", None, Found { count, ids: Vec::new(), examples: problems }))
}

/// Contact data that an administrator has decided not to keep longer.
pub(super) fn in_contacts(due: i64) -> Option<Value> {
    let found = Found { count: due, ids: Vec::new(), examples: Vec::new() };
    (due > 0).then(|| decision("contacts-due", "info", None, found))
}

fn decision(code: &str, severity: &str, entity: Option<Entity>, mut found: Found) -> Value {
    found.ids.truncate(MOST_IDS);
    found.examples.truncate(MOST_EXAMPLES);
    json!({
        "code": code, "severity": severity, "count": found.count, "examples": found.examples, "ids": found.ids,
        "entity": entity.map(Entity::table),
    })
}

/// Counts the rows behind `FROM`, and reads the first of them as id and text.
fn rows(conn: &Connection, id: &str, label: &str, from: &str) -> Result<Found, DbError> {
    let count = conn.prepare_cached(&format!("SELECT count(*) FROM {from}"))?.query_row([], |row| row.get(0))?;
    let sql = format!("SELECT {id}, {label} FROM {from} ORDER BY 1 LIMIT {MOST_IDS}");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (ids, examples) = found.collect::<rusqlite::Result<Vec<(i64, String)>>>()?.into_iter().unzip();
    Ok(Found { count, ids, examples })
}

fn events_over_limit(conn: &Connection) -> Result<Found, DbError> {
    let entries = "(SELECT count(*) FROM registrations r WHERE r.event_id = e.id AND r.status <> 'cancelled')";
    let label = format!("concat_ws(' ', e.name, e.gender, e.age_group, {entries} || '/' || max_participants)");
    rows(conn, "e.id", &label, &format!("events e WHERE max_participants < {entries}"))
}

fn imports_with_refused_rows(conn: &Connection) -> Result<Found, DbError> {
    let refused = "json_extract(report, '$.failed')";
    let from = format!(
        "imports WHERE state IN ('partial', 'failed') AND started_at >= (unixepoch() - {IMPORT_DAYS} * 86400) * 1000
            AND {refused} > 0"
    );
    rows(conn, "id", &format!("file_name || ': ' || {refused}"), &from)
}

fn athletes_without_birth(conn: &Connection) -> Result<Found, DbError> {
    rows(conn, "id", "name", "athletes WHERE date_of_birth IS NULL AND year_of_birth IS NULL")
}

/// Pairs of athletes who may be one person; the ids are those of both.
fn possible_duplicates(conn: &Connection, pairs: &[Pair]) -> Result<Found, DbError> {
    let mut found = Found { count: i64::try_from(pairs.len()).unwrap_or(i64::MAX), ..Found::default() };
    for id in pairs.iter().flat_map(|pair| [pair.first, pair.second]) {
        if found.ids.len() == MOST_IDS {
            break;
        }
        if !found.ids.contains(&id) {
            found.ids.push(id);
        }
    }
    let sql = "SELECT a.name || ', ' || b.name FROM athletes a, athletes b WHERE a.id = ?1 AND b.id = ?2";
    let mut statement = conn.prepare_cached(sql)?;
    for pair in pairs.iter().take(MOST_EXAMPLES) {
        // One of them may be gone since they were compared.
        found
            .examples
            .extend(statement.query_row([pair.first, pair.second], |row| row.get::<_, String>(0)).optional()?);
    }
    Ok(found)
}

/// Athletes that an import brought, and who start nowhere.
fn imported_not_registered(conn: &Connection) -> Result<Found, DbError> {
    let from = "import_ranges i JOIN imports m ON m.id = i.import_id AND m.state IN ('success', 'partial')
        JOIN athletes a ON a.id BETWEEN i.first_id AND i.last_id
        WHERE i.entity = 'athletes' AND NOT EXISTS (SELECT 1 FROM registrations r WHERE r.athlete_id = a.id)";
    rows(conn, "a.id", "a.name", from)
}

/// In races that are not over.
fn unconfirmed_registrations(conn: &Connection) -> Result<Found, DbError> {
    let label = "(SELECT name FROM athletes a WHERE a.id = r.athlete_id) || ', '
        || (SELECT name FROM events e WHERE e.id = r.event_id)";
    let from = "registrations r WHERE r.status = 'registered' AND r.event_id IN (SELECT e.id FROM events e
        JOIN races m ON m.id = e.race_id WHERE m.status IN ('scheduled', 'ongoing'))";
    rows(conn, "r.id", label, from)
}

fn users_without_password(conn: &Connection) -> Result<Found, DbError> {
    let from = "users u JOIN user_secrets s ON s.user_id = u.id WHERE s.password_hash IS NULL AND u.status = 'active'";
    rows(conn, "u.id", "u.name", from)
}

#[cfg(test)]
mod tests;
