//! The history of imports in the database.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, named_params};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Dataset, Mode, OnDuplicate, Task};
use crate::audit::Actor;
use crate::db::{DbError, Entity, Tx};
use crate::formats::format::Format;
use crate::time::Moment;

/// One import as the history shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Past {
    pub id: i64,
    pub dataset: String,
    pub format: String,
    pub file_name: String,
    pub sha256: String,
    pub mode: String,
    pub on_duplicate: String,
    /// running, success, partial, failed, interrupted or undone
    pub state: String,
    pub user_id: Option<i64>,
    pub user_name: String,
    pub started_at: Moment,
    pub finished_at: Option<Moment>,
    /// The file can still be downloaded
    pub has_original: bool,
    /// The refused rows can be downloaded
    pub has_refused: bool,
    /// The answer the import gave, when there was one
    #[schema(value_type = Option<Object>)]
    pub report: Option<Box<RawValue>>,
}

/// How the history names an import.
#[derive(Debug, Clone)]
pub struct Label {
    pub id: i64,
    pub dataset: Dataset,
    pub format: Format,
    pub file_name: String,
    pub sha256: String,
    pub mode: Mode,
    pub on_duplicate: OnDuplicate,
    pub by: Actor,
}

/// The highest id that an import has had.
pub fn last_id(conn: &Connection) -> Result<i64, DbError> {
    let sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'imports'";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Enters an import as running, under the id it was given.
pub fn begin(tx: &mut Tx<'_>, task: &Task) -> Result<i64, DbError> {
    let label = Label {
        id: task.progress.import_id,
        dataset: task.dataset,
        format: task.format,
        file_name: task.file_name.clone(),
        sha256: task.sha256.clone(),
        mode: task.options.mode,
        on_duplicate: task.options.on_duplicate,
        by: task.by.clone(),
    };
    begin_labelled(tx, &label)
}

pub fn begin_labelled(tx: &mut Tx<'_>, label: &Label) -> Result<i64, DbError> {
    let sql = "
        INSERT INTO imports
            (id, dataset, format, file_name, sha256, mode, on_duplicate, state, user_id, user_name, started_at)
        VALUES (:id, :dataset, :format, :file, :sha256, :mode, :duplicate, 'running', :user, :name, :now)";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":id": label.id, ":dataset": label.dataset.name(), ":format": label.format.name(), ":file": label.file_name,
        ":sha256": label.sha256, ":mode": word(&label.mode), ":duplicate": word(&label.on_duplicate),
        ":user": label.by.user_id, ":name": label.by.name, ":now": tx.now_ms(),
    })?;
    tx.touch(Entity::Imports);
    Ok(label.id)
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// `open` is the answer without its closing brace.
pub fn finish(tx: &mut Tx<'_>, id: Option<i64>, state: &str, open: &[u8]) -> Result<(), DbError> {
    let report = format!("{}}}", String::from_utf8_lossy(open));
    let sql = "UPDATE imports SET state = ?2, finished_at = ?3, report = ?4 WHERE id = ?1";
    tx.conn().prepare_cached(sql)?.execute((id, state, tx.now_ms(), report))?;
    tx.touch(Entity::Imports);
    Ok(())
}

/// The newest import of the same file that was kept.
pub fn same_file(conn: &Connection, sha256: &str) -> Result<Option<i64>, DbError> {
    let sql = "
        SELECT id FROM imports WHERE sha256 = ?1 AND state IN ('success', 'partial') ORDER BY id DESC LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([sha256], |row| row.get(0)).optional()?)
}

/// How many rows of an import are stored, by table.
pub fn stored_rows(conn: &Connection, import: i64) -> Result<BTreeMap<String, u64>, DbError> {
    let mut stored = BTreeMap::new();
    for (entity, first, last) in ranges(conn, import)? {
        let sql = format!("SELECT count(*) FROM {} WHERE id BETWEEN ?1 AND ?2", entity.table());
        let count: u64 =
            conn.prepare_cached(&sql)?.query_row([first, last], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)?;
        *stored.entry(entity.table().to_owned()).or_default() += count;
    }
    Ok(stored)
}

/// How many rows an import has created or changed.
pub fn touched_rows(conn: &Connection, import: i64) -> Result<u64, DbError> {
    let sql = "
        SELECT (SELECT coalesce(sum(last_id - first_id + 1), 0) FROM import_ranges WHERE import_id = ?1)
            + (SELECT count(*) FROM import_before WHERE import_id = ?1)";
    Ok(conn.prepare_cached(sql)?.query_row([import], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)?)
}

/// The runs of ids an import created.
pub fn ranges(conn: &Connection, import: i64) -> Result<Vec<(Entity, i64, i64)>, DbError> {
    let sql = "SELECT entity, first_id, last_id FROM import_ranges WHERE import_id = ?1 ORDER BY entity, first_id";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([import], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
    let mut ranges = Vec::new();
    for row in rows {
        let (table, first, last) = row?;
        ranges.extend(Entity::from_table(&table).map(|entity| (entity, first, last)));
    }
    Ok(ranges)
}

const COLUMNS: &str = "id, dataset, format, file_name, sha256, mode, on_duplicate, state, user_id, user_name,
    started_at, finished_at, report,
    EXISTS (SELECT 1 FROM import_files f WHERE f.import_id = imports.id AND f.kind = 'original' AND f.is_complete),
    EXISTS (SELECT 1 FROM import_files f WHERE f.import_id = imports.id AND f.kind = 'refused' AND f.is_complete)";

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Past> {
    Ok(Past {
        id: row.get(0)?,
        dataset: row.get(1)?,
        format: row.get(2)?,
        file_name: row.get(3)?,
        sha256: row.get(4)?,
        mode: row.get(5)?,
        on_duplicate: row.get(6)?,
        state: row.get(7)?,
        user_id: row.get(8)?,
        user_name: row.get(9)?,
        started_at: row.get(10)?,
        finished_at: row.get(11)?,
        report: row.get::<_, Option<String>>(12)?.and_then(|text| RawValue::from_string(text).ok()),
        has_original: row.get(13)?,
        has_refused: row.get(14)?,
    })
}

pub fn find(conn: &Connection, id: i64) -> Result<Option<Past>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM imports WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], from_row).optional()?)
}

/// One page, newest first, without the reports; and how many imports there are.
pub fn page(conn: &Connection, limit: u32, offset: i64) -> Result<(Vec<Past>, i64), DbError> {
    let sql = format!("SELECT {COLUMNS} FROM imports ORDER BY id DESC LIMIT ?1 OFFSET ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map((limit, offset), from_row)?;
    let mut past = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for one in &mut past {
        one.report = one.report.take().map(|report| summary(&report));
    }
    let total = conn.prepare_cached("SELECT count(*) FROM imports")?.query_row([], |row| row.get(0))?;
    Ok((past, total))
}

/// The counts of a report without its long lists.
fn summary(report: &RawValue) -> Box<RawValue> {
    let mut whole: serde_json::Map<String, serde_json::Value> = serde_json::from_str(report.get()).unwrap_or_default();
    whole.retain(|name, _| !matches!(name.as_str(), "errors" | "error_details" | "imported_ids" | "notes"));
    crate::records::json(&whole)
}

/// Imports that were running when the server ended.
pub fn unfinished(conn: &Connection) -> Result<Vec<i64>, DbError> {
    let mut statement = conn.prepare_cached("SELECT id FROM imports WHERE state = 'running'")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
