//! Two athletes become one: what hangs on the one that goes moves to the one that stays. In one transaction, with an
//! audit row for every row that changes, and with everything kept that taking it back exactly needs.

use std::collections::HashMap;

use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Athlete;
use crate::audit::{Actor, Entry, Verb};
use crate::db::{DbError, Entity, Tx};
use crate::events::Event;
use crate::records::{self, Fields, Purpose, Record, RecordError, Resource, all_where};
use crate::registrations::Registration;
use crate::results::MeetResult;

mod complete;
mod kept;
mod routes;
mod undo;

pub use kept::Merge;
pub use routes::routes;
pub use undo::undo;

use kept::What;

/// Results of both athletes that cannot both be true.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Conflict {
    entity: &'static str,
    event_name: String,
    round: String,
    heat_number: Option<i64>,
    kept: MeetResult,
    other: MeetResult,
}

/// Merges the athlete `from` into the athlete `id`. Blanks of the one who stays are filled from the other; `values`
/// decide where both have something else.
///
/// # Errors
/// What is wrong with `values`, and the results that contradict one another; nothing is changed then.
pub fn merge(
    tx: &mut Tx<'_>,
    by: &Actor,
    (id, from): (i64, i64),
    values: &Map<String, Value>,
) -> Result<(Athlete, Merge), RecordError> {
    if id == from {
        return Err(RecordError::field("from", "same-athlete", "An athlete cannot be merged with themselves"));
    }
    let kept: Athlete = records::get(tx.conn(), id)?;
    let gone: Athlete = records::find(tx.conn(), from)?.ok_or_else(|| {
        let message = format!("There is no athlete with the id {from}; they may have been merged or deleted already");
        RecordError::field("from", "unknown-athlete", message)
    })?;
    let mut whole = complete::athlete(&kept, &gone);
    read(&mut whole, values)?;
    refuse_contradictions(tx.conn(), &kept, &gone)?;
    let merge = kept::begin(tx, by, &kept, &gone)?;
    registrations(tx, by, merge, (id, from))?;
    results(tx, by, merge, (id, from))?;
    kept::move_links(tx, merge, (id, from))?;
    remove(tx, by, merge, &gone, &kept)?;
    whole.check(tx.conn(), Some(&kept))?;
    store(tx, by, merge, &kept, &mut whole, &gone)?;
    kept::finish(tx, merge, &whole)?;
    let merge = kept::find(tx.conn(), merge)?.ok_or(DbError::Stopped)?;
    Ok((whole, merge))
}

fn read(athlete: &mut Athlete, values: &Map<String, Value>) -> Result<(), RecordError> {
    let mut fields = Fields::new(values, Athlete::ALIASES, Purpose::Change);
    fields.ignore(&["id"]);
    athlete.fill(&mut fields);
    fields.finish().map(drop).map_err(RecordError::Invalid)
}

/// What makes two results of an athlete the same one.
fn place(result: &MeetResult) -> (i64, String, i64) {
    (result.event_id, result.round.clone(), result.heat_number.unwrap_or(0))
}

fn results_of(conn: &Connection, athlete: i64) -> Result<HashMap<(i64, String, i64), MeetResult>, DbError> {
    let rows = all_where::<MeetResult>(conn, "athlete_id = ?1", athlete)?;
    Ok(rows.into_iter().map(|result| (place(&result), result)).collect())
}

fn refuse_contradictions(conn: &Connection, kept: &Athlete, gone: &Athlete) -> Result<(), RecordError> {
    let of_kept = results_of(conn, kept.id)?;
    let mut conflicts = Vec::new();
    for other in all_where::<MeetResult>(conn, "athlete_id = ?1", gone.id)? {
        let Some(own) = of_kept.get(&place(&other)) else { continue };
        if complete::result(own, &other).is_none() {
            let event = records::find::<Event>(conn, other.event_id)?;
            conflicts.push(Conflict {
                entity: Entity::Results.singular(),
                event_name: event.map(|event| event.name).unwrap_or_default(),
                round: other.round.clone(),
                heat_number: other.heat_number,
                kept: own.clone(),
                other,
            });
        }
    }
    let Some(first) = conflicts.first() else { return Ok(()) };
    let detail = format!(
        "{} and {} have different results in {} ({}). Correct or delete the wrong result first, then merge again; \
         nothing was changed",
        kept.name, gone.name, first.event_name, first.round
    );
    Err(RecordError::Obstructed { code: "merge-conflict", detail, member: "conflicts", value: json!(conflicts) })
}

/// Moves the registrations. In an event in which both are registered that of the kept athlete stays and is completed.
fn registrations(tx: &mut Tx<'_>, by: &Actor, merge: i64, (id, from): (i64, i64)) -> Result<(), RecordError> {
    let own = all_where::<Registration>(tx.conn(), "athlete_id = ?1", id)?;
    let own: HashMap<i64, Registration> = own.into_iter().map(|row| (row.event_id, row)).collect();
    for row in all_where::<Registration>(tx.conn(), "athlete_id = ?1", from)? {
        match own.get(&row.event_id) {
            None => {
                let moved = Registration { athlete_id: id, ..row.clone() };
                change(tx, by, merge, What::Moved, &row, moved)?;
            }
            Some(twin) => {
                drop_row(tx, by, merge, &row)?;
                change(tx, by, merge, What::Completed, twin, complete::registration(twin, &row))?;
            }
        }
    }
    Ok(())
}

fn results(tx: &mut Tx<'_>, by: &Actor, merge: i64, (id, from): (i64, i64)) -> Result<(), RecordError> {
    let own = results_of(tx.conn(), id)?;
    for row in all_where::<MeetResult>(tx.conn(), "athlete_id = ?1", from)? {
        match own.get(&place(&row)) {
            None => {
                let mut moved = row.clone();
                moved.athlete_id = id;
                change(tx, by, merge, What::Moved, &row, moved)?;
            }
            Some(twin) => {
                drop_row(tx, by, merge, &row)?;
                let whole = complete::result(twin, &row).unwrap_or_else(|| twin.clone());
                change(tx, by, merge, What::Completed, twin, whole)?;
            }
        }
    }
    Ok(())
}

/// Stores a changed row and keeps what it was; an unchanged one leaves no trace.
fn change<R: Record>(
    tx: &mut Tx<'_>,
    by: &Actor,
    merge: i64,
    what: What,
    before: &R,
    mut after: R,
) -> Result<(), RecordError> {
    if *before == after {
        return Ok(());
    }
    records::change(tx, by, before, &mut after)?;
    Ok(kept::note(tx, merge, what, before, after.version())?)
}

fn drop_row<R: Record>(tx: &mut Tx<'_>, by: &Actor, merge: i64, row: &R) -> Result<(), RecordError> {
    records::remove(tx, by, row)?;
    Ok(kept::note(tx, merge, What::Dropped, row, row.version())?)
}

/// Deletes the athlete on whom nothing hangs any more. Their bib is free then.
fn remove(tx: &mut Tx<'_>, by: &Actor, merge: i64, gone: &Athlete, kept: &Athlete) -> Result<(), RecordError> {
    records::delete_row(tx.conn(), Entity::Athletes, gone.id)?;
    tx.touch(Entity::Athletes);
    let details = json!({ "merge": merge, "merged_into": kept.id, "name": kept.name });
    Ok(Entry::new(Verb::Delete, Entity::Athletes).id(gone.id).before(gone).details(&details).write(tx, by)?)
}

/// Stores the kept athlete, also when nothing of the row itself has changed: whoever has it open should see it anew.
fn store(
    tx: &mut Tx<'_>,
    by: &Actor,
    merge: i64,
    kept: &Athlete,
    whole: &mut Athlete,
    gone: &Athlete,
) -> Result<(), RecordError> {
    whole.stamp(tx.now_ms());
    records::overwrite(tx.conn(), whole)?;
    tx.touch(Entity::Athletes);
    let details = json!({ "merge": merge, "merged_from": gone.id, "name": gone.name });
    let entry = Entry::new(Verb::Update, Entity::Athletes).id(kept.id).before(kept).after(whole).details(&details);
    Ok(entry.write(tx, by)?)
}
