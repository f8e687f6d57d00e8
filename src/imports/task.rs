//! What is imported, by whom, how.

use std::collections::HashMap;
use std::sync::Arc;

use super::kept::{KeepLimits, Packed};
use super::progress::Progress;
use super::refused::Form;
use super::sheet::Looked;
use super::{Dataset, Options, Source};
use crate::audit::Actor;
use crate::formats::format::Format;
use crate::http::idempotency::RequestKey;

/// An import as it was asked for.
pub struct Job {
    pub dataset: Dataset,
    pub format: Format,
    pub by: Actor,
    pub source: Source,
    pub options: Options,
    pub key: Option<RequestKey>,
    pub progress: Arc<Progress>,
    pub keep: KeepLimits,
    pub workbook: crate::formats::workbook::Limits,
}

/// What a run needs to know besides the rows.
pub struct Task {
    pub dataset: Dataset,
    pub format: Format,
    pub by: Actor,
    pub options: Options,
    pub key: Option<RequestKey>,
    pub progress: Arc<Progress>,
    pub keep: KeepLimits,
    /// Problems by kind and changes cell by cell are wanted.
    pub is_preview: bool,
    /// The file says that it is a whole export.
    pub is_export: bool,
    /// The highest id of its users.
    pub highest_user: i64,
    pub file_name: String,
    pub sha256: String,
    pub bytes: u64,
    /// About how many rows the file has.
    pub rows: u64,
    /// The file, to be kept.
    pub original: Option<Packed>,
    /// It holds passwords: neither the file nor its refused rows are kept.
    pub has_secrets: bool,
    /// How refused rows are written down.
    pub form: Form,
    /// Fields as the file calls them, for errors.
    pub headings: HashMap<String, String>,
    /// The headings of a table, by which its source is known again.
    pub source_headings: Option<Vec<String>>,
    /// How a table was understood.
    pub looked: Option<Looked>,
}

impl Job {
    /// Takes the job apart: the task, and the file with its rows.
    pub fn into_task(self) -> (Task, std::fs::File) {
        let task = Task {
            dataset: self.dataset,
            format: self.format,
            by: self.by,
            is_preview: self.options.is_preview,
            options: self.options,
            key: self.key,
            progress: self.progress,
            keep: self.keep,
            is_export: false,
            highest_user: 0,
            file_name: self.source.file_name,
            sha256: self.source.sha256,
            bytes: self.source.bytes,
            rows: self.source.lines,
            original: self.source.packed,
            has_secrets: false,
            form: Form::Json,
            headings: HashMap::new(),
            source_headings: None,
            looked: None,
        };
        (task, self.source.file)
    }
}

impl Task {
    /// The name of the file of refused rows.
    pub(super) fn refused_name(&self) -> String {
        let stem = self.file_name.rsplit_once('.').map_or(self.file_name.as_str(), |(stem, _)| stem);
        let extension = match self.form {
            Form::Sheet(_) => "csv",
            Form::Json => "ndjson",
        };
        format!("{stem}-errors.{extension}")
    }
}
