//! Start numbers. They are text: `A12`, `W-103` and `007` occur, and are shown as they were written.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::text;

/// The longest bib, in characters.
pub const MAX_CHARS: usize = 20;

/// A start number as it was written: 1 to 20 characters, letters and digits with `-`, `_`, `/`, `.` or single blanks
/// between, at least one letter or digit. Compare by [`Bib::key`], never by the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bib(String);

/// Why a text is no bib; prints a sentence for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BibError {
    /// Nothing was written.
    #[error("A bib needs at least one letter or digit")]
    Empty,
    /// More than [`MAX_CHARS`] characters.
    #[error("A bib has at most {MAX_CHARS} characters")]
    TooLong,
    /// A spreadsheet turned the number into `1.01E+02`.
    #[error("The spreadsheet has turned this bib into a number with an exponent; format the column as text")]
    Exponent,
    /// A character that no bib has.
    #[error("A bib has letters, digits and - _ / . only; '{0}' is not allowed")]
    Character(char),
}

impl Bib {
    /// Takes a bib as a person wrote it; the text is cleaned (trimmed, NFC) and otherwise kept
    /// (TR5 \[P\] for the text, section 17 \[P\]).
    ///
    /// ```
    /// use athsys::rules::bib::Bib;
    /// assert_eq!(Bib::new(" A12 ").unwrap().as_str(), "A12");
    /// assert!(Bib::new("#").is_err());
    /// ```
    ///
    /// # Errors
    /// [`BibError`].
    pub fn new(value: &str) -> Result<Bib, BibError> {
        let value = text::clean(value);
        check(&value)?;
        Ok(Bib(value.into_owned()))
    }

    /// Takes a bib from a spreadsheet cell: as [`Bib::new`], but a whole number that the spreadsheet wrote with a
    /// decimal part is given back its form (`101.0` is `101`) (TR5 \[P\]; spreadsheets \[C\]).
    ///
    /// ```
    /// use athsys::rules::bib::Bib;
    /// assert_eq!(Bib::read_cell("101.0").unwrap().as_str(), "101");
    /// ```
    ///
    /// # Errors
    /// [`BibError`].
    pub fn read_cell(value: &str) -> Result<Bib, BibError> {
        let value = value.trim();
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match value.split_once(['.', ',']) {
            Some((whole, zeros)) if is_number(whole) && is_number(zeros) && zeros.bytes().all(|b| b == b'0') => {
                Bib::new(whole)
            }
            Some(_) | None => Bib::new(value),
        }
    }

    /// The bib as written (TR5 \[P\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::bib::Bib::new("007").unwrap().as_str(), "007");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key that must be unique in a meet: without leading zeros, case folded. `007` and `7` are one bib, so are
    /// `A12` and `a12`; `0` stays `0` (TR5 \[P\]; section 17.5 \[C\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::bib::Bib::new("00A7").unwrap().key(), "a7");
    /// ```
    pub fn key(&self) -> Cow<'_, str> {
        let zeros = self.0.len() - self.0.trim_start_matches('0').len();
        let rest = &self.0[zeros..];
        // One zero stays when it is all there is or when the rest could not stand alone: "0", "0-1".
        let start = if rest.starts_with(char::is_alphanumeric) { zeros } else { zeros.saturating_sub(1) };
        let key = &self.0[start..];
        if key.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
            Cow::Borrowed(key)
        } else {
            Cow::Owned(key.to_lowercase())
        }
    }
}

fn check(value: &str) -> Result<(), BibError> {
    if value.chars().count() > MAX_CHARS {
        return Err(BibError::TooLong);
    }
    if is_exponent(value) {
        return Err(BibError::Exponent);
    }
    if let Some(wrong) = value.chars().find(|&c| !is_allowed(c)) {
        return Err(BibError::Character(wrong));
    }
    if !value.contains(char::is_alphanumeric) {
        return Err(BibError::Empty);
    }
    Ok(())
}

fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | ' ')
}

/// `1.01E+02`, `1,01E+02`, `4E+11`.
fn is_exponent(value: &str) -> bool {
    let Some((number, exponent)) = value.split_once(['E', 'e']) else { return false };
    let Some(exponent) = exponent.strip_prefix('+') else { return false };
    let all = |text: &str, more: &[u8]| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || more.contains(&byte))
    };
    all(number, b".,") && all(exponent, b"")
}

impl fmt::Display for Bib {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for Bib {
    type Error = BibError;

    fn try_from(value: String) -> Result<Bib, BibError> {
        Bib::new(&value)
    }
}

impl std::str::FromStr for Bib {
    type Err = BibError;

    fn from_str(value: &str) -> Result<Bib, BibError> {
        Bib::new(value)
    }
}

impl From<Bib> for String {
    fn from(bib: Bib) -> String {
        bib.0
    }
}

#[cfg(test)]
mod tests;
