//! Races, events, entries, results and users from a table.

use super::entries::{self, Entry, Layout};
use super::feed::Feeder;
use super::members::{MemberReader, Members};
use super::place::Place;
use super::row::{APPLY, Row};
use super::run::{Ended, run};
use super::sheet::Sheet;
use super::{ImportError, Task};
use crate::db::{Db, Entity};
use crate::formats::table;
use crate::rules::text;

/// Imports the rows of a table.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used. Refused rows are in the report.
pub fn import(db: &Db, task: Task, entity: Entity, mut sheet: Sheet) -> Result<Ended, ImportError> {
    let reader = MemberReader::of(entity, &sheet.survey, &mut sheet.file)?;
    let layout = if entity == Entity::Registrations { Some(layout_of(&sheet)?) } else { None };
    run(
        db,
        task,
        move |feeder| {
            let take = |feeder: &mut Feeder<Row>, row: &table::Row<'_>, bytes| {
                feed(feeder, entity, &reader, layout.as_ref(), row, bytes)
            };
            sheet.feed(feeder, take, |fault| Row::faulty(entity, fault))
        },
        APPLY,
    )
}

fn layout_of(sheet: &Sheet) -> Result<Layout, ImportError> {
    Layout::of(&sheet.survey).ok_or_else(|| {
        let headings = sheet.survey.columns.iter().map(|column| text::excerpt(&column.heading, 40));
        let found: Vec<_> = headings.take(20).collect();
        let detail = format!(
            "Expected a column event, or a column for each event (such as 100m and LJ); found: {}.",
            found.join(", ")
        );
        ImportError::unusable("unusable-file", "The file cannot be imported", detail)
    })
}

fn feed(
    feeder: &mut Feeder<Row>,
    entity: Entity,
    reader: &MemberReader,
    layout: Option<&Layout>,
    row: &table::Row<'_>,
    bytes: u64,
) -> Result<(), ImportError> {
    let place = Place::Sheet { row: row.row, line: row.line };
    let Members { members, person } = reader.read(row);
    let entries = match layout {
        None => None,
        Some(Layout::Long) => members.get("event").and_then(|event| event.as_str()).map(entries::packed),
        Some(layout) => Some(layout.entries(row)),
    };
    let Some(entries) = entries else {
        return feeder.row(row.raw(), bytes, Row::of(entity, place, members).about(person));
    };
    if entries.is_empty() {
        return feeder.row(row.raw(), bytes, Row::passed_over(entity, place, "Rows without an event were passed over"));
    }
    for (number, Entry { event, seed_mark }) in entries.into_iter().enumerate() {
        let mut members = members.clone();
        members.insert("event".into(), event.into());
        if let Some(mark) = seed_mark {
            members.insert("seedMark".into(), mark.into());
        }
        let entry = Row::of(entity, place, members).about(person.clone());
        if number == 0 { feeder.row(row.raw(), bytes, entry)? } else { feeder.more(entry) }
    }
    Ok(())
}
