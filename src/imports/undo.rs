//! Taking an import back: exactly its rows and its updates, or a refusal that names what has changed since.
//!
//! A small import goes in one transaction. A large one goes in slices, other saves in between, and is `running` again
//! meanwhile: a crash in the middle is then mended at the next start, as that of an import is.

use rusqlite::Connection;
use serde::Serialize;

use super::ending::{self, Unfinished};
use super::history;
use super::run::WHOLE;
use super::slice::Slice;
use crate::audit::{Actor, Entry, Verb};
use crate::db::{Db, DbError, Entity, Tx};
use crate::users;

mod obstacles;
mod steps;

pub use obstacles::Obstacle;

use obstacles::obstacles;
use steps::{InTheWay, Steps};

#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("There is no import with the id {0}")]
    NotFound(i64),
    #[error("This import is {0}; only a finished one can be taken back")]
    NotDone(String),
    #[error("{} rows have changed since this import, so it was left as it was", .0.len())]
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

/// Takes an import back, as a whole or as far as nobody has built on it. Blocks until it is done.
///
/// # Errors
/// [`UndoError::Overtaken`] names the rows that somebody has changed since; nothing is changed then.
pub fn undo(db: &Db, by: &Actor, import: i64, back: Back) -> Result<Undone, UndoError> {
    let by = by.clone();
    // Not with the readers of requests: to look through a million rows takes longer than these may.
    let rows = look(&*db.export_reader()?, import, back)?;
    if rows <= WHOLE {
        return db.write_alone_blocking(move |tx| undo_whole(tx, &by, import, back));
    }
    db.write_blocking(move |tx| {
        finished(tx.conn(), import)?;
        set_state(tx, import, "running")
    })?;
    let undone = in_slices(db, import)?;
    db.write_blocking(move |tx| done(tx, &by, import, undone))?;
    Ok(undone)
}

/// How many rows an import has touched, when nothing stands in the way.
fn look(conn: &Connection, import: i64, back: Back) -> Result<u64, UndoError> {
    finished(conn, import)?;
    let rows = history::touched_rows(conn, import)?;
    if rows > WHOLE && back == Back::Whole {
        refuse_overtaken(conn, import)?;
    }
    Ok(rows)
}

fn finished(conn: &Connection, import: i64) -> Result<(), UndoError> {
    let past = history::find(conn, import)?.ok_or(UndoError::NotFound(import))?;
    match past.state.as_str() {
        "success" | "partial" | "failed" => Ok(()),
        _ => Err(UndoError::NotDone(past.state)),
    }
}

fn refuse_overtaken(conn: &Connection, import: i64) -> Result<(), UndoError> {
    let obstacles = obstacles(conn, import)?;
    if obstacles.is_empty() { Ok(()) } else { Err(UndoError::Overtaken(obstacles)) }
}

fn undo_whole(tx: &mut Tx<'_>, by: &Actor, import: i64, back: Back) -> Result<Undone, UndoError> {
    finished(tx.conn(), import)?;
    if back == Back::Whole {
        refuse_overtaken(tx.conn(), import)?;
    }
    let in_the_way = if back == Back::Whole { InTheWay::Refuse } else { InTheWay::GiveWay };
    let mut steps = Steps::of(tx.conn(), import, in_the_way)?;
    while steps.next(tx)? {}
    if users::active_admins(tx.conn())? == 0 && by.user_id.is_some() {
        return Err(UndoError::LastAdmin);
    }
    done(tx, by, import, steps.undone)?;
    Ok(steps.undone)
}

fn done(tx: &mut Tx<'_>, by: &Actor, import: i64, undone: Undone) -> Result<(), UndoError> {
    set_state(tx, import, "undone")?;
    Ok(Entry::new(Verb::Undo, Entity::Imports).id(import).details(&undone).write(tx, by)?)
}

fn set_state(tx: &mut Tx<'_>, import: i64, state: &str) -> Result<(), UndoError> {
    tx.conn().prepare_cached("UPDATE imports SET state = ?2 WHERE id = ?1")?.execute((import, state))?;
    tx.touch(Entity::Imports);
    Ok(())
}

/// Takes everything back that is free, a slice at a time.
fn in_slices(db: &Db, import: i64) -> Result<Undone, DbError> {
    let mut steps = db.read_blocking(|conn| Steps::of(conn, import, InTheWay::Wait))?;
    loop {
        let waiting = db.clone();
        let slice = db.write_alone_blocking(move |tx| {
            let slice = Slice::begin(&waiting);
            let mut more = true;
            while more && slice.goes_on() {
                more = steps.next(tx).map_err(plain)?;
            }
            Ok::<_, DbError>((steps, more))
        })?;
        match slice {
            (rest, true) => steps = rest,
            (rest, false) => return Ok(rest.undone),
        }
    }
}

fn plain(error: UndoError) -> DbError {
    match error {
        UndoError::Db(error) => error,
        other => DbError::Down(other.to_string()),
    }
}

/// Takes imports back that a crash has interrupted. Answers how many there were.
///
/// # Errors
/// When the database cannot be written.
pub fn recover(db: &Db) -> Result<usize, DbError> {
    take_back_unfinished(db, Unfinished::Crashed)
}

/// Takes imports back that did not get to their end.
pub(super) fn take_back_unfinished(db: &Db, why: Unfinished) -> Result<usize, DbError> {
    let unfinished = db.read_blocking(history::unfinished)?;
    for import in &unfinished {
        let (import, undone) = (*import, in_slices(db, *import)?);
        db.write_blocking(move |tx| told(tx, import, undone, why))?;
        tracing::warn!(import, "an import that did not get to its end has been taken back");
    }
    Ok(unfinished.len())
}

fn told(tx: &mut Tx<'_>, import: i64, undone: Undone, why: Unfinished) -> Result<(), DbError> {
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
    ending::write_report(tx, import, &report)?;
    Entry::new(Verb::Undo, Entity::Imports).id(import).details(&report).write(tx, &Actor::server())
}
