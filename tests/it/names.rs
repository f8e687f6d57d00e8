//! Names and counts beside rows: right at once, never stored, and in the order somebody asks for.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

fn members(row: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), row[*name].clone())).collect::<serde_json::Map<_, _>>().into()
}

fn column(answer: &Answer, plural: &str, member: &str) -> Vec<Value> {
    answer.is(200).body[plural].as_array().unwrap().iter().map(|row| row[member].clone()).collect()
}

const ENTRY: [&str; 9] = [
    "athleteName",
    "athleteBib",
    "clubTeam",
    "country",
    "eventName",
    "eventGender",
    "eventAgeGroup",
    "raceId",
    "raceName",
];

#[tokio::test]
async fn entries_and_results_say_whose_they_are_and_where() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let kamau = json!({"athleteName": "John Kamau", "athleteBib": "KEN001", "clubTeam": "Rift Valley AC", "country": "KEN",
        "eventName": "400m", "eventGender": "M", "eventAgeGroup": null, "raceId": 2, "raceName": "Regional Track Meet 2026"});
    let list = server.get("/api/registrations?athleteId=1&eventId=5").by(&admin).await;
    assert_eq!(members(&list.is(200).body["registrations"][0], &ENTRY), kamau);
    let one = server.get("/api/registrations/6").by(&admin).await;
    assert_eq!(members(one.is(200).row(), &ENTRY), kamau);
    let below = server.get("/api/races/2/registrations").by(&admin).await;
    assert_eq!(members(&below.body["registrations"][0], &ENTRY), kamau);
    let changed = server.put("/api/registrations/6", &json!({"seedMark": "46.5"})).by(&admin).await;
    assert_eq!(members(changed.is(200).row(), &ENTRY), kamau);
    let made =
        server.post("/api/results", &json!({"athleteId": 1, "eventId": 5, "timeSeconds": 46.5})).by(&admin).await;
    assert_eq!(members(made.is(201).row(), &ENTRY), kamau);
    let coach = server.get("/api/registrations?eventId=5").by(&server.token(Role::Coach).await).await;
    assert_eq!(members(&coach.body["registrations"][0], &ENTRY), kamau);
    let public = server.get("/api/results?athleteId=1&eventId=5").await;
    assert_eq!(members(&public.body["results"][0], &ENTRY), kamau);
}

#[tokio::test]
async fn events_and_races_say_how_much_there_is_of_them() {
    let server = TestServer::shared();
    let event = ["raceName", "registrationCount", "resultCount"];
    let hundred = json!({"raceName": "National Athletics Championship 2026", "registrationCount": 2, "resultCount": 2});
    assert_eq!(members(&server.get("/api/events").await.body["events"][0], &event), hundred);
    assert_eq!(members(server.get("/api/events/1").await.row(), &event), hundred);
    assert_eq!(members(&server.get("/api/races/1/events").await.body["events"][0], &event), hundred);
    let race = ["eventCount", "registrationCount", "resultCount"];
    let counts = |events, registrations, results| json!({"eventCount": events, "registrationCount": registrations, "resultCount": results});
    let races = server.get("/api/races").await;
    let shown: Vec<Value> = races.body["races"].as_array().unwrap().iter().map(|row| members(row, &race)).collect();
    assert_eq!(shown, [counts(4, 5, 3), counts(3, 1, 0), counts(2, 0, 0)]);
    assert_eq!(members(server.get("/api/races/1").await.row(), &race), counts(4, 5, 3));
    let one = server.get("/api/athletes/1").await;
    assert_eq!(members(one.row(), &race[1..]), json!({"registrationCount": 2, "resultCount": 1}));
    let list = server.get("/api/athletes").await;
    assert!(list.body["athletes"][0].get("registrationCount").is_none(), "only where an athlete stands alone");
}

/// A kept list changes with every table whose names and counts it shows.
#[tokio::test]
async fn names_and_counts_are_never_stale() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let first = |path: &'static str, plural: &'static str, member: &'static str| {
        let call = server.get(path).by(&admin);
        async move { call.await.is(200).body[plural][0][member].clone() }
    };
    let put = |path: &'static str, body: Value| server.put(path, &body).by(&admin);
    let lists = [("/api/registrations", "registrations"), ("/api/results", "results"), ("/api/events", "events")];
    let shown = ["athleteName", "clubTeam", "eventName"];
    for (path, plural) in &lists[..2] {
        let (athlete, event) = if *plural == "results" { ("/api/athletes/3", 2) } else { ("/api/athletes/1", 1) };
        for (at, member) in shown.iter().enumerate() {
            let before = first(path, plural, member).await;
            let new = format!("New {event}{at}");
            match *member {
                "athleteName" => put(athlete, json!({"name": new})).await,
                "clubTeam" => put(athlete, json!({"clubTeam": new})).await,
                _ => put("/api/events/1", json!({"name": new})).await,
            }
            .is(200);
            let after = first(path, plural, member).await;
            assert!(after == new.as_str() && before != after, "{path} {member}: {after}");
        }
    }
    for (n, (path, plural)) in lists.iter().enumerate() {
        first(path, plural, "raceName").await;
        let new = format!("Nationals {n}");
        put("/api/races/1", json!({"name": new})).await.is(200);
        assert_eq!(first(path, plural, "raceName").await, new.as_str(), "{path}");
    }
    for (path, plural, member, count) in [
        ("/api/events", "events", "registrationCount", 3),
        ("/api/races", "races", "registrationCount", 7),
        ("/api/events", "events", "resultCount", 3),
        ("/api/races", "races", "resultCount", 5),
        ("/api/races", "races", "eventCount", 5),
    ] {
        assert!(first(path, plural, member).await.as_i64() < Some(count), "{path} {member}");
        let (athlete, event) = if path == "/api/events" { (2, 1) } else { (4, 4) };
        match member {
            "registrationCount" => {
                server.add("/api/registrations", json!({"athleteId": athlete, "eventId": event})).await
            }
            "resultCount" => server.add("/api/results", json!({"athleteId": athlete, "eventId": event})).await,
            _ => server.add_event(1, "200m").await,
        };
        assert_eq!(first(path, plural, member).await, count, "{path} {member}");
    }
}

/// What an answer adds may come back as it is; saying something else there is no way to change it.
#[tokio::test]
async fn names_beside_a_row_are_read_only() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for (path, member) in [
        ("/api/registrations/1", "athleteName"),
        ("/api/results/1", "raceName"),
        ("/api/events/1", "registrationCount"),
        ("/api/races/1", "eventCount"),
        ("/api/athletes/1", "resultCount"),
    ] {
        let mut row = server.get(path).by(&admin).await.is(200).row().clone();
        assert_eq!(server.put(path, &row).by(&admin).await.is(200).row(), &row, "{path}");
        row[member] = json!("something else");
        let refused = server.put(path, &row).by(&admin).await;
        refused.refused(422, "invalid-fields");
        assert_eq!(refused.faults(), [(member.to_owned(), "unknown-field".to_owned())]);
    }
    let new = json!({"athleteId": 4, "eventId": 1, "athleteName": "Grace Nakato"});
    server.post("/api/registrations", &new).by(&admin).await.refused(422, "invalid-fields");
    let starter = server.token(Role::Starter).await;
    let echo = json!({"status": "dns", "athleteName": "John Kamau"});
    server.put("/api/registrations/1", &echo).by(&starter).await.is(200);
}

#[tokio::test]
async fn exports_and_audit_rows_know_no_names_beside_rows() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for dataset in ["registrations", "results", "events", "races"] {
        let file = server.get(&format!("/api/admin/export/{dataset}-json")).by(&admin).await;
        for member in ["athleteName", "raceName", "registrationCount", "eventCount"] {
            assert!(!file.is(200).text.contains(member), "{dataset} {member}");
        }
    }
    server.put("/api/registrations/1", &json!({"seedMark": "1"})).by(&admin).await.is(200);
    let rows = server.audit("entity=registration/1").await;
    assert!(rows[0]["after"].is_object() && rows[0]["after"].get("athleteName").is_none(), "{}", rows[0]);
}

#[tokio::test]
async fn lists_are_ordered_by_what_lies_beside_them() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let order = |path: &'static str, plural: &'static str, sort: &'static str, member: &'static str| {
        let call = server.get(&format!("{path}?sort={sort}")).by(&admin);
        async move { column(&call.await, plural, member) }
    };
    let entries = |sort, member| order("/api/registrations", "registrations", sort, member);
    let names = entries("athleteName", "athleteName").await;
    let wanted = ["Andre Campbell", "Emily Johnson", "Grace Nakato", "John Kamau", "John Kamau", "Mary Wanjiru"];
    assert_eq!(names, wanted.map(Value::from));
    assert_eq!(entries("-eventName", "eventName").await[0], "Long Jump");
    assert_eq!(entries("clubTeam", "clubTeam").await[0], "Kampala Athletics");
    assert_eq!(entries("-raceName", "raceId").await[0], 2);
    for (id, mark) in [(1, "1:2:45"), (2, "4:05.1"), (3, "59,9"), (4, "1:02:09"), (5, "9.58")] {
        server.put(&format!("/api/registrations/{id}"), &json!({"seedMark": mark})).by(&admin).await.is(200);
    }
    server.put("/api/registrations/6", &json!({"seedMark": null})).by(&admin).await.is(200);
    let marks = ["9.58", "59,9", "4:05.1", "1:02:09", "1:2:45"].map(Value::from).into_iter().chain([Value::Null]);
    assert_eq!(entries("seedMark", "seedMark").await, marks.collect::<Vec<_>>());
    for (id, bib) in [(1, "10"), (2, "9"), (3, "007")] {
        server.put(&format!("/api/registrations/{id}"), &json!({"bibNumber": bib})).by(&admin).await.is(200);
    }
    let worn = entries("bibNumber", "bibNumber").await;
    assert_eq!(worn[..3], ["007", "9", "10"].map(Value::from), "as numbers, and before the bibs of athletes");
    let results = |sort, member| order("/api/results", "results", sort, member);
    assert_eq!(results("timeSeconds", "timeSeconds").await, [json!(10.19), json!(10.44), Value::Null]);
    assert_eq!(results("-distanceMeters", "distanceMeters").await[0], 6.18);
    assert_eq!(results("bibNumber", "athleteBib").await[0], "JAM001");
    let events = |sort, member| order("/api/events", "events", sort, member);
    assert_eq!(events("raceName", "raceId").await[0], 3);
    assert_eq!(events("-registrationCount", "registrationCount").await[0], 2);
    assert_eq!(order("/api/races", "races", "-eventCount", "eventCount").await, [4, 3, 2].map(Value::from));
    for sort in ["dateOfBirth", "email", "coach"] {
        server.get(&format!("/api/athletes?sort={sort}")).await.refused(400, "unknown-sort");
        server.get(&format!("/api/athletes?sort={sort}")).by(&admin).await.is(200);
    }
    let born = order("/api/athletes", "athletes", "-dateOfBirth", "id").await;
    assert_eq!(born, [4, 2, 5, 3, 1].map(Value::from), "a year alone stands before its days");
}

#[tokio::test]
async fn free_text_finds_entries_by_what_lies_beside_them() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    server.put("/api/registrations/5", &json!({"bibNumber": "777"})).by(&admin).await.is(200);
    for (path, q, wanted) in [
        ("/api/registrations", "Kamau", 2),
        ("/api/registrations", "long jump", 1),
        ("/api/registrations", "rift valley", 3),
        ("/api/registrations", "jam001", 1),
        ("/api/registrations", "777", 1),
        ("/api/registrations", "100%25", 0),
        ("/api/results", "harriers", 1),
        ("/api/results", "100m", 2),
        ("/api/results", "UGA0", 1),
        ("/api/results?athleteName=grace+nakato", "", 1),
        ("/api/registrations?clubTeam=Rift+Valley+AC", "", 3),
        ("/api/registrations?raceName=regional+track+meet+2026", "", 1),
        ("/api/registrations?athleteBib=ken001", "", 2),
    ] {
        let glue = if path.contains('?') { '&' } else { '?' };
        let found = server.get(&format!("{path}{glue}q={q}")).by(&admin).await;
        assert_eq!(found.is(200).body["total"], wanted, "{path} {q}");
    }
}
