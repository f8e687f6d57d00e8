//! What an administrator sees of the running server: its log, its last hour, the state of the audit chain.

use serde_json::{Value, json};

use crate::support::{Athsys, DEMO, TestServer, folder};

/// An answer of the program itself, which is what logs.
struct Program {
    served: crate::support::Served,
    client: reqwest::Client,
    token: String,
}

impl Program {
    async fn start(folder: &tempfile::TempDir, args: &[&str]) -> Program {
        let served = Athsys::on(&folder.path().join("athsys.db")).serve(args);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut program = Program { served, client, token: String::new() };
        let (_, email, password) = DEMO[0];
        let body = json!({"email": email, "password": password});
        let request = program.client.post(program.served.url("/api/auth/login"));
        let request = request.header("content-type", "application/json").body(body.to_string());
        let answer: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
        program.token = answer["token"].as_str().unwrap().to_owned();
        program
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(self.served.url(path)).bearer_auth(&self.token);
        serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
    }
}

/// `message path status` of each line.
fn lines(body: &Value) -> Vec<String> {
    let lines = body["logs"].as_array().unwrap().iter();
    lines.map(|line| format!("{} {} {}", line["message"], line["fields"]["path"], line["fields"]["status"])).collect()
}

#[tokio::test]
async fn the_newest_lines_are_there_even_when_stderr_is_quiet() {
    let folder = folder();
    let program = Program::start(&folder, &["--demo", "--log", "warn"]).await;
    program.get("/api/races?q=secret").await;
    program.get("/api/athletes/99").await;
    let body = program.get("/api/admin/logs").await;
    let seen = lines(&body);
    assert!(seen.contains(&"\"request\" \"/api/races\" 200".to_owned()), "{seen:?}");
    assert_eq!(seen.last().unwrap(), "\"request\" \"/api/athletes/99\" 404", "the newest last");
    let last = body["logs"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["level"], &last["fields"]["method"]), (&json!("info"), &json!("GET")));
    assert_eq!((&last["seq"], body["oldest"].as_u64()), (&body["newest"], Some(1)));
    assert!(last["time"].as_str().unwrap().ends_with('Z') && last["target"].as_str().unwrap().starts_with("athsys"));
    let all = body.to_string();
    assert!(!all.contains("secret") && !all.contains("admin@athsys.com"), "no query, no address of a person: {all}");

    let newest = body["newest"].as_u64().unwrap();
    let nothing = program.get(&format!("/api/admin/logs?after={newest}")).await;
    assert_eq!(nothing["logs"], json!([]), "looking at the log leaves no line");
    program.get("/api/races/1").await;
    program.get("/api/races/2").await;
    let next = program.get(&format!("/api/admin/logs?after={newest}&limit=1")).await;
    assert_eq!(lines(&next), ["\"request\" \"/api/races/1\" 200"]);
    let found = program.get("/api/admin/logs?q=ATHLETES/99").await;
    assert_eq!(lines(&found).len(), 1);
    assert_eq!(program.get("/api/admin/logs?level=error").await["logs"], json!([]));
    let said = program.served.kill();
    assert!(!said.contains("request"), "{said}");
}

#[tokio::test]
async fn a_log_with_more_in_it_shows_more_of_it() {
    let folder = folder();
    let program = Program::start(&folder, &["--demo", "--log", "info,athsys=debug"]).await;
    let body = program.get("/api/admin/logs?level=debug&q=tidied").await;
    assert_eq!(body["logs"][0]["level"], "debug", "{body}");
    assert_eq!(program.get("/api/admin/logs?q=tidied").await["logs"], json!([]), "info is the usual level");
}

#[tokio::test]
async fn parameters_of_the_log_are_checked() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let get = |query: &str| server.get(&format!("/api/admin/logs?{query}")).by(&admin);
    for bad in ["level=loud", "after=x", "after=-1", "limit=0", "limit=1001", "limit=x"] {
        get(bad).await.refused(400, "invalid-parameter");
    }
    let unknown = get("page=1").await;
    unknown.refused(400, "unknown-parameter");
    assert_eq!(unknown.body["known"], json!(["level", "q", "after", "limit"]));
    let body = get("level=trace&after=&limit=1000").await.is(200).body.clone();
    assert!(body["logs"].is_array() && body["newest"].is_u64() && body["oldest"].is_u64());
}

#[tokio::test]
async fn the_last_hour_is_told_in_points() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let history = || server.get("/api/admin/metrics/history").by(&admin);
    server.app.history().add(&server.app);
    let before = history().await.is(200).body["points"].as_array().unwrap().len();
    server.add_athlete("Jane Okoye", "77").await;
    server.get("/api/races").await.is(200);
    server.app.history().add(&server.app);
    let body = history().await.is(200).body.clone();
    assert_eq!((body["every_ms"].as_u64(), body["points"].as_array().unwrap().len()), (Some(10_000), before + 1));
    let point = &body["points"][before];
    // The two, and the question for the history itself.
    assert!(point["requests"].as_u64() >= Some(3) && point["commits"].as_u64() >= Some(1), "{point}");
    assert_eq!((&point["errors"], point["queued"].as_u64()), (&json!(0), Some(0)));
    for member in ["p50_ms", "p95_ms", "commit_ms"] {
        assert!(point[member].as_f64() > Some(0.0), "{member}: {point}");
    }
    assert!(point["at"].as_str().unwrap().ends_with('Z') && point["wal_bytes"].is_u64());
    #[cfg(target_os = "linux")]
    assert!(point["memory_bytes"].as_u64() > Some(1_000_000), "{point}");
}

#[tokio::test]
async fn the_audit_chain_says_whether_it_holds() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let chain = |query: &str| server.get(&format!("/api/admin/audit-logs/chain{query}")).by(&admin);
    let first = chain("").await.is(200).body["chain"].clone();
    let newest = server.audit("perPage=1").await.remove(0);
    assert_eq!((&first["ok"], &first["fault"], &first["head"]), (&json!(true), &Value::Null, &newest["hash"]));
    assert_eq!((&first["rows"], first["checked_at"].is_string()), (&newest["seq"], true));
    assert_eq!(chain("").await.body["chain"], first, "remembered");
    let fresh = chain("?fresh=true").await;
    assert!(fresh.body["chain"]["checked_at"].as_str() > first["checked_at"].as_str());
    assert!(fresh.body["message"].as_str().unwrap().starts_with('✅'));
    server.add_athlete("Jane Okoye", "77").await;
    let next = chain("").await.body["chain"].clone();
    assert_eq!(next["rows"].as_i64(), first["rows"].as_i64().map(|rows| rows + 1));

    server.sql("DROP TRIGGER audit_logs_stay; UPDATE audit_logs SET user_name = 'nobody' WHERE seq = 5").await;
    assert_eq!(chain("").await.body["chain"]["ok"], true, "no row was added, so the last walk is told");
    let broken = chain("?fresh=true").await;
    let told = &broken.is(200).body["chain"];
    assert_eq!((&told["ok"], &told["rows"]), (&json!(false), &json!(4)));
    assert!(told["fault"].as_str().unwrap().contains("audit row 5"), "{told}");
    assert!(broken.body["message"].as_str().unwrap().starts_with('❌'));
    for bad in ["?fresh=1", "?x=1", "?fresh=true&fresh=true"] {
        chain(bad).await.refused(400, "unknown-parameter");
    }
}
