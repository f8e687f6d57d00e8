//! An export leaves one audit row: file name, digest, rows, duration.

use std::io::{self, Write};
use std::time::Instant;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::ExportError;
use crate::audit::{self, Actor, Entry, Verb};
use crate::db::Db;

/// What went out.
#[derive(Debug, Clone, Serialize)]
pub struct Exported {
    pub file_name: String,
    pub sha256: String,
    pub bytes: u64,
    /// Rows written; unknown when the export was cut
    pub rows: Option<u64>,
    /// False when it was cut, by whoever took it or by a failure
    pub complete: bool,
    pub duration_ms: u64,
}

/// Counts and digests what passes through.
pub struct Audited<'w> {
    out: &'w mut dyn Write,
    hasher: Sha256,
    bytes: u64,
    started: Instant,
}

impl<'w> Audited<'w> {
    pub fn new(out: &'w mut dyn Write) -> Audited<'w> {
        Audited { out, hasher: Sha256::new(), bytes: 0, started: Instant::now() }
    }

    /// Ends the export; `rows` tells how the writing went.
    pub fn done(self, file_name: String, rows: &Result<u64, ExportError>) -> Exported {
        Exported {
            file_name,
            sha256: audit::hex(&self.hasher.finalize()),
            bytes: self.bytes,
            rows: rows.as_ref().ok().copied(),
            complete: rows.is_ok(),
            duration_ms: self.started.elapsed().as_millis() as u64,
        }
    }
}

impl Exported {
    /// Leaves the audit row.
    pub fn audit(&self, db: &Db, by: Actor, entity: &'static str) -> anyhow::Result<()> {
        let entry = Entry::about(Verb::Export, entity).details(self);
        Ok(db.write_blocking(move |tx| entry.write(tx, &by))?)
    }
}

impl Write for Audited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
