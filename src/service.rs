//! The library's face: three services over one database file. The server's routes do the same through the same code.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;

use crate::athletes::Athlete;
use crate::db::{Access, Db, DbError, Entity, Files, OpenError};
use crate::exports::{self, ExportError, RowSet, Wanted};
use crate::formats::format::Format;
use crate::health::{self, Report, Status};
use crate::imports::{self, Dataset, ImportError, Options, Report as ImportReport, Source};

/// Checks a database: is it there, is it whole, how is it?
#[derive(Default)]
pub struct DatabaseValidator {
    file: Option<std::path::PathBuf>,
    db: Option<Db>,
}

impl DatabaseValidator {
    /// For `athsys.db` in the working directory.
    pub fn new() -> DatabaseValidator {
        DatabaseValidator::default()
    }

    pub fn for_file(file: &Path) -> DatabaseValidator {
        DatabaseValidator { file: Some(file.to_owned()), db: None }
    }

    fn files(&self) -> Files {
        Files::of(self.file.as_deref().unwrap_or(Path::new("athsys.db")))
    }

    /// True when the file is there and can be read.
    pub fn connect(&mut self) -> bool {
        self.db = Db::open(self.files(), Access::Beside).ok();
        self.db.is_some()
    }

    /// Which of the seven tables are there; all false when there is no connection.
    pub fn verify_tables(&self) -> BTreeMap<&'static str, bool> {
        let found = self.db.as_ref().and_then(|db| db.read_blocking(health::tables).ok());
        found.unwrap_or_else(|| Entity::TABLES.into_iter().map(|entity| (entity.table(), false)).collect())
    }

    /// Creates the file and the tables that are missing; answers the names of the new ones. Twice changes nothing.
    ///
    /// # Errors
    /// [`OpenError`] when the file cannot be opened, is no athsys database, or is in use.
    pub fn initialize_database(&mut self) -> Result<Vec<String>, OpenError> {
        let files = self.files();
        let before = Db::open(files.clone(), Access::Beside).ok();
        let was_there = before.as_ref().and_then(|db| db.read_blocking(health::tables).ok()).unwrap_or_default();
        drop(before);
        self.db = None;
        let db = Db::open(files, Access::Own)?;
        let mut created = db.write_blocking(|tx| crate::db::create_missing(tx.conn()))?;
        if was_there.is_empty() {
            created = Entity::TABLES.into_iter().map(|entity| entity.table().to_owned()).collect();
        }
        self.db = Some(db);
        Ok(created)
    }

    /// Status, tables and counts.
    pub fn check_health(&self) -> Report {
        match &self.db {
            Some(db) => health::examine(db),
            None => Report {
                status: Status::Unhealthy,
                connected: false,
                writable: false,
                tables: self.verify_tables(),
                record_counts: BTreeMap::new(),
                timestamp: crate::time::now(),
                reasons: vec!["there is no connection".into()],
            },
        }
    }
}

/// Imports text into a database, with the options of the API.
pub struct DataImportService {
    db: Db,
    options: Options,
}

impl DataImportService {
    /// For a database opened with [`Access::Own`].
    pub fn new(db: Db) -> DataImportService {
        DataImportService { db, options: Options::default() }
    }

    #[must_use]
    pub fn with_options(mut self, options: Options) -> DataImportService {
        self.options = options;
        self
    }

    /// # Errors
    /// [`ImportError`] when the file as a whole cannot be used; bad rows are in the report.
    pub fn import_athletes_csv(&self, csv_content: &str) -> Result<ImportReport, ImportError> {
        let source = Source::from_reader(&mut Cursor::new(csv_content), "athletes.csv")?;
        imports::import(&self.db, (Dataset::Rows(Entity::Athletes), Format::Csv), source, &self.options, drop)
    }

    /// A bare list, or `{"races": […]}`.
    ///
    /// # Errors
    /// As [`DataImportService::import_athletes_csv`].
    pub fn import_races_json(&self, json: &str) -> Result<ImportReport, ImportError> {
        let source = Source::from_reader(&mut Cursor::new(json), "races.json")?;
        imports::import(&self.db, (Dataset::Rows(Entity::Races), Format::Json), source, &self.options, drop)
    }

    /// Users, athletes, races, events, registrations and results in one document.
    ///
    /// # Errors
    /// As [`DataImportService::import_athletes_csv`].
    pub fn import_bulk_json(&self, multi_type_json: &str) -> Result<ImportReport, ImportError> {
        let source = Source::from_reader(&mut Cursor::new(multi_type_json), "bulk.json")?;
        imports::import(&self.db, (Dataset::Bulk, Format::Json), source, &self.options, drop)
    }
}

/// Exports a database.
pub struct DataExportService {
    db: Db,
}

impl DataExportService {
    pub fn new(db: Db) -> DataExportService {
        DataExportService { db }
    }

    /// # Errors
    /// When the database cannot be read.
    pub fn export_athletes_csv(&self) -> anyhow::Result<String> {
        self.text(|conn, out| Wanted::everything(const { &RowSet::of::<Athlete>() }, Format::Csv).write(conn, out))
    }

    /// # Errors
    /// When the database cannot be read.
    pub fn export_all_json(&self) -> anyhow::Result<String> {
        self.text(exports::all_json)
    }

    fn text(
        &self,
        write: impl FnOnce(&rusqlite::Connection, &mut dyn Write) -> Result<u64, ExportError>,
    ) -> anyhow::Result<String> {
        let reader = self.db.export_reader()?;
        let mut text = Vec::new();
        let outcome = write(&reader, &mut text);
        reader.execute_batch("ROLLBACK").map_err(DbError::from)?;
        outcome?;
        Ok(String::from_utf8(text)?)
    }
}
