use std::sync::Arc;
use std::sync::mpsc;

use super::*;

fn open() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).unwrap();
    (folder, db)
}

fn add_setting(tx: &mut Tx<'_>, key: &str) -> Result<(), DbError> {
    tx.conn().execute("INSERT INTO settings (key, value) VALUES (?1, 'x')", [key])?;
    tx.touch(Entity::Settings);
    Ok(())
}

fn settings(db: &Db) -> i64 {
    db.read_blocking(|conn| Ok::<_, DbError>(settings_in(conn))).unwrap()
}

fn settings_in(conn: &Connection) -> i64 {
    conn.query_row("SELECT count(*) FROM settings", [], |row| row.get(0)).unwrap()
}

#[test]
fn the_writer_is_durable_and_the_readers_only_read() {
    let (_folder, db) = open();
    let (mode, synchronous): (String, i64) = db
        .write_blocking(|tx| {
            let mode = tx.conn().pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            Ok::<_, DbError>((mode, tx.conn().pragma_query_value(None, "synchronous", |row| row.get(0))?))
        })
        .unwrap();
    assert_eq!((mode.as_str(), synchronous), ("wal", 2));
    let refused = db.read_blocking(|conn| Ok::<_, DbError>(conn.execute("DELETE FROM settings", [])?));
    assert!(refused.is_err(), "a reader deleted rows");
    assert!(rusqlite::version_number() >= 3_051_003, "older SQLite can corrupt a WAL database");
}

/// What each is for stands in `connect`; here is that none of them is left out.
#[test]
fn every_connection_has_the_settings_that_the_promises_need() {
    let (_folder, db) = open();
    let all = [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("busy_timeout", 5_000),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("temp_store", 2),
        ("mmap_size", 0),
        ("fullfsync", 1),
        ("checkpoint_fullfsync", 1),
    ];
    let of_the_writer = [
        ("query_only", 0),
        ("secure_delete", 1),
        ("journal_size_limit", 8 << 20),
        ("wal_autocheckpoint", 1_000),
        ("cache_size", -4_000),
    ];
    let of_a_reader = [("query_only", 1), ("cache_size", -2_000)];
    let check = move |conn: &Connection, who: &str, wanted: &[(&str, i64)]| {
        for (name, value) in all.iter().chain(wanted) {
            let found: i64 = conn.pragma_query_value(None, name, |row| row.get(0)).unwrap();
            assert_eq!(found, *value, "{who}: {name}");
        }
        Ok::<_, DbError>(())
    };
    db.write_blocking(move |tx| check(tx.conn(), "the writer", &of_the_writer)).unwrap();
    db.read_blocking(|conn| check(conn, "a reader", &of_a_reader)).unwrap();
    check(&db.export_reader().unwrap(), "an export", &of_a_reader).unwrap();
    check(&connect::reader(&db.files().live()).unwrap(), "the publisher", &of_a_reader).unwrap();
    check(&connect::sealed(db.files().database()).unwrap(), "whoever checks a copy", &of_a_reader).unwrap();
}

#[test]
fn jobs_that_wait_share_one_commit_and_a_bad_one_leaves_its_neighbours() {
    let (_folder, db) = open();
    let (hold, held) = mpsc::channel::<()>();
    let (entered, waiting) = mpsc::channel();
    let blocker = db.clone();
    let first = std::thread::spawn(move || {
        blocker.write_blocking(move |tx| {
            entered.send(()).unwrap();
            held.recv().unwrap();
            add_setting(tx, "first")
        })
    });
    waiting.recv().unwrap();
    let before = db.load().commits;
    let jobs: Vec<_> = (0..20)
        .map(|n| {
            let db = db.clone();
            std::thread::spawn(move || {
                db.write_blocking(move |tx| {
                    add_setting(tx, &format!("job {n}"))?;
                    match n {
                        7 => Err(DbError::Down("refused on purpose".into())),
                        8 => panic!("on purpose"),
                        _ => Ok(()),
                    }
                })
            })
        })
        .collect();
    while db.load().queued < 20 {
        std::thread::yield_now();
    }
    hold.send(()).unwrap();
    first.join().unwrap().unwrap();
    let outcomes: Vec<bool> = jobs.into_iter().map(|job| job.join().unwrap().is_ok()).collect();
    assert_eq!(outcomes.iter().filter(|ok| **ok).count(), 18);
    assert_eq!(settings(&db), 19, "exactly the good jobs are stored");
    assert_eq!(db.load().commits - before, 1, "they shared one COMMIT");
}

#[test]
fn a_thousand_and_twenty_four_may_wait_and_sixty_four_share_a_commit() {
    let (_folder, db) = open();
    db.publish_now().unwrap();
    let (hold, held) = mpsc::channel::<()>();
    let (entered, waiting) = mpsc::channel();
    let writer = db.with_writer(|writer| Ok(writer.clone())).unwrap();
    let add = |number: usize| writer.shared(move |tx| add_setting(tx, &number.to_string()));
    let blocker = writer.shared(move |tx| {
        entered.send(()).unwrap();
        held.recv().unwrap();
        add_setting(tx, "first")
    });
    waiting.recv().unwrap();
    let before = db.load().commits;
    let queued: Vec<_> = (0..1_024).map(|number| add(number).expect("there is room")).collect();
    assert!(matches!(add(1_024), Err(DbError::QueueFull)));
    hold.send(()).unwrap();
    blocker.unwrap().blocking_recv().unwrap().unwrap();
    for answer in queued {
        answer.blocking_recv().unwrap().unwrap();
    }
    assert_eq!(settings(&db), 1_025);
    // 1,025 jobs are 17 times 64 or less; the publisher may have its turn between them.
    let commits = db.load().commits - before;
    assert!((17..20).contains(&commits), "{commits}");
}

#[test]
fn a_job_of_its_own_is_kept_whole_or_not_at_all() {
    let (_folder, db) = open();
    let refused = db.write_alone_blocking(|tx| {
        add_setting(tx, "half")?;
        Err::<(), _>(DbError::Down("not this time".into()))
    });
    assert!(refused.is_err());
    assert_eq!(settings(&db), 0);
    let panicked = db.write_alone_blocking(|tx| {
        add_setting(tx, "half")?;
        if settings_in(tx.conn()) == 1 {
            panic!("on purpose");
        }
        Ok::<_, DbError>(())
    });
    assert!(panicked.is_err());
    assert_eq!(settings(&db), 0);
    db.write_alone_blocking(|tx| add_setting(tx, "whole")).unwrap();
    assert_eq!(settings(&db), 1);
}

#[test]
fn a_commit_raises_the_count_of_the_tables_it_touched_and_no_other() {
    let (_folder, db) = open();
    let of = |entity| db.changes().generation(&[entity]);
    let (settings, athletes) = (of(Entity::Settings), of(Entity::Athletes));
    db.write_blocking(|tx| add_setting(tx, "one")).unwrap();
    assert_eq!(of(Entity::Settings), settings + 1);
    assert_eq!(of(Entity::Athletes), athletes);
    let failed = db.write_blocking(|tx| {
        add_setting(tx, "two")?;
        Err::<(), _>(DbError::Down("no".into()))
    });
    assert!(failed.is_err());
    assert_eq!(of(Entity::Settings), settings + 1, "what was not kept changes nothing");
}

#[test]
fn two_hundred_readers_never_need_more_than_the_pool_has() {
    let (_folder, db) = open();
    let most = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let readers: Vec<_> = (0..200)
        .map(|_| {
            let (db, most) = (db.clone(), most.clone());
            std::thread::spawn(move || {
                db.read_blocking(|conn| {
                    most.fetch_max(db.load().in_use, std::sync::atomic::Ordering::Relaxed);
                    Ok::<_, DbError>(conn.query_row("SELECT count(*) FROM athletes", [], |row| row.get::<_, i64>(0))?)
                })
            })
        })
        .collect();
    for reader in readers {
        assert_eq!(reader.join().unwrap().unwrap(), 0);
    }
    assert!(most.load(std::sync::atomic::Ordering::Relaxed) <= MAX_READERS);
}

/// As when the one who downloads has gone away.
#[test]
fn a_reader_that_is_let_go_in_the_middle_stands_in_nobodys_way() {
    let (_folder, db) = open();
    for round in 0..2 * MAX_EXPORTS {
        db.write_blocking(move |tx| add_setting(tx, &format!("round {round}"))).unwrap();
        let reader = db.export_reader().unwrap();
        assert_eq!(settings_in(&reader), i64::from(round) + 1, "it sees what there is now");
    }
    db.write_blocking(|tx| add_setting(tx, "last")).unwrap();
    let folded = "PRAGMA wal_checkpoint(TRUNCATE)";
    let conn = rusqlite::Connection::open(db.files().live()).unwrap();
    let busy = conn.query_row(folded, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!((busy, db.files().wal_bytes()), (0, 0), "and keeps nothing out of the store");
}

#[test]
fn a_file_is_refused_for_a_reason_that_a_person_understands() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meet.db");
    let open = || Db::open(Files::of(&path), Access::Own);

    std::fs::write(&path, "name,country\nJane,KEN\n").unwrap();
    assert!(matches!(open(), Err(OpenError::Foreign)), "a text file");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "name,country\nJane,KEN\n", "left untouched");

    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    assert!(matches!(open(), Err(OpenError::Foreign)), "somebody else's database");

    std::fs::remove_file(&path).unwrap();
    drop(open().unwrap());
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", newest_schema() + 1).unwrap();
    assert!(matches!(open(), Err(OpenError::Newer { .. })), "a newer schema");

    let missing = Db::open(Files::of(&folder.path().join("none.db")), Access::Beside);
    assert!(matches!(missing, Err(OpenError::Missing)));
    let no_folder = Db::open(Files::of(&folder.path().join("no/such/meet.db")), Access::Own);
    assert!(matches!(no_folder, Err(OpenError::NoFolder(_))));
}

#[test]
fn one_file_has_one_owner_and_any_number_of_readers() {
    let (folder, db) = open();
    let files = Files::of(&folder.path().join("meet.db"));
    assert!(matches!(Db::open(files.clone(), Access::Own), Err(OpenError::InUse)));
    let beside = Db::open(files.clone(), Access::Beside).unwrap();
    db.write_blocking(|tx| add_setting(tx, "seen")).unwrap();
    assert_eq!(settings(&beside), 1);
    assert!(matches!(beside.write_blocking(|tx| add_setting(tx, "no")), Err(DbError::Stopped)));
    drop(db);
    Db::open(files, Access::Own).expect("free again once its owner is gone");
}

/// A file of a version before the first schema.
fn make_older(path: &std::path::Path) {
    let older = rusqlite::Connection::open(path).unwrap();
    older.execute_batch("CREATE TABLE left_over (x); PRAGMA user_version = 0").unwrap();
    older.pragma_update(None, "application_id", super::connect::APPLICATION_ID).unwrap();
}

#[test]
fn an_older_file_is_brought_up_to_date_and_a_copy_of_it_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meet.db");
    make_older(&path);
    drop(Db::open(Files::of(&path), Access::Own).unwrap());
    let copies: Vec<_> = std::fs::read_dir(folder.path().join("backups")).unwrap().collect();
    assert_eq!(copies.len(), 1);
    let copy = rusqlite::Connection::open(copies[0].as_ref().unwrap().path()).unwrap();
    let tables: i64 = copy.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1, "the copy is the file as it was");
}

#[test]
fn a_missing_table_is_named_and_can_be_created_again() {
    let (_folder, db) = open();
    db.write_blocking(|tx| Ok::<_, DbError>(tx.conn().execute_batch("DROP TABLE results")?)).unwrap();
    let differences = db.read_blocking(schema_differences).unwrap();
    assert!(differences.contains(&"the table results is missing".to_owned()), "{differences:?}");
    let created = db.write_blocking(|tx| create_missing(tx.conn())).unwrap();
    assert_eq!(created, ["results"]);
    assert_eq!(db.read_blocking(schema_differences).unwrap(), Vec::<String>::new());
}

#[test]
fn a_full_disk_fails_the_write_and_leaves_the_rest_readable() {
    let (_folder, db) = open();
    let full = db.write_blocking(|tx| {
        let pages: i64 = tx.conn().pragma_query_value(None, "page_count", |row| row.get(0))?;
        tx.conn().pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        for n in 0..10_000 {
            add_setting(tx, &format!("a long enough key to fill many pages {n}"))?;
        }
        Ok::<_, DbError>(())
    });
    assert!(matches!(full, Err(DbError::DiskFull)), "{full:?}");
    assert_eq!(settings(&db), 0);
    db.write_blocking(|tx| {
        tx.conn().pragma_update_and_check(None, "max_page_count", 1_000_000, |_| Ok(()))?;
        add_setting(tx, "after")
    })
    .expect("writing goes on when there is room again");
    assert_eq!(settings(&db), 1);
}

/// SQLite then takes the whole transaction back by itself, and what follows would be stored one by one although its
/// COMMIT fails.
#[test]
fn a_job_that_does_not_mind_a_full_disk_leaves_nothing_half_said() {
    let (_folder, db) = open();
    let (hold, held) = mpsc::channel::<()>();
    let writer = db.with_writer(|writer| Ok(writer.clone())).unwrap();
    let first = writer.shared(move |tx| {
        held.recv().unwrap();
        add_setting(tx, "first")
    });
    let careless = writer.shared(|tx| {
        let pages: i64 = tx.conn().pragma_query_value(None, "page_count", |row| row.get(0))?;
        tx.conn().pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        while add_setting(tx, &format!("{} of many long keys that fill a page", settings_in(tx.conn()))).is_ok() {}
        assert!(tx.conn().is_autocommit(), "the transaction is gone");
        tx.conn().pragma_update_and_check(None, "max_page_count", 1_000_000, |_| Ok(()))?;
        Ok::<_, DbError>(())
    });
    let last = writer.shared(|tx| add_setting(tx, "last"));
    hold.send(()).unwrap();
    let kept = [first, careless, last].map(|answer| answer.unwrap().blocking_recv().unwrap().is_ok());
    assert_eq!(kept[..2], [false, false], "their transaction is gone");
    assert_eq!(settings(&db), i64::from(kept[2]), "what was refused is not there");
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_computer_may_read_what_is_stored() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meet.db");
    make_older(&path);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let db = Db::open(Files::of(&path), Access::Own).unwrap();
    let files = db.files();
    assert_eq!((mode(&files.live_folder()), mode(&files.backups())), (0o700, 0o700));
    let kept = std::fs::read_dir(files.backups()).unwrap().next().unwrap().unwrap().path();
    assert_eq!(mode(&kept), 0o600, "the copy from before the migration");
    drop(db);
    std::fs::remove_file(&path).unwrap();
    let db = Db::open(Files::of(&path), Access::Own).unwrap();
    assert_eq!((mode(&path), mode(&db.files().live()), mode(&db.files().wal())), (0o600, 0o600, 0o600));
}

mod faults;
mod model;
mod power_loss;
mod replay;
pub(super) mod vfs;
