//! Records and bests: is a mark better, and may it count (section 13). Nothing is awarded here: an official confirms a proposal.

use std::cmp::Ordering;

use super::discipline::{self, Measure};
use super::mark::WindTenths;
use super::timing::Timing;
use super::wind;

/// A mark beside the record it is compared with. Both marks are official ones in the unit of the event: 1/1000 s, cm, or points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Code of the event: `100`, `LJ`.
    pub event: &'a str,
    pub mark: i64,
    pub record: i64,
    pub timing: Timing,
    /// The official wind; `None` when none was read.
    pub wind: Option<WindTenths>,
    /// Finished, not disqualified, not under protest.
    pub is_valid: bool,
    /// Wind is read outdoors only (TR17 \[P\]).
    pub is_outdoor: bool,
}

/// Why a mark cannot be a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Disqualified or not finished.
    Status,
    /// By hand, in a race up to and including 800 m \[P\].
    Timing,
    /// More than 2.0 m/s behind the athlete \[P\].
    Wind,
    /// No reading where one is needed \[P\].
    NoWindReading,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Reason::Status => "the result is not valid",
            Reason::Timing => "it was timed by hand, which counts only above 800 m",
            Reason::Wind => "the wind was above +2.0",
            Reason::NoWindReading => "no wind was read",
        })
    }
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// `Less` is worse than the record, `Greater` is better.
    pub comparison: Ordering,
    pub reasons: Vec<Reason>,
}

impl Proposal {
    pub fn is_eligible(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Better than the record, and it may count.
    pub fn is_new(&self) -> bool {
        self.is_eligible() && self.comparison == Ordering::Greater
    }

    /// Equals the record, and it may count: shown as `=`.
    pub fn is_equalled(&self) -> bool {
        self.is_eligible() && self.comparison == Ordering::Equal
    }
}

/// Compares at official precision and looks at every condition that a server can know (section 13 \[P\]).
///
/// ```
/// use athsys::rules::mark::WindTenths;
/// use athsys::rules::records::{Candidate, Reason, propose};
/// use athsys::rules::timing::Timing;
/// let candidate = Candidate { event: "100", mark: 10_210, record: 10_250, timing: Timing::Photo,
///     wind: Some(WindTenths(21)), is_valid: true, is_outdoor: true };
/// assert_eq!(propose(&candidate).reasons, [Reason::Wind]);
/// ```
pub fn propose(candidate: &Candidate<'_>) -> Proposal {
    let listed = discipline::find(candidate.event);
    let measure = listed.map_or(Measure::Time, |event| event.measure);
    let comparison = match measure {
        Measure::Time => candidate.record.cmp(&candidate.mark),
        Measure::Distance | Measure::Points => candidate.mark.cmp(&candidate.record),
    };
    let mut reasons = Vec::new();
    if !candidate.is_valid {
        reasons.push(Reason::Status);
    }
    let is_short = discipline::metres(candidate.event).is_none_or(|metres| metres <= 800);
    if measure == Measure::Time && is_short && candidate.timing != Timing::Photo {
        reasons.push(Reason::Timing);
    }
    if candidate.is_outdoor && listed.is_some_and(|event| event.has_wind) {
        match candidate.wind {
            None => reasons.push(Reason::NoWindReading),
            Some(speed) if !wind::is_legal(speed) => reasons.push(Reason::Wind),
            Some(_) => {}
        }
    }
    Proposal { comparison, reasons }
}
