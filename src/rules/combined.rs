//! Combined events: the order of events, points of a mark, totals (TR39).

mod log;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::data::Table;
use super::discipline;
use super::mark::{Centimetres, TimeMs};
use super::timing::{Timing, Venue, hand_allowance, official};

/// Men's and women's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Sex {
    #[serde(rename = "M")]
    Men,
    #[serde(rename = "F")]
    Women,
}

/// What the base of a formula is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Unit {
    #[serde(rename = "s")]
    Seconds,
    #[serde(rename = "cm")]
    Centimetres,
    #[serde(rename = "m")]
    Metres,
}

/// The formula of one event: `A * (B - T)^C` for times, `A * (M - B)^C` for marks. A federation with other coefficients makes its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// In millionths.
    a: u64,
    /// In thousandths of the unit.
    b: i64,
    /// In thousandths.
    c: u64,
    unit: Unit,
}

/// Most points that are looked for; far above any mark.
const MOST_POINTS: u32 = 20_000;

impl Formula {
    /// For running: `a` in millionths, `b` in thousandths of a second, `c` in thousandths
    /// (TR39; section 11.2 \[S, D\]).
    ///
    /// ```
    /// use athsys::rules::combined::Formula;
    /// assert_eq!(Formula::of_time(25_434_700, 18_000, 1_810).of(10_550), 963);
    /// ```
    pub const fn of_time(a: u64, b: i64, c: u64) -> Formula {
        Formula { a, b, c, unit: Unit::Seconds }
    }

    /// Points of an official time, cut to a whole number; 0 when it is too slow (TR39; truncation \[S, D\]).
    ///
    /// ```
    /// use athsys::rules::combined::{Sex, formula};
    /// use athsys::rules::mark::TimeMs;
    /// assert_eq!(formula(Sex::Men, "100").unwrap().of(TimeMs(10_550).0), 963);
    /// ```
    pub fn of(&self, mark: i64) -> u32 {
        // The base of the power in thousandths of its unit.
        let base = match self.unit {
            Unit::Seconds => self.b.saturating_sub(mark),
            Unit::Centimetres => mark.saturating_mul(1000).saturating_sub(self.b),
            Unit::Metres => mark.saturating_mul(10).saturating_sub(self.b),
        };
        match u64::try_from(base) {
            Ok(base) if base > 0 => log::floor_of_power(self.a, base, self.c, MOST_POINTS),
            Ok(_) | Err(_) => 0,
        }
    }
}

#[derive(Deserialize)]
struct Line {
    gender: Sex,
    event: String,
    #[serde(rename = "A")]
    a: String,
    #[serde(rename = "B")]
    b: String,
    #[serde(rename = "C")]
    c: String,
    unit: Unit,
}

type Formulas = HashMap<(Sex, String), Formula>;

static FORMULAS: LazyLock<Formulas> =
    LazyLock::new(|| parse_formulas(Table::CombinedPoints.text()).expect("built-in and own tables have been checked"));

/// Reads coefficients, a line for an event.
pub(super) fn parse_formulas(text: &str) -> Result<Formulas, String> {
    let formula = |line: Line| {
        let number = |text: &str, places| {
            let number = super::mark::scaled_integer(text, places).and_then(|n| u32::try_from(n).ok());
            number.filter(|n| *n > 0).ok_or_else(|| format!("{text} is no coefficient"))
        };
        let b = i64::from(number(&line.b, 3)?);
        let (a, c) = (number(&line.a, 6)?.into(), number(&line.c, 3)?.into());
        Ok(((line.gender, line.event), Formula { a, b, c, unit: line.unit }))
    };
    Ok(super::data::rows(text, formula)?.into_iter().collect())
}

/// The formula of an event by its code: `100`, `110H`, `LJ` (section 11.2 \[D\] for the common ones).
///
/// ```
/// use athsys::rules::combined::{Sex, formula};
/// assert_eq!(formula(Sex::Men, "LJ").unwrap().of(780), 1010);
/// assert!(formula(Sex::Men, "100H").is_none());
/// ```
pub fn formula(sex: Sex, event: &str) -> Option<&'static Formula> {
    FORMULAS.get(&(sex, event.to_owned()))
}

/// The events of a combined competition in their order: `DEC` M or F, `HEP`, `OCT`, `PEN`, `HEP-indoor`, `PEN-indoor` (TR39 \[S, D\]).
///
/// ```
/// use athsys::rules::combined::{Sex, events_of};
/// assert_eq!(events_of(Sex::Women, "HEP"), ["100H", "HJ", "SP", "200", "LJ", "JT", "800"]);
/// ```
pub fn events_of(sex: Sex, set: &str) -> Vec<&'static str> {
    let of_set = ORDERS.iter().filter(|line| line.gender == sex && line.event_set == set);
    of_set.map(|line| line.event.as_str()).collect()
}

#[derive(Deserialize)]
pub(super) struct Order {
    event_set: String,
    gender: Sex,
    event: String,
}

static ORDERS: LazyLock<Vec<Order>> =
    LazyLock::new(|| parse_orders(Table::CombinedEvents.text()).expect("built-in and own tables have been checked"));

/// Reads the events of combined competitions, a line for each, in their order.
pub(super) fn parse_orders(text: &str) -> Result<Vec<Order>, String> {
    super::data::rows(text, Ok)
}

/// What became of one event of the competition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An automatic time, or a time by hand that still has its reading.
    Time(TimeMs, Timing),
    Distance(Centimetres),
    /// No valid mark, no height, did not finish, disqualified: 0 points, and the athlete goes on (section 11.4 \[S, D\]).
    NoMark,
    /// Withdrawn: no later events and no place (section 11.4 \[S, D\]).
    DidNotStart,
    /// Not yet held.
    ToCome,
}

/// The time that is scored: the official one, by hand with the allowance of its distance (section 11.3 \[S\]).
///
/// ```
/// use athsys::rules::combined::scored_time;
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::timing::Timing;
/// assert_eq!(scored_time("400", TimeMs(50_040), Timing::Hand), TimeMs(50_240));
/// ```
pub fn scored_time(event: &str, time: TimeMs, timing: Timing) -> TimeMs {
    let official = official(time, timing, Venue::Track);
    match timing {
        Timing::Photo | Timing::Transponder => official,
        Timing::Hand => {
            TimeMs(official.0.saturating_add(hand_allowance(discipline::metres(event).unwrap_or(u32::MAX)).0))
        }
    }
}

/// Where an athlete stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Points of each event so far.
    pub points: Vec<u32>,
    /// The total; `None` for somebody who has withdrawn: `DNF` overall.
    pub total: Option<u32>,
}

/// Points and total of one athlete; also during the competition. Events without a formula give 0
/// (TR39; section 11.4 \[S, D\]).
///
/// ```
/// use athsys::rules::combined::{Outcome::*, Sex, standing};
/// let out = standing(Sex::Women, &[("100H", NoMark), ("HJ", DidNotStart)]);
/// assert_eq!((out.points, out.total), (vec![0, 0], None));
/// ```
pub fn standing(sex: Sex, events: &[(&str, Outcome)]) -> Standing {
    let score = |(event, outcome): &(&str, Outcome)| {
        let mark = match outcome {
            Outcome::Time(time, timing) => scored_time(event, *time, *timing).0,
            Outcome::Distance(distance) => distance.0,
            Outcome::NoMark | Outcome::DidNotStart | Outcome::ToCome => return 0,
        };
        formula(sex, event).map_or(0, |formula| formula.of(mark))
    };
    let held = events.iter().filter(|(_, outcome)| *outcome != Outcome::ToCome);
    let points: Vec<u32> = held.map(score).collect();
    let withdrew = events.iter().any(|(_, outcome)| *outcome == Outcome::DidNotStart);
    let total = (!withdrew).then(|| points.iter().sum());
    Standing { points, total }
}

/// Places by total; equal totals are a tie (TR39 \[P 2026\]), who has withdrawn has none.
///
/// ```
/// use athsys::rules::combined::rank;
/// assert_eq!(rank(&[Some(5900), Some(6012), Some(5900), None]), [Some(2), Some(1), Some(2), None]);
/// ```
pub fn rank(totals: &[Option<u32>]) -> Vec<Option<u32>> {
    super::ranking::places(totals, Option::is_some, |a, b| b.cmp(a))
}
