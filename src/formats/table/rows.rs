//! The rows below the header.

use std::io::{self, Read};

use super::patches::ColumnPatches;
use super::{Note, Survey};
use crate::formats::encoding::Decoder;
use crate::formats::records::{FaultKind, MAX_CELL_CHARS, Record, RecordFault, Records, Step};
use crate::rules::text;

/// Notes about single rows are told up to this many; the rest is counted.
const MAX_ROW_NOTES: usize = 20;

/// Reads the rows of a table one by one into reused buffers.
pub struct Rows<'s, S> {
    survey: &'s Survey,
    records: Records<Decoder<S>>,
    blank: Count,
    short: Count,
    footers: Vec<Note>,
    footer_count: u64,
}

/// How often something occurred, and where first.
#[derive(Default)]
struct Count {
    count: u64,
    first_row: Option<u64>,
}

/// One row, valid until the next is read.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The row as a spreadsheet shows it; title lines and the header count.
    pub row: u64,
    /// The physical line where the record starts.
    pub line: u64,
    record: Record<'a>,
    columns: usize,
    patches: Option<&'a ColumnPatches>,
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// `unclosed_quote`, `cell_too_long` or `too_many_columns`.
    pub code: &'static str,
    /// The row as a spreadsheet shows it.
    pub row: u64,
    /// The physical line where the record starts.
    pub line: u64,
    /// Heading of the cell at fault, where it is one.
    pub column: Option<String>,
    /// A sentence for a person.
    pub message: String,
    /// The value at fault, cut to 200 characters; never of a cell that is too long.
    pub value: String,
    /// The row as it came, for a file of refused rows; empty when it was too long to keep.
    pub raw: String,
}

impl<'s, S: Read> Rows<'s, S> {
    pub(super) fn new(survey: &'s Survey, records: Records<Decoder<S>>) -> Rows<'s, S> {
        let footers = Vec::new();
        Rows { survey, records, blank: Count::default(), short: Count::default(), footers, footer_count: 0 }
    }

    /// The next row that is neither blank nor a footer, or a fault; `None` at the end.
    ///
    /// # Errors
    /// When the source fails.
    pub fn read(&mut self) -> io::Result<Option<Result<Row<'_>, RowFault>>> {
        loop {
            match self.records.advance()? {
                Step::End => return Ok(None),
                Step::Fault(fault) => return Ok(Some(Err(self.fault(fault)))),
                Step::Record => {}
            }
            if self.records.is_blank() {
                self.blank.add(self.records.row());
                continue;
            }
            if !self.skip_footer()? {
                break;
            }
        }
        self.row().map(Some)
    }

    fn row(&mut self) -> io::Result<Result<Row<'_>, RowFault>> {
        let columns = self.survey.columns.len();
        let record = self.records.record()?;
        if record.width() < columns {
            self.short.add(record.row);
        } else if record.width() > columns
            && let Some(surplus) =
                (columns..record.width()).filter_map(|i| record.cell(i)).find(|cell| !cell.trim().is_empty())
        {
            return Ok(Err(RowFault {
                code: "too_many_columns",
                row: record.row,
                line: record.line,
                column: None,
                message: format!("The row has {} cells, but the header has {columns} columns", record.width()),
                value: text::excerpt(surplus, 200).into_owned(),
                raw: record.raw().to_owned(),
            }));
        }
        let patches = Some(&self.survey.patches).filter(|patches| !patches.is_empty());
        Ok(Ok(Row { row: record.row, line: record.line, record, columns, patches }))
    }

    fn fault(&self, fault: RecordFault) -> RowFault {
        let (code, message, value) = match fault.kind {
            FaultKind::UnclosedQuote => {
                let message = format!("A quote opened in the row that starts on line {} never closes", fault.line);
                ("unclosed_quote", message, text::excerpt(&fault.raw, 200).into_owned())
            }
            FaultKind::CellTooLong => {
                ("cell_too_long", format!("The cell has more than {MAX_CELL_CHARS} characters"), String::new())
            }
            FaultKind::TooManyColumns => {
                let columns = self.survey.columns.len();
                let message = format!("The row has far more cells than the {columns} columns of the header");
                ("too_many_columns", message, String::new())
            }
        };
        let column = fault.column.and_then(|index| self.survey.columns.get(index));
        let column = column.map(|column| column.heading.clone());
        RowFault { code, row: fault.row, line: fault.line, column, message, value, raw: fault.raw }
    }

    /// `Total: 24`, `Signature`: the only cell of its row, in a table of some width, and worded as a footer. A lone name is
    /// kept, so that its missing country is reported.
    fn skip_footer(&mut self) -> io::Result<bool> {
        if self.survey.columns.len() < 3 || self.records.starts_filled() {
            return Ok(false);
        }
        let record = self.records.record()?;
        let mut filled = record.cells().filter(|cell| !cell.trim().is_empty());
        let (Some(only), None) = (filled.next(), filled.next()) else { return Ok(false) };
        if !is_footer_text(only) {
            return Ok(false);
        }
        self.footer_count += 1;
        if self.footers.len() < MAX_ROW_NOTES {
            let message =
                format!("Row {} was skipped as a footer: {}", record.row, text::excerpt(&text::clean(only), 40));
            self.footers.push(Note { code: "footer_row", row: Some(record.row), message });
        }
        Ok(true)
    }

    /// What is worth telling about the rows read so far; complete at the end.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let nuls = self.records.source().nuls();
        let mut note = |code, row, message| notes.push(Note { code, row, message });
        if nuls > 0 {
            note("nul_bytes_removed", None, format!("{nuls} NUL characters were removed from the file"));
        }
        if self.records.source().had_errors() {
            let message = "Some characters of the file could not be read and show as \u{fffd}".to_owned();
            note("undecodable_characters", None, message);
        }
        if self.blank.count > 0 {
            note("blank_row", self.blank.first_row, format!("{} blank rows were skipped", self.blank.count));
        }
        if self.short.count > 0 {
            let message =
                format!("{} rows have fewer cells than the header; the rest is taken as blank", self.short.count);
            note("too_few_columns", self.short.first_row, message);
        }
        notes.extend(self.footers.iter().cloned());
        if self.footer_count > self.footers.len() as u64 {
            let message = format!("{} rows were skipped as footers in all", self.footer_count);
            notes.push(Note { code: "footer_row", row: None, message });
        }
        notes
    }

    /// Bytes of the file read so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.records.source().bytes_read()
    }
}

impl Count {
    fn add(&mut self, row: u64) {
        self.count += 1;
        self.first_row.get_or_insert(row);
    }
}

/// Words that a footer starts with; the text has a colon, or is one of them alone or with a number.
fn is_footer_text(cell: &str) -> bool {
    const WORDS: [&str; 22] = [
        "total",
        "totals",
        "totale",
        "sum",
        "summe",
        "gesamt",
        "somme",
        "suma",
        "count",
        "number of",
        "anzahl",
        "nombre de",
        "numero de",
        "signature",
        "unterschrift",
        "firma",
        "page",
        "seite",
        "printed",
        "gedruckt",
        "generated",
        "stand",
    ];
    let key = text::fold(cell);
    WORDS.iter().any(|word| key.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())))
}

impl<'a> Row<'a> {
    /// The cell of a column, from 0, untouched unless somebody has mended it; empty where the row is too short.
    pub fn cell(&self, column: usize) -> &'a str {
        let cell = self.record.cell(column).unwrap_or("");
        self.patches.and_then(|patches| patches.instead(column, self.row, cell)).unwrap_or(cell)
    }

    /// How many cells the row has, also beyond the header.
    pub fn width(&self) -> usize {
        self.record.width()
    }

    /// The cells of all columns.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.columns).map(|column| self.cell(column))
    }

    /// The row as it came, with its quotes, for a file of refused rows.
    pub fn raw(&self) -> &'a str {
        self.record.raw()
    }
}
