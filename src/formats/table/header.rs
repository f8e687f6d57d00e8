//! The header row: the first of the first fifteen in which at least two cells are known headings, one of them required.

use std::io::{Read, Seek};

use super::{TableError, TableOptions};
use crate::formats::encoding::{Decoder, Detected};
use crate::formats::headings::{self, Meaning};
use crate::formats::records::{Records, Step};
use crate::rules::{discipline, text};

/// Titles, the club's name and blank lines stand above the header, but not more of them.
const DEEPEST_ROW: u64 = 15;

pub(super) struct Header {
    pub row: u64,
    pub line: u64,
    /// As it came.
    pub raw: String,
    /// Cleaned, one a column.
    pub headings: Vec<String>,
}

/// How well a record does as a header.
#[derive(Default)]
pub(super) struct Fit {
    /// Cells that are known headings.
    pub known: usize,
    pub is_header: bool,
}

/// Finds the header row; a record that is none but comes nearest is described in the error.
pub(super) fn find<S: Read + Seek>(
    source: &mut S,
    detected: &Detected,
    delimiter: u8,
    options: &TableOptions,
) -> Result<Header, TableError> {
    let mut records = Records::new(Decoder::new(source, detected)?, delimiter);
    let mut nearest: Option<(usize, Vec<String>)> = None;
    while records.row() < DEEPEST_ROW {
        match records.advance()? {
            Step::End => break,
            // Something is there, but no heading can be read from it.
            Step::Fault(_) => {
                nearest.get_or_insert((0, Vec::new()));
                continue;
            }
            Step::Record => {}
        }
        let record = records.record()?;
        if records.is_blank() || (record.row == 1 && separator_hint(record.raw()).is_some()) {
            continue;
        }
        let fit = fit(record.cells(), options);
        let headings = || record.cells().map(|cell| text::clean(cell).into_owned()).collect();
        if fit.is_header {
            let raw = record.raw().to_owned();
            let header = Header { row: record.row, line: record.line, raw, headings: headings() };
            return checked(header, options);
        }
        if nearest.as_ref().is_none_or(|(known, found)| fit.known > *known || found.is_empty()) {
            nearest = Some((fit.known, headings()));
        }
    }
    let (_, found) = nearest.ok_or(TableError::Empty)?;
    let missing = options.required.iter().filter(|field| !found.iter().any(|heading| gives(heading, field, options)));
    Err(columns_error(missing.copied().collect(), found, options))
}

fn checked(header: Header, options: &TableOptions) -> Result<Header, TableError> {
    let found = header.headings.len();
    if found > options.max_columns {
        return Err(TableError::TooManyColumns { found, max: options.max_columns });
    }
    let has = |heading: &String| header.headings.contains(heading);
    match options.mapping.keys().find(|heading| !has(heading)) {
        Some(stranger) => Err(TableError::MappedHeading(stranger.clone())),
        None => Ok(header),
    }
}

/// `sep=;` or `"sep=;"`.
pub(super) fn separator_hint(line: &str) -> Option<u8> {
    let line = line.trim_matches(['"', ' ']);
    let hint = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="))?;
    match &line.as_bytes()[hint.len()..] {
        [delimiter] if delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() => Some(*delimiter),
        _ => None,
    }
}

pub(super) fn fit<'a>(cells: impl Iterator<Item = &'a str>, options: &TableOptions) -> Fit {
    let mut fit = Fit::default();
    let mut has_required = options.required.is_empty();
    let mut has_mapped = false;
    for cell in cells.map(text::clean) {
        let is_mapped = options.mapping.contains_key(cell.as_ref());
        has_mapped |= is_mapped;
        let is_event = options.takes_event_columns && is_event(&cell);
        fit.known += usize::from(is_mapped || is_event || known_meanings(&cell, options).next().is_some());
        has_required |= options.required.iter().any(|field| gives(&cell, field, options));
    }
    fit.is_header = has_required && (fit.known >= 2 || has_mapped);
    fit
}

/// `100m`, `Weitsprung`, `Event 2`.
pub(super) fn is_event(heading: &str) -> bool {
    let is_counted = |meaning: &Meaning| matches!(meaning.field, "event" | "seed_mark");
    discipline::read_spoken(heading).is_some()
        || headings::numbered(heading).is_some_and(|(meanings, _)| meanings.iter().any(is_counted))
}

/// Meanings of a heading among the fields that the options know.
pub(super) fn known_meanings<'o>(heading: &str, options: &'o TableOptions) -> impl Iterator<Item = Meaning> + use<'o> {
    let is_known =
        |field: &&str| options.known.is_empty() || options.known.contains(field) || *field == headings::IGNORE;
    headings::meanings(heading).iter().copied().filter(move |meaning| is_known(&meaning.field))
}

/// Whether a heading may give a required field.
fn gives(heading: &str, field: &str, options: &TableOptions) -> bool {
    match options.mapping.get(heading) {
        Some(chosen) => {
            chosen.as_deref().is_some_and(|chosen| satisfies(chosen.split(':').next().unwrap_or_default(), field))
        }
        None => known_meanings(heading, options).any(|meaning| satisfies(meaning.field, field)),
    }
}

/// Whether a column of one field does for a required one: one of several (`name|bib_number`), and a part of the name
/// for the name.
pub(super) fn satisfies(field: &str, required: &str) -> bool {
    let does =
        |required: &str| field == required || (required == "name" && matches!(field, "first_name" | "last_name"));
    required.split('|').any(does)
}

/// The required fields as a sentence names them: the first of several.
fn first_choices(required: &[&'static str]) -> Vec<&'static str> {
    let first = |field: &&'static str| match field.split('|').next() {
        Some("event_name") => "name",
        Some(first) => first,
        None => field,
    };
    required.iter().map(first).collect()
}

/// `Expected the columns name and country; found: nme, country. Did you mean name?`
pub(super) fn columns_error(missing: Vec<&'static str>, found: Vec<String>, options: &TableOptions) -> TableError {
    const SHOWN: usize = 20;
    let headings: Vec<_> = found.iter().filter(|heading| !heading.is_empty()).collect();
    let mut shown: Vec<_> = headings.iter().take(SHOWN).map(|heading| text::excerpt(heading, 40)).collect();
    if headings.len() > SHOWN {
        shown.push("…".into());
    }
    let missing = first_choices(&missing);
    let strangers = headings.iter().filter(|heading| headings::meanings(heading).is_empty());
    let mut meant: Vec<&str> = strangers.filter_map(|heading| headings::nearest(heading, &missing)).collect();
    meant.dedup();
    let column = if options.required.len() == 1 { "column" } else { "columns" };
    let found_text = if shown.is_empty() { "none".to_owned() } else { shown.join(", ") };
    let mut message = format!("Expected the {column} {}; found: {found_text}", list(&first_choices(options.required)));
    message.push('.');
    if !meant.is_empty() {
        message.push_str(&format!(" Did you mean {}?", list(&meant)));
    }
    TableError::Columns { message, missing, found }
}

/// `a, b and c`.
fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
