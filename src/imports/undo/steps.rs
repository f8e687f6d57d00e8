//! Taking rows back step by step: new rows go, changed ones become what they were.

use std::collections::VecDeque;

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::obstacles::{Obstacle, references_to};
use super::{UndoError, Undone};
use crate::athletes::Athlete;
use crate::db::{DbError, Entity, Tx};
use crate::events::Event;
use crate::imports::history::ranges;
use crate::imports::matching::Importable;
use crate::races::Race;
use crate::records::{self, Fields, Purpose, RecordError};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::users::User;

/// Rows of one step.
const ROWS: i64 = 1_000;

/// What happens to a row that cannot become what it was, because another one has what only one can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTheWay {
    /// Nothing is taken back.
    Refuse,
    /// The row waits for the others, which may give way.
    Wait,
    /// It does without.
    GiveWay,
}

/// One step. Those of one import are taken in their order: rows that depend on others go first.
#[derive(Debug, Clone, Copy)]
enum Step {
    Delete(Entity, i64, i64),
    /// Images of rows behind this id.
    Restore(Entity, i64),
    /// Rows that had to wait.
    Settle(Entity),
}

/// What is left to do of an import.
pub struct Steps {
    import: i64,
    left: VecDeque<Step>,
    waiting: Vec<i64>,
    in_the_way: InTheWay,
    pub undone: Undone,
}

impl Steps {
    /// All of an import.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(conn: &Connection, import: i64, in_the_way: InTheWay) -> Result<Steps, DbError> {
        let ranges = ranges(conn, import)?;
        let mut left = VecDeque::new();
        for entity in Entity::DATA.into_iter().rev() {
            for (_, first, last) in ranges.iter().filter(|(known, _, _)| *known == entity) {
                let mut from = *first;
                while from <= *last {
                    let to = (*last).min(from + ROWS - 1);
                    left.push_back(Step::Delete(entity, from, to));
                    from = to + 1;
                }
            }
            left.extend([Step::Restore(entity, i64::MIN), Step::Settle(entity)]);
        }
        Ok(Steps { import, left, waiting: Vec::new(), in_the_way, undone: Undone::default() })
    }

    /// Takes the next step; false when there is none.
    ///
    /// # Errors
    /// [`UndoError`].
    pub fn next(&mut self, tx: &mut Tx<'_>) -> Result<bool, UndoError> {
        let Some(step) = self.left.pop_front() else { return Ok(false) };
        match step {
            Step::Delete(entity, first, last) => self.delete(tx, entity, first, last)?,
            Step::Restore(entity, behind) => self.of_entity(tx, entity, Some(behind))?,
            Step::Settle(entity) => self.of_entity(tx, entity, None)?,
        }
        Ok(true)
    }

    fn delete(&mut self, tx: &mut Tx<'_>, entity: Entity, first: i64, last: i64) -> Result<(), DbError> {
        let present = count_between(tx.conn(), entity, first, last)?;
        let deleted = tx.conn().prepare_cached(&delete_free(entity))?.execute((self.import, first, last))? as u64;
        self.undone.deleted += deleted;
        self.undone.kept += present.saturating_sub(deleted);
        tx.touch(entity);
        Ok(())
    }

    fn of_entity(&mut self, tx: &mut Tx<'_>, entity: Entity, behind: Option<i64>) -> Result<(), UndoError> {
        match entity {
            Entity::Users => self.restore::<User>(tx, behind),
            Entity::Athletes => self.restore::<Athlete>(tx, behind),
            Entity::Races => self.restore::<Race>(tx, behind),
            Entity::Events => self.restore::<Event>(tx, behind),
            Entity::Registrations => self.restore::<Registration>(tx, behind),
            Entity::Results => self.restore::<MeetResult>(tx, behind),
            Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => Ok(()),
        }
    }

    /// Restores the next images, or without `behind` those that had to wait.
    fn restore<R: Importable>(&mut self, tx: &mut Tx<'_>, behind: Option<i64>) -> Result<(), UndoError> {
        let images = match behind {
            // In one piece all rows let go before one is written.
            Some(behind) => {
                let most = if self.in_the_way == InTheWay::Wait { ROWS } else { i64::MAX };
                images(tx.conn(), self.import, R::ENTITY, behind, most)?
            }
            None => {
                let mut waited = Vec::new();
                for id in std::mem::take(&mut self.waiting) {
                    waited.extend(images(tx.conn(), self.import, R::ENTITY, id - 1, 1)?);
                }
                waited
            }
        };
        if let (Some(_), Some(last)) = (behind, images.last()) {
            self.left.push_front(Step::Restore(R::ENTITY, last.id));
        }
        let in_the_way = match (behind, self.in_the_way) {
            (None, InTheWay::Wait) => InTheWay::GiveWay,
            (_, own) => own,
        };
        let mut befores: Vec<(R, R)> = Vec::with_capacity(images.len());
        for Image { id, version, before } in &images {
            match records::find::<R>(tx.conn(), *id)? {
                None => {} // it came with the import, and went with it
                Some(now) if now.version() != *version => self.undone.kept += 1,
                Some(now) => befores.push((image(&now, before)?, now)),
            }
        }
        // Two rows may have exchanged what only one can have: first all of them let go.
        for (before, _) in &befores {
            R::let_go(tx.conn(), before.id())?;
        }
        for (row, now) in befores {
            self.write(tx, row, &now, in_the_way)?;
        }
        Ok(())
    }

    fn write<R: Importable>(
        &mut self,
        tx: &mut Tx<'_>,
        mut row: R,
        now: &R,
        in_the_way: InTheWay,
    ) -> Result<(), UndoError> {
        if let Err(error) = row.check(tx.conn(), Some(now)) {
            match (in_the_way, error) {
                (_, RecordError::Db(error)) => return Err(error.into()),
                (InTheWay::Refuse, error) => return Err(obstructed(&row, &error)),
                (InTheWay::Wait, _) => {
                    self.waiting.push(row.id());
                    return Ok(());
                }
                (InTheWay::GiveWay, _) => row.give_way(),
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
        row.updated(tx, now)?;
        self.undone.restored += 1;
        tx.touch(R::ENTITY);
        Ok(())
    }
}

/// A row as it was before the import, and the version the import gave it.
struct Image {
    id: i64,
    version: i64,
    before: String,
}

fn images(conn: &Connection, import: i64, entity: Entity, behind: i64, most: i64) -> Result<Vec<Image>, DbError> {
    let sql = "
        SELECT row_id, version_after, before FROM import_before
        WHERE import_id = ?1 AND entity = ?2 AND row_id > ?3 ORDER BY row_id LIMIT ?4";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map((import, entity.table(), behind, most), |row| {
        Ok(Image { id: row.get(0)?, version: row.get(1)?, before: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
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

fn obstructed<R: Importable>(row: &R, error: &RecordError) -> UndoError {
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
