//! The writing operations, each inside one write job.

use std::borrow::Cow;

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::record::{self, change, create, get, remove};
use super::{Fields, Purpose, RecordError, Resource, Sight, etag, write_whole};
use crate::audit::Actor;
use crate::auth::policy::{Action, Rights};
use crate::db::{DbError, Tx};

/// Creates a row from the members of a request, by somebody with these rights.
pub fn create_with<R: Resource>(
    tx: &mut Tx<'_>,
    by: &Actor,
    rights: Rights,
    members: &Map<String, Value>,
) -> Result<R, RecordError> {
    let mut row = R::blank();
    read(&mut row, members, Purpose::Create)?;
    refuse_elsewhere(rights, R::CREATE, &row)?;
    finish(tx, by, row)
}

/// Creates a row from members that the server itself vouches for.
pub fn create_one<R: Resource>(tx: &mut Tx<'_>, by: &Actor, members: &Map<String, Value>) -> Result<R, RecordError> {
    let mut row = R::blank();
    read(&mut row, members, Purpose::Create)?;
    finish(tx, by, row)
}

/// Somebody whose rights end at one event writes no row of another.
fn refuse_elsewhere<R: Resource>(rights: Rights, action: Action, row: &R) -> Result<(), RecordError> {
    if rights.may(action, row.event()) { Ok(()) } else { Err(RecordError::Forbidden(rights.refusal(action))) }
}

fn finish<R: Resource>(tx: &mut Tx<'_>, by: &Actor, mut row: R) -> Result<R, RecordError> {
    row.settle(tx.conn())?;
    row.check(tx.conn(), None)?;
    row.adopt(by);
    row.complete();
    create(tx, by, &mut row)?;
    Ok(row)
}

/// Sets the given members of a stored row. With `if_match` only when the row is still as the caller read it.
pub fn change_one<R: Resource>(
    tx: &mut Tx<'_>,
    by: &Actor,
    rights: Rights,
    id: i64,
    members: &Map<String, Value>,
    if_match: Option<&str>,
) -> Result<R, RecordError> {
    let before: R = get(tx.conn(), id)?;
    refuse_elsewhere(rights, R::CHANGE, &before)?;
    let role = rights.role();
    let sight = Sight::of_writer(role);
    refuse_stale(tx.conn(), &before, &sight, if_match)?;
    let members = &*without_echoes(tx.conn(), &before, &sight, members)?;
    if !R::may_change(role, members) {
        let role = role.as_str();
        return Err(RecordError::Forbidden(format!("Your role ({role}) may not change these members")));
    }
    let after = apply(tx, by, &before, members)?;
    // The row may have been moved to another event: then the whole change is rolled back.
    refuse_elsewhere(rights, R::CHANGE, &after)?;
    Ok(after)
}

/// Sets the given members of a row that was read in this transaction.
pub(super) fn apply<R: Resource>(
    tx: &mut Tx<'_>,
    by: &Actor,
    before: &R,
    members: &Map<String, Value>,
) -> Result<R, RecordError> {
    let mut after = before.clone();
    read(&mut after, members, Purpose::Change)?;
    after.settle(tx.conn())?;
    after.check(tx.conn(), Some(before))?;
    if after != *before {
        after.complete();
    }
    change(tx, by, before, &mut after)?;
    Ok(after)
}

pub(super) fn read<R: Resource>(
    row: &mut R,
    members: &Map<String, Value>,
    purpose: Purpose,
) -> Result<(), RecordError> {
    let mut fields = Fields::new(members, R::ALIASES, purpose);
    fields.ignore(&["id"]);
    row.fill(&mut fields);
    fields.finish().map(drop).map_err(RecordError::Invalid)
}

/// Leaves out the names and counts that an answer of ours added and that came back as they are. One that says something
/// else stays, to be refused.
fn without_echoes<'m, R: Resource>(
    conn: &Connection,
    row: &R,
    sight: &Sight,
    members: &'m Map<String, Value>,
) -> Result<Cow<'m, Map<String, Value>>, DbError> {
    let beside = row.beside(conn, sight, true)?.and_then(|beside| serde_json::to_value(beside).ok());
    let is_echo = |name: &str, value: &Value| beside.as_ref().and_then(|beside| beside.get(name)) == Some(value);
    if !members.iter().any(|(name, value)| is_echo(name, value)) {
        return Ok(Cow::Borrowed(members));
    }
    let own = members.iter().filter(|(name, value)| !is_echo(name, value));
    Ok(Cow::Owned(own.map(|(name, value)| (name.clone(), value.clone())).collect()))
}

fn refuse_stale<R: Resource>(
    conn: &Connection,
    row: &R,
    sight: &Sight,
    if_match: Option<&str>,
) -> Result<(), RecordError> {
    if !is_stale(if_match, &etag(row)) {
        return Ok(());
    }
    let mut text = Vec::new();
    write_whole(conn, row, sight, true, &mut text)?;
    let current = serde_json::from_slice(&text).unwrap_or(Value::Null);
    Err(RecordError::Stale { entity: R::ENTITY, current })
}

/// Whether an `If-Match` names another state than the one with this tag.
pub fn is_stale(if_match: Option<&str>, tag: &str) -> bool {
    if_match.is_some_and(|wanted| wanted.trim() != "*" && !wanted.split(',').any(|one| one.trim() == tag))
}

/// Deletes a row; what hangs on it stands in the way, unless `cascade` takes it along.
pub fn remove_one<R: Resource>(tx: &mut Tx<'_>, by: &Actor, id: i64, cascade: bool) -> Result<R, RecordError> {
    let row: R = get(tx.conn(), id)?;
    let dependents = R::dependents(tx.conn(), id)?;
    if !dependents.is_empty() {
        if !cascade {
            return Err(in_use::<R>(&dependents));
        }
        R::remove_dependents(tx, by, id)?;
    }
    remove(tx, by, &row)?;
    Ok(row)
}

fn in_use<R: Resource>(dependents: &[(crate::db::Entity, i64)]) -> RecordError {
    let counts: Map<String, Value> =
        dependents.iter().map(|(entity, count)| (entity.table().to_owned(), Value::from(*count))).collect();
    let words: Vec<String> = dependents
        .iter()
        .map(|(entity, count)| {
            let name = if *count == 1 { entity.singular() } else { entity.table() };
            format!("{count} {name}")
        })
        .collect();
    let detail = format!(
        "This {} still has {}. Delete those first, or repeat with ?cascade=true to delete them too",
        R::ENTITY.singular(),
        words.join(" and ")
    );
    RecordError::InUse { detail, counts: Value::Object(counts) }
}

/// Deletes several rows or, when one of them is in use, none. Answers the deleted and the missing ids.
pub fn remove_many<R: Resource>(
    tx: &mut Tx<'_>,
    by: &Actor,
    ids: &[i64],
    cascade: bool,
) -> Result<(Vec<i64>, Vec<i64>), RecordError> {
    let (mut deleted, mut missing) = (Vec::new(), Vec::new());
    for id in ids {
        match record::find::<R>(tx.conn(), *id)? {
            None => missing.push(*id),
            Some(_) => {
                remove_one::<R>(tx, by, *id, cascade)?;
                deleted.push(*id);
            }
        }
    }
    Ok((deleted, missing))
}
