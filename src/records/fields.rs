//! Reading the members of one entity from JSON: aliases, types, ranges, and every fault at once.
//!
//! An entity's `fill` asks for its members one by one and writes what was given into itself; what was not given
//! stays as it was. So one function serves creation (onto a blank row), change (onto the stored row) and import.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::http::error::FieldError;
use crate::rules::text;
use crate::time::Moment;

/// What the members are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new row by the API: required members must be there.
    Create,
    /// Some members of a stored row.
    Change,
    /// A new row of a file: as `Create`, but null and blank mean "not given".
    ImportNew,
    /// Given members of a file onto a stored row; null and blank mean "not given".
    ImportOnto,
}

impl Purpose {
    /// True when the members become a new row.
    pub fn creates(self) -> bool {
        matches!(self, Purpose::Create | Purpose::ImportNew)
    }

    pub fn is_import(self) -> bool {
        matches!(self, Purpose::ImportNew | Purpose::ImportOnto)
    }
}

/// Other names a member may come under, oldest clients first: `(alias, member)`.
pub type Aliases = &'static [(&'static str, &'static str)];

/// One entity's members on their way in.
pub struct Fields<'a> {
    members: &'a Map<String, Value>,
    aliases: Aliases,
    purpose: Purpose,
    asked: Vec<&'static str>,
    errors: Vec<FieldError>,
    notes: Vec<String>,
}

impl<'a> Fields<'a> {
    pub fn new(members: &'a Map<String, Value>, aliases: Aliases, purpose: Purpose) -> Fields<'a> {
        Fields { members, aliases, purpose, asked: Vec::new(), errors: Vec::new(), notes: Vec::new() }
    }

    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The value given under `name` or one of its aliases; the name itself wins.
    pub fn given(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.push(name);
        let found = self.members.get(name).or_else(|| {
            let mut aliases = self.aliases.iter().filter(|(_, member)| *member == name);
            aliases.find_map(|(alias, _)| self.members.get(*alias))
        })?;
        let empty = match found {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            _ => false,
        };
        if empty && self.purpose.is_import() { None } else { Some(found) }
    }

    pub fn refuse(&mut self, name: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError::new(name, code, message));
    }

    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Text that must be there, trimmed and NFC, 1 to `most` characters. `label` starts the sentence of an error.
    pub fn required_text(&mut self, name: &'static str, label: &str, most: usize, into: &mut String) {
        let numbers = self.purpose.is_import();
        self.required(name, label, into, |value| read_text(value, label, most, numbers));
    }

    /// Text that may be missing; blank means none.
    pub fn text(&mut self, name: &'static str, label: &str, most: usize, into: &mut Option<String>) {
        let numbers = self.purpose.is_import();
        self.optional(name, into, |value| read_text(value, label, most, numbers));
    }

    /// A member that must be there, read by `read` from text. An empty value counts as missing.
    pub fn required_from_text<T>(
        &mut self,
        name: &'static str,
        label: &str,
        into: &mut T,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) {
        self.required(name, label, into, |value| read(&as_text(value, label)?));
    }

    fn required<T>(
        &mut self,
        name: &'static str,
        label: &str,
        into: &mut T,
        read: impl FnOnce(&Value) -> Result<T, Fault>,
    ) {
        match self.given(name) {
            None if self.purpose.creates() => self.refuse(name, "required", format!("{label} required")),
            None => {}
            Some(value) if is_blank(value) => self.refuse(name, "required", format!("{label} required")),
            Some(value) => match read(value) {
                Ok(read) => *into = read,
                Err(fault) => self.refuse(name, fault.code, fault.message),
            },
        }
    }

    /// A member that may be missing or null, read by `read` from text.
    pub fn from_text<T>(
        &mut self,
        name: &'static str,
        label: &str,
        into: &mut Option<T>,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) {
        self.optional(name, into, |value| read(&as_text(value, label)?));
    }

    /// A member that may be missing or null, read by `read` as it came.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        into: &mut Option<T>,
        read: impl FnOnce(&Value) -> Result<T, Fault>,
    ) {
        match self.given(name) {
            None => {}
            Some(value) if is_blank(value) => *into = None,
            Some(value) => match read(value) {
                Ok(read) => *into = Some(read),
                Err(fault) => self.refuse(name, fault.code, fault.message),
            },
        }
    }

    /// A member with a default: left as it is when missing or null.
    pub fn defaulted<T>(
        &mut self,
        name: &'static str,
        label: &str,
        into: &mut T,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) {
        match self.given(name) {
            Some(value) if !is_blank(value) => match as_text(value, label).and_then(|text| read(&text)) {
                Ok(read) => *into = read,
                Err(fault) => self.refuse(name, fault.code, fault.message),
            },
            _ => {}
        }
    }

    /// A whole number within `range`, or none.
    pub fn integer(
        &mut self,
        name: &'static str,
        label: &str,
        range: std::ops::RangeInclusive<i64>,
        into: &mut Option<i64>,
    ) {
        self.optional(name, into, |value| read_integer(value, label, range));
    }

    /// The id of another row, which must be there.
    pub fn reference(&mut self, name: &'static str, label: &str, into: &mut i64) {
        self.required(name, label, into, |value| read_integer(value, label, 1..=i64::MAX));
    }

    pub fn boolean(&mut self, name: &'static str, label: &str, into: &mut bool) {
        match self.given(name) {
            Some(value) if !is_blank(value) => match read_boolean(value, label) {
                Ok(read) => *into = read,
                Err(fault) => self.refuse(name, fault.code, fault.message),
            },
            _ => {}
        }
    }

    /// A moment that only a restore of our own export may set (`createdAt`).
    pub fn moment(&mut self, name: &'static str, label: &str, into: &mut Moment) {
        self.defaulted(name, label, into, |text| read_moment(text, label));
    }

    /// Members that appear in our own answers and may be sent back, but are not set from there.
    pub fn ignore(&mut self, names: &[&'static str]) {
        self.asked.extend_from_slice(names);
    }

    /// Ends the reading. Unknown members are faults in the API, and notes in an import.
    pub fn finish(mut self) -> Result<Vec<String>, Vec<FieldError>> {
        let known: Vec<&str> = self.asked.iter().copied().chain(self.aliases.iter().map(|(alias, _)| *alias)).collect();
        for name in self.members.keys().filter(|name| !known.contains(&name.as_str())) {
            if self.purpose.is_import() {
                self.notes.push(format!("{name} is not known and was ignored"));
                continue;
            }
            let hint = nearest(name, &known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            self.errors.push(FieldError::new(
                name.clone(),
                "unknown-field",
                format!("{} is not a known member{hint}", text::excerpt(name, 40)),
            ));
        }
        if self.errors.is_empty() { Ok(self.notes) } else { Err(self.errors) }
    }
}

/// Why one value was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: &'static str,
    pub message: String,
}

impl Fault {
    pub fn new(code: &'static str, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into() }
    }
}

/// The known name that looks most like `name`, when one does.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let score = |candidate: &&str| strsim::jaro_winkler(&name.to_lowercase(), &candidate.to_lowercase());
    let best = known.iter().max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(best) > 0.8).then_some(*best)
}

/// One word of a closed set, compared without case.
pub fn one_of<T: Copy>(text: &str, label: &str, known: &[(&'static str, T)]) -> Result<T, Fault> {
    let wanted = text.trim().to_lowercase().replace(['-', ' '], "_");
    known.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value).ok_or_else(|| {
        let mut names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        names.truncate(8);
        Fault::new("not-one-of", format!("{label} '{}' is not one of {}", text::excerpt(text, 40), names.join(", ")))
    })
}

pub fn read_moment(text: &str, label: &str) -> Result<Moment, Fault> {
    Moment::read(text.trim()).ok_or_else(|| {
        let shown = text::excerpt(text, 40);
        Fault::new("invalid-time", format!("{label} '{shown}' is not a moment such as 2026-06-14T09:30:00Z"))
    })
}

/// A calendar date `YYYY-MM-DD` that exists.
pub fn read_date(text: &str, label: &str) -> Result<jiff::civil::Date, Fault> {
    crate::rules::date::parse_iso(text.trim()).ok_or_else(|| {
        let shown = text::excerpt(text, 40);
        Fault::new("invalid-date", format!("{label} '{shown}' is not a date such as 2026-06-14"))
    })
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text::clean(text).is_empty(),
        _ => false,
    }
}

fn as_text<'v>(value: &'v Value, label: &str) -> Result<Cow<'v, str>, Fault> {
    match value {
        Value::String(text) => checked(text, label),
        // A bib, a telephone number, a seed mark: none is below zero or needs an exponent.
        Value::Number(number) if number.as_f64().is_some_and(|number| (0.0..1e15).contains(&number)) => {
            Ok(number.to_string().into())
        }
        _ => Err(Fault::new("wrong-type", format!("{label} must be text"))),
    }
}

fn checked<'v>(text: &'v str, label: &str) -> Result<Cow<'v, str>, Fault> {
    if text::has_control(text) {
        return Err(Fault::new("control-character", format!("{label} holds characters that cannot be shown")));
    }
    Ok(text::clean(text))
}

/// `numbers`: a number counts as its text, as spreadsheets make numbers of names such as 1860.
fn read_text(value: &Value, label: &str, most: usize, numbers: bool) -> Result<String, Fault> {
    if value.is_number() && !numbers {
        return Err(Fault::new("wrong-type", format!("{label} must be text")));
    }
    let text = as_text(value, label)?;
    let length = text.chars().count();
    if length > most {
        return Err(Fault::new("too-long", format!("{label} is {length} characters long; the most is {most}")));
    }
    Ok(text.into_owned())
}

pub fn read_integer(value: &Value, label: &str, range: std::ops::RangeInclusive<i64>) -> Result<i64, Fault> {
    let wrong = || Fault::new("wrong-type", format!("{label} must be a whole number"));
    let number = match value {
        Value::Number(number) => number.as_i64().ok_or_else(wrong)?,
        Value::String(text) => text.trim().parse().map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    if !range.contains(&number) {
        let (low, high) = (range.start(), range.end());
        let bounds = if *high == i64::MAX { format!("{low} or more") } else { format!("from {low} to {high}") };
        return Err(Fault::new("out-of-range", format!("{label} must be {bounds}")));
    }
    Ok(number)
}

fn read_boolean(value: &Value, label: &str) -> Result<bool, Fault> {
    match value {
        Value::Bool(given) => Ok(*given),
        Value::Number(number) if number.as_i64() == Some(0) => Ok(false),
        Value::Number(number) if number.as_i64() == Some(1) => Ok(true),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(true),
            "false" | "no" | "0" => Ok(false),
            _ => Err(Fault::new("wrong-type", format!("{label} must be true or false"))),
        },
        _ => Err(Fault::new("wrong-type", format!("{label} must be true or false"))),
    }
}

#[cfg(test)]
mod tests;
