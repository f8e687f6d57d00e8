use super::*;
use crate::db::{Access, Entity, connect};

fn open() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).unwrap();
    (folder, db)
}

fn add(db: &Db, key: &'static str) {
    db.write_blocking(move |tx| {
        tx.conn().execute("INSERT INTO settings (key, value) VALUES (?1, 'x')", [key])?;
        Ok::<_, DbError>(())
    })
    .unwrap();
}

fn count(db: &Db) -> i64 {
    db.read_blocking(|conn| Ok::<_, DbError>(conn.query_row("SELECT count(*) FROM settings", [], |row| row.get(0))?))
        .unwrap()
}

#[test]
fn a_backup_takes_the_place_of_the_store_and_what_was_there_is_kept() {
    let (folder, db) = open();
    add(&db, "one");
    let backup = folder.path().join("backup.db");
    db.pin().unwrap().copy_to(&backup).unwrap();
    add(&db, "two");
    let before = db.changes().generation(&[Entity::Results]);
    let kept = folder.path().join("kept.db");
    db.replace_with(&backup, &kept, |tx| {
        tx.conn().execute("INSERT INTO settings (key, value) VALUES ('first', 'x'), ('second', 'x')", [])?;
        Ok(())
    })
    .unwrap();
    assert_eq!(count(&db), 3, "one, and what was done first");
    assert!(db.changes().generation(&[Entity::Results]) > before, "caches of the old store end");
    let kept = connect::sealed(&kept).unwrap();
    assert_eq!(kept.query_row("SELECT count(*) FROM settings", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    add(&db, "after");
    db.close();
    let again = Db::open(db.files().clone(), Access::Own).unwrap();
    assert_eq!(count(&again), 4);
}

#[test]
fn a_restore_that_fails_leaves_the_store_as_it_was() {
    let (folder, db) = open();
    add(&db, "one");
    let backup = folder.path().join("backup.db");
    db.pin().unwrap().copy_to(&backup).unwrap();
    add(&db, "two");
    let refused = db.replace_with(&backup, &folder.path().join("kept.db"), |_| Err(DbError::Down("no".into())));
    assert!(matches!(refused, Err(DbError::Down(_))));
    assert_eq!(count(&db), 2);
    let nowhere = folder.path().join("no/such/folder/kept.db");
    assert!(db.replace_with(&backup, &nowhere, |_| Ok(())).is_err());
    assert_eq!(count(&db), 2, "what cannot be kept is not replaced");
    add(&db, "three");
}

#[test]
fn a_reader_of_the_old_store_finishes_on_it() {
    let (folder, db) = open();
    add(&db, "one");
    let backup = folder.path().join("backup.db");
    db.pin().unwrap().copy_to(&backup).unwrap();
    add(&db, "two");
    let reader = db.export_reader().unwrap();
    let seen = |reader: &crate::db::Reader| -> i64 {
        reader.query_row("SELECT count(*) FROM settings", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(seen(&reader), 2);
    if cfg!(unix) {
        db.replace_with(&backup, &folder.path().join("kept.db"), |_| Ok(())).unwrap();
        assert_eq!((seen(&reader), count(&db)), (2, 1));
    }
}
