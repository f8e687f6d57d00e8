//! Taking an import back: exactly its rows and its updates, or a refusal that names what has changed since.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value};

use super::ending::{self, Unfinished};
use super::history::{self, ranges};
use super::matching::Importable;
use crate::athletes::Athlete;
use crate::audit::{Actor, Entry, Verb};
use crate::db::{Db, DbError, Entity, Tx};
use crate::events::Event;
use crate::races::Race;
use crate::records::{self, Fields, Purpose, RecordError};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::users::{self, User};

/// Obstacles named one by one.
const MAX_NAMED: usize = 100;

#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("There is no import with the id {0}")]
    NotFound(i64),
    #[error("This import is {0}; only a finished one can be taken back")]
    NotDone(String),
    #[error("{} rows have changed since this import, so it was left as it is", .0.len())]
    Overtaken(Vec<Obstacle>),
    #[error("This would leave nobody who can administer the server")]
    LastAdmin,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<rusqlite::Error> for UndoError {
    fn from(error: rusqlite::Error) -> UndoError {
        UndoError::Db(error.into())
    }
}

/// A row that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Obstacle {
    pub entity: &'static str,
    pub id: i64,
    /// What happened to it
    pub reason: String,
}

/// What was taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Undone {
    pub deleted: u64,
    pub restored: u64,
    /// Rows that stayed, because somebody has changed or used them meanwhile
    pub kept: u64,
}

/// How an import is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// Everything, or nothing.
    Whole,
    /// As much as nobody else has built on. So also an import that never ended: the server must come up again, and what
    /// others were answered in the meantime stays.
    AsFarAsFree,
}

/// Takes an import back, as a whole or as far as nobody has built on it.
///
/// # Errors
/// [`UndoError::Overtaken`] names the rows that somebody has changed since; nothing is changed then.
pub fn undo(tx: &mut Tx<'_>, by: &Actor, import: i64, back: Back) -> Result<Undone, UndoError> {
    let past = history::find(tx.conn(), import)?.ok_or(UndoError::NotFound(import))?;
    if !matches!(past.state.as_str(), "success" | "partial" | "failed") {
        return Err(UndoError::NotDone(past.state));
    }
    let obstacles = obstacles(tx.conn(), import)?;
    if !obstacles.is_empty() && back == Back::Whole {
        return Err(UndoError::Overtaken(obstacles));
    }
    let undone = take_back(tx, import, back)?;
    if users::active_admins(tx.conn())? == 0 && by.user_id.is_some() {
        return Err(UndoError::LastAdmin);
    }
    tx.conn().prepare_cached("UPDATE imports SET state = 'undone' WHERE id = ?1")?.execute([import])?;
    tx.touch(Entity::Imports);
    Entry::new(Verb::Undo, Entity::Imports).id(import).details(&undone).write(tx, by)?;
    Ok(undone)
}

/// Takes imports back that a crash has interrupted. Answers how many there were.
pub fn recover(db: &Db) -> Result<usize, DbError> {
    let unfinished = db.read_blocking(history::unfinished)?;
    if unfinished.is_empty() {
        return Ok(0);
    }
    db.write_alone_blocking(|tx| recover_in(tx, Unfinished::Crashed))
}

pub(super) fn recover_in(tx: &mut Tx<'_>, why: Unfinished) -> Result<usize, DbError> {
    let unfinished = history::unfinished(tx.conn())?;
    for import in &unfinished {
        let undone = take_back(tx, *import, Back::AsFarAsFree).map_err(|error| match error {
            UndoError::Db(error) => error,
            other => DbError::Down(other.to_string()),
        })?;
        let stored = match undone.kept {
            0 => "nothing of it is stored".to_owned(),
            kept => format!("{kept} rows stayed, because somebody has changed or used them since"),
        };
        let message = format!("❌ {}; {stored}", why.sentence());
        let report = serde_json::json!({
            "status": "failed", "imported": 0, "updated": 0, "import_id": import,
            "interrupted": why == Unfinished::Crashed, "cancelled": why == Unfinished::Cancelled,
            "taken_back": undone, "message": message,
        });
        ending::write_report(tx, *import, &report)?;
        Entry::new(Verb::Undo, Entity::Imports).id(*import).details(&report).write(tx, &Actor::server())?;
        tracing::warn!(import, "an import that did not get to its end has been taken back");
    }
    Ok(unfinished.len())
}

/// Rows of the import that are not as it left them, and rows of others that hang on its rows.
fn obstacles(conn: &Connection, import: i64) -> Result<Vec<Obstacle>, DbError> {
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
fn references_to(entity: Entity) -> &'static [(Entity, &'static str)] {
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

/// Deletes the new rows, those that depend on others first, and puts the changed ones back.
fn take_back(tx: &mut Tx<'_>, import: i64, back: Back) -> Result<Undone, UndoError> {
    let mut undone = Undone::default();
    let ranges = ranges(tx.conn(), import)?;
    for entity in Entity::DATA.into_iter().rev() {
        for (_, first, last) in ranges.iter().filter(|(known, _, _)| *known == entity) {
            let present = count_between(tx.conn(), entity, *first, *last)?;
            let deleted = tx.conn().prepare_cached(&delete_free(entity))?.execute((import, first, last))? as u64;
            undone.deleted += deleted;
            undone.kept += present.saturating_sub(deleted);
            tx.touch(entity);
        }
        match entity {
            Entity::Users => restore::<User>(tx, import, back, &mut undone)?,
            Entity::Athletes => restore::<Athlete>(tx, import, back, &mut undone)?,
            Entity::Races => restore::<Race>(tx, import, back, &mut undone)?,
            Entity::Events => restore::<Event>(tx, import, back, &mut undone)?,
            Entity::Registrations => restore::<Registration>(tx, import, back, &mut undone)?,
            Entity::Results => restore::<MeetResult>(tx, import, back, &mut undone)?,
            Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => {}
        }
    }
    Ok(undone)
}

fn count_between(conn: &Connection, entity: Entity, first: i64, last: i64) -> Result<u64, DbError> {
    let sql = format!("SELECT count(*) FROM {} WHERE id BETWEEN ?1 AND ?2", entity.table());
    Ok(conn.prepare_cached(&sql)?.query_row([first, last], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)?)
}

/// Deletes the rows of an import between two ids that are as it left them and that nothing refers to any more.
fn delete_free(entity: Entity) -> String {
    let table = entity.table();
    let free: String = references_to(entity)
        .iter()
        .map(|(other, column)| {
            format!(" AND NOT EXISTS (SELECT 1 FROM {} o WHERE o.{column} = {table}.id)", other.table())
        })
        .collect();
    format!(
        "DELETE FROM {table} WHERE id BETWEEN ?2 AND ?3 AND version = coalesce(
            (SELECT version_after FROM import_before b
             WHERE b.import_id = ?1 AND b.entity = '{table}' AND b.row_id = {table}.id), 1){free}"
    )
}

/// Rows that the import changed become what they were; their version goes on counting.
fn restore<R: Importable>(tx: &mut Tx<'_>, import: i64, back: Back, undone: &mut Undone) -> Result<(), UndoError> {
    let sql = "SELECT row_id, version_after, before FROM import_before WHERE import_id = ?1 AND entity = ?2";
    let mut statement = tx.conn().prepare(sql)?;
    let rows = statement.query_map((import, R::ENTITY.table()), |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
    })?;
    let images = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut befores: Vec<(R, R)> = Vec::with_capacity(images.len());
    for (id, version, before) in &images {
        match records::find::<R>(tx.conn(), *id)? {
            None => {} // it came with the import, and went with it
            Some(now) if now.version() != *version => undone.kept += 1,
            Some(now) => befores.push((image(&now, before)?, now)),
        }
    }
    // Two rows may have exchanged what only one can have: first all of them let go.
    for (before, _) in &befores {
        R::let_go(tx.conn(), before.id())?;
    }
    for (mut row, now) in befores {
        if let Err(error) = row.check(tx.conn(), Some(&now)) {
            match (back, error) {
                (_, RecordError::Db(error)) => return Err(error.into()),
                (Back::Whole, error) => return Err(in_the_way(&row, &error)),
                (Back::AsFarAsFree, _) => row.give_way(),
            }
        }
        if let Err(error) = records::overwrite(tx.conn(), &mut row) {
            if !error.is_constraint() {
                return Err(error.into());
            }
            // The check has found nothing: it refers to a user who is gone, and a user who is gone is nobody.
            row.give_way();
            records::overwrite(tx.conn(), &mut row)?;
        }
        row.updated(tx, &now)?;
        undone.restored += 1;
        tx.touch(R::ENTITY);
    }
    Ok(())
}

fn in_the_way<R: Importable>(row: &R, error: &RecordError) -> UndoError {
    let reason = format!("cannot become what it was: {error}");
    UndoError::Overtaken(vec![Obstacle { entity: R::ENTITY.singular(), id: row.id(), reason }])
}

/// A row as it was before the import, under the version it has now.
fn image<R: Importable>(now: &R, before: &str) -> Result<R, DbError> {
    let broken = |error: String| DbError::Down(format!("an image of {} {}: {error}", R::ENTITY.singular(), now.id()));
    let members: Map<String, Value> = serde_json::from_str(before).map_err(|error| broken(error.to_string()))?;
    let mut row = R::blank();
    let mut fields = Fields::new(&members, R::ALIASES, Purpose::ImportNew);
    fields.ignore(&["id"]);
    row.fill(&mut fields);
    fields.finish().map_err(|faults| broken(RecordError::Invalid(faults).to_string()))?;
    row.set_identity(now.id(), now.version());
    Ok(row)
}
