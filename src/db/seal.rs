//! The digest of a copy, inside the copy: SQLite alone does not notice a flipped byte in a name.
//!
//! A copy holds a row of its own stamp in `publish`, with room for a digest behind it. The digest covers every byte of
//! the file but the digest itself and those fields of the header that copying by SQLite changes (change counter, journal
//! mode, version of the library), so that such a copy is still known as whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use memchr::memmem::Finder;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::DbError;
use super::checks::Check;
use super::files::private;

/// Fields of the header that are not covered: file format versions, change counter, version-valid-for and library.
const CHANGING: [Range<usize>; 3] = [18..20, 24..28, 92..100];
const FORMAT_VERSIONS: Range<usize> = 18..20;
const CHUNK: usize = 1 << 20;
const SEAL: usize = 32;

/// Makes a finished copy one that needs no log beside it, and seals it. `breathe` is called after each MiB.
pub(super) fn put(path: &Path, stamp: &str, breathe: impl FnMut()) -> io::Result<()> {
    let mut file = private().open(path)?;
    file.seek(SeekFrom::Start(FORMAT_VERSIONS.start as u64))?;
    file.write_all(&[1, 1])?; // the format of a rollback journal, instead of a log's
    let (digest, places) = digest(&mut file, stamp, &[0; SEAL], breathe)?;
    if places.is_empty() {
        return Err(io::Error::other("the copy does not hold its own stamp"));
    }
    for place in places {
        file.seek(SeekFrom::Start(place))?;
        file.write_all(&digest)?;
    }
    Ok(())
}

/// Compares a file with its seal. `None`: it has none, because it is a live store or an earlier version wrote it.
///
/// # Errors
/// When the file cannot be read.
pub fn check(path: &Path, conn: &Connection) -> Result<Option<Check>, DbError> {
    let Some((stamp, seal)) = newest(conn)? else { return Ok(None) };
    if seal == [0; SEAL] {
        return Ok(None);
    }
    let unreadable = |error: io::Error| DbError::Down(format!("the file cannot be read: {error}"));
    let mut file = File::open(path).map_err(unreadable)?;
    let (digest, _) = digest(&mut file, &stamp, &seal, || {}).map_err(unreadable)?;
    let fault = (digest[..] != seal[..])
        .then(|| "the file is not as athsys wrote it: a byte was damaged, or another program changed it".to_owned());
    Ok(Some(Check::of("seal", fault, "every byte is as athsys wrote it")))
}

/// Stamp and seal of the newest copy that the database knows of, which in a copy is itself.
fn newest(conn: &Connection) -> Result<Option<(String, Vec<u8>)>, DbError> {
    let is_there = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'publish'";
    if conn.query_row(is_there, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(None);
    }
    let sql = "SELECT stamp, seal FROM publish ORDER BY no DESC LIMIT 1";
    Ok(conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The digest of a file whose seal is `seal`, and where in the file the seal lies. A page that was split may hold the
/// row twice; then each is taken as the seal.
fn digest(file: &mut File, stamp: &str, seal: &[u8], mut breathe: impl FnMut()) -> io::Result<([u8; SEAL], Vec<u64>)> {
    let wanted = [stamp.as_bytes(), seal].concat();
    let finder = Finder::new(&wanted);
    let mut hasher = Sha256::new();
    let mut places = Vec::new();
    let mut buffer = Vec::with_capacity(2 * CHUNK);
    let mut done: u64 = 0; // bytes hashed; the buffer holds what follows
    file.seek(SeekFrom::Start(0))?;
    loop {
        let read = Read::by_ref(file).take(CHUNK as u64).read_to_end(&mut buffer)?;
        if done == 0 {
            for field in CHANGING {
                buffer.get_mut(field).into_iter().for_each(|bytes| bytes.fill(0));
            }
        }
        let mut from = 0;
        while let Some(at) = finder.find(&buffer[from..]) {
            let seal_at = from + at + stamp.len();
            buffer[seal_at..seal_at + seal.len()].fill(0);
            places.push(done + seal_at as u64);
            from = seal_at + seal.len();
        }
        let is_last = read == 0;
        // What could be the beginning of the row waits for the rest of it.
        let whole = if is_last { buffer.len() } else { buffer.len().saturating_sub(wanted.len()).max(from) };
        hasher.update(&buffer[..whole]);
        buffer.drain(..whole);
        done += whole as u64;
        if is_last {
            return Ok((hasher.finalize().into(), places));
        }
        breathe();
    }
}

#[cfg(test)]
mod tests;
