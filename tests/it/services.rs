//! The library's face: the same engine without HTTP.

use std::path::Path;

use athsys::db::{Access, Db, Entity, Files};
use athsys::imports::{Mode, OnDuplicate, Options, Outcome};
use athsys::{DataExportService, DataImportService, DatabaseValidator};
use serde_json::Value;

use crate::support::{folder, people, sections};

fn open(file: &Path) -> Db {
    Db::open(Files::of(file), Access::Own).unwrap()
}

#[test]
fn a_validator_connects_to_a_good_file_and_to_nothing_else() {
    let folder = folder();
    let file = folder.path().join("meet.db");
    let mut validator = DatabaseValidator::for_file(&file);
    assert!(!validator.connect(), "there is no file yet");
    assert!(!file.exists(), "and looking makes none");
    assert!(!DatabaseValidator::for_file(&folder.path().join("nowhere/meet.db")).connect());
    std::fs::write(folder.path().join("letter.db"), "Dear club, no database at all").unwrap();
    assert!(!DatabaseValidator::for_file(&folder.path().join("letter.db")).connect());
    assert!(!DatabaseValidator::for_file(folder.path()).connect(), "a folder is no file");
    validator.initialize_database().unwrap();
    assert!(DatabaseValidator::for_file(&file).connect());
    let _: DatabaseValidator = DatabaseValidator::new();
}

#[test]
fn initialising_creates_every_table_and_twice_changes_nothing() {
    let folder = folder();
    let mut validator = DatabaseValidator::for_file(&folder.path().join("meet.db"));
    assert!(validator.verify_tables().values().all(|present| !present), "nothing is there before it is connected");
    let created = validator.initialize_database().unwrap();
    assert_eq!(created.len(), 7, "{created:?}");
    assert!(validator.verify_tables().values().all(|present| *present));
    assert!(validator.initialize_database().unwrap().is_empty());
    let mut beside = DatabaseValidator::for_file(&folder.path().join("meet.db"));
    assert!(beside.connect(), "a second one only looks");
    assert!(beside.initialize_database().is_err(), "and does not write beside the first");
}

#[test]
fn a_missing_table_is_told_and_made_again() {
    let folder = folder();
    let file = folder.path().join("meet.db");
    open(&file).close();
    rusqlite::Connection::open(&file).unwrap().execute_batch("DROP TABLE results").unwrap();
    let mut validator = DatabaseValidator::for_file(&file);
    assert!(validator.connect());
    let tables = validator.verify_tables();
    assert_eq!((tables.len(), tables["results"], tables["athletes"]), (7, false, true));
    assert_eq!(validator.check_health().status.as_str(), "unhealthy");
    assert_eq!(validator.initialize_database().unwrap(), ["results"]);
    assert!(validator.verify_tables()["results"]);
    assert_eq!(validator.check_health().status.as_str(), "healthy");
}

#[test]
fn health_says_what_is_there_and_how_much() {
    let folder = folder();
    let file = folder.path().join("meet.db");
    let db = open(&file);
    let importer = DataImportService::new(db.clone());
    importer.import_athletes_csv("name,country\nJane,KEN\nOle,NOR\n").unwrap();
    let mut validator = DatabaseValidator::for_file(&file);
    let blind = serde_json::to_value(validator.check_health()).unwrap();
    assert_eq!((&blind["status"], &blind["connected"]), (&Value::from("unhealthy"), &Value::from(false)));
    assert!(validator.connect(), "beside the one that writes");
    let health = serde_json::to_value(validator.check_health()).unwrap();
    assert_eq!((&health["status"], &health["connected"]), (&Value::from("healthy"), &Value::from(true)));
    assert_eq!((&health["record_counts"]["athletes"], &health["record_counts"]["audit_logs"]), (&2.into(), &1.into()));
    assert!(health["tables"].as_object().unwrap().values().all(|present| *present == true));
    assert!(health["timestamp"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn text_goes_in_with_counts_ids_and_errors_out() {
    let folder = folder();
    let importer = DataImportService::new(open(&folder.path().join("meet.db")));
    let report = importer.import_athletes_csv("name,country\nJane,KEN\n,KEN\nOle,NOR\n").unwrap();
    assert_eq!((report.tally().imported, report.tally().failed, report.outcome()), (2, 1, Outcome::Partial));
    assert_eq!(report.account.ids[&Entity::Athletes], [1, 2]);
    assert_eq!(report.account.refusals.sentences(), ["Row 3: Name required"]);
    let race = r#"{"name": "Open", "date": "2026-06-14", "location": "Kisumu"}"#;
    assert_eq!(importer.import_races_json(&format!("[{race}]")).unwrap().tally().imported, 1);
    assert_eq!(importer.import_races_json(&format!("{{\"races\": [{race}]}}")).unwrap().tally().unchanged, 1);
    let bulk = r#"{"events": [{"race": "Open", "name": "100m"}], "results": [
        {"race": "Open", "event": "100m", "athlete": {"name": "Jane"}, "mark": "11.50"}]}"#;
    assert_eq!(importer.import_bulk_json(bulk).unwrap().tally().imported, 2);
    let empty = importer.import_athletes_csv("").unwrap_err();
    assert_eq!(empty.to_string(), "The file is empty.");
    assert!(importer.import_races_json("{\"races\": ").unwrap_err().to_string().contains("cut off"));
    assert!(importer.import_bulk_json("[]").unwrap_err().to_string().contains("users, athletes, races"));
}

#[test]
fn options_of_the_api_hold_here_too() {
    let folder = folder();
    let db = open(&folder.path().join("meet.db"));
    let with = |options: Options| DataImportService::new(db.clone()).with_options(options);
    let atomic = with(Options { mode: Mode::Atomic, ..Options::default() });
    let refused = atomic.import_athletes_csv("name,country\nJane,KEN\n,KEN\n").unwrap();
    assert_eq!((refused.outcome(), refused.tally().imported, refused.tally().skipped), (Outcome::Failed, 0, 1));
    let dry = with(Options { dry_run: true, ..Options::default() });
    assert_eq!(dry.import_athletes_csv("name,country\nJane,KEN\n").unwrap().tally().imported, 1);
    let plain = with(Options::default());
    assert_eq!(plain.import_athletes_csv("name,country\nJane,KEN\n").unwrap().account.ids[&Entity::Athletes].len(), 1);
    let update = with(Options { on_duplicate: OnDuplicate::Update, ..Options::default() });
    let updated = update.import_athletes_csv("name,country,coach\nJane,KEN,Ann\n").unwrap();
    assert_eq!((updated.tally().updated, updated.tally().imported), (1, 0));
}

#[test]
fn what_goes_out_comes_in_again_unchanged() {
    let folder = folder();
    let db = open(&folder.path().join("meet.db"));
    let (importer, exporter) = (DataImportService::new(db.clone()), DataExportService::new(db.clone()));
    importer.import_athletes_csv(&people(1, 50)).unwrap();
    let csv = exporter.export_athletes_csv().unwrap();
    assert!(csv.starts_with("id,name,country,gender,email,phone,club,coach,bib_number,date_of_birth\r\n"));
    let again = importer.import_athletes_csv(&csv).unwrap().tally();
    assert_eq!((again.imported, again.updated, again.unchanged), (0, 0, 50));
    let all = exporter.export_all_json().unwrap();
    let other = open(&folder.path().join("other.db"));
    let restored = DataImportService::new(other.clone()).import_bulk_json(&all).unwrap();
    assert_eq!((restored.tally().imported, restored.outcome()), (50, Outcome::Success));
    let back = DataExportService::new(other).export_all_json().unwrap();
    let lists = |text: &str| sections(&serde_json::from_str(text).unwrap());
    assert_eq!(lists(&back), lists(&all));
}
