//! Several at the same time.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, counts, people};

const PATH: &str = "/api/admin/import/athletes-csv";

async fn begin(server: &TestServer, content: String) -> Value {
    let admin = server.admin().await;
    let accepted = server.upload(PATH, "a.csv", content).by(&admin).header("Prefer", "respond-async").await;
    accepted.is(202).body["import_id"].clone()
}

async fn post(server: &TestServer, path: String) -> Answer {
    let admin = server.admin().await;
    server.post(&path, &json!({})).by(&admin).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_waits_for_another_is_stopped_without_it() {
    let server = TestServer::start().await;
    let first = begin(&server, people(1, 60_000)).await;
    let second = begin(&server, people(100_000, 3_000)).await;
    let stopped = post(&server, format!("/api/admin/imports/{second}/cancel")).await;
    assert_eq!(stopped.is(200).body["phase"], "cancelled", "{}", stopped.text);
    let running = server.app.imports().find(first.as_i64().unwrap()).unwrap();
    assert!(!running.phase().is_over(), "it was not waited for");
    post(&server, format!("/api/admin/imports/{second}/cancel")).await.refused(409, "import-ended");
    let message = server.past(&second).await["report"]["message"].clone();
    assert!(message.as_str().unwrap().contains("nothing of it is stored"), "{message}");
    assert_eq!(server.past(&second).await["state"], "interrupted");
    running.over().await;
    assert_eq!(server.past(&first).await["report"]["imported"], 60_000);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 60_000);
    assert_eq!(counts(server.import_csv("", people(100_000, 3_000)).await.is(201))[0], 3_000);
}

#[tokio::test]
async fn fifty_people_watch_one_import_to_its_end() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let held = server.hold_the_writer();
    let id = begin(&server, people(1, 5_000)).await;
    let url = server.url(&format!("/api/admin/imports/{id}/progress"));
    let mut streams = Vec::new();
    for _ in 0..50 {
        let stream = server.client.get(&url).bearer_auth(&admin).send().await.unwrap();
        assert_eq!(stream.status(), 200);
        streams.push(stream);
    }
    // Others are served meanwhile.
    server.get("/api/athletes").await.is(200);
    drop(held);
    for stream in streams {
        let text = stream.text().await.unwrap();
        let last = text.lines().rfind(|line| line.starts_with("data: ")).unwrap();
        assert!(last.contains("\"phase\":\"done\"") && last.contains("\"imported\":5000"), "{last}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_taken_back_once_however_many_ask() {
    for rows in [500, 30_000] {
        let server = TestServer::start().await;
        server.add_athlete("Before", "B1").await;
        let import = server.import_csv("", people(1, rows)).await;
        let path = format!("/api/admin/imports/{}/undo", import.is(201).body["import_id"]);
        let asked: Vec<_> = (0..4).map(|_| post(&server, path.clone())).collect();
        let answers = futures_util::future::join_all(asked).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409], "{rows}: {:?}", answers.iter().map(|a| &a.text).collect::<Vec<_>>());
        assert_eq!(server.number("SELECT count(*) FROM athletes").await, 1, "{rows}");
        assert_eq!(server.number("SELECT count(*) FROM audit_logs WHERE action = 'undo'").await, 1, "{rows}");
    }
}
