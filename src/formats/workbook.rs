//! A sheet of an Excel workbook as CSV text, to be read like any CSV file.
//!
//! Every row of the sheet becomes one record, so row numbers stay those that the spreadsheet shows. Dates become ISO
//! dates, numbers plain decimals, and a mark that was turned into a fraction of a day becomes a mark again. Macros, links
//! and formulas are left alone: of a formula the stored result counts.
//!
//! A workbook is a zip full of XML and comes from strangers. The guard inflates all of it through a counter before the
//! reader of cells sees it, and refuses what would make that reader take memory without end.

use std::fs::File;
use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::records::MAX_CELL_CHARS;
use super::table::Note;
use crate::rules::text::excerpt;

mod book;
mod choose;
mod csv_text;
mod error;
mod facts;
mod guard;
mod scan;
mod value;

pub use error::WorkbookError;

use book::{Book, Reading};
use choose::Chosen;
use csv_text::CsvText;
use facts::{Count, Part};

/// What is read at most.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Entries of the zip.
    pub entries: usize,
    /// Bytes of all entries when they are inflated.
    pub unpacked_bytes: u64,
    /// How many times larger than packed an entry above 1 MiB may be.
    pub ratio: u64,
    /// Rows below the header.
    pub rows: u64,
    /// Columns with a value in them.
    pub columns: usize,
    /// Characters of a cell. Of a longer one so many and two more are kept: the reader of the CSV text then refuses its
    /// row as too long.
    pub cell_chars: usize,
    /// Time for all of it.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            entries: 500,
            unpacked_bytes: 256 << 20,
            ratio: 200,
            rows: 200_000,
            columns: 200,
            cell_chars: MAX_CELL_CHARS,
            time: Duration::from_secs(60),
        }
    }
}

/// What was read of a workbook.
#[derive(Debug)]
pub struct Sheet {
    /// The name of the (first) sheet that was read.
    pub name: String,
    /// Its rows as CSV text in a file without a name, at its start: UTF-8, commas, a line feed behind every record. Read
    /// it with this encoding and delimiter, not with detected ones.
    pub file: File,
    /// Records of the text: the number of the last row with a value in it.
    pub rows: u64,
    /// Which sheet it is, hidden rows, formulas without a result, cells that were taken as blank.
    pub notes: Vec<Note>,
}

/// Reads the sheet that holds the list: the first visible one with a row, among its first fifteen, that `fits` takes for a
/// header, else the first one with a value. Further sheets with the same header follow it in the same text.
///
/// # Errors
/// [`WorkbookError`], whose text may be shown as it is.
pub fn read<S: Read + Seek>(
    source: &mut S,
    limits: &Limits,
    fits: impl Fn(&[String]) -> bool,
) -> Result<Sheet, WorkbookError> {
    let deadline = Deadline::after(limits.time);
    let facts = guard::check(source, limits, &deadline)?;
    let mut book = Book::open(source)?;
    let look = Reading { limits, deadline: &deadline, is_strict: false };
    let choice = choose::choose(&mut book, &look, fits)?;
    let reading = Reading { is_strict: true, ..look };
    let mut notes = choice.notes;
    let mut text = CsvText::new()?;
    let is_alone = choice.sheets.len() == 1;
    let header_row = choice.sheets.first().map_or(0, |first| first.header_row);
    for (index, chosen) in choice.sheets.iter().enumerate() {
        // The header is there already when the second sheet comes.
        let skipped = if index == 0 { 0 } else { chosen.header_row };
        let place = Place { skipped, rows_before: text.rows };
        let refused = append(&mut book, chosen, &place, &mut text, header_row, &reading)?;
        if index > 0 && text.rows > place.rows_before {
            notes.push(place.note(&chosen.sheet.name));
        }
        let name = (!is_alone).then_some(chosen.sheet.name.as_str());
        notes.extend(sheet_notes(facts.of_sheet(chosen.sheet.index), &refused, &place, name));
    }
    let (file, rows) = text.finish()?;
    let first = choice.sheets.into_iter().next().ok_or(WorkbookError::NoValues)?;
    Ok(Sheet { name: first.sheet.name, file, rows, notes })
}

/// Writes the rows of a sheet behind those before it.
fn append<S: Read + Seek>(
    book: &mut Book<&mut S>,
    chosen: &Chosen,
    place: &Place,
    text: &mut CsvText,
    header_row: u64,
    reading: &Reading<'_>,
) -> Result<Count, WorkbookError> {
    let name = &chosen.sheet.name;
    book.rows(name, reading, |row, cells| {
        if let Some(number) = place.record_of(row) {
            if number.saturating_sub(header_row) > reading.limits.rows {
                return Err(WorkbookError::TooManyRows { sheet: name.clone(), max: reading.limits.rows });
            }
            text.row(number, cells).map_err(WorkbookError::Io)?;
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// Where the rows of a sheet stand in the text.
struct Place {
    /// Rows of the sheet up to this one are left out.
    skipped: u64,
    rows_before: u64,
}

impl Place {
    fn record_of(&self, row: u64) -> Option<u64> {
        (row > self.skipped).then(|| row - self.skipped + self.rows_before)
    }

    fn note(&self, name: &str) -> Note {
        let (row, record) = (self.skipped + 1, self.rows_before + 1);
        let name = excerpt(name, 40);
        let message = format!("Row numbers go on through the sheets: row {row} of '{name}' is row {record} here");
        Note { code: "sheet", row: Some(record), message }
    }
}

/// What is worth telling about the rows and cells of one sheet. It is named where there are several.
fn sheet_notes(part: Option<&Part>, refused: &Count, place: &Place, sheet: Option<&str>) -> Vec<Note> {
    let of_sheet = sheet.map(|name| format!(" of '{}'", excerpt(name, 40))).unwrap_or_default();
    let mut notes = Vec::new();
    let mut tell = |code, count: &Count, one: &str, many: &str| {
        if count.count == 0 {
            return;
        }
        let first = excerpt(&count.first, 20);
        let mut message = format!("{} {}", count.count, if count.count == 1 { one } else { many });
        if !first.is_empty() {
            message += &format!("; the first is {first}{of_sheet}");
        }
        let row = first.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok();
        notes.push(Note { code, row: row.and_then(|row| place.record_of(row)), message });
    };
    if let Some(part) = part {
        tell("hidden_row", &part.hidden, "hidden row was read too", "hidden rows were read too");
        tell(
            "formula_without_value",
            &part.unvalued,
            "formula has no stored result and is taken as blank",
            "formulas have no stored result and are taken as blank",
        );
    }
    tell(
        "blanked_cell",
        refused,
        "cell with TRUE, FALSE or an error such as #REF! is taken as blank",
        "cells with TRUE, FALSE or an error such as #REF! are taken as blank",
    );
    notes
}

/// The moment at which reading is given up.
struct Deadline {
    end: Option<Instant>,
    seconds: u64,
}

impl Deadline {
    fn after(time: Duration) -> Deadline {
        Deadline { end: Instant::now().checked_add(time), seconds: time.as_secs() }
    }

    fn check(&self) -> Result<(), WorkbookError> {
        if self.end.is_some_and(|end| Instant::now() > end) {
            return Err(WorkbookError::TooSlow { seconds: self.seconds });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
