//! Station links: one event for one role, without an account, until they end or are revoked.

mod walls;

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// Women's long jump of the demo data, with one entry and one result.
const JUMP: i64 = 3;
/// Men's 100 m, another event of the same race.
const SPRINT: i64 = 1;

/// A station link as its maker sees it.
struct Link {
    id: i64,
    secret: String,
}

async fn make(server: &TestServer, body: Value) -> Link {
    let chief = server.token(Role::ChiefRegistrar).await;
    let answer = server.post("/api/stations", &body).by(&chief).await;
    let (_, secret) = answer.is(201).body["link"].as_str().unwrap().split_once("/station#").unwrap();
    Link { id: answer.row()["id"].as_i64().unwrap(), secret: secret.to_owned() }
}

async fn enter(server: &TestServer, link: &Link, name: &str) -> Answer {
    server.post("/api/stations/enter", &json!({"secret": link.secret, "name": name})).await
}

/// The token of somebody called Amina who opens the link.
async fn at(server: &TestServer, link: &Link) -> String {
    enter(server, link, "Amina Odhiambo").await.is(200).body["token"].as_str().unwrap().to_owned()
}

async fn official(server: &TestServer) -> String {
    at(server, &make(server, json!({"eventId": JUMP, "label": "Pit 2"})).await).await
}

async fn starter(server: &TestServer) -> String {
    at(server, &make(server, json!({"eventId": JUMP, "role": "starter"})).await).await
}

#[tokio::test]
async fn a_link_and_its_code_are_shown_once_and_only_a_digest_is_stored() {
    let server = TestServer::demo().await;
    let chief = server.token(Role::ChiefRegistrar).await;
    let made = server.post("/api/stations", &json!({"eventId": JUMP})).by(&chief).await;
    let link = made.is(201).body["link"].as_str().unwrap().to_owned();
    let secret = link.split_once("/station#").unwrap().1.to_owned();
    assert_eq!(secret.len(), 43, "256 bits");
    // Asked for on this computer, where a phone could not go: it names another address, when there is one.
    assert!(link.starts_with("http://") && link.contains(&format!(":{}/station#", server.addr.port())), "{link}");
    assert!(made.body["qr"].as_str().unwrap().contains("<svg"));
    let row = made.row();
    assert_eq!(
        (&row["eventName"], &row["eventGender"], &row["role"], &row["label"]),
        (&json!("Long Jump"), &json!("F"), &json!("official"), &json!("Long Jump"))
    );
    assert_eq!(
        (&row["isOpen"], &row["visits"], &row["createdBy"]),
        (&json!(true), &json!([]), &json!("Peter Lindqvist"))
    );
    let token = at(&server, &Link { id: 1, secret: secret.clone() }).await;
    for path in ["/api/stations", "/api/stations?eventId=3", "/api/admin/audit-logs"] {
        let answer = server.get(path).by(&server.admin().await).await;
        assert!(!answer.is(200).text.contains(&secret) && !answer.text.contains(&token), "{path}");
    }
    let server = server.restart().await;
    server.get("/api/stations/here").by(&token).await.is(200);
    for entry in std::fs::read_dir(server.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        for secret in [&secret, &token] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "a secret lies in the folder"
            );
        }
    }
}

#[tokio::test]
async fn an_official_enters_the_results_of_the_event_under_the_name_given() {
    let server = TestServer::demo().await;
    let token = official(&server).await;
    let board = server.get("/api/stations/here").by(&token).await.is(200).body.clone();
    assert_eq!(
        (&board["event"]["name"], &board["measure"], &board["hasWind"]),
        (&json!("Long Jump"), &json!("distance"), &json!(true))
    );
    assert_eq!(board["entries"][0]["athleteName"], "Grace Nakato");
    assert_eq!((&board["station"]["person"], &board["station"]["label"]), (&json!("Amina Odhiambo"), &json!("Pit 2")));
    let (stored, tag) = (&board["results"][0], board["results"][0]["etag"].as_str().unwrap());
    let path = format!("/api/results/{}", stored["id"]);
    server.put(&path, &json!({"mark": "6.25", "windSpeed": 0.4})).by(&token).header("if-match", tag).await.is(200);
    // What somebody else has changed is not written over.
    let stale = server.put(&path, &json!({"mark": "6.31"})).by(&token).header("if-match", tag).await;
    assert_eq!((stale.status, stale.body["result"]["distanceMeters"].as_f64()), (409, Some(6.25)));
    let body = json!({"athleteId": 2, "eventId": JUMP, "mark": "5.80"});
    let first = server.post("/api/results", &body).by(&token).header("idempotency-key", "a").await;
    let again = server.post("/api/results", &body).by(&token).header("idempotency-key", "a").await;
    assert_eq!((first.is(201).row(), again.header("x-idempotency-replayed")), (again.is(201).row(), "true"));
    assert_eq!(first.row()["recordedBy"], Value::Null);
    let rows = server.audit("entity=result&sort=-seq").await;
    assert_eq!((&rows[0]["userName"], &rows[0]["userId"]), (&json!("Amina Odhiambo (station Pit 2)"), &Value::Null));
    let came = server.audit("action=login&entity=station").await;
    assert_eq!((came.len(), &came[0]["userName"]), (1, &json!("Amina Odhiambo (station Pit 2)")));
}

#[tokio::test]
async fn a_starter_marks_who_is_there_and_nothing_else() {
    let server = TestServer::demo().await;
    let token = starter(&server).await;
    let entry = server.get("/api/stations/here").by(&token).await.is(200).body["entries"][0].clone();
    let path = format!("/api/registrations/{}", entry["id"]);
    let marked = server.put(&path, &json!({"confirmedPresent": true})).by(&token).await;
    assert_eq!(marked.is(200).row()["confirmedPresent"], true);
    server.put(&path, &json!({"status": "dns"})).by(&token).await.is(200);
    server.put(&path, &json!({"bibNumber": "9"})).by(&token).await.refused(403, "forbidden");
    let result = json!({"athleteId": 4, "eventId": JUMP, "mark": "6.00", "round": "heat"});
    server.post("/api/results", &result).by(&token).await.refused(403, "forbidden");
}

#[tokio::test]
async fn a_revoked_link_ends_at_once_for_all_who_came_by_it_and_for_no_other() {
    let server = TestServer::demo().await;
    let link = make(&server, json!({"eventId": JUMP})).await;
    let (one, two, other) = (at(&server, &link).await, at(&server, &link).await, official(&server).await);
    for token in [&one, &two, &other] {
        server.get("/api/stations/here").by(token).await.is(200);
    }
    let chief = server.token(Role::ChiefRegistrar).await;
    let path = format!("/api/stations/{}/revoke", link.id);
    let revoked = server.post(&path, &json!({})).by(&chief).await;
    assert_eq!(revoked.is(200).row()["isOpen"], false);
    for token in [&one, &two] {
        server.get("/api/stations/here").by(token).await.refused(401, "station-ended");
        server.post("/api/results", &json!({})).by(token).await.refused(401, "station-ended");
    }
    enter(&server, &link, "Amina").await.refused(409, "station-ended");
    server.get("/api/stations/here").by(&other).await.is(200);
    // Twice changes nothing, and is told once.
    server.post(&path, &json!({})).by(&chief).await.is(200);
    assert_eq!(server.audit("action=update&entity=station").await.len(), 1);
    server.post("/api/stations/99/revoke", &json!({})).by(&chief).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_link_lasts_to_the_end_of_the_day_and_three_days_at_most() {
    let server = TestServer::demo().await;
    let chief = server.token(Role::ChiefRegistrar).await;
    let today = jiff::Zoned::now().date();
    for days in 1..=3_i64 {
        let made = server.post("/api/stations", &json!({"eventId": JUMP, "days": days})).by(&chief).await;
        let end: jiff::Timestamp = made.is(201).row()["expiresAt"].as_str().unwrap().parse().unwrap();
        let end = end.to_zoned(jiff::tz::TimeZone::system());
        assert!(end.time() == jiff::civil::Time::midnight() && end.date() > today, "{end}");
        assert!(end.date() <= jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(days)), "{end}");
    }
    for bad in [
        json!({"eventId": JUMP, "days": 4}),
        json!({"eventId": JUMP, "days": 0}),
        json!({"eventId": 99}),
        json!({}),
        json!({"eventId": JUMP, "role": "admin"}),
        json!({"eventId": JUMP, "role": "registrar"}),
        json!({"eventId": JUMP, "nonsense": 1}),
    ] {
        server.post("/api/stations", &bad).by(&chief).await.refused(422, "invalid-fields");
    }
    let link = make(&server, json!({"eventId": JUMP})).await;
    let token = at(&server, &link).await;
    server.sql("UPDATE stations SET expires_at = 1000").await;
    enter(&server, &link, "Late").await.refused(409, "station-ended");
    let server = server.restart().await;
    server.get("/api/stations/here").by(&token).await.refused(401, "station-ended");
}

#[tokio::test]
async fn a_link_that_is_none_a_name_that_is_none_and_too_many_phones_are_refused() {
    let server = TestServer::demo().await;
    let link = make(&server, json!({"eventId": JUMP})).await;
    let unknown = Link { id: 0, secret: "x".repeat(43) };
    enter(&server, &unknown, "Amina").await.refused(404, "not-found");
    enter(&server, &link, &"x".repeat(61)).await.refused(422, "invalid-fields");
    enter(&server, &link, "A\u{7}b").await.refused(422, "invalid-fields");
    enter(&server, &link, " ").await.refused(400, "missing-fields");
    for _ in 0..50 {
        enter(&server, &link, "Amina").await.is(200);
    }
    enter(&server, &link, "Amina").await.refused(409, "station-full");
    let listed = server.get("/api/stations?eventId=3").by(&server.admin().await).await;
    assert_eq!(listed.body["stations"][0]["visits"].as_array().unwrap().len(), 50);
    server.get("/api/stations/here").by("station_forged").await.refused(401, "station-ended");
}

#[tokio::test]
async fn a_station_ends_with_its_event() {
    let server = TestServer::demo().await;
    let event = server.add_event(1, "High Jump").await;
    let token = at(&server, &make(&server, json!({"eventId": event})).await).await;
    server.get("/api/stations/here").by(&token).await.is(200);
    server.delete(&format!("/api/events/{event}")).by(&server.admin().await).await.is(200);
    server.get("/api/stations/here").by(&token).await.refused(401, "station-ended");
}

/// A copy does not know which links were revoked since.
#[tokio::test]
async fn a_restore_ends_every_link() {
    let server = TestServer::demo().await;
    let link = make(&server, json!({"eventId": JUMP})).await;
    let token = at(&server, &link).await;
    let admin = server.admin().await;
    let backup = server.post("/api/admin/backups", &json!({})).by(&admin).await.is(201).body["backup"].clone();
    let path = format!("/api/admin/backups/{}/restore", backup["id"].as_str().unwrap());
    server.post(&path, &json!({"confirm": backup["name"]})).by(&admin).await.is(200);
    server.get("/api/stations/here").by(&token).await.refused(401, "station-ended");
    enter(&server, &link, "Amina").await.refused(409, "station-ended");
}
