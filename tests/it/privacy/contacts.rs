//! Contact data some time after the meet: shown to be due, and removed only by a person.

use athsys::auth::policy::Role;
use jiff::ToSpan;
use serde_json::{Value, json};

use super::rows;
use crate::support::{Answer, TestServer};

async fn due(server: &TestServer) -> Value {
    server.get("/api/admin/privacy/due").by(&server.admin().await).await.is(200).body["due"].clone()
}

async fn remove(server: &TestServer, count: i64) -> Answer {
    server.post("/api/admin/privacy/remove-due", &json!({"count": count})).by(&server.admin().await).await
}

async fn keep_for(server: &TestServer, days: i64) {
    let body = json!({"keepContactsDays": days});
    server.put("/api/admin/settings", &body).by(&server.admin().await).await.is(200);
}

/// An athlete with contact data and an entry in a meet of so many days ago.
async fn athlete_of(server: &TestServer, name: &str, days_ago: i64) -> i64 {
    let day = athsys::time::today().checked_sub(days_ago.days()).unwrap().to_string();
    let race = json!({"name": name, "date": day, "location": "Nakuru", "status": "completed"});
    let race = server.add("/api/races", race).await;
    let event = server.add_event(race, "100m").await;
    let athlete = json!({"name": name, "country": "KEN", "email": "old@example.org", "dateOfBirth": "2009-05-06"});
    let athlete = server.add("/api/athletes", athlete).await;
    server.add("/api/registrations", json!({"athleteId": athlete, "eventId": event})).await;
    athlete
}

#[tokio::test]
async fn who_is_due_is_counted_and_removed_when_somebody_confirms_the_number() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let old = athlete_of(&server, "Long Ago", 91).await;
    let fresh = athlete_of(&server, "Last Month", 89).await;
    let nowhere =
        server.add("/api/athletes", json!({"name": "In No Meet", "country": "KEN", "phone": "+254700111222"})).await;
    assert_eq!(due(&server).await, Value::Null, "data is kept without end by default");
    remove(&server, 1).await.refused(409, "kept-without-end");
    keep_for(&server, 90).await;
    assert_eq!(due(&server).await["count"], 1);
    let overview = server.get("/api/dashboard/stats").by(&admin).await;
    let decision = |code: &str| rows(&overview, "decisions").iter().find(|one| one["code"] == code).cloned();
    assert_eq!(decision("contacts-due").unwrap()["count"], 1);
    // A number that has changed since somebody looked.
    for wrong in [0, 2] {
        let refused = remove(&server, wrong).await;
        refused.refused(409, "count-changed");
        assert_eq!(refused.body["due"]["count"], 1);
    }
    assert_eq!(remove(&server, 1).await.is(200).body["removed"], 1);
    let row = |id: i64| server.get(&format!("/api/athletes/{id}")).by(&admin);
    let gone = row(old).await;
    assert_eq!((&gone.row()["name"], &gone.row()["yearOfBirth"]), (&json!("Long Ago"), &json!(2009)));
    assert_eq!((&gone.row()["email"], &gone.row()["dateOfBirth"]), (&Value::Null, &Value::Null));
    assert_eq!(row(fresh).await.row()["email"], "old@example.org");
    assert_eq!(row(nowhere).await.row()["phone"], "+254700111222");
    assert_eq!(due(&server).await["count"], 0);
    let history = server.get(&format!("/api/athletes/{old}/history")).by(&admin).await;
    assert!(!history.is(200).text.contains("2009-05-06"), "{}", history.text);
}

/// An athlete who starts again is not due, however long ago the first meet was.
#[tokio::test]
async fn the_last_meet_counts() {
    let server = TestServer::start().await;
    let athlete = athlete_of(&server, "Again", 400).await;
    keep_for(&server, 365).await;
    assert_eq!(due(&server).await["count"], 1);
    let race = json!({"name": "New", "date": athsys::time::today().to_string(), "location": "Nakuru"});
    let event = server.add_event(server.add("/api/races", race).await, "200m").await;
    server.add("/api/results", json!({"athleteId": athlete, "eventId": event, "timeSeconds": 25.1})).await;
    assert_eq!(due(&server).await["count"], 0);
}

#[tokio::test]
async fn only_administrators_look_and_remove() {
    let server = TestServer::demo().await;
    let chief = server.token(Role::ChiefRegistrar).await;
    server.get("/api/admin/privacy/due").by(&chief).await.refused(403, "forbidden");
    server.post("/api/admin/privacy/remove-due", &json!({"count": 0})).by(&chief).await.refused(403, "forbidden");
    let overview = server.get("/api/dashboard/stats").by(&server.token(Role::Registrar).await).await;
    assert!(!overview.is(200).text.contains("contacts-due"));
    keep_for(&server, 365).await;
    for wrong in [json!({}), json!({"count": -1}), json!({"count": "many"}), json!({"days": 1})] {
        let answer = server.post("/api/admin/privacy/remove-due", &wrong).by(&server.admin().await).await;
        answer.refused(422, "invalid-fields");
    }
}
