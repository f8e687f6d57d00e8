//! Wind: reading, limit, and the average of combined events (TR17, TR29, TR39).

use super::mark::WindTenths;

/// The strongest tail wind under which a mark counts for records and bests: 2.0 m/s (TR17 \[P\]).
pub const LIMIT: WindTenths = WindTenths(20);

/// The official wind of a reading in thousandths of a metre per second: up to the next tenth, in the positive direction (TR17;
/// for head wind \[K\]).
///
/// ```
/// use athsys::rules::{mark::WindTenths, wind::official};
/// assert_eq!(official(2_030), WindTenths(21));
/// assert_eq!(official(-2_030), WindTenths(-20));
/// assert_eq!(official(-40), WindTenths(0));
/// ```
pub fn official(thousandths: i32) -> WindTenths {
    let down = thousandths.div_euclid(100);
    WindTenths(if thousandths.rem_euclid(100) == 0 { down } else { down + 1 })
}

/// Whether a mark made under this official wind counts for records and bests (TR17 \[P\]). Every head wind is legal. A missing
/// reading is no wind of 0.0: ask [`super::records`].
///
/// ```
/// use athsys::rules::{mark::WindTenths, wind::is_legal};
/// assert!(is_legal(WindTenths(20)) && !is_legal(WindTenths(21)));
/// ```
pub fn is_legal(wind: WindTenths) -> bool {
    wind <= LIMIT
}

/// As lists show it: with its sign, and plain `0.0` (section 1.5 \[P\]).
///
/// ```
/// use athsys::rules::{mark::WindTenths, wind::show};
/// assert_eq!([show(WindTenths(14)), show(WindTenths(-3)), show(WindTenths(0))], ["+1.4", "-0.3", "0.0"]);
/// ```
pub fn show(wind: WindTenths) -> String {
    if wind.0 == 0 { "0.0".to_owned() } else { wind.to_signed() }
}

/// The winds of the affected events of one athlete's combined competition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CombinedWind {
    /// The exact sum in tenths, and how many readings it is of.
    sum_tenths: i64,
    readings: i64,
    /// The strongest single reading.
    pub strongest: WindTenths,
}

impl CombinedWind {
    /// Of the official readings; `None` when there is none (TR39; section 11.5 \[S\]).
    ///
    /// ```
    /// use athsys::rules::{mark::WindTenths, wind::CombinedWind};
    /// let wind = CombinedWind::of(&[WindTenths(14), WindTenths(20), WindTenths(24)]).unwrap();
    /// assert!(wind.is_within_average() && wind.average() == "1.933");
    /// ```
    pub fn of(readings: &[WindTenths]) -> Option<CombinedWind> {
        let strongest = *readings.iter().max()?;
        let sum_tenths = readings.iter().map(|wind| i64::from(wind.0)).sum();
        Some(CombinedWind { sum_tenths, readings: i64::try_from(readings.len()).ok()?, strongest })
    }

    /// The average is at most +2.0 m/s, compared exactly and not rounded: the condition for records (TR39 \[S\]).
    ///
    /// ```
    /// use athsys::rules::{mark::WindTenths, wind::CombinedWind};
    /// assert!(!CombinedWind::of(&[WindTenths(20), WindTenths(21)]).unwrap().is_within_average());
    /// ```
    pub fn is_within_average(&self) -> bool {
        self.sum_tenths <= i64::from(LIMIT.0) * self.readings
    }

    /// One reading is above +4.0 m/s: together with a higher average the older condition of an assisted score \[S\]
    /// (TR39; section 11.5).
    ///
    /// ```
    /// use athsys::rules::{mark::WindTenths, wind::CombinedWind};
    /// assert!(CombinedWind::of(&[WindTenths(41)]).unwrap().has_reading_above_four());
    /// ```
    pub fn has_reading_above_four(&self) -> bool {
        self.strongest > WindTenths(40)
    }

    /// The average in metres per second with three decimals, halves away from zero; for display only
    /// (section 11.5 \[S\]).
    ///
    /// ```
    /// use athsys::rules::{mark::WindTenths, wind::CombinedWind};
    /// assert_eq!(CombinedWind::of(&[WindTenths(-1), WindTenths(-2)]).unwrap().average(), "-0.150");
    /// ```
    pub fn average(&self) -> String {
        let scaled = self.sum_tenths * 100; // thousandths, times the number of readings
        let rounded = (scaled.abs() * 2 + self.readings) / (self.readings * 2);
        let sign = if scaled < 0 && rounded > 0 { "-" } else { "" };
        format!("{sign}{}.{:03}", rounded / 1000, rounded % 1000)
    }
}
