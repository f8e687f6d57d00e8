use std::fs;

use super::*;
use crate::db::files::LASTING;
use crate::db::tests::vfs::{Disk, Part, Step};
use crate::db::{Access, Db};

fn folder() -> (tempfile::TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::of(&folder.path().join("meet.db"));
    (folder, files)
}

fn open(files: &Files) -> Db {
    Db::open(files.clone(), Access::Own).unwrap()
}

fn add(db: &Db, key: &'static str) {
    db.write_blocking(move |tx| {
        tx.conn().execute("INSERT INTO settings (key, value) VALUES (?1, 'x')", [key])?;
        Ok::<_, DbError>(())
    })
    .unwrap();
}

fn keys(db: &Db) -> Vec<String> {
    db.read_blocking(|conn| {
        let mut statement = conn.prepare("SELECT key FROM settings ORDER BY key")?;
        Ok::<_, DbError>(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    })
    .unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What lies on the disk after a crash: the file and the working folder as they are, under another name.
fn crashed(files: &Files, to: &Path) -> Files {
    let there = Files::of(&to.join("meet.db"));
    fs::create_dir(there.live_folder()).unwrap();
    fs::copy(files.database(), there.database()).unwrap();
    fs::copy(files.live(), there.live()).unwrap();
    fs::copy(files.wal(), there.wal()).unwrap();
    there
}

#[test]
fn a_clean_end_leaves_just_the_file_and_the_next_start_takes_it_up() {
    let (folder, files) = folder();
    let db = open(&files);
    assert_eq!(db.origin(), &Origin::New);
    assert!(files.database().exists(), "the file is there from the first moment");
    add(&db, "one");
    db.close();
    assert_eq!(names(folder.path()), ["meet.db"]);
    let db = open(&files);
    assert_eq!((db.origin(), keys(&db)), (&Origin::Left, vec!["one".to_owned()]));
    let before = fs::read(files.database()).unwrap();
    db.close();
    assert_eq!(fs::read(files.database()).unwrap(), before, "nothing was changed, so nothing was written");
}

#[test]
fn after_a_crash_the_live_store_counts_with_all_that_the_file_lacks() {
    let (_folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    let elsewhere = tempfile::tempdir().unwrap();
    let there = crashed(&files, elsewhere.path());
    let again = open(&there);
    assert_eq!((again.origin(), keys(&again)), (&Origin::Crashed, vec!["one".to_owned()]));
    again.publish_now().unwrap();
    let copy = rusqlite::Connection::open(there.database()).unwrap();
    assert_eq!(copy.query_row("SELECT count(*) FROM settings", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn an_older_copy_put_back_is_a_restore_and_the_live_store_is_kept() {
    let (_folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    db.publish_now().unwrap();
    let copy = fs::read(files.database()).unwrap();
    add(&db, "two");
    db.publish_now().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let there = crashed(&files, elsewhere.path());
    fs::write(there.database(), &copy).unwrap();
    let restored = open(&there);
    let Origin::Restored { kept } = restored.origin().clone() else { panic!("{:?}", restored.origin()) };
    assert_eq!(keys(&restored), ["one"]);
    let kept = connect::sealed(&kept).unwrap();
    assert_eq!(kept.query_row("SELECT count(*) FROM settings", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    restored.close();
    assert_eq!(keys(&open(&there)), ["one"], "and it stays restored");
}

#[test]
fn the_copy_that_was_published_last_is_no_restore() {
    let (_folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    db.publish_now().unwrap();
    add(&db, "two");
    let elsewhere = tempfile::tempdir().unwrap();
    let there = crashed(&files, elsewhere.path());
    let again = open(&there);
    assert_eq!((again.origin(), keys(&again)), (&Origin::Crashed, vec!["one".to_owned(), "two".to_owned()]));
}

#[test]
fn a_copy_of_a_running_server_is_known_as_put_back() {
    let (_folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    db.publish_now().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let there = Files::of(&elsewhere.path().join("copy.db"));
    fs::copy(files.database(), there.database()).unwrap();
    let copy = open(&there);
    assert_eq!((copy.origin(), keys(&copy)), (&Origin::PutBack, vec!["one".to_owned()]));
}

#[test]
fn what_is_no_database_is_kept_and_the_live_store_goes_on() {
    let (_folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    let whole = fs::read(files.database()).unwrap();
    for bad in [
        &b""[..],
        b"just some text, at least a hundred bytes of it, or SQLite would not even look at all of it ......",
        &whole[..4096 * 3],
    ] {
        let elsewhere = tempfile::tempdir().unwrap();
        let there = crashed(&files, elsewhere.path());
        fs::write(there.database(), bad).unwrap();
        let again = open(&there);
        let Origin::Repaired { kept: Some(kept) } = again.origin().clone() else { panic!("{:?}", again.origin()) };
        assert_eq!(fs::read(kept).unwrap(), bad);
        assert_eq!(keys(&again), ["one"]);
        assert!(connect::sealed(there.database()).unwrap().is_readonly("main").is_ok());
    }
}

#[test]
fn a_damaged_file_alone_is_refused_and_left_as_it_is() {
    let (folder, files) = folder();
    let db = open(&files);
    db.close();
    let cut = fs::read(files.database()).unwrap()[..4096 * 3].to_vec();
    fs::write(files.database(), &cut).unwrap();
    assert!(matches!(Db::open(files.clone(), Access::Own), Err(OpenError::Damaged(_))));
    assert_eq!(fs::read(files.database()).unwrap(), cut);
    assert_eq!(names(folder.path()), ["meet.db"]);
}

#[test]
fn a_file_that_an_earlier_version_left_with_its_log_is_adopted_whole() {
    let (_folder, files) = folder();
    drop(open(&files));
    let elsewhere = tempfile::tempdir().unwrap();
    let there = Files::of(&elsewhere.path().join("old.db"));
    let old = rusqlite::Connection::open(files.database()).unwrap();
    let mode: String = old.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let triggers = "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema
        WHERE type = 'trigger' AND sql LIKE '%change_log%'";
    let later: String = old.query_row(triggers, [], |row| row.get(0)).unwrap();
    old.execute_batch(&later).unwrap();
    old.execute_batch(
        "DROP TABLE publish; DROP TABLE change_switch; DROP TABLE change_log; DROP TABLE change_epochs;
         DROP TABLE sync_errors; DROP TABLE sync_seen; DELETE FROM meta WHERE key = 'db_id';
         DROP TABLE station_visits; DROP TABLE stations; DROP TABLE backup_codes; DROP TABLE second_factors;
         ALTER TABLE sessions DROP COLUMN confirmed_at;
         DELETE FROM refinery_schema_history WHERE version > 3; PRAGMA user_version = 3",
    )
    .unwrap();
    old.execute_batch("INSERT INTO settings (key, value) VALUES ('in the log', 'x')").unwrap();
    let log = files.foreign_wal();
    assert!(fs::metadata(&log).unwrap().len() > 0);
    fs::copy(files.database(), there.database()).unwrap();
    fs::copy(&log, there.foreign_wal()).unwrap();
    fs::write(elsewhere.path().join("old.db.lock"), "").unwrap();
    let adopted = open(&there);
    assert_eq!((adopted.origin(), keys(&adopted)), (&Origin::Older, vec!["in the log".to_owned()]));
    adopted.close();
    assert_eq!(names(elsewhere.path()), ["backups", "old.db"]);
    assert_eq!(keys(&open(&there)), ["in the log"]);
}

#[test]
fn a_file_changed_by_hand_after_a_crash_is_kept_beside_or_taken_on_demand() {
    let (_folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    db.publish_now().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let there = crashed(&files, elsewhere.path());
    let by_hand = rusqlite::Connection::open(there.database()).unwrap();
    by_hand.execute("INSERT INTO settings (key, value) VALUES ('by hand', 'x')", []).unwrap();
    drop(by_hand);
    let again = elsewhere.path().join("again");
    fs::create_dir(&again).unwrap();
    let second = crashed(&there, &again);
    let live = open(&there);
    assert_eq!((live.origin(), keys(&live)), (&Origin::Crashed, vec!["one".to_owned()]));
    assert_eq!(names(&there.backups()).len(), 1, "the changed file is kept");
    let file = Db::open_own(second, Prefer::File).unwrap();
    assert_eq!(keys(&file), ["by hand", "one"]);
}

/// A file as a clean end leaves it, with a row in it, and a working folder in which nothing has been done yet.
fn left() -> (tempfile::TempDir, Files) {
    let (folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    db.close();
    fs::create_dir(files.live_folder()).unwrap();
    (folder, files)
}

#[test]
fn a_store_of_which_the_power_left_half_is_adopted_again() {
    let (folder, files) = left();
    let whole = fs::read(files.database()).unwrap();
    adopt(&files).unwrap();
    assert!(files.adopting().exists(), "until it is on the disk it is known as a mere copy");
    fs::write(files.live(), &whole[..whole.len() / 2]).unwrap();
    let db = open(&files);
    assert_eq!((db.origin(), keys(&db)), (&Origin::Left, vec!["one".to_owned()]));
    assert!(!files.adopting().exists());
    db.close();
    assert_eq!(names(folder.path()), ["meet.db"], "no half of it is kept as something");
}

#[test]
fn an_adopted_store_is_on_the_disk_before_anything_in_it_is_promised() {
    let (_folder, files) = left();
    let disk = Disk::watch(&files.live());
    let conn = adopt(&files).unwrap();
    disk.steps();
    LASTING.take();
    finish_adopting(&files, &conn).unwrap();
    let steps = disk.steps();
    assert!(steps.iter().any(|step| matches!(step, Step::Sync(Part::Main))), "{} steps", steps.len());
    let names = ("flush", files.live_folder());
    assert_eq!(LASTING.take(), [names.clone(), names], "its name is there before the mark goes, and the mark is gone");
    assert!(!files.adopting().exists());
}

/// As a torn copy may be: every page of it is sound, and it does not hold what it says.
fn untrue(file: &Path) {
    let conn = rusqlite::Connection::open(file).unwrap();
    conn.execute("UPDATE meta SET value = '99' WHERE key = 'audit_count'", []).unwrap();
}

#[test]
fn a_file_that_does_not_hold_what_it_says_is_not_taken() {
    let (folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    db.publish_now().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let there = crashed(&files, elsewhere.path());
    untrue(there.database());
    let again = open(&there);
    let Origin::Repaired { kept: Some(kept) } = again.origin() else { panic!("{:?}", again.origin()) };
    assert!(kept.to_string_lossy().ends_with("-damaged.db"), "{kept:?}");
    assert_eq!(keys(&again), ["one"]);
    db.close();
    untrue(files.database());
    let before = fs::read(files.database()).unwrap();
    assert!(matches!(Db::open(files.clone(), Access::Own), Err(OpenError::Damaged(_))), "there is nothing else");
    assert_eq!((fs::read(files.database()).unwrap(), names(folder.path())), (before, vec!["meet.db".to_owned()]));
}

#[test]
fn a_live_store_that_does_not_hold_what_it_says_is_kept_and_the_file_goes_on() {
    let (_folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    db.publish_now().unwrap();
    add(&db, "two");
    let elsewhere = tempfile::tempdir().unwrap();
    let there = crashed(&files, elsewhere.path());
    fs::write(there.database(), fs::read(files.database()).unwrap()).unwrap();
    untrue(&there.live());
    let again = open(&there);
    let Origin::Restored { kept } = again.origin() else { panic!("{:?}", again.origin()) };
    assert!(kept.to_string_lossy().ends_with("-damaged.db"), "{kept:?}");
    let kept = rusqlite::Connection::open(kept).unwrap();
    let rows = "SELECT group_concat(key) FROM (SELECT key FROM settings ORDER BY key)";
    assert_eq!(kept.query_row(rows, [], |row| row.get::<_, String>(0)).unwrap(), "one,two", "with its log");
    assert!(matches!(keys(&again).as_slice(), [one] | [one, _] if one == "one"));
}

/// Whose it is nobody knows, so it is kept as well.
#[test]
fn a_log_beside_a_file_that_is_put_back_is_not_thrown_away() {
    let (_folder, files) = folder();
    let db = open(&files);
    add(&db, "one");
    db.publish_now().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let there = crashed(&files, elsewhere.path());
    fs::write(there.foreign_wal(), "somebody's log").unwrap();
    let again = open(&there);
    assert_eq!(keys(&again), ["one"]);
    let kept: Vec<String> = names(&there.backups()).into_iter().filter(|name| name.contains("found-log")).collect();
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!(fs::read_to_string(there.backups().join(kept)).unwrap(), "somebody's log");
    assert!(!there.foreign_wal().exists());
}
