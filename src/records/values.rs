//! Values of the sport in and out of SQLite and JSON.

use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Row, types::FromSql};
use serde_json::Value;

use super::Fault;
use crate::rules::bib::Bib;
use crate::rules::contact;
use crate::rules::country::Country;
use crate::rules::gender::Gender;
use crate::rules::mark::MarkError;
use crate::rules::text;

/// The text of a column as a value of the sport; a stored value that is none is an error of the file.
pub fn parsed<T>(row: &Row<'_>, index: usize, read: impl FnOnce(&str) -> Option<T>) -> rusqlite::Result<T> {
    let text = row.get_ref(index)?.as_str()?;
    read(text).ok_or_else(|| broken(index, text))
}

/// As [`parsed`], where the column may be NULL.
pub fn maybe<T>(row: &Row<'_>, index: usize, read: impl FnOnce(&str) -> Option<T>) -> rusqlite::Result<Option<T>> {
    match row.get_ref(index)?.as_str_or_null()? {
        None => Ok(None),
        Some(text) => read(text).map(Some).ok_or_else(|| broken(index, text)),
    }
}

/// An integer column wrapped in a unit.
pub fn unit<I: FromSql, T>(row: &Row<'_>, index: usize, wrap: impl FnOnce(I) -> T) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<I>>(index)?.map(wrap))
}

fn broken(index: usize, text: &str) -> rusqlite::Error {
    // The text itself may be a date of birth, and what goes wrong is logged.
    let cause = FromSqlError::Other(format!("a text of {} bytes is not a value of this column", text.len()).into());
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(cause))
}

/// Country by code, ISO code or name. The second value is a note when it was not a code of the sport.
pub fn read_country(text: &str) -> Result<(Country, Option<String>), Fault> {
    let reading = Country::read(text).map_err(|error| Fault::new("invalid-country", error.to_string()))?;
    Ok((reading.country, reading.note))
}

pub fn read_gender(text: &str) -> Result<Gender, Fault> {
    Gender::read(text).ok_or_else(|| {
        let shown = text::excerpt(text, 40);
        Fault::new("invalid-gender", format!("Gender '{shown}' is not M, F or X"))
    })
}

pub fn read_bib(text: &str) -> Result<Bib, Fault> {
    Bib::new(text).map_err(|error| Fault::new("invalid-bib", error.to_string()))
}

pub fn read_email(text: &str) -> Result<String, Fault> {
    contact::read_email(text).map(|(email, _)| email).map_err(|error| Fault::new("invalid-email", error.to_string()))
}

pub fn read_phone(text: &str) -> Result<String, Fault> {
    contact::read_phone(text).map(|(phone, _)| phone).map_err(|error| Fault::new("invalid-phone", error.to_string()))
}

/// The key that is unique for bibs and sorts as numbers do: the key's length as a letter, then the key.
pub fn bib_key(bib: &Bib) -> String {
    let key = bib.key();
    let length = u8::try_from(key.chars().count()).unwrap_or(u8::MAX).min(25);
    let mut sortable = String::with_capacity(key.len() + 1);
    sortable.push(char::from(b'a' + length));
    sortable.push_str(&key);
    sortable
}

/// A mark as a JSON number, or as officials type it. `label` starts the sentence of an error.
pub fn read_mark<T>(
    value: &Value,
    label: &str,
    parse: impl FnOnce(&str) -> Result<T, MarkError>,
    from_json: impl FnOnce(&serde_json::Number) -> Result<T, MarkError>,
) -> Result<T, Fault> {
    let read = match value {
        Value::Number(number) => from_json(number),
        Value::String(text) => parse(text),
        _ => Err(MarkError::NotAMark),
    };
    read.map_err(|error| Fault::new("invalid-mark", format!("{label}: {error}")))
}
