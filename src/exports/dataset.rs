//! One entity as CSV or JSON. The headings are API contract; an import of the file gives the same rows back.

use std::fmt::Display;
use std::io::{self, Write};

use rusqlite::Connection;

use crate::athletes::Athlete;
use crate::formats::csv_out::CsvWriter;
use crate::races::Race;
use crate::records::{ListQuery, Resource, Sight};
use crate::results::MeetResult;
use crate::rules::bib::Bib;
use crate::rules::gender::Gender;

/// An entity that has a spreadsheet form.
pub trait Table: Resource {
    /// Headings; `private` tells whether the private columns are among them.
    fn headings(private: bool) -> &'static [&'static str];
    fn cells(&self, private: bool, cells: &mut Cells<'_, impl Write>) -> io::Result<()>;
}

/// Writes the cells of one row; numbers and dates without an allocation each.
pub struct Cells<'w, W: Write> {
    csv: &'w mut CsvWriter<W>,
    scratch: &'w mut String,
}

impl<W: Write> Cells<'_, W> {
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.csv.cell(text)
    }

    pub fn maybe(&mut self, text: Option<&str>) -> io::Result<()> {
        self.csv.cell(text.unwrap_or_default())
    }

    pub fn show(&mut self, value: impl Display) -> io::Result<()> {
        use std::fmt::Write as _;
        self.scratch.clear();
        write!(self.scratch, "{value}").map_err(io::Error::other)?;
        self.csv.cell(self.scratch)
    }

    pub fn show_maybe<T: Display>(&mut self, value: Option<T>) -> io::Result<()> {
        match value {
            Some(value) => self.show(value),
            None => self.csv.cell(""),
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
    let private = *sight != Sight::Public;
    let mut csv = CsvWriter::new(out, bom)?;
    csv.row(T::headings(private))?;
    let (mut scratch, mut rows) = (String::new(), 0);
    asked.each::<T, Failure>(conn, |row| {
        row.cells(private, &mut Cells { csv: &mut csv, scratch: &mut scratch })?;
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
enum Failure {
    #[error(transparent)]
    Db(#[from] crate::db::DbError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Table for Athlete {
    fn headings(private: bool) -> &'static [&'static str] {
        if private {
            &["id", "name", "country", "gender", "email", "phone", "club", "coach", "bib_number", "date_of_birth"]
        } else {
            &["id", "name", "country", "gender", "club", "bib_number"]
        }
    }

    fn cells(&self, private: bool, cells: &mut Cells<'_, impl Write>) -> io::Result<()> {
        cells.show(self.id)?;
        cells.text(&self.name)?;
        cells.text(self.country.as_str())?;
        cells.maybe(self.gender.map(Gender::as_str))?;
        if private {
            cells.maybe(self.email.as_deref())?;
            cells.maybe(self.phone.as_deref())?;
        }
        cells.maybe(self.club_team.as_deref())?;
        if private {
            cells.maybe(self.coach.as_deref())?;
        }
        cells.maybe(self.bib_number.as_ref().map(Bib::as_str))?;
        match (private, self.date_of_birth) {
            (false, _) => Ok(()),
            (true, Some(day)) => cells.show(day),
            (true, None) => cells.show_maybe(self.year_of_birth),
        }
    }
}

impl Table for Race {
    fn headings(_private: bool) -> &'static [&'static str] {
        &[
            "id",
            "name",
            "date",
            "location",
            "status",
            "created_at",
            "description",
            "registration_open",
            "registration_deadline",
        ]
    }

    fn cells(&self, _private: bool, cells: &mut Cells<'_, impl Write>) -> io::Result<()> {
        cells.show(self.id)?;
        cells.text(&self.name)?;
        cells.show(self.date)?;
        cells.text(&self.location)?;
        cells.text(self.status.as_str())?;
        cells.show(self.created_at)?;
        cells.maybe(self.description.as_deref())?;
        cells.show(self.registration_open)?;
        cells.maybe(self.registration_deadline.as_deref())
    }
}

impl Table for MeetResult {
    fn headings(_private: bool) -> &'static [&'static str] {
        &[
            "id",
            "athlete_id",
            "event_id",
            "round",
            "position",
            "time_seconds",
            "distance_meters",
            "points",
            "status",
            "heat_number",
            "lane_number",
            "wind_speed",
            "is_record",
            "record_type",
            "recorded_at",
        ]
    }

    fn cells(&self, _private: bool, cells: &mut Cells<'_, impl Write>) -> io::Result<()> {
        cells.show(self.id)?;
        cells.show(self.athlete_id)?;
        cells.show(self.event_id)?;
        cells.text(&self.round)?;
        cells.show_maybe(self.position)?;
        cells.show_maybe(self.time_seconds.map(|time| time.to_decimal()))?;
        cells.show_maybe(self.distance_meters.map(|distance| distance.to_decimal()))?;
        cells.show_maybe(self.points.map(|points| serde_json::to_string(&points).unwrap_or_default()))?;
        cells.text(&self.status)?;
        cells.show_maybe(self.heat_number)?;
        cells.show_maybe(self.lane_number)?;
        cells.show_maybe(self.wind_speed.map(|wind| wind.to_decimal()))?;
        cells.show(self.is_record)?;
        cells.maybe(self.record_type.as_deref())?;
        cells.show(self.recorded_at)
    }
}
