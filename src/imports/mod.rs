//! Imports: whatever a club sends, checked row by row, matched with what is stored, undoable.
//!
//! | module | job |
//! |---|---|
//! | [`dataset`], [`options`] | what is imported, and how |
//! | [`source`], [`upload`] | the file, spooled to disk |
//! | [`sheet`], [`people`], [`tables`], [`fields`], [`members`], [`entries`] | rows of CSV text and workbooks |
//! | [`document`], [`lines`] | rows of JSON documents, and of one object a line |
//! | [`row`], [`references`], [`links`] | a row as members, and what it refers to |
//! | [`matching`] | which stored row an incoming one is |
//! | [`apply`] | one row: new, updated, unchanged, skipped or refused |
//! | [`feed`], [`run`], [`slice`], [`ending`] | the whole: threads, transactions, history, audit |
//! | [`progress`] | how far it is, and how it is stopped |
//! | [`preview`], [`findings`], [`proposals`] | what it would do, and what would mend it |
//! | [`place`], [`report`], [`history`], [`kept`], [`refused`], [`remembered`] | what is left of it |
//! | [`undo`] | taking an import back, also one that a crash has interrupted |

mod apply;
mod dataset;
mod document;
mod ending;
mod entries;
mod feed;
mod fields;
mod findings;
mod history;
mod kept;
mod lines;
mod links;
mod matching;
mod members;
mod options;
mod people;
mod place;
mod preview;
mod progress;
mod proposals;
mod references;
mod refused;
mod remembered;
mod report;
mod routes;
mod row;
mod run;
mod sheet;
mod slice;
mod source;
mod tables;
mod task;
mod template;
mod undo;
mod upload;

use std::io;
use std::sync::Arc;

pub use dataset::Dataset;
pub use history::unfinished;
pub use kept::KeepLimits;
pub use options::{Mode, OnDuplicate, Options, delimiter};
pub use place::RowError;
pub use progress::{Phase, Progress, Registry, Snapshot};
pub use report::{Outcome, Report, Tally};
pub use routes::routes;
pub use source::Source;
pub use task::Job;
pub use undo::{Back, UndoError, recover, undo};

use task::Task;

use crate::audit::Actor;
use crate::db::{Db, DbError, Entity};
use crate::formats::format::Format;
use crate::formats::table::TableOptions;
use crate::formats::workbook;
use crate::http::error::ApiError;
use crate::http::reply::Reply;
use crate::rules::text;
use run::Ended;
use sheet::Looked;

/// Imports a file, with the console as its user. Blocks until all is done; `watch` gets its progress at the start.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used. Refused rows are in the report.
pub fn import(
    db: &Db,
    (dataset, format): (Dataset, Format),
    source: Source,
    options: &Options,
    watch: impl FnOnce(Arc<Progress>),
) -> Result<Report, ImportError> {
    let progress = Registry::default().enter(db, source.bytes)?;
    watch(progress.clone());
    let job = Job {
        progress: progress.clone(),
        dataset,
        format,
        by: Actor::console(),
        source,
        options: options.clone(),
        key: None,
        keep: KeepLimits::default(),
        workbook: workbook::Limits::default(),
    };
    let ended = perform(db, job);
    progress.enter(phase_of(&ended));
    match ended? {
        Ended::Done(run) => Ok(run.report()),
        Ended::Replayed(_) => Err(ImportError::KeyReused),
    }
}

/// As [`import`], answering as the API does; a repeated request is answered from memory.
fn answer(db: &Db, job: Job) -> Result<Reply, ImportError> {
    Ok(match perform(db, job)? {
        Ended::Done(run) => run.report().reply(),
        Ended::Replayed(reply) => reply,
    })
}

/// How an import has ended.
fn phase_of<T>(ended: &Result<T, ImportError>) -> Phase {
    match ended {
        Ok(_) => Phase::Done,
        Err(ImportError::Cancelled) => Phase::Cancelled,
        Err(_) => Phase::Failed,
    }
}

/// Runs a job. Whoever calls it tells its progress how it has ended, when everything else is told.
fn perform(db: &Db, job: Job) -> Result<Ended, ImportError> {
    let (dataset, format, limits) = (job.dataset, job.format, job.workbook.clone());
    let (mut task, file) = job.into_task();
    match (dataset, format) {
        (Dataset::Rows(entity), Format::Csv | Format::Xlsx) => {
            let sheet = sheet::open(db, &mut task, file, &limits, table_options(entity))?;
            match entity {
                Entity::Athletes => people::import(db, task, sheet),
                _ => tables::import(db, task, entity, sheet),
            }
        }
        (Dataset::Rows(entity), Format::Json) => document::import_rows(db, task, entity, file),
        (Dataset::Rows(entity), Format::Ndjson) => lines::import(db, task, entity, file),
        (Dataset::Bulk, Format::Json) => document::import_bulk(db, task, file),
        (Dataset::Bulk, Format::Csv | Format::Ndjson | Format::Xlsx) => {
            let detail = "Several kinds of rows together come as JSON; the other formats hold one kind of rows";
            Err(ImportError::unusable("unknown-format", "Unknown format", detail))
        }
    }
}

/// What a table of one kind of rows may look like.
fn table_options(entity: Entity) -> TableOptions {
    let today = crate::time::today();
    match (entity, fields::of(entity)) {
        (Entity::Athletes, _) | (_, None) => TableOptions::athletes(today),
        (_, Some(fields)) => TableOptions {
            known: fields.known(),
            takes_event_columns: entity == Entity::Registrations,
            ..TableOptions::new(today, fields.required)
        },
    }
}

/// Why a file as a whole could not be imported. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be used; the sentence says what was expected and what was found.
    #[error("{detail}")]
    Unusable { code: &'static str, title: &'static str, detail: String },
    /// The table lacks columns, as far as its headings say; somebody may match them by hand.
    #[error("{detail}")]
    Columns { detail: String, missing: Vec<&'static str>, found: Vec<String>, looked: Option<Box<Looked>> },
    #[error("the file could not be read: {0}")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Db(#[from] DbError),
    /// The key of the request was used for another one.
    #[error("This Idempotency-Key was used before, with another request")]
    KeyReused,
    /// Somebody stopped it.
    #[error("The import was stopped; nothing of it is stored")]
    Cancelled,
}

/// Headings that are named when none of them is the right one: a file may be one long line.
const MAX_FOUND: usize = 200;

impl ImportError {
    pub fn unusable(code: &'static str, title: &'static str, detail: impl Into<String>) -> ImportError {
        ImportError::Unusable { code, title, detail: detail.into() }
    }
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> ImportError {
        ImportError::Db(error.into())
    }
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> ApiError {
        match error {
            ImportError::Unusable { code, title, detail } => ApiError::bad_request(code, detail).titled(title),
            ImportError::Columns { ref detail, ref missing, ref found, .. } => {
                let found: Vec<_> = found.iter().take(MAX_FOUND).map(|heading| text::excerpt(heading, 200)).collect();
                ApiError::bad_request("unusable-file", detail.clone())
                    .titled("The file cannot be imported")
                    .with("missing", missing)
                    .with("found", found)
            }
            ImportError::Io(cause) if cause.kind() == io::ErrorKind::StorageFull => DbError::DiskFull.into(),
            ImportError::Io(cause) => ApiError::internal(cause),
            ImportError::Db(error) => error.into(),
            ImportError::KeyReused => crate::records::RecordError::KeyReused.into(),
            ImportError::Cancelled => ApiError::conflict("import-stopped", error.to_string()),
        }
    }
}
