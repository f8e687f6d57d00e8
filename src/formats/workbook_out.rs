//! Writing Excel workbooks, row by row in constant memory.
//!
//! Text is written as text, so that no cell is a formula for the program that opens it. The caller still defuses it
//! ([`defuse`](super::csv_out::defuse)), because the sheet may be saved as CSV one day. Control characters, which XML
//! cannot hold, are written with Excel's own escape and read back as they were; only a NUL does not come back.

use std::fs::File;
use std::io::{self, BufWriter, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::rules::text;

/// Rows of a sheet below its header; Excel has 1,048,576 in all.
const DATA_ROWS: u32 = 1_048_575;
/// The longest text of a cell, in UTF-16 units.
const CELL_UNITS: usize = 32_767;
/// Excel's limits on the name of a sheet.
const NAME_UNITS: usize = 31;
const NARROWEST: usize = 9;
const WIDEST: usize = 40;

/// One cell to write.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Text, also where it looks like a number or a formula.
    Text(&'a str),
    /// A number; a number that is none is left blank.
    Number(f64),
    /// Nothing.
    Empty,
}

/// Writes a workbook cell by cell.
pub struct WorkbookWriter {
    workbook: Workbook,
    bold: Format,
    /// The sheet as the caller names it, its headings, and on how many sheets it stands by now.
    name: String,
    headings: Vec<String>,
    pages: usize,
    /// Names of all sheets, in lower case: Excel tells them apart without case.
    names: Vec<String>,
    row: u32,
    column: u16,
    rows_a_sheet: u32,
}

impl WorkbookWriter {
    /// Starts a workbook with its first sheet and the header of that.
    ///
    /// # Errors
    /// When the temporary file cannot be written, or a heading is too long for a cell.
    pub fn new(sheet: &str, headings: &[&str]) -> io::Result<WorkbookWriter> {
        WorkbookWriter::with_rows(sheet, headings, DATA_ROWS)
    }

    fn with_rows(sheet: &str, headings: &[&str], rows_a_sheet: u32) -> io::Result<WorkbookWriter> {
        let mut writer = WorkbookWriter {
            workbook: Workbook::new(),
            bold: Format::new().set_bold(),
            name: String::new(),
            headings: Vec::new(),
            pages: 0,
            names: Vec::new(),
            row: 0,
            column: 0,
            rows_a_sheet,
        };
        writer.sheet(sheet, headings)?;
        Ok(writer)
    }

    /// Starts the next sheet. A name that Excel does not take, or that is there already, is changed a little.
    ///
    /// # Errors
    /// Those of [`new`](WorkbookWriter::new).
    pub fn sheet(&mut self, name: &str, headings: &[&str]) -> io::Result<()> {
        self.end_sheet()?;
        self.name = name.to_owned();
        self.headings = headings.iter().map(|&heading| heading.to_owned()).collect();
        self.pages = 0;
        self.start_page()
    }

    /// Writes the next cell of the row.
    ///
    /// # Errors
    /// When the text is longer than a cell of Excel may be, when the row has too many cells, or when the temporary file
    /// cannot be written.
    pub fn cell(&mut self, cell: Cell<'_>) -> io::Result<()> {
        if self.row > self.rows_a_sheet {
            self.end_sheet()?;
            self.start_page()?;
        }
        let (row, column) = (self.row, self.column);
        match cell {
            Cell::Text(text) => {
                if is_too_long(text) {
                    return Err(too_long(&self.headings, row, usize::from(column)));
                }
                caught(|| self.page()?.write_string(row, column, text).map(drop))?;
            }
            Cell::Number(number) if number.is_finite() => {
                caught(|| self.page()?.write_number(row, column, number).map(drop))?;
            }
            Cell::Number(_) | Cell::Empty => {}
        }
        self.column = column.checked_add(1).ok_or_else(|| io::Error::other("the row has too many cells"))?;
        Ok(())
    }

    /// Ends the row.
    ///
    /// # Errors
    /// Those of [`cell`](WorkbookWriter::cell).
    pub fn end_row(&mut self) -> io::Result<()> {
        self.row += 1;
        self.column = 0;
        Ok(())
    }

    /// Completes the workbook and gives it out as a file without a name, at its start.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(mut self) -> io::Result<File> {
        self.end_sheet()?;
        let mut out = BufWriter::with_capacity(64 * 1024, tempfile::tempfile()?);
        caught(|| self.workbook.save_to_writer(&mut out))?;
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }

    /// The sheet on which rows are written now.
    fn page(&mut self) -> Result<&mut Worksheet, XlsxError> {
        self.workbook.worksheet_from_index(self.names.len().saturating_sub(1))
    }

    /// Starts a sheet with the present name and headings; from the second on a number is behind the name.
    fn start_page(&mut self) -> io::Result<()> {
        self.pages += 1;
        let name = free_name(&self.name, self.pages, &self.names);
        self.names.push(name.to_lowercase());
        (self.row, self.column) = (1, 0);
        if let Some(column) = self.headings.iter().position(|heading| is_too_long(heading)) {
            return Err(too_long(&self.headings, 0, column));
        }
        caught(|| {
            let page = self.workbook.add_worksheet_with_constant_memory()?;
            page.set_name(name)?.set_freeze_panes(1, 0)?;
            for (column, heading) in (0..).zip(&self.headings) {
                page.write_string_with_format(0, column, heading, &self.bold)?;
                // The values are not known yet; a heading is rarely much shorter than they are.
                let width = (heading.chars().count() + 4).clamp(NARROWEST, WIDEST);
                page.set_column_width(column, width as f64)?;
            }
            Ok(())
        })
    }

    /// Puts the filter over the rows, now that their number is known.
    fn end_sheet(&mut self) -> io::Result<()> {
        let Some(last_column) = self.headings.len().checked_sub(1) else { return Ok(()) };
        let last_column = u16::try_from(last_column).map_err(io::Error::other)?;
        // A row that was begun counts, one that was only announced does not.
        let last_row = if self.column > 0 { self.row } else { self.row - 1 };
        caught(|| self.page()?.autofilter(0, 0, last_row, last_column).map(drop))
    }
}

/// A name that Excel takes and that is not taken: without `[]:*?/\`, without apostrophes at its ends, at most 31 long.
fn free_name(name: &str, page: usize, taken: &[String]) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
    let name = match name.trim_matches(['\'', ' ']) {
        // Reserved by Excel for its own use.
        name if name.eq_ignore_ascii_case("history") => "History sheet",
        "" => "Sheet",
        name => name,
    };
    let numbered = |number: usize| {
        let number = if number > 1 { format!(" {number}") } else { String::new() };
        let mut kept = name.to_owned();
        while kept.encode_utf16().count() + number.len() > NAME_UNITS {
            kept.pop();
        }
        kept.truncate(kept.trim_end_matches(['\'', ' ']).len());
        kept + &number
    };
    (page..).map(numbered).find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default()
}

fn is_too_long(text: &str) -> bool {
    text.len() > CELL_UNITS && text.encode_utf16().count() > CELL_UNITS
}

fn too_long(headings: &[String], row: u32, column: usize) -> io::Error {
    let column = match headings.get(column) {
        Some(heading) => format!("'{}'", text::excerpt(heading, 40)),
        None => (column + 1).to_string(),
    };
    let message = format!(
        "Row {}, column {column}: the text is longer than the {CELL_UNITS} characters of an Excel cell. Export as CSV",
        row + 1
    );
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Runs the library, which panics where its own temporary file cannot be written: on a full disk.
fn caught<T>(write: impl FnOnce() -> Result<T, XlsxError>) -> io::Result<T> {
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(XlsxError::IoError(error))) => Err(error),
        Ok(Err(error)) => Err(io::Error::other(error)),
        Err(_) => Err(io::Error::other("the temporary file of the workbook could not be written")),
    }
}

#[cfg(test)]
mod tests;
