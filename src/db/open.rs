//! Opening a database file: who may, what is found, and what is done about it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};

use super::migrate::{Found, identify, migrate, not_a_database};
use super::writer::Writer;
use super::{Changes, Db, DbError, Files, Inner, MAX_EXPORTS, MAX_READERS, Pool, connect};

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
    #[error("it could not be brought up to date, and was left as it was: {0}")]
    Migration(String),
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
            Access::Own => Db::open_own(files),
            Access::Beside => Db::open_beside(files),
        }
    }

    fn open_own(files: Files) -> Result<Db, OpenError> {
        if !files.folder().is_dir() {
            return Err(OpenError::NoFolder(files.folder().display().to_string()));
        }
        let lock = files.lock().map_err(read_only)?.ok_or(OpenError::InUse)?;
        create_private(files.database()).map_err(read_only)?;
        let found = identify(
            &Connection::open_with_flags(files.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(DbError::from)?,
        )?;
        let mut conn = connect::writer(files.database()).map_err(unwritable)?;
        if let Found::Ours { schema } = found
            && schema < super::newest_schema()
        {
            keep_a_copy(&conn, &files)?;
        }
        migrate(&mut conn)?;
        let changes = Arc::new(Changes::default());
        let writer = Writer::start(conn, files.database().to_owned(), changes.clone());
        Db::assemble(files, Some(writer), changes, Some(lock))
    }

    fn open_beside(files: Files) -> Result<Db, OpenError> {
        if !files.exists() {
            return Err(OpenError::Missing);
        }
        match identify(&connect::reader(files.database()).map_err(not_a_database)?)? {
            Found::Ours { schema } if schema == super::newest_schema() => {}
            Found::Ours { schema } => return Err(OpenError::Older { file: schema }),
            Found::Empty => return Err(OpenError::Foreign),
        }
        Db::assemble(files, None, Arc::default(), None)
    }

    fn assemble(
        files: Files,
        writer: Option<Writer>,
        changes: Arc<Changes>,
        lock: Option<super::Lock>,
    ) -> Result<Db, OpenError> {
        let readers = pool(files.database(), MAX_READERS, 1)?;
        let exporters = pool(files.database(), MAX_EXPORTS, 0)?;
        let writer = std::sync::RwLock::new(writer);
        Ok(Db { inner: Arc::new(Inner { files, readers, exporters, writer, changes, lock }) })
    }
}

/// Connections are tested before each use, and closed after half a minute without any.
fn pool(path: &Path, most: u32, idle: u32) -> Result<Pool, DbError> {
    let manager = SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(|conn| connect::prepare_reader(conn));
    Ok(r2d2::Pool::builder()
        .max_size(most)
        .min_idle(Some(idle))
        .idle_timeout(Some(std::time::Duration::from_secs(30)))
        .connection_timeout(std::time::Duration::from_secs(5))
        .test_on_check_out(true)
        .error_handler(Box::new(r2d2::NopErrorHandler))
        .build(manager)?)
}

/// Names and birth dates are nobody else's business on a shared computer.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// A complete copy beside the file, before a newer program changes its schema.
fn keep_a_copy(conn: &Connection, files: &Files) -> Result<(), OpenError> {
    let folder = files.folder().join("backups");
    std::fs::create_dir_all(&folder)?;
    let stem = files.database().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let copy = folder.join(format!("{stem}-{}-migration.db", crate::time::file_stamp()));
    conn.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map_err(DbError::from)?;
    tracing::info!("kept a copy of the older file in {}", copy.display());
    Ok(())
}

fn read_only(error: io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly(error.to_string()),
        _ => OpenError::Io(error),
    }
}

fn unwritable(error: DbError) -> OpenError {
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

/// Tables, columns and indexes that `conn` should have and has not, or has otherwise, one sentence each.
pub fn schema_differences(conn: &Connection) -> Result<Vec<String>, DbError> {
    let mut fresh = Connection::open_in_memory()?;
    migrate(&mut fresh).map_err(|error| DbError::Down(error.to_string()))?;
    let wanted = shape(&fresh)?;
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
    let mut fresh = Connection::open_in_memory()?;
    migrate(&mut fresh).map_err(|error| DbError::Down(error.to_string()))?;
    let present = shape(conn)?;
    let mut missing: Vec<_> = shape(&fresh)?
        .into_iter()
        .filter(|(kind, name, sql)| !sql.is_empty() && !present.iter().any(|(k, n, _)| k == kind && n == name))
        .collect();
    missing.sort_by_key(|(kind, _, _)| kind != "table"); // an index needs its table
    for (_, _, sql) in &missing {
        conn.execute_batch(sql)?;
    }
    Ok(missing.into_iter().filter(|(kind, _, _)| kind == "table").map(|(_, name, _)| name).collect())
}
