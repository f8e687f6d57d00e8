//! The sheet as CSV text: one record for every row, so that row numbers stay those of the sheet.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use crate::formats::records::MAX_CELL_CHARS;

/// The reader of CSV takes a quote that stays open for more lines as one that never closes.
const LINE_BREAKS: usize = 48;
/// It gives up sooner on a row longer than this when there are line breaks in it.
const LONG_ROW: usize = 256 * 1024;

/// Writes records into a file without a name.
pub(super) struct CsvText {
    out: BufWriter<File>,
    /// Records so far.
    pub rows: u64,
}

impl CsvText {
    pub fn new() -> io::Result<CsvText> {
        Ok(CsvText { out: BufWriter::with_capacity(64 * 1024, tempfile::tempfile()?), rows: 0 })
    }

    /// Writes a record as the row of this number, behind blank lines for the rows that were left out.
    pub fn row(&mut self, number: u64, cells: &[String]) -> io::Result<()> {
        while self.rows + 1 < number {
            self.out.write_all(b"\n")?;
            self.rows += 1;
        }
        let is_flat = is_flat(cells);
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.out.write_all(b",")?;
            }
            self.cell(cell, is_flat)?;
        }
        self.out.write_all(b"\n")?;
        self.rows += 1;
        Ok(())
    }

    fn cell(&mut self, text: &str, is_flat: bool) -> io::Result<()> {
        if !text.contains([',', '"', '\n', '\r']) {
            return self.out.write_all(text.as_bytes());
        }
        let flat = is_flat.then(|| text.replace(['\n', '\r'], " "));
        let text = flat.as_deref().unwrap_or(text);
        self.out.write_all(b"\"")?;
        for (index, piece) in text.split('"').enumerate() {
            if index > 0 {
                self.out.write_all(b"\"\"")?;
            }
            self.out.write_all(piece.as_bytes())?;
        }
        self.out.write_all(b"\"")
    }

    /// The file at its start, and the number of its records.
    pub fn finish(self) -> io::Result<(File, u64)> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok((file, self.rows))
    }
}

/// Whether line breaks become blanks, because with them the row would not be read as one record. Such a row has a cell
/// that is refused anyway, or notes that are longer than a page.
fn is_flat(cells: &[String]) -> bool {
    let breaks = |cell: &String| cell.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    let is_long = |cell: &String| cell.len() > MAX_CELL_CHARS && cell.chars().count() > MAX_CELL_CHARS;
    cells.iter().map(breaks).sum::<usize>() > LINE_BREAKS
        || cells.iter().map(String::len).sum::<usize>() > LONG_ROW
        || cells.iter().any(is_long)
}
