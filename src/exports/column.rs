//! One column of an export, and how its stored values are written in each format.

use std::fmt::Write as _;
use std::io::{self, Write};

use rusqlite::types::ValueRef;
use serde::Serialize;

use super::ExportError;
use crate::db::DbError;
use crate::formats::csv_out::{CsvWriter, defuse};
use crate::formats::format::Format;
use crate::formats::workbook_out::{Cell, WorkbookWriter};
use crate::rules::mark::{Centimetres, Points, TimeMs, WindTenths};
use crate::time::Moment;

/// Spreadsheets keep 15 digits of a number; a longer one goes out as text.
const LONGEST_NUMBER: u64 = 999_999_999_999_999;

/// One column of a spreadsheet. Stored values are good ones, so they go out as they are, without becoming rows first.
#[derive(Debug)]
pub struct Column {
    /// In spreadsheets; API contract.
    pub heading: &'static str,
    /// The name in JSON.
    pub member: &'static str,
    /// Only for those who may read private fields.
    pub private: bool,
    sql: &'static str,
    /// Where JSON shows something else than spreadsheets.
    json_sql: Option<&'static str>,
    form: Form,
}

/// How a stored value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is; a number too is text in a workbook.
    Text,
    /// A number in every format.
    Whole,
    YesNo,
    /// Unix milliseconds as RFC 3339.
    Moment,
    /// Milliseconds as seconds.
    Seconds,
    /// Centimetres as metres.
    Metres,
    /// Tenths of m/s.
    Wind,
    Points,
}

impl Column {
    /// Text that is stored under its heading.
    pub(super) const fn text(heading: &'static str, member: &'static str) -> Column {
        Column::of(heading, member, Form::Text)
    }

    /// A value that is stored under its heading.
    pub(super) const fn of(heading: &'static str, member: &'static str, form: Form) -> Column {
        Column { heading, member, private: false, sql: heading, json_sql: None, form }
    }

    /// Where the value comes from instead.
    pub(super) const fn from(self, sql: &'static str) -> Column {
        Column { sql, ..self }
    }

    /// Where the value comes from instead in JSON.
    pub(super) const fn in_json_from(self, sql: &'static str) -> Column {
        Column { json_sql: Some(sql), ..self }
    }

    pub(super) const fn private(self) -> Column {
        Column { private: true, ..self }
    }

    /// What a SELECT reads for a format.
    pub(super) fn sql(&self, format: Format) -> &'static str {
        match format {
            Format::Csv | Format::Xlsx => self.sql,
            Format::Json | Format::Ndjson => self.json_sql.unwrap_or(self.sql),
        }
    }

    pub(super) fn write_csv(
        &self,
        value: ValueRef<'_>,
        csv: &mut CsvWriter<impl Write>,
        scratch: &mut String,
    ) -> Result<(), ExportError> {
        let number = match value {
            ValueRef::Null => return Ok(csv.cell("")?),
            ValueRef::Integer(number) => number,
            other => return Ok(csv.cell(text(other)?)?),
        };
        scratch.clear();
        self.form.print(number, scratch).map_err(io::Error::other)?;
        Ok(csv.cell(scratch)?)
    }

    pub(super) fn write_cell(
        &self,
        value: ValueRef<'_>,
        workbook: &mut WorkbookWriter,
        scratch: &mut String,
    ) -> Result<(), ExportError> {
        let number = match value {
            ValueRef::Null => return Ok(workbook.cell(Cell::Empty)?),
            ValueRef::Integer(number) => number,
            other => return Ok(workbook.cell(Cell::Text(&defuse(text(other)?)))?),
        };
        if let Some(number) = self.form.number(number) {
            return Ok(workbook.cell(Cell::Number(number))?);
        }
        scratch.clear();
        self.form.print(number, scratch).map_err(io::Error::other)?;
        Ok(workbook.cell(Cell::Text(scratch))?)
    }

    /// Appends the value as JSON, as the row itself would show it.
    pub(super) fn write_json(&self, value: ValueRef<'_>, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let number = match value {
            ValueRef::Null => return append(out, &()),
            ValueRef::Integer(number) => number,
            other => return append(out, text(other)?),
        };
        match self.form {
            Form::Text => append(out, &number.to_string()),
            Form::Whole => append(out, &number),
            Form::YesNo => append(out, &(number != 0)),
            Form::Moment => append(out, &Moment(number)),
            Form::Seconds => append(out, &TimeMs(number)),
            Form::Metres => append(out, &Centimetres(number)),
            Form::Wind => append(out, &wind(number)),
            Form::Points => append(out, &Points(number)),
        }
    }
}

impl Form {
    fn print(self, number: i64, out: &mut String) -> std::fmt::Result {
        match self {
            Form::Text | Form::Whole => write!(out, "{number}"),
            Form::YesNo => write!(out, "{}", number != 0),
            Form::Moment => write!(out, "{}", Moment(number)),
            Form::Seconds => out.write_str(&TimeMs(number).to_decimal()),
            Form::Metres => out.write_str(&Centimetres(number).to_decimal()),
            Form::Wind => out.write_str(&wind(number).to_decimal()),
            Form::Points => out.write_str(&Points(number).to_string()),
        }
    }

    /// The value as a number of a workbook; none where it is text. The quotient of two integers is the double nearest
    /// to the decimal fraction, so a workbook shows exactly its digits.
    fn number(self, number: i64) -> Option<f64> {
        let parts = match self {
            Form::Text | Form::YesNo | Form::Moment => return None,
            Form::Whole if number.unsigned_abs() > LONGEST_NUMBER => return None,
            Form::Whole => 1.0,
            Form::Seconds => 1000.0,
            Form::Metres | Form::Points => 100.0,
            Form::Wind => 10.0,
        };
        Some(number as f64 / parts)
    }
}

fn wind(tenths: i64) -> WindTenths {
    WindTenths(i32::try_from(tenths).unwrap_or_default())
}

fn text(value: ValueRef<'_>) -> Result<&str, DbError> {
    Ok(value.as_str().map_err(rusqlite::Error::from)?)
}

fn append<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), ExportError> {
    Ok(serde_json::to_writer(out, value).map_err(io::Error::from)?)
}
