//! Athletes from a CSV file, streamed.

use std::io::{Seek, SeekFrom};

use super::apply::{Incoming, take};
use super::report::{Place, Report, RowError};
use super::run::{Ended, Run, Task, run};
use super::{ImportError, Options, Source};
use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::db::{Db, Entity, Tx};
use crate::formats::encoding::Encoding;
use crate::formats::people::{AthleteCells, AthleteColumns, CellFault};
use crate::formats::table::{RowFault, Survey, TableError, TableOptions};
use crate::http::reply::Reply;
use crate::rules::date::DateOrder;

/// Rows a batch: enough to make the hand-over between threads cheap.
const BATCH: usize = 500;

/// Imports athletes from CSV text of any usual encoding and delimiter.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used. Refused rows are in the report.
pub fn athletes_csv(db: &Db, by: &Actor, source: Source, options: &Options) -> Result<Report, ImportError> {
    let task = Task::new("athletes", "csv", by, &source, options);
    match start(db, task, source)? {
        Ended::Done(run) => Ok(run.into_report(Entity::Athletes)),
        Ended::Replayed(_) => Err(ImportError::KeyReused),
    }
}

/// As [`athletes_csv`], answering as the API does; a repeated request is answered from memory.
pub fn answer(db: &Db, task: Task, source: Source) -> Result<Reply, ImportError> {
    Ok(match start(db, task, source)? {
        Ended::Done(run) => run.into_report(Entity::Athletes).reply(),
        Ended::Replayed(reply) => reply,
    })
}

fn start(db: &Db, mut task: Task, mut source: Source) -> Result<Ended, ImportError> {
    let survey = Survey::of(&mut source.file, &table_options(&task.options)?).map_err(unusable)?;
    let columns = AthleteColumns::of(&survey, &mut source.file, DateOrder::default())?;
    source.file.seek(SeekFrom::Start(0))?;
    task.entity = Some(Entity::Athletes);
    run(
        db,
        task,
        move |sender| {
            let mut rows = survey.rows(source.file)?;
            let mut batch = Vec::with_capacity(BATCH);
            while let Some(read) = rows.read()? {
                batch.push(match read {
                    Ok(row) => SheetRow::of(&AthleteCells::read(&columns, &row), row.row, row.line),
                    Err(fault) => SheetRow::refused(fault),
                });
                if batch.len() == BATCH
                    && sender.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).is_err()
                {
                    return Ok(Vec::new()); // the import ended before the file did
                }
            }
            let _ = sender.send(batch);
            let notes = survey.notes.iter().cloned().chain(columns.notes()).chain(rows.notes());
            Ok(notes.map(|note| note.message).collect())
        },
        |run: &mut Run, tx: &mut Tx<'_>, mut row: SheetRow| {
            std::mem::take(&mut row.notes).into_iter().for_each(|note| run.account.note(note));
            take::<Athlete, _>(run, tx, row).map(drop)
        },
    )
}

fn table_options(options: &Options) -> Result<TableOptions, ImportError> {
    let mut table = TableOptions::athletes(crate::time::today());
    if let Some(name) = &options.encoding {
        let encoding = Encoding::from_label(name).ok_or_else(|| {
            let detail = format!(
                "The encoding '{}' is not known; known are utf-8, utf-16le, utf-16be, windows-1252",
                crate::rules::text::excerpt(name, 40)
            );
            ImportError::unusable("unknown-encoding", "Unknown encoding", detail)
        })?;
        table.encoding = Some(encoding);
    }
    table.delimiter = options.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    table.mapping = options.mapping.clone().unwrap_or_default();
    Ok(table)
}

fn unusable(error: TableError) -> ImportError {
    match error {
        TableError::Io(error) => ImportError::Io(error),
        other => ImportError::unusable("unusable-file", "The file cannot be imported", format!("{other}.")),
    }
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

    fn refused(fault: RowFault) -> SheetRow {
        let place = Place::Sheet { row: fault.row, line: fault.line };
        let value = (!fault.value.is_empty()).then_some(fault.value.as_str());
        let error = place.error(fault.column.as_deref(), fault.code, value, fault.message);
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
