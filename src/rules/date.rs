//! Dates: strict ISO for the API, and dates of birth in every way a spreadsheet writes them.
//!
//! Whether 03/04/2008 is in March or April is decided for a whole column ([`OrderSurvey`]), never for one cell.

use jiff::civil::Date;

mod month;
mod numbers;
mod order;

pub use order::{DateOrder, OrderDecision, OrderSurvey};

use numbers::Numbers;

/// Nobody older takes part; an older date is a slip of the pen.
pub const MAX_AGE: i16 = 110;
/// Younger is possible but rarely meant; worth a note.
pub const MIN_USUAL_AGE: i16 = 4;

/// Reads `YYYY-MM-DD` and nothing else; years 0001 to 9999. 2026-02-30 is `None` (section 15 \[C\]).
///
/// ```
/// use athsys::rules::date::parse_iso;
/// assert!(parse_iso("2026-02-28").is_some() && parse_iso("2026-02-30").is_none());
/// ```
pub fn parse_iso(text: &str) -> Option<Date> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let year = i16::try_from(digits(&[y1, y2, y3, y4])?).ok()?;
    let (month, day) = (digits(&[m1, m2])?, digits(&[d1, d2])?);
    date_of(year, month, day)
}

/// The value of one to eight ASCII digits.
fn digits(bytes: &[u8]) -> Option<u32> {
    let mut value = 0;
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    for byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u32::from(digit);
    }
    Some(value)
}

fn date_of(year: i16, month: u32, day: u32) -> Option<Date> {
    if year < 1 {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A date of birth, or only its year (which is never turned into 1 January).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Birth {
    /// The day.
    Day(Date),
    /// The year alone (`Jahrgang`).
    Year(i16),
}

impl Birth {
    /// The year of birth (TR3 \[P\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::date::Birth::Year(2008).year(), 2008);
    /// ```
    pub fn year(self) -> i16 {
        match self {
            Birth::Day(date) => date.year(),
            Birth::Year(year) => year,
        }
    }

    /// The day of birth, if it is known (TR3 \[P\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::date::Birth::Year(2008).day(), None);
    /// ```
    pub fn day(self) -> Option<Date> {
        match self {
            Birth::Day(date) => Some(date),
            Birth::Year(_) => None,
        }
    }

    /// Whether the athlete is younger than four, which is rarely meant (section 15 \[C\]).
    ///
    /// ```
    /// use athsys::rules::date::Birth;
    /// assert!(Birth::Year(2025).is_unusually_young(jiff::civil::date(2026, 6, 1)));
    /// ```
    pub fn is_unusually_young(self, today: Date) -> bool {
        match self {
            Birth::Day(date) => age_on(date, today) < MIN_USUAL_AGE,
            Birth::Year(year) => today.year() - year < MIN_USUAL_AGE,
        }
    }

    /// Whether the day is 1 January: many of them in one list are placeholders for an unknown day (section 15 \[C\]).
    ///
    /// ```
    /// use athsys::rules::date::Birth;
    /// assert!(Birth::Day(jiff::civil::date(2008, 1, 1)).is_new_year());
    /// ```
    pub fn is_new_year(self) -> bool {
        self.day().is_some_and(|date| (date.month(), date.day()) == (1, 1))
    }
}

/// `2008-03-14`, or `in 2008`.
impl std::fmt::Display for Birth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Birth::Day(date) => write!(f, "{date}"),
            Birth::Year(year) => write!(f, "in {year}"),
        }
    }
}

/// Why a text is no date of birth; prints a sentence for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    /// Not a date in any way of writing we know.
    #[error("this is not a date; write it as YYYY-MM-DD")]
    NotADate,
    /// A date that the calendar does not have.
    #[error("the calendar has no such day")]
    NoSuchDay,
    /// Day and month could be exchanged, and the column contradicts itself.
    #[error("day and month cannot be told apart, because the column holds both orders; write it as YYYY-MM-DD")]
    Ambiguous,
    /// After today.
    #[error("a date of birth cannot be in the future")]
    Future,
    /// More than [`MAX_AGE`] years ago.
    #[error("a date of birth more than {MAX_AGE} years ago")]
    TooLongAgo,
}

/// Reads a date of birth: ISO, day-month-year or month-day-year by `order` with `/ - .` or blanks between, `YYYY/MM/DD`,
/// `YYYYMMDD`, `14 Mar 2008`, `Mar 14, 2008`, `14-mars-08`, a spreadsheet serial number of five digits (1900 system), or
/// a year alone. Years of two digits are after 2000 up to this year, else 19xx. A clock time behind the date is ignored
/// (section 15 \[C\]).
///
/// ```
/// use athsys::rules::date::{Birth, DateOrder, read_birth};
/// use jiff::civil::date;
/// let read = read_birth("14/03/2008", DateOrder::DayMonth, date(2026, 6, 1));
/// assert_eq!(read, Ok(Birth::Day(date(2008, 3, 14))));
/// ```
///
/// # Errors
/// [`DateFault`]; the future and more than [`MAX_AGE`] years are refused.
pub fn read_birth(text: &str, order: DateOrder, today: Date) -> Result<Birth, DateFault> {
    if let Some(date) = parse_iso(text) {
        return in_range(Birth::Day(date), today);
    }
    let text = strip(text);
    let birth = match read_number(text)? {
        Some(birth) => birth,
        None => Birth::Day(read_parts(text, order, today)?),
    };
    in_range(birth, today)
}

/// Reads the day of something other than a birth, in all the ways of [`read_birth`]; a year alone is no day
/// (section 15 \[C\]).
///
/// ```
/// use athsys::rules::date::{DateOrder, read_day};
/// use jiff::civil::date;
/// let read = read_day("14.3.2026", DateOrder::DayMonth, date(2026, 6, 1));
/// assert_eq!(read, Ok(date(2026, 3, 14)));
/// ```
///
/// # Errors
/// [`DateFault`].
pub fn read_day(text: &str, order: DateOrder, today: Date) -> Result<Date, DateFault> {
    let text = strip(text);
    if let Some(date) = parse_iso(text) {
        return Ok(date);
    }
    match read_number(text)? {
        Some(birth) => birth.day().ok_or(DateFault::NotADate),
        None => read_parts(text, order, today),
    }
}

/// Reads a cell of a column that holds years of birth: a year of four or two digits, or a date all the same
/// (section 15 \[C\]).
///
/// ```
/// use athsys::rules::date::{Birth, DateOrder, read_birth_year};
/// let read = read_birth_year("2008", DateOrder::DayMonth, jiff::civil::date(2026, 6, 1));
/// assert_eq!(read, Ok(Birth::Year(2008)));
/// ```
///
/// # Errors
/// [`DateFault`], as [`read_birth`].
pub fn read_birth_year(text: &str, order: DateOrder, today: Date) -> Result<Birth, DateFault> {
    match (text.len(), digits(text.as_bytes())) {
        (2, Some(year)) => in_range(Birth::Year(full_year(year, today)), today),
        _ => read_birth(text, order, today),
    }
}

/// Whether a date such as 03/04/2008 means another day when day and month change places (section 15 \[C\]).
///
/// ```
/// use athsys::rules::date::depends_on_order;
/// assert!(depends_on_order("03/04/2008") && !depends_on_order("14/03/2008"));
/// ```
pub fn depends_on_order(text: &str) -> bool {
    let numbers = Numbers::of(strip(text)).filter(|numbers| !numbers.year_first);
    numbers.is_some_and(|Numbers { parts: [first, second, _], .. }| first != second && first <= 12 && second <= 12)
}

fn in_range(birth: Birth, today: Date) -> Result<Birth, DateFault> {
    let (is_future, age) = match birth {
        Birth::Day(date) => (date > today, age_on(date, today)),
        Birth::Year(year) => (year > today.year(), today.year().saturating_sub(year)),
    };
    match (is_future, age > MAX_AGE) {
        (true, _) => Err(DateFault::Future),
        (false, true) => Err(DateFault::TooLongAgo),
        (false, false) => Ok(birth),
    }
}

/// Full years between two dates.
fn age_on(born: Date, today: Date) -> i16 {
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(before_birthday)
}

/// The text without blanks around it, a clock time behind it, or the `.0` of a number cell.
fn strip(text: &str) -> &str {
    let text = text.trim();
    let time = text.find([' ', 'T']).filter(|&at| at >= 8 && is_clock_time(&text[at + 1..]));
    let date = time.map_or(text, |at| &text[..at]);
    match date.strip_suffix(".0") {
        Some(number) if digits(number.as_bytes()).is_some() => number,
        Some(_) | None => date,
    }
}

/// `00:00`, `00:00:00`, `00:00:00.000Z`.
fn is_clock_time(text: &str) -> bool {
    text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || b":.Z+".contains(&byte))
}

/// Digits alone: `YYYYMMDD`, a serial number, a year.
fn read_number(text: &str) -> Result<Option<Birth>, DateFault> {
    let Some(number) = digits(text.as_bytes()) else { return Ok(None) };
    match text.len() {
        8 => {
            let year = i16::try_from(number / 10_000).expect("four digits fit");
            let date = date_of(year, number / 100 % 100, number % 100).ok_or(DateFault::NoSuchDay)?;
            Ok(Some(Birth::Day(date)))
        }
        5 => from_serial(number).map(|date| Some(Birth::Day(date))).ok_or(DateFault::NotADate),
        4 => {
            let year = i16::try_from(number).expect("four digits fit");
            if year == 0 { Err(DateFault::NoSuchDay) } else { Ok(Some(Birth::Year(year))) }
        }
        _ => Err(DateFault::NotADate),
    }
}

/// A spreadsheet's day number: 1 is 1900-01-01, and 60 a 29 February 1900 that never was; five digits are past it.
fn from_serial(number: u32) -> Option<Date> {
    let epoch = Date::constant(1899, 12, 30);
    epoch.checked_add(jiff::Span::new().days(i64::from(number))).ok()
}

fn read_parts(text: &str, order: DateOrder, today: Date) -> Result<Date, DateFault> {
    if let Some(numbers) = Numbers::of(text) {
        return read_numbers(&numbers, order, today);
    }
    let (year, month, day) = month::read(text).ok_or(DateFault::NotADate)?;
    date_of(full_year(year, today), u32::from(month), day).ok_or(DateFault::NoSuchDay)
}

fn read_numbers(numbers: &Numbers, order: DateOrder, today: Date) -> Result<Date, DateFault> {
    let [first, second, third] = numbers.parts;
    if numbers.year_first {
        let year = i16::try_from(first).map_err(|_| DateFault::NotADate)?;
        return date_of(year, second, third).ok_or(DateFault::NoSuchDay);
    }
    let year = full_year(third, today);
    let day_first = date_of(year, second, first);
    let month_first = date_of(year, first, second);
    let date = match order {
        DateOrder::DayMonth => day_first,
        DateOrder::MonthDay => month_first,
        DateOrder::Contradictory if numbers.separator == b'.' => day_first,
        DateOrder::Contradictory => match (day_first, month_first) {
            (Some(one), Some(other)) if one != other => return Err(DateFault::Ambiguous),
            (one, other) => one.or(other),
        },
    };
    date.ok_or(DateFault::NoSuchDay)
}

/// A year of two digits is of this century up to this year, else of the last one; others stay.
fn full_year(year: u32, today: Date) -> i16 {
    let year = i16::try_from(year).unwrap_or(0);
    match year {
        0..=99 if year <= today.year() - 2000 => 2000 + year,
        0..=99 => 1900 + year,
        _ => year,
    }
}

#[cfg(test)]
mod tests;
