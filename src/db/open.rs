//! Opening a database file: who may, what is found, and what is done about it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;

use super::engine::Engine;
use super::migrate::{Found, identify, migrate, migrated_to, not_a_database};
use super::start::{self, Prefer};
use super::{Changes, Db, DbError, Files, Inner, Origin, connect, place};

/// How a command wants the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// For this process alone; created and brought up to date as needed.
    Own,
    /// Only reading, beside a server that may be running.
    Beside,
}

/// Why a file was not opened; each one a sentence for the person at the console.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "it is already in use by another athsys on this computer. Stop that one first, or choose another file with --db"
    )]
    InUse,
    #[error("it is not an athsys database. It was left untouched; choose another file with --db")]
    Foreign,
    #[error(
        "it was written by a newer athsys (schema {file}; this program knows {program}). Use that version, or a newer one"
    )]
    Newer { file: i32, program: i32 },
    #[error(
        "it was written by an older athsys (schema {file}). Start `athsys serve` once on it to bring it up to date"
    )]
    Older { file: i32 },
    #[error("there is no such file. `athsys init` creates one")]
    Missing,
    #[error("the file cannot be written: {0}. Check the permissions of the file and its folder")]
    ReadOnly(String),
    #[error("the folder {0} does not exist")]
    NoFolder(String),
    #[error(
        "its folder lies on a network drive ({0}), where saves can be lost. Choose a folder on a disk of this computer, or \
         add --force to take that risk"
    )]
    Network(&'static str),
    #[error("it could not be brought up to date, and was left as it was: {0}")]
    Migration(String),
    #[error("the file is damaged: {0}. It was left untouched. Take the newest copy from the folder of backups")]
    Damaged(String),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Db(#[from] DbError),
}

impl Db {
    /// Opens a database as [`Access`] says.
    ///
    /// # Errors
    /// An [`OpenError`] that says what is in the way; the file is then as it was.
    pub fn open(files: Files, access: Access) -> Result<Db, OpenError> {
        match access {
            Access::Own => Db::open_own(files, Prefer::default()),
            Access::Beside => Db::open_beside(files),
        }
    }

    /// As [`Db::open`] for this process alone; `prefer` decides where another program changed the file after a crash.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open_own(files: Files, prefer: Prefer) -> Result<Db, OpenError> {
        if !files.folder().is_dir() {
            return Err(OpenError::NoFolder(files.folder().display().to_string()));
        }
        check_place(&files)?;
        if files.database().exists() {
            std::fs::OpenOptions::new().write(true).open(files.database()).map_err(read_only)?;
        }
        let lock = files.lock().map_err(read_only)?.ok_or(OpenError::InUse)?;
        let changes = Arc::new(Changes::default());
        let (engine, origin) = Db::open_locked(&files, prefer, changes.clone()).inspect_err(|_| {
            // Where there is no store yet, the folder was made for nothing.
            if !files.live().exists() {
                let _ = files.remove_live_folder(&lock);
            }
        })?;
        Ok(Db { inner: Arc::new(Inner::new(files, engine, changes, origin, Some(lock))) })
    }

    fn open_locked(files: &Files, prefer: Prefer, changes: Arc<Changes>) -> Result<(Engine, Origin), OpenError> {
        let mut ready = start::ready(files, prefer)?;
        let is_behind = match identify(&ready.conn)? {
            Found::Empty => {
                migrate(&mut ready.conn)?;
                true
            }
            Found::Ours { schema } if schema == super::newest_schema() => false,
            Found::Ours { schema } => {
                let kept = keep_a_copy(&ready.conn, files, schema)?;
                migrate(&mut ready.conn)?;
                let (to, kept) = (super::newest_schema(), kept.display());
                tracing::info!(
                    "the file was brought from schema {schema} to {to}; as it was it is kept in {kept}. The way back: stop \
                     athsys, put that copy in place of the file, and start the version from before"
                );
                true
            }
        };
        let origin = ready.origin.clone();
        // The file is there, complete, from the first moment.
        let must_publish = is_behind || matches!(origin, Origin::Older | Origin::Repaired { .. });
        let engine = Engine::start(files, ready, changes)?;
        if must_publish {
            engine.demand.publish_now()?;
        }
        start::tidy_strangers(files, origin == Origin::Older)?;
        Ok((engine, origin))
    }

    fn open_beside(files: Files) -> Result<Db, OpenError> {
        if !files.exists() {
            return Err(OpenError::Missing);
        }
        let path = start::to_read(&files);
        match identify(&connect::reader(&path).map_err(not_a_database)?)? {
            Found::Ours { schema } if schema == super::newest_schema() => {}
            Found::Ours { schema } => return Err(OpenError::Older { file: schema }),
            Found::Empty => return Err(OpenError::Foreign),
        }
        let engine = Engine::beside(&path)?;
        Ok(Db { inner: Arc::new(Inner::new(files, engine, Arc::default(), Origin::Left, None)) })
    }
}

fn check_place(files: &Files) -> Result<(), OpenError> {
    if let Some(network) = place::network_of(files.folder()).filter(|_| !files.is_network_allowed()) {
        return Err(OpenError::Network(network));
    }
    if place::is_synced(files.folder()) {
        tracing::warn!(
            "the database lies in a folder that a cloud program copies; such copies can be broken, and it may block the \
             file. A folder of its own is safer"
        );
    }
    Ok(())
}

/// A complete copy, checked, before a newer program changes the schema.
fn keep_a_copy(conn: &Connection, files: &Files, schema: i32) -> Result<PathBuf, OpenError> {
    let copy = files.kept_of_schema(schema)?;
    super::files::private().open(&copy)?; // an empty file may be filled, and stays ours alone
    conn.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map_err(DbError::from)?;
    let kept = connect::reader(&copy)?;
    let faults: String = kept.pragma_query_value(None, "quick_check", |row| row.get(0)).map_err(DbError::from)?;
    if faults != "ok" || rows_of(&kept)? != rows_of(conn)? {
        let copy = copy.display();
        return Err(OpenError::Migration(format!("the copy of it in {copy} is not as the file is ({faults})")));
    }
    Ok(copy)
}

/// How many rows each table has.
fn rows_of(conn: &Connection) -> Result<Vec<(String, i64)>, DbError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let names = conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let count = |name: String| {
        let quoted = name.replace('"', "\"\"");
        Ok((name, conn.query_row(&format!("SELECT count(*) FROM \"{quoted}\""), [], |row| row.get(0))?))
    };
    names.into_iter().map(count).collect()
}

fn read_only(error: io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly(error.to_string()),
        _ => OpenError::Io(error),
    }
}

pub(super) fn unwritable(error: DbError) -> OpenError {
    match &error {
        DbError::Sqlite(e)
            if matches!(
                e.sqlite_error_code(),
                Some(
                    rusqlite::ErrorCode::ReadOnly
                        | rusqlite::ErrorCode::CannotOpen
                        | rusqlite::ErrorCode::PermissionDenied
                )
            ) =>
        {
            OpenError::ReadOnly(e.to_string())
        }
        _ => OpenError::Db(error),
    }
}

/// Tables, columns and indexes that `conn` should have by its version and has not, or has otherwise, one sentence each.
pub fn schema_differences(conn: &Connection) -> Result<Vec<String>, DbError> {
    let said: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = 1..=super::newest_schema();
    let wanted = shape(&migrated_to(if known.contains(&said) { said } else { *known.end() })?)?;
    let present = shape(conn)?;
    let differs =
        |(kind, name, sql): &(String, String, String)| match present.iter().find(|(k, n, _)| k == kind && n == name) {
            None => Some(format!("the {kind} {name} is missing")),
            Some((_, _, other)) if other != sql => Some(format!("the {kind} {name} is not as this version made it")),
            Some(_) => None,
        };
    Ok(wanted.iter().filter_map(differs).collect())
}

fn shape(conn: &Connection) -> Result<Vec<(String, String, String)>, DbError> {
    let sql =
        "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'refinery%' ORDER BY type, name";
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
}

/// Creates the tables and indexes that are missing; answers the names of the tables.
pub fn create_missing(conn: &Connection) -> Result<Vec<String>, DbError> {
    let present = shape(conn)?;
    let mut missing: Vec<_> = shape(&migrated_to(super::newest_schema())?)?
        .into_iter()
        .filter(|(kind, name, sql)| !sql.is_empty() && !present.iter().any(|(k, n, _)| k == kind && n == name))
        .collect();
    missing.sort_by_key(|(kind, _, _)| kind != "table"); // an index needs its table
    for (_, _, sql) in &missing {
        conn.execute_batch(sql)?;
    }
    Ok(missing.into_iter().filter(|(kind, _, _)| kind == "table").map(|(_, name, _)| name).collect())
}

#[cfg(test)]
mod tests;
