//! The second factor of an account: codes from an app, and for a lost phone.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Athsys, PASSWORD, TestServer};

const BASE: &str = "/api/auth/second-factor";
const EMAIL: &str = "registrar@athsys.com";
const WORD: &str = "Registrar@123";

/// The code of an app that knows this secret, so many steps from now.
fn code_at(secret: &str, steps: i64) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = 0_u64;
    let mut bytes = Vec::new();
    for (place, letter) in secret.chars().enumerate() {
        bits = bits << 5 | letters.find(letter).unwrap() as u64;
        if place % 8 == 7 {
            bytes.extend_from_slice(&bits.to_be_bytes()[3..]);
            bits = 0;
        }
    }
    let secret: [u8; 20] = bytes.try_into().unwrap();
    let now = u64::try_from(jiff::Timestamp::now().as_second() + 30 * steps).unwrap();
    totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(now).to_string()
}

/// The secret, and the codes for a lost phone.
struct Factor {
    secret: String,
    codes: Vec<String>,
}

async fn switch_on(server: &TestServer, token: &str) -> Factor {
    let begun = server.post(BASE, &json!({"current_password": WORD})).by(token).await;
    let secret = begun.is(200).body["secret"].as_str().unwrap().to_owned();
    // The step before this one: the one of now stays unused for the test.
    let on = server.post(&format!("{BASE}/confirm"), &json!({"code": code_at(&secret, -1)})).by(token).await;
    let codes = on.is(200).body["backup_codes"].as_array().unwrap();
    Factor { secret, codes: codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect() }
}

async fn sign_in(server: &TestServer, more: Value) -> Answer {
    let mut body = json!({"email": EMAIL, "password": WORD});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    server.post("/api/auth/login", &body).await
}

#[tokio::test]
async fn with_a_second_factor_a_password_alone_opens_nothing() {
    let server = TestServer::demo().await;
    let token = server.token(Role::Registrar).await;
    let factor = switch_on(&server, &token).await;
    let asked = sign_in(&server, json!({})).await;
    asked.refused(401, "second-factor-needed");
    assert!(asked.headers.get("set-cookie").is_none() && asked.body["expires_in"] == 300);
    let challenge = asked.body["challenge"].as_str().unwrap();
    let second = json!({"challenge": challenge, "code": code_at(&factor.secret, 0)});
    let user = server.post("/api/auth/login", &second).await.is(200).body["user"].clone();
    assert_eq!((&user["twoFactorEnabled"], &user["email"]), (&json!(true), &json!(EMAIL)));
    // No code is taken twice, nor one before it; a wrong challenge is none.
    server.post("/api/auth/login", &second).await.refused(401, "wrong-code");
    sign_in(&server, json!({"code": code_at(&factor.secret, -1)})).await.refused(401, "wrong-code");
    server
        .post("/api/auth/login", &json!({"challenge": "x", "code": "000000"}))
        .await
        .refused(401, "challenge-expired");
    // The next step is good already: clocks differ.
    sign_in(&server, json!({"code": code_at(&factor.secret, 1)})).await.is(200);
    let failed = server.audit("action=login_failed").await;
    assert_eq!((failed.len(), &failed[0]["entityId"]), (2, &user["id"]));
}

#[tokio::test]
async fn ten_codes_for_a_lost_phone_are_each_good_once() {
    let server = TestServer::demo().await;
    let token = server.token(Role::Registrar).await;
    let factor = switch_on(&server, &token).await;
    assert_eq!(factor.codes.len(), 10);
    let shouted = factor.codes[0].to_uppercase().replace('-', " ");
    sign_in(&server, json!({"code": shouted})).await.is(200);
    sign_in(&server, json!({"code": factor.codes[0]})).await.refused(401, "wrong-code");
    let state = server.get(BASE).by(&token).await;
    assert_eq!((&state.is(200).body["enabled"], &state.body["backup_codes_left"]), (&json!(true), &json!(9)));
    let new = server.post(&format!("{BASE}/backup-codes"), &json!({"current_password": WORD})).by(&token).await;
    sign_in(&server, json!({"code": factor.codes[1]})).await.refused(401, "wrong-code");
    sign_in(&server, json!({"code": new.is(200).body["backup_codes"][3]})).await.is(200);
    // Neither the codes nor the secret are in any list, export or audit row.
    let admin = server.admin().await;
    for path in
        ["/api/admin/audit-logs?perPage=500", "/api/admin/users", "/api/admin/users/3", "/api/admin/export/all-json"]
    {
        let text = server.get(path).by(&admin).await.is(200).text.clone();
        assert!(!text.contains(&factor.secret) && !text.contains(&factor.codes[1]), "{path}");
    }
}

#[tokio::test]
async fn codes_are_guessed_no_faster_than_passwords() {
    let server = TestServer::demo().await;
    let token = server.token(Role::Registrar).await;
    let factor = switch_on(&server, &token).await;
    for remaining in (0..5).rev() {
        let answer = sign_in(&server, json!({"code": "000000"})).await;
        answer.refused(401, "wrong-code");
        assert_eq!(answer.body["attempts_remaining"], remaining);
    }
    // The right password in between does not clear the count of wrong codes.
    let answer = sign_in(&server, json!({"code": factor.codes[0]})).await;
    answer.refused(429, "too-many-attempts");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn nothing_is_on_before_its_first_code_and_the_password_switches_it_off() {
    let server = TestServer::demo().await;
    let token = server.token(Role::Registrar).await;
    server.post(BASE, &json!({"current_password": "wrong"})).by(&token).await.refused(422, "invalid-fields");
    let begun = server.post(BASE, &json!({"current_password": WORD})).by(&token).await;
    assert!(
        begun.is(200).body["link"]
            .as_str()
            .unwrap()
            .starts_with("otpauth://totp/athsys:registrar%40athsys.com?secret=")
    );
    assert!(begun.body["qr"].as_str().unwrap().contains("<svg"));
    sign_in(&server, json!({})).await.is(200);
    let confirm = format!("{BASE}/confirm");
    server.post(&confirm, &json!({"code": "000000"})).by(&token).await.refused(422, "invalid-fields");
    sign_in(&server, json!({})).await.is(200);
    let factor = switch_on(&server, &token).await;
    server.post(BASE, &json!({"current_password": WORD})).by(&token).await.refused(409, "second-factor-on");
    let off = format!("{BASE}/off");
    server.post(&off, &json!({"current_password": "wrong"})).by(&token).await.refused(422, "invalid-fields");
    server.post(&off, &json!({"current_password": WORD})).by(&token).await.is(200);
    assert_eq!(sign_in(&server, json!({})).await.is(200).body["user"]["twoFactorEnabled"], false);
    let told = server.audit("entity=user&action=update&sort=seq").await;
    let flags: Vec<&Value> = told.iter().map(|row| &row["after"]["twoFactorEnabled"]).collect();
    assert_eq!(flags, [&json!(true), &json!(false)]);
    server
        .post(&format!("{BASE}/backup-codes"), &json!({"current_password": WORD}))
        .by(&token)
        .await
        .refused(409, "second-factor-off");
    drop(factor);
}

#[tokio::test]
async fn an_administrator_or_the_console_switches_it_off_for_somebody() {
    let server = TestServer::demo().await;
    let token = server.token(Role::Registrar).await;
    switch_on(&server, &token).await;
    let path = "/api/admin/users/3/second-factor/off";
    server.post(path, &json!({})).by(&token).await.refused(403, "forbidden");
    server
        .post("/api/admin/users/1/second-factor/off", &json!({}))
        .by(&server.token(Role::ChiefRegistrar).await)
        .await
        .refused(403, "forbidden");
    let admin = server.admin().await;
    // That is no way round the password that one's own asks for.
    server.post("/api/admin/users/1/second-factor/off", &json!({})).by(&admin).await.refused(409, "own-account");
    server.post(path, &json!({})).by(&admin).await.is(200);
    sign_in(&server, json!({})).await.is(200);
    let told = server.audit("entity=user&action=update").await;
    assert_eq!(
        (&told[0]["userName"], &told[0]["after"]["twoFactorEnabled"]),
        (&json!("Amina Odhiambo"), &json!(false))
    );

    let folder = crate::support::folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let add = ["user", "add", "--email", "a@example.org", "--name", "A", "--password-stdin"];
    athsys.run_with(&add, format!("{PASSWORD}\n").as_bytes()).is(0);
    let ran = athsys.run(&["user", "second-factor-off", "--email", "a@example.org"]);
    assert!(ran.is(0).err.contains("signs in with the password alone"), "{ran:?}");
}
