//! Rows of a table as members of a JSON object, so that all kinds of rows are read by the same code.

use std::io::{Read, Seek};

use serde_json::{Map, Value};

use super::ImportError;
use super::fields::{self, Fields};
use crate::db::Entity;
use crate::formats::csv_out::undefuse;
use crate::formats::people::{AthleteCells, AthleteColumns, CellFault};
use crate::formats::table::{Row, Survey};
use crate::rules::date::{DateOrder, OrderSurvey, read_day};
use crate::rules::text;

/// Reads the rows of one table.
pub struct MemberReader {
    cells: Vec<Cell>,
    /// The athlete of an entry or a result.
    person: Option<AthleteColumns>,
    today: jiff::civil::Date,
}

/// One column, and what it becomes.
struct Cell {
    column: usize,
    member: &'static str,
    /// Order of day and month, where it holds days.
    day: Option<DateOrder>,
}

/// A row as members; an athlete's as they were read, with what was wrong with them.
pub struct Members {
    pub members: Map<String, Value>,
    pub person: Option<Person>,
}

/// The athlete a row is about, as far as the row says.
#[derive(Clone)]
pub struct Person {
    pub members: Map<String, Value>,
    /// What would refuse an athlete; it matters when the athlete is new.
    pub faults: Vec<CellFault>,
}

impl MemberReader {
    /// Decides the columns of a table. Reads it once more where it holds days.
    ///
    /// # Errors
    /// When the source fails.
    pub fn of<S: Read + Seek>(entity: Entity, survey: &Survey, source: &mut S) -> Result<MemberReader, ImportError> {
        let known =
            fields::of(entity).ok_or_else(|| ImportError::unusable("unknown-dataset", "Unknown dataset", ""))?;
        let person = matches!(entity, Entity::Registrations | Entity::Results);
        let person = if person { Some(AthleteColumns::of(survey, source, DateOrder::default())?) } else { None };
        let mut cells = Vec::new();
        for (column, field) in survey.columns.iter().enumerate().filter_map(|(at, one)| Some((at, one.field?))) {
            if let Some(member) = known.member(field) {
                cells.push(Cell { column, member, day: day_order(known, field, column, survey, source)? });
            }
        }
        Ok(MemberReader { cells, person, today: survey.today })
    }

    /// The values of a row; the first filled cell of a member counts.
    pub fn read(&self, row: &Row<'_>) -> Members {
        let mut members = Map::new();
        for cell in &self.cells {
            let value = text::clean(undefuse(row.cell(cell.column)));
            if value.is_empty() || members.contains_key(cell.member) {
                continue;
            }
            let value = cell.day.and_then(|order| self.day(&value, order)).unwrap_or_else(|| value.into_owned());
            members.insert(cell.member.to_owned(), Value::String(value));
        }
        let person = self.person.as_ref().map(|columns| person_of(AthleteCells::read(columns, row)));
        if let (Some(person), Some(gender)) = (&person, members.get_mut("gender")) {
            // Read by the whole column: H may be hombre.
            if let Some(read) = person.members.get("gender") {
                gender.clone_from(read);
            }
        }
        Members { members, person }
    }

    /// A day as the API writes it; a moment stays as it is, and what is none is refused later.
    fn day(&self, value: &str, order: DateOrder) -> Option<String> {
        let day = read_day(value, order, self.today).ok().filter(|_| !value.contains(':'))?;
        Some(day.to_string())
    }
}

/// Whether day or month comes first in a column, by all of its cells.
fn day_order<S: Read + Seek>(
    known: &Fields,
    field: &str,
    column: usize,
    survey: &Survey,
    source: &mut S,
) -> Result<Option<DateOrder>, ImportError> {
    if !known.days.contains(&field) {
        return Ok(None);
    }
    let mut order = OrderSurvey::default();
    let mut rows = survey.rows(source)?;
    while let Some(row) = rows.read()? {
        if let Ok(row) = row {
            order.feed(&text::clean(row.cell(column)));
        }
    }
    Ok(Some(order.decide(DateOrder::default()).order))
}

fn person_of(cells: AthleteCells<'_>) -> Person {
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), Value::String(value));
        }
    };
    put("name", cells.name.map(|name| name.into_owned()));
    put("country", cells.country.map(|country| country.to_string()));
    put("gender", cells.gender.map(|gender| gender.to_string()));
    put("dateOfBirth", cells.birth.and_then(|birth| birth.day()).map(|day| day.to_string()));
    put("email", cells.email);
    put("phone", cells.phone);
    put("clubTeam", cells.club.map(|club| club.into_owned()));
    put("coach", cells.coach.map(|coach| coach.into_owned()));
    put("bibNumber", cells.bib.map(String::from));
    if let Some(birth) = cells.birth.filter(|birth| birth.day().is_none()) {
        members.insert("yearOfBirth".into(), Value::from(birth.year()));
    }
    Person { members, faults: cells.faults }
}
