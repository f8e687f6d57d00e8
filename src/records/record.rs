//! A row of a table as a Rust value, and the few statements every table needs. Whatever changes a row passes
//! through here, so that version, audit and cache follow without anybody having to remember them.

use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Row, Statement};
use serde::Serialize;
use serde_json::value::to_raw_value;

use super::RecordError;
use crate::audit::{self, Actor, Verb};
use crate::db::{DbError, Deed, Entity, Tx};
use crate::time::Moment;

/// A value that is one row of one table.
pub trait Record: Serialize + Clone + PartialEq + Send + Sync + 'static {
    const ENTITY: Entity;
    /// The table's columns behind `id` and `version`, in the order of [`Record::bind`] and [`Record::from_row`].
    const COLUMNS: &'static [&'static str];

    /// Reads `id, version` and [`Record::COLUMNS`].
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self>;
    /// Puts a value for each of [`Record::COLUMNS`].
    fn bind(&self, values: &mut Binder<'_, '_>) -> rusqlite::Result<()>;
    fn id(&self) -> i64;
    fn version(&self) -> i64;
    fn set_identity(&mut self, id: i64, version: i64);
    /// When the row came into being, and when it was last changed.
    fn times(&mut self) -> (&mut Moment, &mut Moment);

    /// Marks the row as changed now, and as made now when it is new.
    fn stamp(&mut self, now_ms: i64) {
        let (created, updated) = self.times();
        *updated = Moment(now_ms);
        if *created == Moment(0) {
            *created = *updated;
        }
    }
}

/// The functions of [`Record`] that only hand out `id`, `version` and the two times, of which the first has a name of
/// its own in each entity.
macro_rules! identity {
    ($created:ident) => {
        fn id(&self) -> i64 {
            self.id
        }

        fn version(&self) -> i64 {
            self.version
        }

        fn set_identity(&mut self, id: i64, version: i64) {
            (self.id, self.version) = (id, version);
        }

        fn times(&mut self) -> (&mut $crate::time::Moment, &mut $crate::time::Moment) {
            (&mut self.$created, &mut self.updated_at)
        }
    };
}
pub(crate) use identity;

/// Binds the parameters of a statement one after the other.
pub struct Binder<'s, 'c> {
    statement: &'s mut Statement<'c>,
    next: usize,
}

impl<'s, 'c> Binder<'s, 'c> {
    pub fn new(statement: &'s mut Statement<'c>) -> Binder<'s, 'c> {
        Binder { statement, next: 1 }
    }

    pub fn put(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        let index = self.next;
        self.next += 1;
        self.statement.raw_bind_parameter(index, value)
    }
}

/// `id, version, name, …` for a SELECT.
pub fn columns<R: Record>() -> String {
    format!("id, version, {}", R::COLUMNS.join(", "))
}

pub fn get<R: Record>(conn: &Connection, id: i64) -> Result<R, RecordError> {
    find(conn, id)?.ok_or(RecordError::NotFound { entity: R::ENTITY, id })
}

pub fn find<R: Record>(conn: &Connection, id: i64) -> Result<Option<R>, DbError> {
    find_where(conn, "id = ?1", id)
}

/// The first row, by id, for which a condition with one parameter holds.
pub fn find_where<R: Record>(conn: &Connection, condition: &str, value: impl ToSql) -> Result<Option<R>, DbError> {
    let sql = format!("SELECT {} FROM {} WHERE {condition} ORDER BY id LIMIT 1", columns::<R>(), R::ENTITY.table());
    Ok(conn.prepare_cached(&sql)?.query_row([value], R::from_row).optional()?)
}

/// Every row, by id, for which a condition with one parameter holds.
pub fn all_where<R: Record>(conn: &Connection, condition: &str, value: impl ToSql) -> Result<Vec<R>, DbError> {
    let sql = format!("SELECT {} FROM {} WHERE {condition} ORDER BY id", columns::<R>(), R::ENTITY.table());
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([value], R::from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub fn count(conn: &Connection, entity: Entity) -> Result<i64, DbError> {
    let sql = format!("SELECT count(*) FROM {}", entity.table());
    Ok(conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
}

/// Counts the rows that hang on one row, by table and condition; tables without any are left out.
pub fn count_dependents(conn: &Connection, id: i64, parts: &[(Entity, &str)]) -> Result<Vec<(Entity, i64)>, DbError> {
    let mut found = Vec::new();
    for (entity, condition) in parts {
        let sql = format!("SELECT count(*) FROM {} WHERE {condition}", entity.table());
        let count: i64 = conn.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?;
        if count > 0 {
            found.push((*entity, count));
        }
    }
    Ok(found)
}

/// `INSERT` of a record; the first parameter is the id, NULL for the next free one.
pub fn insert_sql<R: Record>() -> String {
    let marks = vec!["?"; R::COLUMNS.len()].join(", ");
    format!("INSERT INTO {} (id, {}) VALUES (?, {marks})", R::ENTITY.table(), R::COLUMNS.join(", "))
}

/// Inserts without audit; for imports, which leave one audit row for all of theirs.
pub fn insert_with<R: Record>(conn: &Connection, insert: &mut Statement<'_>, row: &mut R) -> rusqlite::Result<()> {
    let wanted = Some(row.id()).filter(|id| *id > 0);
    let mut values = Binder::new(insert);
    values.put(wanted)?;
    row.bind(&mut values)?;
    insert.raw_execute()?;
    row.set_identity(conn.last_insert_rowid(), 1);
    Ok(())
}

/// Writes all columns and raises the version, without audit.
pub fn overwrite<R: Record>(conn: &Connection, row: &mut R) -> Result<(), DbError> {
    let assignments = R::COLUMNS.join(" = ?, ");
    let sql = format!("UPDATE {} SET {assignments} = ?, version = version + 1 WHERE id = ?", R::ENTITY.table());
    let mut statement = conn.prepare_cached(&sql)?;
    let mut values = Binder::new(&mut statement);
    row.bind(&mut values)?;
    values.put(row.id())?;
    statement.raw_execute()?;
    row.set_identity(row.id(), row.version() + 1);
    Ok(())
}

/// Inserts a new row and its audit row.
pub fn create<R: Record>(tx: &mut Tx<'_>, by: &Actor, row: &mut R) -> Result<(), RecordError> {
    row.stamp(tx.now_ms());
    insert_with(tx.conn(), &mut *tx.conn().prepare_cached(&insert_sql::<R>())?, row)?;
    tx.touch_row(R::ENTITY, row.id(), Deed::Create);
    audit::Entry::new(Verb::Create, R::ENTITY).id(row.id()).after(row).write(tx, by)?;
    Ok(())
}

/// Inserts a row again that was deleted, as it was: under its id, its version and its times, with an audit row.
pub fn put_back<R: Record>(tx: &mut Tx<'_>, by: &Actor, row: &mut R, version: i64) -> Result<(), RecordError> {
    let id = row.id();
    insert_with(tx.conn(), &mut *tx.conn().prepare_cached(&insert_sql::<R>())?, row)?;
    let sql = format!("UPDATE {} SET version = ?2 WHERE id = ?1", R::ENTITY.table());
    tx.conn().prepare_cached(&sql)?.execute([id, version])?;
    row.set_identity(id, version);
    tx.touch_row(R::ENTITY, id, Deed::Create);
    audit::Entry::new(Verb::Create, R::ENTITY).id(id).after(row).write(tx, by)?;
    Ok(())
}

/// Stores `after` over `before` with its audit row; equal values leave no trace.
pub fn change<R: Record>(tx: &mut Tx<'_>, by: &Actor, before: &R, after: &mut R) -> Result<(), RecordError> {
    if before == after {
        return Ok(());
    }
    after.stamp(tx.now_ms());
    overwrite(tx.conn(), after)?;
    tx.touch_row(R::ENTITY, after.id(), Deed::Update);
    audit::Entry::new(Verb::Update, R::ENTITY).id(after.id()).before(before).after(after).write(tx, by)?;
    Ok(())
}

/// Deletes a row that nothing hangs on any more, with its audit row.
pub fn remove<R: Record>(tx: &mut Tx<'_>, by: &Actor, row: &R) -> Result<(), RecordError> {
    delete_row(tx.conn(), R::ENTITY, row.id())?;
    tx.touch_row(R::ENTITY, row.id(), Deed::Delete);
    audit::Entry::new(Verb::Delete, R::ENTITY).id(row.id()).before(row).write(tx, by)?;
    Ok(())
}

pub fn delete_row(conn: &Connection, entity: Entity, id: i64) -> Result<usize, DbError> {
    let sql = format!("DELETE FROM {} WHERE id = ?1", entity.table());
    Ok(conn.prepare_cached(&sql)?.execute([id])?)
}

/// A record's JSON, whole.
pub fn json<R: Serialize>(row: &R) -> Box<serde_json::value::RawValue> {
    to_raw_value(row).expect("our own records serialise")
}
