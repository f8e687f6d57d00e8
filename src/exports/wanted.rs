//! A dataset of the exports: its columns, its rows as JSON, and what somebody wants of it.

use std::io::{self, Write};

use rusqlite::Connection;

use super::ExportError;
use super::column::Column;
use super::tables::Table;
use super::workbook::{self, Built, Wait};
use crate::athletes::Athlete;
use crate::db::{DbError, Entity};
use crate::events::Event;
use crate::formats::csv_out::CsvWriter;
use crate::formats::format::Format;
use crate::races::Race;
use crate::records::{ListQuery, Sight};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::rules::text;
use crate::users::User;

/// Takes one row as JSON.
type EachRow<'f> = &'f mut dyn FnMut(&[u8]) -> io::Result<()>;

/// One kind of rows on its way out.
#[derive(Debug)]
pub struct RowSet {
    pub entity: Entity,
    columns: &'static [Column],
    more: &'static [Column],
    rows: fn(&Connection, &ListQuery, &Sight, EachRow<'_>) -> Result<(), ExportError>,
}

static ALL: [RowSet; 6] = [
    RowSet::of::<User>(),
    RowSet::of::<Athlete>(),
    RowSet::of::<Race>(),
    RowSet::of::<Event>(),
    RowSet::of::<Registration>(),
    RowSet::of::<MeetResult>(),
];

impl RowSet {
    /// The dataset of one entity.
    pub const fn of<T: Table>() -> RowSet {
        RowSet { entity: T::ENTITY, columns: T::CSV, more: T::MORE, rows: rows::<T> }
    }

    /// All of them, in the order their rows depend on one another.
    pub fn all() -> &'static [RowSet] {
        &ALL
    }

    /// The dataset of a table's name.
    pub fn from_name(name: &str) -> Option<&'static RowSet> {
        ALL.iter().find(|set| set.entity.table() == name)
    }

    /// The columns that somebody of this sight may ask for, the usual ones first.
    pub fn known(&self, sight: &Sight) -> impl Iterator<Item = &'static Column> {
        let full = *sight == Sight::Full;
        self.columns.iter().chain(self.more).filter(move |column| full || !column.private)
    }

    fn usual(&self, sight: &Sight) -> Vec<&'static Column> {
        let full = *sight == Sight::Full;
        self.columns.iter().filter(|column| full || !column.private).collect()
    }
}

fn rows<T: Table>(conn: &Connection, asked: &ListQuery, sight: &Sight, each: EachRow<'_>) -> Result<(), ExportError> {
    let mut json = Vec::with_capacity(1024);
    asked.each::<T, ExportError>(conn, |row| {
        json.clear();
        row.write_row(conn, sight, &mut json)?;
        Ok(each(&json)?)
    })
}

/// Which rows and columns somebody wants, and how they are written.
#[derive(Debug)]
pub struct Wanted {
    pub set: &'static RowSet,
    pub format: Format,
    pub asked: ListQuery,
    pub sight: Sight,
    /// CSV with a byte order mark.
    pub bom: bool,
    chosen: Option<Vec<&'static Column>>,
}

/// A column that there is not, or that is named twice; prints a sentence.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    #[error("{shown} is not a known column; known are {}", known.join(", "))]
    Unknown { shown: String, known: Vec<&'static str> },
    #[error("The column {0} is named twice")]
    Twice(&'static str),
}

impl Wanted {
    /// Every row by id, with the usual columns.
    pub fn everything(set: &'static RowSet, format: Format) -> Wanted {
        Wanted::new(set, format, ListQuery::everything(), Sight::Full)
    }

    pub fn new(set: &'static RowSet, format: Format, asked: ListQuery, sight: Sight) -> Wanted {
        Wanted { set, format, asked, sight, bom: false, chosen: None }
    }

    /// Only these columns, in this order: names with commas between them. Spreadsheets know headings; JSON knows its
    /// members too. No name at all leaves the usual columns.
    ///
    /// # Errors
    /// [`ChoiceError`].
    pub fn choose(mut self, names: &str) -> Result<Wanted, ChoiceError> {
        let is_json = matches!(self.format, Format::Json | Format::Ndjson);
        let mut chosen: Vec<&'static Column> = Vec::new();
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let mut known = self.set.known(&self.sight);
            let column = known.find(|column| column.heading == name || (is_json && column.member == name));
            let column = column.ok_or_else(|| {
                let known = self.set.known(&self.sight).map(|column| column.heading).collect();
                ChoiceError::Unknown { shown: text::excerpt(name, 40).to_string(), known }
            })?;
            if chosen.iter().any(|other| other.heading == column.heading) {
                return Err(ChoiceError::Twice(column.heading));
            }
            chosen.push(column);
        }
        self.chosen = Some(chosen).filter(|chosen| !chosen.is_empty());
        Ok(self)
    }

    /// The columns of a spreadsheet.
    pub(super) fn columns(&self) -> Vec<&'static Column> {
        self.chosen.clone().unwrap_or_else(|| self.set.usual(&self.sight))
    }

    /// Hands over every row that matches, read column by column.
    pub(super) fn each_of(
        &self,
        conn: &Connection,
        columns: &[&Column],
        each: impl FnMut(&rusqlite::Row<'_>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let select: Vec<&str> = columns.iter().map(|column| column.sql(self.format)).collect();
        self.asked.each_of(conn, self.set.entity, &select.join(", "), each)
    }

    /// Writes the file; answers how many rows there were.
    ///
    /// # Errors
    /// [`ExportError`]; what was written by then is no whole file.
    pub fn write(&self, conn: &Connection, out: &mut dyn Write) -> Result<u64, ExportError> {
        match self.format {
            Format::Csv => self.csv(conn, out),
            Format::Json => self.json_document(conn, out),
            Format::Ndjson => self.ndjson(conn, out),
            Format::Xlsx => {
                let mut built = self.build(conn, &Wait::for_ever())?;
                io::copy(&mut built.file, out)?;
                Ok(built.rows)
            }
        }
    }

    /// Makes the workbook.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn build(&self, conn: &Connection, wait: &Wait) -> Result<Built, ExportError> {
        workbook::build(conn, std::slice::from_ref(self), wait)
    }

    fn csv(&self, conn: &Connection, out: &mut dyn Write) -> Result<u64, ExportError> {
        let columns = self.columns();
        let mut csv = CsvWriter::new(out, self.bom)?;
        csv.row(columns.iter().map(|column| column.heading))?;
        let (mut scratch, mut rows) = (String::new(), 0);
        self.each_of(conn, &columns, |row| {
            for (index, column) in columns.iter().enumerate() {
                column.write_csv(row.get_ref(index).map_err(DbError::from)?, &mut csv, &mut scratch)?;
            }
            csv.end_row()?;
            rows += 1;
            Ok(())
        })?;
        csv.finish()?;
        Ok(rows)
    }

    fn ndjson(&self, conn: &Connection, out: &mut dyn Write) -> Result<u64, ExportError> {
        let mut rows = 0;
        self.each_json(conn, &mut |row| {
            rows += 1;
            out.write_all(row)?;
            out.write_all(b"\n")
        })?;
        Ok(rows)
    }

    fn json_document(&self, conn: &Connection, out: &mut dyn Write) -> Result<u64, ExportError> {
        write!(out, "{{\"{}\":", self.set.entity.table())?;
        let rows = self.json_list(conn, out)?;
        write!(out, ",\"count\":{rows},\"exported_at\":\"{}\",\"format\":\"json\"}}", crate::time::now())?;
        Ok(rows)
    }

    /// Writes the rows as a JSON list; answers how many there were.
    pub(super) fn json_list(&self, conn: &Connection, out: &mut dyn Write) -> Result<u64, ExportError> {
        let mut rows = 0;
        out.write_all(b"[")?;
        self.each_json(conn, &mut |row| {
            if rows > 0 {
                out.write_all(b",")?;
            }
            rows += 1;
            out.write_all(row)
        })?;
        out.write_all(b"]")?;
        Ok(rows)
    }

    /// Hands over every row as JSON: whole, or the chosen members.
    fn each_json(&self, conn: &Connection, each: EachRow<'_>) -> Result<(), ExportError> {
        let Some(columns) = &self.chosen else { return (self.set.rows)(conn, &self.asked, &self.sight, each) };
        let names: Vec<String> = columns.iter().map(|column| format!("\"{}\":", column.member)).collect();
        let mut json = Vec::with_capacity(256);
        self.each_of(conn, columns, |row| {
            json.clear();
            for (index, (column, name)) in columns.iter().zip(&names).enumerate() {
                json.push(if index == 0 { b'{' } else { b',' });
                json.extend_from_slice(name.as_bytes());
                column.write_json(row.get_ref(index).map_err(DbError::from)?, &mut json)?;
            }
            json.push(b'}');
            Ok(each(&json)?)
        })
    }
}
