//! What stands in the way of taking an import back.

use rusqlite::Connection;
use serde::Serialize;

use crate::db::{DbError, Entity};
use crate::imports::history::ranges;

/// Obstacles named one by one.
const MAX_NAMED: usize = 100;

/// A row that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Obstacle {
    pub entity: &'static str,
    pub id: i64,
    /// What happened to it
    pub reason: String,
}

/// Rows of the import that are not as it left them, and rows of others that hang on its rows.
pub fn obstacles(conn: &Connection, import: i64) -> Result<Vec<Obstacle>, DbError> {
    let mut found = Vec::new();
    for (entity, first, last) in ranges(conn, import)? {
        changed_or_gone(conn, import, entity, (first, last), &mut found)?;
        hanging(conn, import, entity, (first, last), &mut found)?;
    }
    updates_overtaken(conn, import, &mut found)?;
    found.truncate(MAX_NAMED);
    Ok(found)
}

fn changed_or_gone(
    conn: &Connection,
    import: i64,
    entity: Entity,
    (first, last): (i64, i64),
    found: &mut Vec<Obstacle>,
) -> Result<(), DbError> {
    let table = entity.table();
    let sql = format!(
        "SELECT t.id FROM {table} t LEFT JOIN import_before b
            ON b.import_id = ?1 AND b.entity = ?2 AND b.row_id = t.id
        WHERE t.id BETWEEN ?3 AND ?4 AND t.version <> coalesce(b.version_after, 1) LIMIT {MAX_NAMED}"
    );
    let mut statement = conn.prepare(&sql)?;
    for id in statement.query_map((import, table, first, last), |row| row.get(0))? {
        found.push(Obstacle { entity: entity.singular(), id: id?, reason: "was changed since".into() });
    }
    let sql = format!("SELECT count(*) FROM {table} WHERE id BETWEEN ?1 AND ?2");
    let there: i64 = conn.query_row(&sql, [first, last], |row| row.get(0))?;
    let gone = last - first + 1 - there;
    if gone > 0 {
        found.push(Obstacle {
            entity: entity.singular(),
            id: first,
            reason: format!("{gone} rows from here on were deleted since"),
        });
    }
    Ok(())
}

/// `(table, column)` that lead to a row of an entity.
pub fn references_to(entity: Entity) -> &'static [(Entity, &'static str)] {
    match entity {
        Entity::Athletes => &[(Entity::Registrations, "athlete_id"), (Entity::Results, "athlete_id")],
        Entity::Races => &[(Entity::Events, "race_id")],
        Entity::Events => &[(Entity::Registrations, "event_id"), (Entity::Results, "event_id")],
        Entity::Users => &[(Entity::Results, "recorded_by"), (Entity::Athletes, "user_id")],
        Entity::Registrations
        | Entity::Results
        | Entity::AuditLogs
        | Entity::Imports
        | Entity::Sessions
        | Entity::Settings => &[],
    }
}

fn hanging(
    conn: &Connection,
    import: i64,
    entity: Entity,
    (first, last): (i64, i64),
    found: &mut Vec<Obstacle>,
) -> Result<(), DbError> {
    for (other, column) in references_to(entity) {
        let table = other.table();
        let sql = format!(
            "SELECT o.id, o.{column} FROM {table} o WHERE o.{column} BETWEEN ?1 AND ?2 AND NOT EXISTS (
                SELECT 1 FROM import_ranges r
                WHERE r.import_id = ?3 AND r.entity = ?4 AND o.id BETWEEN r.first_id AND r.last_id) LIMIT {MAX_NAMED}"
        );
        let mut statement = conn.prepare(&sql)?;
        let rows = statement
            .query_map((first, last, import, table), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        for row in rows {
            let (id, on) = row?;
            let reason = format!("was added since, and belongs to the {} {on} of this import", entity.singular());
            found.push(Obstacle { entity: other.singular(), id, reason });
        }
    }
    Ok(())
}

fn updates_overtaken(conn: &Connection, import: i64, found: &mut Vec<Obstacle>) -> Result<(), DbError> {
    let mut statement = conn.prepare(
        "SELECT entity, row_id, version_after FROM import_before WHERE import_id = ?1 ORDER BY entity, row_id",
    )?;
    let mut rows = statement.query([import])?;
    while let Some(row) = rows.next()? {
        let (table, id, version): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(entity) = Entity::from_table(&table) else { continue };
        let sql = format!("SELECT version FROM {table} WHERE id = ?1");
        let now: Option<i64> = match conn.prepare_cached(&sql)?.query_row([id], |row| row.get(0)) {
            Ok(version) => Some(version),
            Err(rusqlite::Error::QueryReturnedNoRows) => None,
            Err(error) => return Err(error.into()),
        };
        let known = found.iter().any(|one| one.entity == entity.singular() && one.id == id);
        if now != Some(version) && !known {
            let reason = if now.is_some() { "was changed since" } else { "was deleted since" };
            found.push(Obstacle { entity: entity.singular(), id, reason: reason.into() });
        }
    }
    Ok(())
}
