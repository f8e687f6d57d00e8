//! An export leaves one audit row: file name, digest, rows, duration.

use std::io::{self, Write};
use std::time::Instant;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::audit::{self, Actor, Entry, Verb};
use crate::db::Db;

/// What went out.
#[derive(Debug, Clone, Serialize)]
pub struct Exported {
    pub file_name: String,
    pub sha256: String,
    pub bytes: u64,
    pub rows: u64,
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

    /// Ends the export.
    pub fn done(self, file_name: String, rows: u64) -> io::Result<Exported> {
        self.out.flush()?;
        Ok(Exported {
            file_name,
            sha256: audit::hex(&self.hasher.finalize()),
            bytes: self.bytes,
            rows,
            duration_ms: self.started.elapsed().as_millis() as u64,
        })
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
