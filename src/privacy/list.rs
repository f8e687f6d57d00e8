//! Who was erased, by number and time alone: an older copy that takes the place of the database must not bring them
//! back. The log of the database knows it; a file beside the database repeats it for copies that do not.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use rusqlite::Connection;

use super::erase::forget;
use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::db::{Db, DbError, Tx};
use crate::records;

/// How the file explains itself.
const HEADING: &str = "# Athletes who were erased: meet, number, when they were added. Keep this file beside the\n\
# database: with it, the restore of an older copy erases them again.\n";

/// One athlete who was erased. Numbers are given anew in another meet, and after a restore; the moment the athlete was
/// added tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    meet: String,
    id: i64,
    created_at: i64,
}

impl Mark {
    fn line(&self) -> String {
        format!("{} {} {}\n", self.meet, self.id, self.created_at)
    }

    fn read(line: &str) -> Option<Mark> {
        let mut parts = line.split_whitespace();
        let (meet, id, created_at) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Mark { meet: meet.to_owned(), id: id.parse().ok()?, created_at: created_at.parse().ok()? })
    }
}

/// Those that the log of a database tells of.
///
/// # Errors
/// Those of the database.
pub fn logged(conn: &Connection) -> Result<BTreeSet<Mark>, DbError> {
    let meet = crate::sync::db_id(conn)?;
    let sql = "
        SELECT json_extract(one.value, '$[0]'), json_extract(one.value, '$[1]')
        FROM audit_logs l JOIN audit_payloads p ON p.seq = l.seq, json_each(p.details, '$.erased') one
        WHERE l.action = 'delete' AND l.entity_type = 'athlete' AND one.type = 'array'";
    let mut statement = conn.prepare_cached(sql)?;
    let marks = statement
        .query_map([], |row| Ok(Mark { meet: meet.clone(), id: row.get(0)?, created_at: row.get(1)? }))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(marks)
}

/// Those of the file and those of the database.
///
/// # Errors
/// Those of the database. A file that cannot be read is told of in the log.
pub fn known(db: &Db) -> Result<BTreeSet<Mark>, DbError> {
    let mut marks = db.read_blocking(logged)?;
    marks.extend(read(&db.files().erased_file()));
    Ok(marks)
}

/// Writes the file anew where it does not say all that is known. What cannot be written is tried again at the next
/// start: the log of the database has it.
///
/// # Errors
/// Those of the database.
pub fn keep(db: &Db) -> Result<(), DbError> {
    let (marks, path) = (known(db)?, db.files().erased_file());
    if marks != read(&path)
        && let Err(error) = write(&path, &marks)
    {
        tracing::warn!("{} was not written: {error}; an older copy may bring erased athletes back", path.display());
    }
    Ok(())
}

/// Erases those again whom a copy brought back. Answers how many.
///
/// # Errors
/// Those of the database.
pub fn forget_again(tx: &mut Tx<'_>, marks: &BTreeSet<Mark>) -> Result<usize, DbError> {
    let mut again = 0;
    for mark in marks.difference(&logged(tx.conn())?) {
        if mark.meet != crate::sync::db_id(tx.conn())? {
            continue;
        }
        let stored = records::find::<Athlete>(tx.conn(), mark.id)?;
        if let Some(athlete) = stored.filter(|athlete| athlete.created_at.0 == mark.created_at) {
            forget(tx, &Actor::server(), &athlete)?;
            again += 1;
        }
    }
    Ok(again)
}

/// For a start: somebody may have put an older copy in place of the file.
///
/// # Errors
/// Those of the database.
pub fn settle(db: &Db) -> Result<(), DbError> {
    let marks = known(db)?;
    if marks.is_empty() {
        return Ok(());
    }
    let again = db.write_blocking(move |tx| forget_again(tx, &marks))?;
    if again > 0 {
        tracing::warn!(athletes = again, "athletes who had been erased were in the file again, and are erased again");
    }
    keep(db)
}

fn read(path: &Path) -> BTreeSet<Mark> {
    match std::fs::read_to_string(path) {
        Ok(text) => text.lines().filter(|line| !line.starts_with('#')).filter_map(Mark::read).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeSet::new(),
        Err(error) => {
            tracing::warn!("{} cannot be read: {error}; a restore may bring erased athletes back", path.display());
            BTreeSet::new()
        }
    }
}

/// The whole file, complete before it has its name.
fn write(path: &Path, marks: &BTreeSet<Mark>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".athsys-erased-").tempfile_in(folder)?;
    file.write_all(HEADING.as_bytes())?;
    for mark in marks {
        file.write_all(mark.line().as_bytes())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
