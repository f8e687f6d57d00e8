//! The cells of a workbook, row by row. The only module that touches the library for them.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};

use super::facts::Count;
use super::value::{self, Kind};
use super::{Deadline, Limits, WorkbookError};

/// Cells after which the clock is looked at, also where they are all blank.
const CELLS_A_LOOK: u32 = 1024;

/// An open workbook.
pub(super) struct Book<S: Read + Seek> {
    xlsx: Xlsx<BufReader<S>>,
}

/// A sheet by its place in the workbook.
#[derive(Debug, Clone)]
pub(super) struct SheetName {
    pub index: usize,
    pub name: String,
    pub is_visible: bool,
}

/// How the rows of a sheet are read.
pub(super) struct Reading<'a> {
    pub limits: &'a Limits,
    pub deadline: &'a Deadline,
    /// Whether a value behind the last column is an error; else it is passed over.
    pub is_strict: bool,
}

impl<S: Read + Seek> Book<S> {
    /// Opens a workbook that has passed the guard.
    pub fn open(mut source: S) -> Result<Book<S>, WorkbookError> {
        source.seek(SeekFrom::Start(0))?;
        let xlsx = caught(|| Xlsx::new(BufReader::new(source)))??;
        Ok(Book { xlsx })
    }

    /// The worksheets in their order; charts and the like are left out.
    pub fn sheets(&self) -> Vec<SheetName> {
        let sheets = self.xlsx.sheets_metadata().iter().enumerate();
        let worksheets = sheets.filter(|(_, sheet)| sheet.typ == SheetType::WorkSheet);
        let named = worksheets.map(|(index, sheet)| SheetName {
            index,
            name: sheet.name.clone(),
            is_visible: sheet.visible == SheetVisible::Visible,
        });
        named.collect()
    }

    /// Gives the rows that hold a value to `take`, with their numbers from 1, without blank cells at their ends, until it
    /// breaks off. Returns the cells that were taken as blank although something is in them.
    pub fn rows(
        &mut self,
        sheet: &str,
        reading: &Reading<'_>,
        mut take: impl FnMut(u64, &[String]) -> Result<ControlFlow<()>, WorkbookError>,
    ) -> Result<Count, WorkbookError> {
        let is_1904 = self.xlsx.has_1904_epoch();
        let mut cells = match caught(|| self.xlsx.worksheet_cells_reader(sheet))? {
            // A macro sheet, or a part that is none.
            Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(Count::default()),
            opened => opened?,
        };
        let mut row = Row::default();
        let mut refused = Count::default();
        let mut until_look = CELLS_A_LOOK;
        let mut text = String::new();
        while let Some((at, kind)) = next(&mut cells, is_1904, &mut text)? {
            until_look -= 1;
            if until_look == 0 {
                reading.deadline.check()?;
                until_look = CELLS_A_LOOK;
            }
            match kind {
                Kind::Blank => continue,
                Kind::Refused => {
                    refused.add(|| at.map(address).unwrap_or_default());
                    continue;
                }
                Kind::Value => {}
            }
            let Some((number, column)) = at else { continue };
            if row.number != number {
                if row.give(&mut take)?.is_break() {
                    return Ok(refused);
                }
                // Rows that go backwards are in no sheet that a program wrote.
                if number < row.number {
                    return Err(WorkbookError::Damaged);
                }
                row.number = number;
                reading.deadline.check()?;
            }
            if column < reading.limits.columns {
                row.put(column, &text, reading.limits.cell_chars);
            } else if reading.is_strict {
                return Err(WorkbookError::TooManyColumns {
                    sheet: sheet.to_owned(),
                    cell: address((number, column)),
                    max: reading.limits.columns,
                });
            }
        }
        _ = row.give(&mut take)?;
        Ok(refused)
    }
}

type Place = (u64, usize);

/// The next cell: its row from 1 and column from 0, and its text in `text`.
fn next<S: Read + Seek>(
    cells: &mut XlsxCellReader<'_, S>,
    is_1904: bool,
    text: &mut String,
) -> Result<Option<(Option<Place>, Kind)>, WorkbookError> {
    text.clear();
    let (cell, style) = match caught(|| cells.next_cell_with_style_id())? {
        Ok(None) => return Ok(None),
        Ok(Some(found)) => found,
        // An error value that came up after the library was written. It does not say where, and goes on behind it.
        Err(XlsxError::CellError(_)) => return Ok(Some((None, Kind::Refused))),
        Err(error) => return Err(error.into()),
    };
    let (row, column) = cell.get_position();
    let kind = value::write(cell.get_value(), cells.styles().get(style), is_1904, text);
    Ok(Some((Some((u64::from(row) + 1, column as usize)), kind)))
}

/// Runs the library. It is written for files that programs wrote; a panic over another one is that file's fault.
fn caught<T>(read: impl FnOnce() -> T) -> Result<T, WorkbookError> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| WorkbookError::Damaged)
}

/// One row; the texts are used again for the next.
#[derive(Default)]
struct Row {
    /// From 1; 0 before the first.
    number: u64,
    cells: Vec<String>,
    width: usize,
}

impl Row {
    /// Keeps two characters more than allowed of a text that is too long, so that it is still refused later: one may be
    /// the apostrophe of a defused text, which does not count.
    fn put(&mut self, column: usize, text: &str, most: usize) {
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, String::new);
        }
        let cell = &mut self.cells[column];
        cell.clear();
        let end = if text.len() > most { text.char_indices().nth(most + 2).map(|(end, _)| end) } else { None };
        cell.push_str(&text[..end.unwrap_or(text.len())]);
        self.width = self.width.max(column + 1);
    }

    fn give(
        &mut self,
        take: &mut impl FnMut(u64, &[String]) -> Result<ControlFlow<()>, WorkbookError>,
    ) -> Result<ControlFlow<()>, WorkbookError> {
        if self.width == 0 {
            return Ok(ControlFlow::Continue(()));
        }
        let flow = take(self.number, &self.cells[..self.width]);
        self.cells[..self.width].iter_mut().for_each(String::clear);
        self.width = 0;
        flow
    }
}

/// `B7`, as the sheet shows it.
fn address((row, column): Place) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.iter().rev().map(|&letter| char::from(letter)).collect();
    format!("{letters}{row}")
}
