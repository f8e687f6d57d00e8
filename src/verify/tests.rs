use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::db::{Access, Db, Files};

/// A database of some audit rows in one file, and its folder.
fn file() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meet 100% #1?.db");
    let db = Db::open(Files::of(&path), Access::Own).unwrap();
    crate::demo::load(&db).unwrap();
    db.close();
    (folder, path)
}

/// Changes a file as another program would.
fn edit(path: &Path, sql: &str) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(sql).unwrap();
    conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).unwrap();
}

fn fault(path: &Path) -> (Option<Fault>, String) {
    let report = verify(path);
    (report.fault, report.faults())
}

#[test]
fn a_whole_file_holds_and_says_what_is_inside() {
    let (_folder, path) = file();
    let report = verify(&path);
    assert!(report.ok(), "{report:?}");
    let contents = report.contents.unwrap();
    assert_eq!((contents.record_counts["athletes"], contents.record_counts["users"]), (5, 7));
    assert_eq!(contents.record_counts["audit_logs"], contents.audit_head.seq);
    assert_eq!(contents.schema_version, db::newest_schema());
}

#[test]
fn what_is_no_database_of_ours_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    assert_eq!(fault(&path).0, Some(Fault::Unreadable), "there is none");
    std::fs::write(&path, "").unwrap();
    assert_eq!(fault(&path).0, Some(Fault::NotADatabase), "nothing in it");
    std::fs::write(&path, "name,country\n".repeat(100)).unwrap();
    assert_eq!(fault(&path).0, Some(Fault::NotADatabase), "a table");
    std::fs::remove_file(&path).unwrap();
    edit(&path, "CREATE TABLE cars (id)");
    assert_eq!(fault(&path).0, Some(Fault::OtherApplication));
    let (_folder, ours) = file();
    edit(&ours, "PRAGMA user_version = 9999");
    let (found, words) = fault(&ours);
    assert_eq!(found, Some(Fault::Newer { file: 9999, program: db::newest_schema() }));
    assert!(words.contains("9999"), "{words}");
}

#[test]
fn what_another_program_left_inside_is_named() {
    let cases = [
        ("CREATE TRIGGER t AFTER INSERT ON athletes BEGIN DELETE FROM races; END", Fault::Strange, "the trigger t"),
        ("CREATE VIEW v AS SELECT * FROM users", Fault::Strange, "the view v"),
        ("CREATE VIRTUAL TABLE f USING fts5(x)", Fault::Strange, "the table f"),
        (
            "DROP TRIGGER audit_logs_stay;
             CREATE TRIGGER audit_logs_stay BEFORE UPDATE ON audit_logs BEGIN SELECT 1; END",
            Fault::Strange,
            "the trigger audit_logs_stay",
        ),
        ("DROP INDEX athletes_by_name", Fault::Damaged, "athletes_by_name"),
        ("PRAGMA foreign_keys = off; UPDATE events SET race_id = 99 WHERE id = 1", Fault::Damaged, "refer to rows"),
        (
            "DROP TRIGGER audit_logs_stay; UPDATE audit_logs SET user_name = 'nobody' WHERE seq = 3;
             CREATE TRIGGER audit_logs_stay BEFORE UPDATE ON audit_logs
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END",
            Fault::Damaged,
            "audit row 3 was changed",
        ),
    ];
    for (sql, expected, words) in cases {
        let (_folder, path) = file();
        edit(&path, sql);
        let (found, said) = fault(&path);
        assert_eq!(found, Some(expected), "{sql}: {said}");
        assert!(said.contains(words), "{sql}: {said}");
    }
}

#[test]
fn a_file_that_ends_too_early_is_damaged() {
    let (_folder, path) = file();
    let whole = std::fs::read(&path).unwrap();
    for keep in [whole.len() / 2, 5000, 100] {
        std::fs::write(&path, &whole[..keep]).unwrap();
        assert_eq!(fault(&path).0, Some(Fault::Damaged), "{keep} bytes");
    }
}

#[test]
fn a_look_leaves_nothing_behind() {
    let (folder, path) = file();
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let (before, bytes) = (names(), std::fs::read(&path).unwrap());
    assert!(verify(&path).ok());
    assert_eq!(names(), before);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}
