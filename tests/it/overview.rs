//! What the overview says is on, and what it leaves to decide.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::TestServer;

async fn stats(server: &TestServer, role: Role) -> Value {
    let token = server.token(role).await;
    server.get("/api/dashboard/stats").by(&token).await.is(200).body.clone()
}

/// The decision counts the very rows that the list shows where it is settled.
async fn is_listed(server: &TestServer, path: &str, found: &Value) {
    let list = server.get(path).by(&server.admin().await).await;
    assert_eq!((&list.body["total"], &list.body["ids"]), (&found["count"], &found["ids"]), "{path}");
}

/// One decision as an administrator sees it; null when there is nothing to decide.
async fn decision(server: &TestServer, code: &str) -> Value {
    let body = stats(server, Role::Admin).await;
    let all = body["decisions"].as_array().unwrap();
    all.iter().find(|one| one["code"] == code).cloned().unwrap_or(Value::Null)
}

fn told(decision: &Value) -> Value {
    json!([decision["severity"], decision["count"], decision["ids"], decision["examples"], decision["entity"]])
}

#[tokio::test]
async fn a_bib_worn_by_two_in_one_race_is_to_be_decided_on() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let wear =
        |id: i64, bib: Value| server.put(&format!("/api/registrations/{id}"), &json!({"bibNumber": bib})).by(&admin);
    assert_eq!(decision(&server, "duplicate-bibs").await, Value::Null);
    // The bib of another athlete, without its zeros and in small letters.
    server.put("/api/athletes/3", &json!({"bibNumber": "0a77"})).by(&admin).await.is(200);
    wear(1, json!("A77")).await.is(200);
    let found = decision(&server, "duplicate-bibs").await;
    assert_eq!(told(&found), json!(["bad", 1, [1, 2], ["a77: John Kamau, Andre Campbell"], "registrations"]));
    wear(3, json!("5")).await.is(200);
    wear(5, json!("05")).await.is(200);
    assert_eq!(decision(&server, "duplicate-bibs").await["count"], 2);
    // One's own bib in several events, another race, and cancelled entries are no trouble.
    wear(3, json!("KEN002")).await.is(200);
    wear(1, json!(null)).await.is(200);
    wear(6, json!("A77")).await.is(200);
    assert_eq!(decision(&server, "duplicate-bibs").await, Value::Null);
    wear(1, json!("A77")).await.is(200);
    assert_eq!(decision(&server, "duplicate-bibs").await["count"], 1);
    server.put("/api/registrations/1", &json!({"status": "cancelled"})).by(&admin).await.is(200);
    assert_eq!(decision(&server, "duplicate-bibs").await, Value::Null);
    server.put("/api/registrations/1", &json!({"status": "confirmed"})).by(&admin).await.is(200);
    server.put("/api/races/1", &json!({"status": "completed"})).by(&admin).await.is(200);
    assert_eq!(decision(&server, "duplicate-bibs").await, Value::Null, "the race is over");
}

#[tokio::test]
async fn too_many_entries_and_missing_births_are_to_be_decided_on() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    assert_eq!(decision(&server, "events-over-limit").await, Value::Null);
    server.put("/api/events/1", &json!({"maxParticipants": 1, "ageGroup": "U20"})).by(&admin).await.is(200);
    let found = decision(&server, "events-over-limit").await;
    assert_eq!(told(&found), json!(["bad", 1, [1], ["100m M U20 2/1"], "events"]));
    assert_eq!(decision(&server, "athletes-without-birth").await, Value::Null, "a year is enough");
    let id = server.add_athlete("Jane Okoye", "77").await;
    let found = decision(&server, "athletes-without-birth").await;
    assert_eq!(told(&found), json!(["warn", 1, [id], ["Jane Okoye"], "athletes"]));
    is_listed(&server, "/api/athletes/ids?birthKnown=false", &found).await;
    server.get("/api/athletes?birthKnown=false").await.refused(400, "unknown-parameter");
    let found = decision(&server, "unconfirmed-registrations").await;
    let examples = json!(["Emily Johnson, 100m", "John Kamau, 400m"]);
    assert_eq!(told(&found), json!(["info", 2, [4, 6], examples, "registrations"]));
    server.put("/api/races/2", &json!({"status": "cancelled"})).by(&admin).await.is(200);
    assert_eq!(decision(&server, "unconfirmed-registrations").await["ids"], json!([4]));
}

#[tokio::test]
async fn athletes_who_may_be_one_are_to_be_decided_on() {
    let server = TestServer::demo().await;
    let add = async |name: &str, more: Value| {
        let mut body = json!({"name": name, "country": "KEN"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.add("/api/athletes", body).await
    };
    add("John Kamau", json!({"dateOfBirth": "1998-05-12"})).await;
    add("John Kamau", json!({"yearOfBirth": 1999, "bibNumber": "901"})).await;
    add("Mary Wanjiru", json!({"dateOfBirth": "1951-02-03"})).await;
    add("Grace Nakato", json!({"dateOfBirth": "2001-02-03"})).await;
    assert_eq!(decision(&server, "possible-duplicates").await, Value::Null, "birth tells them apart");
    let twin = add("JOHN  KAMAU", json!({"dateOfBirth": "1998-04-12"})).await;
    let found = decision(&server, "possible-duplicates").await;
    assert_eq!(told(&found), json!(["warn", 1, [1, twin], ["John Kamau, JOHN KAMAU"], "athletes"]));
    let year = add("Emily Johnson", json!({"yearOfBirth": 2000})).await;
    let found = decision(&server, "possible-duplicates").await;
    assert_eq!((&found["count"], &found["ids"]), (&json!(2), &json!([1, twin, 5, year])));
    let admin = server.admin().await;
    let pairs = server.get("/api/athletes/duplicates").by(&admin).await;
    assert_eq!(found["count"], pairs.body["total"], "the number of the screen");
    server.delete(&format!("/api/athletes/{twin}")).by(&admin).await.is(200);
    assert_eq!(decision(&server, "possible-duplicates").await["ids"], json!([5, year]));
}

#[tokio::test]
async fn imports_leave_what_they_refused_and_who_starts_nowhere() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let upload =
        |name: &str, text: &'static str| server.upload("/api/admin/import/athletes-csv", name, text).by(&admin);
    assert_eq!(decision(&server, "imported-not-registered").await, Value::Null, "nobody was imported");
    upload("club.csv", "name,country\nAda Obi,NGR\n,KEN\nBen Obi,NGR\n").await.is(207);
    let refused = decision(&server, "imports-with-refused-rows").await;
    assert_eq!(told(&refused), json!(["warn", 1, [1], ["club.csv: 1"], "imports"]));
    let waiting = decision(&server, "imported-not-registered").await;
    assert_eq!(told(&waiting), json!(["info", 2, [6, 7], ["Ada Obi", "Ben Obi"], "athletes"]));
    let list = "/api/athletes/ids?imported=true&entered=false";
    is_listed(&server, list, &waiting).await;
    server.add("/api/registrations", json!({"athleteId": 6, "eventId": 4})).await;
    let waiting = decision(&server, "imported-not-registered").await;
    assert_eq!(waiting["ids"], json!([7]));
    is_listed(&server, list, &waiting).await;
    assert_eq!(server.get("/api/athletes?imported=true&entered=true").await.is(200).body["athletes"][0]["id"], 6);
    server.delete("/api/registrations/7").by(&admin).await.is(200);
    server.post("/api/admin/imports/1/undo", &json!({})).by(&admin).await.is(200);
    assert_eq!(decision(&server, "imported-not-registered").await, Value::Null);
    assert_eq!(server.get("/api/athletes?imported=true").await.is(200).body["total"], 0, "taken back");
    assert_eq!(decision(&server, "imports-with-refused-rows").await, Value::Null);
    upload("old.csv", "name,country\nAda Obi,NGR\n,KEN\n").await.is(207);
    server.sql("UPDATE imports SET started_at = started_at - 8 * 86400000").await;
    server.add_athlete("Jane Okoye", "77").await;
    let restarted = server.restart().await;
    assert_eq!(decision(&restarted, "imports-with-refused-rows").await, Value::Null, "a week ago");
}

#[tokio::test]
async fn accounts_that_cannot_sign_in_are_to_be_decided_on() {
    let server = TestServer::demo().await;
    assert_eq!(decision(&server, "users-without-password").await, Value::Null);
    let users = json!({"users": [{"name": "Zoe Brandt", "email": "zoe@club.example", "role": "viewer"}]});
    server.import_json("bulk", "", &users).await.is(201);
    let found = decision(&server, "users-without-password").await;
    assert_eq!(told(&found), json!(["info", 1, [8], ["Zoe Brandt"], "users"]));
    let admin = server.admin().await;
    server.post("/api/admin/users/8/reset-password", &json!({})).by(&admin).await.is(200);
    assert_eq!(decision(&server, "users-without-password").await, Value::Null);
}

/// Nobody is asked what others have to decide; names of accounts are for those who manage them.
#[tokio::test]
async fn everybody_decides_on_their_own_work_only() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let users = json!({"users": [{"name": "Zoe Brandt", "email": "zoe@club.example", "role": "viewer"}]});
    server.import_json("bulk", "", &users).await.is(201);
    server
        .upload("/api/admin/import/athletes-csv", "a.csv", "name,country\nAda Obi,NGR\n,KEN\n")
        .by(&admin)
        .await
        .is(207);
    let codes = async |role: Role| -> Vec<String> {
        let body = stats(&server, role).await;
        let rows = body["decisions"].as_array().unwrap().iter();
        let mut codes: Vec<String> = rows.map(|one| one["code"].as_str().unwrap().to_owned()).collect();
        codes.retain(|code| code != "disk-low" && code != "battery-low");
        codes
    };
    let rows = ["athletes-without-birth", "imported-not-registered", "unconfirmed-registrations"];
    let worst_first = ["imports-with-refused-rows"].iter().chain(&rows).chain(&["users-without-password"]);
    assert_eq!(codes(Role::Admin).await, worst_first.copied().collect::<Vec<_>>());
    assert_eq!(codes(Role::ChiefRegistrar).await.last().unwrap(), "users-without-password");
    assert_eq!(codes(Role::Registrar).await, rows);
    for role in [Role::Official, Role::Starter, Role::Coach, Role::Athlete, Role::Viewer] {
        assert_eq!(codes(role).await, [""; 0], "{role:?}");
    }
}

#[tokio::test]
async fn the_timeline_shows_what_is_on_today_and_next() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    assert_eq!(stats(&server, Role::Viewer).await["timeline"], json!([]));
    let now = jiff::Zoned::now();
    let at = |hours: i64| now.checked_add(jiff::Span::new().hours(hours)).unwrap().timestamp().to_string();
    let midnight = now.start_of_day().unwrap().timestamp().to_string();
    let starts = [(1, midnight.clone()), (2, at(30)), (3, at(-30)), (5, at(29)), (8, at(31))];
    for (event, start) in starts {
        server.put(&format!("/api/events/{event}"), &json!({"startTime": start})).by(&admin).await.is(200);
    }
    server.put("/api/races/3", &json!({"status": "cancelled"})).by(&admin).await.is(200);
    server.put("/api/registrations/2", &json!({"status": "cancelled"})).by(&admin).await.is(200);
    let body = stats(&server, Role::Viewer).await;
    let rows = body["timeline"].as_array().unwrap();
    let ids: Vec<i64> = rows.iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [1, 5, 2], "neither yesterday's nor those of a cancelled race");
    let first = json!({"id": 1, "name": "100m", "gender": "M", "ageGroup": null, "raceId": 1,
        "raceName": "National Athletics Championship 2026", "startTime": rows[0]["startTime"], "registrations": 1, "results": 2});
    assert_eq!(rows[0], first);
    assert_eq!(rows[0]["startTime"].as_str().unwrap()[..19], midnight[..19]);
    server.put("/api/races/1", &json!({"name": "Nationals"})).by(&admin).await.is(200);
    assert_eq!(stats(&server, Role::Viewer).await["timeline"][0]["raceName"], "Nationals", "never stale");
}

#[tokio::test]
async fn the_computer_says_how_it_is() {
    let server = TestServer::shared();
    let body = stats(&server, Role::Viewer).await;
    assert!(body["free_disk_bytes"].as_u64().unwrap() > 0);
    let battery = &body["battery"];
    assert!(battery.is_null() || battery["percent"].is_u64() && battery["charging"].is_boolean(), "{battery}");
    server.get("/api/dashboard/stats").await.refused(401, "authentication-required");
}

/// The numbers of a race are those of its lists.
#[tokio::test]
async fn the_numbers_are_those_of_one_race_where_it_is_asked_for() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    server.put("/api/athletes/1", &json!({"dateOfBirth": null, "yearOfBirth": null})).by(&admin).await.is(200);
    let stats =
        async |query: &str| server.get(&format!("/api/dashboard/stats{query}")).by(&admin).await.is(200).body.clone();
    let listed = async |path: &str| server.get(path).by(&admin).await.is(200).body["total"].as_i64().unwrap();
    let sum = |body: &Value, name: &str| {
        body["trend"].as_array().unwrap().iter().map(|day| day[name].as_i64().unwrap()).sum::<i64>()
    };
    let all = stats("").await;
    let mut of_races = [0; 3];
    for race in 1..=3 {
        let body = stats(&format!("?raceId={race}")).await;
        for (kind, so_far) in ["events", "registrations", "results"].iter().zip(&mut of_races) {
            let count = listed(&format!("/api/{kind}?raceId={race}")).await;
            assert_eq!(body["counts"][kind], count, "{kind} of race {race}");
            *so_far += count;
        }
        let waiting = listed(&format!("/api/registrations?raceId={race}&status=registered")).await;
        assert_eq!(body["pending"]["unconfirmed_registrations"], waiting);
        assert_eq!(body["distribution"]["registrations_by_status"]["registered"].as_i64().unwrap_or(0), waiting);
        assert_eq!(sum(&body, "registrations"), body["counts"]["registrations"]);
        assert_eq!(sum(&body, "results"), body["counts"]["results"]);
        assert_eq!((&body["counts"]["races"], &body["counts"]["users"]), (&json!(1), &all["counts"]["users"]));
        assert_eq!((&body["decisions"], &body["timeline"]), (&all["decisions"], &all["timeline"]));
    }
    assert_eq!(["events", "registrations", "results"].map(|kind| all["counts"][kind].as_i64().unwrap()), of_races);
    let first = stats("?raceId=1").await;
    assert_eq!((&first["counts"]["athletes"], &first["pending"]["athletes_without_birth"]), (&json!(5), &json!(1)));
    assert_eq!(stats("?raceId=99").await["counts"]["events"], 0);
    assert_eq!(stats("").await["counts"], all["counts"], "what is kept is of all races");
    server.get("/api/dashboard/stats?raceId=x").by(&admin).await.refused(400, "invalid-parameter");
    server.get("/api/dashboard/stats?race=1").by(&admin).await.refused(400, "unknown-parameter");
}
