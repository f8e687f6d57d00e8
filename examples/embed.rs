//! The engine without the server: a database checked, filled and exported by another program.
//!
//! ```text
//! cargo run --example embed
//! ```

use std::path::Path;

use athsys::db::{Access, Db, Files};
use athsys::imports::{OnDuplicate, Options};
use athsys::{DataExportService, DataImportService, DatabaseValidator};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("meet.db");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");

    // A validator looks at a file, and makes it when asked to.
    let mut validator = DatabaseValidator::for_file(&file);
    println!("connected before there is a file: {}", validator.connect());
    println!("tables created: {}", validator.initialize_database()?.join(", "));
    println!("all there: {}", validator.verify_tables().values().all(|present| *present));
    drop(validator); // it has the file for itself until now

    // One process writes; within it the handle may be cloned at will.
    let db = Db::open(Files::of(&file), Access::Own)?;
    let importer = DataImportService::new(db.clone());
    for sample in ["athletes-clean.csv", "athletes-duplicate-bibs.csv"] {
        let report = importer.import_athletes_csv(&std::fs::read_to_string(samples.join(sample))?)?;
        let tally = report.tally();
        println!("{sample}: {} imported, {} refused", tally.imported, tally.failed);
        report.account.refusals.sentences().iter().for_each(|sentence| println!("  {sentence}"));
    }
    let races = importer.import_races_json(&std::fs::read_to_string(samples.join("races.json"))?)?;
    println!("races.json: {} imported", races.tally().imported);

    // The options are those of the API. The races of this document are stored by now, so they are unchanged.
    let update = Options { on_duplicate: OnDuplicate::Update, ..Options::default() };
    let importer = importer.with_options(update);
    let bulk = importer.import_bulk_json(&std::fs::read_to_string(samples.join("bulk.json"))?)?;
    println!("bulk.json: {} imported, {} unchanged", bulk.tally().imported, bulk.tally().unchanged);

    let exporter = DataExportService::new(db.clone());
    let csv = exporter.export_athletes_csv()?;
    println!("athletes as CSV: {} lines", csv.lines().count());
    let again = importer.import_athletes_csv(&csv)?.tally();
    println!("and in again: {} new, {} unchanged", again.imported, again.unchanged);
    println!("everything as JSON: {} bytes", exporter.export_all_json()?.len());

    // Beside the process that writes others may look.
    let mut visitor = DatabaseValidator::for_file(&file);
    visitor.connect();
    let health = visitor.check_health();
    println!("{}: {:?}", health.status.as_str(), health.record_counts);
    Ok(())
}
