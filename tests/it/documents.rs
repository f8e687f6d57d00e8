//! Importing JSON documents over HTTP, the templates, and what every import leaves behind.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer, counts, fixture, people};

/// `place code` of every refused row.
fn refusals(answer: &Answer) -> Vec<String> {
    let sentences = answer.body["errors"].as_array().unwrap().iter();
    let details = answer.body["error_details"].as_array().unwrap().iter();
    let place = |sentence: &Value| sentence.as_str().unwrap().split(':').next().unwrap().to_owned();
    sentences
        .zip(details)
        .map(|(text, detail)| format!("{} {}", place(text), detail["code"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn races_come_as_a_list_or_under_their_name() {
    let server = TestServer::start().await;
    let race = json!({"name": "Open", "date": "2026-06-14", "location": "Kisumu", "registration_open": true,
        "registration_link": "https://example.org/open", "status": "upcoming"});
    let wrapped = server.import_json("races", "", &json!({"races": [race]})).await;
    assert_eq!(counts(wrapped.is(201)), [1, 0, 0, 0, 0]);
    assert_eq!(wrapped.body["imported_ids"], json!([1]));
    let bare = server.import_json("races", "", &json!([race])).await;
    assert_eq!(counts(bare.is(200)), [0, 0, 1, 0, 0], "{}", bare.text);
    let stored = server.get("/api/races/1").await;
    assert_eq!(stored.row()["status"], "scheduled");
    assert_eq!(stored.row()["registrationLink"], "https://example.org/open");
    assert_eq!(stored.row()["registrationOpen"], true);
}

#[tokio::test]
async fn documents_without_rows_say_what_was_expected() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let send = async |dataset: &str, body: &'static str| {
        let path = format!("/api/admin/import/{dataset}-json");
        let call = server.call(reqwest::Method::POST, &path).by(&admin);
        call.header("content-type", "application/json").body(body).await
    };
    let keys = "users, athletes, races, events, registrations, results";
    let cases = [
        ("races", "", "{\"races\": [ … ]}"),
        ("races", "[]", "The list is empty"),
        ("races", "{}", "{\"races\": [ … ]}"),
        ("races", "{\"races\": {}}", "races must be a list, and is an object"),
        ("races", "7", "found a number"),
        ("bulk", "", keys),
        ("bulk", "{}", keys),
        ("bulk", "[]", keys),
        ("bulk", "{\"people\": []}", keys),
        ("bulk", "{\"athletes\": []}", "All lists are empty"),
    ];
    for (dataset, body, words) in cases {
        let answer = send(dataset, body).await;
        answer.refused(400, "no-data");
        assert_eq!(answer.body["error"], "No data provided");
        let message = answer.body["message"].as_str().unwrap();
        assert!(message.contains(words), "{dataset} {body}: {message}");
    }
    for (body, place) in [("{\"races\": [\n{,", "Line 2, column 2"), ("[{\"name\": 1, \"name\": 2}]", "occurs twice")] {
        let answer = send("races", body).await;
        answer.refused(400, "invalid-json");
        assert!(answer.body["message"].as_str().unwrap().contains(place), "{}", answer.text);
    }
    let form = server.upload("/api/admin/import/bulk-json", "all.json", "").by(&admin).await;
    assert!(form.is(400).body["message"].as_str().unwrap().contains(keys), "{}", form.text);
    assert_eq!(server.number("SELECT count(*) FROM imports").await, 0);
}

#[tokio::test]
async fn every_document_of_the_samples_ends_as_expected() {
    let send = async |server: &TestServer, dataset: &str, name: &str| {
        let path = format!("/api/admin/import/{dataset}-json");
        let admin = server.admin().await;
        server.upload(&path, name, fixture(&format!("json/{name}"))).by(&admin).await
    };
    let expected: Value = serde_json::from_slice(&fixture("expected.json")).unwrap();
    let server = TestServer::start().await;
    let races = send(&server, "races", "races.json").await;
    assert_eq!(counts(races.is(201)), [6, 0, 0, 0, 0]);
    send(&server, "races", "races-truncated.json").await.refused(400, "invalid-json");

    let dirty = send(&TestServer::start().await, "races", "races-dirty.json").await;
    let outcome = &expected["json/races-dirty.json"];
    let bad: Vec<String> = outcome["bad"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bad| format!("races[{}] {}", bad["index"], bad["error"].as_str().unwrap()))
        .collect();
    assert_eq!(refusals(dirty.is(207)), bad, "{}", dirty.text);
    assert_eq!(counts(&dirty), [2, 0, 1, 0, 8], "{}", dirty.text);
    assert!(dirty.body["notes"].to_string().contains("is not known and was ignored"), "{}", dirty.text);

    let server = TestServer::start().await;
    let bulk = send(&server, "bulk", "bulk.json").await;
    for (entity, count) in expected["json/bulk.json"]["counts"].as_object().unwrap() {
        assert_eq!(bulk.is(201).body["results"][entity]["success"], *count, "{entity}: {}", bulk.text);
        assert_eq!(bulk.body["imported_ids"][entity].as_array().unwrap().len() as u64, count.as_u64().unwrap());
    }
    let total: u64 =
        expected["json/bulk.json"]["counts"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!((&bulk.body["total_imported"], &bulk.body["total_failed"]), (&json!(total), &json!(0)));
    let again = send(&server, "bulk", "bulk.json").await;
    assert_eq!(counts(again.is(200)), [0, 0, total, 0, 0], "{}", again.text);
}

#[tokio::test]
async fn the_lists_that_were_not_asked_for_are_named() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let both = json!({
        "athletes": [{"name": "Amina Okoye", "country": "NGR", "gender": "F"}],
        "races": [{"name": "Spring Open"}, {"name": "Night Mile"}],
        "events": [],
        "count": 1,
    });
    let answer = server.post("/api/admin/import/athletes-json", &both).by(&admin).await;
    let notes = answer.is(201).body["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 1, "{}", answer.text);
    assert!(notes[0].as_str().unwrap().starts_with("The list races (2) was not imported"), "{}", answer.text);
    let alone = server.post("/api/admin/import/athletes-json", &both["athletes"]).by(&admin).await;
    assert!(alone.is(200).body["notes"].as_array().is_none_or(Vec::is_empty), "{}", alone.text);
}

#[tokio::test]
async fn a_dirty_document_keeps_its_good_rows_and_names_the_others() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let content = fixture("json/bulk-dirty.json");
    let lists: Value = serde_json::from_slice(&content).unwrap();
    let answer = server.upload("/api/admin/import/bulk-json", "dirty.json", content).by(&admin).await;
    let found = refusals(answer.is(207));
    let last = |list: &str| lists[list].as_array().unwrap().len() - 1;
    for wanted in [
        "users[1] invalid_email".to_owned(),
        "athletes[3] missing_name".to_owned(),
        "athletes[4] duplicate_bib".to_owned(),
        "events[2] unknown_race".to_owned(),
        format!("registrations[{}] unknown_bib", last("registrations")),
        "races[0] not_an_array".to_owned(),
    ] {
        assert!(found.contains(&wanted), "{wanted} is missing: {found:?}");
    }
    assert!(
        answer.body["notes"].to_string().contains("unknown_section is not known and was ignored"),
        "{}",
        answer.text
    );
    assert!(answer.body["notes"].to_string().contains("Users without a password cannot sign in"), "{}", answer.text);
    for entity in ["users", "athletes"] {
        let tally = &answer.body["results"][entity];
        let rows = lists[entity].as_array().unwrap().len() as u64;
        let sum: u64 =
            ["success", "failed", "updated", "unchanged", "skipped"].iter().map(|n| tally[n].as_u64().unwrap()).sum();
        assert_eq!(sum, rows, "{entity}: {tally}");
    }
    assert_eq!(answer.body["status"], "partial");
}

#[tokio::test]
async fn with_its_races_there_every_other_row_of_a_dirty_document_is_judged_by_itself() {
    let server = TestServer::start().await;
    let clean: Value = serde_json::from_slice(&fixture("json/bulk.json")).unwrap();
    server.import_json("races", "", &json!({"races": clean["races"]})).await.is(201);
    let dirty: Value = serde_json::from_slice(&fixture("json/bulk-dirty.json")).unwrap();
    let answer = server.import_json("bulk", "", &dirty).await;
    let found = refusals(answer.is(207));
    let last = |list: &str| dirty[list].as_array().unwrap().len() - 1;
    assert!(found.contains(&"events[2] unknown_race".to_owned()), "{found:?}");
    assert!(found.contains(&format!("results[{}] invalid_mark", last("results"))), "{found:?}");
    assert!(found.contains(&format!("registrations[{}] unknown_bib", last("registrations"))), "{found:?}");
    assert!(!found.contains(&"events[0] unknown_race".to_owned()), "{found:?}");
}

#[tokio::test]
async fn the_sample_of_every_template_imports_without_an_error() {
    let server = TestServer::start().await;
    let csv = server.get("/api/admin/import/athletes-template?format=csv").await;
    assert!(csv.is(200).header("content-type").starts_with("text/csv"));
    let header = "name,country,gender,email,phone,club,coach,bib_number,date_of_birth\r\n";
    assert!(csv.text.starts_with(header), "{}", csv.text);
    let by_accept = server.get("/api/admin/import/athletes-template").header("accept", "text/csv").await;
    assert_eq!(by_accept.text, csv.text);
    let imported = server.import_csv("", csv.text.clone()).await;
    assert_eq!(counts(imported.is(201)), [2, 0, 0, 0, 0]);

    let described = server.get("/api/admin/import/athletes-template").await;
    let template = &described.is(200).body["template"];
    assert_eq!(template["headers"].as_array().unwrap().len(), 9);
    let again = server.import_json("bulk", "", &json!({"athletes": template["sample_data"]})).await;
    assert_eq!(counts(again.is(200)), [0, 0, 2, 0, 0], "{}", again.text);
    assert!(template["requirements"]["country"].is_string() && template["format"] == "csv");

    for (dataset, rows) in [("races", 2), ("bulk", 6)] {
        let described = server.get(&format!("/api/admin/import/{dataset}-template")).await;
        let structure = &described.is(200).body["template"]["structure"];
        let imported = server.import_json(dataset, "", structure).await;
        assert_eq!(counts(imported.is(201)), [rows, 0, 0, 0, 0], "{}", imported.text);
        let file = server.get(&format!("/api/admin/import/{dataset}-template?format=file")).await;
        assert_eq!(&file.is(200).body, structure);
    }
    assert_eq!(server.get("/api/admin/import/bulk-template?format=pdf").await.status, 400);
}

#[tokio::test]
async fn an_import_leaves_one_audit_row_and_one_line_of_history() {
    let server = TestServer::demo().await;
    let secret = "Very-Secret-Pass-77";
    let document = json!({"users": [{"name": "Desk", "email": "desk@example.org", "role": "official", "password": secret}],
        "athletes": [{"name": "Zoe", "country": "NZL"}, {"name": "", "country": "NZL"}]});
    let answer = server.import_json("bulk", "", &document).await;
    assert_eq!(counts(answer.is(207)), [2, 0, 0, 0, 1]);
    server.sign_in("desk@example.org", secret).await.is(200);
    let trail = server.audit("action=import").await;
    assert_eq!(trail.len(), 1);
    let details = &trail[0]["details"];
    assert_eq!((&details["file_name"], &details["sha256"]), (&json!("upload.json"), &answer.body["sha256"]));
    assert_eq!(
        (&details["rows"], &details["counts"]["success"], &details["counts"]["failed"]),
        (&json!(3), &json!(2), &json!(1))
    );
    assert!(details["duration_ms"].is_u64() && trail[0]["userName"] == "Amina Odhiambo");
    let past = server.past(&answer.body["import_id"]).await;
    assert_eq!((&past["state"], &past["sha256"]), (&json!("partial"), &answer.body["sha256"]));
    assert_eq!(past["report"]["errors"], answer.body["errors"]);
    let everything = format!("{trail:?}{past}{}", server.everything().await);
    assert!(!everything.contains(secret) && !everything.contains("argon2"), "a secret is in what is kept");
    assert_eq!(
        server
            .number(
                "SELECT count(*) FROM audit_logs WHERE action IN ('create', 'update') AND created_at >
        (SELECT started_at - 1 FROM imports)"
            )
            .await,
        0,
        "one row for the import, none for each of its rows"
    );
}

#[tokio::test]
async fn a_repeated_request_with_the_same_key_is_applied_once() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let path = "/api/admin/import/athletes-csv";
    let send = async |csv: &'static str, query: &str| {
        let call = server.call(reqwest::Method::POST, &format!("{path}{query}")).by(&admin);
        call.header("content-type", "text/csv").header("idempotency-key", "tablet-1").body(csv).await
    };
    let csv = "name,country\nJane,KEN\n";
    let first = send(csv, "").await;
    assert_eq!(counts(first.is(201))[0], 1);
    let again = send(csv, "").await;
    assert_eq!((again.status, again.header("x-idempotency-replayed")), (201, "true"), "{}", again.text);
    assert_eq!(again.body["import_id"], first.body["import_id"]);
    send("name,country\nOle,NOR\n", "").await.refused(422, "idempotency-key-reused");
    send(csv, "?mode=atomic").await.refused(422, "idempotency-key-reused");
    assert_eq!(server.number("SELECT count(*) FROM imports").await, 1);
    let server = server.restart().await;
    let admin = server.login(&format!("{}@test.example", Role::Admin.as_str()), crate::support::PASSWORD).await;
    let call = server.call(reqwest::Method::POST, path).by(&admin).header("content-type", "text/csv");
    let later = call.header("idempotency-key", "tablet-1").body(csv).await;
    assert_eq!(later.header("x-idempotency-replayed"), "true", "also after a restart: {}", later.text);
}

#[tokio::test]
async fn imports_at_the_same_time_are_all_complete() {
    let server = TestServer::start().await;
    server.admin().await;
    let same = people(1, 3_000);
    let (a, b, c) = tokio::join!(
        server.import_csv("", same.clone()),
        server.import_csv("", same.clone()),
        server.import_csv("", people(3_001, 3_000))
    );
    let mut new: Vec<u64> = [&a, &b].iter().map(|answer| counts(answer)[0]).collect();
    new.sort_unstable();
    assert_eq!(new, [0, 3_000], "one of the two finds every row there");
    assert_eq!(counts(&c)[0], 3_000, "{}", c.text);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 6_000);
    let list = server.get("/api/admin/imports").by(&server.admin().await).await;
    assert_eq!((&list.body["total"], &list.body["count"]), (&json!(3), &json!(3)));
    assert_eq!(list.body["imports"][0]["id"], 3, "newest first");
}

#[tokio::test]
async fn an_import_changes_accounts_within_the_same_bounds_as_everybody() {
    let server = TestServer::demo().await;
    let chief = server.token(Role::ChiefRegistrar).await;
    let users = json!({"users": [
        {"email": "admin@athsys.com", "name": "Amina Odhiambo", "role": "viewer"},
        {"email": "chief@athsys.com", "name": "Peter Lindqvist", "role": "admin"},
    ]});
    let answer = server.import_json("bulk", "?on_duplicate=update", &users).await;
    assert_eq!(counts(answer.is(207)), [0, 1, 0, 0, 1], "{}", answer.text);
    assert_eq!(refusals(&answer), ["users[0] own_account"], "{}", answer.text);
    let old = server.get("/api/admin/users").by(&chief).await;
    assert_eq!(old.status, 401, "other rights end the sessions: {}", old.text);
    server.sign_in("chief@athsys.com", "Chief@123").await.is(200);
}
