//! What every request and every answer has in common (api.md 2).

mod keys;
mod lists;
mod members;

use athsys::auth::policy::Role;
use athsys::config::Config;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, TestServer};

#[tokio::test]
async fn a_request_id_of_the_caller_comes_back_when_it_can_be_one() {
    let server = TestServer::shared();
    let longest = "x".repeat(128);
    for id in ["finish-17", "!~", longest.as_str()] {
        let answer = server.get("/api/races").header("x-request-id", id).await;
        assert_eq!(answer.header("x-request-id"), id);
        assert_eq!(answer.body["meta"]["request_id"], id);
        let refused = server.get("/api/races/9999").header("x-request-id", id).await;
        assert_eq!((refused.header("x-request-id"), &refused.body["request_id"]), (id, &json!(id)));
    }
    let too_long = "x".repeat(129);
    for id in ["", "a b", too_long.as_str()] {
        let answer = server.get("/api/races").header("x-request-id", id).await;
        let made = answer.header("x-request-id");
        assert!(made.len() == 16 && made != id, "{id:?} became {made:?}");
        assert_eq!(answer.body["meta"]["request_id"], made);
    }
}

/// One answer of every kind there is.
async fn every_kind(server: &TestServer) -> Vec<(u16, Answer)> {
    let admin = server.admin().await;
    let viewer = server.token(Role::Viewer).await;
    let list = server.get("/api/athletes").await;
    vec![
        (304, server.get("/api/athletes").header("if-none-match", list.header("etag")).await),
        (200, list),
        (200, server.call(Method::HEAD, "/api/athletes").await),
        (200, server.get("/api/athletes/1").await),
        (200, server.get("/").await),
        (200, server.get("/admin").await),
        (302, server.get("/races.html?id=1").await),
        (200, server.get("/api-service.js").await),
        (200, server.get("/api/athletes/export?format=csv").await),
        (200, server.get("/metrics").await),
        (200, server.get("/livez").await),
        (200, server.get("/api/openapi.json").await),
        (200, server.get("/api/admin/database/health").await),
        (200, server.get("/api/admin/import/athletes-template").await),
        (400, server.get("/api/athletes?nonsense=1").await),
        (400, server.call(Method::POST, "/api/auth/login").body("{").await),
        (401, server.get("/api/auth/me").await),
        (401, server.get("/api/athletes").by("forged").await),
        (403, server.get("/api/admin/users").by(&viewer).await),
        (403, server.post("/api/races", &json!({})).by(&admin).header("origin", "http://evil.example").await),
        (404, server.get("/api/nothing").await),
        (404, server.get("/nothing.txt").await),
        (405, server.delete("/api/athletes").by(&admin).await),
        (414, server.get(&format!("/api/athletes?q={}", "x".repeat(9000))).await),
        (415, server.call(Method::POST, "/api/auth/login").header("content-type", "text/plain").body("x").await),
        (421, server.get("/api/athletes").header("host", "evil.example").await),
        (422, server.post("/api/athletes", &json!({})).by(&admin).await),
    ]
}

#[tokio::test]
async fn every_answer_carries_id_time_version_and_the_security_headers() {
    let server = TestServer::shared();
    for (status, answer) in every_kind(&server).await {
        answer.is(status);
        let time = answer.header("x-response-time");
        let number = time.strip_suffix("ms").and_then(|number| number.split_once('.'));
        let (whole, decimals) = number.unwrap_or_else(|| panic!("{time}"));
        assert!(whole.parse::<u32>().is_ok() && decimals.len() == 2 && decimals.parse::<u32>().is_ok(), "{time}");
        assert_eq!(answer.header("x-api-version"), athsys::VERSION);
        assert!(!answer.header("x-request-id").is_empty());
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(self), microphone=(), geolocation=()"),
        ] {
            assert_eq!(answer.header(name), value, "{status} {name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!answer.header("cache-control").is_empty());
        assert_eq!(answer.header("access-control-allow-origin"), "", "nobody else may read");
        assert_eq!(answer.header("server"), "");
    }
}

#[tokio::test]
async fn every_json_success_has_a_message_and_meta() {
    let server = TestServer::shared();
    for (status, answer) in every_kind(&server).await {
        let is_json = answer.header("content-type") == "application/json";
        if status != 200 || !is_json || answer.text.is_empty() || answer.body["openapi"].is_string() {
            continue;
        }
        assert!(answer.body["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", answer.text);
        let meta = &answer.body["meta"];
        let timestamp: jiff::Timestamp = meta["timestamp"].as_str().unwrap().parse().unwrap();
        assert!(timestamp.as_second() > 1_700_000_000 && meta["timestamp"].as_str().unwrap().ends_with('Z'));
        assert_eq!(
            (&meta["request_id"], &meta["version"]),
            (&json!(answer.header("x-request-id")), &json!(athsys::VERSION))
        );
    }
}

#[tokio::test]
async fn every_refusal_is_problem_details() {
    let server = TestServer::shared();
    for (status, answer) in every_kind(&server).await.into_iter().filter(|(status, _)| *status >= 400) {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
        let body = &answer.body;
        let text = |name: &str| {
            body[name].as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("{name}: {body}"))
        };
        assert_eq!(text("type"), format!("urn:athsys:problem:{}", text("code")));
        assert!(text("code").bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", text("code"));
        assert_eq!(body["status"], status);
        assert_eq!((text("error"), text("message")), (text("title"), text("detail")));
        assert!(text("instance").starts_with('/') && !text("instance").contains('?'));
        assert_eq!(text("request_id"), answer.header("x-request-id"));
        assert_eq!(answer.header("www-authenticate"), if status == 401 { "Bearer" } else { "" });
        for fault in body["errors"].as_array().into_iter().flatten() {
            assert!(fault["field"].is_string() && fault["code"].is_string() && fault["message"].is_string(), "{fault}");
        }
    }
    let invalid = server.post("/api/athletes", &json!({})).by(&server.admin().await).await;
    assert_eq!(invalid.faults(), [("name", "required"), ("country", "required")].map(|(a, b)| (a.into(), b.into())));
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let server = TestServer::shared();
    for (method, path, known) in [
        (Method::DELETE, "/api/athletes", ["GET", "POST"].as_slice()),
        (Method::PATCH, "/api/athletes/1", &["GET", "PUT", "DELETE"]),
        (Method::GET, "/api/auth/login", &["POST"]),
        (Method::HEAD, "/api/auth/login", &["POST"]),
        (Method::POST, "/api/version", &["GET"]),
    ] {
        let answer = server.call(method.clone(), path).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        let allow: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
        assert!(known.iter().all(|method| allow.contains(method)), "{method} {path}: {allow:?}");
        assert!(!allow.contains(&method.as_str()), "{allow:?}");
    }
    for path in
        ["/api", "/api/", "/api/athletes/", "/api/athlete", "/api/athletes/1/2", "/api/athletes/0", "/api/athletes/-1"]
    {
        server.get(path).await.refused(404, "not-found");
    }
    for id in ["x", "1x", "+1", "%31x", "99999999999999999999", "1.0", "%00", "..%2f1"] {
        server.get(&format!("/api/races/{id}")).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_a_bad_request() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let deep = format!("{{\"name\": {}1{}}}", "[".repeat(5000), "]".repeat(5000));
    let bodies: [(&[u8], &str); 10] = [
        (b"{", "invalid-json"),
        (b"{\"name\": \"x\",}", "invalid-json"),
        (b"{'name': 1}", "invalid-json"),
        (b"name=x", "invalid-json"),
        (b"{\"name\": \"\xff\xfe\"}", "invalid-json"),
        (b"{\"name\": NaN}", "invalid-json"),
        (b"{\"name\": 1e999}", "invalid-json"),
        (b"{\"name\": \"a\nb\"}", "invalid-json"),
        (b"[1]", "not-an-object"),
        (b"\"text\"", "not-an-object"),
    ];
    for (body, code) in bodies.into_iter().chain([(deep.as_bytes(), "invalid-json")]) {
        let call = server.call(Method::POST, "/api/races").by(&admin).header("content-type", "application/json");
        let answer = call.body(body.to_vec()).await;
        answer.refused(400, code);
        assert!(!answer.text.contains("serde") && !answer.text.contains("expected"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_media_type_is_asked_only_of_bodies() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for media_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "image/png"]
    {
        let call = server.call(Method::POST, "/api/races").by(&admin).header("content-type", media_type);
        call.body("{}").await.refused(415, "media-type-not-accepted");
        // Without a body the header says nothing.
        let logout = server.call(Method::POST, "/api/admin/database/validate").by(&admin);
        logout.header("content-type", media_type).await.is(200);
    }
    let race = json!({"name": "Open", "date": "2026-06-14", "location": "Oslo"});
    for media_type in
        ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"]
    {
        let call = server.call(Method::POST, "/api/races").by(&admin).header("content-type", media_type);
        call.body(race.to_string()).await.is(201);
    }
    let form = [("content-type", "text/plain")].into_iter();
    let upload = form
        .fold(server.call(Method::POST, "/api/admin/import/races-json").by(&admin), |call, (n, v)| call.header(n, v));
    upload.body("x").await.refused(415, "media-type-not-accepted");
}

#[tokio::test]
async fn authentication_comes_before_the_body() {
    let server = TestServer::shared();
    let viewer = server.token(Role::Viewer).await;
    let call = || server.call(Method::POST, "/api/races").header("content-type", "text/plain").body("{");
    call().await.refused(401, "authentication-required");
    call().by(&viewer).await.refused(403, "forbidden");
}

#[tokio::test]
async fn a_client_sees_why_its_large_body_was_refused() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let large = json!({"name": "x".repeat(1024 * 1024)});
    server.post("/api/races", &large).by(&admin).await.refused(413, "too-large");
    let larger = json!({"name": "x".repeat(5 * 1024 * 1024)});
    server.post("/api/races", &larger).by(&admin).await.refused(413, "too-large");
    let fits = json!({"name": "x".repeat(1024 * 1024 - 100)});
    server.post("/api/races", &fits).by(&admin).await.refused(422, "invalid-fields");
}

/// With the clock paused the ten seconds pass as soon as nothing else is to be done.
#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let server = TestServer::start().await;
    let head = "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n";
    let began = tokio::time::Instant::now();
    let answer = server
        .raw(format!("{head}Content-Type: application/json\r\nConnection: close\r\n\r\n{{\"email\"").as_bytes())
        .await;
    assert_eq!(began.elapsed().as_secs(), 10, "on the clock");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"code\":\"too-slow\"") && answer.to_lowercase().contains("x-request-id"), "{answer}");
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let server = TestServer::shared();
    let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: {}\r\n\r\n", "x".repeat(100_000));
    assert!(server.raw(head.as_bytes()).await.starts_with("HTTP/1.1 431"));
    server.get(&format!("/api/races?q={}", "x".repeat(8000))).await.is(200);
    server.get(&format!("/api/races?q={}", "x".repeat(8300))).await.refused(414, "uri-too-long");
}

#[tokio::test]
async fn only_our_own_names_are_served() {
    let server =
        TestServer::demo_with(Config { host_names: vec!["stadium.example".into()], ..Config::default() }).await;
    for host in ["evil.example", "meet.local", "localhost.evil.example", "127.0.0.1.evil.example"] {
        server.get("/").header("host", host).await.refused(421, "unknown-host");
        server.get("/api/athletes").header("host", host).await.refused(421, "unknown-host");
    }
    for host in ["stadium.example", "STADIUM.example:5000", "localhost", "10.0.0.7:5000", "[::1]:5000"] {
        server.get("/api/athletes").header("host", host).await.is(200);
    }
    server.get("/").header("host", "a b").await.refused(400, "bad-host");
}

#[tokio::test]
async fn a_page_of_another_site_writes_nothing() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let own = server.url("");
    let race = json!({"name": "Open", "date": "2026-06-14", "location": "Oslo"});
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:1")],
        &[("origin", own.as_str()), ("sec-fetch-site", "cross-site")],
    ] {
        let with =
            |call: crate::support::Call| headers.iter().fold(call, |call, (name, value)| call.header(name, value));
        with(server.post("/api/races", &race).by(&admin)).await.refused(403, "cross-site");
        with(server.put("/api/races/1", &race).by(&admin)).await.refused(403, "cross-site");
        with(server.delete("/api/races/1").by(&admin)).await.refused(403, "cross-site");
        with(server.upload("/api/admin/import/races-json", "races.json", "[]").by(&admin))
            .await
            .refused(403, "cross-site");
        with(server.post("/api/auth/login", &json!({"email": "a", "password": "b"}))).await.refused(403, "cross-site");
        with(server.get("/api/races")).await.is(200);
    }
    assert_eq!(server.number("SELECT count(*) FROM races").await, 3);
    for headers in
        [&[][..], &[("origin", own.as_str())], &[("origin", own.as_str()), ("sec-fetch-site", "same-origin")]]
    {
        let call = headers
            .iter()
            .fold(server.post("/api/races", &race).by(&admin), |call, (name, value)| call.header(name, value));
        call.await.is(201);
    }
}

#[tokio::test]
async fn other_origins_are_let_in_by_configuration_only() {
    let closed = TestServer::shared();
    let preflight = |server: &TestServer, origin: &str| {
        let call = server.call(Method::OPTIONS, "/api/races").header("origin", origin);
        call.header("access-control-request-method", "POST").header("access-control-request-headers", "authorization")
    };
    let answer = preflight(&closed, "https://club.example").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (405, ""));

    let open =
        TestServer::demo_with(Config { cors_origins: vec!["https://club.example".into()], ..Config::default() }).await;
    let answer = preflight(&open, "https://club.example").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, "https://club.example"));
    assert!(answer.header("access-control-allow-headers").to_lowercase().contains("authorization"));
    assert_eq!(answer.header("access-control-allow-credentials"), "", "bearer tokens only, never the cookie");
    assert_eq!(preflight(&open, "https://evil.example").await.header("access-control-allow-origin"), "");
    let race = json!({"name": "Open", "date": "2026-06-14", "location": "Oslo"});
    let admin = open.admin().await;
    let write = |origin: &str| {
        open.post("/api/races", &race).by(&admin).header("origin", origin).header("sec-fetch-site", "cross-site")
    };
    let answer = write("https://club.example").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (201, "https://club.example"));
    write("https://evil.example").await.refused(403, "cross-site");
    let refused = open.get("/api/races/99").header("origin", "https://club.example").await;
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (404, "https://club.example"));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = TestServer::shared();
    for path in ["/api/athletes", "/api/athletes/1", "/", "/api/openapi.json", "/api/athletes/9999", "/health"] {
        let (get, head) = (server.get(path).await, server.call(Method::HEAD, path).await);
        assert_eq!((get.status, get.header("content-type")), (head.status, head.header("content-type")), "{path}");
        assert_eq!(head.text, "");
        assert_eq!(get.header("etag"), head.header("etag"));
    }
}

#[tokio::test]
async fn long_lists_travel_compressed_to_clients_that_read_that() {
    let server = TestServer::shared();
    let plain = server.get("/api/athletes").await;
    assert_eq!(plain.header("content-encoding"), "");
    let packed = server.get("/api/athletes").header("accept-encoding", "gzip").await;
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    let mut vary = packed.headers.get_all("vary").iter();
    assert!(vary.any(|value| value == "accept-encoding"), "{:?}", packed.headers);
}
