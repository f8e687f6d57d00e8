//! What an administrator decides while the server runs, and the logo.

mod logo;

use std::net::IpAddr;
use std::time::Instant;

use athsys::auth::policy::Role;
use athsys::config::{Config, ConfigFile};
use athsys::http::limits::Kind;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

const PATH: &str = "/api/admin/settings";

async fn put(server: &TestServer, body: Value) -> Answer {
    let admin = server.admin().await;
    server.put(PATH, &body).by(&admin).await
}

async fn shown(server: &TestServer) -> Value {
    let admin = server.admin().await;
    server.get(PATH).by(&admin).await.is(200).body.clone()
}

async fn info(server: &TestServer) -> Value {
    server.get("/api/info").await.is(200).body.clone()
}

#[tokio::test]
async fn every_setting_is_shown_with_its_source_and_bounds() {
    let server = TestServer::demo().await;
    let body = shown(&server).await;
    let usual = json!({
        "organisationName": null, "defaultLanguage": "en", "languages": ["en", "fr", "es", "sw"],
        "publicRegistration": true, "selfRegistration": false, "privacyContact": null, "keepContactsDays": null,
        "keepImportFilesDays": 30, "keepImportFilesMib": 256,
        "readsPerMinute": 6000, "writesPerMinute": 1200, "importsPerHour": 60, "registrationsPerHour": 20,
        "maxCsvMib": 256, "maxJsonMib": 64, "maxXlsxMib": 16, "maxXlsxRows": 200_000,
    });
    assert_eq!(body["settings"], usual);
    let sources = body["sources"].as_object().unwrap();
    assert_eq!(sources.len(), usual.as_object().unwrap().len());
    assert!(sources.values().all(|source| source == "default"));
    for (name, bounds) in body["bounds"].as_object().unwrap() {
        let (min, max) = (bounds["min"].as_u64().unwrap(), bounds["max"].as_u64().unwrap());
        assert!((min..=max).contains(&usual[name].as_u64().unwrap()), "{name}");
    }
    let info = info(&server).await;
    assert_eq!(info["organisation"], json!({"name": null, "logo": null}));
    assert_eq!((&info["languages"], &info["default_language"]), (&json!(["en", "fr", "es", "sw"]), &json!("en")));
    assert_eq!((&info["public_registration"], &info["self_registration"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_change_acts_at_once_and_outlives_a_restart() {
    let server = TestServer::demo().await;
    let account = json!({"name": "Ann", "email": "ann@club.example", "password": "three unrelated words"});
    server.post("/api/auth/register", &account).await.refused(403, "registration-off");
    let limits = &info(&server).await["limits"];
    let bytes = ["csv_bytes", "json_bytes", "xlsx_bytes"].map(|name| limits[name].as_u64().unwrap());
    assert_eq!(bytes, [256 << 20, 64 << 20, 16 << 20], "those of the contract");
    let answer = put(
        &server,
        json!({"organisationName": "  Athlétisme   Kisumu ", "languages": ["sw", "en"], "defaultLanguage": "sw",
            "selfRegistration": true, "publicRegistration": false, "maxCsvMib": 1, "readsPerMinute": 600}),
    )
    .await;
    assert_eq!(answer.is(200).body["settings"]["organisationName"], "Athlétisme Kisumu");
    assert_eq!(
        (&answer.body["sources"]["maxCsvMib"], &answer.body["sources"]["maxJsonMib"]),
        (&json!("stored"), &json!("default"))
    );
    server.post("/api/auth/register", &account).await.is(201);
    assert_eq!(info(&server).await["limits"]["csv_bytes"], 1 << 20);
    let large = format!("name,country\n{}", "x".repeat(1_100_000));
    server.import_csv("", large).await.refused(413, "too-large");
    let club: IpAddr = "10.0.0.7".parse().unwrap();
    let now = Instant::now();
    let taken = (0..700).filter(|_| server.app.limits().check(Kind::Read, club, now).is_ok()).count();
    assert_eq!(taken, 600);

    let server = server.restart().await;
    let body = info(&server).await;
    assert_eq!(body["organisation"]["name"], "Athlétisme Kisumu");
    assert_eq!((&body["languages"], &body["default_language"]), (&json!(["sw", "en"]), &json!("sw")));
    assert_eq!((&body["public_registration"], &body["self_registration"]), (&json!(false), &json!(true)));
    assert_eq!(shown(&server).await["settings"]["readsPerMinute"], 600);
    let taken = (0..700).filter(|_| server.app.limits().check(Kind::Read, club, Instant::now()).is_ok()).count();
    assert!((600..700).contains(&taken), "{taken}");

    // Null makes a setting usual again.
    let answer = put(&server, json!({"organisationName": null, "readsPerMinute": null, "defaultLanguage": "en"})).await;
    assert_eq!(answer.is(200).body["settings"]["readsPerMinute"], 6000);
    assert_eq!(
        (&answer.body["sources"]["readsPerMinute"], &answer.body["settings"]["organisationName"]),
        (&json!("default"), &Value::Null)
    );
    assert_eq!(server.number("SELECT count(*) FROM settings WHERE key = 'readsPerMinute'").await, 0);
    // So does an empty name.
    put(&server, json!({"organisationName": "Club"})).await.is(200);
    let answer = put(&server, json!({"organisationName": "  "})).await;
    assert_eq!(answer.is(200).body["sources"]["organisationName"], "default");
    assert_eq!(server.number("SELECT count(*) FROM settings WHERE key = 'organisationName'").await, 0);
}

#[tokio::test]
async fn every_wrong_value_is_named_and_nothing_is_stored() {
    let server = TestServer::demo().await;
    let before = shown(&server).await["settings"].clone();
    let answer = put(
        &server,
        json!({"organisationName": 5, "defaultLanguage": "de", "languages": [], "publicRegistration": "yes",
            "maxCsvMib": 0, "maxJsonMib": 1e9, "maxXlsxMib": "16", "readsPerMinute": -1, "writesPerMinute": 59,
            "importsPerHour": 1.5, "maxXlsRows": 100, "keepImportFilesDays": 30}),
    )
    .await;
    answer.refused(422, "invalid-fields");
    let mut faults = answer.faults();
    faults.sort();
    let wanted = [
        ("defaultLanguage", "not-one-of"),
        ("importsPerHour", "out-of-range"),
        ("languages", "wrong-type"),
        ("maxCsvMib", "out-of-range"),
        ("maxJsonMib", "out-of-range"),
        ("maxXlsRows", "unknown-field"),
        ("maxXlsxMib", "wrong-type"),
        ("organisationName", "wrong-type"),
        ("publicRegistration", "wrong-type"),
        ("readsPerMinute", "out-of-range"),
        ("writesPerMinute", "out-of-range"),
    ];
    assert_eq!(faults, wanted.map(|(field, code)| (field.to_owned(), code.to_owned())));
    assert!(answer.text.contains("did you mean maxXlsxRows?"), "{}", answer.text);
    for (body, field, code) in [
        (json!({"languages": ["fr"]}), "languages", "not-offered"),
        (json!({"languages": ["fr"], "defaultLanguage": "es"}), "defaultLanguage", "not-offered"),
        (json!({"languages": ["en", "xx"]}), "languages", "not-one-of"),
        (json!({"languages": "en"}), "languages", "wrong-type"),
        (json!({"organisationName": "x".repeat(101)}), "organisationName", "too-long"),
        (json!({"organisationName": "a\u{7}b"}), "organisationName", "control-character"),
        // One bad value keeps the good ones back.
        (json!({"organisationName": "Good", "maxCsvMib": 99_999}), "maxCsvMib", "out-of-range"),
    ] {
        assert_eq!(put(&server, body.clone()).await.faults(), [(field.to_owned(), code.to_owned())], "{body}");
    }
    assert_eq!(shown(&server).await["settings"], before);
    assert_eq!(server.number("SELECT count(*) FROM settings WHERE key <> 'demo'").await, 0);
    assert_eq!(server.audit("action=setting").await.len(), 0);
}

#[tokio::test]
async fn what_the_file_says_cannot_be_changed_here() {
    let folder = crate::support::folder();
    let file = folder.path().join("athsys.toml");
    std::fs::write(&file, "max_csv_mib = 7\nself_registration = true\nreads_per_minute = 0\n").unwrap();
    let config = ConfigFile::read(&file).unwrap().into_config(Vec::new(), Vec::new());
    let server = TestServer::demo_with(config).await;
    let body = shown(&server).await;
    assert_eq!((&body["settings"]["maxCsvMib"], &body["sources"]["maxCsvMib"]), (&json!(7), &json!("file")));
    assert_eq!(
        (&body["sources"]["selfRegistration"], &body["sources"]["maxJsonMib"]),
        (&json!("file"), &json!("default"))
    );
    let answer = put(&server, json!({"maxCsvMib": 8, "selfRegistration": null, "organisationName": "Club"})).await;
    answer.refused(422, "invalid-fields");
    let code = || "set-in-file".to_owned();
    assert_eq!(answer.faults(), [("maxCsvMib".to_owned(), code()), ("selfRegistration".to_owned(), code())]);
    assert!(answer.text.contains("athsys.toml"));
    // A form that sends all that it shows changes what it may.
    let mut form = body["settings"].clone();
    form["organisationName"] = json!("Club");
    let answer = put(&server, form).await;
    assert_eq!(answer.is(200).body["settings"]["organisationName"], "Club");
    assert_eq!(
        server.number("SELECT count(*) FROM settings WHERE key <> 'demo'").await,
        1,
        "what stayed usual is not stored"
    );
}

/// A value that was stored before the file said something else waits until the file says nothing.
#[tokio::test]
async fn the_file_holds_against_what_is_stored() {
    let config = Config { set_in_file: vec!["maxCsvMib"], ..Config::default() };
    let server = TestServer::demo_with(config).await;
    server.sql("INSERT INTO settings (key, value) VALUES ('maxCsvMib', '3'), ('maxJsonMib', '3')").await;
    let server = server.restart().await;
    let body = shown(&server).await;
    assert_eq!((&body["settings"]["maxCsvMib"], &body["settings"]["maxJsonMib"]), (&json!(256), &json!(3)));
    assert_eq!((&body["sources"]["maxCsvMib"], &body["sources"]["maxJsonMib"]), (&json!("file"), &json!("stored")));
}

#[tokio::test]
async fn a_file_with_nonsense_in_it_is_served_with_the_usual_settings() {
    let server = TestServer::demo().await;
    server
        .sql(
            "INSERT INTO settings (key, value) VALUES ('maxCsvMib', '\"many\"'), ('languages', 'not json'),
                ('unknown', '1'), ('defaultLanguage', '\"sw\"'), ('readsPerMinute', '1')",
        )
        .await;
    let server = server.restart().await;
    let body = shown(&server).await;
    let values = &body["settings"];
    assert_eq!((&values["maxCsvMib"], &values["readsPerMinute"]), (&json!(256), &json!(6000)));
    assert_eq!((&values["defaultLanguage"], &values["unknown"]), (&json!("sw"), &Value::Null));
    put(&server, json!({"maxCsvMib": 5})).await.is(200);
}

#[tokio::test]
async fn a_change_leaves_one_audit_row_that_says_what_was_and_is() {
    let server = TestServer::demo().await;
    put(&server, json!({"maxCsvMib": 5, "languages": ["en", "fr"], "publicRegistration": true})).await.is(200);
    put(&server, json!({"maxCsvMib": 5})).await.is(200);
    put(&server, json!({})).await.is(200);
    let trail = server.audit("action=setting").await;
    assert_eq!(trail.len(), 1);
    assert_eq!(trail[0]["before"], json!({"maxCsvMib": 256, "languages": ["en", "fr", "es", "sw"]}));
    assert_eq!(trail[0]["after"], json!({"maxCsvMib": 5, "languages": ["en", "fr"]}));
    assert_eq!((&trail[0]["entityType"], &trail[0]["userName"]), (&json!("setting"), &json!("Amina Odhiambo")));
}

#[tokio::test]
async fn a_change_with_a_key_is_applied_once() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let send = |body: Value| server.put(PATH, &body).by(&admin).header("idempotency-key", "set-1");
    assert_eq!(send(json!({"maxCsvMib": 5})).await.is(200).header("x-idempotency-replayed"), "");
    put(&server, json!({"maxCsvMib": 6})).await.is(200);
    let again = send(json!({"maxCsvMib": 5})).await;
    assert_eq!((again.status, again.header("x-idempotency-replayed")), (200, "true"));
    assert_eq!(again.body["settings"]["maxCsvMib"], 6, "as it is, not as it was asked for");
    send(json!({"maxCsvMib": 7})).await.refused(422, "idempotency-key-reused");
}

#[tokio::test]
async fn settings_are_for_administrators() {
    let server = TestServer::demo().await;
    for role in [Role::ChiefRegistrar, Role::Registrar, Role::Viewer] {
        let token = server.token(role).await;
        server.get(PATH).by(&token).await.refused(403, "forbidden");
        server.put(PATH, &json!({"selfRegistration": true})).by(&token).await.refused(403, "forbidden");
    }
    server.get(PATH).await.refused(401, "authentication-required");
}

#[tokio::test]
async fn changes_at_the_same_time_all_hold() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let send = async |body: Value| server.put(PATH, &body).by(&admin).await.status;
    let statuses = <[u16; 4]>::from(tokio::join!(
        send(json!({"maxCsvMib": 5})),
        send(json!({"maxJsonMib": 6})),
        send(json!({"organisationName": "Club"})),
        send(json!({"writesPerMinute": 70}))
    ));
    assert_eq!(statuses, [200; 4]);
    let values = shown(&server).await["settings"].clone();
    let seen = ["maxCsvMib", "maxJsonMib", "organisationName", "writesPerMinute"].map(|name| values[name].clone());
    assert_eq!(seen, [json!(5), json!(6), json!("Club"), json!(70)]);
    let stored = server.restart().await;
    assert_eq!(shown(&stored).await["settings"], values);
}
