use super::*;
use crate::db::{Access, Db, Files, log_changes};

fn meet(folder: &tempfile::TempDir) -> Db {
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).unwrap();
    write(&db, |conn| log_changes(conn, true).unwrap());
    db
}

fn write(db: &Db, f: impl FnOnce(&Connection) + Send + 'static) {
    db.write_blocking(|tx| {
        f(tx.conn());
        Ok::<_, DbError>(())
    })
    .unwrap();
}

fn races(db: &Db, count: i64) {
    write(db, move |conn| {
        let sql = "
            INSERT INTO races (name, name_key, date, location, status, registration_open, created_at, updated_at)
            VALUES ('R', 'r', '2026-05-01', 'Nairobi', 'scheduled', 1, 1, 1)";
        (0..count).for_each(|_| assert_eq!(conn.execute(sql, []).unwrap(), 1));
    });
}

fn judged(db: &Db, there: &Position) -> Result<(), Reason> {
    db.read_blocking(|conn| judge(conn, there)).unwrap()
}

fn at(db: &Db, seq: i64) -> Position {
    db.read_blocking(|conn| position_of(conn, seq)).unwrap()
}

fn again(db: Db, folder: &tempfile::TempDir) -> Db {
    db.close();
    drop(db);
    meet(folder)
}

#[test]
fn a_position_of_this_history_is_known_again_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let db = meet(&folder);
    let start = at(&db, 0);
    races(&db, 3);
    assert_eq!(judged(&db, &start), Ok(()));
    assert_eq!(judged(&db, &at(&db, 3)), Ok(()));
    let first = at(&db, 3).epoch;
    let beyond = Position { epoch: first.clone(), seq: 4 };
    assert_eq!(judged(&db, &beyond), Err(Reason::OtherHistory));
    let db = again(db, &folder);
    races(&db, 3);
    // The same number as before, but those entries were made after the restart.
    assert_eq!(judged(&db, &beyond), Err(Reason::OtherHistory));
    assert_eq!(judged(&db, &Position { epoch: first, seq: 3 }), Ok(()));
    assert_ne!(at(&db, 4).epoch, at(&db, 3).epoch);
    assert_eq!(judged(&db, &Position { epoch: "of another".into(), seq: 2 }), Err(Reason::OtherHistory));
}

#[test]
fn what_is_no_longer_kept_cannot_be_continued() {
    let folder = tempfile::tempdir().unwrap();
    let db = meet(&folder);
    races(&db, 5);
    let (early, late) = (at(&db, 2), at(&db, 3));
    write(&db, |conn| conn.execute_batch("DELETE FROM change_log WHERE seq <= 3").unwrap());
    assert_eq!(judged(&db, &early), Err(Reason::Forgotten));
    assert_eq!(judged(&db, &late), Ok(()));
    write(&db, |conn| conn.execute_batch("DELETE FROM change_log").unwrap());
    assert_eq!(judged(&db, &late), Err(Reason::Forgotten));
    assert_eq!(judged(&db, &at(&db, 5)), Ok(()));
}

#[test]
fn switching_on_begins_a_history_and_nothing_is_written_down_before() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).unwrap();
    races(&db, 2);
    assert_eq!(db.read_blocking(newest_change).unwrap(), 0);
    write(&db, |conn| log_changes(conn, true).unwrap());
    races(&db, 2);
    assert_eq!(db.read_blocking(|conn| batch(conn, 0, 10)).unwrap().entries, 2);
    let before = at(&db, 2);
    write(&db, |conn| {
        log_changes(conn, false).unwrap();
        log_changes(conn, true).unwrap();
    });
    assert_eq!(judged(&db, &before), Err(Reason::OtherHistory));
}

#[test]
fn a_batch_names_each_row_once_and_ends_with_a_range() {
    let folder = tempfile::tempdir().unwrap();
    let db = meet(&folder);
    races(&db, 2);
    write(&db, |conn| {
        conn.execute_batch(
            "UPDATE races SET name = 'S'; UPDATE races SET id = 9 WHERE id = 1; DELETE FROM races WHERE id = 2;
             INSERT INTO change_log (tbl, pk, pk_to, op, at) VALUES ('athletes', 10, 19, 'U', 0);
             UPDATE races SET name = 'T'",
        )
        .unwrap();
    });
    let first = db.read_blocking(|conn| batch(conn, 0, 100)).unwrap();
    assert_eq!(first.rows[number_of("races").unwrap()], BTreeSet::from([1, 2, 9]));
    assert_eq!(first.ranges, [(number_of("athletes").unwrap(), 10, 19)]);
    let second = db.read_blocking(|conn| batch(conn, first.last_seq, 100)).unwrap();
    assert_eq!((second.entries, second.rows[number_of("races").unwrap()].len()), (1, 1));
    assert_eq!(db.read_blocking(|conn| waiting(conn, first.last_seq - 1)).unwrap().0, 11);
}

/// Ten entries more than are kept, all of them old.
fn fill(db: &Db) {
    write(db, |conn| {
        let sql = "
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100010)
            INSERT INTO change_log (tbl, pk, op, at) SELECT 'races', i, 'U', 0 FROM n";
        conn.execute_batch(sql).unwrap();
    });
}

fn oldest(conn: &Connection) -> i64 {
    conn.query_row("SELECT min(seq) FROM change_log", [], |row| row.get(0)).unwrap()
}

#[test]
fn only_what_is_old_and_sent_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let db = meet(&folder);
    fill(&db);
    let prune_to = |sent, now_ms, expected| {
        write(&db, move |conn| {
            assert!(!prune(conn, sent, now_ms).unwrap());
            assert_eq!(oldest(conn), expected);
        });
    };
    prune_to(100_010, KEPT_MS - 1, 1);
    prune_to(4, KEPT_MS + 1, 5);
    prune_to(100_010, KEPT_MS + 1, 11);
}

#[test]
fn what_is_old_is_forgotten_where_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let db = meet(&folder);
    fill(&db);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(crate::sync::Sync::to(None).tidy(&db));
    assert_eq!(db.read_blocking(|conn| Ok::<_, DbError>(oldest(conn))).unwrap(), 11);
}

#[test]
fn another_identity_looks_as_postgresql_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let db = meet(&folder);
    let before = db.read_blocking(db_id).unwrap();
    assert_eq!(before.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    write(&db, |conn| new_db_id(conn).unwrap());
    assert_ne!(db.read_blocking(db_id).unwrap(), before);
}
