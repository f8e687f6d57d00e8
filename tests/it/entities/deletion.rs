//! Deleting: what is in use stays, unless all of it shall go.

use serde_json::{Value, json};

use crate::support::TestServer;

#[tokio::test]
async fn what_is_in_use_is_not_deleted() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for (path, counts) in [
        ("/api/athletes/1", json!({"registrations": 2, "results": 1})),
        ("/api/races/1", json!({"events": 4, "registrations": 5, "results": 3})),
        ("/api/races/3", json!({"events": 2})),
        ("/api/events/1", json!({"registrations": 2, "results": 2})),
    ] {
        let answer = server.delete(path).by(&admin).await;
        answer.refused(409, "in-use");
        assert_eq!(answer.body["counts"], counts, "{path}");
        let detail = answer.body["detail"].as_str().unwrap();
        for (name, count) in counts.as_object().unwrap() {
            let name = if *count == 1 { name.strip_suffix('s').unwrap() } else { name };
            let told = detail.split(" still has ").nth(1).unwrap().split(['.', ',']).next().unwrap();
            assert!(told.split(" and ").any(|part| part == format!("{count} {name}")), "{detail}");
        }
        server.delete(&format!("{path}?cascade=false")).by(&admin).await.refused(409, "in-use");
        server.delete(&format!("{path}?cascade=maybe")).by(&admin).await.refused(400, "unknown-parameter");
        server.delete(&format!("{path}?force=true")).by(&admin).await.refused(400, "unknown-parameter");
    }
    assert_eq!(server.number("SELECT count(*) FROM races").await, 3);
}

#[tokio::test]
async fn cascade_takes_all_that_hangs_on_a_row_with_an_audit_row_each() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let answer = server.delete("/api/races/1?cascade=true").by(&admin).await;
    assert_eq!(answer.is(200).body["deleted"], 1);
    for (sql, left) in [
        ("SELECT count(*) FROM races", 2),
        ("SELECT count(*) FROM events", 5),
        ("SELECT count(*) FROM registrations", 1),
        ("SELECT count(*) FROM results", 0),
        ("SELECT count(*) FROM athletes", 5),
    ] {
        assert_eq!(server.number(sql).await, left, "{sql}");
    }
    let rows = server.audit("action=delete&perPage=100").await;
    let of = |entity: &str| rows.iter().filter(|row| row["entityType"] == entity && row["before"].is_object()).count();
    assert_eq!([of("race"), of("event"), of("registration"), of("result")], [1, 4, 5, 3]);
    server.delete("/api/athletes/1?cascade=true").by(&admin).await.is(200);
    server.delete("/api/events/5?cascade=true").by(&admin).await.is(200);
    let validated = server.post("/api/admin/database/validate", &json!({})).by(&admin).await;
    assert_eq!(validated.body["status"], "success", "{}", validated.text);
}

#[tokio::test]
async fn several_are_deleted_or_none() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let free = [server.add_athlete("A A", "901").await, server.add_athlete("B B", "902").await];
    let delete = |path: &str, ids: Value| server.post(path, &json!({"ids": ids})).by(&admin);
    delete("/api/athletes/bulk/delete", json!([free[0], 1])).await.refused(409, "in-use");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 7, "none of them");
    let answer = delete("/api/athletes/bulk/delete", json!([free[0], 99, free[1], free[0]])).await;
    assert_eq!((&answer.is(200).body["deleted"], &answer.body["missing"]), (&json!(2), &json!([99])));
    assert_eq!(delete("/api/athletes/bulk/delete?cascade=true", json!([1])).await.is(200).body["deleted"], 1);
    assert_eq!(delete("/api/results/bulk/delete", json!([1, 2, 3])).await.is(200).body["deleted"], 2);
    assert_eq!(delete("/api/races/bulk/delete?cascade=true", json!([1, 2, 3])).await.is(200).body["deleted"], 3);
    assert_eq!(server.number("SELECT count(*) FROM events").await, 0);
    for bad in [json!([]), json!("1"), json!(null), json!([1.5]), json!([0]), json!([-1]), json!(["x"]), json!([[1]])] {
        delete("/api/athletes/bulk/delete", bad).await.refused(422, "invalid-fields");
    }
    let many: Vec<u32> = (1..=10_001).collect();
    delete("/api/athletes/bulk/delete", json!(many)).await.refused(422, "invalid-fields");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 4);
}

#[tokio::test]
async fn results_outlive_the_account_that_recorded_them() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let official = server.add_user(athsys::auth::policy::Role::Official, "o@club.example").await;
    let token = server.login("o@club.example", crate::support::PASSWORD).await;
    let made = server.post("/api/results", &json!({"athleteId": 5, "eventId": 2, "mark": 11.3})).by(&token).await;
    assert_eq!(made.is(201).row()["recordedBy"], official);
    server.delete(&format!("/api/admin/users/{official}")).by(&admin).await.is(200);
    let path = format!("/api/results/{}", made.row()["id"]);
    assert_eq!(server.get(&path).await.is(200).row()["recordedBy"], Value::Null);
    let rows = server.audit("action=create&entity=result").await;
    assert_eq!(rows[0]["userId"], official, "the log still knows who it was");
}
