//! What arrives, and how.

use super::{Pair, target};
use crate::support::postgres::{Postgres, connect};
use athsys::sync::{Pusher, Want};

#[tokio::test]
async fn everything_arrives_typed_and_changes_follow() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url, true).await;
    pair.assert_equal().await;
    assert_eq!(pair.number("SELECT count(*) FROM results").await, 3);
    assert_eq!(pair.number("SELECT count(*) FROM users WHERE email IS NOT NULL").await, 7);
    let typed = "SELECT count(*) FROM athletes WHERE date_of_birth < date '2100-01-01' AND created_at <= now()";
    assert_eq!(pair.number(typed).await, 4);

    pair.change(
        "UPDATE athletes SET name = 'Tab\there, \\N and \n more', club_team = NULL WHERE id = 1;
         UPDATE results SET time_ms = 10230, distance_cm = NULL, wind_tenths = -7 WHERE id = 1;
         DELETE FROM results WHERE id = 2;
         INSERT INTO races (name, name_key, date, location, status, registration_open, created_at, updated_at)
         VALUES ('New', 'new', '2026-05-01', 'Nairobi', 'scheduled', 1, 1, 1709210096120);
         UPDATE races SET id = 900 WHERE name = 'New';",
    )
    .await;
    let done = pair.push().await;
    assert_eq!(done.everything, None);
    assert!((4..=6).contains(&done.sent), "{done:?}");
    assert_eq!(pair.number("SELECT count(*) FROM results WHERE time_seconds = 10.23 AND wind_speed = -0.7").await, 1);
    assert_eq!(pair.number("SELECT count(*) FROM races WHERE name = 'New' AND id = 900").await, 1);
    assert_eq!(pair.number("SELECT count(*) FROM results").await, 2);
    pair.assert_equal().await;
    assert_eq!(pair.push().await.sent, 0, "nothing is sent twice");
}

#[tokio::test]
async fn contacts_are_sent_only_when_asked_for() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url, false).await;
    let personal =
        "SELECT (SELECT count(*) FROM athletes WHERE coalesce(email, phone, date_of_birth::text) IS NOT NULL)
        + (SELECT count(*) FROM users WHERE email IS NOT NULL)
        + (SELECT count(*) FROM audit_logs WHERE coalesce(before, after, details, ip_address) IS NOT NULL)";
    assert_eq!(pair.number(personal).await, 0);
    assert_eq!(pair.number("SELECT count(*) FROM athletes WHERE year_of_birth > 1900").await, 5);
    pair.assert_equal().await;
    let url = pair.url.clone();
    pair.pusher = Pusher::new(pair.db.clone(), target(&url, true)).unwrap();
    assert!(pair.push().await.everything.is_some(), "the other columns come with everything");
    assert_ne!(pair.number(personal).await, 0);
    pair.pusher = Pusher::new(pair.db.clone(), target(&url, false)).unwrap();
    pair.push().await;
    assert_eq!(pair.number(personal).await, 0, "and go again");
    pair.assert_equal().await;
}

#[tokio::test]
async fn several_meets_live_side_by_side_and_the_views_know_them() {
    let Some(url) = Postgres::database().await else { return };
    let mut first = Pair::sent(url.clone(), false).await;
    let mut second = Pair::sent(url, false).await;
    assert_eq!(first.number("SELECT count(DISTINCT db_id) FROM athletes").await, 2);
    assert_eq!(first.number("SELECT count(*) FROM result_lists").await, 6);
    first.change("UPDATE results SET time_ms = 9000, distance_cm = NULL, position = 1, status = 'finished', wind_tenths = 0, round = 'Final' WHERE id = 1").await;
    first.push().await;
    let best = "SELECT count(*) FROM personal_bests WHERE time_seconds = 9.000";
    assert_eq!(first.number(best).await, 1, "the best of both meets");
    assert!(first.number("SELECT sum(gold)::bigint FROM medals_by_country").await >= 1);
    assert!(first.number("SELECT count(*) FROM medals_by_club").await >= 0);
    first.assert_equal().await;
    second.assert_equal().await;
}

#[tokio::test]
async fn a_difference_is_found_named_and_mended() {
    let Some(url) = Postgres::database().await else { return };
    let mut pair = Pair::sent(url, false).await;
    pair.run(
        "DELETE FROM results WHERE id = 1; UPDATE athletes SET name = 'Somebody' WHERE id = 2;
        INSERT INTO races (db_id, id, name) SELECT db_id, 77, 'Stray' FROM sync_state",
    )
    .await;
    let found = pair.pusher.compare(&pair.seen).await.unwrap();
    assert!(!found.equal);
    let table = |name: &str| found.tables.iter().find(|table| table.name == name).unwrap();
    assert_eq!((table("results").differing, &table("results").keys), (1, &vec![1]));
    assert_eq!((table("athletes").differing, &table("athletes").keys), (1, &vec![2]));
    assert_eq!((table("races").differing, &table("races").keys), (1, &vec![77]));
    assert!(!table("races").checksum_equal && table("events").checksum_equal);
    pair.pusher.until_done(Want { everything: true, ..Want::default() }, &pair.seen).await.unwrap();
    pair.assert_equal().await;
}

#[tokio::test]
async fn a_role_that_may_create_its_schema_is_enough() {
    let Some(url) = Postgres::database().await else { return };
    let client = connect(&url).await;
    let name = url.rsplit('/').next().unwrap();
    client.batch_execute(&format!("DROP ROLE IF EXISTS federation_{name}; CREATE ROLE federation_{name} LOGIN PASSWORD 'p'; GRANT CREATE ON DATABASE {name} TO federation_{name}")).await.unwrap();
    let host = url.rsplit('@').next().unwrap();
    let mut pair = Pair::sent(format!("postgres://federation_{name}:p@{host}"), false).await;
    pair.assert_equal().await;
}
