//! Hostile and broken input (reliability.md 11): refused with a 4xx that tells nothing, nothing stored, the server goes on.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestServer;

const TARGETS: [(&str, &[&str]); 6] = [
    (
        "/api/athletes",
        &[
            "name",
            "country",
            "dateOfBirth",
            "yearOfBirth",
            "gender",
            "email",
            "phone",
            "clubTeam",
            "coach",
            "bibNumber",
            "photoUrl",
            "userId",
        ],
    ),
    (
        "/api/races",
        &[
            "name",
            "date",
            "location",
            "description",
            "status",
            "registrationOpen",
            "registrationDeadline",
            "registrationLink",
        ],
    ),
    ("/api/events", &["raceId", "name", "category", "gender", "ageGroup", "distance", "startTime", "maxParticipants"]),
    (
        "/api/registrations",
        &[
            "athleteId",
            "eventId",
            "registrationType",
            "status",
            "paymentStatus",
            "bibNumber",
            "seedMark",
            "heatNumber",
            "laneNumber",
            "confirmedPresent",
        ],
    ),
    (
        "/api/results",
        &[
            "athleteId",
            "eventId",
            "round",
            "position",
            "timeSeconds",
            "distanceMeters",
            "points",
            "status",
            "heatNumber",
            "laneNumber",
            "windSpeed",
            "isRecord",
            "recordType",
            "mark",
        ],
    ),
    ("/api/admin/users", &["name", "email", "role", "status", "password", "athleteIds"]),
];

/// A body that would be good, for each target.
fn good(path: &str) -> Value {
    match path {
        "/api/athletes" => json!({"name": "Jane Okoye", "country": "NGR"}),
        "/api/races" => json!({"name": "Open", "date": "2026-06-14", "location": "Oslo"}),
        "/api/events" => json!({"raceId": 1, "name": "Tug of war"}),
        "/api/registrations" => json!({"athleteId": 2, "eventId": 9}),
        "/api/results" => json!({"athleteId": 2, "eventId": 9}),
        _ => json!({"name": "Jane Okoye", "email": "jane@club.example"}),
    }
}

/// Values that no member of any entity takes.
fn bad_values() -> Vec<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    vec![
        json!({}),
        json!({"$ne": null}),
        json!([]),
        json!([null]),
        json!(["x", "y"]),
        json!("a\u{0}b"),
        json!("a\u{1b}[31mb"),
        json!("line\u{1}break"),
        json!("x".repeat(100_000)),
        json!("\u{200e}".repeat(50_000)),
        json!(1e30),
        json!(-1e30),
        json!(i64::MIN),
        json!(-1),
        json!(-0.5),
        deep,
    ]
}

async fn counts(server: &TestServer) -> Vec<i64> {
    let mut counts = Vec::new();
    for sql in [
        "SELECT count(*) FROM users",
        "SELECT count(*) FROM athletes",
        "SELECT count(*) FROM races",
        "SELECT count(*) FROM events",
        "SELECT count(*) FROM registrations",
        "SELECT count(*) FROM results",
        "SELECT count(*) FROM audit_logs WHERE action IN ('create', 'update', 'delete')",
    ] {
        counts.push(server.number(sql).await);
    }
    counts
}

/// A coach may have no athletes, wind may blow into the face, a password is anybody's choice; nothing else of the table is good anywhere.
fn is_fine(member: &str, value: &Value) -> bool {
    match member {
        "athleteIds" => *value == json!([]),
        "windSpeed" => *value == json!(-1) || *value == json!(-0.5),
        "password" => *value == json!("line\u{1}break"),
        _ => false,
    }
}

#[tokio::test]
async fn no_member_takes_what_it_cannot_be() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let before = counts(&server).await;
    for (path, members) in TARGETS {
        for member in members {
            for value in bad_values().into_iter().filter(|value| !is_fine(member, value)) {
                let mut body = good(path);
                body[*member] = value.clone();
                let shown = value.to_string().chars().take(60).collect::<String>();
                let made = server.post(path, &body).by(&admin).await;
                assert_eq!(
                    (made.status, made.code()),
                    (422, "invalid-fields"),
                    "POST {path} {member} {shown}: {}",
                    made.text
                );
                assert_eq!(made.faults()[0].0, *member, "{shown}");
                made.tells_nothing();
                assert!(made.text.len() < 3000, "the value is not sent back whole");
                let changed = server.put(&format!("{path}/2"), &json!({*member: value})).by(&admin).await;
                assert_eq!(changed.status, 422, "PUT {path} {member} {shown}: {}", changed.text);
                changed.tells_nothing();
            }
        }
    }
    assert_eq!(counts(&server).await, before, "nothing was stored");
    assert_eq!(server.get("/api/admin/database/health").await.is(200).body["status"], "healthy");
}

/// What looks like an attack is text like any other where text may be.
#[tokio::test]
async fn text_is_only_text() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for text in [
        "Robert'); DROP TABLE athletes;--",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "{{7*7}}",
        "../../etc/passwd",
        "%s%n%x",
        "O\u{2019}Brien \u{1f3c3}",
        "\u{5d0}\u{5d1} \u{627}\u{628}",
    ] {
        let made =
            server.post("/api/athletes", &json!({"name": text, "country": "KEN", "clubTeam": text})).by(&admin).await;
        assert_eq!(made.is(201).row()["name"], text);
        let url = reqwest::Url::parse_with_params(&server.url("/"), [("name", text)]).unwrap();
        let found = server.get(&format!("/api/athletes?{}", url.query().unwrap())).await;
        assert_eq!(found.is(200).body["athletes"][0]["name"], text, "{text}");
        for query in ["q", "clubTeam", "country", "bibNumber", "sort", "page", text] {
            let url = reqwest::Url::parse_with_params(&server.url("/"), [(query, text)]).unwrap();
            let answer = server.get(&format!("/api/athletes?{}", url.query().unwrap())).await;
            assert!(matches!(answer.status, 200 | 400), "{query}={text}: {}", answer.text);
            if answer.status == 400 {
                answer.tells_nothing();
            }
        }
    }
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 13);
}

/// Raw bodies, for all operations that take one.
#[tokio::test]
async fn no_body_brings_the_server_down() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let before = counts(&server).await;
    let nested = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    let bodies: Vec<Vec<u8>> = vec![
        b"\0".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"\xff\xfe{\0}\0".to_vec(),
        b"{\"a\":\"\xc3\x28\"}".to_vec(),
        b"{\"a\":\"\\ud800\"}".to_vec(),
        b"{} {}".to_vec(),
        b"null".to_vec(),
        b"true".to_vec(),
        b"-".to_vec(),
        b"{\"name\":1e99999}".to_vec(),
        b"{\"name\":00}".to_vec(),
        b"{\"name\":Infinity}".to_vec(),
        nested("[", "]", 100_000).into_bytes(),
        nested("{\"a\":", "}", 100_000).into_bytes(),
        vec![b' '; 100_000],
        vec![b'{'; 100_000],
    ];
    let targets =
        TARGETS.iter().flat_map(|(path, _)| [(Method::POST, (*path).to_owned()), (Method::PUT, format!("{path}/2"))]);
    let others = [
        "/api/auth/login",
        "/api/auth/refresh",
        "/api/auth/change-password",
        "/api/setup",
        "/api/auth/reset-password",
        "/api/athletes/bulk/delete",
        "/api/admin/users/bulk/delete",
    ];
    for (method, path) in targets.chain(others.map(|path| (Method::POST, path.to_owned()))) {
        for body in &bodies {
            let call = server.call(method.clone(), &path).by(&admin).header("content-type", "application/json");
            let answer = call.body(body.clone()).await;
            // Blanks alone are no body, and no body changes nothing.
            let blank = body.iter().all(u8::is_ascii_whitespace);
            let fine =
                matches!(answer.status, 400 | 404 | 422) || (blank && method == Method::PUT && answer.status == 200);
            assert!(fine, "{method} {path} {:?}: {}", &body[..body.len().min(40)], answer.text);
            answer.tells_nothing();
        }
    }
    assert_eq!(counts(&server).await, before);
    server.get("/health").await.is(200);
}

/// A member given twice, or under two names, is stored as one of them and not as both.
#[tokio::test]
async fn a_member_given_twice_counts_once() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let call = server.call(Method::POST, "/api/athletes").by(&admin).header("content-type", "application/json");
    let answer = call.body("{\"name\":\"A A\",\"name\":\"B B\",\"country\":\"KEN\"}").await;
    assert_eq!(answer.is(201).row()["name"], "B B");
    let both = json!({"name": "C C", "country": "KEN", "bibNumber": "700", "bib": "701"});
    assert_eq!(server.post("/api/athletes", &both).by(&admin).await.is(201).row()["bibNumber"], "700");
}
