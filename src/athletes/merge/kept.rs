//! What the database keeps of a merge, so that it can be told and taken back.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::Serialize;

use super::Athlete;
use crate::audit::Actor;
use crate::db::{DbError, Entity, Tx};
use crate::records::{Record, json};
use crate::time::Moment;

/// A merge as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Merge {
    pub id: i64,
    pub kept_id: i64,
    pub kept_name: String,
    pub from_id: i64,
    pub from_name: String,
    /// What hangs on the kept athlete now
    pub moved: Counts,
    /// What both had, and went
    pub dropped: Counts,
    /// done or undone
    pub state: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Moment,
    pub user_name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Counts {
    pub registrations: i64,
    pub results: i64,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Moved,
    Completed,
    Dropped,
}

impl What {
    fn word(self) -> &'static str {
        match self {
            What::Moved => "moved",
            What::Completed => "completed",
            What::Dropped => "dropped",
        }
    }
}

/// A row of a merge as it was before it.
pub struct Kept {
    pub id: i64,
    /// After the merge, or of a dropped row the last it had
    pub version: i64,
    pub before: String,
}

/// The two athletes of a merge as they were.
pub struct Before {
    pub kept: Kept,
    pub from: Kept,
}

pub fn begin(tx: &Tx<'_>, by: &Actor, kept: &Athlete, gone: &Athlete) -> Result<i64, DbError> {
    let sql = "
        INSERT INTO merges (state, kept_id, kept_name, kept_before, kept_version, from_id, from_name, from_row,
            from_version, user_id, user_name, created_at)
        VALUES ('done', :kept, :kept_name, :kept_before, 0, :from, :from_name, :from_row, :from_version, :user,
            :user_name, :now)";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":kept": kept.id, ":kept_name": kept.name, ":kept_before": json(kept).get(), ":from": gone.id,
        ":from_name": gone.name, ":from_row": json(gone).get(), ":from_version": gone.version,
        ":user": by.user_id, ":user_name": by.name, ":now": tx.now_ms(),
    })?;
    Ok(tx.conn().last_insert_rowid())
}

pub fn finish(tx: &Tx<'_>, merge: i64, whole: &Athlete) -> Result<(), DbError> {
    let sql = "UPDATE merges SET kept_name = ?2, kept_version = ?3 WHERE id = ?1";
    tx.conn().prepare_cached(sql)?.execute((merge, &whole.name, whole.version))?;
    Ok(())
}

pub fn set_undone(tx: &Tx<'_>, merge: i64) -> Result<(), DbError> {
    tx.conn().prepare_cached("UPDATE merges SET state = 'undone' WHERE id = ?1")?.execute([merge])?;
    Ok(())
}

/// Tells the earlier merges of an athlete that what they left is there again, under another version.
pub fn follow_athlete(tx: &Tx<'_>, id: i64, was: i64, now: i64) -> Result<(), DbError> {
    let sql = "UPDATE merges SET kept_version = ?3 WHERE kept_id = ?1 AND kept_version = ?2 AND state = 'done'";
    tx.conn().prepare_cached(sql)?.execute([id, was, now])?;
    Ok(())
}

/// As [`follow_athlete`], for a row that was moved or completed.
pub fn follow(tx: &Tx<'_>, entity: Entity, id: i64, was: i64, now: i64) -> Result<(), DbError> {
    let sql = "
        UPDATE merge_rows SET version = :now
        WHERE entity = :entity AND row_id = :id AND version = :was AND what <> 'dropped'
            AND merge_id IN (SELECT id FROM merges WHERE state = 'done')";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":entity": entity.table(), ":id": id, ":was": was, ":now": now,
    })?;
    Ok(())
}

pub fn note<R: Record>(tx: &Tx<'_>, merge: i64, what: What, before: &R, version: i64) -> Result<(), DbError> {
    let sql = "
        INSERT INTO merge_rows (merge_id, entity, row_id, what, version, before)
        VALUES (:merge, :entity, :id, :what, :version, :before)";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":merge": merge, ":entity": R::ENTITY.table(), ":id": before.id(), ":what": what.word(),
        ":version": version, ":before": json(before).get(),
    })?;
    Ok(())
}

/// The rows of one kind that a merge moved, completed or dropped.
pub fn rows(conn: &Connection, merge: i64, entity: Entity, what: What) -> Result<Vec<Kept>, DbError> {
    let sql = "
        SELECT row_id, version, before FROM merge_rows
        WHERE merge_id = ?1 AND entity = ?2 AND what = ?3 ORDER BY row_id";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map((merge, entity.table(), what.word()), |row| {
        Ok(Kept { id: row.get(0)?, version: row.get(1)?, before: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn before(conn: &Connection, merge: i64) -> Result<Before, DbError> {
    let sql = "
        SELECT kept_id, kept_version, kept_before, from_id, from_version, from_row FROM merges WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([merge], |row| {
        let of = |at| {
            Ok::<_, rusqlite::Error>(Kept { id: row.get(at)?, version: row.get(at + 1)?, before: row.get(at + 2)? })
        };
        Ok(Before { kept: of(0)?, from: of(3)? })
    })?)
}

/// Gives the coaches of the athlete who goes to the one who stays.
pub fn move_links(tx: &mut Tx<'_>, merge: i64, (id, from): (i64, i64)) -> Result<(), DbError> {
    let sql = "
        INSERT INTO merge_links (merge_id, user_id, is_new)
        SELECT ?1, user_id, NOT EXISTS (
            SELECT 1 FROM user_athletes o WHERE o.user_id = l.user_id AND o.athlete_id = ?2)
        FROM user_athletes l WHERE athlete_id = ?3";
    let links = tx.conn().prepare_cached(sql)?.execute([merge, id, from])?;
    let sql = "UPDATE OR IGNORE user_athletes SET athlete_id = ?1 WHERE athlete_id = ?2";
    tx.conn().prepare_cached(sql)?.execute([id, from])?;
    if links > 0 {
        tx.touch(Entity::Users);
    }
    Ok(())
}

/// Gives the coaches back. A link that an administrator has taken away meanwhile does not come back.
pub fn return_links(tx: &mut Tx<'_>, merge: i64, (id, from): (i64, i64)) -> Result<(), DbError> {
    let sql = "
        INSERT OR IGNORE INTO user_athletes (user_id, athlete_id)
        SELECT m.user_id, ?3 FROM merge_links m
        JOIN user_athletes l ON l.user_id = m.user_id AND l.athlete_id = ?2
        WHERE m.merge_id = ?1";
    tx.conn().prepare_cached(sql)?.execute([merge, id, from])?;
    let sql = "
        DELETE FROM user_athletes WHERE athlete_id = ?2 AND user_id IN (
            SELECT user_id FROM merge_links WHERE merge_id = ?1 AND is_new = 1)";
    tx.conn().prepare_cached(sql)?.execute([merge, id])?;
    tx.touch(Entity::Users);
    Ok(())
}

const COLUMNS: &str = "
    SELECT id, kept_id, kept_name, from_id, from_name, state, created_at, user_name,
        (SELECT count(*) FROM merge_rows WHERE merge_id = id AND what = 'moved' AND entity = 'registrations'),
        (SELECT count(*) FROM merge_rows WHERE merge_id = id AND what = 'moved' AND entity = 'results'),
        (SELECT count(*) FROM merge_rows WHERE merge_id = id AND what = 'dropped' AND entity = 'registrations'),
        (SELECT count(*) FROM merge_rows WHERE merge_id = id AND what = 'dropped' AND entity = 'results')
    FROM merges";

fn read(row: &Row<'_>) -> rusqlite::Result<Merge> {
    Ok(Merge {
        id: row.get(0)?,
        kept_id: row.get(1)?,
        kept_name: row.get(2)?,
        from_id: row.get(3)?,
        from_name: row.get(4)?,
        state: row.get(5)?,
        created_at: row.get(6)?,
        user_name: row.get(7)?,
        moved: Counts { registrations: row.get(8)?, results: row.get(9)? },
        dropped: Counts { registrations: row.get(10)?, results: row.get(11)? },
    })
}

pub fn find(conn: &Connection, merge: i64) -> Result<Option<Merge>, DbError> {
    Ok(conn.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?.query_row([merge], read).optional()?)
}

/// One page of the merges, newest first, and how many there are on all.
pub fn page(conn: &Connection, (page, per_page): (u32, u32)) -> Result<(Vec<Merge>, i64), DbError> {
    let offset = i64::from(page - 1) * i64::from(per_page);
    let mut statement = conn.prepare_cached(&format!("{COLUMNS} ORDER BY id DESC LIMIT ?1 OFFSET ?2"))?;
    let rows = statement.query_map((per_page, offset), read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let total = conn.prepare_cached("SELECT count(*) FROM merges")?.query_row([], |row| row.get(0))?;
    Ok((rows, total))
}
