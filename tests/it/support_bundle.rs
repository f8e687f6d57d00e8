//! The file for whoever helps: what is in it, and above all what is not.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Athsys, DEMO, TestServer, folder};

const FILES: [&str; 9] = [
    "README.txt",
    "crashes.txt",
    "health.json",
    "info.json",
    "logs.ndjson",
    "metrics.json",
    "schema.sql",
    "settings.json",
    "validation.json",
];

/// The files of a bundle by name.
fn unpack(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let name = file.name().unwrap().into_owned();
        files.insert(name, text);
    }
    files
}

fn parsed(files: &BTreeMap<String, String>, name: &str) -> Value {
    serde_json::from_str(&files[name]).unwrap()
}

#[tokio::test]
async fn it_says_how_the_server_is_and_leaves_an_audit_row() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    server.app.history().add(&server.app);
    server.app.history().add(&server.app);
    let answer = server.get("/api/admin/support-bundle").by(&admin).await;
    assert_eq!(answer.is(200).header("content-type"), "application/zip");
    let name = answer.header("content-disposition").split('"').nth(1).unwrap().to_owned();
    assert!(name.starts_with("athsys-support_") && name.ends_with(".zip"), "{name}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let files = unpack(&answer.bytes);
    assert_eq!(files.keys().map(String::as_str).collect::<Vec<_>>(), FILES);
    for file in FILES.iter().filter(|file| **file != "README.txt") {
        assert!(files["README.txt"].contains(file), "{file} is not explained");
    }
    let info = parsed(&files, "info.json");
    assert_eq!((&info["version"], &info["database"]["file_name"]), (&json!(athsys::VERSION), &json!("athsys.db")));
    let health = parsed(&files, "health.json");
    assert_eq!(health["report"]["record_counts"]["athletes"], 5);
    let checks = parsed(&files, "validation.json")["checks"].as_array().unwrap().clone();
    assert!(checks.len() >= 5 && checks.iter().all(|check| check["ok"] == true), "{checks:?}");
    assert!(files["schema.sql"].contains("CREATE TABLE athletes") && files["schema.sql"].contains("CREATE INDEX"));
    let settings = parsed(&files, "settings.json");
    assert!(settings["settings"]["readsPerMinute"].is_u64() && settings["settings"].get("organisationName").is_none());
    let metrics = parsed(&files, "metrics.json");
    assert!(metrics["requests"]["requests"].is_u64() && !metrics["history"].as_array().unwrap().is_empty());

    let row = server.audit_of("action=export", 1).await.remove(0);
    assert_eq!((&row["entityType"], &row["userId"]), (&json!("support_bundle"), &json!(1)));
    assert_eq!(row["details"]["file_name"], name);
    assert_eq!(row["details"]["bytes"], answer.bytes.len());
    assert_eq!(row["details"]["sha256"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn a_broken_database_has_its_bundle_too() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    server.sql("DROP TABLE results").await;
    let answer = server.get("/api/admin/support-bundle").by(&admin).await;
    let files = unpack(&answer.is(200).bytes);
    assert_eq!(files.len(), FILES.len());
    assert_eq!(parsed(&files, "health.json")["report"]["status"], "unhealthy");
    let validation = &files["validation.json"];
    assert!(validation.contains("\"ok\": false") || validation.contains("error"), "{validation}");
}

/// Words that are nowhere but in people, files and addresses of this test.
const PRIVATE: [&str; 12] = [
    "Zyxwaldo",
    "Qühßkov",
    "Brzęczyszczykiewicz",
    "zyx@waldo.example",
    "555 0199",
    "1987-11-23",
    "FC Xylophonia",
    "Coach Ypsilanti",
    "zyxwaldo-list",
    "Vereinsname Wqx",
    "waldo-id",
    "athsys-it-",
];

async fn send(token: &str, request: reqwest::RequestBuilder) -> reqwest::Response {
    request.bearer_auth(token).send().await.unwrap()
}

#[tokio::test]
async fn nothing_of_a_person_is_in_it() {
    let folder = folder();
    let served = Athsys::on(&folder.path().join("athsys.db")).serve(&["--demo", "--log", "debug"]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let (_, email, password) = DEMO[0];
    let login = client.post(served.url("/api/auth/login")).header("content-type", "application/json");
    let body = json!({"email": email, "password": password}).to_string();
    let answer: Value = serde_json::from_str(&login.body(body).send().await.unwrap().text().await.unwrap()).unwrap();
    let token = answer["token"].as_str().unwrap();

    let csv = "name,country,email,phone,date_of_birth,club,coach,bib_number\n\
        Zyxwaldo Qühßkov,GER,zyx@waldo.example,+49 555 0199,1987-11-23,FC Xylophonia,Coach Ypsilanti,901\n\
        Brzęczyszczykiewicz O'Neil,POL,,,,,,901\n,GER,zyx@waldo.example,,,,,\n";
    let form = Form::new().part("file", Part::bytes(csv.as_bytes()).file_name("zyxwaldo-list.csv"));
    let import = client.post(served.url("/api/admin/import/athletes-csv")).multipart(form);
    assert_eq!(send(token, import).await.status(), 207);
    let put = client.put(served.url("/api/admin/settings")).header("content-type", "application/json");
    let named = send(token, put.body(json!({"organisationName": "Vereinsname Wqx"}).to_string())).await;
    assert_eq!(named.status(), 200);
    // Names in addresses, in ids of requests, and in what is refused.
    for path in ["/api/athletes/Zyxwaldo", "/Zyxwaldo%20Q/zyx@waldo.example", "/api/athletes?q=Zyxwaldo"] {
        send(token, client.get(served.url(path)).header("x-request-id", "waldo-id")).await;
    }
    // A stored text that is no birth date: what goes wrong then is logged.
    let conn = rusqlite::Connection::open(folder.path().join("athsys.db.live/live.db")).unwrap();
    conn.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    conn.execute("UPDATE athletes SET date_of_birth = 'Zyxwaldo' WHERE bib_number = '901'", []).unwrap();
    drop(conn);
    assert_eq!(send(token, client.get(served.url("/api/athletes?sort=-id"))).await.status(), 500);

    let bundle = send(token, client.get(served.url("/api/admin/support-bundle"))).await;
    assert_eq!(bundle.status(), 200);
    let files = unpack(&bundle.bytes().await.unwrap());
    let log = &files["logs.ndjson"];
    assert!(log.lines().count() > 5 && log.contains("\"status\":500") && log.contains("/api/athletes/{id}"), "{log}");
    assert!(log.lines().any(|line| line.contains("\"level\":\"error\"") && line.contains("not a value")), "{log}");
    let place = folder.path().display().to_string();
    let accounts = DEMO.iter().map(|(_, email, _)| *email).chain(["Amina Odhiambo", "John Kamau", "127.0.0.1"]);
    for private in PRIVATE.into_iter().chain(accounts).chain([place.as_str()]) {
        for (name, text) in &files {
            assert!(!text.to_lowercase().contains(&private.to_lowercase()), "{private} in {name}: {text}");
        }
    }
}
