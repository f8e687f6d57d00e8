//! An import while it runs and afterwards: watched, stopped, its files, its report.

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, TestServer, Upload, counts, people};

const PATH: &str = "/api/admin/import/athletes-csv";

/// Starts an import that nobody waits for; answers its id.
async fn begin(server: &TestServer, content: impl Into<Vec<u8>>) -> Value {
    let admin = server.admin().await;
    let call = server.upload(PATH, "a.csv", content).by(&admin).header("Prefer", "respond-async");
    let accepted = call.await;
    let id = accepted.is(202).body["import_id"].clone();
    assert_eq!(accepted.header("location"), format!("/api/admin/imports/{id}"));
    id
}

/// The events of an import, read to their end.
async fn events(server: &TestServer, id: &Value) -> Vec<Value> {
    let admin = server.admin().await;
    let stream = server.get(&format!("/api/admin/imports/{id}/progress")).by(&admin).await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    let data = stream.text.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|json| serde_json::from_str(json).unwrap()).collect()
}

async fn file(server: &TestServer, id: &Value, name: &str) -> Answer {
    let admin = server.admin().await;
    server.get(&format!("/api/admin/imports/{id}/{name}")).by(&admin).await
}

#[tokio::test]
async fn an_import_is_watched_from_afar_and_its_report_opened_later() {
    let server = TestServer::start().await;
    let id = begin(&server, people(1, 30_000)).await;
    let events = events(&server, &id).await;
    let last = events.last().unwrap();
    assert_eq!(
        (&last["phase"], &last["rows_read"], &last["imported"]),
        (&json!("done"), &json!(30_000), &json!(30_000)),
        "{last}"
    );
    assert_eq!(last["bytes"], last["total_bytes"]);
    let rows: Vec<u64> = events.iter().map(|event| event["rows_read"].as_u64().unwrap()).collect();
    assert!(rows.is_sorted(), "{rows:?}");
    for member in ["failed", "eta_ms", "total_rows"] {
        assert!(events.iter().all(|event| event.get(member).is_some()), "{member}");
    }
    let past = server.past(&id).await;
    assert_eq!((&past["state"], &past["report"]["imported"]), (&json!("success"), &json!(30_000)));
    // The stream of one that has ended ends at once.
    assert_eq!(self::events(&server, &id).await.len(), 1);
    assert_eq!(file(&server, &json!(99), "progress").await.status, 404);
    let server = server.restart().await;
    let admin = server.login("admin@test.example", PASSWORD).await;
    let told = server.get(&format!("/api/admin/imports/{id}/progress")).by(&admin).await;
    assert!(told.text.contains("\"phase\":\"done\"") && told.text.contains("30000"), "{}", told.text);
}

#[tokio::test]
async fn a_file_that_cannot_be_used_says_so_under_the_id_it_was_given() {
    let server = TestServer::start().await;
    let id = begin(&server, "nme,cuntry\nJane,KEN\n").await;
    let events = events(&server, &id).await;
    assert_eq!(events.last().unwrap()["phase"], "failed");
    let past = server.past(&id).await;
    assert_eq!(past["state"], "failed", "{past}");
    let message = past["report"]["message"].as_str().unwrap();
    assert!(message.starts_with("❌ Expected the columns name and country"), "{message}");
    let report = &past["report"];
    assert_eq!((&report["http_status"], &report["code"]), (&json!(400), &json!("unusable-file")));
    assert_eq!(
        (&report["found"], &report["template"]),
        (&json!(["nme", "cuntry"]), &json!("/api/admin/import/athletes-template"))
    );
}

#[tokio::test]
async fn a_stopped_import_leaves_nothing_behind() {
    for rows in [15_000, 120_000] {
        let server = TestServer::start().await;
        let admin = server.admin().await;
        // The writer is held, so that the import is still at its beginning when it is stopped.
        let held = server.hold_the_writer();
        let id = begin(&server, people(1, rows)).await;
        let stop = server.post(&format!("/api/admin/imports/{id}/cancel"), &json!({})).by(&admin);
        let (stopped, ()) = tokio::join!(async { stop.await }, async {
            while !server.app.imports().find(id.as_i64().unwrap()).unwrap().is_cancelled() {
                tokio::task::yield_now().await;
            }
            drop(held);
        });
        assert_eq!(stopped.is(200).body["phase"], "cancelled", "{}", stopped.text);
        assert_eq!(server.number("SELECT count(*) FROM athletes").await, 0);
        assert_eq!(server.number("SELECT count(*) FROM import_ranges").await, 0);
        let past = server.past(&id).await;
        assert_eq!((&past["state"], &past["report"]["cancelled"]), (&json!("interrupted"), &json!(true)), "{past}");
        let late = server.post(&format!("/api/admin/imports/{id}/cancel"), &json!({})).by(&admin).await;
        late.refused(409, "import-ended");
        let again = server.import_csv("", people(1, 5)).await;
        assert_eq!(counts(again.is(201)), [5, 0, 0, 0, 0], "the next import is as good as any");
    }
}

#[tokio::test]
async fn a_dropped_connection_does_not_stop_an_import() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let held = server.hold_the_writer();
    let call = server.upload(PATH, "a.csv", people(1, 3_000)).by(&admin);
    tokio::select! {
        answer = async { call.await } => panic!("the answer waits for the writer: {}", answer.text),
        () = async { while server.app.imports().find(1).is_none() { tokio::task::yield_now().await } } => {}
    }
    drop(held);
    let id = json!(1);
    assert_eq!(events(&server, &id).await.last().unwrap()["phase"], "done");
    assert_eq!(server.past(&id).await["report"]["imported"], 3_000);
}

#[tokio::test]
async fn refused_rows_come_back_as_they_came_and_go_in_when_mended() {
    let server = TestServer::start().await;
    let csv = b"Liste\r\nName;Land;Verein\r\nZo\xe9;KEN;\"A; B\"\r\nJos\xe9;Nirgendwo;C\r\n;GER;D\r\n".to_vec();
    let first = server.import_csv("", csv).await;
    assert_eq!(counts(first.is(207)), [1, 0, 0, 0, 2], "{}", first.text);
    let id = &first.body["import_id"];
    let bytes = file(&server, id, "errors.csv").await.bytes;
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    let expected = "Name;Land;Verein;error\r\nJosé;Nirgendwo;C;Country 'Nirgendwo' is not known";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.ends_with("\r\n;GER;D;Name required\r\n"), "{text}");
    let disposition = file(&server, id, "errors.csv").await.header("content-disposition").to_owned();
    assert!(disposition.contains("filename=\"club-errors.csv\""), "{disposition}");

    // Whoever looks without taking it, several times, keeps nobody from it.
    let admin = server.admin().await;
    for _ in 0..5 {
        server.call(reqwest::Method::HEAD, &format!("/api/admin/imports/{id}/errors.csv")).by(&admin).await.is(200);
    }
    assert_eq!(file(&server, id, "errors.csv").await.bytes, bytes);

    let mended = text.replace("Nirgendwo", "ESP").replace(";GER;D", "Eve;GER;D");
    let (mended, _, _) = encoding_rs::WINDOWS_1252.encode(&mended);
    let second = server.import_csv("", mended.clone()).await;
    assert_eq!(counts(second.is(201)), [2, 0, 0, 0, 0], "{}", second.text);
    assert_eq!(counts(server.import_csv("", mended).await.is(200)), [0, 0, 2, 0, 0]);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 3);
}

#[tokio::test]
async fn refused_elements_of_a_document_come_back_as_a_table() {
    let server = TestServer::start().await;
    let races = json!([{"name": "A", "date": "soon", "location": "X"}, {"name": "", "date": "2026-05-01", "location": "=Y"}, 7]);
    let answer = server.import_json("races", "", &races).await;
    let id = &answer.is(207).body["import_id"];
    let table = file(&server, id, "errors.csv").await;
    let lines: Vec<&str> = table.text.lines().collect();
    assert_eq!(lines[0], "date,location,name,row,error");
    assert!(lines[1].starts_with("soon,X,A,,Date 'soon' is not a date"), "{}", table.text);
    assert_eq!(lines[2], "2026-05-01,'=Y,,,Name required");
    assert!(lines[3].starts_with(",,,7,"), "{}", table.text);
    let lines = server
        .send(
            "/api/admin/import/athletes-ndjson",
            Upload::of("a.ndjson", "{\"name\": \"A\", \"country\": \"KEN\"}\n{oops\n"),
        )
        .await;
    let lines = lines.is(207);
    assert_eq!(lines.body["error_details"][0]["code"], "invalid_json");
    assert_eq!(lines.body["errors"][0].as_str().unwrap().split(':').next(), Some("Line 2"));
    let table = file(&server, &lines.body["import_id"], "errors.csv").await;
    assert!(table.text.starts_with("row,error\r\n{oops,"), "{}", table.text);
}

#[tokio::test]
async fn an_atomic_refusal_keeps_the_rows_that_were_the_reason() {
    let server = TestServer::start().await;
    let refused = server.import_csv("?mode=atomic", "name,country\nAda,KEN\nBob,\n").await;
    refused.refused(422, "import-refused");
    let id = &refused.body["import_id"];
    assert_eq!(server.past(id).await["state"], "failed");
    let errors = file(&server, id, "errors.csv").await;
    assert_eq!(errors.text, "name,country,error\r\nBob,,Country required\r\n");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 0);
}

#[tokio::test]
async fn the_original_file_is_kept_for_its_time_and_byte_for_byte() {
    let server = TestServer::start().await;
    let csv = people(1, 2_000);
    let import = server.import_csv("", csv.clone()).await;
    let id = import.is(201).body["import_id"].clone();
    let past = server.past(&id).await;
    assert_eq!((&past["has_original"], &past["has_refused"]), (&json!(true), &json!(false)));
    assert_eq!(file(&server, &id, "original").await.text, csv);
    assert_eq!(file(&server, &id, "errors.csv").await.status, 404);
    // A month later the next import lets go of it.
    server.sql("UPDATE import_files SET created_at = created_at - 31 * 86400000").await;
    server.import_csv("", people(5_000, 3)).await.is(201);
    assert_eq!(file(&server, &id, "original").await.status, 404);
    assert_eq!(server.past(&id).await["has_original"], false);
    assert_eq!(server.number("SELECT count(*) FROM import_file_parts").await, 1);
}

#[tokio::test]
async fn a_large_file_is_kept_in_parts() {
    let server = TestServer::start().await;
    // What does not compress.
    let mut csv = "name,country,club\n".to_owned();
    let mut state = 7_u64;
    for n in 0..90_000 {
        let noise: String = (0..4)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                format!("{:x}", state >> 4)
            })
            .collect();
        csv.push_str(&format!("Runner {n},KEN,{noise}\n"));
    }
    let import = server.import_csv("", csv.clone()).await;
    let id = &import.is(201).body["import_id"];
    assert!(server.number("SELECT count(*) FROM import_file_parts").await > 1);
    assert_eq!(file(&server, id, "original").await.text, csv);
    // So is one that was refused as a whole.
    csv.push_str("Bad,Nowhere land,\n");
    let refused = server.import_csv("?mode=atomic", csv.clone()).await;
    refused.refused(422, "import-refused");
    assert_eq!(file(&server, &refused.body["import_id"], "original").await.text, csv);
}

#[tokio::test]
async fn the_rest_of_an_import_is_taken_back_when_some_of_it_has_changed() {
    let server = TestServer::start().await;
    let import = server.import_csv("", people(1, 5)).await;
    let id = import.is(201).body["import_id"].clone();
    let admin = server.admin().await;
    server.put("/api/athletes/2", &json!({"clubTeam": "Elsewhere"})).by(&admin).await.is(200);
    let refused = server.take_back(&id).await;
    refused.refused(409, "undo-overtaken");
    assert_eq!(refused.body["changed"], json!([{"entity": "athlete", "id": 2, "reason": "was changed since"}]));
    let rest = server.post(&format!("/api/admin/imports/{id}/undo?rest=true"), &json!({})).by(&admin).await;
    let body = &rest.is(200).body;
    assert_eq!((&body["deleted"], &body["kept"]), (&json!(4), &json!(1)), "{}", rest.text);
    assert_eq!(server.number("SELECT min(id) FROM athletes").await, 2);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 1);
    server.post(&format!("/api/admin/imports/{id}/undo?rest=maybe"), &json!({})).by(&admin).await.is(400);
}

#[tokio::test]
async fn a_large_atomic_import_with_a_bad_row_leaves_nothing_and_a_good_one_all() {
    let server = TestServer::start().await;
    let mut csv = people(1, 25_000);
    csv.push_str("Bad,Nowhere land,F,,\n");
    let refused = server.import_csv("?mode=atomic", csv.clone()).await;
    refused.refused(422, "import-refused");
    assert_eq!((&refused.body["imported"], &refused.body["skipped"]), (&json!(0), &json!(25_000)), "{}", refused.text);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 0);
    assert_eq!(server.past(&refused.body["import_id"]).await["state"], "failed");
    let good = csv.replace("Nowhere land", "KEN");
    assert_eq!(counts(server.import_csv("?mode=atomic", good).await.is(201)), [25_001, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_large_dry_run_keeps_nobody_waiting() {
    let server = TestServer::start().await;
    server.import_csv("", people(1, 3)).await.is(201);
    let held = server.hold_the_writer();
    let dry = server.import_csv("?dry_run=true", people(1, 30_000)).await;
    drop(held);
    assert_eq!(counts(dry.is(200)), [29_997, 0, 3, 0, 0], "{}", dry.text);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 3);
}
