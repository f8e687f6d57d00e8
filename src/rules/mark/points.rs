//! Points of combined events and of teams, in hundredths: shared points and fun events have decimals.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{MarkError, decimal, read};

/// Points in hundredths. Read ones are zero or more and below ten million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Points(pub i64);

/// Most points taken.
pub const MAX_POINTS: Points = Points(999_999_999);

impl Points {
    /// Reads a decimal of at most two places, zero or more (TR39: whole numbers; decimals \[C\]).
    ///
    /// ```
    /// use athsys::rules::mark::Points;
    /// assert_eq!(Points::parse("7.5"), Ok(Points(750)));
    /// assert!(Points::parse("-1").is_err() && Points::parse("7.505").is_err());
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn parse(text: &str) -> Result<Points, MarkError> {
        let hundredths = decimal::scaled(&text.trim().replace(',', "."), 2)?;
        match hundredths {
            ..0 => Err(MarkError::NotPositive),
            _ if hundredths > MAX_POINTS.0 => Err(MarkError::OutOfRange),
            _ => Ok(Points(hundredths)),
        }
    }

    /// Reads points from a JSON number, by its shortest text (TR39; decimals \[C\]).
    ///
    /// ```
    /// use athsys::rules::mark::Points;
    /// assert_eq!(Points::from_json(&serde_json::Number::from(8847)), Ok(Points(884_700)));
    /// ```
    ///
    /// # Errors
    /// [`MarkError`].
    pub fn from_json(number: &serde_json::Number) -> Result<Points, MarkError> {
        Points::parse(&number.to_string())
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = if self.0 % 100 == 0 { 0 } else { 2 };
        let text = decimal::print(self.0, 2, places);
        f.pad(if places == 0 { text.trim_end_matches('.') } else { text.trim_end_matches('0') })
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            serializer.serialize_i64(self.0 / 100)
        } else {
            // The shortest text of a quotient by 100 has at most two decimals.
            serializer.serialize_f64(self.0 as f64 / 100.0)
        }
    }
}

/// From a number, or from text as `parse` reads it.
impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Points, D::Error> {
        let points = match read::NumberOrText::deserialize(deserializer)? {
            read::NumberOrText::Number(number) => Points::from_json(&number),
            read::NumberOrText::Text(text) => Points::parse(&text),
        };
        points.map_err(serde::de::Error::custom)
    }
}
