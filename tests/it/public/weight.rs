//! How much the first view weighs, and how fast a large page is made.

use std::time::Instant;

use serde_json::json;

use super::page;
use crate::support::TestServer;

/// Everything a page loads with it, by address.
fn parts(html: &str) -> Vec<String> {
    let named = |attribute: &str| {
        let start = format!("{attribute}=\"");
        let found = html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned);
        found.collect::<Vec<_>>()
    };
    let links = named("href").into_iter().filter(|address| address.starts_with("/a/") || address == "/favicon.svg");
    links.chain(named("src")).collect()
}

#[tokio::test]
async fn the_first_view_weighs_less_than_60_kb_uncompressed() {
    let server = TestServer::demo().await;
    for path in ["/", "/races/1", "/events/1", "/find"] {
        let html = page(&server, path).await;
        let mut weight = html.bytes.len();
        let mut requests = 1;
        for part in parts(&html.text) {
            let file = server.get(&part).await;
            assert_eq!(file.status, 200, "{part}");
            (weight, requests) = (weight + file.bytes.len(), requests + 1);
        }
        println!("{path}: {weight} bytes in {requests} requests");
        assert!(requests == 5, "{path} asks {requests} times");
        assert!(weight < 60_000, "{path} weighs {weight} bytes");
    }
    let script = server
        .get(parts(&page(&server, "/").await.text).iter().find(|part| part.ends_with("refresh.js")).unwrap())
        .await;
    assert!(script.bytes.len() < 3_000, "{} bytes of script", script.bytes.len());
}

#[tokio::test]
async fn an_event_with_500_athletes_is_a_page_like_any_other() {
    let server = TestServer::start().await;
    let race = server.add("/api/races", json!({"name": "Large", "date": "2026-06-14", "location": "Oslo"})).await;
    let event = server.add("/api/events", json!({"raceId": race, "name": "10 km", "category": "Road"})).await;
    assert_eq!(event, 1);
    server
        .sql(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
            INSERT INTO athletes (id, name, name_key, country, bib_number, bib_key, created_at, updated_at)
            SELECT i, 'Runner ' || i, 'runner ' || i, 'KEN', i, 'x' || i, 0, 0 FROM n;
            INSERT INTO registrations (athlete_id, event_id, registration_type, status, payment_status, confirmed_present, registered_at, updated_at)
            SELECT id, 1, 'manual', 'confirmed', 'paid', 1, 0, 0 FROM athletes;
            INSERT INTO results (athlete_id, event_id, round, position, time_ms, status, is_record, recorded_at, updated_at)
            SELECT id, 1, 'final', id, 1800000 + id * 100, 'finished', 0, 0, 0 FROM athletes;",
        )
        .await;
    page(&server, "/events/1").await;
    let started = Instant::now();
    let answer = page(&server, "/events/1").await;
    let taken = started.elapsed();
    println!("{} bytes in {taken:?}", answer.bytes.len());
    assert_eq!(answer.text.matches("<tr").count(), 1002, "two lists with their heads");
    // A debug build on a busy machine; a release build takes a few milliseconds.
    assert!(taken.as_millis() < 1000, "{taken:?}");
}
