//! The six entities and their rules (api.md 5), one sentence a test.

mod bad_input;
mod deletion;
mod results;
mod spellings;

use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// Creates a row as admin, whatever comes of it.
pub async fn create(server: &TestServer, path: &str, body: &Value) -> Answer {
    let admin = server.admin().await;
    server.post(path, body).by(&admin).await
}

/// A row as it is stored: answers add names and counts to it.
fn without_names(mut shown: Value, stored: &serde_json::Map<String, Value>) -> Value {
    shown.as_object_mut().unwrap().retain(|name, _| {
        let added = name.ends_with("Count")
            || name.ends_with("Name")
            || name == "athleteAgeGroup"
            || name == "athleteBib"
            || name.starts_with("event");
        stored.contains_key(name) || !(added || ["clubTeam", "country", "raceId"].contains(&name.as_str()))
    });
    shown
}

fn athlete(member: &str, value: Value) -> Value {
    let mut body = json!({"name": "Jane Okoye", "country": "NGR"});
    body[member] = value;
    body
}

fn race(member: &str, value: Value) -> Value {
    let mut body = json!({"name": "Open", "date": "2026-06-14", "location": "Oslo"});
    body[member] = value;
    body
}

fn event(member: &str, value: Value) -> Value {
    let mut body = json!({"raceId": 1, "name": "800m"});
    body[member] = value;
    body
}

/// Life of one row of every entity, with an audit row for each change that holds it before and after.
#[tokio::test]
async fn rows_are_made_read_changed_and_deleted() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for (path, name, body, change) in [
        ("/api/athletes", "athlete", athlete("bibNumber", json!("900")), json!({"clubTeam": "TSV"})),
        ("/api/races", "race", race("description", json!("Night")), json!({"status": "completed"})),
        ("/api/events", "event", event("gender", json!("F")), json!({"ageGroup": "U18"})),
        ("/api/registrations", "registration", json!({"athleteId": 5, "eventId": 3}), json!({"laneNumber": 4})),
        (
            "/api/results",
            "result",
            json!({"athleteId": 5, "eventId": 3, "distanceMeters": 6.1}),
            json!({"position": 2}),
        ),
    ] {
        let made = server.post(path, &body).by(&admin).await;
        let row = made.is(201).body[name].clone();
        let id = row["id"].as_i64().unwrap();
        let place = format!("{path}/{id}");
        assert_eq!(made.header("location"), place);
        for (member, value) in body.as_object().unwrap() {
            assert_eq!(&row[member], value, "{name} {member}");
        }
        let shown = server.get(&place).by(&admin).await;
        assert_eq!((shown.is(200).row(), shown.header("etag")), (&row, made.header("etag")));
        let changed = server.put(&place, &change).by(&admin).await;
        let after = changed.is(200).body[name].clone();
        let (member, value) = change.as_object().unwrap().iter().next().unwrap();
        assert_eq!(&after[member], value);
        // The same once more changes nothing: no new version, no audit row.
        let again = server.put(&place, &change).by(&admin).await;
        assert_eq!((again.row(), again.header("etag")), (&after, changed.header("etag")));
        let deleted = server.delete(&place).by(&admin).await;
        assert_eq!((&deleted.is(200).body["deleted"], &deleted.body["id"]), (&json!(1), &json!(id)));
        server.get(&place).by(&admin).await.refused(404, "not-found");
        server.put(&place, &change).by(&admin).await.refused(404, "not-found");
        server.delete(&place).by(&admin).await.refused(404, "not-found");

        let rows = server.audit(&format!("entity={name}/{id}&sort=seq&user=1")).await;
        let told: Vec<[&Value; 3]> = rows.iter().map(|row| [&row["action"], &row["before"], &row["after"]]).collect();
        let (create, update, delete, none) = (json!("create"), json!("update"), json!("delete"), Value::Null);
        let [row, after] = [row, after].map(|shown| without_names(shown, rows[0]["after"].as_object().unwrap()));
        assert_eq!(told, [[&create, &none, &row], [&update, &row, &after], [&delete, &after, &none]], "{name}");
        assert!(rows.iter().all(|row| row["userName"] == "Amina Odhiambo" && row["entityId"] == id));
    }
    let validated = server.post("/api/admin/database/validate", &json!({})).by(&admin).await;
    assert_eq!(validated.body["status"], "success", "{}", validated.text);
}

#[tokio::test]
async fn ids_are_never_given_twice() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let first = server.add_athlete("Jane Okoye", "900").await;
    server.delete(&format!("/api/athletes/{first}")).by(&admin).await.is(200);
    assert_eq!(server.add_athlete("Jane Okoye", "900").await, first + 1);
    let chosen = create(&server, "/api/athletes", &athlete("id", json!(4000))).await;
    assert_eq!(chosen.is(201).row()["id"], first + 2, "an id is not chosen by the client");
}

#[tokio::test]
async fn moments_are_utc_and_set_by_the_server() {
    let server = TestServer::demo().await;
    let mut body = athlete("createdAt", json!("1999-01-01T00:00:00Z"));
    body["updatedAt"] = json!("1999-01-01T00:00:00Z");
    let row = create(&server, "/api/athletes", &body).await.is(201).row().clone();
    for member in ["createdAt", "updatedAt"] {
        let text = row[member].as_str().unwrap();
        assert!(text.starts_with("20") && text.ends_with('Z') && text.len() == 24, "{text}");
    }
}

#[tokio::test]
async fn a_bib_is_kept_as_written_and_worn_once() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for (name, bib) in [("A A", "007"), ("B B", "A12"), ("C C", "W-103"), ("D D", "0"), ("E E", "12")] {
        let answer = create(&server, "/api/athletes", &json!({"name": name, "country": "KEN", "bibNumber": bib})).await;
        assert_eq!(answer.is(201).row()["bibNumber"], bib);
    }
    for taken in ["7", "07", "0007", "a12", " A12 ", "w-103", "00", "012", "ken001"] {
        let answer = create(&server, "/api/athletes", &athlete("bibNumber", json!(taken))).await;
        answer.refused(409, "bib-taken");
        assert_eq!(answer.faults(), [("bibNumber".to_owned(), "bib-taken".to_owned())]);
    }
    create(&server, "/api/athletes", &athlete("bibNumber", json!(12))).await.refused(409, "bib-taken");
    let free = create(&server, "/api/athletes", &athlete("bibNumber", json!(120))).await;
    assert_eq!(free.is(201).row()["bibNumber"], "120");
    // One's own bib in another way of writing is no conflict; somebody else's is.
    let id = &free.row()["id"];
    server.put(&format!("/api/athletes/{id}"), &json!({"bibNumber": "0120"})).by(&admin).await.is(200);
    server.put(&format!("/api/athletes/{id}"), &json!({"bibNumber": "7"})).by(&admin).await.refused(409, "bib-taken");
    // Two without one are no conflict.
    for _ in 0..2 {
        create(&server, "/api/athletes", &athlete("bibNumber", json!(null))).await.is(201);
    }
}

#[tokio::test]
async fn an_athlete_is_registered_once_for_an_event() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let path = "/api/registrations";
    let again = create(&server, path, &json!({"athleteId": 1, "eventId": 1})).await;
    again.refused(409, "already-registered");
    let row = create(&server, path, &json!({"athleteId": 5, "eventId": 1})).await.is(201).row().clone();
    let defaults = ["registrationType", "status", "paymentStatus", "confirmedPresent"].map(|name| row[name].clone());
    assert_eq!(defaults, [json!("manual"), json!("registered"), json!("pending"), json!(false)]);
    server
        .put(&format!("{path}/{}", row["id"]), &json!({"athleteId": 1}))
        .by(&admin)
        .await
        .refused(409, "already-registered");
    let both = create(&server, path, &json!({"athleteId": 98, "eventId": 99})).await;
    let wanted =
        [("athleteId", "unknown-athlete"), ("eventId", "unknown-event")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(both.faults(), wanted);
    for (member, value, code) in [
        ("registrationType", json!("x"), "not-one-of"),
        ("status", json!("gone"), "not-one-of"),
        ("paymentStatus", json!("free"), "not-one-of"),
        ("heatNumber", json!(0), "out-of-range"),
        ("laneNumber", json!(1000), "out-of-range"),
        ("confirmedPresent", json!("x"), "wrong-type"),
        ("seedMark", json!("x".repeat(51)), "too-long"),
        ("bibNumber", json!("x".repeat(21)), "invalid-bib"),
    ] {
        let mut body = json!({"athleteId": 2, "eventId": 9});
        body[member] = value;
        assert_eq!(create(&server, path, &body).await.faults(), [(member.to_owned(), code.to_owned())]);
    }
    let number = create(&server, path, &json!({"athleteId": 2, "eventId": 9, "seedMark": 10.52})).await;
    assert_eq!(number.is(201).row()["seedMark"], "10.52");
}

#[tokio::test]
async fn a_full_event_takes_nobody_more() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let path = "/api/registrations";
    server.put("/api/events/1", &json!({"maxParticipants": 2})).by(&admin).await.is(200);
    create(&server, path, &json!({"athleteId": 5, "eventId": 1})).await.refused(409, "event-full");
    // Somebody cancelled takes no place, and comes back only while there is one.
    server.put(&format!("{path}/1"), &json!({"status": "cancelled"})).by(&admin).await.is(200);
    create(&server, path, &json!({"athleteId": 5, "eventId": 1})).await.is(201);
    server.put(&format!("{path}/1"), &json!({"status": "registered"})).by(&admin).await.refused(409, "event-full");
    server.put(&format!("{path}/2"), &json!({"laneNumber": 3})).by(&admin).await.is(200);
    server.put(&format!("{path}/3"), &json!({"eventId": 1})).by(&admin).await.refused(409, "event-full");
    create(&server, path, &json!({"athleteId": 4, "eventId": 1, "status": "cancelled"})).await.is(201);
    // Two at the same moment for the last place: one gets it.
    server.put("/api/events/9", &json!({"maxParticipants": 1})).by(&admin).await.is(200);
    let (one, two) = (json!({"athleteId": 1, "eventId": 9}), json!({"athleteId": 3, "eventId": 9}));
    let (one, two) = tokio::join!(create(&server, path, &one), create(&server, path, &two));
    assert_eq!([one.status, two.status].iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(server.number("SELECT count(*) FROM registrations WHERE event_id = 9").await, 1);
}
