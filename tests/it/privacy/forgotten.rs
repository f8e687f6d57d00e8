//! Older copies do not bring back who was erased.

use std::fs;

use rusqlite::Connection;
use serde_json::json;

use super::erasing::erase;
use super::{NAME, meet_of};
use crate::support::{Athsys, TestServer, folder};

#[tokio::test]
async fn the_restore_of_an_older_backup_erases_again() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let [athlete, ..] = meet_of(&server).await;
    let backup = server.post("/api/admin/backups", &json!({})).by(&admin).await.is(201).body["backup"].clone();
    erase(&server, athlete, NAME).await.is(200);
    let (id, name) = (backup["id"].as_str().unwrap(), backup["name"].as_str().unwrap());
    let restore = server.post(&format!("/api/admin/backups/{id}/restore"), &json!({"confirm": name}));
    restore.by(&admin).await.is(200);
    let admin = server.login("admin@athsys.com", "Admin@123").await;
    let row = server.get(&format!("/api/athletes/{athlete}")).by(&admin).await;
    assert_eq!(row.is(200).row()["name"], format!("Athlete removed {athlete}"));
    assert!(!row.text.contains("zq-marker@"));
    let chain = server.get("/api/admin/audit-logs/chain?fresh=true").by(&admin).await;
    assert_eq!(chain.is(200).body["chain"]["ok"], true, "{}", chain.text);
    let list = fs::read_to_string(server.app.db().files().erased_file()).unwrap();
    assert!(!list.contains("Zebedee") && list.lines().count() == 3, "{list}");
}

/// Numbers are given again after a restore: another person under the same number stays.
#[tokio::test]
async fn somebody_else_under_the_same_number_stays() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let backup = server.post("/api/admin/backups", &json!({})).by(&admin).await.is(201).body["backup"].clone();
    let [athlete, ..] = meet_of(&server).await;
    erase(&server, athlete, NAME).await.is(200);
    let (id, name) = (backup["id"].as_str().unwrap(), backup["name"].as_str().unwrap());
    let restore = server.post(&format!("/api/admin/backups/{id}/restore"), &json!({"confirm": name}));
    restore.by(&admin).await.is(200);
    let admin = server.login("admin@athsys.com", "Admin@123").await;
    let new = json!({"name": "Somebody New", "country": "KEN"});
    let new = server.post("/api/athletes", &new).by(&admin).await.is(201).row()["id"].clone();
    assert_eq!(new, athlete);
    let later = server.post("/api/admin/backups", &json!({})).by(&admin).await.is(201).body["backup"].clone();
    let (id, name) = (later["id"].as_str().unwrap(), later["name"].as_str().unwrap());
    server.post(&format!("/api/admin/backups/{id}/restore"), &json!({"confirm": name})).by(&admin).await.is(200);
    assert_eq!(server.get(&format!("/api/athletes/{athlete}")).await.row()["name"], "Somebody New");
}

/// A copy that somebody puts in place of the file while no server runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_put_back_by_hand_is_erased_at_the_next_start() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    let copy = folder.path().join("copy.db");
    fs::copy(&athsys.db, &copy).unwrap();
    let served = athsys.serve(&[]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let who = json!({"email": "admin@athsys.com", "password": "Admin@123"});
    let signed_in = client.post(served.url("/api/auth/login")).json(&who).send().await.unwrap().text().await.unwrap();
    let signed_in: serde_json::Value = serde_json::from_str(&signed_in).unwrap();
    let erase = client.post(served.url("/api/athletes/1/erase")).json(&json!({"confirm": "John Kamau"}));
    let erased = erase.bearer_auth(signed_in["token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(erased.status(), 200);
    served.stop();
    fs::rename(&copy, &athsys.db).unwrap();
    athsys.serve(&[]).stop();
    let name = "SELECT name FROM athletes WHERE id = 1";
    let name: String = Connection::open(&athsys.db).unwrap().query_row(name, [], |row| row.get(0)).unwrap();
    assert_eq!(name, "Athlete removed 1");
    athsys.run(&["check"]).is(0);
}
