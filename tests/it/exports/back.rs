//! What goes out comes in again: into the database it came from, and into another one.

use serde_json::json;

use super::formats::{DATASETS, varied};
use crate::support::{Answer, TestServer, counts};

const FORMATS: [&str; 4] = ["csv", "json", "ndjson", "xlsx"];

async fn export(server: &TestServer, set: &str, format: &str, query: &str) -> Vec<u8> {
    let url = server.url(&format!("/api/admin/export/{set}-{format}{query}"));
    let answer = server.client.get(url).bearer_auth(server.admin().await).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

async fn import(server: &TestServer, set: &str, format: &str, file: Vec<u8>) -> Answer {
    let path = format!("/api/admin/import/{set}-{format}?on_duplicate=update");
    server.upload(&path, &format!("{set}.{format}"), file).by(&server.admin().await).await
}

#[tokio::test]
async fn every_export_imports_into_its_database_without_changing_it() {
    let server = varied().await;
    let before = server.everything().await;
    for (set, _, _) in DATASETS {
        let rows = u64::try_from(before[set].as_array().unwrap().len()).unwrap();
        for format in FORMATS {
            let answer = import(&server, set, format, export(&server, set, format, "").await).await;
            assert_eq!(counts(answer.is(200)), [0, 0, rows, 0, 0], "{set} {format}: {}", answer.text);
            assert_eq!(server.everything().await[set], before[set], "{set} {format}");
        }
    }
    assert_eq!(server.everything().await, before);
}

/// Rows find one another by name where their ids mean something else.
#[tokio::test]
async fn sheets_import_into_a_database_that_numbers_its_rows_otherwise() {
    let server = varied().await;
    let all = server.everything().await;
    for format in ["csv", "xlsx"] {
        let target = TestServer::start().await;
        for number in 1..=3 {
            target.add_athlete(&format!("Stranger {number}"), &format!("S{number}")).await;
        }
        let race = target.add("/api/races", json!({"name": "Other", "date": "2025-05-01", "location": "Rome"})).await;
        for name in ["Hammer Throw", "Javelin Throw"] {
            target.add_event(race, name).await;
        }
        for (set, columns) in [
            ("athletes", "name,country,gender,email,phone,club,coach,bib_number,date_of_birth"),
            ("races", "name,date,location,status,description,registration_open,registration_deadline"),
            ("events", "race,race_date,name,category,gender,age_group,distance,start_time,max_participants"),
            (
                "registrations",
                "athlete_name,athlete_bib,bib_number,date_of_birth,club,event,gender,age_group,race,race_date,\
                 registration_type,status,payment_status,seed_mark,heat_number,lane_number,confirmed_present",
            ),
            (
                "results",
                "round,position,time_seconds,distance_meters,points,status,heat_number,lane_number,wind_speed,\
                 is_record,record_type,athlete_name,athlete_bib,club,event,gender,age_group,race,race_date",
            ),
        ] {
            let answer = import(&target, set, format, export(&server, set, format, "").await).await;
            let rows = u64::try_from(all[set].as_array().unwrap().len()).unwrap();
            assert_eq!(counts(answer.is(201)), [rows, 0, 0, 0, 0], "{set} {format}: {}", answer.text);
            // What says who and what it is, without the numbers.
            let query = format!("?columns={columns}");
            let there = String::from_utf8(export(&target, set, "csv", &query).await).unwrap();
            for line in String::from_utf8(export(&server, set, "csv", &query).await).unwrap().lines() {
                assert!(there.lines().any(|other| other == line), "{set} {format}: {line} is not in {there}");
            }
        }
    }
}
