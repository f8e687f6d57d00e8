//! Where somebody is signed in, how that is ended, and one's own account.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, TestServer};

const AGENT: &str = "Mozilla/5.0 (Linux; Android 14) Test";

/// A new session of the guest viewer on a telephone.
async fn signed_in(server: &TestServer) -> (String, String) {
    let body = json!({"email": "viewer@athsys.com", "password": "Viewer@123"});
    let answer = server.post("/api/auth/login", &body).header("user-agent", AGENT).await;
    let text = |name: &str| answer.is(200).body[name].as_str().unwrap().to_owned();
    (text("token"), text("refresh_token"))
}

fn rows(answer: &Answer) -> Vec<Value> {
    answer.is(200).body["sessions"].as_array().unwrap().clone()
}

/// The id of the session that asks.
fn current(rows: &[Value]) -> i64 {
    let mut own = rows.iter().filter(|row| row["current"] == true);
    let id = own.next().unwrap()["id"].as_i64().unwrap();
    assert!(own.next().is_none(), "only one asks");
    id
}

#[tokio::test]
async fn people_see_where_they_are_signed_in() {
    let server = TestServer::demo().await;
    let (first, _) = signed_in(&server).await;
    let (second, refresh) = signed_in(&server).await;
    let seen = rows(&server.get("/api/auth/sessions").by(&first).await);
    assert_eq!(seen.len(), 2, "of this user alone");
    assert_eq!((&seen[0]["userAgent"], &seen[0]["ipAddress"]), (&json!(AGENT), &json!("127.0.0.1")));
    assert_eq!(seen[0]["id"], current(&seen), "the last used one comes first");
    for row in &seen {
        let moment = |name: &str| row[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert!(moment("createdAt") <= moment("lastUsedAt") && moment("lastUsedAt") < moment("expiresAt"));
        let mut names: Vec<&String> = row.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["createdAt", "current", "expiresAt", "id", "ipAddress", "lastUsedAt", "userAgent"]);
    }
    let other = rows(&server.get("/api/auth/sessions").by(&second).await);
    assert_ne!(current(&other), current(&seen));

    // The renewal is remembered by the file as well.
    server.post("/api/auth/refresh", &json!({"refresh_token": refresh})).await.is(200);
    assert_eq!(server.number("SELECT count(*) FROM sessions WHERE last_used_at IS NOT NULL").await, 1);
    server.sql("UPDATE sessions SET expires_at = 1 WHERE last_used_at IS NOT NULL").await;
    assert_eq!(rows(&server.get("/api/auth/sessions").by(&first).await).len(), 1, "one that ran out is none");
    server.get("/api/auth/sessions").await.refused(401, "authentication-required");
}

#[tokio::test]
async fn a_device_that_was_signed_out_is_out_at_once() {
    let server = TestServer::demo().await;
    let (here, _) = signed_in(&server).await;
    let (lost, refresh) = signed_in(&server).await;
    let id = current(&rows(&server.get("/api/auth/sessions").by(&lost).await));
    let ended = server.delete(&format!("/api/auth/sessions/{id}")).by(&here).await;
    assert_eq!(ended.is(200).body["revoked"], 1);
    server.get("/api/auth/me").by(&lost).await.refused(401, "token-revoked");
    server.post("/api/auth/refresh", &json!({"refresh_token": refresh})).await.refused(401, "invalid-refresh-token");
    server.get("/api/auth/me").by(&here).await.is(200);
    assert_eq!(rows(&server.get("/api/auth/sessions").by(&here).await).len(), 1);
    server.delete(&format!("/api/auth/sessions/{id}")).by(&here).await.refused(404, "not-found");
    let trail = server.audit("action=logout").await;
    assert_eq!((trail.len(), &trail[0]["entityId"], &trail[0]["details"]["session"]), (1, &json!(7), &json!(id)));
}

#[tokio::test]
async fn nobody_ends_a_session_of_somebody_else() {
    let server = TestServer::demo().await;
    let (here, _) = signed_in(&server).await;
    let coach = server.token(Role::Coach).await;
    let foreign = current(&rows(&server.get("/api/auth/sessions").by(&coach).await));
    for id in [foreign.to_string(), "987654".into(), "0".into(), "x".into()] {
        server.delete(&format!("/api/auth/sessions/{id}")).by(&here).await.refused(404, "not-found");
    }
    server.get("/api/auth/me").by(&coach).await.is(200);
}

#[tokio::test]
async fn all_other_devices_are_signed_out_together() {
    let server = TestServer::demo().await;
    let coach = server.token(Role::Coach).await;
    let (here, refresh) = signed_in(&server).await;
    let others = [signed_in(&server).await.0, signed_in(&server).await.0];
    let ended = server.post("/api/auth/sessions/revoke-others", &json!({})).by(&here).await;
    assert_eq!(ended.is(200).body["revoked"], 2);
    for other in &others {
        server.get("/api/auth/me").by(other).await.refused(401, "token-revoked");
    }
    server.get("/api/auth/me").by(&here).await.is(200);
    server.get("/api/auth/me").by(&coach).await.is(200);
    server.post("/api/auth/refresh", &json!({"refresh_token": refresh})).await.is(200);
    let again = server.post("/api/auth/sessions/revoke-others", &json!({})).by(&here).await;
    assert_eq!(again.is(200).body["revoked"], 0);
    assert_eq!(server.audit("action=logout").await.len(), 1, "nothing ended the second time");
}

#[tokio::test]
async fn a_manager_signs_somebody_out_everywhere() {
    let server = TestServer::demo().await;
    let (admin, chief) = (server.admin().await, server.token(Role::ChiefRegistrar).await);
    let (viewer, refresh) = signed_in(&server).await;
    let seen = rows(&server.get("/api/admin/users/7/sessions").by(&chief).await);
    assert_eq!((seen.len(), &seen[0]["current"]), (1, &json!(false)));
    let ended = server.delete("/api/admin/users/7/sessions").by(&chief).await;
    assert_eq!(ended.is(200).body["revoked"], 1);
    server.get("/api/auth/me").by(&viewer).await.refused(401, "token-revoked");
    server.post("/api/auth/refresh", &json!({"refresh_token": refresh})).await.refused(401, "invalid-refresh-token");
    assert_eq!(rows(&server.get("/api/admin/users/7/sessions").by(&admin).await), [Value::Null; 0]);

    // Administrators are looked at by administrators alone.
    server.get("/api/admin/users/1/sessions").by(&chief).await.refused(403, "forbidden");
    server.delete("/api/admin/users/1/sessions").by(&chief).await.refused(403, "forbidden");
    server.get("/api/admin/users/99/sessions").by(&admin).await.refused(404, "not-found");
    server.delete("/api/admin/users/99/sessions").by(&admin).await.refused(404, "not-found");
    let own = rows(&server.get("/api/admin/users/1/sessions").by(&admin).await);
    assert!(current(&own) > 0);
    server.delete("/api/admin/users/1/sessions").by(&admin).await.is(200);
    server.get("/api/auth/me").by(&admin).await.refused(401, "token-revoked");
}

#[tokio::test]
async fn people_change_their_own_name_and_with_their_password_their_email() {
    let server = TestServer::demo().await;
    let (viewer, _) = signed_in(&server).await;
    let put = |body: Value| server.put("/api/auth/me", &body).by(&viewer);
    let named = put(json!({"name": "  Grace Njeri "})).await;
    assert_eq!(named.is(200).body["user"]["name"], "Grace Njeri");
    assert_eq!(server.get("/api/auth/me").by(&viewer).await.body["user"]["name"], "Grace Njeri");
    // The same address in other letters is no other address.
    put(json!({"email": "Viewer@athsys.com", "name": "Grace Njeri"})).await.is(200);

    let moved = json!({"email": "grace@club.example"});
    let answer = put(moved.clone()).await;
    answer.refused(422, "invalid-fields");
    assert_eq!(answer.faults(), [("current_password".to_owned(), "required".to_owned())]);
    let mut wrong = moved.clone();
    wrong["current_password"] = json!("not it");
    let answer = put(wrong).await;
    assert_eq!(answer.faults(), [("current_password".to_owned(), "wrong-password".to_owned())]);
    let mut right = moved.clone();
    right["current_password"] = json!("Viewer@123");
    assert_eq!(put(right).await.is(200).body["user"]["email"], "grace@club.example");
    server.get("/api/auth/me").by(&viewer).await.is(200);
    server.sign_in("grace@club.example", "Viewer@123").await.is(200);
    server.sign_in("viewer@athsys.com", "Viewer@123").await.refused(401, "wrong-credentials");
    let trail = server.audit("action=update&entity=user/7").await;
    assert_eq!((trail.len(), &trail[0]["after"]["email"]), (3, &json!("grace@club.example")));
    assert!(!trail.iter().any(|row| row.to_string().contains("Viewer@123")), "no password in the log");
}

#[tokio::test]
async fn nobody_gives_themselves_rights_or_somebody_elses_email() {
    let server = TestServer::demo().await;
    let (viewer, _) = signed_in(&server).await;
    let put = |body: Value| server.put("/api/auth/me", &body).by(&viewer);
    for member in ["role", "status", "athleteIds", "password", "id"] {
        let answer = put(json!({member: "admin"})).await;
        assert_eq!(answer.faults(), [(member.to_owned(), "unknown-field".to_owned())]);
    }
    let answer = put(json!({"name": " ", "email": "no address"})).await;
    answer.refused(422, "invalid-fields");
    assert_eq!(answer.faults().len(), 2, "{}", answer.text);
    let taken = json!({"email": "admin@athsys.com", "current_password": "Viewer@123"});
    put(taken).await.refused(409, "email-taken");
    assert_eq!(put(json!({})).await.is(200).body["user"]["role"], "viewer");
    assert_eq!(server.audit("action=update&entity=user/7").await.len(), 0, "nothing was changed");
}

/// Guessing at the password of an open session is slowed down as at the sign-in.
#[tokio::test]
async fn wrong_passwords_for_an_email_are_slowed_down() {
    let server = TestServer::demo().await;
    let (viewer, _) = signed_in(&server).await;
    let body = json!({"email": "grace@club.example", "current_password": PASSWORD});
    for _ in 0..5 {
        server.put("/api/auth/me", &body).by(&viewer).await.refused(422, "invalid-fields");
    }
    server.put("/api/auth/me", &body).by(&viewer).await.refused(429, "too-many-attempts");
}
