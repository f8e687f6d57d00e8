//! A file as a table: encoding, delimiter, header row and columns first ([`Survey::of`]), then its rows ([`Survey::rows`]).
//!
//! Both read the file from its start and keep no more of it than one record (and, for decisions about columns, short
//! excerpts of the first 200 rows).

use std::collections::BTreeMap;
use std::io::{self, Read, Seek};

use jiff::civil::Date;

use super::encoding::{self, Decoder, Detected, Encoding};
use super::headings::NameOrder;
use super::records::{Records, Step};
use crate::rules::language::Language;
use crate::rules::text;

mod columns;
mod delimiter;
mod error;
mod header;
mod patches;
mod rows;

pub use error::TableError;
pub use patches::{MemberPatches, Patch, Patches};
pub use rows::{Row, RowFault, Rows};

use patches::ColumnPatches;

/// Rows of which excerpts are kept for decisions about columns and for a preview.
pub const SAMPLE_ROWS: usize = 200;
/// Characters of a cell that are kept in the sample.
const SAMPLE_CHARS: usize = 64;

/// What headings of a list of athletes may mean. Those that have no place in it are known all the same, so that nobody
/// is told that they are strange.
const ATHLETE_FIELDS: &[&str] = &[
    "id",
    "name",
    "first_name",
    "middle_name",
    "last_name",
    "second_last_name",
    "gender",
    "date_of_birth",
    "year_of_birth",
    "age",
    "age_group",
    "country",
    "club",
    "club_code",
    "coach",
    "email",
    "phone",
    "bib_number",
    "license",
    "race",
    "event",
    "seed_mark",
    "pb",
    "sb",
    "relay_team",
    "heat",
    "lane",
    "status",
    "notes",
    "date",
    "location",
    "created_at",
    "updated_at",
    "photo_url",
    "user_id",
];

/// What a caller wants from a table, and what a person has chosen.
#[derive(Debug, Clone)]
pub struct TableOptions {
    /// Encoding chosen by a person.
    pub encoding: Option<Encoding>,
    /// Delimiter chosen by a person, one ASCII character.
    pub delimiter: Option<u8>,
    /// Columns chosen by a person: heading as written to field, or to `None` to leave the column out.
    pub mapping: BTreeMap<String, Option<String>>,
    /// The most columns.
    pub max_columns: usize,
    /// The date of the meet's computer, for dates of birth.
    pub today: Date,
    /// Fields without which the table is of no use; `name` is also given by `first_name` and `last_name`.
    pub required: &'static [&'static str],
    /// Fields that headings may mean; empty for all. It settles headings such as `race`.
    pub known: Vec<&'static str>,
    /// Headings that are events (`100m`, `LJ`) count as known: a table of entries may have a column for each.
    pub takes_event_columns: bool,
    /// Cells that a person has mended.
    pub patches: Patches,
}

impl TableOptions {
    /// Options for a table with these required fields, everything else detected.
    pub fn new(today: Date, required: &'static [&'static str]) -> TableOptions {
        TableOptions {
            encoding: None,
            delimiter: None,
            mapping: BTreeMap::new(),
            max_columns: 200,
            today,
            required,
            known: Vec::new(),
            takes_event_columns: false,
            patches: Patches::default(),
        }
    }

    /// Options for a list of athletes: `name` and `country` are required.
    pub fn athletes(today: Date) -> TableOptions {
        TableOptions { known: ATHLETE_FIELDS.to_vec(), ..TableOptions::new(today, &["name", "country"]) }
    }
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading as the user wrote it, trimmed.
    pub heading: String,
    /// The canonical field, or `None` when the column is not used.
    pub field: Option<&'static str>,
    /// Order of names, for the field `name`.
    pub order: NameOrder,
    /// How sure the field is, in per cent.
    pub confidence: u8,
    /// Why this field, in words for a person.
    pub reason: String,
}

/// Something worth telling that refuses nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Stable name: `unknown_column`, `nul_bytes_removed`, `blank_row` …
    pub code: &'static str,
    /// The first row it is about, where it is about rows.
    pub row: Option<u64>,
    /// A sentence for a person.
    pub message: String,
}

/// What is known about a table before its rows are read.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Encoding and size.
    pub detected: Detected,
    /// The delimiter.
    pub delimiter: u8,
    /// Row of the header as a spreadsheet shows it, from 1.
    pub header_row: u64,
    /// Physical line of the header, from 1.
    pub header_line: u64,
    /// The header as it came, without its line end.
    pub header_text: String,
    /// The columns from left to right.
    pub columns: Vec<Column>,
    /// Language of the headings.
    pub language: Language,
    /// What is worth telling about the columns.
    pub notes: Vec<Note>,
    /// The date given in the options.
    pub today: Date,
    /// Mended cells by column.
    patches: ColumnPatches,
    /// The first rows, cut to 64 characters a cell.
    sample: Vec<Vec<String>>,
    is_sample_whole: bool,
}

impl Survey {
    /// Judges a file from its start.
    ///
    /// # Errors
    /// [`TableError`], whose text may be shown as it is.
    pub fn of<S: Read + Seek>(source: &mut S, options: &TableOptions) -> Result<Survey, TableError> {
        let detected = encoding::detect(source, options.encoding)?;
        let delimiter = match options.delimiter {
            Some(delimiter) => delimiter,
            None => delimiter::find(source, &detected, options)?,
        };
        let header = header::find(source, &detected, delimiter, options)?;
        let mut survey = Survey {
            detected,
            delimiter,
            header_row: header.row,
            header_line: header.line,
            patches: options.patches.of_columns(&header.headings),
            header_text: header.raw,
            columns: header.headings.into_iter().map(Column::bare).collect(),
            language: Language::default(),
            notes: Vec::new(),
            today: options.today,
            sample: Vec::new(),
            is_sample_whole: false,
        };
        survey.take_sample(source)?;
        columns::resolve(&mut survey, options)?;
        Ok(survey)
    }

    /// Whether cells are a header for these options.
    pub fn is_header(cells: &[String], options: &TableOptions) -> bool {
        header::fit(cells.iter().map(String::as_str), options).is_header
    }

    /// The rows below the header, from a source of the same content.
    ///
    /// # Errors
    /// When the source fails.
    pub fn rows<S: Read + Seek>(&self, source: S) -> io::Result<Rows<'_, S>> {
        let mut records = Records::new(Decoder::new(source, &self.detected)?, self.delimiter);
        while records.row() < self.header_row && records.advance()? != Step::End {}
        Ok(Rows::new(self, records))
    }

    /// Columns of a field from left to right; where there are several the first value of a row counts.
    pub fn columns_of(&self, field: &str) -> Vec<usize> {
        (0..self.columns.len()).filter(|&index| self.columns[index].field == Some(field)).collect()
    }

    /// Excerpts of the first rows, for a preview.
    pub fn sample(&self) -> &[Vec<String>] {
        &self.sample
    }

    /// Whether the sample holds every row of the file.
    pub fn is_sample_whole(&self) -> bool {
        self.is_sample_whole
    }

    fn take_sample<S: Read + Seek>(&mut self, source: &mut S) -> Result<(), TableError> {
        let mut sample = Vec::new();
        let mut faults = 0;
        let mut rows = self.rows(source)?;
        let is_whole = loop {
            match rows.read()? {
                None => break true,
                Some(_) if sample.len() + faults == SAMPLE_ROWS => break false,
                Some(Ok(row)) => sample.push(row.cells().map(excerpt).collect::<Vec<String>>()),
                Some(Err(_)) => faults += 1,
            }
        };
        if sample.is_empty() && faults == 0 {
            return Err(TableError::NoRows { header_row: self.header_row });
        }
        self.sample = sample;
        self.is_sample_whole = is_whole;
        Ok(())
    }
}

fn excerpt(cell: &str) -> String {
    text::clean(cell).chars().take(SAMPLE_CHARS).collect()
}

impl Column {
    fn bare(heading: String) -> Column {
        Column { heading, field: None, order: NameOrder::AsWritten, confidence: 0, reason: String::new() }
    }
}

#[cfg(test)]
mod tests;
