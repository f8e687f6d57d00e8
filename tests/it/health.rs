//! What the server says of itself (api.md 6): health, validation, probes, numbers, search, audit log.

mod audit;

use athsys::auth::policy::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestServer;

const TABLES: [&str; 7] = ["users", "athletes", "races", "events", "registrations", "results", "audit_logs"];

#[tokio::test]
async fn the_health_of_a_demo_server_is_as_documented() {
    let server = TestServer::demo().await;
    let audit_rows = server.number("SELECT count(*) FROM audit_logs").await;
    for method in [Method::GET, Method::POST] {
        let answer = server.call(method, "/api/admin/database/health").await;
        let body = &answer.is(200).body;
        assert!(body["message"].as_str().unwrap().starts_with('✅'), "{body}");
        for envelope in [body, &body["health_check"]] {
            assert_eq!((&envelope["status"], &envelope["connected"]), (&json!("healthy"), &json!(true)));
            let all: Value =
                TABLES.iter().map(|name| ((*name).to_owned(), json!(true))).collect::<serde_json::Map<_, _>>().into();
            assert_eq!(envelope["tables"], all);
            let counts = json!({"users": 7, "athletes": 5, "races": 3, "events": 9, "registrations": 6, "results": 3,
                "audit_logs": audit_rows});
            assert_eq!(envelope["record_counts"], counts);
            envelope["timestamp"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        }
        assert_eq!(body.get("details"), None, "for administrators only");
        answer.tells_nothing();
    }
}

#[tokio::test]
async fn administrators_see_details() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let body = server.get("/api/admin/database/health").by(&admin).await.is(200).body.clone();
    let details = &body["details"];
    assert!(details["path"].as_str().unwrap().ends_with("athsys.db"));
    assert_eq!((&details["journal_mode"], &details["page_size"]), (&json!("wal"), &json!(4096)));
    assert!(details["synchronous"] == "FULL" || details["synchronous"] == 2, "{details}");
    for member in ["size_bytes", "wal_bytes", "schema_version", "free_disk_bytes"] {
        assert!(details[member].as_i64().is_some_and(|number| number > 0), "{member}: {details}");
    }
    assert_eq!((&details["pool"]["max"], &details["pool"]["pre_ping"]), (&json!(30), &json!(true)));
    assert!(details["pool"]["in_use"].is_i64() && details["pool"]["idle"].is_i64());
    for (group, members) in
        [("writer", ["queued", "commits", "last_commit_ms"]), ("cache", ["entries", "hits", "misses"])]
    {
        for member in members {
            assert!(details[group][member].is_number(), "{group}.{member}: {details}");
        }
    }
    for member in ["sqlite_version", "last_backup", "last_integrity_check", "sync"] {
        assert!(details.get(member).is_some(), "{member}: {details}");
    }
    assert!(details["requests"]["requests"].as_u64().unwrap() >= 1, "{}", details["requests"]);
    let commits = details["writer"]["commits"].as_i64().unwrap();
    server.add_athlete("Jane Okoye", "900").await;
    let body = server.get("/api/admin/database/health").by(&admin).await.body.clone();
    assert!(body["details"]["writer"]["commits"].as_i64().unwrap() > commits);
    assert_eq!(body["record_counts"]["athletes"], 6);
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
        let answer = server.get("/api/admin/database/health").by(&server.token(role).await).await;
        assert_eq!(answer.is(200).body.get("details"), None, "{role:?}");
    }
}

#[tokio::test]
async fn a_missing_table_is_told_and_can_be_made_again() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let initialize = || server.post("/api/admin/database/initialize", &json!({})).by(&admin);
    let whole = initialize().await;
    assert_eq!((&whole.is(200).body["status"], &whole.body["tables"]), (&json!("already_initialized"), &json!(TABLES)));
    assert!(whole.body["message"].as_str().unwrap().starts_with('✅'));

    server.sql("DROP TABLE results").await;
    let sick = server.get("/api/admin/database/health").await;
    assert_eq!((sick.status, sick.header("content-type")), (503, "application/json"));
    for envelope in [&sick.body, &sick.body["health_check"]] {
        assert_eq!((&envelope["status"], &envelope["connected"]), (&json!("unhealthy"), &json!(true)));
        assert_eq!((&envelope["tables"]["results"], &envelope["tables"]["events"]), (&json!(false), &json!(true)));
        assert_eq!(
            (&envelope["record_counts"]["results"], &envelope["record_counts"]["events"]),
            (&Value::Null, &json!(9))
        );
    }
    assert!(sick.body["message"].as_str().unwrap().starts_with('❌') && !sick.header("retry-after").is_empty());
    sick.tells_nothing();
    let page = server.get("/health").await;
    assert_eq!((page.status, &page.body["checks"]["database"]), (503, &json!("offline")));
    // What needs the table fails without saying how; the rest goes on.
    let list = server.get("/api/results").await;
    list.refused(500, "internal-error");
    list.tells_nothing();
    server.get("/api/athletes").await.is(200);
    let validated = server.post("/api/admin/database/validate", &json!({})).by(&admin).await;
    assert!(validated.status == 200 && validated.body["status"] != "success", "{}", validated.text);

    let made = initialize().await;
    assert_eq!((&made.is(201).body["status"], &made.body["tables_created"]), (&json!("success"), &json!(["results"])));
    assert_eq!(server.get("/api/admin/database/health").await.is(200).body["status"], "healthy");
    server.get("/api/results").await.is(200);
    let validated = server.post("/api/admin/database/validate", &json!({})).by(&admin).await;
    assert_eq!(validated.body["status"], "success", "{}", validated.text);
    assert_eq!(initialize().await.is(200).body["status"], "already_initialized");
    assert_eq!(server.audit("action=setting&entity=database").await.len(), 1);
}

#[tokio::test]
async fn a_validation_finds_what_is_wrong() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let validate = || async {
        let answer = server.post("/api/admin/database/validate", &json!({})).by(&admin).await;
        let bad: Vec<String> = answer.is(200).body["checks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|check| check["ok"] == false)
            .map(|check| check["name"].as_str().unwrap().to_owned())
            .collect();
        (answer, bad)
    };
    let (answer, bad) = validate().await;
    let body = &answer.body;
    assert_eq!((&body["status"], &body["connection"], bad), (&json!("success"), &json!(true), vec![]));
    assert_eq!((&body["tables"]["athletes"], &body["record_counts"]["athletes"]), (&json!(true), &json!(5)));
    assert!(body["timestamp"].is_string() && body["message"].as_str().unwrap().starts_with('✅'));
    let checks = body["checks"].as_array().unwrap();
    assert!(
        checks.len() >= 5 && checks.iter().all(|check| check["detail"].as_str().is_some_and(|text| !text.is_empty()))
    );

    server.sql("DROP INDEX athletes_by_name").await;
    let (answer, bad) = validate().await;
    assert_eq!(bad, ["schema"]);
    assert!(answer.text.contains("athletes_by_name") && answer.body["message"].as_str().unwrap().starts_with('⚠'));
    server.post("/api/admin/database/initialize", &json!({})).by(&admin).await;
    assert_eq!(validate().await.1, [""; 0], "an index is made again too");

    server.sql("PRAGMA defer_foreign_keys = ON; ALTER TABLE events ADD COLUMN stray TEXT").await;
    assert_eq!(validate().await.1, ["schema"]);
}

#[tokio::test]
async fn somebody_who_edits_the_log_is_noticed() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    server.sql("UPDATE audit_payloads SET after = replace(after, 'KEN', 'UGA') WHERE seq = 8").await;
    let answer = server.post("/api/admin/database/validate", &json!({})).by(&admin).await;
    assert_eq!(answer.body["status"], "warning");
    let chain = answer.body["checks"].as_array().unwrap().iter().find(|check| check["name"] == "audit chain").unwrap();
    assert!(chain["ok"] == false && chain["detail"].as_str().unwrap().contains('8'), "{chain}");
}

#[tokio::test]
async fn the_health_page_names_its_parts() {
    let server = TestServer::shared();
    for path in ["/health", "/api/health", "/api/system/health"] {
        let answer = server.get(path).await;
        let body = &answer.is(200).body;
        assert_eq!((&body["service"], &body["version"]), (&json!("athsys"), &json!(athsys::VERSION)));
        assert!(body["uptime_seconds"].is_u64() && body["timestamp"].is_string() && body["status"].is_string());
        for part in ["api", "database", "cache", "disk", "backup"] {
            let state = body["checks"][part].as_str().unwrap_or_default();
            assert!(matches!(state, "operational" | "degraded" | "offline"), "{part}: {state}");
        }
        assert_eq!(body["checks"]["database"], "operational");
        for number in ["entries", "hits", "misses"] {
            assert!(body["cache_detail"][number].is_u64());
        }
    }
}

#[tokio::test]
async fn probes_are_quick_and_plain() {
    let server = TestServer::shared();
    for path in ["/livez", "/readyz"] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.text.trim()), (200, "ok"), "{path}");
        assert!(answer.header("content-type").starts_with("text/plain"));
        let quickest = async {
            server.get("/livez").await.header("x-response-time").trim_end_matches("ms").parse::<f64>().unwrap()
        };
        assert!(quickest.await < 500.0);
    }
}

#[tokio::test]
async fn metrics_are_prometheus_text() {
    let server = TestServer::demo().await;
    server.get("/api/athletes").await.is(200);
    server.get("/api/athletes").await.is(200);
    server.get("/api/athletes/99").await.is(404);
    let answer = server.get("/metrics").await;
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    for line in answer.text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        assert!(value.parse::<f64>().is_ok() || value == "+Inf", "{line}");
        assert!(name.starts_with("athsys_"), "{line}");
    }
    let value = |name: &str| -> f64 {
        let line =
            answer.text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("{name}"));
        line.rsplit_once(' ').unwrap().1.parse().unwrap()
    };
    assert_eq!((value("athsys_cache_hits_total"), value("athsys_cache_misses_total")), (1.0, 1.0));
    assert!(answer.text.contains("404") || answer.text.contains("4xx"), "refusals are counted");
}

#[tokio::test]
async fn versions_and_numbers_are_public() {
    let server = TestServer::demo().await;
    let info = server.get("/api/info").await.is(200).body.clone();
    assert_eq!(
        (&info["name"], &info["version"], &info["demo"]),
        (&json!("athsys"), &json!(athsys::VERSION), &json!(true))
    );
    let version = server.get("/api/version").await.is(200).body.clone();
    assert_eq!(version["version"], athsys::VERSION);
    let stats = server.get("/api/stats").await.is(200).body["stats"].clone();
    assert_eq!(stats, json!({"athletes": 5, "races": 3, "events": 9, "registrations": 6, "results": 3}));
    let empty = TestServer::start().await;
    assert_eq!(empty.get("/api/info").await.body["demo"], false);
}

/// Every number of the overview, counted again in the rows themselves.
#[tokio::test]
async fn the_overview_counts_what_is_there() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    server.put("/api/registrations/2", &json!({"paymentStatus": "paid"})).by(&admin).await.is(200);
    server.put("/api/registrations/3", &json!({"status": "cancelled"})).by(&admin).await.is(200);
    server.put("/api/events/1", &json!({"maxParticipants": 1})).by(&admin).await.is(200);
    server.add("/api/athletes", json!({"name": "Jane Okoye", "country": "NGR"})).await;
    let body = server.get("/api/dashboard/stats").by(&admin).await.is(200).body.clone();
    let health = server.get("/api/admin/database/health").await.body["record_counts"].clone();
    for (name, count) in health.as_object().unwrap() {
        assert!(body["counts"][name] == *count || name == "audit_logs", "{name}");
    }
    assert_eq!(
        body["pending"],
        json!({"unconfirmed_registrations": 2, "unpaid_registrations": 4, "athletes_without_birth": 1,
        "athletes_without_bib": 1, "events_without_registrations": 5, "events_over_limit": 1, "users_without_password": 0})
    );
    let distribution = &body["distribution"];
    assert_eq!(distribution["events_by_category"], json!({"Track": 5, "Field": 2, "Road": 1, "Combined": 1}));
    assert_eq!(distribution["athletes_by_country"], json!({"KEN": 2, "JAM": 1, "NGR": 1, "UGA": 1, "USA": 1}));
    assert_eq!(distribution["athletes_by_gender"], json!({"F": 3, "M": 2, "unknown": 1}));
    assert_eq!(distribution["races_by_status"], json!({"ongoing": 1, "scheduled": 2}));
    let trend = body["trend"].as_array().unwrap();
    let sum = |name: &str| trend.iter().map(|day| day[name].as_i64().unwrap()).sum::<i64>();
    assert_eq!((trend.len(), sum("registrations"), sum("results")), (14, 6, 3));
    let days: Vec<&str> = trend.iter().map(|day| day["date"].as_str().unwrap()).collect();
    assert!(days.is_sorted() && days.iter().all(|day| day.len() == 10));
    let viewer = server.token(Role::Viewer).await;
    let counts = server.get("/api/dashboard/stats").by(&viewer).await.is(200).body["counts"].clone();
    assert_eq!((counts.get("users"), counts.get("audit_logs"), &counts["races"]), (None, None, &json!(3)));
}

#[tokio::test]
async fn one_box_searches_everything() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let ids = |body: &Value, kind: &str| -> Vec<i64> {
        body["results"][kind].as_array().into_iter().flatten().map(|row| row["id"].as_i64().unwrap()).collect()
    };
    let body = server.get("/api/search?q=john").by(&admin).await.is(200).body.clone();
    assert_eq!((ids(&body, "athletes"), ids(&body, "users"), ids(&body, "races")), (vec![1, 5], vec![5], vec![]));
    assert_eq!((&body["total"], &body["query"]), (&json!(3), &json!("john")));
    let body = server.get("/api/search?q=100m").await.is(200).body.clone();
    assert_eq!((ids(&body, "events"), body["results"].get("users")), (vec![1, 2, 7], None));
    let body = server.get("/api/search?q=nairobi&type=races").await.body.clone();
    assert_eq!((ids(&body, "races"), body["results"].get("athletes")), (vec![1], None));
    for nothing in ["", "%20", "%25", "_", "zzz", "'", "%ff"] {
        assert_eq!(server.get(&format!("/api/search?q={nothing}")).await.is(200).body["total"], 0, "{nothing}");
    }
    server.get("/api/search?q=%00").await.refused(400, "invalid-parameter");
    server.get("/api/search?q=a&type=results").await.refused(400, "invalid-parameter");
    server.get("/api/search").await.is(200);
}

/// 200 at once are served by 30 connections, and none is refused.
#[tokio::test]
async fn many_readers_share_the_pool() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let mut readers = tokio::task::JoinSet::new();
    for number in 0..200 {
        let request = server.client.get(server.url(&format!("/api/athletes/{}?", number % 5 + 1)));
        readers.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }
    let mut most = 0;
    while let Some(status) = readers.join_next().await {
        assert_eq!(status.unwrap(), 200);
        most = most.max(server.app.db().load().in_use);
    }
    assert!(most <= 30, "{most}");
    let details = server.get("/api/admin/database/health").by(&admin).await.body["details"].clone();
    assert_eq!(details["pool"]["max"], 30);
}

/// Somebody who reads for very long keeps what is saved meanwhile out of the store, and its log grows.
#[tokio::test]
async fn a_log_of_more_than_64_mib_is_told_until_it_is_folded_back() {
    const MOST: u64 = 64 << 20;
    let server = TestServer::demo().await;
    let health = || async { server.get("/api/admin/database/health").await };
    let log = || server.app.db().files().wal_bytes();
    let reader = server.app.db().export_reader().unwrap();
    reader.query_row("SELECT count(*) FROM settings", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(health().await.is(200).body["status"], "healthy");
    while log() <= MOST {
        server.sql("INSERT OR REPLACE INTO settings (key, value) VALUES ('filling', hex(randomblob(1 << 20)))").await;
    }
    let grown = health().await;
    assert_eq!((grown.status, &grown.body["status"]), (200, &json!("degraded")), "{}", grown.text);
    assert!(grown.text.contains("the log of the store has grown to 6"), "{}", grown.text);
    drop(reader);
    let folded = async {
        while log() > MOST {
            server.sql("UPDATE settings SET value = hex(randomblob(8)) WHERE key = 'filling'").await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), folded).await.expect("nobody reads any more");
    assert_eq!(health().await.is(200).body["status"], "healthy");
}
