//! A merge taken back: everything as it was, or a refusal that names what has changed.

use serde_json::{Value, json};

use super::{merge, tables, undo, with_a_double};
use crate::support::{Answer, TestServer};

#[track_caller]
fn obstacles(answer: &Answer) -> Vec<String> {
    answer.refused(409, "undo-overtaken");
    let rows = answer.body["obstacles"].as_array().unwrap();
    rows.iter().map(|row| row.as_str().unwrap().to_owned()).collect()
}

/// The id of a merge of the two Johns.
async fn merged(server: &TestServer) -> Value {
    merge(server, 1, &json!({"from": 6})).await.is(200).body["merge"]["id"].clone()
}

#[tokio::test]
async fn a_merge_and_its_undo_leave_every_table_as_it_was() {
    for (kept, from, values) in
        [(1, 6, json!({})), (6, 1, json!({})), (1, 6, json!({"bibNumber": "77", "name": "J. Kamau", "userId": null}))]
    {
        let server = with_a_double().await;
        let before = tables(&server).await;
        let answer = merge(&server, kept, &json!({"from": from, "values": values})).await;
        assert_ne!(tables(&server).await, before);
        let back = undo(&server, &answer.is(200).body["merge"]["id"]).await;
        let ids: Vec<&Value> = back.is(200).body["athletes"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
        assert_eq!(ids, [kept, from]);
        assert_eq!(tables(&server).await, before, "{kept} kept, {from} gone");
        let trail = server.audit("action=undo").await;
        assert_eq!(
            (trail.len(), &trail[0]["entityId"], &trail[0]["details"]["restored"]),
            (1, &json!(kept), &json!(from))
        );
        // And the same once more.
        merge(&server, kept, &json!({"from": from})).await.is(200);
    }
}

#[tokio::test]
async fn who_had_the_old_row_open_does_not_overwrite_the_new_one() {
    let server = with_a_double().await;
    let admin = server.admin().await;
    let open = server.get("/api/athletes/1").by(&admin).await.header("etag").to_owned();
    let id = merged(&server).await;
    let save = |tag: &str| server.put("/api/athletes/1", &json!({"coach": "X"})).by(&admin).header("if-match", tag);
    save(&open).await.refused(409, "stale-version");
    let merged = server.get("/api/athletes/1").by(&admin).await.header("etag").to_owned();
    undo(&server, &id).await.is(200);
    save(&open).await.refused(409, "stale-version");
    save(&merged).await.refused(409, "stale-version");
}

#[tokio::test]
async fn merges_are_listed_newest_first() {
    let server = with_a_double().await;
    let admin = server.admin().await;
    let first = merged(&server).await;
    let second = merge(&server, 1, &json!({"from": 2})).await.is(200).body["merge"]["id"].clone();
    let list = |query: &'static str| server.get(&format!("/api/athletes/merges{query}")).by(&admin);
    undo(&server, &second).await.is(200);
    let answer = list("").await;
    let rows = answer.is(200).body["merges"].as_array().unwrap();
    let states: Vec<(&Value, &Value)> = rows.iter().map(|row| (&row["id"], &row["state"])).collect();
    assert_eq!(states, [(&second, &json!("undone")), (&first, &json!("done"))]);
    assert_eq!((&rows[1]["fromName"], &rows[1]["keptName"]), (&json!("Kamau John"), &json!("John Kamau")));
    assert_eq!(rows[1]["moved"], json!({"registrations": 1, "results": 2}));
    assert!(rows[1]["createdAt"].is_string() && rows[1]["userName"].is_string());
    assert!(!answer.text.contains("john@athsys.com"), "names alone");
    assert_eq!(list("?perPage=1&page=2").await.is(200).body["merges"][0]["id"], first);
    list("?state=done").await.refused(400, "unknown-parameter");
}

#[tokio::test]
async fn a_merge_is_taken_back_once() {
    let server = with_a_double().await;
    let id = merged(&server).await;
    undo(&server, &id).await.is(200);
    undo(&server, &id).await.refused(409, "undo-not-possible");
    undo(&server, &json!(99)).await.refused(404, "not-found");
    let path = format!("/api/athletes/merges/{id}/undo");
    let answer = server.post(&path, &json!({"force": true})).by(&server.admin().await).await;
    assert_eq!(answer.faults(), [("force".to_owned(), "unknown-field".to_owned())]);
}

#[tokio::test]
async fn whatever_has_changed_since_is_named_and_nothing_is_touched() {
    let server = with_a_double().await;
    let admin = server.admin().await;
    let id = merged(&server).await;
    server.put("/api/athletes/1", &json!({"coach": "New Coach"})).by(&admin).await.is(200);
    let entry =
        server.get("/api/registrations?athleteId=1&eventId=4").by(&admin).await.body["registrations"][0].clone();
    server.put(&format!("/api/registrations/{}", entry["id"]), &json!({"laneNumber": 7})).by(&admin).await.is(200);
    let result = server.get("/api/results?athleteId=1&round=heats").await.body["results"][0].clone();
    server.delete(&format!("/api/results/{}", result["id"])).by(&admin).await.is(200);
    let before = tables(&server).await;
    assert_eq!(
        obstacles(&undo(&server, &id).await),
        [
            "John Kamau was changed since.",
            "The registration of John Kamau in 1500m was changed since.",
            "The result of John Kamau in 100m was deleted since.",
        ]
    );
    assert_eq!(tables(&server).await, before);
    server.delete("/api/athletes/1?cascade=true").by(&admin).await.is(200);
    assert!(obstacles(&undo(&server, &id).await).contains(&"John Kamau was deleted since.".to_owned()));
}

#[tokio::test]
async fn what_somebody_else_has_now_does_not_come_back_twice() {
    let server = with_a_double().await;
    let admin = server.admin().await;
    server.put("/api/athletes/6", &json!({"bibNumber": "66"})).by(&admin).await.is(200);
    // The event is full to the last place, and the merge has freed one.
    server.put("/api/events/1", &json!({"maxParticipants": 3})).by(&admin).await.is(200);
    let id = merged(&server).await;
    let heir = server.add_athlete("New Heir", "66").await;
    let before = tables(&server).await;
    let named = obstacles(&undo(&server, &id).await);
    assert_eq!(named, ["Kamau John cannot become what it was: Bib 66 is already worn by New Heir."]);
    server.put(&format!("/api/athletes/{heir}"), &json!({"bibNumber": "67"})).by(&admin).await.is(200);
    let late = json!({"athleteId": heir, "eventId": 1});
    server.post("/api/registrations", &late).by(&admin).await.is(201);
    let named = obstacles(&undo(&server, &id).await);
    assert_eq!(named.len(), 1);
    assert!(
        named[0].starts_with("The registration of Kamau John cannot become what it was: 100m is full"),
        "{named:?}"
    );
    server.delete(&format!("/api/athletes/{heir}?cascade=true")).by(&admin).await.is(200);
    undo(&server, &id).await.is(200);
    assert_ne!(tables(&server).await, before);
}

/// Who is gone is nobody, and rights that were taken away do not come back.
#[tokio::test]
async fn users_and_coaches_of_the_meantime_are_respected() {
    let server = with_a_double().await;
    let admin = server.admin().await;
    let answer = merge(&server, 6, &json!({"from": 1})).await;
    let id = answer.is(200).body["merge"]["id"].clone();
    server.put("/api/admin/users/6", &json!({"athleteIds": [2]})).by(&admin).await.is(200);
    server.delete("/api/admin/users/5").by(&admin).await.is(200);
    undo(&server, &id).await.is(200);
    assert_eq!(server.number("SELECT count(*) FROM user_athletes WHERE user_id = 6").await, 1);
    assert_eq!(server.number("SELECT count(*) FROM user_athletes WHERE athlete_id = 6").await, 1, "the other coach");
    let john = server.get("/api/athletes/1").by(&admin).await;
    assert_eq!((&john.is(200).row()["userId"], &john.row()["bibNumber"]), (&Value::Null, &json!("KEN001")));
}

/// The newest merge first: an older one of the same athlete is overtaken by it.
#[tokio::test]
async fn merges_of_one_athlete_are_taken_back_in_their_order() {
    let server = with_a_double().await;
    let before = tables(&server).await;
    let first = merged(&server).await;
    let second = merge(&server, 1, &json!({"from": 2})).await.is(200).body["merge"]["id"].clone();
    assert_eq!(obstacles(&undo(&server, &first).await), ["John Kamau was changed since."]);
    undo(&server, &second).await.is(200);
    undo(&server, &first).await.is(200);
    assert_eq!(tables(&server).await, before);

    // Also when the one who stayed has gone into a third one, with all that had moved.
    let first = merged(&server).await;
    let second = merge(&server, 3, &json!({"from": 1})).await;
    second.refused(409, "merge-conflict");
    let second = merge(&server, 2, &json!({"from": 1})).await.is(200).body["merge"]["id"].clone();
    assert!(obstacles(&undo(&server, &first).await).contains(&"John Kamau was deleted since.".to_owned()));
    undo(&server, &second).await.is(200);
    undo(&server, &first).await.is(200);
    assert_eq!(tables(&server).await, before);
}
