//! A row of SQLite as a line of PostgreSQL's COPY, written exactly as PostgreSQL would write it: both sides can then be
//! compared byte by byte.

use std::io::Write as _;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::tables::{Column, Kind};

/// Lines of COPY with their keys.
#[derive(Debug, Default)]
pub struct Lines {
    text: Vec<u8>,
    /// Where each line ends.
    ends: Vec<usize>,
    keys: Vec<i64>,
}

impl Lines {
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn keys(&self) -> &[i64] {
        &self.keys
    }

    /// The bytes of the lines from one to another.
    pub fn text(&self, lines: std::ops::Range<usize>) -> &[u8] {
        let start = lines.start.checked_sub(1).map_or(0, |before| self.ends[before]);
        let end = lines.end.checked_sub(1).map_or(0, |last| self.ends[last]);
        &self.text[start..end]
    }

    /// All lines.
    pub fn into_text(self) -> Vec<u8> {
        self.text
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Each key with its line.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &[u8])> {
        self.keys.iter().enumerate().map(|(number, key)| (*key, self.text(number..number + 1)))
    }

    /// Adds a row whose first column is its key.
    pub fn add(&mut self, db_id: &str, columns: &[&Column], row: &Row<'_>) -> rusqlite::Result<()> {
        self.keys.push(row.get(0)?);
        self.text.extend_from_slice(db_id.as_bytes());
        for (index, column) in columns.iter().enumerate() {
            self.text.push(b'\t');
            value(&mut self.text, column.kind, row.get_ref(index)?);
        }
        self.text.push(b'\n');
        self.ends.push(self.text.len());
        Ok(())
    }
}

fn value(out: &mut Vec<u8>, kind: Kind, value: ValueRef<'_>) {
    match (value, kind) {
        (ValueRef::Null, _) => out.extend_from_slice(b"\\N"),
        (ValueRef::Integer(number), Kind::Flag) => out.push(if number == 0 { b'f' } else { b't' }),
        (ValueRef::Integer(ms), Kind::Instant) => instant(out, ms),
        (ValueRef::Integer(number), Kind::Decimal(places)) => decimal(out, number, places),
        (ValueRef::Integer(number), Kind::Integer | Kind::Text | Kind::Day) => print(out, format_args!("{number}")),
        (ValueRef::Real(number), _) => print(out, format_args!("{number}")),
        (ValueRef::Text(text) | ValueRef::Blob(text), _) => escaped(out, text),
    }
}

fn print(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("memory takes every write");
}

fn escaped(out: &mut Vec<u8>, text: &[u8]) {
    for byte in text {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0b => out.extend_from_slice(b"\\v"),
            0x0c => out.extend_from_slice(b"\\f"),
            other => out.push(*other),
        }
    }
}

fn decimal(out: &mut Vec<u8>, number: i64, places: u32) {
    let (scale, width) = (10_u64.pow(places), places as usize);
    let sign = if number < 0 { "-" } else { "" };
    let size = number.unsigned_abs();
    print(out, format_args!("{sign}{}.{:0width$}", size / scale, size % scale));
}

/// Such as `2026-11-22 20:53:00.12+00`. Years that PostgreSQL writes in another way stay a number, which it refuses.
fn instant(out: &mut Vec<u8>, ms: i64) {
    const DAY: i64 = 86_400_000;
    let (days, rest) = (ms.div_euclid(DAY), ms.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    if !(1..=9999).contains(&year) {
        return print(out, format_args!("{ms}"));
    }
    let mut text = *b"0000-00-00 00:00:00.000+00";
    digits(&mut text[0..4], year);
    digits(&mut text[5..7], month);
    digits(&mut text[8..10], day);
    digits(&mut text[11..13], rest / 3_600_000);
    digits(&mut text[14..16], rest / 60_000 % 60);
    digits(&mut text[17..19], rest / 1_000 % 60);
    digits(&mut text[20..23], rest % 1_000);
    let fraction = match rest % 1_000 {
        0 => 19,
        ms if ms % 100 == 0 => 21,
        ms if ms % 10 == 0 => 22,
        _ => 23,
    };
    out.extend_from_slice(&text[..fraction]);
    out.extend_from_slice(b"+00");
}

fn digits(place: &mut [u8], number: i64) {
    let mut rest = number;
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (rest % 10).unsigned_abs() as u8;
        rest /= 10;
    }
}

/// Days since 1970 as year, month and day: faster than a calendar that knows more.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests;
