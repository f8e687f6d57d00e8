//! One entity as CSV or JSON. The headings are API contract; an import of the file gives the same rows back.

use std::fmt::Write as _;
use std::io::{self, Write};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::athletes::Athlete;
use crate::db::DbError;
use crate::formats::csv_out::CsvWriter;
use crate::races::Race;
use crate::records::values::Hundredths;
use crate::records::{ListQuery, Resource, Sight};
use crate::results::MeetResult;
use crate::rules::mark::{Centimetres, TimeMs, WindTenths};
use crate::time::Moment;

/// An entity that has a spreadsheet form.
pub trait Table: Resource {
    /// The columns from left to right; the headings are API contract.
    const CSV: &'static [Column];
}

/// One column of a spreadsheet. Stored values are good ones, so they go out as they are, without becoming rows first.
pub struct Column {
    heading: &'static str,
    sql: &'static str,
    form: Form,
    private: bool,
}

/// How a stored value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
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
    /// A column that is stored under its heading.
    const fn plain(name: &'static str) -> Column {
        Column { heading: name, sql: name, form: Form::Plain, private: false }
    }

    const fn stored(heading: &'static str, sql: &'static str, form: Form) -> Column {
        Column { heading, sql, form, private: false }
    }

    const fn private(heading: &'static str, sql: &'static str) -> Column {
        Column { heading, sql, form: Form::Plain, private: true }
    }
}

impl Form {
    fn write(self, value: ValueRef<'_>, csv: &mut CsvWriter<impl Write>, scratch: &mut String) -> Result<(), Failure> {
        scratch.clear();
        let shown = match value {
            ValueRef::Null => return Ok(csv.cell("")?),
            ValueRef::Integer(number) => self.number(number, scratch),
            other => return Ok(csv.cell(other.as_str().map_err(rusqlite::Error::from).map_err(DbError::from)?)?),
        };
        shown.map_err(io::Error::other)?;
        Ok(csv.cell(scratch)?)
    }

    fn number(self, number: i64, out: &mut String) -> std::fmt::Result {
        match self {
            Form::Plain => write!(out, "{number}"),
            Form::YesNo => write!(out, "{}", number != 0),
            Form::Moment => write!(out, "{}", Moment(number)),
            Form::Seconds => out.write_str(&TimeMs(number).to_decimal()),
            Form::Metres => out.write_str(&Centimetres(number).to_decimal()),
            Form::Wind => out.write_str(&WindTenths(i32::try_from(number).unwrap_or_default()).to_decimal()),
            Form::Points => out.write_str(&serde_json::to_string(&Hundredths(number)).unwrap_or_default()),
        }
    }
}

/// Writes the rows that match as CSV; answers how many there were.
pub fn csv<T: Table>(
    conn: &Connection,
    asked: &ListQuery,
    sight: &Sight,
    bom: bool,
    out: &mut dyn Write,
) -> anyhow::Result<u64> {
    let columns: Vec<&Column> = T::CSV.iter().filter(|column| !column.private || *sight != Sight::Public).collect();
    let select: Vec<&str> = columns.iter().map(|column| column.sql).collect();
    let mut csv = CsvWriter::new(out, bom)?;
    csv.row(columns.iter().map(|column| column.heading))?;
    let (mut scratch, mut rows) = (String::new(), 0);
    asked.each_of::<Failure>(conn, T::ENTITY, &select.join(", "), |row| {
        for (index, column) in columns.iter().enumerate() {
            let value = row.get_ref(index).map_err(DbError::from)?;
            column.form.write(value, &mut csv, &mut scratch)?;
        }
        csv.end_row()?;
        rows += 1;
        Ok(())
    })?;
    csv.finish()?;
    Ok(rows)
}

/// Writes the rows that match as a JSON list; answers how many there were.
pub fn json_list<R: Resource>(
    conn: &Connection,
    asked: &ListQuery,
    sight: &Sight,
    out: &mut dyn Write,
) -> anyhow::Result<u64> {
    let (mut text, mut rows) = (Vec::with_capacity(1024), 0);
    out.write_all(b"[")?;
    asked.each::<R, Failure>(conn, |row| {
        text.clear();
        if rows > 0 {
            text.push(b',');
        }
        row.write_json(sight, &mut text);
        rows += 1;
        Ok(out.write_all(&text)?)
    })?;
    out.write_all(b"]")?;
    Ok(rows)
}

/// One entity as a JSON document of its own; answers how many rows there were.
pub fn json_document<T: Table>(
    conn: &Connection,
    asked: &ListQuery,
    sight: &Sight,
    out: &mut dyn Write,
) -> anyhow::Result<u64> {
    write!(out, "{{\"{}\":", T::ENTITY.table())?;
    let rows = json_list::<T>(conn, asked, sight, out)?;
    write!(out, ",\"count\":{rows},\"exported_at\":\"{}\",\"format\":\"json\"}}", crate::time::now())?;
    Ok(rows)
}

/// What ends an export before its time.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Db(#[from] crate::db::DbError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Table for Athlete {
    const CSV: &'static [Column] = &[
        Column::plain("id"),
        Column::plain("name"),
        Column::plain("country"),
        Column::plain("gender"),
        Column::private("email", "email"),
        Column::private("phone", "phone"),
        Column::stored("club", "club_team", Form::Plain),
        Column::private("coach", "coach"),
        Column::plain("bib_number"),
        Column::private("date_of_birth", "coalesce(date_of_birth, year_of_birth)"),
    ];
}

impl Table for Race {
    const CSV: &'static [Column] = &[
        Column::plain("id"),
        Column::plain("name"),
        Column::plain("date"),
        Column::plain("location"),
        Column::plain("status"),
        Column::stored("created_at", "created_at", Form::Moment),
        Column::plain("description"),
        Column::stored("registration_open", "registration_open", Form::YesNo),
        Column::plain("registration_deadline"),
    ];
}

impl Table for MeetResult {
    const CSV: &'static [Column] = &[
        Column::plain("id"),
        Column::plain("athlete_id"),
        Column::plain("event_id"),
        Column::plain("round"),
        Column::plain("position"),
        Column::stored("time_seconds", "time_ms", Form::Seconds),
        Column::stored("distance_meters", "distance_cm", Form::Metres),
        Column::stored("points", "points_hundredths", Form::Points),
        Column::plain("status"),
        Column::plain("heat_number"),
        Column::plain("lane_number"),
        Column::stored("wind_speed", "wind_tenths", Form::Wind),
        Column::stored("is_record", "is_record", Form::YesNo),
        Column::plain("record_type"),
        Column::stored("recorded_at", "recorded_at", Form::Moment),
    ];
}
