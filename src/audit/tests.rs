use super::*;
use crate::db::{Access, Db, Files};

fn open() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).unwrap();
    (folder, db)
}

fn write(db: &Db, n: i64) {
    let details = serde_json::json!({ "n": n });
    db.write_blocking(move |tx| {
        Entry::new(Verb::Setting, Entity::Settings).id(n).details(&details).write(tx, &Actor::console())
    })
    .unwrap();
}

/// Changes the file as somebody with a database editor would.
fn edit(db: &Db, sql: &'static str) {
    db.write_blocking(move |tx| Ok::<_, DbError>(tx.conn().execute_batch(sql)?)).unwrap();
}

fn fault(db: &Db) -> Option<String> {
    db.read_blocking(verify).unwrap().fault
}

#[test]
fn rows_are_numbered_without_gaps_and_chained() {
    let (_folder, db) = open();
    (1..=3).for_each(|n| write(&db, n));
    let report = db.read_blocking(verify).unwrap();
    assert_eq!(report, ChainReport { rows: 3, fault: None });
    let head = db.read_blocking(head).unwrap();
    assert_eq!((head.seq, head.hash.len()), (3, 64));
}

#[test]
fn audit_rows_refuse_to_be_changed_or_deleted() {
    let (_folder, db) = open();
    write(&db, 1);
    for sql in ["UPDATE audit_logs SET user_name = 'somebody else'", "DELETE FROM audit_logs"] {
        let refused = db.write_blocking(move |tx| Ok::<_, DbError>(tx.conn().execute(sql, [])?));
        assert!(refused.is_err(), "{sql}");
    }
}

#[test]
fn a_change_made_by_hand_is_found_and_named() {
    let cases = [
        (
            "DROP TRIGGER audit_logs_stay; UPDATE audit_logs SET user_name = 'nobody' WHERE seq = 2",
            "audit row 2 was changed",
        ),
        ("UPDATE audit_payloads SET details = '{\"n\":9}' WHERE seq = 2", "what audit row 2 says was changed"),
        (
            "DROP TRIGGER audit_logs_remain; PRAGMA foreign_keys = off; DELETE FROM audit_payloads WHERE seq = 2;
             DELETE FROM audit_logs WHERE seq = 2",
            "audit row 2 was removed",
        ),
        (
            "DROP TRIGGER audit_logs_remain; DELETE FROM audit_payloads WHERE seq = 3; DELETE FROM audit_logs WHERE seq = 3",
            "audit row 3 was removed from the end",
        ),
        (
            "INSERT INTO audit_logs SELECT 4, user_id, user_name, action, entity_type, entity_id, created_at,
                payload_digest, hash FROM audit_logs WHERE seq = 3",
            "audit row 4 was added by another program",
        ),
        (
            "INSERT INTO audit_logs SELECT 4, user_id, user_name, action, entity_type, entity_id, created_at,
                payload_digest, hash FROM audit_logs WHERE seq = 3;
             UPDATE meta SET value = '4' WHERE key = 'audit_count'",
            "audit row 4 was added by another program",
        ),
        (
            "INSERT INTO audit_logs SELECT 0, user_id, user_name, action, entity_type, entity_id, created_at,
                payload_digest, hash FROM audit_logs WHERE seq = 3",
            "audit row 0 was added by another program",
        ),
        (
            "DROP TRIGGER audit_logs_remain; DELETE FROM audit_payloads WHERE seq < 3; DELETE FROM audit_logs WHERE seq < 3",
            "audit rows 1 to 2 were removed",
        ),
        ("UPDATE meta SET value = 'other' WHERE key = 'audit_head'", "audit row 3 was put in place of another one"),
    ];
    for (sql, expected) in cases {
        let (_folder, db) = open();
        (1..=3).for_each(|n| write(&db, n));
        edit(&db, sql);
        let found = fault(&db).unwrap_or_default();
        assert!(found.contains(expected), "{sql}: {found}");
    }
}

#[test]
fn a_payload_may_be_erased_and_the_chain_still_holds() {
    let (_folder, db) = open();
    (1..=3).for_each(|n| write(&db, n));
    edit(&db, "DELETE FROM audit_payloads WHERE seq = 2");
    assert_eq!(fault(&db), None);
}

#[test]
fn a_walk_goes_on_where_the_last_one_ended() {
    let (_folder, db) = open();
    let checked = Checked::default();
    (1..=3).for_each(|n| write(&db, n));
    assert!(checked.state(&db, false).unwrap().ok);
    write(&db, 4);
    edit(&db, "DROP TRIGGER audit_logs_stay; UPDATE audit_logs SET user_name = 'x' WHERE seq = 2");
    let on = checked.state(&db, false).unwrap();
    assert_eq!((on.ok, on.rows), (true, 4), "what was walked along is not looked at again");
    let whole = checked.state(&db, true).unwrap();
    assert_eq!(whole.fault.as_deref(), Some("audit row 2 was changed after it was written"));
    write(&db, 5);
    assert!(!checked.state(&db, false).unwrap().ok, "nothing goes on from a fault");
}

#[test]
fn a_change_behind_the_last_walk_is_named() {
    let (_folder, db) = open();
    let checked = Checked::default();
    (1..=3).for_each(|n| write(&db, n));
    assert!(checked.state(&db, false).unwrap().ok);
    (4..=6).for_each(|n| write(&db, n));
    edit(&db, "DROP TRIGGER audit_logs_stay; UPDATE audit_logs SET user_name = 'x' WHERE seq = 5");
    let found = checked.state(&db, false).unwrap();
    assert_eq!((found.rows, found.fault.as_deref()), (4, Some("audit row 5 was changed after it was written")));
}

/// A backup that was restored has another chain, which may well be the longer one.
#[test]
fn another_chain_is_walked_whole() {
    let (checked, (_one, db), (_other, restored)) = (Checked::default(), open(), open());
    (1..=3).for_each(|n| write(&db, n));
    assert!(checked.state(&db, false).unwrap().ok);
    (10..=15).for_each(|n| write(&restored, n));
    let state = checked.state(&restored, false).unwrap();
    assert_eq!((state.ok, state.rows), (true, 6));
}
