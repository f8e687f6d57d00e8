//! Rows of a JSON document: one kind alone, or several kinds together.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use serde_json::Value;

use super::feed::Feeder;
use super::place::Place;
use super::row::{APPLY, Row};
use super::run::{Ended, run};
use super::{ImportError, Task};
use crate::db::{Db, Entity};
use crate::formats::json_rows::{self, Content, EachError, JsonFault, Shape};
use crate::formats::table::MemberPatches;
use crate::rules::text;

/// Imports rows of one kind: a bare list, or an object with the list under its name, such as `{"races": […]}`.
///
/// # Errors
/// [`ImportError`] when the document as a whole cannot be used. Refused rows are in the report.
pub fn import_rows(db: &Db, mut task: Task, entity: Entity, mut file: File) -> Result<Ended, ImportError> {
    let name = entity.table();
    let expected = format!("Expected a list of {name}, or {{\"{name}\": [ … ]}}");
    let shape = checked(&mut file, task.bytes, &expected)?;
    let section = match &shape {
        Shape::List(0) => return Err(no_rows("The list is empty")),
        Shape::List(_) => None,
        Shape::Object(_) => match shape.section(name).map(|section| section.content) {
            Some(Content::List(0)) => return Err(no_rows(&format!("The list {name} is empty"))),
            Some(Content::List(_)) => Some(name),
            Some(Content::NotAList(what)) => return Err(no_rows(&format!("{name} must be a list, and is {what}"))),
            None => return Err(no_rows(&expected)),
        },
        Shape::Other(what) => return Err(no_rows(&format!("{expected}; found {what}"))),
    };
    task.rows = length(&shape, entity) as u64;
    let notes = left_aside(&shape, entity);
    let patches = task.options.patches.of_members();
    run(db, task, move |feeder| send_section(&mut file, entity, section, &patches, feeder).map(|()| notes), APPLY)
}

/// What else the document holds: it must not seem to have been imported.
fn left_aside(shape: &Shape, entity: Entity) -> Vec<String> {
    let Shape::Object(_) = shape else { return Vec::new() };
    let others = Entity::DATA.into_iter().filter(|other| *other != entity);
    let filled = others.map(|other| (other.table(), length(shape, other))).filter(|(_, rows)| *rows > 0);
    filled
        .map(|(name, rows)| {
            let asked = entity.table();
            format!(
                "The list {name} ({rows}) was not imported: only {asked} were asked for. Import the file as everything"
            )
        })
        .collect()
}

/// Imports users, athletes, races, events, registrations and results of one document.
///
/// # Errors
/// As [`import_rows`].
pub fn import_bulk(db: &Db, mut task: Task, mut file: File) -> Result<Ended, ImportError> {
    let expected =
        "Expected an object with one or more of the lists users, athletes, races, events, registrations, results";
    let shape = checked(&mut file, task.bytes, expected)?;
    let Shape::Object(_) = &shape else { return Err(no_rows(expected)) };
    let names = Entity::DATA.map(Entity::table);
    let found: Vec<Entity> =
        Entity::DATA.into_iter().filter(|entity| shape.section(entity.table()).is_some()).collect();
    if found.is_empty() {
        return Err(no_rows(expected));
    }
    if shape.section("exported_at").is_some() {
        task.is_export = true;
        task.highest_user = highest_user(&mut file)?;
    }
    let rows: usize = found.iter().map(|entity| length(&shape, *entity)).sum();
    task.rows = rows as u64;
    let lists_only = found.iter().all(|entity| not_a_list(&shape, *entity).is_none());
    if rows == 0 && lists_only {
        return Err(no_rows("All lists are empty: there is nothing to import"));
    }
    let wrapper = ["exported_at", "audit_head", "format", "message", "meta"];
    let known: Vec<&str> = names.into_iter().chain(wrapper).collect();
    let notes: Vec<String> =
        shape.unknown(&known).map(|name| format!("{} is not known and was ignored", text::excerpt(name, 40))).collect();
    let broken: Vec<(Entity, &'static str)> =
        found.iter().filter_map(|entity| Some((*entity, not_a_list(&shape, *entity)?))).collect();
    let patches = task.options.patches.of_members();
    run(
        db,
        task,
        move |feeder| {
            for entity in found {
                match broken.iter().find(|(known, _)| *known == entity) {
                    Some((_, what)) => feeder.row("null", 0, no_list(entity, what))?,
                    None => send_section(&mut file, entity, Some(entity.table()), &patches, feeder)?,
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

fn checked(file: &mut File, bytes: u64, expected: &str) -> Result<Shape, ImportError> {
    if bytes == 0 {
        return Err(no_rows(&format!("There is nothing in the file. {expected}")));
    }
    let shape = json_rows::check(file).map_err(|fault| not_json(&fault))?;
    file.seek(SeekFrom::Start(0))?;
    Ok(shape)
}

fn not_json(fault: &JsonFault) -> ImportError {
    ImportError::unusable("invalid-json", "Invalid JSON", format!("The document is not valid JSON. {fault}"))
}

fn no_rows(detail: &str) -> ImportError {
    ImportError::unusable("no-data", "No data provided", format!("{detail}."))
}

/// Feeds the rows of one list.
fn send_section(
    file: &mut File,
    entity: Entity,
    section: Option<&str>,
    patches: &MemberPatches,
    feeder: &mut Feeder<Row>,
) -> Result<(), ImportError> {
    file.seek(SeekFrom::Start(0))?;
    let read = json_rows::each(file, section, |index, value| {
        let place = Place::Json { list: entity.table(), index: index as u64 };
        let raw = value.to_string();
        feeder.row(&raw, 0, Row::of_value(entity, place, value, patches))
    });
    match read {
        Ok(_) => Ok(()),
        Err(EachError::Row(error)) => Err(error),
        Err(EachError::Json(fault)) => Err(not_json(&fault)),
    }
}

fn no_list(entity: Entity, what: &str) -> Row {
    let place = Place::Json { list: entity.table(), index: 0 };
    let message = format!("{} must be a list, and is {what}", entity.table());
    Row::refused(entity, place, place.error(None, "not_an_array", None, message))
}
