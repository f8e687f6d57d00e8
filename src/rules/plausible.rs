//! Marks that deserve a question: better than anybody has done, or worse than anybody does. They are asked about, not refused
//! (section 20).

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::data::Table;
use super::discipline::{self, Discipline, Measure};
use super::gender::Gender;
use super::mark::{Centimetres, TimeMs, WindTenths};

/// What is odd about a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Better than the world record, in the unit of the event.
    BeyondRecord(Measure, i64),
    /// Better than the best plausible mark.
    TooGood,
    /// Worse than the worst plausible mark.
    TooPoor,
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Doubt::BeyondRecord(Measure::Time, ms) => {
                write!(f, "better than the world record of {}", TimeMs(*ms).to_clock())
            }
            Doubt::BeyondRecord(Measure::Distance, cm) => {
                write!(f, "better than the world record of {} m", Centimetres(*cm))
            }
            Doubt::BeyondRecord(Measure::Points, points) => {
                write!(f, "better than the world record of {points} points")
            }
            Doubt::TooGood => f.write_str("better than anybody has ever done"),
            Doubt::TooPoor => f.write_str("worse than anybody usually does"),
        }
    }
}

#[derive(Deserialize)]
struct Line {
    gender: Gender,
    event: String,
    mark: String,
}

type Records = HashMap<(Gender, String), i64>;

static RECORDS: LazyLock<Records> =
    LazyLock::new(|| parse(Table::WorldRecords.text()).expect("built-in and own tables have been checked"));

/// Reads the best marks of the world, a line for each.
pub(super) fn parse(text: &str) -> Result<Records, String> {
    let record = |line: Line| {
        let event = discipline::find(&line.event).ok_or_else(|| format!("there is no event {}", line.event))?;
        let mark = match event.measure {
            Measure::Time => TimeMs::parse(&line.mark).map(|time| time.0),
            Measure::Distance => Centimetres::parse(&line.mark).map(|distance| distance.0),
            Measure::Points => super::mark::Points::parse(&line.mark).map(|points| points.0 / 100),
        };
        Ok(((line.gender, event.code.clone()), mark.map_err(|error| error.to_string())?))
    };
    Ok(super::data::rows(text, record)?.into_iter().collect())
}

/// Whether a mark in the unit of the event (1/1000 s, cm, points) deserves a question (section 20 \[C\]; records \[K\]). Without a gender
/// the men's record is looked at.
///
/// ```
/// use athsys::rules::discipline::find;
/// use athsys::rules::gender::Gender;
/// use athsys::rules::plausible::doubt;
/// let sprint = find("100").unwrap();
/// assert_eq!(doubt(sprint, None, 9_570).unwrap().to_string(), "better than the world record of 9.58");
/// assert_eq!(doubt(sprint, Some(Gender::F), 10_500), None);
/// assert_eq!(doubt(sprint, None, 644_000).unwrap().to_string(), "worse than anybody usually does");
/// ```
pub fn doubt(event: &Discipline, gender: Option<Gender>, mark: i64) -> Option<Doubt> {
    let lower_is_better = event.measure == Measure::Time;
    let is_better = |than: i64| if lower_is_better { mark < than } else { mark > than };
    let gender = gender.filter(|gender| *gender != Gender::X).unwrap_or(Gender::M);
    if let Some(record) = RECORDS.get(&(gender, event.code.clone())).filter(|record| is_better(**record)) {
        return Some(Doubt::BeyondRecord(event.measure, *record));
    }
    match (mark < event.plausible_min, mark > event.plausible_max, lower_is_better) {
        (true, _, true) | (_, true, false) => Some(Doubt::TooGood),
        (true, _, false) | (_, true, true) => Some(Doubt::TooPoor),
        (false, false, _) => None,
    }
}

/// More is a storm, in which nobody competes: 10 m/s (section 1.5 \[C\]).
pub const USUAL_WIND: WindTenths = WindTenths(100);

/// What is odd about a wind, in words: too strong, or read where none is (TR17 \[P\] for the events with wind).
///
/// ```
/// use athsys::rules::{discipline::find, mark::WindTenths, plausible::doubt_wind};
/// assert_eq!(doubt_wind(find("100"), WindTenths(13)), None);
/// assert_eq!(doubt_wind(find("1500"), WindTenths(13)), Some("no wind is read in this event"));
/// ```
pub fn doubt_wind(event: Option<&Discipline>, wind: WindTenths) -> Option<&'static str> {
    if !(-USUAL_WIND.0..=USUAL_WIND.0).contains(&wind.0) {
        Some("more than 10 m/s is a storm; write wind in metres per second")
    } else if event.is_some_and(|event| !event.has_wind) && wind.0 != 0 {
        Some("no wind is read in this event")
    } else {
        None
    }
}
