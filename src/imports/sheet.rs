//! A table, from CSV text or from a workbook: opened, judged, its columns matched.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::sync::Arc;

use super::feed::Feeder;
use super::refused::{ERROR_COLUMN, Form, SheetForm};
use super::remembered::{self, Mapping};
use super::{ImportError, Options, Task};
use crate::db::{Db, DbError};
use crate::formats::encoding::Encoding;
use crate::formats::format::Format;
use crate::formats::headings;
use crate::formats::table::{Row, RowFault, Survey, TableError, TableOptions};
use crate::formats::workbook::{self, WorkbookError};
use crate::rules::text;

/// A table whose rows can be read.
#[derive(Debug)]
pub struct Sheet {
    pub file: File,
    pub survey: Arc<Survey>,
    /// What is worth telling about the workbook.
    pub notes: Vec<String>,
}

impl Sheet {
    /// Feeds every row by `take`, and what cannot be taken as one as `refused`. Answers what is worth telling.
    ///
    /// # Errors
    /// Those of the file, and when the import ended before it.
    pub fn feed<P>(
        self,
        feeder: &mut Feeder<P>,
        mut take: impl FnMut(&mut Feeder<P>, &Row<'_>, u64) -> Result<(), ImportError>,
        refused: impl Fn(&RowFault) -> P,
    ) -> Result<Vec<String>, ImportError> {
        let mut rows = self.survey.rows(self.file)?;
        let mut bytes = 0;
        while let Some(read) = rows.read()? {
            match read {
                Ok(row) => take(feeder, &row, bytes)?,
                Err(fault) => feeder.row(&fault.raw, bytes, refused(&fault))?,
            }
            bytes = rows.bytes_read();
        }
        let notes = self.survey.notes.iter().cloned().chain(rows.notes()).map(|note| note.message);
        Ok(self.notes.into_iter().chain(notes).collect())
    }
}

/// How a table was understood, for somebody who looks before the import.
#[derive(Debug)]
pub struct Looked {
    pub survey: Arc<Survey>,
    /// Name of the sheet of a workbook.
    pub sheet: Option<String>,
    /// The columns are read as somebody has matched them before.
    pub is_remembered: bool,
}

/// Opens the table of a task, whose headings and form of refused rows it sets.
///
/// # Errors
/// [`ImportError::Unusable`] when it is none, or lacks columns.
pub fn open(
    db: &Db,
    task: &mut Task,
    mut file: File,
    limits: &workbook::Limits,
    mut wanted: TableOptions,
) -> Result<Sheet, ImportError> {
    let (mut name, mut notes) = (None, Vec::new());
    wanted.mapping = task.options.mapping.clone().unwrap_or_default();
    wanted.patches = task.options.patches.clone();
    if task.format == Format::Xlsx {
        let sheet =
            workbook::read(&mut file, limits, |cells| Survey::is_header(cells, &wanted)).map_err(no_workbook)?;
        file = sheet.file;
        task.rows = sheet.rows;
        name = Some(sheet.name);
        notes.extend(sheet.notes.into_iter().map(|note| note.message));
        // What was made of the workbook is known.
        (wanted.encoding, wanted.delimiter) = (Some(Encoding::Utf8), Some(b','));
    } else {
        set_by_hand(&mut wanted, &task.options)?;
    }
    let (survey, is_remembered) = match survey(db, task, &mut file, &mut wanted) {
        Ok(found) => found,
        Err(Unread::Table(TableError::Columns { message, missing, found })) => {
            let looked = blindly(&mut file, &wanted, &found, name);
            return Err(ImportError::Columns { detail: message, missing, found, looked });
        }
        Err(Unread::Table(TableError::Io(error))) => return Err(error.into()),
        Err(Unread::Table(other)) => return Err(unusable(&other)),
        Err(Unread::Db(error)) => return Err(error.into()),
    };
    file.seek(SeekFrom::Start(0))?;
    task.rows = task.rows.saturating_sub(survey.header_line);
    if is_remembered {
        notes.push("The columns were matched as last time for a file with these headings".into());
    }
    task.has_secrets = !survey.columns_of("password").is_empty();
    task.form = Form::Sheet(form(&survey, task.format));
    task.headings = names_of(&survey);
    let survey = Arc::new(survey);
    task.looked = Some(Looked { survey: survey.clone(), sheet: name, is_remembered });
    task.source_headings = Some(survey.columns.iter().map(|column| column.heading.clone()).collect());
    Ok(Sheet { file, survey, notes })
}

/// Judges the table; without a mapping of the caller's as somebody has matched its columns before.
fn survey(db: &Db, task: &Task, file: &mut File, wanted: &mut TableOptions) -> Result<(Survey, bool), Unread> {
    let first = Survey::of(file, wanted);
    if task.options.mapping.is_some() {
        return Ok((first?, false));
    }
    let headings = match &first {
        Ok(survey) => survey.columns.iter().map(|column| column.heading.clone()).collect(),
        Err(TableError::Columns { found, .. }) => found.clone(),
        Err(_) => Vec::new(),
    };
    let dataset = task.dataset.name();
    let remembered = db.read_blocking(move |conn| remembered::find(conn, dataset, &headings))?;
    match remembered {
        Some(mapping) => {
            wanted.mapping = known(mapping);
            Ok((Survey::of(file, wanted)?, true))
        }
        None => Ok((first?, false)),
    }
}

/// Why a table could not be judged.
enum Unread {
    Table(TableError),
    Db(DbError),
}

impl From<TableError> for Unread {
    fn from(error: TableError) -> Unread {
        Unread::Table(error)
    }
}

impl From<DbError> for Unread {
    fn from(error: DbError) -> Unread {
        Unread::Db(error)
    }
}

/// The table whatever its columns mean, for somebody who matches them by hand.
fn blindly(file: &mut File, wanted: &TableOptions, found: &[String], sheet: Option<String>) -> Option<Box<Looked>> {
    let mapping = found.iter().map(|heading| (heading.clone(), None)).collect();
    let survey = Survey::of(file, &TableOptions { required: &[], mapping, ..wanted.clone() }).ok()?;
    Some(Box::new(Looked { survey: Arc::new(survey), sheet, is_remembered: false }))
}

/// A field may have gone since the mapping was made.
fn known(mapping: Mapping) -> Mapping {
    let is_known = |field: &Option<String>| field.as_ref().is_none_or(|field| headings::chosen(field).is_some());
    mapping.into_iter().filter(|(_, field)| is_known(field)).collect()
}

fn set_by_hand(wanted: &mut TableOptions, options: &Options) -> Result<(), ImportError> {
    if let Some(name) = &options.encoding {
        let encoding = Encoding::from_label(name).ok_or_else(|| {
            let detail = format!(
                "The encoding '{}' is not known; known are utf-8, utf-16le, utf-16be, windows-1252",
                text::excerpt(name, 40)
            );
            ImportError::unusable("unknown-encoding", "Unknown encoding", detail)
        })?;
        wanted.encoding = Some(encoding);
    }
    wanted.delimiter = options.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    Ok(())
}

fn form(survey: &Survey, format: Format) -> SheetForm {
    SheetForm {
        header: survey.header_text.clone(),
        columns: survey.columns.len(),
        delimiter: survey.delimiter,
        encoding: survey.detected.encoding,
        // A spreadsheet program knows UTF-8 by its mark.
        has_mark: survey.detected.mark > 0 || format == Format::Xlsx,
        had_errors: survey.columns.last().is_some_and(|last| headings::normalise(&last.heading) == ERROR_COLUMN),
    }
}

/// The first heading of each field.
fn names_of(survey: &Survey) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for column in &survey.columns {
        if let Some(field) = column.field {
            names.entry(field.to_owned()).or_insert_with(|| column.heading.clone());
        }
    }
    names
}

fn unusable(error: &TableError) -> ImportError {
    ImportError::unusable("unusable-file", "The file cannot be imported", format!("{error}."))
}

fn no_workbook(error: WorkbookError) -> ImportError {
    match error {
        WorkbookError::Io(error) => ImportError::Io(error),
        other => ImportError::unusable("unusable-file", "The file cannot be imported", format!("{other}.")),
    }
}
