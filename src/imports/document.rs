//! Rows of a JSON document: races alone, or several kinds together.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::sync::mpsc::SyncSender;

use serde_json::{Map, Value};

use super::apply::{Incoming, row_error, take};
use super::links::Links;
use super::matching::Importable;
use super::report::{BulkReport, Place, Report, RowError};
use super::run::{Apply, Ended, Run, Task, run};
use super::{ImportError, Options, Source, references};
use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::auth::password::{check_new_password, hash_now};
use crate::db::{Db, Entity, Tx};
use crate::events::Event;
use crate::formats::json_rows::{self, Content, EachError, JsonFault, Shape};
use crate::http::reply::Reply;
use crate::races::Race;
use crate::records::{Fields, Purpose};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::rules::text;
use crate::users::{self, NewPassword, User};

const BATCH: usize = 200;

/// Imports races: a bare list, or `{"races": […]}`.
///
/// # Errors
/// [`ImportError`] when the document as a whole cannot be used. Refused rows are in the report.
pub fn races_json(db: &Db, by: &Actor, source: Source, options: &Options) -> Result<Report, ImportError> {
    let task = Task::new("races", "json", by, &source, options);
    match start_races(db, task, source)? {
        Ended::Done(run) => Ok(run.into_report(Entity::Races)),
        Ended::Replayed(_) => Err(ImportError::KeyReused),
    }
}

/// Imports users, athletes, races, events, registrations and results of one document.
///
/// # Errors
/// As [`races_json`].
pub fn bulk_json(db: &Db, by: &Actor, source: Source, options: &Options) -> Result<BulkReport, ImportError> {
    let task = Task::new("bulk", "json", by, &source, options);
    match start_bulk(db, task, source)? {
        Ended::Done(run) => Ok(run.into_bulk_report()),
        Ended::Replayed(_) => Err(ImportError::KeyReused),
    }
}

/// As [`races_json`], answering as the API does.
pub fn answer_races(db: &Db, task: Task, source: Source) -> Result<Reply, ImportError> {
    Ok(match start_races(db, task, source)? {
        Ended::Done(run) => run.into_report(Entity::Races).reply(),
        Ended::Replayed(reply) => reply,
    })
}

/// As [`bulk_json`], answering as the API does.
pub fn answer_bulk(db: &Db, task: Task, source: Source) -> Result<Reply, ImportError> {
    Ok(match start_bulk(db, task, source)? {
        Ended::Done(run) => run.into_bulk_report().reply(),
        Ended::Replayed(reply) => reply,
    })
}

fn start_races(db: &Db, mut task: Task, mut source: Source) -> Result<Ended, ImportError> {
    let expected = "Expected a list of races, or {\"races\": [ … ]}";
    let shape = checked(&mut source, expected)?;
    let section = match &shape {
        Shape::List(0) => return Err(no_rows("The list is empty")),
        Shape::List(_) => None,
        Shape::Object(_) => match shape.section("races").map(|section| section.content) {
            Some(Content::List(0)) => return Err(no_rows("The list races is empty")),
            Some(Content::List(_)) => Some("races"),
            Some(Content::NotAList(what)) => return Err(no_rows(&format!("races must be a list, and is {what}"))),
            None => return Err(no_rows(expected)),
        },
        Shape::Other(what) => return Err(no_rows(&format!("{expected}; found {what}"))),
    };
    task.entity = Some(Entity::Races);
    task.rows = length(&shape, Entity::Races) as u64;
    run(
        db,
        task,
        move |sender| send_section(&mut source.file, Entity::Races, section, &sender).map(|()| Vec::new()),
        APPLY,
    )
}

fn start_bulk(db: &Db, mut task: Task, mut source: Source) -> Result<Ended, ImportError> {
    let expected =
        "Expected an object with one or more of the lists users, athletes, races, events, registrations, results";
    let shape = checked(&mut source, expected)?;
    let Shape::Object(_) = &shape else { return Err(no_rows(expected)) };
    let names = Entity::DATA.map(Entity::table);
    let found: Vec<Entity> =
        Entity::DATA.into_iter().filter(|entity| shape.section(entity.table()).is_some()).collect();
    if found.is_empty() {
        return Err(no_rows(expected));
    }
    if shape.section("exported_at").is_some() {
        task.is_export = true;
        task.highest_user = highest_user(&mut source.file)?;
    }
    let rows: usize = found.iter().map(|entity| length(&shape, *entity)).sum();
    task.rows = rows as u64;
    let lists_only = found.iter().all(|entity| not_a_list(&shape, *entity).is_none());
    if rows == 0 && lists_only {
        return Err(no_rows("All lists are empty: there is nothing to import"));
    }
    let wrapper = ["exported_at", "format", "message", "meta"];
    let known: Vec<&str> = names.into_iter().chain(wrapper).collect();
    let notes: Vec<String> =
        shape.unknown(&known).map(|name| format!("{} is not known and was ignored", text::excerpt(name, 40))).collect();
    let broken: Vec<(Entity, &'static str)> =
        found.iter().filter_map(|entity| Some((*entity, not_a_list(&shape, *entity)?))).collect();
    run(
        db,
        task,
        move |sender| {
            for entity in found {
                match broken.iter().find(|(known, _)| *known == entity) {
                    Some((_, what)) => send(&sender, vec![Row::no_list(entity, what)])?,
                    None => send_section(&mut source.file, entity, Some(entity.table()), &sender)?,
                }
            }
            Ok(notes)
        },
        APPLY,
    )
}

fn highest_user(file: &mut File) -> Result<i64, ImportError> {
    let mut highest = 0;
    let read = json_rows::each(file, Some(Entity::Users.table()), |_, user| {
        highest = highest.max(user.get("id").and_then(Value::as_i64).unwrap_or(0));
        Ok::<_, ImportError>(())
    });
    match read {
        Ok(_) => Ok(highest),
        Err(EachError::Row(error)) => Err(error),
        Err(EachError::Json(fault)) => Err(not_json(&fault)),
    }
}

fn length(shape: &Shape, entity: Entity) -> usize {
    if let Shape::List(length) = shape {
        return *length;
    }
    match shape.section(entity.table()).map(|section| section.content) {
        Some(Content::List(length)) => length,
        Some(Content::NotAList(_)) | None => 0,
    }
}

fn not_a_list(shape: &Shape, entity: Entity) -> Option<&'static str> {
    match shape.section(entity.table())?.content {
        Content::List(_) => None,
        Content::NotAList(what) => Some(what),
    }
}

fn checked(source: &mut Source, expected: &str) -> Result<Shape, ImportError> {
    if source.bytes == 0 {
        return Err(no_rows(&format!("There is nothing in the file. {expected}")));
    }
    let shape = json_rows::check(&mut source.file).map_err(|fault| not_json(&fault))?;
    source.file.seek(SeekFrom::Start(0))?;
    Ok(shape)
}

fn not_json(fault: &JsonFault) -> ImportError {
    ImportError::unusable("invalid-json", "Invalid JSON", format!("The document is not valid JSON. {fault}"))
}

fn no_rows(detail: &str) -> ImportError {
    ImportError::unusable("no-data", "No data provided", format!("{detail}."))
}

/// Sends the rows of one list in batches.
fn send_section(
    file: &mut File,
    entity: Entity,
    section: Option<&str>,
    sender: &SyncSender<Vec<Row>>,
) -> Result<(), ImportError> {
    let mut batch = Vec::with_capacity(BATCH);
    file.seek(SeekFrom::Start(0))?;
    let read = json_rows::each(file, section, |index, value| {
        batch.push(Row::of(entity, index, value));
        if batch.len() < BATCH { Ok(()) } else { send(sender, std::mem::take(&mut batch)) }
    });
    match read {
        Ok(_) => send(sender, batch),
        Err(EachError::Row(error)) => Err(error),
        Err(EachError::Json(fault)) => Err(not_json(&fault)),
    }
}

fn send(sender: &SyncSender<Vec<Row>>, batch: Vec<Row>) -> Result<(), ImportError> {
    let ended = |_| ImportError::Io(std::io::Error::other("the import ended before the file did"));
    sender.send(batch).map_err(ended)
}

/// One element of a list.
struct Row {
    entity: Entity,
    place: Place,
    members: Result<Map<String, Value>, Vec<RowError>>,
    /// Hash of a user's password, made while parsing: it takes long.
    password: Option<NewPassword>,
}

impl Row {
    fn of(entity: Entity, index: usize, value: Value) -> Row {
        let place = Place::Json { list: entity.table(), index: index as u64 };
        match value {
            Value::Object(members) => {
                let password = if entity == Entity::Users { password(place, &members) } else { Ok(None) };
                match password {
                    Ok(password) => Row { entity, place, members: Ok(members), password },
                    Err(error) => Row { entity, place, members: Err(vec![error]), password: None },
                }
            }
            other => {
                let found = text::excerpt(&other.to_string(), 40).into_owned();
                let error = place.error(
                    None,
                    "not_an_object",
                    Some(&found),
                    "A row must be an object such as {\"name\": \"…\"}",
                );
                Row { entity, place, members: Err(vec![error]), password: None }
            }
        }
    }

    fn no_list(entity: Entity, what: &str) -> Row {
        let place = Place::Json { list: entity.table(), index: 0 };
        let error =
            place.error(None, "not_an_array", None, format!("{} must be a list, and is {what}", entity.table()));
        Row { entity, place, members: Err(vec![error]), password: None }
    }
}

/// A user may come without a password, and then cannot sign in until an administrator sets one.
fn password(place: Place, members: &Map<String, Value>) -> Result<Option<NewPassword>, RowError> {
    let Some(Value::String(password)) = members.get("password").filter(|value| value.as_str() != Some("")) else {
        return Ok(None);
    };
    let refused = |message: String| place.error(Some("password"), "invalid_password", None, message);
    check_new_password(password).map_err(|reason| refused(reason.to_string()))?;
    hash_now(password).map(|hash| Some(NewPassword(hash))).map_err(|error| refused(error.to_string()))
}

const APPLY: Apply<Row> = |run, tx, row| match row.entity {
    Entity::Users => take_user(run, tx, row),
    Entity::Athletes => take_members::<Athlete>(run, tx, row),
    Entity::Races => take_members::<Race>(run, tx, row),
    Entity::Events => take_members::<Event>(run, tx, row),
    Entity::Registrations => take_members::<Registration>(run, tx, row),
    Entity::Results => take_members::<MeetResult>(run, tx, row),
    Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => Ok(()),
};

fn take_user(run: &mut Run, tx: &mut Tx<'_>, mut row: Row) -> Result<(), ImportError> {
    let password = row.password.take();
    let (mut file_id, mut athletes) = (None, None);
    if let Ok(members) = &mut row.members {
        members.remove("password");
        athletes = members.remove("athleteIds");
        file_id = members.get("id").and_then(Value::as_i64);
    }
    let new = take_row::<User>(run, tx, row)?;
    if let Some(user) = new.or_else(|| file_id.map(|id| run.ledger.stored_id(Entity::Users, id))) {
        run.ledger.links.extend(Links::read(user, new.is_some(), athletes.as_ref()));
    }
    match (new, password) {
        (Some(id), Some(password)) => users::set_password(tx, id, &password)?,
        (Some(_), None) => {
            run.account.note("Users without a password cannot sign in until an administrator sets one".into());
        }
        _ => {}
    }
    Ok(())
}

fn take_members<R: Importable>(run: &mut Run, tx: &mut Tx<'_>, row: Row) -> Result<(), ImportError> {
    take_row::<R>(run, tx, row).map(drop)
}

/// Answers the id of a new row.
fn take_row<R: Importable>(run: &mut Run, tx: &mut Tx<'_>, row: Row) -> Result<Option<i64>, ImportError> {
    let place = row.place;
    let resolved = match row.members {
        Ok(members) => references::resolve(&run.ledger, tx.conn(), place, R::ENTITY, members)?,
        Err(errors) => Err(errors),
    };
    let mut incoming = JsonRow { place, file_id: None, members: resolved, notes: Vec::new() };
    if let Ok(members) = &incoming.members {
        incoming.file_id = members.get("id").and_then(Value::as_i64).filter(|id| *id > 0);
    }
    incoming.notes = incoming.read_notes::<R>();
    std::mem::take(&mut incoming.notes).into_iter().for_each(|note| run.account.note(note));
    take::<R, _>(run, tx, incoming)
}

struct JsonRow {
    place: Place,
    file_id: Option<i64>,
    members: Result<Map<String, Value>, Vec<RowError>>,
    notes: Vec<String>,
}

impl JsonRow {
    fn read<R: Importable>(&self, row: &mut R, purpose: Purpose) -> Result<Vec<String>, Vec<RowError>> {
        let Ok(members) = &self.members else { return Ok(Vec::new()) };
        let mut fields = Fields::new(members, R::ALIASES, purpose);
        fields.ignore(&["id"]);
        row.fill(&mut fields);
        fields.finish().map_err(|faults| {
            let error = |fault: &crate::http::error::FieldError| {
                let value = members
                    .get(fault.field.as_ref())
                    .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                row_error(self.place, fault, value.as_deref())
            };
            faults.iter().map(error).collect()
        })
    }

    fn read_notes<R: Importable>(&self) -> Vec<String> {
        self.read(&mut R::blank(), Purpose::ImportNew).unwrap_or_default()
    }
}

impl<R: Importable> Incoming<R> for JsonRow {
    fn place(&self) -> Place {
        self.place
    }

    fn file_id(&self) -> Option<i64> {
        self.file_id
    }

    fn fresh(&mut self) -> Result<R, Vec<RowError>> {
        if let Err(errors) = &mut self.members {
            return Err(std::mem::take(errors));
        }
        let mut row = R::blank();
        self.read(&mut row, Purpose::ImportNew)?;
        Ok(row)
    }

    fn onto(&self, _fresh: R, stored: &R) -> Result<R, Vec<RowError>> {
        let mut row = stored.clone();
        self.read(&mut row, Purpose::ImportOnto)?;
        Ok(row)
    }
}
