//! Erasing an athlete: the row stays under a name that says nothing, so that places and marks stay what they are.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::json;

use super::traces;
use crate::athletes::Athlete;
use crate::audit::{Actor, Entry, Verb};
use crate::db::{DbError, Entity, Tx};
use crate::records::{self, Record, RecordError, all_where, tally};
use crate::registrations::Registration;
use crate::rules::text;
use crate::time::Moment;

/// How somebody is called who was erased; their number behind it tells two of them apart.
pub(super) const NOBODY: &str = "Athlete removed";

/// What became of an athlete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Erased {
    pub id: i64,
    /// How the athlete is called now
    pub name: String,
    /// Entries that stay
    pub registrations: i64,
    /// Results that stay
    pub results: i64,
    /// Kept files of imports that were deleted
    pub import_files: usize,
    /// The account that was theirs: it stays, and is removed under Users
    pub account: Option<i64>,
}

/// Erases an athlete for somebody who has typed the name.
///
/// # Errors
/// A name that is another one, and an import that is running: it may hold the person.
pub fn erase(tx: &mut Tx<'_>, by: &Actor, id: i64, confirm: &str) -> Result<Erased, RecordError> {
    let athlete: Athlete = records::get(tx.conn(), id)?;
    if text::fold(confirm) != text::fold(&athlete.name) {
        let message = format!("To erase this athlete, type the name as it stands here: {}", athlete.name);
        return Err(RecordError::field("confirm", "not-confirmed", message));
    }
    refuse_during_import(tx.conn())?;
    Ok(forget(tx, by, &athlete)?)
}

pub(super) fn refuse_during_import(conn: &Connection) -> Result<(), RecordError> {
    if crate::imports::unfinished(conn)?.is_empty() {
        return Ok(());
    }
    let detail = "An import is running, and its file may hold the same people. Wait until it has ended, then try again";
    Err(RecordError::Conflict { code: "import-running", detail: detail.into(), field: None })
}

/// Takes everything from an athlete that the results do not need. Gender, country and club stay, as lists are made by
/// them, and the year of birth where an age group hangs on it.
pub(super) fn forget(tx: &mut Tx<'_>, by: &Actor, athlete: &Athlete) -> Result<Erased, DbError> {
    let account = athlete.user_id;
    let year = athlete.date_of_birth.map(|day| day.year()).or(athlete.year_of_birth);
    let mut after = Athlete {
        id: athlete.id,
        version: athlete.version,
        name: format!("{NOBODY} {}", athlete.id),
        country: athlete.country,
        year_of_birth: if needs_year(tx.conn(), athlete.id)? { year } else { None },
        gender: athlete.gender,
        club_team: athlete.club_team.clone(),
        created_at: athlete.created_at,
        ..Athlete::blank()
    };
    after.stamp(tx.now_ms());
    records::overwrite(tx.conn(), &mut after)?;
    let registrations = without_bibs(tx, athlete.id)?;
    let gone = traces::remove(tx, &[athlete.id], std::slice::from_ref(&athlete.name))?;
    tx.touch(Entity::Athletes);
    let erased = Erased {
        id: athlete.id,
        name: after.name,
        registrations,
        results: tally(tx.conn(), "SELECT count(*) FROM results WHERE athlete_id = ?1", athlete.id)?,
        import_files: gone.files,
        account,
    };
    // Whoever is in an older copy is known by the number and the moment they were added.
    let added = |(id, added): &(i64, Option<Moment>)| match *id == athlete.id {
        true => Some([*id, athlete.created_at.0]),
        false => added.map(|moment| [*id, moment.0]),
    };
    let people: Vec<[i64; 2]> = gone.people.iter().filter_map(added).collect();
    let details = json!({
        "erased": people, "registrations": erased.registrations,
        "results": erased.results, "importFiles": gone.files, "logEntries": gone.payloads,
    });
    Entry::new(Verb::Delete, Entity::Athletes).id(athlete.id).details(&details).write(tx, by)?;
    Ok(erased)
}

fn needs_year(conn: &Connection, athlete: i64) -> Result<bool, DbError> {
    let sql = "
        SELECT EXISTS (
            SELECT 1 FROM events WHERE age_group IS NOT NULL AND id IN (
                SELECT event_id FROM results WHERE athlete_id = ?1
                UNION SELECT event_id FROM registrations WHERE athlete_id = ?1))";
    Ok(tally(conn, sql, athlete)? == 1)
}

/// A bib is known from photographs and printed lists. Answers how many entries there are.
fn without_bibs(tx: &mut Tx<'_>, athlete: i64) -> Result<i64, DbError> {
    let mut entries = 0;
    for mut entry in all_where::<Registration>(tx.conn(), "athlete_id = ?1", athlete)? {
        entries += 1;
        if entry.bib_number.take().is_some() {
            entry.stamp(tx.now_ms());
            records::overwrite(tx.conn(), &mut entry)?;
        }
    }
    tx.touch(Entity::Registrations);
    Ok(entries)
}
