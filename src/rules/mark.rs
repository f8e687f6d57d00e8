//! Times, distances and wind as exact integers. Decimal text goes in and comes out digit for digit; no float is kept.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod decimal;
mod points;
mod read;

pub use points::{MAX_POINTS, Points};
pub use read::{Reading, is_no_mark};

/// A plain decimal in units of 10^-`places`: `2.03` with three places is 2030. `None` for anything else
/// (section 1.1 \[C\]).
///
/// ```
/// assert_eq!(athsys::rules::mark::scaled_integer("2.03", 3), Some(2030));
/// ```
pub fn scaled_integer(text: &str, places: u32) -> Option<i64> {
    decimal::scaled(text, places).ok()
}

/// A time in thousandths of a second. Read ones are above 0 and at most ten days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeMs(pub i64);

/// A distance or height in hundredths of a metre. Read ones are above 0 and at most 10,000 m.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Centimetres(pub i64);

/// Wind along the running direction in tenths of a metre per second, tail wind positive. Read ones are within ±30 m/s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WindTenths(pub i32);

/// Longest time taken: ten days.
pub const MAX_TIME: TimeMs = TimeMs(10 * 24 * 3_600_000);
/// Longest distance taken: 10,000 m. More than 200 m is implausible in a field event, see [`Centimetres::is_plausible`].
pub const MAX_DISTANCE: Centimetres = Centimetres(10_000 * 100);
/// Strongest wind taken, either way: 30 m/s.
pub const MAX_WIND: WindTenths = WindTenths(300);

/// Why a text or number is no mark; prints a sentence for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// Not a number in any way of writing we know.
    #[error("this is not a mark; write a time as 1:52.07 or 11.95 and a distance in metres as 6.45")]
    NotAMark,
    /// More digits than the unit has.
    #[error("a mark has at most {0} decimals")]
    TooPrecise(u32),
    /// Zero or less.
    #[error("a mark must be above zero")]
    NotPositive,
    /// Beyond anything that can happen.
    #[error("this mark is beyond anything possible")]
    OutOfRange,
    /// 4.05.30 in an event below 400 m.
    #[error("minutes make no sense at this distance")]
    MinutesInSprint,
}

impl TimeMs {
    /// Reads a time: seconds (`11.95`, `11,95`), `m:ss`, `h:mm:ss`, `m.ss.hh`, `1'58"4`, `10s52` and the like, at most
    /// three decimals. For cells with remarks (`11.0h`, `10.5 (+1.2)`) see [`TimeMs::read`] (TR19; section 1.3 \[S\]).
    ///
    /// ```
    /// use athsys::rules::mark::TimeMs;
    /// assert_eq!(TimeMs::parse("1:52.07"), Ok(TimeMs(112_070)));
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn parse(text: &str) -> Result<TimeMs, MarkError> {
        let ms = read::clock_ms(text.trim())?;
        within(ms, MAX_TIME.0).map(TimeMs)
    }

    /// Reads a time from a JSON number in seconds, by its shortest text, so that 11.95 is 11,950 ms
    /// (TR19; section 1.1 \[C\]).
    ///
    /// ```
    /// use athsys::rules::mark::TimeMs;
    /// assert_eq!(TimeMs::from_json(&serde_json::Number::from(11)), Ok(TimeMs(11_000)));
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn from_json(number: &serde_json::Number) -> Result<TimeMs, MarkError> {
        let ms = decimal::scaled(&number.to_string(), 3)?;
        within(ms, MAX_TIME.0).map(TimeMs)
    }

    /// Seconds as decimal text with two decimals, or three where they are needed: `11.95`, `112.070` is `112.07`
    /// (section 1.3 \[S\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::mark::TimeMs(112_070).to_decimal(), "112.07");
    /// ```
    pub fn to_decimal(self) -> String {
        let places = if self.0 % 10 == 0 { 2 } else { 3 };
        decimal::print(self.0, 3, places)
    }

    /// As a scoreboard shows it: `11.95`, `1:52.07`, `1:02:03.40` (section 1.3 \[S\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::mark::TimeMs(112_070).to_clock(), "1:52.07");
    /// ```
    pub fn to_clock(self) -> String {
        let minutes = self.0 / 60_000;
        let seconds = TimeMs(self.0 % 60_000).to_decimal();
        let zero = if self.0 % 60_000 < 10_000 { "0" } else { "" };
        match minutes {
            0 => seconds,
            1..=59 => format!("{minutes}:{zero}{seconds}"),
            _ => format!("{}:{:02}:{zero}{seconds}", minutes / 60, minutes % 60),
        }
    }
}

impl Centimetres {
    /// Reads a distance in metres: `6.45`, `6,45`, `6m45`, `6.45 m`, `645 cm`; at most two decimals
    /// (TR25, TR26; section 1.4 \[K\]).
    ///
    /// ```
    /// use athsys::rules::mark::Centimetres;
    /// assert_eq!(Centimetres::parse("6,45 m"), Ok(Centimetres(645)));
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn parse(text: &str) -> Result<Centimetres, MarkError> {
        let centimetres = read::distance_cm(text.trim())?;
        within(centimetres, MAX_DISTANCE.0).map(Centimetres)
    }

    /// Reads a distance from a JSON number in metres, by its shortest text (TR25, TR26; section 1.1 \[C\]).
    ///
    /// ```
    /// use athsys::rules::mark::Centimetres;
    /// assert_eq!(Centimetres::from_json(&serde_json::Number::from(7)), Ok(Centimetres(700)));
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn from_json(number: &serde_json::Number) -> Result<Centimetres, MarkError> {
        let centimetres = decimal::scaled(&number.to_string(), 2)?;
        within(centimetres, MAX_DISTANCE.0).map(Centimetres)
    }

    /// The official mark of a measurement in tenths of a millimetre: down to the whole centimetre (TR32, TR30 \[K\]), also
    /// when a device measures finer.
    ///
    /// ```
    /// use athsys::rules::mark::Centimetres;
    /// assert_eq!(Centimetres::official(74_580), Centimetres(745));
    /// ```
    pub fn official(tenths_of_mm: i64) -> Centimetres {
        Centimetres(tenths_of_mm.div_euclid(100))
    }

    /// Feet and inches for display, down to the quarter inch (section 1.7 \[K\]); metres stay official.
    ///
    /// ```
    /// use athsys::rules::mark::Centimetres;
    /// assert_eq!(Centimetres(838).to_feet(), "27-5.75");
    /// assert_eq!(Centimetres(230).to_feet(), "7-6.5");
    /// ```
    pub fn to_feet(self) -> String {
        // An inch is 2.54 cm: a quarter inch is 0.635 cm.
        let quarters = i128::from(self.0.max(0)) * 1000 / 635;
        let (feet, inches) = (quarters / 48, quarters % 48);
        let fraction = ["", ".25", ".5", ".75"][(inches % 4) as usize];
        format!("{feet}-{}{fraction}", inches / 4)
    }

    /// Whether a field event can bring such a distance (at most 200 m); worth a question otherwise (section 20 \[C\]).
    ///
    /// ```
    /// assert!(!athsys::rules::mark::Centimetres(500_000).is_plausible());
    /// ```
    pub fn is_plausible(self) -> bool {
        (1..=200 * 100).contains(&self.0)
    }

    /// Metres as decimal text: `6.45`, `10.00` (section 1.4 \[K\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::mark::Centimetres(230).to_decimal(), "2.30");
    /// ```
    pub fn to_decimal(self) -> String {
        decimal::print(self.0, 2, 2)
    }
}

impl WindTenths {
    /// Reads wind in metres per second: `+1.3`, `-0.4`, `1,3`, `0.0 m/s`; at most one decimal
    /// (TR17; section 1.5 \[P\]).
    ///
    /// ```
    /// use athsys::rules::mark::WindTenths;
    /// assert_eq!(WindTenths::parse("-0,4"), Ok(WindTenths(-4)));
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn parse(text: &str) -> Result<WindTenths, MarkError> {
        let text = text.trim();
        let text = text.strip_suffix("m/s").unwrap_or(text).trim_end();
        let text = match text.strip_prefix('+') {
            Some(rest) if rest.starts_with(['-', '\u{2212}']) => return Err(MarkError::NotAMark),
            Some(rest) => rest,
            None => text,
        };
        WindTenths::from_text(&text.replace('\u{2212}', "-").replace(',', "."))
    }

    /// Reads wind from a JSON number, by its shortest text (TR17; section 1.1 \[C\]).
    ///
    /// ```
    /// use athsys::rules::mark::WindTenths;
    /// assert_eq!(WindTenths::from_json(&serde_json::Number::from(2)), Ok(WindTenths(20)));
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn from_json(number: &serde_json::Number) -> Result<WindTenths, MarkError> {
        WindTenths::from_text(&number.to_string())
    }

    fn from_text(text: &str) -> Result<WindTenths, MarkError> {
        let tenths = decimal::scaled(text, 1)?;
        match i32::try_from(tenths) {
            Ok(tenths) if (-MAX_WIND.0..=MAX_WIND.0).contains(&tenths) => Ok(WindTenths(tenths)),
            Ok(_) | Err(_) => Err(MarkError::OutOfRange),
        }
    }

    /// Metres per second as decimal text without a plus sign: `1.3`, `-0.4`, `0.0` (section 1.5 \[P\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::mark::WindTenths(-4).to_decimal(), "-0.4");
    /// ```
    pub fn to_decimal(self) -> String {
        decimal::print(i64::from(self.0), 1, 1)
    }

    /// As a result list shows it, with its sign: `+1.3`, `-0.4`, `+0.0` (section 1.5 \[P\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::mark::WindTenths(13).to_signed(), "+1.3");
    /// ```
    pub fn to_signed(self) -> String {
        let sign = if self.0 < 0 { "" } else { "+" };
        format!("{sign}{}", self.to_decimal())
    }
}

fn within(value: i64, max: i64) -> Result<i64, MarkError> {
    match value {
        ..=0 => Err(MarkError::NotPositive),
        _ if value > max => Err(MarkError::OutOfRange),
        _ => Ok(value),
    }
}

/// All three print as decimal text and travel in JSON as numbers. The quotient of two integers is the double nearest to the
/// decimal fraction, and serde_json prints the shortest text of a double, so exactly these digits appear.
macro_rules! travels_as_number {
    ($mark:ident, $per_unit:literal) => {
        impl fmt::Display for $mark {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.to_decimal())
            }
        }

        impl Serialize for $mark {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_f64(self.0 as f64 / $per_unit)
            }
        }

        /// From a number, or from text as `parse` reads it.
        impl<'de> Deserialize<'de> for $mark {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$mark, D::Error> {
                let mark = match read::NumberOrText::deserialize(deserializer)? {
                    read::NumberOrText::Number(number) => $mark::from_json(&number),
                    read::NumberOrText::Text(text) => $mark::parse(&text),
                };
                mark.map_err(serde::de::Error::custom)
            }
        }
    };
}

travels_as_number!(TimeMs, 1000.0);
travels_as_number!(Centimetres, 100.0);
travels_as_number!(WindTenths, 10.0);

#[cfg(test)]
mod tests;
