//! Database files from elsewhere: good ones are listed, others refused with a reason, and nothing of them stays.

use serde_json::json;

use super::{BASE, list, make, name};
use crate::support::TestServer;

/// A file made by `sql` from the newest backup of a demo server, or from nothing.
fn edited(from: Option<&[u8]>, sql: &str) -> Vec<u8> {
    let folder = crate::support::folder();
    let path = folder.path().join("x.db");
    if let Some(bytes) = from {
        std::fs::write(&path, bytes).unwrap();
    }
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    std::fs::read(&path).unwrap()
}

#[tokio::test]
async fn a_file_from_elsewhere_is_verified_and_listed() {
    let (here, elsewhere) = (TestServer::start().await, TestServer::demo().await);
    let backup = make(&elsewhere).await;
    let bytes = std::fs::read(elsewhere.folder().join("backups").join(name(&backup))).unwrap();
    let admin = here.admin().await;
    let form = here.upload(&format!("{BASE}/upload"), "stick/copy of meet.db", bytes.clone()).by(&admin).await;
    let brought = form.is(201).body["backup"].clone();
    assert_eq!((&brought["kind"], &brought["verified"]), (&json!("uploaded"), &json!(true)));
    assert_eq!((&brought["sha256"], &brought["record_counts"]), (&backup["sha256"], &backup["record_counts"]));
    let raw = here.post(&format!("{BASE}/upload"), &json!({})).by(&admin);
    raw.header("content-type", "application/octet-stream").body(bytes).await.is(201);
    assert_eq!(list(&here).await.len(), 2);
    let row = &here.audit("action=backup").await[1];
    assert_eq!(row["details"]["file_name"], "copy of meet.db");
    let since = here.get(&format!("{BASE}/{}", brought["id"].as_str().unwrap())).by(&admin).await;
    assert_eq!(since.is(200).body["changes_since"]["related"], false, "it is of another meet");
    let path = format!("{BASE}/{}/restore", brought["id"].as_str().unwrap());
    here.post(&path, &json!({"confirm": brought["name"]})).by(&admin).await.is(200);
    here.login("admin@athsys.com", "Admin@123").await;
}

#[tokio::test]
async fn what_is_no_good_backup_is_refused_with_a_reason() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let backup = make(&server).await;
    let whole = std::fs::read(server.folder().join("backups").join(name(&backup))).unwrap();
    let cut = whole[..whole.len() / 2].to_vec();
    let cases = [
        (b"name,country\n".repeat(50), "not-a-database"),
        (edited(None, "CREATE TABLE cars (id)"), "other-application"),
        (edited(Some(&whole), "PRAGMA user_version = 99"), "newer-version"),
        (cut, "damaged"),
        (
            edited(Some(&whole), "CREATE TRIGGER t AFTER INSERT ON athletes BEGIN DELETE FROM races; END"),
            "foreign-objects",
        ),
        (edited(Some(&whole), "UPDATE athletes SET name = 'Somebody Else' WHERE id = 1"), "damaged"),
    ];
    for (bytes, code) in cases {
        let refused = server.upload(&format!("{BASE}/upload"), "x.db", bytes).by(&admin).await;
        refused.refused(422, code);
        refused.tells_nothing();
        if code == "newer-version" {
            assert!(refused.text.contains("99"), "{}", refused.text);
        }
    }
    server.upload(&format!("{BASE}/upload"), "x.db", Vec::new()).by(&admin).await.refused(400, "no-file");
    assert_eq!(list(&server).await.len(), 1);
    let names = std::fs::read_dir(server.folder().join("backups")).unwrap().count();
    assert_eq!(names, 2, "the backup and its digest, and nothing of what was refused");
}
