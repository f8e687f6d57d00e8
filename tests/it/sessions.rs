//! Signing in and out, and what ends a session (api.md 4); rules of accounts.

mod accounts;
mod confirm;
mod devices;
mod second_factor;
mod tokens;

use std::net::IpAddr;

use athsys::auth::policy::Role;
use athsys::config::Config;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, TestServer};

/// A client whose requests come from another address of this machine.
fn from(address: &str) -> reqwest::Client {
    let address: IpAddr = address.parse().unwrap();
    reqwest::Client::builder().no_proxy().local_address(address).build().unwrap()
}

#[tokio::test]
async fn signing_in_answers_tokens_and_the_user() {
    let server = TestServer::demo().await;
    let answer = server.sign_in("admin@athsys.com", "Admin@123").await;
    let body = &answer.is(200).body;
    assert_eq!(body["token"], body["access_token"]);
    assert_eq!(body["token"].as_str().unwrap().split('.').count(), 3);
    assert!(body["refresh_token"].as_str().unwrap().len() >= 43);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let user = &body["user"];
    assert_eq!(
        (&user["email"], &user["role"], &user["status"]),
        (&json!("admin@athsys.com"), &json!("admin"), &json!("active"))
    );
    for member in ["id", "name", "lastLogin", "createdAt", "twoFactorEnabled"] {
        assert!(!user[member].is_null(), "{member} in {user}");
    }
    for secret in ["password", "argon2", "tokenVersion", "hash"] {
        assert!(!answer.text.contains(secret), "{secret} in {}", answer.text);
    }
    let me = server.get("/api/auth/me").by(body["token"].as_str().unwrap()).await;
    assert_eq!(me.is(200).body["user"], *user);
    // In any case, and with blanks around it.
    server.sign_in(" ADMIN@athsys.com ", "Admin@123").await.is(200);
    let logins = server.audit("action=login&user=1").await;
    assert!(logins.len() >= 2 && logins[0]["ipAddress"] == "127.0.0.1");
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let server = TestServer::shared();
    for (body, missing) in [
        (json!({}), json!(["email", "password"])),
        (json!({"email": "a@b.example"}), json!(["password"])),
        (json!({"password": "x"}), json!(["email"])),
        (json!({"email": "", "password": "x"}), json!(["email"])),
        (json!({"email": 5, "password": ["x"]}), json!(["email", "password"])),
        (json!({"email": null, "password": {"$gt": ""}}), json!(["email", "password"])),
    ] {
        let answer = server.post("/api/auth/login", &body).await;
        answer.refused(400, "missing-fields");
        assert_eq!(answer.body["missing"], missing);
    }
    for path in ["/api/auth/refresh", "/api/auth/reset-password"] {
        server.post(path, &json!({})).await.refused(400, "missing-fields");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_look_the_same() {
    let server = TestServer::demo().await;
    let wrong = server.sign_in("viewer@athsys.com", "wrong").await;
    let unknown = server.sign_in("nobody@athsys.com", "wrong").await;
    wrong.refused(401, "wrong-credentials");
    unknown.refused(401, "wrong-credentials");
    for member in ["detail", "attempts_remaining", "title", "type"] {
        assert_eq!(wrong.body[member], unknown.body[member], "{member}");
    }
    assert_eq!(wrong.body["attempts_remaining"], 4);
    assert_eq!(server.sign_in("VIEWER@athsys.com", "wrong").await.body["attempts_remaining"], 3);
    let rows = server.audit("action=login_failed&sort=seq").await;
    assert_eq!((rows.len(), &rows[0]["entityId"], &rows[1]["entityId"]), (3, &json!(7), &Value::Null));
    assert_eq!(rows[1]["details"]["email"], "nobody@athsys.com");
    assert!(!rows.iter().any(|row| row.to_string().contains("wrong")), "no passwords in the log");
}

#[tokio::test]
async fn five_wrong_passwords_delay_that_address_and_no_other() {
    let server = TestServer::demo().await;
    for remaining in (0..5).rev() {
        let answer = server.sign_in("viewer@athsys.com", "wrong").await;
        answer.refused(401, "wrong-credentials");
        assert_eq!(answer.body["attempts_remaining"], remaining);
    }
    for password in ["wrong", "Viewer@123"] {
        let answer = server.sign_in("viewer@athsys.com", password).await;
        answer.refused(429, "too-many-attempts");
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
    }
    // The account itself is not locked, and neither are other accounts.
    let body = json!({"email": "viewer@athsys.com", "password": "Viewer@123"});
    let elsewhere = from("127.0.0.2").post(server.url("/api/auth/login")).json(&body).send().await.unwrap();
    assert_eq!(elsewhere.status(), 200);
    server.sign_in("sarah@athsys.com", "Coach@123").await.is(200);
}

/// Its signed cookie gives it a counter of its own, and opens nothing by itself.
#[tokio::test]
async fn a_browser_that_signed_in_before_is_not_slowed_by_what_others_guess() {
    let server = TestServer::demo().await;
    let first = server.sign_in("viewer@athsys.com", "Viewer@123").await;
    let cookies: Vec<&str> = first.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let device = cookies.iter().find(|cookie| cookie.starts_with("athsys_device=")).unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/auth"] {
        assert!(device.contains(part), "{device}");
    }
    let device = device.split(';').next().unwrap();
    server.get("/api/auth/me").header("cookie", device).await.is(401);
    for _ in 0..5 {
        server.sign_in("viewer@athsys.com", "wrong").await.refused(401, "wrong-credentials");
    }
    server.sign_in("viewer@athsys.com", "Viewer@123").await.refused(429, "too-many-attempts");
    let body = json!({"email": "viewer@athsys.com", "password": "Viewer@123"});
    server.post("/api/auth/login", &body).header("cookie", device).await.is(200);
    // Of another account, or made up, it is worth nothing.
    let other = json!({"email": "sarah@athsys.com", "password": "wrong"});
    for left in (0..5).rev() {
        let answer = server.post("/api/auth/login", &other).header("cookie", device).await;
        assert_eq!(answer.body["attempts_remaining"], left);
    }
    server.sign_in("sarah@athsys.com", "Coach@123").await.refused(429, "too-many-attempts");
}

#[tokio::test]
async fn the_right_password_clears_the_count() {
    let server = TestServer::demo().await;
    for _ in 0..3 {
        for _ in 0..4 {
            server.sign_in("viewer@athsys.com", "wrong").await.refused(401, "wrong-credentials");
        }
        server.sign_in("viewer@athsys.com", "Viewer@123").await.is(200);
    }
}

/// The body of one's own megabyte is not kept in the log that nobody can delete from.
#[tokio::test]
async fn a_failed_sign_in_leaves_little_behind() {
    let server = TestServer::demo().await;
    let long = format!("{}@athsys.com", "x".repeat(500_000));
    server.sign_in(&long, "wrong").await.refused(401, "wrong-credentials");
    server.post("/api/auth/reset-password", &json!({"email": long})).await.is(200);
    let longest = server.number("SELECT max(length(details)) FROM audit_payloads").await;
    assert!(longest < 1000, "{longest}");
}

#[tokio::test]
async fn an_account_that_is_not_active_may_not_sign_in() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let viewer = server.token(Role::Viewer).await;
    for status in ["suspended", "inactive", "disabled"] {
        server.put("/api/admin/users/7", &json!({"status": status})).by(&admin).await.is(200);
        server.sign_in("viewer@athsys.com", "Viewer@123").await.refused(403, "account-not-active");
        // Who does not know the password learns nothing of the status.
        server.sign_in("viewer@athsys.com", "wrong").await.refused(401, "wrong-credentials");
        server.get("/api/auth/me").by(&viewer).await.refused(401, "token-revoked");
    }
    server.put("/api/admin/users/7", &json!({"status": "active"})).by(&admin).await.is(200);
    server.get("/api/auth/me").by(&viewer).await.refused(401, "token-revoked");
    server.sign_in("viewer@athsys.com", "Viewer@123").await.is(200);
}

/// An access token that has run out must not keep its owner from getting a new one.
#[tokio::test]
async fn an_outdated_token_does_not_hinder_signing_in() {
    let server = TestServer::demo().await;
    let first = server.sign_in("viewer@athsys.com", "Viewer@123").await;
    let refresh = json!({"refresh_token": first.body["refresh_token"]});
    for call in [
        server.post("/api/auth/login", &json!({"email": "viewer@athsys.com", "password": "Viewer@123"})),
        server.post("/api/auth/refresh", &refresh),
        server.post("/api/auth/reset-password", &json!({"email": "viewer@athsys.com"})),
        server.get("/api/admin/database/health"),
        server.get("/api/admin/import/athletes-template"),
        server.get("/health"),
        server.get("/api/info"),
    ] {
        call.by("expired.or.null").await.is(200);
    }
}

#[tokio::test]
async fn the_first_administrator_needs_the_printed_token() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/api/info").await.body["setup_needed"], true);
    let body =
        |token: &str| json!({"token": token, "name": "Ada Obi", "email": "ada@club.example", "password": PASSWORD});
    server.post("/api/setup", &json!({"name": "A"})).await.refused(400, "missing-fields");
    server.post("/api/setup", &body("guess")).await.refused(403, "wrong-setup-token");
    let token = server.app.setup_token().to_owned();
    let mut weak = body(&token);
    (weak["password"], weak["email"]) = (json!("password"), json!("none"));
    let answer = server.post("/api/setup", &weak).await;
    answer.refused(422, "invalid-fields");
    let faults = answer.faults();
    assert_eq!(faults.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["email", "password"]);
    assert_eq!(server.number("SELECT count(*) FROM users").await, 0);
    let answer = server.post("/api/setup", &body(&token)).await;
    assert_eq!(answer.is(201).body["user"]["role"], "admin");
    let admin = answer.body["token"].as_str().unwrap().to_owned();
    server.get("/api/admin/users").by(&admin).await.is(200);
    server.post("/api/setup", &body(&token)).await.refused(404, "not-found");
    server.post("/api/setup", &json!({})).await.refused(404, "not-found");
    assert_eq!(server.get("/api/info").await.body["setup_needed"], false);
    let created = server.audit_as(&admin, "action=create&entity=user").await;
    assert_eq!((created.len(), &created[0]["after"]["email"]), (1, &json!("ada@club.example")));
}

#[tokio::test]
async fn only_one_of_two_becomes_the_first_administrator() {
    let server = TestServer::start().await;
    let token = server.app.setup_token().to_owned();
    let send = |email: &'static str| {
        let body = json!({"token": token, "name": "A", "email": email, "password": PASSWORD});
        server.post("/api/setup", &body)
    };
    let (one, two) = tokio::join!(async { send("a@b.example").await }, async { send("c@d.example").await });
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 404]);
    assert_eq!(server.number("SELECT count(*) FROM users").await, 1);
}

#[tokio::test]
async fn accounts_are_made_by_administrators_unless_configured() {
    let body = json!({"name": "Ann", "email": "ann@club.example", "password": PASSWORD});
    let closed = TestServer::demo().await;
    closed.post("/api/auth/register", &body).await.refused(403, "registration-off");
    assert_eq!(closed.number("SELECT count(*) FROM users").await, 7);

    let open = TestServer::demo_with(Config { self_registration: true, ..Config::default() }).await;
    let mut wanted = body.clone();
    (wanted["role"], wanted["status"]) = (json!("admin"), json!("active"));
    let answer = open.post("/api/auth/register", &wanted).await;
    assert_eq!(answer.is(201).body["user"]["role"], "viewer", "whatever was asked for");
    open.get("/api/auth/me").by(answer.body["token"].as_str().unwrap()).await.is(200);
    open.post("/api/auth/register", &body).await.refused(409, "email-taken");
    let mut other = body.clone();
    (other["email"], other["password"]) = (json!("x"), json!("short"));
    assert_eq!(open.post("/api/auth/register", &other).await.faults().len(), 2);
    open.post("/api/auth/register", &json!({"name": "A"})).await.refused(400, "missing-fields");
}

#[tokio::test]
async fn asking_for_a_new_password_tells_nothing() {
    let server = TestServer::demo().await;
    let ask = |email: &str| server.post("/api/auth/reset-password", &json!({"email": email}));
    let without_meta = |answer: Answer| {
        let mut body = answer.is(200).body.clone();
        body.as_object_mut().unwrap().remove("meta");
        body
    };
    let known = without_meta(ask("viewer@athsys.com").await);
    for email in ["nobody@athsys.com", "no address", "' OR 1=1 --"] {
        assert_eq!(without_meta(ask(email).await), known, "{email}");
    }
    server.sign_in("viewer@athsys.com", "Viewer@123").await.is(200);
    // An administrator sees who has asked.
    let rows = server.audit("q=asked+for+a+new+one").await;
    assert_eq!((rows.len(), &rows[3]["entityId"]), (4, &json!(7)));
}
