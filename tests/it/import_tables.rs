//! Meets, events, entries, results and users from tables and lines: layouts, references, days, templates.

use athsys::formats::workbook_out::{Cell, WorkbookWriter};
use serde_json::{Value, json};

use crate::support::{Answer, TestServer, Upload, counts, fixture};

/// A server with one meet, its events and three athletes.
async fn meet() -> TestServer {
    let server = TestServer::start().await;
    let races = "name,date,location\nLakeside Open,2026-08-22,Kisumu\n";
    send(&server, "races", "", races).await.is(201);
    let events = "race,name,gender,age group\nLakeside Open,100m,F,\nLakeside Open,100m,M,\n\
        Lakeside Open,800m,F,U20\nLakeside Open,800m,F,\nLakeside Open,Long jump,F,\n";
    send(&server, "events", "", events).await.is(201);
    let athletes = "name,country,gender,club,bib,dob\nAda Achieng,KEN,F,Rift,1,2005-01-02\n\
        Mary Moraa,KEN,F,Rift,2,2006-01-02\nMary Moraa,KEN,F,Coast,,2007-01-02\n";
    send(&server, "athletes", "", athletes).await.is(201);
    server
}

/// Imports CSV text of a dataset; `parameters` start with a question mark, or are empty.
async fn send(server: &TestServer, dataset: &str, parameters: &str, text: &str) -> Answer {
    let path = format!("/api/admin/import/{dataset}-csv{parameters}");
    server.send(&path, Upload::of(&format!("{dataset}.csv"), text)).await
}

/// A workbook of text cells.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = WorkbookWriter::new("Entries", rows[0]).unwrap();
    for row in &rows[1..] {
        row.iter().for_each(|cell| book.cell(Cell::Text(cell)).unwrap());
        book.end_row().unwrap();
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut book.finish().unwrap(), &mut bytes).unwrap();
    bytes
}

/// `athlete id, event id, seed mark` of every registration.
async fn entries(server: &TestServer) -> Vec<(i64, i64, Value)> {
    let all = server.everything().await;
    let row =
        |one: &Value| (one["athleteId"].as_i64().unwrap(), one["eventId"].as_i64().unwrap(), one["seedMark"].clone());
    all["registrations"].as_array().unwrap().iter().map(row).collect()
}

#[tokio::test]
async fn meets_are_read_in_other_languages_and_orders_of_days() {
    let server = TestServer::start().await;
    let text = "Name;Datum;Ort\nAbendsportfest;14.06.2026;Köln\nHallencup;03.02.2026;Ulm\n";
    assert_eq!(counts(send(&server, "races", "", text).await.is(201)), [2, 0, 0, 0, 0]);
    let all = server.everything().await;
    let days: Vec<&Value> = all["races"].as_array().unwrap().iter().map(|race| &race["date"]).collect();
    assert_eq!(days, ["2026-06-14", "2026-02-03"]);
    let wrong = send(&server, "races", "", "name,date,location\nA,2026-02-30,X\n").await;
    assert_eq!(wrong.is(207).body["error_details"][0]["code"], "invalid_date");
    assert_eq!(wrong.body["error_details"][0]["row"], 2);
    let lacking = send(&server, "races", "", "name,place\nA,X\n").await;
    assert!(lacking.is(400).body["message"].as_str().unwrap().contains("Expected the columns name, date and location"));
}

#[tokio::test]
async fn events_need_a_meet_that_is_there() {
    let server = meet().await;
    let unknown = send(&server, "events", "", "race,name\nLakside Open,200m\n").await;
    assert_eq!(unknown.is(207).body["error_details"][0]["code"], "unknown_race");
    assert_eq!(unknown.body["error_details"][0]["column"], "race");
    let given = send(&server, "events", "?race_id=1", "name,category\n200m,Sprint\n").await;
    assert_eq!(counts(given.is(201)), [1, 0, 0, 0, 0]);
    assert_eq!(
        server.number("SELECT count(*) FROM events WHERE name = '200m' AND category = 'Track' AND race_id = 1").await,
        1
    );
    let again = send(&server, "events", "?race_id=1", "name,category\n200m,Sprint\n").await;
    assert_eq!(counts(again.is(200)), [0, 0, 1, 0, 0]);
}

#[tokio::test]
async fn entries_find_their_athlete_by_bib_or_by_name_with_birth_or_club() {
    let server = meet().await;
    let text = "Athlete,Bib,Club,DOB,Event,Gender,Seed\n,001,,,100m,F,12.31\nmary moraa,,coast,,LJ,F,5.48\n\
        Mary Moraa,,,2006-01-02,Long jump,F,\nAda Achieng,,,,800m U20,F,2:10.5\nMary Moraa,,,,100m,F,\n\
        Nobody Known,,Rift,,100m,F,\nAda Achieng,2,,,100m,F,\n,99,,,100m,F,\n";
    let answer = send(&server, "registrations", "", text).await;
    assert_eq!(counts(answer.is(207)), [4, 0, 0, 0, 4], "{}", answer.text);
    let refused: Vec<(u64, &str)> = answer.body["error_details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["row"].as_u64().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    assert_eq!(refused, [(6, "ambiguous_match"), (7, "unknown_athlete"), (8, "duplicate_bib"), (9, "unknown_bib")]);
    let found = entries(&server).await;
    assert_eq!(found[0], (1, 1, json!("12.31")));
    assert_eq!((found[1].0, found[1].1), (3, 5));
    assert_eq!((found[2].0, found[2].1), (2, 5));
    assert_eq!((found[3].0, found[3].1), (1, 3), "the event of the age group that is named");
}

#[tokio::test]
async fn entries_bring_athletes_along_when_that_is_wanted_and_undo_takes_them_back() {
    let server = meet().await;
    let text = "name,country,gender,club,bib,event\nNew One,UGA,F,Lake,77,100m\nNew Two,,F,Lake,,100m\nNew One,UGA,F,Lake,77,800m\n";
    let refused = send(&server, "registrations", "", text).await;
    assert_eq!(counts(refused.is(207)), [0, 0, 0, 0, 3], "{}", refused.text);
    let answer = send(&server, "registrations", "?create_athletes=true", text).await;
    assert_eq!(counts(answer.is(207)), [2, 0, 0, 0, 1], "{}", answer.text);
    assert_eq!(answer.body["athletes_created"], 1, "{}", answer.text);
    assert_eq!(answer.body["error_details"][0]["code"], "missing_country");
    assert_eq!(
        server
            .number("SELECT count(*) FROM athletes WHERE name = 'New One' AND bib_number = '77' AND club_team = 'Lake'")
            .await,
        1
    );
    let undone = server.take_back(&answer.body["import_id"]).await;
    assert_eq!(undone.is(200).body["deleted"], 3, "{}", undone.text);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 3);
}

#[tokio::test]
async fn a_column_for_each_event_several_in_a_cell_and_numbered_ones_are_entries() {
    let wide = "name,bib,100m,800m,Long jump,Notes\nAda Achieng,1,12.31,x,,vegetarian\n,2,,,5.48,\n,1,,,,late\n";
    let packed = "bib,event\n1,\"100m (12.31); 800m\"\n2,LJ (5.48)\n";
    let numbered = "bib,Event 1,Mark 1,Event 2,Mark 2\n1,100m,12.31,800 m,\n2,Weitsprung,5.48,,\n";
    for (text, skipped) in [(wide, 1), (packed, 0), (numbered, 0)] {
        let server = meet().await;
        let answer = send(&server, "registrations", "?race_id=1", text).await;
        assert_eq!(counts(answer.is(201)), [3, 0, 0, skipped, 0], "{text}: {}", answer.text);
        let expected = [(1, 1, json!("12.31")), (1, 4, Value::Null), (2, 5, json!("5.48"))];
        assert_eq!(entries(&server).await, expected, "{text}");
        let again = send(&server, "registrations", "?race_id=1", text).await;
        assert_eq!(counts(again.is(200)), [0, 0, 3, skipped, 0], "{text}");
    }
    let server = meet().await;
    let none = send(&server, "registrations", "", "name,bib\nAda Achieng,1\n").await;
    assert!(none.is(400).body["message"].as_str().unwrap().starts_with("Expected a column event"), "{}", none.text);
}

#[tokio::test]
async fn a_row_of_entries_that_is_refused_in_part_comes_back_once_and_goes_in_when_mended() {
    let server = meet().await;
    let text = "bib,100m,Pole vault,Hammer\n1,12.3,x,x\n";
    let answer = send(&server, "registrations", "", text).await;
    assert_eq!(counts(answer.is(207)), [1, 0, 0, 0, 2], "{}", answer.text);
    let admin = server.admin().await;
    let path = format!("/api/admin/imports/{}/errors.csv", answer.body["import_id"]);
    let errors = server.get(&path).by(&admin).await.text;
    assert_eq!(errors.lines().count(), 2, "{errors}");
    let events = "race,name,gender\nLakeside Open,Pole vault,F\nLakeside Open,Hammer,F\n";
    send(&server, "events", "", events).await.is(201);
    let mended = send(&server, "registrations", "", &errors).await;
    assert_eq!(counts(mended.is(201)), [2, 0, 1, 0, 0], "{}", mended.text);
}

#[tokio::test]
async fn the_same_entries_come_as_a_workbook_as_lines_and_as_a_document() {
    let rows: [&[&str]; 3] =
        [&["bib", "event", "gender", "seed"], &["1", "100m", "F", "12.31"], &["2", "LJ", "F", "5.48"]];
    let xlsx = workbook(&rows);
    let lines = "{\"bib\": \"1\", \"event\": \"100m\", \"gender\": \"F\", \"seed_mark\": \"12.31\"}\n\n\
        {\"bib\": \"2\", \"event\": \"LJ\", \"gender\": \"F\", \"seed_mark\": \"5.48\"}\n";
    let document = format!("{{\"registrations\": [{}]}}", lines.trim().replace("\n\n", ","));
    for (format, content) in [("xlsx", xlsx), ("ndjson", lines.as_bytes().to_vec()), ("json", document.into_bytes())] {
        let server = meet().await;
        let path = format!("/api/admin/import/registrations-{format}");
        let answer = server.send(&path, Upload::of(&format!("e.{format}"), content)).await;
        assert_eq!(counts(answer.is(201)), [2, 0, 0, 0, 0], "{format}: {}", answer.text);
        assert_eq!(entries(&server).await, [(1, 1, json!("12.31")), (2, 5, json!("5.48"))], "{format}");
    }
}

#[tokio::test]
async fn results_are_read_by_what_their_event_measures() {
    let server = meet().await;
    let text = "Platz;Name;StNr;Wettbewerb;Geschlecht;Leistung;Wind\n1;Ada Achieng;1;100m;w;12,31;+1,3\n;Mary Moraa;2;Weitsprung;w;5,48;\n";
    let answer = send(&server, "results", "", text).await;
    assert_eq!(counts(answer.is(201)), [2, 0, 0, 0, 0], "{}", answer.text);
    let all = server.everything().await;
    assert_eq!((&all["results"][0]["timeSeconds"], &all["results"][0]["windSpeed"]), (&json!(12.31), &json!(1.3)));
    assert_eq!((&all["results"][0]["position"], &all["results"][1]["distanceMeters"]), (&json!(1), &json!(5.48)));
    let absurd = send(&server, "results", "", "bib,event,gender,mark,round\n1,100m,F,99:10,heats\n").await;
    assert_eq!(absurd.is(207).body["error_details"][0]["code"], "invalid_mark", "{}", absurd.text);
}

#[tokio::test]
async fn users_come_without_rights_to_sign_in() {
    let server = TestServer::start().await;
    let text = "name,email,role\nDesk,desk@example.org,official\nBad,bad@example.org,boss\n";
    let answer = send(&server, "users", "", text).await;
    assert_eq!(counts(answer.is(207)), [1, 0, 0, 0, 1], "{}", answer.text);
    assert_eq!(server.number("SELECT count(*) FROM user_secrets WHERE password_hash IS NULL").await, 1);
}

#[tokio::test]
async fn passwords_of_a_file_are_stored_nowhere_as_they_came() {
    let secret = "correct horse battery";
    let table =
        format!("name,email,role,password\nDesk,desk@example.org,official,{secret}\nBad,bad,official,{secret}\n");
    let lines = format!("{{\"name\": \"A\", \"email\": \"a@example.org\", \"password\": \"{secret}\", oops\n");
    let bulk = json!({"users": [{"name": "A", "email": "nobody", "password": secret}]}).to_string();
    for (what, content) in [("users-csv", table), ("users-ndjson", lines), ("bulk-json", bulk)] {
        let server = TestServer::start().await;
        let file = format!("u.{}", what.split('-').next_back().unwrap());
        let answer = server.send(&format!("/api/admin/import/{what}"), Upload::of(&file, content)).await;
        assert!(answer.is(207).body["notes"].to_string().contains("holds passwords"), "{what}: {}", answer.text);
        assert!(!answer.text.contains(secret), "{what}: {}", answer.text);
        assert_eq!(server.number("SELECT count(*) FROM import_files").await, 0, "{what}");
        let told = server.past(&answer.body["import_id"]).await.to_string();
        assert!(!told.contains(secret), "{what}: {told}");
    }
    let server = TestServer::start().await;
    send(&server, "users", "", "name,email,role\nDesk,desk@example.org,official\n").await.is(201);
    assert_eq!(
        server.number("SELECT count(*) FROM import_files").await,
        1,
        "without passwords it is kept as any other"
    );
}

#[tokio::test]
async fn the_workbook_of_a_club_is_a_list_of_athletes_and_of_entries() {
    let server = TestServer::start().await;
    let book = fixture("athletes/entries-wide.xlsx");
    let athletes = server.send("/api/admin/import/athletes-xlsx", Upload::of("club.xlsx", book.clone())).await;
    assert_eq!(counts(athletes.is(201)), [12, 0, 0, 0, 0], "{}", athletes.text);
    let notes = athletes.body["notes"].to_string();
    assert!(notes.contains("hidden"), "{notes}");
    let preview = server.send("/api/admin/import/athletes-xlsx/preview", Upload::of("club.xlsx", book.clone())).await;
    assert_eq!(preview.is(200).body["unchanged"], 12, "{}", preview.text);
    assert!(preview.body["sheet"].is_string(), "{}", preview.text);
    let look = server.send("/api/admin/import/registrations-xlsx/preview", Upload::of("club.xlsx", book)).await;
    let problems = look.is(200).body["problems"].to_string();
    assert!(problems.contains("unknown_event"), "the events are not there yet: {}", look.text);
}

#[tokio::test]
async fn every_sample_of_a_template_imports_without_an_error() {
    let server = TestServer::demo().await;
    for dataset in ["athletes", "races", "events", "registrations", "results", "users"] {
        for format in ["xlsx", "csv"] {
            let template = server.get(&format!("/api/admin/import/{dataset}-template?format={format}")).await;
            assert_eq!(template.status, 200, "{dataset}: {}", template.text);
            let path = format!("/api/admin/import/{dataset}-{format}?dry_run=true");
            let answer = server.send(&path, Upload::of(&format!("t.{format}"), template.bytes)).await;
            assert_eq!(
                (answer.status, &answer.body["failed"]),
                (200, &json!(0)),
                "{dataset} {format}: {}",
                answer.text
            );
            assert!(answer.body["imported"].as_u64().unwrap() > 0, "{dataset} {format}: {}", answer.text);
        }
        let described = server.get(&format!("/api/admin/import/{dataset}-template")).await;
        assert!(described.is(200).body["template"]["requirements"].is_object(), "{}", described.text);
    }
    assert_eq!(server.get("/api/admin/import/bulk-template?format=csv").await.status, 400);
}
