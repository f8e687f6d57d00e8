//! Backups that nobody asked for: now and then, before something large, at the end, and to a second place.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use athsys::backups::Options;
use athsys::config::Config;
use serde_json::{Value, json};

use super::{BASE, list, make};
use crate::support::{TestServer, folder, people};

fn with(backups: Options) -> Config {
    Config { backups, ..Config::default() }
}

/// Asks until the list is as wanted, or for long enough.
async fn until(server: &TestServer, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let started = Instant::now();
    loop {
        let found = list(server).await;
        if wanted(&found) || started.elapsed() > Duration::from_secs(20) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn kinds(backups: &[Value]) -> Vec<&str> {
    backups.iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn one_is_made_while_something_changes_and_none_while_nothing_does() {
    let every = Some(Duration::from_millis(100));
    let server = TestServer::demo_with(with(Options { every, ..Options::default() })).await;
    let found = until(&server, |found| found.len() == 1).await;
    assert_eq!(kinds(&found), ["automatic"]);
    let admin = server.admin().await;
    // Signing in was a change.
    let quiet = until(&server, |found| found[0]["audit_head"]["seq"] == 34).await.len();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(list(&server).await.len(), quiet, "nothing has changed since");
    server.post("/api/athletes", &json!({"name": "Jane Okoye", "country": "KEN"})).by(&admin).await.is(201);
    let found = until(&server, |found| found[0]["record_counts"]["athletes"] == 6).await;
    assert_eq!(found[0]["record_counts"]["athletes"], 6, "{found:?}");
}

#[tokio::test]
async fn an_import_and_a_deletion_in_numbers_leave_what_was_before() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    assert_eq!(server.import_csv("?dry_run=true", people(100, 3)).await.status, 200);
    assert_eq!(list(&server).await, [Value::Null; 0], "a dry run changes nothing");
    server.import_csv("", people(100, 300)).await.is(201);
    let found = until(&server, |found| found.len() == 1).await;
    assert_eq!((kinds(&found), &found[0]["record_counts"]["athletes"]), (vec!["before-import"], &json!(5)));
    let ids: Vec<i64> = (6..106).collect();
    server.post("/api/athletes/bulk/delete", &json!({"ids": ids})).by(&admin).await.is(200);
    let found = until(&server, |found| found.len() == 2).await;
    assert_eq!((kinds(&found)[0], &found[0]["record_counts"]["athletes"]), ("before-delete", &json!(305)));
}

#[tokio::test]
async fn the_end_of_a_server_leaves_one() {
    let server = TestServer::demo().await;
    server.add_athlete("Jane Okoye", "900").await;
    let server = server.restart().await;
    let found = list(&server).await;
    assert_eq!((kinds(&found), &found[0]["record_counts"]["athletes"]), (vec!["shutdown"], &json!(6)));
    assert_eq!(found[0]["verified"], true);
}

#[tokio::test]
async fn a_second_place_gets_each_and_says_when_it_is_away() {
    let elsewhere = folder();
    let stick: PathBuf = elsewhere.path().join("stick");
    let every = Some(Duration::from_millis(100));
    let options = Options { copy: Some(stick.clone()), every, ..Options::default() };
    let server = TestServer::demo_with(with(options)).await;
    let admin = server.admin().await;
    let backup = make(&server).await;
    let copied = stick.join(super::name(&backup));
    assert!(athsys::verify::verify(&copied).ok());
    let beside = std::fs::read_to_string(stick.join(format!("{}.sha256", super::name(&backup)))).unwrap();
    assert!(beside.starts_with(backup["sha256"].as_str().unwrap()));
    let state = server.get(BASE).by(&admin).await.is(200).body["copy"].clone();
    assert_eq!((&state["ok"], &state["folder"]), (&json!(true), &json!(stick.display().to_string())));

    // In one step, as something may just be on its way there.
    let pocket = elsewhere.path().join("pocket");
    std::fs::rename(&stick, &pocket).unwrap();
    let newer = make(&server).await;
    let body = server.get(BASE).by(&admin).await.is(200).body.clone();
    assert_eq!(body["copy"]["ok"], false, "{body}");
    assert!(body["message"].as_str().unwrap().starts_with('⚠'), "{body}");
    assert!(!stick.exists(), "a stick that is away does not become a folder");
    let health = server.get("/api/admin/database/health").await;
    assert_eq!(health.is(200).body["status"], "degraded", "{}", health.text);
    assert_eq!(server.get("/health").await.body["checks"]["backup"], "degraded");
    let stats = server.get("/api/dashboard/stats").by(&admin).await.body.clone();
    assert!(stats["decisions"].as_array().unwrap().iter().any(|one| one["code"] == "backup-failing"), "{stats}");

    std::fs::rename(&pocket, &stick).unwrap();
    let started = Instant::now();
    while server.get(BASE).by(&admin).await.body["copy"]["ok"] != true && started.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.get("/health").await.body["checks"]["backup"], "operational");
    // The newest one has come, which by then may be another one.
    let at_least = newer["audit_head"]["seq"].as_i64().unwrap();
    let there =
        |one: &Value| one["audit_head"]["seq"].as_i64() >= Some(at_least) && stick.join(super::name(one)).exists();
    assert!(list(&server).await.iter().any(there));
    let details = server.get("/api/admin/database/health").by(&admin).await.body["details"].clone();
    assert!(details["last_backup"]["created_at"].is_string(), "{details}");
}
