//! Exports on the command line.

use serde_json::{Value, json};

use super::book::Book;
use super::formats::DATASETS;
use crate::support::{Athsys, folder};

/// A file with demo data, and its folder.
fn demo() -> (tempfile::TempDir, Athsys) {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    (folder, athsys)
}

fn trail(athsys: &Athsys) -> i64 {
    let conn = rusqlite::Connection::open(&athsys.db).unwrap();
    conn.query_row("SELECT count(*) FROM audit_logs WHERE action = 'export'", [], |row| row.get(0)).unwrap()
}

#[test]
fn exports_go_to_a_file_or_to_standard_output() {
    let (folder, athsys) = demo();
    let csv = athsys.run(&["export", "athletes"]);
    assert!(
        csv.is(0).out.starts_with("id,name,country,gender,email,") && csv.err.contains("5 rows exported."),
        "{csv:?}"
    );
    let marked = athsys.run(&["export", "athletes", "--bom", "-o", "-"]);
    assert_eq!(marked.out, format!("\u{feff}{}", csv.out));
    let target = folder.path().join("all.json");
    let file = athsys.run(&["export", "all", "-o", target.to_str().unwrap(), "--json"]);
    assert_eq!(file.is(0).json()["rows"], 33, "{file:?}");
    let document: Value = serde_json::from_slice(&std::fs::read(&target).unwrap()).unwrap();
    assert_eq!(document["data"]["users"].as_array().unwrap().len(), 7);
    let races = folder.path().join("races.json");
    athsys.run(&["export", "races", "-o", races.to_str().unwrap()]).is(0);
    assert!(std::fs::read_to_string(&races).unwrap().starts_with("{\"races\":["), "the extension says the format");
    for target in ["all.csv", "all.ndjson"] {
        athsys.run(&["export", "all", "-o", target]).refused(2, "exported as JSON or xlsx");
    }
    athsys.run(&["export", "all", "--json"]).refused(2, "name a file with -o");
    athsys.run(&["export", "all", "-o", "no/such/folder/a.json"]).refused(1, "The export was not completed");
    Athsys::on(&folder.path().join("no.db")).run(&["export", "all"]).refused(1, "there is no such file");
    assert_eq!(trail(&athsys), 4, "one for each that was made");
}

#[test]
fn every_dataset_goes_out_in_the_format_of_the_extension_or_of_the_flag() {
    let (folder, athsys) = demo();
    for (set, header, count) in DATASETS {
        for format in ["csv", "json", "ndjson", "xlsx"] {
            let target = folder.path().join(format!("{set}.{format}"));
            let told = athsys.run(&["export", set, "-o", target.to_str().unwrap(), "--json"]);
            let told = told.is(0).json();
            let bytes = std::fs::read(&target).unwrap();
            assert_eq!((&told["rows"], &told["bytes"]), (&json!(count), &json!(bytes.len())), "{set} {format}");
            match format {
                "csv" => assert!(bytes.starts_with(format!("{header}\r\n").as_bytes())),
                "json" => {
                    let document: Value = serde_json::from_slice(&bytes).unwrap();
                    assert_eq!(document[set].as_array().unwrap().len(), count);
                }
                "ndjson" => assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), count),
                _ => {
                    let book = Book::read(bytes);
                    assert_eq!((book.header().as_str(), book.rows().len()), (header, count));
                }
            }
        }
    }
    assert_eq!(trail(&athsys), 24);
    let said = athsys.run(&["export", "events", "--format", "ndjson"]);
    assert_eq!(said.is(0).out.lines().count(), 9);
    let target = folder.path().join("meet.XLSX");
    athsys.run(&["export", "all", "-o", target.to_str().unwrap()]).is(0);
    let book = Book::read(std::fs::read(&target).unwrap());
    let sheets: Vec<(&str, usize)> = book.sheets.iter().map(|(name, rows)| (name.as_str(), rows.len() - 1)).collect();
    assert_eq!(sheets, DATASETS.map(|(set, _, count)| (set, count)));
    athsys.run(&["export", "races", "-o", "races.pdf"]).refused(2, "The ending .pdf is not known");
    assert_eq!(athsys.run(&["export", "audit"]).code, Some(2));
    assert_eq!(athsys.run(&["export", "races", "--format", "pdf"]).code, Some(2));
}

#[test]
fn columns_are_chosen_by_their_names() {
    let (_folder, athsys) = demo();
    let results = athsys.run(&["export", "results", "--columns", "athlete_name, event,time_seconds"]);
    assert!(results.is(0).out.starts_with("athlete_name,event,time_seconds\r\nAndre Campbell,100m,10.19\r\n"));
    let lines = athsys.run(&["export", "users", "--format", "ndjson", "--columns", "lastLogin,role"]);
    assert!(lines.is(0).out.starts_with("{\"lastLogin\":null,\"role\":\"admin\"}\n"), "{lines:?}");
    athsys
        .run(&["export", "races", "--columns", "colour"])
        .refused(2, "--columns: colour is not a known column; known are id, name, date,");
    athsys.run(&["export", "races", "--columns", "id,id"]).refused(2, "The column id is named twice.");
    athsys.run(&["export", "all", "--columns", "id"]).refused(2, "--columns chooses among those of one dataset");
}
