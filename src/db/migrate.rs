//! From whatever lies on the disk to the schema this program knows.

use rusqlite::Connection;

use super::connect::APPLICATION_ID;
use super::{DbError, OpenError};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The newest schema this program knows; a file with a higher one was written by a newer athsys.
pub fn newest() -> i32 {
    embedded::migrations::runner().get_migrations().iter().map(|one| one.version()).max().unwrap_or(0)
}

/// What a file is before anything is changed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Empty,
    Ours { schema: i32 },
}

/// Looks at a file without changing it.
pub fn identify(conn: &Connection) -> Result<Found, OpenError> {
    let application_id: i32 = pragma(conn, "application_id").map_err(not_a_database)?;
    let schema: i32 = pragma(conn, "user_version").map_err(not_a_database)?;
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| not_a_database(error.into()))?;
    match (application_id, tables) {
        (0, 0) => Ok(Found::Empty),
        (APPLICATION_ID, _) if schema > newest() => Err(OpenError::Newer { file: schema, program: newest() }),
        (APPLICATION_ID, _) => Ok(Found::Ours { schema }),
        _ => Err(OpenError::Foreign),
    }
}

/// Brings the schema up to date in one transaction and checks the references afterwards.
pub fn migrate(conn: &mut Connection) -> Result<(), OpenError> {
    embedded::migrations::runner()
        .set_grouped(true)
        .run(conn)
        .map_err(|error| OpenError::Migration(error.to_string()))?;
    let broken: Option<String> = conn
        .prepare("PRAGMA foreign_key_check")
        .and_then(|mut check| check.query_row([], |row| row.get(0)).map(Some).or_else(none_when_empty))
        .map_err(DbError::from)?;
    if let Some(table) = broken {
        return Err(OpenError::Migration(format!("the table {table} refers to rows that do not exist")));
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID).map_err(DbError::from)?;
    conn.pragma_update(None, "user_version", newest()).map_err(DbError::from)?;
    Ok(())
}

/// A new database in memory as that version of the schema made it, to compare with.
pub(super) fn migrated_to(schema: i32) -> Result<Connection, DbError> {
    let mut fresh = Connection::open_in_memory()?;
    let runner = embedded::migrations::runner().set_target(refinery::Target::Version(schema));
    runner.run(&mut fresh).map_err(|error| DbError::Down(error.to_string()))?;
    Ok(fresh)
}

fn none_when_empty<T>(error: rusqlite::Error) -> rusqlite::Result<Option<T>> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(None),
        other => Err(other),
    }
}

fn pragma(conn: &Connection, name: &str) -> Result<i32, DbError> {
    Ok(conn.pragma_query_value(None, name, |row| row.get(0))?)
}

pub(super) fn not_a_database(error: DbError) -> OpenError {
    match error {
        DbError::Sqlite(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => OpenError::Foreign,
        other => OpenError::Db(other),
    }
}
