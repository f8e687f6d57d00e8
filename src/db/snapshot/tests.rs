use std::fs;

use super::*;
use crate::db::files::LASTING;
use crate::db::{Access, Db};

fn open() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).unwrap();
    (folder, db)
}

fn stamped(db: &Db) -> String {
    db.write_blocking(|tx| stamp(tx, Kind::Backup)).unwrap()
}

/// A power cut may come between any two steps, and then a name must never stand for what is not on the disk.
#[test]
fn a_copy_is_on_the_disk_before_it_has_its_name_and_the_name_before_it_is_told() {
    let (folder, db) = open();
    let stamp = stamped(&db);
    let (coming, named) = (folder.path().join("coming"), folder.path().join("named.db"));
    LASTING.take();
    write(&connect::reader(&db.files().live()).unwrap(), &stamp, &coming, Pace::hurried()).unwrap();
    put_in_place(&coming, &named).unwrap();
    let steps = [("flush", coming.clone()), ("rename", named.clone()), ("flush", folder.path().to_owned())];
    assert_eq!(LASTING.take(), steps);
    assert!(named.exists() && !coming.exists());
}

#[test]
fn a_copy_that_does_not_hold_what_it_says_is_not_published_and_what_was_there_stays() {
    let (_folder, db) = open();
    db.publish_now().unwrap();
    let before = fs::read(db.files().database()).unwrap();
    let count = |value: &'static str| {
        let sql = "UPDATE meta SET value = ?1 WHERE key = 'audit_count'";
        db.write_blocking(move |tx| Ok::<_, DbError>(tx.conn().execute(sql, [value])?)).unwrap();
    };
    count("7");
    let refused = db.publish_now().unwrap_err().to_string();
    assert!(refused.contains("the copy is not sound: the file says that its audit log has 7 rows"), "{refused}");
    assert_eq!(fs::read(db.files().database()).unwrap(), before);
    assert!(db.published().error.is_some_and(|error| error.contains("the copy is not sound")));
    count("0");
    db.publish_now().unwrap();
    assert_eq!(db.published().error, None);
    assert_ne!(fs::read(db.files().database()).unwrap(), before);
}

#[test]
fn of_a_copy_that_failed_nothing_is_left() {
    let (folder, db) = open();
    let coming = folder.path().join("coming");
    let source = connect::reader(&db.files().live()).unwrap();
    let refused = write(&source, &"0".repeat(32), &coming, Pace::hurried()).unwrap_err().to_string();
    assert!(refused.contains("the copy does not hold its own stamp"), "{refused}");
    assert!(!coming.exists());
}

#[test]
fn only_the_last_thousand_copies_are_remembered() {
    let (_folder, db) = open();
    let stamps: Vec<String> = (0..1_100).map(|_| stamped(&db)).collect();
    let newest = stamps[1_099].clone();
    let kept = "SELECT count(*), (SELECT stamp FROM publish ORDER BY no DESC LIMIT 1) FROM publish";
    let read = |conn: &Connection| Ok::<_, DbError>(conn.query_row(kept, [], |row| Ok((row.get(0)?, row.get(1)?)))?);
    assert_eq!(db.read_blocking(read).unwrap(), (1_000, newest));
}
