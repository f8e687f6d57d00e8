//! Which of the two files counts when a server starts: the live store of a crash, or the file that somebody put back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::files::{remove, sync_folder};
use super::migrate::{Found, identify, not_a_database};
use super::snapshot::{self, Kind};
use super::trouble::fault;
use super::{DbError, Files, OpenError, Origin, Tx, connect};

/// Which one to take where another program changed the published file after a crash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Prefer {
    #[default]
    Live,
    File,
}

/// The live store, ready to be written.
pub(super) struct Ready {
    pub conn: Connection,
    pub origin: Origin,
    /// The published file holds all of it already.
    pub is_published: bool,
    /// The store is a copy that may not be on the disk yet.
    pub is_adopted: bool,
}

/// What lies in place of the published file.
enum Look {
    Absent,
    /// No stamp: an earlier version wrote it.
    Older,
    Whole(Stamp),
    /// Not usable, in words.
    Broken(String),
}

struct Stamp {
    stamp: String,
    kind: String,
}

/// Key in `meta` of a store that took the place of another one and has not been told so.
const PUT_BACK: &str = "put_back";

/// What a file that was put back has replaced: the name of the copy that holds it, empty where nothing was there.
/// Answers it once, in the transaction that draws the consequences.
///
/// # Errors
/// Those of the database.
pub fn take_put_back(tx: &mut Tx<'_>) -> Result<Option<String>, DbError> {
    let sql = "DELETE FROM meta WHERE key = ?1 RETURNING value";
    Ok(tx.conn().query_row(sql, [PUT_BACK], |row| row.get(0)).optional()?)
}

/// Brings the live store into being, from whichever file counts. The lock is held.
pub(super) fn ready(files: &Files, prefer: Prefer) -> Result<Ready, OpenError> {
    let ready = from_what_counts(files, prefer)?;
    let replaced = match &ready.origin {
        Origin::PutBack => "",
        Origin::Restored { kept } => &kept.file_name().unwrap_or_default().to_string_lossy(),
        _ => return Ok(ready),
    };
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)";
    ready.conn.execute(sql, [PUT_BACK, replaced]).map_err(DbError::from)?;
    Ok(ready)
}

fn from_what_counts(files: &Files, prefer: Prefer) -> Result<Ready, OpenError> {
    if files.adopting().exists() {
        files.clear_live()?; // a copy that was never written to
    }
    if !files.live().exists() {
        files.clear_live()?;
        return from_file(files);
    }
    let look = look(files)?;
    match open_live(files) {
        Ok(conn) => beside_live(files, conn, look, prefer),
        Err(why) => instead_of_live(files, look, &why),
    }
}

/// There is no live store: the file is all there is.
fn from_file(files: &Files) -> Result<Ready, OpenError> {
    match look(files)? {
        Look::Absent => {
            super::files::private().open(files.live())?;
            let conn = connect::writer(&files.live())?;
            Ok(Ready { conn, origin: Origin::New, is_published: false, is_adopted: false })
        }
        Look::Broken(why) => Err(OpenError::Damaged(why)),
        Look::Older => adopt_older(files),
        Look::Whole(stamp) => {
            let is_left = stamp.kind == Kind::Closing.as_str();
            let conn = adopt(files)?;
            let origin = if is_left { Origin::Left } else { Origin::PutBack };
            Ok(Ready { conn, origin, is_published: is_left, is_adopted: true })
        }
    }
}

/// A server did not come to its end, and its live store is sound.
fn beside_live(files: &Files, conn: Connection, look: Look, prefer: Prefer) -> Result<Ready, OpenError> {
    let continued = |conn, origin| Ready { conn, origin, is_published: false, is_adopted: false };
    let is_newest = match &look {
        Look::Absent => return Ok(continued(conn, Origin::Repaired { kept: None })),
        Look::Broken(_) => {
            let kept = files.kept_as("damaged")?;
            fs::rename(files.database(), &kept)?;
            return Ok(continued(conn, Origin::Repaired { kept: Some(kept) }));
        }
        Look::Older => false,
        Look::Whole(stamp) => is_ours(&conn, &stamp.stamp)?,
    };
    if is_newest && prefer == Prefer::Live {
        keep_edited(files)?;
        return Ok(continued(conn, Origin::Crashed));
    }
    if is_newest && !is_edited(files)? {
        return Ok(continued(conn, Origin::Crashed)); // the same, or less
    }
    let kept = keep_live(files, &conn)?;
    drop(conn);
    files.clear_live()?;
    let conn = if matches!(look, Look::Older) { adopt_older(files)?.conn } else { adopt(files)? };
    Ok(Ready { conn, origin: Origin::Restored { kept }, is_published: false, is_adopted: true })
}

/// A server did not come to its end, and its live store is damaged: the published file is the newest that is whole.
fn instead_of_live(files: &Files, look: Look, why: &str) -> Result<Ready, OpenError> {
    match look {
        Look::Absent | Look::Broken(_) => return Err(OpenError::Damaged(why.to_owned())),
        Look::Older | Look::Whole(_) => {}
    }
    let kept = files.kept_as("damaged")?;
    tracing::error!("the live store is damaged ({why}); it is kept as {}", kept.display());
    fs::rename(files.live(), &kept)?;
    if files.wal().exists() {
        let mut log = kept.clone().into_os_string();
        log.push("-wal");
        fs::rename(files.wal(), log)?;
    }
    files.clear_live()?;
    let conn = if matches!(look, Look::Older) { adopt_older(files)?.conn } else { adopt(files)? };
    Ok(Ready { conn, origin: Origin::Restored { kept }, is_published: false, is_adopted: true })
}

/// What lies in place of the published file, looked at without changing anything.
///
/// # Errors
/// [`OpenError::Newer`], or [`OpenError::Foreign`] where there is no live store that it could be the rest of.
fn look(files: &Files) -> Result<Look, OpenError> {
    let path = files.database();
    let size = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Look::Absent),
        other => other?.len(),
    };
    let has_live = files.live().exists();
    if size == 0 {
        return Ok(if has_live { Look::Broken("it is empty".into()) } else { Look::Absent });
    }
    let opened = connect::sealed(path).map_err(not_a_database).and_then(|conn| Ok((identify(&conn)?, conn)));
    let conn = match opened {
        Ok((Found::Ours { .. }, conn)) => conn,
        Ok((Found::Empty, _)) if has_live => return Ok(Look::Broken("there is nothing in it".into())),
        // A file in the format of a log may hold everything in its log.
        Ok((Found::Empty, _)) => return Ok(if has_log(files) { Look::Older } else { Look::Absent }),
        Err(OpenError::Foreign | OpenError::Db(_)) if has_live => {
            return Ok(Look::Broken("it is no athsys database".into()));
        }
        Err(OpenError::Db(error)) => return Ok(Look::Broken(error.to_string())),
        Err(other) => return Err(other),
    };
    if has_log(files) {
        return Ok(Look::Older);
    }
    match fault(&conn) {
        Some(why) => Ok(Look::Broken(why)),
        None => Ok(newest_stamp(&conn)?.map_or(Look::Older, Look::Whole)),
    }
}

fn has_log(files: &Files) -> bool {
    fs::metadata(files.foreign_wal()).is_ok_and(|meta| meta.len() > 0)
}

fn newest_stamp(conn: &Connection) -> Result<Option<Stamp>, DbError> {
    let is_there = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'publish'";
    if conn.query_row(is_there, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(None);
    }
    let sql = "SELECT stamp, kind FROM publish ORDER BY no DESC LIMIT 1";
    Ok(conn.query_row(sql, [], |row| Ok(Stamp { stamp: row.get(0)?, kind: row.get(1)? })).optional()?)
}

fn open_live(files: &Files) -> Result<Connection, String> {
    let opened = || -> Result<Connection, OpenError> {
        identify(&connect::reader(&files.live())?)?;
        Ok(connect::writer(&files.live())?)
    };
    let conn = opened().map_err(|error| error.to_string())?;
    match fault(&conn) {
        Some(why) => Err(why),
        None => Ok(conn),
    }
}

/// True when the copy with this stamp was taken of this store and is not older than the newest that was published.
fn is_ours(live: &Connection, stamp: &str) -> Result<bool, DbError> {
    if newest_stamp(live)?.is_none() {
        return Ok(false);
    }
    let sql = "
        SELECT count(*) FROM publish
        WHERE stamp = ?1 AND no >= coalesce((SELECT max(no) FROM publish WHERE done = 1), 0)";
    Ok(live.query_row(sql, [stamp], |row| row.get::<_, i64>(0))? > 0)
}

/// True when another program has changed the published file.
fn is_edited(files: &Files) -> Result<bool, DbError> {
    let conn = connect::sealed(files.database())?;
    Ok(super::seal::check(files.database(), &conn)?.is_some_and(|check| !check.ok))
}

fn keep_edited(files: &Files) -> Result<(), OpenError> {
    if !is_edited(files)? {
        return Ok(());
    }
    let kept = files.kept_as("edited")?;
    fs::copy(files.database(), &kept)?;
    let file = files.database().display();
    tracing::warn!(
        "{file} was changed by another program after the server had stopped without coming to its end. The server goes \
         on with what it had saved itself; the changed file is kept as {}. Start with --use file to take it instead",
        kept.display()
    );
    Ok(())
}

/// The live store as one file in the folder of backups.
fn keep_live(files: &Files, live: &Connection) -> Result<PathBuf, OpenError> {
    let kept = files.kept_as("replaced")?;
    live.execute_batch("BEGIN IMMEDIATE").map_err(DbError::from)?;
    let stamp = snapshot::stamp(&mut Tx::new(live), Kind::Backup)?;
    live.execute_batch("COMMIT").map_err(DbError::from)?;
    snapshot::keep(files, &stamp, &kept)?;
    Ok(kept)
}

/// Makes the published file the live store.
fn adopt(files: &Files) -> Result<Connection, OpenError> {
    begin_adopting(files)?;
    fs::copy(files.database(), files.live())?;
    let conn = connect::writer(&files.live()).map_err(super::open::unwritable)?;
    // In the store the copy's row is one of many.
    let sql = "UPDATE publish SET seal = zeroblob(32), done = 1 WHERE no = (SELECT max(no) FROM publish)";
    conn.execute(sql, []).map_err(DbError::from)?;
    Ok(conn)
}

/// As [`adopt`], for a file that an earlier version left, perhaps with a log beside it that is part of it.
fn adopt_older(files: &Files) -> Result<Ready, OpenError> {
    let mut why = None;
    for with_log in [true, false] {
        begin_adopting(files)?;
        fs::copy(files.database(), files.live())?;
        if with_log && has_log(files) {
            fs::copy(files.foreign_wal(), files.wal())?;
        }
        match open_live(files) {
            Ok(conn) => {
                return Ok(Ready { conn, origin: Origin::Older, is_published: false, is_adopted: true });
            }
            Err(fault) => why = why.or(Some(fault)),
        }
        files.clear_live()?; // the log is not of this file: it was left behind when the file was replaced
    }
    Err(OpenError::Damaged(why.unwrap_or_default()))
}

/// From here on until [`finish_adopting`] the live store can be thrown away.
fn begin_adopting(files: &Files) -> io::Result<()> {
    fs::write(files.adopting(), "")?;
    sync_folder(&files.live_folder())
}

/// Has the adopted store on the disk, before anything that is written to it is promised.
pub(super) fn finish_adopting(files: &Files, conn: &Connection) -> Result<(), DbError> {
    // Folding the log back flushes the whole file.
    let (busy, log, folded): (i64, i64, i64) =
        conn.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if busy != 0 || log != folded {
        return Err(DbError::Down("somebody still reads what the store was made of".into()));
    }
    sync_folder(&files.live_folder()).map_err(DbError::disk)?;
    remove(&files.adopting()).map_err(DbError::disk)?;
    sync_folder(&files.live_folder()).map_err(DbError::disk)
}

/// What an earlier version, or another program, left beside the file, once the file holds it. A log is kept.
pub(super) fn tidy_strangers(files: &Files, is_older: bool) -> io::Result<()> {
    if has_log(files) && !is_older {
        fs::rename(files.foreign_wal(), files.kept_as("found-log")?)?;
    }
    remove(&files.foreign_wal())?;
    files.strangers().iter().try_for_each(|path| remove(path))
}

/// The file to read for somebody who only looks, beside a server or while none runs.
pub(super) fn to_read(files: &Files) -> PathBuf {
    let live = files.live();
    if !live.exists() || files.adopting().exists() {
        return files.database().to_owned();
    }
    if files.is_locked() || !is_put_back(files, &live) {
        return live;
    }
    files.database().to_owned()
}

/// No server runs, and somebody has put another file in place since.
fn is_put_back(files: &Files, live: &Path) -> bool {
    match look(files) {
        Ok(Look::Older) => true,
        Ok(Look::Whole(stamp)) => !connect::reader(live).and_then(|conn| is_ours(&conn, &stamp.stamp)).unwrap_or(false),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
