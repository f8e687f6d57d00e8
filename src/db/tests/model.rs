//! Random operations on the store and on a map: saves, refusals, clean ends, crashes, restores. Both stay the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::replay::Dice;
use crate::audit::{self, Actor, Entry, Verb};
use crate::db::{Access, Db, DbError, Entity, Files, Tx, checks};

type Map = BTreeMap<String, String>;

const RUNS: u64 = 12;
const STEPS: usize = 40;

/// The store, and what it should hold.
struct Pair {
    folder: tempfile::TempDir,
    db: Option<Db>,
    map: Map,
    /// Starts so far; each crash goes on in a folder of its own.
    starts: usize,
    /// A backup, and what it holds.
    backup: Option<(std::path::PathBuf, Map)>,
    /// A copy of the published file, what it holds, and whether a newer one has been published since.
    copy: Option<(Vec<u8>, Map, bool)>,
}

impl Pair {
    fn new() -> Pair {
        let folder = tempfile::tempdir().unwrap();
        let db = open(&folder.path().join("0"));
        Pair { folder, db: Some(db), map: Map::new(), starts: 1, backup: None, copy: None }
    }

    fn db(&self) -> &Db {
        self.db.as_ref().unwrap()
    }

    fn step(&mut self, dice: &mut Dice) {
        match dice.below(16) {
            0..6 => self.save(dice),
            6 => self.delete(dice),
            7 | 8 => self.refuse(dice),
            9 => self.several(dice),
            10 => self.publish(),
            11 => self.end(),
            12 => self.crash(false),
            13 => self.crash(true),
            14 => self.keep(),
            _ => self.restore(),
        }
    }

    fn save(&mut self, dice: &mut Dice) {
        let (key, value) = some_row(dice);
        self.map.insert(key.clone(), value.clone());
        self.db().write_blocking(move |tx| put(tx, &key, &value)).unwrap();
    }

    fn delete(&mut self, dice: &mut Dice) {
        let (key, _) = some_row(dice);
        self.map.remove(&key);
        let sql = "DELETE FROM settings WHERE key = ?1";
        self.db().write_blocking(move |tx| Ok::<_, DbError>(tx.conn().execute(sql, [key])?)).unwrap();
    }

    fn refuse(&mut self, dice: &mut Dice) {
        let (key, value) = some_row(dice);
        let refused = self.db().write_blocking(move |tx| {
            put(tx, &key, &value)?;
            Err::<(), _>(DbError::Down("on purpose".into()))
        });
        assert!(refused.is_err());
    }

    /// Several rows in a transaction of their own, as imports are, kept or not.
    fn several(&mut self, dice: &mut Dice) {
        let rows: Vec<_> = (0..5).map(|_| some_row(dice)).collect();
        let is_kept = dice.coin();
        if is_kept {
            self.map.extend(rows.iter().cloned());
        }
        let done = self.db().write_alone_blocking(move |tx| {
            rows.iter().try_for_each(|(key, value)| put(tx, key, value))?;
            if is_kept { Ok(()) } else { Err(DbError::Down("on purpose".into())) }
        });
        assert_eq!(done.is_ok(), is_kept);
    }

    fn publish(&mut self) {
        self.save(&mut Dice(self.starts as u64));
        self.db().publish_now().unwrap();
        match &mut self.copy {
            Some((_, _, is_older)) => *is_older = true,
            none => {
                *none = Some((fs::read(self.db.as_ref().unwrap().files().database()).unwrap(), self.map.clone(), false))
            }
        }
    }

    fn end(&mut self) {
        let files = self.db().files().clone();
        self.db().close();
        assert!(!files.live_folder().exists());
        self.db = Some(Db::open(files, Access::Own).unwrap());
        self.copy = None; // its store is gone, so it would be one of elsewhere
    }

    /// Goes on from what lies on the disk at this moment; `put_back` with an older copy in place of the file.
    fn crash(&mut self, put_back: bool) {
        let files = self.db().files().clone();
        let folder = self.folder.path().join(self.starts.to_string());
        self.starts += 1;
        let there = Files::of(&folder.join("meet.db"));
        fs::create_dir_all(there.live_folder()).unwrap();
        fs::copy(files.database(), there.database()).unwrap();
        fs::copy(files.live(), there.live()).unwrap();
        fs::copy(files.wal(), there.wal()).unwrap();
        if let Some((bytes, map, true)) = self.copy.take().filter(|_| put_back) {
            fs::write(there.database(), bytes).unwrap();
            self.map = map;
        }
        self.db = Some(open(&folder));
    }

    fn keep(&mut self) {
        let path = self.folder.path().join(format!("backup-{}", self.starts));
        self.db().pin().unwrap().copy_to(&path).unwrap();
        self.backup = Some((path, self.map.clone()));
    }

    fn restore(&mut self) {
        let Some((path, map)) = self.backup.clone() else { return };
        let kept = self.folder.path().join("kept");
        self.db().replace_with(&path, &kept, |_| Ok(())).unwrap();
        self.map = map;
        self.copy = None;
    }

    fn compare(&self, after: &str) {
        let sql = "SELECT key, value FROM settings";
        let stored = self.db().read_blocking(|conn| {
            for check in [checks::integrity(conn)?, checks::references(conn)?, checks::invariants(conn)?] {
                assert!(check.ok, "{after}: {}", check.detail);
            }
            assert_eq!(audit::verify(conn)?.fault, None, "{after}");
            let mut statement = conn.prepare(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok::<_, DbError>(rows.collect::<rusqlite::Result<Map>>()?)
        });
        assert_eq!(stored.unwrap(), self.map, "{after}");
    }
}

fn open(folder: &Path) -> Db {
    fs::create_dir_all(folder).unwrap();
    Db::open(Files::of(&folder.join("meet.db")), Access::Own).unwrap()
}

fn some_row(dice: &mut Dice) -> (String, String) {
    (format!("key {}", dice.below(20)), "x".repeat(dice.below(500)) + &dice.next().to_string())
}

fn put(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<(), DbError> {
    tx.conn().execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)", [key, value])?;
    Entry::new(Verb::Setting, Entity::Settings).write(tx, &Actor::server())
}

/// `ATHSYS_SEED` repeats one run.
#[test]
fn whatever_is_done_to_it_the_store_holds_what_it_should() {
    let seed = std::env::var("ATHSYS_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = seed
        .map_or_else(|| (0..RUNS).map(|run| crate::time::now_ms().cast_unsigned() + run).collect(), |seed| vec![seed]);
    for seed in seeds {
        println!("ATHSYS_SEED={seed}");
        let (mut pair, mut dice) = (Pair::new(), Dice(seed));
        for step in 0..STEPS {
            pair.step(&mut dice);
            pair.compare(&format!("seed {seed}, step {step}"));
        }
    }
}
