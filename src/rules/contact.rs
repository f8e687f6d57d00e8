//! Email addresses and telephone numbers: checked enough to catch slips, never rewritten beyond them.

use super::text;

/// Two addresses stood in one cell.
pub const NOTE_TWO_ADDRESSES: &str = "two addresses in one cell; the first was taken";
/// A spreadsheet turned the telephone number into `4.92E+11`.
pub const NOTE_PHONE_EXPONENT: &str = "the spreadsheet has turned this telephone number into one with an exponent";
/// The telephone cell holds letters or other signs.
pub const NOTE_PHONE_TEXT: &str = "this is not only a telephone number; kept as written";

/// The longest email address, in bytes (RFC 5321).
pub const MAX_EMAIL: usize = 254;
/// The longest telephone number, in characters.
pub const MAX_PHONE: usize = 50;

/// Why a text is no email address; prints a sentence for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was written.
    #[error("Email address required")]
    Empty,
    /// More than [`MAX_EMAIL`] bytes.
    #[error("An email address has at most {MAX_EMAIL} characters")]
    TooLong,
    /// No `@`, or more than one.
    #[error("An email address has exactly one @")]
    At,
    /// A blank, quote, bracket or control character.
    #[error("An email address has no blanks, quotes or brackets")]
    Character,
    /// Nothing before the `@`.
    #[error("Something is missing before the @ of the email address")]
    NoLocalPart,
    /// The part after the `@` is no domain with a dot.
    #[error("The part after the @ of the email address needs a dot, as in example.org")]
    Domain,
}

/// Reads an email address: `mailto:` and trailing `;` or `,` are taken off, of two addresses the first is taken with a
/// note. The rest is kept as written (section 20 \[C\]).
///
/// ```
/// use athsys::rules::contact::read_email;
/// assert_eq!(read_email("mailto:a@b.org").unwrap().0, "a@b.org");
/// assert!(read_email("nobody").is_err());
/// ```
///
/// # Errors
/// [`EmailError`].
pub fn read_email(value: &str) -> Result<(String, Option<&'static str>), EmailError> {
    let value = value.trim();
    let value = strip_mailto(value).trim_end_matches([';', ',', ' ']);
    match check_email(value) {
        Ok(()) => Ok((value.to_owned(), None)),
        Err(error) => first_of_two(value).map(|first| (first.to_owned(), Some(NOTE_TWO_ADDRESSES))).ok_or(error),
    }
}

fn strip_mailto(value: &str) -> &str {
    match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => value[7..].trim_start(),
        Some(_) | None => value,
    }
}

fn first_of_two(value: &str) -> Option<&str> {
    let (first, rest) = value.split_once([';', ',', ' ', '/', '\t', '\n', '\r'])?;
    let first = first.trim();
    (check_email(first).is_ok() && rest.contains('@')).then_some(first)
}

fn check_email(value: &str) -> Result<(), EmailError> {
    if value.is_empty() {
        return Err(EmailError::Empty);
    }
    if value.len() > MAX_EMAIL {
        return Err(EmailError::TooLong);
    }
    if value.chars().any(is_wrong_in_email) {
        return Err(EmailError::Character);
    }
    let (local, domain) = value.split_once('@').ok_or(EmailError::At)?;
    if domain.contains('@') {
        return Err(EmailError::At);
    }
    if local.is_empty() {
        return Err(EmailError::NoLocalPart);
    }
    let labels_are_whole = domain.split('.').all(|label| !label.is_empty());
    if !domain.contains('.') || !labels_are_whole {
        return Err(EmailError::Domain);
    }
    Ok(())
}

fn is_wrong_in_email(c: char) -> bool {
    match c {
        '"' | '(' | ')' | '<' | '>' | '[' | ']' | ',' | ';' | ':' | '\\' => true,
        _ if c.is_ascii() => c <= ' ' || c == '\u{7f}',
        _ => c.is_whitespace() || c.is_control() || text::is_unseen(c),
    }
}

/// Why a text is no telephone number; prints a sentence for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing was written.
    #[error("Telephone number required")]
    Empty,
    /// More than [`MAX_PHONE`] characters.
    #[error("A telephone number has at most {MAX_PHONE} characters")]
    TooLong,
}

/// Reads a telephone number: kept as text, cleaned, with a note when it looks odd. Only length refuses it, because a
/// number with `ext. 12` behind is worth keeping (section 20 \[C\]).
///
/// ```
/// assert!(athsys::rules::contact::read_phone("+254 700 000000").is_ok());
/// ```
///
/// # Errors
/// [`PhoneError`].
pub fn read_phone(value: &str) -> Result<(String, Option<&'static str>), PhoneError> {
    let value = text::clean(value);
    if value.is_empty() {
        return Err(PhoneError::Empty);
    }
    if value.len() > MAX_PHONE && value.chars().count() > MAX_PHONE {
        return Err(PhoneError::TooLong);
    }
    let note = if is_phone(&value) {
        None
    } else if value.contains(['E', 'e']) && value.bytes().all(|b| b.is_ascii_digit() || b"+.,Ee".contains(&b)) {
        Some(NOTE_PHONE_EXPONENT)
    } else {
        Some(NOTE_PHONE_TEXT)
    };
    Ok((value.into_owned(), note))
}

/// Whether a text is made of `+`, digits, blanks, `-`, `/`, `.` and brackets only, with at least three digits
/// (section 20 \[C\]).
///
/// ```
/// assert!(athsys::rules::contact::is_phone("+254700000000"));
/// ```
pub fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3 && value.bytes().all(|byte| byte.is_ascii_digit() || b"+ -/.()".contains(&byte))
}

#[cfg(test)]
mod tests;
