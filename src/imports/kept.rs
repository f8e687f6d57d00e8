//! The files of an import in the database: what came, and what was refused. Compressed, in parts, for thirty days.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::db::{Db, DbError, Tx};

/// Bytes of one part, and of what goes into the transaction of the import itself.
const PART: usize = 1 << 20;
const WITH_THE_IMPORT: u64 = 4 << 20;
/// Little compression: it must not slow the import down.
const LEVEL: i32 = 1;

/// How long files are kept, and how much room they may take, compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepLimits {
    pub age: Duration,
    pub bytes: u64,
}

impl Default for KeepLimits {
    fn default() -> KeepLimits {
        KeepLimits { age: Duration::from_secs(30 * 24 * 3600), bytes: 256 << 20 }
    }
}

/// Which file of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The file as it came.
    Original,
    /// The rows that were refused.
    Refused,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Original => "original",
            Kind::Refused => "refused",
        }
    }
}

/// Compresses what is written to it, on the disk.
pub struct Packer {
    out: zstd::stream::write::Encoder<'static, BufWriter<File>>,
    bytes: u64,
}

/// A compressed file without a name.
#[derive(Debug)]
pub struct Packed {
    file: File,
    bytes: u64,
    packed_bytes: u64,
}

impl Packer {
    /// # Errors
    /// When the disk has no room for a temporary file.
    pub fn new() -> io::Result<Packer> {
        let out = zstd::stream::write::Encoder::new(BufWriter::new(tempfile::tempfile()?), LEVEL)?;
        Ok(Packer { out, bytes: 0 })
    }

    /// # Errors
    /// Those of the disk.
    pub fn done(self) -> io::Result<Packed> {
        let mut file = self.out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        let packed_bytes = file.stream_position()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Packed { file, bytes: self.bytes, packed_bytes })
    }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Packed {
    #[cfg(test)]
    pub fn into_file(self) -> File {
        self.file
    }

    fn part(&mut self) -> io::Result<Vec<u8>> {
        let mut part = Vec::with_capacity(PART.min(usize::try_from(self.packed_bytes).unwrap_or(PART)));
        (&mut self.file).take(PART as u64).read_to_end(&mut part)?;
        Ok(part)
    }
}

/// The files of one import, on their way into the database.
#[derive(Default)]
pub struct Files(Vec<(Kind, String, Packed)>);

impl Files {
    pub fn add(&mut self, kind: Kind, name: &str, file: Packed) {
        self.0.push((kind, name.to_owned(), file));
    }

    fn is_small(&self) -> bool {
        self.0.iter().map(|(_, _, file)| file.packed_bytes).sum::<u64>() <= WITH_THE_IMPORT
    }

    /// Stores small files together with the import; larger ones wait for [`Files::store_later`].
    pub fn store_now(&mut self, tx: &Tx<'_>, import: i64) -> Result<(), DbError> {
        if !self.is_small() {
            return Ok(());
        }
        for (kind, name, mut file) in self.0.drain(..) {
            begin(tx, import, kind, &name, &file)?;
            let mut seq = 0;
            loop {
                let part = file.part().map_err(disk)?;
                if part.is_empty() {
                    break;
                }
                put(tx, import, kind, seq, &part)?;
                seq += 1;
            }
            complete(tx, import, kind)?;
        }
        Ok(())
    }

    /// Stores what is left part by part, other saves in between.
    ///
    /// # Errors
    /// Those of the database and the disk; the import itself is stored by then.
    pub fn store_later(self, db: &Db, import: i64, limits: KeepLimits) -> Result<(), DbError> {
        for (kind, name, file) in self.0 {
            if file.packed_bytes > limits.bytes {
                continue;
            }
            if let Err(error) = in_parts(db, import, kind, name, file) {
                // What was stored of it is of no use to anybody; the room may be.
                db.write_blocking(move |tx| forget(tx, import, kind))?;
                return Err(error);
            }
        }
        Ok(())
    }
}

fn in_parts(db: &Db, import: i64, kind: Kind, name: String, mut file: Packed) -> Result<(), DbError> {
    let header = (file.bytes, file.packed_bytes);
    db.write_blocking(move |tx| begin_sized(tx, import, kind, &name, header))?;
    for seq in 0.. {
        let part = file.part().map_err(disk)?;
        if part.is_empty() {
            break;
        }
        db.write_blocking(move |tx| put(tx, import, kind, seq, &part))?;
    }
    db.write_blocking(move |tx| complete(tx, import, kind))
}

fn forget(tx: &Tx<'_>, import: i64, kind: Kind) -> Result<(), DbError> {
    let sql = "DELETE FROM import_files WHERE import_id = ?1 AND kind = ?2";
    tx.conn().prepare_cached(sql)?.execute((import, kind.word()))?;
    Ok(())
}

fn disk(error: io::Error) -> DbError {
    match error.kind() {
        io::ErrorKind::StorageFull => DbError::DiskFull,
        _ => DbError::Down(format!("a kept file could not be read back: {error}")),
    }
}

fn begin(tx: &Tx<'_>, import: i64, kind: Kind, name: &str, file: &Packed) -> Result<(), DbError> {
    begin_sized(tx, import, kind, name, (file.bytes, file.packed_bytes))
}

fn begin_sized(tx: &Tx<'_>, import: i64, kind: Kind, name: &str, (bytes, packed): (u64, u64)) -> Result<(), DbError> {
    let sql = "
        INSERT INTO import_files (import_id, kind, file_name, bytes, packed_bytes, is_complete, created_at)
        VALUES (:import, :kind, :name, :bytes, :packed, 0, :now)";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":import": import, ":kind": kind.word(), ":name": name, ":bytes": bytes.cast_signed(),
        ":packed": packed.cast_signed(), ":now": tx.now_ms(),
    })?;
    Ok(())
}

fn put(tx: &Tx<'_>, import: i64, kind: Kind, seq: i64, part: &[u8]) -> Result<(), DbError> {
    let sql = "INSERT INTO import_file_parts (import_id, kind, seq, data) VALUES (?1, ?2, ?3, ?4)";
    tx.conn().prepare_cached(sql)?.execute((import, kind.word(), seq, part))?;
    Ok(())
}

fn complete(tx: &Tx<'_>, import: i64, kind: Kind) -> Result<(), DbError> {
    let sql = "UPDATE import_files SET is_complete = 1 WHERE import_id = ?1 AND kind = ?2";
    tx.conn().prepare_cached(sql)?.execute((import, kind.word()))?;
    Ok(())
}

/// A kept file: its name and size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub file_name: String,
    pub bytes: u64,
}

/// The file of an import, if it is kept.
pub fn find(conn: &Connection, import: i64, kind: Kind) -> Result<Option<Kept>, DbError> {
    let sql = "SELECT file_name, bytes FROM import_files WHERE import_id = ?1 AND kind = ?2 AND is_complete = 1";
    let read =
        |row: &rusqlite::Row<'_>| Ok(Kept { file_name: row.get(0)?, bytes: row.get::<_, i64>(1)?.cast_unsigned() });
    Ok(conn.prepare_cached(sql)?.query_row((import, kind.word()), read).optional()?)
}

/// Writes a kept file out as it was.
///
/// # Errors
/// Those of the database and of `out`.
pub fn write_to(conn: &Connection, import: i64, kind: Kind, out: &mut dyn Write) -> anyhow::Result<()> {
    let sql = "SELECT data FROM import_file_parts WHERE import_id = ?1 AND kind = ?2 ORDER BY seq";
    let mut statement = conn.prepare(sql)?;
    let mut parts = statement.query((import, kind.word()))?;
    let mut unpacked = zstd::stream::write::Decoder::new(out)?;
    while let Some(part) = parts.next()? {
        unpacked.write_all(part.get_ref(0)?.as_blob()?)?;
    }
    unpacked.flush()?;
    Ok(())
}

/// Lets go of files that are too old, then of the oldest until the rest fits, and of those that were never complete.
pub fn prune(tx: &Tx<'_>, limits: KeepLimits) -> Result<usize, DbError> {
    let age = i64::try_from(limits.age.as_millis()).unwrap_or(i64::MAX);
    let sql = "DELETE FROM import_files WHERE created_at < ?1 OR is_complete = 0";
    let mut gone = tx.conn().prepare_cached(sql)?.execute([tx.now_ms().saturating_sub(age)])?;
    let sql = "
        DELETE FROM import_files WHERE (import_id, kind) IN (
            SELECT import_id, kind FROM (
                SELECT import_id, kind,
                    sum(packed_bytes) OVER (ORDER BY created_at DESC, import_id DESC, kind) AS so_far FROM import_files)
            WHERE so_far > ?1)";
    gone += tx.conn().prepare_cached(sql)?.execute([limits.bytes.cast_signed()])?;
    Ok(gone)
}
