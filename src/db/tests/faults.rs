//! The disk is full, or fails: what was answered stays, what was not kept is not told as kept, and saving goes on.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ffi};

use super::power_loss::{begin, create, save, verify};
use super::vfs::{Act, Disk};
use crate::db::writer::Writer;
use crate::db::{DbError, connect};

const PATIENCE: Duration = Duration::from_secs(30);

/// A writer on a disk that can be made to fail, and somebody who reads meanwhile.
struct Bench {
    writer: Writer,
    reader: Connection,
    disk: Disk,
    acked: HashSet<u64>,
    refused: HashSet<u64>,
    next: u64,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("meet.db");
        let disk = Disk::forgetful(&path);
        create(&path);
        let conn = connect::writer(&path).unwrap();
        conn.pragma_update(None, "wal_autocheckpoint", 25).unwrap();
        let writer = begin(conn, &path);
        let reader = connect::reader(&path).unwrap();
        let (acked, refused) = Default::default();
        Bench { writer, reader, disk, acked, refused, next: 0, path, _folder: folder }
    }

    /// Saves some rows together; answers why the first was refused. Those behind it may have come while the file was
    /// closed.
    fn save(&mut self) -> Result<(), DbError> {
        let numbers = self.next..self.next + 3;
        self.next = numbers.end;
        let sent: Vec<_> = numbers
            .map(|number| (number, self.writer.mailbox().shared(move |tx| save(tx, number, &"x".repeat(900)))))
            .collect();
        let mut outcome = Ok(());
        for (number, answer) in sent {
            let answer = answer.and_then(|answer| answer.blocking_recv().unwrap_or(Err(DbError::Stopped)));
            match answer {
                Ok(()) => drop(self.acked.insert(number)),
                Err(error) => {
                    self.refused.insert(number);
                    outcome = outcome.and(Err(error));
                }
            }
        }
        outcome
    }

    /// Saves until the fault strikes.
    fn save_until_refused(&mut self) -> DbError {
        (0..100).find_map(|_| self.save().err()).expect("the fault strikes")
    }

    /// Saves until it works again, which the writer is given some time for.
    fn save_until_kept(&mut self) {
        let began = Instant::now();
        while let Err(error) = self.save() {
            assert!(began.elapsed() < PATIENCE, "saving does not go on: {error}");
            std::thread::yield_now();
        }
    }

    /// Exactly what was answered is there, for those who read on.
    fn check(&self) {
        let rows = verify(&self.reader).unwrap();
        assert!(self.acked.is_subset(&rows), "answered and not there: {:?}", self.acked.difference(&rows));
        assert!(self.refused.is_disjoint(&rows), "refused and there: {:?}", self.refused.intersection(&rows));
    }

    fn end(self) {
        self.check();
        drop(self.reader);
        self.writer.stop();
        let rows = verify(&connect::reader(&self.path).unwrap()).unwrap();
        assert!(self.acked.is_subset(&rows));
        assert!(self.refused.is_disjoint(&rows));
    }
}

#[test]
fn a_full_disk_refuses_writes_and_loses_nothing() {
    let mut bench = Bench::new();
    for after in 0..30 {
        bench.disk.fail_from(Act::Write, after, ffi::SQLITE_FULL);
        let error = bench.save_until_refused();
        assert!(matches!(error, DbError::DiskFull), "write {after}: {error}");
        assert!(bench.writer.mailbox().stats().is_full() && !bench.writer.mailbox().stats().is_down());
        assert!(matches!(bench.save(), Err(DbError::DiskFull)), "there is still no room");
        bench.check();
        bench.disk.mend();
        bench.save().expect("there is room again");
        assert!(!bench.writer.mailbox().stats().is_full());
        bench.check();
    }
    bench.end();
}

#[test]
fn a_sync_that_fails_refuses_what_it_was_for_and_is_not_tried_again() {
    let mut bench = Bench::new();
    for after in 0..20 {
        bench.disk.fail(Act::Sync, after, ffi::SQLITE_IOERR_FSYNC);
        // The sync of a checkpoint may fail instead, of which nobody needs to hear: the log stays until one works.
        while !bench.disk.has_struck() {
            if let Err(error) = bench.save() {
                assert!(matches!(error, DbError::Down(_)), "sync {after}: {error}");
            }
        }
        bench.check();
        bench.save_until_kept();
        assert!(!bench.writer.mailbox().stats().is_down());
        bench.check();
    }
    assert!(bench.refused.len() >= 20, "{:?}", bench.refused);
    bench.end();
}

#[test]
fn a_write_or_a_read_that_fails_closes_the_file_and_opens_it_again() {
    let mut bench = Bench::new();
    for (act, code) in [(Act::Write, ffi::SQLITE_IOERR_WRITE), (Act::Read, ffi::SQLITE_IOERR_READ)] {
        for after in 0..20 {
            bench.writer.mailbox().shrink(); // what is in memory needs no reading
            bench.disk.fail(act, after, code);
            while !bench.disk.has_struck() {
                bench.writer.mailbox().shrink();
                match bench.save() {
                    Ok(()) => {}
                    Err(error) => assert!(matches!(error, DbError::Down(_)), "{act:?} {after}: {error}"),
                }
            }
            bench.save_until_kept();
            bench.check();
        }
    }
    assert!(bench.refused.len() >= 20, "{:?}", bench.refused);
    bench.end();
}

#[test]
fn a_file_that_stays_away_is_given_up_and_what_was_answered_is_there_when_it_comes_back() {
    let mut bench = Bench::new();
    bench.save().unwrap();
    bench.disk.fail_from(Act::Read, 0, ffi::SQLITE_IOERR_READ);
    bench.writer.mailbox().shrink();
    let began = Instant::now();
    while !bench.writer.mailbox().stats().is_lost() {
        assert!(bench.save().is_err());
        assert!(began.elapsed() < PATIENCE, "the writer never gives up");
        std::thread::yield_now();
    }
    assert!(matches!(bench.save(), Err(DbError::Stopped)));
    bench.disk.mend();
    bench.end();
}
