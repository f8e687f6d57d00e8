//! Names of members on their way in.

use serde_json::{Value, json};

use crate::support::TestServer;

#[tokio::test]
async fn unknown_members_are_refused_with_the_nearest_known_name() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for (path, body, wrong, near) in [
        ("/api/athletes", json!({"name": "A B", "country": "KEN", "nmae": "x"}), "nmae", "name"),
        ("/api/athletes", json!({"name": "A B", "country": "KEN", "bibNumbr": "7"}), "bibNumbr", "bibNumber"),
        ("/api/athletes", json!({"name": "A B", "country": "KEN", "Gender": "F"}), "Gender", "gender"),
        (
            "/api/races",
            json!({"name": "A", "date": "2026-06-14", "location": "x", "loction": "y"}),
            "loction",
            "location",
        ),
        ("/api/events", json!({"raceId": 1, "name": "100m", "catgory": "Track"}), "catgory", "category"),
        ("/api/registrations", json!({"athleteId": 4, "eventId": 1, "heatNumbr": 1}), "heatNumbr", "heatNumber"),
        ("/api/results", json!({"athleteId": 4, "eventId": 1, "timeSecond": 11}), "timeSecond", "timeSeconds"),
        ("/api/admin/users", json!({"name": "A", "email": "a@b.example", "rol": "viewer"}), "rol", "role"),
    ] {
        let answer = server.post(path, &body).by(&admin).await;
        answer.refused(422, "invalid-fields");
        assert_eq!(answer.faults(), [(wrong.to_owned(), "unknown-field".to_owned())]);
        let message = answer.body["errors"][0]["message"].as_str().unwrap();
        assert!(message.ends_with(&format!("did you mean {near}?")), "{message}");
    }
    let answer = server.put("/api/athletes/1", &json!({"passwordHash": "x", "name": "New"})).by(&admin).await;
    answer.refused(422, "invalid-fields");
    assert_eq!(server.get("/api/athletes/1").await.row()["name"], "John Kamau", "nothing of it was stored");
}

#[tokio::test]
async fn other_names_of_members_are_read() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let base = json!({"name": "Jane Okoye", "country": "NGR"});
    let aliases: [(&str, Value, &str); 14] = [
        ("bib_number", json!("501"), "bibNumber"),
        ("bib", json!("502"), "bibNumber"),
        ("bibNumber", json!("503"), "bibNumber"),
        ("club", json!("TSV"), "clubTeam"),
        ("team", json!("TSV"), "clubTeam"),
        ("club_team", json!("TSV"), "clubTeam"),
        ("clubTeam", json!("TSV"), "clubTeam"),
        ("coach_name", json!("C"), "coach"),
        ("coachName", json!("C"), "coach"),
        ("coach", json!("C"), "coach"),
        ("dob", json!("2001-02-03"), "dateOfBirth"),
        ("date_of_birth", json!("2001-02-03"), "dateOfBirth"),
        ("contact_email", json!("j@o.example"), "email"),
        ("contact_phone", json!("+234 800 000"), "phone"),
    ];
    for (alias, value, member) in aliases {
        let mut body = base.clone();
        body[alias] = value.clone();
        let answer = server.post("/api/athletes", &body).by(&admin).await;
        answer.is(201);
        assert_eq!(answer.row()[member], value, "{alias}");
    }
    let event = server.add("/api/events", json!({"race_id": 1, "name": "800m"})).await;
    let entry = server.add("/api/registrations", json!({"athlete_id": 1, "event_id": event})).await;
    let entry = server.get(&format!("/api/registrations/{entry}")).by(&admin).await;
    assert_eq!((&entry.row()["athleteId"], &entry.row()["eventId"]), (&json!(1), &json!(event)));
}

#[tokio::test]
async fn put_changes_the_given_members_and_no_others() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let before = server.get("/api/athletes/1").by(&admin).await.row().clone();
    let after = server.put("/api/athletes/1", &json!({"clubTeam": "Iten AC"})).by(&admin).await.is(200).row().clone();
    for (name, value) in before.as_object().unwrap() {
        match name.as_str() {
            "clubTeam" => assert_eq!(after[name], "Iten AC"),
            "updatedAt" => assert!(after[name].as_str() > value.as_str(), "{} > {value}", after[name]),
            _ => assert_eq!(&after[name], value, "{name}"),
        }
    }
    // An answer of ours may be sent back as it is, and changes nothing.
    let again = server.put("/api/athletes/1", &after).by(&admin).await.is(200).row().clone();
    assert_eq!(again, after);
    let cleared = server.put("/api/athletes/1", &json!({"clubTeam": null, "email": ""})).by(&admin).await;
    assert_eq!((&cleared.row()["clubTeam"], &cleared.row()["email"]), (&Value::Null, &Value::Null));
    server.put("/api/athletes/1", &json!({"name": null})).by(&admin).await.refused(422, "invalid-fields");
    server.put("/api/athletes/1", &json!({"name": "  "})).by(&admin).await.refused(422, "invalid-fields");
    // Known to the year alone when the day is already known: the day stays.
    let year = server.put("/api/athletes/1", &json!({"yearOfBirth": 1998})).by(&admin).await;
    assert_eq!(year.is(200).row()["dateOfBirth"], "1998-04-12");
    let year = server.put("/api/athletes/1", &json!({"yearOfBirth": 1997})).by(&admin).await;
    assert_eq!((&year.row()["dateOfBirth"], &year.row()["yearOfBirth"]), (&Value::Null, &json!(1997)));
}

#[tokio::test]
async fn a_stale_edit_is_refused_with_the_current_row() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for (path, change, member) in [
        ("/api/athletes/2", json!({"clubTeam": "A"}), "athlete"),
        ("/api/races/1", json!({"location": "A"}), "race"),
        ("/api/events/1", json!({"ageGroup": "A"}), "event"),
        ("/api/registrations/1", json!({"seedMark": "A"}), "registration"),
        ("/api/results/1", json!({"recordType": "A"}), "result"),
        ("/api/admin/users/7", json!({"name": "A"}), "user"),
    ] {
        let first = server.get(path).by(&admin).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 3, "{path}: {tag}");
        let changed = server.put(path, &change).by(&admin).header("if-match", &tag).await;
        changed.is(200);
        assert_ne!(changed.header("etag"), tag);
        let stale = server.put(path, &json!({})).by(&admin).header("if-match", &tag).await;
        stale.refused(409, "stale-version");
        assert_eq!(&stale.body[member], changed.row(), "the current row comes along");
        let newest = server.get(path).by(&admin).await;
        assert_eq!(newest.header("etag"), changed.header("etag"));
        server.put(path, &change).by(&admin).header("if-match", changed.header("etag")).await.is(200);
        server.put(path, &change).by(&admin).header("if-match", "*").await.is(200);
    }
}
