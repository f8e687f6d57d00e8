//! Rows of an athletes file as values.
//!
//! [`AthleteColumns`] decides once what only a whole column can tell (letters of gender, order of day and month);
//! [`AthleteCells`] then reads row by row and reports every fault of a row, not only the first. What needs the other
//! rows or the database (a bib used twice, an athlete stored already) is the importer's business.

use std::borrow::Cow;

use super::csv_out::{starts_formula, undefuse};
use super::headings::NameOrder;
use super::table::Row;
use crate::rules::bib::Bib;
use crate::rules::contact;
use crate::rules::country::{Country, CountryError};
use crate::rules::date::{self, Birth, DateFault};
use crate::rules::gender::Gender;
use crate::rules::text;

mod columns;
mod names;

pub use columns::AthleteColumns;
pub use names::{is_last_first, turned_round};

/// The longest name, in characters.
pub const MAX_NAME: usize = 100;
/// The longest club or coach, in characters.
pub const MAX_TEXT: usize = 200;

/// The values of one athlete, cleaned; `None` where the cell is blank or at fault.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AthleteCells<'a> {
    /// The id of an export of ours; a foreign file's ids are not to be trusted.
    pub id: Option<i64>,
    /// 1 to 100 characters.
    pub name: Option<Cow<'a, str>>,
    /// The country.
    pub country: Option<Country>,
    /// The gender.
    pub gender: Option<Gender>,
    /// Date or year of birth.
    pub birth: Option<Birth>,
    /// The email address.
    pub email: Option<String>,
    /// The telephone number, as written.
    pub phone: Option<String>,
    /// Club or team.
    pub club: Option<Cow<'a, str>>,
    /// Coach.
    pub coach: Option<Cow<'a, str>>,
    /// The bib.
    pub bib: Option<Bib>,
    /// Everything that is wrong with the row.
    pub faults: Vec<CellFault>,
    /// Everything that is worth telling and refuses nothing.
    pub notes: Vec<CellNote>,
}

/// A value that refuses its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// Stable name: `missing_name`, `invalid_country` …
    pub code: &'static str,
    /// The heading as the user wrote it, or the field where the table has no such column.
    pub column: String,
    /// A sentence for a person.
    pub message: String,
    /// The value, cut to 200 characters.
    pub value: String,
}

/// Something worth telling about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellNote {
    /// Stable name: `country_read`, `ambiguous_date`, `suspicious_formula` …
    pub code: &'static str,
    /// The heading as the user wrote it.
    pub column: String,
    /// A sentence for a person.
    pub message: String,
}

/// One row being read.
struct Reader<'c, 'a> {
    columns: &'c AthleteColumns,
    row: &'c Row<'a>,
    cells: AthleteCells<'a>,
}

impl<'a> AthleteCells<'a> {
    /// Reads one row; all its faults are in `faults`.
    pub fn read(columns: &AthleteColumns, row: &Row<'a>) -> AthleteCells<'a> {
        let mut reader = Reader { columns, row, cells: AthleteCells::default() };
        reader.cells.id =
            reader.optional(&columns.id).and_then(|(value, _)| value.parse().ok()).filter(|&id: &i64| id > 0);
        reader.name();
        reader.country();
        reader.gender();
        reader.birth();
        reader.email();
        reader.phone();
        reader.cells.club = reader.text(&columns.club, "invalid_club");
        reader.cells.coach = reader.text(&columns.coach, "invalid_coach");
        reader.bib();
        reader.cells
    }
}

impl<'a> Reader<'_, 'a> {
    /// The first value of several columns that is not blank, cleaned and without the apostrophe of an export: behind one
    /// a dash is a text and not a blank.
    fn value(&self, columns: &[usize], is_blank: fn(&str) -> bool) -> Option<(Cow<'a, str>, usize)> {
        columns.iter().find_map(|&index| {
            let cell = self.row.cell(index);
            let bare = undefuse(cell);
            let value = text::clean(bare);
            let is_text = bare.len() < cell.len() && !value.is_empty();
            (is_text || !is_blank(&value)).then_some((value, index))
        })
    }

    fn optional(&self, columns: &[usize]) -> Option<(Cow<'a, str>, usize)> {
        self.value(columns, text::blank)
    }

    fn fault(&mut self, code: &'static str, column: usize, value: &str, message: String) {
        let column = self.columns.headings[column].clone();
        self.cells.faults.push(CellFault { code, column, message, value: text::excerpt(value, 200).into_owned() });
    }

    fn missing(&mut self, code: &'static str, column: String, message: &str) {
        self.cells.faults.push(CellFault { code, column, message: message.to_owned(), value: String::new() });
    }

    fn note(&mut self, code: &'static str, column: usize, message: String) {
        let column = self.columns.headings[column].clone();
        self.cells.notes.push(CellNote { code, column, message });
    }

    fn name(&mut self) {
        let columns = self.columns;
        let whole = self.value(&columns.name, is_no_name);
        let found = match whole {
            Some((value, index)) if columns.name_order == NameOrder::LastFirst => {
                Some((names::turned_round(value), index))
            }
            Some(found) => Some(found),
            None => self.name_from_parts(),
        };
        let Some((name, index)) = found else {
            let parts = columns.name_parts.iter().find(|part| !part.is_empty());
            let heading_columns = if columns.name.is_empty() { parts.unwrap_or(&columns.name) } else { &columns.name };
            return self.missing("missing_name", columns.heading(heading_columns, "name"), "Name required");
        };
        self.cells.name = self.checked_text(name, index, "invalid_name", "Name", MAX_NAME);
    }

    fn name_from_parts(&self) -> Option<(Cow<'a, str>, usize)> {
        let mut parts = self.columns.name_parts.iter().filter_map(|columns| self.value(columns, is_no_name));
        let (mut name, index) = parts.next()?;
        for (part, _) in parts {
            name = Cow::Owned(format!("{name} {part}"));
        }
        Some((name, index))
    }

    /// Text of one line: no control characters, not too long; a formula is kept with a note.
    fn checked_text(
        &mut self,
        value: Cow<'a, str>,
        column: usize,
        code: &'static str,
        what: &str,
        max: usize,
    ) -> Option<Cow<'a, str>> {
        if value.len() > max && value.chars().count() > max {
            let message = format!("{what} has {} characters; at most {max} are possible", value.chars().count());
            self.fault(code, column, &value, message);
            return None;
        }
        if text::has_control(&value) {
            self.fault(code, column, &value, format!("{what} holds a control character"));
            return None;
        }
        if starts_formula(&value) && value.starts_with(['=', '@', '\u{ff1d}', '\u{ff20}']) {
            let message = format!("{what} looks like a formula; it was kept as text");
            self.note("suspicious_formula", column, message);
        }
        Some(value)
    }

    fn text(&mut self, columns: &[usize], code: &'static str) -> Option<Cow<'a, str>> {
        let (value, index) = self.optional(columns)?;
        let what = if code == "invalid_club" { "Club" } else { "Coach" };
        self.checked_text(value, index, code, what, MAX_TEXT)
    }

    fn country(&mut self) {
        let columns = self.columns;
        // NA is Namibia here.
        let is_blank = |value: &str| text::blank(value) && !value.eq_ignore_ascii_case("na");
        let Some((value, index)) = self.value(&columns.country, is_blank) else {
            let column = columns.heading(&columns.country, "country");
            return self.missing("missing_country", column, "Country required");
        };
        match Country::read(&value) {
            Ok(reading) => {
                self.cells.country = Some(reading.country);
                if let Some(note) = reading.note {
                    self.note("country_read", index, note);
                }
            }
            Err(CountryError::Required) => self.fault("missing_country", index, &value, "Country required".to_owned()),
            Err(error @ CountryError::Unknown { .. }) => {
                self.fault("invalid_country", index, &value, error.to_string());
            }
        }
    }

    fn gender(&mut self) {
        let Some((value, index)) = self.optional(&self.columns.gender) else { return };
        self.cells.gender = self.columns.letters.read(&value);
        if self.cells.gender.is_none() {
            let shown = text::excerpt(&value, 40);
            let message = match Gender::read(&value) {
                Some(_) => format!("Gender '{shown}' can mean two things in this column; write M, F or X"),
                None => format!("Gender '{shown}' is not known; write M, F or X"),
            };
            self.fault("invalid_gender", index, &value, message);
        }
    }

    fn birth(&mut self) {
        let columns = self.columns;
        let (value, index, birth) = if let Some((value, index)) = self.optional(&columns.birth_date) {
            let birth = date::read_birth(&value, columns.order, columns.today);
            (value, index, birth)
        } else if let Some((value, index)) = self.optional(&columns.birth_year) {
            let birth = date::read_birth_year(&value, columns.order, columns.today);
            (value, index, birth)
        } else {
            return;
        };
        match birth {
            Ok(birth) => self.take_birth(birth, &value, index),
            Err(fault) => self.birth_fault(fault, &value, index),
        }
    }

    fn take_birth(&mut self, birth: Birth, value: &str, index: usize) {
        self.cells.birth = Some(birth);
        if !self.columns.is_order_sure && birth.day().is_some() && date::depends_on_order(value) {
            let message =
                format!("'{value}' was read as {birth}; nothing in the column proves the order of day and month");
            self.note("ambiguous_date", index, message);
        }
        if birth.is_unusually_young(self.columns.today) {
            let message = format!("An athlete born {birth} is younger than {}", date::MIN_USUAL_AGE);
            self.note("unusual_age", index, message);
        }
    }

    fn birth_fault(&mut self, fault: DateFault, value: &str, index: usize) {
        let message = format!("Date of birth '{}': {fault}", text::excerpt(value, 40));
        self.fault("invalid_date", index, value, message);
    }

    fn email(&mut self) {
        let Some((value, index)) = self.optional(&self.columns.email) else { return };
        match contact::read_email(&value) {
            Ok((email, note)) => {
                self.cells.email = Some(email);
                if let Some(note) = note {
                    self.note("two_emails", index, note.to_owned());
                }
            }
            Err(error) => {
                let message = format!("{error} ('{}')", text::excerpt(&value, 40));
                self.fault("invalid_email", index, &value, message);
            }
        }
    }

    fn phone(&mut self) {
        let Some((value, index)) = self.optional(&self.columns.phone) else { return };
        match contact::read_phone(&value) {
            Ok((phone, note)) => {
                self.cells.phone = Some(phone);
                if let Some(note) = note {
                    self.note("odd_phone", index, note.to_owned());
                }
            }
            Err(error) => self.fault("invalid_phone", index, &value, error.to_string()),
        }
    }

    fn bib(&mut self) {
        let Some((value, index)) = self.optional(&self.columns.bib) else { return };
        match Bib::read_cell(&value) {
            Ok(bib) => self.cells.bib = Some(bib),
            Err(error) => {
                let message = format!("Bib '{}': {error}", text::excerpt(&value, 40));
                self.fault("invalid_bib", index, &value, message);
            }
        }
    }
}

/// A dash or a dot is not a name; `Na` and `None` are.
fn is_no_name(value: &str) -> bool {
    !value.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
