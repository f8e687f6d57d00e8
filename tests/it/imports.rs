//! Importing athletes over HTTP: the form, the statuses, the counts, and what is left behind.

use athsys::auth::policy::Role;
use athsys::config::{Config, ImportLimits};
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::support::{Answer, TestServer, counts, people};

const CSV: &str = "/api/admin/import/athletes-csv";
const HEADER: &str = "name,country,gender,email,phone,club,coach,bib_number\n";
/// One good row, one without a name, one with a strange country.
const MIXED: &str = "name,country,bib_number\nJane Kipchoge,KEN,1\n ,KEN,2\nAlice Smith,Atlantis,3\n";

/// Fails unless status, outcome, counts and sum are as they should be; the database holds what is claimed.
async fn check(server: &TestServer, answer: &Answer, status: u16, outcome: &str, expected: [u64; 5], stored: i64) {
    assert_eq!((answer.status, counts(answer)), (status, expected), "{}", answer.text);
    assert_eq!(answer.body["status"], outcome);
    let sign = answer.body["message"].as_str().unwrap().chars().next().unwrap();
    let signs = [("success", '✅'), ("partial", '⚠'), ("failed", '❌')];
    assert!(signs.contains(&(outcome, sign)), "{}", answer.text);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, stored, "{}", answer.text);
}

#[tokio::test]
async fn good_bad_and_mixed_files_have_the_statuses_of_the_contract() {
    let server = TestServer::start().await;
    let good = server.import_csv("", "name,country,gender\nJane Kipchoge,KEN,F\nAlice Smith,USA,F\n").await;
    check(&server, &good, 201, "success", [2, 0, 0, 0, 0], 2).await;
    let again = server.import_csv("", "name,country,gender\nJane Kipchoge,KEN,F\nAlice Smith,USA,F\n").await;
    check(&server, &again, 200, "success", [0, 0, 2, 0, 0], 2).await;
    assert_eq!(again.body["same_file_as"], good.body["import_id"]);
    let mixed = server.import_csv("", "name,country\nZoe Adams,NZL\n,KEN\n").await;
    check(&server, &mixed, 207, "partial", [1, 0, 0, 0, 1], 3).await;
    let bad = server.import_csv("", "name,country\n,KEN\nNobody,\n").await;
    check(&server, &bad, 207, "failed", [0, 0, 0, 0, 2], 3).await;
    assert_eq!(bad.body["errors"], json!(["Row 2: Name required", "Row 3: Country required"]));
    let update = server.import_csv("?on_duplicate=update", "name,country,gender\nAlice Smith,USA,X\n").await;
    check(&server, &update, 200, "success", [0, 1, 0, 0, 0], 3).await;
}

#[tokio::test]
async fn a_file_without_rows_or_without_text_is_refused_with_a_sentence() {
    let server = TestServer::start().await;
    let empty = server.import_csv("", "").await;
    assert_eq!(empty.is(400).body["message"], "The file is empty.");
    let header = server.import_csv("", HEADER).await;
    assert_eq!(header.is(400).body["message"], "The file has a header in row 1 but no rows below it.");
    let strange = server.import_csv("", "nme,cuntry\nJane,KEN\n").await;
    let sentence = strange.is(400).body["message"].as_str().unwrap();
    assert!(sentence.contains("Expected the columns name and country; found: nme, cuntry."), "{sentence}");
    assert!(sentence.contains("Did you mean name and country?"), "{sentence}");
    let zip = server.import_csv("", b"PK\x03\x04\x14\x00\x06\x00\x08\x00".to_vec()).await;
    assert_eq!(zip.is(400).body["title"], "The file cannot be imported");
    for answer in [empty, header, strange, zip] {
        assert_eq!(answer.body["template"], "/api/admin/import/athletes-template");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 0);
    assert_eq!(server.number("SELECT count(*) FROM imports").await, 0);
}

#[tokio::test]
async fn only_administrators_import() {
    let server = TestServer::demo().await;
    for dataset in ["athletes-csv", "races-json", "bulk-json"] {
        let path = format!("/api/admin/import/{dataset}");
        server.call(reqwest::Method::POST, &path).await.refused(401, "authentication-required");
        for role in Role::ALL {
            let token = server.token(role).await;
            let answer = match dataset {
                "athletes-csv" => {
                    let csv = format!("name,country\nBy {},KEN\n", role.as_str());
                    server.upload(&path, "a.csv", csv).by(&token).await
                }
                "races-json" => {
                    let races = json!([{"name": "Open", "date": "2026-06-14", "location": "Kisumu"}]);
                    server.post(&path, &races).by(&token).await
                }
                _ => server.post(&path, &json!({"athletes": [{"name": "In Bulk", "country": "KEN"}]})).by(&token).await,
            };
            let expected = if role == Role::Admin { 201 } else { 403 };
            assert_eq!(answer.status, expected, "{dataset} by {role:?}: {}", answer.text);
        }
    }
    assert_eq!(server.number("SELECT count(*) FROM imports").await, 3);
}

#[tokio::test]
async fn the_form_is_refused_in_the_words_that_clients_know() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let send = |form: Form| server.client.post(server.url(CSV)).bearer_auth(&admin).multipart(form).send();
    let cases = [
        (Form::new().text("note", "x"), "No file provided", "CSV file is required"),
        (Form::new().part("file", Part::text("x").file_name("")), "No file selected", "Choose a CSV file first"),
        (Form::new().text("file", "name,country"), "No file selected", "Choose a CSV file first"),
        (
            Form::new().part("file", Part::text("x").file_name("a.txt")),
            "Invalid file type",
            "Only CSV files are supported",
        ),
    ];
    for (form, error, message) in cases {
        let response = send(form).await.unwrap();
        assert_eq!(response.status(), 400, "{error}");
        let body: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!((&body["error"], &body["message"], &body["status"]), (&json!(error), &json!(message), &json!(400)));
    }
    let upper = server.upload(CSV, "../../SPRING.CSV", "name,country\nJane,KEN\n").by(&admin).await;
    assert_eq!(upper.is(201).body["file_name"], "SPRING.CSV");
    let json = server.upload("/api/admin/import/races-json", "races.csv", "[]").by(&admin).await;
    assert_eq!(json.is(400).body["message"], "Only JSON files are supported");
}

#[tokio::test]
async fn the_raw_file_is_taken_with_its_media_type() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let post = || server.call(reqwest::Method::POST, CSV).by(&admin);
    let taken = post().header("content-type", "text/csv; charset=utf-8").body("name,country\nJane,KEN\n").await;
    assert_eq!((taken.status, counts(&taken)[0]), (201, 1), "{}", taken.text);
    post().header("content-type", "image/png").body("x").await.refused(415, "media-type-not-accepted");
    let nothing = post().header("content-type", "text/csv").await;
    assert_eq!(nothing.is(400).body["error"], "No file provided");
}

#[tokio::test]
async fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let server = TestServer::start().await;
    let csv = "name,country,club\nJane,KEN,\"Rift\nValley\nAC\"\n,KEN,x\n\nOle,NOR,\"a\nb\"\nBob,Atlantis,y\n";
    let answer = server.import_csv("", csv).await;
    assert_eq!(counts(answer.is(207)), [2, 0, 0, 0, 2]);
    let details = &answer.body["error_details"];
    assert_eq!(answer.body["errors"][0], "Row 3: Name required");
    assert_eq!((&details[0]["row"], &details[0]["line"]), (&json!(3), &json!(5)));
    assert_eq!((&details[0]["column"], &details[0]["code"]), (&json!("name"), &json!("missing_name")));
    assert_eq!((&details[1]["row"], &details[1]["line"]), (&json!(6), &json!(9)));
    assert_eq!((&details[1]["value"], &details[1]["code"]), (&json!("Atlantis"), &json!("invalid_country")));
    assert!(answer.body["errors"][1].as_str().unwrap().starts_with("Row 6: "), "{}", answer.text);
}

#[tokio::test]
async fn every_imported_id_leads_to_its_row() {
    let server = TestServer::demo().await;
    let answer = server.import_csv("", MIXED).await;
    let ids = answer.is(207).body["imported_ids"].as_array().unwrap();
    assert_eq!(ids.len(), 1);
    let admin = server.admin().await;
    let row = server.get(&format!("/api/athletes/{}", ids[0])).by(&admin).await;
    assert_eq!(row.is(200).row()["name"], "Jane Kipchoge");
    let list = server.get("/api/athletes?q=jane%20kipchoge").await;
    assert_eq!(list.body["total"], 1, "the very next list has the new row");
}

#[tokio::test]
async fn long_lists_of_errors_and_ids_are_cut_and_say_so() {
    let server = TestServer::start().await;
    let bad: String = (0..1_100).map(|n| format!("Bad {n},Atlantis\n")).collect();
    let answer = server.import_csv("", format!("name,country\nGood,KEN\n{bad}")).await;
    assert_eq!(counts(answer.is(207)), [1, 0, 0, 0, 1_100]);
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 1_000);
    assert_eq!(answer.body["error_details"].as_array().unwrap().len(), 1_000);
    assert_eq!(answer.body["errors_truncated"], true);
    let many = server.import_csv("", people(1, 10_001)).await;
    assert_eq!(counts(many.is(201))[0], 10_001);
    assert_eq!(many.body["imported_ids"].as_array().unwrap().len(), 10_000);
    assert_eq!(many.body["imported_ids_truncated"], true);
    let value = "x".repeat(5_000);
    let cut = server.import_csv("", format!("name,country\nJane,{value}\n")).await;
    assert_eq!(cut.body["error_details"][0]["value"].as_str().unwrap().chars().count(), 200);
    assert!(cut.text.len() < 3_000, "{}", cut.text);
}

#[tokio::test]
async fn a_dry_run_reports_the_same_and_leaves_nothing() {
    let server = TestServer::demo().await;
    let before = server.everything().await;
    let trails = server.audit("").await.len();
    let dry = server.import_csv("?dry_run=true", MIXED).await;
    assert_eq!((dry.status, counts(&dry)), (200, [1, 0, 0, 0, 2]), "{}", dry.text);
    assert_eq!((&dry.body["dry_run"], &dry.body["import_id"]), (&json!(true), &json!(null)));
    assert_eq!(server.everything().await, before);
    assert_eq!(server.number("SELECT count(*) FROM imports").await, 0);
    assert_eq!(server.audit("").await.len(), trails + 1, "the export that was just made, and no import");
    let real = server.import_csv("", MIXED).await;
    for same in ["status", "imported", "failed", "errors", "error_details", "notes"] {
        assert_eq!(dry.body[same], real.body[same], "{same}");
    }
}

#[tokio::test]
async fn an_atomic_import_with_a_bad_row_keeps_nothing() {
    let server = TestServer::demo().await;
    let before = server.everything().await;
    let csv = format!("{MIXED}John Kamau,KEN,KEN001\nMary Wanjiru,UGA,KEN002\n");
    let refused = server.import_csv("?mode=atomic&on_duplicate=update", csv.as_str()).await;
    refused.refused(422, "import-refused");
    assert_eq!(counts(&refused), [0, 0, 1, 2, 2], "{}", refused.text);
    assert_eq!(refused.body["message"], "❌ Nothing was imported, because 2 rows are not right");
    assert_eq!(refused.body["errors"][0], "Row 3: Name required");
    assert_eq!(refused.body["error_details"][1]["code"], "invalid_country");
    assert_eq!(refused.body["imported_ids"], json!([]));
    assert_eq!(server.everything().await, before);
    let trail = server.audit("action=import").await;
    assert_eq!(trail.len(), 1, "somebody tried");
    assert_eq!(trail[0]["details"]["status"], "failed");
    let good = server.import_csv("?mode=atomic", "name,country\nJane,KEN\nAlice,USA\n").await;
    assert_eq!((good.status, counts(&good)), (201, [2, 0, 0, 0, 0]), "{}", good.text);
}

#[tokio::test]
async fn a_stored_row_with_other_values_is_refused_skipped_or_updated() {
    let server = TestServer::start().await;
    server.import_csv("", "name,country,club,bib_number\nJane,KEN,Rift,1\n").await.is(201);
    let changed = "name,country,club,bib_number\nJane,KEN,Valley,1\nNew,USA,,2\n";
    let refused = server.import_csv("?dry_run=true", changed).await;
    assert_eq!(counts(&refused), [1, 0, 0, 0, 1]);
    assert_eq!(refused.body["error_details"][0]["code"], "duplicate_row");
    let skipped = server.import_csv("?dry_run=true&on_duplicate=skip", changed).await;
    assert_eq!(counts(&skipped), [1, 0, 0, 1, 0]);
    let updated = server.import_csv("?on_duplicate=update", changed).await;
    assert_eq!((updated.status, counts(&updated)), (201, [1, 1, 0, 0, 0]));
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE club_team = 'Valley' AND version = 2").await, 1);
    let blank = server.import_csv("?on_duplicate=update", "name,country,club,bib_number\nJane,KEN,,1\n").await;
    assert_eq!(counts(&blank), [0, 0, 1, 0, 0], "a blank cell takes nothing away");
}

#[tokio::test]
async fn an_upload_larger_than_the_limit_sees_413() {
    let import_limits = ImportLimits { csv_bytes: 3_000_000, json_bytes: 1_000, ..ImportLimits::default() };
    let server = TestServer::with(Config { import_limits, ..Config::default() }).await;
    let admin = server.admin().await;
    // Larger than what frameworks take by themselves, smaller than the limit.
    let large = people(1, 75_000);
    assert!((2_200_000..3_000_000).contains(&large.len()), "{}", large.len());
    let taken = server.upload(&format!("{CSV}?dry_run=true"), "a.csv", large.as_str()).by(&admin).await;
    assert_eq!(counts(taken.is(200))[0], 75_000);
    let huge = people(1, 110_000);
    server.upload(CSV, "a.csv", huge.as_str()).by(&admin).await.refused(413, "too-large");
    let raw = server.call(reqwest::Method::POST, CSV).by(&admin).header("content-type", "text/csv").body(huge);
    raw.await.refused(413, "too-large");
    let document = json!([{"name": "x".repeat(2_000)}]);
    server.import_json("races", "", &document).await.refused(413, "too-large");
}
