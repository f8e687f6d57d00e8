//! Athletes from a table, streamed.

use super::apply::{Incoming, take};
use super::feed::Feeder;
use super::place::{Place, RowError};
use super::run::{Ended, Run, run};
use super::sheet::Sheet;
use super::{ImportError, Task};
use crate::athletes::Athlete;
use crate::db::{Db, Tx};
use crate::formats::people::{AthleteCells, AthleteColumns, CellFault};
use crate::formats::table::{Row, RowFault};
use crate::rules::date::DateOrder;

/// Imports the athletes of a table.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used. Refused rows are in the report.
pub fn import(db: &Db, task: Task, mut sheet: Sheet) -> Result<Ended, ImportError> {
    let columns = AthleteColumns::of(&sheet.survey, &mut sheet.file, DateOrder::default())?;
    run(
        db,
        task,
        move |feeder| {
            let take = |feeder: &mut Feeder<SheetRow>, row: &Row<'_>, bytes| {
                feeder.row(row.raw(), bytes, SheetRow::of(&AthleteCells::read(&columns, row), row.row, row.line))
            };
            let notes = columns.notes();
            let mut told = sheet.feed(feeder, take, SheetRow::refused)?;
            told.extend(notes.into_iter().map(|note| note.message));
            Ok(told)
        },
        |run: &mut Run, tx: &mut Tx<'_>, mut row: SheetRow| {
            std::mem::take(&mut row.notes).into_iter().for_each(|note| run.account.note(note));
            take::<Athlete, _>(run, tx, row).map(drop)
        },
    )
}
/// One athlete of the file, or why the row is none.
struct SheetRow {
    place: Place,
    id: Option<i64>,
    athlete: Result<Box<Athlete>, Vec<RowError>>,
    notes: Vec<String>,
}

impl SheetRow {
    fn of(cells: &AthleteCells<'_>, row: u64, line: u64) -> SheetRow {
        let place = Place::Sheet { row, line };
        let notes = cells.notes.iter().map(|note| note.message.clone()).collect();
        if !cells.faults.is_empty() {
            let errors = cells.faults.iter().map(|fault| error_of(place, fault)).collect();
            return SheetRow { place, id: None, athlete: Err(errors), notes };
        }
        let mut athlete = Athlete::blank();
        athlete.name = cells.name.as_deref().unwrap_or_default().to_owned();
        athlete.country = cells.country.unwrap_or_default();
        athlete.gender = cells.gender;
        if let Some(birth) = cells.birth {
            athlete.set_birth(birth);
        }
        athlete.email.clone_from(&cells.email);
        athlete.phone.clone_from(&cells.phone);
        athlete.club_team = cells.club.as_deref().map(str::to_owned);
        athlete.coach = cells.coach.as_deref().map(str::to_owned);
        athlete.bib_number.clone_from(&cells.bib);
        SheetRow { place, id: cells.id, athlete: Ok(Box::new(athlete)), notes }
    }

    fn refused(fault: &RowFault) -> SheetRow {
        let place = Place::Sheet { row: fault.row, line: fault.line };
        let value = (!fault.value.is_empty()).then_some(fault.value.as_str());
        let error = place.error(fault.column.as_deref(), fault.code, value, fault.message.as_str());
        SheetRow { place, id: None, athlete: Err(vec![error]), notes: Vec::new() }
    }
}

fn error_of(place: Place, fault: &CellFault) -> RowError {
    let value = (!fault.value.is_empty()).then_some(fault.value.as_str());
    place.error(Some(&fault.column), fault.code, value, fault.message.clone())
}

impl Incoming<Athlete> for SheetRow {
    fn place(&self) -> Place {
        self.place
    }

    fn file_id(&self) -> Option<i64> {
        self.id
    }

    fn fresh(&mut self) -> Result<Athlete, Vec<RowError>> {
        std::mem::replace(&mut self.athlete, Err(Vec::new())).map(|athlete| *athlete)
    }

    /// A blank cell is no value: it never takes one away.
    fn onto(&self, given: Athlete, stored: &Athlete) -> Result<Athlete, Vec<RowError>> {
        let mut merged = stored.clone();
        merged.name = given.name;
        merged.country = given.country;
        merged.gender = given.gender.or(merged.gender);
        if given.date_of_birth.is_some()
            || (given.year_of_birth.is_some() && stored_year(stored) != given.year_of_birth)
        {
            (merged.date_of_birth, merged.year_of_birth) = (given.date_of_birth, given.year_of_birth);
        }
        merged.email = given.email.or(merged.email);
        merged.phone = given.phone.or(merged.phone);
        merged.club_team = given.club_team.or(merged.club_team);
        merged.coach = given.coach.or(merged.coach);
        merged.bib_number = given.bib_number.or(merged.bib_number);
        Ok(merged)
    }
}

fn stored_year(athlete: &Athlete) -> Option<i16> {
    athlete.date_of_birth.map(jiff::civil::Date::year).or(athlete.year_of_birth)
}
