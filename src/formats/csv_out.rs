//! Writing CSV: UTF-8, RFC 4180, `\r\n`, quoted only where needed, and safe to open in a spreadsheet.
//!
//! A spreadsheet runs a cell that starts with `=`, `+`, `-`, `@` (or their full-width forms), TAB or CR as a formula.
//! Such a cell gets an apostrophe in front ([`defuse`]), and a cell that already starts with apostrophes before such a
//! character gets one more, so that [`undefuse`] gives back exactly what was written. So does a cell with a word that
//! stands for nothing in the lists of clubs (`n/a`, `none`): here it is what somebody has written.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::rules::text;

/// Writes records of text cells. Give it a buffered writer.
pub struct CsvWriter<W: Write> {
    csv: csv::Writer<W>,
}

const BUFFER: usize = 64 * 1024;

/// What is written in front of UTF-8 for programs that would take it for Windows-1252.
pub const BOM: &str = "\u{feff}";

impl<W: Write> CsvWriter<W> {
    /// Starts a file; with `bom` it starts with a byte order mark.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut out: W, bom: bool) -> io::Result<CsvWriter<W>> {
        if bom {
            out.write_all(BOM.as_bytes())?;
        }
        let csv = csv::WriterBuilder::new()
            .buffer_capacity(BUFFER) // as large as the chunks of a download: those pass without being copied again
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(out);
        Ok(CsvWriter { csv })
    }

    /// Writes one cell of text, defused and quoted where needed.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn cell(&mut self, text: &str) -> io::Result<()> {
        Ok(self.csv.write_field(defuse(text).as_bytes())?)
    }

    /// Ends the record.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn end_row(&mut self) -> io::Result<()> {
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }

    /// Writes a whole record. A single empty cell is quoted, because a blank line is no record.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
        for cell in cells {
            self.cell(cell.as_ref())?;
        }
        self.end_row()
    }

    /// Flushes and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.csv.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

/// The text with an apostrophe in front if a spreadsheet would run it, or an import would take it for nothing. Numbers
/// (`-1.2`) and telephone numbers (`+254 555 0100`) stay as they are.
pub fn defuse(text: &str) -> Cow<'_, str> {
    let is_formula = starts_formula(text) && !is_number_or_phone(text);
    if is_formula || stands_for_nothing(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`defuse`] was given.
pub fn undefuse(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if starts_formula(rest) || rest.is_empty() || stands_for_nothing(rest) => rest,
        Some(_) | None => text,
    }
}

/// Whether the text, behind any apostrophes, is a word for nothing; no text at all is none.
fn stands_for_nothing(text: &str) -> bool {
    !text.is_empty() && text::blank(text.trim_start_matches('\''))
}

/// Whether the text, behind any apostrophes, starts with a character that makes a formula.
pub fn starts_formula(text: &str) -> bool {
    // Most text is decided by its first byte.
    match text.as_bytes().first() {
        None => false,
        Some(b'\'') => starts_formula_char(text.trim_start_matches('\'')),
        Some(_) => starts_formula_char(text),
    }
}

fn starts_formula_char(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => true,
        Some(0xef) => text.starts_with(['\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']),
        Some(_) | None => false,
    }
}

/// A sign and digits with one decimal mark, or a telephone number: one plus sign, digits, blanks, `-`, `.`, `/`, brackets.
fn is_number_or_phone(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['+', '-']) else { return false };
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let others = rest.bytes().filter(|byte| !byte.is_ascii_digit());
    let is_number = digits > 0 && others.clone().count() <= 1 && others.clone().all(|byte| matches!(byte, b'.' | b','));
    let is_phone = text.starts_with('+') && digits >= 3 && others.clone().all(|byte| b" -/.()".contains(&byte));
    is_number || is_phone
}

#[cfg(test)]
mod tests;
