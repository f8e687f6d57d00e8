//! Taking an import back: exactly its rows and its updates, or a refusal that names what stands in the way.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, counts, fixture, people};

/// `entity id` of every obstacle.
fn obstacles(answer: &Answer) -> Vec<String> {
    answer.refused(409, "undo-overtaken");
    let changed = answer.body["changed"].as_array().unwrap().iter();
    changed.map(|one| format!("{} {}", one["entity"].as_str().unwrap(), one["id"])).collect()
}

#[tokio::test]
async fn new_rows_go_and_changed_rows_become_what_they_were() {
    let server = TestServer::demo().await;
    let before = server.everything().await;
    let csv = "name,country,club,bib_number\nJohn Kamau,UGA,Other Club,KEN001\nNew One,KEN,,N1\nNew Two,KEN,,N2\n";
    let import = server.import_csv("?on_duplicate=update", csv).await;
    assert_eq!(counts(import.is(201)), [2, 1, 0, 0, 0]);
    assert_ne!(server.everything().await, before);
    let undone = server.take_back(&import.body["import_id"]).await;
    undone.is(200);
    assert_eq!((&undone.body["deleted"], &undone.body["restored"]), (&json!(2), &json!(1)), "{}", undone.text);
    assert!(undone.body["message"].as_str().unwrap().starts_with('✅'));
    assert_eq!(server.everything().await, before);
    assert_eq!(server.past(&import.body["import_id"]).await["state"], "undone");
    let trail = server.audit("action=undo").await;
    assert_eq!((trail.len(), &trail[0]["entityId"]), (1, &import.body["import_id"]));
    let list = server.get("/api/athletes?q=New").await;
    assert_eq!(list.body["total"], 0, "the very next list is without them");
}

#[tokio::test]
async fn a_whole_document_is_taken_back_table_by_table() {
    let server = TestServer::demo().await;
    let before = server.everything().await;
    let document: Value = serde_json::from_slice(&fixture("json/bulk.json")).unwrap();
    let import = server.import_json("bulk", "", &document).await;
    assert_eq!(counts(import.is(201))[0], 36, "{}", import.text);
    let undone = server.take_back(&import.body["import_id"]).await;
    assert_eq!(undone.is(200).body["deleted"], 36, "{}", undone.text);
    assert_eq!(server.everything().await, before);
    assert_eq!(server.number("SELECT count(*) FROM user_secrets").await, 7, "secrets go with their user");
}

#[tokio::test]
async fn an_import_is_taken_back_once() {
    let server = TestServer::start().await;
    let import = server.import_csv("", people(1, 3)).await;
    let id = &import.body["import_id"];
    server.take_back(id).await.is(200);
    let twice = server.take_back(id).await;
    twice.refused(409, "undo-not-possible");
    assert_eq!(twice.body["message"], "This import is undone; only a finished one can be taken back");
    assert_eq!(server.take_back(&json!(999)).await.status, 404);
    let again = server.import_csv("", people(1, 3)).await;
    assert_eq!((again.status, &again.body["same_file_as"]), (201, &json!(null)), "an undone import is no earlier one");
}

#[tokio::test]
async fn rows_that_somebody_has_changed_or_deleted_are_named() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let import = server.import_csv("", people(1, 5)).await;
    server.put("/api/athletes/2", &json!({"clubTeam": "New Club"})).by(&admin).await.is(200);
    server.delete("/api/athletes/4").by(&admin).await.is(200);
    let stored = server.everything().await;
    let refused = server.take_back(&import.body["import_id"]).await;
    let named = obstacles(&refused);
    assert!(named.contains(&"athlete 2".to_owned()) && named.len() == 2, "{}", refused.text);
    assert!(refused.text.contains("was changed since") && refused.text.contains("deleted since"), "{}", refused.text);
    assert_eq!(server.everything().await, stored, "a refusal changes nothing");
    assert_eq!(server.past(&import.body["import_id"]).await["state"], "success");
}

#[tokio::test]
async fn an_updated_row_that_was_changed_again_is_named() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let csv = "name,country,club,bib_number\nJohn Kamau,KEN,Other Club,KEN001\n";
    let import = server.import_csv("?on_duplicate=update", csv).await;
    server.put("/api/athletes/1", &json!({"coach": "Somebody"})).by(&admin).await.is(200);
    assert_eq!(obstacles(&server.take_back(&import.body["import_id"]).await), ["athlete 1"]);
}

#[tokio::test]
async fn rows_that_others_hang_on_are_not_taken_away() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let athletes = server.import_csv("", people(1, 2)).await;
    let races = json!([{"name": "Open", "date": "2026-06-14", "location": "Kisumu"}]);
    let races = server.import_json("races", "", &races).await;
    let entry = json!({"athleteId": 6, "eventId": 1});
    let entry = server.post("/api/registrations", &entry).by(&admin).await.is(201).row()["id"].clone();
    let event = server.add_event(4, "100m").await;
    let refused = server.take_back(&athletes.body["import_id"]).await;
    assert_eq!(obstacles(&refused), [format!("registration {entry}")]);
    assert!(refused.text.contains("belongs to the athlete 6 of this import"), "{}", refused.text);
    assert_eq!(obstacles(&server.take_back(&races.body["import_id"]).await), [format!("event {event}")]);
    server.delete(&format!("/api/events/{event}")).by(&admin).await.is(200);
    server.take_back(&races.body["import_id"]).await.is(200);
}

#[tokio::test]
async fn a_row_updated_twice_by_one_import_becomes_what_it_was_before_it() {
    let server = TestServer::demo().await;
    let before = server.everything().await;
    let csv = "name,country,club,bib_number\nJohn Kamau,KEN,First,KEN001\nJohn Kamau,KEN,Second,KEN001\n\
        New,KEN,First,N1\nNew,KEN,Second,N1\n";
    let import = server.import_csv("?on_duplicate=update", csv).await;
    assert_eq!(counts(&import), [1, 3, 0, 0, 0], "{}", import.text);
    let undone = server.take_back(&import.body["import_id"]).await;
    assert_eq!((&undone.is(200).body["deleted"], &undone.body["restored"]), (&json!(1), &json!(1)), "{}", undone.text);
    assert_eq!(server.everything().await, before);
}

#[tokio::test]
async fn bibs_that_an_import_passed_on_go_back_to_their_owners() {
    let server = TestServer::start().await;
    server.import_csv("", "name,country,club,bib_number\nAnn,KEN,A,1\nBob,KEN,B,2\n").await.is(201);
    let before = server.everything().await;
    // Ann gives her bib up, Bob gets it, a third gets his.
    let csv = "id,name,country,club,bib_number\n1,Ann,KEN,A,9\n2,Bob,KEN,B,1\n,Cid,KEN,C,2\n";
    let import = server.import_csv("?on_duplicate=update", csv).await;
    assert_eq!(counts(&import), [1, 2, 0, 0, 0], "{}", import.text);
    server.take_back(&import.body["import_id"]).await.is(200);
    assert_eq!(server.everything().await, before);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE bib_key IS NULL").await, 0);
}

#[tokio::test]
async fn a_bib_that_was_given_away_since_stands_in_the_way() {
    let server = TestServer::start().await;
    server.import_csv("", "name,country,club,bib_number\nAnn,KEN,A,1\n").await.is(201);
    let import = server.import_csv("?on_duplicate=update", "id,name,country,club,bib_number\n1,Ann,KEN,A,9\n").await;
    server.add_athlete("Newcomer", "1").await;
    let stored = server.everything().await;
    let refused = server.take_back(&import.body["import_id"]).await;
    assert_eq!(obstacles(&refused), ["athlete 1"]);
    assert!(refused.text.contains("Bib 1 is already worn by Newcomer"), "{}", refused.text);
    assert_eq!(server.everything().await, stored);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE bib_key IS NULL").await, 0);
}

#[tokio::test]
async fn an_account_deleted_since_does_not_hold_an_undo_up() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let official = server.token(athsys::auth::policy::Role::Official).await;
    let result = json!({"athleteId": 5, "eventId": 2, "timeSeconds": 11.4});
    let id = server.post("/api/results", &result).by(&official).await.is(201).row()["id"].clone();
    let update = json!({"results": [{"athleteId": 5, "eventId": 2, "mark": "11.30"}]});
    let import = server.import_json("bulk", "?on_duplicate=update", &update).await;
    assert_eq!(counts(&import), [0, 1, 0, 0, 0], "{}", import.text);
    server.delete("/api/admin/users/8").by(&admin).await.is(200);
    server.take_back(&import.body["import_id"]).await.is(200);
    let back = server.get(&format!("/api/results/{id}")).await;
    assert_eq!((&back.row()["timeSeconds"], &back.row()["recordedBy"]), (&json!(11.4), &json!(null)));
}

#[tokio::test]
async fn nobody_takes_the_last_administrator_away() {
    let server = TestServer::demo().await;
    let users = json!({"users": [{"name": "Second", "email": "second@example.org", "role": "admin", "password": "Tw1light-Harbour!"}]});
    let import = server.import_json("bulk", "", &users).await;
    let second = server.login("second@example.org", "Tw1light-Harbour!").await;
    server.delete("/api/admin/users/1").by(&second).await.is(200);
    let path = format!("/api/admin/imports/{}/undo", import.body["import_id"]);
    server.post(&path, &json!({})).by(&second).await.refused(409, "last-admin");
    assert_eq!(server.number("SELECT count(*) FROM users WHERE role = 'admin'").await, 1);
}

#[tokio::test]
async fn a_large_import_is_taken_back_in_slices_and_no_row_is_lost_on_the_way() {
    let server = TestServer::start().await;
    server.import_csv("", people(1, 21_000)).await.is(201);
    let before = server.everything().await;
    // Every row gets another club and another's bib, which nobody else may have at any moment.
    let swapped: String = (1..=21_000).map(|n| format!("{n},Runner {n},KEN,F,New,{}\n", n % 21_000 + 1)).collect();
    let free = people(1, 21_000).replace(",F,Club", ",M,Club");
    let changed = server.import_csv("?on_duplicate=update", free).await;
    assert_eq!(counts(changed.is(200)), [0, 21_000, 0, 0, 0]);
    let swap =
        server.import_csv("?on_duplicate=update", format!("id,name,country,gender,club,bib_number\n{swapped}")).await;
    assert_eq!(counts(&swap)[4], 21_000, "a bib is never taken from somebody: {:?}", counts(&swap));
    let more = server.import_csv("", people(30_001, 22_000)).await;
    let undone = server.take_back(&more.is(201).body["import_id"]).await;
    assert_eq!((&undone.is(200).body["deleted"], &undone.body["kept"]), (&json!(22_000), &json!(0)), "{}", undone.text);
    let undone = server.take_back(&changed.body["import_id"]).await;
    assert_eq!(
        (&undone.is(200).body["restored"], &undone.body["kept"]),
        (&json!(21_000), &json!(0)),
        "{}",
        undone.text
    );
    let after = server.everything().await;
    let plain = |all: &Value| {
        let rows = all["athletes"].as_array().unwrap().iter();
        rows.map(|one| (one["id"].clone(), one["gender"].clone(), one["bibNumber"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(plain(&after), plain(&before));
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE bib_key IS NULL").await, 0);
}

#[tokio::test]
async fn a_large_import_that_somebody_has_changed_stays_or_goes_as_far_as_it_can() {
    let server = TestServer::start().await;
    let import = server.import_csv("", people(1, 21_000)).await;
    let id = import.is(201).body["import_id"].clone();
    let admin = server.admin().await;
    server.put("/api/athletes/20500", &json!({"clubTeam": "Elsewhere"})).by(&admin).await.is(200);
    assert_eq!(obstacles(&server.take_back(&id).await), ["athlete 20500"]);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 21_000);
    let rest = server.post(&format!("/api/admin/imports/{id}/undo?rest=true"), &json!({})).by(&admin).await;
    assert_eq!((&rest.is(200).body["deleted"], &rest.body["kept"]), (&json!(20_999), &json!(1)), "{}", rest.text);
    assert_eq!(server.past(&id).await["state"], "undone");
}
