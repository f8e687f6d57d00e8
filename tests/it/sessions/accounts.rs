//! Accounts: who may change whom, and passwords.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestServer};

const USERS: &str = "/api/admin/users";

#[tokio::test]
async fn an_account_is_made_changed_and_deleted() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let body = json!({"name": "Olu Ade", "email": "Olu@Club.example", "role": "official", "password": PASSWORD});
    let made = server.post(USERS, &body).by(&admin).await;
    let user = made.is(201).row().clone();
    assert_eq!(
        (&user["role"], &user["status"], &user["email"]),
        (&json!("official"), &json!("active"), &json!("Olu@Club.example"))
    );
    assert_eq!((&user["twoFactorEnabled"], &user["lastLogin"]), (&json!(false), &Value::Null));
    assert_eq!(made.header("location"), format!("{USERS}/{}", user["id"]));
    assert!(!made.text.contains("password"), "{}", made.text);
    server.login("olu@club.example", PASSWORD).await;
    let path = format!("{USERS}/{}", user["id"]);
    let shown = server.get(&path).by(&admin).await;
    assert!(!shown.is(200).row()["lastLogin"].is_null());
    let changed = server.put(&path, &json!({"name": "Olu A."})).by(&admin).await;
    assert_eq!(changed.is(200).row()["name"], "Olu A.");
    server
        .post(USERS, &json!({"name": "Other", "email": "OLU@club.EXAMPLE"}))
        .by(&admin)
        .await
        .refused(409, "email-taken");
    server
        .put(&format!("{USERS}/7"), &json!({"email": "olu@club.example"}))
        .by(&admin)
        .await
        .refused(409, "email-taken");
    server.delete(&path).by(&admin).await.is(200);
    server.get(&path).by(&admin).await.refused(404, "not-found");
    server.sign_in("olu@club.example", PASSWORD).await.refused(401, "wrong-credentials");

    let rows = server.audit(&format!("entity=user/{}&sort=seq", user["id"])).await;
    let verbs: Vec<&str> = rows.iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(verbs, ["create", "update", "delete"]);
    assert!(!format!("{rows:?}").contains("argon2"));
}

#[tokio::test]
async fn every_fault_of_an_account_is_named_at_once() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let body =
        json!({"name": "", "email": "x", "role": "king", "status": "dead", "password": "short", "athleteIds": "1"});
    let answer = server.post(USERS, &body).by(&admin).await;
    answer.refused(422, "invalid-fields");
    let mut fields: Vec<String> = answer.faults().into_iter().map(|(field, _)| field).collect();
    fields.sort();
    assert_eq!(fields, ["athleteIds", "email", "name", "password", "role", "status"]);
    for password in
        [json!("password"), json!("1234567"), json!(12345678), json!("x".repeat(129)), json!(""), json!("Football1")]
    {
        let body = json!({"name": "A", "email": "a@b.example", "password": password});
        let answer = server.post(USERS, &body).by(&admin).await;
        assert_eq!(
            answer.faults().first().map(|(field, _)| field.as_str()),
            Some("password"),
            "{password}: {}",
            answer.text
        );
        let answer = server.put(&format!("{USERS}/7"), &json!({"password": password})).by(&admin).await;
        assert_eq!(answer.status, 422, "{password}");
    }
    assert_eq!(server.number("SELECT count(*) FROM users").await, 7);
    server.sign_in("viewer@athsys.com", "Viewer@123").await.is(200);
}

#[tokio::test]
async fn nobody_locks_themselves_out() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let own = format!("{USERS}/1");
    server.delete(&own).by(&admin).await.refused(409, "own-account");
    server.put(&own, &json!({"role": "viewer"})).by(&admin).await.refused(409, "own-account");
    server.put(&own, &json!({"status": "suspended"})).by(&admin).await.refused(409, "own-account");
    server.post(&format!("{USERS}/bulk/delete"), &json!({"ids": [7, 1]})).by(&admin).await.refused(409, "own-account");
    assert_eq!(server.number("SELECT count(*) FROM users").await, 7, "nobody of the list was deleted");
    server.put(&own, &json!({"name": "Amina O."})).by(&admin).await.is(200);
    server.get("/api/auth/me").by(&admin).await.is(200);

    // A second administrator may demote the first, and is then the last.
    let second = server.add_user(Role::Admin, "second@club.example").await;
    let other = server.login("second@club.example", PASSWORD).await;
    server.put(&own, &json!({"status": "inactive"})).by(&other).await.is(200);
    server.put(&format!("{USERS}/{second}"), &json!({"role": "chief_registrar"})).by(&other).await.is(409);
    server.delete(&own).by(&other).await.is(200);
    assert_eq!(server.number("SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'").await, 1);
}

#[tokio::test]
async fn the_last_active_administrator_stays() {
    let server = TestServer::demo().await;
    let second = server.add_user(Role::Admin, "second@club.example").await;
    let (one, two) = (server.admin().await, server.login("second@club.example", PASSWORD).await);
    // Each removes the other at the same time: one of them is too late.
    let (to_second, to_first) = (format!("{USERS}/{second}"), format!("{USERS}/1"));
    let demote = json!({"role": "viewer"});
    let answers = tokio::join!(async { server.put(&to_second, &demote).by(&one).await }, async {
        server.put(&to_first, &demote).by(&two).await
    },);
    assert_eq!([answers.0.status, answers.1.status].iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(server.number("SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'").await, 1);
}

#[tokio::test]
async fn a_chief_registrar_manages_everybody_but_administrators() {
    let server = TestServer::demo().await;
    let chief = server.token(Role::ChiefRegistrar).await;
    server.post(USERS, &json!({"name": "A", "email": "a@b.example", "role": "registrar"})).by(&chief).await.is(201);
    server.put(&format!("{USERS}/7"), &json!({"role": "coach"})).by(&chief).await.is(200);
    server.post(&format!("{USERS}/7/reset-password"), &json!({})).by(&chief).await.is(200);
    server.delete(&format!("{USERS}/7")).by(&chief).await.is(200);
    let admin = format!("{USERS}/1");
    server.put(&admin, &json!({"name": "X"})).by(&chief).await.refused(403, "forbidden");
    server.put(&admin, &json!({"password": PASSWORD})).by(&chief).await.refused(403, "forbidden");
    server.post(&format!("{admin}/reset-password"), &json!({})).by(&chief).await.refused(403, "forbidden");
    server.delete(&admin).by(&chief).await.refused(403, "forbidden");
    server.post(&format!("{USERS}/bulk/delete"), &json!({"ids": [3, 1]})).by(&chief).await.refused(403, "forbidden");
    server
        .post(USERS, &json!({"name": "A", "email": "c@d.example", "role": "admin"}))
        .by(&chief)
        .await
        .refused(403, "forbidden");
    server.put(&format!("{USERS}/3"), &json!({"role": "admin"})).by(&chief).await.refused(403, "forbidden");
    server.put(&format!("{USERS}/2"), &json!({"role": "admin"})).by(&chief).await.refused(403, "forbidden");
    server.sign_in("admin@athsys.com", "Admin@123").await.is(200);
    assert_eq!(server.number("SELECT count(*) FROM users").await, 7);
    server.get("/api/admin/audit-logs").by(&chief).await.refused(403, "forbidden");
}

#[tokio::test]
async fn an_account_without_a_password_cannot_sign_in() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    server.post(USERS, &json!({"name": "A", "email": "a@b.example"})).by(&admin).await.is(201);
    for password in ["", " ", "null", PASSWORD] {
        let status = server.sign_in("a@b.example", password).await.status;
        assert!(matches!(status, 400 | 401), "{password:?}: {status}");
    }
    let reset = server.post(&format!("{USERS}/8/reset-password"), &json!({"new_password": PASSWORD})).by(&admin).await;
    assert_eq!(reset.is(200).body["temporary_password"], Value::Null);
    server.sign_in("a@b.example", PASSWORD).await.is(200);
    server.post(&format!("{USERS}/99/reset-password"), &json!({})).by(&admin).await.refused(404, "not-found");
    server
        .post(&format!("{USERS}/8/reset-password"), &json!({"new_password": "short"}))
        .by(&admin)
        .await
        .refused(422, "invalid-fields");
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let server = TestServer::demo().await;
    let viewer = server.token(Role::Viewer).await;
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        server.post("/api/auth/change-password", &body).by(&viewer)
    };
    let wrong = change("wrong", PASSWORD).await;
    wrong.refused(422, "invalid-fields");
    assert_eq!(wrong.faults()[0].0, "current_password");
    assert_eq!(change("Viewer@123", "short").await.faults()[0].0, "new_password");
    server.post("/api/auth/change-password", &json!({})).by(&viewer).await.refused(400, "missing-fields");
    change("Viewer@123", PASSWORD).await.is(200);
    server.sign_in("viewer@athsys.com", "Viewer@123").await.refused(401, "wrong-credentials");
    server.sign_in("viewer@athsys.com", PASSWORD).await.is(200);
}

/// Guessing the current password is guessing a password.
#[tokio::test]
async fn guesses_of_the_current_password_are_delayed() {
    let server = TestServer::demo().await;
    let viewer = server.token(Role::Viewer).await;
    let body = json!({"current_password": "wrong", "new_password": PASSWORD});
    for _ in 0..5 {
        server.post("/api/auth/change-password", &body).by(&viewer).await.refused(422, "invalid-fields");
    }
    server.post("/api/auth/change-password", &body).by(&viewer).await.refused(429, "too-many-attempts");
}

#[tokio::test]
async fn several_accounts_are_deleted_at_once() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let answer = server.post(&format!("{USERS}/bulk/delete"), &json!({"ids": [7, 99, 6, 7]})).by(&admin).await;
    assert_eq!((&answer.is(200).body["deleted"], &answer.body["missing"]), (&json!(2), &json!([99])));
    assert_eq!(server.number("SELECT count(*) FROM users").await, 5);
    assert_eq!(server.audit("action=delete&entity=user").await.len(), 2);
}
