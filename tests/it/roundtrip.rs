//! Everything out of one database and into an empty one: it exports again equal.

use athsys::db::{Access, Db, Files};
use serde_json::{Value, json};

use crate::support::{Athsys, TestServer, counts, fixture, folder, sections};

/// Demo data, imported samples, and whatever is easily lost on the way.
async fn rich() -> TestServer {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for file in ["athletes-200.csv", "dirty-dates.csv", "dirty-formula-injection.csv", "headings-de-cp1252.csv"] {
        server.import_csv("", fixture(&format!("athletes/{file}"))).await;
    }
    let bulk = serde_json::from_slice(&fixture("json/bulk.json")).unwrap();
    server.import_json("bulk", "", &bulk).await;
    // Two people of one name and club, two events of one name, two races of one day and place.
    for (path, body) in [
        ("/api/athletes", json!({"name": "Twin", "country": "KEN", "clubTeam": "Same"})),
        ("/api/events", json!({"raceId": 2, "name": "100m", "gender": "F"})),
        (
            "/api/races",
            json!({"name": "Double", "date": "2026-09-01", "location": "Oslo", "registrationDeadline": "2026-08-01T10:00:00Z"}),
        ),
    ] {
        server.add(path, body.clone()).await;
        server.add(path, body).await;
    }
    for result in [
        json!({"athleteId": 1, "eventId": 9, "points": 8123.5, "round": "Day 2"}),
        json!({"athleteId": 2, "eventId": 4, "mark": "3:58.501", "heat": 1, "lane": 3, "isRecord": true, "recordType": "NR"}),
        json!({"athleteId": 2, "eventId": 4, "status": "dq", "heat": 2}),
        json!({"athleteId": 3, "eventId": 3, "distanceMeters": 7.05, "wind": -0.4}),
        json!({"athleteId": 3, "eventId": 6, "status": "nm"}),
        json!({"athleteId": 1, "eventId": 8, "timeSeconds": 7384.25}),
    ] {
        server.add("/api/results", result).await;
    }
    // An event that was made smaller than it is full, a gap in the ids, an entry that was taken back.
    server.put("/api/events/1", &json!({"maxParticipants": 1})).by(&admin).await.is(200);
    server
        .put("/api/registrations/6", &json!({"status": "cancelled", "paymentStatus": "refunded"}))
        .by(&admin)
        .await
        .is(200);
    let gone = server.add_athlete("Gone", "G1").await;
    server.delete(&format!("/api/athletes/{gone}")).by(&admin).await.is(200);
    server.add_athlete("Later", "L1").await;
    server
}

#[tokio::test]
async fn everything_imports_into_an_empty_database_by_the_command_line_and_exports_again_equal() {
    let server = rich().await;
    let admin = server.admin().await;
    let file = server.get("/api/admin/export/all-json").by(&admin).await;
    let folder = folder();
    let other = Athsys::on(&folder.path().join("other.db"));
    other.run(&["init"]).is(0);
    let import = other.run_with(&["import", "bulk", "-", "--json"], file.text.as_bytes());
    assert_eq!(import.is(0).json()["failed"], 0, "{import:?}");
    let back: Value = other.run(&["export", "all"]).is(0).json();
    let (before, after) = (sections(&file.body), sections(&back));
    for (table, rows) in before.as_object().unwrap() {
        assert_eq!(&after[table], rows, "{table}");
    }
    assert_eq!(after, before);
    other.run(&["check"]).is(0);
    let again = other.run_with(&["import", "bulk", "-", "--json"], file.text.as_bytes()).is(0).json();
    assert_eq!((&again["imported"], &again["failed"]), (&json!(0), &json!(0)), "{again}");
    let twice: Value = other.run(&["export", "all"]).is(0).json();
    assert_eq!(sections(&twice), after, "two exports of one database are equal");
    // The restored numbering goes on where the old one was.
    let db = Db::open(Files::of(&other.db), Access::Own).unwrap();
    let last = |db: &Db| {
        db.read_blocking(|conn| {
            Ok::<i64, athsys::db::DbError>(conn.query_row("SELECT max(id) FROM athletes", [], |row| row.get(0))?)
        })
        .unwrap()
    };
    assert_eq!(last(&db), server.number("SELECT max(id) FROM athletes").await);
}

#[tokio::test]
async fn everything_imports_through_a_server_whose_administrator_is_there_already() {
    let server = rich().await;
    let before = server.everything().await;
    let admin = server.admin().await;
    let file = server.get("/api/admin/export/all-json").by(&admin).await.body;
    let target = TestServer::start().await;
    target.admin().await;
    let answer = target.import_json("bulk", "", &file).await;
    assert_eq!(counts(answer.is(201))[4], 0, "{}", answer.text);
    assert!(answer.body["notes"].to_string().contains("cannot sign in"), "{}", answer.text);
    let after = target.everything().await;
    // Whoever imports has the id 1; the user who had it gets another, and whatever leads there follows.
    let users = |data: &Value| data["users"].as_array().unwrap().clone();
    let moved = users(&after).iter().find(|user| user["email"] == "admin@athsys.com").unwrap()["id"].clone();
    assert_ne!(moved, 1);
    for user in users(&before) {
        let mut expected = user.clone();
        if user["id"] == 1 {
            expected["id"] = moved.clone();
        }
        assert!(users(&after).contains(&expected), "{expected} is missing");
    }
    assert_eq!(users(&after).len(), users(&before).len() + 1);
    for table in ["athletes", "races", "events", "registrations"] {
        assert_eq!(after[table], before[table], "{table}");
    }
    let mut results = before["results"].clone();
    for result in results.as_array_mut().unwrap() {
        if result["recordedBy"] == 1 {
            result["recordedBy"] = moved.clone();
        }
    }
    assert_eq!(after["results"], results);
    let coach = users(&after).into_iter().find(|user| user["role"] == "coach").unwrap();
    assert_eq!(coach["athleteIds"], json!([1, 2]));
}

#[tokio::test]
async fn a_large_export_imports_in_slices_and_is_equal_too() {
    let server = TestServer::start().await;
    server.import_csv("", crate::support::people(1, 25_000)).await.is(201);
    server.add("/api/athletes", json!({"name": "Twin", "country": "KEN"})).await;
    server.add("/api/athletes", json!({"name": "Twin", "country": "KEN"})).await;
    let admin = server.admin().await;
    let file = server.get("/api/admin/export/all-json").by(&admin).await.body;
    let target = TestServer::start().await;
    let answer = target.import_json("bulk", "", &file).await;
    assert_eq!(counts(answer.is(201)), [25_002, 0, 1, 0, 0], "{}", answer.body["errors"]);
    assert_eq!(target.everything().await["athletes"], server.everything().await["athletes"]);
}

#[tokio::test]
async fn an_id_at_the_end_of_the_numbers_does_not_use_them_up() {
    let server = TestServer::start().await;
    let rows =
        json!([{"id": i64::MAX, "name": "Last", "country": "KEN"}, {"id": 7, "name": "Seven", "country": "KEN"}]);
    let answer = server.import_json("bulk", "", &json!({"athletes": rows})).await;
    assert_eq!(answer.is(201).body["imported_ids"]["athletes"], json!([1, 7]), "{}", answer.text);
    assert_eq!(server.add_athlete("Next", "1").await, 8);
}
