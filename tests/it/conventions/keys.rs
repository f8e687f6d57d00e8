//! `Idempotency-Key`: a request that is repeated is applied once.

use athsys::auth::policy::Role;
use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn the_same_request_answers_as_the_first_time() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let body = json!({"name": "Jane Okoye", "country": "NGR"});
    let send = || server.post("/api/athletes", &body).by(&admin).header("idempotency-key", "entry-1");
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.row(), second.row());
    assert_eq!((first.header("x-idempotency-replayed"), second.header("x-idempotency-replayed")), ("", "true"));
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(first.header("etag"), second.header("etag"));
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"), "meta is of the second request");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 6);
    assert_eq!(server.audit("action=create&entity=athlete&user=1").await.len(), 1);

    let other = json!({"name": "Jane Okoro", "country": "NGR"});
    let call = server.post("/api/athletes", &other).by(&admin).header("idempotency-key", "entry-1");
    call.await.refused(422, "idempotency-key-reused");
    let call = server.post("/api/races", &body).by(&admin).header("idempotency-key", "entry-1");
    call.await.refused(422, "idempotency-key-reused");
    // Somebody else's key of the same name is another one.
    let registrar = server.token(Role::Registrar).await;
    let call = server.post("/api/athletes", &body).by(&registrar).header("idempotency-key", "entry-1");
    assert_eq!(call.await.is(201).header("x-idempotency-replayed"), "");
    let bad = "x".repeat(256);
    let call = server.post("/api/athletes", &body).by(&admin).header("idempotency-key", &bad);
    call.await.refused(400, "invalid-idempotency-key");
}

#[tokio::test]
async fn a_key_holds_for_changes_and_deletions_too() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let put =
        || server.put("/api/races/1", &json!({"location": "Eldoret"})).by(&admin).header("idempotency-key", "put-1");
    let first = put().await;
    server.put("/api/races/1", &json!({"location": "Iten"})).by(&admin).await.is(200);
    let second = put().await;
    assert_eq!((second.header("x-idempotency-replayed"), second.row()), ("true", first.row()));
    assert_eq!(server.get("/api/races/1").await.row()["location"], "Iten", "the repetition changed nothing");
    let id = server.add_athlete("Jane Okoye", "9").await;
    for _ in 0..2 {
        server.delete(&format!("/api/athletes/{id}")).by(&admin).header("idempotency-key", "del-1").await.is(200);
    }
}

#[tokio::test]
async fn a_refusal_does_not_use_up_the_key() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let entry = json!({"athleteId": 5, "eventId": 1});
    let send = || server.post("/api/registrations", &entry).by(&admin).header("idempotency-key", "late-entry");
    server.put("/api/events/1", &json!({"maxParticipants": 2})).by(&admin).await.is(200);
    send().await.refused(409, "event-full");
    server.put("/api/events/1", &json!({"maxParticipants": 3})).by(&admin).await.is(200);
    assert_eq!(send().await.is(201).header("x-idempotency-replayed"), "");
}

#[tokio::test]
async fn two_at_the_same_time_create_one_row() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let body = json!({"name": "Jane Okoye", "country": "NGR"});
    let send = || async { server.post("/api/athletes", &body).by(&admin).header("idempotency-key", "twice").await };
    let answers = tokio::join!(send(), send(), send(), send());
    let answers = [answers.0, answers.1, answers.2, answers.3];
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.row() == answers[0].row()));
    let replayed = answers.iter().filter(|answer| answer.header("x-idempotency-replayed") == "true").count();
    assert_eq!(replayed, 3);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 6);
}

#[tokio::test]
async fn a_key_is_known_after_a_restart() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let body = json!({"name": "Jane Okoye", "country": "NGR"});
    let first = server.post("/api/athletes", &body).by(&admin).header("idempotency-key", "before").await;
    let server = server.restart().await;
    let second = server.post("/api/athletes", &body).by(&admin).header("idempotency-key", "before").await;
    assert_eq!((second.status, second.header("x-idempotency-replayed")), (201, "true"));
    assert_eq!(first.row(), second.row());
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 6);
    // A day later it is forgotten.
    server.sql("UPDATE idempotency_keys SET created_at = created_at - 86400001").await;
    let third = server.post("/api/athletes", &body).by(&admin).header("idempotency-key", "before").await;
    assert_eq!((third.status, third.header("x-idempotency-replayed")), (201, ""));
}

#[tokio::test]
async fn an_import_with_a_key_is_done_once() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let send = |content: &'static str| {
        let call = server.upload("/api/admin/import/athletes-csv", "a.csv", content).by(&admin);
        call.header("idempotency-key", "file-1")
    };
    let first = send("name,country\nJane Okoye,NGR\n").await;
    let second = send("name,country\nJane Okoye,NGR\n").await;
    assert_eq!((first.status, second.status), (201, 201), "{}", second.text);
    assert_eq!(second.header("x-idempotency-replayed"), "true");
    assert_eq!((&second.body["imported"], &second.body["import_id"]), (&json!(1), &first.body["import_id"]));
    send("name,country\nJane Okoro,NGR\n").await.refused(422, "idempotency-key-reused");
}
