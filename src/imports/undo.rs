//! Taking an import back: exactly its rows and its updates, or a refusal that names what has changed since.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value};

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
}

/// Takes an import back.
///
/// # Errors
/// [`UndoError::Overtaken`] names the rows that somebody has changed since; nothing is changed then.
pub fn undo(tx: &mut Tx<'_>, by: &Actor, import: i64) -> Result<Undone, UndoError> {
    let past = history::find(tx.conn(), import)?.ok_or(UndoError::NotFound(import))?;
    if !matches!(past.state.as_str(), "success" | "partial" | "failed") {
        return Err(UndoError::NotDone(past.state));
    }
    let obstacles = obstacles(tx.conn(), import)?;
    if !obstacles.is_empty() {
        return Err(UndoError::Overtaken(obstacles));
    }
    let undone = take_back(tx, import)?;
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
    db.write_alone_blocking(recover_in)
}

pub(super) fn recover_in(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let unfinished = history::unfinished(tx.conn())?;
    for import in &unfinished {
        let undone = take_back(tx, *import)?;
        let message = "❌ The server ended in the middle of this import. It was taken back; nothing of it is stored";
        let report = serde_json::json!({
            "status": "failed", "imported": 0, "updated": 0, "import_id": import, "interrupted": true,
            "taken_back": undone, "message": message,
        });
        let text = report.to_string();
        history::finish(tx, Some(*import), "interrupted", text.trim_end_matches('}').as_bytes())?;
        Entry::new(Verb::Undo, Entity::Imports).id(*import).details(&report).write(tx, &Actor::server())?;
        tracing::warn!(import, "an import that was interrupted has been taken back");
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

/// Puts the changed rows back and deletes the new ones, those that depend on others first.
fn take_back(tx: &mut Tx<'_>, import: i64) -> Result<Undone, DbError> {
    let mut undone = Undone::default();
    let ranges = ranges(tx.conn(), import)?;
    for entity in Entity::DATA.into_iter().rev() {
        undone.restored += match entity {
            Entity::Users => restore::<User>(tx, import)?,
            Entity::Athletes => restore::<Athlete>(tx, import)?,
            Entity::Races => restore::<Race>(tx, import)?,
            Entity::Events => restore::<Event>(tx, import)?,
            Entity::Registrations => restore::<Registration>(tx, import)?,
            Entity::Results => restore::<MeetResult>(tx, import)?,
            Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => 0,
        };
        for (_, first, last) in ranges.iter().filter(|(known, _, _)| *known == entity) {
            let sql = format!("DELETE FROM {} WHERE id BETWEEN ?1 AND ?2", entity.table());
            undone.deleted += tx.conn().execute(&sql, [first, last])? as u64;
            tx.touch(entity);
        }
    }
    Ok(undone)
}

/// Rows that the import changed become what they were; their version goes on counting.
fn restore<R: Importable>(tx: &mut Tx<'_>, import: i64) -> Result<u64, DbError> {
    let sql = "SELECT row_id, before FROM import_before WHERE import_id = ?1 AND entity = ?2";
    let mut statement = tx.conn().prepare(sql)?;
    let rows = statement
        .query_map((import, R::ENTITY.table()), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let images = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for (id, before) in &images {
        let Some(now) = records::find::<R>(tx.conn(), *id)? else { continue };
        let members: Map<String, Value> = serde_json::from_str(before)
            .map_err(|error| DbError::Down(format!("an image of {} {id}: {error}", R::ENTITY.singular())))?;
        let mut row = R::blank();
        let mut fields = Fields::new(&members, R::ALIASES, Purpose::ImportNew);
        fields.ignore(&["id"]);
        row.fill(&mut fields);
        fields.finish().map_err(|faults| DbError::Down(RecordError::Invalid(faults).to_string()))?;
        row.set_identity(*id, now.version());
        records::overwrite(tx.conn(), &mut row)?;
        tx.touch(R::ENTITY);
    }
    Ok(images.len() as u64)
}
