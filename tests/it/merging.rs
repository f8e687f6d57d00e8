//! Two athletes who are one: found, merged, and taken apart again.

mod finding;
mod taking_back;

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// A second John Kamau (athlete 6 beside athlete 1) with entries, results and coaches of his own.
async fn with_a_double() -> TestServer {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let double = json!({"name": "Kamau John", "country": "KEN", "yearOfBirth": 1998, "photoUrl": "/john.jpg",
        "clubTeam": "Nairobi City"});
    assert_eq!(server.add("/api/athletes", double).await, 6);
    for entry in [
        json!({"athleteId": 6, "eventId": 1, "laneNumber": 5, "confirmedPresent": true, "paymentStatus": "paid"}),
        json!({"athleteId": 6, "eventId": 4, "seedMark": "3:41"}),
    ] {
        server.add("/api/registrations", entry).await;
    }
    for result in [
        json!({"athleteId": 6, "eventId": 1, "timeSeconds": 10.44, "isRecord": true, "recordType": "PB"}),
        json!({"athleteId": 6, "eventId": 4, "timeSeconds": 221.5, "position": 1}),
        json!({"athleteId": 6, "eventId": 1, "round": "heats", "timeSeconds": 10.6}),
    ] {
        server.add("/api/results", result).await;
    }
    let coach = json!({"name": "Ben Coach", "email": "ben@club.example", "role": "coach", "athleteIds": [6]});
    server.post("/api/admin/users", &coach).by(&admin).await.is(201);
    server.put("/api/admin/users/6", &json!({"athleteIds": [1, 2, 6]})).by(&admin).await.is(200);
    server
}

async fn merge(server: &TestServer, id: i64, body: &Value) -> Answer {
    let registrar = server.token(Role::Registrar).await;
    server.post(&format!("/api/athletes/{id}/merge"), body).by(&registrar).await
}

async fn undo(server: &TestServer, merge: &Value) -> Answer {
    let registrar = server.token(Role::Registrar).await;
    server.post(&format!("/api/athletes/merges/{merge}/undo"), &json!({})).by(&registrar).await
}

/// Every row of the tables a merge touches, without versions and the moments of the last change.
async fn tables(server: &TestServer) -> Vec<String> {
    let read = |conn: &rusqlite::Connection| {
        let mut lines = Vec::new();
        for table in ["athletes", "registrations", "results", "user_athletes", "users"] {
            let mut statement = conn.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))?;
            let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let mut line = table.to_owned();
                for (at, name) in names.iter().enumerate() {
                    if !matches!(name.as_str(), "version" | "updated_at" | "last_login") {
                        line.push_str(&format!(" {name}={:?}", row.get_ref(at)?));
                    }
                }
                lines.push(line);
            }
        }
        Ok::<_, athsys::db::DbError>(lines)
    };
    server.app.db().read(read).await.unwrap()
}

#[tokio::test]
async fn what_hangs_on_the_one_who_goes_moves_to_the_one_who_stays() {
    let server = with_a_double().await;
    let admin = server.admin().await;
    let answer = merge(&server, 1, &json!({"from": 6, "values": {"clubTeam": "Rift Valley AC Nairobi"}})).await;
    let done = &answer.is(200).body["merge"];
    assert_eq!(answer.body["message"], "Kamau John was merged into John Kamau");
    assert_eq!((&done["keptId"], &done["keptName"]), (&json!(1), &json!("John Kamau")));
    assert_eq!((&done["fromId"], &done["fromName"]), (&json!(6), &json!("Kamau John")));
    assert_eq!(done["moved"], json!({"registrations": 1, "results": 2}));
    assert_eq!(done["dropped"], json!({"registrations": 1, "results": 1}));
    let athlete = &answer.body["athlete"];
    assert_eq!((&athlete["clubTeam"], &athlete["photoUrl"]), (&json!("Rift Valley AC Nairobi"), &json!("/john.jpg")));
    assert_eq!((&athlete["dateOfBirth"], &athlete["bibNumber"]), (&json!("1998-04-12"), &json!("KEN001")));

    server.get("/api/athletes/6").await.refused(404, "not-found");
    let entries = server.get("/api/registrations?athleteId=1").by(&admin).await;
    let events: Vec<&Value> =
        entries.body["registrations"].as_array().unwrap().iter().map(|row| &row["eventId"]).collect();
    assert_eq!(events, [1, 5, 4]);
    // The entry both had is one entry that knows what either knew.
    let own = &entries.body["registrations"][0];
    let known = ["seedMark", "status", "laneNumber", "confirmedPresent", "paymentStatus"].map(|name| own[name].clone());
    assert_eq!(known, [json!("10.48"), json!("confirmed"), json!(5), json!(true), json!("paid")]);
    let results = server.get("/api/results?athleteId=1").await;
    assert_eq!(results.body["total"], 3);
    let own = &results.body["results"][0];
    assert_eq!((&own["position"], &own["isRecord"], &own["recordType"]), (&json!(2), &json!(true), &json!("PB")));
    assert_eq!(server.number("SELECT count(*) FROM user_athletes WHERE athlete_id = 1").await, 2, "both coaches");
    assert_eq!(server.number("SELECT count(*) FROM user_athletes WHERE athlete_id = 6").await, 0);

    let trail = server.audit("entity=athlete/1&action=update").await;
    assert_eq!(trail[0]["details"]["merged_from"], 6);
    let gone = server.audit("entity=athlete/6&action=delete").await;
    assert_eq!((&gone[0]["details"]["merged_into"], &gone[0]["before"]["name"]), (&json!(1), &json!("Kamau John")));
    assert_eq!(server.audit("entity=registration&action=delete").await.len(), 1);
    assert_eq!(server.audit("entity=registration&action=update").await.len(), 2);
    assert_eq!(server.audit("entity=result&action=update").await.len(), 3);
}

#[tokio::test]
async fn blanks_are_filled_with_what_the_other_has() {
    let server = with_a_double().await;
    let answer = merge(&server, 6, &json!({"from": 1})).await;
    let athlete = &answer.is(200).body["athlete"];
    for (member, value) in [
        ("id", json!(6)),
        ("name", json!("Kamau John")),
        ("clubTeam", json!("Nairobi City")),
        ("dateOfBirth", json!("1998-04-12")),
        ("yearOfBirth", Value::Null),
        ("gender", json!("M")),
        ("bibNumber", json!("KEN001")),
        ("email", json!("john@athsys.com")),
        ("phone", json!("+254 700 000 001")),
        ("coach", json!("Sarah Whitfield")),
        ("userId", json!(5)),
        ("photoUrl", json!("/john.jpg")),
    ] {
        assert_eq!(athlete[member], value, "{member}");
    }
    // The person of the account sees themselves as before.
    let own = server.get("/api/athletes/6").by(&server.token(Role::Athlete).await).await;
    assert_eq!(own.is(200).row()["email"], "john@athsys.com");
}

#[tokio::test]
async fn results_that_contradict_one_another_are_named_and_nothing_is_changed() {
    let server = with_a_double().await;
    let admin = server.admin().await;
    let other = server.get("/api/results?athleteId=6&round=final&eventId=1").await.body["results"][0]["id"].clone();
    server.put(&format!("/api/results/{other}"), &json!({"timeSeconds": 10.45})).by(&admin).await.is(200);
    let before = tables(&server).await;
    let answer = merge(&server, 1, &json!({"from": 6})).await;
    answer.refused(409, "merge-conflict");
    let conflicts = answer.body["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        (&conflicts[0]["entity"], &conflicts[0]["eventName"], &conflicts[0]["round"]),
        (&json!("result"), &json!("100m"), &json!("final"))
    );
    assert_eq!(conflicts[0]["kept"]["timeSeconds"], 10.44);
    assert_eq!((&conflicts[0]["other"]["timeSeconds"], &conflicts[0]["other"]["id"]), (&json!(10.45), &other));
    assert_eq!(tables(&server).await, before);
    assert_eq!(server.number("SELECT count(*) FROM merges").await, 0);
    server.delete(&format!("/api/results/{other}")).by(&admin).await.is(200);
    merge(&server, 1, &json!({"from": 6})).await.is(200);
}

#[tokio::test]
async fn every_fault_of_a_merge_is_told_and_nothing_is_changed() {
    let server = with_a_double().await;
    let before = tables(&server).await;
    for (id, body, field, code) in [
        (1, json!({}), "from", "required"),
        (1, json!({"from": null}), "from", "required"),
        (1, json!({"from": "x"}), "from", "wrong-type"),
        (1, json!({"from": 1}), "from", "same-athlete"),
        (1, json!({"from": 99}), "from", "unknown-athlete"),
        (1, json!({"from": 6, "valus": {}}), "valus", "unknown-field"),
        (1, json!({"from": 6, "values": [1]}), "values", "wrong-type"),
        (1, json!({"from": 6, "values": {"clb": "x"}}), "clb", "unknown-field"),
        (1, json!({"from": 6, "values": {"country": "Narnia"}}), "country", "invalid-country"),
        (1, json!({"from": 6, "values": {"name": null}}), "name", "required"),
        (1, json!({"from": 6, "values": {"userId": 99}}), "userId", "unknown-user"),
    ] {
        let answer = merge(&server, id, &body).await;
        answer.refused(422, "invalid-fields");
        assert_eq!(answer.faults(), [(field.to_owned(), code.to_owned())], "{body}: {}", answer.text);
    }
    merge(&server, 99, &json!({"from": 6})).await.refused(404, "not-found");
    let taken = json!({"from": 6, "values": {"bibNumber": "ken002"}});
    merge(&server, 1, &taken).await.refused(409, "bib-taken");
    assert_eq!(tables(&server).await, before);
    let free = json!({"from": 6, "values": {"bibNumber": "KEN003"}});
    assert_eq!(merge(&server, 1, &free).await.is(200).body["athlete"]["bibNumber"], "KEN003");
}

#[tokio::test]
async fn a_merge_is_for_registrars() {
    let server = with_a_double().await;
    for role in [Role::Official, Role::Starter, Role::Coach, Role::Athlete, Role::Viewer] {
        let token = server.token(role).await;
        server.post("/api/athletes/1/merge", &json!({"from": 6})).by(&token).await.refused(403, "forbidden");
        server.get("/api/athletes/duplicates").by(&token).await.refused(403, "forbidden");
        server.get("/api/athletes/merges").by(&token).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn a_result_saved_meanwhile_is_moved_or_refused_but_never_lost() {
    let server = with_a_double().await;
    let admin = server.admin().await;
    let registrar = server.token(Role::Registrar).await;
    let before = server.number("SELECT count(*) FROM results").await;
    let save = async |round: usize| {
        let result = json!({"athleteId": 6, "eventId": 5, "round": format!("r{round}"), "timeSeconds": 47.1});
        server.post("/api/results", &result).by(&admin).await
    };
    let merging = async {
        tokio::task::yield_now().await;
        server.post("/api/athletes/1/merge", &json!({"from": 6})).by(&registrar).await
    };
    let (merged, a, b, c, d, e) = tokio::join!(merging, save(1), save(2), save(3), save(4), save(5));
    merged.is(200);
    let mut saved = 0;
    for answer in [a, b, c, d, e] {
        match answer.status {
            201 => saved += 1,
            _ => assert_eq!(answer.faults(), [("athleteId".to_owned(), "unknown-athlete".to_owned())]),
        }
    }
    // One that both had was dropped.
    assert_eq!(server.number("SELECT count(*) FROM results").await, before - 1 + saved);
    assert_eq!(server.number("SELECT count(*) FROM results WHERE athlete_id = 6").await, 0);
    assert_eq!(merged.body["merge"]["moved"]["results"], 2 + saved);
}

#[tokio::test]
async fn of_two_merges_of_one_athlete_one_is_refused() {
    let server = with_a_double().await;
    let registrar = server.token(Role::Registrar).await;
    let send = async |id: i64| {
        server.post(&format!("/api/athletes/{id}/merge"), &json!({"from": 6})).by(&registrar).await.status
    };
    let mut statuses = <[u16; 2]>::from(tokio::join!(send(1), send(2)));
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}

#[tokio::test]
async fn a_merge_that_is_repeated_with_its_key_is_done_once() {
    let server = with_a_double().await;
    let registrar = server.token(Role::Registrar).await;
    let send = || {
        let call = server.post("/api/athletes/1/merge", &json!({"from": 6})).by(&registrar);
        async { call.header("idempotency-key", "merge-1").await }
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(second.header("x-idempotency-replayed"), "true");
    assert_eq!(first.body["merge"], second.body["merge"]);
    assert_eq!(server.number("SELECT count(*) FROM merges").await, 1);
}
