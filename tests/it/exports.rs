//! Exports over HTTP: headings, form, completeness, and what an import of them changes: nothing.

mod back;
mod book;
mod columns;
mod console;
mod formats;
mod public;
mod streams;

use athsys::auth::policy::Role;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::support::{TestServer, counts, fixture, people};

const ATHLETES: &str = "id,name,country,gender,email,phone,club,coach,bib_number,date_of_birth\r\n";
const RACES: &str = "id,name,date,location,status,created_at,description,registration_open,registration_deadline\r\n";

/// `athletes_20260222_123456.csv`: the name, the moment by digits, the extension.
fn is_stamped(disposition: &str, entity: &str, extension: &str) -> bool {
    let Some(stamp) = disposition
        .strip_prefix(&format!("attachment; filename=\"{entity}_"))
        .and_then(|rest| rest.strip_suffix(&format!(".{extension}\"")))
    else {
        return false;
    };
    let shape: String = stamp.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "00000000_000000"
}

#[tokio::test]
async fn csv_exports_have_the_headings_and_the_form_of_the_contract() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    for (path, entity, header, rows) in [("athletes-csv", "athletes", ATHLETES, 5), ("races-csv", "races", RACES, 3)] {
        let answer = server.get(&format!("/api/admin/export/{path}")).by(&admin).await;
        assert_eq!(answer.is(200).header("content-type"), "text/csv; charset=utf-8");
        assert!(is_stamped(answer.header("content-disposition"), entity, "csv"), "{:?}", answer.headers);
        assert!(answer.text.starts_with(header), "{}", answer.text);
        assert_eq!(answer.text.matches("\r\n").count(), rows + 1, "{}", answer.text);
        assert_eq!(answer.text.matches('\n').count(), rows + 1, "every line ends in CRLF");
        let marked = server.get(&format!("/api/admin/export/{path}?bom=true")).by(&admin).await;
        assert_eq!(marked.text, format!("\u{feff}{}", answer.text));
    }
    let jane = server.get("/api/admin/export/athletes-csv").by(&admin).await;
    let row =
        "1,John Kamau,KEN,M,john@athsys.com,+254 700 000 001,Rift Valley AC,Sarah Whitfield,KEN001,1998-04-12\r\n";
    assert!(jane.text.contains(row), "{}", jane.text);
    assert!(jane.text.contains("4,Grace Nakato,UGA,F,,,Kampala Athletics,,UGA001,2003\r\n"), "a year stays a year");
}

#[tokio::test]
async fn only_administrators_export_everything() {
    let server = TestServer::shared();
    for path in ["athletes-csv", "races-csv", "all-json"] {
        let path = format!("/api/admin/export/{path}");
        server.get(&path).await.refused(401, "authentication-required");
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Official) {
            let answer = server.get(&path).by(&server.token(role).await).await;
            assert_eq!(answer.status, if role == Role::Admin { 200 } else { 403 }, "{path} by {role:?}");
        }
    }
}

#[tokio::test]
async fn an_import_of_the_export_changes_nothing() {
    let server = TestServer::demo().await;
    for file in ["athletes-200.csv", "athletes-30-dob.csv", "dirty-formula-injection.csv", "dirty-genders.csv"] {
        server.import_csv("", fixture(&format!("athletes/{file}"))).await;
    }
    let odd = "name,country,club,coach,phone\n\"Comma, Jr.\",KEN,\"The \"\"Best\"\" Club\",'=quoted,+254 700 111 222\n\
        =1+1,KEN,@club,-x,\n'-Apostrophe,KEN,''=two,+plus,\n";
    assert_eq!(counts(server.import_csv("", odd).await.is(201)), [3, 0, 0, 0, 0]);
    let before = server.everything().await;
    let admin = server.admin().await;
    let file = server.get("/api/admin/export/athletes-csv").by(&admin).await;
    let rows = u64::try_from(before["athletes"].as_array().unwrap().len()).unwrap();
    for query in ["", "?on_duplicate=update"] {
        let again = server.import_csv(query, file.text.clone()).await;
        assert_eq!(counts(again.is(200)), [0, 0, rows, 0, 0], "{}", again.text);
    }
    assert_eq!(server.everything().await, before);
    let races = server.get("/api/races/export?format=json").by(&admin).await;
    let again = server.import_json("races", "?on_duplicate=update", &races.body).await;
    assert_eq!(counts(again.is(200)), [0, 0, 3, 0, 0], "{}", again.text);
    assert_eq!(server.everything().await, before);
}

#[tokio::test]
async fn public_exports_have_no_private_columns() {
    let server = TestServer::shared();
    let public = server.get("/api/athletes/export?format=csv").await;
    assert!(public.is(200).text.starts_with("id,name,country,gender,club,bib_number\r\n"), "{}", public.text);
    assert!(!public.text.contains('@') && !public.text.contains("1998"), "{}", public.text);
    let json = server.get("/api/athletes/export?format=json").await;
    assert!(is_stamped(json.header("content-disposition"), "athletes", "json"));
    for private in ["email", "phone", "dateOfBirth", "coach"] {
        assert!(json.body["athletes"][0].get(private).is_none(), "{private}: {}", json.text);
    }
    let registrar = server.token(Role::Registrar).await;
    let full = server.get("/api/athletes/export?format=csv").by(&registrar).await;
    assert!(full.text.starts_with(ATHLETES) && full.text.contains("john@athsys.com"), "{}", full.text);
    let starter = server.token(Role::Starter).await;
    let part = server.get("/api/athletes/export").by(&starter).await;
    assert_eq!(part.text, public.text, "csv is the usual format");
    server.get("/api/athletes/export?email=john@athsys.com").await.refused(400, "unknown-parameter");
}

#[tokio::test]
async fn exports_take_the_filters_of_their_list() {
    let server = TestServer::shared();
    let kenyans = server.get("/api/athletes/export?format=json&country=KEN&sort=-name").await;
    let names: Vec<&Value> = kenyans.is(200).body["athletes"].as_array().unwrap().iter().map(|a| &a["name"]).collect();
    assert_eq!(names, ["Mary Wanjiru", "John Kamau"]);
    assert_eq!(kenyans.body["count"], 2);
    let races = server.get("/api/races/export?format=csv&status=ongoing").await;
    assert_eq!(races.is(200).text.matches("\r\n").count(), 2, "{}", races.text);
    let results = server.get("/api/results/export?format=csv&eventId=1").await;
    let header = "id,athlete_id,event_id,round,position,time_seconds,distance_meters,points,status,heat_number,";
    assert!(results.is(200).text.starts_with(header), "{}", results.text);
    assert!(results.text.contains("1,3,1,final,1,10.19,,,finished,,4,0.8,false,,"), "{}", results.text);
    let page = server.get("/api/results/export?format=json&perPage=1").await;
    assert_eq!(page.body["results"].as_array().unwrap().len(), 3, "an export is never one page");
    server.get("/api/results/export?format=pdf").await.refused(400, "unknown-format");
    server.get("/api/results/export?colour=red").await.refused(400, "unknown-parameter");
}

#[tokio::test]
async fn everything_holds_every_table_and_no_secret() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let answer = server.get("/api/admin/export/all-json").by(&admin).await;
    assert!(is_stamped(answer.is(200).header("content-disposition"), "all", "json"), "{:?}", answer.headers);
    let counted = [("users", 7), ("athletes", 5), ("races", 3), ("events", 9), ("registrations", 6), ("results", 3)];
    for (table, count) in counted {
        assert_eq!(answer.body["data"][table].as_array().unwrap().len(), count, "{table}");
    }
    assert_eq!((&answer.body["format"], &answer.body["message"]), (&json!("json"), &json!("✅ 33 rows exported")));
    assert_eq!(answer.body["exported_at"], answer.body["data"]["exported_at"]);
    for secret in ["argon2", "password", "hash", "token"] {
        assert!(!answer.text.to_lowercase().contains(secret), "{secret} is in the export");
    }
    let head = answer.body["audit_head"].as_str().unwrap();
    assert_eq!(head, answer.header("x-audit-head"), "where the audit log ended at that moment");
    let row =
        &server.audit("sort=seq&perPage=500").await[head.split_once(':').unwrap().0.parse::<usize>().unwrap() - 1];
    assert!(head.ends_with(row["hash"].as_str().unwrap()));
    let coach = answer.body["data"]["users"].as_array().unwrap().iter().find(|user| user["role"] == "coach").unwrap();
    assert_eq!(coach["athleteIds"], json!([1, 2]));
    assert_eq!(server.everything().await, server.everything().await, "twice is the same");
}

#[tokio::test]
async fn an_export_leaves_one_audit_row() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let file = server.get("/api/admin/export/athletes-csv").by(&admin).await;
    let trail = server.audit("action=export").await;
    assert_eq!((trail.len(), &trail[0]["entityType"]), (1, &json!("athletes")));
    let details = &trail[0]["details"];
    assert!(file.header("content-disposition").contains(details["file_name"].as_str().unwrap()), "{details}");
    assert_eq!((&details["rows"], &details["bytes"]), (&json!(5), &json!(file.text.len())));
    let taken = athsys::imports::Source::from_reader(&mut file.text.as_bytes(), "athletes.csv").unwrap();
    assert_eq!(details["sha256"], taken.sha256);
    assert_eq!((&details["complete"], details["duration_ms"].is_u64()), (&json!(true), true));
    server.get("/api/races/export").await.is(200);
    assert_eq!(server.audit("action=export").await.len(), 2, "also one that everybody may take");
}

#[tokio::test]
async fn twenty_thousand_rows_come_complete_also_compressed() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let count = 20_000;
    assert_eq!(counts(server.import_csv("", people(1, count)).await.is(201))[0], 20_000);
    let file = server.get("/api/admin/export/athletes-csv").by(&admin).await;
    assert_eq!(file.is(200).text.matches("\r\n").count(), count + 1);
    assert!(file.text.ends_with("\r\n"));
    let json = server.get("/api/athletes/export?format=json").by(&admin).await;
    assert_eq!(json.is(200).body["athletes"].as_array().unwrap().len(), count);
    let url = server.url("/api/admin/export/athletes-csv");
    let packed = server.client.get(url).bearer_auth(&admin).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let bytes = packed.bytes().await.unwrap();
    assert!(bytes.starts_with(&[0x1f, 0x8b]) && bytes.len() < file.text.len() / 3, "{} bytes", bytes.len());
    // A gzip file ends with the length of what it holds.
    let length = u32::from_le_bytes(bytes[bytes.len() - 4..].try_into().unwrap());
    assert_eq!(usize::try_from(length).unwrap(), file.text.len());
    let again = server.import_csv("", file.text.clone()).await;
    assert_eq!(counts(again.is(200)), [0, 0, 20_000, 0, 0]);
}

#[tokio::test]
async fn an_abandoned_download_leaves_no_connection_behind() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    server.import_csv("", people(1, 60_000)).await.is(201);
    for _ in 0..40 {
        let url = server.url("/api/admin/export/athletes-csv");
        let mut response = server.client.get(url).bearer_auth(&admin).send().await.unwrap().bytes_stream();
        assert!(!response.next().await.unwrap().unwrap().is_empty());
        drop(response);
    }
    // There are far fewer connections for exports than that, and an export is answered only with one.
    let file = server.get("/api/admin/export/athletes-csv").by(&admin).await;
    assert_eq!(file.is(200).text.matches("\r\n").count(), 60_001);
    let cut = "SELECT count(*) FROM audit_payloads WHERE details LIKE '%\"complete\":false%'";
    assert_eq!(server.number(cut).await, 40, "what was cut is in the log too");
}
