//! Text to records and cells.
//!
//! Our own splitter, because the policy is ours: CRLF, LF and lone CR end a record, mixed as they come; a quote opens a
//! cell only at its start; a quote that never closes spoils one line, not the rest of the file; and no line, however
//! long, grows memory beyond a limit. Buffers are reused: a record costs no allocation.

use std::io::{self, Read};

use crate::rules::text;

mod scan;

pub use scan::{FaultKind, MAX_CELL_CHARS, MAX_FIELDS, MAX_LINES};

use scan::{Field, Scan, Scanned};

/// Splits UTF-8 text into records.
pub struct Records<R> {
    scan: Scan<R>,
    /// Cells whose quotes had to be taken out, one behind the other.
    unquoted: String,
    /// Line at which the record starts, and the next one.
    line: u64,
    next_line: u64,
    /// Row of the last record as a spreadsheet shows it.
    row: u64,
}

/// One record, valid until the next is read.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// The row as a spreadsheet shows it, from 1; blank lines count, a cell with line breaks does not.
    pub row: u64,
    /// The physical line where the record starts, from 1.
    pub line: u64,
    text: &'a str,
    unquoted: &'a str,
    fields: &'a [Field],
}

/// What [`Records::advance`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A record, to be seen with [`Records::record`].
    Record,
    /// A record that cannot be taken.
    Fault(RecordFault),
    /// The text is at its end.
    End,
}

/// A record that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The row as a spreadsheet shows it.
    pub row: u64,
    /// The physical line where the record starts.
    pub line: u64,
    /// Number of the cell, from 0, where one is at fault.
    pub column: Option<usize>,
    /// The line as it came, for a file of refused rows; empty when it was too long to keep.
    pub raw: String,
}

impl<R: Read> Records<R> {
    /// Reads records from UTF-8 text (see [`Decoder`](super::encoding::Decoder)) with an ASCII delimiter.
    pub fn new(source: R, delimiter: u8) -> Records<R> {
        Records { scan: Scan::new(source, delimiter), unquoted: String::new(), line: 1, next_line: 1, row: 0 }
    }

    /// Goes to the next record, which [`record`](Records::record) then shows. A line end at the very end of the text
    /// starts no record.
    ///
    /// # Errors
    /// When the source fails.
    pub fn advance(&mut self) -> io::Result<Step> {
        let scanned = self.scan.next()?;
        self.line = self.next_line;
        let (kind, column, lines) = match scanned {
            Scanned::End => return Ok(Step::End),
            Scanned::Record { lines, has_quotes } => {
                self.row += 1;
                self.next_line += lines;
                if has_quotes {
                    self.scan.unquote(&mut self.unquoted)?;
                }
                return Ok(Step::Record);
            }
            Scanned::Fault { kind, column, lines } => (kind, column, lines),
        };
        self.row += 1;
        self.next_line += lines;
        let raw = String::from_utf8_lossy(self.scan.raw()).into_owned();
        Ok(Step::Fault(RecordFault { kind, row: self.row, line: self.line, column, raw }))
    }

    /// The record that [`advance`](Records::advance) has found.
    ///
    /// # Errors
    /// When the source turns out not to be UTF-8.
    pub fn record(&self) -> io::Result<Record<'_>> {
        let text = utf8(self.scan.raw())?;
        Ok(Record { row: self.row, line: self.line, text, unquoted: &self.unquoted, fields: self.scan.fields() })
    }

    /// Whether the record is a blank line, or has only cells that are empty or blank.
    pub fn is_blank(&self) -> bool {
        // Nearly every record starts with a letter or digit and is decided by its first byte.
        let is_plain = self.scan.raw().first().is_some_and(u8::is_ascii_alphanumeric);
        !is_plain && self.record().is_ok_and(|record| record.cells().all(is_blank_cell))
    }

    /// Whether the first two cells of the record are filled, by a look at its bytes.
    pub(super) fn starts_filled(&self) -> bool {
        let raw = self.scan.raw();
        let is_plain = |field: &scan::Field| raw.get(field.start).is_some_and(u8::is_ascii_alphanumeric);
        let fields = self.scan.fields();
        fields.len() >= 2
            && fields[..2].iter().all(|field| !field.is_unquoted && field.end > field.start && is_plain(field))
    }

    /// The row of the last record, from 1, as a spreadsheet shows it.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// The source, to ask what it has seen.
    pub fn source(&self) -> &R {
        self.scan.source()
    }
}

impl<'a> Record<'a> {
    /// Number of cells; a blank line has one.
    pub fn width(&self) -> usize {
        self.fields.len()
    }

    /// The cell with this number, from 0, without its quotes and otherwise untouched.
    pub fn cell(&self, index: usize) -> Option<&'a str> {
        let field = self.fields.get(index)?;
        let text = if field.is_unquoted { self.unquoted } else { self.text };
        Some(&text[field.start..field.end])
    }

    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.width()).filter_map(|index| self.cell(index))
    }

    /// The record as it came, with its quotes and inner line ends, without the last line end.
    pub fn raw(&self) -> &'a str {
        self.text
    }
}

fn is_blank_cell(cell: &str) -> bool {
    cell.chars().all(|c| c.is_whitespace() || text::is_unseen(c))
}

fn utf8(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the text is not UTF-8"))
}

#[cfg(test)]
mod tests;
