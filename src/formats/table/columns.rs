//! Which column is which: the meaning of each heading, settled by its neighbours and by what stands below it.

use super::header::{columns_error, is_event, known_meanings, satisfies};
use super::{Column, Note, Survey, TableError, TableOptions};
use crate::formats::headings::{self, IGNORE, Meaning, NameOrder};
use crate::rules::language::Language;

mod content;

/// Gives every column of the survey its field, the survey its language and notes.
pub(super) fn resolve(survey: &mut Survey, options: &TableOptions) -> Result<(), TableError> {
    let headings: Vec<String> = survey.columns.iter().map(|column| column.heading.clone()).collect();
    let meanings: Vec<Vec<Meaning>> =
        headings.iter().map(|heading| known_meanings(heading, options).collect()).collect();
    survey.language = language_of(&meanings);
    let mut fields = first_choices(&meanings);
    for (column, chosen) in chosen_fields(&headings, options)? {
        fields[column] = chosen;
    }
    for (index, heading) in headings.iter().enumerate() {
        let settled = match options.mapping.contains_key(heading) {
            true => None,
            false => {
                let by_content = || content::settle(heading, index, &fields, survey);
                // A bib is no column of a list of races: there an id is an id.
                let has_place = |(field, _): &(Option<&str>, &str)| {
                    options.known.is_empty() || field.is_none_or(|field| options.known.contains(&field))
                };
                by_neighbours(heading, index, &fields).or_else(|| by_content().filter(has_place))
            }
        };
        let column = match settled {
            Some((field, reason)) => {
                fields[index] = field;
                settled_column(heading, field, reason)
            }
            None => plain_column(heading, fields[index], &meanings[index], options),
        };
        survey.columns[index] = column;
    }
    survey.notes = notes(&survey.columns, &meanings, options);
    let gives = |required: &&str| fields.iter().flatten().any(|field| satisfies(field, required));
    let missing: Vec<&'static str> = options.required.iter().copied().filter(|field| !gives(field)).collect();
    if missing.is_empty() { Ok(()) } else { Err(columns_error(missing, headings, options)) }
}

/// The language in which most headings are written; in doubt English.
fn language_of(meanings: &[Vec<Meaning>]) -> Language {
    let all = [Language::English, Language::French, Language::German, Language::Spanish, Language::Other];
    let votes = |language: Language| meanings.iter().filter(|list| list.iter().any(|m| m.language == language)).count();
    // The last of equal maxima wins, so English comes last.
    all.into_iter().rev().max_by_key(|&language| votes(language)).unwrap_or_default()
}

/// The first meaning of each heading whose field no unmistakable heading has taken already.
fn first_choices(meanings: &[Vec<Meaning>]) -> Vec<Option<&'static str>> {
    let is_single = |list: &[Meaning]| list.iter().all(|meaning| meaning.field == list[0].field);
    let taken: Vec<&str> =
        meanings.iter().filter(|list| !list.is_empty() && is_single(list)).map(|l| l[0].field).collect();
    let choice = |list: &Vec<Meaning>| {
        let free = list.iter().find(|meaning| is_single(list) || !taken.contains(&meaning.field));
        free.or(list.first()).map(|meaning| meaning.field).filter(|&field| field != IGNORE)
    };
    meanings.iter().map(choice).collect()
}

/// Columns that a person has settled.
fn chosen_fields(
    headings: &[String],
    options: &TableOptions,
) -> Result<Vec<(usize, Option<&'static str>)>, TableError> {
    let mut chosen = Vec::new();
    for (index, heading) in headings.iter().enumerate() {
        match options.mapping.get(heading) {
            None => {}
            Some(None) => chosen.push((index, None)),
            Some(Some(field)) => {
                let (known, _) = headings::chosen(field).ok_or_else(|| TableError::MappedField(field.clone()))?;
                chosen.push((index, Some(known)));
            }
        }
    }
    Ok(chosen)
}

type Settled = Option<(Option<&'static str>, &'static str)>;

/// `Name`, `Nom`, `Nombre` and `Nome` are a part of the name or the whole, depending on the other columns.
fn by_neighbours(heading: &str, index: usize, fields: &[Option<&str>]) -> Settled {
    let has = |field: &str| fields.iter().enumerate().any(|(other, &given)| other != index && given == Some(field));
    let settled = match headings::normalise(heading).as_str() {
        "name" if has("first_name") && !has("last_name") => ("last_name", "there is a column for the first name"),
        "nom" | "last" if !has("first_name") => ("name", "there is no column for the first name"),
        "nombre" | "nome" | "nombres" if !has("last_name") => ("name", "there is no column for the last name"),
        _ => return None,
    };
    Some((Some(settled.0), settled.1))
}

fn settled_column(heading: &str, field: Option<&'static str>, reason: &str) -> Column {
    let order = NameOrder::AsWritten;
    Column { heading: heading.to_owned(), field, order, confidence: 80, reason: reason.to_owned() }
}

fn plain_column(heading: &str, field: Option<&'static str>, meanings: &[Meaning], options: &TableOptions) -> Column {
    let by_hand = options.mapping.get(heading).and_then(|chosen| headings::chosen(chosen.as_deref()?));
    let order = match by_hand {
        Some((_, order)) => order,
        None => meanings.iter().find(|meaning| Some(meaning.field) == field).map_or(NameOrder::AsWritten, |m| m.order),
    };
    let is_single = meanings.iter().all(|meaning| Some(meaning.field) == field);
    let (confidence, reason) = match field {
        _ if options.mapping.contains_key(heading) => (100, "chosen by hand"),
        Some(_) if is_single => (95, "the heading is known"),
        Some(_) => (70, "the heading has several meanings; this one fits the other columns"),
        None if meanings.is_empty() => (0, "the heading is not known"),
        None => (90, "the column is not needed"),
    };
    Column { heading: heading.to_owned(), field, order, confidence, reason: reason.to_owned() }
}

fn notes(columns: &[Column], meanings: &[Vec<Meaning>], options: &TableOptions) -> Vec<Note> {
    let is_event = |heading: &str| options.takes_event_columns && is_event(heading);
    let mut notes = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let heading = &column.heading;
        let twin = columns[..index].iter().find(|earlier| column.field.is_some() && earlier.field == column.field);
        if let Some(twin) = twin {
            let message =
                format!("The columns {} and {heading} mean the same; the first value of a row counts", twin.heading);
            notes.push(Note { code: "same_field", row: None, message });
        } else if column.field.is_none()
            && meanings[index].is_empty()
            && !heading.is_empty()
            && column.confidence == 0
            && !is_event(heading)
        {
            let message = format!("The column {heading} is not known and is ignored");
            notes.push(Note { code: "unknown_column", row: None, message });
        } else if column.field.is_none() && !heading.is_empty() && column.confidence == 80 {
            let message = format!("The column {heading} is ignored: {}", column.reason);
            notes.push(Note { code: "ignored_column", row: None, message });
        }
    }
    notes
}
