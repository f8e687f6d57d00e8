//! Instants: Unix milliseconds inside, RFC 3339 in UTC outside; local time only in file names.

use jiff::{Timestamp, Zoned};
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Serialize, Serializer};

/// A moment: RFC 3339 in UTC outside, Unix milliseconds inside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, utoipa::ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Moment(pub i64);

impl Moment {
    /// Reads RFC 3339, and the same without an offset as this computer's local time.
    pub fn read(text: &str) -> Option<Moment> {
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Some(Moment(timestamp.as_millisecond()));
        }
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        let zoned = civil.to_zoned(jiff::tz::TimeZone::system()).ok()?;
        Some(Moment(zoned.timestamp().as_millisecond()))
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp:.3}"),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Moment> {
        value.as_i64().map(Moment)
    }
}

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.into())
    }
}

pub fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

pub fn now() -> Moment {
    Moment(now_ms())
}

/// `YYYYMMDD_HHMMSS` in the laptop's local time, for names of downloads.
pub fn download_stamp() -> String {
    Zoned::now().strftime("%Y%m%d_%H%M%S").to_string()
}

/// `YYYYMMDD-HHMMSS` in the laptop's local time, for names of files on the disk.
pub fn file_stamp() -> String {
    Zoned::now().strftime("%Y%m%d-%H%M%S").to_string()
}

/// Today in the laptop's local time.
pub fn today() -> jiff::civil::Date {
    Zoned::now().date()
}

/// Midnight at the end of today in the laptop's local time, or of the day `days - 1` later.
pub fn end_of_day(days: i64) -> Moment {
    let now = Zoned::now();
    let day = now.date().saturating_add(jiff::Span::new().days(days));
    let midnight = day.to_zoned(now.time_zone().clone());
    Moment(midnight.map_or_else(|_| now_ms(), |midnight| midnight.timestamp().as_millisecond()))
}
