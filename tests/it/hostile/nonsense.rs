//! Parameters, names and documents that make no sense.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{TestServer, Upload, counts};

const ATHLETES: &str = "/api/admin/import/athletes-csv";
const GOOD: &str = "name,country\nJane,KEN\n";

#[tokio::test]
async fn documents_nested_without_end_are_refused() {
    let server = TestServer::start().await;
    let open = "[".repeat(200_000);
    let objects = "{\"athletes\":".repeat(50_000);
    for (path, name, text) in [
        ("bulk-json", "a.json", open.clone()),
        ("athletes-json", "a.json", open.clone()),
        ("bulk-json", "a.json", objects),
        ("athletes-json", "a.json", format!("[{{\"name\": \"Jane\", \"country\": {open}{}}}]", "]".repeat(200_000))),
    ] {
        let answer = server.send(&format!("/api/admin/import/{path}"), Upload::of(name, text)).await;
        answer.refused(400, "invalid-json");
        assert!(answer.text.len() < 2_000, "{}", answer.text);
    }
    let lines = format!("{{\"name\": {open}\n{{\"name\": \"Jane\", \"country\": \"KEN\"}}\n");
    let answer = server.send("/api/admin/import/athletes-ndjson", Upload::of("a.ndjson", lines)).await;
    assert_eq!(counts(answer.is(207)), [1, 0, 0, 0, 1], "{}", answer.text);
    for name in ["mapping", "repairs"] {
        let answer = server.send(ATHLETES, Upload::of("a.csv", GOOD).with(&[(name, &open)])).await;
        answer.refused(400, "invalid-parameter");
        assert!(answer.text.len() < 2_000, "{}", answer.text);
    }
}

#[tokio::test]
async fn parameters_of_no_sense_are_refused_in_a_short_sentence() {
    let server = TestServer::start().await;
    let long = "x".repeat(300_000);
    let strange = json!({ &long: "name" }).to_string();
    let unknown = json!({ "name": long }).to_string();
    for (name, value) in [
        ("mode", long.as_str()),
        ("on_duplicate", "UPDATE"),
        ("dry_run", "maybe"),
        ("race_id", "-1"),
        ("race_id", "99999999999999999999"),
        ("encoding", long.as_str()),
        ("encoding", "utf-7"),
        ("delimiter", "\n"),
        ("delimiter", "\r"),
        ("delimiter", "\0"),
        ("delimiter", "ab"),
        ("delimiter", "é"),
        ("delimiter", "\""),
        ("mapping", strange.as_str()),
        ("mapping", unknown.as_str()),
        ("mapping", "[]"),
        ("mapping", "{\"name\": 7}"),
        ("mapping", "{\"name\": \"sql\"}"),
        ("mapping", "{\"nobody\": \"name\"}"),
        ("repairs", "{}"),
        ("repairs", "[{\"column\": \"name\", \"to\": \"x\", \"sql\": 1}]"),
        ("repairs", "[{\"column\": \"name\", \"row\": -1, \"to\": \"x\"}]"),
    ] {
        let shown = &value[..value.len().min(40)];
        for path in [ATHLETES.to_owned(), format!("{ATHLETES}/preview")] {
            let answer = server.send(&path, Upload::of("a.csv", GOOD).with(&[(name, value)])).await;
            assert_eq!(answer.status, 400, "{name}={shown}: {}", &answer.text[..answer.text.len().min(500)]);
            assert!(answer.text.len() < 2_000, "{name}={shown}: an answer of {} bytes", answer.text.len());
            answer.tells_nothing();
        }
    }
    let too_much = "x".repeat((4 << 20) + 1);
    server.send(ATHLETES, Upload::of("a.csv", GOOD).with(&[("repairs", &too_much)])).await.refused(413, "too-large");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 0);
    assert_eq!(server.number("SELECT count(*) FROM imports").await, 0);
}

#[tokio::test]
async fn tens_of_thousands_of_repairs_are_made_in_one_pass() {
    let server = TestServer::start().await;
    let repairs: Vec<Value> =
        (0..40_000).map(|n| json!({"column": "country", "from": format!("Land {n}"), "to": "KEN"})).collect();
    let repairs = Value::from(repairs).to_string();
    let rows: Vec<Value> =
        (0..3_000).map(|n| json!({"name": format!("Runner {n}"), "country": format!("Land {}", n * 13)})).collect();
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let csv: String = rows.iter().map(|row| format!("{},{}\n", row["name"], row["country"])).collect();
    let began = Instant::now();
    for (path, name, content) in [
        (ATHLETES, "a.csv", format!("name,country\n{csv}")),
        ("/api/admin/import/athletes-json", "a.json", Value::from(rows).to_string()),
        ("/api/admin/import/athletes-ndjson", "a.ndjson", lines),
    ] {
        let upload = Upload::of(name, content).with(&[("repairs", &repairs), ("dry_run", "true")]);
        let answer = server.send(path, upload).await;
        assert_eq!(counts(answer.is(200)), [3_000, 0, 0, 0, 0], "{path}: {}", &answer.text[..300]);
    }
    // 120 million comparisons take minutes.
    assert!(began.elapsed() < Duration::from_secs(25), "it took {:?}", began.elapsed());
}

#[tokio::test]
async fn names_of_columns_and_members_do_not_make_an_answer_long() {
    let server = TestServer::start().await;
    let long = "x".repeat(9_000);
    let many: Vec<String> = (0..100).map(|n| format!("{long}{n}")).collect();
    let csv = format!("name,country,{}\nJane,KEN\n", many.join(","));
    let members: serde_json::Map<String, Value> = many.iter().map(|name| (name.clone(), json!(1))).collect();
    let mut row = members.clone();
    row.extend([("name".to_owned(), json!("Jane")), ("country".to_owned(), json!("KEN"))]);
    let mut bulk = members;
    bulk.insert("athletes".to_owned(), json!([{"name": "Jane", "country": "KEN"}]));
    for (path, name, content) in [
        (ATHLETES, "a.csv", csv),
        ("/api/admin/import/athletes-json", "a.json", json!([row]).to_string()),
        ("/api/admin/import/athletes-ndjson", "a.ndjson", json!(row).to_string()),
        ("/api/admin/import/bulk-json", "a.json", json!(bulk).to_string()),
        (ATHLETES, "a.csv", format!("{}\nJane\n", many.join(","))),
        ("/api/admin/import/registrations-csv", "a.csv", format!("bib,name,{}\n1,Jane\n", many.join(","))),
    ] {
        let answer = server.send(path, Upload::of(name, content)).await;
        assert!([200, 201, 400].contains(&answer.status), "{path}: {}", &answer.text[..300]);
        assert!(answer.text.len() < 60_000, "{path}: an answer of {} bytes", answer.text.len());
    }
}

#[tokio::test]
async fn values_do_not_make_an_answer_long() {
    let server = TestServer::demo().await;
    let long = "x".repeat(9_000);
    for (set, header) in [
        ("athletes", "name,country,gender,date_of_birth,email,phone,club,coach,bib_number"),
        ("races", "name,date,location,status,registration_open,registration_deadline"),
        ("events", "race,race_date,name,category,gender,age_group,distance,start_time,max_participants"),
        ("registrations", "name,bib,club,event,gender,race,status,payment_status,seed_mark,heat,lane"),
        ("results", "name,bib,event,gender,race,round,position,mark,wind,status"),
        ("users", "name,email,role,status,password"),
    ] {
        let width = header.split(',').count();
        // All long, and each one alone beside short ones.
        let mut rows = vec![vec![long.clone(); width]];
        rows.extend((0..width).map(|at| {
            let mut row: Vec<String> = vec!["1".to_owned(); width];
            row[at].clone_from(&long);
            row
        }));
        let csv: String = rows.iter().map(|row| row.join(",") + "\n").collect();
        let members = |row: &Vec<String>| -> Value {
            header
                .split(',')
                .map(str::to_owned)
                .zip(row.iter().map(|cell| json!(cell)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let list = Value::from(rows.iter().map(members).collect::<Vec<_>>());
        for (format, content) in [("csv", format!("{header}\n{csv}")), ("json", list.to_string())] {
            for path in
                [format!("/api/admin/import/{set}-{format}"), format!("/api/admin/import/{set}-{format}/preview")]
            {
                let answer = server.send(&path, Upload::of(&format!("a.{format}"), content.clone())).await;
                assert!([200, 207].contains(&answer.status), "{path}: {}", &answer.text[..300]);
                assert!(answer.text.len() < 60_000, "{path}: an answer of {} bytes", answer.text.len());
            }
        }
    }
}

#[tokio::test]
async fn names_of_files_are_names_and_nothing_else() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    for (sent, kept) in [
        ("../../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\me\\entries.csv", "entries.csv"),
        ("a\"; rm -rf.csv", "a\"; rm -rf.csv"),
        ("läufer 😀 名.csv", "läufer 😀 名.csv"),
        ("%0d%0aSet-Cookie: x=1.csv", "%0d%0aSet-Cookie: x=1.csv"),
        ("..csv", "..csv"),
        ("<script>.csv", "<script>.csv"),
    ] {
        let answer = server.send(ATHLETES, Upload::of(sent, format!("{GOOD}Bob,\n"))).await;
        assert_eq!(answer.body["file_name"], kept, "{sent}: {}", answer.text);
        let id = &answer.body["import_id"];
        for (file, suffix) in [("original", ".csv"), ("errors.csv", "-errors.csv")] {
            let download = server.get(&format!("/api/admin/imports/{id}/{file}")).by(&admin).await;
            let disposition = download.is(200).header("content-disposition");
            let (plain, exact) = disposition.split_once("; filename*=UTF-8''").unwrap();
            let plain = plain.strip_prefix("attachment; filename=\"").unwrap().strip_suffix('"').unwrap();
            assert!(plain.chars().all(|c| c.is_ascii_graphic() && !"\"\\;/".contains(c)), "{disposition}");
            assert!(exact.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_%".contains(&b)), "{disposition}");
            let exact: Vec<(String, String)> = form_urlencoded::parse(exact.as_bytes()).into_owned().collect();
            assert_eq!(exact[0].0, kept.replace(".csv", suffix), "{disposition}");
            assert!(download.headers.get("set-cookie").is_none());
        }
    }
}

/// What runs in a spreadsheet or in a page when nobody takes care.
const POISON: [&str; 6] = [
    "=HYPERLINK(\"http://x\",\"y\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>\"'",
    "'; DROP TABLE athletes; --",
    "+1-1=0",
];

#[tokio::test]
async fn poison_in_every_text_comes_back_unharmed_and_harmless() {
    let server = TestServer::start().await;
    for (n, poison) in POISON.iter().enumerate() {
        let text = |what: &str| format!("{poison} {what} {n}");
        let race =
            json!({"name": text("race"), "date": "2026-06-01", "location": text("at"), "description": text("about")});
        let race = server.add("/api/races", race).await;
        let event = json!({"raceId": race, "name": text("event"), "ageGroup": text("age"), "distance": text("far")});
        let event = server.add("/api/events", event).await;
        let athlete = json!({"name": text("name"), "country": "KEN", "clubTeam": text("club"), "coach": text("coach"), "phone": text("tel")});
        let athlete = server.add("/api/athletes", athlete).await;
        server.add("/api/registrations", json!({"athleteId": athlete, "eventId": event})).await;
        let result =
            json!({"athleteId": athlete, "eventId": event, "round": "final", "status": "dns", "recordType": text("r")});
        server.add("/api/results", result).await;
        let user = json!({"name": text("user"), "email": format!("u{n}@example.org"), "role": "viewer", "password": "three unrelated words"});
        server.add("/api/admin/users", user).await;
    }
    let admin = server.admin().await;
    let all = server.everything().await;
    for format in ["csv", "json", "ndjson", "xlsx"] {
        let target = TestServer::start().await;
        for set in ["users", "athletes", "races", "events", "registrations", "results"] {
            let export = server.get(&format!("/api/admin/export/{set}-{format}")).by(&admin).await;
            assert_eq!(export.status, 200, "{set} {format}");
            if format == "csv" {
                let runs =
                    |line: &str| line.split(",").any(|cell| cell.trim_start_matches('"').starts_with(['=', '@']));
                assert!(!export.text.lines().any(runs), "{set}: {}", export.text);
            }
            let path = format!("/api/admin/import/{set}-{format}");
            let answer = target.send(&path, Upload::of(&format!("a.{format}"), export.bytes)).await;
            assert_eq!(answer.body["failed"], 0, "{set} {format}: {}", answer.text);
        }
        let there = target.everything().await;
        for set in ["users", "athletes", "races", "events", "registrations", "results"] {
            assert_eq!(texts(&there[set]), texts(&all[set]), "{set} {format}");
        }
    }
}

/// Every text of the rows that holds some of the poison.
fn texts(rows: &Value) -> Vec<&str> {
    let rows = rows.as_array().unwrap().iter().filter_map(Value::as_object);
    let texts = rows.flat_map(|row| row.values()).filter_map(Value::as_str);
    texts.filter(|text| POISON.iter().any(|poison| text.starts_with(poison))).collect()
}
