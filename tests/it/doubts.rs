//! What is odd is taken and told: marks better than the world record, entries in the wrong group. And whose group is which.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

async fn meet(server: &TestServer, date: &str) -> i64 {
    server.add("/api/races", json!({"name": "Open", "date": date, "location": "Oslo"})).await
}

async fn write(server: &TestServer, path: &str, body: Value) -> Answer {
    let admin = server.admin().await;
    server.post(path, &body).by(&admin).await
}

/// `field` and `code` of every warning.
fn warned(answer: &Answer) -> Vec<(&str, &str)> {
    let warnings = answer.is(201).body["warnings"].as_array().map(Vec::as_slice).unwrap_or_default();
    warnings.iter().map(|one| (one["field"].as_str().unwrap(), one["code"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn marks_beyond_anybodys_are_taken_and_told() {
    let server = TestServer::start().await;
    let race = meet(&server, "2026-06-14").await;
    let event = json!({"raceId": race, "name": "100m", "gender": "F", "category": "Track"});
    let sprint = server.add("/api/events", event).await;
    let jump = server.add_event(race, "Long Jump").await;
    let athlete = server.add_athlete("Jane Okoye", "7").await;
    let mut heat = 0;
    for (event, member, value, expected) in [
        (sprint, "timeSeconds", json!(11.34), vec![]),
        (sprint, "timeSeconds", json!(10.4), vec![("timeSeconds", "implausible-mark")]),
        (sprint, "timeSeconds", json!("1:44.0"), vec![("timeSeconds", "implausible-mark")]),
        (jump, "distanceMeters", json!(8.96), vec![("distanceMeters", "implausible-mark")]),
        (jump, "windSpeed", json!(1.3), vec![]),
        (jump, "windSpeed", json!(13), vec![("windSpeed", "implausible-wind")]),
    ] {
        heat += 1;
        let mut body = json!({"athleteId": athlete, "eventId": event, "heat": heat});
        body[member] = value.clone();
        let answer = write(&server, "/api/results", body).await;
        assert_eq!(warned(&answer), expected, "{member} {value}");
    }
    let admin = server.admin().await;
    let changed = server.put("/api/results/1", &json!({"timeSeconds": 10.4})).by(&admin).await;
    let said = changed.is(200).body["warnings"][0]["message"].as_str().unwrap().to_owned();
    assert_eq!(said, "This mark is better than the world record of 10.49 in 100m; look at it again");
}

#[tokio::test]
async fn entries_of_those_who_may_not_start_are_taken_and_told() {
    let server = TestServer::start().await;
    let race = meet(&server, "2026-06-14").await;
    let event = json!({"raceId": race, "name": "100m", "gender": "F", "ageGroup": "U18", "category": "Track"});
    let girls = server.add("/api/events", event).await;
    let person = |name: &str, gender: &str, born: &str| json!({"name": name, "country": "KEN", "gender": gender, "dateOfBirth": born});
    let girl = server.add("/api/athletes", person("Amina", "F", "2009-12-31")).await;
    let woman = server.add("/api/athletes", person("Beth", "F", "2008-12-31")).await;
    let boy = server.add("/api/athletes", person("Carl", "M", "2010-05-05")).await;
    let entry = |athlete: i64, seed: &str| json!({"athleteId": athlete, "eventId": girls, "seedMark": seed});
    assert_eq!(warned(&write(&server, "/api/registrations", entry(girl, "12.10")).await), []);
    let older = write(&server, "/api/registrations", entry(woman, "9.50")).await;
    assert_eq!(warned(&older), [("eventId", "not-eligible"), ("seedMark", "implausible-mark")]);
    assert_eq!(older.body["warnings"][0]["message"], "Beth: the event is for U18, the athlete is U20 on the day");
    let other = write(&server, "/api/registrations", entry(boy, "fast")).await;
    assert_eq!(warned(&other), [("eventId", "not-eligible"), ("seedMark", "unreadable-mark")]);
    let throw = json!({"raceId": race, "name": "Shot Put 4kg", "gender": "M", "ageGroup": "U18", "category": "Field"});
    let answer = write(&server, "/api/events", throw).await;
    assert_eq!(warned(&answer), [("name", "unusual-implement")]);
}

#[tokio::test]
async fn an_import_takes_what_is_odd_and_names_the_row() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let row =
        |athlete: i64, time: f64| json!({"athleteId": athlete, "eventId": 1, "round": "odd", "timeSeconds": time});
    let file = json!([row(2, 10.9), row(3, 9.4)]).to_string();
    for query in ["?dry_run=true", ""] {
        let path = format!("/api/admin/import/results-json{query}");
        let report = server.upload(&path, "results.json", file.clone()).by(&admin).await;
        assert_eq!((&report.body["imported"], &report.body["failed"]), (&json!(2), &json!(0)), "{}", report.text);
        let warning = &report.body["warnings"][0];
        assert_eq!((warning["row"].as_i64(), warning["column"].as_str()), (Some(1), Some("timeSeconds")));
        assert_eq!(warning["code"], "implausible_mark");
        assert_eq!(report.body["warnings"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_age_group_is_that_of_the_day_of_the_meet_and_for_those_who_may_see_the_birth() {
    let server = TestServer::start().await;
    let athlete = json!({"name": "Amina", "country": "KEN", "gender": "F", "dateOfBirth": "2008-12-31"});
    let athlete = server.add("/api/athletes", athlete).await;
    let admin = server.admin().await;
    for (year, group) in [(2025, "U18"), (2026, "U20"), (2040, "SEN")] {
        let race = meet(&server, &format!("{year}-06-14")).await;
        let event = server.add_event(race, "100m").await;
        let entry = json!({"athleteId": athlete, "eventId": event});
        let id = server.add("/api/registrations", entry.clone()).await;
        let shown = server.get(&format!("/api/registrations/{id}")).by(&admin).await;
        assert_eq!(shown.row()["athleteAgeGroup"], group, "{year}");
        let result = server.add("/api/results", entry).await;
        let path = format!("/api/results/{result}");
        assert_eq!(server.get(&path).by(&admin).await.row()["athleteAgeGroup"], group);
        assert_eq!(server.get(&path).await.row().get("athleteAgeGroup"), None);
    }
    let path = format!("/api/athletes/{athlete}");
    let whole = server.get(&path).by(&admin).await;
    assert!(whole.row()["ageGroup"].is_string(), "{}", whole.text);
    let viewer = server.token(Role::Viewer).await;
    assert_eq!(server.get(&path).by(&viewer).await.row().get("ageGroup"), None);
    // What an answer added may come back with a change.
    server.put(&path, whole.row()).by(&admin).await.is(200);
    let masters = json!({"name": "Beth", "country": "KEN", "dateOfBirth": "1970-01-01"});
    let masters = server.add("/api/athletes", masters).await;
    let list = server.get("/api/athletes?sort=-id").by(&admin).await;
    assert_eq!(list.body["athletes"][0]["id"], masters);
    assert_eq!(list.body["athletes"][0]["ageGroup"], "SEN");
    assert!(list.body["athletes"][0]["mastersGroup"].as_str().unwrap().starts_with('V'));
}
