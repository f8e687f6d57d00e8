//! The value of a cell as text, written as a person sees it in the sheet.

use std::fmt::Write;

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Style};

/// Day 9999-12-31, the last that spreadsheets know.
const LAST_DAY: f64 = 2_958_465.0;
const DAY_MS: f64 = 86_400_000.0;
/// From here on neighbouring whole numbers are not told apart.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What came of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing in it.
    Blank,
    /// The text has been written.
    Value,
    /// TRUE, FALSE or an error such as `#REF!`: blank, but worth telling.
    Refused,
}

/// Writes the value behind `out`.
pub(super) fn write(value: &DataRef<'_>, style: Option<&Style>, is_1904: bool, out: &mut String) -> Kind {
    match value {
        DataRef::Empty => return Kind::Blank,
        DataRef::Bool(_) | DataRef::Error(_) => return Kind::Refused,
        DataRef::String(text) => push_text(text, out),
        DataRef::SharedString(text) => push_text(text, out),
        DataRef::Int(number) => _ = write!(out, "{number}"),
        DataRef::Float(number) if number.is_finite() => push_number(*number, out),
        DataRef::Float(_) => return Kind::Refused,
        DataRef::DateTime(moment) => push_moment(moment, style, is_1904, out),
        DataRef::DateTimeIso(text) => out.push_str(text.strip_suffix("T00:00:00").unwrap_or(text)),
        DataRef::DurationIso(text) => out.push_str(text),
    }
    if out.is_empty() { Kind::Blank } else { Kind::Value }
}

/// A NUL can only come from an escape, and stands in the way of everything that reads text.
fn push_text(text: &str, out: &mut String) {
    out.extend(text.split('\0'));
}

/// Fifteen digits are all that a spreadsheet shows; more are the dust of its arithmetic: 10.520000000000001.
fn push_number(number: f64, out: &mut String) {
    if number.fract() == 0.0 && number.abs() < EXACT {
        _ = write!(out, "{}", number as i64);
        return;
    }
    let shown = format!("{number:.14e}").parse().unwrap_or(number);
    if (1e-7..1e21).contains(&f64::abs(shown)) {
        _ = write!(out, "{shown}");
    } else {
        _ = write!(out, "{shown:e}");
    }
}

fn push_moment(moment: &ExcelDateTime, style: Option<&Style>, is_1904: bool, out: &mut String) {
    let value = moment.as_f64();
    if !(0.0..=LAST_DAY).contains(&value) {
        push_number(value, out);
    } else if moment.is_duration() || value < 1.0 {
        push_time((value * DAY_MS).round() as u64, style.is_none_or(shows_seconds), out);
    } else {
        push_date(value, is_1904, out);
    }
}

/// A mark 4:05.30 is kept as a fraction of a day and comes back as `4:05.3`. Who types 4:05 gets four hours and five
/// minutes shown as `4:05`; that is what comes back too.
fn push_time(ms: u64, shows_seconds: bool, out: &mut String) {
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    if !shows_seconds && ms.is_multiple_of(60_000) {
        _ = write!(out, "{hours}:{minutes:02}");
        return;
    }
    _ = if hours > 0 {
        write!(out, "{hours}:{minutes:02}:{seconds:02}")
    } else {
        write!(out, "{minutes}:{seconds:02}")
    };
    if !ms.is_multiple_of(1000) {
        _ = write!(out, ".{:03}", ms % 1000);
        out.truncate(out.trim_end_matches('0').len());
    }
}

fn push_date(value: f64, is_1904: bool, out: &mut String) {
    // Rounded to whole seconds first, so that the last one of a day goes over to the next.
    let seconds = (value * 86_400.0).round() as u64;
    let (days, time) = (seconds / 86_400, seconds % 86_400);
    let day = ExcelDateTime::new(days as f64, ExcelDateTimeType::DateTime, is_1904);
    let (year, month, day, ..) = day.to_ymd_hms_milli();
    _ = write!(out, "{year:04}-{month:02}-{day:02}");
    if time > 0 {
        _ = write!(out, "T{:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60);
    }
}

/// Whether a number format has seconds: `mm:ss.0` has, `h:mm` has not.
fn shows_seconds(style: &Style) -> bool {
    let Some(format) = &style.number_format else { return true };
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in format.format_code.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' | '_' | '*' => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            's' | 'S' if !is_quoted => return true,
            _ => {}
        }
    }
    // Only where hours or minutes are shown is a time meant at all.
    !format.format_code.contains(['h', 'H'])
}
