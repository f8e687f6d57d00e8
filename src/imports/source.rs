//! The file of an import: spooled to disk, its digest taken on the way.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};

use super::kept::{Packed, Packer};

/// A file to import. The disk copy has no name and vanishes with the value.
#[derive(Debug)]
pub struct Source {
    pub file: File,
    pub file_name: String,
    pub sha256: String,
    pub bytes: u64,
    /// Physical lines, which is about how many rows a spreadsheet has.
    pub lines: u64,
    /// The same file compressed, to be kept.
    pub packed: Option<Packed>,
}

/// Takes a file in pieces.
pub struct Spool {
    file: File,
    hasher: Sha256,
    bytes: u64,
    feeds: u64,
    returns: u64,
    packer: Option<Packer>,
}

impl Spool {
    /// `keeps`: the file is wanted compressed too.
    pub fn new(keeps: bool) -> io::Result<Spool> {
        let packer = if keeps { Some(Packer::new()?) } else { None };
        Ok(Spool { file: tempfile::tempfile()?, hasher: Sha256::new(), bytes: 0, feeds: 0, returns: 0, packer })
    }

    pub fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hasher.update(piece);
        self.bytes += piece.len() as u64;
        let count = |wanted: u8| piece.iter().filter(|byte| **byte == wanted).count() as u64;
        self.feeds += count(b'\n');
        self.returns += count(b'\r');
        if let Some(packer) = &mut self.packer {
            packer.write_all(piece)?;
        }
        self.file.write_all(piece)
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The complete file, ready to be read from its start.
    pub fn done(mut self, file_name: &str) -> io::Result<Source> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(Source {
            file: self.file,
            file_name: tidy(file_name),
            sha256: crate::audit::hex(&self.hasher.finalize()),
            bytes: self.bytes,
            lines: self.feeds.max(self.returns),
            packed: self.packer.map(Packer::done).transpose()?,
        })
    }
}

impl Source {
    /// Copies everything that `reader` has.
    pub fn from_reader(reader: &mut dyn Read, file_name: &str) -> io::Result<Source> {
        let mut spool = Spool::new(true)?;
        let mut piece = vec![0; 64 * 1024];
        loop {
            match reader.read(&mut piece)? {
                0 => return spool.done(file_name),
                read => spool.write(&piece[..read])?,
            }
        }
    }
}

/// The last part of a name that somebody sent, without what could be a path or upset a terminal.
fn tidy(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}
