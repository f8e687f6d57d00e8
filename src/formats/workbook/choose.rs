//! Which sheets of a workbook hold the list.

use std::io::{Read, Seek};
use std::ops::ControlFlow;

use super::book::{Book, Reading, SheetName};
use super::{Note, WorkbookError};
use crate::rules::text;

/// The header stands in one of the first rows, as in a CSV file.
const DEEPEST_ROW: u64 = 15;
/// Names of sheets in one sentence.
const SHOWN: usize = 10;

/// A sheet that is read.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub sheet: SheetName,
    /// Row of the header; 0 where none was found.
    pub header_row: u64,
}

/// The sheets to read, one behind the other, and what to say about the others.
pub(super) struct Choice {
    pub sheets: Vec<Chosen>,
    pub notes: Vec<Note>,
}

/// The start of a sheet.
struct Head {
    sheet: SheetName,
    header: Option<(u64, Vec<String>)>,
    is_blank: bool,
}

/// Looks at the first rows of every visible sheet.
pub(super) fn choose<S: Read + Seek>(
    book: &mut Book<S>,
    reading: &Reading<'_>,
    fits: impl Fn(&[String]) -> bool,
) -> Result<Choice, WorkbookError> {
    let mut heads = Vec::new();
    let mut hidden = Vec::new();
    for sheet in book.sheets() {
        if sheet.is_visible {
            heads.push(head(book, sheet, reading, &fits)?);
        } else {
            hidden.push(sheet.name);
        }
    }
    heads.retain(|head| !head.is_blank);
    let first = heads.iter().position(|head| head.header.is_some()).unwrap_or(0);
    if heads.is_empty() {
        return Err(WorkbookError::NoValues);
    }
    let main = heads.remove(first);
    let is_equal = |head: &Head| match (&head.header, &main.header) {
        (Some((_, one)), Some((_, other))) => one == other,
        _ => false,
    };
    let (equal, others): (Vec<Head>, Vec<Head>) = heads.into_iter().partition(is_equal);
    let notes = note(&main, &equal, &others, &hidden).into_iter().collect();
    let chosen = |head: Head| Chosen { header_row: head.header.map_or(0, |(row, _)| row), sheet: head.sheet };
    let sheets = std::iter::once(main).chain(equal).map(chosen).collect();
    Ok(Choice { sheets, notes })
}

fn head<S: Read + Seek>(
    book: &mut Book<S>,
    sheet: SheetName,
    reading: &Reading<'_>,
    fits: &impl Fn(&[String]) -> bool,
) -> Result<Head, WorkbookError> {
    let mut is_blank = true;
    let mut header = None;
    book.rows(&sheet.name, reading, |row, cells| {
        is_blank = false;
        if row <= DEEPEST_ROW && fits(cells) {
            header = Some((row, headings(cells)));
        }
        let is_known = header.is_some() || row >= DEEPEST_ROW;
        Ok(if is_known { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Head { sheet, header, is_blank })
}

/// The cells of a header as they are compared.
fn headings(cells: &[String]) -> Vec<String> {
    let mut headings: Vec<_> = cells.iter().map(|cell| text::clean(cell).into_owned()).collect();
    while headings.last().is_some_and(String::is_empty) {
        headings.pop();
    }
    headings
}

/// Says which sheets were read and which were not, where there is more than one.
fn note(main: &Head, equal: &[Head], others: &[Head], hidden: &[String]) -> Option<Note> {
    if equal.is_empty() && others.is_empty() && hidden.is_empty() {
        return None;
    }
    let names = |heads: &mut dyn Iterator<Item = &Head>| list(heads.map(|head| head.sheet.name.as_str()));
    let mut message = match equal {
        [] => format!("The sheet {} was read", list([main.sheet.name.as_str()])),
        _ => {
            let read = names(&mut std::iter::once(main).chain(equal));
            format!("The sheets {read} have the same header and were read one behind the other")
        }
    };
    let (lists, rest): (Vec<&Head>, Vec<&Head>) = others.iter().partition(|head| head.header.is_some());
    if !lists.is_empty() {
        let lists = names(&mut lists.into_iter());
        message += &format!("; not read, because of another header: {lists} (save it as a workbook of its own)");
    }
    if !rest.is_empty() {
        message += &format!("; not read, because no header was found: {}", names(&mut rest.into_iter()));
    }
    if !hidden.is_empty() {
        message += &format!("; not read, because hidden: {}", list(hidden.iter().map(String::as_str)));
    }
    Some(Note { code: "sheet", row: None, message })
}

/// `'A', 'B' and 3 more`.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("'{}'", text::excerpt(name, 40))).collect();
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}
