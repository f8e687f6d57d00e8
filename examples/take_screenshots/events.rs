//! What is on: forty events over two days, the first of them around now.

use jiff::{Span, Zoned};
use serde_json::{Value, json};

/// An event, and what marks it brings.
#[derive(Clone, Copy)]
pub struct Discipline {
    name: &'static str,
    category: &'static str,
    pub is_youth: bool,
    pub kind: Kind,
    /// The best of women and of men
    best: (f64, f64),
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// In lanes, with wind where it matters
    Lanes {
        wind: bool,
    },
    Run,
    /// With wind where it matters
    Field {
        wind: bool,
    },
}

const SPRINT: Kind = Kind::Lanes { wind: true };
const LAP: Kind = Kind::Lanes { wind: false };
const JUMP: Kind = Kind::Field { wind: true };
const THROW: Kind = Kind::Field { wind: false };

const fn track(name: &'static str, is_youth: bool, kind: Kind, best: (f64, f64)) -> Discipline {
    Discipline { name, category: "Track", is_youth, kind, best }
}

const fn field(name: &'static str, is_youth: bool, kind: Kind, best: (f64, f64)) -> Discipline {
    Discipline { name, category: "Field", is_youth, kind, best }
}

/// In the order of the timetable: ten of today, ten of tomorrow, each for women and for men.
const DISCIPLINES: [Discipline; 20] = [
    track("100m", false, SPRINT, (11.32, 10.21)),
    field("Shot Put", true, THROW, (14.12, 16.40)),
    field("Long Jump", false, JUMP, (6.48, 7.82)),
    track("1500m", false, Kind::Run, (248.31, 218.74)),
    track("100m", true, SPRINT, (11.88, 10.74)),
    field("Javelin Throw", false, THROW, (54.20, 71.35)),
    track("400m", false, LAP, (52.40, 46.18)),
    field("High Jump", true, THROW, (1.74, 2.01)),
    track("800m", false, Kind::Run, (121.90, 106.85)),
    track("200m", false, SPRINT, (23.40, 20.88)),
    track("400m Hurdles", false, LAP, (57.10, 50.40)),
    field("High Jump", false, THROW, (1.82, 2.14)),
    track("5000m", false, Kind::Run, (930.2, 812.4)),
    field("Long Jump", true, JUMP, (5.94, 7.01)),
    field("Shot Put", false, THROW, (15.90, 18.72)),
    track("400m", true, LAP, (54.90, 48.70)),
    field("Triple Jump", false, JUMP, (13.40, 15.92)),
    track("1500m", true, Kind::Run, (262.0, 232.1)),
    field("Discus Throw", false, THROW, (51.30, 57.80)),
    track("3000m Steeplechase", false, Kind::Run, (585.4, 512.9)),
];
/// So many of the first have begun, and so many have results.
pub const WITH_RESULTS: usize = 10;
const BEGUN: i64 = 11;
const TODAY: usize = 20;
/// So many may enter an event.
const MOST: i64 = 16;

pub struct Event {
    pub id: i64,
    pub discipline: Discipline,
    pub gender: char,
}

impl Event {
    /// The mark of somebody in this form, from 0 to 1.
    pub fn mark(&self, form: f64) -> f64 {
        let best = if self.gender == 'F' { self.discipline.best.0 } else { self.discipline.best.1 };
        match self.discipline.kind {
            Kind::Field { .. } => best * (1.0 - 0.22 * form),
            Kind::Lanes { .. } | Kind::Run => best * (1.0 + 0.11 * form),
        }
    }

    pub fn is_field(&self) -> bool {
        matches!(self.discipline.kind, Kind::Field { .. })
    }

    pub fn has_wind(&self) -> bool {
        matches!(self.discipline.kind, Kind::Field { wind: true } | Kind::Lanes { wind: true })
    }
}

/// A mark as it is written down.
pub fn written(mark: f64) -> String {
    if mark < 60.0 {
        return format!("{mark:.2}");
    }
    let minutes = (mark / 60.0).floor();
    format!("{minutes:.0}:{:05.2}", mark - minutes * 60.0)
}

/// All events of the race, with the body that creates each.
pub fn all(race: i64, now: &Zoned) -> anyhow::Result<Vec<(Event, Value)>> {
    let whole = now.with().minute(now.minute() / 5 * 5).second(0).subsec_nanosecond(0).build()?;
    let tomorrow = whole.tomorrow()?.with().hour(9).minute(0).build()?;
    let mut events = Vec::new();
    for discipline in DISCIPLINES {
        for gender in ['F', 'M'] {
            let place = events.len();
            let n = i64::try_from(place)?;
            let start = match place < TODAY {
                true => whole.checked_add(Span::new().minutes(10 * (n - BEGUN + 1) - 5))?,
                false => tomorrow.checked_add(Span::new().minutes(15 * (n - TODAY as i64)))?,
            };
            let age = discipline.is_youth.then_some("U18");
            let body = json!({
                "raceId": race, "name": discipline.name, "category": discipline.category, "gender": gender.to_string(),
                "ageGroup": age, "startTime": start.timestamp().to_string(), "maxParticipants": MOST,
            });
            events.push((Event { id: n + 1, discipline, gender }, body));
        }
    }
    Ok(events)
}
