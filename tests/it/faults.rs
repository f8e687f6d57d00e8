//! The disk is full or the file is gone: what people are told, and what goes on.

use std::time::Duration;

use athsys::http::error::ApiError;
use serde_json::json;

use crate::support::TestServer;

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_full_disk_is_told_and_reading_goes_on() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let health = server.get("/api/health").await;
    assert_eq!((&health.body["writable"], &health.body["checks"]["database"]), (&json!(true), &json!("operational")));
    server.sql("PRAGMA max_page_count = 1").await; // as many as there are
    let row = |number: u32| json!({"name": format!("Athlete {number} {}", "x".repeat(80)), "country": "KEN"});
    let mut sent = 0..;
    let refused = loop {
        let answer = server.post("/api/athletes", &row(sent.next().unwrap())).by(&admin).await;
        if answer.status != 201 {
            break answer;
        }
    };
    assert_eq!((refused.status, &refused.body["code"]), (507, &json!("disk-full")), "{}", refused.text);
    let health = server.get("/api/health").await;
    assert_eq!((health.status, &health.body["status"]), (200, &json!("degraded")), "{}", health.text);
    assert_eq!((&health.body["writable"], &health.body["checks"]["database"]), (&json!(false), &json!("degraded")));
    assert!(health.text.contains("the disk is full"), "{}", health.text);
    assert_eq!(server.get("/api/info").await.body["writable"], false);
    assert_eq!(server.get("/api/athletes").by(&admin).await.status, 200);
    server.sql("PRAGMA max_page_count = 1000000").await;
    assert_eq!(server.post("/api/athletes", &row(sent.next().unwrap())).by(&admin).await.status, 201);
    assert_eq!(server.get("/api/health").await.body["writable"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_destroyed_is_given_up() {
    let server = TestServer::demo().await;
    let db = server.app.db();
    for file in [db.files().live(), db.files().wal()] {
        let length = std::fs::metadata(&file).map_or(0, |meta| meta.len());
        std::fs::write(&file, vec![0x55; usize::try_from(length).unwrap()]).unwrap();
    }
    db.shrink(); // what is in memory would still be right
    let given_up = async {
        while db.try_writing().await.is_ok() {
            db.shrink();
        }
        db.lost().await;
    };
    tokio::time::timeout(PATIENCE, given_up).await.expect("the server goes on without a store");
    assert!(!db.load().is_writable());
    let refused = db.try_writing().await.unwrap_err();
    assert_eq!(ApiError::from(refused).status(), 503);
}
