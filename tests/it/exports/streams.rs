//! One moment of the database, whatever happens meanwhile; and what is left of it in the log.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::book::Book;
use crate::support::{TestServer, people};

/// More than lies between a server and a client that does not read.
const MANY: usize = 60_000;

#[tokio::test]
async fn an_export_shows_the_moment_at_which_it_began() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    server.import_csv("", people(1, MANY)).await.is(201);
    let race = server.add("/api/races", json!({"name": "Before", "date": "2026-05-01", "location": "Oslo"})).await;
    let request = server.client.get(server.url("/api/admin/export/all-json")).bearer_auth(&admin);
    let mut answer = request.send().await.unwrap();
    let mut text = answer.chunk().await.unwrap().unwrap().to_vec();
    // The races come behind the athletes, most of whom are still to be read.
    server.put(&format!("/api/races/{race}"), &json!({"name": "After"})).by(&admin).await.is(200);
    server.put(&format!("/api/athletes/{MANY}"), &json!({"name": "After"})).by(&admin).await.is(200);
    server.delete("/api/athletes/59999").by(&admin).await.is(200);
    server.add_athlete("After", "99999").await;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        text.extend_from_slice(&chunk);
    }
    let document: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(document["data"]["races"][0]["name"], "Before");
    assert_eq!(document["data"]["athletes"].as_array().unwrap().len(), MANY);
    assert!(!String::from_utf8(text).unwrap().contains("\"After\""));
    let now = server.get("/api/admin/export/races-csv?columns=name").by(&admin).await;
    assert_eq!(now.text, "name\r\nAfter\r\n", "and the next one shows the next");
}

#[tokio::test]
async fn every_format_leaves_one_audit_row_about_the_bytes_that_were_sent() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let book = Book::get(&server, "/api/admin/export/registrations-xlsx", Some(&admin), "registrations").await;
    let trail = server.audit("action=export").await;
    let details = &trail[0]["details"];
    assert_eq!((trail.len(), &trail[0]["entityType"]), (1, &json!("registrations")));
    assert_eq!((&details["rows"], &details["bytes"]), (&json!(6), &json!(book.bytes.len())));
    assert_eq!((&details["sha256"], &details["complete"]), (&json!(hex(&book.bytes)), &json!(true)));
    let lines = server.get("/api/admin/export/users-ndjson").by(&admin).await;
    let all = Book::get(&server, "/api/admin/export/all-xlsx", Some(&admin), "all").await;
    let trail = server.audit("action=export").await;
    let digests: Vec<&Value> = trail.iter().map(|row| &row["details"]["sha256"]).collect();
    assert_eq!(digests[..2], [&json!(hex(&all.bytes)), &json!(hex(lines.text.as_bytes()))]);
    assert_eq!(trail[0]["details"]["rows"], 33);
    // What was refused has not left.
    server.get("/api/admin/export/users-xlsx?columns=secrets").by(&admin).await.refused(400, "unknown-column");
    assert_eq!(server.audit("action=export").await.len(), 3);
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn cells_that_a_spreadsheet_would_run_are_defused_in_spreadsheets_alone() {
    let server = TestServer::start().await;
    server.import_csv("", "name,country,club,phone\n=HYPERLINK(1),KEN,@cmd,+49 30 1234567\n").await.is(201);
    let race = json!({"name": "+1+2", "date": "2026-05-01", "location": "-Oslo"});
    let race = server.add("/api/races", race).await;
    let event = server.add_event(race, "=cmd|' /C calc'!A0").await;
    server.add("/api/registrations", json!({"athleteId": 1, "eventId": event, "seedMark": "=1"})).await;
    let admin = server.admin().await;
    let csv = server.get("/api/admin/export/registrations-csv").by(&admin).await;
    for cell in [",'=HYPERLINK(1),", ",'@cmd,", ",'=cmd|' /C calc'!A0,", ",'+1+2,", ",'=1,"] {
        assert!(csv.text.contains(cell), "{cell} in {}", csv.text);
    }
    let book = Book::get(&server, "/api/admin/export/all-xlsx", Some(&admin), "all").await;
    let text = book.text();
    for cell in ["'=HYPERLINK(1)", "'@cmd", "'=cmd|' /C calc'!A0", "'+1+2", "'-Oslo", "'=1", "+49 30 1234567"] {
        assert!(text.lines().any(|line| line == cell), "{cell} in {text}");
    }
    assert!(!text.lines().any(|line| line.starts_with(['=', '@'])), "{text}");
    for path in ["registrations-json?columns=athlete_name,club,event,race,seed_mark", "all-json"] {
        let json = server.get(&format!("/api/admin/export/{path}")).by(&admin).await;
        assert!(json.is(200).text.contains("\"=HYPERLINK(1)\"") && !json.text.contains("\"'"), "{}", json.text);
    }
}
