//! What happens when something is not as it should be: the table of cases.

use std::path::PathBuf;

use athsys::db::Db;
use athsys::records::RecordError;
use athsys::sync::{Pusher, Seen, SyncError, Want};

use super::{Pair, change, open, target};
use crate::support::postgres::Postgres;

/// A complete copy of the meet's file, in a folder of its own.
async fn copy(pair: &Pair, name: &str) -> PathBuf {
    let folder = pair.folder.path().join(name);
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("meet.db");
    let (db, to) = (pair.db.clone(), file.clone());
    let copied = tokio::task::spawn_blocking(move || {
        db.publish_now().unwrap();
        std::fs::copy(db.files().database(), to).unwrap()
    });
    assert!(copied.await.unwrap() > 0);
    file
}

async fn opened(file: PathBuf) -> Db {
    tokio::task::spawn_blocking(move || open(&file)).await.unwrap()
}

const RENAME: &str = "UPDATE athletes SET name = name || '!'";

#[tokio::test]
async fn a_restored_older_copy_is_sent_whole() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url.clone(), false).await;
    pair.change(RENAME).await;
    pair.push().await;
    let older = copy(&pair, "older").await;
    for _ in 0..3 {
        pair.change(RENAME).await;
    }
    pair.change("DELETE FROM results WHERE id = 3").await;
    pair.push().await;
    pair.pusher.release().await;
    pair.db = opened(older).await;
    // As many changes as the other history had: the numbers alone tell nothing.
    pair.change(RENAME).await;
    pair.change("UPDATE races SET name = name || '?'").await;
    pair.change(RENAME).await;
    pair.change(RENAME).await;
    pair.pusher = Pusher::new(pair.db.clone(), target(&url, false)).unwrap();
    let done = pair.pusher.until_done(Want { take_over: true, ..Want::default() }, &pair.seen).await.unwrap();
    assert!(done.everything.is_some(), "{done:?}");
    assert_eq!(pair.number("SELECT count(*) FROM results WHERE id = 3").await, 1);
    pair.assert_equal().await;
}

#[tokio::test]
async fn a_restart_goes_on_where_it_was() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url.clone(), false).await;
    let file = pair.db.files().database().to_owned();
    pair.change(RENAME).await;
    let (db, spare) = (pair.db.clone(), opened(pair.folder.path().join("spare.db")).await);
    pair.db = spare.clone();
    pair.pusher = Pusher::new(spare, target(&url, false)).unwrap();
    tokio::task::spawn_blocking(move || db.close()).await.unwrap();
    pair.db = opened(file).await;
    pair.pusher = Pusher::new(pair.db.clone(), target(&url, false)).unwrap();
    let done = pair.push().await;
    assert_eq!((done.everything, done.sent), (None, 5), "the five athletes, and no wait for a lease");
    pair.assert_equal().await;
}

#[tokio::test]
async fn two_servers_with_one_identity_do_not_fight() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url.clone(), false).await;
    let other = opened(copy(&pair, "other").await).await;
    change(&other, "UPDATE races SET name = 'Of the other'").await;
    let mut second = Pusher::new(other.clone(), target(&url, false)).unwrap();
    let seen = Seen::default();
    let refused = second.until_done(Want::default(), &seen).await.unwrap_err();
    assert!(matches!(refused, SyncError::Held(_)), "{refused}");
    assert!(refused.needs_somebody() && refused.to_string().contains("new-identity"));
    assert_eq!(pair.number("SELECT count(*) FROM races WHERE name = 'Of the other'").await, 0);
    pair.change(RENAME).await;
    pair.push().await;

    second.until_done(Want { take_over: true, ..Want::default() }, &seen).await.unwrap();
    assert_eq!(pair.number("SELECT count(*) FROM races WHERE name = 'Of the other'").await, 3);
    let refused = pair.pusher.until_done(Want::default(), &pair.seen).await.unwrap_err();
    assert!(matches!(refused, SyncError::Held(_)), "{refused}");
    second.release().await;
    pair.push().await;
    pair.assert_equal().await;
}

#[tokio::test]
async fn a_log_that_was_pruned_means_everything() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url, false).await;
    pair.change(RENAME).await;
    pair.change("DELETE FROM change_log WHERE seq <= (SELECT max(seq) - 2 FROM change_log)").await;
    let done = pair.push().await;
    assert!(done.everything.is_some(), "{done:?}");
    pair.assert_equal().await;
}

#[tokio::test]
async fn tables_of_a_newer_version_are_left_alone_and_older_ones_brought_up_to_date() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url.clone(), false).await;
    pair.run("INSERT INTO schema_versions VALUES (1000, now())").await;
    pair.pusher = Pusher::new(pair.db.clone(), target(&url, false)).unwrap();
    let refused = pair.pusher.until_done(Want::default(), &pair.seen).await.unwrap_err();
    assert!(matches!(refused, SyncError::Newer { there: 1000, .. }), "{refused}");
    pair.run(
        "DELETE FROM schema_versions WHERE version > 1; UPDATE sync_state SET schema = 1;
         DROP VIEW personal_bests, medals_by_club, medals_by_country, result_lists",
    )
    .await;
    assert!(pair.push().await.everything.is_some());
    assert!(pair.number("SELECT count(*) FROM result_lists").await > 0);
    pair.assert_equal().await;
}

#[tokio::test]
async fn a_refused_row_is_set_aside_and_the_rest_goes_on() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url, false).await;
    pair.change("UPDATE athletes SET name = 'a' || char(0) || 'b' WHERE id IN (2, 4)").await;
    pair.change("UPDATE races SET name = 'Goes on'").await;
    pair.push().await;
    assert_eq!(pair.number("SELECT count(*) FROM races WHERE name = 'Goes on'").await, 3);
    let status = |pair: &Pair| {
        let (db, seen) = (pair.db.clone(), &pair.seen);
        db.read_blocking(|conn| seen.status(conn, String::new())).unwrap()
    };
    let aside = status(&pair).set_aside;
    assert_eq!(aside.iter().map(|row| (row.table, row.id)).collect::<Vec<_>>(), [("athletes", 2), ("athletes", 4)]);
    assert!(aside[0].message.contains("0x00"), "{aside:?}");
    // Everything anew meets the same two.
    pair.pusher.until_done(Want { everything: true, ..Want::default() }, &pair.seen).await.unwrap();
    assert_eq!(pair.number("SELECT count(*) FROM athletes").await, 3);
    assert_eq!(status(&pair).set_aside_count, 2);
    // One is mended, the other goes through once PostgreSQL's reason is gone.
    pair.change("UPDATE athletes SET name = 'Mended' WHERE id = 2").await;
    pair.push().await;
    assert_eq!(status(&pair).set_aside_count, 1);
    pair.change("DELETE FROM change_log; UPDATE change_switch SET mode = 1").await;
    pair.change("UPDATE athletes SET name = 'Mended too' WHERE id = 4").await;
    pair.pusher.until_done(Want { again: true, ..Want::default() }, &pair.seen).await.unwrap();
    assert_eq!(status(&pair).set_aside_count, 0);
    pair.assert_equal().await;
}

#[tokio::test]
async fn a_long_backlog_is_sent_when_postgresql_is_back() {
    let Some(mut postgres) = tokio::task::spawn_blocking(Postgres::start).await.unwrap() else { return };
    let mut pair = Pair::sent(postgres.create_database().await, false).await;
    postgres.kill();
    let refused = pair.pusher.until_done(Want::default(), &pair.seen).await.unwrap_err();
    assert!(matches!(refused, SyncError::Unreachable(_)), "{refused}");
    let insert = "
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
        INSERT INTO athletes (name, name_key, country, created_at, updated_at)
        SELECT 'Athlete ' || i, 'athlete ' || i, 'KEN', i, i FROM n";
    pair.change(insert).await;
    pair.change("DELETE FROM athletes WHERE id % 10 = 0 AND id > 100").await;
    let waiting = pair.db.read(|conn| athsys::db::newest_change(conn).map_err(RecordError::from)).await.unwrap();
    assert!(waiting > 27_000);
    let postgres = tokio::task::spawn_blocking(move || {
        postgres.run();
        postgres
    });
    let _postgres = postgres.await.unwrap();
    let done = pair.push().await;
    assert_eq!(done.everything, None);
    pair.assert_equal().await;
}

#[tokio::test]
async fn an_import_is_logged_as_ranges_and_its_undo_follows() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url, false).await;
    let rows: String = (0..3_000).map(|n| format!("Runner {n},KEN\n")).collect();
    let mut import = crate::support::Athsys::on(pair.db.files().database());
    let db = pair.db.clone();
    tokio::task::spawn_blocking(move || db.close()).await.unwrap();
    drop(std::mem::replace(&mut pair.db, opened(pair.folder.path().join("spare.db")).await));
    pair.pusher = Pusher::new(pair.db.clone(), target(&pair.url, false)).unwrap();
    import = import.env("ATHSYS_LOG", "warn");
    import.run_with(&["import", "athletes", "-", "--format", "csv"], format!("name,country\n{rows}").as_bytes()).is(0);
    pair.db = opened(import.db.clone()).await;
    pair.pusher = Pusher::new(pair.db.clone(), target(&pair.url, false)).unwrap();
    let entries = pair.db.read(|conn| {
        let sql = "SELECT count(*) FROM change_log WHERE tbl = 'athletes'";
        conn.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(athsys::db::DbError::from)
    });
    assert_eq!(entries.await.unwrap(), 1, "one range");
    let done = pair.push().await;
    assert_eq!(done.everything, None);
    assert!(done.sent >= 3_000, "{done:?}");
    pair.assert_equal().await;
    pair.change("DELETE FROM athletes WHERE name LIKE 'Runner%'").await;
    pair.push().await;
    assert_eq!(pair.number("SELECT count(*) FROM athletes").await, 5);
    pair.assert_equal().await;
}
