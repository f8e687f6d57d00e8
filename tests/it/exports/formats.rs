//! Every dataset in every format: the same rows, whatever they are written in.

use calamine::Data;
use serde_json::{Value, json};

use super::book::{Book, header};
use super::is_stamped;
use crate::support::TestServer;

/// Dataset, its headings, and its rows in the demo data.
pub const DATASETS: [(&str, &str, usize); 6] = [
    ("users", "id,name,email,role,status,last_login,created_at", 7),
    ("athletes", "id,name,country,gender,email,phone,club,coach,bib_number,date_of_birth", 5),
    ("races", "id,name,date,location,status,created_at,description,registration_open,registration_deadline", 3),
    (
        "events",
        "id,race_id,race,race_date,name,category,gender,age_group,distance,start_time,max_participants,created_at",
        9,
    ),
    (
        "registrations",
        "id,athlete_id,athlete_name,athlete_bib,bib_number,date_of_birth,club,event_id,event,gender,age_group,race,\
         race_date,registration_type,status,payment_status,seed_mark,heat_number,lane_number,confirmed_present,\
         registered_at",
        6,
    ),
    (
        "results",
        "id,athlete_id,event_id,round,position,time_seconds,distance_meters,points,status,heat_number,lane_number,\
         wind_speed,is_record,record_type,recorded_at,athlete_name,athlete_bib,club,event,gender,age_group,race,\
         race_date",
        3,
    ),
];

/// Demo data, and values that are easily written in two ways.
pub async fn varied() -> TestServer {
    let server = TestServer::demo().await;
    for result in [
        json!({"athleteId": 1, "eventId": 9, "points": 8123.5, "round": "Day 2"}),
        json!({"athleteId": 2, "eventId": 4, "mark": "3:58.501", "heat": 1, "lane": 3, "isRecord": true, "recordType": "NR"}),
        json!({"athleteId": 3, "eventId": 3, "distanceMeters": 7.05, "wind": -0.4}),
        json!({"athleteId": 1, "eventId": 8, "timeSeconds": 7384.25, "recordType": "=RECORD()"}),
    ] {
        server.add("/api/results", result).await;
    }
    server.add("/api/athletes", json!({"name": "-Ann \"Q\", Jr", "country": "KEN", "bibNumber": "007", "photoUrl": "/p.png", "yearOfBirth": 2001})).await;
    server
        .add("/api/events", json!({"raceId": 1, "name": "@Hurdles", "ageGroup": "U18", "distance": "110", "startTime": "2026-06-14T09:05:00Z"}))
        .await;
    server
        .add("/api/registrations", json!({"athleteId": 6, "eventId": 1, "bibNumber": "0042", "heatNumber": 2, "laneNumber": 5, "seedMark": "10.90"}))
        .await;
    server
}

async fn json_rows(server: &TestServer, path: &str, token: &str) -> Vec<Value> {
    let answer = server.get(path).by(token).await;
    let (_, rows) = answer.is(200).body.as_object().unwrap().iter().find(|(_, value)| value.is_array()).unwrap();
    rows.as_array().unwrap().clone()
}

#[tokio::test]
async fn every_dataset_comes_in_every_format() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for (set, header, count) in DATASETS {
        let path = |format: &str| format!("/api/admin/export/{set}-{format}");
        let csv = server.get(&path("csv")).by(&admin).await;
        assert_eq!(csv.is(200).header("content-type"), "text/csv; charset=utf-8");
        assert!(is_stamped(csv.header("content-disposition"), set, "csv"), "{:?}", csv.headers);
        assert!(csv.text.starts_with(&format!("{header}\r\n")), "{}", csv.text);
        assert_eq!(csv.text.matches("\r\n").count(), count + 1, "{}", csv.text);

        let json = server.get(&path("json")).by(&admin).await;
        assert_eq!(json.is(200).header("content-type"), "application/json");
        assert!(is_stamped(json.header("content-disposition"), set, "json"), "{:?}", json.headers);
        assert_eq!((&json.body["count"], &json.body["format"]), (&json!(count), &json!("json")));
        assert!(json.body["exported_at"].is_string());

        let lines = server.get(&path("ndjson")).by(&admin).await;
        assert_eq!(lines.is(200).header("content-type"), "application/x-ndjson");
        assert!(is_stamped(lines.header("content-disposition"), set, "ndjson"), "{:?}", lines.headers);
        assert!(lines.text.ends_with("}\n"), "{}", lines.text);
        let rows: Vec<Value> = lines.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(json!(rows), json.body[set], "{set}: the same rows, one a line");
        assert_eq!(rows.len(), count);

        let book = Book::get(&server, &path("xlsx"), Some(&admin), set).await;
        assert_eq!((book.sheets[0].0.as_str(), book.header().as_str(), book.rows().len()), (set, header, count));
    }
}

#[tokio::test]
async fn a_workbook_holds_what_the_csv_holds_and_numbers_are_numbers() {
    let server = varied().await;
    let admin = server.admin().await;
    for (set, _, _) in DATASETS {
        let csv = server.get(&format!("/api/admin/export/{set}-csv")).by(&admin).await;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.text.as_bytes());
        let book = Book::get(&server, &format!("/api/admin/export/{set}-xlsx"), Some(&admin), set).await;
        let mut numbers = 0;
        for (record, row) in reader.records().map(Result::unwrap).zip(&book.sheets[0].1) {
            for (index, text) in record.iter().enumerate() {
                match row.get(index) {
                    Some(Data::Float(number)) => {
                        assert_eq!(text.parse(), Ok(*number), "{set}: {record:?}");
                        numbers += 1;
                    }
                    Some(Data::String(cell)) => assert_eq!(cell, text, "{set}"),
                    None | Some(Data::Empty) => assert_eq!(text, "", "{set}: {record:?}"),
                    other => panic!("{set}: {other:?} for {text}"),
                }
            }
        }
        assert_eq!(csv.text.matches("\r\n").count(), book.rows().len() + 1, "{set}");
        assert!(numbers >= book.rows().len(), "{set}: ids at least");
    }
    let results = Book::get(&server, "/api/admin/export/results-xlsx?sort=-id", Some(&admin), "results").await;
    let [marathon, jump, mile, decathlon] = &results.rows()[..4] else { panic!("four results were added") };
    assert_eq!((&marathon[5], &jump[6], &jump[11]), (&Data::Float(7384.25), &Data::Float(7.05), &Data::Float(-0.4)));
    assert_eq!((&mile[5], &decathlon[7]), (&Data::Float(238.501), &Data::Float(8123.5)));
}

#[tokio::test]
async fn bibs_years_and_long_numbers_stay_text_in_a_workbook() {
    let server = varied().await;
    let admin = server.admin().await;
    server
        .sql(
            "INSERT INTO athletes (id, name, name_key, country, created_at, updated_at)
            VALUES (9007199254740993, 'Long', 'long', 'KEN', 0, 0)",
        )
        .await;
    let book = Book::get(&server, "/api/admin/export/athletes-xlsx", Some(&admin), "athletes").await;
    let text = |words: &str| Data::String(words.into());
    let ann = &book.rows()[5];
    assert_eq!((&ann[1], &ann[8], &ann[9]), (&text("'-Ann \"Q\", Jr"), &text("007"), &text("2001")));
    assert_eq!(book.rows()[6][0], text("9007199254740993"));
    let book = Book::get(&server, "/api/admin/export/registrations-xlsx", Some(&admin), "registrations").await;
    assert_eq!((&book.rows()[6][4], &book.rows()[6][16]), (&text("0042"), &text("10.90")));
    let book = Book::get(&server, "/api/admin/export/events-xlsx?q=hurdles", Some(&admin), "events").await;
    assert_eq!((&book.rows()[0][8], &book.rows()[0][9]), (&text("110"), &text("2026-06-14T09:05:00.000Z")));
}

#[tokio::test]
async fn registrations_and_results_name_whom_and_what_they_are_about() {
    let server = varied().await;
    let admin = server.admin().await;
    let entries = server.get("/api/admin/export/registrations-csv").by(&admin).await;
    let john = "1,1,John Kamau,KEN001,,1998-04-12,Rift Valley AC,1,100m,M,,National Athletics Championship 2026,\
        2026-06-14,manual,confirmed,pending,10.48,,,false,";
    assert!(entries.text.contains(&format!("\r\n{john}")), "{}", entries.text);
    let ann = "7,6,\"'-Ann \"\"Q\"\", Jr\",007,0042,2001,,1,100m,M,,";
    assert!(entries.text.contains(&format!("\r\n{ann}")), "its own bib, and the athlete's: {}", entries.text);
    let results = server.get("/api/admin/export/results-csv").by(&admin).await;
    let andre = ",Andre Campbell,JAM001,Kingston Harriers,100m,M,,National Athletics Championship 2026,2026-06-14\r\n";
    assert!(results.text.lines().nth(1).is_some_and(|line| format!("{line}\r\n").ends_with(andre)), "{}", results.text);
    let events = server.get("/api/admin/export/events-csv?q=hurdles").by(&admin).await;
    let hurdles = "10,1,National Athletics Championship 2026,2026-06-14,'@Hurdles,Track,,U18,110,\
        2026-06-14T09:05:00.000Z,,";
    assert!(events.text.contains(&format!("\r\n{hurdles}")), "{}", events.text);
}

#[tokio::test]
async fn everything_is_also_one_workbook_with_a_sheet_for_each_dataset() {
    let server = varied().await;
    let admin = server.admin().await;
    let book = Book::get(&server, "/api/admin/export/all-xlsx", Some(&admin), "all").await;
    let everything = server.everything().await;
    for ((name, rows), (set, headings, _)) in book.sheets.iter().zip(DATASETS) {
        assert_eq!((name.as_str(), header(rows)), (set, headings.to_owned()));
        assert_eq!(rows.len() - 1, everything[set].as_array().unwrap().len(), "{set}");
        let alone = Book::get(&server, &format!("/api/admin/export/{set}-xlsx"), Some(&admin), set).await;
        assert_eq!(&alone.sheets[0].1, rows, "{set}");
    }
    assert_eq!(book.sheets.len(), 6);
    for secret in ["argon2", "password", "hash", "token"] {
        assert!(!book.text().contains(secret), "{secret} is in the workbook");
    }
}

#[tokio::test]
async fn what_there_is_not_in_a_format_is_not_found() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    for path in ["all-csv", "all-ndjson", "athletes-pdf", "audit_logs-csv", "athletes"] {
        server.get(&format!("/api/admin/export/{path}")).by(&admin).await.refused(404, "not-found");
    }
    for path in ["athletes", "races", "events", "results"] {
        let answer = server.get(&format!("/api/{path}/export?format=pdf")).await;
        answer.refused(400, "unknown-format");
        assert_eq!(answer.body["known"], json!(["csv", "json", "ndjson", "xlsx"]));
    }
}

#[tokio::test]
async fn the_filters_of_the_list_hold_in_every_format() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let query = "country=ken&gender=F&q=mary&sort=-name";
    let mary = json_rows(&server, &format!("/api/admin/export/athletes-json?{query}"), &admin).await;
    assert_eq!((mary.len(), &mary[0]["name"]), (1, &json!("Mary Wanjiru")));
    let lines = server.get(&format!("/api/admin/export/athletes-ndjson?{query}")).by(&admin).await;
    assert_eq!(serde_json::from_str::<Value>(&lines.text).unwrap(), mary[0]);
    let csv = server.get(&format!("/api/admin/export/athletes-csv?{query}")).by(&admin).await;
    assert_eq!(csv.text.matches("\r\n").count(), 2, "{}", csv.text);
    let book = Book::get(&server, &format!("/api/admin/export/athletes-xlsx?{query}"), Some(&admin), "athletes").await;
    assert_eq!((book.rows().len(), &book.rows()[0][1]), (1, &Data::String("Mary Wanjiru".into())));
    let of_race = json_rows(&server, "/api/admin/export/registrations-json?raceId=2", &admin).await;
    assert_eq!((of_race.len(), &of_race[0]["id"]), (1, &json!(6)));
    let jumps = server.get("/api/events/export?category=Field&sort=-id").await;
    let ids: Vec<&str> = jumps.is(200).text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids, ["6", "3"]);
    let chiefs = server.get("/api/admin/export/users-csv?role=chief_registrar").by(&admin).await;
    assert!(chiefs.is(200).text.contains("chief@athsys.com") && chiefs.text.matches("\r\n").count() == 2);
    let none = Book::get(&server, "/api/admin/export/athletes-xlsx?q=nobody", Some(&admin), "athletes").await;
    assert_eq!((none.rows().len(), none.sheets[0].1.len()), (0, 1), "headings are there without rows");
}

#[tokio::test]
async fn what_an_export_does_not_take_is_refused_with_what_it_takes() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let unknown = server.get("/api/admin/export/athletes-csv?colour=red").by(&admin).await;
    unknown.refused(400, "unknown-parameter");
    for known in ["columns", "bom", "sort", "country"] {
        assert!(unknown.body["known"].as_array().unwrap().contains(&json!(known)), "{known}: {}", unknown.text);
    }
    for query in ["athletes-json?bom=true", "athletes-csv?format=json"] {
        server.get(&format!("/api/admin/export/{query}")).by(&admin).await.refused(400, "unknown-parameter");
    }
    server.get("/api/athletes/export?bom=maybe").await.refused(400, "invalid-parameter");
    let marked = server.get("/api/results/export?bom=true").await;
    assert!(marked.is(200).text.starts_with("\u{feff}id,"), "{}", marked.text);
}
