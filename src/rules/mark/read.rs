//! The ways in which people and spreadsheets write marks.

use serde::Deserialize;

use super::decimal::{fraction_of, integer, scaled};
use super::{Centimetres, MarkError, TimeMs, WindTenths};

/// A mark from an entry list with the remarks that stood beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading<T> {
    /// The mark itself.
    pub mark: T,
    /// Hand timed: a trailing `h`.
    pub is_hand: bool,
    /// Marked as wind-assisted: a trailing `w`.
    pub is_assisted: bool,
    /// Wind in brackets behind the mark: `10.5 (+1.2)`.
    pub wind: Option<WindTenths>,
}

impl Reading<()> {
    fn with<T>(self, mark: T) -> Reading<T> {
        Reading { mark, is_hand: self.is_hand, is_assisted: self.is_assisted, wind: self.wind }
    }
}

/// A JSON number or text, for members that accept both.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a number or text")]
pub(super) enum NumberOrText {
    Number(serde_json::Number),
    Text(String),
}

/// Whether a cell says that there is no mark (`NT`, `NM`, `NH`, `ND`, `NP`, `X`, `DNS`, `0.00`, a dash …)
/// (CR25 \[P\] for the codes).
///
/// ```
/// use athsys::rules::mark::is_no_mark;
/// assert!(is_no_mark("NM") && is_no_mark("0.00") && !is_no_mark("9.58"));
/// ```
pub fn is_no_mark(text: &str) -> bool {
    let text = text.trim();
    let is_zero = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b',' | b':'));
    let words = ["nt", "nm", "nh", "nd", "np", "x", "f", "dns", "dnf", "dq", "scr", "-", "--"];
    text.is_empty() || is_zero || words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

impl TimeMs {
    /// Reads a time with the remarks of entry lists: `11.0h`, `10.52w`, `10.5 (+1.2)`, `10.52*`, `10.52 A`, `10.52s`.
    /// `metres` is the distance of the event, where known: `1.58.42` is 1:58.42 from 400 m up, and an error below
    /// (section 1.3 \[S\]).
    ///
    /// ```
    /// use athsys::rules::mark::TimeMs;
    /// assert!(TimeMs::read("11.0h", None).unwrap().is_hand);
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn read(text: &str, metres: Option<u32>) -> Result<Reading<TimeMs>, MarkError> {
        let (text, reading) = strip_remarks(text)?;
        if metres.is_some_and(|metres| metres < 400) && text.bytes().filter(|&byte| byte == b'.').count() == 2 {
            return Err(MarkError::MinutesInSprint);
        }
        Ok(reading.with(TimeMs::parse(text)?))
    }
}

impl Centimetres {
    /// Reads a distance with the remarks of entry lists: `7.20w`, `7.20 (+2.3)`, `1.85m`, `6.40*` (section 1.4 \[K\]).
    ///
    /// ```
    /// use athsys::rules::mark::Centimetres;
    /// assert!(Centimetres::read("7.20w").unwrap().is_assisted);
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn read(text: &str) -> Result<Reading<Centimetres>, MarkError> {
        let (text, reading) = strip_remarks(text)?;
        Ok(reading.with(Centimetres::parse(text)?))
    }

    /// Reads feet and inches (`12-10.25`, `12'10.25"`, `12'`) and rounds down to the centimetre, as the rules do
    /// (section 1.7 \[K\]).
    ///
    /// ```
    /// use athsys::rules::mark::Centimetres;
    /// assert_eq!(Centimetres::read_feet("27-6"), Ok(Centimetres(838)));
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn read_feet(text: &str) -> Result<Centimetres, MarkError> {
        let text = text.trim().trim_end_matches(['"', '″', '”']);
        let (feet, inches) = text.split_once(['-', '\'', '′', '’']).ok_or(MarkError::NotAMark)?;
        let quarter_inches = |text: &str| if text.is_empty() { Ok(0) } else { scaled(text, 2) };
        let hundredths = integer(feet.trim())?.checked_mul(1200).ok_or(MarkError::OutOfRange)?;
        let hundredths = hundredths.checked_add(quarter_inches(inches.trim())?).ok_or(MarkError::OutOfRange)?;
        // An inch is 2.54 cm: hundredths of an inch x 2.54 / 100.
        let centimetres = hundredths.checked_mul(254).ok_or(MarkError::OutOfRange)? / 10_000;
        super::within(centimetres, super::MAX_DISTANCE.0).map(Centimetres)
    }
}

/// The mark's own text, and a reading with its remarks (its mark is still to be filled).
fn strip_remarks(text: &str) -> Result<(&str, Reading<()>), MarkError> {
    let mut reading = Reading { mark: (), is_hand: false, is_assisted: false, wind: None };
    let mut text = text.trim();
    if let Some((mark, wind)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        reading.wind = Some(WindTenths::parse(wind)?);
        text = mark.trim_end();
    }
    while let Some(last) = text.chars().next_back() {
        match last {
            'h' | 'H' => reading.is_hand = true,
            'w' | 'W' => reading.is_assisted = true,
            '*' | 'A' | 'a' | 's' | 'S' => {}
            _ => break,
        }
        text = text[..text.len() - 1].trim_end();
    }
    Ok((text, reading))
}

/// A time in milliseconds; sign and range are the caller's business.
pub(super) fn clock_ms(text: &str) -> Result<i64, MarkError> {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-') {
        return plain_or_dotted(text);
    }
    // 1:23.44.55 is a misprint of the vendor's own manual, and so in use.
    if text.contains(':') && text.bytes().filter(|&byte| byte == b'.').count() == 2 {
        return clock_ms(&text.replacen('.', ":", 1));
    }
    let mut parts = Parts::default();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, behind) = rest.split_at(end);
        let (mark, behind) = separator(behind)?;
        parts.take(digits, mark)?;
        rest = behind;
    }
    parts.sum()
}

/// `11.95`, `4.05.30`, `1.23.44.55` (h.mm.ss.hh).
fn plain_or_dotted(text: &str) -> Result<i64, MarkError> {
    let dots = text.bytes().filter(|&byte| byte == b'.').count();
    if dots < 2 {
        return scaled(text, 3);
    }
    let mut parts = Parts::default();
    let mut fields = text.split('.').rev();
    parts.fraction = fraction_of(fields.next().unwrap_or(""), 3)?;
    let fields: Vec<&str> = fields.collect();
    for (index, field) in fields.iter().rev().enumerate() {
        parts.take(field, if index + 1 < fields.len() { Mark::Colon } else { Mark::Point })?;
    }
    parts.sum()
}

/// What stands behind a group of digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Hours,
    /// `:` or `'`: what follows is sixty times smaller.
    Colon,
    /// `.`, `,`, `"`, `''` or `s`: what follows are decimals.
    Point,
    End,
}

fn separator(text: &str) -> Result<(Mark, &str), MarkError> {
    let doubled = ["''", "’’", "′′"].into_iter().find_map(|mark| text.strip_prefix(mark));
    if let Some(rest) = doubled {
        return Ok((Mark::Point, rest));
    }
    let mut chars = text.chars();
    let mark = match chars.next() {
        None => Mark::End,
        Some(':' | '\'' | '’' | '′') => Mark::Colon,
        Some('.' | ',' | '"' | '″' | '”' | 's') => Mark::Point,
        Some('h') => Mark::Hours,
        Some(_) => return Err(MarkError::NotAMark),
    };
    Ok((mark, chars.as_str()))
}

/// The groups of a clock time as they come.
#[derive(Default)]
struct Parts {
    /// Hours, minutes and seconds, as many as there are.
    whole: [i64; 3],
    count: usize,
    /// Thousandths.
    fraction: i64,
    has_hours: bool,
    has_seconds: bool,
    has_ended: bool,
    /// The last sign promised another group.
    is_open: bool,
}

impl Parts {
    fn take(&mut self, digits: &str, mark: Mark) -> Result<(), MarkError> {
        if self.has_seconds {
            // Decimals end the time; a trailing sign as in 1'58"4'' does not occur.
            let is_end = mark == Mark::End && !self.has_ended;
            self.has_ended = true;
            self.fraction = fraction_of(digits, 3)?;
            return if is_end { Ok(()) } else { Err(MarkError::NotAMark) };
        }
        let first = self.count == 0;
        let is_wide = if first { !digits.is_empty() } else { digits.len() == 2 };
        if !is_wide || self.count == 3 || (mark == Mark::Hours && !first) {
            return Err(MarkError::NotAMark);
        }
        self.whole[self.count] = integer(digits)?;
        self.count += 1;
        self.has_hours |= mark == Mark::Hours;
        self.has_seconds = mark == Mark::Point;
        self.is_open = matches!(mark, Mark::Hours | Mark::Colon);
        Ok(())
    }

    fn sum(&self) -> Result<i64, MarkError> {
        let groups = &self.whole[..self.count];
        let is_short = self.is_open || (self.has_hours && self.count < 3);
        if is_short || groups.is_empty() || groups[1..].iter().any(|&group| group > 59) {
            return Err(MarkError::NotAMark);
        }
        let mut seconds: i64 = 0;
        for group in groups {
            let next = seconds.checked_mul(60).and_then(|seconds| seconds.checked_add(*group));
            seconds = next.ok_or(MarkError::OutOfRange)?;
        }
        let ms = seconds.checked_mul(1000).and_then(|ms| ms.checked_add(self.fraction));
        ms.ok_or(MarkError::OutOfRange)
    }
}

/// A distance in centimetres; sign and range are the caller's business.
pub(super) fn distance_cm(text: &str) -> Result<i64, MarkError> {
    let lower = text.to_ascii_lowercase();
    if let Some(centimetres) = lower.strip_suffix("cm") {
        return scaled(centimetres.trim_end(), 0);
    }
    if let Some((metres, rest)) = lower.split_once('m') {
        return match (metres.trim_end(), rest) {
            (metres, "") => scaled(&metres.replace(',', "."), 2),
            // 6m5 could be 6.05 or 6.50.
            (metres, rest) if rest.len() == 2 => Ok(integer_of(metres)? * 100 + fraction_of(rest, 2)?),
            _ => Err(MarkError::NotAMark),
        };
    }
    scaled(&lower.replace(',', "."), 2)
}

fn integer_of(digits: &str) -> Result<i64, MarkError> {
    match digits.len() {
        1..=9 => integer(digits),
        0 => Err(MarkError::NotAMark),
        _ => Err(MarkError::OutOfRange),
    }
}
