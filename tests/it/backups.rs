//! Backups through the API (api.md 6): made, listed, looked into, taken away, brought, and gone back to.

mod bringing;
mod by_themselves;
mod console;

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::TestServer;

const BASE: &str = "/api/admin/backups";

/// Makes a backup by hand and answers its row.
async fn make(server: &TestServer) -> Value {
    let admin = server.admin().await;
    server.post(BASE, &json!({})).by(&admin).await.is(201).body["backup"].clone()
}

async fn list(server: &TestServer) -> Vec<Value> {
    let admin = server.admin().await;
    server.get(BASE).by(&admin).await.is(200).body["backups"].as_array().unwrap().clone()
}

fn name(backup: &Value) -> &str {
    backup["name"].as_str().unwrap()
}

#[tokio::test]
async fn a_backup_is_listed_with_what_is_inside() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let empty = server.get(BASE).by(&admin).await;
    assert_eq!(empty.is(200).body["backups"], json!([]));
    for path in [BASE, "/api/admin/backup", "/api/admin/backup/create"] {
        let made = server.post(path, &json!({})).by(&admin).await;
        assert!(made.is(201).body["message"].as_str().unwrap().starts_with('✅'), "{}", made.text);
        let backup = &made.body["backup"];
        assert!(name(backup).starts_with("athsys-2") && name(backup).ends_with(".db"), "{backup}");
        assert_eq!(backup["id"], name(backup).trim_end_matches(".db"));
        assert_eq!((&backup["kind"], &backup["verified"]), (&json!("manual"), &json!(true)));
        assert_eq!(backup["record_counts"]["athletes"], 5);
        assert_eq!(backup["audit_head"]["hash"].as_str().unwrap().len(), 64);
        let file = std::fs::read(server.folder().join("backups").join(name(backup))).unwrap();
        assert_eq!(backup["size_bytes"], file.len());
        let beside = std::fs::read_to_string(server.folder().join(format!("backups/{}.sha256", name(backup)))).unwrap();
        assert_eq!(beside, format!("{}  {}\n", backup["sha256"].as_str().unwrap(), name(backup)));
    }
    let body = server.get(BASE).by(&admin).await.is(200).body.clone();
    assert_eq!((body["backups"].as_array().unwrap().len(), &body["count"]), (3, &json!(3)), "three in one second");
    assert!(body["folder"].as_str().unwrap().ends_with("backups") && body["copy"].is_null());
    assert!(body["published"]["at"].is_string() && body["published"]["error"].is_null(), "{body}");
    assert!(body["next_at"].is_string() && body["problems"] == json!([]));
    assert_eq!(server.audit("action=backup").await.len(), 3);
    #[cfg(unix)]
    for entry in std::fs::read_dir(server.folder().join("backups")).unwrap() {
        let mode = |path: &std::path::Path| std::os::unix::fs::MetadataExt::mode(&path.metadata().unwrap()) & 0o777;
        let path = entry.unwrap().path();
        let is_digest = path.extension().is_some_and(|ending| ending == "sha256");
        assert_eq!(mode(path.parent().unwrap()), 0o700, "nobody else on the computer looks in");
        assert!(is_digest || mode(&path) == 0o600, "{path:?}");
    }
}

#[tokio::test]
async fn a_backup_tells_what_has_been_done_since() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let backup = make(&server).await;
    server.add_athlete("Jane Okoye", "900").await;
    server.delete("/api/results/1").by(&admin).await.is(200);
    let path = format!("{BASE}/{}", backup["id"].as_str().unwrap());
    let body = server.get(&path).by(&admin).await.is(200).body.clone();
    assert_eq!(
        (&body["inside"]["record_counts"]["athletes"], &body["now"]["record_counts"]["athletes"]),
        (&json!(5), &json!(6))
    );
    assert_eq!(body["inside"]["races"].as_array().unwrap().len(), 3);
    let since = &body["changes_since"];
    assert_eq!((&since["related"], &since["rows"]), (&json!(true), &json!(3)));
    assert_eq!(since["by_action"], json!({"backup": 1, "create": 1, "delete": 1}));
    assert_eq!(body["backup"]["name"], backup["name"]);
    for missing in ["nothing", "..", "%2e%2e%2fathsys", "1", "CON"] {
        server.get(&format!("{BASE}/{missing}/download")).by(&admin).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn a_restore_brings_everything_back_and_keeps_what_was_there() {
    let server = TestServer::demo().await;
    let (admin, viewer) = (server.admin().await, server.token(Role::Viewer).await);
    server.add_athlete("Before Backup", "800").await;
    let everything = server.everything().await;
    let backup = make(&server).await;
    server.add_athlete("After Backup", "900").await;
    server.delete("/api/results/1").by(&admin).await.is(200);
    let body = json!({"organisationName": "Somebody Else"});
    server.put("/api/admin/settings", &body).by(&admin).await.is(200);
    server.get("/api/athletes").await.is(200); // remembered from now on

    let path = format!("{BASE}/{}/restore", backup["id"].as_str().unwrap());
    for wrong in [json!({}), json!({"confirm": "something"}), json!({"confirm": 5})] {
        server.post(&path, &wrong).by(&admin).await.refused(422, "invalid-fields");
    }
    let done = server.post(&path, &json!({"confirm": backup["name"]})).by(&admin).await;
    let done = done.is(200).body.clone();
    assert_eq!(
        (&done["before"]["record_counts"]["athletes"], &done["after"]["record_counts"]["athletes"]),
        (&json!(7), &json!(6))
    );
    assert_eq!((&done["kept"]["kind"], &done["kept"]["verified"]), (&json!("before-restore"), &json!(true)));

    for token in [&admin, &viewer] {
        server.get("/api/auth/me").by(token).await.is(401);
    }
    let names: Vec<Value> = server.get("/api/athletes?perPage=100").await.is(200).body["athletes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].clone())
        .collect();
    assert!(names.contains(&json!("Before Backup")) && !names.contains(&json!("After Backup")), "{names:?}");
    assert_eq!(server.get("/api/info").await.body["organisation"]["name"], Value::Null, "settings are those of then");

    let admin = server.login("admin@athsys.com", "Admin@123").await;
    let now = server.get("/api/admin/export/all-json").by(&admin).await.is(200).body.clone();
    let (mut now, mut then) = (crate::support::sections(&now), everything);
    for side in [&mut now, &mut then] {
        // Signing in leaves its mark.
        side["users"].as_array_mut().unwrap().iter_mut().for_each(|user| user["lastLogin"] = Value::Null);
    }
    assert_eq!(now, then);
    let row = &server.audit_as(&admin, "action=restore").await[0];
    assert_eq!((&row["userName"], &row["details"]["backup"]), (&json!("Amina Odhiambo"), &backup["name"]), "{row}");
    assert_eq!(row["details"]["kept"], done["kept"]["name"]);
    let valid = server.post("/api/admin/database/validate", &json!({})).by(&admin).await;
    assert_eq!(valid.is(200).body["status"], "success", "{}", valid.text);

    // And back again, to what was replaced.
    let kept = &done["kept"];
    let path = format!("/api/admin/backup/restore/{}", kept["id"].as_str().unwrap());
    server.post(&path, &json!({"confirm": kept["name"]})).by(&admin).await.is(200);
    let names = server.get("/api/athletes?perPage=100").await.is(200).text.clone();
    assert!(names.contains("After Backup"), "nothing is lost");
}

#[tokio::test]
async fn a_damaged_backup_is_told_and_not_restored() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let backup = make(&server).await;
    let file = server.folder().join("backups").join(name(&backup));
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.windows(6).position(|part| part == b"Kiprop").unwrap_or(bytes.len() / 2);
    bytes[at] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let listed = &list(&server).await[0];
    assert_eq!(listed["verified"], false);
    assert!(listed["problem"].as_str().unwrap().contains("damaged or changed"), "{listed}");
    let path = format!("{BASE}/{}/restore", backup["id"].as_str().unwrap());
    let refused = server.post(&path, &json!({"confirm": backup["name"]})).by(&admin).await;
    refused.refused(422, "damaged");
    server.get("/api/auth/me").by(&admin).await.is(200);
}

#[tokio::test]
async fn a_backup_can_be_taken_away() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let backup = make(&server).await;
    let path = format!("{BASE}/{}/download", backup["id"].as_str().unwrap());
    let taken = server.get(&path).by(&admin).header("accept-encoding", "gzip").await;
    assert_eq!(taken.is(200).header("content-type"), "application/vnd.sqlite3");
    assert!(taken.header("content-disposition").contains(name(&backup)));
    assert_eq!(taken.header("content-length"), backup["size_bytes"].to_string());
    let copy = server.folder().join("taken.db");
    std::fs::write(&copy, &taken.bytes).unwrap();
    let report = athsys::verify::verify(&copy);
    assert!(report.ok(), "{report:?}");
    assert_eq!(server.audit("action=export&entity=backup").await[0]["details"]["name"], backup["name"]);
}

/// The audit row of an import that runs keeps somebody from going back in the middle of it.
#[tokio::test]
async fn nothing_is_restored_while_an_import_runs() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let backup = make(&server).await;
    let _turn = server.app.import_turn().acquire().await.unwrap();
    let path = format!("{BASE}/{}/restore", backup["id"].as_str().unwrap());
    let refused = server.post(&path, &json!({"confirm": backup["name"]})).by(&admin).await;
    refused.refused(409, "import-running");
}
