//! The power goes at any moment: what was answered is there afterwards, and the database is whole.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;
use rusqlite::ffi::SQLITE_IOERR_FSYNC;

use super::replay::{Dice, Fate, Image, Replay};
use super::vfs::{Act, Disk, Part, Step};
use crate::audit::{Actor, Entry, Verb};
use crate::db::writer::Writer;
use crate::db::{DbError, Entity, Tx, checks, connect, migrate};

const IMAGES: usize = 2_000;
/// Enough for a fault that shows at all.
const PROOFS: usize = 400;
const JOBS: u64 = 100;
/// Starts in between: the log is folded back, deleted and made anew.
const STARTS: u64 = 4;

/// What was done to a disk, on which a database lay.
struct Record {
    before: Vec<u8>,
    steps: Vec<Step>,
}

/// How the disk, or whoever uses it, differs from what it should be.
#[derive(Clone, Copy, PartialEq)]
enum Wrong {
    Nothing,
    Synchronous(&'static str),
    LyingDisk,
    FailingSyncs,
}

/// The real writer at work, with a disk that remembers.
fn record(wrong: Wrong, seed: u64) -> Record {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meet.db");
    let mut dice = Dice(seed);
    let fresh = Disk::forgetful(&path);
    create(&path);
    drop(fresh);
    let before = std::fs::read(&path).unwrap();
    let disk = Disk::watch(&path);
    if wrong == Wrong::LyingDisk {
        disk.lie();
    }
    let mut next = 0;
    for start in 1..=STARTS {
        let conn = connect::writer(&path).unwrap();
        if let Wrong::Synchronous(level) = wrong {
            conn.pragma_update(None, "synchronous", level).unwrap();
        }
        conn.pragma_update(None, "wal_autocheckpoint", 25).unwrap();
        let writer = begin(conn, &path);
        while next < start * JOBS {
            if wrong == Wrong::FailingSyncs && dice.below(4) == 0 {
                disk.fail(Act::Sync, dice.below(3) as u64, SQLITE_IOERR_FSYNC);
            }
            let sent: Vec<_> = (next..=next + dice.below(5) as u64)
                .map(|number| {
                    let filling = "x".repeat(dice.below(2_000));
                    (number, writer.mailbox().shared(move |tx| save(tx, number, &filling)).unwrap())
                })
                .collect();
            next += sent.len() as u64;
            for (number, answer) in sent {
                match answer.blocking_recv().unwrap() {
                    Ok(()) => disk.ack(number),
                    Err(error) => assert!(wrong == Wrong::FailingSyncs, "{error}"),
                }
            }
        }
        disk.mend();
        writer.stop();
    }
    Record { before, steps: disk.steps() }
}

/// The real writer, with nobody who publishes.
pub fn begin(conn: Connection, path: &Path) -> Writer {
    Writer::start(conn, path.to_owned(), Arc::default(), Arc::default(), Box::new(|_| Ok(())))
}

/// The tables a save touches, and no others: each image is written and checked whole.
pub fn create(path: &Path) {
    let mut conn = connect::writer(path).unwrap();
    migrate::migrate(&mut conn).unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    let sql = "SELECT 'DROP TABLE ' || name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
        AND name NOT IN ('settings', 'meta', 'audit_logs', 'audit_payloads', 'change_switch', 'change_log')";
    let drops: Vec<String> =
        conn.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    conn.execute_batch(&format!("{}; VACUUM", drops.join(";"))).unwrap();
}

/// A row that stays, some that come and go, and an audit row.
pub fn save(tx: &mut Tx<'_>, number: u64, filling: &str) -> Result<(), DbError> {
    let mut insert = tx.conn().prepare_cached("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)")?;
    insert.execute((format!("row {number}"), "kept"))?;
    insert.execute((format!("filling {}", number % 7), filling))?;
    Entry::new(Verb::Setting, Entity::Settings).id(number.cast_signed()).write(tx, &Actor::server())
}

/// What is found after so many power cuts.
#[derive(Debug, Default)]
struct Found {
    images: usize,
    /// Images that lack something that was answered.
    lossy: usize,
    corrupt: Vec<String>,
}

/// Cuts the power at so many moments, in every way.
fn cut(record: &Record, images: usize, seed: u64) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.db");
    let _disk = Disk::forgetful(&path);
    let mut dice = Dice(seed);
    let mut moments: Vec<usize> = (0..images).map(|_| dice.below(record.steps.len() + 1)).collect();
    moments.sort_unstable();
    let mut replay = Replay::of(record.before.clone(), seed);
    let mut acked = HashSet::new();
    let (mut done, mut found) = (0, Found::default());
    for (number, moment) in moments.into_iter().enumerate() {
        for step in &record.steps[done..moment] {
            replay.apply(step);
            if let Step::Ack(row) = step {
                acked.insert(*row);
            }
        }
        done = moment;
        let image = replay.cut(Fate::ALL[number % Fate::ALL.len()]);
        found.images += 1;
        match look(&path, &image) {
            Ok(rows) => found.lossy += usize::from(!acked.is_subset(&rows)),
            Err(fault) => found.corrupt.push(fault),
        }
    }
    found
}

/// Opens an image as a start does, and checks it. Answers the rows that are there.
fn look(path: &Path, image: &Image) -> Result<HashSet<u64>, String> {
    let _ = std::fs::remove_file(path.with_extension("db-shm"));
    for part in Part::ALL {
        match image.get(&part) {
            Some(bytes) => std::fs::write(part.of(path), bytes).unwrap(),
            None => drop(std::fs::remove_file(part.of(path))),
        }
    }
    let conn = connect::writer(path).map_err(|error| error.to_string())?;
    verify(&conn).map_err(|error| error.to_string())
}

/// The rows that are there, in a database that is whole.
pub fn verify(conn: &Connection) -> Result<HashSet<u64>, DbError> {
    for check in [checks::integrity(conn)?, checks::references(conn)?, checks::invariants(conn)?] {
        if !check.ok {
            return Err(DbError::Down(check.detail));
        }
    }
    let mut statement = conn.prepare("SELECT substr(key, 5) FROM settings WHERE key LIKE 'row %'")?;
    let rows: HashSet<u64> = statement
        .query_map([], |row| Ok(row.get::<_, String>(0)?.parse().unwrap()))?
        .collect::<rusqlite::Result<_>>()?;
    let audited: i64 = conn.query_row("SELECT count(*) FROM audit_logs", [], |row| row.get(0))?;
    if audited.unsigned_abs() as usize != rows.len() {
        return Err(DbError::Down(format!("{} rows and {audited} audit rows: half a transaction", rows.len())));
    }
    Ok(rows)
}

fn seed() -> u64 {
    let seed = std::env::var("ATHSYS_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| crate::time::now_ms().cast_unsigned());
    println!("ATHSYS_SEED={seed} repeats this");
    seed
}

#[test]
fn nothing_answered_is_lost_and_nothing_is_torn_when_the_power_goes() {
    let (seed, started) = (seed(), Instant::now());
    let record = record(Wrong::Nothing, seed);
    let found = cut(&record, IMAGES, seed);
    println!("{} steps, {} images in {:?}", record.steps.len(), found.images, started.elapsed());
    assert_eq!((found.images, found.lossy, found.corrupt), (IMAGES, 0, Vec::new()));
}

/// After a sync that failed the system forgets what it could not write: trying again would promise what is not there.
#[test]
fn nothing_answered_is_lost_when_syncs_have_failed_before() {
    let seed = seed();
    for round in 0..4 {
        let record = record(Wrong::FailingSyncs, seed + round);
        let failed = record.steps.iter().filter(|step| matches!(step, Step::FailedSync(_))).count();
        assert!(failed > 10, "only {failed} syncs failed");
        let found = cut(&record, PROOFS, seed + round);
        assert_eq!((found.lossy, found.corrupt), (0, Vec::new()), "round {round}");
    }
}

#[test]
fn the_cuts_would_find_a_database_that_syncs_too_seldom() {
    let seed = seed();
    let normal = cut(&record(Wrong::Synchronous("NORMAL"), seed), PROOFS, seed);
    assert!(normal.lossy > PROOFS / 4 && normal.corrupt.is_empty(), "{normal:?}");
    let off = cut(&record(Wrong::Synchronous("OFF"), seed), PROOFS, seed);
    assert!(!off.corrupt.is_empty(), "without syncs: {off:?}");
    let lying = cut(&record(Wrong::LyingDisk, seed), PROOFS, seed);
    assert!(!lying.corrupt.is_empty(), "on a disk that does not do what it says: {lying:?}");
}
