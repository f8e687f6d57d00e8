//! Tokens: which are good, and what ends them.

use athsys::auth::policy::Role;
use athsys::auth::token::{Claims, KeyFile};
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, TestServer};

fn token(answer: &Answer, name: &str) -> String {
    answer.is(200).body[name].as_str().unwrap().to_owned()
}

fn refresh(server: &TestServer, token: &str) -> crate::support::Call {
    server.post("/api/auth/refresh", &json!({"refresh_token": token}))
}

#[tokio::test]
async fn a_refresh_token_is_good_once() {
    let server = TestServer::demo().await;
    let first = server.sign_in("viewer@athsys.com", "Viewer@123").await;
    let second = refresh(&server, &token(&first, "refresh_token")).await;
    assert_ne!(token(&second, "refresh_token"), token(&first, "refresh_token"));
    assert_eq!(second.body["token"], second.body["access_token"]);
    assert_eq!(second.body["user"]["email"], "viewer@athsys.com");
    let third = refresh(&server, &token(&second, "refresh_token")).await;
    for access in [&first, &second, &third] {
        server.get("/api/auth/me").by(&token(access, "token")).await.is(200);
    }
    let other = server.sign_in("viewer@athsys.com", "Viewer@123").await;

    // Somebody holds a copy of the first one: the whole session ends, the other one stays.
    refresh(&server, &token(&first, "refresh_token")).await.refused(401, "invalid-refresh-token");
    refresh(&server, &token(&third, "refresh_token")).await.refused(401, "invalid-refresh-token");
    server.get("/api/auth/me").by(&token(&third, "token")).await.refused(401, "token-revoked");
    server.get("/api/auth/me").by(&token(&other, "token")).await.is(200);
    refresh(&server, &token(&other, "refresh_token")).await.is(200);
    for bad in ["x", "", " ", &"x".repeat(10_000)] {
        let answer = refresh(&server, bad).await;
        assert!(matches!(answer.status, 400 | 401), "{}", answer.text);
    }
    // An access token is no refresh token.
    refresh(&server, &token(&other, "token")).await.refused(401, "invalid-refresh-token");
    server.get("/api/auth/me").by(&token(&other, "refresh_token")).await.refused(401, "invalid-token");
}

#[tokio::test]
async fn two_refreshes_at_once_are_a_reuse() {
    let server = TestServer::demo().await;
    let first = server.sign_in("viewer@athsys.com", "Viewer@123").await;
    let used = token(&first, "refresh_token");
    let (one, two) = tokio::join!(async { refresh(&server, &used).await }, async { refresh(&server, &used).await });
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

/// The access token, the refresh token and the cookie of a session.
struct Session {
    access: String,
    refresh: String,
    cookie: String,
}

async fn session(server: &TestServer, email: &str, password: &str) -> Session {
    let answer = server.sign_in(email, password).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    Session { access: token(&answer, "token"), refresh: token(&answer, "refresh_token"), cookie }
}

impl Session {
    #[track_caller]
    fn check(&self, statuses: [u16; 3], wanted: u16, what: &str) {
        assert_eq!(statuses, [wanted; 3], "access token, cookie, refresh token after {what}");
    }

    async fn statuses(&self, server: &TestServer) -> [u16; 3] {
        [
            server.get("/api/auth/me").by(&self.access).await.status,
            server.get("/api/auth/me").header("cookie", &self.cookie).await.status,
            refresh(server, &self.refresh).await.status,
        ]
    }
}

#[tokio::test]
async fn every_end_of_a_session_acts_at_once_on_all_its_tokens() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let viewer = || session(&server, "viewer@athsys.com", "Viewer@123");
    let (mut ended, kept) = (viewer().await, viewer().await);
    ended.check(ended.statuses(&server).await, 200, "nothing");
    ended = viewer().await;
    let answer = server.post("/api/auth/logout", &json!({})).by(&ended.access).await;
    assert!(answer.is(200).header("set-cookie").contains("Max-Age=0"));
    ended.check(ended.statuses(&server).await, 401, "signing out");
    kept.check(kept.statuses(&server).await, 200, "signing out elsewhere");

    for (what, change) in [
        ("another role", json!({"role": "coach"})),
        ("a suspension", json!({"status": "suspended"})),
        ("and its end", json!({"status": "active", "role": "viewer"})),
    ] {
        let before = if what == "and its end" { continue_with(&server, &admin).await } else { viewer().await };
        server.put("/api/admin/users/7", &change).by(&admin).await.is(200);
        before.check(before.statuses(&server).await, 401, what);
    }

    let before = viewer().await;
    let reset = server.post("/api/admin/users/7/reset-password", &json!({})).by(&admin).await;
    before.check(before.statuses(&server).await, 401, "a reset by an administrator");
    let made_up = reset.is(200).body["temporary_password"].as_str().unwrap().to_owned();
    let before = session(&server, "viewer@athsys.com", &made_up).await;
    let body = json!({"current_password": made_up, "new_password": PASSWORD});
    let changed = server.post("/api/auth/change-password", &body).by(&before.access).await;
    before.check(before.statuses(&server).await, 401, "a change of the password");
    server.get("/api/auth/me").by(&token(&changed, "token")).await.is(200);
    refresh(&server, &token(&changed, "refresh_token")).await.is(200);

    let before = session(&server, "viewer@athsys.com", PASSWORD).await;
    server.delete("/api/admin/users/7").by(&admin).await.is(200);
    before.check(before.statuses(&server).await, 401, "a deletion");
}

/// A suspended account has no session to end, so this one is active once more.
async fn continue_with(server: &TestServer, admin: &str) -> Session {
    server.put("/api/admin/users/7", &json!({"status": "active"})).by(admin).await.is(200);
    session(server, "viewer@athsys.com", "Viewer@123").await
}

#[tokio::test]
async fn a_new_role_counts_from_the_next_request() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let chief = server.token(Role::ChiefRegistrar).await;
    server.get("/api/admin/users").by(&chief).await.is(200);
    server.put("/api/admin/users/2", &json!({"role": "viewer"})).by(&admin).await.is(200);
    server.get("/api/admin/users").by(&chief).await.refused(401, "token-revoked");
    let again = server.login("chief@athsys.com", "Chief@123").await;
    server.get("/api/admin/users").by(&again).await.refused(403, "forbidden");
}

#[tokio::test]
async fn sessions_live_on_after_a_restart_and_end_after_seven_days() {
    let server = TestServer::demo().await;
    let kept = session(&server, "viewer@athsys.com", "Viewer@123").await;
    let server = server.restart().await;
    kept.check(kept.statuses(&server).await, 200, "a restart");
    let old = session(&server, "viewer@athsys.com", "Viewer@123").await;
    assert_eq!(server.number("SELECT max((expires_at - created_at) / 86400000) FROM sessions").await, 7);
    server.sql("UPDATE sessions SET expires_at = expires_at - 7 * 86400000").await;
    let server = server.restart().await;
    old.check(old.statuses(&server).await, 401, "seven days");
}

#[tokio::test]
async fn only_our_own_unexpired_tokens_are_believed() {
    let server = TestServer::demo().await;
    let good = server.token(Role::Admin).await;
    let keys = KeyFile::open_or_create(&server.app.db().files().key_file()).unwrap();
    let now = athsys::time::now_ms() / 1000;
    let sid = server.number("SELECT max(id) FROM sessions").await;
    let claims = |sub, sid, tv, from| Claims::new(sub, sid, tv, from, 3600);
    server.get("/api/auth/me").by(&keys.sign(&claims(1, sid, 1, now))).await.is(200);

    let expired = server.get("/api/auth/me").by(&keys.sign(&claims(1, sid, 1, now - 3601))).await;
    expired.refused(401, "token-expired");
    for (sub, sid, tv) in [(2, sid, 1), (1, sid + 1, 1), (1, sid, 2), (99, 99, 1), (-1, -1, -1)] {
        let answer = server.get("/api/auth/me").by(&keys.sign(&claims(sub, sid, tv, now))).await;
        answer.refused(401, "token-revoked");
    }

    let parts: Vec<&str> = good.split('.').collect();
    let stranger = athsys_key();
    let other_key = stranger.sign(&claims(1, sid, 1, now));
    let header = |text: &str| base64url(text.as_bytes());
    let none = header(r#"{"alg":"none","typ":"JWT"}"#);
    let hs384 = header(r#"{"alg":"HS384","typ":"JWT"}"#);
    let kid = header(r#"{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}"#);
    let mut last = parts[2].to_owned();
    last.replace_range(0..1, if last.starts_with('A') { "B" } else { "A" });
    for forged in [
        other_key,
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{hs384}.{}.{}", parts[1], parts[2]),
        format!("{kid}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.{last}", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], base64url(br#"{"sub":1}"#), parts[2]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{good}."),
        format!("{good}x"),
        "a.b.c".to_owned(),
        "null".to_owned(),
        "x".repeat(8000),
    ] {
        server.get("/api/auth/me").by(&forged).await.refused(401, "invalid-token");
        // Public addresses do not turn a bad token into no token.
        server.get("/api/athletes").by(&forged).await.refused(401, "invalid-token");
    }
    for value in ["Basic YWRtaW46YWRtaW4=", "Bearer", "bearer", &good] {
        let answer = server.get("/api/auth/me").header("authorization", value).await;
        assert_eq!(answer.status, 401, "{value}");
    }
    server.get("/api/auth/me").header("authorization", &format!("bearer {good}")).await.is(200);
}

/// Keys of another server.
fn athsys_key() -> athsys::auth::token::Keys {
    let folder = crate::support::folder();
    KeyFile::open_or_create(&folder.path().join("other.key")).unwrap()
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

#[tokio::test]
async fn secrets_are_stored_as_digests() {
    let server = TestServer::demo().await;
    let answer = server.sign_in("viewer@athsys.com", "Viewer@123").await;
    let secrets = [
        token(&answer, "refresh_token"),
        answer.header("set-cookie").split(['=', ';']).nth(1).unwrap().to_owned(),
        token(&answer, "token"),
        "Viewer@123".to_owned(),
    ];
    let server = server.restart().await;
    for entry in std::fs::read_dir(server.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} lies in the folder");
        }
    }
    let _: Value = answer.body;
}
