//! What has become of one row: every change with who made it, and what came by imports.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer, counts};

/// `action who` of every change, newest first.
fn told(answer: &Answer) -> Vec<String> {
    let rows = answer.is(200).body["history"].as_array().unwrap();
    rows.iter()
        .map(|row| format!("{} {}", row["action"].as_str().unwrap(), row["userName"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn every_change_of_a_row_is_told_newest_first() {
    let server = TestServer::demo().await;
    let (admin, registrar) = (server.admin().await, server.token(Role::Registrar).await);
    let id = server.add_athlete("Jane Okoye", "501").await;
    let path = format!("/api/athletes/{id}");
    server.put(&path, &json!({"clubTeam": "TSV"})).by(&registrar).await.is(200);
    server.delete(&path).by(&admin).await.is(200);

    let answer = server.get(&format!("{path}/history")).by(&registrar).await;
    let registrar_name = server.get("/api/auth/me").by(&registrar).await.body["user"]["name"].clone();
    let chief = "Amina Odhiambo";
    let changed = format!("update {}", registrar_name.as_str().unwrap());
    assert_eq!(told(&answer), [format!("delete {chief}"), changed, format!("create {chief}")]);
    let rows = &answer.body["history"];
    assert_eq!((&rows[1]["before"]["clubTeam"], &rows[1]["after"]["clubTeam"]), (&Value::Null, &json!("TSV")));
    assert_eq!((&rows[0]["after"], &rows[2]["before"]), (&Value::Null, &Value::Null));
    let names: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["action", "after", "before", "createdAt", "details", "seq", "userName"]);
    assert!(rows[0]["seq"].as_i64() > rows[1]["seq"].as_i64());
    // The row of another athlete is another history.
    let other = server.add_athlete("Anna Okoye", "502").await;
    assert_eq!(told(&server.get(&format!("/api/athletes/{other}/history")).by(&registrar).await).len(), 1);
}

#[tokio::test]
async fn every_entity_has_its_history() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let race = server.add("/api/races", json!({"name": "Open", "date": "2026-06-14", "location": "Oslo"})).await;
    let event = server.add_event(race, "800m").await;
    let athlete = server.add_athlete("Jane Okoye", "501").await;
    let pair = json!({"athleteId": athlete, "eventId": event});
    let entry = server.add("/api/registrations", pair.clone()).await;
    let result = server.add("/api/results", pair).await;
    for (plural, id, change) in [
        ("races", race, json!({"location": "Bergen"})),
        ("events", event, json!({"ageGroup": "U20"})),
        ("athletes", athlete, json!({"clubTeam": "TSV"})),
        ("registrations", entry, json!({"seedMark": "2:01"})),
        ("results", result, json!({"position": 1})),
    ] {
        let path = format!("/api/{plural}/{id}");
        server.put(&path, &change).by(&admin).await.is(200);
        let answer = server.get(&format!("{path}/history")).by(&admin).await;
        assert_eq!(told(&answer), ["update Amina Odhiambo", "create Amina Odhiambo"], "{plural}");
        let (member, value) = change.as_object().unwrap().iter().next().unwrap();
        assert_eq!(&answer.body["history"][0]["after"][member], value);
        server.get(&format!("/api/{plural}/987654/history")).by(&admin).await.refused(404, "not-found");
        server.get(&format!("/api/{plural}/0/history")).by(&admin).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn an_import_is_part_of_the_history_of_its_rows() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let csv = "name,country,club,bib_number\nJohn Kamau,KEN,Other Club,KEN001\nNew One,KEN,,N1\n";
    let import = server.import_csv("?on_duplicate=update", csv).await;
    assert_eq!(counts(import.is(201))[0..2], [1, 1]);
    let new = import.body["imported_ids"][0].as_i64().unwrap();
    let added = server.get(&format!("/api/athletes/{new}/history")).by(&admin).await;
    assert_eq!(told(&added), ["import Amina Odhiambo"]);
    let first = &added.body["history"][0];
    assert!(first["details"]["file_name"].is_string() && first["before"].is_null());
    let changed = server.get("/api/athletes/1/history").by(&admin).await;
    let newest = &changed.body["history"][0];
    assert_eq!((&newest["action"], &newest["before"]["country"]), (&json!("import"), &json!("KEN")));
    assert_ne!(newest["before"]["clubTeam"], "Other Club");
    let untouched = server.get("/api/athletes/2/history").by(&admin).await;
    assert!(!told(&untouched).iter().any(|line| line.starts_with("import")));

    server.take_back(&import.body["import_id"]).await.is(200);
    let after = server.get("/api/athletes/1/history").by(&admin).await;
    assert_eq!(told(&after)[0..2], ["undo Amina Odhiambo", "import Amina Odhiambo"]);
}

#[tokio::test]
async fn a_long_history_comes_in_pages() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let id = server.add_athlete("Jane Okoye", "501").await;
    for n in 0..5 {
        server.put(&format!("/api/athletes/{id}"), &json!({"clubTeam": format!("Club {n}")})).by(&admin).await.is(200);
    }
    let path = format!("/api/athletes/{id}/history");
    let page = server.get(&format!("{path}?page=2&perPage=4")).by(&admin).await;
    assert_eq!((told(&page).len(), &page.body["total"], &page.body["count"]), (2, &json!(6), &json!(2)));
    assert_eq!((&page.body["page"], &page.body["perPage"]), (&json!(2), &json!(4)));
    assert_eq!(told(&server.get(&format!("{path}?page=9")).by(&admin).await).len(), 0);
    for (query, code) in [
        ("page=0", "invalid-parameter"),
        ("perPage=501", "invalid-parameter"),
        ("page=x", "invalid-parameter"),
        ("sort=seq", "unknown-parameter"),
    ] {
        server.get(&format!("{path}?{query}")).by(&admin).await.refused(400, code);
    }
}

#[tokio::test]
async fn a_history_is_for_those_who_may_change_the_row() {
    let server = TestServer::demo().await;
    let may = [
        (Role::Starter, "registrations", true),
        (Role::Starter, "athletes", false),
        (Role::Official, "results", true),
        (Role::Official, "registrations", false),
        (Role::Registrar, "athletes", true),
        (Role::Registrar, "races", false),
        (Role::Coach, "athletes", false),
        (Role::ChiefRegistrar, "events", true),
    ];
    for (role, plural, allowed) in may {
        let answer = server.get(&format!("/api/{plural}/1/history")).by(&server.token(role).await).await;
        assert_eq!(answer.status, if allowed { 200 } else { 403 }, "{role:?} {plural}: {}", answer.text);
    }
    server.get("/api/athletes/1/history").await.refused(401, "authentication-required");
}
